"""A synthetic study, written as the EU register writes it and read back, is what the form can carry of it."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.readers.base import Member, RawRecord
from pipelines.readers.euctr_text import read
from pipelines.sample import make_study
from pipelines.sample.render.euctr_text import carried, render_file
from pipelines.settings import Limits

Struct = dict[str, Any]


def studies_of(data: bytes) -> list[Struct]:
    """What the reader makes of a file; a bad record fails the test."""
    found = []
    for record in read(Member.of_bytes(None, data), Limits()):
        assert isinstance(record, RawRecord), record
        assert record.study is not None
        section = record.study["registrySection"]
        unknown = [name for name in record.study if ":" in name]
        assert unknown == []
        found.append(
            {
                "protocolSection": record.study["protocolSection"],
                "registrySection": {name: section[name] for name in ("registry", "recordId")},
            }
        )
    return found


def check(numbers: range, *, states: int, lost_lines: bool) -> None:
    """Read == carried for these studies, all in one file."""
    studies = [make_study(11, number) for number in numbers]
    expected = [carried(study, state=state, lost_lines=lost_lines) for study in studies for state in range(states)]
    read_back = studies_of(render_file(studies, states=states, lost_lines=lost_lines))
    assert len(read_back) == len(expected)
    for one, other in zip(read_back, expected, strict=True):
        assert one == other


@pytest.mark.parametrize("lost_lines", [False, True], ids=["with line ends", "line ends lost"])
def test_a_study_comes_back_as_far_as_the_form_carries_it(lost_lines: bool) -> None:
    check(range(60), states=1, lost_lines=lost_lines)
    check(range(60, 70), states=3, lost_lines=lost_lines)


@pytest.mark.slow
@pytest.mark.parametrize("lost_lines", [False, True], ids=["with line ends", "line ends lost"])
def test_thousands_of_studies_come_back(lost_lines: bool) -> None:
    check(range(60, 2060), states=1, lost_lines=lost_lines)
