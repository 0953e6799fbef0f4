"""Reader of WHO ICTRP's XML export: one file, many `<Trial>` elements.

Belongs here: cutting the records out and making fields of their elements. Does not: what the fields mean (ictrp/).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from lxml import etree

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader, excerpt_of
from pipelines.readers.ictrp.record import NoIdentity, field_names, fold_name, stated_id, study_of
from pipelines.readers.json_window import Piece
from pipelines.readers.reasons import NO_IDENTITY, NOT_UTF8, READER_FAILED
from pipelines.readers.xml_record import XmlFault, bad_piece, read_elements, root_name
from pipelines.readers.xml_slices import Surroundings, parse_within
from pipelines.settings import Limits

FORMAT = "ictrp_xml"
_ROOT, _RECORD = "Trials_downloaded_from_ICTRP", "Trial"
_OWN_FIELDS = re.compile(rb"<(?:[\w.-]+:)?(TrialID|Source_Register)[\s/>]")
_TRIAL_ID = re.compile(rb"<(?:[\w.-]+:)?TrialID>([^<]{1,200})<")


def recognise(head: bytes) -> bool:
    """Whether the root element is ICTRP's, or is a single `<Trial>` with ICTRP's fields."""
    root = root_name(head)
    return root == _ROOT or (root == _RECORD and len(set(_OWN_FIELDS.findall(head))) > 1)


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The trials of a member in a stream; one that cannot be read is told apart from those around it."""
    around = Surroundings.of(member.head())
    codec = _codec(around.encoding)
    around = replace(around, encoding="utf-8")
    for position, piece in enumerate(read_elements(member, _RECORD, limits), start=1):
        if piece.fault is not None:
            yield bad_piece(member, position, piece, _trial_id(piece.raw))
        else:
            yield _record(member, position, piece, codec, around)


def _codec(encoding: str) -> str | None:
    """The codec of an encoding, None where that is UTF-8 or nothing that can be meant."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return None
    return None if name.startswith("utf") else name


def _record(
    member: Member, position: int, piece: Piece, codec: str | None, around: Surroundings
) -> RawRecord | BadRecord:
    where = f"the record at byte {piece.offset:,}"
    try:
        text = piece.raw.decode(codec).encode() if codec else piece.raw
        if not codec:
            piece.raw.decode()
        return RawRecord(member.name, position, piece.raw, study_of(_fields(parse_within(text, around)), FORMAT))
    except UnicodeDecodeError as error:
        code, reason = NOT_UTF8, f"{where}: its byte {error.start:,} is not {codec or 'UTF-8'} ({error.reason})"
    except XmlFault as error:
        code, reason = error.fault.code, f"{where}: {error.fault.message}"
    except NoIdentity as error:
        code, reason = NO_IDENTITY, f"{where}: {error}"
    except Exception as error:  # noqa: BLE001  a record no one foresaw must not end the file: it is kept, with the fault named
        code, reason = READER_FAILED, f"{where} made the reader fail: {type(error).__name__}: {error}"
    return BadRecord(member.name, position, code, reason, excerpt_of(piece.raw), _trial_id(piece.raw))


def _fields(record: etree._Element) -> dict[str, Any]:
    """Text by field name; an element that repeats gives a list, one with elements of its own an object."""
    exact, folded = _names()
    fields: dict[str, Any] = {}
    for child in record:
        if not isinstance(child.tag, str):
            continue  # type: ignore[unreachable]  # comments and the like have a function for a tag
        tag = child.tag.rpartition("}")[2]
        name = tag if tag in exact else folded.get(fold_name(tag), tag)
        value: Any = (child.text or "").strip() if not len(child) and not child.attrib else _object(child)
        if name not in fields:
            fields[name] = value
        elif value:
            known = fields[name]
            fields[name] = [*known, value] if isinstance(known, list) else [known, value] if known else value
    return fields


@cache
def _names() -> tuple[frozenset[str], dict[str, str]]:
    """The mapping's names for elements; and by their folded form, as other exports may write them."""
    folded = field_names(FORMAT)
    return frozenset(folded.values()), folded


def _object(element: etree._Element) -> dict[str, Any]:
    """An element that is more than a text, which no export had so far: shown as an unknown field."""
    found: dict[str, Any] = {f"@{name!s}": value for name, value in element.attrib.items()}
    texts = [element.text, *(child.tail for child in element)]
    said = [text.strip() for text in texts if text and text.strip()]
    if said:
        found["text"] = said[0] if len(said) == 1 else said
    for child in element:
        if isinstance(child.tag, str):
            found.setdefault(child.tag.rpartition("}")[2], []).append(
                _object(child) if len(child) or child.attrib else child.text or ""
            )
    return found


def _trial_id(raw: bytes) -> str | None:
    found = _TRIAL_ID.search(raw)
    return stated_id(found[1].decode("utf-8", "replace").strip()) if found else None


READER = Reader(format=FORMAT, registry="ICTRP", recognise=recognise, read=read, standing="copy")
