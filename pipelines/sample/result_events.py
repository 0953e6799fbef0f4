"""Adverse events of a synthetic study with results.

Belongs here: ``adverseEventsModule``. Does not belong here: the words for events (vocabulary).
"""

from __future__ import annotations

from typing import Final

from pipelines.sample import vocabulary_terms as terms
from pipelines.sample.draft import Draft, Json
from pipelines.sample.result_tables import GROUP_IDS, group_list

_EVENTS: Final = [
    (term + suffix, system)
    for suffix in ("", " aggravated", " (intermittent)", " (first episode)")
    for system, found in terms.ADVERSE_EVENTS.items()
    for term in found
]


def adverse_events(draft: Draft, labels: list[str], texts: list[str], sizes: list[int]) -> Json:
    r = draft.r
    other = _event_rows(draft, sizes, 3 + int(150 * r() ** 3)) if r() < 0.87 else []
    serious = _event_rows(draft, sizes, 1 + int(90 * r() ** 3)) if r() < 0.69 else []
    groups = []
    for number, group in enumerate(group_list("EG", labels, texts)):
        size = sizes[number]
        group["deathsNumAffected"] = int(size * 0.03 * r())
        group["deathsNumAtRisk"] = size
        for name, rows in (("serious", serious), ("other", other)):
            worst = max((row["stats"][number]["numAffected"] for row in rows), default=0)
            group[f"{name}NumAffected"] = worst + int((size - worst) * 0.3 * r())
            group[f"{name}NumAtRisk"] = size
        groups.append(group)
    module: Json = {
        "frequencyThreshold": draft.pick(("0", "5", "5", "5", "2")),
        "timeFrame": draft.pick(draft.pools.time_frames),
        "eventGroups": groups,
    }  # fmt: skip
    if r() < 0.45:
        module["description"] = draft.pick(draft.pools.sentences)
    if serious:
        module["seriousEvents"] = serious
    if other:
        module["otherEvents"] = other
    return module


def _event_rows(draft: Draft, sizes: list[int], count: int) -> list[Json]:
    r = draft.r
    vocabulary, assessment = (
        draft.pick(("MedDRA 26.0", "MedDRA (Unspecified)", "CTCAE (5.0)", "")),
        "SYSTEMATIC_ASSESSMENT",
    )
    if r() < 0.22:
        assessment = "NON_SYSTEMATIC_ASSESSMENT"
    rows = []
    for term, system in draft.run(_EVENTS, count):
        row: Json = {"term": term, "organSystem": system}
        if vocabulary:
            row["sourceVocabulary"] = vocabulary
        row["assessmentType"] = assessment
        stats = []
        for number, size in zip(GROUP_IDS["EG"], sizes, strict=False):
            affected = int(size * 0.2 * r() * r())
            stats.append(
                {
                    "groupId": number,
                    "numEvents": affected + int(affected * r()),
                    "numAffected": affected,
                    "numAtRisk": size,
                }
            )
        row["stats"] = stats
        rows.append(row)
    return rows
