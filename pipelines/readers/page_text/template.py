"""The template of a registry study page: its headings, the captions under them, its field labels. Data only.

Belongs here: what the page always says, whatever the trial. Does not: how lines are read (sections.py, slots.py, …).
A caption is the one fixed sentence under a heading; its opening words are enough to know it by, and wordings that only
end differently are known too. Labels beyond those seen in records so far (2026-11) are the obvious neighbours: the
same wording for the v2 fields next to them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the template. `caption` holds the opening words of its caption, "" where it has none."""

    key: str
    heading: str
    caption: str


SECTIONS: tuple[Section, ...] = (
    Section("results", "Study Results", ""),
    Section("basic", "Basic Information", "Get a concise snapshot of"),
    Section("summary", "Brief Summary", "Review the sponsor-provided synopsis"),
    Section("related", "Related Clinical Trials", "Explore similar clinical trials"),
    Section("description", "Detailed Description", "Dive into the extended narrative"),
    Section("conditions", "Conditions", "See the medical conditions and"),
    Section("design", "Study Design", "Understand how the trial is structured"),
    Section("groups", "Study Groups", "Review each arm or cohort"),
    Section("interventions", "Interventions", "Learn about the drugs, procedures,"),
    Section("eligibility", "Eligibility Criteria", "Check the participation requirements"),
    Section("sponsors", "Sponsors", "Meet the organizations funding or"),
    Section("responsible", "Responsible Party", "Identify the individual or organization who"),
    Section("officials", "Principal Investigators", "Learn about the lead researchers"),
    Section("locations", "Locations", "Explore where the study is taking place"),
    Section("countries", "Countries", "Review the countries where"),
    Section("central", "Central Contacts", "Reach out to these primary contacts"),
    Section("facility", "Facility Contacts", "Find local site contact details"),
    Section("links", "Related Links", "Access external resources that"),
    Section("references", "References", "Explore related publications"),
    Section("ids", "Other Identifiers", "Review additional registry numbers"),
    Section("more", "More Related Trials", "Additional clinical trials that may be relevant"),
)
ORDER: dict[str, int] = {section.key: place for place, section in enumerate(SECTIONS)}
HEADINGS: dict[str, Section] = {section.heading.casefold(): section for section in SECTIONS}

# Headings that ordinary documents about trials do not use: what tells a page that lost its captions from a protocol.
PAGE_ONLY_HEADINGS = frozenset({"basic", "related", "groups", "central", "facility", "ids", "more"})

# The notice in Study Results: a short line, then a sentence. True where results are said to be there.
RESULTS_NOTICES: dict[str, bool] = {
    "results pending": False,
    "no results posted": False,
    "no results available": False,
    "results not available": False,
    "results available": True,
    "results posted": True,
    "results published": True,
    "has results": True,
}
NO_RESULTS_SENTENCE = "The study team has not published outcome measurements"

P = "protocolSection."
_ID, _STATUS = P + "identificationModule.", P + "statusModule."
_DESIGN, _INFO = P + "designModule.", P + "designModule.designInfo."
_ELIGIBILITY, _OVERSIGHT = P + "eligibilityModule.", P + "oversightModule."
_PARTY = P + "sponsorCollaboratorsModule.responsibleParty."


@dataclass(frozen=True, slots=True)
class Slot:
    """A field that stands on the page as one value. `kind` names the shape of the value (shapes.py)."""

    field: str
    kind: str
    labels: tuple[str, ...]
    certain: bool = True
    """False where the label does not say which of two fields is meant: the reading is ambiguous."""


HEAD_SLOTS: tuple[Slot, ...] = (
    Slot(
        _ID + "nctId",
        "nct",
        (
            "NCT ID",
            "NCT Number",
            "NCT Identifier",
            "ClinicalTrials.gov ID",
            "ClinicalTrials.gov Identifier",
            "Trial ID",
        ),
    ),
    Slot(_STATUS + "lastUpdatePostDateStruct.date", "date", ("Last Updated", "Last Update", "Updated"), certain=False),
    Slot(_STATUS + "lastUpdatePostDateStruct.date", "date", ("Last Update Posted", "Last Update Posted Date")),
    Slot(_STATUS + "lastUpdateSubmitDate", "date", ("Last Update Submitted", "Last Update Submitted Date")),
    Slot(_ID + "briefTitle", "text", ("Brief Title", "Short Title")),
    Slot(_ID + "officialTitle", "text", ("Official Title", "Official Study Title", "Scientific Title")),
    Slot(_ID + "acronym", "text", ("Acronym", "Study Acronym")),
    Slot(_ID + "organization.fullName", "text", ("Organization", "Organization Name", "Organization Full Name")),
    Slot(_ID + "organization.class", "AgencyClass", ("Organization Class", "Organization Type")),
)

BASIC_SLOTS: tuple[Slot, ...] = (
    Slot(
        _STATUS + "overallStatus",
        "Status",
        (
            "Recruitment Status",
            "Overall Status",
            "Overall Recruitment Status",
            "Study Status",
            "Trial Status",
            "Status",
        ),
    ),
    Slot(
        _STATUS + "lastKnownStatus", "Status", ("Last Known Status", "Last Known Recruitment Status", "Previous Status")
    ),
    Slot(
        _STATUS + "whyStopped",
        "text",
        ("Why Stopped", "Why Study Stopped", "Reason Stopped", "Reason for Stopping", "Why the Study Was Stopped"),
    ),
    Slot(_DESIGN + "phases", "Phase", ("Study Phase", "Study Phases", "Trial Phase", "Clinical Phase", "Phase")),
    Slot(
        _DESIGN + "enrollmentInfo.count",
        "count",
        ("Total Enrollment", "Enrollment", "Enrollment Count", "Target Enrollment", "Study Enrollment"),
    ),
    Slot(_DESIGN + "enrollmentInfo.type", "EnrollmentType", ("Enrollment Type",)),
    Slot(_DESIGN + "studyType", "StudyType", ("Study Classification", "Study Type", "Trial Type")),
    Slot(_STATUS + "startDateStruct.date", "date", ("Study Start Date", "Start Date", "Study Start")),
    Slot(_STATUS + "startDateStruct.type", "DateType", ("Study Start Date Type", "Start Date Type")),
    Slot(
        _STATUS + "primaryCompletionDateStruct.date",
        "date",
        ("Primary Completion Date", "Study Primary Completion Date", "Primary Completion"),
    ),
    Slot(
        _STATUS + "primaryCompletionDateStruct.type",
        "DateType",
        ("Primary Completion Date Type", "Study Primary Completion Date Type"),
    ),
    Slot(
        _STATUS + "completionDateStruct.date", "date", ("Study Completion Date", "Completion Date", "Study Completion")
    ),
    Slot(_STATUS + "completionDateStruct.type", "DateType", ("Study Completion Date Type", "Completion Date Type")),
    Slot(
        _STATUS + "statusVerifiedDate",
        "date",
        (
            "Status Verified Date",
            "Status Verified",
            "Verification Date",
            "Record Verification Date",
            "Record Verification",
        ),
    ),
    Slot(
        _STATUS + "studyFirstSubmitDate",
        "date",
        ("Study First Submitted", "Study First Submitted Date", "First Submitted", "First Submitted Date"),
    ),
    Slot(
        _STATUS + "studyFirstPostDateStruct.date",
        "date",
        ("Study First Posted", "Study First Posted Date", "First Posted", "First Posted Date"),
    ),
    Slot(
        _STATUS + "resultsFirstSubmitDate",
        "date",
        ("Results First Submitted", "Results First Submitted Date"),
    ),
    Slot(_STATUS + "resultsFirstPostDateStruct.date", "date", ("Results First Posted", "Results First Posted Date")),
    Slot(
        _OVERSIGHT + "oversightHasDmc",
        "yes_no",
        ("Has Data Monitoring Committee", "Data Monitoring Committee", "Oversight Has DMC", "Has DMC"),
    ),
    Slot(
        _OVERSIGHT + "isFdaRegulatedDrug",
        "yes_no",
        ("FDA Regulated Drug", "Is FDA Regulated Drug", "Studies a U.S. FDA-Regulated Drug Product"),
    ),
    Slot(
        _OVERSIGHT + "isFdaRegulatedDevice",
        "yes_no",
        ("FDA Regulated Device", "Is FDA Regulated Device", "Studies a U.S. FDA-Regulated Device Product"),
    ),
    Slot(
        P + "ipdSharingStatementModule.ipdSharing",
        "IpdSharing",
        ("IPD Sharing", "IPD Sharing Statement", "Plan to Share IPD", "Individual Participant Data Sharing"),
    ),
)

DESIGN_SLOTS: tuple[Slot, ...] = (
    Slot(
        _INFO + "allocation",
        "DesignAllocation",
        ("Allocation", "Allocation Method", "Allocation Type", "Design Allocation", "Allocation Strategy"),
    ),
    Slot(
        _INFO + "interventionModel",
        "InterventionalAssignment",
        (
            "Intervention Model",
            "Interventional Model",
            "Intervention Model Type",
            "Interventional Model Type",
            "Intervention Assignment",
            "Assignment",
        ),
    ),
    Slot(_INFO + "primaryPurpose", "PrimaryPurpose", ("Primary Purpose", "Study Primary Purpose", "Study Purpose")),
    Slot(
        _INFO + "maskingInfo.masking",
        "DesignMasking",
        ("Masking", "Masking Strategy", "Masking Type", "Masking Method", "Masking Level", "Blinding"),
    ),
    Slot(
        _INFO + "maskingInfo.whoMasked",
        "WhoMasked",
        ("Who Masked", "Who Is Masked", "Masked Roles", "Masked Parties", "Masking Roles"),
    ),
    Slot(
        _INFO + "observationalModel",
        "ObservationalModel",
        ("Observational Model Type", "Observational Model", "Observational Study Model"),
    ),
    Slot(
        _INFO + "timePerspective",
        "DesignTimePerspective",
        ("Study Time Perspective", "Time Perspective", "Time Perspective Type"),
    ),
    Slot(
        _DESIGN + "bioSpec", "BioSpecRetention", ("Biospecimen Retention", "Biospecimen", "Biospecimen Retention Type")
    ),
    Slot(_DESIGN + "patientRegistry", "yes_no", ("Patient Registry", "Is Patient Registry")),
    Slot(_DESIGN + "targetDuration", "duration", ("Target Duration", "Target Follow-Up Duration")),
)

ELIGIBILITY_SLOTS: tuple[Slot, ...] = (
    Slot(_ELIGIBILITY + "minimumAge", "age", ("Minimum Eligible Age", "Minimum Age", "Minimum Age for Eligibility")),
    Slot(_ELIGIBILITY + "maximumAge", "age", ("Maximum Eligible Age", "Maximum Age", "Maximum Age for Eligibility")),
    Slot(_ELIGIBILITY + "sex", "Sex", ("Eligible Sex", "Eligible Sexes", "Sex", "Gender", "Eligible Gender")),
    Slot(
        _ELIGIBILITY + "healthyVolunteers",
        "yes_no",
        ("Accepts Healthy Volunteers", "Healthy Volunteers", "Healthy Volunteers Accepted"),
    ),
    Slot(
        _ELIGIBILITY + "stdAges",
        "StandardAge",
        ("Standard Ages", "Standard Age Groups", "Eligible Age Groups", "Age Groups"),
    ),
    Slot(_ELIGIBILITY + "studyPopulation", "text", ("Study Population", "Study Population Description")),
    Slot(_ELIGIBILITY + "samplingMethod", "SamplingMethod", ("Sampling Method", "Sampling Method Type")),
)

PARTY_SLOTS: tuple[Slot, ...] = (
    Slot(_PARTY + "type", "ResponsiblePartyType", ("Responsibility Role", "Responsible Party Type", "Role")),
    Slot(_PARTY + "investigatorFullName", "text", ("Investigator Full Name", "Investigator Name")),
    Slot(_PARTY + "investigatorTitle", "text", ("Investigator Title", "Title")),
    Slot(_PARTY + "investigatorAffiliation", "text", ("Investigator Affiliation", "Affiliation")),
)

KEYWORD_LABELS = ("Keywords", "Study Keywords")
SPONSOR_ROLE_LABELS = ("Sponsor Role", "Role")
SPONSOR_CLASS_LABELS = ("Sponsor Class", "Sponsor Type", "Class", "Agency Class", "Organization Class")
INTERVENTION_TYPE_LABELS = ("Intervention Type",)
ARM_TYPE_LABELS = ("Arm Type", "Arm Group Type", "Group Type")
OTHER_NAME_LABELS = ("Other Names", "Other Name", "Intervention Other Names")
PERSON_ROLE_LABELS = ("Role", "Contact Role", "Contact Type")
SITE_STATUS_LABELS = ("Site Status", "Location Status", "Recruitment Status", "Status")
ID_TYPE_LABELS = ("Identifier Type", "ID Type")
ID_SOURCE_LABELS = ("Identifier Source", "ID Source")
NO_INTERVENTIONS = "no interventions assigned to this group"
