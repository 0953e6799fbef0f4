"""The cycle collector is left out for a while, and comes back as it was."""

from __future__ import annotations

import gc
import weakref

import pytest

from pipelines.collector import set_aside, without_collector


class _Circle:
    def __init__(self) -> None:
        self.itself = self


def test_the_collector_comes_back_also_after_an_error() -> None:
    seen = []

    def work() -> None:
        with without_collector():
            seen.append(gc.isenabled())
            raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        work()
    assert seen == [False]
    assert gc.isenabled()


def test_one_within_another_does_not_bring_it_back_early() -> None:
    with without_collector():
        with without_collector():
            pass
        assert not gc.isenabled()


def test_what_is_set_aside_is_not_looked_at_again() -> None:
    circle = _Circle()
    gone = weakref.ref(circle)
    try:
        set_aside()
        del circle
        gc.collect()
        assert gone() is not None
    finally:
        gc.unfreeze()
    gc.collect()
    assert gone() is None
