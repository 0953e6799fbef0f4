"""Real files of ClinicalTrials.gov's legacy XML, and the registry's schema against the mapping."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from pipelines.readers import read_file
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.ctgov_xml import ARCHIVE_READER, READER
from pipelines.readers.mapping import load_mapping
from pipelines.readers.mapping.table import Row
from pipelines.settings import Limits


@pytest.mark.slow
def test_real_files_are_read_without_an_unknown_field(shared_dir: Path) -> None:
    """The damaged versions of the archive are refused for what they are; all else is read, every element foreseen."""
    folder = shared_dir / "data" / "ctgov_xml"
    for name, reader, count, refused in (
        ("AllPublicXML_part.zip", READER, 541, {}),
        ("versions.zip", ARCHIVE_READER, 214, {"truncated_xml": 3, "malformed_xml": 1}),
    ):
        reasons: dict[str, int] = {}
        good = 0
        for found, members in read_file(folder / name, Limits()):
            assert found is reader
            for record in members:
                if isinstance(record, BadRecord):
                    reasons[record.reason_code] = reasons.get(record.reason_code, 0) + 1
                    continue
                good += 1
                assert record.study is not None
                assert not [key for key in record.study if ":" in key or key.startswith("~")], record.member
                assert not record.study.get("registrySection", {}).get("fieldStates"), record.member
        assert (good, reasons) == (count, refused)


def test_versions_of_the_archive_are_told_by_their_own_date(shared_dir: Path) -> None:
    """Nearly all carry the day of their last release; those of the archive's first week do not, nor any other day."""
    dates = []
    for _, members in read_file(shared_dir / "data" / "ctgov_xml" / "versions.zip", Limits()):
        for record in members:
            if isinstance(record, RawRecord) and record.study is not None:
                dates.append(record.study["protocolSection"]["statusModule"].get("lastUpdateSubmitDate"))
    assert len([day for day in dates if day is None]) == 8
    assert all(len(day) == 10 for day in dates if day is not None)


def test_a_download_that_is_whole_in_spite_of_its_name(shared_dir: Path) -> None:
    """It ends with its closing tag and fits the registry's schema: there is nothing to refuse."""
    path = shared_dir / "data" / "dirty" / "truncated_download.xml"
    ((reader, found),) = [(reader, list(found)) for reader, found in read_file(path, Limits())]
    (record,) = found
    assert reader is READER
    assert isinstance(record, RawRecord)
    assert record.study is not None
    assert record.study["protocolSection"]["statusModule"]["overallStatus"] == "RECRUITING"
    assert record.raw == path.read_bytes()


def schema_paths(shared_dir: Path) -> set[str]:
    """Every element and attribute of the registry's schema, as a path from the record."""
    name = "{http://www.w3.org/2001/XMLSchema}"
    root = etree.parse(str(shared_dir / "data/schemas/ctgov_legacy_public.xsd")).getroot()
    types = {kind.get("name"): kind for kind in root.iterfind(name + "complexType")}
    paths: set[str] = set()

    def walk(element: Any, path: str) -> None:
        kind = types.get(element.get("type"))
        if kind is None:
            kind = element.find(name + "complexType")
        if kind is None:
            paths.add(path)
            return
        if kind.find(name + "simpleContent") is not None:
            paths.add(path)
        paths.update(f"{path}/@{one.get('name')}" for one in kind.iter(name + "attribute") if owner(one) is kind)
        for one in kind.iter(name + "element"):
            if owner(one) is kind:
                walk(one, f"{path}/{one.get('name')}")

    def owner(one: Any) -> Any:
        return next(parent for parent in one.iterancestors() if parent.tag == name + "complexType")

    walk(root.find(name + "element"), "")
    return {path.removeprefix("/") for path in paths}


def mapped_paths(rows: tuple[Row, ...], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for row in rows:
        path = prefix if row.source == "." else f"{prefix}/{row.source}".removeprefix("/")
        found |= mapped_paths(row.rows, path) if row.rows else {path}
    return found


def test_every_element_of_the_schema_has_its_row(shared_dir: Path) -> None:
    mapped = mapped_paths(load_mapping("ctgov_xml").rows)
    ignored = {"required_header"}
    left = {path for path in schema_paths(shared_dir) - mapped if path.split("/")[0] not in ignored}
    assert len(mapped) > 250
    assert not left
