"""What a perfect reader gets back of a study that was written on the ISRCTN registry's form.

Belongs here: which fields the form holds, and how coarse. Does not: how the record is written.
"""

from __future__ import annotations

from pipelines.sample.render.isrctn.participants import countries, publication_lines
from pipelines.sample.render.isrctn.record import contacts
from pipelines.sample.render.isrctn.trial import eudract, secondary_design
from pipelines.sample.render.isrctn.words import ALLOCATION, ASSIGNMENT, KIND, MODEL, PURPOSE, SPONSOR_TYPE, STUDY_TYPE
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


def carried_record(study: Json) -> Json:
    """The study as the registry's own XML carries it, whole: the JSON conversions carry less."""
    names = protocol(study)["identificationModule"]
    section = {
        "identificationModule": only(names, "briefTitle", "officialTitle", "acronym")
        | {"orgStudyIdInfo": only(names.get("orgStudyIdInfo") or {}, "id"), "secondaryIdInfos": _numbers(study)},
        "statusModule": _status(study),
        "sponsorCollaboratorsModule": _sponsors(study),
        "descriptionModule": only(protocol(study).get("descriptionModule", {}), "briefSummary", "detailedDescription"),
        "conditionsModule": only(protocol(study).get("conditionsModule", {}), "conditions"),
        "designModule": _design(study),
        "armsInterventionsModule": {"interventions": _interventions(study)},
        "outcomesModule": _outcomes(study),
        "eligibilityModule": _eligibility(study),
        "contactsLocationsModule": _people_and_places(study),
        "referencesModule": _references(study),
        "ipdSharingStatementModule": _sharing(study),
    }
    done: Json = pruned(
        {
            "protocolSection": section,
            "documentSection": {"largeDocumentModule": {"largeDocs": _documents(study)}},
            "registrySection": {
                "registry": "ISRCTN",
                "recordId": f"ISRCTN{nct_digits(study)}",
                "recruitmentCountries": [{"country": country} for country in countries(study)],
            },
        }
    )
    return done


def _numbers(study: Json) -> list[Json]:
    names = protocol(study)["identificationModule"]
    own = (names.get("orgStudyIdInfo") or {}).get("id")
    first = eudract(study)
    found = [{"id": first, "type": "EUDRACT_NUMBER", "domain": "EudraCT"}] if first else []
    found.append({"id": names["nctId"], "type": "REGISTRY", "domain": "ClinicalTrials.gov"})
    seen = {one["id"].casefold() for one in found} | {(own or "").casefold()}
    for one in names.get("secondaryIdInfos", []):
        if one["id"].casefold() not in seen:
            seen.add(one["id"].casefold())
            found.append({"id": one["id"], "type": "OTHER", "domain": one.get("domain") or "Other"})
    return found


def _status(study: Json) -> Json:
    module = protocol(study)["statusModule"]
    enrolled = (at(study, "designModule.enrollmentInfo") or {}).get("count")
    status = {"SUSPENDED": "SUSPENDED"}
    if enrolled:
        status["TERMINATED"] = "TERMINATED"
    return {
        "overallStatus": status.get(module["overallStatus"]),
        "whyStopped": module.get("whyStopped"),
        "startDateStruct": {"date": whole_day(at(study, "statusModule.startDateStruct.date"))},
        "completionDateStruct": {"date": whole_day(at(study, "statusModule.completionDateStruct.date"))},
        "studyFirstPostDateStruct": only(module["studyFirstPostDateStruct"], "date"),
        "lastUpdatePostDateStruct": only(module["lastUpdatePostDateStruct"], "date"),
    }


def _sponsors(study: Json) -> Json:
    lead = at(study, "sponsorCollaboratorsModule.leadSponsor") or {}
    others = at(study, "sponsorCollaboratorsModule.collaborators") or []
    known = {name: name for name in SPONSOR_TYPE}
    return {
        "leadSponsor": only(lead, "name") | {"class": known.get(lead.get("class", ""))},
        "collaborators": [{"name": one["name"]} for one in others if one["name"] != lead.get("name")],
    }


def _design(study: Json) -> Json:
    module = protocol(study)["designModule"]
    kind = module.get("studyType") if module.get("studyType") in STUDY_TYPE else None
    info = module.get("designInfo") or {}
    design: Json = {}
    if kind == "INTERVENTIONAL":
        design = {
            "allocation": info.get("allocation") if info.get("allocation") in ALLOCATION else None,
            "interventionModel": info.get("interventionModel") if info.get("interventionModel") in ASSIGNMENT else None,
            "primaryPurpose": info.get("primaryPurpose") if info.get("primaryPurpose") in PURPOSE else None,
        }
        if (info.get("maskingInfo") or {}).get("masking") == "NONE":
            design["maskingInfo"] = {"masking": "NONE"}
    elif kind == "OBSERVATIONAL":
        if info.get("observationalModel") in MODEL:
            design = {"observationalModel": info["observationalModel"]}
        elif secondary_design(study) != "Other":
            design = {"timePerspective": "CROSS_SECTIONAL"}
    enrollment = module.get("enrollmentInfo") or {}
    # A final enrolment of 0 is what the form holds from the beginning: nobody can tell it from a true one.
    states_size = "count" in enrollment and not (enrollment["count"] == 0 and enrollment.get("type") == "ACTUAL")
    return {
        "studyType": kind,
        "phases": module.get("phases"),
        "designInfo": design,
        "enrollmentInfo": only(enrollment, "type") | {"count": enrollment["count"]} if states_size else None,
    }


def _interventions(study: Json) -> list[Json]:
    return [
        only(one, "name", "description") | ({"type": one["type"]} if one.get("type") in KIND else {})
        for one in at(study, "armsInterventionsModule.interventions") or []
    ]


def _outcomes(study: Json) -> Json:
    return {
        f"{kind}Outcomes": [
            only(one, "measure", "description", "timeFrame")
            for one in at(study, f"outcomesModule.{kind}Outcomes") or []
        ]
        for kind in ("primary", "secondary")
    }


def _eligibility(study: Json) -> Json:
    module = protocol(study)["eligibilityModule"]
    return only(module, "healthyVolunteers", "sex", "minimumAge", "maximumAge") | {
        "eligibilityCriteria": joined_criteria(module.get("eligibilityCriteria"))
    }


def _people_and_places(study: Json) -> Json:
    people = contacts(study)
    return {
        "overallOfficials": [only(one, "name", "role") for one, kind in people if kind != "Public"],
        "centralContacts": [
            only(one, "name", "phone", "email") | {"role": "CONTACT"} for one, kind in people if kind == "Public"
        ],
        "locations": [
            only(one, "facility", "city", "state", "zip", "country")
            for one in at(study, "contactsLocationsModule.locations") or []
        ],
    }


def _references(study: Json) -> Json:
    links = at(study, "referencesModule.seeAlsoLinks") or []
    return {
        "references": [
            only(one, "pmid") | {"citation": line} | ({"type": "RESULT"} if one.get("type") == "RESULT" else {})
            for one, line in publication_lines(study)
        ],
        "seeAlsoLinks": [{"label": "Study website", "url": one["url"]} for one in links[:1]],
    }


def _sharing(study: Json) -> Json:
    module = at(study, "ipdSharingStatementModule") or {}
    answer = module.get("ipdSharing") if module.get("ipdSharing") in {"YES", "NO"} else None
    return only(module, "description") | {"ipdSharing": answer}


def _documents(study: Json) -> list[Json]:
    module = (study.get("documentSection") or {}).get("largeDocumentModule") or {}
    return [only(one, "label", "filename", "size") for one in module.get("largeDocs", [])]
