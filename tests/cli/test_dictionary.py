"""The dictionary's pages: foreign text stays text, lineage goes down to what was read, whatever is named is there."""

from __future__ import annotations

import pytest

from pipelines.console.dictionary.collect import ColumnDoc, Dictionary, RuleDoc, TableDoc
from pipelines.console.dictionary.html_page import html_page
from pipelines.console.dictionary.metrics import short_page, whole_page
from pipelines.warehouse.models.metrics import MetricDefinition, lineage_lines
from pipelines.warehouse.models.model import ColumnRef

EVIL = '<script>alert(1)</script> & "quoted" | `code`'
METRIC = MetricDefinition(
    metric="portfolio.share",
    table_name="marts.portfolio",
    column_name="share",
    meaning=f"How often. {EVIL}",
    grain="one row per sponsor of ClinicalTrials.gov",
    formula="a / b",
    caveat="Few rows jump.",
    expression="record.a / NULLIF(record.b, 0)",
    sql="SELECT a < b AS share FROM core.record",
    value_from=("staging.study.a", "staging.study.b"),
    rows_from=("staging.study.sponsor",),
)
SHARE, A, B = (ColumnRef(*name.rsplit(".", 1)) for name in ("marts.portfolio.share", "core.record.a", "core.record.b"))
PARENTS = {
    SHARE: (A, B),
    A: (ColumnRef("staging.study", "a"),),
    B: (A, ColumnRef("staging.study", "b")),
}


@pytest.fixture
def dictionary() -> Dictionary:
    column = ColumnDoc("share", "DOUBLE", EVIL, ("core.record.a", "core.record.b"))
    table = TableDoc(
        "marts", "portfolio", EVIL, 3, METRIC.grain, METRIC.sql, ("core.record",), [column],
        [rule := RuleDoc("a_rule", "marts.portfolio", "warn", EVIL, EVIL, 3, 1, 0)],
    )  # fmt: skip
    view = TableDoc("aact", "studies", "A view.", None)
    return Dictionary("build-1", [table, view], [rule], [METRIC], PARENTS)


def test_text_of_the_warehouse_stays_text(dictionary: Dictionary) -> None:
    page = html_page(dictionary)
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 5
    assert "SELECT a &lt; b AS share" in page
    assert "<script>alert" not in whole_page([METRIC], PARENTS, "build-1")


def test_anchors_that_pages_link_to_are_there(dictionary: Dictionary) -> None:
    page = html_page(dictionary)
    for place in ("metric-portfolio.share", "sql-marts.portfolio", "marts.portfolio", "rule-a_rule", "aact.studies"):
        assert f'id="{place}"' in page
        assert page.count(f'id="{place}"') == 1
    assert '<h3>aact.studies <span class="quiet">view</span></h3>' in page


def test_lineage_goes_down_to_what_was_read_and_says_again_nothing() -> None:
    lines = [(depth, f"{ref.table}.{ref.column}", repeated) for depth, ref, repeated in lineage_lines(PARENTS, SHARE)]
    assert lines == [
        (0, "core.record.a", False),
        (1, "staging.study.a", False),
        (0, "core.record.b", False),
        (1, "core.record.a", True),
        (1, "staging.study.b", False),
    ]


def test_a_circle_in_lineage_ends() -> None:
    """A model cannot read itself; a warehouse written by other code might say so all the same."""
    lines = list(lineage_lines({A: (B,), B: (A,)}, A))
    assert [depth for depth, _, _ in lines] == [0, 1, 2]


def test_the_short_page_names_what_decides_rows_only_of_counts() -> None:
    counted = MetricDefinition(**{**{name: getattr(METRIC, name) for name in METRIC.__slots__}, "value_from": ()})
    assert "Rows by" not in short_page([METRIC])
    assert "Made of: rows alone.\n\nRows by: `staging.study`: sponsor." in short_page([counted])
    assert "One row per sponsor of ClinicalTrials.gov" in short_page([METRIC])
