"""Synthetic studies as JSON of the EU's Clinical Trials Information System, and what a perfect reader gets back.

Belongs here: files of records; the oracle. Does not: the record itself (ctis_record.py).

The register holds interventional trials of medicinal products: a study of another kind is written as one, without the
parts that the record cannot hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import orjson

from pipelines.sample.render.ctis_record import (
    STATUS_CODES,
    criteria,
    eu_ct_number,
    old_record,
    record,
    site_country,
)
from pipelines.sample.render.euctr_form import medicines, module, one_line

Struct = dict[str, Any]
Wrapping = Literal["list", "lines", "search"]
_PHASES = {
    ("EARLY_PHASE1",): ["PHASE1"],
    ("PHASE1",): ["PHASE1"],
    ("PHASE2",): ["PHASE2"],
    ("PHASE3",): ["PHASE3"],
    ("PHASE4",): ["PHASE4"],
    ("PHASE1", "PHASE2"): ["PHASE1", "PHASE2"],
    ("PHASE2", "PHASE3"): ["PHASE2", "PHASE3"],
}


def render_file(studies: Sequence[Struct], *, wrapping: Wrapping = "list", old: bool = False) -> bytes:
    """A file of records: one alone as the API gives it, several as a list, as lines, or as a page with `data`."""
    records = [old_record(study) if old else record(study) for study in studies]
    if wrapping == "lines":
        return b"".join(orjson.dumps(one) + b"\n" for one in records)
    if wrapping == "search":
        return orjson.dumps({"pagination": {"totalRecords": len(records)}, "data": records})
    return orjson.dumps(records[0] if len(records) == 1 else records)


def carried(study: Struct) -> Struct:
    """What a reader gets back."""
    made = {
        "identificationModule": _identification(study),
        "statusModule": _status(study),
        "sponsorCollaboratorsModule": _sponsors(study),
        "conditionsModule": {
            "conditions": [one_line(one) for one in module(study, "conditionsModule").get("conditions", [])]
        },
        "designModule": _design(study),
        "armsInterventionsModule": {"armGroups": _arms(study), "interventions": _interventions(study)},
        "outcomesModule": {
            name: [{"measure": one_line(one["measure"])} for one in module(study, "outcomesModule").get(name, [])]
            for name in ("primaryOutcomes", "secondaryOutcomes")
        },
        "eligibilityModule": _eligibility(study),
        "contactsLocationsModule": _places(study),
    }
    found: Struct = {
        "hasResults": bool(study.get("hasResults")),
        "protocolSection": _pruned(made),
        "registrySection": {"registry": "CTIS", "recordId": eu_ct_number(study)},
    }
    listed = [
        {"kind": kind.lower(), "number": number, "text": text, "damaged": False}
        for kind, items in criteria(study).items()
        for number, text in enumerate(items, start=1)
    ]
    if listed:
        found["registrySection"]["criteria"] = listed
    return found


def _pruned(struct: Struct) -> Struct:
    kept = {name: _pruned(value) if isinstance(value, dict) else value for name, value in struct.items()}
    return {name: value for name, value in kept.items() if value is not None and value not in ("", [], {})}


def _identification(study: Struct) -> Struct:
    given = module(study, "identificationModule")
    ids = [{"id": given["nctId"], "domain": "ClinicalTrials.gov"}]
    for other in given.get("secondaryIdInfos", []):
        domain = one_line(other.get("domain") or other.get("type") or "")
        ids.append({"id": one_line(other["id"]), **({"domain": domain} if domain else {})})
    code = given.get("orgStudyIdInfo", {}).get("id")
    titles: Struct = {name: one_line(given[name]) for name in ("officialTitle", "briefTitle") if name in given}
    return {**titles, "orgStudyIdInfo": {"id": one_line(code) if code else None}, "secondaryIdInfos": ids}


def _status(study: Struct) -> Struct:
    given = module(study, "statusModule")
    status = given.get("overallStatus")
    return {
        "overallStatus": status if status in STATUS_CODES else None,
        "startDateStruct": _dated(given.get("startDateStruct")),
        "completionDateStruct": _dated(given.get("completionDateStruct")),
        "studyFirstSubmitDate": given.get("studyFirstSubmitDate"),
        "lastUpdateSubmitDate": given.get("lastUpdateSubmitDate"),
        "lastUpdatePostDateStruct": {"date": given.get("lastUpdatePostDateStruct", {}).get("date")},
        "resultsFirstSubmitDate": given.get("resultsFirstSubmitDate") if study.get("hasResults") else None,
    }


def _dated(given: Struct | None) -> Struct:
    if not given:
        return {}
    return {"date": given["date"], "type": "ACTUAL" if given.get("type") == "ACTUAL" else "ESTIMATED"}


def _sponsors(study: Struct) -> Struct:
    given = module(study, "sponsorCollaboratorsModule")
    lead = given.get("leadSponsor", {})
    name = one_line(lead.get("name", ""))
    helpers = dict.fromkeys(one_line(one["name"]) for one in given.get("collaborators", []))
    return {
        "leadSponsor": {"name": name, "class": "INDUSTRY" if name and lead.get("class") == "INDUSTRY" else None},
        "collaborators": [{"name": one} for one in helpers if one.casefold() != name.casefold()],
    }


def _design(study: Struct) -> Struct:
    given = module(study, "designModule")
    count = given.get("enrollmentInfo", {}).get("count")
    return {
        "studyType": "INTERVENTIONAL",
        "phases": _PHASES.get(tuple(given.get("phases", []))),
        "designInfo": {"allocation": given.get("designInfo", {}).get("allocation")},
        "enrollmentInfo": {"count": count, "type": None if count is None else "ESTIMATED"},
    }


def _arms(study: Struct) -> list[Struct]:
    found: dict[str, Struct] = {}
    for arm in module(study, "armsInterventionsModule").get("armGroups", []):
        label, description = one_line(arm["label"]), one_line(arm.get("description", ""))
        found.setdefault(label, {"label": label, **({"description": description} if description else {})})
    return list(found.values())


def _interventions(study: Struct) -> list[Struct]:
    found: dict[str, Struct] = {}
    for product in medicines(study):
        name = one_line(product["name"])
        known = found.setdefault(name.casefold(), {"name": name})
        if product["type"] in ("DRUG", "BIOLOGICAL"):
            known.setdefault("type", product["type"])
        others = known.get("otherNames", [])
        for other in map(one_line, product.get("otherNames", [])[:1]):
            if other.casefold() not in {one.casefold() for one in (known["name"], *others)}:
                others.append(other)
        if others:
            known["otherNames"] = others
    return list(found.values())


def _eligibility(study: Struct) -> Struct:
    given = module(study, "eligibilityModule")
    parts = [
        f"{kind} Criteria:\n\n" + "\n".join(f"{number}. {text}" for number, text in enumerate(items, start=1))
        for kind, items in criteria(study).items()
        if items
    ]
    return {
        "eligibilityCriteria": "\n\n".join(parts),
        "sex": given.get("sex"),
        "stdAges": [age for age in ("CHILD", "ADULT", "OLDER_ADULT") if age in given.get("stdAges", [])],
        "healthyVolunteers": given.get("healthyVolunteers"),
    }


def _contact(given: Struct) -> Struct:
    kept = {name: one_line(given[name]) for name in ("name", "phone", "email") if given.get(name)}
    return {**kept, "role": "CONTACT"} if kept else {}


def _places(study: Struct) -> Struct:
    given = module(study, "contactsLocationsModule")
    central = _contact(next(iter(given.get("centralContacts", [])), {}))
    locations = []
    for place in given.get("locations", []):
        kept: Struct = {
            name: one_line(place[name]) for name in ("facility", "city", "zip", "country") if place.get(name)
        }
        kept.setdefault("country", site_country(study))
        first: Struct = next(iter(place.get("contacts", [])), {})
        if first.get("name"):
            kept["contacts"] = [_contact(first)]
        locations.append(kept)
    return {
        "centralContacts": [central] if central else [],
        "locations": locations or [{"country": site_country(study)}],
    }
