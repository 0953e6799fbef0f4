"""The head of the page, the results notice, descriptions, eligibility."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.readers.page_text import parse_page, read_page
from pipelines.readers.page_text.template import NO_RESULTS_SENTENCE

from .builders import got, read_section, section

TITLE, NCT, UPDATED = "Headache at Sea", "NCT ID: NCT99000001", "Last Updated: 2025-01-02"
SENTENCE = f"{NO_RESULTS_SENTENCE} yet."
BODY = section("basic", "COMPLETED") + "\n\n" + section("summary", "We sail.")


def head(*lines: str, body: str = BODY) -> dict[str, tuple[Any, str]]:
    reading = read_page("\n\n".join([*lines, body]))
    return {name: got(reading, name) for name in ("page.title", "briefTitle", "nctId", "lastUpdatePostDateStruct.date")}


@pytest.mark.parametrize(
    ("lines", "title", "nct", "updated"),
    [
        ([TITLE, NCT, UPDATED], TITLE, "NCT99000001", "2025-01-02"),
        ([NCT, UPDATED], None, "NCT99000001", "2025-01-02"),
        ([TITLE, UPDATED], TITLE, None, "2025-01-02"),
        ([TITLE], TITLE, None, None),
        ([], None, None, None),
        ([TITLE, "NCT ID:", "NCT99000001"], TITLE, "NCT99000001", None),
        ([TITLE, "2025-01-02"], TITLE, None, "2025-01-02"),
        ([UPDATED, NCT, TITLE], TITLE, "NCT99000001", "2025-01-02"),
    ],
    ids=["whole", "no-title", "no-id", "title-only", "nothing", "id-apart", "date-label-gone", "other-order"],
)
def test_head(lines: list[str], title: str | None, nct: str | None, updated: str | None) -> None:
    found = head(*lines)
    assert [value for value, _ in found.values()] == [title, title, nct, updated]
    assert found["lastUpdatePostDateStruct.date"][1] == ("ambiguous" if updated else "absent")
    assert found["briefTitle"][1] == ("ambiguous" if title else "absent")


def test_an_id_without_its_label_is_not_adopted() -> None:
    """It may be the end of another page's related trials; the line above it is then no title either."""
    found = head(TITLE, "NCT99000001")
    assert found["nctId"] == (None, "ambiguous")
    assert found["page.title"] == (TITLE, "ambiguous")


def test_an_id_in_the_title_is_a_mention() -> None:
    text = f"Extension of NCT99000777\n\n{BODY}"
    assert got(read_page(text), "nctId") == (None, "absent")
    assert got(read_page(text), "mentions.registryIds")[0][0]["where"] == "title"


@pytest.mark.parametrize(
    "lines",
    [[TITLE, "NCT ID: NCT99000001", "NCT ID: NCT99000002"], [TITLE, "NCT99000001", "NCT99000002"]],
    ids=["labelled", "unlabelled"],
)
def test_two_ids_are_ambiguous(lines: list[str]) -> None:
    assert head(*lines)["nctId"] == (None, "ambiguous")


def test_a_broken_id_is_damaged_and_kept() -> None:
    assert head(TITLE, "NCT ID: NCT9900001")["nctId"] == (None, "damaged")


def test_a_title_in_two_lines_is_kept_whole() -> None:
    assert head("Headache at Sea:", "A Second Look", NCT)["page.title"] == (
        "Headache at Sea:\n\nA Second Look",
        "ambiguous",
    )


def test_official_title_under_its_label() -> None:
    reading = read_page(f"{TITLE}\n\nOfficial Title: A Study of Headache at Sea\n\n{NCT}\n\n{BODY}")
    assert got(reading, "officialTitle") == ("A Study of Headache at Sea", "present")
    assert got(reading, "page.title") == (TITLE, "present_unlabelled")


def test_values_of_a_section_that_lost_heading_and_caption_above_all_others() -> None:
    text = "COMPLETED\nPHASE2\n20 participants\nINTERVENTIONAL\n" + section("summary", "We sail.", blank=False)
    reading = read_page(text)
    assert got(reading, "overallStatus") == ("COMPLETED", "present_unlabelled")
    assert got(reading, "enrollmentInfo.count") == (20, "present_unlabelled")
    assert got(reading, "page.title") == (None, "absent")


# --- results ---


@pytest.mark.parametrize(
    ("lines", "value", "state"),
    [
        (["Study Results", "Results pending", SENTENCE], False, "derived"),
        (["Study Results", SENTENCE], False, "derived"),
        (["Study Results", "Results pending"], False, "derived"),
        ([SENTENCE], False, "derived"),
        (["Study Results", "Results available"], True, "derived"),
        (["Study Results", "Results available", SENTENCE], None, "ambiguous"),
        (["Study Results"], None, "empty"),
        (["Study Results", "Ask the harbour master"], None, "ambiguous"),
        ([], None, "absent"),
    ],
)
def test_results(lines: list[str], value: bool | None, state: str) -> None:
    assert got(read_page("\n".join([*lines, BODY])), "hasResults") == (value, state)


# --- descriptions ---


def test_prose_keeps_paragraphs_and_bullets() -> None:
    text = section("description", "One.", "* two\n* three", "Four.")
    assert got(read_page(text), "detailedDescription") == ("One.\n\n* two\n* three\n\nFour.", "present")


def test_heading_alone_is_empty_and_says_where() -> None:
    item = next(item for item in read_section("summary").fields if item.field.endswith("briefSummary"))
    assert (item.state, item.lines, item.label) == ("empty", (1, 3), "Brief Summary")


# --- eligibility ---

CRITERIA = ["Inclusion Criteria", "1. Age 18 to 70 years", "2. Owns a boat", "Exclusion Criteria", "1. Sea sickness"]


def limits(*tail: str, criteria: list[str] | None = None) -> dict[str, tuple[Any, str]]:
    reading = read_section("eligibility", *(CRITERIA if criteria is None else criteria), *tail, blank=False)
    assert got(reading, "eligibilityCriteria")[0] == (
        "\n".join(CRITERIA) if criteria is None else "\n".join(criteria) or None
    )
    return {name: got(reading, name) for name in ("minimumAge", "maximumAge", "sex", "healthyVolunteers")}


@pytest.mark.parametrize(
    ("tail", "want"),
    [
        (["18 Years", "70 Years", "ALL", "No"], ["18 Years", "70 Years", "ALL", False]),
        (["6 Months", "17 Years", "FEMALE", "Yes"], ["6 Months", "17 Years", "FEMALE", True]),
        (["Minimum Eligible Age", "Maximum Eligible Age", "70 Years", "Eligible Sex", "MALE"],
         [None, "70 Years", "MALE", None]),
        (["Minimum Eligible Age", "18 Years", "70 Years", "ALL"], ["18 Years", "70 Years", "ALL", None]),
        (["Minimum Age: 18 Years", "Sex: Female", "Accepts Healthy Volunteers: No"],
         ["18 Years", None, "FEMALE", False]),
        (["70 Years", "18 Years", "ALL"], [None, None, "ALL", None]),
        (["ALL", "No"], [None, None, "ALL", False]),
        ([], [None, None, None, None]),
    ],
)  # fmt: skip
def test_limits(tail: list[str], want: list[Any]) -> None:
    assert [value for value, _ in limits(*tail).values()] == want


@pytest.mark.parametrize(
    ("criteria", "age", "field"),
    [
        (["Inclusion Criteria", "1. Age 18 to 70 years"], "18 Years", "minimumAge"),
        (["Inclusion Criteria", "1. Age 18 to 70 years"], "70 Years", "maximumAge"),
        (["Inclusion Criteria", "1. ≥ 18 years of age"], "18 Years", "minimumAge"),
        (["Inclusion Criteria", "1. Younger than 18 years"], "18 Years", "maximumAge"),
        (["Inclusion Criteria", "1. Age 4 years old or older"], "4 Years", "minimumAge"),
        (["Inclusion Criteria", "1. Any age", "Exclusion Criteria", "1. Older than 70 years"], "70 Years", None),
    ],
)
def test_one_age_is_told_by_the_criteria(criteria: list[str], age: str, field: str | None) -> None:
    found = limits(age, "ALL", criteria=criteria)
    for name in ("minimumAge", "maximumAge"):
        want = (None, "ambiguous") if field is None else (age, "inferred") if field == name else (None, "absent")
        assert found[name] == want


@pytest.mark.parametrize("criteria", [["Inclusion Criteria", "1. Sailors"], ["1. At least 18 or under 18 years"]])
def test_one_age_without_a_word_is_neither(criteria: list[str]) -> None:
    found = limits("18 Years", "ALL", criteria=criteria)
    assert found["minimumAge"] == found["maximumAge"] == (None, "ambiguous")


def test_a_dash_below_a_heading_is_no_limit() -> None:
    criteria = ["Inclusion Criteria", "1. Sailors", "Exclusion Criteria", "-"]
    assert limits("18 Years", "70 Years", "ALL", criteria=criteria)["minimumAge"] == ("18 Years", "present_unlabelled")


def test_words_of_the_labels_may_stand_in_the_criteria() -> None:
    criteria = ["Inclusion Criteria", "1. Healthy volunteers", "Sex", "any", "2. Owns a boat"]
    reading = read_section("eligibility", *criteria, "Eligible Sex", "ALL", blank=False)
    assert got(reading, "eligibilityCriteria")[0] == "\n".join(criteria)
    assert got(reading, "sex") == ("ALL", "present")


def test_criteria_one_by_one() -> None:
    study = parse_page(section("eligibility", *CRITERIA[:3], "* 2\\. Cough \\> 1 week", blank=False))
    assert study["registrySection"]["criteria"] == [
        {
            "kind": "inclusion",
            "number": 1,
            "text": "Age 18 to 70 years",
            "damaged": False,
            "lineStart": 4,
            "lineEnd": 4,
        },
        {"kind": "inclusion", "number": 2, "text": "Owns a boat", "damaged": False, "lineStart": 5, "lineEnd": 5},
        {"kind": "exclusion", "number": 1, "damaged": True},
        {"kind": "exclusion", "number": 2, "text": "Cough > 1 week", "damaged": False, "lineStart": 6, "lineEnd": 6},
    ]


def test_empty_eligibility_section() -> None:
    reading = read_section("eligibility")
    assert got(reading, "eligibilityCriteria") == (None, "empty")
    assert got(reading, "eligibility.inclusion") == got(reading, "minimumAge") == (None, "absent")
