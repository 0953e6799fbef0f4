"""`python -m pipelines.console.dictionary > docs/metrics.md`: the repository's page of metrics."""

from __future__ import annotations

import sys

from pipelines.console.dictionary import repository_page

sys.stdout.write(repository_page())
