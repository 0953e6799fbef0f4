"""A study read from ClinicalTrials.gov's public legacy XML is the study, as far as the XML carries it."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.landing.member import Member
from pipelines.readers import recognise
from pipelines.readers.base import RawRecord
from pipelines.readers.ctgov_xml import READER
from pipelines.sample import make_study
from pipelines.sample.render import ctgov_xml
from pipelines.settings import Limits


def read_back(study: dict[str, Any]) -> dict[str, Any]:
    """The study of a rendered file, without what the registry's section keeps."""
    data = ctgov_xml.render_file([study])
    assert recognise(data[:65536]) is READER
    (record,) = READER.read(Member.of_bytes(None, data), Limits())
    assert isinstance(record, RawRecord), record
    assert record.study is not None
    assert record.raw == data
    assert not [key for key in record.study if ":" in key or key.startswith("~")]
    section = record.study.pop("registrySection", {})
    assert not section.get("fieldStates")
    return record.study


def hold(seed: int, count: int) -> None:
    for index in range(count):
        study = make_study(seed, index)
        assert read_back(study) == ctgov_xml.carried(study), f"make_study({seed}, {index})"


def test_what_the_xml_carries_comes_back() -> None:
    hold(seed=31, count=150)


@pytest.mark.slow
def test_what_the_xml_carries_comes_back_from_thousands() -> None:
    hold(seed=32, count=3000)


def test_a_file_holds_one_study() -> None:
    with pytest.raises(ValueError, match="one study"):
        ctgov_xml.render_file([])


def test_the_rendering_follows_the_schema_of_the_registry(shared_dir: Any) -> None:
    """The synthetic files are valid where the registry's own schema is at hand."""
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(str(shared_dir / "data/schemas/ctgov_legacy_public.xsd")))
    for index in range(60):
        record = etree.fromstring(ctgov_xml.render_file([make_study(33, index)]))
        schema.validate(record)
        faults = [line for line in str(schema.error_log).splitlines() if "_age'" not in line]
        assert not faults, index  # the schema knows no age of 0 days; the registry's own files do
