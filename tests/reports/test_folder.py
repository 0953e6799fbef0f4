"""The folder of a report: ours are replaced, anybody else's are left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.reports.errors import ReportError
from pipelines.reports.folder import GENERATOR, former_pages, write_pages

PAGE = f'<!doctype html><meta name="generator" content="{GENERATOR}">'


def test_pages_of_the_former_report_go_and_others_stay(tmp_path: Path) -> None:
    output = tmp_path / "report"
    write_pages(output, {"index.html": PAGE, "trial-a.html": PAGE}, former_pages(output))
    (output / "notes.html").write_text("mine")
    write_pages(output, {"index.html": PAGE, "trial-b.html": PAGE}, former_pages(output))
    assert sorted(path.name for path in output.iterdir()) == ["index.html", "notes.html", "pages.txt", "trial-b.html"]


def test_a_foreign_site_or_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<h1>my site</h1>")
    with pytest.raises(ReportError, match="another folder"):
        former_pages(tmp_path)
    with pytest.raises(ReportError, match="is a file"):
        former_pages(tmp_path / "index.html")


def test_a_manifest_cannot_point_outside(tmp_path: Path) -> None:
    (tmp_path / "outside.html").write_text("keep")
    output = tmp_path / "report"
    write_pages(output, {"index.html": PAGE}, frozenset())
    (output / "pages.txt").write_text("../outside.html\nindex.html\n/etc/passwd\n")
    assert former_pages(output) == {"index.html"}


def test_no_part_of_a_file_is_left_when_writing_fails(tmp_path: Path) -> None:
    (tmp_path / "trial-a.html").mkdir()
    with pytest.raises(OSError, match="trial-a"):
        write_pages(tmp_path, {"trial-a.html": PAGE}, frozenset())
    assert [path.name for path in tmp_path.iterdir()] == ["trial-a.html"]


def test_pages_have_the_rights_of_the_umask(tmp_path: Path) -> None:
    """docs/security.md promises it; they could be read by all."""
    former = os.umask(0o077)
    try:
        write_pages(tmp_path / "out", {"index.html": PAGE}, frozenset())
    finally:
        os.umask(former)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()} == {0o600}
