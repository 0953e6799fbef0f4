"""ClinicalTrials.gov's legacy XML: how its layouts are told, its search results, values and texts with their traps."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from pipelines.readers import READERS, read_file, recognise
from pipelines.readers.base import RawRecord
from pipelines.readers.ctgov_xml import ARCHIVE_READER, READER, SEARCH_READER
from pipelines.settings import Limits
from pipelines.staging.identity import canonical_sha256
from tests.readers.ctgov_xml_files import PROLOG, archived, kept, protocol, records, study_of, xml

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
    old, new = study_of(xml(body, rank="1", day="May 1, 2020")), study_of(xml(body, rank="2", day="May 2, 2021"))
    assert old["derivedSection"]["miscInfoModule"] == {"versionHolder": "2020-05-01"}
    assert canonical_sha256(old) == canonical_sha256(new)


@pytest.mark.parametrize("day", ["May 2021", "April 31, 2021", "", "a day"])
def test_a_day_of_download_that_is_none_is_no_stamp(day: str) -> None:
    assert "derivedSection" not in study_of(xml("<brief_title>T</brief_title>", day=day))


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


def test_a_reason_for_stopping_is_laid_out_as_a_block() -> None:
    """Its lines are wrapped at 100 characters; where they were, the reason came apart into paragraphs."""
    said = "The board found no difference between the arms, and the sponsor stopped enrolment before"
    stopped = f"<why_stopped>&#xD;\n    {said}&#xD;\n    the second stage.&#xD;\n  </why_stopped>"
    assert protocol(stopped)["statusModule"]["whyStopped"] == f"{said} the second stage."


def test_the_archive_of_all_records(tmp_path: Path) -> None:
    path = tmp_path / "AllPublicXML.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in (1, 2):
            archive.writestr(f"NCT9000xxxx/NCT9000000{number}.xml", xml("").replace(b"0001", b"000%d" % number))
    found = [(reader, record.member) for reader, found in read_file(path, Limits()) for record in found]
    assert found == [(READER, "NCT9000xxxx/NCT90000001.xml"), (READER, "NCT9000xxxx/NCT90000002.xml")]
