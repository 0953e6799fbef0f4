"""Synthetic studies as page text: two layouts, the second without labels, blank lines, title and id."""

from __future__ import annotations

import pytest

from pipelines.readers.page_text import looks_like_page_text, read_page, split_pages
from pipelines.readers.page_text.template import SECTIONS
from pipelines.sample import make_study
from pipelines.sample.page_text import Layout, render_page

LAYOUTS = pytest.mark.parametrize("layout", ["labelled", "bare"])


@LAYOUTS
@pytest.mark.parametrize("number", range(8))
def test_pages_are_recognised_and_read_without_a_line_left_over(layout: Layout, number: int) -> None:
    text = render_page(make_study(31, number), layout)
    assert looks_like_page_text(text)
    assert split_pages(text) == [(1, text)]
    reading = read_page(text)
    assert reading.layout == ("labelled" if layout == "labelled" else "label-less")
    assert "unreadLines" not in reading.study["registrySection"]["page"]


@pytest.mark.parametrize("number", range(8))
def test_layouts(number: int) -> None:
    study = make_study(31, number)
    title = study["protocolSection"]["identificationModule"]["briefTitle"]
    nct = study["protocolSection"]["identificationModule"]["nctId"]
    labelled, bare = render_page(study, "labelled"), render_page(study, "bare")
    assert labelled.startswith(f"{title}\n\nNCT ID: {nct}\n\nLast Updated: ")
    assert bare.startswith("Study Results\n")
    assert f"NCT ID: {nct}" not in bare
    assert "\n\n" not in bare
    assert not labelled.endswith("\n")
    assert not bare.endswith("\n")
    for label in ("Recruitment Status", "Sponsor Role lead", "Eligible Sex"):
        assert label in labelled.split("\n")
        assert label not in bare.split("\n")


@LAYOUTS
def test_an_empty_study_has_the_empty_sections_only(layout: Layout) -> None:
    reading = read_page(render_page({}, layout))
    present = [section["heading"] for section in reading.sections if section["present"]]
    optional = {"Related Clinical Trials", "Facility Contacts", "Related Links", "References"}
    assert present == [section.heading for section in SECTIONS if section.heading not in optional]
    assert reading.study.get("protocolSection", {}) == {}


def test_results_notice_follows_the_study() -> None:
    for has_results in (True, False):
        reading = read_page(render_page({"hasResults": has_results}, "labelled"))
        assert reading.study["hasResults"] is has_results
