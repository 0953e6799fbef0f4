"""What AACT's columns mean: folded texts, padded dates, words of two generations, rows that belong to others."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipelines.readers import find_raw
from pipelines.readers.aact_flat.tables import FIELDS, IGNORED_TABLES
from pipelines.readers.aact_flat.values import filename, padded_date, phases, unfolded, unfolded_plain
from pipelines.readers.mapping import Unreadable
from pipelines.sample.render.aact_flat_tables import COLUMNS
from tests.readers.aact_exports import LIMITS, A, B, Files, packed, protocol, small, states, study, table, take


@pytest.mark.parametrize(
    ("folded", "text"),
    [
        ("Inclusion:~* Adults~* Cough~Exclusion:~1. None", "Inclusion:\n* Adults\n* Cough\nExclusion:\n1. None"),
        ("aged 15\\~65 years~next", "aged 15\\~65 years\nnext"),
        ("on ~300 mg", "on \n300 mg"),
    ],
)
def test_line_breaks_come_back_in_texts_since_2024(folded: str, text: str) -> None:
    assert unfolded(folded) == text


@pytest.mark.parametrize(
    ("folded", "text"),
    [
        ("Inclusion Criteria:~1. Adults~2. Cough", "Inclusion Criteria:\n1. Adults\n2. Cough"),
        ("aged 18~65 years~next line", "aged 18~65 years\nnext line"),
        ("about ~50 mg (~5%)", "about ~50 mg (~5%)"),
        ("Day 1 ~ Week 2", "Day 1 ~ Week 2"),
        ("at week 12~2. Second", "at week 12\n2. Second"),
        ("first. ~* second", "first. \n* second"),
    ],
)
def test_signs_for_about_and_to_stay_in_older_texts(folded: str, text: str) -> None:
    assert unfolded_plain(folded) == text


def test_one_line_break_that_slipped_in_leaves_every_other_text_folded(tmp_path: Path) -> None:
    """A line break within one cell made each `~` of the export a `~`: no criterion stood on a line of its own."""
    summaries = f"id|nct_id|description\n1|{A}|Two~three\n2|{B}|Other~same\n"
    keywords = f'id|nct_id|name|downcase_name\n1|{A}|"One\ntwo"|x\n'
    good, bad = take(tmp_path, packed(small(brief_summaries=summaries.encode(), keywords=keywords.encode())))
    assert bad == []
    assert protocol(good[A], "descriptionModule", "briefSummary") == "Two\nthree"
    assert protocol(good[B], "descriptionModule", "briefSummary") == "Other\nsame"


def test_line_breaks_inside_quotation_marks_are_read(tmp_path: Path) -> None:
    """As in files that other tools made of AACT's database; a `~` is then a `~`."""
    rows = f'id|nct_id|description\n1|{A}|"One ""two"" | x\n\n7|not a row\nlast ~50"\n2|{B}|Other~same\n'
    good, bad = take(tmp_path, packed(small(brief_summaries=rows.encode())))
    assert bad == []
    assert protocol(good[A], "descriptionModule", "briefSummary") == 'One "two" | x\n\n7|not a row\nlast ~50'
    assert protocol(good[B], "descriptionModule", "briefSummary") == "Other~same"
    for record in good.values():
        assert find_raw(tmp_path / "file", record.member, record.position, LIMITS) == record.raw


@pytest.mark.parametrize(
    ("stated", "padded", "value", "doubtful"),
    [
        ("2026-06", "2026-06-30", "2026-06", False),
        ("2026-06-30", "2026-06-30", "2026-06-30", False),
        ("2026", "2026-12-31", "2026", False),
        ("June 2026", "2026-06-30", "2026-06", False),
        ("June 30, 2026", "2026-06-30", "2026-06-30", False),
        ("June 2026", "2026-06-01", "2026-06", False),
        ("2026-06", "2026-07-31", "2026-06", True),
        ("2026-06", None, "2026-06", False),
        (None, "2026-06-30", "2026-06", True),
        (None, "2024-02-29", "2024-02", True),
        (None, "2023-12-31", "2023-12", True),
        (None, "2026-06-29", "2026-06-29", False),
        ("soon", "2026-06-29", None, True),
        (None, None, None, False),
    ],
)
def test_padded_dates_never_invent_a_day(
    stated: str | None, padded: str | None, value: str | None, doubtful: bool
) -> None:
    found = padded_date(stated, padded)
    assert (found.value, found.doubt is not None) == (value, doubtful)


@pytest.mark.parametrize(
    ("padded", "value", "doubt"),
    [
        ("2026-06-01", "2026-06", ("first", "month")),
        ("2026-06-30", "2026-06", ("last", "month")),
        ("2026-12-31", "2026-12", ("last", "month or the year")),
        ("2026-06-02", "2026-06-02", None),
    ],
)
def test_an_expected_posting_may_be_padded_to_the_first_of_its_month(
    padded: str, value: str, doubt: tuple[str, str] | None
) -> None:
    found = padded_date(None, padded, to_first=True)
    text = "precision suspect: the {} day of a month, which AACT also writes where only the {} is known"
    assert (found.value, found.doubt) == (value, text.format(*doubt) if doubt else None)
    assert padded_date(None, "2026-06-01").value == "2026-06-01"


@pytest.mark.parametrize(
    "link", ["https://example.org/large-docs/1/NCT1/Prot_000.pdf", "https://example.org/Prot_000.pdf/", "Prot_000.pdf"]
)
def test_a_file_is_named_by_the_end_of_its_link(link: str) -> None:
    assert filename(link) == "Prot_000.pdf"


def test_a_doubtful_date_is_marked_with_its_text(tmp_path: Path) -> None:
    studies = table(f"""
        nct_id|brief_title|overall_status|study_type|start_date|verification_date
        {A}|First|COMPLETED|OBSERVATIONAL|2020-05-31|2020-05-12
    """)
    good, _ = take(tmp_path, packed(small(studies=studies)))
    module = protocol(good[A], "statusModule")
    assert (module["startDateStruct"], module["statusVerifiedDate"]) == ({"date": "2020-05"}, "2020-05-12")
    (state,) = states(good[A], "ambiguous")
    assert (state["field"], state["verbatim"]) == ("protocolSection.statusModule.startDateStruct.date", "2020-05-31")
    assert "precision suspect" in state["reason"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PHASE1/PHASE2", ["PHASE1", "PHASE2"]),
        ("Phase 1/Phase 2", ["PHASE1", "PHASE2"]),
        ("Phase 4", ["PHASE4"]),
        ("EARLY_PHASE1", ["EARLY_PHASE1"]),
        ("Early Phase 1", ["EARLY_PHASE1"]),
        ("N/A", ["NA"]),
        ("Not Applicable", ["NA"]),
        ("NA", ["NA"]),
    ],
)
def test_phases_of_both_wordings(text: str, expected: list[str]) -> None:
    assert phases(text) == expected


@pytest.mark.parametrize("text", ["Phase 5", "PHASE1/", "2"])
def test_a_phase_nobody_knows_is_not_guessed(text: str) -> None:
    with pytest.raises(Unreadable):
        phases(text)


def test_an_empty_field_is_nothing(tmp_path: Path) -> None:
    """PostgreSQL's empty text and NULL are the same after AACT's exporter."""
    studies = table(f"""
        nct_id|brief_title|overall_status|study_type|has_expanded_access|enrollment|acronym
        {A}|First|COMPLETED|OBSERVATIONAL|f||""
        {B}|Second|COMPLETED|OBSERVATIONAL||0|
    """)
    good, _ = take(tmp_path, packed(small(studies=studies)))
    assert protocol(good[A], "statusModule", "expandedAccessInfo") == {"hasExpandedAccess": False}
    assert "expandedAccessInfo" not in protocol(good[B], "statusModule")
    assert protocol(good[B], "designModule", "enrollmentInfo") == {"count": 0}
    assert "acronym" not in protocol(good[A], "identificationModule")


def older() -> Files:
    """An export as it was before 2024: other words, other columns."""
    return small(
        studies=table(f"""
            nct_id|brief_title|overall_status|study_type|phase|enrollment_type|start_month_year|start_date_type
            {A}|First|Active, not recruiting|Observational [Patient Registry]|N/A|Anticipated|June 2016|Actual
            {B}|Second|Unknown status|Interventional|Phase 1/Phase 2|Actual|June 3, 2016|Estimated
        """),
        designs=table(f"""
            id|nct_id|allocation|intervention_model|masking|subject_masked|caregiver_masked
            1|{B}|Non-Randomized|Crossover Assignment|Double (Participant, Care Provider)|t|t
        """),
        eligibilities=table(f"""
            id|nct_id|gender|minimum_age|maximum_age|healthy_volunteers|criteria
            1|{A}|Both|18 Years|N/A|Accepts Healthy Volunteers|Aged 18~65~Well
            2|{B}|All|N/A|N/A|No|x
        """),
        id_information=table(f"""
            id|nct_id|id_type|id_value
            1|{A}|org_study_id|ORG-1
            2|{A}|secondary_id|2011-001295-19
            3|{A}|nct_alias|NCT00000077
        """),
        responsible_parties=table(f"""
            id|nct_id|responsible_party_type|name|title|organization|affiliation
            1|{A}||N. N., Head||Acme|
            2|{B}|Principal Investigator|M. M.|Prof||Institute
        """),
        study_references=table(f"""
            id|nct_id|pmid|reference_type|citation
            1|{A}|1|results_reference|One.
            2|{A}|2|reference|Two.
        """),
        browse_conditions=table(f"id|nct_id|mesh_term|downcase_mesh_term\n1|{A}|Cough|cough"),
    )


def test_the_words_and_columns_of_before_2024(tmp_path: Path) -> None:
    good, bad = take(tmp_path, packed(older()))
    a, b = good[A], good[B]
    assert bad == []
    assert protocol(a, "statusModule", "overallStatus") == "ACTIVE_NOT_RECRUITING"
    assert protocol(b, "statusModule", "overallStatus") == "UNKNOWN"
    assert protocol(a, "statusModule", "startDateStruct") == {"date": "2016-06", "type": "ACTUAL"}
    assert protocol(b, "statusModule", "startDateStruct") == {"date": "2016-06-03", "type": "ESTIMATED"}
    assert protocol(a, "designModule") == {
        "studyType": "OBSERVATIONAL",
        "patientRegistry": True,
        "phases": ["NA"],
        "enrollmentInfo": {"type": "ESTIMATED"},
    }
    assert protocol(b, "designModule", "phases") == ["PHASE1", "PHASE2"]
    assert protocol(b, "designModule", "designInfo") == {
        "allocation": "NON_RANDOMIZED",
        "interventionModel": "CROSSOVER",
        "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "CARE_PROVIDER"]},
    }
    assert protocol(a, "eligibilityModule") == {
        "sex": "ALL",
        "minimumAge": "18 Years",
        "healthyVolunteers": True,
        "eligibilityCriteria": "Aged 18~65\nWell",
    }
    assert protocol(a, "identificationModule", "orgStudyIdInfo") == {"id": "ORG-1"}
    assert protocol(a, "identificationModule", "secondaryIdInfos") == [{"id": "2011-001295-19"}]
    assert protocol(a, "identificationModule", "nctIdAliases") == ["NCT00000077"]
    party = protocol(a, "sponsorCollaboratorsModule", "responsibleParty")
    assert party == {"oldNameTitle": "N. N., Head", "oldOrganization": "Acme"}
    assert protocol(b, "sponsorCollaboratorsModule", "responsibleParty", "type") == "PRINCIPAL_INVESTIGATOR"
    assert study(a)["derivedSection"]["conditionBrowseModule"]["meshes"] == [{"term": "Cough"}]
    assert protocol(a, "referencesModule", "references") == [
        {"pmid": "1", "type": "RESULT", "citation": "One."},
        {"pmid": "2", "citation": "Two."},
    ]
    (state,) = states(a, "ambiguous")
    assert (state["field"], state["verbatim"]) == ("protocolSection.referencesModule.references[].type", "reference")


def test_groups_of_before_2024_are_found_by_their_numbers(tmp_path: Path) -> None:
    files = small(
        outcomes=table(f"id|nct_id|outcome_type|title\n1|{A}|Primary|Pain\n2|{A}|Secondary|Sleep"),
        result_groups=table(f"""
            id|nct_id|ctgov_group_code|result_type|title|description
            11|{A}|OG000|Outcome|Tea|x
            12|{A}|OG000|Outcome|Coffee|x
            13|{A}|BG000|Baseline|All|x
        """),
        outcome_counts=table(f"""
            id|nct_id|outcome_id|result_group_id|ctgov_group_code|scope|units|count
            1|{A}|1|11|OG000|Measure|Participants|5
            2|{A}|2|12|OG000|Measure|Participants|6
        """),
        outcome_measurements=table(f"""
            id|nct_id|outcome_id|result_group_id|ctgov_group_code|title|param_value|param_value_num|dispersion_lower_limit
            1|{A}|1|11|OG000|Pain|1.50|1.5|1.0
        """),
    )
    good, _ = take(tmp_path, packed(files))
    results = study(good[A])["resultsSection"]
    pain, sleep = results["outcomeMeasuresModule"]["outcomeMeasures"]
    assert (pain["groups"][0]["title"], sleep["groups"][0]["title"]) == ("Tea", "Coffee")
    (value,) = pain["classes"][0]["categories"][0]["measurements"]
    assert value == {"groupId": "OG000", "value": "1.50", "lowerLimit": "1"}
    assert results["baselineCharacteristicsModule"]["groups"] == [{"id": "BG000", "title": "All", "description": "x"}]


def test_a_row_whose_parent_is_gone_is_kept_as_it_stands(tmp_path: Path) -> None:
    files = small(
        facilities=table(f"id|nct_id|name|country\n1|{A}|Clinic|France"),
        facility_contacts=table(f"id|nct_id|facility_id|name\n1|{A}|1|P. P.\n2|{A}|99|Q. Q."),
        countries=table(f"id|nct_id|name|removed\n1|{A}|France|f\n2|{A}|Chad|t\n3|{A}|Peru|f"),
    )
    good, _ = take(tmp_path, packed(files))
    (site,) = protocol(good[A], "contactsLocationsModule", "locations")
    assert site["contacts"] == [{"name": "P. P.", "role": "CONTACT"}]
    kept = {one["path"]: one["value"] for one in study(good[A])["registrySection"]["sourceFields"]}
    assert kept["facility_contacts/name"] == "Q. Q."
    assert kept["countries/name"] == "Peru"
    assert study(good[A])["derivedSection"]["miscInfoModule"]["removedCountries"] == ["Chad"]


def test_a_column_and_a_table_that_nobody_foresaw_are_not_lost(tmp_path: Path) -> None:
    files = small(
        keywords=table(f"id|nct_id|name|downcase_name|colour\n1|{A}|Tea|tea|green"),
        moods=table(f"id|nct_id|mood\n1|{A}|fine"),
    )
    good, _ = take(tmp_path, packed(files))
    assert study(good[A])["aact_flat:keywords/colour"] == "green"
    assert study(good[A])["aact_flat:moods/mood"] == "fine"


# the published columns


def test_every_published_column_is_known(shared_dir: Path, tmp_path: Path) -> None:
    """A row of each table of AACT's data definitions with every column filled leaves nothing unknown."""
    definitions = json.loads((shared_dir / "data" / "schemas" / "aact_data_definitions.json").read_text())
    columns: dict[str, dict[str, str]] = {}
    for one in definitions:
        if one["db schema"] == "ctgov":
            name = re.sub(r"<[^>]+>", "", one["table"]).strip().lower()
            columns.setdefault(name, {})[one["column"].split()[0]] = one["data type"]
    assert set(columns) <= {"studies", *FIELDS, *IGNORED_TABLES}
    hold_known(tmp_path, columns)


def test_every_column_of_the_export_of_2026_is_known(tmp_path: Path) -> None:
    hold_known(tmp_path, {name: dict.fromkeys(columns, "") for name, columns in COLUMNS.items()})


def hold_known(tmp_path: Path, columns: dict[str, dict[str, str]]) -> None:
    values = {"date": "2020-01-15", "boolean": "t"}
    files = {
        name: table(
            "|".join(kinds)
            + "\n"
            + "|".join(A if column == "nct_id" else values.get(kind, "1") for column, kind in kinds.items())
        )
        for name, kinds in columns.items()
    }
    good, _ = take(tmp_path, packed(files))
    assert [name for name in study(good[A]) if ":" in name] == []


def test_dates_of_exports_that_were_made_of_the_registrys_xml(tmp_path: Path) -> None:
    """AACT wrote the XML's own words: a date of posting before 2017 is an "Estimate", one of a submission canceled
    before May 2018 is "Unknown"."""
    files = small(
        studies=table(f"""
            nct_id|brief_title|overall_status|study_type|phase|study_first_posted_date|study_first_posted_date_type
            {A}|First|Completed|Interventional|Phase 1/Phase 2|2010-05-04|Estimate
            {B}|Second|Completed|Interventional|N/A|2018-05-04|Actual
        """),
        pending_results=table(f"""
            id|nct_id|event|event_date_description|event_date
            1|{A}|submitted|April 2, 2018|2018-04-02
            2|{A}|submission_canceled|Unknown|
        """),
    )
    good, bad = take(tmp_path, packed(files))
    assert bad == []
    status = protocol(good[A], "statusModule")
    assert status["studyFirstPostDateStruct"] == {"date": "2010-05-04", "type": "ESTIMATED"}
    annotations = study(good[A])["annotationSection"]["annotationModule"]["unpostedAnnotation"]
    assert annotations["unpostedEvents"] == [
        {"type": "RELEASE", "date": "2018-04-02"},
        {"type": "UNRELEASE", "dateUnknown": True},
    ]
    assert states(good[A], "ambiguous") == []


@pytest.mark.parametrize("both", [False, True])
def test_dates_under_the_names_that_the_registrys_xml_had_until_2017(tmp_path: Path, *, both: bool) -> None:
    """AACT kept them until May 2018, since January of it beside the new names; they were fields without a meaning."""
    older = "first_received_date|last_changed_date|first_received_results_date|received_results_disposit_date"
    newer = (
        "|study_first_submitted_date|last_update_submitted_date|results_first_submitted_date"
        "|disposition_first_submitted_date"
    )
    dates = "2010-05-04|2017-02-03|2016-01-02|2015-12-31"
    studies = table(f"""
        nct_id|brief_title|overall_status|study_type|phase|{older}{newer if both else ""}
        {A}|First|Completed|Interventional|Phase 2|{dates}{"|" + dates if both else ""}
        {B}|Second|Completed|Interventional|N/A|2011-01-02|2012-03-04||{"|2011-01-02|2012-03-04||" if both else ""}
    """)
    good, bad = take(tmp_path, packed(small(studies=studies)))
    assert bad == []
    assert protocol(good[A], "statusModule") == {
        "overallStatus": "COMPLETED",
        "studyFirstSubmitDate": "2010-05-04",
        "lastUpdateSubmitDate": "2017-02-03",
        "resultsFirstSubmitDate": "2016-01-02",
        "dispFirstSubmitDate": "2015-12-31",
    }
    assert protocol(good[B], "statusModule", "lastUpdateSubmitDate") == "2012-03-04"
    assert [name for name in study(good[A]) if ":" in name] == []
    assert states(good[A], "ambiguous") == []


def test_an_empty_cell_and_a_table_without_a_row_say_that_the_registry_has_nothing(tmp_path: Path) -> None:
    studies = f"""nct_id|brief_title|overall_status|study_type|phase|start_date|enrollment
{A}|First|COMPLETED|INTERVENTIONAL||2020-05-31|
{B}|Second|COMPLETED|INTERVENTIONAL||2020-05-31|12
"""
    conditions = f"id|nct_id|name|downcase_name\n1|{B}|Cough|cough\n"
    outcomes = f"id|nct_id|outcome_type|measure\n1|{A}|secondary|Itch\n2|{B}|primary|Pain\n3|{B}|secondary|Itch\n"
    sponsors = (
        f"id|nct_id|agency_class|lead_or_collaborator|name\n1|{A}|OTHER|collaborator|Acme\n2|{B}|OTHER|lead|Acme\n"
    )
    good, _ = take(
        tmp_path,
        packed(
            small(
                studies=studies.encode(),
                conditions=conditions.encode(),
                sponsors=sponsors.encode(),
                design_outcomes=outcomes.encode(),
            )
        ),
    )
    empty = {
        nct_id: {one["field"].removeprefix("protocolSection.") for one in states(record, "empty")}
        for nct_id, record in good.items()
    }
    assert empty == {
        A: {
            "designModule.enrollmentInfo.count",
            "conditionsModule.conditions",
            "outcomesModule.primaryOutcomes",
            "sponsorCollaboratorsModule.leadSponsor.name",
        },
        B: set(),
    }


def test_a_row_that_was_not_read_is_not_one_that_the_registry_lacks(tmp_path: Path) -> None:
    broken = f"id|nct_id|name|downcase_name\n1|{B}|Cough|cough\n2|{A}|Ache|ache|more\n"
    good, _ = take(tmp_path, packed(small(conditions=broken.encode())))
    assert [one["field"] for one in states(good[A], "damaged")] == ["protocolSection.conditionsModule.conditions[]"]
    assert states(good[A], "empty") == []
