"""One column of a table → its places in the study shape: the steps of columns.py.

Belongs here: what is done with a cell, or with the parts that it was taken apart into, where nothing is out of the
ordinary. Does not: which columns there are (columns.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pipelines.readers.mapping.converters import text as plain_text
from pipelines.readers.mapping.plan import Branch, Leaf, Memo, holds_one
from pipelines.readers.mapping.put import Struct
from pipelines.readers.mapping.table import Target

Kept = list[Struct]
Step = Callable[[Struct, Kept, Any], None]
"""Puts a value into a study; what is to be kept as it stands goes to the list."""
_Part = tuple[str, Callable[[Any], Any], str]
"""Where a part of an item goes (empty: it is kept as it stands), by which converter, and its path in the source."""
_MEMO_ENTRIES = 512
_MEMO_CHARACTERS = 200


class OutOfTheOrdinary(Exception):
    """The Mapper is to take this row."""


def unforeseen(_study: Struct, _kept: Kept, _value: Any) -> None:
    """The step of what no row names."""
    raise OutOfTheOrdinary


def _nothing(_study: Struct, _kept: Kept, _value: Any) -> None:
    return


def step_of(branch: Branch) -> Step:
    """What is done with the values of a branch of the mapping."""
    if branch.ignore:
        return _nothing
    if branch.items is not None:
        return _items(branch)
    puts = [_put(leaf, goal) for leaf in branch.leaves for goal in leaf.targets]
    if branch.keep:
        puts.append(_keep(branch))
    own = puts[0] if len(puts) == 1 else _all(puts) if puts else unforeseen
    if not branch.children:
        return own
    parts = {name: step_of(child) for name, child in branch.children.items()}

    def step(study: Struct, kept: Kept, value: Any) -> None:
        if type(value) is not dict:
            own(study, kept, value)
            return
        for name, part in value.items():
            if part is not None and part != "" and part != []:
                parts.get(name, unforeseen)(study, kept, part)

    return step


def _all(puts: Sequence[Step]) -> Step:
    def step(study: Struct, kept: Kept, value: Any) -> None:
        for put in puts:
            put(study, kept, value)

    return step


def _keep(branch: Branch) -> Step:
    path = branch.path

    def step(_study: Struct, kept: Kept, value: Any) -> None:
        for one in value if type(value) is list else (value,):
            kept.append({"path": path, "place": path, "value": one.strip()})

    return step


def converter_of(leaf: Leaf) -> Callable[[Any], Any]:
    """A row's converter, which remembers what it gave for short texts."""
    if leaf.convert is plain_text:
        return str.strip
    if leaf.targets[0].node is not None and leaf.targets[0].node.leaf_type is None:
        return _StructMemo(leaf.convert)
    memo = Memo(leaf.convert)
    return memo.__getitem__


class _StructMemo:
    """What a converter gave for a short text, each time as a struct of its own."""

    def __init__(self, convert: Callable[[Any], Struct]) -> None:
        self._convert = convert
        self._found: dict[str, Struct] = {}

    def __call__(self, value: str) -> Struct:
        found = self._found.get(value)
        if found is None:
            found = self._convert(value)
            if len(value) <= _MEMO_CHARACTERS and len(self._found) < _MEMO_ENTRIES:
                self._found[value] = found
        return {key: _copied(one) for key, one in found.items() if one is not None}


def _copied(value: Any) -> Any:
    return value.copy() if isinstance(value, dict | list) else value


def _put(leaf: Leaf, goal: Target) -> Step:
    convert = converter_of(leaf)
    way = tuple(step.name for step in goal.steps[:-1])
    key = goal.steps[-1].name
    if goal.from_record or goal.node is None or any(one.number for one in goal.steps):
        return unforeseen
    if goal.node.leaf_type is None:
        return _struct(convert, (*way, key))
    adds = not holds_one(goal)

    def step(study: Struct, _kept: Kept, value: Any) -> None:
        found = [convert(value)] if type(value) is not list else [convert(one) for one in value]
        if None in found or "" in found:
            found = [one for one in found if one is not None and one != ""]
        if not found:
            return
        holder = study
        for name in way:
            holder = holder.setdefault(name, {})
        if adds:
            holder.setdefault(key, []).extend(found)
        elif key in holder or len(found) > 1:
            raise OutOfTheOrdinary
        else:
            holder[key] = found[0]

    return step


def _struct(convert: Callable[[Any], Any], way: Sequence[str]) -> Step:
    def step(study: Struct, _kept: Kept, value: Any) -> None:
        if type(value) is list:
            if len(value) > 1:
                raise OutOfTheOrdinary
            value = value[0]
        found = convert(value)
        holder = study
        for name in way:
            holder = holder.setdefault(name, {})
        if not found or not holder.keys().isdisjoint(found):
            raise OutOfTheOrdinary
        holder.update(found)

    return step


def _items(branch: Branch) -> Step:
    own, parts = _parts(branch)
    if not branch.items_key or (own is None and not parts):
        return unforeseen
    way, key, path = branch.items_way, branch.items_key, branch.path

    def step(study: Struct, kept: Kept, value: Any) -> None:
        values = value if type(value) is list else [value]
        if type(values[0]) is dict:
            items = [_item(one, parts, f"{path}[{number}]", kept) for number, one in enumerate(values, start=1)]
        elif own is None:
            raise OutOfTheOrdinary
        else:
            into, convert, _ = own
            found = [convert(one) for one in values]
            if None in found or "" in found:
                raise OutOfTheOrdinary
            items = [{into: one} for one in found]
        holder = study
        for name in way:
            holder = holder.setdefault(name, {})
        if key in holder:
            raise OutOfTheOrdinary
        holder[key] = items

    return step


def _item(value: Struct, parts: dict[str, _Part], place: str, kept: Kept) -> Struct:
    item: Struct = {}
    for name, part in value.items():
        if part is None or part == "":
            continue
        known = parts.get(name)
        if known is None:
            raise OutOfTheOrdinary
        into, convert, path = known
        found = convert(part)
        if found is None or found == "":
            raise OutOfTheOrdinary
        if into:
            item[into] = found
        else:
            kept.append({"path": path, "place": f"{place}/{name}", "value": found})
    if not item:
        raise OutOfTheOrdinary
    return item


def _parts(branch: Branch) -> tuple[_Part | None, dict[str, _Part]]:
    """How an item's own text and its parts are put; (None, {}) where one of them is not plain."""
    own = _plain(branch)
    parts: dict[str, _Part] = {}
    for name, child in branch.children.items():
        if child.keep and not (child.leaves or child.children):
            parts[name] = ("", str.strip, child.path)
            continue
        part = _plain(child)
        if part is None or child.keep or child.items is not None or child.children:
            return None, {}
        parts[name] = part
    return own, parts


def _plain(branch: Branch) -> _Part | None:
    leaves = branch.leaves
    if len(leaves) != 1 or len(leaves[0].targets) != 1:
        return None
    goal = leaves[0].targets[0]
    if goal.from_record or len(goal.steps) != 1 or not holds_one(goal):
        return None
    convert = leaves[0].convert
    return goal.steps[0].name, str.strip if convert is plain_text else _by_value(convert), branch.path


def _by_value(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Parts may be truth values and numbers as well, of which 1 and true would be the same key of a memo."""
    memo = Memo(convert)
    return lambda value: memo[value] if type(value) is str else convert(value)
