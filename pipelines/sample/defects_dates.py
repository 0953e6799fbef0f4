"""Planted defects in a study's own dates, start and completion: order, types, status against time.

Belongs here: ways to break those rules on ``statusModule``. Does not belong here: dates of the registry
(defects_postings); choosing which defect a record gets.
"""

from __future__ import annotations

from typing import Final

from pipelines.sample.calendar_dates import ordinal, shift_iso
from pipelines.sample.defect_kit import (
    ENDED,
    STATUS,
    Defect,
    Draw,
    Planted,
    earliest,
    ended_dates,
    module,
    overall_status,
    put,
    relative,
    struct,
)
from pipelines.sample.draft import Json


def _set_date(study: Json, name: str, text: str, kind: str | None = None) -> Planted:
    date: Json = module(study, STATUS).setdefault(f"{name}DateStruct", {})
    date["date"] = text
    if kind is not None:
        date["type"] = kind
    return Planted(f"{STATUS}.{name}DateStruct.date", text)


def _start_after_primary_completion(study: Json, r: Draw) -> Planted | None:
    dates = ended_dates(study)
    return dates and _set_date(study, "primaryCompletion", shift_iso(dates[0], -35 - int(200 * r())))


def _primary_after_completion(study: Json, r: Draw) -> Planted | None:
    dates = ended_dates(study)
    if dates is None or ordinal(dates[1]) - ordinal(dates[0]) < 75:
        return None
    return _set_date(study, "completion", shift_iso(dates[1], -5 - int(20 * r())))


def _start_after_completion(study: Json, r: Draw) -> Planted | None:
    dates = ended_dates(study)
    if dates is None:
        return None
    del module(study, STATUS)["primaryCompletionDateStruct"]
    return _set_date(study, "completion", shift_iso(dates[0], -35 - int(300 * r())))


def _date_out_of_range(study: Json, _: Draw) -> Planted | None:
    date = struct(study, "completion")
    return _set_date(study, "completion", "2206-03") if date and date.get("type") == "ESTIMATED" else None


def _month_ends_only(study: Json, _: Draw) -> Planted | None:
    """Every day in the status module becomes the last of its month; order is kept."""
    status = module(study, STATUS)
    if overall_status(study) not in ENDED:
        return None
    if any(
        len(status.get(f"{name}DateStruct", {}).get("date", "")) != 10
        for name in ("start", "primaryCompletion", "completion")
    ):
        return None
    for key, value in status.items():
        if isinstance(value, dict) and len(value.get("date", "")) == 10:
            value["date"] = _month_end(value["date"])
        elif isinstance(value, str) and key.endswith("Date") and len(value) == 10:
            status[key] = _month_end(value)
    return Planted(f"{STATUS}.completionDateStruct.date", status["completionDateStruct"]["date"])


def _month_end(day: str) -> str:
    first_of_next = shift_iso(day[:8] + "28", 4)[:8] + "01"
    return shift_iso(first_of_next, -1)


def _actual_start_in_future(study: Json, _: Draw) -> Planted | None:
    primary = struct(study, "primaryCompletion")
    if (
        overall_status(study) not in ("ACTIVE_NOT_RECRUITING", "SUSPENDED")
        or not primary
        or primary.get("type") != "ESTIMATED"
    ):
        return None
    return _set_date(study, "start", relative(study, 385), "ACTUAL")


def _estimated_start_in_past(study: Json, _: Draw) -> Planted | None:
    date = struct(study, "start")
    if overall_status(study) != "RECRUITING" or date is None:
        return None
    return put(date, "type", "ESTIMATED", f"{STATUS}.startDateStruct")


def _actual_primary_in_future(study: Json, _: Draw) -> Planted | None:
    date = struct(study, "primaryCompletion")
    if date is None or overall_status(study) not in ("RECRUITING", "ENROLLING_BY_INVITATION"):
        return None
    return put(date, "type", "ACTUAL", f"{STATUS}.primaryCompletionDateStruct")


def _started_before(study: Json, days_ago: int) -> bool:
    start = struct(study, "start")
    return start is not None and earliest(start["date"]) < relative(study, -days_ago - 31)


def _primary_overdue(study: Json, r: Draw) -> Planted | None:
    primary = struct(study, "primaryCompletion")
    if overall_status(study) not in ("RECRUITING", "ACTIVE_NOT_RECRUITING") or not _started_before(study, 220):
        return None
    if primary is None or primary.get("type") != "ESTIMATED":
        return None
    return _set_date(study, "primaryCompletion", relative(study, -70 - int(140 * r())))


def _completed_but_estimated(study: Json, _: Draw) -> Planted | None:
    date = struct(study, "completion")
    if overall_status(study) != "COMPLETED" or date is None:
        return None
    return put(date, "type", "ESTIMATED", f"{STATUS}.completionDateStruct")


def _not_started_though_due(study: Json, r: Draw) -> Planted | None:
    submitted = module(study, STATUS)["studyFirstSubmitDate"]
    if overall_status(study) != "NOT_YET_RECRUITING" or submitted > relative(study, -60):
        return None
    return _set_date(study, "start", max(submitted, relative(study, -140 + int(90 * r()))), "ESTIMATED")


def _recruiting_before_start(study: Json, _: Draw) -> Planted | None:
    return (
        _set_date(study, "start", relative(study, 385), "ESTIMATED") if overall_status(study) == "RECRUITING" else None
    )


def _completed_in_future(study: Json, r: Draw) -> Planted | None:
    if overall_status(study) != "COMPLETED":
        return None
    return _set_date(study, "completion", relative(study, 500 + int(900 * r())), "ACTUAL")


def _open_after_completion(study: Json, _: Draw) -> Planted | None:
    if overall_status(study) not in ("RECRUITING", "ENROLLING_BY_INVITATION") or not _started_before(study, 400):
        return None
    _set_date(study, "primaryCompletion", relative(study, -390), "ACTUAL")
    return _set_date(study, "completion", relative(study, -300), "ESTIMATED")


DATE_DEFECTS: Final[tuple[Defect, ...]] = (
    Defect("start_le_pcd", "status", _start_after_primary_completion),
    Defect("pcd_le_cd", "status", _primary_after_completion),
    Defect("start_le_cd", "status", _start_after_completion),
    Defect("date_range", "status", _date_out_of_range),
    Defect("month_end_suspect", "status", _month_ends_only),
    Defect("start_type_actual_past", "status", _actual_start_in_future),
    Defect("start_type_est_future", "status", _estimated_start_in_past),
    Defect("pcd_type_actual_past", "status", _actual_primary_in_future),
    Defect("pcd_est_past_overdue", "status", _primary_overdue),
    Defect("completed_actual_dates", "status", _completed_but_estimated),
    Defect("not_yet_start_future", "status", _not_started_though_due),
    Defect("recruiting_started", "status", _recruiting_before_start),
    Defect("completed_cd_past", "status", _completed_in_future, also=("cd_type_actual_past",)),
    Defect("open_cd_past", "status", _open_after_completion),
)
