"""Synthetic studies as a page of the classic API's full studies, XML.

Belongs here: structs, lists and fields as elements. Does not: the studies (ctgov_classic.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pipelines.sample.render.ctgov_classic import carried, tree

Json = dict[str, Any]


def render_file(studies: Sequence[Json]) -> bytes:
    """One answer with all of these studies."""
    count = len(studies)
    full = "\n".join(
        f'<FullStudy Rank="{rank}">\n{_written("Study", tree(study), 1)}</FullStudy>'
        for rank, study in enumerate(studies, start=1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<FullStudiesResponse>\n<APIVrs>1.01.05</APIVrs>\n'
        f"<NStudiesFound>{count}</NStudiesFound>\n<FullStudyList>\n{full}\n</FullStudyList>\n</FullStudiesResponse>\n"
    ).encode()


def _written(name: str, value: Any, depth: int) -> str:
    blanks = "  " * depth
    if isinstance(value, str):
        return f"{blanks}<Field Name={quoteattr(name)}>{escape(value)}</Field>\n"
    if isinstance(value, list):
        return "".join(_written(name, one, depth) for one in value)
    kind = "List" if name.endswith("List") else "Struct"
    inner = "".join(_written(inner, one, depth + 1) for inner, one in value.items())
    return f"{blanks}<{kind} Name={quoteattr(name)}>\n{inner}{blanks}</{kind}>\n"


__all__ = ["carried", "render_file"]
