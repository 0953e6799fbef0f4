"""Quality: the rule catalogue judged over a build, and what breaks it kept as rows.

Belongs here: running rules in Great Expectations on DuckDB, the three counts, violations, scorecards. Does not: rules
(expectations/), publishing (pipelines/warehouse/), Dagster. Great Expectations is imported only while rules run: it
takes six seconds (2026-11).
"""

from __future__ import annotations

from pipelines.quality.results import Example, RuleResult, gate_failures, missing_rules
from pipelines.quality.run import run_rules
from pipelines.quality.scorecard import SCORECARD_READS, write_scorecard

__all__ = [
    "SCORECARD_READS",
    "Example",
    "RuleResult",
    "gate_failures",
    "missing_rules",
    "run_rules",
    "write_scorecard",
]
