"""Pictures hold shapes and text and nothing that acts, whatever the data hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.reports.chart_forms import STATUS_COLOURS, spec_of
from pipelines.reports.charts import HALF, NARROW, WIDE, chart_data, complete, draw
from pipelines.reports.query import Rows, load_queries, parse_query
from pipelines.reports.site import PAGES_DIR
from pipelines.reports.svg import clean_svg
from pipelines.yaml_text import load_yaml
from tests.reports.pages_read import read_page
from tests.reports.small_warehouse import HOSTILE

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'

EVIL = f"""<svg {NS} width="10" height="5" viewBox="0 0 10 5" onload="alert(1)">
<style>*{{background:url(http://x/)}}</style><script>alert(1)</script>
<defs><clipPath id="clip1"><rect width="1" height="1"/></clipPath></defs>
<g clip-path="url(#clip1)"><a xlink:href="http://x/"><text>in a link</text></a>
<image xlink:href="http://x/i.png"/><foreignObject><b>b</b></foreignObject>
<path d="M0,0h1.23456v1" fill="url(http://x/)" onclick="alert(1)" role="graphics-symbol"
 aria-roledescription="bar" aria-label="a: &lt;b&gt;; n: 3"/><text fill="var(--ink)">&lt;script&gt;</text></g></svg>"""


def test_only_shapes_and_text_stay() -> None:
    picture = clean_svg(EVIL, "here")
    page = read_page(picture)
    assert set(page.tags) == {"svg", "defs", "clippath", "rect", "g", "path", "text"}
    assert not page.loads
    assert not page.handlers
    assert "http" not in picture
    assert 'id="here-clip1"' in picture
    assert 'clip-path="url(#here-clip1)"' in picture
    assert 'data-tip="a: &lt;b&gt;; n: 3"' in picture
    assert "M0,0h1.23v1" in picture
    assert "width=" not in picture.partition(">")[0], "the page decides how large it is"
    assert page.text == "<script>"


@pytest.mark.parametrize("text", ["", "<svg", "<html/>", "<!DOCTYPE svg [<!ENTITY a 'x'>]><b>&a;</b>"])
def test_what_is_no_picture_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="chart here"):
        clean_svg(text, "here")


QUERY = parse_query(
    "a/b",
    "/* ---\ntitle: T\ncolumns: {name: Name, stage: {label: Stage, kind: term}, n: {label: N, kind: number}}\n"
    "--- */\nSELECT 1",
)
SPEC = {
    "mark": "bar",
    "narrow": {"height": 90},
    "encoding": {
        "y": {"field": "name", "type": "nominal"},
        "x": {"field": "n", "type": "quantitative"},
        "color": {"field": "stage", "type": "nominal"},
    },
}


def test_a_chart_draws_its_rows_in_the_colours_of_the_page() -> None:
    rows = Rows(QUERY, "", ("name", "stage", "n"), ((HOSTILE, "NOT_YET_RECRUITING", 3), ("plain", None, 5)), 2)
    pictures = draw(SPEC, rows, "c")
    assert set(pictures) == {"wide", "narrow"}
    page = read_page(pictures["wide"])
    assert HOSTILE.replace("'", "").split("<img")[0][:20] in page.text.replace("'", "")
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert "Not yet recruiting" in pictures["wide"]
    assert "var(--c1)" in pictures["wide"]
    assert pictures["wide"].count("data-tip=") == 2


def test_no_value_is_left_out_of_a_chart_with_fixed_colours() -> None:
    """A status that the page file did not foresee once had no colour and left a hole in its bar."""
    said = {"bars": {"y": "name", "x": "n", "colour": "stage", "colours": {"Recruiting": "c1"}}}
    rows = Rows(QUERY, "", ("name", "stage", "n"), (("a", "RECRUITING", 3), ("a", "NEVER_SEEN", 2), ("a", None, 1)), 3)
    spec = spec_of(said, QUERY, chart_data(rows))
    assert spec["encoding"]["color"]["scale"]["domain"] == ["Recruiting", "Never seen", "Not stated"]
    wide = draw(spec, rows, "c")["wide"]
    assert wide.count("data-tip=") == 3


def test_what_is_for_telephones_is_laid_over() -> None:
    rows = Rows(QUERY, "", ("name", "stage", "n"), ((HOSTILE, None, 3),), 1)
    assert complete(SPEC, rows, 330)["height"] == 90
    assert "height" not in complete(SPEC, rows, 1120)
    assert "narrow" not in complete(SPEC, rows, 330)


def test_a_long_legend_is_broken_into_lines_that_fit() -> None:
    """The entry "Active, not recruiting" ran out of the picture of half a page (2026-11-21), "Not stated" out of that
    of a whole one, beside long names of sponsors (2026-11-22)."""

    def columns(names: list[str], width: int, bar: str = "A") -> int:
        axis = {"field": "name", "type": "nominal"}
        spec = {"mark": "bar", "encoding": {"y": axis, "color": {"field": "a", "scale": {"domain": names}}}}
        made: int = complete(spec, Rows(QUERY, "", ("name",), ((bar,),), 1), width)["config"]["legend"]["columns"]
        return made

    long = ["Not yet recruiting", "Recruiting", "Enrolling by invitation", "Active, not recruiting"]
    assert columns(long, HALF) == 2
    assert columns(long, WIDE) == 0, "all in one line"
    groups = [*long[:2], long[3], "Completed", "Stopped", "Unknown", "Other", "Not stated"]
    assert columns(groups, WIDE) == 0, "beside short names"
    assert columns(groups, WIDE, "National Institute of Allergy and Infectious Diseases") == 4
    assert columns(["yes", "no"], HALF) == 0
    assert columns(["yes", "no"], NARROW) == 1


@pytest.mark.parametrize(
    ("moments", "labels"),
    [
        (("2026-11-22 21:30", "2026-11-22 23:14"), ["21:30", "22:00", "22:30", "23:00"]),
        (("2026-01-20 21:30", "2026-11-22 23:14"), ["2026-04", "2026-07", "2026-10"]),
        (("2019-01-20", "2026-11-22"), ["2020", "2022", "2024", "2026"]),
    ],
    ids=["evening", "year", "years"],
)
def test_moments_on_an_axis_are_written_as_in_tables(moments: tuple[str, str], labels: list[str]) -> None:
    """Two runs of an evening stood at "09:30" and "11 PM", those of a year at "April" (2026-11-22)."""
    spec = {
        "mark": "line",
        "encoding": {
            "x": {"field": "name", "type": "temporal", "axis": {"tickCount": 4}},
            "y": {"field": "n", "type": "quantitative"},
        },
    }
    rows = Rows(QUERY, "", ("name", "n"), tuple((moment, 1) for moment in moments), 2)
    text = read_page(draw(spec, rows, "c", HALF)["wide"]).text
    for label in labels:
        assert label in text
    assert not {"AM", "PM", "April"} & set(text.replace("\n", " ").split())


def test_a_whole_specification_takes_the_colours_of_the_values_found() -> None:
    """A completed study was drawn in the colour of an overdue one: colours went by the alphabet (2026-11-21)."""
    block = {
        "colours": {"Recruiting": "c4", "Withdrawn": "c6", "Completed": "c1"},
        "spec": {"mark": "bar", "encoding": {"color": {"field": "overall_status", "type": "nominal"}}},
    }
    data = [{"overall_status": word} for word in ("Completed", "Recruiting", "Paused")]
    colour = spec_of(block, load_queries()["trial/periods"], data)["encoding"]["color"]
    assert colour["scale"]["domain"] == ["Recruiting", "Completed", "Paused"]
    assert colour["scale"]["range"][:2] == ["var(--c4)", "var(--c1)"]
    assert len(set(colour["scale"]["range"])) == 3


def test_a_status_has_one_colour_on_all_pages() -> None:
    """Active studies were teal on one page, ochre on the next and blue on the third (2026-11-22)."""
    seen: dict[str, set[str]] = {}
    for said in _charts_of_all_pages():
        colours = said.get("colours") or next(
            (said[form].get("colours") for form in ("bars", "columns") if form in said), {}
        )
        for word, colour in (colours or {}).items():
            if word in STATUS_COLOURS:
                seen.setdefault(word, set()).add(colour)
    assert {"Recruiting", "Active, not recruiting", "Completed", "Terminated", "Unknown"} <= set(seen)
    assert seen == {word: {STATUS_COLOURS[word]} for word in seen}


def _charts_of_all_pages() -> Iterator[dict[str, Any]]:
    for page in sorted(PAGES_DIR.glob("*.yaml")):
        for section in load_yaml(page.read_text(encoding="utf-8"))["sections"]:
            yield from (block for block in section["blocks"] if "chart" in block)


def test_a_status_that_a_page_does_not_foresee_has_its_own_colour_and_no_other_s() -> None:
    said = {"bars": {"y": "name", "x": "n", "colour": "stage", "colours": {"Withdrawn": "c6"}}}
    data = [{"stage": word} for word in ("Withdrawn", "Completed", "Paused")]
    colour = spec_of(said, QUERY, data)["encoding"]["color"]["scale"]
    assert dict(zip(colour["domain"], colour["range"], strict=True)) == {
        "Withdrawn": "var(--c6)",
        "Completed": "var(--c1)",
        "Paused": "var(--c7)",
    }


def test_years_without_anything_keep_their_place() -> None:
    """A sponsor's 1997, 2003 and 2007 stood side by side, as if they were three years in a row (2026-11-22)."""
    said = {"columns": {"x": "year", "y": "studies"}}
    query = load_queries()["sponsors/one_years"]

    def scale(*years: str) -> list[str]:
        spec = spec_of(said, query, [{"year": year, "studies": 1} for year in years])
        domain: list[str] = spec["encoding"]["x"].get("scale", {}).get("domain", [])
        return domain

    assert scale("1999", "2002") == ["1999", "2000", "2001", "2002"]
    assert scale("2026") == ["2026"]
    assert scale("2020", "2202") == [], "a slip of the pen takes no room of 182 years"
    assert scale("2020", "Not stated") == []
    rows = Rows(query, "", ("year", "studies"), (("1999", 1), ("2002", 4)), 2)
    wide = draw(spec_of(said, query, chart_data(rows)), rows, "c")["wide"]
    assert ">2000<" in wide
    assert wide.count("data-tip=") == 2


def test_a_control_character_in_a_text_ends_no_process() -> None:
    """An escape character in a condition's name made the chart library abort the process, pages, run and all."""
    query = parse_query("x", "/* ---\ntitle: t\ncolumns:\n  name: Name\n  n: {label: N, kind: number}\n--- */ SELECT 1")
    texts = ["a\x1b[2J", "b\x00", "c\x9b", "d\ufffe", "e\x7f", "f\x0b", "g\u202e"]
    rows = Rows(query, "", ("name", "n"), tuple((text, 1) for text in texts), len(texts))
    spec = {
        "mark": "bar",
        "encoding": {"y": {"field": "name", "type": "nominal"}, "x": {"field": "n", "type": "quantitative"}},
    }
    pictures = draw(spec, rows, "c")
    assert "a\N{REPLACEMENT CHARACTER}[2J" in pictures["wide"]
