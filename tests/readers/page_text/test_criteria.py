"""Criteria text is cut by its structure, and says what is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.page_text.criteria import MAX_LOST, CriteriaReading, parse_criteria
from pipelines.readers.page_text.criteria_lines import heading_kind
from pipelines.study.criterion_lines import unescape


def parse(text: str) -> CriteriaReading:
    return parse_criteria(enumerate(text.splitlines(), start=1))


def texts(reading: CriteriaReading, kind: str) -> list[str | None]:
    return [item.text for item in reading.of(kind)]


@pytest.mark.parametrize(
    ("line", "want"),
    [
        ("Inclusion Criteria", ("inclusion", "")),
        ("Inclusion Criteria:", ("inclusion", "")),
        ("INCLUSION CRITERIA", ("inclusion", "")),
        ("**Inclusion Criteria:**", ("inclusion", "")),
        ("## Exclusion criteria", ("exclusion", "")),
        ("* Exclusion Criteria:", ("exclusion", "")),
        ("Key Exclusion Criteria:", ("exclusion", "")),
        ("Main inclusion criterion:", ("inclusion", "")),
        ("2. Exclusion Criteria:", ("exclusion", "")),
        ("Exclusion Criteria for Part B:", ("exclusion", "")),
        ("Exclusion criteria are as follows:", ("exclusion", "")),
        ("Inclusion Criteria (patients):", ("inclusion", "")),
        ("Non-inclusion criteria", ("exclusion", "")),
        ("Exclusion:", ("exclusion", "")),
        ("Inclusion", ("inclusion", "")),
        ("Inclusion Criteria: Age over 18", ("inclusion", "Age over 18")),
        ("Eligibility Criteria:", ("", "")),
        ("Inclusion and Exclusion Criteria", ("", "")),
        ("Inclusion criteria of the main study must be met", None),
        ("Exclusion of pregnancy", None),
        ("Patients with inclusion bodies", None),
        ("1. Age over 18", None),
        ("", None),
    ],
)
def test_headings(line: str, want: tuple[str, str] | None) -> None:
    assert heading_kind(line) == want


@pytest.mark.parametrize(
    "markers",
    [("1. ", "2. "), ("1) ", "2) "), ("(1) ", "(2) "), ("* 1\\. ", "* 2\\. "), ("1.", "2."),
     ("* ", "* "), ("- ", "- "), ("• ", "• ")],
    ids=["dot", "bracket", "brackets", "escaped", "tight", "star", "dash", "dot-bullet"],
)  # fmt: skip
def test_markers(markers: tuple[str, str]) -> None:
    one, two = markers
    reading = parse(f"Inclusion Criteria:\n\n{one}Owns a boat\n{two}Sails\n\nExclusion Criteria:\n\n{one}Sea sickness")
    assert texts(reading, "inclusion") == ["Owns a boat", "Sails"]
    assert texts(reading, "exclusion") == ["Sea sickness"]
    assert reading.states == {"inclusion": "present", "exclusion": "present"}
    assert not reading.damaged
    numbered = one[0] in "1(" or "1" in one
    assert [item.number for item in reading.of("inclusion")] == ([1, 2] if numbered else [None, None])


def test_lines_without_markers_are_criteria() -> None:
    reading = parse("Inclusion Criteria:\n\nOwns a boat\n\nSails\n\nExclusion Criteria:\n\nSea sickness")
    assert texts(reading, "inclusion") == ["Owns a boat", "Sails"]
    assert texts(reading, "exclusion") == ["Sea sickness"]


def test_numbers_that_fall_back_are_the_boundary() -> None:
    reading = parse("Inclusion Criteria\n1. a\n2. b\n3. c\n2. d\n3. e")
    assert texts(reading, "inclusion") == ["a", "b", "c"]
    assert [(item.number, item.text) for item in reading.of("exclusion")] == [(1, None), (2, "d"), (3, "e")]
    assert reading.states == {"inclusion": "present", "exclusion": "damaged"}
    assert reading.damaged


def test_a_restart_at_one_loses_only_the_heading() -> None:
    reading = parse("Inclusion Criteria\n1. a\n2. b\n1. c\n2. d")
    assert texts(reading, "exclusion") == ["c", "d"]
    assert reading.states["exclusion"] == "present_unlabelled"
    assert reading.damaged


def test_two_restarts_leave_the_rest_unknown() -> None:
    reading = parse("Inclusion Criteria\n1. a\n2. b\n1. c\n2. d\n1. e")
    assert texts(reading, "inclusion") == ["a", "b"]
    assert texts(reading, "unknown") == ["c", "d", "e"]
    assert reading.states == {"inclusion": "present", "exclusion": "ambiguous"}


def test_under_both_headings_a_restart_is_a_second_part_of_the_same_kind() -> None:
    reading = parse("Inclusion Criteria:\n\nPart A:\n1. a\n2. b\n\nPart B:\n1. c\n2. d\n\nExclusion Criteria:\n1. e")
    assert texts(reading, "inclusion") == ["a", "b", "c", "d"]
    assert texts(reading, "exclusion") == ["e"]
    assert not reading.damaged


def test_a_list_inside_a_criterion_that_lost_its_indentation() -> None:
    reading = parse("Inclusion Criteria:\n1. a\n2. One of:\n1. x\n2. y\n3. c\n\nExclusion Criteria:\n1. d")
    assert texts(reading, "inclusion") == ["a", "One of:\n1. x\n2. y", "c"]


def test_indented_lists_belong_to_their_criterion() -> None:
    reading = parse("Inclusion Criteria:\n\n* a, such as:\n\n  1. x\n  2. y\n* b\n\nExclusion Criteria:\n\n* c")
    assert texts(reading, "inclusion") == ["a, such as:\n1. x\n2. y", "b"]


def test_skipped_numbers_are_lost_criteria() -> None:
    reading = parse("Inclusion Criteria:\n2. b\n5. e\n\nExclusion Criteria:\n1. f")
    assert [(item.number, item.text) for item in reading.of("inclusion")] == [
        (1, None), (2, "b"), (3, None), (4, None), (5, "e")
    ]  # fmt: skip
    assert reading.states == {"inclusion": "damaged", "exclusion": "present"}


def test_numbers_that_skip_too_far_are_no_numbering() -> None:
    reading = parse(f"Inclusion Criteria:\n1. a\n{MAX_LOST + 100}. b\n\nExclusion Criteria:\n1. c")
    assert texts(reading, "inclusion") == ["a", "b"]


def test_lettered_alternatives_make_a_tree() -> None:
    reading = parse(
        "Inclusion Criteria:\n1. One of: \na. this: i. x\nii. y\nb. that\nand more\n2. b\n\nExclusion Criteria:\n1. c"
    )
    first = reading.of("inclusion")[0]
    assert first.text == "One of:\na. this: i. x\nii. y\nb. that\nand more"
    assert list(first.tree) == [
        {"k": "a", "text": "this:", "items": ["x", "y"]},
        {"k": "b", "text": "that\nand more", "items": []},
    ]


def test_a_first_criterion_that_lost_its_own_line() -> None:
    reading = parse("Inclusion Criteria\na. this\nb. that\n* 2\\. c")
    first, second = reading.of("inclusion")
    assert (first.number, first.text, first.damaged, len(first.tree)) == (1, "a. this\nb. that", True, 2)
    assert (second.number, second.text) == (2, "c")
    assert first.value()["damaged"] is True
    assert "damaged" not in second.value()


def test_an_introduction_is_no_criterion() -> None:
    reading = parse("Inclusion Criteria:\n\nSubjects must:\n1. a\n2. b\n\nExclusion Criteria:\n* c")
    assert texts(reading, "inclusion") == ["a", "b"]


def test_criteria_above_the_exclusion_heading_are_inclusion() -> None:
    reading = parse("1. a\n2. b\n\nExclusion Criteria:\n1. c")
    assert texts(reading, "inclusion") == ["a", "b"]
    assert reading.states == {"inclusion": "present_unlabelled", "exclusion": "present"}


def test_without_any_heading_the_kind_is_unknown() -> None:
    reading = parse("* a\n* b")
    assert texts(reading, "unknown") == ["a", "b"]
    assert reading.states == {"inclusion": "ambiguous", "exclusion": "ambiguous"}


def test_without_any_heading_one_restart_makes_two_lists() -> None:
    reading = parse("1. a\n2. b\n1. c")
    assert (texts(reading, "inclusion"), texts(reading, "exclusion")) == (["a", "b"], ["c"])
    assert reading.states == {"inclusion": "present_unlabelled", "exclusion": "present_unlabelled"}


def test_one_gap_in_a_tight_list_of_bullets_may_be_a_lost_heading() -> None:
    reading = parse("Inclusion Criteria:\n\n* a\n* b\n\n\n* c\n* d")
    assert (texts(reading, "inclusion"), texts(reading, "unknown")) == (["a", "b"], ["c", "d"])
    assert reading.states == {"inclusion": "present", "exclusion": "ambiguous"}
    loose = parse("Inclusion Criteria:\n\n* a\n\n* b\n\n* c")
    assert texts(loose, "inclusion") == ["a", "b", "c"]


def test_a_heading_without_criteria_is_empty() -> None:
    assert parse("Inclusion Criteria:\n1. a\nExclusion Criteria:").states == {
        "inclusion": "present",
        "exclusion": "empty",
    }
    assert parse("").states == {"inclusion": "absent", "exclusion": "absent"}


def test_lines_and_raw_text_are_kept() -> None:
    item = parse("Inclusion Criteria\n\n* 1\\. QTc \\< 450 ms\n  measured twice\n2. b").of("inclusion")[0]
    assert (item.line_start, item.line_end) == (3, 4)
    assert item.raw == "* 1\\. QTc \\< 450 ms\n  measured twice"
    assert item.text == "QTc < 450 ms\nmeasured twice"


@pytest.mark.parametrize(
    ("text", "want"), [(r"\< 3 \* 2\. \\", r"< 3 * 2. \ ".strip()), ("C:\\dir", "C:\\dir"), ("a", "a")]
)
def test_unescape(text: str, want: str) -> None:
    assert unescape(text) == want


_WORDS = st.text(alphabet="abcXYZ äß≥(){}", min_size=1, max_size=30).map(lambda text: "x" + text.strip() + "y")


@given(st.lists(_WORDS, min_size=1, max_size=8), st.lists(_WORDS, min_size=1, max_size=8), st.booleans())
def test_numbered_lists_come_back(inclusion: list[str], exclusion: list[str], headed: bool) -> None:
    lines = ["Inclusion Criteria:", *(f"{n}. {text}" for n, text in enumerate(inclusion, 1))]
    lines += ["Exclusion Criteria:"] if headed else []
    lines += [f"{n}. {text}" for n, text in enumerate(exclusion, 1)]
    reading = parse_criteria(enumerate(lines, 1))
    assert (texts(reading, "inclusion"), texts(reading, "exclusion")) == (inclusion, exclusion)


@given(st.lists(st.text(alphabet="12a.)*-• \\:(Inclusion Exclusion Criteria", max_size=40), max_size=12))
def test_any_text_is_read_and_no_line_is_invented(lines: list[str]) -> None:
    reading = parse_criteria(enumerate(lines, 1))
    text = "\n".join(lines)
    assert set(reading.states) == {"inclusion", "exclusion"}
    for item in reading.items:
        assert (item.text is None) == (item.raw is None)
        assert item.raw is None or all(part.strip() in text for part in item.raw.split("\n"))


def test_hostile_lines_take_no_time() -> None:
    lines = [
        "Inclusion" + " criteria" * 5000,
        "1" * 50_000,
        "*" * 50_000,
        "(" * 50_000,
        " " * 50_000 + "1. a",
        "a. " * 20_000,
    ]
    assert len(parse_criteria(enumerate(lines, 1)).items) <= len(lines) + MAX_LOST
