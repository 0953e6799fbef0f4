"""A synthetic study, written as CTIS gives it and read back, is what the record can carry of it."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.readers.base import Member, RawRecord
from pipelines.readers.ctis_json import read
from pipelines.sample import make_study
from pipelines.sample.render.ctis_json import Wrapping, carried, render_file
from pipelines.settings import Limits

Struct = dict[str, Any]
KEPT = ("registry", "recordId", "criteria")


def studies_of(data: bytes) -> list[Struct]:
    """What the reader makes of a file; a bad record fails the test."""
    found = []
    for record in read(Member.of_bytes(None, data), Limits()):
        assert isinstance(record, RawRecord), record
        assert record.study is not None
        section = record.study["registrySection"]
        assert [name for name in record.study if ":" in name] == []
        found.append(
            {
                "hasResults": record.study["hasResults"],
                "protocolSection": record.study["protocolSection"],
                "registrySection": {name: section[name] for name in KEPT if name in section},
            }
        )
    return found


def check(numbers: range, wrapping: Wrapping, *, old: bool) -> None:
    """Read == carried for these studies, all in one file."""
    studies = [make_study(13, number) for number in numbers]
    read_back = studies_of(render_file(studies, wrapping=wrapping, old=old))
    assert len(read_back) == len(studies)
    for one, study in zip(read_back, studies, strict=True):
        assert one == carried(study)


@pytest.mark.parametrize("old", [False, True], ids=["today's layout", "layout until 2024"])
@pytest.mark.parametrize("wrapping", ["list", "lines", "search"])
def test_a_study_comes_back_as_far_as_the_record_carries_it(wrapping: Wrapping, old: bool) -> None:
    check(range(40), wrapping, old=old)


def test_a_study_alone() -> None:
    check(range(40, 41), "list", old=False)


@pytest.mark.slow
def test_thousands_of_studies_come_back() -> None:
    check(range(50, 3050), "lines", old=False)
