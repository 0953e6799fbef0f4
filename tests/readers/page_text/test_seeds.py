"""The two real pages the layouts were learnt from give exactly the expected extraction, also when the file changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.readers.page_text import (
    FIELDS,
    PageReading,
    looks_like_page_text,
    parse_page,
    read_page,
    read_pages,
    split_pages,
)

SEEDS = pytest.mark.parametrize("number", [0, 1], ids=["labelled", "label-less"])


@pytest.fixture(scope="module")
def seeds(shared_dir: Path) -> list[tuple[str, dict[str, Any]]]:
    expected = json.loads((shared_dir / "seeds" / "seed_expected.json").read_text(encoding="utf-8"))
    return [((shared_dir / "seeds" / seed["file"]).read_bytes().decode("utf-8"), seed) for seed in expected["seeds"]]


def values(reading: PageReading, skip: tuple[str, ...] = ()) -> dict[str, tuple[Any, str]]:
    return {item.field: (item.value, item.state) for item in reading.fields if not item.field.endswith(skip or ("\0",))}


def pruned(value: Any) -> Any:
    """Without nulls, without objects that have nothing else, without the DOI that v2 has no place for."""
    if isinstance(value, dict):
        kept = {key: pruned(inner) for key, inner in value.items() if key != "doi"}
        return {key: inner for key, inner in kept.items() if inner is not None and inner != {}}
    return [pruned(inner) for inner in value] if isinstance(value, list) else value


@SEEDS
def test_every_field_is_as_expected(seeds: list[tuple[str, dict[str, Any]]], number: int) -> None:
    text, expected = seeds[number]
    reading = read_page(text)
    assert len(expected["fields"]) == len(reading.fields) == 87
    for want in expected["fields"]:
        have = reading.field(want["field"])
        lines = tuple(want["lines"]) if want.get("lines") else None
        assert have.value == want["value"], want["field"]
        assert have.verbatim == want["verbatim"], want["field"]
        assert (have.state, have.lines, have.label) == (want["state"], lines, want.get("label")), want["field"]


@SEEDS
def test_study_sections_and_layout(seeds: list[tuple[str, dict[str, Any]]], number: int) -> None:
    text, expected = seeds[number]
    reading = read_page(text)
    study = dict(reading.study)
    page = study.pop("registrySection")["page"]
    assert study == pruned(expected["study_v2"])
    assert reading.sections == expected["sections"]
    assert expected["layout"].startswith(reading.layout)
    assert page["layout"] == reading.layout
    assert "unreadLines" not in page


@SEEDS
def test_field_states_carry_values_as_json(seeds: list[tuple[str, dict[str, Any]]], number: int) -> None:
    text, expected = seeds[number]
    rows = parse_page(text)["registrySection"]["fieldStates"]
    assert [row["field"] for row in rows] == list(FIELDS)
    by_field = {row["field"]: row for row in rows}
    for want in expected["fields"]:
        row = by_field[want["field"]]
        assert (json.loads(row["value"]) if "value" in row else None) == want["value"]
        assert (json.loads(row["verbatim"]) if "verbatim" in row else None) == want["verbatim"]


@SEEDS
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text + "\n",
        lambda text: text.replace("\n", " \n"),
        lambda text: text + "\n\n\n",
    ],
    ids=["crlf", "cr", "bom", "trailing-spaces", "blank-end"],
)
def test_line_ends_and_marks_change_nothing(
    seeds: list[tuple[str, dict[str, Any]]], number: int, change: Callable[[str], str]
) -> None:
    text = seeds[number][0]
    assert read_page(change(text)).fields == read_page(text).fields


@SEEDS
@pytest.mark.parametrize("gone", ["captions", "headings"])
def test_either_headings_or_captions_are_enough(
    seeds: list[tuple[str, dict[str, Any]]], number: int, gone: str
) -> None:
    text, expected = seeds[number]
    lost = {part.get("caption" if gone == "captions" else "heading") for part in expected["sections"]}
    left = "\n".join(line for line in text.split("\n") if line not in lost)
    assert looks_like_page_text(left)
    assert values(read_page(left)) == values(read_page(text))


@SEEDS
@pytest.mark.parametrize("gap", ["\n", "\n\n"], ids=["no-blank-lines", "blank-lines"])
def test_blank_lines_carry_no_meaning(seeds: list[tuple[str, dict[str, Any]]], number: int, gap: str) -> None:
    text = seeds[number][0]
    changed = gap.join(line for line in text.split("\n") if line.strip())
    prose = ("Summary", "Description", "eligibilityCriteria")
    assert values(read_page(changed), prose) == values(read_page(text), prose)


@SEEDS
def test_a_section_that_is_gone_takes_only_its_own_fields(seeds: list[tuple[str, dict[str, Any]]], number: int) -> None:
    text, expected = seeds[number]
    lines = text.split("\n")
    present = [part for part in expected["sections"] if part["present"]]
    starts = [*(part["line"] for part in present), len(lines) + 1]
    # What is told with the help of another section: who is named in the arms, which ids the prose holds.
    leaning = {"protocolSection.armsInterventionsModule.interventions", "mentions.registryIds"}
    leaning.add("protocolSection.identificationModule.secondaryIdInfos")
    for part, start, end in zip(present, starts, starts[1:], strict=False):
        reading = read_page("\n".join(lines[: start - 1] + lines[end - 1 :]))
        for want in expected["fields"]:
            if want["field"] in leaning:
                continue
            have = reading.field(want["field"])
            inside = want.get("lines") and start <= want["lines"][0] < end
            if inside:
                assert (have.value, have.state) == (None, "absent"), (part["heading"], want["field"])
            else:
                assert (have.value, have.state) == (want["value"], want["state"]), (part["heading"], want["field"])


@SEEDS
def test_no_lost_line_puts_another_value_in_its_place(seeds: list[tuple[str, dict[str, Any]]], number: int) -> None:
    """Each line is dropped once: a single value is then the same or none, never a neighbour's."""
    text = seeds[number][0]
    full = {item.field: item for item in read_page(text).fields}
    lines = text.split("\n")
    prose = ("Summary", "Description", "eligibilityCriteria")
    for place, line in enumerate(lines):
        if not line.strip():
            continue
        for item in read_page("\n".join(lines[:place] + lines[place + 1 :])).fields:
            single = not isinstance(item.value, list | dict | type(None)) and not item.field.endswith(prose)
            if single and item.state not in ("ambiguous", "damaged"):
                assert item.value == full[item.field].value, (line, item.field)


def test_glued_pages_come_apart(seeds: list[tuple[str, dict[str, Any]]]) -> None:
    """Neither file ends with a newline, so joined ones run into each other within a line."""
    first, second = seeds[0][0], seeds[1][0]
    for texts in ((first, second), (second, first), (first, first), (second, second, first)):
        glued = "".join(texts)
        pages = split_pages(glued)
        assert [page for _, page in pages] == list(texts)
        assert pages[0][0] == 1
        spread = split_pages("\r\n".join(texts) + "\n")
        assert [page.strip() for _, page in spread] == list(texts)
    pages = list(read_pages(first + second))
    assert (pages[0].first_line, pages[0].last_line, pages[1].first_line) == (1, 224, 224)
    assert [page.study for page in pages] == [parse_page(first), parse_page(second)]


@pytest.mark.parametrize(
    ("number", "line", "text", "field", "want"),
    [
        (0, 19, "WITHDRAWN", "overallStatus", ("WITHDRAWN", "present")),
        (0, 31, "2026-06-31", "startDateStruct.date", (None, "damaged")),
        (0, 35, "2040-06", "completionDateStruct.date", ("2040-06", "present")),
        (0, 23, "0 participants", "enrollmentInfo.count", (0, "present")),
        (0, 125, "Yes", "healthyVolunteers", (True, "present")),
        (0, 5, "Last Updated: 2026-13-06", "lastUpdatePostDateStruct.date", (None, "damaged")),
        (1, 6, "EARLY_PHASE1", "phases", (["EARLY_PHASE1"], "present_unlabelled")),
        (1, 6, "NA", "phases", (["NA"], "present_unlabelled")),
        (1, 9, "2012-02-30", "startDateStruct.date", (None, "damaged")),
        (1, 37, "FACTORIAL", "interventionModel", ("FACTORIAL", "present_unlabelled")),
        (1, 38, "OTHER", "primaryPurpose", ("OTHER", "present_unlabelled")),
        (1, 82, "FEMALE", "sex", ("FEMALE", "present_unlabelled")),
    ],
)
def test_other_values_in_the_same_places(
    seeds: list[tuple[str, dict[str, Any]]], number: int, line: int, text: str, field: str, want: tuple[Any, str]
) -> None:
    lines = seeds[number][0].split("\n")
    lines[line - 1] = text
    reading = read_page("\n".join(lines))
    item = next(item for item in reading.fields if item.field.endswith(field))
    assert (item.value, item.state) == want
    if want[1] == "damaged":
        assert item.verbatim in text
