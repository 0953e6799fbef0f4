"""Which records get which planted defects, and what a pipeline is expected to make of them.

Belongs here: the plan of a record (its defects follow from seed and number alone) and its entries in the sidecar. Does
not belong here: the ways to break a rule (the other modules defects_*) or a record as a whole (records).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final, NamedTuple

import orjson

from pipelines.sample.defect_kit import STATUS, Defect, Planted, module, relative
from pipelines.sample.defects_arms import ARM_DEFECTS
from pipelines.sample.defects_content import CONTENT_DEFECTS
from pipelines.sample.defects_dates import DATE_DEFECTS
from pipelines.sample.defects_design import DESIGN_DEFECTS
from pipelines.sample.defects_forms import FORM_DEFECTS
from pipelines.sample.defects_postings import POSTING_DEFECTS
from pipelines.sample.draft import Json

DEFECTS: Final[tuple[Defect, ...]] = (
    DATE_DEFECTS + POSTING_DEFECTS + DESIGN_DEFECTS + ARM_DEFECTS + CONTENT_DEFECTS + FORM_DEFECTS
)

DEFECT_SHARE: Final = 1 / 12
_RAW_SHARE: Final = 0.14  # of the records with a defect, those that break the record itself
_MORE_SHARE: Final = 0.3  # of the records with a broken rule, those with one more; of these as many with a third
_MOST: Final = 3
_VARIANTS: Final = 24  # studies tried for a defect; the rarest fits one in a hundred, most fit one in two

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
_ON_BARE_PAGE: Final = frozenset({"withdrawn_zero", "nct_missing"})
# JSON of the registry states how exact a date is, so that a month's last day is no reason for suspicion there; and
# without any number it is refused.
_ON_PAGES_ONLY: Final = frozenset({"month_end_suspect", "nct_missing"})
# What depends on the day of registration, which belongs to the record's number, fits few records whatever the variant.
_OF_RECENT: Final = tuple(d for d in DEFECTS if d.rule in ("not_yet_start_future", "verified_annual"))
_OF_OLDER: Final = tuple(d for d in DEFECTS if d.rule in ("cert_not_late", "disp_order"))
_RECENT_DAYS, _OLDER_DAYS = 700, 2200
_SEASON_SHARE: Final = 0.45
_IN_JSON: Final = tuple(defect for defect in DEFECTS if defect.rule not in _ON_PAGES_ONLY)


class Finding(NamedTuple):
    """A planted defect of one record.

    `expectation` is "violation" (record accepted, rule broken), "quarantine" (record refused with `reason_code`),
    "unchanged" (the record was there before), "unknown_field" (accepted, the value kept beside the known fields) or
    "no_rule" (accepted; the catalogue leaves the rule out, so that nothing says a word).
    `rows`: how many rows of the record break the rule. `also`: other rules that the same change breaks or may break.
    """

    rule: str
    path: str
    value: Any
    expectation: str = "violation"
    reason_code: str | None = None
    rows: int = 1
    also: tuple[str, ...] = ()


def defect_random(seed: int, index: int) -> Callable[[], float]:
    """The record's random numbers for defects, independent of those its study was drawn with."""
    return Random(((seed << 40) ^ index) + (1 << 100)).random  # noqa: S311 - synthetic data, nothing secret


def has_defect(seed: int, index: int) -> bool:
    """Whether a record gets a defect; decided without a random generator, because it is asked for every record."""
    return _place(seed, index) < 1


def _place(seed: int, index: int) -> float:
    """Evenly spread over the records: below 1 for those with a defect, and evenly spread from 0 to 1 among these."""
    # Multiples of the square root of 2, not of the golden ratio: days of registration follow that one (draft.py), and
    # every defect would fall into the same two years.
    mixed = ((index + seed * 1_000_003) * 0x6A09E667F3BCC909) & 0xFFFFFFFFFFFFFFFF
    return (mixed >> 32) / (DEFECT_SHARE * 0x100000000)


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
            return [_finding(DEFECTS[number], planted)]
    return []


def plant_in_turn(
    seed: int, index: int, make: Callable[[int], Json], r: Callable[[], float]
) -> tuple[Json, list[Finding]]:
    """A study with the defect whose turn it is, and sometimes one or two more; what was broken.

    Each defect comes up equally often, but for those that few days of registration allow, which are tried in between.
    `make` gives a study of the record by variant, free to be changed; variants are
    tried until the defect fits one.
    """
    in_turn = _IN_JSON[min(int(_place(seed, index) * len(_IN_JSON)), len(_IN_JSON) - 1)]
    first = make(0)
    submitted = str(module(first, STATUS)["studyFirstSubmitDate"])
    season = () if submitted < relative(first, -_OLDER_DAYS) else _OF_OLDER
    season = _OF_RECENT if submitted > relative(first, -_RECENT_DAYS) else season
    first_tried = [season[int(len(season) * r())]] if season and r() < _SEASON_SHARE else []
    for wanted in (*first_tried, in_turn):
        for variant in range(_VARIANTS):
            study = make(variant) if variant else own_copy(first)
            planted = wanted.mutate(study, r)
            if planted is not None:
                return study, [_finding(wanted, planted), *_plant_more(study, r, wanted)]
    study = make(0)
    return study, plant(study, r)


def plant(study: Json, r: Callable[[], float]) -> list[Finding]:
    """Break some rule of a study in place, sometimes more; returns what was broken (empty where nothing fitted)."""
    first = _plant_one(study, r, excluded=frozenset())
    if first is None:
        return []
    return [_finding(*first), *_plant_more(study, r, first[0])]


def _plant_more(study: Json, r: Callable[[], float], first: Defect) -> list[Finding]:
    excluded = frozenset({first.area, "solo"}) | _DEPENDENT.get(first.area, frozenset())
    found: list[Finding] = []
    while first.area != "solo" and len(found) + 1 < _MOST and r() < _MORE_SHARE:
        more = _plant_one(study, r, excluded)
        if more is None:
            break
        found.append(_finding(*more))
        excluded |= {more[0].area} | _DEPENDENT.get(more[0].area, frozenset())
    return found


def _finding(defect: Defect, planted: Planted) -> Finding:
    expectation = "violation" if defect.judged else "no_rule"
    return Finding(defect.rule, planted.path, planted.value, expectation, rows=defect.rows, also=defect.also)


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
