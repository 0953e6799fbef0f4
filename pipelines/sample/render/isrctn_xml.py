"""Synthetic studies as the ISRCTN registry's API gives them: one `allTrials` of many records.

Belongs here: writing the tree of a record as XML. Does not: the registry's form (isrctn/).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from pipelines.sample.render.isrctn.carried import carried_record
from pipelines.sample.render.isrctn.record import full_trial
from pipelines.sample.render.isrctn.words import Element
from pipelines.sample.render.registry_parts import Json

_NAMESPACE = "http://www.67bricks.com/isrctn"


def render_file(studies: Sequence[Json]) -> bytes:
    """A reply of the registry's API with the records of the studies (UTF-8)."""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<allTrials xmlns="{_NAMESPACE}" totalCount="{len(studies)}">\n'
    records = "".join("".join(_lines(full_trial(study), 1)) for study in studies)
    return f"{head}{records}</allTrials>\n".encode()


def carried(study: Json) -> Json:
    """What a perfect reader gets back of a study from that file, in the study shape."""
    return carried_record(study)


def _lines(node: Element, depth: int) -> Iterator[str]:
    indent = "  " * depth
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in node.attributes.items())
    if node.text is None and not node.children:
        yield f"{indent}<{node.name}{attributes} />\n"
    elif node.text is not None:
        yield f"{indent}<{node.name}{attributes}>{escape(node.text)}</{node.name}>\n"
    else:
        yield f"{indent}<{node.name}{attributes}>\n"
        for child in node.children:
            yield from _lines(child, depth + 1)
        yield f"{indent}</{node.name}>\n"


__all__ = ["carried", "render_file"]
