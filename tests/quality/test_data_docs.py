"""Data Docs: a real run on a small build, its site, and what never gets into it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest

from expectations import Rule, Severity
from pipelines.quality import RuleResult, data_docs, run_rules
from pipelines.quality.data_docs import DataDocsError, build_data_docs
from pipelines.quality.docs_pages import still_page

BEGUN = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>"

FITS = Rule(
    name="title_is_short",
    table="core.thing",
    severity=Severity.WARN,
    description=f"A title is {HOSTILE} short & $plain.",
    meaning=f"Long titles <img src=x onerror=alert(2)> are doubtful {HOSTILE}.",
    source="test",
    columns=("title",),
    evaluable="title IS NOT NULL",
    passes="length(title) < 100",
    message="{title}",
)
FAILS = replace(FITS, name="title_is_known", passes="title = 'known'", severity=Severity.GATE)
RAISES = replace(FITS, name="title_is_number", passes="CAST(title AS INTEGER) > 0")
OTHER = replace(FITS, name="file_is_named", table="raw.paper", passes="title <> ''")
RULES = (FITS, FAILS, RAISES, OTHER)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[RuleResult]:
    path = tmp_path_factory.mktemp("build") / "build.duckdb"
    with duckdb.connect(str(path)) as connection:
        for table in ("core.thing", "raw.paper"):
            connection.execute(f"CREATE SCHEMA {table.split('.')[0]}")
            connection.execute(f"CREATE TABLE {table} (record_key VARCHAR, title VARCHAR)")
            connection.execute(
                f"INSERT INTO {table} VALUES ('KEY:1', ?), ('KEY:2', 'known'), ('KEY:3', 'known'), ('KEY:4', NULL)",
                [HOSTILE],
            )
    return run_rules(path, "run-1", BEGUN, RULES)


@pytest.fixture(scope="module")
def index(results: list[RuleResult], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_data_docs(results, RULES, tmp_path_factory.mktemp("home") / "data_docs", "run-1", BEGUN)


class Page(HTMLParser):
    """Tags, links and text of a page as a browser takes them."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def links(self) -> list[str]:
        return [href for tag, attributes in self.tags if tag == "a" and (href := attributes.get("href"))]


def pages(index: Path) -> list[Path]:
    return sorted(index.parent.rglob("*.html"))


def page(index: Path, kind: str, table: str) -> Page:
    found = list((index.parent / kind / table.replace(".", "/")).rglob("*.html"))
    return Page(found[0] if found else index.parent / kind / f"{table.replace('.', '/')}.html")


def test_index_lists_every_suite_and_links_lead_somewhere(index: Path) -> None:
    assert index.name == "index.html"
    assert len(pages(index)) == 1 + 2 * 2
    entry = Page(index)
    assert "core.thing" in entry.text
    assert "raw.paper" in entry.text
    assert len(entry.links()) == 4
    for path in pages(index):
        for href in Page(path).links():
            if not href.startswith(("https:", "#")):
                assert (path.parent / unquote(href.partition("#")[0])).is_file(), (path, href)


def test_index_counts_rules_by_outcome(index: Path) -> None:
    rows = re.findall(
        r"<tr><td>(.*?)</td><td class=\"(\w+)\".*?</td>((?:<td class=\"n\">\d+</td>)+)", index.read_text()
    )
    found = {table: (word, re.findall(r"\d+", counts)) for table, word, counts in rows}
    assert found == {"core.thing": ("failed", ["3", "1", "1", "1"]), "raw.paper": ("passed", ["1", "1", "0", "0"])}


def test_failing_rule_shows_as_failed_with_its_counts(index: Path) -> None:
    shown = page(index, "validations", "core.thing")
    assert "3 evaluated, 1 failed, 1 not evaluable" in shown.text
    assert "3 evaluated, 0 failed, 1 not evaluable" in shown.text
    assert "33.3" in shown.text
    icons = [attributes.get("class") or "" for tag, attributes in shown.tags if tag == "i"]
    assert sum("fa-check-circle" in icon for icon in icons) == 1
    assert sum("fa-exclamation-triangle" in icon for icon in icons) == 1
    assert sum("fa-times" in icon for icon in icons) == 2  # the suite and the rule
    clean = page(index, "validations", "raw.paper")
    assert not any("fa-times" in (attributes.get("class") or "") for _, attributes in clean.tags)


def test_words_of_the_catalogue_stay_text(index: Path) -> None:
    for kind in ("validations", "expectations"):
        assert f"A title is {HOSTILE} short & $plain." in page(index, kind, "core.thing").text


def test_pages_load_and_run_nothing(index: Path) -> None:
    for path in pages(index):
        tags = Page(path).tags
        assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "object", "embed"}, path
        assert not [name for _, attributes in tags for name in attributes if name.startswith("on")], path
        policies = [a.get("content") for _, a in tags if a.get("http-equiv") == "Content-Security-Policy"]
        assert policies == ["default-src 'none'; style-src 'unsafe-inline'"], path
        assert "url(" not in path.read_text()
    assert not (index.parent / "static").exists()


def test_no_row_of_the_data_gets_in(index: Path, results: list[RuleResult]) -> None:
    assert any(HOSTILE in (result.error or "") for result in results), "an error text that quotes a value"
    assert any(example.value == HOSTILE for result in results for example in result.examples)
    for path in pages(index):
        said = Page(path).text.replace(f"is {HOSTILE} short", "").replace(f"doubtful {HOSTILE}.", "")
        assert HOSTILE not in said, path
        assert "KEY:" not in said, path


def test_new_site_takes_the_place_of_the_former(results: list[RuleResult], tmp_path: Path) -> None:
    site = tmp_path / "data_docs"
    build_data_docs(results, RULES, site, "run-1", BEGUN)
    build_data_docs([r for r in results if r.table_name == "raw.paper"], RULES, site, "run-2", BEGUN)
    assert len(pages(site / "index.html")) == 3
    assert "run-2" in (site / "index.html").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["data_docs"]


def test_failure_leaves_the_former_site(
    results: list[RuleResult], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "data_docs"
    build_data_docs(results, RULES, site, "run-1", BEGUN)
    before = {path: path.read_bytes() for path in pages(site / "index.html")}

    def broken(_rule: Rule, _result: RuleResult) -> object:
        outcome = real(_rule, _result)
        outcome.exception_info = {"raised_exception": True, "exception_message": None, "exception_traceback": None}
        return outcome

    real = data_docs._outcome
    monkeypatch.setattr(data_docs, "_outcome", broken)
    with pytest.raises(DataDocsError, match=r"no page 'Results' for table core\.thing"):
        build_data_docs(results, RULES, site, "run-2", BEGUN)
    assert {path: path.read_bytes() for path in pages(site / "index.html")} == before
    assert [path.name for path in tmp_path.iterdir()] == ["data_docs"]


def test_foreign_folder_is_left_alone(results: list[RuleResult], tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="holds something that is no Data Docs site"):
        build_data_docs(results, RULES, tmp_path, "run-1", BEGUN)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_result_of_an_unknown_rule_is_named(results: list[RuleResult], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="rule file_is_named"):
        build_data_docs(results, (FITS, FAILS, RAISES), tmp_path / "site", "run-1", BEGUN)


@pytest.mark.parametrize(
    "body",
    ["<script>a</script>b", "<SCRIPT src=x>a</SCRIPT >b", "<script>a</script><img src=x>b<script>never closed"],
    ids=["plain", "upper_case", "unclosed"],
)
def test_scripts_and_pictures_are_taken_out(body: str) -> None:
    done = still_page(f"<html><head></head><body>{body}</body></html>", "t")
    assert "<body>b</body>" in done
    assert "never" not in done


def test_handlers_are_taken_out_of_tags_and_left_in_texts() -> None:
    """A button whose script is gone did nothing, and a newer Chromium complained of it on every page."""
    body = '<a class="b" onclick="go()" title="c">one="1" onclick="no" <b ONLOAD="x">d</b></a>'
    done = still_page(f"<html><head></head><body>{body}</body></html>", "t")
    assert '<body><a class="b" title="c">one="1" onclick="no" <b>d</b></a></body>' in done


def test_unknown_template_is_refused() -> None:
    with pytest.raises(ValueError, match="has no <body>"):
        still_page("<html></html>", "core.thing")
