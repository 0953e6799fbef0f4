"""The classic site's download of a search as XML: its elements, generations, damage."""

from __future__ import annotations

from typing import Any

from pipelines.landing.member import Member
from pipelines.readers import recognise
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.ctgov_xml import SEARCH_READER
from pipelines.readers.ctgov_xml_fields import READER
from pipelines.readers.reasons import MALFORMED_XML
from pipelines.settings import Limits

Json = dict[str, Any]


def file_of(*studies: str) -> bytes:
    listed = "".join(f'<study rank="{rank}">{study}</study>\n' for rank, study in enumerate(studies, start=1))
    return f'<?xml version="1.0"?>\n<search_results count="9">\n<query>tea</query>\n{listed}</search_results>'.encode()


def read(data: bytes) -> list[RawRecord | BadRecord]:
    assert recognise(data[:65536]) is READER
    return list(READER.read(Member.of_bytes(None, data), Limits()))


def study(elements: str) -> Json:
    (found,) = read(file_of(f"<nct_id>NCT90000001</nct_id>{elements}"))
    assert isinstance(found, RawRecord)
    assert found.study is not None
    return found.study


def test_the_fields_of_a_study() -> None:
    """Such files were unknown XML, though the same download as CSV was read."""
    found = study(
        """<title>Tea &amp; coughs</title><acronym>TEA</acronym><status open="Y">Active, not recruiting</status>
        <study_results>Has Results</study_results>
        <conditions><condition>Cough</condition><condition>Hiccup | loud</condition></conditions>
        <interventions><intervention type="Dietary Supplement">Tea: green</intervention></interventions>
        <sponsors><lead_sponsor>Tea House</lead_sponsor><collaborator>A</collaborator><collaborator>B</collaborator>
        </sponsors><gender>Female</gender><min_age>6 Months</min_age><max_age>N/A</max_age>
        <age_groups><age_group>Child</age_group><age_group>Older Adult</age_group></age_groups>
        <phases><phase>Phase 1</phase><phase>Phase 2</phase></phases><enrollment>120</enrollment>
        <funded_bys><funded_by>Industry</funded_by></funded_bys><study_types>Interventional</study_types>
        <study_designs><study_design>Allocation: Randomized</study_design>
        <study_design>Masking: Double (Participant, Investigator)</study_design></study_designs>
        <other_ids><other_id>T-1</other_id></other_ids><start_date>June 2016</start_date>
        <study_first_posted>June 30, 2016</study_first_posted><results_first_posted></results_first_posted>
        <locations><location>House, Ghent, Belgium</location><location>Hall, Lyon, France</location></locations>
        <study_documents></study_documents><url>https://example.org</url>"""
    )
    protocol = found["protocolSection"]
    assert protocol["identificationModule"]["briefTitle"] == "Tea & coughs"
    assert protocol["identificationModule"]["orgStudyIdInfo"] == {"id": "T-1"}
    assert protocol["statusModule"]["overallStatus"] == "ACTIVE_NOT_RECRUITING"
    assert protocol["statusModule"]["studyFirstPostDateStruct"] == {"date": "2016-06-30"}
    assert protocol["conditionsModule"]["conditions"] == ["Cough", "Hiccup | loud"], "what the CSV could not tell apart"
    assert protocol["armsInterventionsModule"]["interventions"] == [
        {"type": "DIETARY_SUPPLEMENT", "name": "Tea: green"}
    ]
    assert protocol["sponsorCollaboratorsModule"] == {
        "leadSponsor": {"name": "Tea House", "class": "INDUSTRY"},
        "collaborators": [{"name": "A"}, {"name": "B"}],
    }
    assert protocol["eligibilityModule"] == {
        "sex": "FEMALE",
        "minimumAge": "6 Months",
        "stdAges": ["CHILD", "OLDER_ADULT"],
    }
    assert protocol["designModule"] == {
        "phases": ["PHASE1", "PHASE2"],
        "enrollmentInfo": {"count": 120},
        "studyType": "INTERVENTIONAL",
        "designInfo": {
            "allocation": "RANDOMIZED",
            "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "INVESTIGATOR"]},
        },
    }
    assert protocol["contactsLocationsModule"]["locations"] == [{"country": "Belgium"}, {"country": "France"}]
    assert found["hasResults"] is True
    assert [name for name in found if ":" in name] == []


def test_the_names_of_2017_and_expanded_access() -> None:
    found = study(
        """<recruitment open="N">Temporarily not available</recruitment><first_received>May 3, 2012</first_received>
        <study_types>Expanded Access</study_types><exp_acc_types>Individual Patients</exp_acc_types>
        <last_verified>April 2013</last_verified><max_age>17 Years</max_age><unheard_of>x</unheard_of>"""
    )
    protocol = found["protocolSection"]
    assert protocol["statusModule"] == {
        "overallStatus": "TEMPORARILY_NOT_AVAILABLE",
        "studyFirstSubmitDate": "2012-05-03",
        "statusVerifiedDate": "2013-04",
    }
    assert protocol["designModule"] == {"studyType": "EXPANDED_ACCESS", "expandedAccessTypes": {"individual": True}}
    assert protocol["eligibilityModule"] == {"maximumAge": "17 Years"}
    assert found["ctgov_xml_fields:unheard_of"] == "x"


def test_a_damaged_study_costs_itself() -> None:
    bad, good = read(file_of("<nct_id>NCT90000001</nct_id><title>A & B</title>", "<nct_id>NCT90000002</nct_id>"))
    assert isinstance(bad, BadRecord)
    assert (bad.reason_code, bad.registry_id) == (MALFORMED_XML, "NCT90000001")
    assert isinstance(good, RawRecord)
    assert READER.standing == "chosen"


def test_lists_of_summaries_are_another_format() -> None:
    summary = b"<clinical_study><order>1</order><nct_id>NCT90000001</nct_id></clinical_study>"
    assert recognise(b"<search_results>" + summary + b"</search_results>") is SEARCH_READER
