"""Trial ids: one for each cluster, kept as long as there is ground to."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.identity.naming import name_trials, primary_key


def test_named_after_the_primary_record() -> None:
    assert primary_key(["ISRCTN:1", "CTGOV:2", "CTGOV:1"]) == "CTGOV:1"
    assert name_trials([["ISRCTN:1", "CTGOV:2"]], {}) == {"ISRCTN:1": "TRIAL:CTGOV:2", "CTGOV:2": "TRIAL:CTGOV:2"}


def test_a_new_record_changes_no_name() -> None:
    named = name_trials([["CTGOV:1", "EUCTR:1"]], {"EUCTR:1": "TRIAL:EUCTR:1"})
    assert set(named.values()) == {"TRIAL:EUCTR:1"}


def test_of_two_names_that_of_more_records_stays() -> None:
    before = {"A:1": "TRIAL:A:1", "B:1": "TRIAL:B:1", "B:2": "TRIAL:B:1"}
    assert set(name_trials([["A:1", "B:1", "B:2"]], before).values()) == {"TRIAL:B:1"}


def test_split_leaves_the_name_with_the_record_it_is_of_and_a_resting_name_comes_back() -> None:
    before = dict.fromkeys(["A:1", "B:1", "B:2"], "TRIAL:A:1")
    assert name_trials([["A:1"], ["B:1", "B:2"]], before) == {
        "A:1": "TRIAL:A:1",
        "B:1": "TRIAL:B:1",
        "B:2": "TRIAL:B:1",
    }


def test_a_name_that_others_have_is_not_given_twice() -> None:
    """The record P left its trial for another and now stands alone: its name is still in use."""
    before = {"P:1": "TRIAL:X:1", "X:1": "TRIAL:X:1", "Q:1": "TRIAL:P:1"}
    assert name_trials([["P:1"], ["X:1"], ["Q:1"]], before) == {
        "P:1": "TRIAL:P:1~2",
        "X:1": "TRIAL:X:1",
        "Q:1": "TRIAL:P:1",
    }


keys = [f"{registry}:{number}" for registry in ("CTGOV", "A", "B") for number in range(3)]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(0, 8), min_size=9, max_size=9),
    st.lists(st.integers(0, 8), min_size=9, max_size=9),
    st.randoms(use_true_random=False),
)
def test_one_name_for_one_cluster_in_any_order_and_again_the_same(first: list[int], second: list[int], chance) -> None:  # type: ignore[no-untyped-def]
    def clusters(drawn: list[int]) -> list[list[str]]:
        groups: dict[int, list[str]] = {}
        for key, group in zip(keys, drawn, strict=True):
            groups.setdefault(group, []).append(key)
        return list(groups.values())

    before = name_trials(clusters(first), {})
    named = name_trials(clusters(second), before)
    for group in clusters(second):
        assert len({named[key] for key in group}) == 1
    assert len(set(named.values())) == len(clusters(second))
    shuffled = clusters(second)
    chance.shuffle(shuffled)
    assert name_trials(shuffled, before) == named
    assert name_trials(clusters(second), named) == named, "a second run changes nothing"
