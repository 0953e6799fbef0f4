"""Quality: the rule catalogue judged over a build, and what breaks it kept as rows.

Belongs here: running rules in Great Expectations on DuckDB, the three counts, violations. Does not: rules
(expectations/), publishing (pipelines/warehouse/), Dagster. Great Expectations is imported only while rules run: it
takes six seconds (2026-11).
"""

from __future__ import annotations

from pipelines.quality.results import Example, RuleResult, gate_failures, missing_rules
from pipelines.quality.run import run_rules

__all__ = ["Example", "RuleResult", "gate_failures", "missing_rules", "run_rules"]
