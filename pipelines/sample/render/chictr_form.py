"""How the Chinese registry's form coarsens a study: groups, one word for the design, ages, outcomes, contacts.

Belongs here: what the rendering and its oracle both have to know of the form. Does not: either of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.sample.render.chictr_words import MODEL
from pipelines.sample.render.registry_parts import Json, at, protocol


@dataclass(frozen=True)
class Group:
    """A group of participants: its name, how many, what they get."""

    label: str
    size: int
    text: str


def groups(study: Json) -> list[Group]:
    """The study's arms as groups; none where their names cannot stand in the form or there are too few participants."""
    arms = at(study, "armsInterventionsModule.armGroups") or []
    labels = [" ".join(arm.get("label", "").split()) for arm in arms]
    count = (at(study, "designModule.enrollmentInfo") or {}).get("count") or 0
    if not arms or len(set(labels)) < len(labels) or any(not one or ";" in one or ":" in one for one in labels):
        return []
    if count < len(arms):
        return []
    sizes = [count // len(arms)] * len(arms)
    sizes[0] += count - sum(sizes)
    return [
        Group(label, size, ", ".join(_names(study, arm))) for label, size, arm in zip(labels, sizes, arms, strict=True)
    ]


def _names(study: Json, arm: Json) -> list[str]:
    interventions = at(study, "armsInterventionsModule.interventions") or []
    return [" ".join(one["name"].split()) for one in interventions if arm.get("label") in one.get("armGroupLabels", [])]


def design_word(study: Json) -> str | None:
    """The form's one word for the design."""
    info = at(study, "designModule.designInfo") or {}
    if at(study, "designModule.studyType") == "OBSERVATIONAL":
        if info.get("observationalModel") in MODEL:
            return MODEL[info["observationalModel"]]
        return "Cross-sectional" if info.get("timePerspective") == "CROSS_SECTIONAL" else "Sequential"
    if info.get("allocation") == "NON_RANDOMIZED":
        return "Non randomized control"
    words = {
        "SINGLE_GROUP": "Single arm",
        "PARALLEL": "Parallel",
        "CROSSOVER": "Cross-over",
        "FACTORIAL": "Factorial",
        "SEQUENTIAL": "Sequential",
    }
    return words.get(info.get("interventionModel", ""))


def is_retrospective(study: Json) -> bool:
    """The form's field for the phase says this of observational studies, where no other word says when they looked."""
    info = at(study, "designModule.designInfo") or {}
    return at(study, "designModule.studyType") == "OBSERVATIONAL" and info.get("timePerspective") == "RETROSPECTIVE"


def measures(study: Json, kind: str) -> list[str]:
    """The outcomes' names; semicolons end them in the form, so that commas stand for those within."""
    return [one["measure"].replace(";", ",") for one in at(study, f"outcomesModule.{kind}Outcomes") or []]


def numbers(study: Json) -> list[tuple[str, str | None]]:
    """(number, who gave it) of every number but the record's own."""
    names = protocol(study)["identificationModule"]
    own = (names.get("orgStudyIdInfo") or {}).get("id")
    found: list[tuple[str, str | None]] = [(names["nctId"], "ClinicalTrials.gov")]
    found += [(own, "Sponsor")] if own else []
    return found + [(one["id"], one.get("domain")) for one in names.get("secondaryIdInfos", [])]


def contacts(study: Json) -> list[tuple[str, Json]]:
    """(type, person) of the form's two kinds of contacts."""
    officials = at(study, "contactsLocationsModule.overallOfficials") or []
    found = [("Scientific", one) for one in officials if one.get("role") == "PRINCIPAL_INVESTIGATOR"]
    return found + [("Public", one) for one in at(study, "contactsLocationsModule.centralContacts") or []]


def countries(study: Json) -> list[str]:
    """The countries of the locations, each once."""
    locations = at(study, "contactsLocationsModule.locations") or []
    return list(dict.fromkeys(one["country"] for one in locations if one.get("country")))


def age_text(age: str | None) -> str | None:
    """Years as the bare number, as the form has it; other units with their word."""
    return age.removesuffix("s").removesuffix(" Year") if age else None
