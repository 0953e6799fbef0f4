"""Synthetic ISRCTN records as they come out of the usual conversion of the registry's XML to JSON.

Belongs here: that conversion: the trial alone, one object for each record and line, attributes gone, an element that
stands once as itself and one that stands more often as a list, empty elements as empty texts. Does not: the form
(isrctn/).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from pipelines.sample.render.isrctn.carried import carried_record
from pipelines.sample.render.isrctn.record import full_trial
from pipelines.sample.render.isrctn.words import Element
from pipelines.sample.render.registry_parts import Json, pruned

_LOST_WITH_ATTRIBUTES = ("studyFirstPostDateStruct", "lastUpdatePostDateStruct")


def render_file(studies: Sequence[Json]) -> bytes:
    """NDJSON with one record a line, or one object for one study (UTF-8)."""
    lines = []
    for study in studies:
        trial = _converted(full_trial(study).children[0])
        lines.append(orjson.dumps({**trial, "ctrname": "ISRCTN", "record_last_import": "2026-03-08 17:34:31"}))
    return b"\n".join(lines) + b"\n"


def carried(study: Json) -> Json:
    """What a perfect reader gets back of a study from that file, in the study shape.

    People, organisations and the registry's own dates stand beside the trial or in attributes, and are lost.
    """
    record = carried_record(study)
    section = record["protocolSection"]
    section.pop("sponsorCollaboratorsModule", None)
    for name in ("overallOfficials", "centralContacts"):
        section.get("contactsLocationsModule", {}).pop(name, None)
    for name in _LOST_WITH_ATTRIBUTES:
        section["statusModule"].pop(name, None)
    named = {"EudraCT", "ClinicalTrials.gov"}
    for one in section["identificationModule"]["secondaryIdInfos"]:
        if one.get("domain") not in named or one["type"] == "OTHER":
            one.pop("domain", None)
    done: Json = pruned(record)
    return done


def _converted(node: Element) -> Any:
    if not node.children:
        return node.text or ""
    found: Json = {}
    for child in node.children:
        value = _converted(child)
        if child.name not in found:
            found[child.name] = value
        elif isinstance(found[child.name], list):
            found[child.name].append(value)
        else:
            found[child.name] = [found[child.name], value]
    return found


__all__ = ["carried", "render_file"]
