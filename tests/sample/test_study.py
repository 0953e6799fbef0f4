"""Clean synthetic studies: deterministic, consistent with every single-record rule, spread as the registry is."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from datetime import date
from itertools import pairwise
from typing import Any

import orjson
import pytest

from pipelines.sample import make_study
from pipelines.sample.draft import nct_id_of
from pipelines.study.shape import load_shape

from .checks_by_hand import CHECKS, dated, interval, module, status, study_type

SEED = 7
MANY = 1600
Study = dict[str, Any]


@pytest.fixture(scope="module")
def studies() -> list[Study]:
    return [make_study(SEED, index) for index in range(MANY)]


def _digest(seed: int, count: int) -> str:
    return hashlib.sha256(b"".join(orjson.dumps(make_study(seed, index)) for index in range(count))).hexdigest()


def test_same_seed_and_index_give_the_same_study_in_another_process() -> None:
    code = (
        "import hashlib, orjson; from pipelines.sample import make_study;"
        "print(hashlib.sha256(b''.join(orjson.dumps(make_study(11, i)) for i in range(40))).hexdigest())"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "99"}
    )
    assert found.stdout.strip() == _digest(11, 40)


def test_a_study_does_not_depend_on_those_made_before() -> None:
    alone = make_study(SEED, 17)
    for index in range(17):
        make_study(SEED, index)
    assert make_study(SEED, 17) == alone


def test_changing_a_study_leaves_the_next_ones_alone() -> None:
    before = orjson.dumps(make_study(SEED, 30))
    study = make_study(SEED, 30)
    for site in module(study, "contactsLocations").get("locations", []):
        site.clear()
    study["protocolSection"].clear()
    assert orjson.dumps(make_study(SEED, 30)) == before


def test_seeds_differ() -> None:
    assert make_study(1, 5) != make_study(2, 5)


@pytest.mark.parametrize(("seed", "index"), [(-1, 0), (0, -1)])
def test_negative_arguments_are_refused(seed: int, index: int) -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        make_study(seed, index)


def test_ids_are_unique_and_grow_with_registration() -> None:
    ids = [nct_id_of(3, index) for index in range(30_000)]
    assert len(set(ids)) == len(ids)
    by_id = sorted(
        (make_study(3, index) for index in range(300)), key=lambda each: module(each, "identification")["nctId"]
    )
    submitted = [module(each, "status")["studyFirstSubmitDate"] for each in by_id]
    assert all(first <= second for first, second in pairwise(submitted))


# The catalogue's yearly check looks at the day it runs, so the records can keep it for half a year only.
_DAYS = [date(2026, 11, 1), date(2026, 11, 21), date(2027, 4, 30), date(2027, 11, 1)]


@pytest.mark.parametrize("rule", CHECKS)
def test_clean_studies_keep_the_rule(rule: str, studies: list[Study]) -> None:
    days = _DAYS[:3] if rule == "verified_annual" else _DAYS
    broken = [
        (module(study, "identification")["nctId"], day)
        for study in studies
        for day in days
        if CHECKS[rule](study, day) is False
    ]
    assert not broken, f"{len(broken)} broken, first {broken[0]}"


@pytest.mark.parametrize("rule", CHECKS)
def test_the_rule_is_put_to_use(rule: str, studies: list[Study]) -> None:
    """A check that can never tell would prove nothing."""
    assert any(CHECKS[rule](study, _DAYS[0]) is True for study in studies)


def _share(studies: list[Study], holds: Any) -> float:
    return sum(bool(holds(study)) for study in studies) / len(studies)


# Shares of the whole registry (597,913 records, 2026-08), with tolerance
@pytest.mark.parametrize(
    ("name", "share", "tolerance"),
    [
        ("INTERVENTIONAL", 0.763, 0.03),
        ("OBSERVATIONAL", 0.234, 0.03),
        ("COMPLETED", 0.546, 0.04),
        ("UNKNOWN", 0.16, 0.03),
        ("RECRUITING", 0.108, 0.03),
        ("TERMINATED", 0.057, 0.02),
    ],
)
def test_types_and_statuses_are_spread_as_in_the_registry(
    name: str, share: float, tolerance: float, studies: list[Study]
) -> None:
    found = _share(studies, lambda study: name in (study_type(study), status(study)))
    assert abs(found - share) <= tolerance


def test_results_are_on_an_eighth_of_the_records(studies: list[Study]) -> None:
    assert 0.11 <= _share(studies, lambda study: study["hasResults"]) <= 0.16


def test_every_status_and_type_turns_up() -> None:
    wanted = 14
    seen = set()
    for index in range(20_000):
        if index % 500 == 61 or index < 3000:
            seen.add(status(make_study(SEED, index)))
        if len(seen) == wanted:
            break
    assert len(seen) == wanted, sorted(seen)


def test_sizes_are_those_of_the_registry(studies: list[Study]) -> None:
    sizes = sorted(len(orjson.dumps(study)) for study in studies)
    mean = sum(sizes) / len(sizes)
    assert 14_000 <= mean <= 20_000  # the bulk download's mean is 17.3 kB
    assert sizes[len(sizes) // 2] < mean / 1.5  # a long tail
    assert sizes[-1] > 400_000


def test_old_dates_are_mostly_months_and_new_ones_days(studies: list[Study]) -> None:
    old, new = Counter[int](), Counter[int]()
    for study in studies:
        text = dated(study, "start")
        if text is not None:
            (old if module(study, "status")["studyFirstSubmitDate"] < "2016" else new)[len(text)] += 1
    assert old[7] / old.total() > 0.7
    assert new[10] / new.total() > 0.8
    assert old[4] > 0


def test_scripts_marks_and_markup_turn_up(studies: list[Study]) -> None:
    text = orjson.dumps(studies[:600]).decode()
    for wanted in (
        "≥",
        "ü",
        "中" if "中" in text else "研究",
        "الج",
        "e\u0301",
        "\\\\<",
        "\\\\[",
        "* ",
        "2. ",
        "1\\\\. ",
    ):
        assert wanted in text, wanted


def test_every_field_is_one_the_study_shape_knows(studies: list[Study]) -> None:
    def unknown(value: Any, node: Any, path: str) -> set[str]:
        if isinstance(value, list):
            assert node.is_list, path
            return (
                set().union(*(unknown_item(item, node, f"{path}[]") for item in value))
                if value
                else {f"{path} is empty"}
            )
        return unknown_item(value, node, path)

    def unknown_item(value: Any, node: Any, path: str) -> set[str]:
        if not isinstance(value, dict):
            return set() if node.leaf_type is not None else {f"{path} is a leaf"}
        if not value:
            return {f"{path} is empty"}
        found: set[str] = set()
        for name, inner in value.items():
            child = node.child(name)
            found |= {f"{path}.{name}"} if child is None else unknown(inner, child, f"{path}.{name}")
        return found

    assert set().union(*(unknown_item(study, load_shape(), "") for study in studies)) == set()


def test_results_add_up(studies: list[Study]) -> None:
    for study in studies:
        if not study["hasResults"]:
            continue
        results = study["resultsSection"]
        milestones = {each["type"]: each for each in results["participantFlowModule"]["periods"][0]["milestones"]}
        started, completed, lost = (
            [int(each["numSubjects"]) for each in milestones[name]["achievements"]]
            for name in ("STARTED", "COMPLETED", "NOT COMPLETED")
        )
        assert [a + b for a, b in zip(completed, lost, strict=True)] == started
        groups = {each["id"]: each for each in results["adverseEventsModule"]["eventGroups"]}
        for kind in ("serious", "other"):
            for event in results["adverseEventsModule"].get(f"{kind}Events", []):
                for each in event["stats"]:
                    group = groups[each["groupId"]]
                    assert (
                        each["numAffected"]
                        <= group[f"{kind}NumAffected"]
                        <= each["numAtRisk"]
                        == group[f"{kind}NumAtRisk"]
                    )


def test_dates_are_never_later_than_the_snapshot_says() -> None:
    early = [make_study(SEED, index, "2020-03-01") for index in range(300)]
    for study in early:
        assert interval(module(study, "status")["lastUpdatePostDateStruct"]["date"])[1] <= date(2020, 3, 1)
        assert study["derivedSection"]["miscInfoModule"]["versionHolder"] == "2020-03-01"


def test_the_study_is_plain_json(studies: list[Study]) -> None:
    assert json.loads(json.dumps(studies[0])) == studies[0]
