"""Outcomes, eligibility, contacts, sites, references and data sharing of a synthetic study.

Belongs here: the later modules of ``protocolSection``. Does not belong here: results.
"""

from __future__ import annotations

from typing import Final

from pipelines.sample import vocabulary_prose as prose
from pipelines.sample.draft import Draft, Json

# (minimum, maximum, unit, share): None is "no limit"
_AGE_RANGES: Final = (
    (18, None, "Year", 38), (18, 75, "Year", 12), (18, 65, "Year", 11), (18, 80, "Year", 6),
    (20, 60, "Year", 3),
    (40, 85, "Year", 3), (65, None, "Year", 3), (50, None, "Year", 2), (None, None, "Year", 5),
    (12, None, "Year", 3),
    (12, 17, "Year", 2), (6, 12, "Year", 2), (2, 17, "Year", 3), (None, 18, "Year", 2), (1, 5, "Year", 1),
    (6, 59, "Month", 1.5), (None, 24, "Month", 0.7), (0, 28, "Day", 0.5), (24, 36, "Week", 0.3),
    (60, 90, "Year", 2),
)  # fmt: skip
_DAYS: Final = {"Year": 365.25, "Month": 30.4375, "Week": 7.0, "Day": 1.0}
_CUMULATED: Final[list[tuple[float, tuple[int | None, int | None, str]]]] = []
for _low, _high, _unit, _share in _AGE_RANGES:
    _CUMULATED.append(((_CUMULATED[-1][0] if _CUMULATED else 0) + _share, (_low, _high, _unit)))


def outcomes(draft: Draft) -> Json:
    """``outcomesModule``: primary, secondary and other outcomes, no measure twice.

    Empty for expanded access.
    """
    if draft.study_type == "EXPANDED_ACCESS":
        return {}
    r = draft.r
    primary = 1 if r() < 0.7 else 2 + int(5 * r() * r())
    secondary = 0 if r() < 0.18 else 1 + int(13 * r() * r())
    other = 1 + int(9 * r() * r()) if r() < 0.11 else 0
    if r() < 0.004:
        secondary += 30 + int(60 * r())
    listed = _outcome_list(draft, primary + secondary + other)
    kinds = ["PRIMARY"] * primary + ["SECONDARY"] * secondary + ["OTHER_PRE_SPECIFIED"] * other
    draft.planned_outcomes = [(kind, outcome["measure"]) for kind, outcome in zip(kinds, listed, strict=True)]
    module: Json = {"primaryOutcomes": listed[:primary]}
    if secondary:
        module["secondaryOutcomes"] = listed[primary : primary + secondary]
    if other:
        module["otherOutcomes"] = listed[primary + secondary :]
    return module


def _outcome_list(draft: Draft, count: int) -> list[Json]:
    r, descriptions, frames = draft.r, draft.pools.outcome_descriptions, draft.pools.time_frames
    found: list[Json] = []
    for measure in draft.run(draft.pools.measures, count):
        outcome: Json = {"measure": measure}
        if r() < 0.78:
            outcome["description"] = descriptions[int(r() * len(descriptions))]
        outcome["timeFrame"] = frames[int(r() * len(frames))]
        found.append(outcome)
    return found


def eligibility(draft: Draft) -> Json:
    """``eligibilityModule``: criteria in one of five layouts, ages, sex;
    the text states no other age than the fields."""
    r = draft.r
    place = r() * _CUMULATED[-1][0]
    low, high, unit = next(limits for upto, limits in _CUMULATED if place < upto)
    sex = "ALL"
    draw = r()
    if draw < 0.14:
        sex = "FEMALE" if draw < 0.1 else "MALE"
    module: Json = {
        "eligibilityCriteria": _criteria(draft, low, high, unit),
        "healthyVolunteers": draft.study_type != "EXPANDED_ACCESS" and r() < 0.26,
        "sex": sex,
    }
    if sex != "ALL" and r() < 0.2:
        module["genderBased"] = True
        module["genderDescription"] = "Participation is limited by self-represented gender identity."
    if low is not None:
        module["minimumAge"] = _age(low, unit)
    if high is not None:
        module["maximumAge"] = _age(high, unit)
    module["stdAges"] = standard_ages(low, high, unit)
    if draft.study_type == "OBSERVATIONAL":
        module["studyPopulation"] = f"People with {draft.conditions[0][0]}. {draft.pick(draft.pools.sentences)}"
        module["samplingMethod"] = "PROBABILITY_SAMPLE" if r() < 0.25 else "NON_PROBABILITY_SAMPLE"
    return module


def _age(value: int, unit: str) -> str:
    return f"{value} {unit}" if value == 1 else f"{value} {unit}s"


def standard_ages(low: int | None, high: int | None, unit: str) -> list[str]:
    """The registry's age groups that a range meets: child (< 18 years), adult (18 to 64),
    older adult (65 and more)."""
    first = 0.0 if low is None else low * _DAYS[unit] / 365.25
    last = 200.0 if high is None else high * _DAYS[unit] / 365.25
    found = ["CHILD"] if first < 18 else []
    if first < 65 and last >= 18:
        found.append("ADULT")
    if last >= 65:
        found.append("OLDER_ADULT")
    return found


def _criteria(draft: Draft, low: int | None, high: int | None, unit: str) -> str:
    r, pool = draft.r, draft.pools
    inclusion = draft.run(pool.inclusion, 2 + int(12 * r() * r()))
    exclusion = draft.run(pool.exclusion, 3 + int(22 * r() * r()))
    if r() < 0.02:
        exclusion = draft.run(pool.exclusion, 30 + int(60 * r()))
    if low is not None and unit == "Year" and r() < 0.4:
        upper = f" to {high} years" if high is not None else " years or older"
        inclusion.insert(0, f"Age {low}{upper}")
    layout = r()
    if layout < 0.56:
        listed = ["\n".join(f"* {item}" for item in part) for part in (inclusion, exclusion)]
    elif layout < 0.86:
        listed = ["\n".join(f"{i}. {item}" for i, item in enumerate(part, 1)) for part in (inclusion, exclusion)]
    elif layout < 0.9:
        listed = ["\n".join(f"* {i}\\. {item}" for i, item in enumerate(part, 1)) for part in (inclusion, exclusion)]
    elif layout < 0.94:
        nested = "\n".join(f"  * {item}" for item in prose.NESTED_ITEMS[int(r() * 3) :])
        listed = ["\n".join(f"* {item}" for item in part) for part in (inclusion, exclusion)]
        listed[1] += f"\n* Any of the following:\n\n{nested}"
    else:
        listed = ["\n\n".join(f"{item}." for item in part) for part in (inclusion, exclusion)]
        return f"INCLUSION CRITERIA:\n\n{listed[0]}\n\nEXCLUSION CRITERIA:\n\n{listed[1]}"
    return f"Inclusion Criteria:\n\n{listed[0]}\n\nExclusion Criteria:\n\n{listed[1]}"


def contacts_locations(draft: Draft) -> Json:
    """``contactsLocationsModule``: contacts while the study is open, officials, sites (mostly one,
    a few hundreds)."""
    r, pool, state = draft.r, draft.pools, draft.timeline.status
    module: Json = {}
    if draft.is_open or (state == "ACTIVE_NOT_RECRUITING"):
        module["centralContacts"] = [_central_contact(draft) for _ in range(1 if r() < 0.6 else 2)]
    if r() < 0.72:
        official: Json = {"name": draft.investigator}
        if r() < 0.97:
            official["affiliation"] = draft.lead.name
        official["role"] = draft.pick(("PRINCIPAL_INVESTIGATOR",) * 6 + ("STUDY_DIRECTOR",) * 3 + ("STUDY_CHAIR",))
        module["overallOfficials"] = [official]
        if r() < 0.12:
            module["overallOfficials"].append({"name": draft.pick(pool.people), "role": "PRINCIPAL_INVESTIGATOR"})
    sites = _sites(draft)
    if sites:
        module["locations"] = sites
    return module


def _central_contact(draft: Draft) -> Json:
    name = draft.pick(draft.pools.people)
    phone = f"+{1 + int(90 * draft.r())} {100_000 + int(900_000 * draft.r())}"
    return {"name": name, "role": "CONTACT", "phone": phone, "email": f"study{draft.index}@example.org"}


def _sites(draft: Draft) -> list[Json]:
    r, pool, state = draft.r, draft.pools, draft.timeline.status
    draw = r()
    if state in ("RECRUITING", "ENROLLING_BY_INVITATION") or draw < 0.91:
        draw = r()
        industry = draft.lead.sponsor_class == "INDUSTRY"
        several = 0.55 if industry else 0.28
        count = 1
        if draw < several:
            count = 2 + int((120 if industry else 40) * r() ** 5)
            if draw < 0.006:
                count += int(400 * r())
    else:
        return []
    if state == "RECRUITING":
        found = draft.run(pool.recruiting_sites, count)
        if count > 4 and r() < 0.5:
            found[-1] = draft.pick(pool.closed_sites)
            if draft.timeline.status == "RECRUITING":
                found[-2] = draft.pick(pool.waiting_sites)
        return found
    if state == "NOT_YET_RECRUITING":
        return draft.run(pool.waiting_sites, count)
    return draft.run(pool.sites, count)


def references(draft: Draft) -> Json:
    """``referencesModule``: literature, links, data sets. Two of three studies have none."""
    r = draft.r
    module: Json = {}
    if r() < 0.31:
        module["references"] = draft.run(draft.pools.references, 1 + int(12 * r() ** 3))
    if r() < 0.11:
        count = 1 + int(4 * r() ** 3)
        module["seeAlsoLinks"] = [
            {
                "label": f"Study page {number}: {draft.conditions[0][0]}",
                "url": f"https://www.example.org/{draft.nct_id}/{number}",
            }
            for number in range(1, count + 1)
        ]
    if r() < 0.006:
        module["availIpds"] = [
            {"id": f"DS-{draft.index}", "type": "Individual Participant Data Set",
            "url": f"https://data.example.org/{draft.nct_id}",
             "comment": "Registration is needed."}
        ]  # fmt: skip
    return module


def data_sharing(draft: Draft) -> Json:
    """``ipdSharingStatementModule``; empty for records from before 2015, which have none."""
    r = draft.r
    if draft.timeline.first_submit_day < 735_600 or r() < 0.1:  # 2015-01
        return {}
    draw = r()
    if draw < 0.62:
        return {"ipdSharing": "NO"} if r() < 0.6 else {"ipdSharing": "NO", "description": prose.IPD_DESCRIPTIONS[1]}
    if draw < 0.8:
        return {"ipdSharing": "UNDECIDED", "description": prose.IPD_DESCRIPTIONS[3]}
    return {
        "ipdSharing": "YES",
        "description": draft.pick(prose.IPD_DESCRIPTIONS[::2]),
        "infoTypes": ["STUDY_PROTOCOL", "SAP", "ICF", "CSR", "ANALYTIC_CODE"][: 1 + int(5 * r())],
        "timeFrame": draft.pick(prose.IPD_TIME_FRAMES),
        "accessCriteria": draft.pick(prose.IPD_ACCESS),
        "url": "https://data.example.org/request",
    }
