"""Recognising pages, cutting them into sections, cutting files into pages."""

from __future__ import annotations

import pytest

from pipelines.readers.page_text import looks_like_page_text, read_page, split_pages
from pipelines.readers.page_text.sections import caption_of, content_lines, find_parts, heading_of, page_lines
from pipelines.readers.page_text.template import NO_RESULTS_SENTENCE
from pipelines.sample.page_text import render_page

from .builders import BY_KEY, full_study, got, section

LABELLED = render_page(full_study(), "labelled")
BARE = render_page(full_study(), "bare")


def cut(text: str) -> dict[str, list[str]]:
    """Section key → the texts of its lines; the lines before the first section under "head"."""
    preamble, parts, _ = find_parts(content_lines(page_lines(text)))
    return {"head": [line.text for line in preamble], **{part.key: [line.text for line in part.body] for part in parts}}


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (LABELLED, True),
        (BARE, True),
        ("\ufeff" + BARE.replace("\n", "\r\n"), True),
        (LABELLED[:300], True),
        (section("countries", "Norway"), True),
        (f"{NO_RESULTS_SENTENCE} yet.", True),
        ("[Trial of a device] Boats\n\nNCT ID: NCT99000001\n\nLast Updated: 2025-01-02\n", True),
        ("Basic Information\nCOMPLETED\nConditions\nMigraine\nSponsors\nA\nOTHER\nLocations\n", True),
        ("", False),
        ('{"protocolSection": {"conditionsModule": {}}}', False),
        ('[{"protocolSection": {}}]', False),
        ("<?xml version='1.0'?><clinical_study><brief_title>Conditions</brief_title></clinical_study>", False),
        ("NCT Number,Study Title,Study Status,Conditions\nNCT99000001,A,COMPLETED,Migraine\n", False),
        ('"NCT Number","Conditions"\n"NCT99000001","Basic Information"\n', False),
        ("Summary\n\nEudraCT Number: 2021-990011-22\nSponsor's Protocol Code Number: SAIL\n", False),
        ("Study Design\n\nWe will.\n\nInterventions\n\nEligibility Criteria\n\nReferences\n\nConditions\n", False),
        ("The study team met. NCT ID: NCT99000001 was discussed under Other Identifiers.", False),
    ],
)  # fmt: skip
def test_recognition(text: str, want: bool) -> None:
    assert looks_like_page_text(text) is want


def test_json_that_quotes_a_page_is_json() -> None:
    assert not looks_like_page_text('{"text": "\n' + BARE + '"}')


@pytest.mark.parametrize(
    "text", ["Basic Information", "## Basic Information", "**Basic Information:**", "basic information"]
)
def test_headings_may_be_marked(text: str) -> None:
    assert heading_of(text) == "basic"


def test_caption_is_known_by_its_beginning_and_gives_back_what_follows_it() -> None:
    opening = BY_KEY["more"].caption
    assert caption_of(f"{opening} to sailors.Next Page's Title") == ("more", "Next Page's Title")
    assert caption_of(f"{opening.upper()} to sailors.") == ("more", "")
    assert caption_of("Additional clinical trials are planned.") is None


def test_heading_and_caption_on_one_line() -> None:
    assert cut(f"Countries {BY_KEY['countries'].caption} it sails.\nNorway")["countries"] == ["Norway"]


def test_prose_may_hold_headings_of_the_page() -> None:
    """A line "Study Design" in the description is no section while the real one, with its caption, stands below."""
    text = "\n".join(
        [section("description", "We sail.", "Study Design", "Two groups.", "Conditions", "Rough."),
         section("conditions", "Migraine"), section("design", "RANDOMIZED")]
    )  # fmt: skip
    parts = cut(text)
    assert parts["description"] == ["We sail.", "Study Design", "Two groups.", "Conditions", "Rough."]
    assert (parts["conditions"], parts["design"]) == (["Migraine"], ["RANDOMIZED"])


def test_heading_without_caption_counts_where_the_template_has_it() -> None:
    text = "\n".join([section("summary", "We sail."), "Conditions", "Migraine", section("countries", "Norway")])
    assert cut(text)["conditions"] == ["Migraine"]


def test_sections_may_stand_in_any_order() -> None:
    text = "\n\n".join(
        [section("countries", "Norway"), section("basic", "COMPLETED"), section("conditions", "Migraine")]
    )
    assert [(key, body) for key, body in cut(text).items() if body] == [
        ("countries", ["Norway"]), ("basic", ["COMPLETED"]), ("conditions", ["Migraine"])
    ]  # fmt: skip


@pytest.mark.parametrize("layout", ["labelled", "bare"])
@pytest.mark.parametrize("joint", ["", "\n", "\n\n", "\r\n"], ids=["glued", "newline", "blank", "crlf"])
def test_pages_of_one_file_come_apart_again(layout: str, joint: str) -> None:
    pages = []
    for number in range(3):
        study = full_study()
        study["protocolSection"]["identificationModule"] |= {
            "nctId": f"NCT9900001{number}",
            "briefTitle": f"Boat {number}",
        }
        pages.append(render_page(study, "labelled" if layout == "labelled" else "bare"))
    found = split_pages(joint.join(pages))
    assert [text.strip() for _, text in found] == [page.strip() for page in pages]
    assert "".join(text for _, text in found) == joint.join(pages)


def test_page_without_related_trials_glued_to_a_titled_one() -> None:
    """The last line is then the caption, and the next page's title follows its full stop."""
    study = full_study()
    del study["registrySection"]["page"]["moreRelatedTrials"]
    first, second = render_page(study, "bare"), LABELLED
    assert [text for _, text in split_pages(first + second)] == [first, second]


def test_related_trial_glued_to_a_title() -> None:
    study = full_study()
    study["registrySection"]["page"]["moreRelatedTrials"][0] |= {"phases": ["PHASE1", "PHASE2"]}
    first = render_page(study, "labelled")
    assert first.endswith("ACTIVE_NOT_RECRUITING PHASE1/PHASE2")
    assert [text for _, text in split_pages(first + LABELLED)] == [first, LABELLED]


def test_one_page_is_one_page_and_empty_text_too() -> None:
    assert split_pages(LABELLED) == [(1, LABELLED)]
    assert split_pages("") == [(1, "")]
    shuffled = "\n".join(section(key) for key in ("more", "countries", "basic", "results", "ids", "summary"))
    assert len(split_pages(shuffled)) == 1


def test_line_numbers_count_from_the_page() -> None:
    (_, first), (line, second) = split_pages(f"{LABELLED}\n{LABELLED}")
    assert line == first.count("\n") + 1
    assert read_page(second).fields == read_page(LABELLED).fields


def test_a_section_found_by_its_lines_leaves_the_results_notice_alone() -> None:
    """The contact that lost its name stands right below the notice."""
    reading = read_page(f"{NO_RESULTS_SENTENCE} yet.\nRole: backup")
    assert got(reading, "hasResults") == (False, "derived")
    assert got(reading, "page.facilityContacts")[1] == "damaged"


@pytest.mark.parametrize(
    ("lines", "field", "want"),
    [
        (["Migraine", "RANDOMIZED", "PARALLEL"], "allocation", ("RANDOMIZED", "present_unlabelled")),
        (["Migraine", "Observational Model Type", "COHORT"], "observationalModel", ("COHORT", "present")),
        (["Migraine", "Minimum Eligible Age", "18 Years"], "minimumAge", ("18 Years", "present")),
        (["Migraine", "Inclusion Criteria", "1. Boats"], "eligibilityCriteria",
         ("Inclusion Criteria\n\n1. Boats", "present")),
        (["Migraine", "Quilla Marrow, MD", "Role: STUDY_CHAIR", "Harbour University"], "overallOfficials",
         ([{"name": "Quilla Marrow, MD", "role": "STUDY_CHAIR", "affiliation": "Harbour University"}], "present")),
        (["Migraine", "SAIL-7", "Identifier Type: -", "Identifier Source: org_study_id"], "orgStudyIdInfo.id",
         ("SAIL-7", "present")),
        (["Migraine", "Breeze Pharma", "INDUSTRY", "Sponsor Role lead"], "leadSponsor.name",
         ("Breeze Pharma", "present")),
    ],
    ids=["design-codes", "design-label", "age", "criteria", "officials", "identifiers", "sponsors"],
)  # fmt: skip
def test_section_that_lost_heading_and_caption(lines: list[str], field: str, want: object) -> None:
    """Its lines can stand in no other section; the one before it keeps its own."""
    reading = read_page(section("conditions", *lines))
    assert got(reading, field) == want
    assert got(reading, "page.conditionsText") == ("Migraine", "present")
