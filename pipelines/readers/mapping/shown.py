"""Fields that a record shows and leaves empty: what is missing there is missing in the registry.

Belongs here: finding them, by `shown` of a mapping. Does not: what becomes of it; rules and marts ask
`registrySection.fieldStates`, for a field of which a record says nothing at all cannot be told from one that its format
leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipelines.readers.mapping.converters import Unreadable
from pipelines.readers.mapping.plan import Branch, Leaf
from pipelines.readers.mapping.put import Struct
from pipelines.readers.mapping.table import Mapping, MappingError


@dataclass(frozen=True, slots=True)
class _Source:
    names: tuple[str, ...]
    leaves: tuple[Leaf, ...]


class ShownFields:
    """The `shown` entries of a mapping, ready to be asked. May be used by several threads at once."""

    def __init__(self, mapping: Mapping, root: Branch) -> None:
        """Raises MappingError where no row reads a source that an entry names."""
        self._fields = tuple(
            (shown.path, shown.sources, tuple(_source(path, root, mapping.format) for path in shown.sources))
            for shown in mapping.shown
        )

    def noted(self, record: Any, study: Struct) -> Struct:
        """The finished study, with a state `empty` for each field without a value whose sources say nothing.

        `record` is what was mapped, an XML element or a JSON object. At least one source must be there; one that says
        anything, be it unreadable, and a field that has a state already, stay as they are.
        """
        states = study.get("registrySection", {}).get("fieldStates") or []
        known = {state["field"] for state in states}
        found = [
            empty_state(path, labels)
            for path, labels, sources in self._fields
            if path not in known and not _has_value(study, path) and _is_shown_empty(record, sources)
        ]
        if found:
            study.setdefault("registrySection", {})["fieldStates"] = [*states, *found]
        return study


def empty_state(path: str, sources: Iterable[str]) -> Struct:
    """What is said of a field that its source fields show with nothing in them."""
    reason = "the record shows the field, with nothing in it"
    return {"field": path, "state": "empty", "label": ", ".join(sources), "reason": reason}


def _source(path: str, root: Branch, format_name: str) -> _Source:
    names = tuple(path.split("/"))
    branch = root
    for name in names:
        if name not in branch.children:
            raise MappingError(f"{format_name}: shown: no row reads '{path}'")
        branch = branch.children[name]
    return _Source(names, tuple(branch.leaves))


def _has_value(study: Struct, path: str) -> bool:
    holder: Any = study
    for name in path.split("."):
        holder = holder.get(name) if isinstance(holder, dict) else None
    return holder is not None and holder not in ("", [], {})


def _is_shown_empty(record: Any, sources: tuple[_Source, ...]) -> bool:
    is_there = False
    for source in sources:
        for text in _texts_at(record, source.names):
            is_there = True
            if text and not text.isspace() and not _means_nothing(text, source.leaves):
                return False
    return is_there


def _means_nothing(text: str, leaves: tuple[Leaf, ...]) -> bool:
    """Words for nothing, as the format's own converters know them."""
    try:
        return bool(leaves) and all(leaf.convert(text) in (None, "", []) for leaf in leaves)
    except Unreadable:
        return False


def _texts_at(record: Any, names: tuple[str, ...]) -> Iterator[str]:
    """The texts of all nodes at a path and below; "" for an empty one, nothing where there is no node."""
    if isinstance(record, etree._Element):
        nodes = [record]
        for name in names:
            nodes = [child for node in nodes for child in node.iterfind(f"{{*}}{name}")]
        for node in nodes:
            yield "".join(map(str, node.itertext()))
        return
    values = [record]
    for name in names:
        values = [value[name] for one in values for value in _each(one) if isinstance(value, dict) and name in value]
    for value in values:
        yield from _texts_in(value)


def _each(value: Any) -> list[Any]:
    return [inner for one in value for inner in _each(one)] if isinstance(value, list) else [value]


def _texts_in(value: Any) -> Iterator[str]:
    """Each scalar as text; "" for null and for empty lists and objects."""
    if value is None or value in ("", [], {}):
        yield ""
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts_in(one)
    else:
        yield str(value)
