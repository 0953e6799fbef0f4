"""Cases of the rules on arms, outcomes, eligibility, people, places, texts and value lists."""

from __future__ import annotations

from tests.expectations.cases import Cases, failed, passed, unsure
from tests.quality.warehouse import PAGE, Row, child, record, says, version

ELIGIBILITY = "protocolSection.eligibilityModule"
CONTACTS = "protocolSection.contactsLocationsModule"


def interventional(**values: object) -> Row:
    return record(study_type="INTERVENTIONAL", **values)


def arm(label: str | None, position: int = 1, **values: object) -> Row:
    return child("core.arm_group", label=label, position=position, **values)


def linked(
    arms: dict[str, list[str]], interventions: dict[str, list[str]], *, kind: str = "EXPERIMENTAL", **values: object
) -> list[Row]:
    """Arms with the interventions they name ("Drug: X"), interventions with the arms they name."""
    rows = [interventional(arm_count=len(arms), **values)]
    for position, (label, names) in enumerate(arms.items(), start=1):
        rows.append(child("staging.arm_group", position=position, label=label, type=kind))
        rows += [
            child(
                "staging.arm_group_intervention_name", arm_group_position=position, position=n, intervention_name=name
            )
            for n, name in enumerate(names, start=1)
        ]
    for position, (name, labels) in enumerate(interventions.items(), start=1):
        rows.append(child("staging.intervention", position=position, name=name, type="DRUG"))
        rows += [
            child(
                "staging.intervention_arm_group_label",
                intervention_position=position,
                position=n,
                arm_group_label=label,
            )
            for n, label in enumerate(labels, start=1)
        ]
    return rows


def outcome(measure: str | None, time_frame: str | None = "12 weeks", position: int = 1, **values: object) -> Row:
    return child(
        "core.outcome", measure=measure, time_frame=time_frame, position=position, outcome_type="PRIMARY", **values
    )


def ages(low: str | None, high: str | None, **values: object) -> Row:
    """Age limits in years, with their days."""
    limits: dict[str, object] = {"minimum_age": low, "maximum_age": high}
    for name, text in (("minimum_age_days", low), ("maximum_age_days", high)):
        limits[name] = int(text.split()[0]) * 365.25 if text and text.endswith("Years") else None
    return record(**(limits | values))


def groups(low: str | None, high: str | None, *std_ages: str) -> list[Row]:
    """Age limits and the age groups that the registry derives."""
    return [
        ages(low, high),
        *(child("staging.std_age", position=n, std_age=group) for n, group in enumerate(std_ages, start=1)),
    ]


def without_limits(*std_ages: str) -> list[Row]:
    """As groups, in a format that has age groups and no limits."""
    (table, values), *rest = groups(None, None, *std_ages)
    return [(table, values | {"source_format": "ctgov_csv"}), *rest]


def criteria(
    *numbers: int | None,
    kind: str = "inclusion",
    text: str = "Adults",
    damage: str | None = None,
    source_format: str = PAGE,
) -> list[Row]:
    return [
        record(source_format=source_format),
        *(
            child("core.criterion", position=n, kind=kind, number=number, text=text, damage=damage)
            for n, number in enumerate(numbers, start=1)
        ),
    ]


def party(kind: str | None, name: str | None, title: str | None, affiliation: str | None, **values: object) -> Row:
    return record(
        responsible_party_type=kind,
        responsible_party_name=name,
        responsible_party_title=title,
        responsible_party_affiliation=affiliation,
        **values,
    )


def official(name: str | None) -> list[Row]:
    return [record(), child("core.official", name=name)]


def site(status: str | None, **values: object) -> list[Row]:
    return [record(**values), child("core.location", status=status)]


def place(**values: object) -> list[Row]:
    return [record(), child("core.location", **values)]


def reference(**values: object) -> list[Row]:
    return [record(), child("core.reference", **values)]


def conditions(*names: str, **values: object) -> list[Row]:
    return [
        record(**values),
        *(child("staging.condition", position=n, condition=name) for n, name in enumerate(names, start=1)),
    ]


ARMS: Cases = {
    "arm_label_unique": [
        passed(record(), arm("A"), arm("B", 2)),
        failed(record(), arm("Placebo"), arm("placebo ", 2)),
        failed(record(), arm("x" * 101)),
        unsure(record(), arm(None)),
    ],
    "arm_type": [
        passed(interventional(), arm("A", type="EXPERIMENTAL")),
        failed(interventional(), arm("A", type="Experimental")),
        failed(interventional(), arm("A")),
        unsure(interventional(source_format=PAGE), arm("A")),
        unsure(record(study_type="OBSERVATIONAL"), arm("A")),
    ],
    "arm_description_len": [
        passed(record(), arm("A", description="x" * 999)),
        failed(record(), arm("A", description="x" * 1000)),
        # 999 characters in the form: the backslash before a bracket is Markdown's (NCT01300260).
        passed(record(), arm("A", description="x" * 997 + r"\[g")),
        failed(record(), arm("A", description="x" * 998 + r"\[g")),
        unsure(record(), arm("A")),
    ],
    "arm_intervention_xref": [
        passed(*linked({"A": ["Drug: X"]}, {"X": ["A"]})),
        passed(*linked({"A": ["drug: x "]}, {"X": ["a"]})),
        failed(*linked({"A": ["Drug: Y"]}, {"X": []})),
        failed(*linked({"A": ["Drug: X"]}, {"X": []})),
        failed(*linked({"A": []}, {"X": ["A"]})),
        failed(*linked({"A": ["Drug: X"]}, {"X": ["A", "B"]})),
        passed(
            *linked({"A": ["Drug: X"], "B": ["Drug: X"]}, {"X": ["A"]}),
            child("staging.intervention", position=2, name="X", type="DRUG"),
            child("staging.intervention_arm_group_label", intervention_position=2, arm_group_label="B"),
        ),
        failed(*linked({"A": ["Y"]}, {"X": []}, source_format=PAGE)),
        unsure(*linked({"A": ["X"]}, {"X": []}, source_format=PAGE)),
        # The registry's XML names arms beside interventions only; the other side is made from it.
        unsure(*linked({"A": ["Drug: X"]}, {"X": ["A"]}, source_format="ctgov_xml")),
        unsure(*linked({"A": ["Drug: X"]}, {"X": ["A"]}, source_format="ctgov_xml_archive")),
        failed(*linked({"A": ["Drug: X"]}, {"X": ["A", "B"]}, source_format="ctgov_xml")),
        unsure(
            *linked({"A": []}, {}),
            child("staging.intervention", type="DRUG"),
            child("staging.intervention_arm_group_label", intervention_position=1, arm_group_label="A"),
        ),
    ],
    "no_intervention_arm": [
        passed(*linked({"A": ["Drug: X"]}, {"X": ["A"]})),
        passed(*linked({"A": []}, {"X": []}, kind="NO_INTERVENTION")),
        failed(*linked({"A": []}, {"X": []})),
        failed(*linked({"A": []}, {"X": ["A"]}, kind="NO_INTERVENTION")),
        unsure(*linked({"A": []}, {"X": []}, kind=None)),
    ],
    "placebo_vs_arm": [
        passed(*linked({"A": ["Drug: Placebo tablet"]}, {"Placebo tablet": ["A"]}, kind="PLACEBO_COMPARATOR")),
        passed(*linked({"Saline group": []}, {}, kind="PLACEBO_COMPARATOR")),
        passed(*linked({"Cream base group": []}, {}, kind="PLACEBO_COMPARATOR")),
        passed(*linked({"Sterile Water": []}, {}, kind="PLACEBO_COMPARATOR")),
        failed(*linked({"Watermelon": []}, {}, kind="PLACEBO_COMPARATOR")),
        failed(*linked({"A": ["Drug: Aspirin"]}, {"Aspirin": ["A"]}, kind="PLACEBO_COMPARATOR")),
        unsure(*linked({"A": ["Drug: Aspirin"]}, {"Aspirin": ["A"]})),
    ],
    "intervention_present": [
        passed(interventional(intervention_count=1)),
        failed(interventional(intervention_count=0)),
        unsure(interventional(intervention_count=0, source_format=PAGE)),
        unsure(record(intervention_count=0)),
    ],
    "intervention_unused": [
        passed(*linked({"A": ["Drug: X"]}, {"X": []})),
        passed(*linked({"A": []}, {"X": ["A"]})),
        failed(*linked({"A": ["Drug: X"]}, {"X": ["A"], "Y": []})),
        unsure(*linked({}, {"X": []})),
        unsure(*linked({"A": []}, {"X": []}, source_format=PAGE)),
    ],
    "intervention_type": [
        passed(record(), child("core.intervention", name="X", type="DRUG")),
        failed(record(), child("core.intervention", name="X", type="Drug")),
        failed(record(), child("core.intervention", name="X")),
        unsure(record(source_format=PAGE), child("core.intervention", name="X")),
    ],
}

OUTCOMES: Cases = {
    "primary_outcome_present": [
        passed(interventional(primary_outcome_count=1)),
        failed(interventional(primary_outcome_count=0)),
        failed(interventional(primary_outcome_count=0, source_format="ctgov_xml")),
        unsure(interventional(primary_outcome_count=0, overall_status="WITHHELD")),
        unsure(interventional(primary_outcome_count=0, source_format=PAGE)),
        unsure(record(primary_outcome_count=0)),
    ],
    "outcome_timeframe": [
        passed(record(), outcome("Pain", "6 weeks")),
        failed(record(), outcome("Pain", "6")),
        failed(record(), outcome("Pain", "12-24")),
        passed(record(), outcome("Pain", "2017-2022")),
        failed(record(), outcome("Pain", None)),
        unsure(record(source_format=PAGE), outcome("Pain", None)),
        # The registry's XML has an element for it, exports have none.
        failed(record(source_format="ctgov_xml"), outcome("Pain", None)),
        unsure(record(source_format="ctgov_xml_archive"), outcome("Pain", None)),
        unsure(record(source_format="ctgov_v2", standing="chosen"), outcome("Pain", None)),
    ],
    "outcome_title_specific": [
        passed(record(), outcome("Safety: number of adverse events")),
        failed(record(), outcome(" Safety.")),
        failed(record(), outcome("EFFICACY", description=" ")),
        passed(record(), outcome("Number of falls", description="Safety")),
        unsure(record(), outcome("Quality of life", description="Questionnaire of 23 items, 1 to 7 each")),
        unsure(record(), outcome(None)),
    ],
    "outcome_dup": [
        unsure(record(source_format="ictrp_xml"), outcome("Pain", None), outcome("Pain", None, 2)),
        passed(record(), outcome("Pain", "1 week"), outcome("Pain", "2 weeks", 2)),
        failed(record(), outcome("Pain", "1 week"), outcome("pain ", "1 Week", 2)),
        failed(record(), outcome("Pain", None), outcome("Pain", None, 2)),
        failed(
            record(),
            outcome("Pain"),
            child("core.outcome", outcome_type="SECONDARY", measure="Pain", time_frame="12 weeks", description="VAS"),
        ),
        failed(
            record(),
            outcome("Pain", description="vas "),
            child("core.outcome", outcome_type="SECONDARY", measure="Pain", time_frame="12 weeks", description="VAS"),
        ),
        passed(
            record(),
            outcome("Use", description="Share with 5 sessions or more"),
            child(
                "core.outcome", outcome_type="SECONDARY", measure="Use", time_frame="12 weeks", description="Starters"
            ),
        ),
        passed(record(), outcome("Markers", description="AST"), outcome("Markers", None, 2, description="ALT")),
        unsure(record(), outcome(None)),
    ],
}

_TEXT = "Inclusion Criteria: age 18 to 50 years. Exclusion Criteria: none"

ELIGIBLE: Cases = {
    "age_format": [
        passed(record(minimum_age="18 Years", maximum_age="6 Months")),
        passed(record(minimum_age="1 Year")),
        failed(record(minimum_age="18")),
        failed(record(minimum_age="18 Years", maximum_age="N/A")),
        unsure(record()),
    ],
    "age_order": [
        passed(ages("18 Years", "18 Years")),
        failed(ages("65 Years", "18 Years")),
        unsure(ages("18 Years", None)),
        unsure(ages("18 Years", "old")),
    ],
    "age_std_match": [
        unsure(*without_limits("ADULT", "OLDER_ADULT")),
        passed(*groups("18 Years", None, "ADULT", "OLDER_ADULT")),
        passed(*groups(None, None, "CHILD", "ADULT", "OLDER_ADULT")),
        passed(*groups("2 Years", "17 Years", "CHILD")),
        passed(*groups("18 Years", "64 Years", "ADULT")),
        failed(*groups("18 Years", None, "CHILD", "ADULT", "OLDER_ADULT")),
        failed(*groups("18 Years", "70 Years", "ADULT")),
        unsure(*groups("18 Years", None)),
        unsure(*groups("eighteen", None, "ADULT")),
    ],
    "age_in_text": [
        passed(ages("18 Years", "50 Years", eligibility_criteria=_TEXT)),
        passed(ages("1 Years", "50 Years", minimum_age="1 Year", eligibility_criteria="Aged 1 to 50 years")),
        failed(ages("18 Years", "65 Years", eligibility_criteria=_TEXT)),
        failed(ages("18 Years", "65 Years", eligibility_criteria="Aged between 20-65 years")),
        unsure(ages("18 Years", "65 Years", eligibility_criteria="Age 18 to 50 years, or age 60 to 65 years")),
        unsure(ages("18 Years", "65 Years", eligibility_criteria="Adults on stage 2 to 3 treatment")),
        unsure(ages(None, "65 Years", eligibility_criteria=_TEXT)),
        unsure(ages("18 Years", "65 Years")),
    ],
    "sex_enum_gender": [
        passed(record(sex="ALL")),
        passed(record(sex="FEMALE", gender_based=True, gender_description="Trans women")),
        failed(record(sex="BOTH")),
        failed(record(sex="ALL", gender_based=True)),
        unsure(record()),
        unsure(record(sex="ALL", gender_based=True, source_format=PAGE)),
        # Layouts that have no word on gender cannot tell that a description is missing.
        unsure(record(sex="ALL", source_format="ctgov_csv")),
        passed(record(sex="ALL", gender_based=False, source_format="ctgov_csv")),
        failed(record(sex="BOTH", source_format="ctgov_csv")),
    ],
    "criteria_present": [
        passed(record(eligibility_criteria=_TEXT)),
        failed(record(eligibility_criteria="Inclusion criteria: adults")),
        failed(record()),
        passed(record(eligibility_criteria=_TEXT, source_format="ctgov_xml")),
        failed(record(eligibility_criteria="Adults.", source_format="ctgov_xml")),
        # A text that is there can be judged, whatever else the layout may leave out; an export joins texts of its own.
        passed(record(eligibility_criteria=_TEXT, source_format="ctgov_xml_archive")),
        failed(record(eligibility_criteria="Please contact site.", source_format="ctgov_xml_archive")),
        failed(record(eligibility_criteria="Adults.", standing="chosen")),
        unsure(record(source_format="ctgov_xml_archive")),
        unsure(record(eligibility_criteria="Adults.", source_format="ctgov_csv")),
        unsure(record(source_format=PAGE), says(f"{ELIGIBILITY}.eligibilityCriteria", state="damaged")),
    ],
    "criteria_intact": [
        unsure(*criteria(1, 3, damage="number_missing", source_format="ictrp_csv")),  # an export that joins lists
        passed(*criteria(1, 2, 3)),
        passed(*criteria(1, text="a) adults, b) children")),
        failed(*criteria(1, 3, damage="number_missing")),
        passed(*criteria(1, 2, damage="line_breaks_lost", source_format="ctgov_v2")),
        failed(*criteria(1, 3, damage="number_missing", source_format="ctgov_v2")),
        failed(*criteria(1, text="a positive test (of either")),
        passed(*criteria(1, text="a positive test (of either", source_format="ctgov_v2")),
        passed(
            *criteria(1, text="a positive test (of either"),
            child("core.criterion", position=2, kind="inclusion", text="kind)", damage=None),
        ),
    ],
    "criteria_unescaped": [
        passed(*criteria(1, text="disease < 3 years")),
        failed(*criteria(1, text="disease \\< 3 years")),
        unsure(*criteria(1, text=None)),
    ],
}

PEOPLE: Cases = {
    "lead_sponsor_one": [
        passed(record(lead_sponsor="A", lead_sponsor_class="OTHER"), child("core.sponsor", role="lead", name="A")),
        failed(record(), child("core.sponsor", role="collaborator", name="A")),
        failed(
            record(lead_sponsor="A"),
            child("core.sponsor", role="lead", name="A"),
            child("core.sponsor", role="lead", name="B", position=2),
        ),
        failed(record(lead_sponsor="A", lead_sponsor_class="PHARMA"), child("core.sponsor", role="lead", name="A")),
        unsure(record(source_format=PAGE)),
    ],
    "resp_party_consistent": [
        passed(party("PRINCIPAL_INVESTIGATOR", "Ada Person", "Professor", "A University")),
        passed(party("SPONSOR", None, None, None)),
        failed(party("PRINCIPAL_INVESTIGATOR", "Ada Person", None, "A University")),
        failed(party("SPONSOR", "Ada Person", None, None)),
        failed(party("SPONSOR", None, "Professor", None)),
        failed(party("SPONSOR", None, None, "A University")),
        unsure(party("A_KIND_OF_TOMORROW", None, None, None)),
        unsure(party("SPONSOR_INVESTIGATOR", "Ada Person", None, "A University", source_format=PAGE)),
        unsure(party(None, "Ada Person", None, None)),
    ],
    "official_is_person": [
        passed(*official("Ada Person, MD, PhD")),
        passed(*official("Prof. Dr. Ada von Person")),
        failed(*official("Medical Director")),
        failed(*official("Clinical Trials Information Desk")),
        failed(*official("Example Clinical Trials")),
        failed(*official("Global Clinical Director")),
        failed(*official("Clinical Transparency (dept. 1234)")),
        failed(*official("Examplepharm Study Physician, MD")),
        failed(*official("Medical Director, Clinical Science")),
        failed(*official("Person, Study Director")),
        passed(*official("Ada Person, MD, Medical Director")),
        passed(*official("Ada Person, Clinical Research Scientist")),
        failed(*official("Person, MD")),
        failed(*official("Examplepharm GmbH & Co KG")),
        failed(*official("Examplepharm Director")),
        failed(*official("Examplepharm Responsible Person")),
        failed(*official("Examplepharm Research Protocol Chair")),
        failed(*official("Examplepharm Medical Expert, MD")),
        failed(*official("Examplepharm Vaccines - Information Services")),
        failed(*official("Examplepharm Pharma")),
        failed(*official("Email contact via H. Examplepharm A/S")),
        failed(*official("contact enquiries@example.org")),
        passed(*official("Ada Maria Person, Director")),
        passed(*official("Ada Pharmason")),
        failed(*official("Call 1-555-010-0199 Mon - Fri 9 AM - 5 PM Eastern time")),
        failed(record(), child("core.official", name="Bristling Myers", affiliation="Bristling Myers ")),
        passed(record(), child("core.official", name="Ada Person", affiliation="Bristling Myers")),
        unsure(*official(None)),
    ],
    "organization_len": [
        passed(record(), child("core.sponsor", name="x" * 160)),
        failed(record(), child("core.sponsor", name="x" * 161)),
        unsure(record(), child("core.sponsor", role="lead")),
    ],
    "affiliation_len": [
        passed(record(), child("core.official", affiliation="x" * 160)),
        failed(record(), child("core.official", affiliation="x" * 161)),
        unsure(record(), child("core.official", name="A B")),
    ],
    "contact_when_open": [
        passed(record(overall_status="RECRUITING"), child("core.contact", level="location", name="A B")),
        failed(record(overall_status="NOT_YET_RECRUITING")),
        failed(
            record(overall_status="RECRUITING", source_format=PAGE), says(f"{CONTACTS}.centralContacts", state="empty")
        ),
        unsure(record(overall_status="RECRUITING", source_format=PAGE)),
        unsure(record(overall_status="COMPLETED")),
    ],
}

PLACES: Cases = {
    "location_required": [
        passed(*site("RECRUITING", overall_status="RECRUITING")),
        failed(*site(None, overall_status="RECRUITING")),
        failed(record(overall_status="RECRUITING")),
        failed(record(overall_status="RECRUITING", source_format=PAGE), says(f"{CONTACTS}.locations", state="empty")),
        unsure(*site(None, overall_status="RECRUITING", source_format=PAGE)),
        unsure(record(overall_status="COMPLETED")),
    ],
    "location_status": [
        passed(*site("RECRUITING", overall_status="RECRUITING")),
        failed(*site("RECRUITING", overall_status="COMPLETED")),
        unsure(*site("WITHDRAWN", overall_status="COMPLETED")),
        unsure(*site("RECRUITING")),
        unsure(*site("RECRUITING", overall_status="UNKNOWN")),
    ],
    "country_valid": [
        passed(*place(country="Côte d'Ivoire")),
        passed(*place(country="Korea, Republic of")),
        passed(*place(country="Taiwan, Province Of China")),
        failed(*place(country="Wuhan")),
        failed(*place(country="Genova")),
        unsure(*place(facility="A Hospital")),
    ],
    "geo_plausible": [
        passed(*place(geo_point_lat=-33.9, geo_point_lon=18.4)),
        passed(*place(geo_point_lat=0.0, geo_point_lon=32.5)),
        failed(*place(geo_point_lat=0.0, geo_point_lon=0.0)),
        failed(*place(geo_point_lat=91.0, geo_point_lon=18.4)),
        unsure(*place(country="France")),
    ],
    "facility_not_generic": [
        passed(*place(facility="St. Mary's Hospital")),
        passed(*place(facility="Center for Clinical Research")),
        passed(*place(facility="University Hospital 2")),
        passed(*place(facility="Hospital Mar")),
        passed(*place(facility="Clinical Research Site of Example Town")),
        failed(*place(facility="Research Site")),
        failed(*place(facility="Local Institution - 0012")),
        failed(*place(facility="Examplepharm Investigational Site")),
        failed(*place(facility="Examplepharm Study Site")),
        failed(*place(facility="Examplepharm Investigational Trial Site 12")),
        failed(*place(facility="Hospital 0012")),
        failed(*place(facility="For additional information on sites, call " + "1-800-555-0100 or " * 12)),
        failed(*place(facility="4711")),
        failed(*place(facility="Ex0012 104")),
        failed(*place(facility="EXA04-0")),
        failed(*place(facility="Examplepharm Clinical Trial Call Center")),
        failed(*place(facility="Examplepharm Co., Ltd selected site")),
        passed(*place(facility="P3 Research")),
        passed(*place(facility="4 MHAT Example Town")),
        passed(*place(facility="Example Hospital ( Site 1101)")),
        unsure(*place(country="France")),
    ],
}

TEXTS: Cases = {
    "title_present": [
        passed(record(brief_title="A study")),
        failed(record()),
        failed(record(brief_title=" ")),
        unsure(record(source_format=PAGE)),
    ],
    "title_len": [
        passed(record(brief_title="x" * 300, official_title="x" * 600, acronym="x" * 14)),
        failed(record(brief_title="x" * 301)),
        failed(record(brief_title="x", official_title="x" * 601)),
        failed(record(brief_title="x", acronym="x" * 15)),
        unsure(record()),
    ],
    "text_len": [
        passed(record(brief_summary="x" * 5000, detailed_description="x" * 32000)),
        passed(record(brief_summary=r"\<" * 5000)),
        failed(record(brief_summary="x" * 5001)),
        failed(record(brief_summary=r"\<" * 5001)),
        failed(record(brief_summary="x", detailed_description="x" * 32001)),
        unsure(record()),
    ],
    "conditions_present": [
        passed(*conditions("Migraine", "Asthma")),
        failed(*conditions()),
        passed(*conditions("Migraine", source_format="ctgov_xml")),
        failed(*conditions(source_format="ctgov_xml")),
        unsure(*conditions("Migraine", source_format="ctgov_csv")),
        failed(*conditions("Migraine, " * 21)),
        unsure(*conditions("Migraine Asthma", source_format=PAGE)),
    ],
    "pmid_doi_format": [
        passed(*reference(pmid="12345678", citation="A paper. doi: 10.1000/example-1.")),
        passed(*reference(citation="A paper. DOI: https://doi.org/10.1000/example")),
        failed(*reference(pmid="PMC123")),
        failed(*reference(pmid="012345678")),
        failed(*reference(citation="A paper. doi: example-1.")),
        passed(*reference(citation="A paper. https://doi.org/10.1000/example")),
        failed(*reference(citation="A paper. https://doi.org/example")),
        unsure(*reference(citation="A paper.")),
    ],
    "retraction_flag": [
        passed(record(), child("staging.reference", pmid="1", type="RESULT")),
        failed(
            record(),
            child("staging.reference", pmid="1", type="RESULT"),
            child("staging.reference_retraction", reference_position=1, pmid="2", source="Journal"),
        ),
        # Only API v2 tells of retractions.
        unsure(record(source_format="ctgov_xml"), child("staging.reference", pmid="1", type="RESULT")),
        failed(
            record(source_format="aact_flat"),
            child("staging.reference", pmid="1", type="RESULT"),
            child("staging.reference_retraction", reference_position=1, pmid="2", source="Journal"),
        ),
        unsure(record(), child("staging.reference", pmid="1", type="BACKGROUND")),
        unsure(record(), child("staging.reference", pmid="1")),
    ],
    "enum_drift": [
        passed(record(), version(), ("staging.study", {"version_id": 1, "sex": "ALL"})),
        failed(record(), version(), ("staging.study", {"version_id": 1, "sex": "SOMETHING_NEW"})),
        failed(version(), child("staging.phase", phase="PHASE5")),
    ],
}

CASES: Cases = ARMS | OUTCOMES | ELIGIBLE | PEOPLE | PLACES | TEXTS
