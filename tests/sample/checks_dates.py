"""Checks of ids, status and dates."""

from __future__ import annotations

import re
from datetime import date, timedelta

from .check_kit import (
    EXPANDED,
    OPEN,
    STATUSES,
    Study,
    Verdict,
    all_dates,
    check,
    dated,
    in_order,
    interval,
    kind,
    module,
    status,
    study_type,
)


# --- ids --------------------
@check
def nct_format(study: Study, today: date) -> Verdict:
    return bool(re.fullmatch(r"NCT(?!0{8})\d{8}", module(study, "identification")["nctId"]))


@check
def secondary_id_format(study: Study, today: date) -> Verdict:
    patterns = {
        "EUDRACT_NUMBER": r"\d{4}-\d{6}-\d{2}", "CTIS": r"20\d{2}-5\d{5}-\d{2}-\d{2}", "ISRCTN": r"ISRCTN\d{8}",
        "DRKS": r"DRKS\d{8}", "ChiCTR": r"ChiCTR\d{10}", "jRCT": r"jRCTs?\d{9,10}", "ANZCTR": r"ACTRN\d{14}",
        "Clinical Trials Registry - India": r"CTRI/\d{4}/\d{2}/\d{6}", "CRiS": r"KCT\d{7}",
        "WHO UTN": r"U\d{4}-\d{4}-\d{4}",
        "Netherlands Trial Register": r"NL\d{1,5}",
    }  # fmt: skip
    infos = module(study, "identification").get("secondaryIdInfos", [])
    judged = [
        bool(re.fullmatch(patterns[key], info["id"]))
        for info in infos
        if (key := info["type"] if info["type"] in patterns else info.get("domain")) in patterns
    ]
    return all(judged) if judged else None


@check
def id_placeholder(study: Study, today: date) -> Verdict:
    found = [info["id"] for info in module(study, "identification").get("secondaryIdInfos", [])]
    found.append(module(study, "identification")["orgStudyIdInfo"]["id"])
    return not any(re.fullmatch(r"(?i)na|n/a|none|-|not applicable|[A-Z]*0+", text) for text in found)


@check
def title_len(study: Study, today: date) -> Verdict:
    ids = module(study, "identification")
    return (
        len(ids["briefTitle"]) <= 300
        and len(ids.get("officialTitle", "")) <= 600
        and len(ids.get("acronym", "")) <= 14
        and len(ids["orgStudyIdInfo"]["id"]) <= 30
        and all(len(info["id"]) <= 30 for info in ids.get("secondaryIdInfos", []))
    )


@check
def text_len(study: Study, today: date) -> Verdict:
    texts = module(study, "description")
    arms = module(study, "armsInterventions").get("armGroups", [])
    return (
        len(texts["briefSummary"]) <= 5000
        and len(texts.get("detailedDescription", "")) <= 32000
        and all(len(arm.get("description", "")) <= 999 for arm in arms)
        and len(module(study, "sponsorCollaborators").get("leadSponsor", {}).get("name", "")) <= 160
    )


# --- status and dates --------------------
@check
def status_enum(study: Study, today: date) -> Verdict:
    return status(study) in STATUSES


@check
def status_type_match(study: Study, today: date) -> Verdict:
    return (status(study) in EXPANDED) == (study_type(study) == "EXPANDED_ACCESS")


@check
def unknown_has_last_known(study: Study, today: date) -> Verdict:
    return ("lastKnownStatus" in module(study, "status")) == (status(study) == "UNKNOWN")


@check
def unknown_stale(study: Study, today: date) -> Verdict:
    verified = interval(module(study, "status").get("statusVerifiedDate"))
    if status(study) != "UNKNOWN" or verified is None:
        return None
    return verified[0] < today - timedelta(days=2 * 365)


@check
def open_should_be_unknown(study: Study, today: date) -> Verdict:
    verified = interval(module(study, "status").get("statusVerifiedDate"))
    if status(study) not in OPEN or verified is None:
        return None
    return verified[1] >= today - timedelta(days=731)


@check
def verified_annual(study: Study, today: date) -> Verdict:
    verified = interval(module(study, "status").get("statusVerifiedDate"))
    if status(study) not in OPEN or verified is None:
        return None
    return verified[1] >= today - timedelta(days=366)


@check
def why_stopped_present(study: Study, today: date) -> Verdict:
    if status(study) not in {"TERMINATED", "SUSPENDED", "WITHDRAWN"}:
        return None
    return bool(module(study, "status").get("whyStopped"))


@check
def why_stopped_only(study: Study, today: date) -> Verdict:
    return "whyStopped" not in module(study, "status") or status(study) in {"TERMINATED", "SUSPENDED", "WITHDRAWN"}


@check
def why_stopped_len(study: Study, today: date) -> Verdict:
    return len(module(study, "status").get("whyStopped", "")) <= 250


@check
def start_le_pcd(study: Study, today: date) -> Verdict:
    return in_order(dated(study, "start"), dated(study, "primaryCompletion"))


@check
def pcd_le_cd(study: Study, today: date) -> Verdict:
    return in_order(dated(study, "primaryCompletion"), dated(study, "completion"))


@check
def start_le_cd(study: Study, today: date) -> Verdict:
    return in_order(dated(study, "start"), dated(study, "completion"))


@check
def month_end_suspect(study: Study, today: date) -> Verdict:
    days = [date.fromisoformat(text) for text in all_dates(study) if len(text) == 10]
    return not all((day + timedelta(days=1)).day == 1 for day in days)


@check
def date_parseable(study: Study, today: date) -> Verdict:
    for text in all_dates(study):
        interval(text)  # raises where the calendar has no such day
    return all(re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text) for text in all_dates(study))


@check
def date_range(study: Study, today: date) -> Verdict:
    return all(1900 <= int(text[:4]) <= today.year + 30 for text in all_dates(study))


def _actual_past(study: Study, name: str, today: date) -> Verdict:
    when = interval(dated(study, name))
    return when[0] <= today if when and kind(study, name) == "ACTUAL" else None


@check
def start_type_actual_past(study: Study, today: date) -> Verdict:
    return _actual_past(study, "start", today)


@check
def pcd_type_actual_past(study: Study, today: date) -> Verdict:
    return _actual_past(study, "primaryCompletion", today)


@check
def start_type_est_future(study: Study, today: date) -> Verdict:
    when = interval(dated(study, "start"))
    if status(study) not in {"RECRUITING", "COMPLETED"} or kind(study, "start") is None or when is None:
        return None
    return kind(study, "start") == "ACTUAL" or when[1] >= today


@check
def pcd_est_past_overdue(study: Study, today: date) -> Verdict:
    when = interval(dated(study, "primaryCompletion"))
    if when is None or kind(study, "primaryCompletion") != "ESTIMATED" or status(study) == "WITHDRAWN":
        return None
    return when[1] >= today - timedelta(days=30)


@check
def completed_actual_dates(study: Study, today: date) -> Verdict:
    if status(study) not in {"COMPLETED", "TERMINATED"}:
        return None
    kinds = [kind(study, name) for name in ("start", "primaryCompletion", "completion")]
    return "ESTIMATED" not in kinds


@check
def not_yet_start_future(study: Study, today: date) -> Verdict:
    when = interval(dated(study, "start"))
    if status(study) != "NOT_YET_RECRUITING" or when is None:
        return None
    return kind(study, "start") == "ESTIMATED" and when[1] >= today - timedelta(days=30)


@check
def recruiting_started(study: Study, today: date) -> Verdict:
    when = interval(dated(study, "start"))
    return when[0] <= today if status(study) == "RECRUITING" and when else None


@check
def completed_cd_past(study: Study, today: date) -> Verdict:
    when = interval(dated(study, "completion"))
    return (when is not None and when[0] <= today) if status(study) == "COMPLETED" else None


@check
def open_cd_past(study: Study, today: date) -> Verdict:
    primary, completion = interval(dated(study, "primaryCompletion")), interval(dated(study, "completion"))
    if status(study) not in OPEN or primary is None or completion is None:
        return None
    return not (primary[1] < today and completion[1] < today)


@check
def firstsubmit_le_qc(study: Study, today: date) -> Verdict:
    return in_order(module(study, "status")["studyFirstSubmitDate"], module(study, "status")["studyFirstSubmitQcDate"])


@check
def firstqc_le_post(study: Study, today: date) -> Verdict:
    return in_order(module(study, "status")["studyFirstSubmitQcDate"], dated(study, "studyFirstPost"))


@check
def firstsubmit_le_lastupdate(study: Study, today: date) -> Verdict:
    return in_order(module(study, "status")["studyFirstSubmitDate"], module(study, "status")["lastUpdateSubmitDate"])


@check
def lastsubmit_le_lastpost(study: Study, today: date) -> Verdict:
    return in_order(module(study, "status")["lastUpdateSubmitDate"], dated(study, "lastUpdatePost"))


@check
def post_not_future(study: Study, today: date) -> Verdict:
    posts = [dated(study, name) for name in ("studyFirstPost", "resultsFirstPost", "dispFirstPost", "lastUpdatePost")]
    return all(date.fromisoformat(text) <= today for text in posts if text)


@check
def verified_le_snapshot(study: Study, today: date) -> Verdict:
    when = interval(module(study, "status").get("statusVerifiedDate"))
    return when[0] <= today if when else None


@check
def verified_present(study: Study, today: date) -> Verdict:
    return "statusVerifiedDate" in module(study, "status")


@check
def results_dates_iff(study: Study, today: date) -> Verdict:
    return study["hasResults"] == (dated(study, "resultsFirstPost") is not None) == ("resultsSection" in study)


@check
def results_order(study: Study, today: date) -> Verdict:
    found = module(study, "status")
    if not study["hasResults"]:
        return None
    first = in_order(found["resultsFirstSubmitDate"], found["resultsFirstSubmitQcDate"])
    return first and in_order(found["resultsFirstSubmitQcDate"], dated(study, "resultsFirstPost")) is not False


@check
def results_after_pcd(study: Study, today: date) -> Verdict:
    primary = interval(dated(study, "primaryCompletion"))
    if not study["hasResults"] or primary is None:
        return None
    return date.fromisoformat(module(study, "status")["resultsFirstSubmitDate"]) >= primary[0]


@check
def disp_order(study: Study, today: date) -> Verdict:
    found = module(study, "status")
    if "dispFirstSubmitDate" not in found:
        return None
    return found["dispFirstSubmitDate"] <= found["dispFirstSubmitQcDate"] <= found["dispFirstPostDateStruct"]["date"]


@check
def cert_not_late(study: Study, today: date) -> Verdict:
    found, primary = module(study, "status"), interval(dated(study, "primaryCompletion"))
    if "dispFirstSubmitDate" not in found or primary is None:
        return None
    flags = module(study, "oversight")
    if not (flags.get("isFdaRegulatedDrug") or flags.get("isFdaRegulatedDevice")):
        return None
    return date.fromisoformat(found["dispFirstSubmitDate"]) <= primary[1] + timedelta(days=366)


@check
def results_due_not_overdue(study: Study, today: date) -> Verdict:
    flags, design = module(study, "oversight"), module(study, "design")
    start, end = (
        interval(dated(study, "start")),
        interval(dated(study, "primaryCompletion") or dated(study, "completion")),
    )
    covered = (
        study_type(study) == "INTERVENTIONAL"
        and (flags.get("isFdaRegulatedDrug") or flags.get("isFdaRegulatedDevice"))
        and set(design["phases"]) & {"PHASE2", "PHASE3", "PHASE4", "NA"}
        and design["designInfo"]["primaryPurpose"] != "DEVICE_FEASIBILITY"
        and status(study) != "WITHDRAWN"
    )
    if not covered or start is None or end is None or start[0] < date(2017, 1, 18):
        return None
    years = 3 if "dispFirstSubmitDate" in module(study, "status") else 1
    due = end[1] + timedelta(days=366 * years + 30)
    return study["hasResults"] or today <= due


@check
def registered_21d(study: Study, today: date) -> Verdict:
    start = interval(dated(study, "start"))
    return start and date.fromisoformat(module(study, "status")["studyFirstSubmitDate"]) <= start[1] + timedelta(
        days=21
    )


@check
def prospective(study: Study, today: date) -> Verdict:
    return in_order(module(study, "status")["studyFirstSubmitDate"], dated(study, "start"))
