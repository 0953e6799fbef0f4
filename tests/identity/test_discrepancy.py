"""Where the records of one trial contradict each other, and where nobody can tell."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from tests.identity.world import models
from tests.quality.warehouse import span

MODEL = "marts.cross_registry_discrepancy"
CTGOV, EU_DE, EU_FR = "CTGOV:1", "EUCTR:1-DE", "EUCTR:1-FR"


def _compare(field: str, **records: dict[str, Any]) -> dict[str, Any]:
    """The row of one field of a trial; `records` by registry and, behind an underscore, member state."""
    model = models()[MODEL]
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA core")
        for name in ("core.record", "core.trial"):
            columns = ", ".join(f'"{column.name}" {column.duckdb_type}' for column in models()[name].columns.values())
            connection.execute(f"CREATE TABLE {name} ({columns})")
        registries = {name.split("_")[0] for name in records}
        connection.execute(
            "INSERT INTO core.trial (trial_id, record_count, registry_count, registries) VALUES ('T', ?, ?, '')",
            [len(records), len(registries)],
        )
        for name, values in records.items():
            row = {"trial_id": "T", "record_key": name, "registry": name.split("_")[0], **values}
            connection.execute(
                f"INSERT INTO core.record ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
            )
        rows = connection.execute(f"SELECT * FROM ({model.sql}) WHERE field = ?", [field])
        names = [column[0] for column in rows.description or ()]
        found = rows.fetchall()
        return dict(zip(names, found[0], strict=True)) if found else {}


def _start(text: str) -> dict[str, Any]:
    return {f"start_{ending}": value for ending, value in span(text).items()}


@pytest.mark.parametrize(
    ("one", "other", "verdict", "days"),
    [
        ("2020-03-01", "2020-03-01", "agree", None),
        ("2020-03-01", "2020-03-11", "disagree", 10),
        ("2020-03", "2020-03-31", "not_comparable", None),
        ("2020-03", "2020-03", "not_comparable", None),
        ("2020", "2020-12-31", "not_comparable", None),
        ("2020-03", "2020-04-02", "disagree", 2),
        ("2019", "2020-01", "disagree", 1),
    ],
)
def test_partial_dates_disagree_only_when_they_share_no_day(
    one: str, other: str, verdict: str, days: float | None
) -> None:
    row = _compare("start", CTGOV=_start(one), EUCTR=_start(other))
    assert (row["verdict"], row["largest_difference"]) == (verdict, days)
    assert row["reason"] == ("dates overlap that are not exact" if verdict == "not_comparable" else None)
    assert row["difference_unit"] == ("days" if days else None)


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ((100, "ACTUAL"), (90, "ACTUAL"), "disagree"),
        ((100, "ACTUAL"), (90, "ESTIMATED"), "not_comparable"),
        ((100, "ACTUAL"), (100, "ESTIMATED"), "agree"),
        ((100, None), (90, None), "not_comparable"),
        ((100, None), (100, "ACTUAL"), "agree"),
        ((100, "ACTUAL"), (None, None), "not_comparable"),
    ],
)
def test_sizes_reached_and_aimed_at_are_not_compared(
    one: tuple[int | None, str | None], other: tuple[int | None, str | None], verdict: str
) -> None:
    records = [{"enrollment": size, "enrollment_type": kind} for size, kind in (one, other)]
    row = _compare("enrollment", CTGOV=records[0], ISRCTN=records[1])
    assert row["verdict"] == verdict
    assert row["largest_difference"] == (10 if verdict == "disagree" else None)
    assert (row["reason"] is None) == (verdict != "not_comparable")


def test_ages_are_compared_as_ages() -> None:
    years, months = ({"minimum_age": text, "minimum_age_days": 730.5} for text in ("2 Years", "24 Months"))
    assert _compare("minimum_age", CTGOV=years, DRKS=months)["verdict"] == "agree"


def test_member_states_are_not_compared_with_each_other() -> None:
    sexes = {"EUCTR_DE": {"sex": "ALL"}, "EUCTR_FR": {"sex": "FEMALE"}}
    assert _compare("sex", **sexes) == {}
    row = _compare("sex", **sexes, CTGOV={"sex": "ALL"})
    assert (row["verdict"], row["pairs_agreeing"], row["pairs_disagreeing"]) == ("disagree", 1, 1)
    assert row["record_values"] == "CTGOV: ALL; EUCTR_DE: ALL; EUCTR_FR: FEMALE"


def test_no_results_against_results() -> None:
    row = _compare("has_results", CTGOV={"has_results": True}, ISRCTN={"has_results": False}, DRKS={})
    assert (row["verdict"], row["pairs_not_comparable"]) == ("disagree", 2)
    assert row["reason"] == "one of two records does not say it"
