"""What a perfect reader gets back from a study's protocol in the layout of ClinicalTrials.gov's archive.

Belongs here: what that layout leaves out, and its words for designs. Does not: writing it (ctgov_xml_archive.py).
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from pipelines.sample.render.ctgov_xml_carried import carried as carried_by_public_xml

Json = dict[str, Any]
MASKED = {
    "PARTICIPANT": "Subject",
    "CARE_PROVIDER": "Caregiver",
    "INVESTIGATOR": "Investigator",
    "OUTCOMES_ASSESSOR": "Outcomes Assessor",
}
_LEVELS = {"NONE": "Open Label", "SINGLE": "Single Blind", "DOUBLE": "Double Blind"}
_WORDS = {
    "allocation": {"RANDOMIZED": "Randomized", "NON_RANDOMIZED": "Non-Randomized"},
    "interventionModel": {
        "SINGLE_GROUP": "Single Group Assignment",
        "PARALLEL": "Parallel Assignment",
        "CROSSOVER": "Crossover Assignment",
        "FACTORIAL": "Factorial Assignment",
    },
    "observationalModel": {
        "COHORT": "Cohort",
        "CASE_CONTROL": "Case Control",
        "CASE_ONLY": "Case-Only",
        "CASE_CROSSOVER": "Case-Crossover",
        "ECOLOGIC_OR_COMMUNITY": "Ecologic or Community",
        "FAMILY_BASED": "Family-Based",
        "DEFINED_POPULATION": "Defined Population",
        "NATURAL_HISTORY": "Natural History",
    },
    "timePerspective": {
        "PROSPECTIVE": "Prospective",
        "RETROSPECTIVE": "Retrospective",
        "CROSS_SECTIONAL": "Cross-Sectional",
    },
}
_PURPOSES = {
    "TREATMENT": "Treatment",
    "PREVENTION": "Prevention",
    "DIAGNOSTIC": "Diagnostic",
    "ECT": "Educational/Counseling/Training",
    "SUPPORTIVE_CARE": "Supportive Care",
    "SCREENING": "Screening",
    "HEALTH_SERVICES_RESEARCH": "Health Services Research",
    "BASIC_SCIENCE": "Basic Science",
}
_ID_TYPES = frozenset({"NIH", "OTHER_GRANT", "EUDRACT_NUMBER", "REGISTRY", "OTHER"})
_MODULES = {
    "statusModule": (
        "statusVerifiedDate overallStatus whyStopped startDateStruct primaryCompletionDateStruct completionDateStruct "
        "studyFirstSubmitDate resultsFirstSubmitDate dispFirstSubmitDate lastUpdateSubmitDate"
    ),
    "oversightModule": "oversightHasDmc",
    "designModule": "studyType patientRegistry targetDuration phases designInfo bioSpec enrollmentInfo",
    "eligibilityModule": (
        "eligibilityCriteria healthyVolunteers sex minimumAge maximumAge studyPopulation samplingMethod"
    ),
    "referencesModule": "references seeAlsoLinks",
    "identificationModule": "nctId orgStudyIdInfo secondaryIdInfos briefTitle officialTitle acronym organization",
}


def design_words(module: Json) -> dict[str, str]:
    """Field of designInfo → the archive's word for it; fields without a word are left out."""
    design, found = module.get("designInfo", {}), {}
    for field, vocabulary in _WORDS.items():
        if design.get(field) in vocabulary:
            found[field] = vocabulary[design[field]]
    if module.get("studyType") == "INTERVENTIONAL" and design.get("primaryPurpose") in _PURPOSES:
        found["primaryPurpose"] = _PURPOSES[design["primaryPurpose"]]
    masking = _masking_word(design.get("maskingInfo", {}))
    return found | ({"maskingInfo": masking} if masking else {})


def _masking_word(info: Json) -> str | None:
    level, roles = info.get("masking"), [MASKED[one] for one in info.get("whoMasked", ())]
    if level in ("TRIPLE", "QUADRUPLE"):
        level = "DOUBLE" if len(roles) == {"TRIPLE": 3, "QUADRUPLE": 4}[level] else None
    if level is None:
        return None
    return f"{_LEVELS[level]} ({', '.join(roles)})" if roles else _LEVELS[level]


def carried(study: Json) -> Json:
    """The study as far as the archive's layout carries its protocol."""
    source = deepcopy(study)
    found = carried_by_public_xml({"protocolSection": source["protocolSection"]})
    protocol, given = found["protocolSection"], source["protocolSection"]
    for name, fields in _MODULES.items():
        if name in protocol:
            protocol[name] = {field: value for field, value in protocol[name].items() if field in fields.split()}
    protocol.pop("ipdSharingStatementModule", None)
    _restore(protocol, given)
    design = protocol.get("designModule", {})
    kept = {field: design["designInfo"][field] for field in design_words(given.get("designModule", {}))}
    if "maskingInfo" in kept:
        kept["maskingInfo"] = {key: value for key, value in kept["maskingInfo"].items() if key != "maskingDescription"}
    design["designInfo"] = kept
    if not kept:
        del design["designInfo"]
    found["protocolSection"] = {name: module for name, module in protocol.items() if module}
    return found


def _restore(protocol: Json, given: Json) -> None:
    """What the public layout leaves out and the archive has: kinds of ids, contacts of investigators."""
    for ours, theirs in zip(
        protocol["identificationModule"].get("secondaryIdInfos", ()),
        given["identificationModule"].get("secondaryIdInfos", ()),
        strict=True,
    ):
        ours |= {key: theirs[key] for key in ("type", "domain") if key in theirs}
        if ours.get("type") not in _ID_TYPES:
            ours.pop("type", None)
    sponsors = protocol.get("sponsorCollaboratorsModule", {})
    for sponsor in [sponsors.get("leadSponsor", {}), *sponsors.get("collaborators", ())]:
        sponsor.pop("class", None)
    ours = protocol.get("contactsLocationsModule", {}).get("locations", ())
    theirs = given.get("contactsLocationsModule", {}).get("locations", ())
    for place, source in zip(ours, theirs, strict=True):
        if "contacts" in source:
            place["contacts"] = source["contacts"]
