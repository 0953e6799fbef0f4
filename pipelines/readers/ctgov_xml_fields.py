"""The classic site's download of a search as XML: for each study the fields of its CSV, in elements of their own.

Belongs here: telling such files, giving each element the name of its column. Does not: what a column means (the mapping
of the CSV), lists of summaries and whole records (ctgov_xml.py).

Element names as two published readers of such files have them, of 2018 on and of 2017 (2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from lxml import etree

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader
from pipelines.readers.ctgov_csv import ID_REASON, PLACE_REASON
from pipelines.readers.ctgov_csv_cells import designs, documents, locations
from pipelines.readers.ctgov_csv_values import CONVERTERS
from pipelines.readers.mapping import Mapper, load_mapping
from pipelines.readers.xml_record import root_of
from pipelines.readers.xml_slices import read_slices
from pipelines.settings import Limits

Struct = dict[str, Any]
FORMAT = "ctgov_xml_fields"
_ROOT, _TAG = "search_results", "study"
_STUDY = re.compile(rb"<study(?:\s[^<>]{0,200})?>")
_NCT = re.compile(rb"<nct_id>\s*(NCT[0-9]{8})\s*</nct_id>")
_COLUMNS = {
    "nct_id": "NCT Number",
    "title": "Title",
    "acronym": "Acronym",
    "status": "Status",
    "recruitment": "Recruitment",
    "study_results": "Study Results",
    "gender": "Gender",
    "enrollment": "Enrollment",
    "start_date": "Start Date",
    "primary_completion_date": "Primary Completion Date",
    "completion_date": "Completion Date",
    "study_first_posted": "First Posted",
    "results_first_posted": "Results First Posted",
    "last_update_posted": "Last Update Posted",
    "first_received": "First Received",
    "last_updated": "Last Updated",
    "last_verified": "Last Verified",
    "results_first_received": "Results First Received",
    "url": "URL",
}
_LISTS = {
    "conditions": "Conditions",
    "outcome_measures": "Outcome Measures",
    "age_groups": "Age Groups",
    "phases": "Phases",
}


def recognise(head: bytes) -> bool:
    """Whether a member that begins with `head` is such a download."""
    root = root_of(head)
    return root is not None and root[0] == _ROOT and _STUDY.search(head, root[1]) is not None


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The studies of a member, in their order."""
    return read_slices(member, _TAG, limits, _study, _stated_id)


def _stated_id(raw: bytes) -> str | None:
    found = _NCT.search(raw)
    return found[1].decode() if found else None


def _study(element: etree._Element) -> Struct:
    record = _row(element)
    study = _mapper().of_json(record)
    states = []
    if record.get("Other IDs", {}).get("others"):
        field = "protocolSection.identificationModule.orgStudyIdInfo.id"
        states.append({"field": field, "state": "inferred", "label": "other_ids", "reason": ID_REASON})
    if any(", " in one["place"] for one in record.get("Locations", ())):
        field = "protocolSection.contactsLocationsModule.locations[].facility"
        states.append({"field": field, "state": "ambiguous", "label": "locations", "reason": PLACE_REASON})
    if states:
        study.setdefault("registrySection", {}).setdefault("fieldStates", []).extend(states)
    return study


def _row(element: etree._Element) -> Struct:
    """What the elements say, by the names of the CSV's columns and of the parts of its cells."""
    row: Struct = {}
    for child in element:
        tag, words = str(child.tag), _text(child)
        texts = [text for one in child if (text := _text(one))] or ([words] if words else [])
        if tag in _COLUMNS:
            row[_COLUMNS[tag]] = words
        elif tag in _LISTS:
            row[_LISTS[tag]] = texts
        elif tag in _PARTS:
            column, take = _PARTS[tag]
            row[column] = take(child, texts)
        else:
            row[tag] = texts
    access = row.pop("exp_acc_types", [])
    if access:
        row["Study Types"] = ":".join(filter(None, (row.get("Study Types"), "|".join(access))))
    limits = _limits(*("".join(row.pop(tag, ())) for tag in ("min_age", "max_age")))
    return {**row, "Age": {"limits": limits}} if limits else row


def _interventions(element: etree._Element, _: list[str]) -> list[Struct]:
    return [{"type": one.get("type"), "name": _text(one)} for one in element]


def _sponsors(element: etree._Element, _: list[str]) -> Struct:
    lead = [_text(one) for one in element if one.tag == "lead_sponsor"]
    return {"Collaborators": {"lead": lead, "others": [_text(one) for one in element if one.tag != "lead_sponsor"]}}


def _funders(_: etree._Element, texts: list[str]) -> Struct:
    return {"listed": "|".join(texts), "all": texts[0] if len(texts) == 1 else None}


_PARTS: dict[str, tuple[str, Callable[[etree._Element, list[str]], Any]]] = {
    "interventions": ("Interventions", _interventions),
    "sponsors": ("Sponsor", _sponsors),
    "funded_bys": ("Funded Bys", _funders),
    "study_types": ("Study Types", lambda _, texts: "|".join(texts)),
    "study_designs": ("Study Designs", lambda _, texts: designs("|".join(texts))),
    "other_ids": ("Other IDs", lambda _, texts: {"first": texts[:1], "others": texts[1:]}),
    "locations": ("Locations", lambda _, texts: [place for text in texts for place in locations(text)]),
    "study_documents": ("Study Documents", lambda _, texts: [one for text in texts for one in documents(text)]),
    "documents": ("Study Documents", lambda _, texts: [one for text in texts for one in documents(text)]),
}
"""Element → the column of the CSV, and what its cell would be taken apart into."""


def _text(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _limits(lowest: str, highest: str) -> str | None:
    """Limits of age in the words of the CSV."""
    low, high = ("" if age == "N/A" else age for age in (lowest, highest))
    if low and high:
        return f"{low} to {high}"
    return f"{low} and older" if low else f"up to {high}" if high else None


@cache
def _mapper() -> Mapper:
    return Mapper(load_mapping(FORMAT), CONVERTERS)


READER = Reader(format=FORMAT, registry="CTGOV", recognise=recognise, read=read, standing="chosen")
