"""What a perfect reader gets back of a study from the German register's JSON.

Belongs here: which fields the form holds, and how coarse. Does not: how the record is written.
"""

from __future__ import annotations

from typing import Any

from pipelines.sample.render.drks_words import ALLOCATION, COUNTRY, PHASE, PURPOSE, STATUS, STUDY_TYPE
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

_LEVEL = {1: "SINGLE", 2: "DOUBLE", 3: "TRIPLE", 4: "QUADRUPLE"}
_ASSIGNED = frozenset({"SINGLE_GROUP", "PARALLEL", "CROSSOVER", "FACTORIAL"})


def carried(study: Json) -> Json:
    """The study, in the study shape, as far as the form holds it; German texts stay in the register's own section."""
    names = protocol(study)["identificationModule"]
    description = protocol(study).get("descriptionModule", {})
    sharing = at(study, "ipdSharingStatementModule") or {}
    answer = sharing.get("ipdSharing") if sharing.get("ipdSharing") in {"YES", "NO"} else None
    section = {
        "identificationModule": only(names, "briefTitle", "acronym") | {"secondaryIdInfos": _numbers(study)},
        "statusModule": _status(study),
        "sponsorCollaboratorsModule": _sponsors(study),
        "descriptionModule": only(description, "briefSummary", "detailedDescription"),
        "conditionsModule": only(protocol(study).get("conditionsModule", {}), "conditions"),
        "designModule": _design(study),
        "armsInterventionsModule": {"armGroups": _arms(study)},
        "outcomesModule": {f"{kind}Outcomes": _outcome(study, kind) for kind in ("primary", "secondary")},
        "eligibilityModule": _eligibility(study),
        "contactsLocationsModule": _people_and_places(study),
        "referencesModule": _references(study),
        "ipdSharingStatementModule": only(sharing, "description") | {"ipdSharing": answer},
    }
    registry = {"registry": "DRKS", "recordId": f"DRKS{nct_digits(study)}", "recruitmentCountries": _countries(study)}
    done: Json = pruned({"protocolSection": section, "registrySection": registry})
    return done


def _numbers(study: Json) -> list[Json]:
    names = protocol(study)["identificationModule"]
    own = (names.get("orgStudyIdInfo") or {}).get("id")
    infos = names.get("secondaryIdInfos", [])
    european = next((one["id"] for one in infos if one.get("type") == "EUDRACT_NUMBER"), None)
    found = [{"id": european, "type": "EUDRACT_NUMBER", "domain": "EudraCT"}] if european else []
    found.append({"id": names["nctId"], "type": "REGISTRY", "domain": "ClinicalTrials.gov"})
    if own:
        found.append({"id": own, "type": "OTHER", "domain": "Sponsor"})
    return found + [
        {"id": one["id"], "type": "OTHER", "domain": one.get("domain")} for one in infos if one["id"] != european
    ]


def _status(study: Json) -> Json:
    module = protocol(study)["statusModule"]
    status: Json = {
        "overallStatus": module["overallStatus"] if module["overallStatus"] in STATUS else None,
        "whyStopped": module.get("whyStopped"),
    }
    for name in ("startDateStruct", "completionDateStruct"):
        stated = module.get(name, {})
        if whole_day(stated.get("date")) and stated.get("type"):
            status[name] = only(stated, "date", "type")
    for name in ("studyFirstPostDateStruct", "lastUpdatePostDateStruct", "resultsFirstPostDateStruct"):
        status[name] = only(module.get(name, {}), "date")
    return status


def _sponsors(study: Json) -> Json:
    lead = at(study, "sponsorCollaboratorsModule.leadSponsor") or {}
    others: dict[str, Json] = {}
    for one in at(study, "sponsorCollaboratorsModule.collaborators") or []:
        if one["name"] != lead.get("name"):
            industry = {"class": "INDUSTRY"} if one.get("class") == "INDUSTRY" else {}
            others.setdefault(one["name"], only(one, "name") | industry)
    return {"leadSponsor": only(lead, "name"), "collaborators": list(others.values())}


def _design(study: Json) -> Json:
    module = protocol(study)["designModule"]
    info, kind = module.get("designInfo") or {}, module.get("studyType")
    model = info.get("interventionModel")
    design: Json = {
        "allocation": info.get("allocation") if info.get("allocation") in ALLOCATION else None,
        "interventionModel": model if model in _ASSIGNED else None,
        "primaryPurpose": info.get("primaryPurpose") if info.get("primaryPurpose") in PURPOSE else None,
        "maskingInfo": _masking(info.get("maskingInfo") or {}),
    }
    if kind == "OBSERVATIONAL" and info.get("timePerspective") != "OTHER":
        design["timePerspective"] = info.get("timePerspective")
    return {
        "studyType": kind if kind in STUDY_TYPE else None,
        "phases": module.get("phases") if tuple(module.get("phases", ())) in PHASE else None,
        "designInfo": design,
        "enrollmentInfo": _size(module.get("enrollmentInfo") or {}),
    }


def _size(enrollment: Json) -> Json:
    return {"count": enrollment["count"], "type": enrollment["type"]} if {"count", "type"} <= set(enrollment) else {}


def _masking(info: Json) -> Json:
    if info.get("masking") in {None, "NONE"}:
        return only(info, "masking")
    roles = info.get("whoMasked", [])
    return {"masking": _LEVEL.get(len(roles)), "whoMasked": roles}


def _arms(study: Json) -> list[Json]:
    arms = at(study, "armsInterventionsModule.armGroups") or []
    return [
        {"label": f"Arm {n}", "description": ": ".join(filter(None, (arm.get("label"), arm.get("description"))))}
        for n, arm in enumerate(arms, start=1)
    ]


def _outcome(study: Json, kind: str) -> list[Json]:
    outcomes = at(study, f"outcomesModule.{kind}Outcomes") or []
    lines = [f"{n}. {one['measure']} ({one.get('timeFrame', 'open')})" for n, one in enumerate(outcomes, start=1)]
    return [{"measure": "\n".join(lines)}] if lines else []


def _eligibility(study: Json) -> Json:
    module = protocol(study)["eligibilityModule"]
    return only(module, "healthyVolunteers", "sex", "minimumAge", "maximumAge") | {
        "eligibilityCriteria": joined_criteria(module.get("eligibilityCriteria"))
    }


def _people_and_places(study: Json) -> Json:
    officials = at(study, "contactsLocationsModule.overallOfficials") or []
    return {
        "overallOfficials": _once(
            only(one, "name", "affiliation", "role") for one in officials if one.get("role") == "PRINCIPAL_INVESTIGATOR"
        ),
        "centralContacts": _once(
            only(one, "name", "phone", "email") | {"role": "CONTACT"}
            for one in at(study, "contactsLocationsModule.centralContacts") or []
        ),
        "locations": [only(one, "facility", "city") for one in at(study, "contactsLocationsModule.locations") or []],
    }


def _once(items: Any) -> list[Json]:
    found: list[Json] = []
    for item in items:
        if item not in found:
            found.append(item)
    return found


def _references(study: Json) -> Json:
    links = [
        {"label": "Study website", "url": one["url"]} for one in (at(study, "referencesModule.seeAlsoLinks") or [])[:1]
    ]
    references = []
    for one in at(study, "referencesModule.references") or []:
        if one.get("pmid"):
            links.append({"label": one.get("citation"), "url": f"https://pubmed.ncbi.nlm.nih.gov/{one['pmid']}/"})
        if one.get("type") in {"RESULT", "BACKGROUND"}:
            references.append(only(one, "citation", "type"))
    return {"seeAlsoLinks": links, "references": references}


def _countries(study: Json) -> list[Json]:
    locations = at(study, "contactsLocationsModule.locations") or []
    names = dict.fromkeys(one["country"] for one in locations if one.get("country") in COUNTRY)
    return [{"country": name, "countryCode": COUNTRY[name]} for name in names]
