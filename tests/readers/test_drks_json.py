"""DRKS JSON: two languages, what several fields say together, containers, damage, the real record and the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from expectations.countries import COUNTRY_NAMES
from pipelines.landing.member import Member
from pipelines.readers import READERS, read_file, recognise
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.drks_json import READER
from pipelines.readers.mapping import load_mapping
from pipelines.readers.reasons import NO_IDENTITY
from pipelines.sample import make_study
from pipelines.sample.render import drks_json as rendering
from pipelines.settings import Limits
from pipelines.staging.identity import identify
from pipelines.staging.inspect import RecordRefused

Json = dict[str, Any]


def read(data: bytes, limits: Limits | None = None) -> list[RawRecord | BadRecord]:
    return list(READER.read(Member.of_bytes("a.json", data), limits or Limits()))


def study(**parts: Any) -> Json:
    record = {"drksId": "DRKS00012345", "trialDescriptions": [], **parts}
    (found,) = read(json.dumps(record).encode())
    assert isinstance(found, RawRecord), found
    assert found.study is not None
    return found.study


def states(found: Json) -> dict[str, str]:
    return {one["field"].rpartition(".")[2]: one["state"] for one in found["registrySection"].get("fieldStates", ())}


def text(locale: str | None, **fields: str | None) -> Json:
    return {"idLocale": {"locale": locale}, **fields}


def test_english_fills_the_study_and_german_is_kept() -> None:
    found = study(trialDescriptions=[text("de", title="Titel", summary="D"), text("en", title="Title", summary="E")])
    assert found["protocolSection"]["identificationModule"]["briefTitle"] == "Title"
    assert found["protocolSection"]["descriptionModule"]["briefSummary"] == "E"
    assert found["registrySection"]["drks"][0]["texts"] == [{"locale": "de", "title": "Titel", "summary": "D"}]


def test_german_fills_what_english_leaves_out() -> None:
    found = study(trialDescriptions=[text("de", title="Titel", summary="D"), text("en", title="Title", summary=None)])
    assert found["protocolSection"]["identificationModule"]["briefTitle"] == "Title"
    assert found["protocolSection"]["descriptionModule"]["briefSummary"] == "D"
    assert found["registrySection"]["drks"][0]["texts"][0]["summary"] == "D"


def test_texts_of_one_language_come_together_from_all_parts() -> None:
    found = study(
        trialDescriptions=[text("de", title="Titel")],
        recruitment={"recruitmentDescriptions": [text("de", inclusionCriteria="ja\r\nauch", exclusionCriteria="nein")]},
    )
    (german,) = found["registrySection"]["drks"][0]["texts"]
    assert german == {"locale": "de", "title": "Titel", "inclusionCriteria": "ja\nauch", "exclusionCriteria": "nein"}
    criteria = found["protocolSection"]["eligibilityModule"]["eligibilityCriteria"]
    assert criteria == "Inclusion Criteria:\nja\nauch\n\nExclusion Criteria:\nnein"


def test_conditions_by_description_else_by_code() -> None:
    def condition(code: str | None, *descriptions: Json) -> Json:
        return {
            "catalog": "ICD10",
            "code": code,
            "studiedHealthConditionDescriptions": list(descriptions),
            "type": "MAIN",
        }

    found = study(
        studiedHealthConditions=[
            condition("C20", text("de", comment="Rektum"), text("en", comment="Rectum")),
            condition("C21"),
            condition(None, text("de", comment="Nur deutsch"), text("en", comment=None)),
        ]
    )
    assert found["protocolSection"]["conditionsModule"]["conditions"] == ["Rectum", "C21", "Nur deutsch"]
    assert [one.get("code") for one in found["registrySection"]["drks"][0]["conditions"]] == ["C20", "C21", None]


def test_arms_by_number() -> None:
    groups = [
        {"comment": comment, "idArm": {"arm": arm, "locale": locale}}
        for arm, locale, comment in ((2, "en", "B"), (2, "de", "b"), (1, "de", "a"), (1, "en", None), (3, "en", None))
    ]
    arms = study(observationalGroups=groups)["protocolSection"]["armsInterventionsModule"]["armGroups"]
    assert arms == [{"label": "Arm 1", "description": "a"}, {"label": "Arm 2", "description": "B"}]


@pytest.mark.parametrize(
    ("dates", "start"),
    [
        (
            {"actualStartDate": "2025-11-01", "scheduledStartDate": "2025-10-01"},
            {"date": "2025-11-01", "type": "ACTUAL"},
        ),
        ({"actualStartDate": None, "scheduledStartDate": "2025-10-01"}, {"date": "2025-10-01", "type": "ESTIMATED"}),
        ({"actualStartDate": None}, None),
        ({"actualStartDate": "2025-11"}, None),
        ({"actualStartDate": "2025-02-30"}, None),
    ],
)
def test_actual_dates_before_planned_ones(dates: Json, start: Json | None) -> None:
    found = study(recruitment=dates)
    status = found.get("protocolSection", {}).get("statusModule", {})
    assert status.get("startDateStruct") == start
    if dates["actualStartDate"] and start is None:
        assert states(found).keys() == {"actualStartDate"}


@pytest.mark.parametrize(
    ("sizes", "enrollment"),
    [
        ({"plannedParticipants": 50, "totalParticipants": 48}, {"count": 48, "type": "ACTUAL"}),
        ({"plannedParticipants": 50, "totalParticipants": None}, {"count": 50, "type": "ESTIMATED"}),
        ({"plannedParticipants": 50, "totalParticipants": 0}, {"count": 0, "type": "ACTUAL"}),
    ],
)
def test_final_size_before_target(sizes: Json, enrollment: Json) -> None:
    assert study(recruitment=sizes)["protocolSection"]["designModule"]["enrollmentInfo"] == enrollment


@pytest.mark.parametrize(
    ("age", "read_as"),
    [
        ({"amount": 18, "unit": "YEARS"}, "18 Years"),
        ({"amount": 1, "unit": "MONTHS"}, "1 Month"),
        ({"amount": None, "unit": "NO_MIN_AGE"}, None),
        ({"amount": 32, "unit": "WEEK_OF_PREGNANCY"}, "ambiguous"),
        ({"amount": 18, "unit": None}, "ambiguous"),
    ],
)
def test_ages(age: Json, read_as: str | None) -> None:
    found = study(recruitment={"minimumAge": age})
    module = found.get("protocolSection", {}).get("eligibilityModule", {})
    assert (module.get("minimumAge") or states(found).get("minimumAge")) == read_as
    said = " ".join(str(word) for word in age.values() if word is not None)
    assert found["registrySection"]["drks"][0]["minimumAge"] == said  # a number without its unit went, without a word


@pytest.mark.parametrize(
    ("kind", "roles", "masking"),
    [
        ("OPEN", [], "NONE"),
        ("BLINDED", ["PATIENT_SUBJECT"], "SINGLE"),
        ("BLINDED", ["PATIENT_SUBJECT", "INVESTIGATOR_THERAPIST", "CAREGIVER", "ASSESSOR"], "QUADRUPLE"),
        ("BLINDED", ["PATIENT_SUBJECT", "DATA_ANALYST"], "ambiguous"),
        ("BLINDED", ["ASSESSOR"] * 2, "SINGLE"),
        ("BLINDED", ["ASSESSOR"] * 5, "SINGLE"),
        ("BLINDED", [], "ambiguous"),
        (None, [], "empty"),
    ],
)
def test_masking_by_the_number_of_roles(kind: str | None, roles: list[str], masking: str | None) -> None:
    """A role that was listed twice counted twice (DOUBLE), and five times made the reader fail: the schema's list says
    nothing of each role once."""
    who = [{"idBlindingWho": {"blindingWho": role}} for role in roles]
    found = study(studyCharacteristic={"blindingType": kind, "blindingWhoList": who})
    info = found.get("protocolSection", {}).get("designModule", {}).get("designInfo", {}).get("maskingInfo", {})
    assert (info.get("masking") or states(found).get("masking")) == masking


def test_what_the_register_shows_empty_is_missing_there_and_what_it_leaves_out_is_not() -> None:
    """DRKS00038775 shows its number of participants as null, and no rule noticed (2026-11-22)."""
    shown = study(recruitment={"plannedParticipants": None, "totalParticipants": None}, studiedHealthConditions=[])
    assert states(shown) == {"count": "empty", "conditions": "empty"}
    assert states(study(recruitment={"plannedParticipants": None, "totalParticipants": 12})) == {}
    assert states(study(recruitment={"gender": "ALL"})) == {}
    two_languages = [text("de", title=None), text("en", title=" ")]
    assert states(study(trialDescriptions=two_languages)) == {"briefTitle": "empty"}
    assert states(study(trialDescriptions=[text("de", title="Titel"), text("en", title=None)])) == {}


def test_numbers_with_their_schemes_and_related_trials_apart() -> None:
    found = study(
        secondaryIds={
            "eudraCtNumber": "2020-123456-36",
            "universalTrialNumber": "U1111-1111-4101",
            "otherPrimaryRegisterId": "NCT01234567",
            "otherPrimaryRegisterName": "ClinicalTrials.gov",
        },
        otherSecondaryIds=[{"description": "University", "value": "X-1"}],
        trialResults={"relatedDrksTrials": [{"description": "extension", "drksId": "DRKS00099999"}]},
    )
    infos = found["protocolSection"]["identificationModule"]["secondaryIdInfos"]
    assert [(one["id"], one["domain"]) for one in infos] == [
        ("2020-123456-36", "EudraCT"),
        ("U1111-1111-4101", "WHO UTN"),
        ("NCT01234567", "ClinicalTrials.gov"),
        ("X-1", "University"),
    ]
    assert found["registrySection"]["drks"][0]["relatedTrials"][0]["drksId"] == "DRKS00099999"
    assert identify(found, READER).record_key == "DRKS:DRKS00012345"


def contact(kind: str, other: str | None = None, **fields: str) -> Json:
    return {"contact": fields, "idContactIdType": {"type": kind}, "otherType": other}


def test_people_and_organisations_by_their_roles() -> None:
    found = study(
        trialContacts=[
            contact("PRIMARY_SPONSOR", affiliation="S", lastName="X"),
            contact("SECONDARY_SPONSOR", affiliation="T"),
            contact("PUBLIC_QUERIES", title="Dr.", firstName="A", lastName="B", phone="1"),
            contact("SCIENTIFIC_QUERIES", title="Dr.", firstName="A", lastName="B", phone="1"),
            contact("COLLABORATOR_OTHER_ADDRESS", "OTHER_PRINCIPAL_COORDINATING_INVESTIGATOR", lastName="P"),
            contact("COLLABORATOR_OTHER_ADDRESS", lastName="Q"),
        ],
        materialSupports=[
            {"contact": {"affiliation": "S"}, "type": "INSTITUTIONAL"},
            {"contact": {"affiliation": "V GmbH"}, "type": "COMMERCIAL"},
        ],
    )
    section = found["protocolSection"]
    assert section["sponsorCollaboratorsModule"] == {
        "leadSponsor": {"name": "S"},
        "collaborators": [{"name": "T"}, {"name": "V GmbH", "class": "INDUSTRY"}],
    }
    people = section["contactsLocationsModule"]
    assert people["centralContacts"] == [{"name": "Dr. A B", "role": "CONTACT", "phone": "1"}]
    assert people["overallOfficials"] == [{"name": "P", "role": "PRINCIPAL_INVESTIGATOR"}]
    assert len(found["registrySection"]["drks"][0]["contacts"]) == 6


def test_a_commercial_supporter_is_industry_in_whatever_role_it_stands() -> None:
    """A sponsor's contact says nothing of its kind: a company that sponsors and pays was of no class."""
    found = study(
        trialContacts=[
            contact("PRIMARY_SPONSOR", affiliation="S GmbH"),
            contact("PRIMARY_SPONSOR", affiliation="Another"),
            contact("SECONDARY_SPONSOR", affiliation="T GmbH"),
            contact("SECONDARY_SPONSOR", title="Dr.", lastName="U"),
            contact("SECONDARY_SPONSOR", phone="1"),
            contact("COLLABORATOR_OTHER_ADDRESS", "OTHER_", lastName="Q"),
        ],
        materialSupports=[
            {"contact": {"affiliation": "S GmbH"}, "type": "COMMERCIAL"},
            {"contact": {"affiliation": "T GmbH"}, "type": "COMMERCIAL"},
            {"contact": {"affiliation": "Ministry"}, "type": "PUBLIC_FUNDING"},
            {"contact": {"city": "Ulm"}, "type": "COMMERCIAL"},
        ],
    )
    assert found["protocolSection"] == {
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": "S GmbH", "class": "INDUSTRY"},
            "collaborators": [{"name": "T GmbH", "class": "INDUSTRY"}, {"name": "Dr. U"}, {"name": "Ministry"}],
        }
    }


def test_nobody_leads_without_a_primary_sponsor_and_an_organisation_can_be_the_contact() -> None:
    found = study(
        trialContacts=[
            contact("PUBLIC_QUERIES", affiliation="Desk", email="a@example.org"),
            contact("SCIENTIFIC_QUERIES", phone="1"),
        ],
        materialSupports=[{"contact": {"affiliation": "Fund"}, "type": "PRIVATE_SPONSORSHIP"}],
    )
    assert found["protocolSection"]["sponsorCollaboratorsModule"] == {"collaborators": [{"name": "Fund"}]}
    contacts = found["protocolSection"]["contactsLocationsModule"]["centralContacts"]
    assert contacts == [{"name": "Desk", "role": "CONTACT", "email": "a@example.org"}]


def test_countries_with_codes() -> None:
    found = study(recruitment={"countries": [{"idCountry": {"code": "DE"}}, {"idCountry": {"code": "XX"}}]})
    assert found["registrySection"]["recruitmentCountries"] == [
        {"country": "Germany", "countryCode": "DE"},
        {"countryCode": "XX"},
    ]


def test_a_second_english_text_is_not_lost() -> None:
    """The schema allows several texts in one language; only the first fills the study's own field."""
    found = study(
        trialDescriptions=[text("en", title="One", summary="S"), text("en", title="Two")],
        observationalGroups=[{"idArm": {"arm": 1, "locale": "en"}, "comment": said} for said in ("First", "Second")],
    )
    assert found["protocolSection"]["identificationModule"]["briefTitle"] == "One"
    section = found["registrySection"]["drks"][0]
    assert section["texts"] == [{"locale": "en", "title": "Two"}]
    assert section["groups"] == [{"arm": 1, "locale": "en", "comment": "Second"}]


def test_every_country_of_the_world_has_its_name() -> None:
    """The list had Europe and some others: Turkey, South Korea and Russia were countries called TR, KR and RU."""
    names = load_mapping("drks_json").words["country"]
    assert len(names) == 250
    assert (names["TR"], names["KR"], names["RU"], names["NO"]) == ("Turkey", "South Korea", "Russia", "Norway")
    assert [name for name in names.values() if name not in COUNTRY_NAMES] == []


def test_an_unknown_word_is_null_with_a_state() -> None:
    found = study(recruitment={"status": "DORMANT"})
    assert states(found) == {"overallStatus": "ambiguous"}
    assert found["registrySection"]["drks"][0]["recruitmentStatus"] == "DORMANT"


def test_what_nobody_foresaw_is_not_lost() -> None:
    assert study(novelty={"a": True})["drks_json:novelty/a"] is True


def test_a_record_without_an_id_has_no_identity() -> None:
    with pytest.raises(RecordRefused) as refusal:
        identify(study(drksId=None), READER)
    assert refusal.value.code == NO_IDENTITY


def test_containers() -> None:
    records = json.loads(rendering.render_file([make_study(61, index) for index in range(4)]))
    for data in (
        json.dumps(records).encode(),
        json.dumps(records, indent=4).encode(),
        b"\n".join(json.dumps(one).encode() for one in records),
        b"\n".join(json.dumps(one, indent=4).encode() for one in records),
        json.dumps({"total": 4, "trials": records}).encode(),
    ):
        assert recognise(data[:65536]) is READER
        given = read(data)
        assert [type(record) for record in given] == [RawRecord] * 4
        assert [json.loads(record.raw) for record in given] == records  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda line: line[:-300], "truncated_json"),
        (lambda line: line.replace(b'"lastUpdate":', b'"lastUpdate" ', 1), "malformed_json"),
        (lambda line: line.replace(b"Ethik", b"\xe4thik", 1), "not_utf8"),
        (lambda line: line[:-1] + b',"url":"again"}', "duplicate_key"),
        (lambda line: line.replace(b"Ethik", b"\0thik", 1), "malformed_json"),
    ],
    ids=["cut", "colon lost", "not UTF-8", "a name twice", "NUL"],
)
def test_damage_costs_one_record(damage: Any, code: str) -> None:
    records = json.loads(rendering.render_file([make_study(62, index) for index in range(3)]))
    lines = [json.dumps(one, ensure_ascii=False).encode() for one in records]
    given = read(b"\n".join([lines[0], damage(lines[1]), lines[2]]))
    assert [type(record) for record in given] == [RawRecord, BadRecord, RawRecord]
    bad = given[1]
    assert isinstance(bad, BadRecord)
    assert (bad.reason_code, bad.position, bad.registry_id) == (code, 2, records[1]["drksId"])


def test_a_broken_record_in_a_list_costs_one_record() -> None:
    records = json.loads(rendering.render_file([make_study(63, index) for index in range(3)]))
    texts = [json.dumps(one).encode() for one in records]
    given = read(b"[" + texts[0] + b"," + texts[1][:-900] + b"," + texts[2] + b"]")
    assert [type(record) for record in given].count(RawRecord) == 2
    assert any(isinstance(record, BadRecord) for record in given)


def test_heads_of_other_formats_are_not_taken() -> None:
    head = rendering.render_file([make_study(1, 1)])[:65536]
    assert [reader.format for reader in READERS if reader.recognise(head)] == ["drks_json"]
    for other in (b'{"protocolSection": {}, "drksId": "x"}', b'{"drksId": "DRKS00000001"}', b"<drksId/>", b"[]", b""):
        assert not READER.recognise(other)


def test_the_real_record(shared_dir: Path) -> None:
    paths = sorted((shared_dir / "data" / "drks").glob("*.json"))
    assert paths
    for path in paths:
        ((reader, given),) = [(reader, list(found)) for reader, found in read_file(path, Limits())]
        assert reader is READER
        (record,) = given
        assert isinstance(record, RawRecord)
        found, source = record.study, json.loads(path.read_bytes())
        assert found is not None
        assert not [name for name in found if ":" in name]
        english = [one for one in source["trialDescriptions"] if one["idLocale"]["locale"] == "en"]
        assert found["protocolSection"]["identificationModule"]["briefTitle"] == english[0]["title"].strip()
        assert found["registrySection"]["recordId"] == source["drksId"]
        status = found["protocolSection"]["statusModule"]
        assert status["lastUpdatePostDateStruct"]["date"] == source["lastUpdate"]
        assert len(found["registrySection"]["drks"][0]["contacts"]) == len(source["trialContacts"])


def schema_paths(schema: Json, node: Json, path: str = "") -> Iterator[str]:
    """Every leaf of the register's published schema."""
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    if "properties" in node:
        for name, inner in node["properties"].items():
            yield from schema_paths(schema, inner, f"{path}/{name}" if path else name)
    elif "items" in node:
        yield from schema_paths(schema, node["items"], path)
    else:
        yield path


def test_the_mapping_names_every_field_of_the_published_schema(shared_dir: Path) -> None:
    schema = json.loads((shared_dir / "data" / "schemas" / "drks_schema.json").read_bytes())
    mapping = load_mapping("drks_json")

    def named(rows: Any, prefix: str = "") -> Iterator[str]:
        for row in rows:
            path = f"{prefix}/{row.source}" if prefix else row.source
            if row.rows:
                yield from named(row.rows, path)
            else:
                yield path

    known = set(named(mapping.rows))
    paths = set(schema_paths(schema, schema))
    assert len(paths) > 100
    assert {path for path in paths - known if not path.startswith("trialResults/publications/document/file/")} == set()


def test_the_schema_itself_is_no_record(shared_dir: Path) -> None:
    head = (shared_dir / "data" / "schemas" / "drks_schema.json").read_bytes()[:65536]
    assert not READER.recognise(head)


def test_the_mapping_knows_every_word_of_the_published_schema(shared_dir: Path) -> None:
    schema = json.loads((shared_dir / "data" / "schemas" / "drks_schema.json").read_bytes())
    words = load_mapping("drks_json").words

    def values(*path: str) -> set[str]:
        node = schema
        for name in path:
            node = node["properties"][name]
        return {value for one in node["anyOf"] for value in one.get("enum", ())}

    characteristic = ("studyCharacteristic",)
    assert values("recruitment", "status") <= set(words["status"])
    assert values("recruitment", "gender") <= set(words["sex"])
    for field in ("allocation", "assignment", "phase", "purpose"):
        assert values(*characteristic, field) <= set(words[field])
    assert values(*characteristic, "type") <= set(words["study_type"])
