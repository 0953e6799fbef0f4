"""The full-details text of the EU Clinical Trials Register: one record for each member state's protocol of a trial.

Belongs here: recognising such a file, cutting it into protocols, handing each to the mapping. Does not: reading a
protocol (euctr/), which field goes where (mappings/euctr_text.yaml).

A protocol begins with its summary, `EudraCT Number: …` and `Sponsor's Protocol Code Number: …`, before which the word
Summary stands; files may hold any number of trials and protocols, one download after the other. The form ends with the
section `P. End of Trial`: a protocol of a member state without it is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader, excerpt_of
from pipelines.readers.euctr.fields import read_fields
from pipelines.readers.euctr.made import make, record_id, yes
from pipelines.readers.euctr.pieces import pieces, text_of
from pipelines.readers.euctr.record import Record, build
from pipelines.readers.json_window import UTF8_BOM, Piece, RecordFault, Window
from pipelines.readers.mapping import Mapper, Unreadable, load_mapping
from pipelines.readers.mapping.converters import iso_date, text
from pipelines.readers.mapping.table import NOTE, Row
from pipelines.readers.reasons import READER_FAILED, TRUNCATED_TEXT
from pipelines.readers.study_parts import one_per_field, pruned
from pipelines.settings import Limits

FORMAT, REGISTRY = "euctr_text", "EUCTR"
_MARK = b"EudraCT Number:"
_BEFORE = re.compile(rb"Summary[ \t\r\n]{0,8}\Z")
_AFTER = re.compile(_MARK + rb"[^\r\n]{0,40}?[ \t\r\n]{0,8}Sponsor's Protocol Code Number:")
_NUMBER = re.compile(rb"[0-9]{4}-[0-9]{6}-[0-9]{2}")
_LINK = re.compile(rb"/trial/([0-9]{4}-[0-9]{6}-[0-9]{2})/([A-Za-z]{2}|3rd)\b")
_EXPLANATION = re.compile(r"(?P<word>yes|no)\b\s*(?:\(.*)?\Z", re.IGNORECASE | re.DOTALL)
_STATE_FIELDS = {
    "E.3": "protocolSection.eligibilityModule.eligibilityCriteria",
    "E.4": "protocolSection.eligibilityModule.eligibilityCriteria",
    "E.5.1": "protocolSection.outcomesModule.primaryOutcomes[].measure",
    "E.5.1.1": "protocolSection.outcomesModule.primaryOutcomes[].timeFrame",
    "E.5.2": "protocolSection.outcomesModule.secondaryOutcomes[].measure",
    "E.5.2.1": "protocolSection.outcomesModule.secondaryOutcomes[].timeFrame",
}
_EXCLUSIVE = (
    (("E.8.1.2", "E.8.1.3", "E.8.1.4"), "protocolSection.designModule.designInfo.maskingInfo.masking"),
    (("E.8.1.5", "E.8.1.6", "E.8.1.7"), "protocolSection.designModule.designInfo.interventionModel"),
    (("E.6.1", "E.6.2", "E.6.3"), "protocolSection.designModule.designInfo.primaryPurpose"),
)


def recognise(head: bytes) -> bool:
    """Whether a member that begins with `head` is such a text, with its line ends or without."""
    is_other = head.lstrip(UTF8_BOM + b" \t\r\n")[:1] in (b"{", b"[", b"<", b'"')
    return not is_other and _begin(head, 0) is not None


def _begin(data: bytes, start: int) -> tuple[int, int] | None:
    """Where the first protocol from `start` on begins, and where the mark that shows it ends."""
    while (mark := data.find(_MARK, start)) >= 0:
        start = mark + len(_MARK)
        before = _BEFORE.search(data, max(0, mark - 16), mark)
        if before is not None or _AFTER.match(data, mark):
            return (before.start() if before else mark), start
    return None


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """A record for each protocol; `position` counts protocols. Memory is bounded by `limits.record_bytes`."""
    with member.open() as stream:
        window = Window(stream)
        window.skip_bom()
        position = 0
        for position, piece in enumerate(pieces(window, limits, _begin), start=1):
            yield _record(member, position, piece)
        if window.broken is not None:
            yield BadRecord(member.name, position + 1, window.broken.code, window.broken.message)


def _record(member: Member, position: int, piece: Piece) -> RawRecord | BadRecord:
    def refused(code: str, message: str) -> BadRecord:
        return BadRecord(member.name, position, code, message, excerpt_of(piece.raw), _stated_id(piece.raw))

    try:
        content = text_of(piece)
    except RecordFault as error:
        return refused(error.fault.code, error.fault.message)
    try:
        fields = read_fields(content)
        record = build(fields)
        if not fields.has_end and not _is_third_country(record):
            last = fields.fields[-1].name if fields.fields else "nothing"
            return refused(TRUNCATED_TEXT, f"the record at byte {piece.offset:,} ends within the form, after {last}")
        return RawRecord(member.name, position, piece.raw, study_of(record))
    except Exception as error:  # noqa: BLE001  a record no one foresaw must not end the run: it is kept, with the fault named
        return refused(READER_FAILED, f"the record at byte {piece.offset:,}: {type(error).__name__}: {error}")


def _stated_id(raw: bytes) -> str | None:
    link = _LINK.search(raw)
    if link is not None:
        return f"{link[1].decode()}-{link[2].decode()}"
    number = _NUMBER.search(raw)
    return number[0].decode() if number else None


def _is_third_country(record: Record) -> bool:
    return (record_id(record.tree) or "").endswith("-3rd")


def study_of(record: Record) -> dict[str, Any]:
    """The study of a record. Lines of field states count from the record's first: it is the same in every file."""
    study = _mapper().of_json(record.tree)
    _take_notes_away(study)
    protocol = study.setdefault("protocolSection", {})
    for module, made in make(record.tree).items():
        _merge(protocol.setdefault(module, {}), made)
    identification = protocol.setdefault("identificationModule", {})
    code = record.tree.get("Sponsor's Protocol Code Number")
    if code and "orgStudyIdInfo" not in identification:
        identification["orgStudyIdInfo"] = {"id": str(code)}
    study["protocolSection"] = pruned(protocol)
    section = study.setdefault("registrySection", {})
    section["registry"] = REGISTRY
    own = record_id(record.tree)
    if own is not None:
        section["recordId"] = own
    _mapper().shown.noted(dict.fromkeys(record.unanswered) | record.tree, study)
    states = _states(record, section.pop("fieldStates", []))
    if states:
        section["fieldStates"] = states
    return study


def _merge(holder: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(holder.get(name), dict):
            _merge(holder[name], value)
        else:
            holder.setdefault(name, value)


def _take_notes_away(study: dict[str, Any]) -> None:
    sponsors = [one for part in study.get("registrySection", {}).get("euctr", ()) for one in part.get("sponsors", ())]
    for holder in (study, *sponsors):
        for name in [name for name in holder if name.startswith(NOTE)]:
            del holder[name]


def _states(record: Record, mapped: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Field states of the walk and of the record, with their lines in it."""
    states = mapped + [
        {"field": field, "state": state, "label": name, "reason": reason}
        for name, state, reason in record.states
        if (field := _field_path(name)) is not None
    ]
    for names, field in _EXCLUSIVE:
        said = [name for name in names if yes(record.tree, name)]
        if len(said) > 1:
            reason = "more than one of these is Yes, where the study shape has one"
            states.append({"field": field, "state": "ambiguous", "label": ", ".join(said), "reason": reason})
    for state in states:
        name = str(state.get("label")).split(", ")[0].rpartition("/")[2]
        place = record.places.get(name) or record.unanswered.get(name)
        if place is not None:
            state["lineStart"], state["lineEnd"] = place
    return one_per_field(states)


def _field_path(name: str) -> str | None:
    return _STATE_FIELDS.get(name) or _paths().get(name)


@cache
def _paths() -> dict[str, str]:
    """Study path by the name of the field, the first where it has several."""
    found: dict[str, str] = {}

    def visit(rows: tuple[Row, ...]) -> None:
        for row in rows:
            visit(row.rows)
            for target in row.targets:
                if target.node is not None:
                    found.setdefault(row.source, target.node.path)

    visit(load_mapping(FORMAT).rows)
    return found


def flag(value: Any) -> bool:
    """Yes or No, whatever explanation in brackets follows (the form's own remarks on questions it has changed)."""
    match = _EXPLANATION.match(text(value))
    if match is None:
        raise Unreadable("neither Yes nor No", "ambiguous")
    return match["word"].lower() == "yes"


def end_date(value: Any) -> dict[str, str]:
    """The date of the global end of the trial, which has happened when it is entered."""
    return {"date": iso_date(value), "type": "ACTUAL"}


@cache
def _mapper() -> Mapper:
    def named(domain: str) -> Any:
        return lambda value: {"id": text(value), "domain": domain}

    own = {
        "flag": flag,
        "end_date": end_date,
        "isrctn_number": named("ISRCTN"),
        "nct_number": named("ClinicalTrials.gov"),
        "utn": named("WHO Universal Trial Number"),
    }
    return Mapper(load_mapping(FORMAT), own)


READER = Reader(format=FORMAT, registry=REGISTRY, recognise=recognise, read=read)
