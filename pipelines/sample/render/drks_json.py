"""Synthetic studies as the German Clinical Trials Register lets them be downloaded: a list of JSON records.

Belongs here: the register's form, filled from a study, its texts in German and in English. Does not: what a reader gets
back (drks_carried.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from pipelines.sample.render.drks_carried import carried
from pipelines.sample.render.drks_words import (
    ALLOCATION,
    ASSIGNMENT,
    COUNTRY,
    PHASE,
    PURPOSE,
    STATUS,
    STUDY_TYPE,
    SUPPORT,
    UNIT,
    WHO,
)
from pipelines.sample.render.registry_parts import Json, at, criteria_parts, nct_digits, protocol, whole_day, word

_NO_ONE = dict.fromkeys(
    (
        "affiliation",
        "city",
        "country",
        "email",
        "fax",
        "firstName",
        "lastName",
        "phone",
        "streetAndNo",
        "title",
        "url",
        "zip",
    )
)


def render_file(studies: Sequence[Json]) -> bytes:
    """The studies' records as a list, indented as the register's downloads are (UTF-8)."""
    return orjson.dumps([_record(study) for study in studies], option=orjson.OPT_INDENT_2)


def in_german_only(study: Json) -> bool:
    """Some entries have no English texts."""
    return nct_digits(study)[-1] == "7"


def _both(study: Json, **texts: str | None) -> list[Json]:
    """An entry in each language; the German one is told from the English one by its beginning."""
    if in_german_only(study):
        return [{"idLocale": {"locale": "de"}, **texts}]
    german = {name: f"Auf Deutsch: {text}" if text else None for name, text in texts.items()}
    return [{"idLocale": {"locale": "de"}, **german}, {"idLocale": {"locale": "en"}, **texts}]


def _record(study: Json) -> Json:
    names, status = protocol(study)["identificationModule"], protocol(study)["statusModule"]
    links = at(study, "referencesModule.seeAlsoLinks") or []
    return {
        "drksId": f"DRKS{nct_digits(study)}",
        "ethicsCommittee": {
            "applicationDate": "2024-05-02",
            "ethicVotes": [
                {
                    "contact": {
                        **_NO_ONE,
                        "affiliation": "Ethikkommission am Musterweg",
                        "city": "Musterstadt",
                        "country": "DE",
                    },
                    "dateOfVote": "2024-06-11",
                    "type": "ETHICS_COMMITTEE",
                    "vote": "APPROVED",
                }
            ],
            "number": f"EK-{nct_digits(study)[:3]}",
        },
        "lastUpdate": status["lastUpdatePostDateStruct"]["date"],
        "materialSupports": [
            {"contact": {**_NO_ONE, "affiliation": one["name"]}, "type": SUPPORT.get(one.get("class"), "INSTITUTIONAL")}
            for one in at(study, "sponsorCollaboratorsModule.collaborators") or []
        ],
        "observationalGroups": _groups(study),
        "otherSecondaryIds": other_ids(study),
        "recruitment": _recruitment(study),
        "registrationDrks": status["studyFirstPostDateStruct"]["date"],
        "registrationType": "PROSPECTIVE",
        "secondaryIds": {
            "eudamedNumber": None,
            "eudraCtNumber": eudract(study),
            "noOtherIdentificationNumbersAvailable": False,
            "otherPrimaryRegisterId": names["nctId"],
            "otherPrimaryRegisterName": "ClinicalTrials.gov",
            "universalTrialNumber": None,
        },
        "sponsored": False,
        "studiedHealthConditions": [
            {
                "catalog": "FREETEXT",
                "code": None,
                "studiedHealthConditionDescriptions": _both(study, comment=name),
                "type": "MAIN" if number == 0 else "OTHER",
            }
            for number, name in enumerate(at(study, "conditionsModule.conditions") or [])
        ],
        "studyCharacteristic": _characteristic(study),
        "trialContacts": _contacts(study),
        "trialDescriptions": _both(
            study,
            acronym=names.get("acronym"),
            scientificSummary=at(study, "descriptionModule.detailedDescription"),
            summary=at(study, "descriptionModule.briefSummary"),
            title=names.get("briefTitle"),
        ),
        "trialResults": _results(study),
        "trialStatus": "REGISTERED",
        "url": links[0]["url"] if links else None,
    }


def eudract(study: Json) -> str | None:
    """The number that the form has a field for."""
    infos = at(study, "identificationModule.secondaryIdInfos") or []
    return next((one["id"] for one in infos if one.get("type") == "EUDRACT_NUMBER"), None)


def other_ids(study: Json) -> list[Json]:
    """The sponsor's own number and those that the form has no field for."""
    names = protocol(study)["identificationModule"]
    own = (names.get("orgStudyIdInfo") or {}).get("id")
    found = [{"description": "Sponsor", "value": own}] if own else []
    others = (one for one in names.get("secondaryIdInfos", []) if one["id"] != eudract(study))
    return found + [{"description": one.get("domain"), "value": one["id"]} for one in others]


def arm_texts(study: Json) -> list[str]:
    """What the form says of each arm."""
    arms = at(study, "armsInterventionsModule.armGroups") or []
    return [": ".join(filter(None, (arm.get("label"), arm.get("description")))) for arm in arms]


def outcome_text(study: Json, kind: str) -> str | None:
    """All outcomes of a kind as one text."""
    outcomes = at(study, f"outcomesModule.{kind}Outcomes") or []
    lines = [f"{n}. {one['measure']} ({one.get('timeFrame', 'open')})" for n, one in enumerate(outcomes, start=1)]
    return "\r\n".join(lines) or None


def _groups(study: Json) -> list[Json]:
    return [
        {"comment": entry["comment"], "idArm": {"arm": number, "locale": entry["idLocale"]["locale"]}}
        for number, text in enumerate(arm_texts(study), start=1)
        for entry in _both(study, comment=text)
    ]


def _recruitment(study: Json) -> Json:
    module, size = protocol(study)["eligibilityModule"], at(study, "designModule.enrollmentInfo") or {}
    inclusion, exclusion = criteria_parts(module.get("eligibilityCriteria"))
    locations = at(study, "contactsLocationsModule.locations") or []
    codes = dict.fromkeys(COUNTRY[one["country"]] for one in locations if one.get("country") in COUNTRY)
    return {
        **_dates(study),
        "centricType": "MULTICENTRIC" if len(locations) > 1 else "MONOCENTRIC",
        "countries": [{"idCountry": {"code": code}} for code in codes],
        "gender": module.get("sex"),
        "healthyVolunteers": module.get("healthyVolunteers"),
        "institutes": [
            {"city": one.get("city"), "name": one.get("facility"), "type": "MEDICAL_CENTER"} for one in locations
        ],
        "maximumAge": _age(module.get("maximumAge"), "NO_MAX_AGE"),
        "minimumAge": _age(module.get("minimumAge"), "NO_MIN_AGE"),
        "plannedParticipants": size.get("count") if size.get("type") == "ESTIMATED" else None,
        "recruitmentDescriptions": _both(
            study,
            exclusionCriteria=exclusion,
            inclusionCriteria=inclusion,
            reasonDescription=at(study, "statusModule.whyStopped"),
        ),
        "status": STATUS.get(at(study, "statusModule.overallStatus")),
        "totalParticipants": size.get("count") if size.get("type") == "ACTUAL" else None,
    }


def _dates(study: Json) -> Json:
    """The form asks for days; the imagined staff leave a field empty while they know the month alone."""
    dates: Json = {}
    for name, struct in (("Start", "startDateStruct"), ("Completion", "completionDateStruct")):
        stated = at(study, f"statusModule.{struct}") or {}
        for kind, stage in (("ACTUAL", "actual"), ("ESTIMATED", "scheduled")):
            dates[f"{stage}{name}Date"] = whole_day(stated.get("date")) if stated.get("type") == kind else None
    return dates


def _age(age: str | None, no_limit: str) -> Json:
    if not age:
        return {"amount": None, "unit": no_limit}
    number, unit = age.split()
    return {"amount": int(number), "unit": UNIT[unit.removesuffix("s")]}


def _characteristic(study: Json) -> Json:
    module = protocol(study)["designModule"]
    info = module.get("designInfo") or {}
    masking = info.get("maskingInfo") or {}
    blinding = {None: None, "NONE": "OPEN"}.get(masking.get("masking"), "BLINDED")
    timing = info.get("timePerspective")
    return {
        "allocation": word(ALLOCATION, info.get("allocation")),
        "assignment": word(ASSIGNMENT, info.get("interventionModel")),
        "blindingType": blinding,
        "blindingWhoList": [
            {"idBlindingWho": {"blindingWho": WHO[role]}}
            for role in masking.get("whoMasked", [])
            if blinding == "BLINDED"
        ],
        "characteristicDescriptions": _both(
            study,
            primaryOutcome=outcome_text(study, "primary"),
            secondaryOutcome=outcome_text(study, "secondary"),
            typeOfHiddenAllocation=None,
            typeOfSequenceGeneration=None,
        ),
        "controlTypes": [{"idControlType": {"controlType": "PLACEBO"}}],
        "duration": "CROSS_SECTIONAL" if timing == "CROSS_SECTIONAL" else "LONGITUDINAL",
        "phase": PHASE.get(tuple(module.get("phases", ()))),
        "purpose": word(PURPOSE, info.get("primaryPurpose")),
        "timing": timing if timing in {"RETROSPECTIVE", "PROSPECTIVE"} else None,
        "type": word(STUDY_TYPE, module.get("studyType")),
    }


def _contacts(study: Json) -> list[Json]:
    lead = at(study, "sponsorCollaboratorsModule.leadSponsor") or {}
    found = [({"affiliation": lead.get("name")}, "PRIMARY_SPONSOR")]
    for one in at(study, "contactsLocationsModule.overallOfficials") or []:
        if one.get("role") == "PRINCIPAL_INVESTIGATOR":
            person = _person(one) | {"affiliation": one.get("affiliation")}
            found.append((person, "PRINCIPAL_COORDINATING_INVESTIGATOR"))
    found += [
        (_person(one) | {"phone": one.get("phone"), "email": one.get("email")}, "PUBLIC_QUERIES")
        for one in at(study, "contactsLocationsModule.centralContacts") or []
    ]
    return [{"contact": _NO_ONE | who, "idContactIdType": {"type": kind}, "otherType": None} for who, kind in found]


def _person(one: Json) -> Json:
    first, _, last = one["name"].rpartition(" ")
    return {"firstName": first or None, "lastName": last}


def _results(study: Json) -> Json:
    kinds = {"RESULT": "RESULT", "BACKGROUND": "LITERATURE"}
    return {
        "firstPublication": None,
        "firstResultPublication": at(study, "statusModule.resultsFirstPostDateStruct.date"),
        "ipdSharingPlan": {"YES": True, "NO": False}.get(at(study, "ipdSharingStatementModule.ipdSharing")),
        "plannedPublication": None,
        "publications": [
            {
                "description": one.get("citation"),
                "document": None,
                "link": f"https://pubmed.ncbi.nlm.nih.gov/{one['pmid']}/" if one.get("pmid") else None,
                "type": kinds.get(one.get("type"), "OTHER"),
            }
            for one in at(study, "referencesModule.references") or []
        ],
        "relatedDrksTrials": [],
        "trialResultsDescriptions": _both(
            study,
            briefSummaryOfResultsDescription=None,
            ipdSharingPlanDescription=at(study, "ipdSharingStatementModule.description"),
        ),
    }


__all__ = ["carried", "render_file"]
