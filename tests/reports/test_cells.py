"""Values as readers see them: nothing is rounded to certainty, nothing sorts before something."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.reports.cells import KINDS, NOTHING, TEXT_CHARACTERS, Links, cell


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (1234567, "number", "1,234,567"),
        (2.5, "number", "2.5"),
        (Decimal(3), "number", "3"),
        (0.9996, "number", "0.9996"),
        (0.99999999, "number", "0.99999999"),
        (0.0004, "signed", "+0.0004"),
        (1e-20, "number", "1e-20"),
        (12.9999, "number", "13"),
        (-12, "signed", "−12"),
        (12, "signed", "+12"),
        (1, "share", "100 %"),
        (0.99999, "share", ">99.9 %"),
        (0.0001, "share", "<0.1 %"),
        (0, "share", "0 %"),
        (0.1234, "share", "12.3 %"),
        (1, "days", "1 day"),
        (-400, "days", "−400 days"),
        (date(2026, 3, 4), "date", "2026-03-04"),
        (datetime.fromisoformat("2026-03-04T05:06:07"), "moment", "2026-03-04 05:06"),
        ("ACTIVE_NOT_RECRUITING", "term", "Active, not recruiting"),
        ("NIH", "term", "NIH"),
        ("OTHER_GOV", "term", "Other government"),
        ("EU_GUIDELINE", "term", "EU guideline"),
        ("CTGOV", "registry", "ClinicalTrials.gov"),
        ("DRKS", "registry", "DRKS"),
        ("PHASE1/PHASE2", "phase", "Phase 1/2"),
        ("EARLY_PHASE1", "phase", "Phase 1 (early)"),
        ("NA", "phase", "Not applicable"),
        ("none stated", "phase", "None stated"),
        (True, "truth", "yes"),
        (False, "truth", "no"),
        (None, "truth", "cannot tell"),
        (None, "number", NOTHING),
        ([], "list", NOTHING),
        (["a", "b"], "list", "a, b"),
        (1500, "bytes", "1.5 kB"),
        ("a\n  b", "text", "a b"),
        ("a\n  b", "long", "a\n  b"),
    ],
)
def test_words(value: object, kind: str, text: str) -> None:
    assert cell(value, kind).text == text


def test_a_cut_text_keeps_the_whole_beside() -> None:
    whole = "word " * 100
    cut = cell(whole)
    assert len(cut.text) <= TEXT_CHARACTERS
    assert cut.text.endswith("…")
    assert cut.full == whole.strip()


@pytest.mark.parametrize("kind", sorted(KINDS - {"number", "signed", "share", "days", "bytes"}))
def test_no_cell_grows_with_the_text_of_a_record(kind: str) -> None:
    """Behind a title of 150 letters stood the whole of it, however long (2026-11-21)."""
    value = ["x" * 40_000] if kind == "list" else "x" * 40_000
    made = cell(value, kind)
    if kind not in ("truth"):
        assert len(made.text) + len(made.full) + len(made.sort) <= 3 * 1500


def test_links_lead_to_pages_there_are() -> None:
    links = Links({"CTGOV:NCT1": "trial-1.html"}, {"Acme": "sponsor-acme.html"})
    assert cell("CTGOV:NCT1", "record", links).href == "trial-1.html"
    assert cell("Acme", "sponsor", links).href == "sponsor-acme.html"
    assert cell("CTGOV:NCT2", "record", links).href == ""


@given(st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6)), st.sampled_from(["number", "signed", "days"]))
def test_numbers_sort_as_numbers(value: float, kind: str) -> None:
    assert float(cell(value, kind).sort) == pytest.approx(value)


@given(st.text(max_size=400), st.sampled_from(sorted(KINDS - {"number", "signed", "share", "days", "bytes"})))
@example("_", "phase")  # no word is left of it: it is shown as it stands
@example("_ _", "term")
def test_any_text_becomes_a_cell(value: str, kind: str) -> None:
    made = cell(value, kind)
    assert made.kind == kind
    assert made.text
