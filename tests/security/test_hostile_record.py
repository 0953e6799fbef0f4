"""Records that attack whoever shows them, through a whole run: every text stays text, wherever it comes out."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.orchestration.instance import open_instance
from pipelines.settings import Settings
from pipelines.warehouse.connect import connect_read_only
from tests.browser import chromium, complaints_of, requests_of
from tests.pipeline_run import trialmart
from tests.security.conftest import DROPPED, FETCHED, Attacked
from tests.security.hostile import ATTACKS, FILE_NAME

pytestmark = pytest.mark.slow


def test_all_are_taken_in_as_they_are(attacked: Attacked) -> None:
    with connect_read_only(attacked.home / "warehouse.duckdb") as connection:
        records = connection.execute("SELECT count(*) FROM core.record").fetchall()
        assert records == [(FETCHED + DROPPED,)]
        titles = {row[0] for row in connection.execute("SELECT brief_title FROM core.record").fetchall()}
        assert all(title.startswith(tuple(text.strip() for text in ATTACKS)) for title in titles), titles
        assert (FILE_NAME,) in connection.execute("SELECT path FROM raw.file").fetchall()


def test_no_output_steers_a_terminal_or_forges_a_line(attacked: Attacked) -> None:
    for name, said in attacked.said.items():
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said), name
        assert not re.search(r"^(?:2026-11-21 03:00:00 - ERROR|third)", said, re.MULTILINE), name
    assert "\\x1b]0;owned" in attacked.said["files"]


def test_csv_for_a_spreadsheet_holds_no_formula(attacked: Attacked) -> None:
    done = trialmart("sql", "FROM core.record", "-f", "csv", home=attacked.home)
    cells = [cell for row in csv.reader(io.StringIO(done.stdout, newline="")) for cell in row]
    assert any(cell.startswith(("'=HYPERLINK", "'@SUM")) for cell in cells)
    assert not [cell for cell in cells if re.match(r"[=+\-@\t\r]", cell) and not re.fullmatch(r"-?[\d.]+", cell)]


def test_dagsters_metadata_is_inert(attacked: Attacked) -> None:
    """Whatever Dagster would show as Markdown holds no markup outside inline code."""
    seen = 0
    with open_instance(Settings(home=attacked.home)) as instance:
        for run in instance.get_runs():
            for entry in instance.all_logs(run.run_id):
                assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", entry.user_message), entry.user_message
                for text in _markdown_of(entry):
                    seen += 1
                    bare = re.sub(r"`[^`\n]*`", "", text)
                    assert not re.search(r"<\s*[a-z/!]|\]\(|javascript:|\*\*strong", bare, re.IGNORECASE), text
                    assert "`" not in bare, text
    assert seen > 100


def _markdown_of(entry: dg.EventLogEntry) -> Iterator[str]:
    event = entry.dagster_event
    data = event.event_specific_data if event else None
    for holder in (data, getattr(data, "materialization", None)):
        for value in (getattr(holder, "metadata", None) or {}).values():
            if isinstance(value, dg.MarkdownMetadataValue):
                yield str(value.md_str)


class _Links(HTMLParser):
    """Addresses and handlers of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(name, value or "") for name, value in attrs]


def test_no_page_holds_a_handler_or_a_script_address(attacked: Attacked) -> None:
    pages = [page for folder in ("report", "docs", "data_docs") for page in (attacked.home / folder).rglob("*.html")]
    assert len(pages) > 30
    for page in pages:
        found = _Links(page.read_text(encoding="utf-8")).found
        wrong = [
            pair
            for pair in found
            if re.search(r"^\s*(?:javascript|vbscript):", pair[1], re.IGNORECASE)
            or (pair[0] in ("src", "href", "action") and "127.0.0.1" in pair[1])
            or (pair[0].startswith("on") and "alert" in pair[1])
        ]
        assert wrong == [], page


@pytest.mark.browser
def test_a_browser_shows_text_and_runs_and_loads_nothing(attacked: Attacked) -> None:
    """Every page of the report, of the documentation, and the checks' site: no dialog, no request, no complaint."""
    folders = {name: attacked.home / name for name in ("report", "docs", "data_docs")}
    with chromium() as browser:
        for name, folder in folders.items():
            pages = sorted(folder.rglob("*.html"))
            for page in pages if name != "data_docs" else _some(pages):
                browser.get(page.as_uri())
                _wait_until_loaded(browser, page)
                foreign = (
                    "return [...document.querySelectorAll('iframe,object,embed,img')]"
                    ".map(e => e.outerHTML).filter(t => /src=.?x|127\\.0\\.0\\.1|alert/.test(t))"
                )
                assert browser.execute_script(foreign) == [], page
                if name == "report":
                    assert browser.execute_script("return document.scripts.length") == 2, page
            asked = [url for url in requests_of(browser) if not url.startswith(("file://", "data:"))]
            assert asked == [], name
            assert [words for words in complaints_of(browser) if "favicon" not in words] == [], name
        shown = _texts_of_trials(browser, folders["report"])
    assert "<img src=x onerror=alert(1)>" in shown
    assert "{{7*7}}${7*7}#{7*7}<%= 7*7 %>" in shown
    assert "[x](javascript:alert(7))" in shown


def _wait_until_loaded(browser: Any, page: Path) -> None:
    """A dialog would stop the page, and the driver with it."""
    end = time.monotonic() + 30
    while browser.execute_script("return document.readyState") != "complete":
        assert time.monotonic() < end, f"{page} does not come to its end"
        time.sleep(0.05)


def _some(pages: list[Path]) -> list[Path]:
    """The index and one of each folder: the site has a page for each of hundreds of checks."""
    return list({page.parent: page for page in reversed(pages)}.values())[:12]


def _texts_of_trials(browser: Any, report: Path) -> str:
    texts = []
    for page in sorted(report.glob("trial-*.html")):
        browser.get(page.as_uri())
        texts.append(str(browser.execute_script("return document.body.textContent")))
    return "\n".join(texts)
