"""Sponsors, responsible party, officials, contacts, sites, countries: who and where, also when lines are missing."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.readers.page_text import PageReading, read_page
from pipelines.readers.page_text.places import read_place

from .builders import got, read_section, section

LABELLED = [
    "Breeze Pharma",
    "INDUSTRY",
    "Sponsor Role collaborator",
    "Harbour University",
    "OTHER",
    "Sponsor Role lead",
]


def sponsors(reading: PageReading) -> dict[str, Any]:
    return {
        name: got(reading, name) for name in ("page.sponsors", "leadSponsor.name", "leadSponsor.class", "collaborators")
    }


def with_party(lines: list[str], party: list[str]) -> PageReading:
    return read_page(section("sponsors", *lines) + "\n\n" + section("responsible", *party))


# --- sponsors ---


def test_roles_say_who_leads() -> None:
    told = sponsors(read_section("sponsors", *LABELLED))
    assert told["leadSponsor.name"] == ("Harbour University", "present")
    assert told["leadSponsor.class"] == ("OTHER", "present")
    assert told["collaborators"] == ([{"name": "Breeze Pharma", "class": "INDUSTRY"}], "present")


def test_lead_may_stand_first() -> None:
    told = sponsors(read_section("sponsors", *LABELLED[3:], *LABELLED[:3]))
    assert told["leadSponsor.name"] == ("Harbour University", "present")


@pytest.mark.parametrize("apart", [True, False])
def test_role_label_and_role_on_one_line_or_two(apart: bool) -> None:
    lines = [line.replace("Sponsor Role ", "Sponsor Role\n\n" if apart else "Sponsor Role: ") for line in LABELLED]
    assert sponsors(read_section("sponsors", *lines)) == sponsors(read_section("sponsors", *LABELLED))


def test_unknown_is_a_class_here_and_a_status_there() -> None:
    text = section("basic", "UNKNOWN") + "\n\n" + section("sponsors", "Breeze Pharma", "UNKNOWN", "Sponsor Role lead")
    assert got(read_page(text), "leadSponsor.class") == ("UNKNOWN", "present")
    assert got(read_page(text), "overallStatus") == ("UNKNOWN", "present_unlabelled")


def test_a_single_lead_has_no_collaborators() -> None:
    told = sponsors(read_section("sponsors", "Harbour University", "OTHER", "Sponsor Role lead"))
    assert told["collaborators"] == ([], "absent")


BARE = ["Breeze Pharma", "INDUSTRY", "Quilla Marrow", "OTHER", "Harbour University", "OTHER"]


@pytest.mark.parametrize(
    ("party", "lead"),
    [
        (["Quilla Marrow", "MD"], "Quilla Marrow"),
        (["Ossian Petrel", "Professor", "Breeze Pharma"], "Breeze Pharma"),
        ([], "Harbour University"),
        (["Ossian Petrel", "Professor", "Institute of Tides"], None),
    ],
    ids=["the-responsible-person", "who-employs-them", "the-last", "someone-else-is-responsible"],
)
def test_lead_without_roles_needs_something_that_vouches(party: list[str], lead: str | None) -> None:
    told = sponsors(with_party(BARE, party))
    assert told["page.sponsors"][1] == "present_unlabelled"
    assert told["leadSponsor.name"] == (lead, "inferred" if lead else "ambiguous")
    others = None if lead is None else [name for name in BARE[::2] if name != lead]
    assert (told["collaborators"][0] and [item["name"] for item in told["collaborators"][0]]) == others


def test_a_lost_name_damages_and_moves_no_class_to_a_neighbour() -> None:
    told = sponsors(read_section("sponsors", *LABELLED[1:]))
    assert told["page.sponsors"] == (
        [
            {"name": None, "class": "INDUSTRY", "role": "collaborator"},
            {"name": "Harbour University", "class": "OTHER", "role": "lead"},
        ],
        "damaged",
    )  # fmt: skip
    assert told["leadSponsor.name"] == ("Harbour University", "present")
    assert told["collaborators"] == (None, "damaged")
    bare = sponsors(read_section("sponsors", "Breeze Pharma", "INDUSTRY", "OTHER"))
    assert bare["page.sponsors"][1] == "damaged"
    assert bare["leadSponsor.name"] == (None, "ambiguous")


def test_the_lead_that_is_gone_is_not_replaced() -> None:
    told = sponsors(read_section("sponsors", *LABELLED[:3]))
    assert told["leadSponsor.name"] == (None, "absent")
    assert told["collaborators"][1] == "present"


def test_two_leads_are_ambiguous() -> None:
    told = sponsors(read_section("sponsors", *LABELLED[3:], "Institute of Tides", "OTHER", "Sponsor Role lead"))
    assert told["leadSponsor.name"] == (None, "ambiguous")


def test_an_empty_section_is_empty() -> None:
    assert {state for _, state in sponsors(read_section("sponsors")).values()} == {"empty"}


# --- responsible party ---


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        (["Responsibility Role SPONSOR"], {"type": "SPONSOR"}),
        (["Responsibility Role", "SPONSOR_INVESTIGATOR", "Quilla Marrow", "Chief Sailor", "Harbour University"],
         {"type": "SPONSOR_INVESTIGATOR", "investigatorFullName": "Quilla Marrow", "investigatorTitle": "Chief Sailor",
          "investigatorAffiliation": "Harbour University"}),
        (["Quilla Marrow", "MD"], {"investigatorFullName": "Quilla Marrow", "investigatorTitle": "MD"}),
        (["Quilla Marrow", "Professor of Medicine"],
         {"investigatorFullName": "Quilla Marrow", "investigatorTitle": "Professor of Medicine"}),
        (["Quilla Marrow", "Harbour University"],
         {"investigatorFullName": "Quilla Marrow", "investigatorAffiliation": "Harbour University"}),
        (["MD"], {"investigatorTitle": "MD"}),
        (["Quilla Marrow"], {"investigatorFullName": "Quilla Marrow"}),
        (["PRINCIPAL_INVESTIGATOR", "Quilla Marrow", "Sailor", "Pier 5"],
         {"type": "PRINCIPAL_INVESTIGATOR", "investigatorFullName": "Quilla Marrow", "investigatorTitle": "Sailor",
          "investigatorAffiliation": "Pier 5"}),
        (["Harbour University Hospital"], {}),
        (["Quilla Marrow", "Pier 5"], {}),
    ],
)  # fmt: skip
def test_responsible_party(lines: list[str], want: dict[str, str]) -> None:
    reading = read_section("responsible", *lines)
    module = reading.study.get("protocolSection", {}).get("sponsorCollaboratorsModule", {})
    assert module.get("responsibleParty", {}) == want


# --- officials ---


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        (["A Marrow, MD", "Role: STUDY_CHAIR", "Harbour University", "B Petrel, PhD", "Role: STUDY_DIRECTOR", "NIO"],
         [("A Marrow, MD", "STUDY_CHAIR", "Harbour University"), ("B Petrel, PhD", "STUDY_DIRECTOR", "NIO")]),
        (["A Marrow, MD", "Role: STUDY_CHAIR", "B Petrel, PhD", "Role: STUDY_DIRECTOR", "NIO"],
         [("A Marrow, MD", "STUDY_CHAIR", None), ("B Petrel, PhD", "STUDY_DIRECTOR", "NIO")]),
        (["A Marrow, MD", "Role: STUDY_CHAIR", "Harbour University", "Role: STUDY_DIRECTOR", "NIO"],
         [("A Marrow, MD", "STUDY_CHAIR", "Harbour University"), (None, "STUDY_DIRECTOR", "NIO")]),
        (["A Marrow, MD", "Harbour University", "B Petrel, PhD", "Role: STUDY_DIRECTOR"],
         [("A Marrow, MD", None, "Harbour University"), ("B Petrel, PhD", "STUDY_DIRECTOR", None)]),
        (["A Marrow, MD", "Role:", "STUDY_CHAIR"], [("A Marrow, MD", "STUDY_CHAIR", None)]),
        (["A Marrow, MD", "Harbour University", "B Petrel, PhD", "NIO"],
         [("A Marrow, MD", None, "Harbour University"), ("B Petrel, PhD", None, "NIO")]),
        (["Marrow", "Petrel", "Boats"], None),
        (["Marrow", "Role: STUDY_CHAIR", "Pier 5 of 7", "Role: STUDY_DIRECTOR"], None),
    ],
    ids=["two", "first-affiliation-lost", "second-name-lost", "first-role-lost", "role-apart", "roles-lost", "no-sign",
         "one-line-of-no-kind"],
)  # fmt: skip
def test_officials(lines: list[str], want: list[tuple[str | None, str | None, str | None]] | None) -> None:
    value, state = got(read_section("officials", *lines), "overallOfficials")
    if want is None:
        assert (value, state) == (None, "ambiguous")
    else:
        assert [tuple(item.values()) for item in value] == want
        assert state == ("present" if all(name for name, _, _ in want) else "damaged")


# --- contacts ---


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        (["A Marrow", "Role: CONTACT", "+99 12345678", "a@example.org"],
         [("A Marrow", "CONTACT", "+99 12345678", None, "a@example.org")]),
        (["A Marrow", "a@example.org"], [("A Marrow", None, None, None, "a@example.org")]),
        (["A Marrow", "555-010-7788 ext. 12"], [("A Marrow", None, "555-010-7788", "12", None)]),
        (["A Marrow", "Role: CONTACT", "555-010-7788", "Ext: 12"],
         [("A Marrow", "CONTACT", "555-010-7788", "12", None)]),
        (["A Marrow", "Phone: 555-010-7788", "Email: a@example.org"],
         [("A Marrow", None, "555-010-7788", None, "a@example.org")]),
        (["A Marrow", "Role:", "CONTACT", "Phone", "555-010-7788"],
         [("A Marrow", "CONTACT", "555-010-7788", None, None)]),
        (["A Marrow", "Role: CONTACT", "B Petrel, MD", "Role: CONTACT", "b@example.org"],
         [("A Marrow", "CONTACT", None, None, None), ("B Petrel, MD", "CONTACT", None, None, "b@example.org")]),
        (["A Marrow"], [("A Marrow", None, None, None, None)]),
    ],
)  # fmt: skip
def test_central_contacts(lines: list[str], want: list[tuple[str | None, ...]]) -> None:
    value, state = got(read_section("central", *lines), "centralContacts")
    assert [tuple(item.values()) for item in value] == want
    assert state == "present"


def test_a_contact_without_its_name_is_damaged() -> None:
    value, state = got(
        read_section("central", "A", "Role: CONTACT", "Role: CONTACT", "b@example.org"), "centralContacts"
    )
    assert state == "damaged"
    assert [item["name"] for item in value] == ["A", None]


def test_an_odd_telephone_line_makes_no_person() -> None:
    value, state = got(
        read_section("central", "A Marrow", "Role: CONTACT", "by mail only", "a@example.org"), "centralContacts"
    )
    assert [(item["name"], item["phone"]) for item in value] == [("A Marrow", "by mail only")]
    assert state == "damaged"


def test_facility_contacts_stay_on_the_page() -> None:
    reading = read_section(
        "facility", "Wren Dockside", "Role: primary", "555-010-7788 ext. 12", "Finn Jetty", "Role: backup"
    )
    assert reading.study["registrySection"]["page"]["facilityContacts"] == [
        {"name": "Wren Dockside", "role": "primary", "phone": "555-010-7788", "phoneExt": "12"},
        {"name": "Finn Jetty", "role": "backup"},
    ]
    assert "contactsLocationsModule" not in reading.study.get("protocolSection", {})


# --- places ---


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Bergen, Vestland, Norway", ("Bergen", "Vestland", None, "Norway")),
        ("Monaco, , Monaco", ("Monaco", None, None, "Monaco")),
        ("Boston, Massachusetts, 02115, United States", ("Boston", "Massachusetts", "02115", "United States")),
        ("Oslo, 0424, Norway", ("Oslo", None, "0424", "Norway")),
        ("Seoul, , Korea, Republic of", ("Seoul", None, None, "Korea, Republic of")),
        ("Oranjestad, , Moldova, Republic of", ("Oranjestad", None, None, "Moldova, Republic of")),
        (", , Norway", (None, None, None, "Norway")),
        ("Upper Quay, Bath, , United Kingdom", ("Upper Quay, Bath", None, None, "United Kingdom")),
        ("Cove, Cove, Region of, Spain", ("Cove, Cove, Region of", None, None, "Spain")),
        ("Paris, Cedex 12, France", ("Paris", "Cedex 12", None, "France")),
        ("Bath, Somerset, BA3 2UH, United Kingdom", ("Bath", "Somerset", "BA3 2UH", "United Kingdom")),
        ("Port Nowhere, , Atlantis", ("Port Nowhere", None, None, "Atlantis")),
    ],
)  # fmt: skip
def test_place_lines(text: str, want: tuple[str | None, ...]) -> None:
    place = read_place(text)
    assert place is not None
    assert tuple(place.values()) == want


@pytest.mark.parametrize(
    "text", ["Harbour Clinic", "Department of Neurology, Harbour Clinic", "Norway", "A, B, C, D, E, Norway"]
)
def test_what_is_no_place_line(text: str) -> None:
    assert read_place(text) is None


@pytest.mark.parametrize(
    ("lines", "want", "state"),
    [
        (["Harbour Clinic", "Bergen, , Norway", "Site Status",
          "Pier Hospital", "Oslo, , Norway", "Site Status", "COMPLETED"],
         [("Harbour Clinic", None, "Bergen"), ("Pier Hospital", "COMPLETED", "Oslo")], "present"),
        (["Harbour Clinic", "Bergen, , Norway", "RECRUITING", "Pier Hospital", "Oslo, , Norway"],
         [("Harbour Clinic", "RECRUITING", "Bergen"), ("Pier Hospital", None, "Oslo")], "present"),
        (["Harbour Clinic", "Bergen, , Norway", "Site Status: RECRUITING"],
         [("Harbour Clinic", "RECRUITING", "Bergen")], "present"),
        (["Marina Clinic, Singapore", "Singapore, , Singapore"],
         [("Marina Clinic, Singapore", None, "Singapore")], "present"),
        (["Harbour Clinic", "Pier Hospital", "Oslo, , Norway"],
         [("Harbour Clinic", None, None), ("Pier Hospital", None, "Oslo")], "damaged"),
        (["Harbour Clinic", "Cove, Cove, Region of, Spain"],
         [("Harbour Clinic", None, "Cove, Cove, Region of")], "ambiguous"),
        (["Bergen, , Norway", "Oslo, , Norway"], [(None, None, "Bergen"), (None, None, "Oslo")], "damaged"),
    ],
    ids=["status-label", "bare-status", "inline-status", "facility-with-country", "place-lost", "comma-in-a-name",
         "facilities-lost"],
)  # fmt: skip
def test_locations(lines: list[str], want: list[tuple[str | None, ...]], state: str) -> None:
    value, have = got(read_section("locations", *lines), "locations")
    assert [(item["facility"], item["status"], item["city"]) for item in value] == want
    assert have == state


@pytest.mark.parametrize(
    ("lines", "want", "state"),
    [
        (["Norway"], ["Norway"], "present"),
        (["Norway", "Korea, Republic of"], ["Norway", "Korea, Republic of"], "present"),
        (["Norway United States South Africa"], ["Norway", "United States", "South Africa"], "damaged"),
        (["Norway, Italy"], ["Norway", "Italy"], "damaged"),
        (["Atlantis"], ["Atlantis"], "present"),
        (["Some words that are not any country"], ["Some words that are not any country"], "damaged"),
    ],
)
def test_countries(lines: list[str], want: list[str], state: str) -> None:
    assert got(read_section("countries", *lines), "page.countries") == (want, state)


def test_countries_end_where_contacts_begin() -> None:
    """The contacts' heading is lost: nobody becomes a country."""
    reading = read_section("countries", "Norway", "A Marrow", "Role: CONTACT", "a@example.org")
    assert got(reading, "page.countries") == (["Norway"], "present")
    assert got(reading, "centralContacts")[0][0]["name"] == "A Marrow"
