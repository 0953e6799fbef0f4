"""Checks of enrolment, design and arms."""

from __future__ import annotations

from datetime import date

from .check_kit import PREFIX, Study, Verdict, check, module, status, study_type


# --- enrolment and design --------------------
def count(study: Study) -> int | None:
    return module(study, "design").get("enrollmentInfo", {}).get("count")


@check
def enrollment_present(study: Study, today: date) -> Verdict:
    return None if study_type(study) == "EXPANDED_ACCESS" else count(study) is not None


@check
def enrollment_nonneg(study: Study, today: date) -> Verdict:
    number = count(study)
    return None if number is None else number >= 0


@check
def withdrawn_zero(study: Study, today: date) -> Verdict:
    return count(study) == 0 if status(study) == "WITHDRAWN" else None


@check
def zero_only_withdrawn(study: Study, today: date) -> Verdict:
    return None if count(study) != 0 else status(study) in {"WITHDRAWN", "NOT_YET_RECRUITING"}


@check
def enroll_type_actual(study: Study, today: date) -> Verdict:
    if status(study) not in {"COMPLETED", "TERMINATED"} or count(study) is None:
        return None
    return module(study, "design")["enrollmentInfo"]["type"] == "ACTUAL"


@check
def enroll_type_estimated(study: Study, today: date) -> Verdict:
    if status(study) not in {"NOT_YET_RECRUITING", "RECRUITING"} or count(study) is None:
        return None
    return module(study, "design")["enrollmentInfo"]["type"] == "ESTIMATED"


@check
def enroll_outlier(study: Study, today: date) -> Verdict:
    return None if count(study) is None else count(study) <= 1_000_000


@check
def enroll_flow_match(study: Study, today: date) -> Verdict:
    if not study["hasResults"]:
        return None
    started = study["resultsSection"]["participantFlowModule"]["periods"][0]["milestones"][0]
    return sum(int(each["numSubjects"]) for each in started["achievements"]) == count(study)


@check
def study_type_enum(study: Study, today: date) -> Verdict:
    return study_type(study) in {"INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS"}


@check
def phase_only_interventional(study: Study, today: date) -> Verdict:
    return "phases" not in module(study, "design") or study_type(study) == "INTERVENTIONAL"


@check
def phase_present(study: Study, today: date) -> Verdict:
    return bool(module(study, "design").get("phases")) if study_type(study) == "INTERVENTIONAL" else None


@check
def phase_pairs(study: Study, today: date) -> Verdict:
    phases = module(study, "design").get("phases", [])
    return None if len(phases) < 2 else set(phases) in ({"PHASE1", "PHASE2"}, {"PHASE2", "PHASE3"})


def info(study: Study) -> Study:
    return module(study, "design").get("designInfo", {})


@check
def interventional_design(study: Study, today: date) -> Verdict:
    keys = {"allocation", "interventionModel", "primaryPurpose", "maskingInfo"}
    return keys <= set(info(study)) if study_type(study) == "INTERVENTIONAL" else not keys & set(info(study))


@check
def observational_design(study: Study, today: date) -> Verdict:
    keys = {"observationalModel", "timePerspective"}
    return keys <= set(info(study)) if study_type(study) == "OBSERVATIONAL" else not keys & set(info(study))


def arms(study: Study) -> list[Study]:
    return module(study, "armsInterventions").get("armGroups", [])


def interventions(study: Study) -> list[Study]:
    return module(study, "armsInterventions").get("interventions", [])


@check
def single_group_na(study: Study, today: date) -> Verdict:
    if info(study).get("interventionModel") != "SINGLE_GROUP":
        return None
    return info(study)["allocation"] == "NA" and len(arms(study)) == 1


@check
def randomized_arms(study: Study, today: date) -> Verdict:
    return len(arms(study)) >= 2 if info(study).get("allocation") == "RANDOMIZED" else None


@check
def crossover_arms(study: Study, today: date) -> Verdict:
    several = info(study).get("interventionModel") in {"PARALLEL", "CROSSOVER", "FACTORIAL"}
    return len(arms(study)) >= 2 if several else None


@check
def masking_who(study: Study, today: date) -> Verdict:
    masking = info(study).get("maskingInfo")
    if masking is None:
        return None
    least, most = {"NONE": (0, 0), "SINGLE": (1, 1), "DOUBLE": (2, 4), "TRIPLE": (3, 3), "QUADRUPLE": (4, 4)}[
        masking["masking"]
    ]
    return least <= len(set(masking.get("whoMasked", []))) <= most


@check
def arm_label_unique(study: Study, today: date) -> Verdict:
    labels = [arm["label"] for arm in arms(study)]
    return len(labels) == len(set(labels)) and all(len(label) <= 100 for label in labels)


@check
def arm_type(study: Study, today: date) -> Verdict:
    return all("type" in arm for arm in arms(study)) if study_type(study) == "INTERVENTIONAL" else None


@check
def arm_intervention_xref(study: Study, today: date) -> Verdict:
    from_arms = {(arm["label"], name) for arm in arms(study) for name in arm.get("interventionNames", [])}
    from_interventions = {
        (label, f"{PREFIX[each['type']]}: {each['name']}")
        for each in interventions(study)
        for label in each.get("armGroupLabels", [])
    }
    return from_arms == from_interventions


@check
def no_intervention_arm(study: Study, today: date) -> Verdict:
    judged = [
        (arm["type"] == "NO_INTERVENTION") != bool(arm.get("interventionNames")) for arm in arms(study) if "type" in arm
    ]
    return all(judged) if judged else None


@check
def intervention_present(study: Study, today: date) -> Verdict:
    return bool(interventions(study)) if study_type(study) == "INTERVENTIONAL" else None


@check
def intervention_unused(study: Study, today: date) -> Verdict:
    return all(each.get("armGroupLabels") for each in interventions(study)) if arms(study) else None


@check
def placebo_vs_arm(study: Study, today: date) -> Verdict:
    placebo = [arm for arm in arms(study) if arm.get("type") == "PLACEBO_COMPARATOR"]
    return all("placebo" in " ".join(arm["interventionNames"]).lower() for arm in placebo) if placebo else None
