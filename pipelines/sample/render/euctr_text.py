"""Synthetic studies as the EU Clinical Trials Register's full-details text, and what a perfect reader gets back.

Belongs here: files of protocols, with their line ends or without; the oracle. Does not: the form (euctr_form.py).

The register holds interventional trials of medicinal products: a study of another kind is written as one, without the
parts that the form cannot hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.sample.render.euctr_form import (
    criteria_parts,
    eudract_number,
    medicines,
    module,
    one_line,
    protocol,
    state_of,
    trial_status,
)

Struct = dict[str, Any]
_NOTICE = (
    "This file contains full details on each clinical trial selected for download. Where multi-state trials have been "
    "downloaded full information for each of the member states/countries involved in the trial are included separately."
)
_STATUS = {"Completed": "COMPLETED", "Prematurely Ended": "TERMINATED", "Temporarily Halted": "SUSPENDED"}
_MASKING = {"TRIPLE": "DOUBLE", "QUADRUPLE": "DOUBLE"}


def render_file(studies: Sequence[Struct], *, states: int = 1, lost_lines: bool = False) -> bytes:
    """A file with the protocols of `states` (1 to 3) member states of each study; without line ends if `lost_lines`."""
    lines = [_NOTICE, ""]
    for study in studies:
        for number in range(states):
            lines += protocol(study, number)
    text = "\n".join(lines)
    return (text.replace("\n", "") if lost_lines else text + "\n").encode()


def carried(study: Struct, *, state: int = 0, lost_lines: bool = False) -> Struct:
    """What a reader gets back from the protocol of the member state of that number (0-based)."""
    country, _, code = state_of(study, state)
    made = {
        "identificationModule": _identification(study),
        "statusModule": _status(study),
        "sponsorCollaboratorsModule": _sponsors(study),
        "oversightModule": _only(module(study, "oversightModule"), "oversightHasDmc"),
        "conditionsModule": _conditions(study),
        "designModule": _design(study),
        "armsInterventionsModule": {"interventions": _interventions(study)},
        "outcomesModule": _outcomes(study, lost_lines),
        "eligibilityModule": _eligibility(study, lost_lines),
        "contactsLocationsModule": {"centralContacts": _contacts(study), "locations": [{"country": country}]},
    }
    return {
        "protocolSection": _pruned(made),
        "registrySection": {"registry": "EUCTR", "recordId": f"{eudract_number(study)}-{code}"},
    }


def _pruned(struct: Struct) -> Struct:
    kept = {name: _pruned(value) if isinstance(value, dict) else value for name, value in struct.items()}
    return {name: value for name, value in kept.items() if value is not None and value not in ("", [], {})}


def _only(struct: Struct, *names: str) -> Struct:
    return {name: struct[name] for name in names if name in struct}


def _identification(study: Struct) -> Struct:
    given = module(study, "identificationModule")
    ids = [{"id": given["nctId"], "domain": "ClinicalTrials.gov"}]
    for other in given.get("secondaryIdInfos", []):
        domain = one_line(other.get("domain") or other.get("type") or "")
        ids.append({"id": one_line(other["id"]), **({"domain": domain} if domain else {})})
    titles: Struct = {
        name: one_line(given[name]) for name in ("officialTitle", "briefTitle", "acronym") if name in given
    }
    code = given.get("orgStudyIdInfo", {}).get("id")
    return {**titles, "orgStudyIdInfo": {"id": one_line(code) if code else None}, "secondaryIdInfos": ids}


def _status(study: Struct) -> Struct:
    given = module(study, "statusModule")
    end = given.get("completionDateStruct", {})
    return {
        "overallStatus": _STATUS.get(trial_status(study)),
        "studyFirstSubmitDate": given.get("studyFirstSubmitDate"),
        "completionDateStruct": _only(end, "date", "type") if end.get("type") == "ACTUAL" else {},
    }


def _sponsors(study: Struct) -> Struct:
    given = module(study, "sponsorCollaboratorsModule")
    lead = given.get("leadSponsor", {})
    name = one_line(lead.get("name", ""))
    helpers = dict.fromkeys(one_line(one["name"]) for one in given.get("collaborators", []))
    return {
        "leadSponsor": {"name": name, "class": "INDUSTRY" if name and lead.get("class") == "INDUSTRY" else None},
        "collaborators": [{"name": one} for one in helpers if one.casefold() != name.casefold()],
    }


def _conditions(study: Struct) -> Struct:
    joined = "; ".join(one_line(one) for one in module(study, "conditionsModule").get("conditions", []))
    return {"conditions": [joined] if joined else []}


def _design(study: Struct) -> Struct:
    given = module(study, "designModule")
    info = given.get("designInfo", {})
    phases = ["PHASE1" if phase == "EARLY_PHASE1" else phase for phase in given.get("phases", []) if phase != "NA"]
    arms = len(module(study, "armsInterventionsModule").get("armGroups", []))
    allocation = info.get("allocation")
    if allocation in ("NON_RANDOMIZED", "NA"):
        allocation = {0: None, 1: "NA"}.get(arms, "NON_RANDOMIZED")
    model, purpose = info.get("interventionModel"), info.get("primaryPurpose")
    masking = info.get("maskingInfo", {}).get("masking")
    count = given.get("enrollmentInfo", {}).get("count")
    return {
        "studyType": "INTERVENTIONAL",
        "phases": phases,
        "designInfo": {
            "allocation": allocation,
            "interventionModel": model if model in ("PARALLEL", "CROSSOVER") else None,
            "primaryPurpose": purpose if purpose in ("TREATMENT", "PREVENTION", "DIAGNOSTIC") else None,
            "maskingInfo": {"masking": _MASKING.get(masking, masking)},
        },
        "enrollmentInfo": {"count": count, "type": None if count is None else "ESTIMATED"},
    }


def _interventions(study: Struct) -> list[Struct]:
    found: dict[str, Struct] = {}
    for product in medicines(study):
        name = one_line(product["name"])
        known = found.setdefault(name.casefold(), {"name": name, "type": product["type"]})
        others = known.get("otherNames", [])
        for other in map(one_line, product.get("otherNames", [])):
            if other.casefold() not in {one.casefold() for one in (known["name"], *others)}:
                others.append(other)
        if others:
            known["otherNames"] = others
    return list(found.values())


def _outcomes(study: Struct, lost_lines: bool) -> Struct:
    made: Struct = {}
    for kind in ("primaryOutcomes", "secondaryOutcomes"):
        listed = module(study, "outcomesModule").get(kind, [])
        measures = [one_line(one["measure"]) for one in listed]
        if lost_lines and len(measures) > 1:
            measures = ["".join(f"{number}. {measure}" for number, measure in enumerate(measures, start=1))]
        times = "; ".join(dict.fromkeys(one_line(one["timeFrame"]) for one in listed if one.get("timeFrame")))
        made[kind] = [{"measure": measure, **({"timeFrame": times} if times else {})} for measure in measures]
    return made


def _eligibility(study: Struct, lost_lines: bool) -> Struct:
    given = module(study, "eligibilityModule")
    parts = []
    both = criteria_parts(given.get("eligibilityCriteria", ""))
    for heading, text in zip(("Inclusion", "Exclusion"), both, strict=True):
        if text:
            parts.append(f"{heading} Criteria:\n\n" + (text.replace("\n", "") if lost_lines else text))
    return {
        "eligibilityCriteria": "\n\n".join(parts),
        "sex": given.get("sex"),
        "stdAges": [age for age in ("CHILD", "ADULT", "OLDER_ADULT") if age in given.get("stdAges", [])],
        "healthyVolunteers": given.get("healthyVolunteers"),
    }


def _contacts(study: Struct) -> list[Struct]:
    first: Struct = next(iter(module(study, "contactsLocationsModule").get("centralContacts", [])), {})
    kept = {name: one_line(first[name]) for name in ("name", "phone", "email") if first.get(name)}
    return [{**kept, "role": "CONTACT"}] if kept else []
