"""Rows of a table by the short way: what it gives is what the Mapper gives, and what it cannot give it leaves to it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.readers.mapping import CONVERTERS, Mapper, Unreadable, parse_mapping
from pipelines.readers.mapping.columns import column_program
from pipelines.readers.mapping.plan import compile_rows

MAPPING = parse_mapping(
    """
format: demo
title: Demo
source: nowhere
rows:
  - {from: id, to: protocolSection.identificationModule.nctId}
  - {from: other id, to: protocolSection.identificationModule.nctId}
  - {from: start, to: protocolSection.statusModule.startDateStruct.date, as: english_date}
  - {from: status, to: protocolSection.statusModule.overallStatus, as: words status}
  - {from: conditions, to: protocolSection.conditionsModule.conditions}
  - {from: remark, keep: true}
  - {from: day of export, ignore: says nothing}
  - {from: masking, to: protocolSection.designModule.designInfo.maskingInfo, as: masking, gives: [masking, whoMasked]}
  - {from: sex/said, to: protocolSection.eligibilityModule.sex, as: words sex}
  - from: sponsors
    items: protocolSection.sponsorCollaboratorsModule.collaborators
    rows: [{from: ., to: name}]
  - from: sites
    items: protocolSection.contactsLocationsModule.locations
    rows:
      - {from: country, to: country}
      - {from: text, keep: true}
words:
  status: {Open: RECRUITING, Done: COMPLETED, "-": null}
  sex: {f: FEMALE}
"""
)


def masking(value: Any) -> dict[str, Any]:
    if value == "?":
        raise Unreadable("not a masking")
    return {"masking": str(value).upper(), "whoMasked": ["PARTICIPANT"], "maskingDescription": None}


def bars(cell: str) -> list[str]:
    return [piece for piece in map(str.strip, cell.split("|")) if piece]


def sites(cell: str) -> list[dict[str, Any]]:
    return [{"country": piece if piece[0].isupper() else None, "text": piece} for piece in bars(cell)]


CELLS = {"conditions": bars, "sponsors": bars, "sites": sites, "sex/said": str.lower}
NAMES = (
    "id", "other id", "start", "status", "conditions", "remark", "day of export", "masking", "sex/said", "sponsors",
    "sites",
)  # fmt: skip
PROGRAM = column_program(compile_rows(MAPPING, CONVERTERS | {"masking": masking}), NAMES, CELLS)
MAPPER = Mapper(MAPPING, {"masking": masking})


def by_mapper(fields: list[str]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, cell in zip(NAMES, fields, strict=True):
        if cell.strip():
            outer, _, inner = name.partition("/")
            value: Any = CELLS[name](cell) if name in CELLS else cell
            record[outer] = {inner: value} if inner else value
    return MAPPER.of_json(record)


CHOICES = {
    "id": ["N1", " N1 ", ""],
    "other id": ["", "", "N1", "N2"],
    "start": ["", "June 2026", "June 3, 2026", "06/07/2026"],
    "status": ["Open", "done", "-", "?", ""],
    "conditions": ["A|B", "A", "|", "", " "],
    "masking": ["", "double", "single", "?"],
    "sex/said": ["F", "", "x"],
    "sponsors": ["", "A|B", "C"],
    "sites": ["", "X|Y", "X|y", "x"],
}


@given(st.tuples(*(st.sampled_from(CHOICES.get(name, ["", "text"])) for name in NAMES)))
@settings(max_examples=400, deadline=None)
def test_the_short_way_gives_what_the_mapper_gives_or_nothing(fields: tuple[str, ...]) -> None:
    found = PROGRAM(fields)
    if found is not None:
        assert found[0] == by_mapper(list(fields))


def test_ordinary_rows_do_go_the_short_way() -> None:
    fields = ["N1", "", "June 2026", "Open", "A|B", "r", "today", "double", "F", "S|T", "X|Y"]
    found = PROGRAM(fields)
    assert found is not None
    study, taken = found
    assert study["protocolSection"]["contactsLocationsModule"]["locations"] == [{"country": "X"}, {"country": "Y"}]
    assert taken["sponsors"] == ["S", "T"]
    again = PROGRAM(fields)
    assert again is not None
    again[0]["protocolSection"]["designModule"]["designInfo"]["maskingInfo"]["whoMasked"].append("INVESTIGATOR")
    assert PROGRAM(fields) == found, "what was given once may be changed"


@pytest.mark.parametrize(
    ("column", "cell"),
    [("start", "06/07/2026"), ("status", "?"), ("masking", "?"), ("other id", "N2"), ("sites", "x")],
)
def test_what_has_to_be_noted_is_left_to_the_mapper(column: str, cell: str) -> None:
    assert PROGRAM([cell if name == column else "N1" if name == "id" else "" for name in NAMES]) is None


def test_columns_that_no_row_names_are_left_to_the_mapper() -> None:
    program = column_program(compile_rows(MAPPING, CONVERTERS | {"masking": masking}), ("id", "colour"), CELLS)
    assert program(["N1", "red"]) is None
    assert program(["N1", ""]) is not None
