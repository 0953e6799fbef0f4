"""What Dagster loads (see workspace.yaml). Everything is made in pipelines/orchestration/."""

from __future__ import annotations

from pipelines.orchestration.assemble import build_definitions

defs = build_definitions()
