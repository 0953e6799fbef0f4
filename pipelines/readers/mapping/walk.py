"""Records of any tree (XML elements, JSON objects, rows of a table) → the study shape, as a mapping says.

Belongs here: the one walk over a record, which finds for each source field its row, and keeps what has none. Does not:
parsing bytes, anything that one format alone does.

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
from pipelines.readers.mapping.table import Mapping

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

    def of_xml(self, element: etree._Element) -> Struct:
        """The study of an XML record; namespaces, comments and processing instructions do not count."""
        walk = Walk({})
        _attributes(element, self._root, walk.study, walk, None)
        _children(element, self._root, walk.study, walk, None)
        return walk.finished(self.mapping.format)

    def of_json(self, record: AnyMapping[str, Any]) -> Struct:
        """The study of a record of objects, lists and scalars; nulls, blank texts and empty lists count as absent."""
        walk = Walk({})
        _object(record, self._root, walk.study, walk, None)
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
                _plain(text, inner, target, walk, place)
            elif inner.memo is None:
                text = text.strip()
                if text:
                    target[inner.simple] = text
            else:
                found = inner.memo.get(text)
                if found is None:
                    _plain(text, inner, target, walk, place)
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


def _plain(text: str, branch: Branch, target: Struct, walk: Walk, place: Place) -> None:
    """A text that has one place; where it cannot be read it is left to _scalar."""
    if branch.memo is None:
        found: Any = text.strip()
    elif text.isspace():
        return
    else:
        try:
            found = branch.memo[text]
        except Unreadable:
            _scalar(text, branch, branch.path, target, walk, place)
            return
    if found is None or found == "":
        return
    for name in branch.way:
        target = target.setdefault(name, {})
    if branch.adds:
        target.setdefault(branch.key, []).append(found)
    elif branch.key in target:
        _second(found, text, branch, target, walk, place)
    else:
        target[branch.key] = found


def _second(found: Any, text: str, branch: Branch, holder: Struct, walk: Walk, place: Place) -> None:
    """A second value for one place: kept beside, unless it says the same or nothing."""
    if found is not None and found != "" and holder[branch.key] != found:
        walk.keep(branch.path, text, place)


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
        _plain(text, branch, target, walk, place)
    elif branch.reads_text:
        _scalar(text, branch, branch.path, target, walk, place)
    else:
        walk.unforeseen(branch.path, text.strip())


def _attributes(element: Element, branch: Branch, target: Struct, walk: Walk, place: Place) -> None:
    known = branch.attributes
    for name, value in element.items():
        inner = known.get(name)
        if inner is None:
            name = _local(name)
            inner = known.get(name)
        if inner is not None and inner.key:
            _plain(value, inner, target, walk, place)
        elif inner is None or not (value == "" or value.isspace()):
            _scalar(value, inner, f"{branch.path}/@{name}", target, walk, place)


def _item(child: Element, branch: Branch, target: Struct, walk: Walk, place: Place) -> None:
    item: Struct = {}
    if child.text is None and not len(child) and _attributes_at_once(child, branch, item):
        _append(item, branch, target, walk)
        return
    if branch.items_key and not branch.items_way:
        items = target.get(branch.items_key)
    else:
        assert branch.items is not None
        items = walk.holder(branch.items, target).get(branch.items.steps[-1].name)
    inner = (place, branch.path, 1 if items is None else len(items) + 1)
    if branch.reads_text or child.text is not None or child.keys():
        _element(child, branch, item, walk, inner)
    else:
        _children(child, branch, item, walk, inner)
    if item:
        _append(item, branch, target, walk)


def _append(item: Struct, branch: Branch, target: Struct, walk: Walk) -> None:
    if branch.items_key:
        for step in branch.items_way:
            target = target.setdefault(step, {})
        name = branch.items_key
    else:
        assert branch.items is not None
        target, name = walk.holder(branch.items, target), branch.items.steps[-1].name
    items = target.get(name)
    if items is None:
        target[name] = [item]
    else:
        items.append(item)


def _attributes_at_once(child: Element, branch: Branch, item: Struct) -> bool:
    """Put the attributes of an item that has nothing else into it; False, and nothing put, where one is not plain.

    They come in few shapes, and their values have mostly been converted before.
    """
    names = tuple(child.keys())
    shape = branch.shapes.get(names)
    if shape is None:
        shape = branch.shape(names)
    try:
        for (key, memo), value in zip(shape, child.values(), strict=False):
            item[key] = value.strip() if memo is None else memo[value]
    except Unreadable:
        item.clear()
        return False
    found = item.values()
    if None in found or "" in found:
        item.clear()
    return bool(item)


def _object(record: AnyMapping[str, Any], branch: Branch, target: Struct, walk: Walk, place: Place) -> None:
    known = branch.children
    for name, value in record.items():
        inner = known.get(name)
        if inner is not None and inner.simple and type(value) is str:
            if inner.simple in target:
                _plain(value, inner, target, walk, place)
                continue
            found = value.strip() if inner.memo is None else inner.memo.get(value)
            if found:
                target[inner.simple] = found
            elif value:
                _plain(value, inner, target, walk, place)
        elif value is None or value in ("", [], {}):
            continue
        elif inner is None:
            _unread_json(value, f"{branch.path}/{name}" if branch.path else name, walk)
        elif inner.items_key and type(value) is list:
            _json_items(value, inner, target, walk, place)
        elif not inner.ignore:
            for one in value if isinstance(value, list) else (value,):
                _json_value(one, inner, target, walk, place)


def _json_items(values: list[Any], branch: Branch, target: Struct, walk: Walk, place: Place) -> None:
    """The items of a list, each as _json_value would take it."""
    assert branch.items is not None
    holder, name = walk.holder(branch.items, target), branch.items_key
    items: list[Any] = holder.get(name) or []
    for value in values:
        if type(value) is not dict:
            _json_value(value, branch, target, walk, place)
            items = holder.get(name) or []
            continue
        item: Struct = {}
        _object(value, branch, item, walk, (place, branch.path, len(items) + 1))
        if item:
            items.append(item)
            holder[name] = items


def _json_value(value: Any, branch: Branch, target: Struct, walk: Walk, place: Place) -> None:
    if isinstance(value, list):
        for one in value:
            _json_value(one, branch, target, walk, place)
        return
    if branch.items is None:
        _json_content(value, branch, target, walk, place)
        return
    holder, name = walk.holder(branch.items, target), branch.items.steps[-1].name
    item: Struct = {}
    _json_content(value, branch, item, walk, (place, branch.path, len(holder.get(name, ())) + 1))
    if item:
        holder.setdefault(name, []).append(item)


def _json_content(value: Any, branch: Branch, target: Struct, walk: Walk, place: Place) -> None:
    if isinstance(value, dict):
        if branch.keep and not branch.children:
            for path, leaf in _flat(value, branch.path):
                walk.keep(path, leaf, place)
        else:
            _object(value, branch, target, walk, place)
    elif isinstance(value, str):
        if branch.key:
            _plain(value, branch, target, walk, place)
        elif value.strip():
            _scalar(value, branch, branch.path, target, walk, place)
    elif value is not None:
        _scalar(value, branch, branch.path, target, walk, place)


def _scalar(value: Any, branch: Branch | None, path: str, target: Struct, walk: Walk, place: Place) -> None:
    if branch is None or not (branch.reads_text or branch.ignore):
        walk.unforeseen(path, value.strip() if isinstance(value, str) else value)
        return
    if branch.keep:
        walk.keep(path, value, place)
    for leaf in branch.leaves:
        try:
            found = leaf.convert(value)
        except Unreadable as refusal:
            for goal in leaf.targets:
                walk.refuse(goal, refusal, leaf.source, value)
            continue
        if found is None or found == "" or found == []:
            continue
        for goal in leaf.targets:
            if not walk.put(goal, found, target):
                walk.keep(path, value, place)


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


def _unread_json(value: Any, path: str, walk: Walk) -> None:
    for place, leaf in _flat(value, path):
        walk.unforeseen(place, leaf)


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
