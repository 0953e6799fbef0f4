"""Single-record rules, written once more by hand and straight from their wording, to judge the generator with.

Nothing here uses the generator's code, nor the rule catalogue: two mistakes would have to agree. Each check is named as
its rule and gives True (kept), False (broken) or None (cannot tell). Partial dates are intervals.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

Study = dict[str, Any]
Verdict = bool | None
CHECKS: dict[str, Callable[[Study, date], Verdict]] = {}

OPEN = {"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING", "SUSPENDED"}
STATUSES = OPEN | {
    "COMPLETED", "TERMINATED", "WITHDRAWN", "UNKNOWN", "WITHHELD", "AVAILABLE", "NO_LONGER_AVAILABLE",
    "TEMPORARILY_NOT_AVAILABLE", "APPROVED_FOR_MARKETING",
}  # fmt: skip
EXPANDED = {"AVAILABLE", "NO_LONGER_AVAILABLE", "TEMPORARILY_NOT_AVAILABLE", "APPROVED_FOR_MARKETING"}
PREFIX = {
    "DRUG": "Drug", "BEHAVIORAL": "Behavioral", "DEVICE": "Device", "PROCEDURE": "Procedure", "OTHER": "Other",
    "BIOLOGICAL": "Biological", "DIETARY_SUPPLEMENT": "Dietary Supplement", "DIAGNOSTIC_TEST": "Diagnostic Test",
    "RADIATION": "Radiation", "GENETIC": "Genetic", "COMBINATION_PRODUCT": "Combination Product",
}  # fmt: skip


def check(function: Callable[[Study, date], Verdict]) -> Callable[[Study, date], Verdict]:
    CHECKS[function.__name__] = function
    return function


def module(study: Study, name: str) -> Study:
    return study["protocolSection"].get(f"{name}Module", {})


def interval(text: str | None) -> tuple[date, date] | None:
    if text is None:
        return None
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], 1), date(parts[0], parts[1], calendar.monthrange(parts[0], parts[1])[1])
    return date(*parts), date(*parts)


def in_order(first: str | None, second: str | None) -> Verdict:
    a, b = interval(first), interval(second)
    if a is None or b is None:
        return None
    if a[0] > b[1]:
        return False
    return True if a[1] <= b[0] else None


def dated(study: Study, name: str) -> str | None:
    return module(study, "status").get(f"{name}DateStruct", {}).get("date")


def kind(study: Study, name: str) -> str | None:
    return module(study, "status").get(f"{name}DateStruct", {}).get("type")


def status(study: Study) -> str:
    return module(study, "status")["overallStatus"]


def study_type(study: Study) -> str:
    return module(study, "design")["studyType"]


def all_dates(study: Study) -> list[str]:
    found = []
    for key, value in module(study, "status").items():
        if isinstance(value, dict) and "date" in value:
            found.append(value["date"])
        elif key.endswith("Date"):
            found.append(value)
    return found


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
    if when is None or kind(study, "primaryCompletion") != "ESTIMATED":
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


# --- outcomes and eligibility --------------------
def outcomes(study: Study) -> list[Study]:
    found = module(study, "outcomes")
    return [each for key in ("primaryOutcomes", "secondaryOutcomes", "otherOutcomes") for each in found.get(key, [])]


@check
def primary_outcome_present(study: Study, today: date) -> Verdict:
    if study_type(study) != "INTERVENTIONAL":
        return None
    return bool(module(study, "outcomes").get("primaryOutcomes"))


@check
def outcome_timeframe(study: Study, today: date) -> Verdict:
    return all(each.get("timeFrame") and not each["timeFrame"].isdigit() for each in outcomes(study))


@check
def outcome_title_specific(study: Study, today: date) -> Verdict:
    vague = {"Safety", "Tolerability", "Feasibility", "Efficacy", "Satisfaction"}
    return not any(each["measure"] in vague for each in outcomes(study))


@check
def outcome_dup(study: Study, today: date) -> Verdict:
    titles = [each["measure"] for each in outcomes(study)]
    return len(titles) == len(set(titles))


def _age_years(text: str | None) -> float | None:
    if text is None:
        return None
    number, unit = text.split()
    return int(number) * {"Year": 1, "Month": 1 / 12, "Week": 7 / 365.25, "Day": 1 / 365.25}[unit.rstrip("s")]


@check
def age_format(study: Study, today: date) -> Verdict:
    found = module(study, "eligibility")
    texts = [found[key] for key in ("minimumAge", "maximumAge") if key in found]
    return all(re.fullmatch(r"\d+ (Year|Month|Week|Day|Hour|Minute)s?", text) for text in texts) if texts else None


@check
def age_order(study: Study, today: date) -> Verdict:
    found = module(study, "eligibility")
    if age_format(study, today) is not True or not {"minimumAge", "maximumAge"} <= set(found):
        return None
    low, high = _age_years(found["minimumAge"]), _age_years(found["maximumAge"])
    return low <= high


@check
def age_std_match(study: Study, today: date) -> Verdict:
    found = module(study, "eligibility")
    if age_format(study, today) is False:
        return None
    low, high = _age_years(found.get("minimumAge")) or 0, _age_years(found.get("maximumAge")) or 999
    due = {
        group
        for group, meets in (("CHILD", low < 18), ("ADULT", low < 65 and high >= 18), ("OLDER_ADULT", high >= 65))
        if meets
    }
    return set(found["stdAges"]) == due


@check
def age_in_text(study: Study, today: date) -> Verdict:
    found = module(study, "eligibility")
    stated = re.search(r"\bAge (\d+)(?: to (\d+) years| years or older)", found.get("eligibilityCriteria", ""))
    if stated is None:
        return None
    low_agrees = _age_years(found.get("minimumAge")) == int(stated[1])
    return low_agrees and (not stated[2] or _age_years(found.get("maximumAge")) == int(stated[2]))


@check
def sex_enum_gender(study: Study, today: date) -> Verdict:
    found = module(study, "eligibility")
    return found["sex"] in {"ALL", "FEMALE", "MALE"} and (
        not found.get("genderBased") or bool(found.get("genderDescription"))
    )


@check
def criteria_present(study: Study, today: date) -> Verdict:
    text = module(study, "eligibility").get("eligibilityCriteria", "").lower()
    return "inclusion criteria:" in text and "exclusion criteria:" in text


@check
def criteria_intact(study: Study, today: date) -> Verdict:
    text = module(study, "eligibility").get("eligibilityCriteria", "")
    plain = re.sub(r"\\(.)", r"\1", text)
    if any(plain.count(a) != plain.count(b) for a, b in ("()", "[]")):
        return False
    for part in re.split(r"(?i)exclusion criteria:", text):
        numbers = [int(number) for number in re.findall(r"(?m)^(?:\* )?(\d+)\\?\. ", part)]
        if numbers != list(range(1, len(numbers) + 1)):
            return False
    return True


@check
def criteria_unescaped(study: Study, today: date) -> Verdict:
    text = module(study, "eligibility").get("eligibilityCriteria", "")
    parsed = re.sub(r"\\([\\<>\[\]*^.])", r"\1", text)
    return not re.search(r"\\[<>\[]", parsed)


@check
def conditions_present(study: Study, today: date) -> Verdict:
    return bool(module(study, "conditions").get("conditions"))


# --- people and places --------------------
@check
def lead_sponsor_one(study: Study, today: date) -> Verdict:
    lead = module(study, "sponsorCollaborators").get("leadSponsor")
    classes = {"NIH", "FED", "OTHER_GOV", "INDIV", "INDUSTRY", "NETWORK", "AMBIG", "OTHER", "UNKNOWN"}
    return lead is not None and lead["class"] in classes


@check
def resp_party_consistent(study: Study, today: date) -> Verdict:
    party = module(study, "sponsorCollaborators")["responsibleParty"]
    named = {"investigatorFullName", "investigatorTitle", "investigatorAffiliation"}
    return not named & set(party) if party["type"] == "SPONSOR" else named <= set(party)


@check
def official_is_person(study: Study, today: date) -> Verdict:
    officials = module(study, "contactsLocations").get("overallOfficials", [])
    words = re.compile(r"\b(Director|Office|Investigator|Monitor|Call Center)\b")
    return all(" " in each["name"] and not words.search(each["name"]) for each in officials) if officials else None


def sites(study: Study) -> list[Study]:
    return module(study, "contactsLocations").get("locations", [])


@check
def location_required(study: Study, today: date) -> Verdict:
    return any("status" in site for site in sites(study)) if status(study) == "RECRUITING" else None


@check
def location_status(study: Study, today: date) -> Verdict:
    recruiting = any(site.get("status") == "RECRUITING" for site in sites(study))
    return status(study) == "RECRUITING" if recruiting else None


@check
def country_valid(study: Study, today: date) -> Verdict:
    unknown = {"Ruritania", "N/A", "Europe", "Freedonia"}
    return not any(site["country"] in unknown for site in sites(study)) if sites(study) else None


@check
def geo_in_country(study: Study, today: date) -> Verdict:
    boxes = {
        "United States": (24, 50, -125, -66), "China": (18, 54, 73, 135), "Germany": (47, 55.1, 5.8, 15.1),
        "France": (41, 51.2, -5.2, 9.6), "Japan": (24, 46, 122, 146), "Brazil": (-34, 6, -74, -34),
        "Egypt": (22, 32, 24, 37), "United Kingdom": (49, 61, -9, 2), "Australia": (-44, -9, 112, 154),
    }  # fmt: skip
    judged = []
    for site in sites(study):
        point = site.get("geoPoint")
        if point is None:
            continue
        south, north, west, east = boxes.get(site["country"], (-40, 70, -125, 180))
        judged.append(south <= point["lat"] <= north and west <= point["lon"] <= east)
    return all(judged) if judged else None


@check
def facility_not_generic(study: Study, today: date) -> Verdict:
    generic = re.compile(r"Research Site|Investigative Site|Local Institution|\d+")
    return not any(generic.fullmatch(site["facility"]) for site in sites(study)) if sites(study) else None


@check
def contact_when_open(study: Study, today: date) -> Verdict:
    if status(study) not in {"RECRUITING", "NOT_YET_RECRUITING"}:
        return None
    return bool(module(study, "contactsLocations").get("centralContacts")) or any(
        "contacts" in site for site in sites(study)
    )


# --- references --------------------
@check
def pmid_doi_format(study: Study, today: date) -> Verdict:
    found = [each["pmid"] for each in module(study, "references").get("references", []) if "pmid" in each]
    return all(re.fullmatch(r"\d{1,8}", text) for text in found) if found else None


@check
def retraction_flag(study: Study, today: date) -> Verdict:
    found = module(study, "references").get("references", [])
    return not any(each["type"] == "RESULT" and each.get("retractions") for each in found) if found else None
