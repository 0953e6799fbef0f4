"""What a perfect reader gets back of a study from the Chinese registry's XML.

Belongs here: which fields the form holds, and how coarse. Does not: how the record is written.
"""

from __future__ import annotations

from pipelines.sample.render.chictr_form import (
    contacts,
    countries,
    design_word,
    groups,
    is_retrospective,
    measures,
    numbers,
)
from pipelines.sample.render.chictr_words import MODEL, PHASE, STATUS, STUDY_TYPE
from pipelines.sample.render.registry_parts import (
    Json,
    at,
    joined_criteria,
    nct_digits,
    only,
    protocol,
    pruned,
    whole_day,
)

_NAME_LENGTH = 200
_DESIGN = {
    "Single arm": {"allocation": "NA", "interventionModel": "SINGLE_GROUP"},
    "Parallel": {"interventionModel": "PARALLEL"},
    "Cross-over": {"interventionModel": "CROSSOVER"},
    "Factorial": {"interventionModel": "FACTORIAL"},
    "Non randomized control": {"allocation": "NON_RANDOMIZED"},
    "Cross-sectional": {"timePerspective": "CROSS_SECTIONAL"},
    **{word: {"observationalModel": model} for model, word in MODEL.items()},
}
_NOT_CARRIED = frozenset({("EARLY_PHASE1",)})  # "0" stands for more than one thing in the form


def carried(study: Json) -> Json:
    """The study, in the study shape, as far as the form holds it."""
    names = protocol(study)["identificationModule"]
    section = {
        "identificationModule": only(names, "briefTitle", "officialTitle", "acronym")
        | {"secondaryIdInfos": [{"id": number, "domain": authority} for number, authority in numbers(study)]},
        "statusModule": _status(study),
        "sponsorCollaboratorsModule": _sponsors(study),
        "conditionsModule": _conditions(study),
        "designModule": _design(study),
        "armsInterventionsModule": _arms(study),
        "outcomesModule": {
            f"{kind}Outcomes": [{"measure": one} for one in measures(study, kind)] for kind in ("primary", "secondary")
        },
        "eligibilityModule": _eligibility(study),
        "contactsLocationsModule": {"centralContacts": _contacts(study)},
        "ipdSharingStatementModule": only(at(study, "ipdSharingStatementModule") or {}, "ipdSharing", "description"),
    }
    registry = {
        "registry": "CHICTR",
        "recordId": f"ChiCTR20{nct_digits(study)}",
        "recruitmentCountries": [{"country": country} for country in countries(study)],
    }
    done: Json = pruned({"protocolSection": section, "registrySection": registry})
    return done


def _status(study: Json) -> Json:
    module = protocol(study)["statusModule"]
    start = module.get("startDateStruct", {})
    return {
        "overallStatus": module["overallStatus"] if module["overallStatus"] in STATUS else None,
        "startDateStruct": only(start, "date", "type") if whole_day(start.get("date")) else None,
        "completionDateStruct": {"date": whole_day(at(study, "statusModule.completionDateStruct.date"))},
        "studyFirstPostDateStruct": only(module["studyFirstPostDateStruct"], "date"),
        "resultsFirstPostDateStruct": only(module.get("resultsFirstPostDateStruct", {}), "date"),
    }


def _sponsors(study: Json) -> Json:
    lead = at(study, "sponsorCollaboratorsModule.leadSponsor") or {}
    others = at(study, "sponsorCollaboratorsModule.collaborators") or []
    named = dict.fromkeys(one["name"] for one in others if one["name"] != lead.get("name"))
    return {"leadSponsor": only(lead, "name"), "collaborators": [{"name": name} for name in named]}


def _conditions(study: Json) -> Json:
    conditions = at(study, "conditionsModule.conditions") or []
    return {
        "conditions": ["; ".join(conditions)] if conditions else [],
        "keywords": at(study, "conditionsModule.keywords") or [],
    }


def _design(study: Json) -> Json:
    module = protocol(study)["designModule"]
    kind, phases = module.get("studyType"), tuple(module.get("phases", ()))
    design = dict(_DESIGN.get(design_word(study) or "", {}))
    if is_retrospective(study):
        design["timePerspective"] = "RETROSPECTIVE"
    carries_phase = phases in PHASE and phases not in _NOT_CARRIED and not is_retrospective(study)
    size = module.get("enrollmentInfo") or {}
    return {
        "studyType": kind if kind in STUDY_TYPE else None,
        "phases": module.get("phases") if carries_phase else None,
        "designInfo": design,
        "enrollmentInfo": {"count": size["count"], "type": size["type"]} if {"count", "type"} <= set(size) else {},
    }


def _arms(study: Json) -> Json:
    found = groups(study)
    texts = dict.fromkeys(one.text for one in found if one.text)
    return {
        "armGroups": [{"label": one.label, "description": one.text} for one in found],
        "interventions": [
            {
                "name" if len(text) <= _NAME_LENGTH else "description": text,
                "armGroupLabels": [one.label for one in found if one.text == text],
            }
            for text in texts
        ],
    }


def _eligibility(study: Json) -> Json:
    module = protocol(study)["eligibilityModule"]
    return only(module, "sex", "minimumAge", "maximumAge") | {
        "eligibilityCriteria": joined_criteria(module.get("eligibilityCriteria"))
    }


def _contacts(study: Json) -> list[Json]:
    found: list[Json] = []
    for _, person in contacts(study):
        one = only(person, "name", "phone", "email") | {"role": "CONTACT"}
        if one not in found:
            found.append(one)
    return found
