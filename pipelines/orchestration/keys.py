"""Names that several Dagster modules share: asset keys, groups, the owner, the pool.

Belongs here: names and the one rule that makes a table's asset key. Does not: assets.
"""

from __future__ import annotations

from typing import Any

import dagster as dg

OWNER = "team:trialmart"
POOL = "warehouse_writer"
JOB_NAME = "trialmart_pipeline"
REPORT_JOB = "trialmart_report"
FETCH_JOB = "fetch_ctgov"
LANDING = dg.AssetKey("landing_files")
PUBLISH = dg.AssetKey(["publish", "warehouse"])
RULE_RESULTS = dg.AssetKey(["quality", "expectation_result"])
GATES_CHECK = "every_gate_holds"
QUALITY_TABLES = (
    "quality.expectation",
    "quality.expectation_result",
    "quality.violation",
    "quality.scorecard",
    "quality.record_judgement",
    "quality.profile",
    "quality.load_profile",
    "quality.gate_override",
)
"""What the quality step writes."""

_GROUP = {"raw": "landing", "meta": "publish"}


def table_key(full_name: str) -> dg.AssetKey:
    """`schema.name` → AssetKey([schema, name])."""
    schema, name = full_name.split(".", 1)
    return dg.AssetKey([schema, name])


def table_name(key: dg.AssetKey) -> str:
    """The reverse of table_key."""
    return ".".join(key.path)


def group_of(full_name: str) -> str:
    """The group a table's asset is shown in: its schema, but for what belongs to landing and publishing."""
    schema = full_name.split(".", 1)[0]
    return _GROUP.get(schema, schema)


def console_at(level: str) -> dict[str, Any]:
    """The run config that lets Dagster say on the terminal what is of this level or graver; the instance has it all."""
    return {"loggers": {"console": {"config": {"log_level": level}}}}
