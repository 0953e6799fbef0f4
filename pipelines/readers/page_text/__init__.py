"""Registry page text: study pages as text, with their labels or after a clean-up that took most of them away.

Belongs here: the doors of the package. Modules: template (headings, captions, labels) · sections, pages, signatures
(cutting) · shapes, slots, unlabelled (single values) · people, places, lists, arms, conditions, prose (sections) ·
criteria, criteria_lines · mentions · fields (states) · reader (putting together).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .fields import FIELDS, STATES, FieldReading
from .pages import split_pages
from .reader import PageReading, read_page
from .sections import looks_like_page_text

__all__ = [
    "FIELDS",
    "STATES",
    "FieldReading",
    "PageReading",
    "ParsedPage",
    "looks_like_page_text",
    "parse_page",
    "read_page",
    "read_pages",
    "split_pages",
]


@dataclass(frozen=True)
class ParsedPage:
    """A page of a file: its study, the 1-based lines of the file that it takes, its exact text.

    The line numbers inside the study count from the page's own first line.
    """

    study: dict[str, Any]
    first_line: int
    last_line: int
    raw: str


def parse_page(text: str) -> dict[str, Any]:
    """The study on one page, in the study shape, with `registrySection` (page, fieldStates, criteria, mentions).

    Never raises. What cannot be read with confidence is left out of the study and told by its state in `fieldStates`.
    """
    return read_page(text).study


def read_pages(text: str) -> Iterator[ParsedPage]:
    """Every page of a file."""
    for first_line, page_text in split_pages(text):
        last_line = first_line + max(len(page_text.splitlines()) - 1, 0)
        yield ParsedPage(parse_page(page_text), first_line, last_line, page_text)
