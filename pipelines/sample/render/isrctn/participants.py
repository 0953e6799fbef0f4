"""Participants, conditions, interventions and results of a synthetic study on the ISRCTN registry's form.

Belongs here: the parts of the form below these names, and attached files. Does not: titles and design (trial.py),
people.
"""

from __future__ import annotations

import re

from pipelines.sample.render.isrctn.trial import midnight
from pipelines.sample.render.isrctn.words import KIND, PHASE, SEX, Element, element
from pipelines.sample.render.registry_parts import Json, at, criteria_parts, protocol

_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")


def participants(study: Json) -> Element:
    module = protocol(study)["eligibilityModule"]
    locations = at(study, "contactsLocationsModule.locations") or []
    enrollment = at(study, "designModule.enrollmentInfo") or {}
    count = str(enrollment["count"]) if "count" in enrollment else None
    actual = enrollment.get("type") == "ACTUAL"
    inclusion, exclusion = criteria_parts(module.get("eligibilityCriteria"))
    healthy = {True: "true", False: "false"}.get(module.get("healthyVolunteers"))
    return element(
        "participants",
        [
            element("recruitmentCountries", [element("country", name) for name in countries(study)]),
            element("trialCentres", [_centre(number, one) for number, one in enumerate(locations, start=1)]),
            element("participantTypes"),
            element("healthyVolunteersAllowed", healthy),
            element("inclusion", inclusion),
            element("ageRange", "Mixed"),
            *(_age(limit, module.get(leaf)) for limit, leaf in (("lower", "minimumAge"), ("upper", "maximumAge"))),
            element("gender", SEX.get(module.get("sex"))),
            element("targetEnrolment", None if actual else count),
            element("totalFinalEnrolment", count if actual else "0"),
            element("exclusion", exclusion),
            element("recruitmentStart", midnight(at(study, "statusModule.startDateStruct.date"))),
            element("recruitmentStartStatusOverride"),
            element("recruitmentStatusOverride"),
        ],
    )


def countries(study: Json) -> list[str]:
    """The countries of the locations, each once."""
    locations = at(study, "contactsLocationsModule.locations") or []
    return list(dict.fromkeys(one["country"] for one in locations if one.get("country")))


def _centre(number: int, one: Json) -> Element:
    parts = [element("name", one.get("facility")), element("address", f"{number} Site Road\nBuilding {number}")]
    return element(
        "trialCentre",
        parts + [element(name, one.get(name)) for name in ("city", "state", "country", "zip")],
        id=f"centre-{number}",
    )


def _age(limit: str, age: str | None) -> Element:
    if not age:
        return element(f"{limit}AgeLimit")
    number, unit = age.split()
    plural = unit.lower() + ("" if unit.endswith("s") else "s")
    return element(f"{limit}AgeLimit", f"{number} {unit.removesuffix('s')}s", unit=plural, value=f"{number}.0")


def conditions(study: Json) -> Element:
    names = at(study, "conditionsModule.conditions") or []
    return element(
        "conditions",
        [
            element(
                "condition", [element("description", name), element("diseaseClass1", "Other"), element("diseaseClass2")]
            )
            for name in names
        ],
    )


def interventions(study: Json) -> Element:
    phase = PHASE.get(tuple(at(study, "designModule.phases") or ()))
    found = at(study, "armsInterventionsModule.interventions") or ([{}] if phase else [])
    return element(
        "interventions",
        [
            element(
                "intervention",
                [
                    element("description", one.get("description")),
                    element("interventionType", KIND.get(one.get("type"), "Mixed") if one else None),
                    element("phase", phase),
                    element("drugNames", one.get("name")),
                ],
            )
            for one in found
        ],
    )


def publication_lines(study: Json) -> list[tuple[Json, str]]:
    """(reference, its line) as the registry writes publications; one line each."""
    lines = []
    for one in at(study, "referencesModule.references") or []:
        citation = " ".join(one.get("citation", "").split())
        year = _YEAR.search(citation)
        kind = "Results article" if one.get("type") == "RESULT" else "Other publications"
        address = f"https://pubmed.ncbi.nlm.nih.gov/{one['pmid']}/ " if one.get("pmid") else ""
        lines.append((one, f"{year[0] + ' ' if year else ''}{kind} in {address}{citation}"))
    return lines


def results(study: Json) -> Element:
    return element(
        "results",
        [
            element("ipdSharingStatement", at(study, "ipdSharingStatementModule.description")),
            element("dataPolicies", [element("dataPolicy", "Available on request")]),
            element("publicationDetails", "\n".join(line for _, line in publication_lines(study))),
            element("publicationStage"),
            element("biomedRelated", "false"),
            element("basicReport"),
            element("plainEnglishReport"),
        ],
    )


def files(study: Json) -> Element:
    documents = ((study.get("documentSection") or {}).get("largeDocumentModule") or {}).get("largeDocs") or []
    return element(
        "attachedFiles",
        [
            element(
                "attachedFile",
                [
                    element("description", one.get("label")),
                    element("name", one.get("filename")),
                    element("id", f"file-{number}"),
                    element("public", "true"),
                    element("mimeType", "application/pdf"),
                    element("length", str(one["size"]) if "size" in one else None),
                ],
                downloadUrl=f"https://files.example.org/{number}",
            )
            for number, one in enumerate(documents, start=1)
        ],
    )
