"""Quality: the rule catalogue judged over a build, and what breaks it kept as rows.

Belongs here: running rules in Great Expectations on DuckDB, the three counts, violations, profiles, overrides,
scorecards. Does not: rules (expectations/), publishing (pipelines/warehouse/), Dagster. Great Expectations is imported
only while rules run: it takes six seconds (2026-11).
"""

from __future__ import annotations

from pipelines.quality.carry import Unchanged
from pipelines.quality.gx_runner import load_meanwhile
from pipelines.quality.load_profile import write_load_profile
from pipelines.quality.override import overridden_gates, record_overrides, unknown_gates
from pipelines.quality.profile import PROFILED_SCHEMAS, write_profile
from pipelines.quality.results import Example, RuleResult, gate_failures, missing_rules
from pipelines.quality.run import run_rules
from pipelines.quality.scorecard import SCORECARD_READS, write_scorecard

__all__ = [
    "PROFILED_SCHEMAS",
    "SCORECARD_READS",
    "Example",
    "RuleResult",
    "Unchanged",
    "gate_failures",
    "load_meanwhile",
    "missing_rules",
    "overridden_gates",
    "record_overrides",
    "run_rules",
    "unknown_gates",
    "write_load_profile",
    "write_profile",
    "write_scorecard",
]
