"""Full studies of the classic API: wrappings in which people have them, words, damage."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipelines.landing.member import Member
from pipelines.readers import READERS, recognise
from pipelines.readers.base import BadRecord, RawRecord, Reader
from pipelines.readers.ctgov_classic import JSON_READER, XML_READER
from pipelines.readers.mapping import load_mapping
from pipelines.readers.reasons import MALFORMED_JSON, NOT_AN_OBJECT, TRUNCATED_XML
from pipelines.settings import Limits
from pipelines.staging.standing import preference_sql

Json = dict[str, Any]


def read(data: bytes, reader: Reader = JSON_READER) -> list[RawRecord | BadRecord]:
    assert recognise(data[:65536]) is reader
    return list(reader.read(Member.of_bytes("a", data), Limits()))


def record(number: int = 1, **modules: Any) -> Json:
    identification = {"NCTId": f"NCT9000000{number}", "BriefTitle": f"Tea {number}"}
    return {"ProtocolSection": {"IdentificationModule": identification, **modules}}


def answer(*studies: Json) -> Json:
    listed = [{"Rank": rank, "Study": study} for rank, study in enumerate(studies, start=1)]
    count = {"NStudiesFound": len(studies), "NStudiesReturned": len(studies)}
    head = {"APIVrs": "1.01.05", "DataVrs": "2023:06:30 22:14:07.013", "Expression": 'tea "and" [x]', **count}
    return {"FullStudiesResponse": {**head, "FullStudies": listed} if studies else head}


def ids(found: list[RawRecord | BadRecord]) -> list[str]:
    assert all(isinstance(one, RawRecord) for one in found), found
    studies = [one.study for one in found if isinstance(one, RawRecord) and one.study]
    return [one["protocolSection"]["identificationModule"]["nctId"] for one in studies]


def study(**modules: Any) -> Json:
    (found,) = read(json.dumps(answer(record(1, **modules))).encode())
    assert isinstance(found, RawRecord)
    assert found.study is not None
    return found.study


ONE, TWO = record(1), record(2)
BOTH = ["NCT90000001", "NCT90000002"]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(answer(ONE, TWO)),
        json.dumps(answer(ONE, TWO), indent=2),
        json.dumps([answer(ONE), answer(TWO)]),
        json.dumps([answer(ONE, TWO)], indent=1),
        "\n".join(json.dumps(answer(one)) for one in (ONE, TWO)),
        json.dumps([ONE, TWO]),
        json.dumps([{"Rank": 1, "Study": ONE}, {"Rank": 2, "Study": TWO}], indent=2),
        "\n".join(json.dumps({"Study": one}) for one in (ONE, TWO)),
        "\n".join(json.dumps({"Rank": number, **one}) for number, one in enumerate((ONE, TWO))),
        json.dumps([{"FullStudy": {"Rank": 1, "Study": one}} for one in (ONE, TWO)]),
    ],
    ids=[
        "page",
        "indented",
        "pages in a list",
        "page in a list",
        "page a line",
        "list",
        "ranked",
        "lines",
        "bare",
        "bulk",
    ],
)
def test_studies_in_every_wrapping_that_people_have_them_in(content: str) -> None:
    found = read(content.encode())
    assert ids(found) == BOTH
    assert not [name for one in found if isinstance(one, RawRecord) for name in one.study or {} if ":" in name]


def test_one_study_of_the_bulk_download() -> None:
    data = json.dumps({"FullStudy": {"Rank": 77, "Study": ONE}}, indent=2).encode()
    (found,) = read(data)
    assert isinstance(found, RawRecord)
    assert found.raw == data
    assert ids([found]) == BOTH[:1]


def test_an_answer_to_a_search_that_found_nothing_is_no_fault() -> None:
    assert read(json.dumps(answer()).encode()) == []
    empty = (
        b"<FullStudiesResponse><NStudiesFound>0</NStudiesFound><FullStudyList></FullStudyList></FullStudiesResponse>"
    )
    assert read(empty, XML_READER) == []


def test_several_studies_where_a_record_should_be_are_told() -> None:
    pages = [{"saved": "2021", **answer(ONE, TWO)}, {"saved": "2021", **answer(TWO)}]
    bad, good = read(json.dumps(pages).encode())
    assert isinstance(bad, BadRecord)
    assert bad.reason_code == NOT_AN_OBJECT
    assert "2 studies" in bad.reason
    assert isinstance(good, RawRecord)
    assert good.study is not None
    assert good.study["ctgov_classic_json:saved"] == "2021", "what stands beside a study is reported"


def test_words_and_dates_of_the_classic_api() -> None:
    found = study(
        StatusModule={
            "StatusVerifiedDate": "May 2020",
            "OverallStatus": "Unknown status",
            "StartDateStruct": {"StartDate": "July 2001"},
            "CompletionDateStruct": {"CompletionDate": "July 5, 2001", "CompletionDateType": "Anticipated"},
            "StudyFirstPostDateStruct": {"StudyFirstPostDate": "April 9, 2003", "StudyFirstPostDateType": "Estimate"},
            "ResultsFirstPostedQCCommentsDateStruct": {"ResultsFirstPostedQCCommentsDate": "May 1, 2020"},
        },
        OversightModule={},
        DesignModule={
            "PhaseList": {"Phase": ["Phase 1", "Phase 2"]},
            "DesignInfo": {"DesignTimePerspectiveList": {"DesignTimePerspective": ["Cross-Sectional"]}},
            "EnrollmentInfo": {"EnrollmentCount": "63", "EnrollmentType": "Actual"},
        },
        EligibilityModule={"HealthyVolunteers": "Accepts Healthy Volunteers", "Gender": "All", "MinimumAge": "1 Years"},
    )
    status, design = (found["protocolSection"][name] for name in ("statusModule", "designModule"))
    assert status["overallStatus"] == "UNKNOWN"
    assert status["startDateStruct"] == {"date": "2001-07"}
    assert status["completionDateStruct"] == {"date": "2001-07-05", "type": "ESTIMATED"}
    assert status["studyFirstPostDateStruct"] == {"date": "2003-04-09", "type": "ESTIMATED"}
    assert design["phases"] == ["PHASE1", "PHASE2"]
    assert design["designInfo"] == {"timePerspective": "CROSS_SECTIONAL"}
    assert design["enrollmentInfo"] == {"count": 63, "type": "ACTUAL"}
    assert found["protocolSection"]["eligibilityModule"] == {
        "healthyVolunteers": True,
        "sex": "ALL",
        "minimumAge": "1 Year",
    }
    tracking = found["derivedSection"]["miscInfoModule"]["submissionTracking"]
    assert tracking == {"firstMcpInfo": {"postDateStruct": {"date": "2020-05-01"}}}
    assert found["hasResults"] is False
    assert "registrySection" not in found


def test_a_text_keeps_its_lines_and_cannot_be_taken_for_marks() -> None:
    criteria = "Inclusion Criteria:\n\nAge >= 18 *\nAble\n\nExclusion Criteria:\n\nIll"
    found = study(EligibilityModule={"EligibilityCriteria": criteria})["protocolSection"]["eligibilityModule"]
    assert found["eligibilityCriteria"] == (
        "Inclusion Criteria:\n\nAge \\>= 18 \\*\n\nAble\n\nExclusion Criteria:\n\nIll"
    )


def test_a_day_of_a_submission_that_is_unknown() -> None:
    tree = record(1)
    event = {"UnpostedEventType": "Unrelease", "UnpostedEventDate": "Unknown"}
    tree["AnnotationSection"] = {
        "AnnotationModule": {"UnpostedAnnotation": {"UnpostedEventList": {"UnpostedEvent": [event]}}}
    }
    documents = {
        "LargeDoc": [{"LargeDocHasSAP": "No", "LargeDocUploadDate": "04/06/2020 16:11"}, {"LargeDocUploadDate": "x"}]
    }
    tree["DocumentSection"] = {"LargeDocumentModule": {"LargeDocList": documents}}
    (found,) = read(json.dumps(tree).encode())
    assert isinstance(found, RawRecord)
    assert found.study is not None
    annotation = found.study["annotationSection"]["annotationModule"]["unpostedAnnotation"]
    assert annotation["unpostedEvents"] == [{"type": "UNRELEASE", "dateUnknown": True}]
    assert found.study["documentSection"]["largeDocumentModule"]["largeDocs"] == [
        {"hasSap": False, "uploadDate": "2020-04-06T16:11"}
    ]
    (state,) = found.study["registrySection"]["fieldStates"]
    assert (state["state"], state["verbatim"]) == ("damaged", "x")
    assert "hasResults" not in found.study, "a record without its status module does not say"


def test_words_that_the_api_did_not_have_are_told_and_not_guessed() -> None:
    found = study(DesignModule={"PhaseList": {"Phase": ["Phase 9"]}}, Made={"Up": ["x"]})
    (state,) = found["registrySection"]["fieldStates"]
    assert (state["state"], state["verbatim"]) == ("ambiguous", "Phase 9")
    assert found["ctgov_classic_json:ProtocolSection/Made/Up"] == "x"


def test_values_that_somebodys_program_made_numbers() -> None:
    """As the fuzzer found: a number where the API wrote a text is read as its text, or told."""
    found = study(
        StatusModule={"StatusVerifiedDate": 2020, "StudyFirstSubmitDate": 7.5},
        EligibilityModule={"EligibilityCriteria": True, "MinimumAge": 18},
        DesignModule={"EnrollmentInfo": {"EnrollmentCount": 63}},
    )
    assert found["protocolSection"]["statusModule"] == {"statusVerifiedDate": "2020"}
    assert found["protocolSection"]["designModule"]["enrollmentInfo"] == {"count": 63}
    assert [one["state"] for one in found["registrySection"]["fieldStates"]] == ["damaged", "damaged"]


def test_damage_costs_one_study() -> None:
    whole = json.dumps(answer(ONE, TWO))
    bad, good = read(whole.replace('"BriefTitle": "Tea 1"', '"BriefTitle": Tea 1').encode())
    assert isinstance(bad, BadRecord)
    assert (bad.reason_code, bad.registry_id) == (MALFORMED_JSON, "NCT90000001")
    assert ids([good]) == BOTH[1:]
    cut = read(whole[:-12].encode())
    assert ids(cut[:1]) == BOTH[:1]
    assert isinstance(cut[1], BadRecord)
    assert cut[1].registry_id == "NCT90000002"


def xml(number: int) -> str:
    return f"""<FullStudy Rank="{number}"><Struct Name="Study"><Struct Name="ProtocolSection">
    <Struct Name="IdentificationModule"><Field Name="NCTId">NCT9000000{number}</Field></Struct>
    <Struct Name="ConditionsModule"><List Name="ConditionList"><Field Name="Condition">Cough</Field>
    <Field Name="Condition">A &lt; B</Field></List></Struct>
    <Struct Name="SponsorCollaboratorsModule"><List Name="CollaboratorList"><Struct Name="Collaborator">
    <Field Name="CollaboratorName">C</Field></Struct></List></Struct></Struct></Struct></FullStudy>"""


@pytest.mark.parametrize(
    "content",
    [
        xml(1),
        f'<?xml version="1.0"?>\n<FullStudyList>{xml(1)}</FullStudyList>',
        f"<FullStudiesResponse><APIVrs>1</APIVrs><FullStudyList>{xml(1)}</FullStudyList></FullStudiesResponse>",
    ],
)
def test_xml_is_read_as_the_json_is(content: str) -> None:
    (found,) = read(content.encode(), XML_READER)
    assert isinstance(found, RawRecord)
    assert found.study is not None
    assert found.study == {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT90000001"},
            "conditionsModule": {"conditions": ["Cough", "A < B"]},
            "sponsorCollaboratorsModule": {"collaborators": [{"name": "C"}]},
        }
    }


def test_xml_that_is_cut() -> None:
    good, bad = read(f"<FullStudyList>{xml(1)}{xml(2)}"[:-30].encode(), XML_READER)
    assert ids([good]) == BOTH[:1]
    assert isinstance(bad, BadRecord)
    assert (bad.reason_code, bad.registry_id) == (TRUNCATED_XML, "NCT90000002")


def test_nearly_all_of_the_shape_is_carried() -> None:
    lender = load_mapping("ctgov_classic_json")
    assert load_mapping("ctgov_classic_xml").rows == lender.rows
    assert {"hasResults", "resultsSection.moreInfoModule.limitationsAndCaveats.description"} <= lender.carries()
    assert READERS.index(JSON_READER) == 1, "next to API v2 where both have a version of the same day"
    assert "ctgov_classic_json" in preference_sql()
