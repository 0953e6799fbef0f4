"""Records cut out of XML files of registries, parsed by themselves: what the file said before them still counts.

Belongs here: the encoding and the namespace prefixes that a file declares at its head, given back to each record that
is cut out of it; characters that XML forbids. Does not: cutting (xml_record.py), any format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipelines.readers.base import BadRecord, Member, RawRecord, excerpt_of
from pipelines.readers.json_window import Fault
from pipelines.readers.reasons import MALFORMED_XML, NOT_UTF8, READER_FAILED, XML_ENTITY
from pipelines.readers.xml_record import XmlFault, bad_piece, declared_encoding, parse_xml, read_elements
from pipelines.settings import Limits

Struct = dict[str, Any]

_PREFIX = re.compile(rb"""\sxmlns:(?P<name>[A-Za-z_][\w.-]*)\s*=""")
_USED_PREFIX = re.compile(rb"""[<\s/](?P<name>[A-Za-z_][\w.-]{0,60}):[A-Za-z_]""")
_FORBIDDEN_REFERENCE = re.compile(rb"&#(?:[xX]0*(?:[1-8BbCcEeFf]|1[0-9A-Fa-f])|0*(?:[1-8]|1[124-9]|2[0-9]|3[01]));")
_FORBIDDEN = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f]")
_UTF8 = "utf-8"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a file's head says that a record cut out of it needs: its encoding, its namespace prefixes."""

    encoding: str = _UTF8
    prefixes: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, head: bytes) -> Surroundings:
        """The surroundings that a member's first bytes declare."""
        return cls(declared_encoding(head), tuple(dict.fromkeys(found["name"] for found in _PREFIX.finditer(head))))


@dataclass(slots=True)
class Parsed:
    """A record's element. `repaired` counts characters that XML forbids, read as U+FFFD."""

    element: etree._Element
    repaired: int = 0


def parse_slice(raw: bytes, around: Surroundings) -> Parsed:
    """The element of a record that was cut out of a file.

    Control characters other than NUL, which XML forbids but registries have been seen to export (`&#x2;`), become
    U+FFFD. Raises XmlFault: as parse_xml does, and `not_utf8`.
    """
    try:
        return Parsed(parse_within(raw, around))
    except XmlFault as fault:
        mended, count = _without_forbidden(raw, around)
        if not count:
            raise _named(fault, raw, around) from fault
    try:
        return Parsed(parse_within(mended, around), count)
    except XmlFault as fault:
        raise _named(fault, mended, around) from fault


def parse_within(raw: bytes, around: Surroundings) -> etree._Element:
    """As parse_slice, without mending anything: raises XmlFault as parse_xml does."""
    names = tuple(
        dict.fromkeys((*around.prefixes, *(found["name"] for found in _USED_PREFIX.finditer(raw[:2000]))))
        if around.prefixes or b":" in raw[:60]
        else ()
    )
    if not names and around.encoding == _UTF8:
        return parse_xml(raw, keep_blanks=False)
    declared = b"".join(b' xmlns:%b="urn:%b"' % (name, name) for name in names if name not in {b"xml", b"xmlns"})
    head = f'<?xml version="1.0" encoding="{around.encoding}"?>'.encode()
    inner = raw[raw.index(b"?>") + 2 :] if raw.lstrip()[:5] == b"<?xml" else raw
    return parse_xml(head + b"<slice" + declared + b">" + inner + b"</slice>", keep_blanks=False)[0]


def _without_forbidden(raw: bytes, around: Surroundings) -> tuple[bytes, int]:
    replacement = _REPLACEMENT if around.encoding == _UTF8 else b"?"
    mended, count = _FORBIDDEN_REFERENCE.subn(replacement, raw)
    mended, more = _FORBIDDEN.subn(replacement, mended)
    return mended, count + more


def _named(fault: XmlFault, raw: bytes, around: Surroundings) -> XmlFault:
    """The same fault, called `not_utf8` where the bytes are none and nothing says that they are something else."""
    if around.encoding == _UTF8 and fault.fault.code == MALFORMED_XML:
        try:
            raw.decode()
        except UnicodeDecodeError as error:
            where = (
                f"byte {error.start:,} of the record is not UTF-8 ({error.reason}), and no other encoding is declared"
            )
            return XmlFault(Fault(NOT_UTF8, where))
    return fault


def read_slices(
    member: Member,
    tag: str,
    limits: Limits,
    study_of: Callable[[etree._Element], Struct],
    stated_id: Callable[[bytes], str | None],
) -> Iterator[RawRecord | BadRecord]:
    """The records `<tag …>…</tag>` of a member as studies, good and bad, each with its 1-based position."""
    head = member.head()
    around = Surroundings.of(head)
    if b"<!ENTITY" in head:  # records are parsed without the prolog: its entities would be unknown in them
        reason = "the document declares entities of its own before its first record; these are never expanded"
        yield BadRecord(member.name, 1, XML_ENTITY, reason, excerpt_of(head))
        return
    for position, piece in enumerate(read_elements(member, tag, limits), start=1):
        if piece.fault is not None:
            yield bad_piece(member, position, piece, stated_id(piece.raw))
            continue
        yield _record(member, position, piece.raw, around, study_of, stated_id)


def _record(
    member: Member,
    position: int,
    raw: bytes,
    around: Surroundings,
    study_of: Callable[[etree._Element], Struct],
    stated_id: Callable[[bytes], str | None],
) -> RawRecord | BadRecord:
    try:
        parsed = parse_slice(raw, around)
        study = study_of(parsed.element)
    except XmlFault as error:
        return BadRecord(member.name, position, error.fault.code, error.fault.message, excerpt_of(raw), stated_id(raw))
    except Exception as error:  # noqa: BLE001  # a fault of this program must cost one record, not the file
        reason = f"{type(error).__name__}: {error}"
        return BadRecord(member.name, position, READER_FAILED, reason, excerpt_of(raw), stated_id(raw))
    if parsed.repaired:
        note_forbidden(study, parsed.repaired)
    return RawRecord(member.name, position, raw, study)


def note_forbidden(study: Struct, count: int) -> None:
    """Say in the record that characters were lost."""
    reason = f"{count} control characters that XML forbids were read as U+FFFD"
    section = study.setdefault("registrySection", {})
    section.setdefault("fieldStates", []).append(
        {"field": "registrySection", "state": "damaged", "label": "record", "reason": reason}
    )


__all__ = ["Parsed", "Surroundings", "note_forbidden", "parse_slice", "parse_within", "read_slices"]
