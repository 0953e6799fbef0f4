"""The fields of one ICTRP record → the study shape.

Belongs here: whose record it is, the mapper for its registry, what is worked out from several fields. Does not: cutting
records out of files, single texts (the modules beside this one).
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from functools import lru_cache
from typing import Any

from pipelines.readers.ictrp import lists, values
from pipelines.readers.ictrp.dates import authorisation_converter, date_converter
from pipelines.readers.ictrp.design import design_converter, perspective_converter, purpose_converter
from pipelines.readers.ictrp.markup import line, plain, stated, unwrapped
from pipelines.readers.ictrp.people import central_contact, official, side_by_side
from pipelines.readers.mapping import CONVERTERS, Converter, Mapper, Unreadable, load_mapping
from pipelines.readers.mapping.converters import words
from pipelines.study.identifier_text import fold, is_placeholder, trim
from pipelines.study.record_ids import RecordId, record_id

Struct = dict[str, Any]

TRIAL_ID, SOURCE_REGISTER = "TrialID", "Source_Register"
_REGISTERS = {
    "clinicaltrials.gov": "CTGOV", "eu clinical trials register": "EUCTR",
    "clinical trials information system": "CTIS", "isrctn": "ISRCTN", "german clinical trials register": "DRKS",
    "anzctr": "ANZCTR", "chictr": "CHICTR", "ctri": "CTRI", "cris": "CRIS", "irct": "IRCT", "pactr": "PACTR",
    "rebec": "REBEC", "rpcec": "RPCEC", "repec": "REPEC", "slctr": "SLCTR", "tctr": "TCTR", "lbctr": "LBCTR",
    "itmctr": "ITMCTR",
}  # fmt: skip
"""Source registers by ICTRP's names, for ids that bear no registry's name. Those of several registries (JPRN, the Dutch
registers) say nothing about such an id."""
_CONTACT = ("firstName", "lastName", "address", "email", "phone", "affiliation")
_ETHICS = ("status", "approvalDate", "contactName", "contactAddress", "contactPhone", "contactEmail")
_LABEL = re.compile(r"(?:key )?(?:inclusion|exclusion)(?: criteria)?\s*:\s*", re.IGNORECASE)
_HEADED = re.compile(r"inclusion criteria", re.IGNORECASE)
_FIGURES = re.compile(r"[0-9]{1,9}")
_NOT_IN_NAMES = re.compile(r"[\W_]+")
_NO_SUPPORT = "please refer to primary and secondary sponsors"


class NoIdentity(ValueError):
    """The record's TrialID is missing, or of no known form; the message says which."""


def own_id(fields: AnyMapping[str, Any]) -> RecordId:
    """Whose record it is. Raises NoIdentity."""
    raw = _first(fields.get(TRIAL_ID)).strip()
    if not raw:
        raise NoIdentity("the record has no TrialID")
    found = record_id(raw)
    if found is None:
        register = _REGISTERS.get(line(_first(fields.get(SOURCE_REGISTER))).lower())
        found = record_id(raw, register) if register else None
    if found is None:
        raise NoIdentity(f"the TrialID {raw[:80]!r} is of no known form")
    return found


def stated_id(raw: str | None) -> str | None:
    """The registry's id that a TrialID is, for pieces that cannot be read as records; None where it is none."""
    found = record_id(raw.strip()) if raw else None
    return found.registry_id if found is not None else None


def study_of(fields: AnyMapping[str, Any], format_name: str) -> Struct:
    """The study of a record given as text by field name (the mapping's names; lists where a field repeats).

    Raises NoIdentity.
    """
    identity = own_id(fields)
    study = mapper(format_name, identity.registry).of_json(fields)
    notes = {name: " ".join(map(str, study.pop(name))) for name in [key for key in study if key[0] == "~"]}
    _set_identity(study, identity)
    _set_registration(study, identity.registry, notes)
    _set_criteria(study, identity.registry, notes)
    _set_contacts(study, notes)
    _set_ethics(study, identity.registry, notes)
    _set_enrollment(study, notes)
    _drop_phase_of_nothing(study)
    address = line(notes.get("~address", ""))
    if address and not _only_the_number(address, identity):
        study["registrySection"]["recordUrl"] = address
    return study


@lru_cache(maxsize=128)
def mapper(format_name: str, registry: str) -> Mapper:
    """The mapper of a format for records of one registry."""
    mapping = load_mapping(format_name)
    sex = words(mapping.words["sex"])
    converters: dict[str, Converter] = {
        "line": line,
        "stated": stated,
        "plain": plain,
        "pieces": lists.pieces,
        "names": lists.names,
        "support": _support,
        "secondary_ids": lists.secondary_ids,
        "countries": lists.countries,
        "conditions": lists.condition_converter(registry),
        "interventions": lists.intervention_converter(registry),
        "primary_outcomes": lists.outcome_converter(registry, secondary=False),
        "secondary_outcomes": lists.outcome_converter(registry, secondary=True),
        "main_objective": lists.objective_converter(registry, "main objective"),
        "secondary_objective": lists.objective_converter(registry, "secondary objective"),
        "design": design_converter(registry),
        "purpose_of_type": purpose_converter(registry),
        "retrospective": perspective_converter(registry),
        "phases": values.phase_converter(registry),
        "sex": values.sex_converter(sex),
        "minimum_age": values.age_converter(registry, upper=False),
        "maximum_age": values.age_converter(registry, upper=True),
        "enrollment_count": values.enrollment_count,
        "enrollment_type": values.enrollment_type,
        "patient_registry": values.is_patient_registry,
        "ipd_plan": values.ipd_plan,
        "is_bridged": values.is_bridged,
        "bridged_record": values.bridged_record,
        "enrolment_date": date_converter(registry, "enrolment"),
        "authorisation_date": authorisation_converter(registry),
        "event_date": date_converter(registry, "event"),
        "event_day": date_converter(registry, "event", whole_days=True),
        "refreshed_day": date_converter(registry, "registration", whole_days=True),
    }
    return Mapper(mapping, converters)


def field_names(format_name: str) -> dict[str, str]:
    """Names of the mapping's fields, by their folded form (`fold_name`)."""
    return {fold_name(row.source): row.source for row in load_mapping(format_name).rows}


def fold_name(name: str) -> str:
    """A field's name without letter case, blanks and underscores: tables and XML write them differently."""
    return _NOT_IN_NAMES.sub("", name).casefold()


def _first(value: Any) -> str:
    if isinstance(value, list):
        return str(value[0]) if value else ""
    return str(value or "")


def _support(value: Any) -> list[str]:
    return [
        one
        for one in lists.joined(value)
        if not is_placeholder(trim(fold(one))) and one.lower().rstrip(".") != _NO_SUPPORT
    ]


def _set_identity(study: Struct, identity: RecordId) -> None:
    section = study.setdefault("registrySection", {})
    if identity.registry == "CTGOV":
        _module(study, "identificationModule")["nctId"] = identity.registry_id
    else:
        section["registry"], section["recordId"] = identity.registry, identity.registry_id


def _module(study: Struct, name: str) -> Struct:
    module: Struct = study.setdefault("protocolSection", {}).setdefault(name, {})
    return module


def _own(study: Struct) -> Struct:
    """The record's item of registrySection.ictrp."""
    items = study["registrySection"].setdefault("ictrp", [])
    if not items:
        items.append({})
    item: Struct = items[0]
    return item


def _state(study: Struct, path: str, label: str, verbatim: str, refusal: Unreadable) -> None:
    states = study["registrySection"].setdefault("fieldStates", [])
    states.append({"field": path, "state": refusal.state, "label": label, "verbatim": verbatim, "reason": str(refusal)})


def _set_registration(study: Struct, registry: str, notes: dict[str, str]) -> None:
    raw, raw3 = notes.get("~registration", ""), notes.get("~registration3", "")
    raw3 = "" if raw3 == "0" else raw3
    is_ctgov = registry == "CTGOV"
    path = "protocolSection.statusModule." + ("studyFirstSubmitDate" if is_ctgov else "studyFirstPostDateStruct.date")
    label = "Date_registration3" if raw3 else "Date_registration"
    convert = date_converter(registry, "registration", whole_days=True)
    try:
        found = convert(raw3) if raw3 else convert(raw) if raw else None
        refusal = None
    except Unreadable as error:
        found, refusal = None, error
    if raw and raw3 and refusal is None:
        label = "Date_registration, Date_registration3"
        found, refusal = _settled(convert, raw, found)
    if refusal is not None:
        _state(study, path, label, ", ".join(filter(None, (raw, raw3))), refusal)
    if found and is_ctgov:
        _module(study, "statusModule")["studyFirstSubmitDate"] = found
    elif found:
        _module(study, "statusModule")["studyFirstPostDateStruct"] = {"date": found}


def _settled(convert: Converter, raw: str, found: str | None) -> tuple[str | None, Unreadable | None]:
    """(the day that Date_registration3 gave, what is to be said of it) beside the text of Date_registration.

    A text that can be several days is settled by the other column where that is one of them; one that can be no day
    at all is told of.
    """
    try:
        disagrees = convert(raw) != found
    except Unreadable as refusal:
        if refusal.state == "damaged":
            return found, Unreadable(f"Date_registration: {refusal}; Date_registration3 is taken")
        disagrees = not set(map(int, _FIGURES.findall(raw))) <= set(map(int, (found or "").split("-")))
    if disagrees:
        return None, Unreadable("two dates of registration that disagree", "ambiguous")
    return found, None


def _set_criteria(study: Struct, registry: str, notes: dict[str, str]) -> None:
    clean = unwrapped if registry == "CTGOV" else plain
    inclusion, exclusion = (clean(notes.get(name, "")) for name in ("~inclusion", "~exclusion"))
    if registry == "CTGOV" and not exclusion:
        text = inclusion
    else:
        parts = (("Inclusion", _without_label(inclusion)), ("Exclusion", _without_label(exclusion)))
        text = "\n\n".join(f"{name} Criteria:\n{said}" for name, said in parts if said)
    if text:
        _module(study, "eligibilityModule")["eligibilityCriteria"] = text


def _without_label(text: str) -> str:
    """The text without the first label in it and the blanks around that."""
    label = _LABEL.search(text)
    return text if label is None else text[: label.start()].rstrip() + text[label.end() :]


def _set_contacts(study: Struct, notes: dict[str, str]) -> None:
    for prefix, role in (("contact", None), ("public", "public"), ("scientific", "scientific")):
        columns = {name: notes[f"~{prefix}_{name}"] for name in _CONTACT if f"~{prefix}_{name}" in notes}
        contacts = side_by_side(columns, ("firstName", "lastName"))
        if not contacts:
            continue
        said = [{"role": role} | contact if role else contact for contact in contacts]
        _own(study).setdefault("contacts", []).extend(said)
        make, name = (official, "overallOfficials") if role == "scientific" else (central_contact, "centralContacts")
        for one in filter(None, map(make, contacts)):
            known = _module(study, "contactsLocationsModule").setdefault(name, [])
            if one not in known:
                known.append(one)


def _set_ethics(study: Struct, registry: str, notes: dict[str, str]) -> None:
    columns = {name: notes[f"~ethics_{name}"] for name in _ETHICS if f"~ethics_{name}" in notes}
    convert = date_converter(registry, "event", whole_days=True)
    found = []
    for review in side_by_side(columns, ("status", "approvalDate")):
        raw = review.pop("approvalDate", None)
        try:
            day = convert(raw) if raw else None
        except Unreadable as refusal:
            path = "registrySection.ictrp[].ethicsReviews[].approvalDate"
            _state(study, path, "Ethics_review_approval_date", str(raw), refusal)
            day = None
        review |= {"approvalDate": day} if day else {}
        if review:
            found.append(review)
    if found:
        _own(study)["ethicsReviews"] = found


def _set_enrollment(study: Struct, notes: dict[str, str]) -> None:
    raw = line(notes.get("~actual_enrollment", ""))
    if not raw or is_placeholder(trim(fold(raw))):
        return
    try:
        count = CONVERTERS["integer"](raw)
    except Unreadable as refusal:
        path = "protocolSection.designModule.enrollmentInfo.count"
        _state(study, path, "results_actual_enrollment", raw, refusal)
        return
    if count > 0:
        _module(study, "designModule")["enrollmentInfo"] = {"count": count, "type": "ACTUAL"}


def _drop_phase_of_nothing(study: Struct) -> None:
    module = study.get("protocolSection", {}).get("designModule", {})
    if module.get("phases") == ["NA"] and module.get("studyType") in ("OBSERVATIONAL", "EXPANDED_ACCESS"):
        del module["phases"]


def _only_the_number(address: str, identity: RecordId) -> bool:
    """Whether an address can be had from the record's number: then it says nothing more."""
    plain_id = re.sub(r"[^0-9a-z]", "", identity.identifier.id_norm.lower() if identity.identifier.id_norm else "")
    return plain_id in re.sub(r"[^0-9a-z]", "", address.lower())


__all__ = ["NoIdentity", "field_names", "fold_name", "own_id", "stated_id", "study_of"]
