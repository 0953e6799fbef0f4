"""The summary download of the EU Clinical Trials Register: the trials that a search finds, ten fields of each.

Belongs here: recognising such a file, cutting it into trials, a record for each protocol of a trial. Does not: reading
a trial (euctr/listed.py), which field goes where (mappings/euctr_summary.yaml).

The list has trials, the register has protocols: a trial's countries and the status in each stand in one field. Each
becomes a record under the id that the full details give it, so that a part never stands beside its whole as another
trial. A trial begins with `EudraCT Number: …` and `Sponsor Protocol Number: …` and ends with `Link: …`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader, excerpt_of
from pipelines.readers.euctr.listed import Listed, Tree, make, read_listed, record_id
from pipelines.readers.euctr.pieces import pieces, text_of
from pipelines.readers.json_window import UTF8_BOM, Piece, RecordFault, Window
from pipelines.readers.mapping import Mapper, load_mapping
from pipelines.readers.reasons import READER_FAILED, TRUNCATED_TEXT
from pipelines.readers.study_parts import part, pruned, take_note
from pipelines.settings import Limits

FORMAT, REGISTRY = "euctr_summary", "EUCTR"
_BEGIN = re.compile(rb"(?:\A|(?<=[\r\n]))(?P<mark>EudraCT Number:[^\r\n]{0,60}(?:\r\n?|\n)Sponsor Protocol Number:)")
_NUMBER = re.compile(rb"[0-9]{4}-[0-9]{6}-[0-9]{2}")
_FIELDS = {
    "Full Title": "protocolSection.identificationModule.officialTitle",
    "Medical condition": "protocolSection.conditionsModule.conditions",
}


def recognise(head: bytes) -> bool:
    """Whether a member that begins with `head` is such a list."""
    is_other = head.lstrip(UTF8_BOM + b" \t\r\n")[:1] in (b"{", b"[", b"<", b'"')
    return not is_other and _begin(head.removeprefix(UTF8_BOM), 0) is not None


def _begin(data: bytes, start: int) -> tuple[int, int] | None:
    found = _BEGIN.search(data, start)
    return found.span("mark") if found else None


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """A record for each protocol of each trial; `position` counts records. Protocols of a trial share its bytes."""
    with member.open() as stream:
        window = Window(stream)
        window.skip_bom()
        position = 0
        for piece in pieces(window, limits, _begin):
            for record in _records(member, position + 1, piece):
                position += 1
                yield record
        if window.broken is not None:
            yield BadRecord(member.name, position + 1, window.broken.code, window.broken.message)


def _records(member: Member, position: int, piece: Piece) -> list[RawRecord] | list[BadRecord]:
    """The records of a trial, the first at `position`."""

    def refused(code: str, message: str) -> list[BadRecord]:
        number = _NUMBER.search(piece.raw)
        stated = number[0].decode() if number else None
        return [BadRecord(member.name, position, code, message, excerpt_of(piece.raw), stated)]

    try:
        content = text_of(piece)
    except RecordFault as error:
        return refused(error.fault.code, error.fault.message)
    try:
        listed = read_listed(content)
        if "Link" not in listed.places:
            return refused(
                TRUNCATED_TEXT, f"the trial at byte {piece.offset:,} ends within {listed.last}, without Link"
            )
        return [
            RawRecord(member.name, number, piece.raw, study_of(tree, listed))
            for number, tree in enumerate(listed.protocols, start=position)
        ]
    except Exception as error:  # noqa: BLE001  a record no one foresaw must not end the run: it is kept, with the fault named
        return refused(READER_FAILED, f"the trial at byte {piece.offset:,}: {type(error).__name__}: {error}")


def study_of(tree: Tree, listed: Listed) -> dict[str, Any]:
    """The study of a protocol. Lines of field states count from the trial's first."""
    study = _mapper().of_json(tree)
    take_note(study, "eudractNumber")
    take_note(study, "country")
    made = make(tree)
    flags = made.pop("euctr")
    if flags:
        part(study, "registrySection.euctr[]").update(flags)
    terms = [term["Term"] for term in tree.get("Disease", ()) if isinstance(term, dict) and term["Term"]]
    for name, module in pruned(made).items():
        part(study, f"protocolSection.{name}").update(module)
    if terms and "conditionsModule" not in study["protocolSection"]:
        study["protocolSection"]["conditionsModule"] = {"conditions": list(dict.fromkeys(terms))}
    section = part(study, "registrySection")
    section["registry"] = REGISTRY
    own = record_id(tree)
    if own is not None:
        section["recordId"] = own
    _mapper().shown.noted(tree, study)
    states = section.get("fieldStates", []) + [
        {"field": _FIELDS[name], "state": "damaged", "label": name, "reason": "the list cuts it after 200 characters"}
        for name in listed.cut
        if name in _FIELDS
    ]
    for state in states:
        place = listed.places.get(state["label"])
        if place is not None:
            state["lineStart"], state["lineEnd"] = place
    if states:
        section["fieldStates"] = states
    return study


@cache
def _mapper() -> Mapper:
    return Mapper(load_mapping(FORMAT))


READER = Reader(format=FORMAT, registry=REGISTRY, recognise=recognise, read=read, standing="part")
