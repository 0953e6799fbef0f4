"""A format's mapping as data: which source field goes to which place of the study shape, by which converter.

Belongs here: reading `mappings/<format>.yaml` and refusing what cannot be meant. Does not: walking a record (walk.py),
what a converter does (converters.py).

A mapping file:

    format: <format>            the reader's format name
    title: …                    for people
    source: …                   what the files are and where people get them
    rows:                       one line for each source field; names are joined by `/`, attributes begin with `@`
      - {from: id_info/nct_id, to: protocolSection.identificationModule.nctId}
      - {from: start_date, to: protocolSection.statusModule.startDateStruct.date, as: english_date}
      - from: intervention      each of these is an item of a list; the `to` of its rows are seen from the item,
        items: protocolSection.armsInterventionsModule.interventions      or from the record where they begin with `/`
        rows:
          - {from: intervention_type, to: type, as: words intervention_type}
          - {from: other_name, to: otherNames}
          - {from: ., to: …}    the item's own text
      - {from: rank, keep: true}            no home in the shape: staged as it is, in registrySection.sourceFields
      - {from: download_date, ignore: why}  says nothing about the study
    words:                      closed vocabularies, for `as: words <name>`: text in the source → value in the shape
      intervention_type: {Drug: DRUG}
    made:                       study fields that the reader works out from several source fields
      - {to: …, from: [minimum age, unit], how: in words}
    absent:                     what the format cannot carry
      - {path: protocolSection.oversightModule, why: …}
    shown:                      shown also where nothing was entered; empty there is missing in the registry
      - {path: protocolSection.designModule.enrollmentInfo.count, from: [enrollment]}

`to` may be a list of paths. `name[2]` in it means the second item of a list. A `to` that begins with `~` names a note
that only the reader's own code sees, which takes it up and takes it away; such a row needs a `made` entry.
A row whose converter gives a struct says with `gives: [type, name]` what is in it.
A format that differs from another one in its wrapping alone has `rows_of: <format>` in place of rows and what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any

from pipelines.study.shape import Node, load_shape
from pipelines.yaml_text import load_yaml

NOTE = "~"
_STEP = re.compile(r"(?P<name>~?\w+)(?:\[(?P<number>[1-9][0-9]*)\])?\Z")
_ROW_KEYS = frozenset({"from", "to", "as", "keep", "ignore", "items", "rows", "note", "gives"})
_HEAD_KEYS = frozenset({"format", "title", "source"})
_FILE_KEYS = _HEAD_KEYS | {"rows", "words", "made", "absent", "shown"}


class MappingError(ValueError):
    """A mapping file that cannot be meant as it stands; the message names file and row."""


@dataclass(frozen=True, slots=True)
class Step:
    """One name of a target path; `number` is the 1-based item where the name is a list that the path goes through."""

    name: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where a value goes. `from_record`: seen from the record, not from the item around it.

    `node` is the place in the study shape, None for a note.
    """

    text: str
    steps: tuple[Step, ...]
    from_record: bool
    node: Node | None


@dataclass(frozen=True, slots=True)
class Row:
    """One source field (or, with `rows`, one repeated element) and what becomes of it."""

    source: str
    targets: tuple[Target, ...] = ()
    convert: str = "text"
    keep: bool = False
    ignore: str | None = None
    items: Target | None = None
    rows: tuple[Row, ...] = ()
    note: str = ""
    gives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """Study fields that the reader's own code works out."""

    paths: tuple[str, ...]
    sources: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class Absent:
    """A part of the study shape that the format cannot carry."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A field of the study that a record shows also where it is empty, and the source fields that show it."""

    path: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file."""

    format: str
    title: str
    source: str
    rows: tuple[Row, ...]
    words: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: tuple[Made, ...] = ()
    absent: tuple[Absent, ...] = ()
    shown: tuple[Shown, ...] = ()

    def carries(self) -> frozenset[str]:
        """Paths of the study-shape leaves that a record of this format can fill (as Node.path writes them)."""
        paths = set(_carried(self.rows))
        for made in self.made:
            for path in made.paths:
                paths.update(_leaves(shape_node(path)))
        return frozenset(paths)


def _carried(rows: tuple[Row, ...]) -> Iterator[str]:
    for row in rows:
        yield from _carried(row.rows)
        for target in row.targets:
            if target.node is None:
                continue
            for name in row.gives or ("",):
                yield from _leaves(target.node if not name else _child(target.node, name, row.source))


def _leaves(node: Node) -> Iterator[str]:
    if node.leaf_type is not None:
        yield node.path
    for child in node.children:
        yield from _leaves(child)


def _child(node: Node, name: str, where: str) -> Node:
    child = node.child(name)
    if child is None:
        raise MappingError(f"{where}: the study shape has no '{name}' under '{node.path or 'the record'}'")
    return child


def shape_node(path: str) -> Node:
    """The node of the study shape at a path written with or without `[]`. Raises MappingError."""
    node = load_shape()
    for name in path.replace("[]", "").split("."):
        node = _child(node, name, path)
    return node


@cache
def load_mapping(format_name: str) -> Mapping:
    """The mapping of a format. Raises MappingError with the row that cannot be meant."""
    text = files("pipelines.readers").joinpath(f"mappings/{format_name}.yaml").read_text(encoding="utf-8")
    content = load_yaml(text)
    if "rows_of" not in content:
        return parse_mapping(text)
    if set(content) != _HEAD_KEYS | {"rows_of"}:
        raise MappingError(f"{format_name}: beside `rows_of` a mapping has format, title and source, and nothing else")
    return replace(load_mapping(content["rows_of"]), **{key: content[key] for key in _HEAD_KEYS})


def parse_mapping(text: str) -> Mapping:
    """A mapping from the text of its file."""
    content = load_yaml(text)
    unknown = set(content) - _FILE_KEYS
    if unknown:
        raise MappingError(f"{content.get('format')}: no such entry in a mapping: {', '.join(sorted(unknown))}")
    mapping = Mapping(
        format=content["format"],
        title=content["title"],
        source=content["source"],
        rows=tuple(_row(row, load_shape()) for row in content["rows"]),
        words=content.get("words") or {},
        made=tuple(Made(_texts(made["to"]), _texts(made["from"]), made["how"]) for made in content.get("made") or ()),
        absent=tuple(Absent(absent["path"], absent["why"]) for absent in content.get("absent") or ()),
        shown=tuple(Shown(shown["path"], _texts(shown["from"])) for shown in content.get("shown") or ()),
    )
    mapping.carries()  # every path that is named exists
    for path in (*(one.path for one in mapping.absent), *(one.path for one in mapping.shown)):
        shape_node(path)
    return mapping


def _texts(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _row(content: dict[str, Any], context: Node) -> Row:
    source = content.get("from")
    unknown = set(content) - _ROW_KEYS
    if not source or unknown:
        raise MappingError(f"row {content!r:.200}: needs `from`; unknown entries: {sorted(unknown)}")
    items = _target(content["items"], context, source) if "items" in content else None
    inner = items.node if items is not None and items.node is not None else context
    row = Row(
        source=source,
        targets=tuple(_target(text, context, source) for text in _texts(content.get("to") or [])),
        convert=content.get("as", "text"),
        keep=bool(content.get("keep", False)),
        ignore=content.get("ignore"),
        items=items,
        rows=tuple(_row(one, inner) for one in content.get("rows") or ()),
        note=content.get("note", ""),
        gives=_texts(content.get("gives") or []),
    )
    ways = [bool(row.targets), row.keep, row.ignore is not None, bool(row.rows)]
    if sum(ways) != 1 or (items is not None and not row.rows):
        raise MappingError(f"{source}: a row has one of `to`, `keep`, `ignore` or `rows`; `items` goes with `rows`")
    if items is not None and (items.node is None or not items.node.is_list or items.node.leaf_type):
        raise MappingError(f"{source}: '{items.text}' is not a list of structs in the study shape")
    return row


def _target(text: str, context: Node, where: str) -> Target:
    from_record = text.startswith("/")
    steps = []
    node: Node | None = load_shape() if from_record else context
    for part in text.removeprefix("/").split("."):
        match = _STEP.match(part)
        if match is None:
            raise MappingError(f"{where}: '{part}' in '{text}' is not `name` or `name[2]`")
        step = Step(match["name"], int(match["number"]) if match["number"] else None)
        steps.append(step)
        if step.name.startswith(NOTE):
            node = None
            continue
        if node is None:
            raise MappingError(f"{where}: '{text}': nothing lies under a note")
        node = _child(node, step.name, f"{where}: {text}")
        if step.number is not None and (not node.is_list or node.leaf_type is not None):
            raise MappingError(f"{where}: '{step.name}' in '{text}' is no list of structs")
        if node.is_list and step.number is None and part != text.rsplit(".", 1)[-1]:
            raise MappingError(f"{where}: '{step.name}' in '{text}' is a list: say which item, or use `items`")
    return Target(text, tuple(steps), from_record, node)
