"""The walk over a record of JSON objects, lists and scalars, or over one that somebody made into such.

Belongs here: finding for each name its row. Does not: XML (walk.py), what becomes of a value (take.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from typing import Any

from pipelines.readers.mapping.plan import Branch
from pipelines.readers.mapping.put import Place, Struct, Walk
from pipelines.readers.mapping.take import take_text, take_value


def in_order(names: Iterable[str], branch: Branch) -> list[str]:
    """Names in the order of the mapping, then those that it does not have, by name.

    The names of a JSON object and the columns of a table have no order that says anything; what several of them give
    together, and which of two comes first, must not depend on the program that wrote them.
    """
    rank = branch.rank
    try:
        return sorted(names, key=rank.__getitem__)
    except KeyError:
        return sorted(names, key=lambda name: (rank.get(name, len(rank)), name))


def json_object(record: AnyMapping[str, Any], branch: Branch, target: Struct, walk: Walk, place: Place) -> None:
    known = branch.children
    for name in in_order(record, branch):
        value = record[name]
        inner = known.get(name)
        if inner is not None and inner.simple and type(value) is str:
            if inner.simple in target:
                take_text(value, inner, target, walk, place)
                continue
            found = value.strip() if inner.memo is None else inner.memo.get(value)
            if found:
                target[inner.simple] = found
            elif value:
                take_text(value, inner, target, walk, place)
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
        json_object(value, branch, item, walk, (place, branch.path, len(items) + 1))
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
            json_object(value, branch, target, walk, place)
    elif isinstance(value, str):
        if branch.key:
            take_text(value, branch, target, walk, place)
        elif value.strip():
            take_value(value, branch, branch.path, target, walk, place)
    elif value is not None:
        take_value(value, branch, branch.path, target, walk, place)


def _unread_json(value: Any, path: str, walk: Walk) -> None:
    for place, leaf in _flat(value, path):
        walk.unforeseen(place, leaf)


def _flat(value: Any, path: str) -> list[tuple[str, Any]]:
    """(path, scalar) of every leaf that is there, blank texts are not; deep structures without recursion."""
    found: list[tuple[str, Any]] = []
    waiting = [(path, value)]
    while waiting:
        place, one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend((f"{place}/{name}", one[name]) for name in sorted(one, reverse=True))
        elif isinstance(one, list):
            waiting.extend((place, inner) for inner in reversed(one))
        elif one is not None and one != "" and not (isinstance(one, str) and one.isspace()):
            found.append((place, one))
    return found
