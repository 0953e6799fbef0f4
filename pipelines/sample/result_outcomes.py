"""Outcome measures of a synthetic study with results.

Belongs here: ``outcomeMeasuresModule``. Does not belong here: flow, baseline, adverse events.
"""

from __future__ import annotations

from typing import Final

from pipelines.sample.draft import Draft, Json
from pipelines.sample.result_tables import (
    GROUP_IDS,
    UNITS,
    count_list,
    group_list,
    measurement_list,
    value_texts,
)

_METHODS: Final = (
    "ANCOVA",
    "Log Rank",
    "t-test, 2 sided",
    "Chi-squared",
    "Mixed Models Analysis",
    "Fisher Exact",
)
_PARAMETERS: Final = (
    "Mean Difference (Final Values)",
    "Hazard Ratio (HR)",
    "Odds Ratio (OR)",
    "LS mean difference",
)

# (parameter, dispersion, has spread, has limits, share)
_KINDS: Final = (
    ("MEAN", "Standard Deviation", True, False, 37), ("COUNT_OF_PARTICIPANTS", "", False, False, 24),
    ("NUMBER", "", False, False, 15), ("LEAST_SQUARES_MEAN", "Standard Error", True, False, 8),
    ("MEDIAN", "Full Range", False, True, 6), ("MEDIAN", "95% Confidence Interval", False, True, 5),
    ("GEOMETRIC_MEAN", "Geometric Coefficient of Variation", True, False, 5),
)  # fmt: skip
_KIND_TABLE: Final = [kind for kind in _KINDS for _ in range(kind[4])]


def outcome_measures(draft: Draft, labels: list[str], texts: list[str], sizes: list[int]) -> list[Json]:
    """``outcomeMeasures``: the planned outcomes and others, some 12; one study in a hundred has very many."""
    r = draft.r
    count = 1 + int(22 * r() * r()) + int(12 * r())
    draw = r()
    huge = 0 if draw > 0.012 else 1 if draw > 0.0006 else 4
    count = count + 40 + int(120 * r() * r()) if huge else count
    extra = draft.run(draft.pools.measures, max(count - len(draft.planned_outcomes), 0))
    groups = group_list("OG", labels, texts)
    denominators = [{"units": "Participants", "counts": count_list("OG", sizes)}]
    found = []
    for kind, title in [*draft.planned_outcomes, *(("POST_HOC", title) for title in extra)]:
        parameter, dispersion, spread, limits, _ = draft.pick(_KIND_TABLE)
        outcome: Json = {"type": kind, "title": title}
        if r() < 0.94:
            outcome["description"] = draft.pick(draft.pools.paragraphs)
        if r() < 0.9:
            outcome["populationDescription"] = draft.pick(draft.pools.sentences)
        if r() < 0.02:
            outcome |= {"reportingStatus": "NOT_POSTED", "anticipatedPostingDate": "2028-03"}
            outcome |= {"timeFrame": draft.pick(draft.pools.time_frames), "groups": groups}
            found.append(outcome)
            continue
        outcome |= {"reportingStatus": "POSTED", "paramType": parameter}
        if dispersion:
            outcome["dispersionType"] = dispersion
        outcome["unitOfMeasure"] = "Participants" if parameter == "COUNT_OF_PARTICIPANTS" else draft.pick(UNITS)
        outcome["timeFrame"] = draft.pick(draft.pools.time_frames)
        outcome["groups"] = groups
        outcome["denoms"] = denominators
        outcome["classes"] = _classes(draft, sizes, parameter, denominators, spread=spread, limits=limits, huge=huge)
        if len(sizes) > 1 and r() < 0.24:
            outcome["analyses"] = [_analysis(draft) for _ in range(1 + int(3 * r() * r()))]
        found.append(outcome)
    return found


def _classes(
    draft: Draft,
    sizes: list[int],
    parameter: str,
    denominators: list[Json],
    *,
    spread: bool,
    limits: bool,
    huge: int,
) -> list[Json]:
    r, count = draft.r, len(sizes)
    number = 1 if r() < 0.6 else 2 + int(10 * r() * r())
    number += int(160 * huge * r() ** 3)
    if parameter == "COUNT_OF_PARTICIPANTS":
        return [
            {
                "title": f"Week {4 * i}",
                "categories": [{"measurements": count_list("OG", [int(size * r()) for size in sizes])}],
            }
            for i in range(number)
        ]
    classes: list[Json] = []
    for i in range(number):
        one: Json = {"title": f"Day {7 * i + 1}"} if number > 1 else {}
        if number > 1 and r() < 0.3:
            one["denoms"] = denominators
        one["categories"] = [{"measurements": measurement_list(draft, "OG", count, spread=spread, limits=limits)}]
        classes.append(one)
    return classes


def _analysis(draft: Draft) -> Json:
    r, values = draft.r, value_texts()
    return {
        "paramType": draft.pick(_PARAMETERS), "paramValue": values[int(r() * 4000)],
        "statisticalMethod": draft.pick(_METHODS),
        "pValue": f"{r() ** 3:.4f}" if r() < 0.8 else "<0.001", "ciNumSides": "TWO_SIDED",
        "ciPctValue": "95" if r() < 0.8 else "90",
        "ciLowerLimit": f"-{values[int(r() * 4000)]}", "ciUpperLimit": values[int(r() * 4000)],
        "groupDescription": draft.pick(draft.pools.sentences), "testedNonInferiority": False,
        "nonInferiorityType": "SUPERIORITY",
        "groupIds": GROUP_IDS["OG"][:2],
    }  # fmt: skip
