"""Results section of a synthetic study: participant flow, baseline, outcome measures, adverse events.

Belongs here: ``resultsSection``, whose numbers agree with the enrolment and with each other. Does not
belong here: the protocol it reports on.

Group counts: flow (FG), baseline (BG, one more for the total), outcomes (OG), adverse events (EG). Counts
are text in the first three and integers in the last, as the registry has them.
"""

from __future__ import annotations

from pipelines.sample import vocabulary_prose as prose
from pipelines.sample.draft import Draft, Json
from pipelines.sample.result_events import adverse_events
from pipelines.sample.result_outcomes import outcome_measures
from pipelines.sample.result_tables import (
    GROUP_IDS,
    MAX_GROUPS,
    UNITS,
    count_list,
    group_list,
    measurement_list,
)


def results_section(draft: Draft) -> Json:
    """``resultsSection`` of a study that has results."""
    total = draft.enrollment or 0
    labels = [arm["label"] for arm in draft.arms] or ["All participants"]
    labels = labels[: min(MAX_GROUPS, max(total, 1))]
    sizes = _split(draft, total, len(labels))
    texts = [" ".join(draft.run(draft.pools.arm_descriptions, 1 + int(4 * draft.r()))) for _ in labels]
    section: Json = {
        "participantFlowModule": _flow(draft, labels, texts, sizes),
        "baselineCharacteristicsModule": _baseline(draft, labels, texts, sizes),
        "outcomeMeasuresModule": {"outcomeMeasures": outcome_measures(draft, labels, texts, sizes)},
        "adverseEventsModule": adverse_events(draft, labels, texts, sizes),
        "moreInfoModule": _more(draft),
    }
    return section


def _split(draft: Draft, total: int, parts: int) -> list[int]:
    """`total` in `parts` nearly equal sizes; the sum is kept."""
    base = total // parts
    sizes = [base] * parts
    sizes[int(draft.r() * parts)] += total - base * parts
    return sizes


def _subjects(sizes: list[int]) -> list[Json]:
    return [{"groupId": number, "numSubjects": str(size)} for number, size in zip(GROUP_IDS["FG"], sizes, strict=False)]


def _flow(draft: Draft, labels: list[str], texts: list[str], sizes: list[int]) -> Json:
    r = draft.r
    lost = [int(size * 0.35 * r()) for size in sizes]
    period: Json = {
        "title": "Overall Study",
        "milestones": [
            {"type": "STARTED", "achievements": _subjects(sizes)},
            {
                "type": "COMPLETED",
                "achievements": _subjects([size - gone for size, gone in zip(sizes, lost, strict=True)]),
            },
            {"type": "NOT COMPLETED", "achievements": _subjects(lost)},
        ],
    }
    if any(lost):
        reasons = draft.run(list(prose.DROP_REASONS), 1 + int(4 * r()))
        left = lost
        drops = []
        for reason in reasons:
            gone = left if reason == reasons[-1] else [int(number * r()) for number in left]
            left = [number - part for number, part in zip(left, gone, strict=True)]
            drops.append({"type": reason, "reasons": _subjects(gone)})
        period["dropWithdraws"] = drops
    module: Json = {}
    if r() < 0.42:
        module["preAssignmentDetails"] = draft.pick(draft.pools.paragraphs)
    if r() < 0.32:
        module["recruitmentDetails"] = draft.pick(draft.pools.paragraphs)
    return module | {"groups": group_list("FG", labels, texts), "periods": [period]}


def _baseline(draft: Draft, labels: list[str], texts: list[str], sizes: list[int]) -> Json:
    with_total = [*sizes, sum(sizes)] if len(sizes) > 1 else sizes
    groups = group_list("BG", labels, texts)
    if len(sizes) > 1:
        groups.append(
            {
                "id": GROUP_IDS["BG"][len(sizes)],
                "title": "Total",
                "description": "Total of all reporting groups",
            }
        )
    return {
        "groups": groups,
        "denoms": [{"units": "Participants", "counts": count_list("BG", with_total)}],
        "measures": [
            _baseline_age(draft, len(with_total)),
            _baseline_sex(draft, with_total),
            *_baseline_more(draft, with_total),
        ],
    }


def _baseline_age(draft: Draft, count: int) -> Json:
    return {
        "title": "Age, Continuous", "paramType": "MEAN", "dispersionType": "STANDARD_DEVIATION",
        "unitOfMeasure": "years",
        "classes": [{"categories": [{"measurements": measurement_list(draft, "BG", count, spread=True,
        limits=False)}]}],
    }  # fmt: skip


def _baseline_sex(draft: Draft, sizes: list[int]) -> Json:
    women = [int(size * draft.r()) for size in sizes[:-1]]
    women.append(sum(women) if women else int(sizes[-1] * draft.r()))
    men = [size - part for size, part in zip(sizes, women, strict=True)]
    return {
        "title": "Sex: Female, Male", "paramType": "COUNT_OF_PARTICIPANTS", "unitOfMeasure": "Participants",
        "classes": [{"categories": [{"title": "Female", "measurements": count_list("BG", women)},
                                    {"title": "Male", "measurements": count_list("BG", men)}]}],
    }  # fmt: skip


def _baseline_more(draft: Draft, sizes: list[int]) -> list[Json]:
    r = draft.r
    found: list[Json] = []
    if r() < 0.6:
        found.append({
            "title": "Region of Enrollment", "paramType": "NUMBER", "unitOfMeasure": "participants",
            "classes": [{"title": country,
            "categories": [{"measurements": count_list("BG", sizes)}]} for country in ("United States",)],
        })  # fmt: skip
    for _ in range(int(6 * r() * r())):
        measure: Json = {"title": draft.pick(prose.MEASURES).capitalize()}
        if r() < 0.4:
            measure["description"] = draft.pick(draft.pools.outcome_descriptions)
        measure |= {
            "paramType": "MEAN",
            "dispersionType": "STANDARD_DEVIATION",
            "unitOfMeasure": draft.pick(UNITS),
        }
        measure["classes"] = [
            {"categories": [{"measurements": measurement_list(draft, "BG", len(sizes), spread=True, limits=False)}]}
        ]
        found.append(measure)
    return found


def _more(draft: Draft) -> Json:
    r = draft.r
    module: Json = {}
    if r() < 0.22:
        module["limitationsAndCaveats"] = {"description": draft.pick(draft.pools.sentences)}
    agreement: Json = {"piSponsorEmployee": r() < 0.2, "restrictiveAgreement": r() < 0.5}
    if agreement["restrictiveAgreement"]:
        agreement["restrictionType"] = draft.pick(("OTHER", "OTHER", "LTE60", "GT60"))
        agreement["otherDetails"] = draft.pick(draft.pools.paragraphs)[:490]
    module["certainAgreement"] = agreement
    module["pointOfContact"] = {
        "title": draft.investigator, "organization": draft.lead.name, "email": "results@example.org",
        "phone": "555-0100",
    }  # fmt: skip
    return module
