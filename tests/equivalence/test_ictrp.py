"""A study read from ICTRP's exports is the study, as far as the record of its registry and ICTRP's fields carry it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from pipelines.landing.member import Member
from pipelines.readers import recognise
from pipelines.readers.base import RawRecord
from pipelines.readers.ictrp_csv import READER as CSV
from pipelines.readers.ictrp_xml import READER as XML
from pipelines.sample import make_study
from pipelines.sample.render import ictrp_csv, ictrp_xml
from pipelines.sample.render.ictrp_parts import REGISTRIES, registry_of
from pipelines.settings import Limits

RENDERINGS = {
    "xml": (XML, ictrp_xml.render_file, ictrp_xml.carried),
    "csv": (CSV, ictrp_csv.render_file, ictrp_csv.carried),
    "full export": (CSV, ictrp_csv.render_full_export, ictrp_csv.carried_by_full_export),
}


def read_back(name: str, studies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Studies of a rendered file, without what the registry's section keeps beside whose record it is."""
    reader, render, _ = RENDERINGS[name]
    data = render(studies)
    assert recognise(data[:65536]) is reader
    found = []
    for record in reader.read(Member.of_bytes(None, data), Limits()):
        assert isinstance(record, RawRecord), record
        assert record.study is not None
        assert not [key for key in record.study if ":" in key]
        section = record.study.pop("registrySection")
        own = {key: section[key] for key in ("registry", "recordId") if key in section}
        found.append(record.study | ({"registrySection": own} if own else {}))
    return found


def hold(name: str, seed: int, count: int) -> None:
    studies = [make_study(seed, index) for index in range(count)]
    assert set(map(registry_of, studies)) == set(REGISTRIES)
    for study, back in zip(studies, read_back(name, studies), strict=True):
        assert back == RENDERINGS[name][2](study), registry_of(study)


@pytest.mark.parametrize("name", RENDERINGS)
def test_what_ictrp_carries_comes_back(name: str) -> None:
    hold(name, seed=21, count=200)


@pytest.mark.slow
@pytest.mark.parametrize("name", RENDERINGS)
def test_what_ictrp_carries_comes_back_from_thousands(name: str) -> None:
    hold(name, seed=22, count=3000)


def test_numbers_are_the_studys_alone() -> None:
    """Two studies never become one record."""
    studies = [make_study(23, index) for index in range(600)]
    numbers = Counter(ictrp_xml.carried(study).get("registrySection", {}).get("recordId") for study in studies)
    assert {count for number, count in numbers.items() if number} == {1}
