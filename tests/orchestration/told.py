"""What runs tell the event log: assets and checks that pass, fail, are never made, have partitions, come unplanned.

Belongs here: events for tests of the event logs. Does not: storing them.
"""

# no `from __future__ import annotations`: Dagster 1.13 reads annotations as types (2026-11)

from collections.abc import Iterator

import dagster as dg
import pytest

PARTS = dg.StaticPartitionsDefinition(["north", "south"])


@dg.multi_asset(
    specs=[dg.AssetSpec("first"), dg.AssetSpec("second", deps=["first"])],
    check_specs=[
        dg.AssetCheckSpec("holds", asset="first"),
        dg.AssetCheckSpec("does_not", asset="first"),
        dg.AssetCheckSpec("holds", asset="second"),
    ],
)
def both():  # type: ignore[no-untyped-def]
    yield dg.MaterializeResult(asset_key="first", metadata={"rows": 3}, tags={"colour": "blue"})
    yield dg.AssetCheckResult(asset_key="first", check_name="holds", passed=True)
    yield dg.AssetCheckResult(
        asset_key="first", check_name="does_not", passed=False, severity=dg.AssetCheckSeverity.WARN
    )
    yield dg.MaterializeResult(asset_key="second")
    yield dg.AssetCheckResult(asset_key="second", check_name="holds", passed=True, metadata={"rows_failed": 0})


@dg.asset(check_specs=[dg.AssetCheckSpec("is_planned_only", asset="never_made")])
def never_made():  # type: ignore[no-untyped-def]
    raise RuntimeError("no")


@dg.asset
def observer(context: dg.AssetExecutionContext) -> None:
    context.log_event(dg.AssetObservation("first"))
    context.log_event(dg.AssetObservation("only_seen"))


@dg.asset_check(asset="first")
def judged_elsewhere(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    context.log.info("a line that is no event of Dagster's")
    return dg.AssetCheckResult(passed=True)


def parted_asset() -> dg.AssetsDefinition:
    """One whose check has partitions too, which Dagster 1.13 calls a preview (2026-11)."""
    with pytest.warns(match="partitions_def"):
        of_part = dg.AssetCheckSpec("of_part", asset="parted", partitions_def=PARTS)

    @dg.asset(partitions_def=PARTS, check_specs=[of_part])
    def parted() -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:  # type: ignore[type-arg]
        yield dg.MaterializeResult()
        yield dg.AssetCheckResult(check_name="of_part", passed=True)

    return parted


def told_by_runs() -> list[list[dg.EventLogEntry]]:
    """The events of several runs, two of them of the same steps, the last without what it plans."""
    with dg.DagsterInstance.ephemeral() as instance:
        runs = [
            dg.materialize([both, judged_elsewhere, never_made, observer], instance=instance, raise_on_error=False)
            for _ in range(2)
        ]
        runs.append(dg.materialize([parted_asset()], instance=instance, partition_key="north"))
        stored = [instance.get_records_for_run(run.run_id, ascending=True).records for run in runs]
    told = [[record.event_log_entry for record in records] for records in stored]
    unplanned = [
        entry
        for entry in told[0]
        if entry.is_dagster_event and entry.get_dagster_event().event_type_value != "ASSET_CHECK_EVALUATION_PLANNED"
    ]
    told.append([entry._replace(run_id="a run without plan") for entry in unplanned])
    return told
