"""A record's rows are its own and its current version's: the cases of a model hold beside other records and versions.

A join that forgets the version, or a count over all records, gives the right rows as long as there is one record. So
each case is given twice at once, the second time under other keys. For a model whose header says
`incremental: record_key` this is its promise, on which a run with few changes relies. Once more each case is given with
older versions of its own records, which only history and counts of versions may see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from pipelines.warehouse.models.cases import Case, run_case
from tests.models.test_models import CASES, FACTS, MODELS, TYPES

Row = Mapping[str, Any]

BY_RECORD = frozenset(
    f"marts.{name}"
    for name in (
        *("adverse_event", "adverse_event_total", "baseline_measurement", "change_feed", "outcome_analysis"),
        *("outcome_measurement", "participant_flow", "recruitment_pipeline", "results_compliance", "stale_record"),
        *("time_to_results", "trial_site"),
    )
)
"""Models of one record's rows each that are made as a whole all the same: views, and what hangs on the day too."""

OF_VERSIONS = frozenset({"core.record", "history.version"})
"""Models that tell or count all versions of a record."""

VERSION = "raw.record_version"
NEXT = 1_000_000


def cases(*, of: Callable[[str, Case], bool]) -> list[Any]:
    """The cases of all models for which `of` says so, each under its name."""
    return [
        pytest.param(name, case, id=f"{name}-{case.name.replace(' ', '_')}") for name, case in CASES if of(name, case)
    ]


DOUBLED = cases(of=lambda name, _: MODELS[name].incremental or name in BY_RECORD)
VERSIONED = cases(of=lambda name, case: VERSION in case.given and name not in OF_VERSIONS)


def record_keys(case: Case) -> frozenset[str]:
    """The keys of the case's records."""
    return frozenset(
        row["record_key"] for rows in (*case.given.values(), case.expect) for row in rows if row.get("record_key")
    )


def neighbour(row: Row, keys: frozenset[str]) -> Row:
    """The row as another record has it; as it is where it belongs to none."""
    other = {name: f"{value} beside" for name, value in row.items() if name.endswith("_key") and value in keys}
    if row.get("version_id") is not None:
        other["version_id"] = row["version_id"] + NEXT
    return {**row, **other}


def with_neighbours(rows: Sequence[Row], keys: frozenset[str]) -> list[Row]:
    """The rows, and those of them that belong to a record once more."""
    return [*rows, *(other for row in rows if (other := neighbour(row, keys)) != row)]


@pytest.mark.parametrize(("name", "case"), DOUBLED)
def test_case_holds_beside_other_records(name: str, case: Case) -> None:
    keys = record_keys(case)
    doubled = replace(
        case,
        given={table: with_neighbours(rows, keys) for table, rows in case.given.items()},
        expect=[*case.expect, *(neighbour(row, keys) for row in case.expect)],
    )
    assert doubled.given != case.given, "nothing in the case belongs to a record"
    if case.only.keys() & {"record_key", "version_id"}:
        doubled = replace(doubled, expect=case.expect)
    result = run_case(MODELS[name], doubled, TYPES, FACTS)
    assert result.made == result.expected


def with_older_versions(table: str, rows: Sequence[Row]) -> list[Row]:
    """The rows, and those of a version once more as rows of an older one."""
    if not table.startswith(("raw.", "staging.")):
        return [*rows]
    older = [{**row, "version_id": row["version_id"] + NEXT} for row in rows if row.get("version_id") is not None]
    return [*rows, *({**row, "is_current": False} if table == VERSION else row for row in older)]


@pytest.mark.parametrize(("name", "case"), VERSIONED)
def test_case_holds_beside_older_versions(name: str, case: Case) -> None:
    given = {table: with_older_versions(table, rows) for table, rows in case.given.items()}
    result = run_case(MODELS[name], replace(case, given=given), TYPES, FACTS)
    assert result.made == result.expected


def test_every_incremental_model_is_among_them() -> None:
    incremental = {name for name, model in MODELS.items() if model.incremental}
    assert {parameter.values[0] for parameter in DOUBLED} == incremental | BY_RECORD
