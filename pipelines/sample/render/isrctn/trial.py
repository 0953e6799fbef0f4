"""Titles, numbers and design of a synthetic study on the ISRCTN registry's form.

Belongs here: the parts trialDescription, externalRefs and trialDesign. Does not: participants
(participants.py), people.
"""

from __future__ import annotations

from pipelines.sample.render.isrctn.words import ALLOCATION, ASSIGNMENT, MODEL, PURPOSE, STUDY_TYPE, Element, element
from pipelines.sample.render.registry_parts import Json, at, nct_digits, protocol, whole_day, word


def description(study: Json) -> Element:
    names = protocol(study)["identificationModule"]
    links = at(study, "referencesModule.seeAlsoLinks") or []
    return element(
        "trialDescription",
        [
            element("acknowledgment", "true"),
            element("title", names.get("briefTitle")),
            element("scientificTitle", names.get("officialTitle")),
            element("acronym", names.get("acronym")),
            element("studyHypothesis", at(study, "descriptionModule.detailedDescription")),
            element("plainEnglishSummary", at(study, "descriptionModule.briefSummary")),
            _outcomes(study, "primary"),
            element("primaryOutcome"),
            _outcomes(study, "secondary"),
            element("secondaryOutcome"),
            element("trialWebsite", links[0]["url"] if links else None),
            element("ethicsApprovalRequired", "Ethics approval required"),
            element(
                "ethicsCommittees",
                [
                    element(
                        "ethicsCommittee",
                        [
                            element("committeeName", "Harbour Lane Research Ethics Committee"),
                            element(
                                "contactDetails",
                                [
                                    element("address", "4 Harbour Lane\nEast Quay"),
                                    element("city", "Westerness"),
                                    element("country", "United Kingdom"),
                                    element("telephone", "+44 (0)1632 960000"),
                                ],
                            ),
                            element("committeeReference", f"{nct_digits(study)[:2]}/HL/{nct_digits(study)[2:6]}"),
                        ],
                        id="committee-1",
                        approvalStatus="approved",
                    )
                ],
            ),
        ],
        thirdPartyFilesAcknowledgement="false",
    )


def _outcomes(study: Json, kind: str) -> Element:
    measures = [
        element(
            "outcomeMeasure",
            [
                element("variable", one.get("measure")),
                element("method", one.get("description")),
                element("timepoints", one.get("timeFrame")),
            ],
            id=f"{kind}-{number}",
        )
        for number, one in enumerate(at(study, f"outcomesModule.{kind}Outcomes") or [], start=1)
    ]
    return element(f"{kind}Outcomes", measures)


def eudract(study: Json) -> str | None:
    """The number that the form has a field for."""
    infos = at(study, "identificationModule.secondaryIdInfos") or []
    return next((one["id"] for one in infos if one.get("type") == "EUDRACT_NUMBER"), None)


def references(study: Json, number: str) -> Element:
    names = protocol(study)["identificationModule"]
    own = (names.get("orgStudyIdInfo") or {}).get("id")
    others = [one for one in names.get("secondaryIdInfos", []) if one["id"] != eudract(study)]
    numbers = [("nct", names["nctId"]), ("Protocol serial number", own)]
    numbers += [(one.get("domain") or "Other", one["id"]) for one in others]
    return element(
        "externalRefs",
        [
            element("doi", f"10.1186/ISRCTN{number}"),
            element("eudraCTNumber", eudract(study)),
            element("irasNumber"),
            element("clinicalTrialsGovNumber", names["nctId"]),
            element("protocolSerialNumber", own),
            element(
                "secondaryNumbers",
                [
                    element("secondaryNumber", text, id=f"number-{n}", numberType=kind)
                    for n, (kind, text) in enumerate(numbers, start=1)
                    if text
                ],
            ),
        ],
    )


def design(study: Json) -> Element:
    info = at(study, "designModule.designInfo") or {}
    kind = STUDY_TYPE.get(at(study, "designModule.studyType"))
    status = protocol(study)["statusModule"]
    stopped = {"TERMINATED": "Stopped", "WITHDRAWN": "Stopped", "SUSPENDED": "Suspended"}.get(status["overallStatus"])
    parts = [element("studyDesign"), element("primaryStudyDesign", kind or "Other")]
    if kind == "Interventional":
        masking = (info.get("maskingInfo") or {}).get("masking")
        purpose = word(PURPOSE, info.get("primaryPurpose"))
        parts.append(
            element(
                "interventionalTrialDesign",
                [
                    element("allocation", word(ALLOCATION, info.get("allocation"))),
                    element("masking", masking_words(masking)),
                    element("control", "Active"),
                    element("assignment", word(ASSIGNMENT, info.get("interventionModel"))),
                    element("purposes", [element("purpose", purpose)] if purpose else []),
                ],
            )
        )
    return element(
        "trialDesign",
        [
            *parts,
            element("secondaryStudyDesign", secondary_design(study)),
            element("trialTypes"),
            element("overallStatusOverride", stopped),
            element("reasonAbandoned", status.get("whyStopped")),
            element("overallEndDate", midnight(at(study, "statusModule.completionDateStruct.date"))),
        ],
    )


def masking_words(masking: str | None) -> str | None:
    """The form knows two answers."""
    return {None: None, "NONE": "Open (masking not used)"}.get(masking, "Blinded (masking used)")


def secondary_design(study: Json) -> str:
    """The form's one field for what kind of observational study it is."""
    info = at(study, "designModule.designInfo") or {}
    if at(study, "designModule.studyType") != "OBSERVATIONAL":
        return "Not applicable"
    if info.get("observationalModel") in MODEL:
        return MODEL[info["observationalModel"]]
    return "Cross sectional study" if info.get("timePerspective") == "CROSS_SECTIONAL" else "Other"


def midnight(date: str | None) -> str | None:
    day = whole_day(date)
    return f"{day}T00:00:00.000Z" if day else None
