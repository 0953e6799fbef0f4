"""Pages as they are written: whole, self-contained, escaped, bounded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from pipelines.reports import UnknownSponsorError, UnknownTrialError, Wanted, site, write_report
from pipelines.reports.blocks import BlockMaker
from pipelines.reports.cells import Links
from pipelines.reports.folder import GENERATOR
from pipelines.reports.plan import INDEX, MAIN, Page, plan_pages
from pipelines.reports.query import WarehouseReader
from pipelines.reports.render import NavLink
from pipelines.reports.site import render_page
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.errors import NoWarehouseError
from tests.reports.pages_read import leads_outside, read_page
from tests.reports.small_warehouse import HOSTILE, hostile_rows, make_warehouse


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The report on records whose every text is an attack."""
    folder = tmp_path_factory.mktemp("hostile")
    write_report(make_warehouse(folder / "warehouse.duckdb", hostile_rows()), folder / "report")
    return {path.name: path.read_text(encoding="utf-8") for path in (folder / "report").glob("*.html")}


def test_pages_there_are(hostile: dict[str, str]) -> None:
    sponsor = "sponsor-script-script-alert-1-script-img-src-x-onerror-alert-2-7-7.html"
    usual = {INDEX, *(f"{kind}.html" for kind in MAIN if kind != "overview"), "definitions.html"}
    assert set(hostile) == usual | {sponsor, "trial-ctgov-nct00000101.html"}


def test_nothing_loads_and_nothing_leads_outside(hostile: dict[str, str]) -> None:
    for name, text in hostile.items():
        page = read_page(text)
        assert all(target.startswith("data:image/svg+xml,") for target in page.loads), name
        assert not [target for target in page.links if leads_outside(target)], name
        assert "default-src 'none'" in page.policy, name
        assert "unsafe" not in page.policy, name
        assert not page.styles, "the policy forbids style attributes"
        assert "@import" not in text, name
        assert not re.search(r"url\((?!#)", text.partition("</head>")[2]), name


def test_hostile_text_stays_text(hostile: dict[str, str]) -> None:
    """Besides tags: no handler, no markup from a template's braces, the same scripts on every page."""
    scripts = {tuple(read_page(text).scripts) for text in hostile.values()}
    assert len(scripts) == 1
    for name, text in hostile.items():
        page = read_page(text)
        assert not page.handlers, name
        assert "img" not in page.tags, name
        assert page.tags.count("script") == 2, name
        assert len(page.ids) == len(set(page.ids)), f"{name}: an id twice"
    assert HOSTILE in read_page(hostile["trial-ctgov-nct00000101.html"]).text
    assert HOSTILE in read_page(hostile["history.html"]).text


def test_what_no_page_may_hold_is_a_replacement_character(tmp_path: Path) -> None:
    """Control characters of a record's texts stood in the pages as they were: no valid HTML, a file that grep takes for
    a binary one, and behind U+202E the rest of the line ran backwards (extreme texts through whole runs, 2026-11-22).
    """
    plain = "\u202c e\u0301 \u200f\u2067x\u2069 \U0001f468\u200d\U0001f469"
    odd = f"a\0b\x01\x1b[31mc\x7f\x85\x9b31m\ufdd0\ufffe\uffff\u202eexe.gpj{plain}"
    shown = f"a\ufffdb\ufffd\ufffd[31mc\ufffd\ufffd\ufffd31m\ufffd\ufffd\ufffd\ufffdexe.gpj{plain}"
    rows = {
        table: [{name: odd if value == HOSTILE else value for name, value in row.items()} for row in some]
        for table, some in hostile_rows().items()
    }
    write_report(make_warehouse(tmp_path / "warehouse.duckdb", rows), tmp_path / "report")
    for path in (tmp_path / "report").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e\ufdd0\ufffe\uffff]", text), path.name
    page = tmp_path / "report" / "trial-ctgov-nct00000101.html"
    assert shown in read_page(page.read_text(encoding="utf-8")).text


def test_links_of_pages_lead_to_what_is_there(hostile: dict[str, str]) -> None:
    read = {name: read_page(text) for name, text in hostile.items()}
    for name, page in read.items():
        for target in page.links:
            file, _, anchor = target.partition("#")
            assert (file or name) in read, target
            if anchor:
                assert anchor in read[file or name].ids, f"{name} → {target}"


def test_every_figure_leads_to_the_sql_that_made_it(hostile: dict[str, str]) -> None:
    for name, text in hostile.items():
        for anchor in re.findall(r'class="number [a-z]+" href="#([^"]+)"', text):
            made_by = re.search(rf'<details class="how" id="{anchor}">.*?</details>', text, re.DOTALL)
            assert made_by, (name, anchor)
            assert "SELECT" in made_by[0], (name, anchor)
    assert text.count("<details") >= 0
    shown = read_page(hostile["recruitment.html"]).text
    assert "Three-valued: NULL where partial or missing dates do not tell." in shown, "the caveat of the metric"


def test_a_trials_page_says_where_each_value_stands(hostile: dict[str, str]) -> None:
    text = read_page(hostile["trial-ctgov-nct00000101.html"]).text
    assert "Field by field: CTGOV:NCT00000101" in text
    assert "Field by field: EUCTR:2020-000001-01" in text
    assert re.search(r"Brief title .{0,200}damaged 12 14", text)
    assert "From line" in text
    assert "Acronym – not given" in text


def test_structure_of_a_page(hostile: dict[str, str]) -> None:
    """Landmarks, skip link, one first heading, captions, scopes."""
    for name, text in hostile.items():
        page = read_page(text)
        assert page.tags.count("h1") == 1, name
        assert page.tags.count("main") == 1, name
        assert page.links[0] == "#main", "the first link skips to the content"
        assert text.count("<table>") == text.count("<caption"), name
        assert text.count("<th ") == text.count('<th scope="col"'), name
        assert f'name="generator" content="{GENERATOR}"' in text[:2000], name
        assert '<html lang="en">' in text, name


def _page(connection_path: Path, kind: str, **values: str) -> str:
    with connect_read_only(connection_path) as connection:
        reader = WarehouseReader(connection).with_values(**values)
        name = next(iter(values.values()), "")
        shared = {"nav": [NavLink("Overview", INDEX, "pages")], "build": {}, "generator": GENERATOR}
        return render_page(Page(f"{kind}.html", kind, name, values), BlockMaker(reader, Links()), shared)


@pytest.mark.parametrize("kind", [kind for kind in MAIN if kind != "overview"])
def test_an_empty_warehouse_says_so_everywhere(kind: str, tmp_path: Path) -> None:
    shown = read_page(_page(make_warehouse(tmp_path / "w.duckdb"), kind)).text
    assert "None" not in shown.split()
    assert "nan" not in shown.lower().split()
    assert shown.count("How this was computed") > 2


def test_a_table_that_is_not_there_is_said(tmp_path: Path) -> None:
    path = make_warehouse(tmp_path / "w.duckdb", without=["marts.date_slippage", "marts.sponsor_portfolio"])
    assert "has no marts.date_slippage" in read_page(_page(path, "history")).text
    with connect_read_only(path) as connection:
        assert not [page for page in plan_pages(WarehouseReader(connection), Wanted()) if page.kind == "sponsor"]


def test_a_sponsor_with_a_name_of_a_megabyte_gets_no_page_unasked(tmp_path: Path) -> None:
    """Its page holds the name in the SQL of each block: such a page had 13 MB (extreme texts, 2026-11-22)."""
    rows = [{"lead_sponsor": "x" * 1_000_000, "studies": 9}, {"lead_sponsor": "Acme", "studies": 2}]
    path = make_warehouse(tmp_path / "warehouse.duckdb", {"marts.sponsor_portfolio": rows})
    with connect_read_only(path) as connection:
        plan = plan_pages(WarehouseReader(connection), Wanted())
    assert [page.name for page in plan if page.kind == "sponsor"] == ["Acme"]


def test_sponsors_and_trials_are_found_by_any_of_their_names(tmp_path: Path) -> None:
    path = make_warehouse(
        tmp_path / "w.duckdb",
        {
            "core.record": [
                {
                    "record_key": "CTGOV:NCT00000101",
                    "registry_id": "NCT00000101",
                    "trial_id": "TRIAL:X",
                    "lead_sponsor": "Acme",
                },
                {
                    "record_key": "CTGOV:NCT00000102",
                    "registry_id": "NCT00000102",
                    "trial_id": "TRIAL:Y",
                    "lead_sponsor": "ACME",
                },
            ]
        },
    )
    with connect_read_only(path) as connection:
        reader = WarehouseReader(connection)
        plan = plan_pages(reader, Wanted(("ACME", "acme "), ("nct00000101", "TRIAL:X", "ctgov:nct00000102")))
        assert next(page.name for page in plan if page.kind == "sponsor") == "ACME"
        assert [(page.name, page.is_wanted) for page in plan if page.kind == "trial"] == [
            ("TRIAL:X", True),
            ("TRIAL:Y", True),
        ]
        files = [page.file for page in plan]
        assert len(files) == len(set(files)), "names that differ in case have pages of their own"
        with pytest.raises(UnknownSponsorError, match="nearest: A"):
            plan_pages(reader, Wanted(sponsors=("Acm",)))
        with pytest.raises(UnknownTrialError, match="NCT09999999"):
            plan_pages(reader, Wanted(trials=("NCT09999999",)))


def test_nothing_published(tmp_path: Path) -> None:
    with pytest.raises(NoWarehouseError, match="trialmart run"):
        write_report(tmp_path / "warehouse.duckdb", tmp_path / "report")
    assert not (tmp_path / "report").exists()


def test_a_list_is_bounded_and_says_of_how_many(tmp_path: Path) -> None:
    rows = {"marts.change_feed": [{"record_key": f"A:{n}", "topic": "dates", "path": "p"} for n in range(230)]}
    text = _page(make_warehouse(tmp_path / "w.duckdb", rows), "history")
    assert "The first 200 of 230." in read_page(text).text
    assert text.count("<tr><td") < 230


def test_lists_are_cut_until_the_pages_are_small_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    title = "x" * 5000
    feed = [{"record_key": f"A:{n}", "topic": "dates", "path": title, "old_value": title} for n in range(120)]
    path = make_warehouse(tmp_path / "w.duckdb", {"marts.change_feed": feed})
    whole = write_report(path, tmp_path / "whole")
    monkeypatch.setattr(site, "BUDGET_BYTES", whole.bytes - 10_000)
    less = write_report(path, tmp_path / "less")
    assert less.bytes <= whole.bytes - 10_000
    assert set(less.pages) == set(whole.pages)
    assert "of 120." in (tmp_path / "less" / "history.html").read_text(encoding="utf-8")


def test_a_country_of_two_names_is_counted_once(tmp_path: Path) -> None:
    """South Korea stood beside "Korea, Republic of" in the list of where one can take part (2026-11-21)."""
    names = ("South Korea", "Korea, Republic of")
    rows: dict[str, list[dict[str, Any]]] = {
        "core.country_spelling": [
            {"spelling": names[1], "spelling_key": names[1].lower(), "country": names[0]},
        ],
        "core.country": [{"record_key": f"A:{n}", "position": 1, "country": name} for n, name in enumerate(names)],
        "marts.recruitment_pipeline": [
            {"record_key": f"A:{n}", "overall_status": "RECRUITING", "countries": [name]}
            for n, name in enumerate(names)
        ],
    }
    path = make_warehouse(tmp_path / "w.duckdb", rows)
    with connect_read_only(path) as connection:
        for query in ("overview/countries", "recruitment/countries"):
            assert WarehouseReader(connection).run(query).rows == (("South Korea", 2),)


def test_texts_of_any_length_stay_within_the_budget(tmp_path: Path) -> None:
    title = "x" * 40_000
    feed = [{"record_key": f"A:{n}", "topic": "dates", "path": title, "old_value": title} for n in range(200)]
    outcomes = [
        {"record_key": f"A:{n}", "is_major": True, "from_measure": title, "brief_title": title} for n in range(200)
    ]
    rows = {"marts.change_feed": feed, "marts.outcome_switching": outcomes}
    done = write_report(make_warehouse(tmp_path / "w.duckdb", rows), tmp_path / "report")
    assert done.bytes <= site.BUDGET_BYTES


def test_nobody_can_take_part_where_the_status_is_unknown(tmp_path: Path) -> None:
    """59 of 1,489 "recruiting" records were last known so: their registry itself says UNKNOWN (2026-11-22)."""
    statuses = {"A:1": "RECRUITING", "A:2": "UNKNOWN", "A:3": "ENROLLING_BY_INVITATION"}
    rows: dict[str, list[dict[str, Any]]] = {
        "marts.recruitment_pipeline": [
            {"record_key": key, "stage": "recruiting", "overall_status": status, "countries": ["France"]}
            for key, status in statuses.items()
        ]
        + [
            {"record_key": f"B:{status}", "stage": "not_yet_recruiting", "overall_status": status}
            for status in ("NOT_YET_RECRUITING", "UNKNOWN")
        ],
    }
    with connect_read_only(make_warehouse(tmp_path / "w.duckdb", rows)) as connection:
        reader = WarehouseReader(connection)
        assert reader.run("recruitment/countries").rows == (("France", 2),)
        assert [row["record_key"] for row in reader.run("recruitment/opening").dicts()] == ["B:NOT_YET_RECRUITING"]


def test_a_chart_says_what_it_leaves_out(tmp_path: Path) -> None:
    """Twelve countries were drawn of 74, and only the closed table of its data said so."""
    rows = [{"record_key": f"A:{n}", "position": 1, "country": f"Country {n}"} for n in range(14)]
    text = _page(make_warehouse(tmp_path / "w.duckdb", {"core.country": rows}), "overview")
    figure = text[text.index('id="chart-overview-countries"') :].partition("</figure>")[0]
    assert "The first 12 of 14." in figure


def test_a_record_without_a_status_is_not_stated_among_a_sponsors(tmp_path: Path) -> None:
    """18 of a hospital's 33 studies stood as of another status, though their records state none (2026-11-22)."""
    counts = {"studies": 3, "completed_count": 1, "no_status_count": 2}
    rows = [{"lead_sponsor": "Example Hospital", **counts}]
    with connect_read_only(make_warehouse(tmp_path / "w.duckdb", {"marts.sponsor_portfolio": rows})) as connection:
        found = {
            row["status"]: row["studies"] for row in WarehouseReader(connection).run("sponsors/largest_status").dicts()
        }
    assert (found["completed"], found["not stated"], found["other"]) == (1, 2, None)


def test_a_trial_without_a_title_is_named_once(tmp_path: Path) -> None:
    """Its id stood above itself in place of a title."""
    trial = "TRIAL:EUDRACT:2011-001295-19"
    rows: dict[str, list[dict[str, Any]]] = {"core.trial": [{"trial_id": trial, "primary_record_key": "A:1"}]}
    text = read_page(_page(make_warehouse(tmp_path / "w.duckdb", rows), "trial", trial_id=trial)).text
    assert "A trial whose records give no title" in text
    assert "There is one version only" not in text, "two versions can have no change between them"
