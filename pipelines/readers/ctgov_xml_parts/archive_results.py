"""Results in the archive's layout: groups numbered as in API v2, milestones in order, numbers analysed.

Belongs here: what the mapping of the archive's results cannot say. Does not: the public layout (results.py).
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from pipelines.readers.ctgov_xml_parts.results import finish_outcome, join_categories, says_anything
from pipelines.readers.ctgov_xml_parts.values import long_date
from pipelines.readers.mapping import Unreadable
from pipelines.readers.study_parts import note_state

Struct = dict[str, Any]
_GROUPS = (
    ("participantflow", "participantflowgroups/flowgroup", "FG"),
    ("baseline", "baselinereportinggroups/baselinereportinggroup", "BG"),
    ("outcomemeasures/outcomemeasure", "outcomereportinggroups/outcomereportinggroup", "OG"),
    ("reportedevents", "interventiongroups/interventiongroup", "EG"),
)
_TOTAL = "totalbaselinereportinggroup"
_REFERRING = ("reportinggroupid", "outcomereportinggroupid")
_MILESTONES = {
    "startedmilestone": "STARTED",
    "completedmilestone": "COMPLETED",
    "otherparticipantflowdetails": "NOT COMPLETED",
}
_ORDER = {"STARTED": 0, "COMPLETED": 2, "NOT COMPLETED": 3}
_OWN_MEASURE = "Study Specific Characteristic"
_OTHER = "Other"
_OUTCOMES = "clinical_result/outcomemeasures/outcomemeasure"
_POSTING = "resultsSection.outcomeMeasuresModule.outcomeMeasures[].anticipatedPostingDate"
_YEAR = re.compile("[12][0-9]{3}")


def name_results(results: etree._Element) -> None:
    """Give groups the ids that API v2 would, and the fixed milestones their names. The element is changed."""
    for path, groups, prefix in _GROUPS:
        for module in results.iterfind(path):
            _number_groups(module, [*module.iterfind(groups), *module.iterfind(_TOTAL)], prefix)
    for tag, title in _MILESTONES.items():
        for milestone in results.iterfind(f"participantflow/periods/period/{tag}"):
            if says_anything(milestone):
                etree.SubElement(milestone, "title").text = title


def _number_groups(module: etree._Element, groups: list[etree._Element], prefix: str) -> None:
    names = {}
    for place, group in enumerate(groups):
        stated, name = (group.get("id") or "").strip(), f"{prefix}{place:03}"
        if stated:
            names[stated] = name
        if says_anything(group):
            group.set("id", name)
    for reference in module.iter(*_REFERRING):
        text = (reference.text or "").strip()
        reference.text = names.get(text, text)


def finish_results(study: Struct) -> None:
    """Work out what the results of a study say in several places."""
    section = study.get("resultsSection", {})
    for period in section.get("participantFlowModule", {}).get("periods", ()):
        _finish_period(study, period)
    baseline = section.get("baselineCharacteristicsModule", {})
    _count_analyzed(baseline)
    for measure in baseline.get("measures", ()):
        _finish_measure(measure)
    for outcome in section.get("outcomeMeasuresModule", {}).get("outcomeMeasures", ()):
        _finish_outcome(study, outcome)
    _finish_events(study, section.get("adverseEventsModule", {}))


def _finish_period(study: Struct, period: Struct) -> None:
    period.get("milestones", []).sort(key=lambda milestone: _ORDER.get(milestone.get("type"), 1))
    path = "clinical_result/participantflow/periods/period/dropwithdrawreasons/dropwithdrawreason/otherreasonname"
    for withdrawal in period.get("dropWithdraws", ()):
        _name_other(study, withdrawal, "~other", "type", path)


def _name_other(study: Struct, holder: Struct, note: str, field: str, path: str) -> None:
    """The submitter's own word in place of "Other"; beside another word of the registry's it is kept."""
    other = holder.pop(note, None)
    if other and holder.get(field, _OTHER) == _OTHER:
        holder[field] = other[0]
    elif other and other[0] != holder[field]:
        section = study.setdefault("registrySection", {})
        section.setdefault("sourceFields", []).append({"path": path, "place": path, "value": other[0]})


def _count_analyzed(module: Struct) -> None:
    """Put the numbers that stand with the groups where API v2 has them; the groups are in order already."""
    groups = module.get("groups", ())
    for note, units in (("~subjects", "Participants"), ("~units", module.get("typeUnitsAnalyzed"))):
        counts = []
        for group in groups:
            numbers = group.pop(note, None)
            if numbers and "id" in group:
                counts.append({"groupId": group["id"], "value": numbers[0]})
        if counts:
            denominator = {"units": units, "counts": counts} if units else {"counts": counts}
            module.setdefault("denoms", []).append(denominator)


def _finish_measure(measure: Struct) -> None:
    other = measure.pop("~other", None)
    if other and measure.get("title", _OWN_MEASURE) == _OWN_MEASURE:
        measure["title"] = other[0]
    elif other:
        measure["title"] = f"{measure['title']}: {other[0]}"
    join_categories(measure)


def _finish_outcome(study: Struct, outcome: Struct) -> None:
    _count_analyzed(outcome)
    month, year = (" ".join(outcome.pop(note, ())) for note in ("~month", "~year"))
    posting = _posting_date(month, year)
    if posting:
        outcome["anticipatedPostingDate"] = posting
    elif month or year:
        said = f"{month} {year}".strip()
        note_state(study, _POSTING, "damaged", f"{_OUTCOMES}/anticipatedresultpostingdate", said, "no month of a year")
    if outcome.get("dispersionType") == "Not Applicable":
        del outcome["dispersionType"]
    for analysis in outcome.get("analyses", ()):
        path = f"{_OUTCOMES}/outcomemeasureanalyses/measureanalysis"
        _name_other(study, analysis, "~other_method", "statisticalMethod", f"{path}/othermethodname")
        _name_other(study, analysis, "~other_type", "paramType", f"{path}/othertypename")
    finish_outcome(outcome)


def _posting_date(month: str, year: str) -> str | None:
    """The month as a number or a word, and the year; None where they are none."""
    if not _YEAR.fullmatch(year) or not month:
        return year if _YEAR.fullmatch(year) else None
    if re.fullmatch("[0-9]{1,2}", month):
        return f"{year}-{int(month):02}" if 1 <= int(month) <= 12 else None
    try:
        return long_date(f"{month} {year}")
    except Unreadable:
        return None


def _finish_events(study: Struct, events: Struct) -> None:
    for note, field in (("~vocabulary", "sourceVocabulary"), ("~assessment", "assessmentType")):
        for default in study.pop(note, ())[:1]:
            for name in ("seriousEvents", "otherEvents"):
                for event in events.get(name, ()):
                    event.setdefault(field, default)
