"""Valid synthetic records of every format, as the bytes of one member: what inputs are made from.

Belongs here: having them made once for a process. Does not: changing them (mutate.py, trees.py).
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from pipelines.sample import FORMATS, write_sample

RECORDS = 2
_SAMPLE_SEEDS = (7, 8, 9, 10, 11, 12)
LARGEST = 24_000
"""Bytes; larger members are left out, so that an input takes milliseconds and a campaign is of many."""

READER_FORMATS: dict[str, tuple[str, ...]] = {
    "ctgov_v2": ("ctgov_json", "ctgov_ndjson", "ctgov_page", "ctgov_array"),
    "page_text": ("page_text", "page_text_bare"),
    "ctgov_classic_json": ("ctgov_classic_json",),
    "ctgov_classic_xml": ("ctgov_classic_xml",),
    "ctgov_fields_json": ("ctgov_fields_json",),
    "ctgov_fields_csv": ("ctgov_fields_csv",),
    "ctgov_xml": ("ctgov_xml",),
    "ctgov_xml_archive": ("ctgov_xml_archive",),
    "ctgov_xml_search": ("ctgov_xml_search",),
    "ctgov_xml_fields": ("ctgov_xml_fields",),
    "ctgov_csv": ("ctgov_csv", "ctgov_csv_classic"),
    "aact_flat": ("aact_flat",),
    "ictrp_csv": ("ictrp_csv",),
    "ictrp_xml": ("ictrp_xml",),
    "euctr_text": ("euctr_text",),
    "euctr_summary": ("euctr_summary",),
    "ctis_json": ("ctis_json",),
    "ctis_csv": ("ctis_csv",),
    "isrctn_xml": ("isrctn_xml",),
    "isrctn_json": ("isrctn_json",),
    "drks_json": ("drks_json",),
    "chictr_xml": ("chictr_xml",),
    "who_xml": ("who_xml",),
}
"""Each reader's format and the sample formats that it reads; a test keeps the names those of the table of readers."""

IN_WHO_LAYOUT = b"""<?xml version="1.0" encoding="UTF-8"?>
<trials>
  <trial>
    <main>
      <trial_id>IRCT20190900001N1</trial_id><utrn>U1111-1000-0000</utrn><reg_name>IRCT</reg_name>
      <date_registration>2019-09-02</date_registration><primary_sponsor>Institute of Tea</primary_sponsor>
      <public_title>Tea for cough</public_title><date_enrolment>2019-10-01</date_enrolment>
      <target_size>120</target_size><recruitment_status>Recruiting</recruitment_status>
      <study_type>interventional</study_type><phase>2-3</phase><hc_freetext>Cough</hc_freetext>
      <i_freetext>Intervention 1: Tea. Intervention 2: Water</i_freetext>
    </main>
    <contacts><contact><type>public</type><firstname>Ann</firstname><lastname>Y</lastname></contact></contacts>
    <countries><country2>Iran (Islamic Republic of)</country2></countries>
    <criteria><inclusion_criteria>Cough</inclusion_criteria><agemin>18 years</agemin><gender>Both</gender></criteria>
    <health_condition_keyword><hc_keyword>cough; throat</hc_keyword></health_condition_keyword>
    <primary_outcome><prim_outcome>Coughs. Timepoint: day 7</prim_outcome></primary_outcome>
    <secondary_ids><secondary_id><sec_id>NCT90000001</sec_id></secondary_id></secondary_ids>
    <ethics_reviews><ethics_review><status>Approved</status></ethics_review></ethics_reviews>
  </trial>
  <trial><main><trial_id>RBR-9aaaaaa</trial_id><date_enrolment>08/09/2026</date_enrolment></main></trial>
</trials>
"""
"""No sample is rendered in this layout."""

SEARCH_RESULTS = b"""<?xml version="1.0" encoding="UTF-8"?>
<search_results count="2">
  <query>tea</query>
  <clinical_study>
    <order>1</order><score>0.75</score><nct_id>NCT90000001</nct_id>
    <url>https://example.org/NCT90000001</url><title>Tea for coughs</title>
    <acronym>TEA</acronym><status open="Y">Recruiting</status>
    <study_results>No Results Available</study_results>
    <conditions><condition>Cough</condition><condition>Hiccup, chronic</condition></conditions>
    <interventions><intervention type="Drug">Tea</intervention></interventions>
    <gender>All</gender><min_age>18 Years</min_age><max_age>65 Years</max_age><enrollment>120</enrollment>
    <start_date>June 2024</start_date><last_update_posted>June 30, 2025</last_update_posted>
  </clinical_study>
  <clinical_study>
    <order>2</order><score>0.5</score><nct_id>NCT90000002</nct_id><title>No tea</title>
    <status open="N">Completed</status>
  </clinical_study>
</search_results>
"""

LISTED_TRIALS = b"""EudraCT Number:          2015-012345-67
Sponsor Protocol Number: ABC-1
Sponsor Name:            Tea Ltd
Full Title:              Tea for coughs and hiccups of people who drink none of it otherwise
Start Date:              2015-03-04
Medical condition:       Cough
Hiccup

Disease:                 Version: 19.0, SOC Term: 10001 - Lungs, Classification Code: 10002, Term: Cough, Level: PT
Disease:                 Version: 20.1, SOC Term: 100003, Classification Code: 10004, Term: Hiccup, chronic, Level: LLT
Population Age:          Adolescents, Under 18, Adults
Gender:                  Male, Female
Trial protocol:          SE(Completed) DE(Ongoing) Outside EU/EEA\x20
Link:                    https://example.org/search?query=eudract_number:2015-012345-67

EudraCT Number:          2016-012345-68
Sponsor Protocol Number: ABC-2
Sponsor Name:            Tea Ltd
Full Title:              No tea
Start Date:              Information not available in EudraCT
Medical condition:      \x20
Disease:
Population Age:          Elderly
Gender:                  Female
Trial protocol:          GB(GB - no longer in EU/EEA)\x20
Link:                    https://example.org/search?query=eudract_number:2016-012345-68
"""


FIELDS_XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<search_results count="1">
  <query>tea</query>
  <study rank="1">
    <nct_id>NCT90000001</nct_id><title>Tea for coughs</title><acronym>TEA</acronym><status open="Y">Recruiting</status>
    <study_results>No Results Available</study_results>
    <conditions><condition>Cough</condition><condition>Hiccup, chronic</condition></conditions>
    <interventions><intervention type="Drug">Tea</intervention></interventions>
    <sponsors><lead_sponsor>Tea House</lead_sponsor><collaborator>Water Works</collaborator></sponsors>
    <gender>All</gender><min_age>18 Years</min_age><max_age>65 Years</max_age>
    <age_groups><age_group>Adult</age_group></age_groups><phases><phase>Phase 2</phase></phases>
    <enrollment>120</enrollment><funded_bys><funded_by>Industry</funded_by></funded_bys>
    <study_types>Interventional</study_types>
    <study_designs><study_design>Allocation: Randomized</study_design></study_designs>
    <other_ids><other_id>T-1</other_id><other_id>T-2</other_id></other_ids>
    <start_date>June 2024</start_date><last_update_posted>June 30, 2025</last_update_posted>
    <locations><location>House, Ghent, Belgium</location></locations><url>https://example.org/NCT90000001</url>
  </study>
</search_results>
"""

STUDY_FIELDS = b"""{"StudyFieldsResponse": {"APIVrs": "1.01.03", "Expression": "tea", "NStudiesFound": 2,
  "FieldList": ["NCTId", "BriefTitle", "Condition", "InterventionType", "InterventionName", "StartDate", "Gender"],
  "StudyFields": [
    {"Rank": 1, "NCTId": ["NCT90000001"], "BriefTitle": ["Tea"], "Condition": ["Cough", "Hiccup"], "Gender": ["All"],
     "InterventionType": ["Drug", "Other"], "InterventionName": ["Tea", "Water"], "StartDate": ["June 2020"]},
    {"Rank": 2, "NCTId": ["NCT90000002"], "BriefTitle": ["No tea"], "Condition": [], "Gender": ["Female"],
     "InterventionType": ["Drug"], "InterventionName": [], "StartDate": ["May 2, 2020"]}
]}}
"""


STUDY_FIELDS_TABLE = b"""Rank,NCTId,BriefTitle,Condition,InterventionType,InterventionName,StartDate,Gender
1,NCT90000001,"Tea, hot",Cough|Hiccup,Drug|Other,Tea|Water,June 2020,All
2,NCT90000002,No tea,,Drug,,"May 2, 2020",Female
"""

LISTED_BY_CTIS = b"""Trial number,Title of the trial,Protocol code,Overall trial status,\
Location(s) and recruitment status,Age group,Age range secondary identifier,Gender,\
Number of participants enrolled,Trial region,Medical conditions,Therapeutic area,Trial phase,Product,\
Primary endpoint,Secondary endpoints,Decision date,Start date,End date,Global end of the trial,\
Trial results,Sponsor/Co-Sponsors,Sponsor type,Last updated
2024-512345-12-00,Tea for coughs,T-1,"Ongoing, recruiting","Spain:Ongoing, recruiting, Italy:Ended",\
"18-64 years,65+ years",N/A,"Female, Male",120,EEA only,Cough,\
"[""Diseases [C] - Virus Diseases [C01]"",""Diseases [C] - Eye Diseases [C11]""]",Therapeutic use (Phase IV),\
TEA,Pain,"Sleep
Mood",08/09/2025,09/10/2025,N/A,N/A,No,"Tea Ltd, Cup Ltd","Industry, Patients organisation",09/11/2025
2024-512346-12-01,No tea,,Ended,Spain:Ended,0-17 years,N/A,Female,12,N/A,Hiccup,N/A,N/A,-,Pain,N/A,\
08/09/2024,09/10/2024,01/02/2025,01/03/2025,Yes,"Tea, Inc.",Pharmaceutical company,09/11/2025
"""


@cache
def members_of(reader_format: str) -> tuple[bytes, ...]:
    """Good members of a reader's format; of the tables of many files (aact_flat) whole archives."""
    if reader_format == "ctgov_xml_search":
        return (SEARCH_RESULTS,)
    if reader_format == "ctgov_xml_fields":
        return (FIELDS_XML,)
    if reader_format == "who_xml":
        return (IN_WHO_LAYOUT,)
    if reader_format == "ctgov_fields_json":
        return (STUDY_FIELDS,)
    if reader_format == "ctis_csv":
        return (LISTED_BY_CTIS,)
    if reader_format == "euctr_summary":
        return (LISTED_TRIALS,)
    if reader_format == "ctgov_fields_csv":
        return (STUDY_FIELDS_TABLE,)
    if reader_format == "ctgov_xml_archive":
        return _archive_xml()
    if reader_format in ("ctgov_classic_json", "ctgov_classic_xml"):
        return _classic(reader_format)
    found: list[bytes] = []
    for name in READER_FORMATS[reader_format]:
        for seed in _SAMPLE_SEEDS:
            found += [data for data in _files(name, seed) if len(data) <= LARGEST or reader_format == "aact_flat"]
    return tuple(found[: 3 if reader_format == "aact_flat" else None])


def _files(sample_format: str, seed: int) -> list[bytes]:
    assert sample_format in FORMATS, sample_format
    with tempfile.TemporaryDirectory(prefix="trialmart-fuzz-") as name:
        folder = Path(name)
        write_sample(RECORDS, folder, seed=seed, formats=[sample_format], defects=False)
        paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
        contents = [path.read_bytes() for path in paths]
    if sample_format == "aact_flat":
        return contents
    return [inner for data in contents for inner in _unpacked(data)]


def _unpacked(data: bytes) -> list[bytes]:
    if not data.startswith(b"PK"):
        return [data]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def _classic(reader_format: str) -> tuple[bytes, ...]:
    """Pages of one study each, the smaller ones: the classic API's names are so long that two are too large."""
    from pipelines.sample import make_study
    from pipelines.sample.rendered import render_file

    pages = (render_file(reader_format, [make_study(seed, index)]) for seed in _SAMPLE_SEEDS for index in range(6))
    return tuple(page for page in pages if len(page) <= LARGEST)


def _archive_xml() -> tuple[bytes, ...]:
    """The archive's own layout is not among the formats that a sample is written in, but it can be rendered."""
    from pipelines.sample import make_study
    from pipelines.sample.render.ctgov_xml_archive import render_file

    return tuple(render_file([make_study(seed, 0)]) for seed in _SAMPLE_SEEDS)
