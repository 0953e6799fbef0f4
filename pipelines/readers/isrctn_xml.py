"""ISRCTN's own XML: `allTrials` of many records as the API gives it, or one `fullTrial` or `trial`.

Belongs here: telling this XML apart and cutting its records. Does not: what stands in a record (isrctn/, mapping).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader
from pipelines.readers.isrctn import CONVERTERS, finish
from pipelines.readers.mapping import Mapper, load_mapping
from pipelines.readers.xml_record import root_name
from pipelines.readers.xml_slices import read_slices
from pipelines.settings import Limits

_ROOTS = frozenset({"allTrials", "fullTrial", "trial"})
_SIGNS = (b"67bricks.com/isrctn", b"<isrctn", b":isrctn", b"<trialDescription", b":trialDescription")
_RECORD = re.compile(rb"<(?:[\w.-]+:)?(?P<name>fullTrial|trial)[\s/>]")
_OWN_ID = re.compile(rb"<(?:[\w.-]+:)?isrctn(?:\s[^<>]*)?>\s*(?:ISRCTN)?(?P<number>[0-9]{8})\s*</")
_MAPPER = Mapper(load_mapping("isrctn_xml"), CONVERTERS)


def recognise(head: bytes) -> bool:
    """Whether a member that begins with `head` is XML of the ISRCTN registry, good or damaged."""
    return root_name(head) in _ROOTS and any(sign in head for sign in _SIGNS)


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The records of a member, in their order; a reply without any record gives none."""
    record = _RECORD.search(member.head())
    tag = record["name"].decode() if record else "fullTrial"
    return read_slices(member, tag, limits, _study, _stated_id)


def _study(element: etree._Element) -> dict[str, Any]:
    if etree.QName(element).localname == "trial":
        around = etree.Element("fullTrial")
        around.append(element)
        element = around
    return _MAPPER.shown.noted(element, finish(_MAPPER.of_xml(element)))


def _stated_id(raw: bytes) -> str | None:
    found = _OWN_ID.search(raw)
    return f"ISRCTN{found['number'].decode()}" if found else None


READER = Reader(format="isrctn_xml", registry="ISRCTN", recognise=recognise, read=read)
