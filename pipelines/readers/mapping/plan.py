"""A mapping made ready to run: a tree of the source's own names, with each row's converter and place beside its name.

Belongs here: compiling rows, and telling which of them are plain enough for the short way through the walk. Does not:
walking (walk.py), the language of mappings (table.py).
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.readers.mapping.converters import Converter, split, text, words
from pipelines.readers.mapping.table import NOTE, Mapping, MappingError, Row, Target

_SELF = "."
_MEMO_CHARACTERS = 4_000
_MEMO_SHORT = 64
_MEMO_WEIGHT = 2_000
_FIXED = (str, int, float)


@dataclass(slots=True)
class Leaf:
    """A row with `to`, ready to run."""

    source: str
    convert: Converter
    targets: tuple[Target, ...]


@dataclass(slots=True)
class Branch:
    """What is known of one name in the source: rows for its own text, for its children, for each of it as an item.

    The rest is worked out by `settle`. `key` is set where the text has one place, which holds one value, or is added to
    a list of values if `adds`: then `way` are the names that lead there and `memo` has values converted before (None
    where the text is taken as it stands); `simple` is the key where there is no way to go and nothing to add to.
    `at_once` has key and memo of the attributes that are simple; `rank` is the order of the children in the mapping.
    """

    path: str
    leaves: list[Leaf] = field(default_factory=list)
    keep: bool = False
    ignore: bool = False
    items: Target | None = None
    children: dict[str, Branch] = field(default_factory=dict)
    rank: dict[str, int] = field(default_factory=dict)
    attributes: dict[str, Branch] = field(default_factory=dict)
    has_elements: bool = False
    reads_text: bool = False
    key: str = ""
    simple: str = ""
    adds: bool = False
    way: tuple[str, ...] = ()
    memo: Memo | None = None
    items_key: str = ""
    items_way: tuple[str, ...] = ()
    at_once: dict[str, tuple[str, Memo | None]] = field(default_factory=dict)

    def settle(self) -> None:
        """Work out what the walk asks of a branch, for this one and all below it."""
        self.rank = {name: number for number, name in enumerate(self.children)}
        self.attributes = {name[1:]: child for name, child in self.children.items() if name[0] == "@"}
        self.has_elements = len(self.attributes) < len(self.children)
        self.reads_text = bool(self.leaves or self.keep)
        if len(self.leaves) == 1 and not self.keep and not self.ignore and self.items is None:
            leaf = self.leaves[0]
            goal = leaf.targets[0]
            is_numbered = any(step.number for step in goal.steps)
            adds = goal.node is not None and goal.node.is_list and leaf.convert is text and not is_numbered
            if len(leaf.targets) == 1 and not goal.from_record and (holds_one(goal) or adds):
                self.adds = adds
                self.way = tuple(step.name for step in goal.steps[:-1])
                self.key = goal.steps[-1].name
                self.simple = "" if self.way or adds else self.key
                self.memo = None if leaf.convert is text else Memo(leaf.convert)
        if self.items is not None and not self.items.from_record and not any(one.number for one in self.items.steps):
            self.items_way = tuple(step.name for step in self.items.steps[:-1])
            self.items_key = self.items.steps[-1].name
        for child in self.children.values():
            child.settle()
        plain = {name: child for name, child in self.attributes.items() if child.simple}
        if len({child.simple for child in plain.values()}) == len(plain):
            self.at_once = {name: (child.simple, child.memo) for name, child in plain.items()}


class Memo(dict[str, Any]):
    """What a converter gave for a text. Short texts and values that cannot change are remembered, not endlessly many.

    Blank texts and those known to mean nothing give None; they are not remembered, nor is what cannot be read. May be
    used by several threads at once: at worst a text is converted twice.
    """

    __slots__ = ("_convert", "_weight")

    def __init__(self, convert: Converter) -> None:
        super().__init__()
        self._convert = convert
        self._weight = 0

    def __missing__(self, text: str) -> Any:
        if not text or text.isspace():
            return None
        found = self._convert(text)
        if len(text) <= _MEMO_CHARACTERS and isinstance(found, _FIXED) and found != "":
            self._weight += 1 + len(text) // _MEMO_SHORT
            if self._weight > _MEMO_WEIGHT:
                self.clear()
                self._weight = 0
            self[text] = found
        return found


def holds_one(goal: Target) -> bool:
    """Whether a target is one scalar that no list lies on the way to."""
    last = goal.steps[-1].name
    return (
        goal.node is not None
        and goal.node.leaf_type is not None
        and not goal.node.is_list
        and not last.startswith(NOTE)
        and all(step.number is None for step in goal.steps)
    )


def compile_rows(mapping: Mapping, converters: AnyMapping[str, Converter]) -> Branch:
    """The tree of a mapping's rows. Raises MappingError where rows contradict each other or name no converter."""
    root = Branch("")
    for row in mapping.rows:
        _add(root, row, mapping, converters)
    root.settle()
    return root


def _add(branch: Branch, row: Row, mapping: Mapping, converters: AnyMapping[str, Converter]) -> None:
    for name in () if row.source == _SELF else row.source.split("/"):
        path = f"{branch.path}/{name}" if branch.path else name
        branch = branch.children.setdefault(name, Branch(path))
    if row.items is not None and branch.items is not None and branch.items != row.items:
        raise MappingError(f"{mapping.format}: {branch.path} is items of two lists")
    branch.items = row.items or branch.items
    branch.keep = branch.keep or row.keep
    branch.ignore = branch.ignore or row.ignore is not None
    for inner in row.rows:
        _add(branch, inner, mapping, converters)
    if row.targets:
        branch.leaves.append(Leaf(branch.path, _converter(row, mapping, converters), row.targets))


def _converter(row: Row, mapping: Mapping, converters: AnyMapping[str, Converter]) -> Converter:
    kind, _, argument = row.convert.partition(" ")
    if kind == "words":
        if argument not in mapping.words:
            raise MappingError(f"{mapping.format}: {row.source}: there is no vocabulary '{argument}'")
        return words(mapping.words[argument])
    if kind == "split":
        return split(argument)
    if row.convert not in converters:
        raise MappingError(f"{mapping.format}: {row.source}: there is no converter '{row.convert}'")
    return converters[row.convert]
