"""The results tables of an AACT export.

Belongs here: groups, counts, measured values, analyses, events. Does not: the protocol's tables (aact_flat.py).
"""

from __future__ import annotations

import re

from pipelines.sample.draft import Json
from pipelines.sample.render.aact_flat_tables import Export, Value

_DIGITS = re.compile(r"[\d.-]")
_SIGNS = re.compile(r"[<> =]")
_LOADED = "2026-07-03 09:46:39.850244"


def add_results(export: Export, nct_id: str, study: Json) -> None:
    """The rows of a study's results; none where it has none."""
    results = study.get("resultsSection")
    if not results:
        return
    _flow(export, nct_id, results.get("participantFlowModule", {}))
    _baseline(export, nct_id, results.get("baselineCharacteristicsModule", {}))
    for outcome in results.get("outcomeMeasuresModule", {}).get("outcomeMeasures", ()):
        _outcome(export, nct_id, outcome)
    _events(export, nct_id, results.get("adverseEventsModule", {}))
    more = results.get("moreInfoModule", {})
    agreement, contact = more.get("certainAgreement"), more.get("pointOfContact")
    if agreement:
        export.add(
            "result_agreements",
            nct_id,
            pi_employee=agreement.get("piSponsorEmployee"),
            restriction_type=agreement.get("restrictionType"),
            other_details=agreement.get("otherDetails"),
            restrictive_agreement=agreement.get("restrictiveAgreement"),
        )
    if contact:
        export.add(
            "result_contacts",
            nct_id,
            organization=contact.get("organization"),
            name=contact.get("title"),
            phone=contact.get("phone"),
            email=contact.get("email"),
            extension=contact.get("phoneExt"),
        )


def number(text: Value) -> Value:
    """The number that AACT makes of a text; None where it is none."""
    try:
        return float(str(text).replace(",", ""))
    except ValueError:
        return None


def _groups(export: Export, nct_id: str, kind: str, groups: list[Json], outcome: int | None = None) -> dict[str, int]:
    return {
        one["id"]: export.add(
            "result_groups",
            nct_id,
            ctgov_group_code=one["id"],
            result_type=kind,
            title=one.get("title"),
            description=one.get("description"),
            outcome_id=outcome,
        )
        for one in groups
    }


def _flow(export: Export, nct_id: str, flow: Json) -> None:
    if not flow:
        return
    export.add(
        "participant_flows",
        nct_id,
        recruitment_details=flow.get("recruitmentDetails"),
        pre_assignment_details=flow.get("preAssignmentDetails"),
        units_analyzed=flow.get("typeUnitsAnalyzed"),
    )
    groups = _groups(export, nct_id, "Participant Flow", flow.get("groups", []))
    for period in flow.get("periods", ()):
        for milestone in period.get("milestones", ()):
            for one in milestone.get("achievements", ()):
                export.add(
                    "milestones",
                    nct_id,
                    result_group_id=groups.get(one["groupId"]),
                    ctgov_group_code=one["groupId"],
                    title=milestone.get("type"),
                    period=period.get("title"),
                    count=one.get("numSubjects"),
                    milestone_description=milestone.get("comment"),
                    count_units=one.get("numUnits"),
                )
        for drop in period.get("dropWithdraws", ()):
            for one in drop.get("reasons", ()):
                export.add(
                    "drop_withdrawals",
                    nct_id,
                    result_group_id=groups.get(one["groupId"]),
                    ctgov_group_code=one["groupId"],
                    period=period.get("title"),
                    reason=drop.get("type"),
                    count=one.get("numSubjects"),
                    drop_withdraw_comment=drop.get("comment"),
                    reason_comment=one.get("comment"),
                )


def _baseline(export: Export, nct_id: str, baseline: Json) -> None:
    groups = _groups(export, nct_id, "Baseline", baseline.get("groups", []))
    sizes: dict[str, Value] = {}
    for denominator in baseline.get("denoms", ()):
        for one in denominator.get("counts", ()):
            sizes.setdefault(one["groupId"], one.get("value"))
            export.add(
                "baseline_counts",
                nct_id,
                result_group_id=groups.get(one["groupId"]),
                ctgov_group_code=one["groupId"],
                units=denominator.get("units"),
                scope="overall",
                count=one.get("value"),
            )
    for measure in baseline.get("measures", ()):
        for row in _measured(measure):
            limits: dict[str, Value] = {
                name: number(row.pop(f"{name}_raw")) for name in ("dispersion_lower_limit", "dispersion_upper_limit")
            }
            percent = measure.get("calculatePct")
            export.add(
                "baseline_measurements",
                nct_id,
                result_group_id=groups.get(str(row["ctgov_group_code"])),
                **row,
                **limits,
                number_analyzed=sizes.get(str(row["ctgov_group_code"])),
                number_analyzed_units=measure.get("denomUnitsSelected", "Participants"),
                population_description=measure.get("populationDescription"),
                calculate_percentage=None if percent is None else "Yes" if percent else "No",
            )


def _measured(measure: Json) -> list[dict[str, Value]]:
    """One row for each measured value of a measure or outcome, which says the measure again."""
    return [
        {
            "ctgov_group_code": one["groupId"],
            "classification": group.get("title"),
            "category": category.get("title"),
            "title": measure.get("title"),
            "description": measure.get("description"),
            "units": measure.get("unitOfMeasure"),
            "param_type": measure.get("paramType"),
            "param_value": one.get("value"),
            "param_value_num": number(one.get("value")),
            "dispersion_type": measure.get("dispersionType"),
            "dispersion_value": one.get("spread"),
            "dispersion_value_num": number(one.get("spread")),
            "dispersion_lower_limit_raw": one.get("lowerLimit"),
            "dispersion_upper_limit_raw": one.get("upperLimit"),
            "explanation_of_na": one.get("comment"),
        }
        for group in measure.get("classes", ())
        for category in group.get("categories", ())
        for one in category.get("measurements", ())
    ]


def _outcome(export: Export, nct_id: str, outcome: Json) -> None:
    posting = outcome.get("anticipatedPostingDate")
    own = export.add(
        "outcomes",
        nct_id,
        outcome_type=outcome.get("type"),
        title=outcome.get("title"),
        description=outcome.get("description"),
        time_frame=outcome.get("timeFrame"),
        population=outcome.get("populationDescription"),
        anticipated_posting_date=f"{posting}-01" if posting and len(posting) == 7 else posting,
        anticipated_posting_month_year=posting,
        units=outcome.get("unitOfMeasure"),
        units_analyzed=outcome.get("typeUnitsAnalyzed"),
        dispersion_type=outcome.get("dispersionType"),
        param_type=outcome.get("paramType"),
    )
    groups = _groups(export, nct_id, "Outcome", outcome.get("groups", []), own)
    for row in _measured(outcome):
        limits: dict[str, Value] = {
            name: number(row[f"{name}_raw"]) for name in ("dispersion_lower_limit", "dispersion_upper_limit")
        }
        group = groups.get(str(row["ctgov_group_code"]))
        export.add("outcome_measurements", nct_id, outcome_id=own, result_group_id=group, **row, **limits)
    for denominator in outcome.get("denoms", ()):
        for one in denominator.get("counts", ()):
            export.add(
                "outcome_counts",
                nct_id,
                outcome_id=own,
                result_group_id=groups.get(one["groupId"]),
                ctgov_group_code=one["groupId"],
                scope="Measure",
                units=denominator.get("units"),
                count=one.get("value"),
            )
    for analysis in outcome.get("analyses", ()):
        _analysis(export, nct_id, own, groups, analysis)


def _analysis(export: Export, nct_id: str, outcome: int, groups: dict[str, int], analysis: Json) -> None:
    p_value = analysis.get("pValue")
    own = export.add(
        "outcome_analyses",
        nct_id,
        outcome_id=outcome,
        non_inferiority_type=analysis.get("nonInferiorityType"),
        non_inferiority_description=analysis.get("nonInferiorityComment"),
        param_type=analysis.get("paramType"),
        param_value=analysis.get("paramValue"),
        dispersion_type=analysis.get("dispersionType"),
        dispersion_value=analysis.get("dispersionValue"),
        p_value_modifier=_DIGITS.sub("", p_value).strip() or None if p_value else None,
        p_value=number(_SIGNS.sub("", p_value)) if p_value else None,
        ci_n_sides=analysis.get("ciNumSides"),
        ci_percent=number(analysis["ciPctValue"]) if analysis.get("ciPctValue") else None,
        ci_lower_limit=number(analysis.get("ciLowerLimit")),
        ci_upper_limit=number(analysis.get("ciUpperLimit")),
        ci_upper_limit_na_comment=analysis.get("ciUpperLimitComment"),
        p_value_description=analysis.get("pValueComment"),
        method=analysis.get("statisticalMethod"),
        method_description=analysis.get("statisticalComment"),
        estimate_description=analysis.get("estimateComment"),
        groups_description=analysis.get("groupDescription"),
        other_analysis_description=analysis.get("otherAnalysisDescription"),
        ci_upper_limit_raw=analysis.get("ciUpperLimit"),
        ci_lower_limit_raw=analysis.get("ciLowerLimit"),
        p_value_raw=p_value,
    )
    for code in analysis.get("groupIds", ()):
        group = groups.get(code)
        export.add(
            "outcome_analysis_groups", nct_id, outcome_analysis_id=own, result_group_id=group, ctgov_group_code=code
        )


def _events(export: Export, nct_id: str, module: Json) -> None:
    groups = _groups(export, nct_id, "Reported Event", module.get("eventGroups", []))
    for one in module.get("eventGroups", ()):
        for kind, words in (
            ("serious", "Total, serious adverse events"),
            ("other", "Total, other adverse events"),
            ("deaths", "Total, all-cause mortality"),
        ):
            export.add(
                "reported_event_totals",
                nct_id,
                ctgov_group_code=one["id"],
                event_type=kind,
                classification=words,
                subjects_affected=one.get(f"{kind}NumAffected"),
                subjects_at_risk=one.get(f"{kind}NumAtRisk"),
                created_at=_LOADED,
                updated_at=_LOADED,
            )
    for kind in ("serious", "other"):
        for event in module.get(f"{kind}Events", ()):
            for one in event.get("stats", ()):
                export.add(
                    "reported_events",
                    nct_id,
                    result_group_id=groups.get(one["groupId"]),
                    ctgov_group_code=one["groupId"],
                    time_frame=module.get("timeFrame"),
                    event_type=kind,
                    subjects_affected=one.get("numAffected"),
                    subjects_at_risk=one.get("numAtRisk"),
                    description=module.get("description"),
                    event_count=one.get("numEvents"),
                    organ_system=event.get("organSystem"),
                    adverse_event_term=event.get("term"),
                    frequency_threshold=module.get("frequencyThreshold"),
                    vocab=event.get("sourceVocabulary"),
                    assessment=event.get("assessmentType"),
                )
