"""What an ISRCTN record says in several fields together: status, enrolment, criteria, ages, outcomes, purpose.

Belongs here: everything under `made` in mappings/isrctn_xml.yaml but numbers (numbers.py), people and organisations
(parties.py), publications and results (outputs.py). Does not: single fields, which the mapping places.
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.readers.isrctn.numbers import make_identifiers
from pipelines.readers.isrctn.outputs import make_outputs
from pipelines.readers.isrctn.parties import make_parties
from pipelines.readers.mapping import Converter, Unreadable, load_mapping
from pipelines.readers.mapping.converters import words
from pipelines.readers.prose import criteria, day, line, prose
from pipelines.readers.study_parts import (
    Struct,
    age,
    first_note,
    look,
    note_state,
    part,
    planned_size,
    put,
    take_note,
    tidy,
    unique,
)
from pipelines.study.record_ids import record_id

REGISTRY = "ISRCTN"
_DIGITS = re.compile(r"[0-9]{1,8}")
_NOT_STATED = re.compile(
    r"[-–—]{1,3}"
    r"|(?:not provided(?: at (?:the )?(?:time of )?registration)?|(?:there are )?no secondary outcome measures?)\.?",
    re.IGNORECASE,
)
"""What stands in required fields that a registrant left open, in records since 2001: outcomes, criteria, summaries."""
_NO_ENTRY = re.compile(r"n/?a|nil|nil known|none|not applicable", re.IGNORECASE)
_COUNT = re.compile(r"[0-9]{1,9}")
_STATUS = "protocolSection.statusModule.overallStatus"
_ENROLLMENT = "protocolSection.designModule.enrollmentInfo.count"

_STATED = {
    "completed": "COMPLETED",
    "suspended": "SUSPENDED",
    "recruiting": "RECRUITING",
    "not yet recruiting": "NOT_YET_RECRUITING",
    "enrolling by invitation": "ENROLLING_BY_INVITATION",
}
"""Overrides that mean the same in the registry's words and in those of ClinicalTrials.gov."""
_STOPPED = frozenset({"stopped", "abandoned", "discontinued"})


def isrctn_id(value: Any) -> str | None:
    """ "12949496" or "ISRCTN12949496" → "ISRCTN12949496". Raises Unreadable for other public identifiers (deferred
    records) and damaged ones: what stands there is kept, lest two such records seem to say the same.
    """
    found = line(value)
    if not found:
        return None
    if _DIGITS.fullmatch(found):
        return f"{REGISTRY}{found.zfill(8)}"
    own = record_id(found, REGISTRY)
    if own is None:
        raise Unreadable("no ISRCTN id")
    return own.registry_id


def age_limit(value: Any) -> str:
    """ "18 Years" as it stands, with the unit in the right number."""
    found = age(line(value))
    if found is None:
        raise Unreadable("not a number of years, months, weeks or days", "ambiguous")
    return found


def stated_prose(value: Any) -> str:
    """As prose; what the registry's form puts where nothing was entered is nothing."""
    said = prose(value)
    return "" if _NOT_STATED.fullmatch(said) else said


def entry(value: Any) -> str:
    """As stated_prose, on one line; for numbers of the trial one_line is taken, whose empty words staging judges."""
    said = line(value)
    return "" if _NOT_STATED.fullmatch(said) or _NO_ENTRY.fullmatch(said.rstrip(".")) else said


CONVERTERS: dict[str, Converter] = {
    "prose": stated_prose,
    "one_line": line,
    "entry": entry,
    "day": day,
    "isrctn_id": isrctn_id,
    "age": age_limit,
}
"""The converters of the registry's mapping, beside those that every mapping may name."""


def finish(study: Struct) -> Struct:
    """The study that a mapped record is: notes taken up, parts that stand in several fields put together."""
    section = study.setdefault("registrySection", {})
    section["registry"] = REGISTRY
    own = part(study, "registrySection.isrctn[]")
    put(study, "registrySection.recruitmentCountries", [{"country": name} for name in take_note(study, "countries")])
    _make_status(study, own)
    _make_enrollment(study, own)
    _make_purpose(study, own)
    _make_outcomes(study, own)
    _make_eligibility(study, own)
    make_outputs(study, own)
    design = study.get("protocolSection", {}).get("designModule", {})
    if "phases" in design:
        design["phases"] = unique(design["phases"])
    make_identifiers(study)
    make_parties(study, own)
    return tidy(study)


def _make_status(study: Struct, own: Struct) -> None:
    overall, recruitment = own.get("overallStatusOverride"), own.get("recruitmentStatusOverride")
    stated = unique([word.strip().lower() for word in (overall, recruitment) if word])
    if not stated:
        return
    known = unique([_STATED[word] for word in stated if word in _STATED])
    if any(word in _STOPPED for word in stated):
        final = own.get("totalFinalEnrolment", "")
        if _COUNT.fullmatch(final) and int(final):
            put(study, _STATUS, "TERMINATED")
            return
        reason = "stopped, with no final enrolment: terminated, or withdrawn before the first participant"
    elif len(known) == 1 and len(stated) == 1:
        put(study, _STATUS, known[0])
        return
    elif stated == ["ongoing", "no longer recruiting"]:
        put(study, _STATUS, "ACTIVE_NOT_RECRUITING")
        return
    elif "completed" in stated and set(stated) <= {"completed", "no longer recruiting"}:
        put(study, _STATUS, "COMPLETED")
        return
    else:
        reason = "the registry's words do not say which status of ClinicalTrials.gov this is"
    note_state(
        study, _STATUS, "ambiguous", "overallStatusOverride", "; ".join(filter(None, (overall, recruitment))), reason
    )


def _make_enrollment(study: Struct, own: Struct) -> None:
    target, final = own.get("targetEnrolment"), own.get("totalFinalEnrolment")
    if final and _COUNT.fullmatch(final) and int(final):
        put(study, "protocolSection.designModule.enrollmentInfo", {"count": int(final), "type": "ACTUAL"})
        return
    if not target:
        return
    figures = target.replace(",", "")
    count = int(figures) if _COUNT.fullmatch(figures) else planned_size(target)
    if count is not None:
        put(study, "protocolSection.designModule.enrollmentInfo", {"count": count, "type": "ESTIMATED"})
    else:
        note_state(study, _ENROLLMENT, "ambiguous", "targetEnrolment", target, "not one whole number")


def _make_purpose(study: Struct, own: Struct) -> None:
    stated = unique(own.get("purposes") or own.get("trialTypes") or [])
    if not stated:
        return
    path = "protocolSection.designModule.designInfo.primaryPurpose"
    if len(stated) > 1:
        note_state(study, path, "ambiguous", "purpose", "; ".join(stated), "several purposes, none of them primary")
        return
    try:
        put(study, path, _PURPOSE(stated[0]))
    except Unreadable as refusal:
        note_state(study, path, refusal.state, "purpose", stated[0], str(refusal))


_PURPOSE = words(load_mapping("isrctn_xml").words["purpose"])


def _make_outcomes(study: Struct, own: Struct) -> None:
    for kind in ("primary", "secondary"):
        said = first_note(study, f"{kind}OutcomeText")
        if not said:
            continue
        module = part(study, "protocolSection.outcomesModule")
        if any(module.get(f"{kind}Outcomes") or ()):
            own[f"{kind}OutcomeText"] = said
        else:
            module[f"{kind}Outcomes"] = [{"measure": said}]


def _make_eligibility(study: Struct, own: Struct) -> None:
    text = criteria(first_note(study, "inclusion"), first_note(study, "exclusion"))
    put(study, "protocolSection.eligibilityModule.eligibilityCriteria", text)
    for limit, leaf in (("lower", "minimumAge"), ("upper", "maximumAge")):
        _make_age(study, limit, f"protocolSection.eligibilityModule.{leaf}")
    if any("healthy volunteer" in kind.lower() for kind in own.get("participantTypes", ())):
        put(study, "protocolSection.eligibilityModule.healthyVolunteers", True)


def _make_age(study: Struct, limit: str, path: str) -> None:
    """The limit by its value and unit where its text does not give it."""
    value, unit = first_note(study, f"{limit}AgeValue"), first_note(study, f"{limit}AgeUnit")
    if not value or look(study, path) is not None:
        return
    said = f"{value} {unit or ''}".strip()
    found = age(said)
    states = look(study, "registrySection.fieldStates") or ()
    if found is not None:
        put(study, path, found)
    elif all(one["field"] != path for one in states):
        reason = "not a whole number of years, months, weeks or days"
        note_state(study, path, "ambiguous", f"trial/participants/{limit}AgeLimit", said, reason)
