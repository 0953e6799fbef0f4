"""A study read from the Chinese registry's XML is the study, as far as that carries it."""

from __future__ import annotations

import pytest

from pipelines.readers.chictr_xml import READER
from pipelines.sample import make_study
from pipelines.sample.render import chictr_xml as rendering
from tests.equivalence.registry_round_trip import hold, read_back


def test_what_the_format_carries_comes_back() -> None:
    hold(READER, rendering, seed=31, count=250)


def test_a_single_record_comes_back() -> None:
    study = make_study(32, 0)
    assert read_back(READER, rendering.render_file([study])) == [rendering.carried(study)]


def test_the_oracle_is_full() -> None:
    """A comparison of little would prove little: over many studies, these parts are there."""
    sections = [rendering.carried(make_study(33, index))["protocolSection"] for index in range(60)]
    modules = {name for section in sections for name in section}
    leaves = sum(len(str(section)) for section in sections) / len(sections)
    assert {"identificationModule", "statusModule", "designModule", "outcomesModule", "eligibilityModule"} <= modules
    assert leaves > 2000


@pytest.mark.slow
def test_what_the_format_carries_comes_back_from_thousands() -> None:
    for seed in range(40, 44):
        hold(READER, rendering, seed, count=1000)
