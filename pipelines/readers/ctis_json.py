"""JSON of the EU's Clinical Trials Information System (CTIS): trials as its public API gives them, one or many.

Belongs here: recognising such a member, completing each record's study. Does not: cutting members into records
(json_records.py), reading a record (ctis/), which field goes where (mappings/ctis_json.yaml).

A member is one trial (the API's `retrieve`), a list of trials, the page of a search (`{"pagination": …, "data": […]}`)
or NDJSON as tools export it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader
from pipelines.readers.ctis import made, parties
from pipelines.readers.ctis.facts import ctis_date, look, said, subjects_eea, text, truth
from pipelines.readers.ctis.layout import Tree, one_layout, structs
from pipelines.readers.json_records import read_json
from pipelines.readers.json_split import Landmark
from pipelines.readers.json_window import SPACE, UTF8_BOM
from pipelines.readers.mapping import Mapper, load_mapping
from pipelines.readers.mapping.converters import text as plain
from pipelines.readers.mapping.table import NOTE
from pipelines.settings import Limits

FORMAT, REGISTRY = "ctis_json", "CTIS"
Struct = dict[str, Any]
_NUMBER = rb'"ctNumber"\s*:\s*"(?P<number>[0-9]{4}-[0-9]{6}-[0-9]{2}(?:-[0-9]{2})?)"'
_KEY = re.compile(rb'"ctNumber"\s*:\s*"')
_SIGN = re.compile(
    rb'"(?:ctStatus|ctTitle|ctPublicStatusCode|authorizedApplication|authorizedPartI|trialCountries|decisionDateOverall)"\s*:'
)
_LANDMARK = Landmark(re.compile(rb'\{\s*"(?:_id|ctNumber|ctStatus|ctTitle)"\s*:'), b'"ctNumber"')
_ENVELOPE = re.compile(
    rb'\{\s*(?:"[^"\\]{1,80}"\s*:\s*(?:"[^"\\]{0,200}"|[-+.\w]{1,40}|\{[^{}\[\]]{0,2000}\})\s*,\s*){0,20}"data"\s*:\s*\['
)
_OWN_ID = re.compile(_NUMBER)


def recognise(head: bytes) -> bool:
    """Whether a member that begins with `head` holds CTIS records, good or damaged."""
    start = head.removeprefix(UTF8_BOM).lstrip(SPACE)
    if start[:1] not in (b"{", b"[") or b'"protocolSection"' in start:
        return False
    return _SIGN.search(start) is not None and (_KEY.search(start) is not None or b'"authorizedPartI"' in start)


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The records of a member, in their order."""
    return read_json(member, limits, _LANDMARK, _ENVELOPE, study_of, _stated_id)


def _stated_id(raw: bytes) -> str | None:
    found = _OWN_ID.search(raw)
    return found["number"].decode() if found else None


def study_of(record: Tree) -> Struct:
    """The study of a parsed record, which is changed."""
    mapping = load_mapping(FORMAT)
    words = mapping.words
    tree = one_layout(record, frozenset(words["left_out"]))
    parties.join_site_contacts(tree)
    study = _mapper().of_json(tree)
    _take_notes_away(study)
    protocol = study.setdefault("protocolSection", {})
    section = study.setdefault("registrySection", {})
    code = made.trial_region(tree, words)
    _merge(protocol, _pruned(_protocol(tree, words, code)))
    results = made.has_results(tree)
    if results is not None:
        study["hasResults"] = results
    section["registry"] = REGISTRY
    section.pop("criteria", None)
    found = made.criteria(tree)
    if found:
        section["criteria"] = found
    _complete(section, tree, words, code)
    _note_status(study, tree, words)
    study["protocolSection"] = _pruned(protocol)
    return _mapper().shown.noted(tree, study)


def _protocol(tree: Tree, words: made.Words, code: int | None) -> Struct:
    title = text(tree, "ctTitle") or text(tree, "title") or text(tree, "fullTitle")
    details = look(tree, "authorizedApplication/authorizedPartI/trialDetails")
    short = text(details, "clinicalTrialIdentifiers/shortTitle") or text(tree, "shortTitle")
    conditions = text(tree, "conditions")
    primary = text(tree, "primaryEndPoint")
    return {
        "identificationModule": {"officialTitle": title, "orgStudyIdInfo": {"id": short}},
        "statusModule": {"overallStatus": made.overall_status(tree, words)[0], **made.dates(tree, code)},
        "sponsorCollaboratorsModule": parties.sponsors(tree, words["sponsor_class"]),
        "conditionsModule": {"conditions": [conditions] if conditions else []},
        "designModule": made.design(tree, words, code),
        "armsInterventionsModule": {"armGroups": parties.arms(tree), "interventions": parties.interventions(tree)},
        "outcomesModule": {"primaryOutcomes": [{"measure": primary}] if primary else []},
        "eligibilityModule": made.eligibility(tree),
        "contactsLocationsModule": parties.places(tree),
        "referencesModule": parties.references(tree),
    }


def _complete(section: Struct, tree: Tree, words: made.Words, code: int | None) -> None:
    """Words of codes, and sums, in the registry's own part."""
    section["ctis"] = section.get("ctis") or [{}]
    own = section["ctis"][0]
    rare = [
        truth(one.get("isConditionRareDisease"))
        for path in ("trialDetails/trialInformation/medicalCondition/partIMedicalConditions", "medicalConditions")
        for one in structs(look(tree, f"authorizedApplication/authorizedPartI/{path}"))
    ]
    own.update(
        _pruned(
            {
                "publicStatus": made.public_status(tree, words),
                "phase": made.phase(tree, words),
                "regionCode": code,
                "isRareDisease": True if True in rare else (False if False in rare else None),
                "subjectCountEea": subjects_eea(tree),
            }
        )
    )
    for state in own.get("memberStates", ()):
        status = words["public_status"].get(str(state.get("publicStatusCode")))
        if status:
            state["publicStatus"] = status
    if "ageRanges" in own:
        own["ageRanges"] = [dict(one) for one in dict.fromkeys(tuple(sorted(one.items())) for one in own["ageRanges"])]
    if not own:
        del section["ctis"]


def _note_status(study: Struct, tree: Tree, words: made.Words) -> None:
    reason = made.overall_status(tree, words)[1]
    if reason is not None:
        name = "ctPublicStatusCode" if text(tree, "ctPublicStatusCode") else "ctStatus"
        state = {"state": "ambiguous", "label": name, "verbatim": text(tree, name) or "", "reason": reason}
        states = study["registrySection"].setdefault("fieldStates", [])
        states.append({"field": "protocolSection.statusModule.overallStatus", **state})


def _merge(holder: Struct, more: Struct) -> None:
    """Put what is made beside what the mapping gave, which wins."""
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(holder.get(name), dict):
            _merge(holder[name], value)
        elif not holder.get(name):
            holder[name] = value


def _pruned(struct: Struct) -> Struct:
    kept = {name: _pruned(value) if isinstance(value, dict) else value for name, value in struct.items()}
    return {name: value for name, value in kept.items() if value is not None and value not in ("", [], {})}


def _take_notes_away(study: Struct) -> None:
    """Notes of the mapping stand at the record and in the register's own part; the record itself is read instead."""
    waiting: list[Any] = [study.get("registrySection", {}).get("ctis", [])]
    for name in [name for name in study if name.startswith(NOTE)]:
        del study[name]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            for name in [name for name in one if name.startswith(NOTE)]:
                del one[name]
            waiting.extend(inner for inner in one.values() if isinstance(inner, dict | list))
        else:
            waiting.extend(inner for inner in one if isinstance(inner, dict | list))
            one[:] = [inner for inner in one if inner != {}]


def areas(value: Any) -> list[str]:
    """Therapeutic areas of a search list: a list of texts, or one text with commas between `…[C04]`."""
    return [part.strip() for part in re.split(r"(?<=\]),\s*(?=[A-Z])", plain(value)) if part.strip()]


@cache
def _mapper() -> Mapper:
    def named(domain: str) -> Any:
        return lambda value: {"id": plain(value), "domain": domain}

    own = {
        "ctis_date": ctis_date,
        "said": said,
        "areas": areas,
        "nct_number": named("ClinicalTrials.gov"),
        "isrctn_number": named("ISRCTN"),
        "utn": named("WHO Universal Trial Number"),
        "eudract_number": lambda value: {"id": plain(value), "type": "EUDRACT_NUMBER"},
    }
    return Mapper(load_mapping(FORMAT), own)


READER = Reader(format=FORMAT, registry=REGISTRY, recognise=recognise, read=read)
