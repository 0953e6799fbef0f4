"""Trials over several runs: ids stay, merges and splits are logged with their reason, and can be undone."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import pytest

from pipelines.identity import assign_trials
from pipelines.identity.instructions import Instruction
from tests.identity.world import FIRST_RUN, Record, World, together

NCT1 = "CTGOV:NCT03000001"
NCT2 = "CTGOV:NCT03000002"
ISRCTN = "ISRCTN:ISRCTN13000001"
DRKS = "DRKS:DRKS00013001"
LATER = FIRST_RUN + timedelta(days=1)
EVENTS = "SELECT run_id, kind, record_key, from_trial_id, to_trial_id, why FROM core.trial_event ORDER BY ALL"


def _forbid(first: str, second: str, action: str = "forbid") -> Instruction:
    a, b = sorted([first, second])
    return Instruction(action, a, b, "I have read both protocols", "links.yaml")


def test_a_run_without_news_changes_nothing() -> None:
    world = World(Record(NCT1), Record(ISRCTN, secondary=["NCT03000001"]), Record(DRKS))
    world.identify()
    before = world.rows("FROM core.trial_assignment ORDER BY ALL")
    report = world.identify(run="run-2", at=LATER)
    assert world.rows("FROM core.trial_assignment ORDER BY ALL") == before
    assert (report.merged, report.split) == (0, 0)
    assert world.rows(EVENTS) == []


def test_trial_id_survives_growth_even_when_a_more_prominent_record_arrives() -> None:
    world = World(Record(ISRCTN))
    world.identify()
    world.put(Record(NCT1, secondary=["ISRCTN13000001"]))
    world.identify(run="run-2", at=LATER)
    assert world.trial_ids() == {ISRCTN: f"TRIAL:{ISRCTN}", NCT1: f"TRIAL:{ISRCTN}"}
    assert world.rows("SELECT primary_record_key FROM core.trial") == [(NCT1,)]
    assert world.rows(EVENTS) == [], "growth is no merge"
    assert world.rows("SELECT record_key, run_id FROM core.trial_assignment ORDER BY ALL") == [
        (NCT1, "run-2"),
        (ISRCTN, "run-1"),
    ]


def test_merge_is_logged_with_the_link_that_made_it() -> None:
    world = World(Record(NCT1), Record(ISRCTN))
    world.identify()
    world.put(Record(ISRCTN, secondary=["NCT03000001"]))
    report = world.identify(run="run-2", at=LATER)
    assert report.merged == 1
    assert world.rows(EVENTS) == [
        (
            "run-2",
            "merge",
            ISRCTN,
            f"TRIAL:{ISRCTN}",
            f"TRIAL:{NCT1}",
            f"{ISRCTN} – {NCT1}: {ISRCTN} names CTGOV NCT03000001 (+14)",
        )
    ]


def test_merge_over_a_record_that_was_not_there_before_is_logged_too() -> None:
    world = World(Record(NCT1), Record(ISRCTN))
    world.identify()
    world.put(Record(DRKS, secondary=["NCT03000001", "ISRCTN13000001"]))
    world.identify(run="run-2", at=LATER)
    assert world.trials() == {together(NCT1, ISRCTN, DRKS)}
    ((_, kind, moved, _, _, why),) = world.rows(EVENTS)
    assert (kind, moved) == ("merge", ISRCTN)
    assert why == f"{ISRCTN} – {DRKS}: {DRKS} names ISRCTN ISRCTN13000001 (+14)"


def test_split_is_logged_with_what_became_of_the_link_and_the_old_id_comes_back() -> None:
    world = World(Record(NCT1), Record(ISRCTN))
    world.identify()
    world.put(Record(ISRCTN, secondary=["NCT03000001"]))
    world.identify(run="run-2", at=LATER)
    world.identify(_forbid(NCT1, ISRCTN), run="run-3", at=LATER)
    assert world.trial_ids() == {NCT1: f"TRIAL:{NCT1}", ISRCTN: f"TRIAL:{ISRCTN}"}
    assert world.rows(EVENTS)[-1] == (
        "run-3",
        "split",
        ISRCTN,
        f"TRIAL:{NCT1}",
        f"TRIAL:{ISRCTN}",
        f"{ISRCTN} – {NCT1}: forbidden: I have read both protocols",
    )


def test_evidence_that_goes_splits_again() -> None:
    world = World(Record(NCT1), Record(ISRCTN, secondary=["NCT03000001"]))
    world.identify()
    world.put(Record(ISRCTN))
    world.identify(run="run-2", at=LATER)
    assert len(world.trials()) == 2
    assert world.rows(EVENTS)[0][-1] == f"{ISRCTN} – {NCT1}: the evidence that linked them is gone"


def test_any_order_of_arrival_gives_the_same_trials() -> None:
    records = [
        Record(NCT1, secondary=["ISRCTN13000001"]),
        Record(NCT2, secondary=["DRKS00013001"]),
        Record(ISRCTN, secondary=["NCT03000001"]),
        Record(DRKS),
    ]
    expected = {together(NCT1, ISRCTN), together(NCT2, DRKS)}
    for order in (records, records[::-1]):
        world = World()
        for number, record in enumerate(order):
            world.put(record)
            world.identify(run=f"run-{number}", at=FIRST_RUN + timedelta(hours=number))
        assert world.trials() == expected


def test_pinned_records_are_one_trial_against_a_rule() -> None:
    world = World(Record(NCT1), Record(NCT2))
    report = world.identify(_forbid(NCT1, NCT2, "pin"))
    assert world.trials() == {together(NCT1, NCT2)}
    assert report.not_applied == ()
    link = world.link(NCT1, NCT2)
    assert (link["method"], link["is_accepted"], link["score"]) == ("person", True, None)
    assert link["reason"] == "pinned: I have read both protocols"


def test_forbidden_records_stay_apart_over_a_third() -> None:
    """Member states are one record group for evidence, but a person may part one of them."""
    world = World(
        Record("EUCTR:2011-001295-19-DE"),
        Record("EUCTR:2011-001295-19-FR"),
        Record(NCT1, secondary=["2011-001295-19"]),
    )
    world.identify(_forbid(NCT1, "EUCTR:2011-001295-19-FR"))
    assert world.trials() == {together("EUCTR:2011-001295-19-DE", "EUCTR:2011-001295-19-FR"), together(NCT1)}
    link = world.link(NCT1, "EUCTR:2011-001295-19-DE")
    assert link["refused_by"] == "forbidden_by_a_person"
    assert link["reason"] == f"would bring {NCT1} and EUCTR:2011-001295-19-FR together, which a person forbids"


def test_unknown_records_and_contradictions_are_reported() -> None:
    world = World(Record(NCT1), Record(NCT2))
    report = world.identify(
        _forbid(NCT1, NCT2, "pin"),
        _forbid(NCT1, NCT2),
        _forbid(NCT1, "CTGOV:NCT09999999"),
        _forbid("X:1", "X:2", "pin"),
    )
    assert report.not_applied == (
        f"links.yaml: forbid {NCT1}, {NCT2}: pins join these records all the same",
        f"links.yaml: forbid {NCT1}, CTGOV:NCT09999999: not in the warehouse: CTGOV:NCT09999999",
        "links.yaml: pin X:1, X:2: not in the warehouse: X:1, X:2",
    )
    assert world.rows("SELECT state, count(*) FROM core.link_instruction GROUP BY ALL ORDER BY ALL") == [
        ("applied", 1),
        ("contradicted", 1),
        ("unknown_record", 2),
    ]


def test_trials_of_a_warehouse_from_before_there_were_assignments_keep_their_ids() -> None:
    world = World(Record(NCT1, secondary=["ISRCTN13000001"]), Record(ISRCTN))
    world.connection.execute(
        "CREATE TABLE core.trial_member (record_key VARCHAR, trial_id VARCHAR, is_primary BOOLEAN)"
    )
    world.row("core.trial_member", record_key=NCT1, trial_id=f"TRIAL:{NCT1}", is_primary=True)
    world.row("core.trial_member", record_key=ISRCTN, trial_id=f"TRIAL:{ISRCTN}", is_primary=True)
    report = world.identify()
    assert report.merged == 1
    assert set(world.trial_ids().values()) == {f"TRIAL:{NCT1}"}


def test_a_step_that_fails_leaves_everything_as_it_was() -> None:
    world = World(Record(NCT1), Record(ISRCTN, secondary=["NCT03000001"]))
    world.identify()
    before = world.rows("FROM core.trial_assignment ORDER BY ALL")
    world.connection.execute("DROP TABLE core.identity_key")
    with pytest.raises(duckdb.CatalogException):
        assign_trials(world.connection, [], "run-2", LATER)
    assert world.rows("FROM core.trial_assignment ORDER BY ALL") == before
    assert world.rows("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'identity_%' AND temporary") == [(0,)]


def test_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        assign_trials(World().connection, [], "run-1", LATER.replace(tzinfo=None))
