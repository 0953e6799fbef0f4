"""Arms and interventions: blocks whose parts may be missing and whose names may be the same."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.readers.page_text import PageReading, read_page

from .builders import got, section

LONG = "Tablets are taken every morning before the boat leaves the harbour."
MORE = "A capsule is taken every evening after the boat has come back."
DOSE = "20 mg by mouth once daily for twelve weeks in a row."
DIARY = "Every headache is noted in a paper diary by the participant."
NONE = "No interventions assigned to this group"


def read(groups: list[str] | None, interventions: list[str] | None, blank: bool = True) -> PageReading:
    parts = [section("groups", *groups, blank=blank)] if groups is not None else []
    parts += [section("interventions", *interventions, blank=blank)] if interventions is not None else []
    return read_page("\n".join(parts))


def arms(reading: PageReading) -> list[tuple[Any, ...]] | None:
    value = got(reading, "armGroups")[0]
    return value and [(arm["label"], arm["description"], arm["interventionNames"]) for arm in value]


def given(reading: PageReading) -> list[tuple[Any, ...]] | None:
    value = got(reading, "interventions")[0]
    return value and [(i["name"], i["type"], i["description"], i["armGroupLabels"]) for i in value]


def test_two_arms_with_types() -> None:
    groups = ["High dose", LONG, "Lorvatinib", "Intervention Type DRUG", DOSE,
              "Diary", "Intervention Type BEHAVIORAL", DIARY,
              "Low dose", "Lorvatinib", "Intervention Type DRUG", DOSE]  # fmt: skip
    section_lines = ["Lorvatinib", DOSE, "Intervention Type DRUG", "Diary", DIARY, "Intervention Type BEHAVIORAL"]
    reading = read(groups, section_lines)
    assert arms(reading) == [("High dose", LONG, ["Lorvatinib", "Diary"]), ("Low dose", None, ["Lorvatinib"])]
    assert given(reading) == [
        ("Lorvatinib", "DRUG", DOSE, ["High dose", "Low dose"]),
        ("Diary", "BEHAVIORAL", DIARY, ["High dose"]),
    ]
    assert got(reading, "armGroups")[1] == got(reading, "interventions")[1] == "present"


def test_what_an_arm_says_otherwise_than_interventions_stays_visible() -> None:
    """Only Interventions was believed, and a description or type that an arm says otherwise was nowhere."""
    other = "40 mg by mouth twice daily for as many weeks as the journey takes."
    groups = ["Sailors", LONG, "Lorvatinib", "Intervention Type DRUG", other,
              "Diary", "Intervention Type DEVICE", DIARY]  # fmt: skip
    reading = read(
        groups, ["Lorvatinib", DOSE, "Intervention Type DRUG", "Diary", DIARY, "Intervention Type BEHAVIORAL"]
    )
    assert arms(reading) == [("Sailors", LONG, ["Lorvatinib", "Diary"])]
    assert [row[2] for row in given(reading) or ()] == [DOSE, DIARY]
    unread = [line["text"] for line in reading.study["registrySection"]["page"]["unreadLines"]]
    assert unread == [other, "Intervention Type DEVICE"]


@pytest.mark.parametrize("form", ["Intervention Type: DRUG", "Intervention Type\n\nDRUG", "Intervention Type DRUG"])
def test_forms_of_the_type_line(form: str) -> None:
    reading = read(["Sailors", "Lorvatinib", form, DOSE], ["Lorvatinib", DOSE, form])
    assert given(reading) == [("Lorvatinib", "DRUG", DOSE, ["Sailors"])]


def test_type_may_stand_above_the_description() -> None:
    reading = read(None, ["Lorvatinib", "Intervention Type DRUG", DOSE, "Diary", "Intervention Type BEHAVIORAL", DIARY])
    assert given(reading) == [("Lorvatinib", "DRUG", DOSE, None), ("Diary", "BEHAVIORAL", DIARY, None)]


def test_arm_and_intervention_share_a_name_without_any_type() -> None:
    groups = ["Lorvatinib", LONG, "Lorvatinib", DOSE, "Placebo", MORE, "Placebo", DIARY]
    reading = read(groups, ["Lorvatinib", DOSE, "Placebo", DIARY], blank=False)
    assert arms(reading) == [("Lorvatinib", LONG, ["Lorvatinib"]), ("Placebo", MORE, ["Placebo"])]


def test_shared_names_without_descriptions() -> None:
    """ "Placebo" twice in a row is the next arm and what it is given, not the same intervention twice."""
    reading = read(
        ["Lorvatinib", LONG, "Lorvatinib", DOSE, "Placebo", "Placebo"], ["Lorvatinib", DOSE, "Placebo"], blank=False
    )
    assert arms(reading) == [("Lorvatinib", LONG, ["Lorvatinib"]), ("Placebo", None, ["Placebo"])]


def test_a_group_without_interventions() -> None:
    reading = read(["Shore group", LONG, NONE, "Sailors", "Lorvatinib", DOSE], ["Lorvatinib", DOSE], blank=False)
    assert arms(reading) == [("Shore group", LONG, []), ("Sailors", None, ["Lorvatinib"])]


def test_description_of_several_paragraphs_keeps_its_blank_lines() -> None:
    reading = read(
        ["Sailors", LONG, MORE, "Lorvatinib", "Intervention Type DRUG", DOSE],
        ["Lorvatinib", DOSE, "Intervention Type DRUG"],
    )
    assert arms(reading) == [("Sailors", f"{LONG}\n\n{MORE}", ["Lorvatinib"])]


@pytest.mark.parametrize("label", ["Single Arm Study", "2 Arms", "Two Group Study", "Multiple Arm Study"])
def test_the_page_word_for_the_number_of_arms(label: str) -> None:
    reading = read([label, "Sailors", NONE], None)
    assert got(reading, "page.armCountLabel") == (label, "present")
    assert arms(reading) == [("Sailors", None, [])]


def test_arm_types_where_the_page_says_them() -> None:
    reading = read(["Sailors", "Arm Type EXPERIMENTAL", LONG, NONE], None)
    assert got(reading, "armGroups")[0][0]["type"] == "EXPERIMENTAL"


def test_without_the_interventions_section_types_still_mark_them() -> None:
    reading = read(["Sailors", LONG, "Lorvatinib", "Intervention Type DRUG", DOSE], None)
    assert arms(reading) == [("Sailors", LONG, ["Lorvatinib"])]
    assert got(reading, "interventions") == (None, "absent")


@pytest.mark.parametrize(
    "groups",
    [
        [LONG, "Lorvatinib", DOSE, "Placebo", MORE, NONE],
        ["Sailors", LONG, "Lorvatinib", DOSE, MORE, NONE],
        ["Sailors", LONG, DOSE, "Placebo", MORE, NONE],
    ],
    ids=["first-label-lost", "second-label-lost", "intervention-name-lost"],
)
def test_a_lost_name_leaves_the_arms_whole_and_ambiguous(groups: list[str]) -> None:
    reading = read(groups, ["Lorvatinib", DOSE], blank=False)
    assert got(reading, "armGroups") == (None, "ambiguous")
    assert reading.field("protocolSection.armsInterventionsModule.armGroups").verbatim == groups
    assert given(reading) == [("Lorvatinib", None, DOSE, None)]


def test_an_intervention_that_nothing_speaks_for_is_none() -> None:
    """Repeated lines are gone: what is left of the first arm may be a description or an intervention."""
    for line in ("20 mg by mouth", DOSE):
        reading = read(["Lorvatinib", LONG, line, "Placebo", NONE], [], blank=False)
        assert got(reading, "armGroups") == (None, "ambiguous")


def test_an_arm_that_lost_what_it_is_given_is_damaged() -> None:
    reading = read(["Sailors", "Lorvatinib", DOSE, "Shore group", LONG], ["Lorvatinib", DOSE], blank=False)
    assert arms(reading) == [("Sailors", None, ["Lorvatinib"]), ("Shore group", LONG, [])]
    assert got(reading, "armGroups")[1] == "damaged"


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        (["Lorvatinib", "Placebo"], None),
        (["Lorvatinib", DOSE, "Placebo"], ["Lorvatinib", "Placebo"]),
        ([DOSE], None),
        (["Twelve weeks of one tablet each morning"], None),
        (["Lorvatinib", "taken once daily by mouth", "also called lorva in boats"], None),
    ],
    ids=["two-names-or-one-described", "one-description", "description-only", "name-or-description", "no-telling"],
)
def test_unlabelled_interventions(lines: list[str], want: list[str] | None) -> None:
    reading = read(None, lines, blank=False)
    value, state = got(reading, "interventions")
    assert (value and [item["name"] for item in value]) == want
    assert state == ("present" if want else "ambiguous")


def test_the_arms_tell_two_names_from_a_name_and_its_description() -> None:
    apart = read(["Sailors", LONG, "Lorvatinib", "Others", MORE, "Placebo"], ["Lorvatinib", "Placebo"], blank=False)
    assert given(apart) == [("Lorvatinib", None, None, ["Sailors"]), ("Placebo", None, None, ["Others"])]
    groups = ["Sailors", LONG, "Lorvatinib", "once daily", "Others", MORE, "Placebo", "once daily"]
    shared = read(groups, ["Lorvatinib", "once daily", "Placebo", "once daily"], blank=False)
    assert given(shared) == [
        ("Lorvatinib", None, "once daily", ["Sailors"]),
        ("Placebo", None, "once daily", ["Others"]),
    ]


def test_empty_sections() -> None:
    reading = read([], [])
    assert got(reading, "armGroups") == got(reading, "interventions") == (None, "empty")


def test_hundreds_of_arms_take_no_time() -> None:
    groups = [line for number in range(120) for line in (f"Group {number}", "Lorvatinib", DOSE)]
    assert len(arms(read(groups, ["Lorvatinib", DOSE], blank=False)) or ()) == 120
