"""Values of API v2's closed lists as the legacy XML writes them.

Belongs here: words. Does not: fields.
"""

from __future__ import annotations

STATUS = {
    "ACTIVE_NOT_RECRUITING": "Active, not recruiting",
    "NO_LONGER_AVAILABLE": "No longer available",
    "TEMPORARILY_NOT_AVAILABLE": "Temporarily not available",
    "APPROVED_FOR_MARKETING": "Approved for marketing",
    "UNKNOWN": "Unknown status",
}
PHASE = {"NA": "N/A", "EARLY_PHASE1": "Early Phase 1"} | {f"PHASE{number}": f"Phase {number}" for number in range(1, 5)}
AGENCY_CLASS = {"NIH": "NIH", "FED": "U.S. Fed", "INDUSTRY": "Industry"}
ALLOCATION = {"RANDOMIZED": "Randomized", "NON_RANDOMIZED": "Non-Randomized", "NA": "N/A"}
MODEL = {"SINGLE_GROUP": "Single Group Assignment"} | {
    name: f"{name.capitalize()} Assignment" for name in ("PARALLEL", "CROSSOVER", "FACTORIAL", "SEQUENTIAL")
}
PURPOSE = {"ECT": "Educational/Counseling/Training"}
OBSERVATIONAL = {
    "CASE_CONTROL": "Case-Control",
    "CASE_ONLY": "Case-Only",
    "CASE_CROSSOVER": "Case-Crossover",
    "ECOLOGIC_OR_COMMUNITY": "Ecologic or Community",
    "FAMILY_BASED": "Family-Based",
}
PERSPECTIVE = {"CROSS_SECTIONAL": "Cross-Sectional"}
MASKING = {"NONE": "None (Open Label)"}
RETENTION = {
    "NONE_RETAINED": "None Retained",
    "SAMPLES_WITH_DNA": "Samples With DNA",
    "SAMPLES_WITHOUT_DNA": "Samples Without DNA",
}
SAMPLING = {"PROBABILITY_SAMPLE": "Probability Sample", "NON_PROBABILITY_SAMPLE": "Non-Probability Sample"}
ROLE = {"SUB_INVESTIGATOR": "Sub-Investigator"}
RESPONSIBLE = {"SPONSOR_INVESTIGATOR": "Sponsor-Investigator"}
INFO_TYPE = {
    "SAP": "Statistical Analysis Plan (SAP)",
    "ICF": "Informed Consent Form (ICF)",
    "CSR": "Clinical Study Report (CSR)",
}
PARAM = {"COUNT_OF_PARTICIPANTS": "Count of Participants", "COUNT_OF_UNITS": "Count of Units"}
DISPERSION = {
    "NA": "Not Applicable",
    "INTER_QUARTILE_RANGE": "Inter-Quartile Range",
    "GEOMETRIC_COEFFICIENT": "Geometric Coefficient of Variation",
    "CONFIDENCE_80": "80% Confidence Interval",
    "CONFIDENCE_90": "90% Confidence Interval",
    "CONFIDENCE_95": "95% Confidence Interval",
    "CONFIDENCE_975": "97.5% Confidence Interval",
    "CONFIDENCE_99": "99% Confidence Interval",
    "CONFIDENCE_OTHER": "Other Confidence Interval Level",
}
OUTCOME_TYPE = {"OTHER_PRE_SPECIFIED": "Other Pre-specified", "POST_HOC": "Post-Hoc"}
NON_INFERIORITY = {
    "NON_INFERIORITY": "Non-Inferiority",
    "NON_INFERIORITY_OR_EQUIVALENCE": "Non-Inferiority or Equivalence",
    "SUPERIORITY_OR_OTHER": "Superiority or Other",
    "NON_INFERIORITY_OR_EQUIVALENCE_LEGACY": "Non-Inferiority or Equivalence (legacy)",
    "SUPERIORITY_OR_OTHER_LEGACY": "Superiority or Other (legacy)",
}
ANALYSIS_DISPERSION = {"STANDARD_ERROR_OF_MEAN": "Standard Error of the Mean"}
SIDES = {"ONE_SIDED": "1-Sided", "TWO_SIDED": "2-Sided"}
ASSESSMENT = {
    "SYSTEMATIC_ASSESSMENT": "Systematic Assessment",
    "NON_SYSTEMATIC_ASSESSMENT": "Non-systematic Assessment",
}
AGREEMENT = {
    None: "There is NOT an agreement between Principal Investigators and the Sponsor (or its agents) that restricts "
    "the PI's rights to discuss or publish trial results after the trial is completed.",
    "LTE60": "The only disclosure restriction on the PI is that the sponsor can review results communications prior to "
    "public release and can embargo communications regarding trial results for a period that is less than or equal to "
    "60 days. The sponsor cannot require changes to the communication and cannot extend the embargo.",
    "GT60": "The only disclosure restriction on the PI is that the sponsor can review results communications prior to "
    "public release and can embargo communications regarding trial results for a period that is more than 60 days but "
    "less than or equal to 180 days. The sponsor cannot require changes to the communication and cannot extend the "
    "embargo.",
}
EMPLOYED = {
    True: "All Principal Investigators ARE employed by the organization sponsoring the study.",
    False: "Principal Investigators are NOT employed by the organization sponsoring the study.",
}
TOTALS = {
    "deaths": "Total, all-cause mortality",
    "serious": "Total, serious adverse events",
    "other": "Total, other adverse events",
}


def title(value: str | None) -> str | None:
    """A value in words: DIETARY_SUPPLEMENT → "Dietary Supplement"."""
    return None if value is None else value.replace("_", " ").title()


def word(value: str | None, words: dict[str, str]) -> str | None:
    """A value as the XML writes it: from the list, else each word with a capital."""
    return None if value is None else words.get(value) or title(value)


def sentence(value: str | None) -> str | None:
    """A status in words: NOT_YET_RECRUITING → "Not yet recruiting"."""
    return None if value is None else STATUS.get(value) or value.replace("_", " ").capitalize()
