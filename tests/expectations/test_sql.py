"""The language of the rules: three-valued, whatever the dates and texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations.rule import on_day, template_sql
from expectations.sql import (
    TODAY,
    XML_FORMAT,
    XML_PATHS,
    Span,
    both,
    characters,
    either,
    missing,
    not_after,
    one_of,
    present,
    stated,
    within,
)
from pipelines.readers.mapping import load_mapping
from pipelines.tables import literal as sql_literal

FIRST_DAY = date(2019, 12, 1)
SOME_DAYS = st.tuples(st.integers(0, 120), st.integers(0, 45))
TRUTH = {True: "TRUE", False: "FALSE", None: "CAST(NULL AS BOOLEAN)"}


@pytest.fixture(scope="module")
def sql() -> Iterator[Any]:
    with duckdb.connect() as connection:
        yield lambda text, *values: connection.execute(f"SELECT {text}", list(values)).fetchone()[0]


def literal(start: int, length: int) -> tuple[Span, list[date]]:
    """An interval as SQL, and every day in it."""
    days = [FIRST_DAY + timedelta(days=start + n) for n in range(length + 1)]
    return Span(f"DATE '{days[0]}'", f"DATE '{days[-1]}'"), days


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=SOME_DAYS, second=SOME_DAYS)
def test_not_after_is_what_all_days_say(sql: Any, first: tuple[int, int], second: tuple[int, int]) -> None:
    one, days = literal(*first)
    two, other_days = literal(*second)
    answers = {day <= other for day in days for other in other_days}
    expected = answers.pop() if len(answers) == 1 else None
    assert sql(not_after(one, two)) is expected


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=SOME_DAYS, second=SOME_DAYS, days_later=st.integers(-60, 60))
def test_moved_spans_keep_the_law(sql: Any, first: tuple[int, int], second: tuple[int, int], days_later: int) -> None:
    one, days = literal(*first)
    two, other_days = literal(*second)
    answers = {day <= other + timedelta(days=days_later) for day in days for other in other_days}
    expected = answers.pop() if len(answers) == 1 else None
    assert sql(not_after(one, two.plus(f"{days_later} DAYS"))) is expected


def test_an_unknown_date_decides_nothing(sql: Any) -> None:
    known, unknown = Span("DATE '2020-01-01'", "DATE '2020-01-01'"), Span("CAST(NULL AS DATE)", "CAST(NULL AS DATE)")
    assert sql(not_after(known, unknown)) is None
    assert sql(not_after(unknown, known)) is None


def test_today_is_the_day_of_the_check(sql: Any) -> None:
    day = Span("DATE '2020-01-01'", "DATE '2020-01-01'")
    assert sql(on_day(not_after(day, TODAY), "2020-01-01")) is True
    assert sql(on_day(not_after(day, TODAY), "2019-12-31")) is False


@pytest.mark.parametrize("a", TRUTH, ids=str)
@pytest.mark.parametrize("b", TRUTH, ids=str)
def test_both_and_either_are_three_valued(sql: Any, a: bool | None, b: bool | None) -> None:
    values = {a, b}
    conjunction = False if False in values else None if None in values else True
    disjunction = True if True in values else None if None in values else False
    assert sql(both(TRUTH[a], TRUTH[b])) is conjunction
    assert sql(either(TRUTH[a], TRUTH[b])) is disjunction


@pytest.mark.parametrize(
    ("source_format", "fields", "value", "is_stated", "is_present"),
    [
        ("ctgov_v2", None, "x", True, True),
        ("ctgov_v2", None, None, True, False),
        ("ctgov_xml", None, None, False, None),
        ("page_text_bare", None, "x", False, True),
        ("page_text_bare", None, None, False, None),
        ("page_text_bare", ["a.b"], None, True, False),
        ("page_text_bare", ["a.c"], None, False, None),
    ],
)
def test_presence_in_layouts_that_lose_parts(
    sql: Any,
    source_format: str,
    fields: list[str] | None,
    value: str | None,
    is_stated: bool,
    is_present: bool | None,
) -> None:
    row = (
        "FROM (SELECT ? AS source_format, NULL AS overall_status, 'whole' AS standing, "
        "CAST(? AS VARCHAR[]) AS stated_fields, CAST(? AS VARCHAR) AS it)"
    )
    given_row = (source_format, fields, value)
    assert sql(f"{stated('a.b')} {row}", *given_row) is is_stated
    assert sql(f"{present('it', 'a.b')} {row}", *given_row) is is_present
    absent = None if is_present is None else not is_present
    assert sql(f"{missing('it', 'a.b')} {row}", *given_row) is absent


def test_paths_that_the_xml_shows_are_paths_that_its_reader_fills() -> None:
    carried = load_mapping(XML_FORMAT).carries()
    lacking = {
        path for path in XML_PATHS if not any(f"{leaf}.".startswith((f"{path}.", f"{path}[")) for leaf in carried)
    }
    assert lacking == set()


@pytest.mark.parametrize("path", sorted(XML_PATHS))
def test_what_the_xml_shows_is_missing_in_the_registry_where_it_is_missing(sql: Any, path: str) -> None:
    row = (
        "FROM (SELECT ? AS source_format, 'COMPLETED' AS overall_status, 'whole' AS standing, "
        "CAST(NULL AS VARCHAR[]) AS stated_fields, CAST(NULL AS VARCHAR) AS it)"
    )
    assert sql(f"{present('it', path)} {row}", XML_FORMAT) is False
    assert sql(f"{present('it', path)} {row}", "ctgov_csv") is None


@pytest.mark.parametrize(
    ("text", "length", "is_within"),
    [
        ("abc", 3, True),
        ("abcd", 4, False),
        (r"a\[b", 3, True),
        (r"\{\}\~", 3, True),
        (r"C:\abc", 6, False),
        ("\\\\\\", 2, True),
        ("", 0, True),
        (None, None, None),
    ],
)
def test_escapes_of_markdown_are_no_characters_of_the_form(
    sql: Any, text: str | None, length: int | None, is_within: bool | None
) -> None:
    row = "FROM (SELECT CAST(? AS VARCHAR) AS it)"
    assert sql(f"{characters('it')} {row}", text) == length
    assert sql(f"{within('it', '3')} {row}", text) is is_within


@given(text=st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",))))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_survives_as_a_literal(sql: Any, text: str) -> None:
    assert sql(sql_literal(text)) == text
    assert sql(one_of(sql_literal(text), ["other'", text])) is True


def test_templates_show_values_and_say_what_is_missing(sql: Any) -> None:
    row = "FROM (SELECT 'it''s; DROP TABLE x' AS name, CAST(NULL AS INTEGER) AS number)"
    template = "Name {name} of {length(name)}, number {number}: don't."
    shown = sql(f"{template_sql(template)} {row}")
    assert shown == "Name it's; DROP TABLE x of 18, number (not given): don't."
    assert sql(template_sql("No value at all.")) == "No value at all."
    assert sql(template_sql("")) == ""
