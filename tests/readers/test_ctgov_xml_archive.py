"""The layout that the archive of ClinicalTrials.gov's first versions has."""

from __future__ import annotations

import pytest

from pipelines.landing.member import Member
from pipelines.readers.base import RawRecord
from pipelines.readers.ctgov_xml import ARCHIVE_READER
from pipelines.settings import Limits
from tests.readers.ctgov_xml_files import archived, kept, study_of


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
