"""The whole report: every page made, all within a bound on their size, and written.

Belongs here: page files → pages, the menu, the bound. Does not: choosing pages (plan.py), queries, blocks, HTML, files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipelines.reports.blocks import Block, BlockMaker
from pipelines.reports.definitions import PAGE as DEFINITIONS
from pipelines.reports.definitions import defined_tables, definitions_values
from pipelines.reports.folder import GENERATOR, former_pages, write_pages
from pipelines.reports.plan import INDEX, MAIN, Page, Wanted, page_links, plan_pages
from pipelines.reports.query import WarehouseReader
from pipelines.reports.render import NavLink, render
from pipelines.warehouse.connect import connect_read_only
from pipelines.yaml_text import load_yaml

BUDGET_BYTES = 5_000_000
"""What the pages that nobody asked for by name may weigh together, whatever the size of the registry."""

PAGES_DIR = Path(__file__).parent / "pages"

_ROW_BOUNDS = (10_000, 100, 50, 25, 10)
"""Rows of each list, tried in turn until the pages are within the budget."""

RECORDS_IN_FULL = 6
"""Records of one trial that are shown field by field; a trial in 28 member states has as many records."""


@dataclass(frozen=True, slots=True)
class ReportDone:
    """What was written: the index, every page with its bytes, and the build it is about."""

    index: Path
    pages: Mapping[str, int]
    build_id: str

    @property
    def bytes(self) -> int:
        """All pages together."""
        return sum(self.pages.values())


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page."""

    anchor: str
    title: str
    text: str
    blocks: tuple[Block, ...]


def write_report(warehouse: Path, output: Path, wanted: Wanted | None = None) -> ReportDone:
    """Write the pages about the warehouse file into the folder `output`, in place of an earlier report's.

    Nothing is written until all pages are made. Raises NoWarehouseError and WarehouseError for the warehouse,
    UnknownSponsorError, UnknownTrialError, ReportError where the folder holds another site, OSError.
    """
    former = former_pages(output)
    with connect_read_only(warehouse) as connection:
        reader = WarehouseReader(connection)
        build = next(reader.run("report/build").dicts(), {})
        plan = plan_pages(reader, wanted or Wanted())
        pages = _within_budget(connection, plan, build)
    write_pages(output, pages, former)
    sizes = {name: len(text.encode()) for name, text in pages.items()}
    return ReportDone(output / INDEX, sizes, str(build.get("build_id", "")))


@cache
def page_file(kind: str) -> Mapping[str, Any]:
    """A file of pages/: title, menu, lead, sections with their blocks."""
    said: Mapping[str, Any] = load_yaml((PAGES_DIR / f"{kind}.yaml").read_text(encoding="utf-8"))
    return said


def _within_budget(
    connection: duckdb.DuckDBPyConnection, plan: Sequence[Page], build: Mapping[str, Any]
) -> dict[str, str]:
    """All pages by file name, their lists as long as the budget allows."""
    asked = {page.file for page in plan if page.is_wanted}
    pages: dict[str, str] = {}
    for most_rows in _ROW_BOUNDS:
        pages = dict(_render_all(WarehouseReader(connection, most_rows), plan, build))
        if sum(len(text.encode()) for name, text in pages.items() if name not in asked) <= BUDGET_BYTES:
            break
    return pages


def _render_all(reader: WarehouseReader, plan: Sequence[Page], build: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    links, defined = page_links(reader, plan), defined_tables(reader)
    shared: dict[str, Any] = {"nav": _menu(plan), "build": build, "generator": GENERATOR}
    for page in plan:
        maker = BlockMaker(reader.with_values(**page.values), links, defined)
        yield page.file, render_page(page, maker, shared)
    values = {**shared, "file": DEFINITIONS, **definitions_values(reader)}
    yield DEFINITIONS, render("definitions.html.j2", values)


def _menu(plan: Sequence[Page]) -> list[NavLink]:
    entries = []
    for page in plan:
        if page.kind in MAIN:
            said = page_file(page.kind)
            entries.append(NavLink(str(said.get("menu", said["title"])), page.file, "pages"))
        elif page.kind == "sponsor":
            entries.append(NavLink(page.name, page.file, "sponsors"))
        else:
            entries.append(NavLink(page.name.rpartition(":")[2], page.file, "trials"))
    return [*entries, NavLink("Definitions", DEFINITIONS, "pages")]


def render_page(page: Page, maker: BlockMaker, shared: Mapping[str, Any]) -> str:
    """One page as HTML. `shared`: menu, build and generator, as every template needs them."""
    said = page_file(page.kind)
    title, above = str(said["title"]), ""
    if page.kind == "sponsor":
        title, above = page.name, title
    elif page.kind == "trial":
        title, above = _trial_title(maker.reader, page.name), page.name
    sections = tuple(section for part in said["sections"] for section in _sections(part, page, maker))
    own = {"file": page.file, "title": title, "above": above, "lead": said["lead"], "sections": sections}
    return render("page.html.j2", {**shared, **own})


def _trial_title(reader: WarehouseReader, trial_id: str) -> str:
    found = reader.connection.execute("SELECT title FROM core.trial WHERE trial_id = ?", [trial_id]).fetchone()
    return str(found[0]) if found and found[0] else "A trial whose records give no title"


def _sections(part: Mapping[str, Any], page: Page, maker: BlockMaker) -> Iterator[Section]:
    """A section of a page file; with `each_record` one for each of the trial's records, as many as RECORDS_IN_FULL."""
    text = str(part.get("text", ""))
    if not part.get("each_record"):
        blocks = tuple(maker.make(said) for said in part["blocks"])
        yield Section(part["id"], part["title"], text, blocks)
        return
    sql = "SELECT record_key FROM core.trial_member WHERE trial_id = ? ORDER BY is_primary DESC, record_key"
    keys = [str(row[0]) for row in maker.reader.connection.execute(sql, [page.name]).fetchall()]
    for number, key in enumerate(keys[:RECORDS_IN_FULL], 1):
        own = replace(maker, reader=maker.reader.with_values(**page.values, record_key=key))
        more = f" The first {RECORDS_IN_FULL} of {len(keys)} records." if len(keys) > RECORDS_IN_FULL else ""
        blocks = tuple(own.make(said) for said in part["blocks"])
        yield Section(f"{part['id']}-{number}", f"{part['title']}: {key}", text + more, blocks)
