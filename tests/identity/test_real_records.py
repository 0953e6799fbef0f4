"""Identity on real records of every format at hand: the rules hold, and links are found where ids say so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.identity import assign_trials
from pipelines.warehouse.models import materialise, run_model_tests
from tests.identity.world import AFTER, BEFORE, FIRST_RUN, models
from tests.staging.build import empty_build, ingest_landing

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def build(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    home = tmp_path_factory.mktemp("home")
    with empty_build(home / "build.duckdb") as connection:
        ingest_landing(connection, shared_dir / "data", home)
        for name in BEFORE:
            materialise(connection, models()[name])
        assign_trials(connection, [], "run-1", FIRST_RUN)
        for name in AFTER:
            materialise(connection, models()[name])
        yield connection


def test_no_trial_has_two_numbers_of_one_registry(build: duckdb.DuckDBPyConnection) -> None:
    broken = [
        (result.test.name, result.error, result.examples)
        for result in run_model_tests(build, models()["core.trial_member"])
        if not result.success
    ]
    assert broken == []


def test_member_states_are_one_trial(build: duckdb.DuckDBPyConnection) -> None:
    split = build.execute(
        """
        SELECT split_part(record_key, ':', 2)[:14] AS number, count(DISTINCT trial_id), count(*)
        FROM core.trial_member WHERE registry = 'EUCTR' GROUP BY ALL
        """
    ).fetchall()
    assert split
    assert all(trials == 1 for _, trials, _ in split)
    assert any(records > 1 for *_, records in split)


def test_a_record_that_names_one_record_of_another_registry_is_linked_or_says_why_not(
    build: duckdb.DuckDBPyConnection,
) -> None:
    rows = build.execute(
        """
        SELECT count(*), count(link.record_key_a), count(*) FILTER (link.is_accepted),
          count(*) FILTER (NOT link.is_accepted AND link.reason IS NULL)
        FROM core.identity_key AS named
        JOIN core.identity_key AS own USING (id_type, id_key)
        JOIN core.identity_feature AS here ON here.record_key = named.record_key
        JOIN core.identity_feature AS there ON there.record_key = own.record_key
        LEFT JOIN core.record_link AS link
          ON link.record_key_a = least(here.group_key, there.group_key)
          AND link.record_key_b = greatest(here.group_key, there.group_key)
        WHERE named.role = 'secondary' AND own.role = 'own' AND here.group_key <> there.group_key
        """
    ).fetchall()
    claims, weighed, accepted, without_reason = rows[0]
    assert claims == weighed >= 8
    assert accepted >= 8
    assert without_reason == 0


def test_a_second_run_changes_nothing(build: duckdb.DuckDBPyConnection) -> None:
    before = build.execute("FROM core.trial_assignment ORDER BY ALL").fetchall()
    report = assign_trials(build, [], "run-2", FIRST_RUN)
    assert (report.merged, report.split) == (0, 0)
    assert build.execute("FROM core.trial_assignment ORDER BY ALL").fetchall() == before
