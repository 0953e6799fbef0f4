"""Answers of chosen fields from the classic API: what belongs together, and what nobody can tell."""

from __future__ import annotations

import json
from typing import Any

from pipelines.landing.member import Member
from pipelines.readers import recognise
from pipelines.readers.base import BadRecord, RawRecord, Reader
from pipelines.readers.ctgov_fields import CSV_READER, JSON_READER
from pipelines.settings import Limits

Json = dict[str, Any]


def answer(*studies: Json) -> Json:
    listed = [{"Rank": rank, **study} for rank, study in enumerate(studies, start=1)]
    names = sorted({name for study in studies for name in study})
    head = {"APIVrs": "1.01.03", "Expression": 'x "y"', "NStudiesReturned": len(studies), "FieldList": names}
    return {"StudyFieldsResponse": {**head, "StudyFields": listed}}


def read(data: bytes, reader: Reader = JSON_READER) -> list[RawRecord | BadRecord]:
    assert recognise(data[:65536]) is reader
    return list(reader.read(Member.of_bytes(None, data), Limits()))


def study(**fields: list[str]) -> Json:
    (found,) = read(json.dumps(answer({"NCTId": ["NCT90000001"], **fields})).encode())
    assert isinstance(found, RawRecord)
    assert found.study is not None
    return found.study


def test_fields_go_where_the_full_study_has_them() -> None:
    found = study(
        BriefTitle=["Tea"],
        Phase=["Phase 1", "Phase 2"],
        StartDate=["July 2001"],
        Condition=["Cough", "Hiccup"],
        EnrollmentCount=["12"],
        Gender=["All"],
        ConditionMeshTerm=["Cough"],
        WhyStopped=[],
    )
    assert found == {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT90000001", "briefTitle": "Tea"},
            "statusModule": {"startDateStruct": {"date": "2001-07"}},
            "conditionsModule": {"conditions": ["Cough", "Hiccup"]},
            "designModule": {"phases": ["PHASE1", "PHASE2"], "enrollmentInfo": {"count": 12}},
            "eligibilityModule": {"sex": "ALL"},
        },
        "derivedSection": {"conditionBrowseModule": {"meshes": [{"term": "Cough"}]}},
    }


def test_items_are_put_together_where_each_has_one_value() -> None:
    found = study(
        InterventionType=["Drug", "Other"],
        InterventionName=["Tea", "Water"],
        InterventionDescription=["hot", "cold"],
        LocationCity=["P", "Q"],
        LocationState=["S"],
    )
    assert found["protocolSection"]["armsInterventionsModule"]["interventions"] == [
        {"type": "DRUG", "name": "Tea", "description": "hot"},
        {"type": "OTHER", "name": "Water", "description": "cold"},
    ]
    assert found["protocolSection"]["contactsLocationsModule"]["locations"] == [{"city": "P"}, {"city": "Q"}]
    assert found["registrySection"]["sourceFields"] == [
        {"path": "LocationState", "place": "LocationState[1]", "value": "S"}
    ], "whose state it is cannot be told"


def test_what_cannot_be_put_together_is_kept_and_not_guessed() -> None:
    """Two fields that every item has differ in number, a field that not all have stands alone, items within items."""
    found = study(
        InterventionType=["Drug"],
        InterventionName=["Tea", "Water"],
        PrimaryOutcomeTimeFrame=["1 year"],
        ArmGroupLabel=["A"],
        ArmGroupInterventionName=["Drug: Tea"],
        OutcomeMeasurementValue=["1", "2"],
        Invented=["x"],
    )
    assert found["protocolSection"]["armsInterventionsModule"] == {"armGroups": [{"label": "A"}]}
    assert "outcomesModule" not in found["protocolSection"]
    assert "resultsSection" not in found
    kept = [(one["path"], one["value"]) for one in found["registrySection"]["sourceFields"]]
    assert sorted(kept) == [
        ("ArmGroupInterventionName", "Drug: Tea"),
        ("InterventionName", "Tea"),
        ("InterventionName", "Water"),
        ("InterventionType", "Drug"),
        ("OutcomeMeasurementValue", "1"),
        ("OutcomeMeasurementValue", "2"),
        ("PrimaryOutcomeTimeFrame", "1 year"),
    ]
    assert found["ctgov_fields_json:Invented"] == "x"


def test_whether_there_are_results_is_known_where_it_was_asked() -> None:
    assert "hasResults" not in study(StatusVerifiedDate=["May 2020"])
    assert study(ResultsFirstSubmitDate=[])["hasResults"] is False
    assert study(ResultsFirstSubmitDate=["May 2, 2020"])["hasResults"] is True


def test_studies_of_a_page_and_of_pages() -> None:
    one, two = {"NCTId": ["NCT90000001"]}, {"NCTId": ["NCT90000002"]}
    contents = (
        json.dumps(answer(one, two)),
        json.dumps([answer(one), answer(two)], indent=2),
        "\n".join(json.dumps(answer(each)) for each in (one, two)),
    )
    for content in contents:
        ids = [
            found.study["protocolSection"]["identificationModule"]["nctId"]
            for found in read(content.encode())
            if isinstance(found, RawRecord) and found.study
        ]
        assert ids == ["NCT90000001", "NCT90000002"]
    assert read(json.dumps(answer()).encode()) == []
    none = answer()
    del none["StudyFieldsResponse"]["StudyFields"]
    assert read(json.dumps(none).encode()) == []
    assert JSON_READER.standing == CSV_READER.standing == "chosen", "such a record never hides a whole one"


def test_damage_costs_one_study() -> None:
    data = json.dumps(answer({"NCTId": ["NCT90000001"], "Condition": ["A"]}, {"NCTId": ["NCT90000002"]}))
    bad, good = read(data.replace('["A"]', "[A]").encode())
    assert isinstance(bad, BadRecord)
    assert bad.registry_id == "NCT90000001"
    assert isinstance(good, RawRecord)


TABLE = """Rank,NCTId,BriefTitle,Condition,InterventionType,InterventionName,WhyStopped,Mine
1,NCT90000001,"Tea | hot, cold",Cough|Hiccup,Drug|Other,Tea|Water,,x
2,NCT90000002,No tea,,Drug,A|B,"a | b",
"""


def test_a_table_is_read_as_the_json_is() -> None:
    one, two = read(TABLE.encode(), CSV_READER)
    assert isinstance(one, RawRecord)
    assert isinstance(two, RawRecord)
    assert (one.position, two.position) == (2, 3)
    assert one.study == {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT90000001", "briefTitle": "Tea | hot, cold"},
            "conditionsModule": {"conditions": ["Cough", "Hiccup"]},
            "armsInterventionsModule": {
                "interventions": [{"type": "DRUG", "name": "Tea"}, {"type": "OTHER", "name": "Water"}]
            },
        },
        "ctgov_fields_csv:Mine": "x",
    }
    assert two.study is not None
    assert two.study["protocolSection"]["statusModule"] == {"whyStopped": "a | b"}
    assert "armsInterventionsModule" not in two.study["protocolSection"]


def test_a_table_with_other_columns_is_not_taken() -> None:
    assert recognise(b"NCTId,Mine,Yours,Theirs\nNCT90000001,1,2,3\n") is None
    assert recognise(b"NCTId\nNCT90000001\n") is None


def test_rows_that_do_not_fit_are_told() -> None:
    bad, good = read(TABLE.replace("1,NCT90000001,", "1,NCT90000001,x,").encode(), CSV_READER)
    assert isinstance(bad, BadRecord)
    assert isinstance(good, RawRecord)
