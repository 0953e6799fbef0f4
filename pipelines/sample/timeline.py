"""Status and dates of one synthetic study, consistent with each other and with the snapshot day.

Belongs here: when a study was registered, started, completed and updated, and the status that follows. Does
not belong here: any other field.

What holds for every timeline (day numbers are proleptic ordinals):

- registered before the start; start <= primary completion <= completion; all posts on working days before
  the snapshot;
- an ACTUAL date lies before the snapshot; an ESTIMATED date of a study that is still open lies more than a
  year after it, so that no date turns overdue while the records are in use; studies not yet recruiting
  start more than 400 days after it;
- open studies were verified in the 170 days before the snapshot; status UNKNOWN means verified more than
  two years before it.

A study of UNKNOWN status that stopped reporting has its completion date in the past without an
ACTUAL/ESTIMATED type: an estimated date in the past would itself be a finding.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

from pipelines.sample.calendar_dates import (
    iso_day,
    iso_month,
    iso_year,
    next_working_day,
    not_month_end,
    ordinal,
)
from pipelines.sample.weights import Weights

POST_TYPES_ACTUAL_SINCE: Final = ordinal("2017-01-18")  # before it the registry shows its post dates as estimates
VALID_DAYS: Final = 370  # how long after the snapshot the records stay free of overdue dates
_HORIZON: Final = 400

# Registrations per year in thousands, 1999 first, as the registry grew (rounded, 2026-08).
_FIRST_YEAR: Final = 1999
_REGISTRATIONS: Final = (
    3, 2, 2, 2, 3, 3, 13, 12, 13, 17, 17, 17, 17, 18, 19, 21, 22, 25, 26, 28, 31, 34, 36, 38, 38, 39, 41, 34,
)  # fmt: skip
_CUMULATIVE: Final = tuple(accumulate(_REGISTRATIONS, initial=0))

# status weights by years since registration: (up to years, weights)
_STATUS_BY_AGE: Final = (
    (
        1.0,
        Weights(
            {
                "RECRUITING": 44,
                "NOT_YET_RECRUITING": 34,
                "COMPLETED": 12,
                "ENROLLING_BY_INVITATION": 4,
                "ACTIVE_NOT_RECRUITING": 3,
                "WITHDRAWN": 2,
                "SUSPENDED": 0.7,
                "WITHHELD": 0.3,
            }
        ),
    ),
    (
        2.4,
        Weights(
            {
                "RECRUITING": 49,
                "COMPLETED": 26,
                "ACTIVE_NOT_RECRUITING": 9,
                "NOT_YET_RECRUITING": 7,
                "ENROLLING_BY_INVITATION": 3,
                "TERMINATED": 3,
                "WITHDRAWN": 2.2,
                "SUSPENDED": 0.6,
                "WITHHELD": 0.2,
            }
        ),
    ),
    (
        6.0,
        Weights(
            {
                "COMPLETED": 51,
                "UNKNOWN": 18,
                "RECRUITING": 14,
                "ACTIVE_NOT_RECRUITING": 7,
                "TERMINATED": 5,
                "WITHDRAWN": 3,
                "ENROLLING_BY_INVITATION": 0.9,
                "SUSPENDED": 0.4,
                "WITHHELD": 0.2,
            }
        ),
    ),
    (
        99.0,
        Weights(
            {
                "COMPLETED": 66,
                "UNKNOWN": 19.4,
                "TERMINATED": 6.4,
                "WITHDRAWN": 3.2,
                "ACTIVE_NOT_RECRUITING": 1.6,
                "RECRUITING": 1.5,
                "SUSPENDED": 0.15,
                "WITHHELD": 0.15,
            }
        ),
    ),
)
_EXPANDED_ACCESS: Final = Weights(
    {"APPROVED_FOR_MARKETING": 37, "NO_LONGER_AVAILABLE": 30, "AVAILABLE": 28, "TEMPORARILY_NOT_AVAILABLE": 5}
)
_LAST_KNOWN: Final = Weights(
    {"RECRUITING": 52, "NOT_YET_RECRUITING": 27, "ACTIVE_NOT_RECRUITING": 17, "ENROLLING_BY_INVITATION": 4}
)

OPEN: Final = frozenset(
    {"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING", "SUSPENDED"}
)
STOPPED: Final = frozenset({"TERMINATED", "SUSPENDED", "WITHDRAWN"})
ENDED: Final = frozenset({"COMPLETED", "TERMINATED"})


class StudyDate(NamedTuple):
    """A date as the registry shows it: its text (day, month or year precision) and ACTUAL,
    ESTIMATED or none."""

    text: str
    kind: str

    def struct(self) -> dict[str, str]:
        """The registry's date object."""
        return {"date": self.text, "type": self.kind} if self.kind else {"date": self.text}


@dataclass(slots=True)
class Timeline:
    """One study's status and days.

    `*_day` are ordinals; `start`, `primary_completion` and `completion` are None for expanded access.
    """

    status: str
    last_known: str
    first_submit_day: int
    first_qc_day: int
    first_post_day: int
    last_submit_day: int
    verified: str
    start: StudyDate | None = None
    primary_completion: StudyDate | None = None
    completion: StudyDate | None = None
    start_day: int = 0
    primary_completion_day: int = 0
    completion_day: int = 0


def registration_day(share: float, snapshot_day: int) -> int:
    """Day of first submission for a place in the registry's growth (0 = oldest record, 1 = newest)."""
    place = share * _CUMULATIVE[-1]
    number = min(bisect_right(_CUMULATIVE, place) - 1, len(_REGISTRATIONS) - 1)
    within = (place - _CUMULATIVE[number]) / _REGISTRATIONS[number]
    first = ordinal(f"{_FIRST_YEAR + number}-01-01")
    days = 365 if number < len(_REGISTRATIONS) - 1 else max(snapshot_day - 20 - first, 1)
    return min(first + int(within * days), snapshot_day - 20)


def draw_timeline(r: Callable[[], float], first_submit: int, snapshot: int, *, expanded_access: bool) -> Timeline:
    """A timeline for a study first submitted on that day; `r` gives numbers in [0, 1)."""
    years = (snapshot - first_submit) / 365.25
    if expanded_access:
        status = _EXPANDED_ACCESS(r())
    else:
        status = next(table for upto, table in _STATUS_BY_AGE if years < upto)(r())
    first_qc = first_submit + int(r() * r() * 9)
    timeline = Timeline(
        status=status,
        last_known=_LAST_KNOWN(r()) if status == "UNKNOWN" else "",
        first_submit_day=first_submit,
        first_qc_day=first_qc,
        first_post_day=next_working_day(first_qc + 1 + int(r() * 3)),
        last_submit_day=0,
        verified="",
    )
    if expanded_access:
        room = snapshot - 8 - first_qc
        back = int(r() * min(170, room)) if status in ("AVAILABLE", "TEMPORARILY_NOT_AVAILABLE") else int(r() * room)
        timeline.last_submit_day = snapshot - 8 - back
    elif status == "UNKNOWN":
        _lapsed(timeline, r, snapshot)
    elif status in OPEN or status == "WITHHELD":
        _open(timeline, r, snapshot)
    else:
        _ended(timeline, r, snapshot)
    timeline.verified = iso_month(timeline.last_submit_day)
    return timeline


def _date(r: Callable[[], float], day: int, registered: int, kind: str) -> StudyDate:
    """Text of a date: old records mostly give months, a few only the year; newer ones mostly days."""
    draw = r()
    if registered > POST_TYPES_ACTUAL_SINCE:
        return StudyDate(iso_day(day) if draw > 0.08 else iso_month(day), kind)
    if draw < 0.006:
        return StudyDate(iso_year(day), kind)
    return StudyDate(iso_month(day) if draw < 0.82 else iso_day(day), kind)


def _set_dates(t: Timeline, r: Callable[[], float], days: tuple[int, int, int], kinds: tuple[str, str, str]) -> None:
    completion = not_month_end(days[2])
    primary = min(not_month_end(days[1]), completion)
    start = min(not_month_end(days[0]), primary)
    t.start_day, t.primary_completion_day, t.completion_day = start, primary, completion
    registered = t.first_submit_day
    # Records registered before 2017 say nothing on whether the start was actual.
    start_kind = "" if registered < POST_TYPES_ACTUAL_SINCE and r() < 0.6 else kinds[0]
    t.start = _date(r, start, registered, start_kind)
    t.primary_completion = _date(r, primary, registered, kinds[1])
    t.completion = t.primary_completion if completion == primary else _date(r, completion, registered, kinds[2])
    if t.completion.kind != kinds[2]:
        t.completion = StudyDate(t.completion.text, kinds[2])


def _duration_days(r: Callable[[], float]) -> int:
    return 40 + int(1500 * r() * r() + 900 * r() * r() * r())


def _ended(t: Timeline, r: Callable[[], float], snapshot: int) -> None:
    """COMPLETED, TERMINATED, WITHDRAWN: everything happened before the snapshot."""
    room = snapshot - 10 - t.first_submit_day
    start = t.first_submit_day + 3 + int(min(300 * r() * r(), 0.3 * room))
    completion = start + min(_duration_days(r), int((snapshot - 9 - start) * (0.5 + 0.5 * r())))
    primary = completion if r() < 0.35 else start + int((completion - start) * (0.6 + 0.4 * r()))
    kind = "ACTUAL"
    if t.status == "WITHDRAWN":
        kind = "ACTUAL" if r() < 0.6 else ""
    _set_dates(t, r, (start, max(primary, start), completion), (kind, kind, kind))
    latest = max(t.completion_day, t.first_qc_day)
    t.last_submit_day = min(latest + int(900 * r() * r() * r()), snapshot - 7)


def _open(t: Timeline, r: Callable[[], float], snapshot: int) -> None:
    """Open studies: the end is still to come, the record was looked after lately."""
    oldest = max(t.first_qc_day, snapshot - 170)
    t.last_submit_day = oldest + int((snapshot - 8 - oldest) * r())
    horizon = snapshot + _HORIZON
    end = horizon + int(1500 * r() * r())
    completion = end if r() < 0.3 else end + int(700 * r())
    if t.status == "NOT_YET_RECRUITING":
        start = horizon + int(300 * r())
        _set_dates(t, r, (start, end + start - horizon + 30, completion + start - horizon + 30), ("ESTIMATED",) * 3)
        return
    start = t.first_submit_day + 2 + int(min(400 * r() * r(), max(t.last_submit_day - t.first_submit_day - 4, 0)))
    primary_kind = "ESTIMATED"
    if t.status == "ACTIVE_NOT_RECRUITING" and r() < 0.4 and t.last_submit_day > start + 60:
        end, primary_kind = start + 30 + int((t.last_submit_day - start - 30) * r()), "ACTUAL"
    _set_dates(t, r, (start, end, completion), ("ACTUAL", primary_kind, "ESTIMATED"))


def _lapsed(t: Timeline, r: Callable[[], float], snapshot: int) -> None:
    """UNKNOWN: nobody has verified the record for more than two years, and the completion date has passed."""
    latest = snapshot - 800
    t.last_submit_day = t.first_qc_day + int(max(latest - t.first_qc_day, 0) * r() * r())
    start = t.first_submit_day + 2 + int(200 * r() * r())
    kinds = ("ACTUAL", "", "")
    if t.last_known == "NOT_YET_RECRUITING":
        kinds = ("ESTIMATED", "", "")
    else:
        t.last_submit_day = max(t.last_submit_day, min(start, latest))
        start = min(start, t.last_submit_day)
    completion = min(start + _duration_days(r), snapshot - 60)
    primary = completion if r() < 0.5 else start + int((completion - start) * 0.8)
    if t.last_known == "ACTIVE_NOT_RECRUITING" and start + 30 < t.last_submit_day:
        primary = start + int((t.last_submit_day - start) * r())
        completion, kinds = max(completion, primary + 2), ("ACTUAL", "ACTUAL", "")
    _set_dates(t, r, (start, primary, completion), kinds)
