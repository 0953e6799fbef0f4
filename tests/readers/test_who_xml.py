"""Records in the WHO's layout: whose they are, what stands where, several contacts, dates of each registry, damage."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.landing.member import Member
from pipelines.readers import recognise
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.reasons import MALFORMED_XML, NO_IDENTITY
from pipelines.readers.who_xml import READER
from pipelines.settings import Limits

Json = dict[str, Any]
IRCT = "IRCT20190900001N1"


def record(main: str = "", rest: str = "", own: str = IRCT) -> str:
    return f"<trial><main><trial_id>{own}</trial_id><reg_name>X</reg_name>{main}</main>{rest}</trial>"


def file(*records: str, root: str = "trials") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>{"".join(records)}</{root}>'.encode()


def read(data: bytes) -> list[RawRecord | BadRecord]:
    return list(READER.read(Member.of_bytes("a.xml", data), Limits()))


def study(main: str = "", rest: str = "", own: str = IRCT) -> Json:
    (found,) = read(file(record(main, rest, own)))
    assert isinstance(found, RawRecord), found
    assert found.study is not None
    return found.study


def test_what_the_export_joins_stands_apart_here_and_means_the_same() -> None:
    found = study(
        "<utrn>U1111-1000-0000</utrn><date_registration>2019-09-02T00:00:00</date_registration>"
        "<public_title>Tea for cough</public_title><date_enrolment>2019-10-01</date_enrolment>"
        "<type_enrolment>anticipated</type_enrolment><target_size>120</target_size>"
        "<recruitment_status>Recruiting</recruitment_status><study_type>interventional</study_type><phase>2</phase>"
        "<hc_freetext>Cough</hc_freetext><i_freetext>Tea</i_freetext><scientific_acronym>TEA</scientific_acronym>"
        "<results_actual_enrolment>118</results_actual_enrolment>",
        "<countries><country2>Iran (Islamic Republic of)</country2><country2>Iraq</country2></countries>"
        "<criteria><inclusion_criteria>Cough</inclusion_criteria><exclusion_criteria>Allergy</exclusion_criteria>"
        "<agemin>18 years</agemin><gender>Both</gender></criteria>"
        "<health_condition_keyword><hc_keyword>cough; throat</hc_keyword></health_condition_keyword>"
        "<health_condition_code><hc_code>R05</hc_code></health_condition_code>"
        "<secondary_outcome><sec_outcome>Sleep</sec_outcome><sec_outcome>Pain</sec_outcome></secondary_outcome>"
        "<secondary_ids><secondary_id><sec_id>NCT09000001</sec_id><issuing_authority>X</issuing_authority>"
        "</secondary_id></secondary_ids>",
    )
    protocol = found["protocolSection"]
    assert protocol["statusModule"] == {
        "startDateStruct": {"date": "2019-10-01", "type": "ESTIMATED"},
        "overallStatus": "RECRUITING",
        "studyFirstPostDateStruct": {"date": "2019-09-02"},
    }
    ids = [one["id"] for one in protocol["identificationModule"]["secondaryIdInfos"]]
    assert ids == ["U1111-1000-0000", "NCT09000001"]
    assert protocol["designModule"]["enrollmentInfo"] == {"count": 118, "type": "ACTUAL"}
    assert protocol["conditionsModule"] == {"conditions": ["Cough"], "keywords": ["cough", "throat"]}
    assert [one["country"] for one in protocol["contactsLocationsModule"]["locations"]] == [
        "Iran (Islamic Republic of)",
        "Iraq",
    ]
    assert protocol["eligibilityModule"] == {
        "minimumAge": "18 Years",
        "sex": "ALL",
        "eligibilityCriteria": "Inclusion Criteria:\nCough\n\nExclusion Criteria:\nAllergy",
    }
    assert [one["measure"] for one in protocol["outcomesModule"]["secondaryOutcomes"]] == ["Sleep", "Pain"]
    section = found["registrySection"]
    assert (section["registry"], section["recordId"]) == ("IRCT", IRCT)
    assert [(one["path"], one["value"]) for one in section["sourceFields"]] == [
        ("main/scientific_acronym", "TEA"),
        ("health_condition_code/hc_code", "R05"),
    ]


def test_contacts_of_each_kind_side_by_side() -> None:
    """A semicolon within an address must not make another contact of what stands behind it."""

    def contact(kind: str, first: str, address: str = "", email: str = "") -> str:
        return (
            f"<contact><type>{kind}</type><firstname>{first}</firstname><lastname>Y</lastname>"
            f"<address>{address}</address><city>Town</city><email>{email}</email></contact>"
        )

    found = study(
        rest="<contacts>"
        + contact("public", "Ann", "1 Road; North", "a@example.org")
        + contact("public", "Bob", email="b@example.org")
        + contact("scientific", "Dee")
        + "</contacts>"
    )
    said = found["registrySection"]["ictrp"][0]["contacts"]
    assert [(one["role"], one["firstName"], one["address"], one.get("email")) for one in said] == [
        ("public", "Ann", "1 Road, North, Town", "a@example.org"),
        ("public", "Bob", "Town", "b@example.org"),
        ("scientific", "Dee", "Town", None),
    ]
    module = found["protocolSection"]["contactsLocationsModule"]
    assert [one["name"] for one in module["centralContacts"]] == ["Ann Y", "Bob Y"]
    assert [one["name"] for one in module["overallOfficials"]] == ["Dee Y"]


@pytest.mark.parametrize(
    ("own", "registry", "start", "authorised"),
    [
        ("RBR-9aaaaaa", "REBEC", "2026-09-08", None),
        ("EUCTR2012-100001-91-DE", "EUCTR", None, "2026-09-08"),
        ("ITMCTR2020000001", "ITMCTR", None, None),  # which comes first is not known of this one
    ],
)
def test_dates_are_read_as_each_registry_writes_them(
    own: str, registry: str, start: str | None, authorised: str | None
) -> None:
    found = study("<date_enrolment>08/09/2026</date_enrolment>", own=own)
    status = found.get("protocolSection", {}).get("statusModule", {})
    assert found["registrySection"]["registry"] == registry
    assert status.get("startDateStruct", {}).get("date") == start
    assert found["registrySection"]["ictrp"][0].get("authorisationDate") == authorised


def test_elements_that_nobody_knows_are_not_lost() -> None:
    found = study("<new_field>a</new_field>", "<other_list><one>b</one></other_list><alone>c</alone>")
    unknown = {name: found[name] for name in found if name not in ("protocolSection", "registrySection")}
    assert unknown == {"who_xml:new_field": "a", "who_xml:other_list/one": "b", "who_xml:alone": "c"}


@pytest.mark.parametrize("root", ["trials", "root", "Trials"])
def test_files_are_told_by_their_layout(root: str) -> None:
    data = file(record(), record(own="RBR-9aaaaaa"), root=root)
    assert recognise(data) is READER
    assert [isinstance(one, RawRecord) for one in read(data)] == [True, True]


def test_the_layout_in_other_hands_is_not_taken() -> None:
    assert getattr(recognise(file(record(own="ChiCTR2000012345"))), "format", None) == "chictr_xml"
    assert recognise(file(record(own="no id at all"))) is None
    assert recognise(b"<trials><trial><main><title>T</title></main></trial></trials>") is None
    assert recognise(b"<html><main><trial_id>IRCT20190900001N1</trial_id></main></html>") is None


def test_damaged_records_are_told_apart_from_those_around_them() -> None:
    torn = record().replace("</main>", "</mein>")
    good, nameless, broken, last = read(file(record(), record(own="none"), torn, record(own="RBR-9aaaaaa")))
    assert isinstance(good, RawRecord)
    assert isinstance(last, RawRecord)
    assert isinstance(nameless, BadRecord)
    assert isinstance(broken, BadRecord)
    assert (nameless.reason_code, nameless.registry_id) == (NO_IDENTITY, None)
    assert (broken.reason_code, broken.registry_id) == (MALFORMED_XML, IRCT)
