"""A study read from ClinicalTrials.gov's CSV download is the study, as far as the download carries it."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.landing.member import Member
from pipelines.readers import recognise
from pipelines.readers.base import RawRecord
from pipelines.readers.ctgov_csv import READER
from pipelines.sample import make_study
from pipelines.sample.render import ctgov_csv, ctgov_csv_classic
from pipelines.settings import Limits

RENDERINGS = {
    "today": (ctgov_csv.render_file, ctgov_csv.carried),
    "classic": (ctgov_csv_classic.render_file, ctgov_csv_classic.carried),
    "classic tabs": (lambda studies: ctgov_csv_classic.render_file(studies, "\t"), ctgov_csv_classic.carried),
}


def read_back(data: bytes) -> list[dict[str, Any]]:
    """Studies of a file, without what the registry's section keeps beside them."""
    assert recognise(data[:65536]) is READER
    found = list(READER.read(Member.of_bytes(None, data), Limits()))
    studies = []
    for record in found:
        assert isinstance(record, RawRecord), record
        assert record.study is not None
        assert not [name for name in record.study if ":" in name]
        studies.append({name: part for name, part in record.study.items() if name != "registrySection"})
    return studies


def hold(name: str, seed: int, count: int) -> None:
    render, carried = RENDERINGS[name]
    studies = [make_study(seed, index) for index in range(count)]
    for study, back in zip(studies, read_back(render(studies)), strict=True):
        assert back == carried(study)


@pytest.mark.parametrize("name", RENDERINGS)
def test_what_the_download_carries_comes_back(name: str) -> None:
    hold(name, seed=11, count=200)


@pytest.mark.slow
@pytest.mark.parametrize("name", RENDERINGS)
def test_what_the_download_carries_comes_back_from_thousands(name: str) -> None:
    hold(name, seed=12, count=4000)
