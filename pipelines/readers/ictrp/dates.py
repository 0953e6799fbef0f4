"""Dates as ICTRP writes them, which depends on the source registry and the column.

Belongs here: which convention holds where, with the evidence, and reading one date. Does not: which column goes where.

A date whose text leaves no choice is read anywhere: year first (2020-02-16, 2020/02/16, 20200216), a month in letters
("March 2020", "January 25, 2020", "3 February 2020"), month and year (06/2019), a figure above 12 that can only be a
day (27/01/2020), the same figure twice (05/05/2021). 05/03/2020 is read only where the table below says which comes
first; elsewhere it is ambiguous, and stays null with a field state. The table holds for two figures each, as ICTRP
writes them: "5/3/2020" has been through a spreadsheet program, which may have turned it round.

Evidence (counted 2026-11-21 in the exports of 2020-04, 927 records, and 2024-06, 95 records):
- Date_registration: all 429 figure dates with the year last, of 9 registries, are the day of Date_registration3
  (yyyymmdd) when read day first; read month first, 8 are (day and month alike). Published notes on the full export of
  2020-11 (registry by registry, 672,212 records) agree and add PACTR, REPEC, REBEC, RPCEC, LBCTR; CTRI: 21-10-2013.
- Date_enrollement: of 90 figure dates with the year last, of 8 registries, 52 have a first figure above 12, none a
  second. The same published notes hold for it, but for ClinicalTrials.gov (month in letters) and JPRN. UMIN writes the
  year first (5 of 5), jRCT day first (4 of 9 above 12).
- results_date_posted, results_date_completed, Ethics_review_approval_date: ICTRP itself writes them day first, whatever
  the registry (ChiCTR, which else writes the year first, included): 62 dates of 9 registries, 37 with a first figure
  above 12, none with a second.
- 01/01/1900 (9 times in Ethics_review_approval_date) stands where there is no date.
- Export_date is written month first, and is not read at all.
- The full export writes Ethics_Approval_Date as its database shows a moment: "Mar 27 2020 12:00AM", "Jan  1 1900
  12:00AM" where there is none (rows of 2025-02, quoted in a published reader; seen 2026-11-23).
- Date_enrollement of the EU Clinical Trials Register is the day on which the trial was authorised: the full export's
  type_enrolment says so ("Date trial authorised"), and so do the register's own files for ICTRP (both as published
  readers of them quote it, 2026-11-23). The register publishes no start.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal

from pipelines.readers.mapping import Converter, Unreadable
from pipelines.study.dates import ImpossibleDate, parse_long_date, parse_partial_date

DateColumn = Literal["registration", "enrolment", "event"]
"""`event`: the columns that ICTRP writes itself (results, ethics)."""

_DAY_FIRST_REGISTRATION = frozenset(
    {
        "ANZCTR", "CTGOV", "CTIS", "CTRI", "DRKS", "EUCTR", "ISRCTN", "JAPIC", "JMA", "JRCT", "LBCTR", "NTR", "PACTR",
        "REBEC", "REPEC", "RPCEC", "TCTR", "UMIN",
    }
)  # fmt: skip
_DAY_FIRST_ENROLMENT = _DAY_FIRST_REGISTRATION - {"CTGOV", "UMIN"}
AUTHORISES = "EUCTR"
"""The registry that gives the day of authorisation in the place of the first enrolment."""

_FIGURES = re.compile(
    r"(?P<a>[0-9]{1,2})(?P<joint>[/.-])(?P<b>[0-9]{1,2})(?P=joint)(?P<year>[12][0-9]{3})(?: 0?0:00(?::00)?)?"
)
_YEAR_FIRST = re.compile(r"(?P<year>[12][0-9]{3})(?P<joint>[/.-]?)(?P<month>[0-9]{1,2})(?P=joint)(?P<day>[0-9]{1,2})")
_COMPACT = re.compile(r"[12][0-9]{7}")
_MONTH_YEAR = re.compile(r"(?P<month>0?[1-9]|1[0-2])[/.-](?P<year>[12][0-9]{3})")
_MIDNIGHT = re.compile(r"(?P<day>[A-Za-z]{3} +[0-9]{1,2} +[0-9]{4}) 12:00 ?AM")
_NO_DATE = "1900-01-01"


def date_converter(registry: str, column: DateColumn, *, whole_days: bool = False) -> Converter:
    """The converter of a date column for records of a registry (a code of RECORD_REGISTRIES).

    It gives yyyy, yyyy-MM or yyyy-MM-dd, None for 1900-01-01; Unreadable `ambiguous` where day and month cannot be
    told apart, or where `whole_days` are due and only a month stands there; Unreadable `damaged` for what is no date.
    """
    if column == "enrolment" and registry == AUTHORISES:
        return lambda _: None
    if column == "registration":
        day_first = registry in _DAY_FIRST_REGISTRATION
    else:
        day_first = column == "event" or registry in _DAY_FIRST_ENROLMENT

    def convert(value: Any) -> str | None:
        found = read_date(str(value).strip(), day_first=day_first)
        if found == _NO_DATE:
            return None
        if whole_days and len(found) < len(_NO_DATE):
            raise Unreadable("a day is due, and only a month or year stands there", "ambiguous")
        return found

    return convert


def authorisation_converter(registry: str) -> Converter:
    """The converter of the date of first enrolment for what it is of records of the EU Clinical Trials Register."""
    return date_converter(registry, "event") if registry == AUTHORISES else lambda _: None


def read_date(text: str, *, day_first: bool) -> str:
    """ISO date of the text's own precision. `day_first`: whether dd/mm/yyyy of two figures each is known to be that.

    Raises Unreadable.
    """
    if midnight := _MIDNIGHT.fullmatch(text):
        text = " ".join(midnight["day"].split())
    if figures := _FIGURES.fullmatch(text):
        day, month = _told_apart(figures, day_first=day_first)
        return _iso(int(figures["year"]), month, day)
    if found := _YEAR_FIRST.fullmatch(text):
        if found["joint"] or _COMPACT.fullmatch(text):
            return _iso(int(found["year"]), int(found["month"]), int(found["day"]))
        raise Unreadable("year, month and day cannot be told apart", "ambiguous")
    if found := _MONTH_YEAR.fullmatch(text):
        return f"{found['year']}-{int(found['month']):02}"
    try:
        partial = parse_partial_date(text) if text[:4].isdigit() else parse_long_date(text)
    except ImpossibleDate as error:
        raise Unreadable(error.reason) from None
    return partial.earliest.isoformat()[: {"day": 10, "month": 7, "year": 4}[partial.precision]]


def _told_apart(figures: re.Match[str], *, day_first: bool) -> tuple[int, int]:
    """(day, month) of two figures before a year."""
    a, b = int(figures["a"]), int(figures["b"])
    if a == b or (a > 12 and b <= 12):
        return a, b
    if a > 12 and b > 12:
        raise Unreadable("neither figure can be a month")
    known = day_first and len(figures["a"]) == len(figures["b"]) == 2
    if known and b <= 12:
        return a, b
    if not day_first and b > 12 >= a:
        return b, a
    raise Unreadable("day and month cannot be told apart", "ambiguous")


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise Unreadable(f"not in the calendar: {error}") from None
