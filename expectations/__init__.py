"""The rule catalogue: what the data must satisfy, each rule written once.

Belongs here: rules as data (name, table, severity, meaning, source, conditions as SQL text), their
thresholds, the page that lists them. Does not: running anything (pipelines/quality/). Nothing here imports
Great Expectations, DuckDB or Dagster.
"""

from __future__ import annotations

from expectations.catalogue import LEFT_OUT, TOPICS, catalogue_version, check_rules, load_rules
from expectations.markdown import rules_markdown
from expectations.rule import Reach, Rule, Severity

__all__ = [
    "LEFT_OUT",
    "TOPICS",
    "Reach",
    "Rule",
    "Severity",
    "catalogue_version",
    "check_rules",
    "load_rules",
    "rules_markdown",
]
