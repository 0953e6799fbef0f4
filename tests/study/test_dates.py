"""Partial dates: formats, real calendar days, and that the column functions equal the scalar ones."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.study.dates import (
    ImpossibleDate,
    PartialDate,
    blank,
    compare,
    date_columns,
    impossible,
    parse_long_date,
    parse_partial_date,
)


@pytest.mark.parametrize(
    ("raw", "earliest", "latest", "precision"),
    [
        ("2026-06-30", date(2026, 6, 30), date(2026, 6, 30), "day"),
        ("2026-06", date(2026, 6, 1), date(2026, 6, 30), "month"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "year"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("1900-02", date(1900, 2, 1), date(1900, 2, 28), "month"),
        ("2000-02-29", date(2000, 2, 29), date(2000, 2, 29), "day"),
        ("2024-05-01T10:33", date(2024, 5, 1), date(2024, 5, 1), "day"),
        ("2024-05-01T10:33:59.123Z", date(2024, 5, 1), date(2024, 5, 1), "day"),
        ("2024-05-01 23:59:00+02:00", date(2024, 5, 1), date(2024, 5, 1), "day"),
        (" 2024-05 \n", date(2024, 5, 1), date(2024, 5, 31), "month"),
        ("1000", date(1000, 1, 1), date(1000, 12, 31), "year"),
        ("2999-12", date(2999, 12, 1), date(2999, 12, 31), "month"),
    ],
)
def test_the_formats_of_the_study_shape(raw: str, earliest: date, latest: date, precision: str) -> None:
    assert parse_partial_date(raw) == PartialDate(raw, earliest, latest, precision)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("2023-02-29", "February 2023 has 28 days"),
        ("1900-02-29", "February 1900 has 28 days"),
        ("2024-04-31", "April 2024 has 30 days"),
        ("2024-13", "out of range"),
        ("2024-00-10", "out of range"),
        ("2024-6-1", "out of range"),
        ("0217-06", "out of range"),
        ("3000", "out of range"),
        ("2024-05-01T25:00", "out of range"),
        ("", "expected yyyy"),
        ("June 2026", "expected yyyy"),
        ("20240501", "expected yyyy"),
        ("05/06/2024", "expected yyyy"),
        ("2024-05-01x", "expected yyyy"),
        ("\u0662\u0660\u0662\u0664", "expected yyyy"),
    ],
)
def test_everything_else_is_impossible_and_says_why(raw: str, reason: str) -> None:
    with pytest.raises(ImpossibleDate) as caught:
        parse_partial_date(raw)
    assert reason in caught.value.reason
    assert caught.value.raw == raw
    assert repr(raw) in str(caught.value)


def test_a_long_text_is_cut_in_the_message_only() -> None:
    with pytest.raises(ImpossibleDate) as caught:
        parse_partial_date("x" * 10_000)
    assert len(str(caught.value)) < 200
    assert len(caught.value.raw) == 10_000


@pytest.mark.parametrize(
    ("raw", "same_as"),
    [
        ("June 30, 2026", "2026-06-30"),
        ("June 30 2026", "2026-06-30"),
        ("30 June 2026", "2026-06-30"),
        ("30th June, 2026", "2026-06-30"),
        ("30-JUN-2026", "2026-06-30"),
        ("Sept. 1, 2026", "2026-09-01"),
        ("May 2026", "2026-05"),
        ("june  2026", "2026-06"),
        ("Feb-2024", "2024-02"),
        ("2026", "2026"),
        ("February 29, 2024", "2024-02-29"),
    ],
)
def test_long_dates_mean_the_same_as_their_short_form(raw: str, same_as: str) -> None:
    long, short = parse_long_date(raw), parse_partial_date(same_as)
    assert (long.earliest, long.latest, long.precision) == (short.earliest, short.latest, short.precision)
    assert long.raw == raw


@pytest.mark.parametrize(
    "raw",
    [
        "February 29, 2023",
        "June 31, 2026",
        "Juno 2026",
        "06/07/2026",
        "2026-06-30",
        "June",
        "",
        "June 0, 2026",
    ],
)
def test_long_dates_are_never_guessed(raw: str) -> None:
    with pytest.raises(ImpossibleDate):
        parse_long_date(raw)


DAYS = st.dates(date(1000, 1, 1), date(2999, 12, 31))
SHORTENED = st.tuples(DAYS, st.sampled_from([4, 7, 10])).map(lambda pair: pair[0].isoformat()[: pair[1]])
# Texts near the formats, so that many are dates and many are just not.
NEARLY = st.from_regex(
    r"[0-3][0-9]{3}(-[0-1][0-9](-[0-3][0-9]([T ][0-2][0-9]:[0-5][0-9](:[0-9]{2})?Z?)?)?)?", fullmatch=True
)
TEXTS = st.one_of(st.none(), SHORTENED, NEARLY, st.text(alphabet="0129-T: Zx\n", max_size=12))


def scalar(raw: str | None) -> tuple[date | None, date | None, str | None, bool]:
    if raw is None:
        return None, None, None, False
    try:
        parsed = parse_partial_date(raw)
    except ImpossibleDate:
        return None, None, None, True
    return parsed.earliest, parsed.latest, parsed.precision, False


@given(st.lists(TEXTS, max_size=30))
@example(["2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "2024-02", "2023-02", "1900-02", "2000", "2100"])
@example(["2999-12-31", "2999", "1000-01", "0999", "3000", "", " 2024 ", "2024-05-01T10:33", "2024-05-01T24:00"])
def test_the_column_functions_equal_the_scalar_one(texts: list[str | None]) -> None:
    frame = pl.DataFrame({"start": texts}, schema={"start": pl.String})
    expressions = [*date_columns("start", pl.col("start")), impossible(pl.col("start")).alias("impossible")]
    expected = [scalar(text) for text in texts]
    assert frame.select(expressions).rows() == expected
    assert frame.lazy().select(expressions).collect().rows() == expected


def test_every_day_of_a_leap_cycle_and_its_centuries() -> None:
    days = [
        first + timedelta(days=n)
        for first in (date(1896, 1, 1), date(1996, 1, 1), date(2096, 1, 1))
        for n in range(3400)
    ]
    texts = pl.DataFrame({"d": [day.isoformat() for day in days]})
    assert texts.select(date_columns("d", pl.col("d"))).rows() == [(day, day, "day") for day in days]


def test_blank_is_what_has_no_letter_and_is_not_missing() -> None:
    texts = pl.DataFrame({"x": ["", " \n\t", "2024", None]})
    assert texts.select(blank(pl.col("x")))["x"].to_list() == [True, True, False, None]


def test_column_types_and_names() -> None:
    frame = pl.DataFrame({"x": [None]}, schema={"x": pl.String})
    result = frame.select([*date_columns("start_date", pl.col("x")), impossible(pl.col("x")).alias("bad")])
    assert dict(result.schema) == {
        "start_date_earliest": pl.Date(),
        "start_date_latest": pl.Date(),
        "start_date_precision": pl.String(),
        "bad": pl.Boolean(),
    }


@pytest.mark.parametrize(
    ("a", "b", "outcome"),
    [
        ("2024-05-01", "2024-05-01", "before_or_equal"),
        ("2024-05-01", "2024-05-02", "before_or_equal"),
        ("2024-05-02", "2024-05-01", "after"),
        ("2024-05", "2024-05", "cannot_tell"),
        ("2024-05", "2024-05-31", "before_or_equal"),
        ("2024-05", "2024-05-30", "cannot_tell"),
        ("2024-05-01", "2024-05", "before_or_equal"),
        ("2024-05-02", "2024-05", "cannot_tell"),
        ("2024-05-31", "2024-05", "cannot_tell"),
        ("2024-05", "2024-05-01", "cannot_tell"),
        ("2024-06", "2024-05", "after"),
        ("2025", "2024-12", "after"),
        ("2024", "2024-12", "cannot_tell"),
        ("2024-06", "2024", "cannot_tell"),
    ],
)
def test_comparison_never_invents_a_day(a: str, b: str, outcome: str) -> None:
    assert compare(parse_partial_date(a), parse_partial_date(b)) == outcome


@given(SHORTENED, SHORTENED, st.data())
def test_a_certain_comparison_holds_for_every_pair_of_days(raw_a: str, raw_b: str, data: st.DataObject) -> None:
    a, b = parse_partial_date(raw_a), parse_partial_date(raw_b)
    day_a = data.draw(st.dates(a.earliest, a.latest))
    day_b = data.draw(st.dates(b.earliest, b.latest))
    match compare(a, b):
        case "before_or_equal":
            assert day_a <= day_b
        case "after":
            assert day_a > day_b
        case "cannot_tell":
            assert a.earliest <= b.latest  # some pair is in order ...
            assert a.latest > b.earliest  # ... and some other is not
