"""ClinicalTrials.gov's legacy XML: the public layout (AllPublicXML.zip), the archive's, and lists of search results.

Belongs here: telling the layouts apart, cutting a member into records. Does not: what an element means
(mappings/ctgov_xml*.yaml, ctgov_xml_parts/).

All three call a record `<clinical_study>`; a file holds one, or several within any other element.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Literal

from lxml import etree

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader, excerpt_of
from pipelines.readers.ctgov_xml_parts import archive, public, search
from pipelines.readers.json_window import Piece
from pipelines.readers.reasons import READER_FAILED
from pipelines.readers.xml_record import XmlFault, bad_piece, parse_xml, read_elements, root_name, root_of
from pipelines.readers.xml_slices import Surroundings, parse_within
from pipelines.settings import Limits

_TAG = "clinical_study"
_SEARCH_ROOT = "search_results"
_PREFIX = rb"(?:[\w.-]{1,60}:)?"
_BETWEEN = rb"[^<>]*>(?:\s|<!--(?:[^-]|-[^-])*-->|<\?(?:[^?]|\?(?!>))*\?>)*"
_ARCHIVE_START = re.compile(_BETWEEN + b"<" + _PREFIX + rb"study_id[\s>]")
_SUMMARY_START = re.compile(_BETWEEN + b"<" + _PREFIX + rb"(?:order|score|nct_id)[\s>]")
_RECORD = re.compile(b"<" + _PREFIX + rb"clinical_study(?=[\s>])")
_START, _END = b"<clinical_study", b"</clinical_study>"
_TAIL = 256
_NCT = re.compile(rb"<nct_id>\s*(NCT[0-9]{8})\s*</nct_id>")

StudyOf = Callable[[etree._Element, str | None], dict[str, Any]]
"""Record and name of its member → study."""
Layout = Literal["public", "archive", "search"]


def layout_of(head: bytes) -> Layout | None:
    """Which layout a member has that begins with `head`; None where it holds no record of ClinicalTrials.gov's XML."""
    root = root_of(head)
    first = _RECORD.search(head, root[1]) if root is not None else None
    if root is None or first is None:
        return None
    if _ARCHIVE_START.match(head, first.end()):
        return "archive"
    if root[0] == _SEARCH_ROOT and _SUMMARY_START.match(head, first.end()):
        return "search"
    return "public"


def _recognise(layout: Layout, head: bytes) -> bool:
    return layout_of(head) == layout


def _read(study_of: StudyOf, member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """A record for each `<clinical_study>`; a member that is one record gives all its bytes, prolog and all.

    Raises MemberError where the member's bytes cannot be had.
    """
    single = _single(member, limits)
    if single is not None:
        yield _record(study_of, member, 1, Piece(0, single), None)
        return
    around = Surroundings.of(member.head())
    for position, piece in enumerate(read_elements(member, _TAG, limits), start=1):
        yield _record(study_of, member, position, piece, around)


def _single(member: Member, limits: Limits) -> bytes | None:
    """All the bytes of a member that is one whole record and no more, None for others."""
    if member.size is None or member.size > limits.record_bytes:
        return None
    data = member.read(limits.record_bytes)
    if len(data) > limits.record_bytes or data.count(_START) != 1 or not data[-_TAIL:].rstrip().endswith(_END):
        return None
    return data if root_name(data[: data.index(_START) + len(_START) + 1]) == _TAG else None


def _record(
    study_of: StudyOf, member: Member, position: int, piece: Piece, around: Surroundings | None
) -> RawRecord | BadRecord:
    if piece.fault is not None:
        return bad_piece(member, position, piece, _nct(piece.raw))
    try:
        element = parse_within(piece.raw, around) if around else parse_xml(piece.raw, keep_blanks=False)
    except XmlFault as fault:
        return bad_piece(member, position, Piece(piece.offset, piece.raw, fault.fault), _nct(piece.raw))
    try:
        return RawRecord(member.name, position, piece.raw, study_of(element, member.name))
    except Exception as error:  # noqa: BLE001  a record no one foresaw must not end the run: it is kept, with the fault named
        reason = f"the record at byte {piece.offset:,} made the reader fail: {type(error).__name__}: {error}"
        return BadRecord(member.name, position, READER_FAILED, reason, excerpt_of(piece.raw), _nct(piece.raw))


def _nct(raw: bytes) -> str | None:
    found = _NCT.search(raw)
    return found[1].decode() if found else None


READER = Reader("ctgov_xml", "CTGOV", partial(_recognise, "public"), partial(_read, public.study_of))
ARCHIVE_READER = Reader("ctgov_xml_archive", "CTGOV", partial(_recognise, "archive"), partial(_read, archive.study_of))
SEARCH_READER = Reader(
    "ctgov_xml_search", "CTGOV", partial(_recognise, "search"), partial(_read, search.study_of), standing="part"
)
