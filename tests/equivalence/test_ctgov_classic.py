"""A study read from the classic API's JSON or XML is the study, as far as it was carried; synthetic and real ones."""

from __future__ import annotations

import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson
import pytest

from pipelines.landing.member import Member
from pipelines.readers import recognise
from pipelines.readers.base import RawRecord, Reader
from pipelines.readers.ctgov_classic import JSON_READER, XML_READER
from pipelines.sample import make_study
from pipelines.sample.render import ctgov_classic_json, ctgov_classic_xml
from pipelines.settings import Limits

Study = dict[str, Any]
BETA_NAMES = {"locations_nested", "modelPredictions", "interventionMappedName"}
FORMATS = [(JSON_READER, ctgov_classic_json), (XML_READER, ctgov_classic_xml)]


def read_back(reader: Reader, data: bytes) -> list[Study]:
    """The studies of a file; nothing unread, nothing refused."""
    assert recognise(data[:65536]) is reader
    found = []
    for record in reader.read(Member.of_bytes(None, data), Limits()):
        assert isinstance(record, RawRecord), record
        assert record.study is not None
        assert record.raw in data
        assert not [name for name in record.study if ":" in name]
        assert record.study.pop("registrySection", None) is None
        found.append(record.study)
    return found


def hold(reader: Reader, rendering: ModuleType, studies: list[Study]) -> None:
    back = read_back(reader, rendering.render_file(studies))
    for study, one in zip(studies, back, strict=True):
        assert one == rendering.carried(study)


@pytest.mark.parametrize(("reader", "rendering"), FORMATS)
def test_what_the_classic_api_carried_comes_back(reader: Reader, rendering: ModuleType) -> None:
    hold(reader, rendering, [make_study(51, index) for index in range(120)])


@pytest.mark.slow
@pytest.mark.parametrize(("reader", "rendering"), FORMATS)
def test_what_the_classic_api_carried_comes_back_from_thousands(reader: Reader, rendering: ModuleType) -> None:
    for seed in (52, 53):
        hold(reader, rendering, [make_study(seed, index) for index in range(500)])


@pytest.mark.slow
@pytest.mark.parametrize(("reader", "rendering"), FORMATS)
def test_real_studies_survive_being_written_as_the_classic_api_did(
    reader: Reader, rendering: ModuleType, shared_dir: Path
) -> None:
    studies = []
    with zipfile.ZipFile(shared_dir / "data" / "ctgov_v2" / "bulk.zip") as archive:
        for name in archive.namelist():
            study = _without_beta(orjson.loads(archive.read(name)))
            if "statusModule" in study["protocolSection"] and "hasResults" in study:
                studies.append(study)
    assert len(studies) > 500
    hold(reader, rendering, studies)


def _without_beta(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _without_beta(inner) for name, inner in value.items() if name not in BETA_NAMES}
        return {name: inner for name, inner in kept.items() if inner != {}}
    return [_without_beta(inner) for inner in value] if isinstance(value, list) else value
