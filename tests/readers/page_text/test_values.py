"""Single values: shapes, labels on the value's line or above it, and values whose labels are gone."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.page_text import read_page, shapes
from pipelines.readers.page_text.slots import find_label
from pipelines.readers.page_text.template import BASIC_SLOTS, DESIGN_SLOTS, ELIGIBILITY_SLOTS, HEAD_SLOTS
from pipelines.study.shape import load_enums

from .builders import got, read_section, section

EXAMPLES = {
    "date": ("2024-02-29", "2024-02-29"),
    "count": ("1,250 participants", 1250),
    "age": ("6 Months", "6 Months"),
    "yes_no": ("Yes", True),
    "duration": ("3 Years", "3 Years"),
    "text": ("Sponsor ran out of boats", "Sponsor ran out of boats"),
    "nct": ("NCT99000001", "NCT99000001"),
    "Phase": ("PHASE2/PHASE3", ["PHASE2", "PHASE3"]),
    "WhoMasked": ("PARTICIPANT, INVESTIGATOR", ["PARTICIPANT", "INVESTIGATOR"]),
    "StandardAge": ("ADULT, OLDER_ADULT", ["ADULT", "OLDER_ADULT"]),
}
SLOTS = [
    (key, slot)
    for key, slots in (
        ("basic", BASIC_SLOTS),
        ("basic", HEAD_SLOTS),
        ("design", DESIGN_SLOTS),
        ("eligibility", ELIGIBILITY_SLOTS),
    )
    for slot in slots
]


def example(kind: str) -> tuple[str, Any]:
    """A text of a kind and its value."""
    if kind in EXAMPLES:
        return EXAMPLES[kind]
    code = load_enums()[kind][0]
    return code, code


@pytest.mark.parametrize("form", ["{label}\n\n{value}", "{label}: {value}", "{label}:\n{value}", "{label} {value}"])
@pytest.mark.parametrize(("key", "slot"), SLOTS, ids=[f"{key}-{slot.labels[0]}" for key, slot in SLOTS])
def test_every_label_in_every_form(key: str, slot: Any, form: str) -> None:
    if slot.kind == "text":
        # Free text on the label's line needs the colon, which shows where the label ends.
        form = form.replace("{label} {value}", "{label}: {value}")
    text, value = example(slot.kind)
    for label in slot.labels:
        reading = read_section(key, form.format(label=label, value=text))
        item = reading.field(slot.field)
        assert item.value == value, label
        assert item.state == ("present" if slot.certain else "ambiguous")
        assert item.label is not None
        assert item.label.startswith(label)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("2026-06-30", ("2026-06-30", "present", None)),
        ("2026-06", ("2026-06", "present", None)),
        ("2026-06-31", (None, "damaged", None)),
        ("2026-13", (None, "damaged", None)),
        ("0000-00-00", (None, "damaged", None)),
        ("2026-06 (ESTIMATED)", ("2026-06", "present", "ESTIMATED")),
        ("2026-06-30 ACTUAL", ("2026-06-30", "present", "ACTUAL")),
        ("June 30, 2026", ("2026-06-30", "present", None)),
        ("30 June 2026", ("2026-06-30", "present", None)),
        ("Jun 2026", ("2026-06", "present", None)),
        ("June 31, 2026", (None, "damaged", None)),
    ],
)
def test_dates(text: str, want: tuple[str | None, str, str | None]) -> None:
    value = shapes.iso_date(text)
    assert value is not None
    assert (value.value, value.state, value.extra) == want


@pytest.mark.parametrize("text", ["06/30/2026", "2026", "soon", "30.06.2026", "2026-06-30 or later", "May be 2026"])
def test_what_is_no_date(text: str) -> None:
    assert shapes.iso_date(text) is None


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("100 participants", 100),
        ("1 participant", 1),
        ("1,234,567", 1234567),
        ("0 participants", 0),
        ("12 patients", 12),
    ],
)
def test_counts(text: str, want: int) -> None:
    value = shapes.count(text)
    assert value is not None
    assert value.value == want


@pytest.mark.parametrize(
    "text", ["participants", "about 100", "10-20 participants", "1,23 participants", "-5 participants"]
)
def test_what_is_no_count(text: str) -> None:
    assert shapes.count(text) is None


@pytest.mark.parametrize(
    ("kind", "text", "want"),
    [
        ("Status", "Active, not recruiting", "ACTIVE_NOT_RECRUITING"),
        ("Status", "Unknown status", "UNKNOWN"),
        ("DesignMasking", "None (Open Label)", "NONE"),
        ("InterventionalAssignment", "Single Group Assignment", "SINGLE_GROUP"),
        ("DesignAllocation", "N/A", "NA"),
        ("Sex", "Female", "FEMALE"),
        ("Status", "Almost recruiting", None),
    ],
)
def test_codes_and_their_spellings(kind: str, text: str, want: str | None) -> None:
    assert shapes.code(kind, text) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Phase 1/Phase 2", ["PHASE1", "PHASE2"]),
        ("EARLY_PHASE1", ["EARLY_PHASE1"]),
        ("Not Applicable", ["NA"]),
        ("PHASE1/PHASE9", None),
        ("PHASE1/PHASE1", None),
    ],
)
def test_phases(text: str, want: list[str] | None) -> None:
    assert shapes.code_list("Phase", text) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("99 12345-678", ("99 12345-678", None)),
        ("99 44 11 - 2233", ("99 44 11 - 2233", None)),
        ("+1 (617) 555-0101 ext. 44", ("+1 (617) 555-0101", "44")),
        ("555-0101 x 7", ("555-0101", "7")),
        ("1234", None),
        ("Dr. 12345", None),
    ],
)
def test_phones(text: str, want: tuple[str, str | None] | None) -> None:
    assert shapes.phone(text) == want


@given(st.text(max_size=80), st.sampled_from([*EXAMPLES, "Status", "Sex", "DesignMasking"]))
def test_reading_a_value_never_raises(text: str, kind: str) -> None:
    value = shapes.read(kind, text)
    assert value is None or value.state in ("present", "damaged", "empty")


def test_a_code_new_to_a_closed_list_is_kept_under_its_label() -> None:
    assert got(read_section("basic", "Recruitment Status", "PAUSED"), "overallStatus") == ("PAUSED", "present")


@pytest.mark.parametrize(
    ("lines", "field", "verbatim"),
    [
        (("Recruitment Status", "about to begin"), "overallStatus", "about to begin"),
        (("Total Enrollment", "a hundred"), "enrollmentInfo.count", "a hundred"),
        (("Study Start Date", "06/30/2026"), "startDateStruct.date", "06/30/2026"),
        (("Study Start Date", "2026-06-31"), "startDateStruct.date", "2026-06-31"),
    ],
)
def test_a_labelled_text_of_another_shape_is_damaged(lines: tuple[str, str], field: str, verbatim: str) -> None:
    reading = read_section("basic", *lines)
    assert got(reading, field) == (None, "damaged")
    assert next(item.verbatim for item in reading.fields if item.field.endswith(field)) == verbatim


def test_a_label_without_its_value_is_empty_and_takes_no_neighbour() -> None:
    reading = read_section("basic", "Recruitment Status", "Total Enrollment", "40 participants", "Study Classification")
    assert got(reading, "overallStatus") == (None, "empty")
    assert got(reading, "enrollmentInfo.count") == (40, "present")
    assert got(reading, "studyType") == (None, "empty")


def test_a_label_whose_value_is_lost_leaves_the_next_value_alone() -> None:
    """ "Total Enrollment" lost its line; the type below it, whose own label is lost, is still the type."""
    reading = read_section("basic", "Recruitment Status", "COMPLETED", "Total Enrollment", "INTERVENTIONAL")
    assert got(reading, "enrollmentInfo.count") == (None, "empty")
    assert got(reading, "studyType") == ("INTERVENTIONAL", "present_unlabelled")


def test_the_null_marker_is_empty() -> None:
    reading = read_section("basic", "Study Phase: -", "Study Start Date", "-")
    assert got(reading, "phases") == got(reading, "startDateStruct.date") == (None, "empty")


def test_two_lines_that_disagree_are_ambiguous() -> None:
    reading = read_section("basic", "Study Start Date: 2020-01-01", "Start Date: 2021-01-01")
    assert got(reading, "startDateStruct.date") == (None, "ambiguous")


def test_types_written_with_a_value() -> None:
    reading = read_section(
        "basic", "Study Start Date", "2020-01 (ACTUAL)", "Total Enrollment", "12 participants (ESTIMATED)"
    )
    assert got(reading, "startDateStruct.type") == ("ACTUAL", "present")
    assert got(reading, "enrollmentInfo.type") == ("ESTIMATED", "present")


@pytest.mark.parametrize("dates", list(product(["2012-07-31"], ["2014-09-30", "2012-07-31"])))
def test_two_unlabelled_dates_are_start_and_completion(dates: tuple[str, str]) -> None:
    reading = read_section("basic", "UNKNOWN", *dates, blank=False)
    assert got(reading, "startDateStruct.date") == (dates[0], "present_unlabelled")
    assert got(reading, "completionDateStruct.date") == (dates[1], "present_unlabelled")
    assert got(reading, "primaryCompletionDateStruct.date") == (None, "absent")


def test_three_unlabelled_dates_have_the_primary_completion_between() -> None:
    reading = read_section("basic", "2012-07", "2013-01-02", "2014-09-30", blank=False)
    assert got(reading, "primaryCompletionDateStruct.date") == ("2013-01-02", "present_unlabelled")


@pytest.mark.parametrize(
    "dates", [("2014-09-30",), ("2014-09-30", "2012-07-31"), ("2010-01", "2011-01", "2012-01", "2013-01")]
)
def test_unlabelled_dates_without_a_clear_order_go_nowhere(dates: tuple[str, ...]) -> None:
    """One date may be either; dates that run backwards contradict the order they would be read by."""
    reading = read_section("basic", "COMPLETED", *dates, blank=False)
    for field in ("startDateStruct.date", "completionDateStruct.date"):
        item = next(item for item in reading.fields if item.field.endswith("." + field))
        assert (item.value, item.state) == (None, "ambiguous")
        assert item.verbatim == (dates[0] if len(dates) == 1 else list(dates))


def test_an_impossible_date_keeps_its_place_in_the_order() -> None:
    reading = read_section("basic", "2012-02-31", "2014-09-30", blank=False)
    assert got(reading, "startDateStruct.date") == (None, "damaged")
    assert got(reading, "completionDateStruct.date") == ("2014-09-30", "present_unlabelled")


@pytest.mark.parametrize(
    ("lines", "field", "want"),
    [
        (["2020-01-01", "Study Completion Date", "2021-01-01"], "startDateStruct.date", "2020-01-01"),
        (["Study Start Date", "2020-01-01", "2021-01-01"], "completionDateStruct.date", "2021-01-01"),
    ],
    ids=["before-completion", "after-start"],
)
def test_an_unlabelled_date_beside_a_labelled_one(lines: list[str], field: str, want: str) -> None:
    assert got(read_section("basic", *lines), field) == (want, "present_unlabelled")


def test_a_year_alone_is_a_date_where_a_label_says_so() -> None:
    """Registered years before 2010 often stand alone; they were once taken for an empty field."""
    reading = read_section("basic", "Study Start Date", "2011-10", "Study Completion Date", "2012")
    assert got(reading, "completionDateStruct.date") == ("2012", "present")
    bare = read_section("basic", "COMPLETED", "2012", blank=False)
    assert got(bare, "completionDateStruct.date")[0] is None


def test_masking_with_the_masked_parties() -> None:
    reading = read_section("design", "Masking: Double (Participant, Investigator)")
    assert got(reading, "masking") == ("DOUBLE", "present")
    assert got(reading, "whoMasked") == (["PARTICIPANT", "INVESTIGATOR"], "present")


def test_a_title_may_begin_with_the_word_of_a_label() -> None:
    title = "Status: What Sailors Say About Headache"
    reading = read_page(f"{title}\n\nNCT ID: NCT99000001\n\n{section('summary', 'We sail.')}")
    assert got(reading, "page.title") == (title, "present_unlabelled")
    assert got(reading, "overallStatus") == (None, "absent")


def test_two_statuses_are_ambiguous() -> None:
    assert got(read_section("basic", "UNKNOWN", "RECRUITING", blank=False), "overallStatus") == (None, "ambiguous")


def test_prose_in_a_stopped_study_is_perhaps_the_reason() -> None:
    reading = read_section("basic", "TERMINATED", "The boat sank early", "12 participants", blank=False)
    assert got(reading, "whyStopped") == ("The boat sank early", "ambiguous")
    lost = read_section("basic", "COMPLETED", "The boat sank early", blank=False)
    assert got(lost, "whyStopped") == (None, "absent")
    assert lost.study["registrySection"]["page"]["unreadLines"] == [
        {"section": "basic", "line": 4, "text": "The boat sank early"}
    ]


@pytest.mark.parametrize(
    ("study_type", "lines", "want"),
    [
        ("INTERVENTIONAL", ["NA", "SINGLE_GROUP", "OTHER", "NONE"], {"allocation": "NA", "primaryPurpose": "OTHER"}),
        ("OBSERVATIONAL", ["OTHER", "PROSPECTIVE"], {"observationalModel": "OTHER", "timePerspective": "PROSPECTIVE"}),
        ("OBSERVATIONAL", ["COHORT", "OTHER"], {"observationalModel": "COHORT", "timePerspective": "OTHER"}),
        ("OBSERVATIONAL", ["OTHER", "OTHER"], {"observationalModel": "OTHER", "timePerspective": "OTHER"}),
        (None, ["RANDOMIZED", "CROSSOVER", "TREATMENT", "QUADRUPLE"], {"masking": "QUADRUPLE"}),
        (None, ["QUADRUPLE", "TREATMENT"], {"masking": "QUADRUPLE", "primaryPurpose": "TREATMENT"}),
    ],
)  # fmt: skip
def test_unlabelled_design_codes(study_type: str | None, lines: list[str], want: dict[str, str]) -> None:
    text = (
        section("basic", *([study_type] if study_type else []), blank=False)
        + "\n"
        + section("design", *lines, blank=False)
    )
    reading = read_page(text)
    for field, value in want.items():
        assert got(reading, field) == (value, "present_unlabelled")


def test_a_code_of_two_fields_goes_to_neither() -> None:
    text = section("basic", "OBSERVATIONAL", blank=False) + "\n" + section("design", "OTHER", blank=False)
    reading = read_page(text)
    assert got(reading, "observationalModel") == got(reading, "timePerspective") == (None, "ambiguous")


@pytest.mark.parametrize(
    "text", ["Study Startup Plan", "Sexual health: yes", "Statusquo", "", ":", "Phase of the moon 3"]
)
def test_what_is_no_label(text: str) -> None:
    assert find_label(text, ("Study Start Date", "Sex", "Status")) is None
