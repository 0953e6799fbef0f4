"""A format that differs from another in its wrapping alone borrows that one's rows."""

from __future__ import annotations

from pipelines.readers.mapping import load_mapping


def test_a_format_may_borrow_the_rows_of_another() -> None:
    own, lender = load_mapping("isrctn_json"), load_mapping("isrctn_xml")
    assert (own.rows, own.words, own.made, own.absent) == (lender.rows, lender.words, lender.made, lender.absent)
    assert (own.format, own.title) == ("isrctn_json", "ISRCTN JSON")
    assert own.carries() == lender.carries()
