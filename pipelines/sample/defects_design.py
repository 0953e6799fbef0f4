"""Planted defects in status words, enrolment and design, how many arms it needs included.

Belongs here: ways to break those rules. Does not belong here: what an arm or an outcome says (defects_arms), dates,
people and ids; choosing which a record gets.
"""

from __future__ import annotations

from typing import Final

from pipelines.sample.defect_kit import (
    ARMS,
    DESIGN,
    STATUS,
    Defect,
    Draw,
    Planted,
    drop,
    is_interventional,
    module,
    overall_status,
    put,
    study_type,
)
from pipelines.sample.draft import Json

_STOPPED: Final = ("TERMINATED", "SUSPENDED", "WITHDRAWN")


def _status_not_in_list(study: Json, _: Draw) -> Planted | None:
    if overall_status(study) != "RECRUITING":
        return None
    return put(module(study, STATUS), "overallStatus", "RECRUITING_SOON", STATUS)


def _status_of_other_type(study: Json, _: Draw) -> Planted | None:
    if overall_status(study) != "COMPLETED" or study_type(study) == "EXPANDED_ACCESS" or study["hasResults"]:
        return None
    return put(module(study, STATUS), "overallStatus", "NO_LONGER_AVAILABLE", STATUS)


def _no_reason_for_stop(study: Json, _: Draw) -> Planted | None:
    return drop(module(study, STATUS), "whyStopped", STATUS)


def _reason_without_stop(study: Json, _: Draw) -> Planted | None:
    if overall_status(study) != "COMPLETED":
        return None
    return put(module(study, STATUS), "whyStopped", "Slow accrual", STATUS)


def _long_reason(study: Json, _: Draw) -> Planted | None:
    if overall_status(study) not in _STOPPED:
        return None
    return put(module(study, STATUS), "whyStopped", "Recruitment was too slow. " * 12, STATUS)


def _no_enrollment(study: Json, _: Draw) -> Planted | None:
    return drop(module(study, DESIGN), "enrollmentInfo", DESIGN)


def _set_count(study: Json, count: int) -> Planted:
    return put(module(study, DESIGN)["enrollmentInfo"], "count", count, f"{DESIGN}.enrollmentInfo")


def _negative_enrollment(study: Json, r: Draw) -> Planted | None:
    if "enrollmentInfo" not in module(study, DESIGN) or study["hasResults"] or overall_status(study) == "WITHDRAWN":
        return None
    return _set_count(study, -1 - int(50 * r()))


def _withdrawn_with_participants(study: Json, r: Draw) -> Planted | None:
    return _set_count(study, 1 + int(40 * r())) if overall_status(study) == "WITHDRAWN" else None


def _completed_without_participants(study: Json, _: Draw) -> Planted | None:
    return _set_count(study, 0) if overall_status(study) == "COMPLETED" and not study["hasResults"] else None


def _completed_with_estimate(study: Json, _: Draw) -> Planted | None:
    if overall_status(study) not in ("COMPLETED", "TERMINATED"):
        return None
    return put(module(study, DESIGN)["enrollmentInfo"], "type", "ESTIMATED", f"{DESIGN}.enrollmentInfo")


def _recruiting_with_actual(study: Json, _: Draw) -> Planted | None:
    if overall_status(study) not in ("RECRUITING", "NOT_YET_RECRUITING"):
        return None
    return put(module(study, DESIGN)["enrollmentInfo"], "type", "ACTUAL", f"{DESIGN}.enrollmentInfo")


def _huge_enrollment(study: Json, r: Draw) -> Planted | None:
    if study_type(study) != "INTERVENTIONAL" or study["hasResults"] or overall_status(study) == "WITHDRAWN":
        return None
    return _set_count(study, 2_000_000 + int(40_000_000 * r()))


def _flow_disagrees(study: Json, _: Draw) -> Planted | None:
    if not study["hasResults"]:
        return None
    started = study["resultsSection"]["participantFlowModule"]["periods"][0]["milestones"][0]["achievements"][0]
    path = "resultsSection.participantFlowModule.periods[0].milestones[0].achievements[0]"
    return put(started, "numSubjects", str(int(started["numSubjects"]) + 7), path)


def _type_not_in_list(study: Json, _: Draw) -> Planted | None:
    return put(module(study, DESIGN), "studyType", "CLINICAL_STUDY", DESIGN)


def _observational_with_phase(study: Json, _: Draw) -> Planted | None:
    return put(module(study, DESIGN), "phases", ["PHASE2"], DESIGN) if study_type(study) == "OBSERVATIONAL" else None


def _no_phase(study: Json, _: Draw) -> Planted | None:
    return drop(module(study, DESIGN), "phases", DESIGN) if is_interventional(study) else None


def _odd_phase_pair(study: Json, r: Draw) -> Planted | None:
    if not is_interventional(study):
        return None
    pair = ["PHASE1", "PHASE3"] if r() < 0.5 else ["NA", "PHASE4"]
    return put(module(study, DESIGN), "phases", pair, DESIGN)


def _info(study: Json) -> Json:
    found: Json = module(study, DESIGN).get("designInfo", {})
    return found


def _no_purpose(study: Json, _: Draw) -> Planted | None:
    return drop(_info(study), "primaryPurpose", f"{DESIGN}.designInfo") if is_interventional(study) else None


def _no_time_perspective(study: Json, _: Draw) -> Planted | None:
    return drop(_info(study), "timePerspective", f"{DESIGN}.designInfo")


def _single_group_allocated(study: Json, _: Draw) -> Planted | None:
    if _info(study).get("interventionModel") != "SINGLE_GROUP":
        return None
    return put(_info(study), "allocation", "NON_RANDOMIZED", f"{DESIGN}.designInfo")


def _only_first_arm(study: Json) -> Planted:
    """Cut a study to its first arm and to what that arm gets."""
    arms = module(study, ARMS)
    first = arms["armGroups"][0]
    arms["armGroups"] = [first]
    kept = [item for item in arms["interventions"] if first["label"] in item.get("armGroupLabels", [])]
    for item in kept:
        item["armGroupLabels"] = [first["label"]]
    arms["interventions"] = kept
    return Planted(f"{ARMS}.armGroups", first["label"])


def _randomized_to_one_arm(study: Json, _: Draw) -> Planted | None:
    if _info(study).get("allocation") != "RANDOMIZED" or study["hasResults"]:
        return None
    return _only_first_arm(study)


def _parallel_with_one_arm(study: Json, _: Draw) -> Planted | None:
    info = _info(study)
    several = info.get("interventionModel") in ("PARALLEL", "CROSSOVER", "FACTORIAL")
    if not several or info["allocation"] != "NON_RANDOMIZED" or study["hasResults"]:
        return None
    return _only_first_arm(study)


def _masking_count_wrong(study: Json, _: Draw) -> Planted | None:
    masking = _info(study).get("maskingInfo", {})
    if masking.get("masking") not in ("TRIPLE", "QUADRUPLE"):
        return None
    return put(masking, "whoMasked", ["PARTICIPANT"], f"{DESIGN}.designInfo.maskingInfo")


DESIGN_DEFECTS: Final[tuple[Defect, ...]] = (
    Defect(
        "status_enum",
        "solo",
        _status_not_in_list,
        also=(
            "enum_drift",
            "location_status",
        ),
    ),
    Defect("status_type_match", "solo", _status_of_other_type),
    Defect("why_stopped_present", "status", _no_reason_for_stop),
    Defect("why_stopped_only", "status", _reason_without_stop),
    Defect("why_stopped_len", "status", _long_reason),
    Defect("enrollment_present", "design", _no_enrollment),
    Defect("enrollment_nonneg", "design", _negative_enrollment),
    Defect("withdrawn_zero", "design", _withdrawn_with_participants),
    Defect("zero_only_withdrawn", "design", _completed_without_participants),
    Defect("enroll_type_actual", "design", _completed_with_estimate),
    Defect("enroll_type_estimated", "design", _recruiting_with_actual),
    Defect("enroll_outlier", "design", _huge_enrollment),
    Defect("enroll_flow_match", "results", _flow_disagrees),
    Defect("study_type_enum", "solo", _type_not_in_list, also=("enum_drift",)),
    Defect("phase_only_interventional", "design", _observational_with_phase),
    Defect("phase_present", "design", _no_phase),
    Defect("phase_pairs", "design", _odd_phase_pair),
    Defect("interventional_design", "design", _no_purpose),
    Defect("observational_design", "design", _no_time_perspective),
    Defect("single_group_na", "arms", _single_group_allocated),
    Defect("randomized_arms", "arms", _randomized_to_one_arm, also=("crossover_arms",)),
    Defect("crossover_arms", "arms", _parallel_with_one_arm),
    Defect("masking_who", "arms", _masking_count_wrong),
)
