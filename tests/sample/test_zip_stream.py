"""The zip writer: what it writes, the standard library reads back."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sample.zip_stream import ZipStream


def _written(path: Path, members: list[tuple[str, bytes]]) -> zipfile.ZipFile:
    with ZipStream(path) as archive:
        for name, content in members:
            archive.add(name, content)
    return zipfile.ZipFile(path)


_NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40)
_MEMBERS = st.lists(st.tuples(_NAMES, st.binary(max_size=3000)), max_size=8, unique_by=lambda member: member[0])


@given(members=_MEMBERS)
def test_members_come_back(members: list[tuple[str, bytes]], tmp_path_factory: pytest.TempPathFactory) -> None:
    archive = _written(tmp_path_factory.mktemp("zip") / "a.zip", members)
    assert archive.testzip() is None
    assert [archive.read(each) for each in archive.infolist()] == [content for _, content in members]
    assert [each.filename for each in archive.infolist()] == [name for name, _ in members]


def test_more_members_than_a_plain_zip_can_count(tmp_path: Path) -> None:
    archive = _written(tmp_path / "many.zip", [(f"{number:02x}/{number}", b"{}") for number in range(65_600)])
    assert len(archive.infolist()) == 65_600
    assert archive.read("1003f/65599") == b"{}"


def test_offsets_beyond_four_gigabytes(tmp_path: Path) -> None:
    """A hole in a sparse file stands for the first five gigabytes."""
    path = tmp_path / "far.zip"
    with ZipStream(path) as archive:
        archive.add("near", b"first")
        archive._file.seek(5 << 30)
        archive._offset = 5 << 30
        archive.add("far", b"second" * 100)
    read = zipfile.ZipFile(path)
    assert read.read("near") == b"first"
    assert read.read("far") == b"second" * 100


def test_after_an_error_there_is_no_directory(tmp_path: Path) -> None:
    path = tmp_path / "half.zip"

    def interrupted() -> None:
        with ZipStream(path) as archive:
            archive.add("one", b"x")
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    assert not zipfile.is_zipfile(path)
