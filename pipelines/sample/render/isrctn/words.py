"""The ISRCTN registry's words, and elements to say them in.

Belongs here: what stands in the form for each word of the study structure. Does not: the form.
"""

from __future__ import annotations

from dataclasses import dataclass, field

STUDY_TYPE = {"INTERVENTIONAL": "Interventional", "OBSERVATIONAL": "Observational"}
ALLOCATION = {
    "RANDOMIZED": "Randomized controlled trial",
    "NON_RANDOMIZED": "Non-randomized controlled trial",
    "NA": "N/A: single arm study",
}
ASSIGNMENT = {
    "SINGLE_GROUP": "Single",
    "PARALLEL": "Parallel",
    "CROSSOVER": "Crossover",
    "FACTORIAL": "Factorial",
    "SEQUENTIAL": "Sequential",
}
MODEL = {
    "COHORT": "Cohort study",
    "CASE_CONTROL": "Case-control study",
    "CASE_CROSSOVER": "Case crossover study",
    "ECOLOGIC_OR_COMMUNITY": "Ecological study",
}
PURPOSE = {
    "TREATMENT": "Treatment",
    "PREVENTION": "Prevention",
    "DIAGNOSTIC": "Diagnostic",
    "SCREENING": "Screening",
    "SUPPORTIVE_CARE": "Supportive care",
    "HEALTH_SERVICES_RESEARCH": "Health services research",
    "BASIC_SCIENCE": "Basic science",
    "DEVICE_FEASIBILITY": "Device feasibility",
    "ECT": "Educational or counselling or training",
    "OTHER": "Other",
}
KIND = {
    "DRUG": "Drug",
    "DEVICE": "Device",
    "BIOLOGICAL": "Biological/Vaccine",
    "BEHAVIORAL": "Behavioural",
    "PROCEDURE": "Procedure/Surgery",
    "DIETARY_SUPPLEMENT": "Supplement",
    "GENETIC": "Genetic",
    "OTHER": "Other",
}
PHASE = {
    ("EARLY_PHASE1",): "Phase 0",
    ("PHASE1",): "Phase I",
    ("PHASE1", "PHASE2"): "Phase I/II",
    ("PHASE2",): "Phase II",
    ("PHASE2", "PHASE3"): "Phase II/III",
    ("PHASE3",): "Phase III",
    ("PHASE4",): "Phase IV",
    ("NA",): "Not Applicable",
}
SEX = {"ALL": "All", "MALE": "Male", "FEMALE": "Female"}
SPONSOR_TYPE = {"INDUSTRY": "Industry", "OTHER": "University/education"}
"""What the form has a word for; every other class is a government or not defined."""


@dataclass
class Element:
    """An element: its name, its attributes, and either text or children."""

    name: str
    text: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)


def element(name: str, content: str | list[Element] | None = None, **attributes: str | None) -> Element:
    """An element of a text, of children or empty."""
    stated = {key: value for key, value in attributes.items() if value is not None}
    if isinstance(content, list):
        return Element(name, None, stated, content)
    return Element(name, content or None, stated)
