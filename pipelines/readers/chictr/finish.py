"""What a ChiCTR record says in several fields together: groups, sizes, ages, criteria, outcomes, contacts.

Belongs here: everything under `made` in mappings/chictr_xml.yaml. Does not: single fields, which the mapping places.
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.readers.chictr.groups import group_sizes, group_texts, plain_signs
from pipelines.readers.mapping import Converter
from pipelines.readers.prose import criteria, day, line, prose, year_first
from pipelines.readers.study_parts import (
    ALSO_NAMES,
    Struct,
    age,
    first_note,
    look,
    note_state,
    part,
    put,
    take_note,
    tidy,
    unique,
)

REGISTRY = "CHICTR"
NAME_LENGTH = 200
"""Longest name of an intervention at ClinicalTrials.gov (2026-11); what is longer is a description."""
_COUNT = re.compile(r"[0-9]{1,7}")
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.0)?")
_NO_LIMIT = frozenset({"", "-", "/", "?", "??", "none", "no limit", "nd", "n/a", "not applicable"})
_NOTHING = frozenset({"", "-", "/", "?", "no", "nil", "none", "nothing", "na", "n/a", "not applicable", "无"})
"""What registrants write where there is nothing to say: in groups' texts, names, contacts and outcomes."""
_ENROLLMENT = "protocolSection.designModule.enrollmentInfo"


def pieces(value: Any) -> list[str]:
    """The texts between semicolons, empty ones left out: ";;" is nothing."""
    return [piece.strip() for piece in plain_signs(line(value)).split(";") if piece.strip()]


def stated(value: Any) -> str:
    """As one line; "None", "N/A", "无" and the like are no name, address, number or condition."""
    said = line(value)
    return "" if _says_nothing(said) else said


def name_part(value: Any) -> str:
    """As stated, of a part of somebody's name."""
    said = line(value)
    return said if said.strip(" .").lower() in ALSO_NAMES else stated(said)


def retrospective(value: Any) -> str | None:
    """RETROSPECTIVE where the field of the phase says so."""
    return "RETROSPECTIVE" if line(value).lower() == "retrospective study" else None


CONVERTERS: dict[str, Converter] = {
    "prose": prose,
    "one_line": line,
    "stated": stated,
    "name_part": name_part,
    "day": day,
    "year_first": year_first,
    "pieces": pieces,
    "retrospective": retrospective,
}
"""The converters of the registry's mapping, beside those that every mapping may name."""


def finish(study: Struct) -> Struct:
    """The study that a mapped record is: notes taken up, parts that stand in several fields put together."""
    study.setdefault("registrySection", {})["registry"] = REGISTRY
    own = part(study, "registrySection.chictr[]")
    countries = [country for text in take_note(study, "countries") for country in pieces(text)]
    put(study, "registrySection.recruitmentCountries", [{"country": country} for country in unique(countries)])
    _make_groups(study, own)
    _make_enrollment(study, own)
    _make_outcomes(study)
    _make_eligibility(study)
    _make_identifiers(study)
    _make_parties(study, own)
    return tidy(study)


def _make_groups(study: Struct, own: Struct) -> None:
    sizes = group_sizes(own.get("targetSize", "")) or []
    said = own.get("interventionText", "")
    names = [name for name, _ in sizes]
    texts = group_texts(said, names) if said and names else None
    own["groups"] = [
        {"name": name, "targetSize": size, "intervention": texts[place] if texts else None}
        for place, (name, size) in enumerate(sizes)
    ]
    if texts is None:
        whole = said.strip().rstrip(";").strip()
        given = [(whole, names)] if whole and not _says_nothing(whole) else []
        arms = [{"label": name} for name in names]
    else:
        arms = [_arm(name, text) for name, text in zip(names, texts, strict=True)]
        given = [
            (text, [name for name, own_text in zip(names, texts, strict=True) if own_text == text])
            for text in unique([text for text in texts if text and not _says_nothing(text)])
        ]
    put(study, "protocolSection.armsInterventionsModule.armGroups", arms)
    put(study, "protocolSection.armsInterventionsModule.interventions", [_given(*one) for one in given])


def _arm(name: str, text: str) -> Struct:
    return {"label": name, "description": text} if text and not _says_nothing(text) else {"label": name}


def _given(text: str, labels: list[str]) -> Struct:
    return {"name" if len(text) <= NAME_LENGTH else "description": text, "armGroupLabels": labels}


def _says_nothing(text: str) -> bool:
    return text.strip(" .").lower() in _NOTHING


def _make_enrollment(study: Struct, own: Struct) -> None:
    actual, target = own.get("resultsActualEnrolment", ""), own.get("targetSize", "")
    if _COUNT.fullmatch(actual):
        put(study, _ENROLLMENT, {"count": int(actual), "type": "ACTUAL"})
    elif _COUNT.fullmatch(target):
        put(study, _ENROLLMENT, {"count": int(target), "type": "ESTIMATED"})
    elif target:
        sizes = group_sizes(target)
        total = sum(size for _, size in sizes) if sizes else 0
        if total:
            put(study, _ENROLLMENT, {"count": total, "type": "ESTIMATED"})
            reason = f"the sum of the sizes of {len(sizes or ())} groups"
            note_state(study, f"{_ENROLLMENT}.count", "derived", "main/target_size", target, reason)
        else:
            reason = "no number, or none for a group, or 0 for all of them"
            note_state(study, f"{_ENROLLMENT}.count", "ambiguous", "main/target_size", target, reason)


def _make_outcomes(study: Struct) -> None:
    for note in ("primaryOutcomes", "secondaryOutcomes"):
        measures = [measure for text in take_note(study, note) for measure in _measures(text)]
        put(study, f"protocolSection.outcomesModule.{note}", [{"measure": measure} for measure in measures])


def _measures(text: str) -> list[str]:
    """Each outcome of a list in which every one ends with a semicolon; any other text is one outcome."""
    plain = plain_signs(text).strip()
    measures = [measure.strip() for measure in plain.split(";")] if plain.endswith(";") else [text]
    return [measure for measure in measures if not _says_nothing(measure)]


def _make_eligibility(study: Struct) -> None:
    text = criteria(first_note(study, "inclusion"), first_note(study, "exclusion"))
    put(study, "protocolSection.eligibilityModule.eligibilityCriteria", text)
    for note, leaf in (("agemin", "minimumAge"), ("agemax", "maximumAge")):
        stated = first_note(study, note)
        if stated is not None:
            _make_age(study, stated, f"criteria/{note}", f"protocolSection.eligibilityModule.{leaf}")


def _make_age(study: Struct, stated: str, source: str, path: str) -> None:
    if stated.lower() in _NO_LIMIT:
        kept = study["registrySection"].setdefault("sourceFields", [])
        kept.append({"path": source, "place": source, "value": stated})
        return
    found = age(stated)
    if found is not None:
        put(study, path, found)
    elif _NUMBER.fullmatch(stated):
        put(study, path, age(f"{stated} Years"))
        note_state(study, path, "inferred", source, stated, "no unit: the registry's form asks for years")
    else:
        note_state(study, path, "ambiguous", source, stated, "not a whole number of years, months, weeks or days")


def _make_identifiers(study: Struct) -> None:
    numbers = unique(take_note(study, "utn"))
    listed = look(study, "protocolSection.identificationModule.secondaryIdInfos") or []
    infos = [{"id": number, "type": "REGISTRY", "domain": "WHO UTN"} for number in numbers] + listed
    if infos:
        part(study, "protocolSection.identificationModule")["secondaryIdInfos"] = infos


def _make_parties(study: Struct, own: Struct) -> None:
    lead = look(study, "protocolSection.sponsorCollaboratorsModule.leadSponsor.name")
    others = [{"name": name} for name in unique(own.get("secondarySponsors", [])) if name != lead]
    put(study, "protocolSection.sponsorCollaboratorsModule.collaborators", others)
    contacts: list[Struct] = []
    for contact in own.get("contacts", ()):
        name = " ".join(filter(None, (contact.get(key) for key in ("firstname", "middlename", "lastname"))))
        if name:
            found = {"name": name, "role": "CONTACT", "phone": contact.get("telephone"), "email": contact.get("email")}
            if found not in contacts:
                contacts.append(found)
    put(study, "protocolSection.contactsLocationsModule.centralContacts", contacts)
