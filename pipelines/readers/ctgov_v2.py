"""ClinicalTrials.gov API v2 JSON, in every container people have it in: one study, pages, a list, NDJSON.

Belongs here: telling these shapes apart and numbering the studies in them. Does not: parsing a study, whose
raw bytes are already in the study shape (staging parses them, once), nor archives (landing).

A member is one or more documents, one after the other: a study `{"protocolSection": …}`, a page
`{"studies": [ … ]}` as the API gives it, or a list of studies as the website gives it, or of pages, or
an object that has each study under its number. NDJSON is told
from a study over several lines by its first line that is whole in itself. A study may also stand in an answer that the
website gave to itself (ctgov_site.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import orjson

from pipelines.landing.reasons import TRAILING_DATA
from pipelines.readers import ctgov_site
from pipelines.readers.base import BadRecord, Member, RawRecord, Reader, excerpt_of
from pipelines.readers.json_keyed import keyed_pieces
from pipelines.readers.json_lines import split_lines
from pipelines.readers.json_scan import BracketScanner, first_value_end, is_deeper_than
from pipelines.readers.json_split import FIRST_STEP, Landmark, ListSplitter
from pipelines.readers.json_window import SPACE, UTF8_BOM, Fault, Piece, RecordFault, Window, json_fault
from pipelines.readers.reasons import (
    MALFORMED_JSON,
    NOT_UTF8,
    RECORD_TOO_LARGE,
    TOO_DEEP,
    TRUNCATED_JSON,
)
from pipelines.settings import Limits

_KEY = b'"protocolSection"'
_KEY_PLACE = re.compile(_KEY + rb"\s*:")
_SECTION = rb'"(?:protocol|results|derived|document|annotation)Section"'
_STUDY = rb"\{\s*(?:" + _SECTION + rb'|"hasResults")\s*:'
_BEGINS_WITH_SECTION = re.compile(rb'\s*\{\s*(?:"hasResults"\s*:\s*(?:true|false)\s*,\s*)?' + _SECTION)
_LIST_BEGINS = re.compile(rb"\[\s*")
# Not behind a colon: the study in an answer of the website is no record of its own.
_LANDMARK = Landmark(re.compile(rb"(?<!:)(?<!: )" + _STUDY), _KEY)
_LINE = re.compile(rb"^[ \t]*\{[ \t]*(?:" + _SECTION + rb'|"hasResults"|"study(?:Version)?")[ \t]*:', re.MULTILINE)
_IN_LIST = re.compile(rb"[\[,]\s*" + _STUDY)
_ENVELOPE_ITEM = rb'"[^"\\]*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[-+.\w]+)'
_PAGE = re.compile(rb"\{\s*(?:" + _ENVELOPE_ITEM + rb'\s*,\s*)*"studies"\s*:\s*\[', re.DOTALL)
_LISTED_PAGE = re.compile(rb"[\[,]\s*(?=" + _PAGE.pattern + rb")", re.DOTALL)
_NAME = re.compile(rb'"NCT[0-9]{8}"\s*:\s*(?=\{)')
_KEYED = re.compile(rb"\{\s*(?=" + _NAME.pattern + _BEGINS_WITH_SECTION.pattern + rb")")
_LIST_END = re.compile(rb"\s*\]")
_AFTER_RECOVERY = re.compile(rb"[\s\]},]*(?:" + _ENVELOPE_ITEM + rb"[\s\]},]*)*", re.DOTALL)
_NCT_ID = re.compile(rb'"nctId"\s*:\s*"(NCT[0-9]{8})"')
_ENVELOPE_BYTES = 64 * 1024
_OVERLAP_BYTES = 256  # kept of what is passed over, lest the beginning of a study be torn in two


def recognise(head: bytes) -> bool:
    """Whether a member that begins with `head` holds API v2 studies, good or damaged."""
    text = head.removeprefix(UTF8_BOM).lstrip(SPACE)
    if _BEGINS_WITH_SECTION.match(text):
        return True
    page = _PAGE.match(text)
    listed = page or _LIST_BEGINS.match(text)
    if listed is not None and _BEGINS_WITH_SECTION.match(text, listed.end()):
        return True
    if page is not None and (_LIST_END.match(text, page.end()) or _holds_key(text, 3)):
        return True
    depth = {b"{": 1, b"[": 2}.get(text[:1])
    if depth is not None and _holds_key(text, depth):
        return True
    if _KEY not in text:
        return False
    if ctgov_site.begins(text) or _KEYED.match(text):
        return True
    in_list = text[:1] == b"[" or page is not None
    return _LINE.search(text) is not None or (in_list and _IN_LIST.search(text) is not None)


def _holds_key(text: bytes, depth: int) -> bool:
    """Whether a study's key stands at this depth of brackets."""
    place = _KEY_PLACE.search(text)
    if place is None:
        return False
    scanner = BracketScanner()
    scanner.feed(text[: place.start()])
    return scanner.depth == depth


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The studies of a member, unparsed, and its bad pieces, in their order; every one has a position."""
    if member.load is not None and (member.size or 0) <= limits.record_bytes:
        raw = _only_study(member.load())
        if raw is not None:
            yield _finish(member, 1, Piece(0, raw), limits)
            return
    with member.open() as stream:
        window = Window(stream)
        window.skip_bom()
        position = 0
        for position, piece in _numbered(window, limits):
            yield _finish(member, position, piece, limits)
        if window.broken is not None:
            yield BadRecord(member.name, position + 1, window.broken.code, window.broken.message)


def _only_study(data: bytes) -> bytes | None:
    """The study, when the data are obviously one and on one line, as in the registry's bulk download. Else
    None.

    Nothing here looks at every byte but at memory speed: it is the way of most records.
    """
    raw = data.removeprefix(UTF8_BOM).strip(SPACE)
    is_one = raw[-1:] == b"}" and b"\n" not in raw and raw.count(_KEY) == 1 and _BEGINS_WITH_SECTION.match(raw)
    return raw if is_one else None


def _finish(member: Member, position: int, piece: Piece, limits: Limits) -> RawRecord | BadRecord:
    fault = piece.fault or _fault_of_study(piece, limits)
    if fault is None:
        try:
            return RawRecord(member.name, position, piece.raw, ctgov_site.study_of(piece.raw, limits))
        except RecordFault as error:
            fault = error.fault
    registry_id = stated_nct_id(piece.raw)
    return BadRecord(member.name, position, fault.code, fault.message, excerpt_of(piece.raw), registry_id)


def stated_nct_id(raw: bytes) -> str | None:
    """The NCT id that bytes which need not be valid JSON give for themselves, as far as it can be seen."""
    found = _NCT_ID.search(raw)
    return found[1].decode() if found else None


def _fault_of_study(piece: Piece, limits: Limits) -> Fault | None:
    """What forbids to hand a study on; whether it is valid JSON is left to the parser."""
    raw = piece.raw
    if len(raw) > limits.record_bytes:
        return Fault(RECORD_TOO_LARGE, f"{len(raw):,} bytes, more than the limit of {limits.record_bytes:,}")
    if not raw.isascii():
        try:
            raw.decode()
        except UnicodeDecodeError as error:
            at = piece.offset + error.start
            return Fault(NOT_UTF8, f"the byte at {at:,} of the member is not UTF-8 ({error.reason})")
    if is_deeper_than(raw, limits.json_depth):
        return Fault(TOO_DEEP, f"JSON nested deeper than {limits.json_depth} levels")
    return None


def _numbered(window: Window, limits: Limits) -> Iterator[tuple[int, Piece]]:
    if _is_lines(window, limits):
        return split_lines(window, limits.record_bytes)
    return enumerate(_documents(window, limits), start=1)


def _is_lines(window: Window, limits: Limits) -> bool:
    """Whether the member is NDJSON of more than one line: a line is a whole JSON value in itself, and others follow."""
    window.skip_space()
    window.fill(_ENVELOPE_BYTES)
    data = window.data
    if _PAGE.match(data) or _KEYED.match(data):
        return False
    end = first_value_end(data)
    if data[:1] == b"[":  # a list of studies, unless it is a stray line before studies
        following = data[end:].lstrip(SPACE) if end is not None else b""
        return _KEY not in data[:end] and _LINE.match(following) is not None
    if end is not None and b"\n" not in data[:end]:
        return data[end:].lstrip(b" \t\r")[:1] == b"\n"
    if end is not None and json_fault(data[:end]) is None:
        return False
    first_end = _line_end(window, 0, limits)
    if first_end is None:
        return len(window.data) > limits.record_bytes
    later = _LINE.search(window.data, first_end)
    if later is None:
        return _is_whole(window.data[:first_end])
    return _is_whole(window.data[later.start() : _line_end(window, later.start(), limits)])


def _line_end(window: Window, start: int, limits: Limits) -> int | None:
    """Index of the line feed that ends the line beginning at `start`; None when there is none within a
    record's size."""
    looked = start
    while True:
        end = window.data.find(b"\n", looked)
        if end >= 0:
            return end
        looked = len(window.data)
        if looked - start > limits.record_bytes or not window.more():
            return None


def _is_whole(line: bytes) -> bool:
    text = line.strip(SPACE)
    return first_value_end(text) == len(text)


def _documents(window: Window, limits: Limits) -> Iterator[Piece]:
    """The pieces of one document after the other."""
    recovered = in_pages = False
    while window.skip_space():
        window.fill(_ENVELOPE_BYTES)
        if (listed := _LISTED_PAGE.match(window.data)) is not None:
            in_pages = True
            window.drop(listed.end())
        elif in_pages and window.data[:1] == b"]":
            in_pages = False
            window.drop(1)
            continue
        page = _PAGE.match(window.data)
        if page is not None or window.data[:1] == b"[":
            window.drop(page.end() if page else 1)
            closed = yield from ListSplitter(window, limits.record_bytes, _LANDMARK, closes=True).pieces()
            if closed and page is not None:
                yield from _envelope_end(window)
        elif (keyed := _KEYED.match(window.data)) is not None:
            window.drop(keyed.end())
            yield from keyed_pieces(window, _NAME, limits.record_bytes)
        elif window.data[:1] == b"{":
            yield from ListSplitter(window, limits.record_bytes, _LANDMARK, closes=False).pieces()
        else:
            yield from _between_documents(window, recovered=recovered)
            recovered = True


def _envelope_end(window: Window) -> Iterator[Piece]:
    """What follows the list of a page, up to the page's closing brace; nothing is yielded when it is as it
    should be.

    What it can make nothing of stays in the window, to be looked at as what stands between documents.
    """
    window.fill(_ENVELOPE_BYTES)
    at = window.offset
    end = _closing_brace(window.data)
    if end is None:
        if len(window.data) < _ENVELOPE_BYTES and window.data.lstrip(SPACE)[:1] in (b"", b","):
            message = f"the page ends too early, after its list of studies, at byte {at:,}"
            fault, window.broken = window.broken or Fault(TRUNCATED_JSON, message), None
            yield Piece(at, window.data, fault)
            window.drop(len(window.data))
        return
    rest = window.data[:end]
    try:
        orjson.loads(b'{"studies":[]' + rest + b"}")
    except orjson.JSONDecodeError as error:
        if _LANDMARK.begin.search(rest) is not None:
            return
        message = f"the page is not valid JSON after its list of studies, at byte {at:,}: {error.msg}"
        yield Piece(at, rest, Fault(MALFORMED_JSON, message))
    window.drop(end + 1)


def _closing_brace(data: bytes) -> int | None:
    """Index of the bracket that closes what encloses the beginning of `data`."""
    scanner = BracketScanner()
    for start in range(0, len(data), FIRST_STEP):
        places, depths = scanner.feed(data[start : start + FIRST_STEP])
        closing = (depths < 0).nonzero()[0]
        if len(closing):
            return start + int(places[closing[0]])
    return None


def _between_documents(window: Window, *, recovered: bool) -> Iterator[Piece]:
    """Something where a document should begin: pass over it to the next study; to the end, if there is none.

    `recovered`: this was done before, so that the brackets that close the list and the page may be left over.
    """
    at, shown = window.offset, window.data[:_ENVELOPE_BYTES]
    while (study := _LANDMARK.begin.search(window.data)) is None:
        window.drop(max(0, len(window.data) - _OVERLAP_BYTES))
        if not window.more():
            window.drop(len(window.data))
            if not (recovered and window.offset - at <= len(shown) and _AFTER_RECOVERY.fullmatch(shown)):
                message = f"something that is no study follows the last one, at byte {at:,}"
                yield Piece(at, shown, Fault(TRAILING_DATA, message))
            return
    window.drop(study.start())
    shown = shown[: window.offset - at].rstrip(SPACE + b",[")
    if shown:
        yield Piece(at, shown, Fault(MALFORMED_JSON, f"something that is no study, at byte {at:,}"))


# API v2 gives `hasResults` with every record, and every study has a type: a record with neither was asked for with
# `fields=`, and lacks what was not asked for. One that has either may have lost the other in somebody's hands.
_CHOSEN = "has_results IS NULL AND study_type IS NULL"

READER = Reader(format="ctgov_v2", registry="CTGOV", recognise=recognise, read=read, chosen_where=_CHOSEN)
