"""Planted defects in the registry's dates: submitted, checked, posted, verified, of the record and of its results.

Belongs here: ways to break those rules on ``statusModule``. Does not belong here: dates of the study itself
(defects_dates); choosing which defect a record gets.
"""

from __future__ import annotations

from typing import Final

from pipelines.sample.calendar_dates import shift_iso
from pipelines.sample.defect_kit import (
    DESIGN,
    ENDED,
    STATUS,
    Defect,
    Draw,
    Planted,
    drop,
    earliest,
    ended_dates,
    module,
    overall_status,
    put,
    relative,
    snapshot,
    struct,
)
from pipelines.sample.draft import Json


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
    dates = ended_dates(study)
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


POSTING_DEFECTS: Final[tuple[Defect, ...]] = (
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
    Defect("results_due_not_overdue", "solo", _results_overdue, judged=False),
    Defect("results_dates_iff", "status", _results_post_date_lost),
    Defect("results_order", "status", _results_qc_before_submission),
    Defect("results_after_pcd", "status", _results_before_primary_completion),
    Defect("disp_order", "status", _delay_posted_before_submission),
    Defect("cert_not_late", "status", _certificate_late),
)
