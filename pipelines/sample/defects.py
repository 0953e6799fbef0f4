"""Which records get which planted defects, and what a pipeline is expected to make of them.

Belongs here: the plan of a record (its defects follow from seed and number alone) and its entries in the sidecar. Does
not belong here: the ways to break a rule (defects_dates, defects_design, defects_content) or a file (raw_defects).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final, NamedTuple

import orjson

from pipelines.sample.defect_kit import Defect, Planted
from pipelines.sample.defects_content import CONTENT_DEFECTS
from pipelines.sample.defects_dates import DATE_DEFECTS
from pipelines.sample.defects_design import DESIGN_DEFECTS
from pipelines.sample.draft import Json

DEFECTS: Final[tuple[Defect, ...]] = DATE_DEFECTS + DESIGN_DEFECTS + CONTENT_DEFECTS

DEFECT_SHARE: Final = 1 / 12
_RAW_SHARE: Final = 0.14  # of the records with a defect, those that break the record itself
_SECOND_SHARE: Final = 0.12  # of the records with a broken rule, those with a second one

# Few studies can show these; a study that can is given one of them half of the times.
_RARE: Final = frozenset(
    {
        "cert_not_late", "disp_order", "verified_annual", "start_type_actual_past", "pcd_type_actual_past",
        "crossover_arms", "open_should_be_unknown", "not_yet_start_future", "withdrawn_zero", "open_cd_past",
        "pcd_est_past_overdue", "start_type_est_future", "recruiting_started",
    }
)  # fmt: skip


# Pages show neither the types of dates nor primary completion, verification, outcomes. Where labels are lost, dates are
# told by their order and limits of age by their size, so that no order can be wrong.
_ON_LABELLED_PAGE: Final = frozenset({"start_le_cd", "age_order", "withdrawn_zero", "month_end_suspect"})
_ON_BARE_PAGE: Final = frozenset({"withdrawn_zero"})
# JSON of the registry states how exact a date is, so that a month's last day is no reason for suspicion there.
_ON_PAGES_ONLY: Final = frozenset({"month_end_suspect"})


class Finding(NamedTuple):
    """A planted defect of one record.

    `expectation` is "violation" (record accepted, rule broken), "quarantine" (record refused with `reason_code`),
    "unchanged" (the record was there before) or "unknown_field" (accepted, the value kept beside the known fields).
    """

    rule: str
    path: str
    value: Any
    expectation: str = "violation"
    reason_code: str | None = None


def defect_random(seed: int, index: int) -> Callable[[], float]:
    """The record's random numbers for defects, independent of those its study was drawn with."""
    return Random(((seed << 40) ^ index) + (1 << 100)).random  # noqa: S311 - synthetic data, nothing secret


def has_defect(seed: int, index: int) -> bool:
    """Whether a record gets a defect; decided without a random generator, because it is asked for every record."""
    mixed = ((index + seed * 1_000_003) * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    return (mixed >> 32) < DEFECT_SHARE * 0x100000000


def draws_defect(r: Callable[[], float]) -> bool:
    """Whether the defect of a record is one of the record as a whole; the first number drawn from `r`."""
    return r() < _RAW_SHARE


def plant_on_page(study: Json, r: Callable[[], float], *, labelled: bool) -> list[Finding]:
    """Break one rule that registry page text can show, with or without its labels; empty where none fits."""
    shown = _ON_LABELLED_PAGE if labelled else _ON_BARE_PAGE
    keyed = sorted((r(), number) for number, defect in enumerate(DEFECTS) if defect.rule in shown)
    for _, number in keyed:
        planted = DEFECTS[number].mutate(study, r)
        if planted is not None:
            return [Finding(DEFECTS[number].rule, planted.path, planted.value)]
    return []


def plant(study: Json, r: Callable[[], float], *, second: bool = True) -> list[Finding]:
    """Break one rule of a study in place, sometimes two; returns what was broken (empty where nothing fitted)."""
    first = _plant_one(study, r, excluded=frozenset())
    if first is None:
        return []
    defect, planted = first
    found = [Finding(defect.rule, planted.path, planted.value)]
    if second and defect.area != "solo" and r() < _SECOND_SHARE:
        more = _plant_one(
            study, r, excluded=frozenset({defect.area, "solo"}) | _DEPENDENT.get(defect.area, frozenset())
        )
        if more is not None:
            found.append(Finding(more[0].rule, more[1].path, more[1].value))
    return found


# Areas that read what another area writes: a second defect there could undo the first.
_DEPENDENT: Final[dict[str, frozenset[str]]] = {
    "status": frozenset({"design", "sites", "results"}),
    "design": frozenset({"status", "arms", "results", "outcomes"}),
    "arms": frozenset({"design", "results"}),
    "results": frozenset({"status", "design", "arms"}),
    "sites": frozenset({"status", "people"}),
    "people": frozenset({"sites"}),
    "ids": frozenset({"titles"}),
    "titles": frozenset({"ids"}),
    "outcomes": frozenset({"design"}),
}


def _plant_one(study: Json, r: Callable[[], float], excluded: frozenset[str]) -> tuple[Defect, Planted] | None:
    """The first defect that fits, in a random order; rare ones first, half of the times."""
    rare_first = r() < 0.5
    keyed = [(rare_first and defect.rule not in _RARE, r(), number) for number, defect in enumerate(DEFECTS)]
    order = [DEFECTS[number] for _, _, number in sorted(keyed)]
    for defect in order:
        if defect.area not in excluded and defect.rule not in _ON_PAGES_ONLY:
            planted = defect.mutate(study, r)
            if planted is not None:
                return defect, planted
    return None


def own_copy(study: Json) -> Json:
    """A copy that shares nothing with the pools."""
    return orjson.loads(orjson.dumps(study))  # type: ignore[no-any-return]
