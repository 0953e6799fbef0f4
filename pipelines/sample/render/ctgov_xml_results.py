"""The results of a study as elements of the public legacy XML, in the order of its schema.

Belongs here: `<clinical_results>`. Does not: the protocol (ctgov_xml_protocol.py), layout (ctgov_xml_text.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from pipelines.sample.render import ctgov_xml_words as words
from pipelines.sample.render.ctgov_xml_text import Element, group, leaf, lines_of

Json = dict[str, Any]
_LETTERS = {"FG": "P", "BG": "B", "OG": "O", "EG": "E"}


def results_elements(study: Json) -> list[Element]:
    """`<clinical_results>`, where the study has results."""
    section = study.get("resultsSection")
    if section is None:
        return []
    info = section.get("moreInfoModule", {})
    contact = info.get("pointOfContact", {})
    outcomes = section.get("outcomeMeasuresModule", {}).get("outcomeMeasures", ())
    return group(
        "clinical_results",
        _flow(section.get("participantFlowModule", {})),
        _baseline(section.get("baselineCharacteristicsModule", {})),
        group("outcome_list", *(_outcome(outcome) for outcome in outcomes)),
        _events(section.get("adverseEventsModule", {})),
        group("certain_agreements", _agreement(info.get("certainAgreement", {}))),
        leaf("limitations_and_caveats", lines_of(info.get("limitationsAndCaveats", {}).get("description"))),
        group(
            "point_of_contact",
            leaf("name_or_title", contact.get("title")),
            leaf("organization", contact.get("organization")),
            leaf("phone", contact.get("phone")),
            leaf("email", contact.get("email")),
        ),
    )


def group_id(own: str) -> str:
    """FG000 → P1."""
    return f"{_LETTERS[own[:2]]}{int(own[2:]) + 1}"


def _groups(groups: Sequence[Json]) -> list[Element]:
    return group(
        "group_list",
        *(
            group(
                "group",
                leaf("title", one.get("title")),
                leaf("description", lines_of(one.get("description"))),
                group_id=group_id(one["id"]),
            )
            for one in groups
        ),
    )


def _flow(module: Json) -> list[Element]:
    return group(
        "participant_flow",
        leaf("recruitment_details", lines_of(module.get("recruitmentDetails"))),
        leaf("pre_assignment_details", lines_of(module.get("preAssignmentDetails"))),
        _groups(module.get("groups", ())),
        group("period_list", *(_period(period) for period in module.get("periods", ()))),
    )


def _period(period: Json) -> list[Element]:
    return group(
        "period",
        leaf("title", period.get("title")),
        group(
            "milestone_list",
            *(_milestone("milestone", one, one.get("achievements", ())) for one in period.get("milestones", ())),
        ),
        group(
            "drop_withdraw_reason_list",
            *(
                _milestone("drop_withdraw_reason", one, one.get("reasons", ()))
                for one in period.get("dropWithdraws", ())
            ),
        ),
    )


def _milestone(tag: str, milestone: Json, counts: Sequence[Json]) -> list[Element]:
    participants: list[Element] = []
    for one in counts:
        attributes = {"group_id": group_id(one["groupId"])}
        if "numSubjects" in one:
            attributes["count"] = one["numSubjects"]
        participants.append(("participants", attributes, lines_of(one.get("comment"))))
    return group(tag, leaf("title", milestone.get("type")), group("participants_list", participants))


def _analyzed(denominators: Sequence[Json], scope: str) -> list[Element]:
    analyzed = []
    for one in denominators:
        counts: list[Element] = [
            ("count", {"group_id": group_id(count["groupId"]), "value": count["value"]}, None)
            for count in one["counts"]
        ]
        analyzed += group("analyzed", leaf("units", one["units"]), leaf("scope", scope), group("count_list", counts))
    return group("analyzed_list", analyzed)


def _baseline(module: Json) -> list[Element]:
    return group(
        "baseline",
        leaf("population", lines_of(module.get("populationDescription"))),
        _groups(module.get("groups", ())),
        _analyzed(module.get("denoms", ()), "Overall"),
        group("measure_list", *(_measure(measure, words.DISPERSION) for measure in module.get("measures", ()))),
    )


def _measure(measure: Json, dispersions: dict[str, str] | None) -> list[Element]:
    dispersion = measure.get("dispersionType")
    return group(
        "measure",
        leaf("title", measure.get("title")),
        leaf("description", lines_of(measure.get("description"))),
        leaf("population", lines_of(measure.get("populationDescription"))),
        leaf("units", measure.get("unitOfMeasure")),
        leaf("param", words.word(measure.get("paramType"), words.PARAM)),
        leaf("dispersion", dispersion if dispersions is None else words.word(dispersion, dispersions)),
        leaf("units_analyzed", measure.get("denomUnitsSelected")),
        _analyzed(measure.get("denoms", ()), "Measure"),
        group("class_list", *(_class(one) for one in measure.get("classes", ()))),
    )


def _class(one: Json) -> list[Element]:
    return group(
        "class",
        leaf("title", one.get("title")),
        _analyzed(one.get("denoms", ()), "Class"),
        group(
            "category_list",
            *(
                group(
                    "category",
                    leaf("title", category.get("title")),
                    group("measurement_list", [_measurement(value) for value in category.get("measurements", ())]),
                )
                for category in one.get("categories", ())
            ),
        ),
    )


def _measurement(value: Json) -> Element:
    names = (("value", "value"), ("spread", "spread"), ("lower_limit", "lowerLimit"), ("upper_limit", "upperLimit"))
    attributes = {"group_id": group_id(value["groupId"])}
    attributes |= {name: value[key] for name, key in names if key in value}
    return "measurement", attributes, lines_of(value.get("comment"))


def _outcome(outcome: Json) -> list[Element]:
    posting = outcome.get("anticipatedPostingDate")
    return group(
        "outcome",
        leaf("type", words.word(outcome.get("type"), words.OUTCOME_TYPE)),
        leaf("title", outcome.get("title")),
        leaf("description", lines_of(outcome.get("description"))),
        leaf("time_frame", outcome.get("timeFrame")),
        leaf("posting_date", posting and "/".join(reversed(posting.split("-")))),
        leaf("population", lines_of(outcome.get("populationDescription"))),
        _groups(outcome.get("groups", ())),
        _measure(outcome, None) if outcome.get("reportingStatus") == "POSTED" else [],
        group("analysis_list", *(_analysis(analysis) for analysis in outcome.get("analyses", ()))),
    )


def _analysis(analysis: Json) -> list[Element]:
    return group(
        "analysis",
        group("group_id_list", *(leaf("group_id", group_id(one)) for one in analysis.get("groupIds", ()))),
        leaf("groups_desc", lines_of(analysis.get("groupDescription"))),
        leaf("non_inferiority_type", words.word(analysis.get("nonInferiorityType"), words.NON_INFERIORITY)),
        leaf("non_inferiority_desc", lines_of(analysis.get("nonInferiorityComment"))),
        leaf("p_value", analysis.get("pValue")),
        leaf("p_value_desc", lines_of(analysis.get("pValueComment"))),
        leaf("method", analysis.get("statisticalMethod")),
        leaf("method_desc", lines_of(analysis.get("statisticalComment"))),
        leaf("param_type", analysis.get("paramType")),
        leaf("param_value", analysis.get("paramValue")),
        leaf("dispersion_type", words.word(analysis.get("dispersionType"), words.ANALYSIS_DISPERSION)),
        leaf("dispersion_value", analysis.get("dispersionValue")),
        leaf("ci_percent", analysis.get("ciPctValue")),
        leaf("ci_n_sides", words.word(analysis.get("ciNumSides"), words.SIDES)),
        leaf("ci_lower_limit", analysis.get("ciLowerLimit")),
        leaf("ci_upper_limit", analysis.get("ciUpperLimit")),
        leaf("ci_upper_limit_na_comment", lines_of(analysis.get("ciUpperLimitComment"))),
        leaf("estimate_desc", lines_of(analysis.get("estimateComment"))),
        leaf("other_analysis_desc", lines_of(analysis.get("otherAnalysisDescription"))),
    )


def _events(module: Json) -> list[Element]:
    groups = module.get("eventGroups", ())
    return group(
        "reported_events",
        leaf("time_frame", module.get("timeFrame")),
        leaf("desc", lines_of(module.get("description"))),
        _groups(groups),
        group("serious_events", _categories(groups, ("deaths", "serious"), module.get("seriousEvents", ()))),
        group(
            "other_events",
            leaf("frequency_threshold", module.get("frequencyThreshold")),
            _categories(groups, ("other",), module.get("otherEvents", ())),
        ),
    )


def _categories(groups: Sequence[Json], kinds: Sequence[str], events: Sequence[Json]) -> list[Element]:
    totals = [element for kind in kinds for element in _total(groups, kind)]
    categories = group("category", leaf("title", "Total"), group("event_list", totals)) if totals else []
    for system, members in groupby(events, key=lambda event: event.get("organSystem")):
        listed = [element for event in members for element in _event(event)]
        categories += group("category", leaf("title", system), group("event_list", listed))
    return group("category_list", categories)


def _total(groups: Sequence[Json], kind: str) -> list[Element]:
    stats = [
        {"groupId": one["id"], "numAffected": one.get(f"{kind}NumAffected"), "numAtRisk": one.get(f"{kind}NumAtRisk")}
        for one in groups
        if f"{kind}NumAffected" in one or f"{kind}NumAtRisk" in one
    ]
    return group("event", leaf("sub_title", words.TOTALS[kind]), _counts(stats)) if stats else []


def _event(event: Json) -> list[Element]:
    vocabulary = {"vocab": event["sourceVocabulary"]} if "sourceVocabulary" in event else {}
    return group(
        "event",
        leaf("sub_title", event.get("term"), **vocabulary),
        leaf("assessment", words.word(event.get("assessmentType"), words.ASSESSMENT)),
        leaf("description", lines_of(event.get("notes"))),
        _counts(event.get("stats", ())),
    )


def _counts(stats: Sequence[Json]) -> list[Element]:
    names = (("events", "numEvents"), ("subjects_affected", "numAffected"), ("subjects_at_risk", "numAtRisk"))
    return [
        (
            "counts",
            {"group_id": group_id(one["groupId"])}
            | {name: str(one[key]) for name, key in names if one.get(key) is not None},
            None,
        )
        for one in stats
    ]


def _agreement(agreement: Json) -> list[Element]:
    elements = leaf("pi_employee", words.EMPLOYED.get(agreement.get("piSponsorEmployee", ""), ""))
    if not agreement.get("restrictiveAgreement"):
        text = words.AGREEMENT[None] if agreement.get("restrictiveAgreement") is False else None
    elif agreement.get("restrictionType") in words.AGREEMENT:
        text = words.AGREEMENT[agreement["restrictionType"]]
    else:
        text = lines_of(agreement.get("otherDetails"))
    return elements + leaf("restrictive_agreement", text)
