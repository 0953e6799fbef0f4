"""JSON of CTIS: both layouts and the search list, told apart and brought together; nothing guessed, nothing lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from pipelines.readers import read_file
from pipelines.readers.base import BadRecord, Member, RawRecord
from pipelines.readers.ctis_json import read, recognise
from pipelines.readers.mapping import load_mapping
from pipelines.readers.mapping.table import Row
from pipelines.settings import Limits
from pipelines.study.record_ids import record_id

Struct = dict[str, Any]
NUMBER = "2023-512345-67-00"


def take(data: bytes | Struct | list[Struct]) -> list[RawRecord | BadRecord]:
    raw = data if isinstance(data, bytes) else orjson.dumps(data)
    return list(read(Member.of_bytes(None, raw), Limits()))


def study(record: Struct) -> Struct:
    """The study of one record."""
    (only,) = take(json.loads(json.dumps(record)))
    assert isinstance(only, RawRecord), only
    assert only.study is not None
    return only.study


def record(**more: Any) -> Struct:
    return {"ctNumber": NUMBER, "ctStatus": 4, **more}


def with_part(part: Struct, **more: Any) -> Struct:
    return record(authorizedApplication={"authorizedPartI": part, **more})


def with_information(information: Struct) -> Struct:
    return with_part({"trialDetails": {"trialInformation": information}})


def own(found: Struct) -> Struct:
    (only,) = found["registrySection"]["ctis"]
    return only  # type: ignore[no-any-return]


def unknown(found: Struct) -> Struct:
    return {name: value for name, value in found.items() if ":" in name}


def test_the_own_id_keeps_its_resubmission_suffix() -> None:
    section = study(record())["registrySection"]
    assert (section["registry"], section["recordId"]) == ("CTIS", NUMBER)
    own_id = record_id(section["recordId"], section["registry"])
    assert own_id is not None
    assert own_id.registry_id == NUMBER


def test_a_transitioned_trial_carries_its_other_numbers() -> None:
    numbers = {
        "nctNumber": {"id": 1, "number": "NCT01234567"},
        "isrctnNumber": {"id": 2, "number": "ISRCTN12345674"},
        "whoUniversalTrialNumber": {"id": 3, "number": "U1111-1234-5678"},
        "additionalRegistries": [{"id": 4, "number": "jRCT2031200001", "otherRegistryName": "jRCT"}],
    }
    part = {"trialDetails": {"clinicalTrialIdentifiers": {"secondaryIdentifyingNumbers": numbers, "shortTitle": "T-1"}}}
    found = study(with_part(part, eudraCt={"isTransitioned": True, "eudraCtCode": "2019-001234-56"}))
    identification = found["protocolSection"]["identificationModule"]
    assert identification["secondaryIdInfos"] == [
        {"id": "NCT01234567", "domain": "ClinicalTrials.gov"},
        {"id": "ISRCTN12345674", "domain": "ISRCTN"},
        {"id": "U1111-1234-5678", "domain": "WHO Universal Trial Number"},
        {"id": "jRCT2031200001", "domain": "jRCT"},
        {"id": "2019-001234-56", "type": "EUDRACT_NUMBER"},
    ]
    assert identification["orgStudyIdInfo"] == {"id": "T-1"}
    assert own(found)["isTransitioned"] is True


def test_ids_of_associated_trials_are_never_the_records_own() -> None:
    part = {
        "trialDetails": {"associatedClinicalTrials": [{"id": 1, "ctNumber": "2020-001234-56", "fullTitle": "Before"}]}
    }
    found = study(with_part(part))
    assert "identificationModule" not in found["protocolSection"]
    assert own(found)["associatedTrials"] == [{"ctNumber": "2020-001234-56", "title": "Before"}]


@pytest.mark.parametrize(
    ("status", "expected", "words"),
    [
        (2, "NOT_YET_RECRUITING", "Authorised, recruitment pending"),
        (5, "ACTIVE_NOT_RECRUITING", "Ongoing, recruitment ended"),
        (6, "SUSPENDED", "Temporarily halted"),
        (1, None, "Under evaluation"),
        (11, None, "Not authorised"),
        ("Authorised, not started", "NOT_YET_RECRUITING", "Authorised, not started"),
    ],
)
def test_statuses_map_where_they_mean_the_same(status: Any, expected: str | None, words: str) -> None:
    found = study(record(ctStatus=status))
    assert found["protocolSection"].get("statusModule", {}).get("overallStatus") == expected
    assert own(found)["publicStatus"] == words
    assert "fieldStates" not in found["registrySection"]


@pytest.mark.parametrize("status", [99, "Gone fishing"])
def test_a_status_nobody_knows_is_ambiguous(status: Any) -> None:
    (state,) = study(record(ctStatus=status))["registrySection"]["fieldStates"]
    assert (state["state"], state["verbatim"]) == ("ambiguous", str(status))


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["END_OF_TRIAL", "END_OF_TRIAL"], "COMPLETED"),
        (["EARLY_TERMINATION", "EARLY_TERMINATION"], "TERMINATED"),
        (["END_OF_TRIAL", "EARLY_TERMINATION"], None),
        ([], None),
    ],
)
def test_how_an_ended_trial_ended_is_told_by_its_notifications(kinds: list[str], expected: str | None) -> None:
    events = [
        {"mscName": name, "mscId": number, "events": [{"notificationType": kind, "date": "2024-05-06"}]}
        for number, (name, kind) in enumerate(zip(("Spain", "Italy"), kinds, strict=False))
    ]
    found = study(record(ctStatus=8, events={"trialEvents": events}))
    assert found["protocolSection"].get("statusModule", {}).get("overallStatus") == expected
    assert ("fieldStates" in found["registrySection"]) == (expected is None)


def test_dates_of_the_portal_are_day_before_month_and_those_of_records_iso() -> None:
    found = study(
        record(startDateEU="03/02/2021", lastUpdated="05/04/2024", publishDate="2024-04-06T03:39:42.531268872")
    )
    status = found["protocolSection"]["statusModule"]
    assert status["startDateStruct"] == {"date": "2021-02-03", "type": "ACTUAL"}
    assert status["lastUpdateSubmitDate"] == "2024-04-05"
    assert status["lastUpdatePostDateStruct"] == {"date": "2024-04-06"}


def test_a_date_that_no_calendar_has_is_null_with_a_state() -> None:
    found = study(record(lastUpdated="31/02/2024"))
    assert "lastUpdateSubmitDate" not in found["protocolSection"].get("statusModule", {})
    (state,) = found["registrySection"]["fieldStates"]
    assert (state["state"], state["verbatim"]) == ("damaged", "31/02/2024")


def test_estimates_stand_where_nothing_has_happened_yet() -> None:
    duration = {"estimatedRecruitmentStartDate": "2030-01-02", "estimatedGlobalEndDate": "2031-01-02"}
    status = study(with_information({"trialDuration": duration}))["protocolSection"]["statusModule"]
    assert status["startDateStruct"] == {"date": "2030-01-02", "type": "ESTIMATED"}
    assert status["completionDateStruct"] == {"date": "2031-01-02", "type": "ESTIMATED"}


@pytest.mark.parametrize(("rest_of_world", "expected"), [(0, "2031-01-02"), (5, None), (None, None)])
def test_the_end_in_the_eea_is_the_end_only_of_trials_there(rest_of_world: int | None, expected: str | None) -> None:
    part = {
        "rowSubjectCount": rest_of_world,
        "trialDetails": {"trialInformation": {"trialDuration": {"estimatedEndDate": "2031-01-02"}}},
    }
    found = study(with_part(part))
    status = found["protocolSection"]["statusModule"]
    assert status.get("completionDateStruct", {}).get("date") == expected
    assert own(found)["estimatedEndDateEea"] == "2031-01-02"


@pytest.mark.parametrize(
    ("counts", "rest_of_world", "expected"),
    [([7, 4], 0, 11), ([150], 290, 440), ([7, None], 0, None), ([7], None, None)],
    ids=["EEA only", "with the rest of the world", "a state without a number", "rest of the world unknown"],
)
def test_enrollment_is_the_sum_of_all_that_is_planned(
    counts: list[int | None], rest_of_world: int | None, expected: int | None
) -> None:
    parts = [{"mscInfo": {"mscName": f"State {n}"}, "recruitmentSubjectCount": count} for n, count in enumerate(counts)]
    design = study(with_part({"rowSubjectCount": rest_of_world}, authorizedPartsII=parts))["protocolSection"][
        "designModule"
    ]
    assert design.get("enrollmentInfo") == ({"count": expected, "type": "ESTIMATED"} if expected else None)


def test_criteria_come_in_the_order_of_their_numbers() -> None:
    """The register lists item 10 after item 1."""
    items = [{"id": n, "number": n, "principalInclusionCriteria": f"Item {n}"} for n in (1, 10, 2)]
    found = study(with_information({"eligibilityCriteria": {"principalInclusionCriteria": items}}))
    text = found["protocolSection"]["eligibilityModule"]["eligibilityCriteria"]
    assert text == "Inclusion Criteria:\n\n1. Item 1\n2. Item 2\n10. Item 10"
    assert found["registrySection"]["criteria"][1] == {
        "kind": "inclusion",
        "number": 2,
        "text": "Item 2",
        "damaged": False,
    }


def test_member_states_are_one_item_each_whatever_says_something_of_them() -> None:
    parts = [
        {
            "mscId": 5,
            "mscInfo": {"id": 5, "mscName": "Spain", "trialStatus": "Authorised"},
            "recruitmentSubjectCount": 7,
        }
    ]
    concerned = [
        {"mscName": "Spain", "mscId": 5, "lastDecisionDate": "2024-04-24T15:14:59.077", "mscPublicStatusCode": 4},
        {"mscName": "Italy", "mscId": 6, "mscPublicStatusCode": 2},
    ]
    events = {
        "trialEvents": [{"mscId": 5, "mscName": "Spain", "events": [{"notificationType": "X", "date": "2024-01-02"}]}]
    }
    found = study({**with_part({}, authorizedPartsII=parts, memberStatesConcerned=concerned), "events": events})
    assert own(found)["memberStates"] == [
        {
            "lastDecisionDate": "2024-04-24",
            "publicStatusCode": 4,
            "name": "Spain",
            "status": "Authorised",
            "subjectCount": 7,
            "events": [{"type": "X", "date": "2024-01-02"}],
            "publicStatus": "Ongoing, recruiting",
        },
        {"name": "Italy", "publicStatusCode": 2, "publicStatus": "Authorised, recruitment pending"},
    ]
    assert found["protocolSection"]["contactsLocationsModule"]["locations"] == [
        {"country": "Spain"},
        {"country": "Italy"},
    ]


def test_a_product_is_named_once_with_the_role_of_its_group() -> None:
    product = {"id": 3, "productDictionaryInfo": {"prodName": "Tea", "atcCode": "N/A", "activeSubstanceName": "TEAINE"}}
    groups = [{"id": 1, "productRoleName": "Comparator", "products": [dict(product)]}]
    found = study(with_part({"products": [product], "productRoleGroupInfos": groups}))
    assert own(found)["products"] == [{"name": "Tea", "substance": "TEAINE", "role": "Comparator"}]
    interventions = found["protocolSection"]["armsInterventionsModule"]["interventions"]
    assert interventions == [{"name": "Tea", "otherNames": ["TEAINE"]}]


def test_the_registers_row_numbers_make_no_new_version() -> None:
    def one(shift: int) -> Struct:
        sponsor = {"id": 1 + shift, "primary": True, "organisation": {"id": 2 + shift, "name": "Tea Ltd"}}
        part = {"id": 3 + shift, "sponsors": [sponsor]}
        return record(authorizedApplication={"authorizedPartI": part}, record_last_import=f"2024-01-0{1 + shift}")

    assert study(one(0)) == study(one(5))


def test_results_that_are_there() -> None:
    summaries = [
        {"id": 1, "title": "Summary", "submissionDate": "2024-06-07"},
        {"id": 2, "submissionDate": "2024-05-06"},
    ]
    found = study(record(results={"summaryResults": summaries}))
    assert found["hasResults"] is True
    assert found["protocolSection"]["statusModule"]["resultsFirstSubmitDate"] == "2024-05-06"
    assert unknown(found) == {}
    kept = {one["path"] for one in found["registrySection"]["sourceFields"]}
    assert kept == {"results/summaryResults/title", "results/summaryResults/submissionDate"}


def test_no_row_of_the_mapping_lies_under_one_that_takes_the_whole_branch() -> None:
    """Such a row would never run, or would make its neighbours unknown fields."""
    paths: list[tuple[str, Row]] = []

    def visit(rows: tuple[Row, ...], above: str) -> None:
        for row in rows:
            path = f"{above}/{row.source}" if above else row.source
            paths.append((path, row))
            visit(row.rows, path)

    visit(load_mapping("ctis_json").rows, "")
    whole = [path for path, row in paths if row.keep or row.ignore is not None]
    assert [path for path, _ in paths for above in whole if path.startswith(f"{above}/")] == []


def test_translations_stand_beside() -> None:
    translated = [{"id": 1, "attributeTranslation": "Té", "languageDescription": "Spanish"}]
    identifiers = {"fullTitle": "Tea", "fullTitleTranslations": translated}
    found = study(with_part({"trialDetails": {"clinicalTrialIdentifiers": identifiers}}))
    assert own(found)["translations"] == [{"field": "fullTitle", "language": "Spanish", "text": "Té"}]
    assert found["protocolSection"]["identificationModule"]["officialTitle"] == "Tea"


SEARCH_ITEM = {
    "ctNumber": NUMBER,
    "ctTitle": "A trial of tea",
    "shortTitle": "T-1",
    "ctStatus": 3,
    "conditions": "Hiccup",
    "product": "Tea",
    "sponsor": "Tea Ltd",
    "sponsorType": "Pharmaceutical company",
    "trialPhase": "Therapeutic confirmatory (Phase III)",
    "trialCountries": ["Spain:4", "Italy:2"],
    "trialRegion": 1,
    "totalNumberEnrolled": "150",
    "ageGroup": "18-64 years, 65+ years",
    "gender": "Male, Female",
    "decisionDateOverall": "24/04/2024",
    "decisionDate": "ES: 24/04/2024",
    "lastUpdated": "15/09/2025",
    "lastPublicationUpdate": "16/09/2025",
    "resultsFirstReceived": "No",
    "therapeuticAreas": ["Diseases [C] - Virus Diseases [C02]"],
    "primaryEndPoint": "Pain",
    "endPoint": "Pain, sleep",
}


def test_an_item_of_a_search_list_is_a_record() -> None:
    page = {"pagination": {"totalRecords": 1, "currentPage": 1}, "data": [SEARCH_ITEM]}
    (found,) = take(page)
    assert isinstance(found, RawRecord)
    assert found.raw == orjson.dumps(SEARCH_ITEM)
    read_back = found.study
    assert read_back is not None
    protocol = read_back["protocolSection"]
    assert protocol["identificationModule"] == {"officialTitle": "A trial of tea", "orgStudyIdInfo": {"id": "T-1"}}
    assert protocol["designModule"] == {
        "studyType": "INTERVENTIONAL",
        "phases": ["PHASE3"],
        "enrollmentInfo": {"count": 150, "type": "ESTIMATED"},
    }
    assert protocol["statusModule"]["overallStatus"] == "RECRUITING"
    assert protocol["sponsorCollaboratorsModule"]["leadSponsor"] == {"name": "Tea Ltd", "class": "INDUSTRY"}
    assert protocol["eligibilityModule"] == {"sex": "ALL", "stdAges": ["ADULT", "OLDER_ADULT"]}
    assert [one["country"] for one in protocol["contactsLocationsModule"]["locations"]] == ["Spain", "Italy"]
    assert read_back["hasResults"] is False
    assert unknown(read_back) == {}


@pytest.mark.parametrize("order", ["pagination first", "data first"])
def test_a_page_may_have_its_envelope_before_or_behind(order: str) -> None:
    parts = [b'"pagination":{"totalRecords":1,"nextPage":false}', b'"data":[' + orjson.dumps(SEARCH_ITEM) + b"]"]
    data = b"{" + b",".join(parts if order == "pagination first" else parts[::-1]) + b"}"
    assert recognise(data)
    assert [type(found) for found in take(data)] == [RawRecord]


def test_a_name_nobody_foresaw_is_an_unknown_field() -> None:
    found = study(with_information({"newName": {"deep": "t"}}))
    path = "authorizedApplication/authorizedPartI/trialDetails/trialInformation/newName/deep"
    assert unknown(found) == {f"ctis_json:{path}": "t"}


def test_broken_records_leave_their_neighbours_alone() -> None:
    good = [orjson.dumps(record(ctNumber=f"2023-50000{n}-11-00")) for n in (1, 2, 3)]
    lines = b"\n".join([good[0], b'{"ctNumber":"2023-509999-11-00","ctStatus":', good[1], b'"text"', good[2]])
    found = take(lines)
    codes = [getattr(one, "reason_code", "good") for one in found]
    assert codes == ["good", "truncated_json", "good", "not_an_object", "good"]
    broken = found[1]
    assert isinstance(broken, BadRecord)
    assert broken.registry_id == "2023-509999-11-00"


def test_a_list_cut_in_its_middle() -> None:
    data = orjson.dumps([record(), record(ctNumber="2023-500002-11-00")])[:-12]
    first, last = take(data)
    assert isinstance(first, RawRecord)
    assert isinstance(last, BadRecord)
    assert last.reason_code == "truncated_json"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (orjson.dumps(record(ctTitle="é")).replace("é".encode(), b"\xe9"), "not_utf8"),
        (b'{"ctNumber":"' + NUMBER.encode() + b'","ctStatus":1,"ctStatus":2}', "duplicate_key"),
        (b'{"ctNumber":"' + NUMBER.encode() + b'","ctStatus":' + b"[" * 300 + b"]" * 300 + b"}", "too_deep"),
    ],
)
def test_damage_is_named(data: bytes, code: str) -> None:
    (refused,) = take(data)
    assert isinstance(refused, BadRecord)
    assert (refused.reason_code, refused.registry_id) == (code, NUMBER)


@pytest.mark.parametrize(
    "value", [[], "text", 3, {"authorizedPartI": "text"}, {"authorizedPartI": {"sponsors": "x", "products": [3]}}]
)
def test_parts_of_another_kind_do_not_stop_the_reader(value: Any) -> None:
    found = study(record(authorizedApplication=value))
    assert found["registrySection"]["recordId"] == NUMBER


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"[]",
        b'{"protocolSection": {"ctNumber": "x"}}',
        b'{"studies": [{"protocolSection": {}}]}',
        b'{"drksId": "DRKS00000001"}',
        b"ctNumber,ctStatus\n2023-512345-67-00,4\n",
        b"<xml/>",
    ],
)
def test_other_formats_are_not_recognised(head: bytes) -> None:
    assert not recognise(head)


def test_real_records_are_read_without_unknown_fields(shared_dir: Path) -> None:
    for path in sorted((shared_dir / "data" / "ctis").glob("*.json")):
        ((reader, records),) = ((reader, list(records)) for reader, records in read_file(path, Limits()))
        assert reader is not None
        assert reader.format == "ctis_json"
        (found,) = records
        assert isinstance(found, RawRecord)
        assert found.raw == path.read_bytes().strip()
        assert found.study is not None
        assert unknown(found.study) == {}
        protocol, section = found.study["protocolSection"], own(found.study)
        assert found.study["registrySection"]["recordId"] == path.stem
        states = section["memberStates"]
        assert section["subjectCountEea"] == sum(state["subjectCount"] for state in states)
        total = section["subjectCountEea"] + section["subjectCountRestOfWorld"]
        assert protocol["designModule"]["enrollmentInfo"]["count"] == total
        sites = [place for place in protocol["contactsLocationsModule"]["locations"] if "facility" in place]
        assert len(sites) == sum(len(state["sites"]) for state in states)
        criteria = found.study["registrySection"]["criteria"]
        for kind in ("inclusion", "exclusion"):
            numbers = [one["number"] for one in criteria if one["kind"] == kind]
            assert numbers == list(range(1, len(numbers) + 1))


def test_every_text_of_a_real_record_is_somewhere_in_the_study(shared_dir: Path) -> None:
    """But for dates that are written otherwise, row numbers, and what an organisation is said to be again."""
    raw = orjson.loads((shared_dir / "data" / "ctis" / "2024-510663-34-00.json").read_bytes())
    kept = json.dumps(study(raw), ensure_ascii=False)
    left_out = {"uuid", "documentUuid", "productPk", "substancePk", "type", "record_last_import"}
    waiting: list[tuple[str, Any]] = [("", raw)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.items())
        elif isinstance(value, list):
            waiting.extend((name, one) for one in value)
        elif (
            isinstance(value, str) and name not in left_out and "date" not in name.lower() and name != "trialCountries"
        ):
            inside = json.dumps(value.strip(), ensure_ascii=False)[1:-1]
            assert inside in kept or " ".join(value.split()) in kept, name


def test_a_real_transitioned_trial_has_both_other_numbers(shared_dir: Path) -> None:
    raw = orjson.loads((shared_dir / "data" / "ctis" / "2024-510663-34-00.json").read_bytes())
    found = study(raw)
    kinds = [one["id"][:3] for one in found["protocolSection"]["identificationModule"]["secondaryIdInfos"]]
    assert kinds == ["NCT", "201"]
    assert own(found)["isTransitioned"] is True


def test_a_real_collection_reads_as_its_single_records_do(shared_dir: Path) -> None:
    """Lists, lines and pages hold the same records."""
    raws = [orjson.loads(path.read_bytes()) for path in sorted((shared_dir / "data" / "ctis").glob("*.json"))]
    alone = [study(raw) for raw in raws]
    lines = b"".join(orjson.dumps(raw) + b"\n" for raw in raws)
    for data in (orjson.dumps(raws), lines, orjson.dumps({"data": raws}), json.dumps(raws, indent=2).encode()):
        assert recognise(data[: 64 * 1024])
        assert [found.study for found in take(data) if isinstance(found, RawRecord)] == alone
