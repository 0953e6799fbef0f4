"""A small campaign with a fixed seed: nothing raises, nothing vanishes, and hypothesis finds nothing either.

The long ones are run by hand (`python -m tests.fuzz`); docs/reliability.md has their figures.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.readers import READERS
from tests.fuzz.campaign import Run
from tests.fuzz.chance import BytesChance, Chance
from tests.fuzz.seeds import READER_FORMATS, members_of
from tests.fuzz.targets import read_bytes, targets
from tests.fuzz.values import PARSERS

SEED = 20261121
TARGETS = targets()
OF_READERS = {"aact_flat": 12, "containers": 120, "noise": 150}
"""Inputs; 60 for every other reader."""


def test_every_reader_is_a_target() -> None:
    """A new reader comes with an entry in seeds.py."""
    assert set(READER_FORMATS) == {reader.format for reader in READERS}


@pytest.mark.parametrize("name", PARSERS)
def test_parsers(name: str) -> None:
    run = Run(TARGETS[name], SEED)
    run.go_on(max(10, round(15 * PARSERS[name][2])))
    assert not run.figures.faults, run.figures.examples


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in TARGETS if name not in PARSERS])
def test_readers_and_containers(name: str) -> None:
    run = Run(TARGETS[name], SEED)
    run.go_on(OF_READERS.get(name, 60))
    assert not run.figures.faults, run.figures.examples
    assert run.figures.records or name == "noise"
    assert run.figures.quarantined
    assert run.figures.silent <= 0.05 * run.figures.inputs


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in READER_FORMATS if name != "aact_flat"])
def test_what_inputs_are_made_from_is_good(name: str) -> None:
    """A campaign over seeds that no reader takes would find nothing and prove nothing."""
    for data in members_of(name):
        found = read_bytes(data)
        assert found
        assert {reader.format for reader, _ in found if reader} == {name}
        assert not [record for _, record in found if hasattr(record, "reason_code")]


@pytest.mark.parametrize("name", ["identifiers", "dates", "numbers and ages", "criteria"])
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(chance=st.randoms(use_true_random=False))
def test_parsers_by_hypothesis(name: str, chance: Chance) -> None:
    """Hypothesis draws the choices, and would make a failing input small."""
    target = TARGETS[name]
    target.run(target.make(chance))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ctgov_v2", "ctgov_csv", "drks_json", "containers"])
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(chance=st.randoms(use_true_random=False))
def test_readers_by_hypothesis(name: str, chance: Chance) -> None:
    target = TARGETS[name]
    target.run(target.make(chance))


def test_a_seed_always_makes_the_same_inputs() -> None:
    for name in ("identifiers", "dates", "criteria"):
        assert Run(TARGETS[name], 1).made(5) == Run(TARGETS[name], 1).made(5)


def test_bytes_make_choices() -> None:
    """What the coverage-guided fuzzer relies on: other bytes, other choices; bytes that end are no end."""
    chance = random.Random(1)
    made = {TARGETS["dates"].make(BytesChance(chance.randbytes(60))) for _ in range(100)}
    assert len(made) > 60
    assert TARGETS["dates"].make(BytesChance(b"")) == TARGETS["dates"].make(BytesChance(b"\0" * 50))


def test_a_fault_is_found_and_named() -> None:
    """The harness itself: an input that raises is counted, with where and which."""

    def broken(_: object) -> list[object]:
        raise ValueError("as planned")

    target = TARGETS["dates"]
    run = Run(type(target)("broken", target.make, broken, 1.0), 1)  # type: ignore[arg-type]
    run.go_on(3)
    assert run.figures.faults.total() == 3
    assert list(run.figures.examples.values()) == [["0", "1", "2"]]
