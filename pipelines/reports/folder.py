"""The folder a report is written into: whose it is, and files that appear whole.

Belongs here: files. Does not: what is in them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pipelines.reports.errors import ReportError
from pipelines.reports.plan import INDEX
from pipelines.whole_file import appearing

GENERATOR = "trialmart report"
"""Stands in the head of every page: a folder whose index lacks it is somebody else's."""

MANIFEST = "pages.txt"
_PAGE_NAME = re.compile(r"[a-z0-9-]{1,120}\.html")


def former_pages(output: Path) -> frozenset[str]:
    """The pages of the report that stands in the folder. Raises ReportError where its index is no report's."""
    if output.exists() and not output.is_dir():
        raise ReportError(f"{output} is a file; give --output a folder")
    index, manifest = output / INDEX, output / MANIFEST
    if index.exists() and GENERATOR not in index.read_text(encoding="utf-8", errors="replace")[:2000]:
        raise ReportError(f"{index} is no page of an earlier report; give --output another folder, or move it away")
    if not manifest.is_file():
        return frozenset()
    names = manifest.read_text(encoding="utf-8").split("\n")
    return frozenset(name for name in names if _PAGE_NAME.fullmatch(name))


def write_pages(output: Path, pages: Mapping[str, str], former: frozenset[str]) -> None:
    """Each file appears whole; the index comes last, then pages of the earlier report that are none of this go."""
    output.mkdir(parents=True, exist_ok=True)
    for name in sorted(pages, key=lambda name: name == INDEX):
        _put(output / name, pages[name])
    _put(output / MANIFEST, "\n".join(sorted(pages)) + "\n")
    for name in former - set(pages):
        (output / name).unlink(missing_ok=True)


def _put(path: Path, text: str) -> None:
    with appearing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
