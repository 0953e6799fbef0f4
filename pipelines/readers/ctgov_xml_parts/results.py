"""Results of the legacy XML: what API v2 says elsewhere or more directly.

Belongs here: analysed numbers, totals of adverse events, defaults, statuses. Does not: elements that go to one place.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

Struct = dict[str, Any]
NUMBER_ANALYZED = "number_analyzed"
CATEGORY = "category"
_TOTAL = "Total"
_TOTALS = {
    "Total, all-cause mortality": "deaths",
    "Total, serious adverse events": "serious",
    "Total, other adverse events": "other",
}
_PARTICIPANTS = "Participants"
_NON_INFERIORITY = {True: "NON_INFERIORITY_OR_EQUIVALENCE", False: "SUPERIORITY_OR_OTHER"}
_EXCLUSIVE = frozenset(
    {
        "Age",
        "Age, Categorical",
        "Age Categorical",
        "Gender",
        "Gender, Male/Female",
        "Sex: Female, Male",
        "Ethnicity (NIH/OMB)",
        "Race (NIH/OMB)",
        "Race/Ethnicity (NIH/OMB)",
    }
)
"""Baseline measures whose categories the registry sets, so that they exclude each other."""
_EVENT_LISTS = (("serious", "seriousEvents"), ("other", "otherEvents"))


def name_analyzed_measures(results: etree._Element) -> None:
    """Call the first measures of a list, which until December 2016 counted what was analysed, by a name of their own.

    In an outcome every measure but the last is such a one if its title begins with "Number of", in the baseline the
    first if it is the number of participants.
    """
    for measures in results.iterfind("outcome_list/outcome/measure_list"):
        outcome = measures.getparent()
        children = list(measures)
        if len(children) == 1 and outcome is not None and _title(children[0]) == _title(outcome):
            continue
        for measure in children[:-1] if len(children) > 1 else children:
            if _title(measure).startswith("Number of "):
                measure.tag = NUMBER_ANALYZED
    first = results.find("baseline/measure_list/measure")
    if first is not None and _title(first) == "Number of Participants" and first.find("class_list") is None:
        first.tag = NUMBER_ANALYZED


def _title(element: etree._Element) -> str:
    return (element.findtext("title") or "").strip()


def name_systems(results: etree._Element) -> None:
    """Write the title of its category at each event that says anything; one that does not stays as empty as it is."""
    for kind, _ in _EVENT_LISTS:
        for category in results.iterfind(f"reported_events/{kind}_events/category_list/category"):
            title = _title(category)
            for event in category.iterfind("event_list/event") if title else ():
                if says_anything(event):
                    event.set(CATEGORY, title)


def says_anything(element: etree._Element) -> bool:
    """Whether there is any text, or any attribute that is not blank, in an element."""
    return any(
        (part.text and not part.text.isspace()) or any(map(str.strip, map(str, part.values())))
        for part in element.iter()
    )


def finish_results(study: Struct) -> None:
    """Work out what the results of a study say in several places."""
    section = study.get("resultsSection", {})
    baseline = section.get("baselineCharacteristicsModule")
    if baseline is not None:
        name_units(baseline)
        for measure in baseline.get("measures", ()):
            join_categories(measure)
    for outcome in section.get("outcomeMeasuresModule", {}).get("outcomeMeasures", ()):
        finish_outcome(outcome)
    events = section.get("adverseEventsModule")
    if events is not None:
        _take_totals(events)
    _apply_defaults(study, events or {})


def name_units(module: Struct) -> None:
    """Say which units other than participants were analysed."""
    for denominator in module.get("denoms", ()):
        if denominator.get("units", _PARTICIPANTS) != _PARTICIPANTS:
            module.setdefault("typeUnitsAnalyzed", denominator["units"])


def join_categories(measure: Struct) -> None:
    """Put the categories of a measure whose categories exclude each other, where each is a class, into one class."""
    classes = measure.get("classes", []) if measure.get("title") in _EXCLUSIVE else []
    if classes and all(_is_category(one) for one in classes):
        categories = [{"title": one["title"]} | one["categories"][0] for one in classes]
        measure["classes"] = [{"categories": categories}]


def _is_category(one: Struct) -> bool:
    """Whether a class is one category that stands alone."""
    categories = one.get("categories", ())
    return "title" in one and "denoms" not in one and len(categories) == 1 and "title" not in categories[0]


def finish_outcome(outcome: Struct) -> None:
    """Status, units and the kind of each analysis of an outcome measure."""
    name_units(outcome)
    has_measure = any(name in outcome for name in ("classes", "denoms", "paramType", "unitOfMeasure"))
    outcome.setdefault("reportingStatus", "POSTED" if has_measure else "NOT_POSTED")
    for analysis in outcome.get("analyses", ()):
        tested = analysis.get("testedNonInferiority")
        if tested is not None:
            analysis.setdefault("nonInferiorityType", _NON_INFERIORITY[tested])


def _take_totals(events: Struct) -> None:
    groups = {group.get("id"): group for group in events.get("eventGroups", ())}
    for _, name in _EVENT_LISTS:
        kept = []
        for event in events.get(name, ()):
            word = _TOTALS.get(event.get("term", "")) if event.get("organSystem") == _TOTAL else None
            if word is None or not all(stat.get("groupId") in groups for stat in event.get("stats", ())):
                kept.append(event)
                continue
            for stat in event.get("stats", ()):
                set_totals(groups[stat["groupId"]], word, stat.get("numAffected"), stat.get("numAtRisk"))
        if kept:
            events[name] = kept
        else:
            events.pop(name, None)


def set_totals(group: Struct, word: str, affected: int | None, at_risk: int | None) -> None:
    """A group's numbers of those affected and at risk; `word` is deaths, serious or other."""
    for name, value in (("NumAffected", affected), ("NumAtRisk", at_risk)):
        if value is not None:
            group[word + name] = value


def _apply_defaults(study: Struct, events: Struct) -> None:
    for kind, name in _EVENT_LISTS:
        for note, field in ((f"~{kind}_vocab", "sourceVocabulary"), (f"~{kind}_assessment", "assessmentType")):
            for default in study.pop(note, ())[:1]:
                for event in events.get(name, ()):
                    event.setdefault(field, default)
