"""Records of any tree (XML elements, JSON objects, rows of a table) → the study shape, as a mapping says.

Belongs here: the one walk over a record, which finds for each source field its row, and keeps what has none. Does not:
parsing bytes, anything that one format alone does.

The mapping is compiled into a tree of the source's own names, so that a record is walked once and each element costs
one dictionary access. What no row names is not lost: it is put beside the record under `<format>:<source path>`, which
the study shape does not know, and so is counted as an unknown field.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from pipelines.readers.mapping.converters import CONVERTERS, Converter, Unreadable, split, words
from pipelines.readers.mapping.table import NOTE, Mapping, MappingError, Row, Step, Target

Struct = dict[str, Any]
_Place = tuple[str, int]
"""The item that a value is in, as `arm[2]`, and how much of the value's path that stands for."""
_SELF = "."
_NOWHERE: _Place = ("", 0)


@dataclass(slots=True)
class _Leaf:
    """A row with `to`, ready to run."""

    source: str
    convert: Converter
    targets: tuple[Target, ...]


@dataclass(slots=True)
class _Branch:
    """What is known of one name in the source: rows for its own text, for its children, for each of it as an item."""

    path: str
    leaves: list[_Leaf] = field(default_factory=list)
    keep: bool = False
    ignore: bool = False
    items: Target | None = None
    children: dict[str, _Branch] = field(default_factory=dict)


@dataclass(slots=True)
class _Walk:
    """One record on its way."""

    study: Struct
    unread: dict[str, list[Any]] = field(default_factory=dict)
    kept: list[Struct] = field(default_factory=list)
    states: list[Struct] = field(default_factory=list)
    numbered: list[list[Any]] = field(default_factory=list)


class Mapper:
    """A compiled mapping: source records in, records in the study shape out. May be used by several threads at once."""

    def __init__(self, mapping: Mapping, converters: AnyMapping[str, Converter] | None = None) -> None:
        """`converters` are the format's own, by the names that the mapping uses. Raises MappingError."""
        self.mapping = mapping
        self._converters = CONVERTERS | dict(converters or {})
        self._root = _Branch("")
        for row in mapping.rows:
            self._add(self._root, row)

    def of_xml(self, element: etree._Element) -> Struct:
        """The study of an XML record; namespaces, comments and processing instructions do not count."""
        walk = _Walk({})
        self._xml(element, self._root, walk.study, walk, _NOWHERE)
        return self._finished(walk)

    def of_json(self, record: AnyMapping[str, Any]) -> Struct:
        """The study of a record of objects, lists and scalars; nulls, blank texts and empty lists count as absent."""
        walk = _Walk({})
        self._object(record, self._root, walk.study, walk, _NOWHERE)
        return self._finished(walk)

    def _add(self, branch: _Branch, row: Row) -> None:
        for name in () if row.source == _SELF else row.source.split("/"):
            path = f"{branch.path}/{name}" if branch.path else name
            branch = branch.children.setdefault(name, _Branch(path))
        if row.items is not None and branch.items is not None and branch.items != row.items:
            raise MappingError(f"{self.mapping.format}: {branch.path} is items of two lists")
        branch.items = row.items or branch.items
        branch.keep = branch.keep or row.keep
        branch.ignore = branch.ignore or row.ignore is not None
        for inner in row.rows:
            self._add(branch, inner)
        if row.targets:
            branch.leaves.append(_Leaf(branch.path, self._converter(row), row.targets))

    def _converter(self, row: Row) -> Converter:
        kind, _, argument = row.convert.partition(" ")
        if kind == "words":
            if argument not in self.mapping.words:
                raise MappingError(f"{self.mapping.format}: {row.source}: there is no vocabulary '{argument}'")
            return words(self.mapping.words[argument])
        if kind == "split":
            return split(argument)
        if row.convert not in self._converters:
            raise MappingError(f"{self.mapping.format}: {row.source}: there is no converter '{row.convert}'")
        return self._converters[row.convert]

    def _xml(self, element: etree._Element, branch: _Branch, target: Struct, walk: _Walk, place: _Place) -> None:
        children = branch.children
        for name, value in element.attrib.items():
            self._scalar(value, children.get("@" + _local(name)), f"{branch.path}/@{_local(name)}", target, walk, place)
        for child in element:
            if not isinstance(child.tag, str):
                continue  # type: ignore[unreachable]  # comments and the like have a function for a tag
            tag = _local(child.tag) if child.tag[0] == "{" else child.tag
            inner = children.get(tag)
            if inner is None:
                _unread_xml(child, f"{branch.path}/{tag}" if branch.path else tag, walk)
            elif inner.items is not None:
                self._xml_item(child, inner, target, walk, place)
            else:
                self._xml_element(child, inner, target, walk, place)

    def _xml_element(self, child: etree._Element, branch: _Branch, target: Struct, walk: _Walk, place: _Place) -> None:
        if branch.ignore:
            return
        if branch.leaves or branch.keep:
            text = child.text if not len(child) else "".join(map(str, child.itertext()))
            if text is not None and not text.isspace():
                self._scalar(text, branch, branch.path, target, walk, place)
            if child.attrib:
                self._xml_attributes(child, branch, target, walk, place)
            if branch.children and len(child):
                self._xml(child, branch, target, walk, place)
            return
        if not len(child) and child.text is not None and not child.text.isspace():
            _note_unread(walk, branch.path, child.text.strip())
        if len(child) or child.attrib:
            self._xml(child, branch, target, walk, place)

    def _xml_attributes(
        self, child: etree._Element, branch: _Branch, target: Struct, walk: _Walk, place: _Place
    ) -> None:
        if branch.children and len(child):
            return  # the walk over its children takes them
        for name, value in child.attrib.items():
            known = branch.children.get("@" + _local(name))
            self._scalar(value, known, f"{branch.path}/@{_local(name)}", target, walk, place)

    def _xml_item(self, child: etree._Element, branch: _Branch, target: Struct, walk: _Walk, place: _Place) -> None:
        item: Struct = {}
        items, number = self._items(branch, target, walk)
        self._xml_element(child, branch, item, walk, _item_place(place, branch.path, number))
        if item:
            items.append(item)

    def _items(self, branch: _Branch, target: Struct, walk: _Walk) -> tuple[list[Any], int]:
        assert branch.items is not None
        holder = _holder(branch.items, target, walk)
        items = holder.setdefault(branch.items.steps[-1].name, [])
        walk.numbered.append(items)
        return items, len(items) + 1

    def _object(
        self, record: AnyMapping[str, Any], branch: _Branch, target: Struct, walk: _Walk, place: _Place
    ) -> None:
        for name, value in record.items():
            if value is None or value in ("", [], {}):
                continue
            inner = branch.children.get(name)
            if inner is None:
                _unread_json(value, f"{branch.path}/{name}" if branch.path else name, walk)
            elif not inner.ignore:
                for one in value if isinstance(value, list) else (value,):
                    self._json_value(one, inner, target, walk, place)

    def _json_value(self, value: Any, branch: _Branch, target: Struct, walk: _Walk, place: _Place) -> None:
        if isinstance(value, list):
            for one in value:
                self._json_value(one, branch, target, walk, place)
            return
        if branch.items is not None:
            items, number = self._items(branch, target, walk)
            item: Struct = {}
            self._json_content(value, branch, item, walk, _item_place(place, branch.path, number))
            if item:
                items.append(item)
            return
        self._json_content(value, branch, target, walk, place)

    def _json_content(self, value: Any, branch: _Branch, target: Struct, walk: _Walk, place: _Place) -> None:
        if isinstance(value, dict):
            if branch.keep and not branch.children:
                for path, leaf in _flat(value, branch.path):
                    self._keep(path, leaf, walk, place)
            else:
                self._object(value, branch, target, walk, place)
        elif value is not None and not (isinstance(value, str) and not value.strip()):
            self._scalar(value, branch, branch.path, target, walk, place)

    def _scalar(
        self, value: Any, branch: _Branch | None, path: str, target: Struct, walk: _Walk, place: _Place
    ) -> None:
        if branch is None or not (branch.leaves or branch.keep or branch.ignore):
            _note_unread(walk, path, value.strip() if isinstance(value, str) else value)
            return
        if branch.keep:
            self._keep(path, value, walk, place)
        for leaf in branch.leaves:
            try:
                found = leaf.convert(value)
            except Unreadable as refusal:
                for goal in leaf.targets:
                    walk.states.append(_state(goal, refusal, leaf.source, value))
                continue
            if found is None or found == "" or found == []:
                continue
            for goal in leaf.targets:
                if not _put(goal, found, target, walk):
                    self._keep(path, value, walk, place)

    @staticmethod
    def _keep(path: str, value: Any, walk: _Walk, place: _Place) -> None:
        text = value.strip() if isinstance(value, str) else CONVERTERS["text"](value)
        walk.kept.append({"path": path, "place": place[0] + path[place[1] :], "value": text})

    def _finished(self, walk: _Walk) -> Struct:
        study = walk.study
        for items in walk.numbered:
            items[:] = [item for item in items if item != {}]
        section = study.setdefault("registrySection", {}) if walk.kept or walk.states else {}
        if walk.kept:
            section.setdefault("sourceFields", []).extend(walk.kept)
        if walk.states:
            section.setdefault("fieldStates", []).extend(walk.states)
        for path, values in walk.unread.items():
            study[f"{self.mapping.format}:{path}"] = values[0] if len(values) == 1 else values
        return study


def _local(name: Any) -> str:
    text = str(name)
    return text.rpartition("}")[2]


def _item_place(place: _Place, path: str, number: int) -> _Place:
    return f"{place[0]}{path[place[1] :]}[{number}]", len(path)


def _holder(goal: Target, target: Struct, walk: _Walk) -> Struct:
    """The struct that holds the last step of a target path, made where it is not there yet."""
    holder = walk.study if goal.from_record else target
    for step in goal.steps[:-1]:
        holder = _stepped(holder, step, walk)
    return holder


def _stepped(holder: Struct, step: Step, walk: _Walk) -> Struct:
    if step.number is None:
        inner: Struct = holder.setdefault(step.name, {})
        return inner
    items: list[Struct] = holder.setdefault(step.name, [])
    walk.numbered.append(items)
    while len(items) < step.number:
        items.append({})
    return items[step.number - 1]


def _put(goal: Target, value: Any, target: Struct, walk: _Walk) -> bool:
    """Put a value in its place; False where another one stands there already."""
    holder = _holder(goal, target, walk)
    name = goal.steps[-1].name
    if name.startswith(NOTE) or (goal.node is not None and goal.node.is_list and goal.steps[-1].number is None):
        holder.setdefault(name, []).extend(value if isinstance(value, list) else [value])
        return True
    if isinstance(value, dict):
        inner = _stepped(holder, goal.steps[-1], walk)
        inner.update({key: one for key, one in value.items() if one is not None and key not in inner})
        return True
    if name in holder:
        return bool(holder[name] == value)
    holder[name] = value
    return True


def _state(goal: Target, refusal: Unreadable, label: str, value: Any) -> Struct:
    field_path = goal.node.path if goal.node is not None else goal.text
    verbatim = value if isinstance(value, str) else CONVERTERS["text"](value)
    return {"field": field_path, "state": refusal.state, "label": label, "verbatim": verbatim, "reason": str(refusal)}


def _note_unread(walk: _Walk, path: str, value: Any) -> None:
    walk.unread.setdefault(path, []).append(value)


def _unread_xml(element: etree._Element, path: str, walk: _Walk) -> None:
    for name, value in element.attrib.items():
        _note_unread(walk, f"{path}/@{_local(name)}", value)
    if element.text is not None and not element.text.isspace():
        _note_unread(walk, path, element.text.strip())
    for child in element:
        if isinstance(child.tag, str):
            _unread_xml(child, f"{path}/{_local(child.tag)}", walk)


def _unread_json(value: Any, path: str, walk: _Walk) -> None:
    for place, leaf in _flat(value, path):
        _note_unread(walk, place, leaf)


def _flat(value: Any, path: str) -> list[tuple[str, Any]]:
    """(path, scalar) of every leaf that is there, deep structures without recursion."""
    found: list[tuple[str, Any]] = []
    waiting = [(path, value)]
    while waiting:
        place, one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend((f"{place}/{name}", inner) for name, inner in reversed(one.items()))
        elif isinstance(one, list):
            waiting.extend((place, inner) for inner in reversed(one))
        elif one is not None and one != "":
            found.append((place, one))
    return found
