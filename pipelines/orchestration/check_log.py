"""What Dagster keeps of each asset check beside its events: stored for many checks at a time.

Belongs here: rows of Dagster's table of check executions. Does not: events (event_log.py), what checks find.

Dagster writes a row for each planned check, one by one, and updates it by a statement of its own when the check has its
result, having packed the event a second time: a second and more of an empty run of some 780 (dagster 1.13, 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dagster import AssetCheckEvaluation, DagsterEventType, EventLogEntry
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus as Status
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from sqlalchemy import Connection, bindparam, select


@dataclass(frozen=True, slots=True)
class CheckEvent:
    """A check planned or evaluated: the event, its row in the index of all runs, and the row's number there."""

    event: EventLogEntry
    row: Mapping[str, Any]
    number: int

    @property
    def said(self) -> Any:
        """What the event says of its check: AssetCheckEvaluation, or Dagster's word that one is planned."""
        return self.event.get_dagster_event().event_specific_data

    @property
    def place(self) -> tuple[str, str, str]:
        """Whose row it is: run, asset, check."""
        return self.event.run_id, self.said.asset_key.to_string(), self.said.check_name

    @property
    def columns(self) -> dict[str, Any]:
        """What is written of an event of either kind."""
        return {
            "evaluation_event": self.row["event"],
            "evaluation_event_timestamp": self.row["timestamp"],
            "evaluation_event_storage_id": self.number,
        }


def store_checks(connection: Connection, events: Sequence[CheckEvent]) -> list[CheckEvent]:
    """Store what was planned, and what became of it; gives the events that are left to Dagster's own way.

    Left are those of partitions, those of no run, and those whose check was not planned in their run, or twice.
    """
    whole = [each for each in events if each.event.run_id and not _is_of_partition(each)]
    planned = [
        each for each in whole if each.event.dagster_event_type is DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED
    ]
    evaluated = [each for each in whole if each.event.dagster_event_type is DagsterEventType.ASSET_CHECK_EVALUATION]
    if planned:
        connection.execute(AssetCheckExecutionsTable.insert(), [_planned_row(each) for each in planned])
    places = _rows_by_place(connection, evaluated)
    stored = [each for each in evaluated if len(places.get(each.place, ())) == 1]
    if stored:
        connection.execute(
            AssetCheckExecutionsTable.update().where(AssetCheckExecutionsTable.c.id == bindparam("row")),
            [{"row": places[each.place][0]} | _evaluated_columns(each) for each in stored],
        )
    done = {each.number for each in planned + stored}
    return [each for each in events if each.number not in done]


def _is_of_partition(each: CheckEvent) -> bool:
    said = each.said
    return (said.partition if isinstance(said, AssetCheckEvaluation) else said.partitions_subset) is not None


def _rows_by_place(connection: Connection, events: Sequence[CheckEvent]) -> dict[tuple[str, str, str], list[int]]:
    """Numbers of the rows that are there, by run, asset and check."""
    table = AssetCheckExecutionsTable
    found: dict[tuple[str, str, str], list[int]] = {}
    places = {each.place for each in events}
    if places:
        rows = connection.execute(
            select(table.c.id, table.c.run_id, table.c.asset_key, table.c.check_name).where(
                table.c.asset_key.in_({asset for _, asset, _ in places}),
                table.c.run_id.in_({run_id for run_id, _, _ in places}),
                table.c.partition.is_(None),
            )
        )
        for number, run_id, asset, check in rows:
            found.setdefault((run_id, asset, check), []).append(number)
    return found


def _planned_row(each: CheckEvent) -> dict[str, Any]:
    run_id, asset, check = each.place
    place = {"run_id": run_id, "asset_key": asset, "check_name": check, "partition": None}
    return place | {"execution_status": Status.PLANNED.value} | each.columns


def _evaluated_columns(each: CheckEvent) -> dict[str, Any]:
    evaluation: AssetCheckEvaluation = each.said
    target = evaluation.target_materialization_data
    return each.columns | {
        "execution_status": (Status.SUCCEEDED if evaluation.passed else Status.FAILED).value,
        "materialization_event_storage_id": target.storage_id if target else None,
    }
