"""Days as numbers for the synthetic records: fast ISO text, working days, days that are no month ends.

Belongs here: tables over proleptic ordinals (``datetime.date.toordinal``). Does not belong here: what the
dates mean.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

FIRST_DAY: Final = date(1990, 1, 1).toordinal()
_LAST_DAY: Final = date(2060, 12, 31).toordinal()

# Text of each day, looked up instead of formatted: a record holds some 15 dates.
_ISO: Final = tuple(date.fromordinal(day).isoformat() for day in range(FIRST_DAY, _LAST_DAY + 1))


def _before_month_end(day: int) -> int:
    is_month_end = date.fromordinal(day + 1).day == 1
    return day - 2 if is_month_end else day


_NOT_MONTH_END: Final = tuple(_before_month_end(day) for day in range(FIRST_DAY, _LAST_DAY + 1))


def iso_day(day: int) -> str:
    """``yyyy-MM-dd`` of an ordinal day between 1990 and 2060; outside it IndexError."""
    return _ISO[day - FIRST_DAY]


def iso_month(day: int) -> str:
    """``yyyy-MM`` of an ordinal day."""
    return _ISO[day - FIRST_DAY][:7]


def iso_year(day: int) -> str:
    """``yyyy`` of an ordinal day."""
    return _ISO[day - FIRST_DAY][:4]


def not_month_end(day: int) -> int:
    """The same day,
    or two days earlier where it is the last of its month (such dates look like lost precision)."""
    return _NOT_MONTH_END[day - FIRST_DAY]


def next_working_day(day: int) -> int:
    """The same day, or the following Monday: the registry posts nothing at weekends."""
    weekday = (day + 6) % 7  # Monday is 0
    return day + 7 - weekday if weekday > 4 else day


def ordinal(iso: str) -> int:
    """Ordinal of a ``yyyy-MM-dd`` text."""
    return date.fromisoformat(iso).toordinal()


def shift_iso(iso: str, days: int) -> str:
    """``yyyy-MM-dd`` that many days later."""
    return (date.fromisoformat(iso) + timedelta(days=days)).isoformat()
