"""Fields that a record shows with nothing in them: told from those of which it says nothing at all."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from pipelines.readers.mapping import Mapper, MappingError, parse_mapping
from pipelines.readers.mapping.converters import Unreadable

COUNT = "protocolSection.designModule.enrollmentInfo.count"
CONDITIONS = "protocolSection.conditionsModule.conditions"
TITLE = "protocolSection.identificationModule.briefTitle"
TEXT = f"""
format: demo
title: Demo
source: nowhere
rows:
  - {{from: size/planned, to: {COUNT}, as: size}}
  - {{from: size/reached, to: "~reached"}}
  - {{from: title, to: {TITLE}, as: said}}
  - from: conditions
    rows:
      - {{from: condition/name, to: {CONDITIONS}}}
shown:
  - {{path: {COUNT}, from: [size/planned, size/reached]}}
  - {{path: {TITLE}, from: title}}
  - {{path: {CONDITIONS}, from: conditions}}
"""


def size(value: Any) -> int:
    if str(value).isdigit():
        return int(value)
    raise Unreadable("no number", "ambiguous")


MAPPER = Mapper(parse_mapping(TEXT), {"size": size, "said": lambda value: "" if value == "none" else value})


def of_xml(inner: str) -> dict[str, Any]:
    record = etree.fromstring(f'<r xmlns="urn:x">{inner}</r>')
    return MAPPER.shown.noted(record, MAPPER.of_xml(record))


def of_json(record: dict[str, Any]) -> dict[str, Any]:
    return MAPPER.shown.noted(record, MAPPER.of_json(record))


def states(study: dict[str, Any]) -> dict[str, str]:
    return {one["field"]: one["state"] for one in study.get("registrySection", {}).get("fieldStates", ())}


@pytest.mark.parametrize(
    ("inner", "record", "expected"),
    [
        ("<title/>", {"title": None}, {TITLE: "empty"}),
        ("<title><!-- to do --> </title>", {"title": " "}, {TITLE: "empty"}),
        ("<title>none</title>", {"title": "none"}, {TITLE: "empty"}),
        ("<title>T</title>", {"title": "T"}, {}),
        ("", {}, {}),
        ("<size/>", {"size": {}}, {}),
        ("<size><planned/></size>", {"size": {"planned": ""}}, {COUNT: "empty"}),
        ("<size><planned/><reached/></size>", {"size": {"planned": None, "reached": None}}, {COUNT: "empty"}),
        ("<size><planned/><reached>3</reached></size>", {"size": {"planned": None, "reached": 3}}, {}),
        ("<size><planned>many</planned></size>", {"size": {"planned": "many"}}, {COUNT: "ambiguous"}),
        ("<conditions/>", {"conditions": []}, {CONDITIONS: "empty"}),
        (
            "<conditions><condition><name/></condition><condition/></conditions>",
            {"conditions": [{"condition": {"name": ""}}, {"condition": None}]},
            {CONDITIONS: "empty"},
        ),
        (
            "<conditions><condition><name/></condition><condition><name>A</name></condition></conditions>",
            {"conditions": [{"condition": {"name": ""}}, {"condition": {"name": "A"}}]},
            {},
        ),
        ("<conditions><other>x</other></conditions>", {"conditions": {"other": "x"}}, {}),
    ],
)
def test_empty_is_what_is_there_and_says_nothing(inner: str, record: dict[str, Any], expected: dict[str, str]) -> None:
    assert states(of_xml(inner)) == expected
    assert states(of_json(record)) == expected


def test_the_state_names_its_sources_and_stands_behind_others() -> None:
    study = of_json({"size": {"planned": "many"}, "title": ""})
    first, second = study["registrySection"]["fieldStates"]
    assert first["field"] == COUNT
    assert second == {
        "field": TITLE,
        "state": "empty",
        "label": "title",
        "reason": "the record shows the field, with nothing in it",
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [("from: title}", "from: name}"), (f"path: {TITLE}", "path: protocolSection.noModule")],
    ids=["a source without a row", "a field that does not exist"],
)
def test_entries_that_cannot_be_meant_are_refused(old: str, new: str) -> None:
    before, shown, after = TEXT.partition("shown:")
    with pytest.raises(MappingError):
        Mapper(parse_mapping(before + shown + after.replace(old, new)), {"size": size, "said": str})
