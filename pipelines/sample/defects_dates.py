"""Planted defects in dates: order, types, status against time.

Belongs here: ways to break the rules on ``statusModule``. Does not belong here: choosing which defect a record gets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pipelines.sample.calendar_dates import ordinal, shift_iso
from pipelines.sample.defect_kit import (
    DESIGN,
    ENDED,
    STATUS,
    Defect,
    Planted,
    drop,
    earliest,
    module,
    overall_status,
    put,
    relative,
    snapshot,
    struct,
)
from pipelines.sample.draft import Json

Draw = Callable[[], float]


def _set_date(study: Json, name: str, text: str, kind: str | None = None) -> Planted:
    date: Json = module(study, STATUS).setdefault(f"{name}DateStruct", {})
    date["date"] = text
    if kind is not None:
        date["type"] = kind
    return Planted(f"{STATUS}.{name}DateStruct.date", text)


def _ended_dates(study: Json) -> tuple[str, str, str] | None:
    """Earliest start, primary completion and completion of an ended study without results, else None."""
    if overall_status(study) not in ENDED or study["hasResults"] or "dispFirstSubmitDate" in module(study, STATUS):
        return None
    found = [struct(study, name) for name in ("start", "primaryCompletion", "completion")]
    if None in found:
        return None
    start, primary, completion = (earliest(date["date"]) for date in found if date is not None)
    return start, primary, completion


def _start_after_primary_completion(study: Json, r: Draw) -> Planted | None:
    dates = _ended_dates(study)
    return dates and _set_date(study, "primaryCompletion", shift_iso(dates[0], -35 - int(200 * r())))


def _primary_after_completion(study: Json, r: Draw) -> Planted | None:
    dates = _ended_dates(study)
    if dates is None or ordinal(dates[1]) - ordinal(dates[0]) < 75:
        return None
    return _set_date(study, "completion", shift_iso(dates[1], -5 - int(20 * r())))


def _start_after_completion(study: Json, r: Draw) -> Planted | None:
    dates = _ended_dates(study)
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


def _qc_before_submission(study: Json, _: Draw) -> Planted | None:
    status = module(study, STATUS)
    return put(status, "studyFirstSubmitQcDate", shift_iso(status["studyFirstSubmitDate"], -6), STATUS)


def _posted_before_qc(study: Json, _: Draw) -> Planted | None:
    status = module(study, STATUS)
    posted = status["studyFirstPostDateStruct"]
    return put(posted, "date", shift_iso(status["studyFirstSubmitQcDate"], -3), f"{STATUS}.studyFirstPostDateStruct")


def _updated_before_submission(study: Json, _: Draw) -> Planted | None:
    status = module(study, STATUS)
    return put(status, "lastUpdateSubmitDate", shift_iso(status["studyFirstSubmitDate"], -25), STATUS)


def _update_posted_before_submission(study: Json, _: Draw) -> Planted | None:
    status = module(study, STATUS)
    posted = status["lastUpdatePostDateStruct"]
    return put(posted, "date", shift_iso(status["lastUpdateSubmitDate"], -4), f"{STATUS}.lastUpdatePostDateStruct")


def _posted_in_future(study: Json, _: Draw) -> Planted | None:
    posted = module(study, STATUS)["lastUpdatePostDateStruct"]
    return put(posted, "date", relative(study, 800), f"{STATUS}.lastUpdatePostDateStruct")


def _verified_in_future(study: Json, _: Draw) -> Planted | None:
    return put(module(study, STATUS), "statusVerifiedDate", relative(study, 800)[:7], STATUS)


def _not_verified(study: Json, _: Draw) -> Planted | None:
    return drop(module(study, STATUS), "statusVerifiedDate", STATUS)


def _open_and_stale(study: Json, _: Draw) -> Planted | None:
    if overall_status(study) not in ("RECRUITING", "ACTIVE_NOT_RECRUITING", "ENROLLING_BY_INVITATION"):
        return None
    return put(module(study, STATUS), "statusVerifiedDate", relative(study, -1500)[:7], STATUS)


def _verified_too_long_ago(study: Json, _: Draw) -> Planted | None:
    flags = study["protocolSection"].get("oversightModule", {})
    covered = flags.get("isFdaRegulatedDrug") or flags.get("isFdaRegulatedDevice")
    phases = module(study, DESIGN).get("phases", [])
    if not covered or not set(phases) & {"PHASE2", "PHASE3", "PHASE4"} or overall_status(study) != "RECRUITING":
        return None
    return put(module(study, STATUS), "statusVerifiedDate", relative(study, -450)[:7], STATUS)


def _no_last_known_status(study: Json, _: Draw) -> Planted | None:
    return drop(module(study, STATUS), "lastKnownStatus", STATUS)


def _unknown_but_fresh(study: Json, _: Draw) -> Planted | None:
    if overall_status(study) != "UNKNOWN":
        return None
    return put(module(study, STATUS), "statusVerifiedDate", relative(study, -60)[:7], STATUS)


def _registered_late(study: Json, days: int) -> Planted | None:
    """Registration moved to `days` after the start, with the postings that follow it."""
    status, start = module(study, STATUS), struct(study, "start")
    if start is None or len(start["date"]) != 10 or overall_status(study) not in ENDED:
        return None
    submitted = shift_iso(start["date"], days)
    if shift_iso(submitted, 12) > status["lastUpdateSubmitDate"]:
        return None
    status["studyFirstSubmitQcDate"] = shift_iso(submitted, 2)
    status["studyFirstPostDateStruct"]["date"] = shift_iso(submitted, 6)
    return put(status, "studyFirstSubmitDate", submitted, STATUS)


def _results_overdue(study: Json, _: Draw) -> Planted | None:
    dates = _ended_dates(study)
    design, flags = module(study, DESIGN), study["protocolSection"].get("oversightModule", {})
    if dates is None or not set(design.get("phases", [])) & {"PHASE2", "PHASE3", "PHASE4"}:
        return None
    if dates[0] < "2017-03-01" or dates[1] > shift_iso(snapshot(study), -800) or "isFdaRegulatedDrug" not in flags:
        return None
    return put(flags, "isFdaRegulatedDrug", True, "protocolSection.oversightModule")


def _results_post_date_lost(study: Json, _: Draw) -> Planted | None:
    return drop(module(study, STATUS), "resultsFirstPostDateStruct", STATUS)


def _results_qc_before_submission(study: Json, _: Draw) -> Planted | None:
    status = module(study, STATUS)
    if not study["hasResults"]:
        return None
    return put(status, "resultsFirstSubmitQcDate", shift_iso(status["resultsFirstSubmitDate"], -9), STATUS)


def _results_before_primary_completion(study: Json, _: Draw) -> Planted | None:
    primary = struct(study, "primaryCompletion")
    if not study["hasResults"] or primary is None:
        return None
    return put(module(study, STATUS), "resultsFirstSubmitDate", shift_iso(earliest(primary["date"]), -30), STATUS)


def _delay_posted_before_submission(study: Json, _: Draw) -> Planted | None:
    status = module(study, STATUS)
    if "dispFirstSubmitDate" not in status:
        return None
    posted = status["dispFirstPostDateStruct"]
    return put(posted, "date", shift_iso(status["dispFirstSubmitDate"], -10), f"{STATUS}.dispFirstPostDateStruct")


def _certificate_late(study: Json, _: Draw) -> Planted | None:
    status, primary = module(study, STATUS), struct(study, "primaryCompletion")
    if "dispFirstSubmitDate" not in status or primary is None:
        return None
    day = shift_iso(earliest(primary["date"]), 405)
    if shift_iso(day, 5) > snapshot(study):
        return None
    status["dispFirstSubmitQcDate"] = day
    status["dispFirstPostDateStruct"]["date"] = shift_iso(day, 3)
    return put(status, "dispFirstSubmitDate", day, STATUS)


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
    Defect("firstsubmit_le_qc", "status", _qc_before_submission),
    Defect("firstqc_le_post", "status", _posted_before_qc, also=("firstsubmit_le_post",)),
    Defect("firstsubmit_le_lastupdate", "status", _updated_before_submission),
    Defect("lastsubmit_le_lastpost", "status", _update_posted_before_submission),
    Defect("post_not_future", "status", _posted_in_future),
    Defect("verified_le_snapshot", "status", _verified_in_future, also=("unknown_stale",)),
    Defect("verified_present", "status", _not_verified),
    Defect("open_should_be_unknown", "status", _open_and_stale, also=("verified_annual",)),
    Defect("verified_annual", "status", _verified_too_long_ago),
    Defect("unknown_has_last_known", "status", _no_last_known_status),
    Defect("unknown_stale", "status", _unknown_but_fresh),
    Defect(
        "registered_21d", "status", lambda study, r: _registered_late(study, 60 + int(200 * r())), also=("prospective",)
    ),
    Defect("prospective", "status", lambda study, r: _registered_late(study, 4 + int(12 * r()))),
    Defect("results_due_not_overdue", "solo", _results_overdue),
    Defect("results_dates_iff", "status", _results_post_date_lost),
    Defect("results_order", "status", _results_qc_before_submission),
    Defect("results_after_pcd", "status", _results_before_primary_completion),
    Defect("disp_order", "status", _delay_posted_before_submission),
    Defect("cert_not_late", "status", _certificate_late),
)
