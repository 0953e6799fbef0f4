"""Timelines: whatever is drawn, status and dates agree."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sample.calendar_dates import next_working_day, not_month_end, ordinal
from pipelines.sample.timeline import ENDED, OPEN, draw_timeline, registration_day
from pipelines.sample.weights import Weights

SNAPSHOT = ordinal("2026-11-01")


@given(seed=st.integers(0, 2**32), share=st.floats(0, 1, exclude_max=True), expanded=st.booleans())
def test_status_and_dates_agree(seed: int, share: float, expanded: bool) -> None:
    t = draw_timeline(Random(seed).random, registration_day(share, SNAPSHOT), SNAPSHOT, expanded_access=expanded)
    assert t.first_submit_day <= t.first_qc_day < t.first_post_day <= SNAPSHOT
    assert t.first_qc_day <= t.last_submit_day < SNAPSHOT - 5
    if expanded:
        assert t.start is None
        return
    assert t.first_submit_day <= t.start_day <= t.primary_completion_day <= t.completion_day
    if t.status in ENDED:
        assert t.completion_day <= t.last_submit_day
    if t.status in OPEN:
        assert t.last_submit_day >= SNAPSHOT - 170
        assert t.completion_day > SNAPSHOT + 370
    if t.status == "UNKNOWN":
        assert t.last_known
        assert t.last_submit_day < SNAPSHOT - 731
        assert t.completion_day < SNAPSHOT
    for value, day in ((t.start, t.start_day), (t.primary_completion, t.primary_completion_day)):
        assert value is not None
        assert value.kind != "ACTUAL" or day <= SNAPSHOT
        assert value.kind != "ESTIMATED" or day > SNAPSHOT + 370 or t.status == "UNKNOWN"
        assert date.fromordinal(day).isoformat().startswith(value.text)


@given(day=st.integers(ordinal("1991-01-01"), ordinal("2059-12-01")))
def test_days_move_as_said(day: int) -> None:
    moved = next_working_day(day)
    assert 0 <= moved - day <= 2
    assert date.fromordinal(moved).weekday() < 5
    kept = not_month_end(day)
    assert date.fromordinal(kept + 1).day != 1
    assert kept in (day, day - 2)


def test_registrations_grow() -> None:
    days = [registration_day(number / 1000, SNAPSHOT) for number in range(1000)]
    assert days == sorted(days)
    assert days[0] == ordinal("1999-01-01")
    assert days[-1] <= SNAPSHOT - 20
    assert sum(day > ordinal("2016-01-01") for day in days) > 500


@pytest.mark.parametrize(("draw", "name"), [(0.0, "a"), (0.24, "a"), (0.26, "b"), (0.9999999999999999, "b")])
def test_weights(draw: float, name: str) -> None:
    assert Weights({"a": 1, "b": 3})(draw) == name
