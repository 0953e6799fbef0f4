"""ChiCTR records in the registry's XML.

Belongs here: telling these files apart and cutting their records. Does not: what stands in a record (chictr/, mapping).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader
from pipelines.readers.chictr import CONVERTERS, finish
from pipelines.readers.mapping import Mapper, load_mapping
from pipelines.readers.xml_record import root_name
from pipelines.readers.xml_slices import read_slices
from pipelines.settings import Limits

_RECORD = re.compile(rb"<(?:[\w.-]+:)?(?P<name>Triall|Trial|trial)[\s/>]")
_LAYOUT = re.compile(rb"<(?:[\w.-]+:)?main[\s>]")
_REGISTRY = re.compile(rb"<(?:[\w.-]+:)?(?:trial_id|reg_name)(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[\s*)?chictr", re.IGNORECASE)
_OWN_ID = re.compile(rb"<(?:[\w.-]+:)?trial_id(?:\s[^<>]*)?>\s*(?:<!\[CDATA\[\s*)?(?P<id>ChiCTR[-A-Za-z0-9]{8,20})")
_MAPPER = Mapper(load_mapping("chictr_xml"), CONVERTERS)


def recognise(head: bytes) -> bool:
    """Whether a member that begins with `head` is XML of the Chinese registry, good or damaged."""
    root = root_name(head)
    if root is None or not root.lower().startswith("trial"):
        return False
    return _LAYOUT.search(head) is not None and _REGISTRY.search(head) is not None


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The records of a member, in their order."""
    record = _RECORD.search(member.head())
    tag = record["name"].decode() if record else "Triall"
    return read_slices(member, tag, limits, _study, _stated_id)


def _study(element: etree._Element) -> dict[str, Any]:
    return _MAPPER.shown.noted(element, finish(_MAPPER.of_xml(element)))


def _stated_id(raw: bytes) -> str | None:
    found = _OWN_ID.search(raw)
    return found["id"].decode() if found else None


READER = Reader(format="chictr_xml", registry="CHICTR", recognise=recognise, read=read)
