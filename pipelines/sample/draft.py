"""What the parts of one synthetic study have to agree on: drawn first, read by every section.

Belongs here: the shared facts of a study (ids, type, timeline, conditions, sponsor, regulation). Does not
belong here: the JSON of any section.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from pipelines.sample import vocabulary_terms as terms
from pipelines.sample.calendar_dates import next_working_day, ordinal
from pipelines.sample.pools import Organisation, Pools, pools
from pipelines.sample.timeline import ENDED, Timeline, draw_timeline, registration_day
from pipelines.sample.weights import Weights

Json = dict[str, Any]
Draw = Callable[[], float]

DEFAULT_SNAPSHOT: Final = "2026-11-01"

# Numbers above any the registry has given out, so that no synthetic record carries the id of a real trial
# (2026-11).
_FIRST_NUMBER: Final = 90_000_000
_NUMBERS: Final = 7_999_993  # prime: index * _STEP + offset visits every number once
_STEP: Final = 4_944_271  # about 0.618 * _NUMBERS: neighbouring indexes fall on distant years
EXPANDED_ACCESS_EVERY: Final = 500
_EXPANDED_ACCESS_AT: Final = 61

_FDAAA: Final = ordinal("2017-01-18")
_RESULTS_SHARE: Final = 0.295  # of ended interventional studies old enough; gives 13 % of all records
_REGULATED_TYPES: Final = frozenset({"DRUG", "BIOLOGICAL", "DEVICE", "COMBINATION_PRODUCT", "GENETIC", "RADIATION"})


@dataclass(slots=True)
class Draft:
    """One study in the making. `r` gives the study's own random numbers in [0, 1)."""

    r: Draw
    pools: Pools
    seed: int
    index: int
    nct_id: str
    study_type: str
    snapshot_day: int
    timeline: Timeline
    conditions: list[tuple[str, str, str, str]]
    intervention_type: str
    phases: list[str]
    lead: Organisation
    investigator: str  # leading person, without degrees
    has_results: bool = False
    results_submit_day: int = 0
    results_qc_day: int = 0
    results_post_day: int = 0
    certificate_day: int = 0
    fda_flags: tuple[bool, bool] | None = None  # (drug, device); None where the record predates them
    enrollment: int | None = None
    enrollment_type: str = ""
    arms: list[Json] = field(default_factory=list)
    interventions: list[Json] = field(default_factory=list)
    planned_outcomes: list[tuple[str, str]] = field(default_factory=list)  # (type as results name it, measure)
    main_name: str = ""
    mesh: tuple[str, str] = ("", "")  # heading, id of the main intervention
    is_open: bool = False

    def pick(self, choices: Any) -> Any:
        """One element of a list or tuple."""
        return choices[int(self.r() * len(choices))]

    def run(self, choices: list[Any], length: int) -> list[Any]:
        """`length` neighbouring elements, without repeats, from a random place of a long shuffled list."""
        start = int(self.r() * (len(choices) - length))
        return choices[start : start + length]


def is_expanded_access(index: int) -> bool:
    """Whether record number `index` is an expanded-access record (0.2 % are, as in the registry)."""
    return index % EXPANDED_ACCESS_EVERY == _EXPANDED_ACCESS_AT


def registry_number(seed: int, index: int) -> int:
    """Place of a record in the registry's numbering, 0 ≤ n < 7,999,993; unique per index for one seed."""
    return (index * _STEP + (seed * 2_654_435_761) % _NUMBERS) % _NUMBERS


def nct_id_of(seed: int, index: int) -> str:
    """The synthetic record's own id. Ids grow with the day of registration."""
    return f"NCT{_FIRST_NUMBER + registry_number(seed, index)}"


def expanded_access_partner(seed: int, index: int) -> str:
    """Id of the expanded-access record that goes with a study of the same block of 500."""
    block = index // EXPANDED_ACCESS_EVERY
    return nct_id_of(seed, block * EXPANDED_ACCESS_EVERY + _EXPANDED_ACCESS_AT)


def start_draft(seed: int, index: int, snapshot: str = DEFAULT_SNAPSHOT, variant: int = 0) -> Draft:
    """The shared facts of study number `index`; they depend on nothing but the arguments.

    A `variant` has the same id and is another study: for a defect that the first does not fit.
    """
    r = Random((seed << 40) ^ index ^ (variant << 110)).random  # noqa: S311 - synthetic data, nothing secret
    pool = pools()
    snapshot_day = ordinal(snapshot)
    number = registry_number(seed, index)
    first_submit = registration_day(number / _NUMBERS, snapshot_day)
    expanded = is_expanded_access(index)
    timeline = draw_timeline(r, first_submit, snapshot_day, expanded_access=expanded)
    study_type = "EXPANDED_ACCESS" if expanded else "OBSERVATIONAL" if r() < 0.235 else "INTERVENTIONAL"
    if timeline.status == "WITHHELD":
        study_type = "INTERVENTIONAL"
    kind = "DEVICE" if timeline.status == "WITHHELD" else _intervention_type(r, study_type)
    industry = kind in ("DRUG", "BIOLOGICAL", "COMBINATION_PRODUCT") and r() < 0.42
    organisations = pool.companies if industry else pool.organisations
    draft = Draft(
        r=r,
        pools=pool,
        seed=seed,
        index=index,
        nct_id=f"NCT{_FIRST_NUMBER + number}",
        study_type=study_type,
        snapshot_day=snapshot_day,
        timeline=timeline,
        conditions=_conditions(r),
        intervention_type=kind,
        phases=_phases(r, study_type, kind),
        lead=organisations[int(r() * len(organisations))],
        investigator=pool.plain_people[int(r() * len(pool.plain_people))],
    )
    draft.is_open = timeline.status in (
        "RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "SUSPENDED", "AVAILABLE",
        "TEMPORARILY_NOT_AVAILABLE",
    )  # fmt: skip
    _regulate(draft)
    return draft


_INTERVENTIONAL_TYPES: Final = Weights(terms.INTERVENTION_TYPES)
_OBSERVED_TYPES: Final = Weights(
    {
        "OTHER": 40,
        "DRUG": 22,
        "PROCEDURE": 11,
        "DEVICE": 10,
        "DIAGNOSTIC_TEST": 9,
        "BEHAVIORAL": 4,
        "BIOLOGICAL": 3,
        "GENETIC": 1,
    }
)


def _intervention_type(r: Draw, study_type: str) -> str:
    if study_type == "EXPANDED_ACCESS":
        return "DRUG" if r() < 0.75 else "BIOLOGICAL"
    return _OBSERVED_TYPES(r()) if study_type == "OBSERVATIONAL" else _INTERVENTIONAL_TYPES(r())


def _conditions(r: Draw) -> list[tuple[str, str, str, str]]:
    first = int(r() * len(terms.CONDITIONS))
    draw = r()
    count = 1 if draw < 0.62 else 2 if draw < 0.85 else 3 if draw < 0.95 else 4 + int(r() * 6)
    return [terms.CONDITIONS[(first + number * 7) % len(terms.CONDITIONS)] for number in range(count)]


_DRUG_PHASES: Final = Weights(
    {
        "PHASE1": 19,
        "PHASE2": 27,
        "PHASE3": 20,
        "PHASE4": 16,
        "PHASE1 PHASE2": 6,
        "PHASE2 PHASE3": 3,
        "EARLY_PHASE1": 2.5,
        "NA": 6.5,
    }
)


def _phases(r: Draw, study_type: str, kind: str) -> list[str]:
    if study_type != "INTERVENTIONAL":
        return []
    if kind in ("DRUG", "BIOLOGICAL", "COMBINATION_PRODUCT", "GENETIC") or r() < 0.05:
        return _DRUG_PHASES(r()).split()
    return ["NA"]


def _regulate(draft: Draft) -> None:
    """Results, certificate of delay and FDA flags, so that no study is overdue under FDAAA.

    A study that the law covers and whose primary completion has passed either reported within a year or
    certified a delay that still runs a year after the snapshot; the others say that no FDA-regulated
    product is studied.
    """
    r, t, today = draft.r, draft.timeline, draft.snapshot_day
    if draft.study_type == "EXPANDED_ACCESS":
        return
    interventional = draft.study_type == "INTERVENTIONAL"
    covered_type = interventional and draft.intervention_type in _REGULATED_TYPES
    passed = bool(t.completion_day) and min(t.primary_completion_day, t.completion_day) <= today
    age = today - t.primary_completion_day
    draft.has_results = (
        t.status in ENDED and age > 520 and t.primary_completion_day > ordinal("2004-06-01")
    ) and r() < (_RESULTS_SHARE * 1.12 if interventional else 0.02)
    regulated = covered_type and r() < 0.5
    if draft.has_results:
        longest = 350 if regulated else min(1500, age - 110)
        _report(draft, t.primary_completion_day + 60 + int((longest - 60) * r()))
    elif regulated and passed and not set(draft.phases) <= {"PHASE1", "EARLY_PHASE1"} and t.status != "WITHDRAWN":
        regulated = t.status in ENDED and 150 < age < 640 and r() < 0.7
        if regulated:
            draft.certificate_day = t.primary_completion_day + 30 + int(min(310, age - 60) * r())
            t.last_submit_day = max(t.last_submit_day, min(draft.certificate_day, today - 8))
    if t.first_submit_day > _FDAAA - 200 or t.completion_day >= _FDAAA - 31:
        device = draft.intervention_type == "DEVICE"
        draft.fda_flags = (regulated and not device, regulated and device)
    if t.status == "WITHHELD":
        draft.fda_flags = (False, True)


def _report(draft: Draft, submit_day: int) -> None:
    r, t = draft.r, draft.timeline
    draft.results_submit_day = submit_day
    draft.results_qc_day = submit_day + int(20 * r())
    draft.results_post_day = next_working_day(draft.results_qc_day + 2 + int(r() * 7))
    t.last_submit_day = max(t.last_submit_day, draft.results_qc_day)
