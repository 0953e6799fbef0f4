"""The numbers of an ISRCTN record: which of its fields names which scheme, each number once.

Belongs here: taking the number fields and the list of secondary numbers together. Does not: what a number is in the end
(pipelines/study/identifiers.py).
"""

from __future__ import annotations

import re

from pipelines.readers.study_parts import Struct, first_note, look, part, unique
from pipelines.study.identifiers import OTHER, classify_identifier

_SCHEME = re.compile(
    r"(?P<scheme>CPMS|IRAS|NIHR|HTA|EudraCT|MREC|REC)(?:\s?(?:number|no\.?|ID))?(?:\s*:)?\s+(?P<id>\S.*)", re.IGNORECASE
)
_BETWEEN = re.compile(r"[;,]\s+")
_PROTOCOL = "Protocol serial number"
_DOMAINS = {"nct": "ClinicalTrials.gov", "iras": "IRAS", "cpms": "CPMS", "ctis": "CTIS", "eudract": "EudraCT"}
_FIELDS = (
    ("eudract", "EudraCT", "EUDRACT_NUMBER"),
    ("nct", "ClinicalTrials.gov", "REGISTRY"),
    ("iras", "IRAS", "OTHER"),
)


def make_identifiers(study: Struct) -> None:
    """Put orgStudyIdInfo and secondaryIdInfos together from the number fields and the list; nothing is put twice.

    JSON conversions repeat the fields in the list without saying which is which, so a text counts once.
    """
    listed = look(study, "protocolSection.identificationModule.secondaryIdInfos") or []
    infos = []
    for note, domain, kind in _FIELDS:
        number = first_note(study, note)
        if number:
            infos.append({"id": number, "type": kind, "domain": domain})
    whole = first_note(study, "protocolNumber")
    typed = [one["id"] for one in listed if one.get("domain", "").lower() == _PROTOCOL.lower() and one.get("id")]
    own, others = _protocol_numbers(whole, typed)
    seen = {info["id"].casefold() for info in infos}
    for one in others:
        if one["id"].casefold() not in seen:
            seen.add(one["id"].casefold())
            infos.append(one)
    seen |= {text.casefold() for text in (own, whole) if text}
    for one in listed:
        number = one.get("id")
        if number and number.casefold() not in seen:
            seen.add(number.casefold())
            infos.append(_info(number, one.get("domain")))
    if own or infos:
        module = part(study, "protocolSection.identificationModule")
        if own:
            module["orgStudyIdInfo"] = {"id": own}
        module["secondaryIdInfos"] = infos


def _protocol_numbers(whole: str | None, typed: list[str]) -> tuple[str | None, list[Struct]]:
    """(the organisation's own number, the other numbers) of the field, which may hold several.

    Where the list says which of them is the protocol's, that one is the organisation's own.
    """
    if not whole:
        return (typed[0], [_info(number, _PROTOCOL) for number in typed[1:]]) if typed else (None, [])
    own: list[str] = []
    others = []
    for number in unique([piece.rstrip() for piece in _BETWEEN.split(whole) if piece.strip()]):
        scheme = _SCHEME.fullmatch(number)
        if scheme is not None:
            others.append(_info(scheme["id"].strip(), scheme["scheme"].upper()))
            continue
        found = classify_identifier(number)
        if found.is_valid and found.id_type != OTHER:
            others.append({"id": number, "type": "REGISTRY"})
        else:
            own.append(number)
    if len(typed) == 1 and typed[0] in own:
        own.remove(typed[0])
        return typed[0], others + [_info(number, _PROTOCOL) for number in own]
    if len(own) == 1:
        return own[0], others
    return None, others + [_info(number, _PROTOCOL) for number in own]


def _info(number: str, domain: str | None) -> Struct:
    named = _DOMAINS.get((domain or "").lower(), domain)
    kind = {"ClinicalTrials.gov": "REGISTRY", "CTIS": "CTIS", "EudraCT": "EUDRACT_NUMBER"}.get(named or "", "OTHER")
    return {"id": number, "type": kind, "domain": named}
