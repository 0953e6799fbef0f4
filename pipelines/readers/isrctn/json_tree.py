"""JSON conversions of ISRCTN's XML → one form: children under their names, attributes as `@name`, text as it is.

Belongs here: the ways in which XML-to-JSON programs write attributes, texts and wrappers. Does not: what they mean.

Seen in the wild or documented: `@name` (xmltodict, BadgerFish), `-name` (mxj), `_name` beside `__text` (x2js), an
object of attributes under `$` (xml2js), `@attributes` or `attributes`, and attributes beside the elements under their
plain names; text under `#text`, `_`, `$`, `$t`, `__text`, `_text`, `content` or `value`; `prefix:name` and
`{namespace}name`. Some leave attributes out altogether.
"""

from __future__ import annotations

from typing import Any

from pipelines.readers.json_window import Fault, RecordFault
from pipelines.readers.reasons import TOO_DEEP

Struct = dict[str, Any]

_TEXT = frozenset({"#text", "_", "$", "$t", "__text", "_text", "content", "#cdata-section", "_value_1"})
_ATTRIBUTES = frozenset({"$", "@attributes", "attributes", "_attributes", "attr", "$attributes"})
_NUMBERED = ("id",)
_KNOWN: dict[str, frozenset[str]] = {
    "trial": frozenset(
        {
            "lastUpdated",
            "version",
            "isPublished",
            "isVisibleToPublic",
            "publicIdentifierType",
            "publicIdentifierCanonical",
            "publicIdentifierDateAssigned",
        }
    ),
    "isrctn": frozenset({"dateAssigned"}),
    "trialDescription": frozenset({"thirdPartyFilesAcknowledgement"}),
    "secondaryNumber": frozenset({"id", "numberType", "canonicalSecondaryNumber"}),
    "outcomeMeasure": frozenset(_NUMBERED),
    "ethicsCommittee": frozenset({"id", "approvalStatus", "statusDate"}),
    "trialCentre": frozenset(_NUMBERED),
    "lowerAgeLimit": frozenset({"unit", "value"}),
    "upperAgeLimit": frozenset({"unit", "value"}),
    "output": frozenset(
        {
            "id",
            "outputType",
            "artefactType",
            "dateCreated",
            "dateUploaded",
            "peerReviewed",
            "patientFacing",
            "createdBy",
        }
    ),
    "localFile": frozenset(
        {"fileId", "originalFilename", "downloadFilename", "version", "mimeType", "length", "md5sum"}
    ),
    "externalLink": frozenset({"url"}),
    "attachedFile": frozenset({"downloadUrl"}),
    "contact": frozenset(_NUMBERED),
    "sponsor": frozenset(_NUMBERED),
    "funder": frozenset(_NUMBERED),
    "allTrials": frozenset({"totalCount"}),
}
"""Attributes by element: what conversions that write them under plain names must be told apart by."""

_ITEM_TEXT = frozenset({"secondaryNumber"})
_BESIDE = ("contact", "sponsor", "funder")
_DEEPEST = 12  # elements in elements; the registry's own go seven deep


def full_trial(record: Struct) -> Struct:
    """`{"trial": …, "contact": …, "sponsor": …, "funder": …}` of a converted record, whatever it is wrapped in."""
    tree = _struct(_unwrapped(record), "", 0)
    trial = tree.get("trial")
    if isinstance(trial, list) and len(trial) == 1:
        tree["trial"] = trial = trial[0]
    if isinstance(trial, dict):
        return tree
    beside = {name: tree.pop(name) for name in _BESIDE if name in tree}
    for name in _KNOWN["trial"]:
        if name in tree and not isinstance(tree[name], dict | list):
            tree["@" + name] = tree.pop(name)
    return {"trial": tree, **beside}


def _unwrapped(record: Struct) -> Struct:
    for wrapper in ("allTrials", "fullTrial"):
        inner = next((value for name, value in record.items() if _local(name) == wrapper), None)
        if isinstance(inner, list) and len(inner) == 1:
            inner = inner[0]
        if isinstance(inner, dict):
            record = inner
    return record


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


def _struct(record: Struct, element: str, depth: int) -> Struct:
    """An element with children; the text beside them, if any, under `#text`."""
    if depth > _DEEPEST:
        raise RecordFault(Fault(TOO_DEEP, f"{element}: elements nested deeper than {_DEEPEST} levels"))
    tree: Struct = {}
    apart = any(name in _ATTRIBUTES and isinstance(value, dict) for name, value in record.items())
    known = frozenset() if apart else _KNOWN.get(element, frozenset())
    for name, value in record.items():
        if name in _ATTRIBUTES and isinstance(value, dict):
            tree.update({"@" + _local(key): one for key, one in value.items() if not key.startswith("xmlns")})
        elif (name in _TEXT or (name == "value" and name not in known)) and not isinstance(value, dict | list):
            tree["#text"] = value
        elif (attribute := _attribute(name, known)) is not None and not isinstance(value, dict):
            if not attribute.startswith("xmlns"):
                tree["@" + attribute] = value
        else:
            child = _local(name)
            tree[child] = _value(value, child, depth + 1)
    return tree


def _attribute(name: str, known: frozenset[str]) -> str | None:
    """The attribute that a name is, None where it is an element."""
    if name[:1] == "@":
        return _local(name[1:])
    if name[:1] in "-_" and len(name) > 1 and (name[1:] in known or name[1:].startswith("xmlns")):
        return name[1:]
    if name in known or name.startswith("xmlns"):
        return name
    return None


def _value(value: Any, element: str, depth: int) -> Any:
    if isinstance(value, list):
        found: list[Any] = []
        for one in value:
            inner = _value(one, element, depth)
            found.extend(inner if isinstance(inner, list) else (inner,))
        return found
    if not isinstance(value, dict):
        return value
    tree = _struct(value, element, depth)
    if "#text" not in tree:
        return tree
    text = tree["#text"]
    if isinstance(text, str) and not text.strip():
        del tree["#text"]
        return tree
    if len(tree) == 1:
        return text
    return tree if element in _ITEM_TEXT else [tree.pop("#text"), tree]
