"""No regular expression of the program takes more than linear time: Python's go back over what they have read, if let.

A part of the texts is tried here; all of them by `python -m tests.fuzz --patterns`.
"""

from __future__ import annotations

import re

import pytest

from tests.fuzz.pattern_audit import Audit, drive, duckdb_patterns, python_patterns
from tests.fuzz.patterns import attacks, runs

pytestmark = pytest.mark.slow


def test_no_python_pattern_outgrows_its_text() -> None:
    audit = python_patterns(samples=1, most=12)
    assert not audit.faults
    assert audit.patterns > 400
    assert audit.texts > 4_000


def test_no_sql_pattern_outgrows_its_text() -> None:
    audit = duckdb_patterns(samples=1, most=4)
    assert not audit.faults
    assert audit.patterns > 100


def test_the_audit_knows_a_bad_pattern() -> None:
    """A form that was in the program until 2026-11-21: whoever breaks the audit learns it here.

    In a text of 20,000 characters, for it takes half a second: with 5,000 it stayed below what is noticeable on a
    faster machine (2026-11-21), and the audit was right to see nothing.
    """
    pattern = re.compile(r"<a>\s*(?:<b>)?\s*c")
    audit = Audit()
    for name, run in runs(pattern, {"search"}):
        drive(audit, name, run, attacks(pattern, samples=1), 20_000)
    assert audit.faults
