"""Running given/expect cases: what is compared, and that a faulty case cannot pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.warehouse.models import Model, load_models
from pipelines.warehouse.models.cases import CaseError, load_cases, run_case

TYPES = {"staging.study": {"id": "INTEGER", "day": "DATE", "names": "VARCHAR[]"}}
SQL = """/* ---
description: Studies with a day.
grain: one row per study
owner: team:warehouse
materialised: table
columns:
  id: {type: INTEGER, description: Key.}
  day: {type: DATE, description: Day.}
  names: {type: "VARCHAR[]", description: Names.}
--- */
SELECT id, day, names FROM staging.study WHERE day IS NOT NULL ORDER BY id DESC
"""


@pytest.fixture
def model(tmp_path: Path) -> Model:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "study.sql").write_text(SQL)
    return load_models(tmp_path, {name: tuple(columns) for name, columns in TYPES.items()})["core.study"]


def _run(model: Model, text: str) -> bool:
    path = model.path.with_suffix(".test.yaml")
    path.write_text(text)
    (case,) = load_cases(path)
    return run_case(model, case, TYPES).success


GIVEN = """
defaults:
  staging.study: {day: 2026-01-02}
cases:
  - name: days
    given:
      staging.study: [{id: 1}, {id: 2, names: [a, b]}, {id: 3, day: null}]
    expect: """


@pytest.mark.parametrize(
    ("expect", "success"),
    [
        pytest.param("[{id: 1, day: 2026-01-02}, {id: 2, day: '2026-01-02'}]", True, id="dates-quoted-or-not"),
        pytest.param("[{id: 2}, {id: 1}]", True, id="any-order"),
        pytest.param("[{id: 1}, {id: 2, names: [a, b]}]", True, id="null-where-not-stated"),
        pytest.param("[{id: 1, names: [a]}, {id: 2, names: [a, b]}]", False, id="other-value"),
        pytest.param("[{id: 1}]", False, id="too-few"),
        pytest.param("[{id: 1}, {id: 2}, {id: 2}]", False, id="too-many"),
        pytest.param("[]", False, id="none"),
    ],
)
def test_stated_columns_of_all_rows_are_compared(model: Model, expect: str, success: bool) -> None:
    assert _run(model, GIVEN + expect) == success


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("- name: x", "must be a mapping of `cases`", id="list"),
        pytest.param("cases: [{name: x, given: {}}]", "case 1 must have name, given and expect", id="no-expect"),
        pytest.param(
            "cases: [{name: x, given: {staging.studi: []}, expect: []}]", "did you mean `staging.study`?", id="table"
        ),
        pytest.param(
            "cases: [{name: x, given: {staging.study: [{iid: 1}]}, expect: []}]", "did you mean `id`?", id="column"
        ),
        pytest.param(
            "cases: [{name: x, given: {staging.study: [{}]}, expect: []}]", "states no column", id="empty-row"
        ),
        pytest.param("cases: [{name: x, given: {}, expect: [{idd: 1}]}]", "has no column idd", id="expected-column"),
    ],
)
def test_a_faulty_case_is_refused(model: Model, text: str, problem: str) -> None:
    with pytest.raises(CaseError, match=r"study\.test\.yaml") as caught:
        _run(model, text)
    assert problem in str(caught.value)
