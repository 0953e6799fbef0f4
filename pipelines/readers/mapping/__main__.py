"""`python -m pipelines.readers.mapping` writes docs/formats/ anew, as the mappings have it."""

from __future__ import annotations

from pathlib import Path

from pipelines.readers import READERS
from pipelines.readers.mapping.pages import format_pages

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "formats"

if __name__ == "__main__":
    for name, text in format_pages(READERS).items():
        (FOLDER / name).write_text(text, encoding="utf-8")
