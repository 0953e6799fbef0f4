"""XML records: parsed without entities or network, and cut one by one from files that hold many.

Belongs here: what every XML reader needs between bytes and element. Does not: any format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pipelines.readers.base import BadRecord, Member, excerpt_of
from pipelines.readers.json_window import CHUNK_BYTES, Fault, Piece, Window
from pipelines.readers.reasons import MALFORMED_XML, RECORD_TOO_LARGE, TOO_DEEP, TRUNCATED_XML, XML_ENTITY
from pipelines.settings import Limits

_LARGEST_PROLOG = 64 * 1024
_ROOT = re.compile(rb"<(?![?!])(?:[A-Za-z_][\w.-]*:)?(?P<name>[A-Za-z_][\w.-]*)[\s/>]")
_SKIPPED = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\][^>]*)?>)", re.DOTALL)
_BOM = b"\xef\xbb\xbf"
_DECLARED = re.compile(
    rb"""\s*<\?xml\s[^>]{0,200}?encoding\s{0,9}=\s{0,9}["'](?P<name>[A-Za-z][A-Za-z0-9._-]{0,40})["']"""
)
_UTF8 = "utf-8"
_NOT_SO_WIDE = re.compile(r"utf-?(?:8|16|32)|ucs-?[24]|iso-10646|unicode|(?:us-)?ascii")
"""Encodings that a document which has been read up to its declaration byte by byte is not in, and those that UTF-8 is
or holds: programs that pass texts on as UTF-16 declare it, and save them as UTF-8."""
_BLANKS_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?\s+(?=<\?xml\s)")
"""An XML declaration must be the first thing of a document; programs that save pages put empty lines before it."""
_PLACE_AGAIN = re.compile(r"\s{0,9}, line [0-9]{1,12}, column [0-9]{1,12}\Z")
"""What the parser puts behind each of its messages, and behind one of them a line end."""
_ENDS_TOO_EARLY = ("premature end", "extra content at the end of the document", "couldn't find end of start tag")


class XmlFault(Exception):
    """The bytes are no XML record; `fault` has the reason code and a sentence with line and column."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def root_of(head: bytes) -> tuple[str, int] | None:
    """Local name and place of the root element of an XML document that begins with `head`, None where it is no XML.

    A declaration, comments and a DOCTYPE before it are passed over.
    """
    place = len(_BOM) if head.startswith(_BOM) else 0
    while (skipped := _SKIPPED.match(head, place)) is not None:
        place = skipped.end()
    root = _ROOT.match(head, len(head) - len(head[place:].lstrip()))
    return (root["name"].decode("ascii", "replace"), root.start()) if root else None


def root_name(head: bytes) -> str | None:
    """As root_of, the name alone."""
    root = root_of(head)
    return root[0] if root is not None else None


def declared_encoding(head: bytes) -> str:
    """The encoding, in lower case, that an XML document which begins with `head` says it is in; `utf-8` where it has
    UTF-8's byte order mark, which counts more, and where it says nothing or what cannot be."""
    declared = None if head.startswith(_BOM) else _DECLARED.match(head)
    name = declared["name"].decode().lower() if declared else _UTF8
    return _UTF8 if _NOT_SO_WIDE.match(name) else name


def parse_xml(raw: bytes, *, keep_blanks: bool = True) -> etree._Element:
    """The root element of an XML document; without `keep_blanks`, white space between elements is left out.

    Elements have their local names, whatever namespace the registry or a program gave them.
    Declared entities are refused, external ones and DTDs are never loaded, depth and size of a text are bounded by the
    parser (256 levels, 10 MB). Raises XmlFault: `malformed_xml`, `truncated_xml`, `xml_entity` or `too_deep`.
    """
    parser = etree.XMLParser(
        encoding=_UTF8 if _declares_too_much(raw) else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=not keep_blanks,
        collect_ids=False,
    )
    blanks = _BLANKS_BEFORE.match(raw)
    try:
        root = etree.fromstring(raw[blanks.end() :] if blanks else raw, parser)
    except etree.XMLSyntaxError as error:
        raise XmlFault(_fault(error)) from error
    except ValueError as error:  # an encoding that the parser does not know, NUL bytes
        raise XmlFault(Fault(MALFORMED_XML, str(error))) from error
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(dtd.iterentities(), None) is not None:  # type: ignore[union-attr]  # not in the stubs
        raise XmlFault(Fault(XML_ENTITY, "the document declares entities of its own; these are never expanded"))
    if b"xmlns" in raw:
        for element in root.iter("{*}*"):
            element.tag = str(element.tag).rpartition("}")[2]
    return root


def _declares_too_much(raw: bytes) -> bool:
    """Whether the parser would take the document's declaration at its word and could not read it."""
    declared = _DECLARED.match(raw)
    return declared is not None and declared_encoding(raw) == _UTF8 and declared["name"].lower() != b"utf-8"


def _fault(error: etree.XMLSyntaxError) -> Fault:
    line, column = error.position
    message = _PLACE_AGAIN.sub("", str(error.msg))
    where = f"line {line:,}, column {column:,}: {message}"
    lowered = message.lower()
    if "excessive depth" in lowered or "depth in document" in lowered:
        return Fault(TOO_DEEP, where)
    if "entit" in lowered and ("loop" in lowered or "amplification" in lowered or "not defined" in lowered):
        return Fault(XML_ENTITY, where)
    if any(sign in lowered for sign in _ENDS_TOO_EARLY) and "extra content" not in lowered:
        return Fault(TRUNCATED_XML, where)
    return Fault(MALFORMED_XML, where)


def read_elements(member: Member, tag: str, limits: Limits) -> Iterator[Piece]:
    """The stretches `<tag …>…</tag>` of a member, one after the other, however large the member is.

    A stretch that is not closed before the next one begins, or at the end of the member, is given with a fault
    (`truncated_xml`), and so is one larger than `limits.record_bytes`. The tag must not be nested in itself, and the
    text around the stretches is not looked at. Where there is no stretch at all, a document that is not well-formed is
    no empty list, but one that has lost its records' tags: it gives that fault. Comments and CDATA that hold the tag
    are not understood.
    """
    opening = re.compile(rb"<(?:[\w.-]+:)?" + tag.encode() + rb"(?=[\s/>])")
    closing = re.compile(rb"</(?:[\w.-]+:)?" + tag.encode() + rb"\s*>")
    with member.open() as stream:
        window = Window(stream)
        found = False
        while _seek(window, opening):
            found = True
            yield _stretch(window, opening, closing, limits)
        if window.broken is not None:
            yield Piece(window.offset, b"", window.broken)
        elif not found:
            yield from _no_list(member, limits)


def _no_list(member: Member, limits: Limits) -> Iterator[Piece]:
    """Why a member in which no record begins is no empty list; nothing where it is one."""
    data = member.read(limits.text_member_bytes)
    try:
        parse_xml(data)
    except XmlFault as error:
        yield Piece(0, data[:CHUNK_BYTES], error.fault)


def _seek(window: Window, opening: re.Pattern[bytes]) -> bool:
    """Drop what lies before the next opening; False when there is none."""
    while True:
        found = opening.search(window.data)
        if found is not None:
            window.drop(found.start())
            return True
        window.drop(max(0, len(window.data) - 256))
        if not window.more():
            return False


def _stretch(window: Window, opening: re.Pattern[bytes], closing: re.Pattern[bytes], limits: Limits) -> Piece:
    offset, looked = window.offset, 1
    while True:
        end = closing.search(window.data, looked)
        again = opening.search(window.data, max(1, looked), end.start() if end else len(window.data))
        if again is not None:
            raw = window.data[: again.start()]
            window.drop(len(raw))
            return Piece(offset, raw, Fault(TRUNCATED_XML, f"the record at byte {offset:,} is not closed"))
        if end is not None:
            raw = window.data[: end.end()]
            window.drop(len(raw))
            fault = _too_large(offset, limits) if len(raw) > limits.record_bytes else None
            return Piece(offset, raw, fault)
        if len(window.data) > limits.record_bytes:
            raw = window.data[:CHUNK_BYTES]
            window.drop(len(window.data) - 256)
            return Piece(offset, raw, _too_large(offset, limits))
        looked = max(1, len(window.data) - 256)
        if not window.more():
            raw = window.data
            window.drop(len(raw))
            fault = window.broken or Fault(TRUNCATED_XML, f"the file ends within the record at byte {offset:,}")
            return Piece(offset, raw, fault)


def _too_large(offset: int, limits: Limits) -> Fault:
    return Fault(
        RECORD_TOO_LARGE, f"the record at byte {offset:,} has more than {limits.record_bytes:,} bytes, the limit"
    )


def bad_piece(member: Member, position: int, piece: Piece, registry_id: str | None = None) -> BadRecord:
    """The bad record of a piece that has a fault."""
    assert piece.fault is not None
    return BadRecord(member.name, position, piece.fault.code, piece.fault.message, excerpt_of(piece.raw), registry_id)


__all__ = ["XmlFault", "bad_piece", "declared_encoding", "parse_xml", "read_elements", "root_name", "root_of"]
