"""A study read from the file of another registry is the study, as far as that registry's form carries it."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

import pytest

from pipelines.readers import READERS
from pipelines.readers.base import Reader
from pipelines.sample import make_study
from tests.equivalence.registry_round_trip import hold, read_back

FORMATS = ("isrctn_xml", "isrctn_json", "drks_json", "chictr_xml")


@pytest.fixture(params=FORMATS)
def form(request: pytest.FixtureRequest) -> tuple[Reader, ModuleType]:
    """A reader, and the rendering that knows nothing of it."""
    (reader,) = (one for one in READERS if one.format == request.param)
    return reader, import_module(f"pipelines.sample.render.{request.param}")


def test_what_the_format_carries_comes_back(form: tuple[Reader, ModuleType]) -> None:
    hold(*form, seed=31, count=250)


def test_a_single_record_comes_back(form: tuple[Reader, ModuleType]) -> None:
    reader, rendering = form
    study = make_study(32, 0)
    assert read_back(reader, rendering.render_file([study])) == [rendering.carried(study)]


def test_the_oracle_is_full(form: tuple[Reader, ModuleType]) -> None:
    """A comparison of little would prove little: over many studies, these parts are there."""
    _, rendering = form
    sections = [rendering.carried(make_study(33, index))["protocolSection"] for index in range(60)]
    modules = {name for section in sections for name in section}
    leaves = sum(len(str(section)) for section in sections) / len(sections)
    assert {"identificationModule", "statusModule", "designModule", "outcomesModule", "eligibilityModule"} <= modules
    assert leaves > 2000


@pytest.mark.slow
def test_what_the_format_carries_comes_back_from_thousands(form: tuple[Reader, ModuleType]) -> None:
    for seed in range(40, 44):
        hold(*form, seed=seed, count=1000)
