"""Contacts and ethics reviews of ICTRP's exports: columns that hold a list each, put side by side."""

from __future__ import annotations

import pytest

from tests.readers.ictrp_files import module, own, states, study


def test_contacts_stand_side_by_side_only_where_the_columns_match() -> None:
    found = study(
        Contact_Firstname=" ; ; ",
        Contact_Lastname="A. Leaf, MD;B. Cup;B. Cup",
        Contact_Email=";b@example.org;b@example.org",
        Contact_Tel="-;1;1",
        Contact_Affiliation="Institute of Tea;",
    )
    assert module(found, "contactsLocationsModule")["centralContacts"] == [
        {"name": "B. Cup", "phone": "1", "email": "b@example.org"}
    ]
    assert own(found)["contacts"] == [
        {"lastName": "A. Leaf, MD", "affiliation": "Institute of Tea"},
        {"lastName": "B. Cup", "email": "b@example.org", "phone": "1"},
    ]


def test_affiliations_of_several_officials_are_told_apart() -> None:
    """Behind the officials' affiliations stands one semicolon for all contacts: the first official was given those of
    all, in one text."""
    found = study(
        Contact_Firstname=" ; ; ; ",
        Contact_Lastname="A. Leaf, MD;B. Cup;C. Pot;D. Kettle",
        Contact_Email=";;c@example.org;",
        Contact_Tel=";;;4",
        Contact_Affiliation="Institute of Tea;House of Cups;",
    )
    assert own(found)["contacts"] == [
        {"lastName": "A. Leaf, MD", "affiliation": "Institute of Tea"},
        {"lastName": "B. Cup", "affiliation": "House of Cups"},
        {"lastName": "C. Pot", "email": "c@example.org"},
        {"lastName": "D. Kettle", "phone": "4"},
    ]


@pytest.mark.parametrize(
    ("emails", "affiliation"),
    [
        (";b@example.org;;", "Institute; of Tea"),
        (";;;d@example.org", "Institute; of Tea; of Milk; and Cups;"),
        (";b@example.org;c@example.org;", "Institute; of Tea;"),
        (";;;", "Institute; of Tea;"),
        ("a@example.org;b@example.org;c@example.org;", "Institute;"),
    ],
    ids=[
        "no semicolon at the end",
        "more pieces than people",
        "the second can be reached",
        "nobody can be reached",
        "no officials",
    ],
)
def test_an_affiliation_with_a_semicolon_of_its_own_stays_whole(emails: str, affiliation: str) -> None:
    found = study(Contact_Lastname="A. Leaf;B. Cup;C. Pot;D", Contact_Email=emails, Contact_Affiliation=affiliation)
    said = [contact.get("affiliation") for contact in own(found)["contacts"]]
    assert said == [affiliation.rstrip(";"), None, None, None]


def test_a_column_that_says_nothing_is_no_contacts() -> None:
    """Semicolons alone, "N/A" for a phone, and an official of whom only the affiliation stands there."""
    found = study(
        "ISRCTN90000001",
        Public_Contact_Firstname=" ",
        Public_Contact_Lastname="Leaf",
        Public_Contact_Tel="; ; ;",
        Public_Contact_Affiliation="N/A;N/A",
        Scientific_Contact_Affiliation="Institute of Tea",
    )
    assert "contactsLocationsModule" not in found["protocolSection"]
    assert own(found)["contacts"] == [
        {"role": "public", "lastName": "Leaf", "affiliation": "N/A;N/A"},
        {"role": "scientific", "affiliation": "Institute of Tea"},
    ]


def test_scientific_contacts_are_officials_and_public_ones_central_contacts() -> None:
    found = study(
        "ISRCTN90000001",
        Public_Contact_Firstname="Ada",
        Public_Contact_Lastname="Leaf",
        Public_Contact_Email="a@example.org",
        Scientific_Contact_Firstname="Ben",
        Scientific_Contact_Lastname="Cup",
        Scientific_Contact_Affiliation="Institute; of Tea",
    )
    people = module(found, "contactsLocationsModule")
    assert people["centralContacts"] == [{"name": "Ada Leaf", "email": "a@example.org"}]
    assert people["overallOfficials"] == [{"name": "Ben Cup", "affiliation": "Institute; of Tea"}]
    assert [one["role"] for one in own(found)["contacts"]] == ["public", "scientific"]


def test_ethics_reviews_side_by_side() -> None:
    found = study(
        "NL-OMON90001",
        Ethics_review_status="Approved;Not approved",
        Ethics_review_approval_date="01/03/2021;06/05/2021",
        Ethics_review_contact_name=";",
        Ethics_review_contact_address="First board;Second board",
    )
    assert own(found)["ethicsReviews"] == [
        {"status": "Approved", "approvalDate": "2021-03-01", "contactAddress": "First board"},
        {"status": "Not approved", "approvalDate": "2021-05-06", "contactAddress": "Second board"},
    ]


def test_an_ethics_review_of_which_only_an_unreadable_date_is_told_is_none() -> None:
    found = study("NL-OMON90001", Ethics_review_approval_date="31/02/2021")
    assert "ethicsReviews" not in found["registrySection"].get("ictrp", [{}])[0]
    assert list(states(found).values()) == ["damaged"]


def test_supporters_are_named_unless_the_field_refers_to_the_sponsors() -> None:
    found = study(Source_Support="Tea Fund;Milk, Ltd; and Sons;N/A;Please refer to primary and secondary sponsors.")
    assert own(found)["sourceSupport"] == ["Tea Fund", "Milk, Ltd; and Sons"]
