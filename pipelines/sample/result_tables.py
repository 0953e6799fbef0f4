"""Tables of numbers inside a results section: groups, denominators, measured values.

Belongs here: the parts that flow, baseline, outcomes and adverse events have in common. Does not belong here:
what is measured.
"""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Final

from pipelines.sample.draft import Draft, Json

MAX_GROUPS: Final = 20
GROUP_IDS: Final = {
    kind: [f"{kind}{number:03d}" for number in range(MAX_GROUPS + 1)] for kind in ("FG", "BG", "OG", "EG")
}
UNITS: Final = (
    "mmHg",
    "score on a scale",
    "mg/dL",
    "kg",
    "meters",
    "ng/mL",
    "percentage change",
    "months",
    "h*ng/mL",
)


@cache
def value_texts() -> list[str]:
    """Four thousand measured values as text, shared by all records."""
    rng = Random(77)  # noqa: S311 - synthetic data, nothing secret
    return [f"{rng.uniform(0.1, 150):.{rng.choice((0, 1, 1, 2, 3))}f}" for _ in range(4000)]


def group_list(kind: str, labels: list[str], texts: list[str]) -> list[Json]:
    """The groups of one kind (FG, BG, OG, EG), numbered from 000."""
    return [
        {"id": number, "title": label, "description": text}
        for number, label, text in zip(GROUP_IDS[kind], labels, texts, strict=False)
    ]


def count_list(kind: str, sizes: list[int]) -> list[Json]:
    """One count per group, as text."""
    return [{"groupId": number, "value": str(size)} for number, size in zip(GROUP_IDS[kind], sizes, strict=False)]


_CACHED_GROUPS: Final = 6
_CACHED_LISTS: Final = 300


def measurement_list(draft: Draft, kind: str, count: int, *, spread: bool, limits: bool) -> list[Json]:
    """One measured value per group, alone, with a spread or with limits."""
    if count <= _CACHED_GROUPS:
        return _ready_lists(kind, count, spread, limits)[int(draft.r() * _CACHED_LISTS)]
    return _measured(kind, count, int(draft.r() * (len(value_texts()) - 3 * count)), spread=spread, limits=limits)


@cache
def _ready_lists(kind: str, count: int, spread: bool, limits: bool) -> list[list[Json]]:
    """Lists of measurements for a usual number of groups, shared by all records: half of all JSON objects are such."""
    return [_measured(kind, count, 7 * number, spread=spread, limits=limits) for number in range(_CACHED_LISTS)]


def _measured(kind: str, count: int, start: int, *, spread: bool, limits: bool) -> list[Json]:
    texts = value_texts()
    found: list[Json] = [
        {"groupId": number, "value": value}
        for number, value in zip(GROUP_IDS[kind][:count], texts[start : start + count], strict=True)
    ]
    for each, other in zip(found, texts[start + count : start + 2 * count], strict=True):
        if spread:
            each["spread"] = other
        if limits:
            each["lowerLimit"], each["upperLimit"] = f"-{each['value']}", f"{each['value']}9"
    return found
