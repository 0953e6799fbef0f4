"""What is worked out from several fields of a CTIS record (the mapping's `made`).

Belongs here: status, dates, numbers, design, titles. Does not: parties, places and products (parties.py), fields with a
place of their own (the mapping).
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import Any

from pipelines.readers.ctis.facts import (
    EEA_ONLY,
    count,
    date,
    events,
    information,
    look,
    member_states,
    part_one,
    region,
    subjects_eea,
    subjects_here,
    text,
    truth,
)
from pipelines.readers.ctis.layout import Tree, structs

Struct = dict[str, Any]
Words = AnyMapping[str, dict[str, Any]]
_ENDED = "Ended"
_ALLOCATION = {"1": "RANDOMIZED", "2": "NON_RANDOMIZED", "3": "NA"}
_AGES = {"2": "CHILD", "3": "ADULT", "4": "OLDER_ADULT"}
_RESULTS = ("summaryResults", "laypersonResults", "clinicalStudyReports")
"""Kinds of results; `results` is there with nothing in it where the register's list says that there are none (2026)."""
_AGE_WORDS = {"0-17 years": "2", "18-64 years": "3", "65+ years": "4"}


def public_status(tree: Tree, words: Words) -> str | None:
    """The words of the public status, from its code or as they stand."""
    for name in ("ctPublicStatusCode", "ctStatus"):
        value = text(tree, name)
        if value is not None:
            return words["public_status"].get(value, None if value.isdigit() else value)
    return None


def overall_status(tree: Tree, words: Words) -> tuple[str | None, str | None]:
    """(status of the study shape, None) or (None, why it is ambiguous)."""
    found = public_status(tree, words)
    if found is None:
        code = text(tree, "ctPublicStatusCode") or text(tree, "ctStatus")
        return None, f"the status code {code} is not of the register's list" if code else None
    if found.casefold() == _ENDED.casefold():
        return _how_it_ended(tree)
    folded = {word.casefold(): status for word, status in words["status"].items()}
    if found.casefold() not in folded:
        return None, "not a word of the register's list of statuses"
    return folded[found.casefold()], None


def _how_it_ended(tree: Tree) -> tuple[str | None, str | None]:
    early, planned = 0, 0
    parts = member_states(tree)
    for part in parts:
        kinds = {kind for kind, _ in events(part)}
        if any("EARLY_TERMINATION" in kind for kind in kinds) or look(part, "trialEvents/earlyTerminationReason"):
            early += 1
        elif any("END_OF_TRIAL" in kind for kind in kinds):
            planned += 1
    if early and early == len(parts):
        return "TERMINATED", None
    if planned and not early:
        return "COMPLETED", None
    return None, "ended, and the notifications do not tell for all member states whether early"


def dates(tree: Tree, code: int | None) -> Struct:
    """The dates of the status module; `code` is the trial's region."""
    initial = [one for one in _applications(tree) if str(one.get("type", "")).upper() == "INITIAL"]
    submitted = [found for one in initial if (found := date(one, "submissionDate"))]
    results = structs(look(tree, "results/summaryResults"))
    published = [found for name in ("publishDate", "lastPublicationUpdate") if (found := date(tree, name))]
    return {
        "startDateStruct": _start(tree),
        "completionDateStruct": _completion(tree, is_eea_only(tree, code)),
        "studyFirstSubmitDate": min(submitted, default=None) or date(tree, "submissionDate"),
        "lastUpdatePostDateStruct": {"date": max(published, default=None)},
        "resultsFirstSubmitDate": min((d for one in results if (d := date(one, "submissionDate"))), default=None),
    }


def _applications(tree: Tree) -> list[Tree]:
    return structs(look(tree, "authorizedApplication/applicationInfo"))


def is_eea_only(tree: Tree, code: int | None) -> bool:
    """Whether the trial is in the European Economic Area only, as far as the record tells."""
    return code == EEA_ONLY or (code is None and count(part_one(tree).get("rowSubjectCount")) == 0)


def _start(tree: Tree) -> Struct:
    found = [date(tree, "startDateEU") or date(tree, "trialStartDate") or date(tree, "eeaStartDate")]
    if found == [None]:
        for part in member_states(tree):
            found.append(date(part, "mscInfo/activeTrialPeriod/trialStartDate"))
            found.extend(day for kind, day in events(part) if kind == "START_OF_TRIAL")
    actual = min(filter(None, found), default=None)
    if actual is not None:
        return {"date": actual, "type": "ACTUAL"}
    return _estimated(date(information(tree), "trialDuration/estimatedRecruitmentStartDate"))


def _completion(tree: Tree, eea_only: bool) -> Struct:
    duration = information(tree).get("trialDuration")
    ends = [date(tree, "events/trialGlobalEndDate"), date(tree, "trialGlobalEndDate")]
    ends += [date(one, "endDate") for one in structs(look(tree, "authorizedApplication/trialGlobalEnd"))]
    if eea_only:
        ends += [date(tree, "endDateEU") or date(tree, "trialEndDate") or date(tree, "eeaEndDate")]
    actual = next(filter(None, ends), None)
    if actual is not None:
        return {"date": actual, "type": "ACTUAL"}
    plan = date(duration, "estimatedGlobalEndDate")
    return _estimated(plan or (date(duration, "estimatedEndDate") if eea_only else None))


def _estimated(found: str | None) -> Struct:
    return {"date": found, "type": "ESTIMATED"} if found else {}


def design(tree: Tree, words: Words, code: int | None) -> Struct:
    """The design module."""
    periods = structs(look(part_one(tree), "trialDetails/protocolInformation/studyDesign/periodDetails"))
    methods = {_ALLOCATION.get(str(period.get("allocationMethod"))) for period in periods}
    number = enrollment(tree, code)
    return {
        "studyType": "INTERVENTIONAL",
        "phases": words["phases"].get(phase(tree, words) or "", []),
        "designInfo": {"allocation": methods.pop() if len(methods) == 1 else None},
        "enrollmentInfo": {"count": number, "type": None if number is None else "ESTIMATED"},
    }


def phase(tree: Tree, words: Words) -> str | None:
    """The words of the phase, from its code or as they stand."""
    found = text(information(tree), "trialCategory/trialPhase") or text(tree, "trialPhase")
    if found is None:
        return None
    named = words["phase"].get(found, found)
    folded = {"".join(word.split()).casefold(): word for word in words["phases"]}
    return folded.get("".join(named.split()).casefold(), None if named.isdigit() else named)


def enrollment(tree: Tree, code: int | None) -> int | None:
    """Planned subjects of the whole trial; None where a part of it gives no number."""
    here, elsewhere = subjects_eea(tree), count(part_one(tree).get("rowSubjectCount"))
    if here is None and not member_states_with_numbers(tree) and is_eea_only(tree, code):
        return count(tree.get("totalNumberEnrolled"))
    if here is None or (elsewhere is None and not is_eea_only(tree, code)):
        return None
    return here + (elsewhere or 0)


def member_states_with_numbers(tree: Tree) -> bool:
    """Whether a member state gives a planned number at all (the search list's do not)."""
    return any(subjects_here(part) is not None for part in member_states(tree))


def eligibility(tree: Tree) -> Struct:
    """The eligibility module."""
    population = information(tree).get("populationOfTrialSubjects")
    population = population if isinstance(population, dict) else {}
    codes = {
        text(one, "ageRangeCategoryCode") or text(one, "ageRangeCategory")
        for one in structs(population.get("ageRanges"))
    }
    if not codes:
        codes = {_AGE_WORDS.get(word.strip(), "") for word in (text(tree, "ageGroup") or "").split(",")}
    named = (text(one, "name") for one in structs(population.get("clinicalTrialGroups")))
    groups = [name.casefold() for name in named if name]
    return {
        "eligibilityCriteria": "\n\n".join(_criteria_text(kind, tree) for kind in ("Inclusion", "Exclusion")).strip(),
        "sex": _sex(tree, population),
        "stdAges": [age for code, age in _AGES.items() if code in codes],
        "healthyVolunteers": any("healthy" in group for group in groups) if groups else None,
    }


def _sex(tree: Tree, population: Tree) -> str | None:
    found = (truth(population.get("isFemaleSubjects")), truth(population.get("isMaleSubjects")))
    if found == (None, None):
        words = {word.strip().casefold() for word in (text(tree, "gender") or "").split(",")}
        found = ("female" in words, "male" in words)
    return {(True, True): "ALL", (True, False): "FEMALE", (False, True): "MALE"}.get((bool(found[0]), bool(found[1])))


def criteria(tree: Tree) -> list[Struct]:
    """Criteria as the record lists them: kind, number, text."""
    return [
        {"kind": kind.lower(), "number": number, "text": said, "damaged": False}
        for kind in ("Inclusion", "Exclusion")
        for number, said in _listed(kind, tree)
    ]


def _listed(kind: str, tree: Tree) -> list[tuple[int | None, str]]:
    items = structs(look(information(tree), f"eligibilityCriteria/principal{kind}Criteria"))
    found = [(count(item.get("number")), str(item.get(f"principal{kind}Criteria") or "").strip()) for item in items]
    return [(number, said) for number, said in found if said]


def _criteria_text(kind: str, tree: Tree) -> str:
    lines = [f"{number}. {said}" if number is not None else said for number, said in _listed(kind, tree)]
    return f"{kind} Criteria:\n\n" + "\n".join(lines) if lines else ""


def has_results(tree: Tree) -> bool | None:
    """Whether results are there; None where the record does not say."""
    results = tree.get("results")
    if isinstance(results, dict) and any(results.get(name) for name in _RESULTS):
        return True
    word = (text(tree, "resultsFirstReceived") or "").casefold()
    said = {"yes": True, "no": False}.get(word)
    return False if said is None and results == {} else said


def trial_region(tree: Tree, words: Words) -> int | None:
    """The code of the trial's region."""
    return region(tree, words["region"])
