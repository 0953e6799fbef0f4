"""Records of registries' JSON in every container people have them in: one, a list, a list inside an envelope, NDJSON.

Belongs here: cutting such members into records and parsing each. Does not: what a record is; the reader says how one
begins (Landmark) and how an envelope's list opens.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from pipelines.landing.reasons import TRAILING_DATA
from pipelines.readers.base import BadRecord, Member, RawRecord, excerpt_of
from pipelines.readers.json_lines import split_lines
from pipelines.readers.json_scan import first_value_end, is_deeper_than
from pipelines.readers.json_split import Landmark, ListSplitter
from pipelines.readers.json_window import SPACE, Fault, Piece, RecordFault, Window, first_twice, json_fault
from pipelines.readers.reasons import (
    DUPLICATE_KEY,
    MALFORMED_JSON,
    NOT_AN_OBJECT,
    READER_FAILED,
    RECORD_TOO_LARGE,
    TOO_DEEP,
)
from pipelines.settings import Limits

Struct = dict[str, Any]
_HOLDERS = frozenset({dict, list})
_AFTER_LIST = re.compile(
    rb'[\s\]},]*(?:"[^"\\]{0,200}"\s*:\s*(?:"(?:[^"\\]|\\.){0,2000}"|[-+.\w]{1,40}|\{[^{}\[\]]{0,2000}\})[\s\]},]*)*',
    re.DOTALL,
)
_ENVELOPE_BYTES = 64 * 1024


def read_json(
    member: Member,
    limits: Limits,
    landmark: Landmark,
    envelope: re.Pattern[bytes],
    study_of: Callable[[Struct], Struct],
    stated_id: Callable[[bytes], str | None],
) -> Iterator[RawRecord | BadRecord]:
    """The records of a member as studies, good and bad; every one has a position, in NDJSON its line number.

    `envelope` matches the beginning of a document up to the opening bracket of the list of records in it.
    """
    with member.open() as stream:
        window = Window(stream)
        window.skip_bom()
        position = 0
        for position, piece in _numbered(window, limits, landmark, envelope):
            yield _record(member, position, piece, limits, study_of, stated_id)
        if window.broken is not None:
            yield BadRecord(member.name, position + 1, window.broken.code, window.broken.message)


def _numbered(
    window: Window, limits: Limits, landmark: Landmark, envelope: re.Pattern[bytes]
) -> Iterator[tuple[int, Piece]]:
    if _is_lines(window) and not envelope.match(window.data):  # a page on each line is a page all the same
        return split_lines(window, limits.record_bytes)
    return enumerate(_pieces(window, limits, landmark, envelope), start=1)


def _is_lines(window: Window) -> bool:
    """Whether the member is NDJSON: its first line is a whole object and another one begins on the next line."""
    window.skip_space()
    window.fill(_ENVELOPE_BYTES)
    if window.data[:1] != b"{":
        return False
    while (end := window.data.find(b"\n")) < 0:
        if len(window.data) > 16 * _ENVELOPE_BYTES or not window.more():
            return False
    first = window.data[:end].rstrip(SPACE)
    following = window.data[end:].lstrip(SPACE)[:1]
    return following == b"{" and first_value_end(first) == len(first)


def _pieces(window: Window, limits: Limits, landmark: Landmark, envelope: re.Pattern[bytes]) -> Iterator[Piece]:
    while window.skip_space():
        window.fill(_ENVELOPE_BYTES)
        opening = envelope.match(window.data)
        if opening is not None or window.data[:1] == b"[":
            window.drop(opening.end() if opening else 1)
            yield from ListSplitter(window, limits.record_bytes, landmark, closes=True).pieces()
            if opening is not None:
                window.fill(_ENVELOPE_BYTES)
                after = _AFTER_LIST.match(window.data)
                window.drop(after.end() if after else 0)
        elif window.data[:1] == b"{":
            yield from ListSplitter(window, limits.record_bytes, landmark, closes=False).pieces()
        else:
            yield from _between(window, landmark)


def _between(window: Window, landmark: Landmark) -> Iterator[Piece]:
    """Something where a document should begin: pass over it to the next record, to the end where there is none."""
    at, shown = window.offset, window.data[:_ENVELOPE_BYTES]
    while (found := landmark.begin.search(window.data)) is None:
        window.drop(max(0, len(window.data) - 256))
        if not window.more():
            window.drop(len(window.data))
            if shown.strip(SPACE + b"]},"):
                message = f"something that is no record follows the last one, at byte {at:,}"
                yield Piece(at, shown, Fault(TRAILING_DATA, message))
            return
    window.drop(found.start())
    shown = shown[: window.offset - at].rstrip(SPACE + b",[]}")
    if shown:
        yield Piece(at, shown, Fault(MALFORMED_JSON, f"something that is no record, at byte {at:,}"))


def _record(
    member: Member,
    position: int,
    piece: Piece,
    limits: Limits,
    study_of: Callable[[Struct], Struct],
    stated_id: Callable[[bytes], str | None],
) -> RawRecord | BadRecord:
    raw = piece.raw
    fault = piece.fault or _fault(raw, limits)
    if fault is None:
        try:
            record = parsed(raw, limits.json_depth)
        except orjson.JSONDecodeError:
            fault = json_fault(raw, piece.offset) or Fault(MALFORMED_JSON, "not valid JSON")
        except RecordFault as error:
            fault = error.fault
        else:
            if not isinstance(record, dict):
                fault = Fault(NOT_AN_OBJECT, "a record must be an object")
            else:
                return _study(member, position, raw, record, study_of, stated_id)
    return BadRecord(member.name, position, fault.code, fault.message, excerpt_of(raw), stated_id(raw))


def _study(
    member: Member,
    position: int,
    raw: bytes,
    record: Struct,
    study_of: Callable[[Struct], Struct],
    stated_id: Callable[[bytes], str | None],
) -> RawRecord | BadRecord:
    try:
        return RawRecord(member.name, position, raw, study_of(record))
    except RecordFault as error:
        return BadRecord(member.name, position, error.fault.code, error.fault.message, excerpt_of(raw), stated_id(raw))
    except Exception as error:  # noqa: BLE001  # a fault of this program must cost one record, not the file
        reason = f"{type(error).__name__}: {error}"
        return BadRecord(member.name, position, READER_FAILED, reason, excerpt_of(raw), stated_id(raw))


def _fault(raw: bytes, limits: Limits) -> Fault | None:
    if len(raw) > limits.record_bytes:
        return Fault(RECORD_TOO_LARGE, f"{len(raw):,} bytes, more than the limit of {limits.record_bytes:,}")
    return _too_deep(limits.json_depth) if is_deeper_than(raw, limits.json_depth) else None


def _too_deep(limit: int) -> Fault:
    return Fault(TOO_DEEP, f"JSON nested deeper than {limit} levels")


def parsed(raw: bytes, depth: int) -> Any:
    """The value of a JSON text. Raises JSONDecodeError, and RecordFault: where it is deeper than `depth` after all
    (brackets in texts can hide that from is_deeper_than), and where an object has a name twice, of which a parser would
    drop one."""
    value = orjson.loads(raw)
    names, levels = _names_and_levels(value)
    if levels > depth:
        raise RecordFault(_too_deep(depth))
    # Quotes with a colon behind them, but for those that are escaped within a text: as many as there are names.
    if raw.count(b'":') + raw.count(b'" :') - raw.count(b'\\":') - raw.count(b'\\" :') > names:
        try:
            json.loads(raw, object_pairs_hook=_once)
        except ValueError as error:  # such as an integer of more figures than Python converts
            raise RecordFault(Fault(MALFORMED_JSON, str(error))) from error
    return value


def _once(pairs: list[tuple[str, Any]]) -> Struct:
    found = dict(pairs)
    if len(found) < len(pairs):
        name = first_twice(name for name, _ in pairs)
        raise RecordFault(Fault(DUPLICATE_KEY, f"the name {name[:80]!r} stands twice in one object"))
    return found


def _names_and_levels(value: Any) -> tuple[int, int]:
    """How many names its objects have in all, and how deep it is nested."""
    names, levels, level = 0, 0, [value]
    while level:
        inner: list[Any] = []
        for holder in level:
            kind = type(holder)
            if kind is dict:
                names += len(holder)
                inner += [one for one in holder.values() if type(one) in _HOLDERS]
            elif kind is list:
                inner += [one for one in holder if type(one) in _HOLDERS]
        levels += 1
        level = inner
    return names, levels


__all__ = ["parsed", "read_json"]
