"""Eligibility texts as trees: what belongs under what, which kind, what is lost; every usual marker."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.readers.page_text import parse_page
from pipelines.study.criterion_lines import heading, read_marker
from pipelines.study.criterion_rows import LARGEST_NUMBER
from pipelines.study.criterion_tree import MAX_DEPTH, CriterionRow, CutCriterion, split_cut, split_text


def tree(text: str) -> list[tuple[str, str | None, str | None]]:
    """(path, numbering, text) of each row."""
    return [(row.path, row.numbering, row.text) for row in split_text(text)]


def column(text: str, name: str) -> list[Any]:
    return [getattr(row, name) for row in split_text(text)]


def test_numbers_bullets_escapes_and_sub_items_under_their_headings() -> None:
    rows = split_text(
        "Inclusion Criteria:\n\n1. Age \\>= 18 years\n2. One of:\n\n   * asthma\n   * eczema\n\nExclusion Criteria:\n\n"
        "* 1\\. Pregnancy\n* 3.5 mg of examplin or more\n* e.g. smokers\n(s)he smokes\n\\-\n"
    )
    assert [(row.path, row.kind, row.number, row.label, row.nesting, row.text) for row in rows] == [
        ("1", "inclusion", 1, "1.", None, "Age >= 18 years"),
        ("2", "inclusion", 2, "2.", None, "One of:"),
        ("2.1", "inclusion", None, "*", "indent", "asthma"),
        ("2.2", "inclusion", None, "*", "indent", "eczema"),
        ("3", "exclusion", 1, "* 1.", None, "Pregnancy"),
        ("4", "exclusion", None, "*", None, "3.5 mg of examplin or more"),
        ("5", "exclusion", None, "*", None, "e.g. smokers"),
        ("6", "exclusion", None, None, None, "(s)he smokes"),
    ]
    assert {row.heading for row in rows} == {"Inclusion Criteria:", "Exclusion Criteria:"}
    assert [row.line_no for row in rows] == [3, 4, 6, 7, 11, 12, 13, 14]
    assert not any(row.damage for row in rows)


def test_lists_whose_indentation_is_lost_nest_by_their_form() -> None:
    text = "1. first\n2. second\na. one\ni. deep\nii. deeper\nb. two\n3. third\n1) any\n2) other\n4. fourth"
    assert [numbering for _, numbering, _ in tree(text)] == [
        "1", "2", "2.a", "2.a.i", "2.a.ii", "2.b", "3", "3.1", "3.2", "4",
    ]  # fmt: skip
    assert set(column(text, "nesting")) == {None, "style"}


def test_a_colon_announces_a_list_of_the_same_form() -> None:
    text = "1. consent\n2. one of:\n1. asthma\n2. eczema\n3. adults"
    assert [path for path, _, _ in tree(text)] == ["1", "2", "2.1", "2.2", "3"]
    assert column(text, "nesting")[2] == "announced"


def test_a_paragraph_with_a_colon_announces_what_follows_until_the_next() -> None:
    text = "For women:\n* not pregnant\n* of age\nFor men:\n* of age\nNobody else."
    assert [path for path, _, _ in tree(text)] == ["1", "1.1", "1.2", "2", "2.1", "3"]


def test_a_numbered_list_goes_on_below_a_paragraph_with_a_list_of_its_own() -> None:
    text = "1. adults\n2. severe disease\nSevere is any of:\na) shock\nb) respiratory failure\n3. consent\n4. hospital"
    assert [path for path, _, _ in tree(text)] == ["1", "2", "3", "3.1", "3.2", "4", "5"]
    assert set(column(text, "damage")) == {None}


def test_i_is_a_letter_between_h_and_j_and_a_roman_number_elsewhere() -> None:
    letters = "\n".join(f"{letter}. item" for letter in "abcdefghij")
    assert [path for path, _, _ in tree(letters)] == [str(number) for number in range(1, 11)]
    assert [numbering for _, numbering, _ in tree("a. one\ni. x\nii. y\nb. two")] == ["a", "a.i", "a.ii", "b"]


def test_numbers_of_several_levels_hang_on_their_number_and_measures_do_not() -> None:
    text = "1. lungs\n1.1 no asthma\n1.2 no cough\n1.2.1 at night\n2. heart\n2.1. no failure\n3.5 mg of examplin"
    assert tree(text) == [
        ("1", "1", "lungs"),
        ("1.1", "1.1", "no asthma"),
        ("1.2", "1.2", "no cough"),
        ("1.2.1", "1.2.1", "at night"),
        ("2", "2", "heart"),
        ("2.1", "2.1", "no failure"),
        ("3", None, "3.5 mg of examplin"),
    ]


def test_full_width_brackets_circled_numbers_and_word_bullets() -> None:
    text = "（1）adults\n（2）consent\n3、writes\n① one\n② two\n• dot\n? lost glyph\no Circle"
    assert column(text, "label") == ["（1）", "（2）", "3、", "①", "②", "•", "?", "o"]
    assert column(text, "number") == [1, 2, 3, 1, 2, None, None, None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. adults. 2. consent; 3. no asthma", ["adults.", "consent;", "no asthma"]),
        ("(1) adults (2) consent (3) no asthma", ["adults", "consent", "no asthma"]),
        ("- Adults.- Consent.- No asthma", ["Adults.", "Consent.", "No asthma"]),
        ("Any of: • asthma • eczema", ["Any of:", "asthma", "eczema"]),
        ("one of: a) asthma\nb) eczema", ["one of: a) asthma", "eczema"]),
        ("1. one of: a) asthma\nb) eczema", ["one of:", "asthma", "eczema"]),
        ("1. adults 2. consent", ["adults 2. consent"]),
        ("1. grade 2.5 or 3.5", ["grade 2.5 or 3.5"]),
        ("Stage 1. or 2. or 3. disease", ["Stage 1. or 2. or 3. disease"]),
        ("- well-known - not cut", ["well-known - not cut"]),
    ],
)  # fmt: skip
def test_items_run_together_are_cut_where_it_is_certain(text: str, expected: list[str]) -> None:
    rows = split_text(text)
    assert [row.text for row in rows] == expected


def test_what_was_cut_out_of_a_line_says_so() -> None:
    assert column("1. adults; 2. consent; 3. no asthma", "damage") == [None, "line_breaks_lost", "line_breaks_lost"]
    rows = split_text("Inclusion Criteria: adults. Exclusion Criteria: asthma")
    assert [(row.kind, row.text) for row in rows] == [("inclusion", "adults."), ("exclusion", "asthma")]
    rows = split_text("Inclusion Criteria:\n* a score of 4 or less at the first visit Exclusion Criteria:\n* asthma")
    assert [row.kind for row in rows] == ["inclusion", "exclusion"]


def test_wrapped_lines_are_one_and_short_ones_are_not() -> None:
    text = "1. Must have given written informed consent before the first\nprocedure of the study\n2. Adult\nwoman"
    assert [row[2] for row in tree(text)] == [
        "Must have given written informed consent before the first procedure of the study",
        "Adult",
        "woman",
    ]


def test_a_bare_number_takes_the_line_below_and_has_lost_its_text_without_one() -> None:
    assert tree("1.\nAdults\n2. Consent") == [("1", "1", "Adults"), ("2", "2", "Consent")]
    rows = split_text("1. Adults\n2.\n3. Consent")
    assert [(row.text, row.damage) for row in rows] == [("Adults", None), (None, "text_lost"), ("Consent", None)]


def test_numbering_that_starts_late_jumps_or_starts_over_is_damage_unless_something_stands_between() -> None:
    rows = split_text(
        "KEY INCLUSION CRITERIA\n2. late\n3. next\n5. jump\n1. over\nFor women:\n1. new list\n"
        "Exclusion criteria for controls\n2. goes on after the heading"
    )
    assert [(row.kind, row.text, row.damage) for row in rows] == [
        ("inclusion", "late", "number_missing"),
        ("inclusion", "next", None),
        ("inclusion", "jump", "number_missing"),
        ("inclusion", "over", "number_restarts"),
        ("inclusion", "For women:", None),
        ("inclusion", "new list", None),
        ("exclusion", "goes on after the heading", None),
    ]


@pytest.mark.parametrize(
    ("text", "damage"),
    [
        # In its own format the registry runs lines together: the criterion is there, within the one above it.
        ("1. adults 2. consent\n3. no asthma", [None, None]),
        ("* 1\\. Adults\n\n  2\\. one lesion by RECIST 1.1. 3. Fresh tissue\n\n  4\\. ECOG 0", [None] * 3),
        ("1. adults\n2. no inhibitors 3．With severe disease\n4. not pregnant", [None] * 3),
        ("1. adults\n2. no inhibitors 3．With severe disease\n4．not pregnant", [None] * 3),
        ("No child with: 1) asthma 2) eczema\n3) hay fever", [None, None]),
        ("- a) Over 18 b) Lymphoma c) Relapsed\nd) Consent", [None, None]),
        ("i. blood counts\nii. platelets iii. haemoglobin\niv. clotting", [None] * 3),
        ("A. women\n  * adults\n  * grade 0 or 1 B. Of age. C. Able to consent\nD. men", [None] * 4),
        # Not all of those between, not as markers, or further than anybody counts.
        ("1. adults 2. consent\n4. no asthma", [None, "number_missing"]),
        ("1. adults with 2 of 3 signs\n3. no asthma", [None, "number_missing"]),
        ("1. a score of 2.5\n3. no asthma", [None, "number_missing"]),
        ("1. adults 3. consent 2. asthma\n4. cough", [None, "number_missing"]),
        ("1. adults\n99. asthma", [None, "number_missing"]),
    ],
)
def test_numbers_that_stand_in_the_text_above_are_not_missing(text: str, damage: list[str | None]) -> None:
    assert column(text, "damage") == damage


def test_a_list_that_the_line_above_announces_begins_anew_whatever_is_indented_how() -> None:
    text = "* a. cohort:\n  1. adults\n  2. asthma\n      * deep\n      1. any of:\n  1. infections\n  2. gout"
    assert set(column(text, "damage")) == {None}


def test_an_outer_list_goes_on_below_an_inner_one_of_its_form_that_is_indented_like_it() -> None:
    text = "* 1\\. Treatment with any of:\n\n  1. drugs\n  2. surgery\n\n  2\\. Other toxicities\n\n  3\\. Tumours"
    rows = split_text(text)
    assert [(row.path, row.damage) for row in rows] == [
        ("1", None), ("1.1", None), ("1.2", None), ("2", None), ("3", None),
    ]  # fmt: skip


def test_a_bullet_or_letter_that_ends_in_a_colon_announces_a_list_that_starts_anew() -> None:
    rows = split_text(
        "Inclusion Criteria:\n* a. Allergic to milk, all of:\n* 1\\. a positive test\n* 2\\. a history\n"
        "* b. Allergic to egg, all of:\n* 1\\. a positive test\n* c. no colon\n* 1\\. below c\n"
        "Note on guardians:\n1. must consent"
    )
    assert [(row.path, row.damage) for row in rows] == [
        ("1", None), ("1.1", None), ("1.2", None), ("2", None), ("2.1", None), ("3", None), ("3.1", None), ("4", None),
        ("4.1", None),
    ]  # fmt: skip


def test_forms_of_headings_and_sentences_that_only_speak_of_criteria() -> None:
    rows = split_text(
        "Adults of any sex.\nPatients must meet all of the following inclusion criteria:\n- signed consent\n"
        "- not meeting inclusion criteria of another study\nOther protocol-defined exclusion criteria may apply.\n"
        "Subjects will be excluded if any of these apply:\n(a) allergy\nInclusion in another trial is allowed\n"
        "Who does not meet the inclusion criteria:\nCriteria for non-inclusion in the control group:\n* asthma\n"
        "Exclusion: none\nInclusion and Exclusion Criteria:\n* read the protocol\nInclusion criteria: adults\n"
        "Key Exclusion Criteria: not meeting inclusion criteria"
    )
    assert [(row.kind, row.text) for row in rows] == [
        ("unknown", "Adults of any sex."),
        ("inclusion", "signed consent"),
        ("inclusion", "not meeting inclusion criteria of another study"),
        ("inclusion", "Other protocol-defined exclusion criteria may apply."),
        ("exclusion", "allergy"),
        ("exclusion", "Inclusion in another trial is allowed"),
        ("exclusion", "Who does not meet the inclusion criteria:"),
        ("exclusion", "asthma"),
        ("exclusion", "none"),
        ("unknown", "read the protocol"),
        ("inclusion", "adults"),
        ("exclusion", "not meeting inclusion criteria"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("## Exclusion criteria", "exclusion"),
        ("EXCLUSIONS", "exclusion"),
        ("Non-inclusion criteria:", "exclusion"),
        ("Inclusion and Exclusion Criteria:", "unknown"),
        ("Patients are excluded if:", "exclusion"),
        ("Patients who meet the inclusion criteria of another study", None),
        ("Inclusion of partners is allowed", None),
        ("Adults:", None),
    ],
)
def test_headings(text: str, kind: str | None) -> None:
    found = heading(text, None, 0)
    assert (found and found[0]) == kind


def test_markers_are_read_by_form_and_place() -> None:
    assert read_marker("* 12\\. ")[1:4] == ("1.", 12, "*")
    assert read_marker("(iv) ")[1:4] == ("(i)", 4, "")
    assert read_marker("B)")[1:4] == ("A)", 2, "")
    assert read_marker("")[0] is None


def test_a_criterion_that_a_reader_cut_has_the_lists_within_it_under_it() -> None:
    rows = split_cut(
        [
            CutCriterion("inclusion", 1, "a. one of: i. x\nii. y\nwrapped\nb. two", True),
            CutCriterion("inclusion", 2, "Liver: • high\n• low", False),
            CutCriterion("exclusion", 1, None, True),
            CutCriterion(None, None, "- plain", False),
        ]
    )
    assert [(row.path, row.kind, row.numbering, row.text, row.damage) for row in rows] == [
        ("1", "inclusion", "1", None, "text_lost"),
        ("1.1", "inclusion", "1.a", "one of:", None),
        ("1.1.1", "inclusion", "1.a.i", "x", "line_breaks_lost"),
        ("1.1.2", "inclusion", "1.a.ii", "y\nwrapped", None),
        ("1.2", "inclusion", "1.b", "two", None),
        ("2", "inclusion", "2", "Liver:", None),
        ("2.1", "inclusion", None, "high", None),
        ("2.2", "inclusion", None, "low", None),
        ("3", "exclusion", "1", None, "text_lost"),
        ("4", "unknown", None, "- plain", None),
    ]
    assert [row.nesting for row in rows[1:4]] == ["reader", "announced", "announced"]


def test_a_criterion_cut_without_a_number_stays_one() -> None:
    """Number 1 in its own text was taken for one that goes on above a paragraph, and made criteria of its own."""
    rows = split_cut([CutCriterion("inclusion", None, "one of:\n- x\n1. y\n2. z", False)] * 2)
    assert [(row.path, row.label, row.text) for row in rows[:4]] == [
        ("1", None, "one of:"),
        ("1.1", "-", "x"),
        ("1.2", "1.", "y"),
        ("1.3", "2.", "z"),
    ]
    assert [row.path for row in rows if row.depth == 0] == ["1", "2"]


@pytest.mark.parametrize("number", [None, 1])
def test_a_single_marker_before_a_cut_criterion_is_no_list_and_nothing_of_it_is_lost(number: int | None) -> None:
    """A register's criterion "1. Adults" of two lines became an empty one whose text was called lost, and its item."""
    (row,) = split_cut([CutCriterion("inclusion", number, "1. Adults\nwho consent", False)])
    assert (row.text, row.damage) == ("1. Adults\nwho consent", None)


_PIECES = st.sampled_from(
    ["Inclusion Criteria:", "Exclusion criteria", "* ", "1. ", "2) ", "(a) ", "ii. ", "1.1 ", "\n", "\n\n", "   ",
     "text", ":", "; 3. ", " • ", "\\-", "\\<", "is excluded if:", "(", "、", "①", "- ", ".- A"]
)  # fmt: skip


def letters(text: str | None) -> list[str]:
    return sorted(character for character in (text or "") if character.isalnum())


def check(rows: list[CriterionRow]) -> None:
    """What holds for any text."""
    children: dict[int | None, int] = {}
    for place, row in enumerate(rows, start=1):
        assert row.position == place
        children[row.parent] = children.get(row.parent, 0) + 1
        above = None if row.parent is None else rows[row.parent - 1]
        assert above is None or above.position < row.position
        assert row.depth == (0 if above is None else above.depth + 1) < MAX_DEPTH
        assert row.path == (f"{above.path}." if above else "") + str(children[row.parent])
        assert (row.nesting is None) == (above is None)
        assert row.text or row.damage
        assert row.numbering is None or row.label is not None


@settings(max_examples=40)
@given(st.lists(_PIECES, max_size=40).map("".join) | st.text(max_size=200))
def test_any_text_gives_a_tree_and_loses_no_letter(text: str) -> None:
    rows = split_text(text)
    check(rows)
    found = [*letters("".join((row.label or "") + (row.text or "") for row in rows))]
    of_text = letters(text)
    for character in set(found):
        assert found.count(character) <= of_text.count(character)
    if not any(word in text.lower() for word in ("clusion", "exclu")):
        assert found == of_text


@example("Inclusion Criteria:\n1.1 ", 2)
@example("(a) \n1. ", None)
@settings(max_examples=40)
@given(st.lists(_PIECES, max_size=30).map("".join), st.none() | st.integers(1, 3))
def test_any_cut_criterion_gives_a_tree(text: str, number: int | None) -> None:
    rows = split_cut([CutCriterion("inclusion", number, text, False)] * 2)
    for row in rows:
        assert row.parent is None or rows[row.parent - 1].position < row.position
    assert sum(row.depth == 0 for row in rows) == 2


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_number_that_no_list_comes_to_is_none(number: int) -> None:
    (row,) = split_cut([CutCriterion("inclusion", number, "Asthma", False)])
    assert row.number == (number if abs(number) <= LARGEST_NUMBER else None)


@pytest.mark.parametrize(
    "text",
    [
        "1. " * 40_000,
        "(" * 100_000,
        "- " * 60_000,
        "inclusion criteria " * 8_000,
        "meet " * 30_000 + "inclusion criteria:",
        "\n".join(" " * (number % 50) + "* x:" for number in range(8_000)),
        "\n".join(f"{number % 7}. x:" for number in range(8_000)),
        "a" + " " * 200_000 + "b",
        "1. x; " + "; ".join(f"{number}. x" for number in range(2, 30_000)),
        "•" * 50_000,
        "1.1.1.1" * 20_000,
    ],
    ids=range(11),
)
def test_hostile_texts_take_no_longer_than_their_size(text: str) -> None:
    """Each takes well under a second; a quadratic step would take minutes."""
    split_text(text)
    split_cut([CutCriterion("inclusion", 1, text, False)])


def test_both_seeds_are_read_as_expected(shared_dir: Path) -> None:
    """seed_expected.json, items with their lettered and Roman parts, from the page reader's cuts."""
    expected = json.loads((shared_dir / "seeds" / "seed_expected.json").read_text(encoding="utf-8"))
    for seed in expected["seeds"]:
        page = parse_page((shared_dir / "seeds" / seed["file"]).read_text(encoding="utf-8"))
        cuts = page["registrySection"]["criteria"]
        rows = split_cut(
            CutCriterion(one["kind"], one.get("number"), one.get("text"), bool(one.get("damaged"))) for one in cuts
        )
        fields = {one["field"]: one["value"] for one in seed["fields"]}
        for kind in ("inclusion", "exclusion"):
            top = [row for row in rows if row.kind == kind and row.depth == 0]
            items = fields[f"eligibility.{kind}"]
            assert [row.number for row in top] == [item["n"] for item in items]
            for row, item in zip(top, items, strict=True):
                parts = [part for part in rows if part.parent == row.position]
                assert [part.text for part in parts] == [node["text"] for node in item.get("tree", [])]
                assert row.text == (None if parts else item["text"])
                for part, node in zip(parts, item.get("tree", []), strict=True):
                    below = [one.text for one in rows if one.parent == part.position]
                    assert below == node["items"]
