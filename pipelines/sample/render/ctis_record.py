"""The record of CTIS' public API for a synthetic study, as nested objects.

Belongs here: the layout since June 2024, and the older one. Does not: files, what a reader gets back (ctis_json.py).
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.sample.render.euctr_form import criteria_parts, digits_of, medicines, module, one_line

Struct = dict[str, Any]
COUNTRIES = ("Germany", "France", "Spain", "Sweden", "Italy", "Belgium")
STATUS_CODES = {
    "NOT_YET_RECRUITING": 2,
    "RECRUITING": 4,
    "ACTIVE_NOT_RECRUITING": 5,
    "SUSPENDED": 7,
    "COMPLETED": 8,
    "TERMINATED": 8,
}
STATUS_WORDS = {1: "Under evaluation", 2: "Authorised, recruitment pending", 4: "Ongoing, recruiting"}
STATUS_WORDS |= {5: "Ongoing, recruitment ended", 7: "Suspended", 8: "Ended"}
_PHASE_CODES = {
    ("EARLY_PHASE1",): 1,
    ("PHASE1",): 3,
    ("PHASE2",): 4,
    ("PHASE3",): 5,
    ("PHASE4",): 6,
    ("PHASE1", "PHASE2"): 9,
    ("PHASE2", "PHASE3"): 10,
}
_ALLOCATION = {"RANDOMIZED": "1", "NON_RANDOMIZED": "2", "NA": "3"}
_AGES = {"CHILD": "2", "ADULT": "3", "OLDER_ADULT": "4"}
_NUMBERED = re.compile(r"(?m)^[ \t]*[0-9]{1,3}\\?[.)][ \t]+")


def eu_ct_number(study: Struct) -> str:
    """An EU CT number that no other NCT id gives: the register's own begin their serial with 5."""
    digits = digits_of(study)
    return f"20{23 + int(digits[0]) % 3}-5{digits[1:6]}-{digits[6:8]}-0{digits[0]}"


def status_code(study: Struct) -> int:
    """The public status code; 1 (under evaluation) for what the register does not have."""
    return STATUS_CODES.get(module(study, "statusModule").get("overallStatus", ""), 1)


def criteria(study: Struct) -> dict[str, list[str]]:
    """Criteria by kind: the items of a numbered list, else the whole text as one."""
    text = module(study, "eligibilityModule").get("eligibilityCriteria", "")
    return {kind: _items(part) for kind, part in zip(("Inclusion", "Exclusion"), criteria_parts(text), strict=True)}


def _items(text: str) -> list[str]:
    pieces = [piece.strip() for piece in _NUMBERED.split(text)]
    return [piece for piece in pieces if piece]


def site_country(study: Struct) -> str:
    """The member state that holds the sites."""
    return COUNTRIES[int(digits_of(study)) % len(COUNTRIES)]


def _organisation(name: str, number: int, kind: str) -> Struct:
    return {
        "id": 5_000 + number,
        "type": kind,
        "typeCode": "10",
        "name": name,
        "commercial": kind == "Pharmaceutical company",
        "isBusinessKeyValidated": True,
        "businessKey": f"ORG-1{number:08d}",
        "organisationLocationStatus": "Active",
    }


def _sponsors(study: Struct) -> list[Struct]:
    given = module(study, "sponsorCollaboratorsModule")
    lead = given.get("leadSponsor", {})
    found = []
    for number, one in enumerate([lead, *given.get("collaborators", [])]):
        kind = (
            "Pharmaceutical company" if one.get("class") == "INDUSTRY" else "Hospital/Clinic/Other health care facility"
        )
        organisation = _organisation(one_line(one.get("name", "")), number, kind)
        sponsor: Struct = {"id": number, "primary": number == 0, "organisation": organisation}
        sponsor["commercial"] = "Commercial" if one.get("class") == "INDUSTRY" else "Non-Commercial"
        if number == 0:
            sponsor["publicContacts"] = [_contact(study, organisation)]
            sponsor["scientificContacts"] = [_contact(study, organisation)]
        found.append(sponsor)
    return found


def _contact(study: Struct, organisation: Struct) -> Struct:
    first: Struct = next(iter(module(study, "contactsLocationsModule").get("centralContacts", [])), {})
    names = {"functionalName": "name", "functionalEmailAddress": "email", "telephone": "phone"}
    given = {name: one_line(first[key]) for name, key in names.items() if first.get(key)}
    return {"id": 9, "type": "Public", **given, "organisation": organisation}


def _sites(study: Struct) -> list[Struct]:
    sites = []
    for number, place in enumerate(module(study, "contactsLocationsModule").get("locations", []), start=1):
        address = {"addressId": number, "oneLine": "Street 1", "addressLine1": "Street 1"}
        for name, key in (("city", "city"), ("postcode", "zip"), ("countryName", "country")):
            if place.get(key):
                address[name] = one_line(place[key])
        organisation = _organisation(
            one_line(place.get("facility", "")), number, "Hospital/Clinic/Other health care facility"
        )
        info = {"id": number, "organisation": organisation, "address": address}
        site: Struct = {"id": 70_000 + number, "organisationAddressInfo": info, "departmentName": "na"}
        contact: Struct = next(iter(place.get("contacts", [])), {})
        if contact.get("name"):
            site["personInfo"] = {"id": number, "lastName": one_line(contact["name"]), "title": "1"}
            for name, key in (("telephone", "phone"), ("email", "email")):
                if contact.get(key):
                    site["personInfo"][name] = one_line(contact[key])
        sites.append(site)
    return sites


def _products(study: Struct) -> list[Struct]:
    found = []
    for number, product in enumerate(medicines(study), start=1):
        info: Struct = {"productPk": str(number), "prodName": one_line(product["name"]), "euMpNumber": "N/A"}
        others = product.get("otherNames", [])
        if others:
            info["activeSubstanceName"] = one_line(others[0])
        origin = {"DRUG": "Chemical", "BIOLOGICAL": "Biological"}.get(product["type"])
        if origin:
            info["productSubstances"] = [{"productPk": str(number), "substanceOrigin": origin, "actSubstName": "X"}]
        found.append({"id": 400 + number, "productDictionaryInfo": info, "mpRoleInTrial": "1", "routes": ["ORAL USE"]})
    return found


def _information(study: Struct) -> Struct:
    people = module(study, "eligibilityModule")
    outcomes = module(study, "outcomesModule")
    listed = criteria(study)
    return {
        "trialCategory": {"isLowIntervention": False, "trialPhase": _phase(study), "trialCategory": "2"},
        "medicalCondition": {
            "partIMedicalConditions": [
                {"id": number, "medicalCondition": one_line(one), "isConditionRareDisease": False}
                for number, one in enumerate(module(study, "conditionsModule").get("conditions", []))
            ]
        },
        "eligibilityCriteria": {
            f"principal{kind}Criteria": [
                # the register gives the items of a list in any order
                {"id": number, "number": number, f"principal{kind}Criteria": text}
                for number, text in reversed(list(enumerate(items, start=1)))
            ]
            for kind, items in listed.items()
        },
        "endPoint": {
            f"{name}EndPoints": [
                {"id": number, "number": number, "endPoint": one_line(one["measure"]), "isPrimary": name == "primary"}
                for number, one in enumerate(outcomes.get(f"{name}Outcomes", []), start=1)
            ]
            for name in ("primary", "secondary")
        },
        "trialDuration": _duration(study),
        "populationOfTrialSubjects": {
            "ageRanges": [{"id": 1, "ageRangeCategoryCode": _AGES[age]} for age in people.get("stdAges", [])],
            "clinicalTrialGroups": _groups(people.get("healthyVolunteers")),
            "isFemaleSubjects": people.get("sex") in ("ALL", "FEMALE"),
            "isMaleSubjects": people.get("sex") in ("ALL", "MALE"),
        },
    }


def _groups(healthy: bool | None) -> list[Struct]:
    if healthy is None:
        return []
    return [{"code": "1", "name": "Healthy volunteers"} if healthy else {"code": "2", "name": "Patients"}]


def _phase(study: Struct) -> str | None:
    code = _PHASE_CODES.get(tuple(module(study, "designModule").get("phases", [])))
    return None if code is None else str(code)


def _duration(study: Struct) -> Struct:
    given = module(study, "statusModule")
    names = {"startDateStruct": "estimatedRecruitmentStartDate", "completionDateStruct": "estimatedGlobalEndDate"}
    return {
        name: given[key]["date"] for key, name in names.items() if given.get(key) and given[key].get("type") != "ACTUAL"
    }


def part_one(study: Struct) -> Struct:
    """Part I of the application."""
    titles = module(study, "identificationModule")
    names = {"fullTitle": "officialTitle", "publicTitle": "briefTitle"}
    identifiers: Struct = {name: one_line(titles[key]) for name, key in names.items() if key in titles}
    if "orgStudyIdInfo" in titles:
        identifiers["shortTitle"] = one_line(titles["orgStudyIdInfo"]["id"])
    others = [
        {
            "id": 1,
            "number": one_line(one["id"]),
            "otherRegistryName": one_line(one.get("domain") or one.get("type") or ""),
        }
        for one in titles.get("secondaryIdInfos", [])
    ]
    identifiers["secondaryIdentifyingNumbers"] = {
        "nctNumber": {"id": 435_268, "number": titles["nctId"]},
        "additionalRegistries": others,
    }
    arms = module(study, "armsInterventionsModule").get("armGroups", [])
    details = [{"title": one_line(arm["label"]), "description": one_line(arm.get("description", ""))} for arm in arms]
    allocation = module(study, "designModule").get("designInfo", {}).get("allocation")
    period = {"title": "Treatment", "allocationMethod": _ALLOCATION.get(allocation), "armDetails": details}
    part: Struct = {
        "id": 100_394,
        "products": _products(study),
        "trialDetails": {
            "clinicalTrialIdentifiers": identifiers,
            "trialInformation": _information(study),
            "protocolInformation": {"studyDesign": {"periodDetails": [period]}},
        },
        "sponsors": _sponsors(study),
    }
    if module(study, "designModule").get("enrollmentInfo", {}).get("count") is not None:
        part["rowSubjectCount"] = 0
    return part


def part_two(study: Struct) -> Struct:
    """The one member state's part II: the planned subjects and all sites."""
    name = site_country(study)
    part: Struct = {"id": 73_967, "mscId": 24_871, "mscInfo": {"id": 24_871, "countryName": name, "mscName": name}}
    count = module(study, "designModule").get("enrollmentInfo", {}).get("count")
    if count is not None:
        part["recruitmentSubjectCount"] = count
    part["trialSites"] = _sites(study)
    return part


def _events(study: Struct) -> Struct:
    given = module(study, "statusModule")
    status = given.get("overallStatus")
    listed = []
    if given.get("startDateStruct", {}).get("type") == "ACTUAL":
        listed.append({"notificationType": "START_OF_TRIAL", "date": given["startDateStruct"]["date"]})
    if status in ("COMPLETED", "TERMINATED"):
        listed.append({"notificationType": "END_OF_TRIAL" if status == "COMPLETED" else "EARLY_TERMINATION"})
    events: Struct = {"trialEvents": [{"mscId": 24_871, "mscName": site_country(study), "events": listed}]}
    end = given.get("completionDateStruct", {})
    if end.get("type") == "ACTUAL":
        events["trialGlobalEndDate"] = end["date"]
    return events


def record(study: Struct) -> Struct:
    """The record in the layout since June 2024."""
    given = module(study, "statusModule")
    code = status_code(study)
    application: Struct = {
        "authorizedPartI": part_one(study),
        "authorizedPartsII": [part_two(study)],
        "applicationInfo": [],
        "memberStatesConcerned": [{"mscName": site_country(study), "mscId": 24_871, "mscPublicStatusCode": code}],
    }
    if given.get("studyFirstSubmitDate"):
        info = {"id": 1, "type": "INITIAL", "status": "Authorised", "submissionDate": given["studyFirstSubmitDate"]}
        application["applicationInfo"] = [info]
    made: Struct = {"ctNumber": eu_ct_number(study), "ctStatus": code, "ctPublicStatusCode": code}
    posted = given.get("lastUpdatePostDateStruct", {}).get("date")
    if posted:
        made["publishDate"] = f"{posted}T03:39:42.531268872"
    if given.get("lastUpdateSubmitDate"):
        made["lastUpdated"] = "/".join(reversed(given["lastUpdateSubmitDate"].split("-")))
    return {
        **made,
        "authorizedApplication": application,
        "events": _events(study),
        "results": _results(study),
        "documents": [],
    }


def _results(study: Struct) -> Struct:
    """Results as the register has them: documents, each with the day on which it came."""
    if not study.get("hasResults"):
        return {}
    submitted = module(study, "statusModule").get("resultsFirstSubmitDate")
    day = {"submissionDate": submitted} if submitted else {}
    return {"summaryResults": [{"id": 1, "isFinalResult": True, **day}]}


def old_record(study: Struct) -> Struct:
    """The record in the layout until June 2024: parts at the top, the status in words."""
    today = record(study)
    application = today.pop("authorizedApplication")
    words = STATUS_WORDS[status_code(study)]
    del today["ctPublicStatusCode"]
    applications = [{**info, "partI": {"id": 1, "versionNumber": 2}} for info in application["applicationInfo"]]
    said = today["events"].pop("trialEvents")
    notifications = [{"mscName": one["mscName"], "mscId": 1, "mscNotificationsListInfo": one["events"]} for one in said]
    return {
        "ctStatus": words,
        "ctrname": "CTIS",
        "record_last_import": "2024-06-17 20:10:58",
        **{name: value for name, value in today.items() if name != "ctStatus"},
        "applications": applications,
        "authorizedPartI": application["authorizedPartI"],
        "authorizedPartsII": application["authorizedPartsII"],
        "memberStatesConcerned": [{"id": 24_871, "mscName": site_country(study), "countryName": site_country(study)}],
        "mscTrialNotificationsInfoList": notifications,
    }
