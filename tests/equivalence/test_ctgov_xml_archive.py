"""A study's protocol read from the layout of ClinicalTrials.gov's archive is what that layout carries of it."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.landing.member import Member
from pipelines.readers import recognise
from pipelines.readers.base import RawRecord
from pipelines.readers.ctgov_xml import ARCHIVE_READER
from pipelines.sample import make_study
from pipelines.sample.render import ctgov_xml_archive
from pipelines.settings import Limits


def read_back(study: dict[str, Any]) -> dict[str, Any]:
    """The study of a rendered file, without what the registry's section keeps."""
    data = ctgov_xml_archive.render_file([study])
    assert recognise(data[:65536]) is ARCHIVE_READER
    (record,) = ARCHIVE_READER.read(Member.of_bytes(None, data), Limits())
    assert isinstance(record, RawRecord), record
    assert record.study is not None
    assert not [key for key in record.study if ":" in key or key.startswith("~")]
    section = record.study.pop("registrySection", {})
    assert not section.get("fieldStates")
    return record.study


def hold(seed: int, count: int) -> None:
    for index in range(count):
        study = make_study(seed, index)
        assert read_back(study) == ctgov_xml_archive.carried(study), f"make_study({seed}, {index})"


def test_what_the_archive_carries_comes_back() -> None:
    hold(seed=34, count=150)


@pytest.mark.slow
def test_what_the_archive_carries_comes_back_from_thousands() -> None:
    hold(seed=35, count=3000)


def test_a_file_holds_one_study() -> None:
    with pytest.raises(ValueError, match="one study"):
        ctgov_xml_archive.render_file([])
