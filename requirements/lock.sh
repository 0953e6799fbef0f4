#!/usr/bin/env bash
# Makes the lock files anew: needs uv (pip install uv). Run it after a change of dependencies in pyproject.toml.
set -euo pipefail
cd "$(dirname "$0")/.."
common=(--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet)
uv pip compile "${common[@]}" pyproject.toml requirements/pins.in -o requirements/run.lock "$@"
uv pip compile "${common[@]}" --extra dev -c requirements/run.lock pyproject.toml requirements/pins.in -o requirements/dev.lock "$@"
uv pip compile "${common[@]}" --extra scale -c requirements/run.lock pyproject.toml requirements/pins.in -o requirements/scale.lock "$@"
uv pip compile "${common[@]}" --extra dev --extra scale --extra scale-test -c requirements/dev.lock -c requirements/scale.lock pyproject.toml requirements/pins.in -o requirements/scale-test.lock "$@"
