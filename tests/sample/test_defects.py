"""Planted defects: each breaks the rule it names, in a study that kept it, and the sidecar's place is right."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import cache
from typing import Any

import orjson
import pytest

from expectations import LEFT_OUT, load_rules
from pipelines.sample import make_study
from pipelines.sample.defect_kit import Defect
from pipelines.sample.defects import (
    DEFECT_SHARE,
    DEFECTS,
    defect_random,
    has_defect,
    plant,
    plant_on_page,
)
from pipelines.sample.records import json_record

from .checks_by_hand import CHECKS

TODAY = date(2026, 11, 21)
LATER = date(2027, 10, 31)
_TRIED = 6000
Study = dict[str, Any]


@cache
def _study_bytes(index: int) -> bytes:
    return orjson.dumps(make_study(5, index))


def _planted(defect: Defect, wanted: int) -> list[tuple[Study, Study, Any]]:
    """(clean study, broken study, place) for the first studies that the defect fits."""
    found = []
    for index in range(_TRIED):
        study = orjson.loads(_study_bytes(index))
        planted = defect.mutate(study, defect_random(5, index))
        if planted is not None:
            found.append((orjson.loads(_study_bytes(index)), study, planted))
            if len(found) == wanted:
                break
    return found


def _names(defect: Defect) -> str:
    return f"{defect.rule}-{defect.mutate.__name__.strip('_')}"


@pytest.mark.parametrize("defect", DEFECTS, ids=_names)
def test_a_defect_breaks_the_rule_it_names(defect: Defect) -> None:
    found = _planted(defect, wanted=8)
    assert found, f"no study of {_TRIED} fits"
    for clean, broken, _ in found:
        assert CHECKS[defect.rule](clean, TODAY) is not False
        assert CHECKS[defect.rule](broken, TODAY) is False
        assert CHECKS[defect.rule](broken, LATER) is False


def _at(study: Study, path: str) -> Any:
    """The value at a sidecar path; KeyError or IndexError where there is none."""
    value: Any = study
    for name, position in re.findall(r"(\w+)|\[(\d+)\]", path):
        value = value[name] if name else value[int(position)]
    return value


@pytest.mark.parametrize("defect", DEFECTS, ids=_names)
def test_the_place_named_is_where_the_study_changed(defect: Defect) -> None:
    for clean, broken, planted in _planted(defect, wanted=3):
        if planted.value is None:
            with pytest.raises((KeyError, IndexError)):
                _at(broken, planted.path)
            assert _at(clean, planted.path) is not None
            continue
        now = _at(broken, planted.path)
        if isinstance(now, str) and now != planted.value:
            assert (
                planted.value in now
                or planted.value == f"{len(now)} characters"
                or " part" in planted.value
                or "., " in planted.value
            )
        elif isinstance(now, list) and now != planted.value:
            assert planted.value in [each["label"] for each in now]
        else:
            assert now == planted.value
        assert clean != broken


@pytest.mark.parametrize("defect", DEFECTS, ids=_names)
def test_where_a_defect_does_not_fit_nothing_changes(defect: Defect) -> None:
    for index in range(60):
        study = orjson.loads(_study_bytes(index))
        if defect.mutate(study, defect_random(5, index)) is None:
            assert orjson.dumps(study) == _study_bytes(index)


def test_the_rules_have_the_names_of_the_catalogue() -> None:
    known = {rule.name for rule in load_rules()} | set(LEFT_OUT)
    assert {defect.rule for defect in DEFECTS} <= known


def test_the_sidecar_promises_no_violation_of_a_rule_that_is_left_out() -> None:
    """It did for geo_in_country and results_due_not_overdue, which nothing seeks: they counted as missed."""
    assert {defect.rule for defect in DEFECTS if not defect.judged} == {d.rule for d in DEFECTS} & set(LEFT_OUT)
    expected = {
        finding.expectation
        for index in range(1500)
        for finding in plant(orjson.loads(_study_bytes(index)), defect_random(5, index))
        if finding.rule in LEFT_OUT
    }
    assert expected == {"no_rule"}


def test_every_finding_of_a_record_with_two_holds() -> None:
    several = 0
    for index in range(1500):
        study = orjson.loads(_study_bytes(index))
        findings = plant(study, defect_random(5, index))
        assert findings
        several += len(findings) > 1
        assert len(findings) <= 3
        assert len({finding.rule for finding in findings}) == len(findings)
        for finding in findings:
            assert CHECKS[finding.rule](study, TODAY) is False, (index, findings)
    assert 0.2 < several / 1500 < 0.4


def test_about_one_record_in_twelve_gets_a_defect() -> None:
    for seed in (0, 1, 7, 123_456_789):
        share = sum(has_defect(seed, index) for index in range(24_000)) / 24_000
        assert abs(share - DEFECT_SHARE) < 0.01


def test_all_rules_come_up_in_a_large_sample() -> None:
    planted = {
        finding.rule
        for index in range(_TRIED)
        for finding in plant(orjson.loads(_study_bytes(index)), defect_random(5, index))
    }
    assert planted == {defect.rule for defect in DEFECTS} - {"month_end_suspect", "nct_missing"}  # on page text only


@pytest.mark.slow
def test_each_defect_has_its_turn_several_times() -> None:
    """Defects were once spread like the days of registration: all fell into the same two years."""
    planted: Counter[str] = Counter()
    registered = set()
    for index in filter(lambda index: has_defect(7, index), range(12000)):
        record = json_record(7, index, "2026-11-01", defects=True, may_cut=True, may_repeat=False)
        planted.update(finding.rule for finding in record.findings if finding.expectation == "violation")
        registered.add(record.nct_id[:5])
    on_pages = {"month_end_suspect", "nct_missing"}
    rules = {defect.rule for defect in DEFECTS} - on_pages - set(LEFT_OUT)
    assert {rule: planted[rule] for rule in rules if planted[rule] < 3} == {}
    assert len(registered) >= 8, "defects fall into all years of registration"


@pytest.mark.parametrize(("labelled", "least"), [(True, 150), (False, 5)], ids=["labelled", "bare"])
def test_pages_get_defects_that_they_can_show(labelled: bool, least: int) -> None:
    planted = 0
    for index in range(400):
        study = orjson.loads(_study_bytes(index))
        for finding in plant_on_page(study, defect_random(5, index), labelled=labelled):
            planted += 1
            assert CHECKS[finding.rule](study, TODAY) is False
    assert planted > least
