"""What ties records of different registries together: each kind of evidence, weighed and told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.identity.world import Record, World, together

NCT = "CTGOV:NCT03000001"
ISRCTN = "ISRCTN:ISRCTN13000001"
DRKS = "DRKS:DRKS00013001"
TITLE = "Effect of drug A on blood pressure in adults with stage two hypertension"


def _world(*records: Record) -> World:
    world = World(*records)
    world.identify()
    return world


def test_a_record_that_names_anothers_own_id_is_the_same_trial() -> None:
    world = _world(Record(NCT), Record(ISRCTN, secondary=["NCT03000001"]))
    assert world.trials() == {together(NCT, ISRCTN)}
    link = world.link(NCT, ISRCTN)
    assert (link["method"], link["is_accepted"], link["refused_by"], link["match_weight"]) == (
        "claimed_id",
        True,
        None,
        6,
    )
    assert link["evidence"] == "ISRCTN:ISRCTN13000001 names CTGOV NCT03000001 (+14)"
    assert link["evidence_fields"] == "identification.secondary"
    assert link["score"] == pytest.approx(1 / (1 + 2**-6))


def test_each_naming_the_other_weighs_more_and_so_does_everything_that_agrees() -> None:
    world = _world(
        Record(
            NCT, secondary=["ISRCTN13000001"], title=TITLE, sponsor="Acme Pharma Inc.", start="2020-03-01", size=120
        ),
        Record(
            ISRCTN, secondary=["NCT03000001"], title=TITLE.upper(), sponsor="ACME Pharma", start="2020-03-20", size=120
        ),
    )
    link = world.link(NCT, ISRCTN)
    assert link["method"] == "mutual_id"
    assert link["match_weight"] == -8 + 20 + 7 + 3 + 2 + 2
    assert "same title (+7); same sponsor: Acme Pharma Inc. / ACME Pharma (+3)" in link["evidence"]
    assert "starts at most 31 days apart (+2); same size: 120 (+2)" in link["evidence"]


def test_two_records_that_name_a_third_id_which_is_not_at_hand() -> None:
    world = _world(Record(ISRCTN, secondary=["2011-001295-19"]), Record(DRKS, secondary=["EudraCT 2011-001295-19"]))
    assert world.trials() == {together(ISRCTN, DRKS)}
    assert world.link(ISRCTN, DRKS)["method"] == "shared_id"


def test_universal_trial_number_ties_but_never_keeps_apart() -> None:
    utn = ("U1111-2222-3333", "REGISTRY")
    world = _world(Record(ISRCTN, secondary=[utn]), Record(DRKS, secondary=[utn]))
    assert world.trials() == {together(ISRCTN, DRKS)}


def test_sponsors_study_number_with_the_same_sponsor() -> None:
    world = _world(
        Record(NCT, code="ACM-4711/B", sponsor="Acme Pharma"),
        Record(ISRCTN, secondary=[("ACM 4711 B", "OTHER")], sponsor="Acme Pharma GmbH"),
        Record(DRKS, code="ACM-4711/B", sponsor="University of Elsewhere"),
    )
    assert world.trials() == {together(NCT, ISRCTN), together(DRKS)}
    assert world.link(NCT, ISRCTN)["method"] == "sponsor_code"
    assert world.link(NCT, DRKS)["refused_by"] == "weak_evidence", "a number alone is anybody's"


@pytest.mark.parametrize("code", ["001", "0000000000", "Protocol"])
def test_a_study_number_that_anybody_may_have_is_no_evidence(code: str) -> None:
    world = _world(Record(NCT, code=code, sponsor="Acme Pharma"), Record(DRKS, code=code, sponsor="Acme Pharma"))
    assert len(world.trials()) == 2
    assert world.rows("SELECT count(*) FROM core.record_link") == [(0,)]


def test_equal_titles_need_more_than_the_sponsor() -> None:
    one: dict[str, Any] = {"title": TITLE, "sponsor": "Acme Pharma"}
    world = _world(Record(NCT, **one), Record(DRKS, **one))
    assert world.link(NCT, DRKS)["refused_by"] == "weak_evidence"
    world = _world(Record(NCT, **one, start="2020-03-01", size=80), Record(DRKS, **one, start="2020-03", size=80))
    assert world.trials() == {together(NCT, DRKS)}
    assert world.link(NCT, DRKS)["method"] == "title"


def test_unknown_start_is_no_evidence_either_way() -> None:
    one: dict[str, Any] = {"title": TITLE, "sponsor": "Acme Pharma"}
    world = _world(Record(NCT, **one, start="2020-03-01"), Record(DRKS, **one))
    assert world.link(NCT, DRKS)["match_weight"] == -8 + 7 + 3


def test_starts_more_than_a_year_apart_undo_a_single_claim() -> None:
    world = _world(Record(NCT, start="2015-01-01"), Record(ISRCTN, secondary=["NCT03000001"], start="2019-01-01"))
    assert world.link(NCT, ISRCTN)["refused_by"] == "starts_apart"
    assert len(world.trials()) == 2


def test_obsolete_id_is_the_same_record() -> None:
    """ClinicalTrials.gov gives a merged registration's old number as an alias of the new one."""
    old = "CTGOV:NCT02000001"
    world = _world(Record(NCT, alias=["NCT02000001"]), Record(old), Record(ISRCTN, secondary=["NCT02000001"]))
    assert world.trials() == {together(NCT, old, ISRCTN)}
    assert world.link(NCT, old)["method"] == "alias_id"


def test_former_versions_tie_nothing() -> None:
    world = World(Record(NCT), Record(ISRCTN, secondary=["NCT03000001"]))
    world.put(Record(ISRCTN))
    world.identify()
    assert len(world.trials()) == 2


def test_a_trial_counts_registries_and_says_how_sure_it_is() -> None:
    world = _world(Record(NCT), Record(ISRCTN, secondary=["NCT03000001"]), Record(DRKS))
    assert world.rows(
        "SELECT trial_id, primary_record_key, record_count, registry_count, registries, link_count,"
        " round(weakest_score, 3) FROM core.trial ORDER BY ALL"
    ) == [
        (f"TRIAL:{NCT}", NCT, 2, 2, "CTGOV, ISRCTN", 1, 0.985),
        (f"TRIAL:{DRKS}", DRKS, 1, 1, "DRKS", 0, None),
    ]
