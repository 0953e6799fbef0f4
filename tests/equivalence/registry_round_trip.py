"""Writing synthetic studies in a registry's format and reading them back: what the tests of several formats share."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from pipelines.landing.member import Member
from pipelines.readers import recognise
from pipelines.readers.base import RawRecord, Reader
from pipelines.sample import make_study
from pipelines.settings import Limits

SECTION_PARTS = ("registry", "recordId", "recruitmentCountries")
"""What of registrySection a format carries for every registry; the rest is the registry's own."""


def read_back(reader: Reader, data: bytes) -> list[dict[str, Any]]:
    """The studies of a file, without what registries have for themselves."""
    assert recognise(data[:65536]) is reader
    studies = []
    for record in reader.read(Member.of_bytes(None, data), Limits()):
        assert isinstance(record, RawRecord), record
        assert record.study is not None
        assert record.raw in data
        assert not [name for name in record.study if ":" in name]
        section = record.study["registrySection"]
        parts = {name: section[name] for name in SECTION_PARTS if name in section}
        studies.append({**record.study, "registrySection": parts})
    return studies


def hold(reader: Reader, rendering: ModuleType, seed: int, count: int) -> None:
    """Every study comes back as the rendering says that it is carried."""
    studies = [make_study(seed, index) for index in range(count)]
    for study, back in zip(studies, read_back(reader, rendering.render_file(studies)), strict=True):
        assert back == rendering.carried(study)
