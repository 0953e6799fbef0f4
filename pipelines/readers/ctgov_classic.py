"""Full studies of ClinicalTrials.gov's API until June 2024, JSON and XML: the fields of API v2 under their older names.

Belongs here: telling such members apart, taking a study out of what it is wrapped in. Does not: which field goes where
(mappings/ctgov_classic_json.yaml), cutting members into records (json_records.py, xml_slices.py), answers of which
somebody chose the fields (ctgov_fields.py).

A member is a page of the API (`FullStudiesResponse`), one study of the bulk download (`FullStudy`), or studies that
somebody took out of these: one, a list, NDJSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader
from pipelines.readers.ctgov_classic_values import CONVERTERS
from pipelines.readers.json_records import read_json
from pipelines.readers.json_split import Landmark
from pipelines.readers.json_window import SPACE, UTF8_BOM, Fault, RecordFault
from pipelines.readers.mapping import Mapper, load_mapping
from pipelines.readers.reasons import NOT_AN_OBJECT
from pipelines.readers.xml_record import root_name
from pipelines.readers.xml_slices import read_slices
from pipelines.settings import Limits

Struct = dict[str, Any]
_SECTION = "ProtocolSection"
_SCALAR = rb'(?:"(?:[^"\\]|\\.){0,8000}"|[-+.\w]{1,40})'
_RESPONSE = rb'(?:\[\s*)?\{\s*"FullStudiesResponse"\s*:\s*\{'
_ENVELOPE = re.compile(
    _RESPONSE + rb'\s*(?:"[^"\\]{1,80}"\s*:\s*' + _SCALAR + rb'\s*,\s*){0,20}"FullStudies"\s*:\s*\[', re.DOTALL
)
_NO_STUDIES = re.compile(
    _RESPONSE + rb'\s*(?:"[^"\\]{1,80}"\s*:\s*' + _SCALAR + rb"\s*,?\s*){0,20}\}\s*\}\s*\]?\s*\Z", re.DOTALL
)
_SIGN = re.compile(rb'"ProtocolSection"\s*:\s*\{\s*(?:\}|"[A-Z]\w{1,60}Module"\s*:)')
# Not behind a colon: the study within its wrapper is no record of its own.
_LANDMARK = Landmark(
    re.compile(rb'(?<!:)(?<!: )\{\s*"(?:Rank|Study|FullStudy|ProtocolSection)"\s*:'), b'"ProtocolSection"'
)
_JSON_ID = re.compile(rb'"NCTId"\s*:\s*"(NCT[0-9]{8})"')
_WRAPPERS = ("FullStudiesResponse", "FullStudies", "FullStudy", "Study")

_TAG = "FullStudy"
_ROOTS = frozenset({"FullStudiesResponse", "FullStudyList", _TAG})
_XML_ID = re.compile(rb"""<Field\s+Name\s*=\s*["']NCTId["']\s*>\s*(NCT[0-9]{8})\s*<""")

_MAPPERS = {name: Mapper(load_mapping(name), CONVERTERS) for name in ("ctgov_classic_json", "ctgov_classic_xml")}


def recognise_json(head: bytes) -> bool:
    """Whether a member that begins with `head` holds full studies of the classic API in JSON, good or damaged."""
    text = head.removeprefix(UTF8_BOM).lstrip(SPACE)
    if text[:1] not in (b"{", b"["):
        return False
    return _SIGN.search(text) is not None or re.match(_RESPONSE, text) is not None


def read_json_studies(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The studies of a member, in their order; an answer to a search that found none gives none."""
    if _NO_STUDIES.match(member.head().removeprefix(UTF8_BOM).lstrip(SPACE)):
        return iter(())
    return read_json(member, limits, _LANDMARK, _ENVELOPE, _of_json, _json_id)


def _json_id(raw: bytes) -> str | None:
    found = _JSON_ID.search(raw)
    return found[1].decode() if found else None


def _of_json(record: Struct) -> Struct:
    return _study(unwrapped(record), "ctgov_classic_json")


def unwrapped(record: Struct) -> Struct:
    """The study of a record, with what stands beside it in its wrappers. Raises RecordFault where there are several."""
    beside: Struct = {}
    while _SECTION not in record:
        name = next((name for name in _WRAPPERS if isinstance(record.get(name), dict | list)), None)
        if name is None:
            break
        beside |= {other: value for other, value in record.items() if other != name}
        inner = record[name]
        if isinstance(inner, list):
            if len(inner) != 1 or not isinstance(inner[0], dict):
                raise RecordFault(Fault(NOT_AN_OBJECT, f"{len(inner)} studies where a record should be one"))
            inner = inner[0]
        record = inner
    return beside | record


def _study(tree: Struct, format_name: str) -> Struct:
    study = _MAPPERS[format_name].of_json(tree)
    status = study.get("protocolSection", {}).get("statusModule")
    if tree.get("ResultsSection"):
        study["hasResults"] = True
    elif status is not None:
        study["hasResults"] = "resultsFirstSubmitDate" in status
    return study


def recognise_xml(head: bytes) -> bool:
    """Whether a member that begins with `head` holds full studies of the classic API in XML, good or damaged."""
    return root_name(head) in _ROOTS


def read_xml_studies(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The studies of a member, in their order; an answer to a search that found none gives none."""
    return read_slices(member, _TAG, limits, _of_xml, _xml_id)


def _xml_id(raw: bytes) -> str | None:
    found = _XML_ID.search(raw)
    return found[1].decode() if found else None


def _of_xml(element: etree._Element) -> Struct:
    tree = _struct(element)
    rank = element.get("Rank")
    return _study(unwrapped(tree if rank is None else {"Rank": rank, **tree}), "ctgov_classic_xml")


def _struct(element: etree._Element) -> Struct:
    """What an element holds by name, as the JSON has it: a name that stands there several times has a list."""
    found: Struct = {}
    for child in element:
        name = child.get("Name") or str(child.tag)
        value: Any = "".join(map(str, child.itertext())) if child.tag == "Field" else _struct(child)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found


JSON_READER = Reader("ctgov_classic_json", "CTGOV", recognise_json, read_json_studies)
XML_READER = Reader("ctgov_classic_xml", "CTGOV", recognise_xml, read_xml_studies)
READERS = (JSON_READER, XML_READER)
