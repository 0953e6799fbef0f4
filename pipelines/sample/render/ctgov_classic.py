"""Synthetic studies as ClinicalTrials.gov's classic API gave them: the tree that its JSON and its XML share.

Belongs here: names, words, texts, and what a perfect reader gets back. Does not: writing files (ctgov_classic_json.py,
ctgov_classic_xml.py).
"""

from __future__ import annotations

import re
from copy import deepcopy
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, NamedTuple

from pipelines.sample.render.carried import without_empty
from pipelines.sample.render.ctgov_xml_text import long_date, plain
from pipelines.sample.render.ctgov_xml_words import (
    ALLOCATION,
    ANALYSIS_DISPERSION,
    ASSESSMENT,
    DISPERSION,
    INFO_TYPE,
    MASKING,
    MODEL,
    NON_INFERIORITY,
    OBSERVATIONAL,
    OUTCOME_TYPE,
    PARAM,
    PERSPECTIVE,
    PHASE,
    PURPOSE,
    RESPONSIBLE,
    RETENTION,
    ROLE,
    SAMPLING,
    SIDES,
    sentence,
    word,
)
from pipelines.study.shape import Node, load_shape

Json = dict[str, Any]
_ITEM = re.compile(r"(?: *(?:\*|[0-9]+\.) )?(?P<words>.*)")
_TYPED_ITEM = re.compile(r"(?:(?P<bullet>[-*•])|(?P<number>[0-9]{1,3})\.) +(?=\S)")
_MARKS = re.compile(r"[\\<>\[\]^*&~]")
_START = re.compile(r"\A([0-9]{1,9}(?=[.)])|(?=[+-]))([.)+-])(?=\s|\Z)")
_SAME = ("AgencyClass", "AgreementRestrictionType")
_LOWER = ("ReferenceType", "BrowseLeafRelevance")
_STATUS = ("Status", "ExpandedAccessStatus", "RecruitmentStatus")
_IDS = {
    "OTHER_GRANT": "Other Grant/Funding Number",
    "EUDRACT_NUMBER": "EudraCT Number",
    "CTIS": "EU Trial (CTIS) Number",
    "REGISTRY": "Registry Identifier",
    "OTHER": "Other Identifier",
}
_VIOLATIONS = {
    "VIOLATION_IDENTIFIED": "Violation Identified by FDA",
    "CORRECTION_CONFIRMED": "Correction Confirmed by FDA",
    "PENALTY_IMPOSED": "Penalty Imposed by FDA",
    "ISSUES_IN_LETTER_ADDRESSED_CONFIRMED": "Issues in letter addressed; confirmed by FDA.",
}
_WORDS: dict[str, dict[str, str]] = {
    "OrgStudyIdType": _IDS,
    "SecondaryIdType": _IDS,
    "ResponsiblePartyType": RESPONSIBLE,
    "Phase": PHASE | {"NA": "Not Applicable"},
    "DesignAllocation": ALLOCATION,
    "InterventionalAssignment": MODEL,
    "PrimaryPurpose": PURPOSE,
    "ObservationalModel": OBSERVATIONAL,
    "DesignTimePerspective": PERSPECTIVE,
    "DesignMasking": MASKING,
    "BioSpecRetention": RETENTION,
    "SamplingMethod": SAMPLING,
    "ContactRole": ROLE,
    "OfficialRole": ROLE,
    "IpdSharingInfoType": INFO_TYPE,
    "MeasureParam": PARAM,
    "MeasureDispersionType": DISPERSION,
    "OutcomeMeasureType": OUTCOME_TYPE,
    "NonInferiorityType": NON_INFERIORITY,
    "AnalysisDispersionType": ANALYSIS_DISPERSION,
    "ConfidenceIntervalNumSides": SIDES,
    "EventAssessment": ASSESSMENT,
    "ViolationEventType": _VIOLATIONS,
}
_GRANTS = ("NIH", "FDA", "VA", "CDC", "AHRQ", "SAMHSA")


class Named(NamedTuple):
    """A field: its name in the classic API, the wrapper of its list, its name in API v2, and what is in it."""

    name: str
    wrapper: str
    modern: str
    children: tuple[Named, ...]


def tree(study: Json) -> Json:
    """The content of `Study`. An empty list or struct is left out."""
    return _struct(study, _names(), load_shape())


@cache
def _names() -> tuple[Named, ...]:
    text = files("pipelines.sample.render").joinpath("ctgov_classic_names.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return _level(lines, 0, 0, len(lines))


def _level(lines: list[str], depth: int, first: int, last: int) -> tuple[Named, ...]:
    starts = [n for n in range(first, last) if len(lines[n]) - len(lines[n].lstrip()) == 2 * depth]
    found = []
    for start, end in pairwise([*starts, last]):
        path, modern = lines[start].split()
        wrapper, _, name = path.rpartition("/")
        found.append(Named(name, wrapper, modern, _level(lines, depth + 1, start + 1, end)))
    return tuple(found)


def _struct(values: Json, names: tuple[Named, ...], node: Node) -> Json:
    found: Json = {}
    for named in names:
        value, child = values.get(named.modern), node.child(named.modern)
        assert child is not None, named
        if value is None and values.get(named.modern + "Unknown"):
            found[named.name] = "Unknown"
        if value is None or value in ([], {}):
            continue
        if named.name == ".":
            found |= _struct(value, named.children, child)
        elif named.wrapper:
            listed = value if isinstance(value, list) else [value]
            found[named.wrapper] = {named.name: [_content(one, named, child) for one in listed]}
        else:
            found[named.name] = _content(value, named, child)
    return found


def _content(value: Any, named: Named, node: Node) -> Any:
    if named.children:
        return _struct(value, named.children, node)
    kind, _, enum = (node.leaf_type or "").partition(" ")
    if isinstance(value, bool):
        is_accepting = named.modern == "healthyVolunteers" and value
        return "Accepts Healthy Volunteers" if is_accepting else ("Yes" if value else "No")
    if kind == "enum":
        return _word(value, enum, named.name)
    if kind in ("date", "partial_date"):
        return long_date(value)
    if kind == "datetime":
        return f"{value[5:7]}/{value[8:10]}/{value[:4]} {value[11:]}"
    if kind == "markup":
        return "\n".join(plain(_words(line)).strip() for line in value.split("\n"))
    return str(value)


def _words(line: str) -> str:
    found = _ITEM.fullmatch(line)
    assert found is not None
    return found["words"]


def _word(value: str, enum: str, name: str) -> str | None:
    if enum in _SAME:
        return value
    if enum in _LOWER:
        return value.lower()
    if enum in _STATUS:
        return sentence(value)
    if enum in ("OrgStudyIdType", "SecondaryIdType") and value in _GRANTS:
        return f"U.S. {value} Grant/Contract"
    if enum in ("DateType", "EnrollmentType") and value == "ESTIMATED":
        return "Estimate" if "Post" in name else "Anticipated"
    return word(value, _WORDS.get(enum, {}))


def carried(study: Json) -> Json:
    """The study as far as the classic API carries it."""
    found: Json = deepcopy(study)
    found.pop("registrySection", None)
    for location in found["protocolSection"].get("contactsLocationsModule", {}).get("locations", ()):
        location.pop("geoPoint", None)
        location.pop("countryCode", None)
    for document in found.get("documentSection", {}).get("largeDocumentModule", {}).get("largeDocs", ()):
        document.pop("size", None)
    pruned: Json = without_empty(found, load_shape(), _without_lists)
    pruned["hasResults"] = "resultsSection" in pruned
    return pruned


def _without_lists(markup: str) -> str:
    """Each line a paragraph, but for those whose marks their author typed."""
    lines = [" ".join(plain(_words(line)).split()) for line in markup.split("\n")]
    lines = [line for line in lines if line]
    out, before = "", None
    for line in lines:
        typed = _TYPED_ITEM.match(line) if "\n" in markup.strip() else None
        kind = None if typed is None else "*" if typed["bullet"] else "1"
        mark = "" if typed is None else "* " if typed["bullet"] else f"{typed['number']}. "
        words = _START.sub(r"\g<1>\\\g<2>", _MARKS.sub(r"\\\g<0>", line[typed.end() :] if typed else line))
        out += ("" if not out else "\n" if kind and kind == before else "\n\n") + mark + words
        before = kind
    return out
