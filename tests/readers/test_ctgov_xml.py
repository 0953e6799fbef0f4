"""ClinicalTrials.gov's legacy XML: its two layouts and its search results, their traps, and every kind of damage."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from pipelines.landing.member import Member
from pipelines.readers import READERS, read_file, recognise
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.ctgov_xml import ARCHIVE_READER, READER, SEARCH_READER
from pipelines.readers.mapping import load_mapping
from pipelines.readers.mapping.table import Row
from pipelines.settings import Limits

HEADER = (
    "<required_header><download_date>ClinicalTrials.gov processed this data on {}</download_date></required_header>"
)
ID = "<id_info><org_study_id>ORG-1</org_study_id><nct_id>NCT90000001</nct_id></id_info>"
PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'


def xml(body: str, rank: str = "7", day: str = "May 31, 2024", ids: str = ID) -> bytes:
    return f'{PROLOG}<clinical_study rank="{rank}">\n{HEADER.format(day)}{ids}{body}\n</clinical_study>\n'.encode()


def archived(body: str, ids: str = "<nct_id>\n NCT90000001\n</nct_id>") -> bytes:
    return f"<clinical_study>\n<study_id>\n{ids}\n</study_id>\n{body}\n</clinical_study>\n".encode()


def records(data: bytes, limits: Limits | None = None) -> list[RawRecord | BadRecord]:
    reader = recognise(data[:65536])
    assert reader is not None
    return list(reader.read(Member.of_bytes(None, data), limits or Limits()))


def study_of(data: bytes) -> dict[str, Any]:
    (record,) = records(data)
    assert isinstance(record, RawRecord), record
    assert record.study is not None
    assert not [key for key in record.study if ":" in key or key.startswith("~")]
    return record.study


def protocol(body: str) -> dict[str, Any]:
    return dict(study_of(xml(body))["protocolSection"])


def bad(data: bytes, limits: Limits | None = None) -> BadRecord:
    (record,) = records(data, limits)
    assert isinstance(record, BadRecord), record
    return record


def kept(study: dict[str, Any]) -> dict[str, str]:
    return {one["path"]: one["value"] for one in study["registrySection"]["sourceFields"]}


# -- layouts


def test_layouts_are_told_by_content() -> None:
    search = (
        b"<search_results count='1'><query>x</query><clinical_study><order>1</order></clinical_study></search_results>"
    )
    assert recognise(xml("")) is READER
    assert recognise(archived("")) is ARCHIVE_READER
    assert recognise(search) is SEARCH_READER
    assert recognise(b"<?xml version='1.0'?><!-- <clinical_study> --><Trials><Trial/></Trials>") is not READER


@pytest.mark.parametrize("data", [xml(""), archived("")])
def test_no_other_reader_takes_a_file(data: bytes) -> None:
    assert len([reader for reader in READERS if reader.recognise(data[:65536])]) == 1


def test_a_file_of_one_record_keeps_all_its_bytes() -> None:
    data = xml("<brief_title>T</brief_title>")
    (record,) = records(data)
    assert isinstance(record, RawRecord)
    assert (record.raw, record.position) == (data, 1)


def test_several_records_in_any_wrapping_are_cut_apart() -> None:
    one = xml("<brief_title>A</brief_title>").removeprefix(PROLOG.encode())
    data = b"<search_results count='2'>\n" + one + b"\n" + one.replace(b"0001", b"0002") + b"</search_results>"
    found = records(data)
    assert [record.position for record in found] == [1, 2]
    assert all(isinstance(record, RawRecord) and record.raw == record.raw.strip() for record in found)


def test_search_results_are_parts_of_records() -> None:
    data = b"""<?xml version="1.0"?><search_results count="1"><query>q</query><clinical_study><order>1</order>
    <score>0.9</score><nct_id>NCT90000001</nct_id><url>http://x</url><title>T</title>
    <status open="Y">Recruiting</status>
    <condition_summary>A; B</condition_summary><intervention_summary>Drug: C</intervention_summary>
    <last_changed>June 26, 2009</last_changed></clinical_study></search_results>"""
    study = study_of(data)
    assert study["protocolSection"]["statusModule"] == {
        "overallStatus": "RECRUITING",
        "lastUpdateSubmitDate": "2009-06-26",
    }
    assert study["protocolSection"]["conditionsModule"]["conditions"] == ["A", "B"]
    assert "hasResults" not in study
    assert SEARCH_READER.standing == "part"


# -- values


def test_rank_and_day_of_download_do_not_make_a_version() -> None:
    body = "<brief_title>T</brief_title>"
    assert study_of(xml(body, rank="1", day="May 1, 2020")) == study_of(xml(body, rank="2", day="May 2, 2021"))


def test_long_dates_keep_their_precision() -> None:
    status = protocol(
        '<start_date type="Actual">June 30, 2026</start_date><completion_date type="Anticipated">June 2026'
        '</completion_date><last_update_posted type="Estimate">August 1, 2013</last_update_posted>'
        "<verification_date>2013</verification_date>"
    )["statusModule"]
    assert status["startDateStruct"] == {"date": "2026-06-30", "type": "ACTUAL"}
    assert status["completionDateStruct"] == {"date": "2026-06", "type": "ESTIMATED"}
    assert status["lastUpdatePostDateStruct"] == {"date": "2013-08-01", "type": "ESTIMATED"}
    assert status["statusVerifiedDate"] == "2013"


def test_a_day_is_never_invented() -> None:
    study = study_of(xml("<firstreceived_date>September 2005</firstreceived_date>"))
    assert "studyFirstSubmitDate" not in study.get("protocolSection", {}).get("statusModule", {})
    (state,) = study["registrySection"]["fieldStates"]
    assert (state["state"], state["verbatim"]) == ("ambiguous", "September 2005")


def test_names_of_dates_before_2017() -> None:
    body = "<lastchanged_date>May 1, 2015</lastchanged_date><firstreceived_date>May 2, 2014</firstreceived_date>"
    status = protocol(body)["statusModule"]
    assert status == {"lastUpdateSubmitDate": "2015-05-01", "studyFirstSubmitDate": "2014-05-02"}


@pytest.mark.parametrize(
    ("word", "value"),
    [("Active, not recruiting", "ACTIVE_NOT_RECRUITING"), ("Unknown status", "UNKNOWN"), ("Withheld", "WITHHELD")],
)
def test_statuses(word: str, value: str) -> None:
    assert protocol(f"<overall_status>{word}</overall_status>")["statusModule"]["overallStatus"] == value


def test_an_unknown_status_is_null_with_a_state() -> None:
    study = study_of(xml("<overall_status>Perhaps recruiting</overall_status>"))
    (state,) = study["registrySection"]["fieldStates"]
    assert (state["state"], state["verbatim"]) == ("ambiguous", "Perhaps recruiting")


@pytest.mark.parametrize(
    ("phase", "kind", "phases"),
    [
        ("Phase 1/Phase 2", "Interventional", ["PHASE1", "PHASE2"]),
        ("Phase 0", "Interventional", ["EARLY_PHASE1"]),
        ("N/A", "Interventional", ["NA"]),
        ("N/A", "Observational", None),
    ],
)
def test_phases(phase: str, kind: str, phases: list[str] | None) -> None:
    design = protocol(f"<phase>{phase}</phase><study_type>{kind}</study_type>")["designModule"]
    assert design.get("phases") == phases


def test_a_patient_registry_is_observational() -> None:
    design = protocol("<study_type>Observational [Patient Registry]</study_type>")["designModule"]
    assert design == {"studyType": "OBSERVATIONAL", "patientRegistry": True}


def test_a_study_design_in_one_text() -> None:
    study = study_of(
        xml(
            "<study_design>Allocation: Randomized, Endpoint Classification: Safety/Efficacy Study, Intervention Model: "
            "Parallel Assignment, Masking: Double Blind (Subject, Caregiver, Investigator, Outcomes Assessor), "
            "Primary Purpose: Treatment</study_design>"
        )
    )
    assert study["protocolSection"]["designModule"]["designInfo"] == {
        "allocation": "RANDOMIZED",
        "interventionModel": "PARALLEL",
        "maskingInfo": {
            "masking": "QUADRUPLE",
            "whoMasked": ["PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR"],
        },
        "primaryPurpose": "TREATMENT",
    }
    assert kept(study) == {"study_design": "Endpoint classification: Safety/Efficacy Study"}


def test_a_study_design_that_cannot_be_read_is_left_with_its_text() -> None:
    study = study_of(xml("<study_design>Allocation: By the moon, Masking: Open Label</study_design>"))
    assert "designModule" not in study.get("protocolSection", {})
    assert "By the moon" in study["registrySection"]["fieldStates"][0]["verbatim"]


def test_arms_know_their_interventions() -> None:
    module = protocol(
        "<arm_group><arm_group_label>A</arm_group_label></arm_group><arm_group><arm_group_label>B</arm_group_label>"
        "</arm_group><intervention><intervention_type>Dietary Supplement</intervention_type><intervention_name>X"
        "</intervention_name><arm_group_label>B</arm_group_label></intervention>"
    )["armsInterventionsModule"]
    assert module["armGroups"] == [{"label": "A"}, {"label": "B", "interventionNames": ["Dietary Supplement: X"]}]


def test_names_in_parts_are_put_together() -> None:
    official = (
        "<overall_official><first_name>A</first_name><middle_name>B.</middle_name><last_name>C</last_name>"
        "<degrees>MD</degrees><role>Study Chair</role></overall_official>"
    )
    module = protocol(official)["contactsLocationsModule"]
    assert module["overallOfficials"] == [{"name": "A B. C, MD", "role": "STUDY_CHAIR"}]


def test_countries_that_no_location_names_are_kept() -> None:
    address = "<facility><address><city>C</city><country>France</country></address></facility>"
    countries = "<location_countries><country>France</country><country>Peru</country></location_countries>"
    assert kept(study_of(xml(f"<location>{address}</location>{countries}"))) == {"location_countries/country": "Peru"}


def test_pending_results_become_unposted_events() -> None:
    study = study_of(
        xml(
            "<pending_results><submitted>March 24, 2014</submitted><returned>April 23, 2014</returned>"
            "<submission_canceled>Unknown</submission_canceled></pending_results>"
        )
    )
    assert study["annotationSection"]["annotationModule"]["unpostedAnnotation"]["unpostedEvents"] == [
        {"date": "2014-03-24", "type": "RELEASE"},
        {"date": "2014-04-23", "type": "RESET"},
        {"dateUnknown": True, "type": "UNRELEASE"},
    ]


def test_an_element_nobody_foresaw_is_an_unknown_field() -> None:
    (record,) = records(xml("<new_thing kind='k'><deep>t</deep></new_thing>"))
    assert isinstance(record, RawRecord)
    assert record.study is not None
    assert {key for key in record.study if ":" in key} == {"ctgov_xml:new_thing/@kind", "ctgov_xml:new_thing/deep"}


# -- text


CRITERIA = """<eligibility><criteria><textblock>&#xD;
        Inclusion Criteria:&#xD;
&#xD;
          -  Adults with a value &gt; 35&#xD;
             and no [other] disease&#xD;
&#xD;
               -  or children&#xD;
&#xD;
          -  Consent&#xD;
&#xD;
        Exclusion Criteria:&#xD;
&#xD;
          9. Nine&#xD;
&#xD;
         10. Ten&#xD;
&#xD;
        1. at the margin&#xD;
      </textblock></criteria></eligibility>"""


def test_a_text_block_is_unwrapped_into_markup() -> None:
    assert protocol(CRITERIA)["eligibilityModule"]["eligibilityCriteria"] == (
        "Inclusion Criteria:\n\n* Adults with a value \\> 35 and no \\[other\\] disease\n\n  * or children\n* Consent"
        "\n\n"
        "Exclusion Criteria:\n\n9. Nine\n10. Ten\n\n1\\. at the margin"
    )


def test_line_ends_do_not_make_a_version() -> None:
    without = CRITERIA.replace("&#xD;", "")
    assert study_of(xml(CRITERIA)) == study_of(xml(without)) == study_of(xml(without.replace("\n", "\r\n")))


def test_lines_of_other_texts_are_paragraphs() -> None:
    arm = "<arm_group><arm_group_label>A</arm_group_label><description>One.\nTwo:\n- x\n- y</description></arm_group>"
    (found,) = protocol(arm)["armsInterventionsModule"]["armGroups"]
    assert found["description"] == "One.\n\nTwo:\n\n* x\n* y"


# -- results


OLD_OUTCOME = """<clinical_results><outcome_list><outcome><type>Primary</type><title>Pain</title>
<population>All</population><group_list><group group_id="O1"><title>A</title></group></group_list><measure_list>
<measure><title>Number of Participants</title><units>participants</units><param>Number</param><category_list><category>
<measurement_list><measurement group_id="O1" value="12"/></measurement_list></category></category_list></measure>
<measure><title>Number of Eyes analyzed</title><units>Eyes</units><param>Number</param><category_list><category>
<measurement_list><measurement group_id="O1" value="24"/></measurement_list></category></category_list></measure>
<measure><title>Pain</title><units>points</units><param>Mean</param><dispersion>Standard Deviation</dispersion>
<category_list><category><sub_title>Day 1</sub_title><measurement_list><measurement group_id="O1" value="1" spread="2"/>
</measurement_list></category><category><sub_title>Day 2</sub_title><measurement_list>
<measurement group_id="O1" value="NA">not measured</measurement></measurement_list></category></category_list></measure>
</measure_list><analysis_list><analysis><group_id_list><group_id>O1</group_id></group_id_list>
<non_inferiority>No</non_inferiority><p_value>0.1</p_value></analysis></analysis_list></outcome>
<outcome><type>Secondary</type><title>Later</title><posting_date>01/2018</posting_date></outcome></outcome_list>
</clinical_results>"""


def test_outcomes_before_december_2016() -> None:
    pain, later = study_of(xml(OLD_OUTCOME))["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    assert pain["denoms"] == [
        {"units": "Participants", "counts": [{"groupId": "OG000", "value": "12"}]},
        {"units": "Eyes", "counts": [{"groupId": "OG000", "value": "24"}]},
    ]
    assert (pain["typeUnitsAnalyzed"], pain["unitOfMeasure"], pain["reportingStatus"]) == ("Eyes", "points", "POSTED")
    assert [(one["title"], one["categories"][0]["measurements"]) for one in pain["classes"]] == [
        ("Day 1", [{"groupId": "OG000", "value": "1", "spread": "2"}]),
        ("Day 2", [{"groupId": "OG000", "value": "NA", "comment": "not measured"}]),
    ]
    (analysis,) = pain["analyses"]
    assert analysis["nonInferiorityType"] == "SUPERIORITY_OR_OTHER"
    assert later == {
        "type": "SECONDARY",
        "title": "Later",
        "anticipatedPostingDate": "2018-01",
        "reportingStatus": "NOT_POSTED",
    }


EVENTS = """<clinical_results><reported_events><group_list><group group_id="E1"><title>A</title></group></group_list>
<serious_events><default_vocab>MedDRA 1</default_vocab><default_assessment>Systematic Assessment</default_assessment>
<category_list><category><title>Total</title><event_list><event><sub_title>Total, all-cause mortality</sub_title>
<counts group_id="E1" subjects_affected="1" subjects_at_risk="9"/></event><event>
<sub_title>Total, serious adverse events</sub_title><counts group_id="E1" subjects_affected="3" subjects_at_risk="9"/>
</event></event_list></category><category><title>Cardiac disorders</title><event_list><event>
<sub_title vocab="Own 2">Arrest</sub_title><counts group_id="E1" events="2" subjects_affected="1" subjects_at_risk="9"/>
</event></event_list></category><category><title>Eye disorders</title><event_list><event><sub_title>Squint</sub_title>
<assessment>Non-systematic Assessment</assessment><counts group_id="E1" subjects_affected="0"/></event></event_list>
</category></category_list></serious_events><other_events><frequency_threshold>5</frequency_threshold></other_events>
</reported_events></clinical_results>"""


def test_adverse_events() -> None:
    module = study_of(xml(EVENTS))["resultsSection"]["adverseEventsModule"]
    (group,) = module["eventGroups"]
    assert group == {
        "id": "EG000",
        "title": "A",
        "deathsNumAffected": 1,
        "deathsNumAtRisk": 9,
        "seriousNumAffected": 3,
        "seriousNumAtRisk": 9,
    }
    arrest, squint = module["seriousEvents"]
    assert (arrest["organSystem"], arrest["sourceVocabulary"]) == ("Cardiac disorders", "Own 2")
    assert (squint["organSystem"], squint["sourceVocabulary"]) == ("Eye disorders", "MedDRA 1")
    assert squint["assessmentType"] == "NON_SYSTEMATIC_ASSESSMENT"
    assert module["frequencyThreshold"] == "5"


# -- the archive's layout


def test_the_archive_layout() -> None:
    study = study_of(
        archived(
            """<brief_title><textblock>\n  A  title \n</textblock></brief_title>
<study_sponsor><lead_sponsor><agency>\n S \n</agency></lead_sponsor></study_sponsor>
<status_block><status>\nNo longer recruiting\n</status><date>\n2005-12\n</date></status_block>
<start_date><date>2000-03</date></start_date><end_date><date>2004-01</date></end_date>
<phase_block><phase> II </phase></phase_block><study_type>Interventional</study_type>
<design>Treatment</design><design>Randomized</design><design>Double Blind (Subject, Investigator)</design>
<design>Placebo Control</design><primary_outcome>\n Survival \n</primary_outcome>
<secondary_outcome><measure>Pain</measure><safety_issue>No</safety_issue></secondary_outcome>
<eligibility><expected_enrollment> 50 </expected_enrollment><gender>Both</gender><minimum_age>1 Years</minimum_age>
</eligibility><intervention><intervent_type>Gene Transfer</intervent_type><primary_name>G</primary_name></intervention>
<initial_release_date>1999-09-20</initial_release_date><last_release_date>\n2005-12-14\n</last_release_date>""",
            ids="<org_name>O</org_name><org_study_id> X 1 </org_study_id><secondary_id>\n E-2 \n</secondary_id>"
            "<secondary_id><id>2005-002759-42</id><id_type>EudraCT Number</id_type></secondary_id>"
            "<nct_id> NCT90000001 </nct_id>",
        )
    )
    found = study["protocolSection"]
    assert found["identificationModule"]["secondaryIdInfos"] == [
        {"id": "E-2"},
        {"id": "2005-002759-42", "type": "EUDRACT_NUMBER"},
    ]
    assert found["statusModule"] == {
        "overallStatus": "ACTIVE_NOT_RECRUITING",
        "statusVerifiedDate": "2005-12",
        "startDateStruct": {"date": "2000-03"},
        "studyFirstSubmitDate": "1999-09-20",
        "lastUpdateSubmitDate": "2005-12-14",
        "completionDateStruct": {"date": "2004-01"},
    }
    assert found["designModule"] == {
        "phases": ["PHASE2"],
        "studyType": "INTERVENTIONAL",
        "designInfo": {
            "primaryPurpose": "TREATMENT",
            "allocation": "RANDOMIZED",
            "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "INVESTIGATOR"]},
        },
        "enrollmentInfo": {"count": 50, "type": "ESTIMATED"},
    }
    assert found["outcomesModule"] == {
        "primaryOutcomes": [{"measure": "Survival"}],
        "secondaryOutcomes": [{"measure": "Pain"}],
    }
    assert found["eligibilityModule"] == {"sex": "ALL", "minimumAge": "1 Year"}
    assert kept(study) == {
        "study_id/org_name": "O",
        "secondary_outcome/safety_issue": "No",
        "design": "Placebo Control",
    }


@pytest.mark.parametrize(("own", "expected"), [("", "NCT90000009"), ("NCT90000001", "NCT90000001")])
def test_a_first_version_has_its_id_in_the_name_that_the_archive_gave_it(own: str, expected: str) -> None:
    data = archived("", ids=f"<org_study_id>X</org_study_id><nct_id> {own} </nct_id>")
    (record,) = ARCHIVE_READER.read(Member.of_bytes("a/NCT90000009_20050916@5f1e.xml", data), Limits())
    assert isinstance(record, RawRecord)
    assert record.study is not None
    assert record.study["protocolSection"]["identificationModule"]["nctId"] == expected
    assert ("registrySection" in record.study) == (own == "")


def test_results_of_the_archive() -> None:
    study = study_of(
        archived(
            """<clinical_result><participantflow><participantflowgroups><flowgroup id="F.4"><title>A</title></flowgroup>
</participantflowgroups><periods><period><completedmilestone><milestoneachievements><milestoneachievement>
<reportinggroupid> F.4 </reportinggroupid><subjectsachieve>8</subjectsachieve></milestoneachievement>
</milestoneachievements></completedmilestone><otherparticipantflowdetails><otherdetail><numbernotcompleted>2
</numbernotcompleted><reportinggroupid>F.4</reportinggroupid></otherdetail></otherparticipantflowdetails>
<startedmilestone><milestoneachievements><milestoneachievement><reportinggroupid>F.4</reportinggroupid>
<subjectsachieve>10</subjectsachieve></milestoneachievement></milestoneachievements></startedmilestone></period></periods>
</participantflow><baseline><baselinemeasures><baselinemeasure><title>Gender, Male/Female</title><measurecategories>
<measurecategory><reportedvalues><reportedvalue><reportinggroupid>T</reportinggroupid><parametervalue>4</parametervalue>
</reportedvalue></reportedvalues><title>Female</title></measurecategory></measurecategories></baselinemeasure>
</baselinemeasures><baselinereportinggroups><baselinereportinggroup id="B.1"><subjectsanalyzed>10</subjectsanalyzed>
</baselinereportinggroup></baselinereportinggroups><totalbaselinereportinggroup id="T"><title>Total</title>
</totalbaselinereportinggroup></baseline></clinical_result>"""
        )
    )
    section = study["resultsSection"]
    (period,) = section["participantFlowModule"]["periods"]
    assert [(one["type"], one["achievements"][0]["numSubjects"]) for one in period["milestones"]] == [
        ("STARTED", "10"),
        ("COMPLETED", "8"),
        ("NOT COMPLETED", "2"),
    ]
    baseline = section["baselineCharacteristicsModule"]
    assert [group["id"] for group in baseline["groups"]] == ["BG000", "BG001"]
    assert baseline["denoms"] == [{"units": "Participants", "counts": [{"groupId": "BG000", "value": "10"}]}]
    (measure,) = baseline["measures"]
    measurements = [{"groupId": "BG001", "value": "4"}]
    assert measure["classes"] == [{"categories": [{"title": "Female", "measurements": measurements}]}]
    assert study["hasResults"] is True


@pytest.mark.parametrize(
    "data",
    [
        archived("<init_results_release_date>\n</init_results_release_date><clinical_result>\n</clinical_result>"),
        xml("<clinical_results></clinical_results>"),
    ],
)
def test_an_empty_element_of_results_is_no_results(data: bytes) -> None:
    """NCT01111552 of 2012: a request to delay results, and both elements of results empty."""
    study = study_of(data)
    assert study["hasResults"] is False
    assert "resultsSection" not in study


# -- damage


@pytest.mark.parametrize("keep", [0.5, 0.9, 0.999])
def test_a_cut_file_is_truncated(keep: float) -> None:
    data = xml("<brief_title>T</brief_title>" + "<condition>c</condition>" * 50)
    record = bad(data[: int(len(data) * keep) - 3])
    assert record.reason_code == "truncated_xml"
    assert record.registry_id == "NCT90000001"


def test_a_broken_record_does_not_harm_its_neighbours() -> None:
    good = xml("").removeprefix(PROLOG.encode())
    broken = good.replace(b"</id_info>", b"</id_inf>").replace(b"0001", b"0002")
    first, middle, last = records(b"<studies>" + good + broken + good + b"</studies>")
    assert isinstance(first, RawRecord)
    assert isinstance(last, RawRecord)
    assert isinstance(middle, BadRecord)
    assert (middle.reason_code, middle.position, middle.registry_id) == ("malformed_xml", 2, "NCT90000002")
    assert "line" in middle.reason


def test_a_record_that_is_not_closed_before_the_next_begins() -> None:
    good = xml("").removeprefix(PROLOG.encode())
    cut = good.replace(b"</clinical_study>", b"")
    found = records(b"<studies>" + cut + good + b"</studies>")
    assert [getattr(record, "reason_code", "") for record in found] == ["truncated_xml", ""]


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE clinical_study [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE clinical_study [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    ],
    ids=["bomb", "external"],
)
def test_entities_are_refused(declaration: str) -> None:
    data = xml("<brief_title>&a;</brief_title>").decode().replace(PROLOG, PROLOG + declaration).encode()
    assert bad(data).reason_code == "xml_entity"


def test_nul_bytes_and_bytes_that_are_not_utf8_are_malformed() -> None:
    for wrong in (b"T\0T", b"T\xe9T"):
        assert (
            bad(xml("<brief_title>X</brief_title>").replace(b">X<", b">" + wrong + b"<")).reason_code == "malformed_xml"
        )


def test_a_declared_encoding_is_followed_in_one_record_and_in_many() -> None:
    one = xml("<brief_title>é</brief_title>").decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")
    prolog, _, record = one.partition(b"\n")
    for data in (one, prolog + b"<studies>" + record + record + b"</studies>"):
        for found in records(data):
            assert isinstance(found, RawRecord)
            assert found.study is not None
            assert found.study["protocolSection"]["identificationModule"]["briefTitle"] == "é"


def test_a_byte_order_mark_is_passed_over() -> None:
    assert study_of(b"\xef\xbb\xbf" + xml(""))["protocolSection"]["identificationModule"]["nctId"] == "NCT90000001"


def test_a_record_larger_than_the_limit() -> None:
    data = xml("<brief_title>" + "x" * 4000 + "</brief_title>")
    assert bad(data, Limits(record_bytes=1000)).reason_code == "record_too_large"


def test_the_archive_of_all_records(tmp_path: Path) -> None:
    path = tmp_path / "AllPublicXML.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in (1, 2):
            archive.writestr(f"NCT9000xxxx/NCT9000000{number}.xml", xml("").replace(b"0001", b"000%d" % number))
    found = [(reader, record.member) for reader, found in read_file(path, Limits()) for record in found]
    assert found == [(READER, "NCT9000xxxx/NCT90000001.xml"), (READER, "NCT9000xxxx/NCT90000002.xml")]


# -- real files


@pytest.mark.slow
def test_real_files_are_read_without_an_unknown_field(shared_dir: Path) -> None:
    """The damaged versions of the archive are refused for what they are; all else is read, every element foreseen."""
    folder = shared_dir / "data" / "ctgov_xml"
    for name, reader, count, refused in (
        ("AllPublicXML_part.zip", READER, 541, {}),
        ("versions.zip", ARCHIVE_READER, 214, {"truncated_xml": 3, "malformed_xml": 1}),
    ):
        reasons: dict[str, int] = {}
        good = 0
        for found, members in read_file(folder / name, Limits()):
            assert found is reader
            for record in members:
                if isinstance(record, BadRecord):
                    reasons[record.reason_code] = reasons.get(record.reason_code, 0) + 1
                    continue
                good += 1
                assert record.study is not None
                assert not [key for key in record.study if ":" in key or key.startswith("~")], record.member
                assert not record.study.get("registrySection", {}).get("fieldStates"), record.member
        assert (good, reasons) == (count, refused)


def test_versions_of_the_archive_are_told_by_their_own_date(shared_dir: Path) -> None:
    """Nearly all carry the day of their last release; those of the archive's first week do not, nor any other day."""
    dates = []
    for _, members in read_file(shared_dir / "data" / "ctgov_xml" / "versions.zip", Limits()):
        for record in members:
            if isinstance(record, RawRecord) and record.study is not None:
                dates.append(record.study["protocolSection"]["statusModule"].get("lastUpdateSubmitDate"))
    assert len([day for day in dates if day is None]) == 8
    assert all(len(day) == 10 for day in dates if day is not None)


def test_a_download_that_is_whole_in_spite_of_its_name(shared_dir: Path) -> None:
    """It ends with its closing tag and fits the registry's schema: there is nothing to refuse."""
    path = shared_dir / "data" / "dirty" / "truncated_download.xml"
    ((reader, found),) = [(reader, list(found)) for reader, found in read_file(path, Limits())]
    (record,) = found
    assert reader is READER
    assert isinstance(record, RawRecord)
    assert record.study is not None
    assert record.study["protocolSection"]["statusModule"]["overallStatus"] == "RECRUITING"
    assert record.raw == path.read_bytes()


def schema_paths(shared_dir: Path) -> set[str]:
    """Every element and attribute of the registry's schema, as a path from the record."""
    name = "{http://www.w3.org/2001/XMLSchema}"
    root = etree.parse(str(shared_dir / "data/schemas/ctgov_legacy_public.xsd")).getroot()
    types = {kind.get("name"): kind for kind in root.iterfind(name + "complexType")}
    paths: set[str] = set()

    def walk(element: Any, path: str) -> None:
        kind = types.get(element.get("type"))
        if kind is None:
            kind = element.find(name + "complexType")
        if kind is None:
            paths.add(path)
            return
        if kind.find(name + "simpleContent") is not None:
            paths.add(path)
        paths.update(f"{path}/@{one.get('name')}" for one in kind.iter(name + "attribute") if owner(one) is kind)
        for one in kind.iter(name + "element"):
            if owner(one) is kind:
                walk(one, f"{path}/{one.get('name')}")

    def owner(one: Any) -> Any:
        return next(parent for parent in one.iterancestors() if parent.tag == name + "complexType")

    walk(root.find(name + "element"), "")
    return {path.removeprefix("/") for path in paths}


def mapped_paths(rows: tuple[Row, ...], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for row in rows:
        path = prefix if row.source == "." else f"{prefix}/{row.source}".removeprefix("/")
        found |= mapped_paths(row.rows, path) if row.rows else {path}
    return found


def test_every_element_of_the_schema_has_its_row(shared_dir: Path) -> None:
    mapped = mapped_paths(load_mapping("ctgov_xml").rows)
    ignored = {"required_header"}
    left = {path for path in schema_paths(shared_dir) - mapped if path.split("/")[0] not in ignored}
    assert len(mapped) > 250
    assert not left
