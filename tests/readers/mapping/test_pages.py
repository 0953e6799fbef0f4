"""docs/formats/ is what the mappings say."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.readers import READERS
from pipelines.readers.mapping import load_mapping
from pipelines.readers.mapping.pages import BY_HAND, format_pages
from pipelines.study.shape import load_shape, staged_tables

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "formats"
MAPPED = [reader.format for reader in READERS if reader.format not in BY_HAND]


def test_the_pages_are_written_and_up_to_date() -> None:
    """`python -m pipelines.readers.mapping` writes them."""
    pages = format_pages(READERS)
    assert {path.name for path in FOLDER.glob("*.md")} - {"page_text.md"} == set(pages)
    for name, text in pages.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize("format_name", MAPPED)
def test_a_mapping_fills_the_shape_and_says_what_it_cannot(format_name: str) -> None:
    mapping = load_mapping(format_name)
    assert mapping.format == format_name
    carried = mapping.carries()
    staged = {column.path for table in staged_tables().values() for column in table.columns}
    assert carried <= staged
    untouched = {
        module.path
        for module in (load_shape().child("protocolSection") or load_shape()).children
        if not any(path.startswith(module.path + ".") for path in carried)
    }
    assert untouched <= {absent.path for absent in mapping.absent}, "modules that nothing fills, without a reason"
    for absent in mapping.absent:
        assert not any(path == absent.path or path.startswith(absent.path + ".") for path in carried), absent.path
