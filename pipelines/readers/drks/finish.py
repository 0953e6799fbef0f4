"""What a DRKS record says in several fields together: dates, sizes, ages, masking, numbers, publications.

Belongs here: everything under `made` in mappings/drks_json.yaml but texts in two languages (texts.py) and people
(parties.py). Does not: single fields, which the mapping places.
"""

from __future__ import annotations

from pipelines.readers.drks.parties import make_parties
from pipelines.readers.drks.texts import make_texts
from pipelines.readers.mapping import load_mapping
from pipelines.readers.study_parts import Struct, age, first_note, look, note_state, part, put, take_note, tidy, unique

REGISTRY = "DRKS"
_WORDS = load_mapping("drks_json").words
_MASKING = {1: "SINGLE", 2: "DOUBLE", 3: "TRIPLE", 4: "QUADRUPLE"}
_NO_LIMIT = frozenset({"NO_MIN_AGE", "NO_MAX_AGE"})
_REFERENCE_TYPE = {"RESULT": "RESULT", "LITERATURE": "BACKGROUND", "ABSTRACT": None}
_SCHEMES = (
    ("eudract", "EudraCT", "EUDRACT_NUMBER"),
    ("utn", "WHO UTN", "REGISTRY"),
    ("eudamed", "EUDAMED", "OTHER"),
)


def finish(study: Struct) -> Struct:
    """The study that a mapped record is: notes taken up, parts that stand in several fields put together."""
    section = study.setdefault("registrySection", {})
    section["registry"] = REGISTRY
    own = part(study, "registrySection.drks[]")
    make_texts(study, own)
    make_parties(study, own)
    _make_dates(study, own)
    _make_enrollment(study, own)
    _make_ages(study, own)
    _make_masking(study, own)
    _make_time_perspective(study, own)
    _make_countries(study)
    _make_identifiers(study)
    _make_publications(study, own)
    return tidy(study)


def _make_dates(study: Struct, own: Struct) -> None:
    for name, struct in (("Start", "startDateStruct"), ("Completion", "completionDateStruct")):
        actual, scheduled = own.get(f"actual{name}Date"), own.get(f"scheduled{name}Date")
        if actual or scheduled:
            date = {"date": actual or scheduled, "type": "ACTUAL" if actual else "ESTIMATED"}
            put(study, f"protocolSection.statusModule.{struct}", date)


def _make_enrollment(study: Struct, own: Struct) -> None:
    total, planned = own.get("totalParticipants"), own.get("plannedParticipants")
    if total is not None:
        put(study, "protocolSection.designModule.enrollmentInfo", {"count": total, "type": "ACTUAL"})
    elif planned is not None:
        put(study, "protocolSection.designModule.enrollmentInfo", {"count": planned, "type": "ESTIMATED"})


def _make_ages(study: Struct, own: Struct) -> None:
    for leaf in ("minimumAge", "maximumAge"):
        amount, unit = first_note(study, f"{leaf}Amount"), first_note(study, f"{leaf}Unit")
        stated = " ".join(str(word) for word in (amount, unit) if word is not None)
        if not stated:
            continue
        own[leaf] = stated
        if unit in _NO_LIMIT:
            continue
        path = f"protocolSection.eligibilityModule.{leaf}"
        found = age(stated)
        if found is not None:
            put(study, path, found)
        else:
            reason = "not an age since birth" if unit else "an age without its unit"
            note_state(study, path, "ambiguous", f"recruitment/{leaf}", stated, reason)


def _make_masking(study: Struct, own: Struct) -> None:
    kind, roles = own.get("blindingType"), unique(own.get("blindingWho", []))
    path = "protocolSection.designModule.designInfo.maskingInfo"
    if kind == "OPEN":
        put(study, path, {"masking": "NONE"})
    if kind != "BLINDED":
        return
    known = [_WORDS["blinding_who"][role] for role in roles if _WORDS["blinding_who"].get(role)]
    info: Struct = {"whoMasked": known} if known else {}
    if known and len(known) == len(roles):
        info["masking"] = _MASKING[len(known)]
    else:
        reason = "blinded, but for roles that ClinicalTrials.gov does not count, or none is named"
        note_state(study, f"{path}.masking", "ambiguous", "blindingWhoList", ", ".join(roles) or kind, reason)
    put(study, path, info or None)


def _make_time_perspective(study: Struct, own: Struct) -> None:
    if look(study, "protocolSection.designModule.studyType") != "OBSERVATIONAL":
        return
    timing = own.get("timing")
    stated = timing if timing in {"RETROSPECTIVE", "PROSPECTIVE"} else None
    if stated is None and timing is None and own.get("duration") == "CROSS_SECTIONAL":
        stated = "CROSS_SECTIONAL"
    put(study, "protocolSection.designModule.designInfo.timePerspective", stated)


def _make_countries(study: Struct) -> None:
    countries = [
        {"country": _WORDS["country"].get(code), "countryCode": code} for code in take_note(study, "countryCodes")
    ]
    put(study, "registrySection.recruitmentCountries", countries)


def _make_identifiers(study: Struct) -> None:
    infos = []
    for note, domain, kind in _SCHEMES:
        number = first_note(study, note)
        if number:
            infos.append({"id": number, "type": kind, "domain": domain})
    number, register = first_note(study, "registerId"), first_note(study, "registerName")
    if number:
        infos.append({"id": number, "type": "REGISTRY", "domain": register})
    elif register:
        section = study["registrySection"].setdefault("sourceFields", [])
        path = "secondaryIds/otherPrimaryRegisterName"
        section.append({"path": path, "place": path, "value": register})
    others = look(study, "protocolSection.identificationModule.secondaryIdInfos") or []
    infos += [{"id": one.get("id"), "type": "OTHER", "domain": one.get("domain")} for one in others]
    if infos:
        part(study, "protocolSection.identificationModule")["secondaryIdInfos"] = infos


def _make_publications(study: Struct, own: Struct) -> None:
    website = look(study, "protocolSection.referencesModule.seeAlsoLinks")
    links = [{"label": "Study website", **one} for one in website or () if one]
    references = []
    for one in own.get("publications", ()):
        kind, said, link = one.get("type"), one.get("description"), one.get("link")
        if link:
            links.append({"label": said or kind, "url": link})
        if kind in _REFERENCE_TYPE and (said or link):
            references.append({"citation": said or link, "type": _REFERENCE_TYPE[kind]})
    if links or references:
        module = part(study, "protocolSection.referencesModule")
        module["seeAlsoLinks"] = links
        module["references"] = references
