"""Rows cut from a table: whatever stands in a text comes back, and hostile bytes cost no more than themselves."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.landing.member import Member
from pipelines.readers.aact_flat import rows as rows_module
from pipelines.readers.aact_flat.rows import BrokenRow, TableRows, split_row
from pipelines.readers.aact_flat.tables import Heading, TableMember
from pipelines.settings import Limits

HEADING = Heading(("id", "nct_id", "name", "description"), b"|")
RETRACTIONS = Heading(("id", "reference_id", "pmid", "source", "nct_id"), b"|")
TEXTS = st.text(st.sampled_from('a1 |"~\n,é'), max_size=12)
SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def cut(data: bytes, heading: Heading = HEADING) -> tuple[TableRows, list[tuple[int, bytes, bytes]]]:
    """The pass over a table and its rows as (line, key, bytes)."""
    found = TableRows(TableMember("conditions", Member.of_bytes("conditions.txt", data), heading), Limits())
    return found, [row for block in found for row in zip(block.lines, block.keys, block.raws, strict=True)]


def written(heading: Heading, lines: list[list[str]]) -> bytes:
    """A table as PostgreSQL writes it, line breaks and all."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="|", lineterminator="\n")
    writer.writerows([list(heading.names), *lines])
    return text.getvalue().encode()


@SETTINGS
@given(st.lists(st.tuples(st.integers(0, 99_999_999), TEXTS, TEXTS), max_size=8), st.sampled_from([16, 64, 4096]))
def test_any_text_comes_back(monkeypatch: pytest.MonkeyPatch, content: list[tuple[int, str, str]], block: int) -> None:
    monkeypatch.setattr(rows_module, "BLOCK_BYTES", block)
    lines = [[str(place), f"NCT{number:08}", name, text] for place, (number, name, text) in enumerate(content)]
    found, rows = cut(written(HEADING, lines))
    assert found.bad == []
    assert [split_row(raw.decode(), HEADING) for _, _, raw in rows] == lines
    assert [key.decode() for _, key, _ in rows] == [line[1] for line in lines]
    assert all(a < b for (a, _, _), (b, _, _) in pairwise(rows))


@SETTINGS
@given(st.lists(st.tuples(st.integers(0, 99_999_999), TEXTS), max_size=5))
@example([(0, "\n|||1"), (1, "\n2|7||"), (2, "a")])
def test_an_id_behind_a_text_is_found(content: list[tuple[int, str]]) -> None:
    """Also where a line of the text begins as a row does: it was taken for one, and both were lost."""
    lines = [[str(place), "7", "", text, f"NCT{number:08}"] for place, (number, text) in enumerate(content)]
    found, rows = cut(written(RETRACTIONS, lines), RETRACTIONS)
    assert found.bad == []
    assert [split_row(raw.decode(), RETRACTIONS) for _, _, raw in rows] == lines


@SETTINGS
@given(st.binary(max_size=300) | st.text(st.sampled_from('1|"\nN~CT0'), max_size=200).map(str.encode))
def test_hostile_bytes_are_rows_or_refused(data: bytes) -> None:
    found, rows = cut(b"id|nct_id|name|description\n" + data)
    for _, _, raw in rows:
        with suppress(BrokenRow):
            assert len(split_row(raw.decode("utf-8", "replace"), HEADING)) == len(HEADING.names)
    assert rows or found.bad or not data.strip(b" \t\r\n\x0b\x0c")


@SETTINGS
@given(st.integers(0, 6), st.sampled_from(['"', "|", "\n", '|"', "~"]), st.integers(0, 40))
def test_one_wrong_character_costs_few_rows(line: int, wrong: str, place: int) -> None:
    """An open quotation mark or a lost line break must not swallow the rest of the table."""
    whole = [f"{number}|NCT{number:08}|name {number}|text of some length {number}" for number in range(8)]
    broken = list(whole)
    broken[line] = whole[line][:place] + wrong + whole[line][place:]
    found, rows = cut(("\n".join(["id|nct_id|name|description", *broken]) + "\n").encode())
    kept = {raw.decode() for _, _, raw in rows}
    others = set(whole) - {whole[line]}
    assert others <= kept
    assert len(found.bad) <= 2
