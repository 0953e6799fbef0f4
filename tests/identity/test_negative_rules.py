"""What must keep records apart. Each test is the story of a fault that a published registry warehouse had, or of a trap
in the ids themselves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.identity.world import Record, World, together

NCT1 = "CTGOV:NCT03000001"
NCT2 = "CTGOV:NCT03000002"
ISRCTN = "ISRCTN:ISRCTN13000001"
DRKS = "DRKS:DRKS00013001"
EU_DE = "EUCTR:2011-001295-19-DE"
EU_FR = "EUCTR:2011-001295-19-FR"
CTIS = "CTIS:2022-500244-37-00"
TITLE = "Effect of drug A on blood pressure in adults with stage two hypertension"
PLACEHOLDER = "[Trial of device that is not approved or cleared by the U.S. FDA]"


def _world(*records: Record) -> World:
    world = World(*records)
    world.identify()
    return world


def test_follow_up_that_bears_its_parents_title_stays_apart() -> None:
    """OpenTrials #246: the same official title put a follow-up study into its parent's trial."""
    one: dict[str, Any] = {"title": TITLE, "sponsor": "Acme Pharma", "size": 120}
    world = _world(
        Record(NCT1, **one, start="2012-03-01"),
        Record(NCT2, **one, start="2015-03-01"),
        Record(DRKS, **one, start="2015-03-01"),
    )
    assert len(world.trials()) == 3
    assert world.link(NCT2, DRKS)["refused_by"] == "repeated_title", "nobody can tell which of the two it is"


def test_extension_that_names_its_parent_stays_apart() -> None:
    """An extension study gives the number of the trial it extends as a secondary id."""
    world = _world(
        Record(NCT1, title=TITLE, start="2012-03-01"),
        Record(ISRCTN, title=f"Open-label extension: {TITLE}", start="2012-11-01", secondary=["NCT03000001"]),
    )
    assert world.link(NCT1, ISRCTN)["refused_by"] == "follow_up_study"
    assert len(world.trials()) == 2


def test_extension_registered_twice_is_one_trial() -> None:
    """The rule is about one of two being an extension: both may be."""
    world = _world(
        Record(NCT1, title=f"Extension of {TITLE}"),
        Record(ISRCTN, title=f"Open-label extension: {TITLE}", secondary=["NCT03000001"]),
    )
    assert world.trials() == {together(NCT1, ISRCTN)}


def test_words_about_follow_up_in_one_title_do_not_part_what_starts_together() -> None:
    world = _world(
        Record(NCT1, title=TITLE, start="2012-03-01"),
        Record(ISRCTN, title=f"{TITLE} with follow-up", start="2012-03-10", secondary=["NCT03000001"]),
    )
    assert world.trials() == {together(NCT1, ISRCTN)}


def test_placeholder_for_a_title_is_no_title() -> None:
    """OpenTrials #310: all trials of devices that the FDA has not cleared bear one title, and became one trial."""
    one: dict[str, Any] = {
        "title": PLACEHOLDER,
        "brief": PLACEHOLDER,
        "sponsor": "Acme Devices",
        "start": "2020-03-01",
        "size": 40,
    }
    world = _world(Record(NCT1, **one), Record(DRKS, **one))
    assert len(world.trials()) == 2
    assert world.link(NCT1, DRKS)["refused_by"] == "placeholder_title"
    assert "placeholder for a title (0)" in world.link(NCT1, DRKS)["evidence"]


def test_generic_title_ties_nothing_however_often_it_comes() -> None:
    """OpenTrials #335: generic titles that come again and again chained strangers."""
    generic = "A study of safety and efficacy in patients"
    one: dict[str, Any] = {"title": generic, "sponsor": "Acme Pharma", "start": "2020-03-01", "size": 40}
    world = _world(Record(DRKS, **one), *(Record(f"CTGOV:NCT0400{n:04d}", **one) for n in range(30)))
    assert all(len(trial) == 1 for trial in world.trials())
    assert world.rows("SELECT DISTINCT refused_by FROM core.record_link") == [("repeated_title",)]
    assert world.rows("SELECT count(*) FROM core.record_link")[0][0] < 10, "examples, not all pairs"


def test_generic_title_of_many_registries_ties_nothing() -> None:
    generic = "A study of safety and efficacy in patients"
    registries = ["ISRCTN:ISRCTN1300000", "DRKS:DRKS0001300", "CRIS:KCT000130", "RPCEC:RPCEC0000300"]
    keys = [f"{stem}{digit}" for digit in (1, 2, 3) for stem in registries]
    world = _world(*(Record(key, own=None, title=generic, sponsor="A", start="2020", size=40) for key in keys))
    assert all(len(trial) == 1 for trial in world.trials())


@pytest.mark.parametrize(
    "no_id", ["ISRCTN00000000", "U0000-0000-0000", "NCT00000000", "isrctn: not applicable", "N/A", "0000-000000-00"]
)
def test_zero_ids_and_words_for_no_id_tie_nothing(no_id: str) -> None:
    """OpenTrials #428 and #270: ISRCTN00000000, U0000-0000-0000 and "isrctn: not applicable" were taken for ids."""
    hint = "EUDRACT_NUMBER" if no_id.startswith("0000") else "REGISTRY"
    world = _world(Record(NCT1, secondary=[(no_id, hint)]), Record(DRKS, secondary=[(no_id, hint)]))
    assert len(world.trials()) == 2
    assert world.rows("SELECT count(*) FROM core.record_link") == [(0,)]


def test_a_list_of_several_nct_ids_chains_nothing() -> None:
    """OpenTrials #627, #666: a third record's list of ids brought several NCT ids into one trial."""
    world = _world(Record(NCT1), Record(NCT2), Record(DRKS, secondary=["NCT03000001", "NCT03000002"]))
    assert len(world.trials()) == 3
    for key in (NCT1, NCT2):
        assert world.link(key, DRKS)["refused_by"] == "several_ids_listed"


def test_of_several_listed_ids_the_one_that_all_else_speaks_for_is_taken() -> None:
    one: dict[str, Any] = {"title": TITLE, "sponsor": "Acme Pharma", "start": "2020-03-01", "size": 120}
    world = _world(Record(NCT1, **one), Record(NCT2), Record(DRKS, **one, secondary=["NCT03000001", "NCT03000002"]))
    assert world.trials() == {together(NCT1, DRKS), together(NCT2)}


def test_two_trials_of_one_registry_that_name_the_same_third_record() -> None:
    """Both claims are as good as each other, so neither is believed; a branch beside them stays."""
    world = _world(
        Record(NCT1, secondary=["ISRCTN13000001"]),
        Record(NCT2, secondary=["ISRCTN13000001"]),
        Record(ISRCTN),
        Record(DRKS, secondary=["NCT03000001"]),
    )
    assert world.trials() == {together(NCT1, DRKS), together(NCT2), together(ISRCTN)}
    link = world.link(NCT1, ISRCTN)
    assert link["refused_by"] == "would_chain_two_ids"
    assert link["reason"] == "would bring CTGOV NCT03000001 and CTGOV NCT03000002 into one trial"


def test_the_better_founded_claim_wins_and_the_other_is_refused() -> None:
    world = _world(
        Record(NCT1, secondary=["ISRCTN13000001"]),
        Record(NCT2, secondary=["ISRCTN13000001"]),
        Record(ISRCTN, secondary=["NCT03000001"]),
    )
    assert world.trials() == {together(NCT1, ISRCTN), together(NCT2)}
    assert world.link(NCT2, ISRCTN)["refused_by"] == "would_chain_two_ids"


def test_chain_over_several_registries_holds_one_id_of_each() -> None:
    """NCT1 – EudraCT – ISRCTN – NCT2: no pair is wrong by itself."""
    world = _world(
        Record(NCT1, secondary=["2011-001295-19", "ISRCTN13000001"]),
        Record(EU_DE, secondary=["NCT03000001"]),
        Record(ISRCTN, secondary=["2011-001295-19"]),
        Record(NCT2, secondary=["ISRCTN13000001"]),
    )
    assert together(NCT2) in world.trials()


def test_two_records_of_one_registry_are_two_trials_whatever_they_share() -> None:
    one: dict[str, Any] = {
        "title": TITLE,
        "sponsor": "Acme Pharma",
        "code": "ACM-4711",
        "start": "2020-03-01",
        "size": 120,
    }
    world = _world(Record(NCT1, **one), Record(NCT2, **one, secondary=["NCT03000001"]))
    assert len(world.trials()) == 2
    assert world.link(NCT1, NCT2)["refused_by"] == "two_ids_of_one_registry"


def test_member_states_of_one_eudract_number_are_one_trial() -> None:
    """OpenTrials #292: the country suffix split a trial into one for each member state."""
    world = _world(Record(EU_DE), Record(EU_FR, title=TITLE), Record(NCT1, secondary=["2011-001295-19"]))
    assert world.trials() == {together(EU_DE, EU_FR, NCT1)}
    assert world.link(EU_DE, EU_FR)["method"] == "same_own_id"
    assert world.rows("SELECT DISTINCT id_key FROM core.identity_key WHERE id_type = 'EUDRACT'") == [
        ("2011-001295-19",)
    ]


def test_country_suffix_in_a_secondary_id_does_not_split_either() -> None:
    world = _world(Record(EU_DE), Record(NCT1, secondary=["EUCTR2011-001295-19-FR"]))
    assert world.trials() == {together(EU_DE, NCT1)}


def test_ctis_number_is_not_read_as_an_eudract_number() -> None:
    world = _world(
        Record(CTIS), Record("EUCTR:2022-500244-37-DE", own=None), Record(NCT1, secondary=["2022-500244-37-00"])
    )
    assert world.rows("SELECT DISTINCT id_type FROM core.identity_key WHERE role = 'secondary'") == [("CTIS",)]
    assert together(CTIS, NCT1) in world.trials()


def test_resubmission_under_ctis_is_the_same_trial() -> None:
    again = "CTIS:2022-500244-37-01"
    world = _world(Record(CTIS), Record(again), Record(NCT1, secondary=["2022-500244-37-02"]))
    assert world.trials() == {together(CTIS, again, NCT1)}


def test_eu_number_that_has_lost_its_last_pair_still_names_the_trial() -> None:
    """Sponsors give EU CT numbers without the pair that counts resubmissions; the id is invalid, the trial is plain."""
    world = _world(Record(CTIS), Record(NCT1, secondary=[("2022-500244-37", "CTIS")]))
    assert world.trials() == {together(CTIS, NCT1)}
    assert world.rows("SELECT is_valid FROM staging.identifier WHERE role = 'secondary'") == [(False,)]


def test_dutch_registers_renumbered_their_trials() -> None:
    """A Dutch trial has an NTR number, later an NL number, later an NL-OMON number: no contradiction."""
    omon, old = "NTR:NL-OMON55279", "NTR:NL8460"
    world = _world(Record(omon, secondary=["NL8460", "NTR3210"]), Record(old), Record("NTR:NL-OMON55280"))
    assert world.trials() == {together(omon, old), together("NTR:NL-OMON55280")}


def test_transitioned_trial_carries_both_numbers_and_links_both_registers() -> None:
    world = _world(Record(CTIS, secondary=[("2011-001295-19", "EUDRACT_NUMBER")]), Record(EU_DE), Record(EU_FR))
    assert world.trials() == {together(CTIS, EU_DE, EU_FR)}


@pytest.mark.parametrize(
    ("key", "eudract"), [("PACTR:PACTR201100129519000", "2011-001295-19"), ("REPEC:PER-019-11", "2011-001295-19")]
)
def test_pactr_and_repec_numbers_are_not_eudract_numbers(key: str, eudract: str) -> None:
    world = _world(Record(key), Record(EU_DE), Record(NCT1, secondary=[key.split(":")[1]]))
    assert world.trials() == {together(key, NCT1), together(EU_DE)}
    kinds = world.rows("SELECT DISTINCT id_type FROM core.identity_key WHERE record_key = 'CTGOV:NCT03000001'")
    assert {kind for (kind,) in kinds} == {"CTGOV", key.split(":")[0]}
    assert (eudract,) not in world.rows(f"SELECT id_key FROM core.identity_key WHERE record_key = '{key}'")


@pytest.mark.parametrize("speaks", [Record(DRKS, mention=["NCT03000001"]), Record(DRKS, related=["NCT03000001"])])
def test_ids_of_other_trials_that_a_record_speaks_of_are_not_its_own(speaks: Record) -> None:
    world = _world(Record(NCT1), speaks)
    assert len(world.trials()) == 2
    assert world.rows("SELECT count(*) FROM core.record_link") == [(0,)]


def test_an_id_that_many_trials_name_is_no_trials_id() -> None:
    """A sponsor's parent protocol: dozens of studies give the same number that no record at hand bears."""
    many = [Record(f"DRKS:DRKS0001{n:04d}", own=None, secondary=["2011-001295-19"]) for n in range(12)]
    world = _world(*many)
    assert all(len(trial) == 1 for trial in world.trials())
    assert world.rows("SELECT DISTINCT refused_by FROM core.record_link") == [("id_shared_by_too_many",)]
    assert world.rows("SELECT count(*) FROM core.record_link") == [(11,)]


@pytest.mark.parametrize("grant", ["U10 CA031946", "UL1TR000135", "5R01DA047954-03"])
def test_a_grant_that_pays_for_two_trials_is_no_study_number(grant: str) -> None:
    """NIH grants stand among the secondary ids; an institute's centre grant pays for hundreds of its trials."""
    one: dict[str, Any] = {"sponsor": "Institute of Examples", "secondary": [(grant, "OTHER")]}
    world = _world(Record(NCT1, **one), Record(DRKS, **one))
    assert len(world.trials()) == 2
    assert world.rows("SELECT count(*) FROM core.record_link") == [(0,)]


def test_what_the_registry_declares_a_grant_is_no_study_number() -> None:
    one: dict[str, Any] = {"sponsor": "Institute of Examples", "secondary": [("EXAMPLE-2024-17", "OTHER")]}
    world = World(Record(NCT1, **one), Record(DRKS, **one))
    world.row("staging.secondary_id", version_id=1, position=1, id="EXAMPLE-2024-17", type="OTHER_GRANT")
    world.identify()
    assert len(world.trials()) == 2


def test_page_that_has_lost_its_id_goes_to_neither_of_two_trials() -> None:
    """A page without a registry id, and two NCT records that name the same EudraCT number as it does."""
    page = "EUDRACT:2011-001295-19"
    world = _world(
        Record(page, own=None, secondary=["2011-001295-19"]),
        Record(NCT1, secondary=["2011-001295-19"]),
        Record(NCT2, secondary=["2011-001295-19"]),
    )
    assert len(world.trials()) == 3
    assert world.link(page, NCT1)["refused_by"] == "would_chain_two_ids"


def test_alias_that_two_trials_claim_joins_them_not() -> None:
    world = _world(Record(NCT1, alias=["NCT02000001"]), Record(NCT2, alias=["NCT02000001"]))
    assert len(world.trials()) == 2
