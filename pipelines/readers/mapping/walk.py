"""Records of any tree (XML elements, JSON objects, rows of a table) → the study shape, as a mapping says.

Belongs here: the walk over a record, which finds for each source field its row, and keeps what has none; the one over
JSON is in walk_json.py. Does not: parsing bytes, anything that one format alone does.

The mapping is compiled into a tree of the source's own names (plan.py), so that a record is walked once and each
element costs one dictionary access. What no row names is not lost: it is put beside the record under
`<format>:<source path>`, which the study shape does not know, and so is counted as an unknown field.

An XML record holds hundreds of elements, so the walk over them has a short way for the plain ones (one value, one
place), written out where a call for each would cost as much as the rest (twice the speed, 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from typing import Any

from lxml import etree

from pipelines.readers.mapping.converters import CONVERTERS, Converter, Unreadable
from pipelines.readers.mapping.plan import Branch, compile_rows
from pipelines.readers.mapping.put import Place, Struct, Walk
from pipelines.readers.mapping.shown import ShownFields
from pipelines.readers.mapping.table import Mapping
from pipelines.readers.mapping.take import take_text, take_value
from pipelines.readers.mapping.walk_json import json_object

_ABOUT_THE_SCHEMA = frozenset({"schemaLocation", "noNamespaceSchemaLocation"})
"""Attributes that any XML document may have, which say nothing of what it holds."""

Element = Any
"""An lxml element: its stubs give bytes where the library gives text."""


class Mapper:
    """A compiled mapping: source records in, records in the study shape out. May be used by several threads at once."""

    def __init__(self, mapping: Mapping, converters: AnyMapping[str, Converter] | None = None) -> None:
        """`converters` are the format's own, by the names that the mapping uses; each gives the same for the same text.

        Raises MappingError.
        """
        self.mapping = mapping
        self._root = compile_rows(mapping, CONVERTERS | dict(converters or {}))
        self.shown = ShownFields(mapping, self._root)

    def of_xml(self, element: etree._Element) -> Struct:
        """The study of an XML record; namespaces, comments and processing instructions do not count."""
        walk = Walk({})
        _attributes(element, self._root, walk.study, walk, None)
        _children(element, self._root, walk.study, walk, None)
        return walk.finished(self.mapping.format)

    def of_json(self, record: AnyMapping[str, Any]) -> Struct:
        """The study of a record of objects, lists and scalars; nulls, blank texts and empty lists count as absent."""
        walk = Walk({})
        json_object(record, self._root, walk.study, walk, None)
        return walk.finished(self.mapping.format)


def _children(  # noqa: C901  the short way is written out
    element: Element, branch: Branch, target: Struct, walk: Walk, place: Place
) -> None:
    known = branch.children
    for child in element:
        inner = known.get(child.tag)
        if inner is None:
            _namesake(child, branch, target, walk, place)
        elif inner.simple and not len(child):
            text = child.text
            if text is None:
                pass
            elif inner.simple in target:
                take_text(text, inner, target, walk, place)
            elif inner.memo is None:
                text = text.strip()
                if text:
                    target[inner.simple] = text
            else:
                found = inner.memo.get(text)
                if found is None:
                    take_text(text, inner, target, walk, place)
                else:
                    target[inner.simple] = found
            if child.keys():
                _attributes(child, inner, target, walk, place)
        elif inner.items is not None:
            _item(child, inner, target, walk, place)
        elif inner.ignore:
            pass
        elif inner.reads_text or child.keys():
            _element(child, inner, target, walk, place)
        else:
            text = child.text
            if text is not None and not text.isspace():
                walk.unforeseen(inner.path, text.strip())
            _children(child, inner, target, walk, place)


def _namesake(child: Element, branch: Branch, target: Struct, walk: Walk, place: Place) -> None:
    """An element whose tag no row names as it stands: a comment, one of a namespace, or one that nobody foresaw."""
    if not isinstance(child.tag, str):
        return  # comments and the like have a function for a tag
    tag = _local(child.tag)
    inner = branch.children.get(tag)
    if inner is None:
        _unread_xml(child, f"{branch.path}/{tag}" if branch.path else tag, walk)
    elif inner.items is not None:
        _item(child, inner, target, walk, place)
    else:
        _element(child, inner, target, walk, place)


def _element(child: Element, branch: Branch, target: Struct, walk: Walk, place: Place) -> None:
    if branch.ignore:
        return
    _element_text(child, branch, target, walk, place)
    if child.keys():
        _attributes(child, branch, target, walk, place)
    if len(child) and (branch.has_elements or not branch.reads_text):
        _children(child, branch, target, walk, place)


def _element_text(child: Element, branch: Branch, target: Struct, walk: Walk, place: Place) -> None:
    """The text of an element: all in it, or, where its children have rows of their own, what stands before them."""
    text = child.text
    if len(child) and branch.reads_text and not branch.has_elements:
        text = "".join(map(str, child.itertext()))
    if text is None or text.isspace():
        return
    if branch.key:
        take_text(text, branch, target, walk, place)
    elif branch.reads_text:
        take_value(text, branch, branch.path, target, walk, place)
    else:
        walk.unforeseen(branch.path, text.strip())


def _attributes(element: Element, branch: Branch, target: Struct, walk: Walk, place: Place) -> None:
    known = branch.attributes
    for name, value in element.items():
        inner = known.get(name)
        if inner is None:
            name = _local(name)
            inner = known.get(name)
            if inner is None and name in _ABOUT_THE_SCHEMA:
                continue
        if inner is not None and inner.key:
            take_text(value, inner, target, walk, place)
        elif inner is None or not (value == "" or value.isspace()):
            take_value(value, inner, f"{branch.path}/@{name}", target, walk, place)


def _item(child: Element, branch: Branch, target: Struct, walk: Walk, place: Place) -> None:
    if branch.items_key:
        name = branch.items_key
        for step in branch.items_way:
            target = target.setdefault(step, {})
    else:
        assert branch.items is not None
        target, name = walk.holder(branch.items, target), branch.items.steps[-1].name
    items = target.get(name)
    if child.text is not None or len(child):
        item: Struct = {}
        inner = (place, branch.path, 1 if items is None else len(items) + 1)
        if branch.reads_text or child.text is not None or child.keys():
            _element(child, branch, item, walk, inner)
        else:
            _children(child, branch, item, walk, inner)
    else:
        item = _attributes_at_once(child, branch, walk, (place, branch.path, 1 if items is None else len(items) + 1))
    if item:
        if items is None:
            target.setdefault(name, []).append(item)
        else:
            items.append(item)


def _attributes_at_once(child: Element, branch: Branch, walk: Walk, place: Place) -> Struct:
    """An item that has attributes only: mostly simple ones, whose values have been converted before."""
    item: Struct = {}
    known = branch.at_once
    try:
        for name, value in child.items():
            key, memo = known[name]
            item[key] = value.strip() if memo is None else memo[value]
    except (KeyError, Unreadable):
        item = {}
        _attributes(child, branch, item, walk, place)
        return item
    found = item.values()
    if None in found or "" in found:
        return {key: value for key, value in item.items() if value is not None and value != ""}
    return item


def _local(name: Any) -> str:
    return str(name).rpartition("}")[2]


def _unread_xml(element: Element, path: str, walk: Walk) -> None:
    for name, value in element.attrib.items():
        walk.unforeseen(f"{path}/@{_local(name)}", value)
    if element.text is not None and not element.text.isspace():
        walk.unforeseen(path, element.text.strip())
    for child in element:
        if isinstance(child.tag, str):
            _unread_xml(child, f"{path}/{_local(child.tag)}", walk)
