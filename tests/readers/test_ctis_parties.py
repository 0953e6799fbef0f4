"""Sponsors, contacts, places, arms, products and references of CTIS records in the study shape."""

from __future__ import annotations

from typing import Any

import pytest

from tests.readers.ctis_records import Struct, record, study, with_part


def sponsor(name: str, *, primary: bool | None = None, **more: Any) -> Struct:
    """A sponsor of part I."""
    return {"organisation": {"name": name, "type": "Pharmaceutical company"}, "primary": primary, **more}


def protocol(part: Struct, **more: Any) -> Struct:
    """The protocol section of a record with this part I."""
    found: Struct = study(with_part(part, **more))["protocolSection"]
    return found


def test_the_primary_sponsor_leads_wherever_it_stands() -> None:
    money = [{"organisationName": "Milk Fund"}, {"organisationName": "TEA LTD"}, {"organisationName": "N/A"}]
    part = {
        "sponsors": [sponsor("Cup Ltd", primary=False), sponsor("Tea Ltd", primary=True)],
        "trialDetails": {"trialInformation": {"sourceOfMonetarySupport": [*money, {"organisationName": "Milk Fund"}]}},
    }
    assert protocol(part)["sponsorCollaboratorsModule"] == {
        "leadSponsor": {"name": "Tea Ltd", "class": "INDUSTRY"},
        "collaborators": [{"name": "Cup Ltd"}, {"name": "Milk Fund"}],
    }


def test_nobody_leads_where_several_sponsors_are_listed_and_none_is_the_primary_one() -> None:
    part = {"sponsors": [sponsor("Cup Ltd"), sponsor("Tea Ltd", primary=False)]}
    found = study({**with_part(part), "sponsor": "Cup Ltd, Tea Ltd", "sponsorType": "Pharmaceutical company"})
    module = found["protocolSection"]["sponsorCollaboratorsModule"]
    assert module == {"collaborators": [{"name": "Cup Ltd"}, {"name": "Tea Ltd"}]}


@pytest.mark.parametrize(
    ("names", "types", "lead", "others"),
    [
        ("Tea Ltd, Cup Ltd", "Industry, Hospital", {"name": "Tea Ltd", "class": "INDUSTRY"}, ["Cup Ltd"]),
        ("Tea Ltd,Tea Ltd", "Industry,Industry", {"name": "Tea Ltd", "class": "INDUSTRY"}, []),
        ("Tea, Inc.", "Industry", {"name": "Tea, Inc.", "class": "INDUSTRY"}, []),
        ("Tea, Inc., Cup Ltd", "Industry, Industry", {"name": "Tea, Inc., Cup Ltd", "class": "INDUSTRY"}, []),
    ],
)
def test_sponsors_of_a_search_list_are_told_apart_by_as_many_types(
    names: str, types: str, lead: dict[str, str], others: list[str]
) -> None:
    found = study(record(sponsor=names, sponsorType=types))["protocolSection"]["sponsorCollaboratorsModule"]
    assert found["leadSponsor"] == lead
    assert [one["name"] for one in found.get("collaborators", ())] == others


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ("Pharmaceutical company, Pharmaceutical company", "INDUSTRY"),
        ("Pharmaceutical company, Non-Pharmaceutical Company", "INDUSTRY"),
        ("Industry", "INDUSTRY"),
        ("Pharmaceutical company, Hospital/Clinic/Other health care facility", None),
        ("Laboratory/Research/Testing facility", None),
    ],
)
def test_a_search_list_gives_the_types_of_all_sponsors(types: str, expected: str | None) -> None:
    """The portal's list joins them with commas, the same one twice where there are two sponsors: that was no class."""
    found = study(record(sponsor="Tea Ltd", sponsorType=types))["protocolSection"]["sponsorCollaboratorsModule"]
    assert found["leadSponsor"] == {"name": "Tea Ltd", **({"class": expected} if expected else {})}


def test_contacts_and_sites_once_each_with_what_is_said_of_them() -> None:
    one = {"functionalName": "Info", "telephone": "1", "functionalEmailAddress": "a@example.org"}
    nobody = {"functionalName": "N/A"}
    address = {"city": "Ghent", "postcode": "9000", "countryName": "Belgium"}
    info = {"phone": "3", "email": "c@example.org", "organisation": {"name": "Clinic"}, "address": address}
    parts = [
        {
            "mscInfo": {"mscName": "Belgium", "organisationInfo": {"memberStateCountryCode": "BE"}},
            "trialSites": [
                {"personInfo": {"lastName": "Leaf", "telephone": "2"}, "organisationAddressInfo": info},
                {"personInfo": {"firstName": "Ada", "lastName": "Cup", "email": "b@example.org"}},
            ],
        },
        {"mscInfo": {"mscName": "Italy"}},
    ]
    part = {
        "sponsors": [sponsor("Tea", primary=True, publicContacts=[one, nobody], scientificContacts=[dict(one)])],
        "rowCountriesInfo": [{"name": "Chile", "isoAlpha2Code": "CL"}, {"name": "N/A"}],
    }
    assert protocol(part, authorizedPartsII=parts)["contactsLocationsModule"] == {
        "centralContacts": [{"name": "Info", "phone": "1", "email": "a@example.org", "role": "CONTACT"}],
        "locations": [
            {"facility": "Clinic", "city": "Ghent", "zip": "9000", "country": "Belgium", "countryCode": "BE",
             "contacts": [{"name": "Leaf", "phone": "2", "email": "c@example.org", "role": "CONTACT"}]},
            {"country": "Belgium", "countryCode": "BE",
             "contacts": [{"name": "Ada Cup", "email": "b@example.org", "role": "CONTACT"}]},
            {"country": "Italy"},
            {"country": "Chile", "countryCode": "CL"},
        ],
    }  # fmt: skip


def test_a_site_without_a_person_has_the_contact_of_its_address() -> None:
    parts = [{"trialSites": [{"organisationAddressInfo": {"phone": "3"}}, {"organisationAddressInfo": {"email": "e"}}]}]
    assert protocol({}, authorizedPartsII=parts)["contactsLocationsModule"]["locations"] == [
        {"contacts": [{"phone": "3", "role": "CONTACT"}]},
        {"contacts": [{"email": "e", "role": "CONTACT"}]},
    ]


def test_a_sites_own_number_is_kept_beside_that_of_its_person() -> None:
    """The phone and e-mail of a site's address were read only where its person had none; otherwise they were lost
    without a word, also where they were others."""
    person = {"lastName": "Leaf", "telephone": "2", "email": "Leaf@example.org"}
    address = {"phone": "3", "email": "leaf@example.org"}
    parts = [{"trialSites": [{"personInfo": person, "organisationAddressInfo": address}]}]
    found = study(with_part({}, authorizedPartsII=parts))
    (location,) = found["protocolSection"]["contactsLocationsModule"]["locations"]
    assert location["contacts"] == [{"name": "Leaf", "phone": "2", "email": "Leaf@example.org", "role": "CONTACT"}]
    (kept,) = found["registrySection"]["sourceFields"]
    assert kept["path"] == "authorizedApplication/authorizedPartsII/trialSites/organisationAddressInfo/phone"
    assert kept["value"] == "3"


def test_countries_and_translations_that_say_nothing_are_none() -> None:
    """A null in the list of countries was a member state, and a country of the trial, by the name of None; a blank
    translation was a row without a text."""
    blank = {"attributeTranslation": " ", "languageDescription": "Italian"}
    identifiers = {"clinicalTrialIdentifiers": {"fullTitleTranslations": [blank]}}
    found = study({**with_part({"trialDetails": identifiers}), "trialCountries": [None, " ", "Italy:4"]})
    assert [state["name"] for state in found["registrySection"]["ctis"][0]["memberStates"]] == ["Italy"]
    assert [one["country"] for one in found["protocolSection"]["contactsLocationsModule"]["locations"]] == ["Italy"]
    assert "translations" not in found["registrySection"]["ctis"][0]


def test_events_of_a_member_state_in_several_items() -> None:
    """The last item took the place of those before it."""
    start, halt = ({"notificationType": kind, "date": "2024-01-02"} for kind in ("START_OF_TRIAL", "TRIAL_HALT"))
    told = [{"mscName": "Italy", "events": [start]}, {"mscName": "Italy", "events": [halt]}]
    found = study(record(events={"trialEvents": told}))
    (state,) = found["registrySection"]["ctis"][0]["memberStates"]
    assert [event["type"] for event in state["events"]] == ["START_OF_TRIAL", "TRIAL_HALT"]


def test_arms_of_one_title_are_one_in_all_periods() -> None:
    periods = [
        {"armDetails": [{"title": "Tea", "description": "Hot"}, {"title": "N/A", "description": "Nobody"}]},
        {"armDetails": [{"title": "Tea", "description": "Cold"}, {"title": "Water"}]},
    ]
    part = {"trialDetails": {"protocolInformation": {"studyDesign": {"periodDetails": periods}}}}
    assert protocol(part)["armsInterventionsModule"]["armGroups"] == [
        {"label": "Tea", "description": "Hot"},
        {"label": "Water"},
    ]


def product(name: str | None, *origins: str, by: str = "substanceOrigin", **more: Any) -> Struct:
    """A product, of substances of these origins."""
    return {"productDictionaryInfo": {"prodName": name, "productSubstances": [{by: one} for one in origins], **more}}


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (product("Tea", "Chemical"), "DRUG"),
        (product("Tea", "Chemical", by="actSubstOrigin"), "DRUG"),
        (product("Tea", "Biological", "Biological - Recombinant"), "BIOLOGICAL"),
        (product("Tea", "Chemical", "Biological"), None),
        (product("Tea", ""), None),
        (product("Tea"), None),
    ],
)
def test_the_type_of_a_product_is_that_of_all_its_substances(made: Struct, kind: str | None) -> None:
    (only,) = protocol({"products": [made]})["armsInterventionsModule"]["interventions"]
    assert only == ({"name": "Tea", "type": kind} if kind else {"name": "Tea"})


def test_products_named_alike_are_one_with_all_their_names() -> None:
    products = [
        product("Tea", activeSubstanceName="Theine", sponsorProductCode="T-1"),
        product("TEA", "Chemical", activeSubstanceName="THEINE", activeSubstanceOtherDescriptiveName="Caffeine"),
        product("N/A"),
        {"productName": "Water", "nameDisplay": "water"},
    ]
    assert protocol({"products": products})["armsInterventionsModule"]["interventions"] == [
        {"name": "Tea", "type": "DRUG", "otherNames": ["Theine", "T-1", "Caffeine"]},
        {"name": "Water"},
    ]


@pytest.mark.parametrize(
    ("record_of", "names"),
    [
        (record(product="Tea"), ["Tea"]),
        (record(product="N/A"), []),
        ({**with_part({"products": [{"productName": "N/A"}]}), "product": "Tea"}, []),
        ({**with_part({"products": [{"productName": "Water"}]}), "product": "Tea"}, ["Water"]),
    ],
    ids=["a search list's", "nothing", "the record lists products", "the record names them"],
)
def test_a_search_lists_product_stands_in_where_the_record_lists_none(record_of: Struct, names: list[str]) -> None:
    module = study(record_of)["protocolSection"].get("armsInterventionsModule", {})
    assert [one["name"] for one in module.get("interventions", [])] == names


def test_references_are_numbers_of_pubmed_and_links() -> None:
    details = {"pubmedCode": ["123", " 456 ", "PMC7", 789], "pubmedUrl": ["https://example.org/1", "N/A", 3]}
    assert protocol({"trialDetails": details})["referencesModule"] == {
        "references": [{"pmid": "123"}, {"pmid": "456"}, {"pmid": "789"}],
        "seeAlsoLinks": [{"url": "https://example.org/1"}],
    }
