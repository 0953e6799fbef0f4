"""The study shape, read from shape.yaml and sections/, and the rule that derives staged tables from it.

Belongs here: the tree of fields, the names of tables and columns, their types. Does not: reading records
(pipelines/readers), moving values into tables (pipelines/staging), DuckDB.

The rule. A list becomes a child table, any other leaf a column of the table it hangs under. A table is named after the
words of its path (sections and modules leave no word unless shape.yaml gives them one, `Struct` and `Info` endings are
dropped, a word that repeats the one before is said once): `protocolSection.statusModule.startDateStruct.date` is
`study.start_date`, `armGroups[].interventionNames[]` is `arm_group_intervention_name.intervention_name`.
Every staged table begins with `version_id` (the record version a row belongs to); child tables go on with the 1-based
position of each ancestor item (`outcome_measure_position`) and end their key with the row's own `position`.
A date leaf gives four columns: the text as it came, and `_earliest`, `_latest`, `_precision`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from pipelines.yaml_text import load_yaml

DATE_TYPES = frozenset({"date", "partial_date", "datetime"})
ROOT_TABLE = "study"

LARGEST_INTEGER = 2**53 - 1
"""The largest number, up or down, of an integer leaf. Beyond it readers of JSON disagree (RFC 8259, section 6), and
sums and differences leave 64 bits: an enrollment of -2^63 kept marts.enrollment_change from being made (2026-11).
"""

_KEY = re.compile(r"(?P<name>\w+)(?P<list>\[\])?(?:\((?P<word>/?\w+)\))?\Z")
_SILENT = re.compile(r"(?:Section|Module)\Z")
_ENDING = re.compile(r"_(?:struct|infos?)\Z")

_DUCKDB_TYPE = {"integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}


@dataclass(frozen=True)
class Column:
    """A column of a staged table. `path` is the leaf's path in the study shape, None for key columns."""

    name: str
    duckdb_type: str
    path: str | None
    comment: str
    leaf_type: str | None = None


@dataclass
class Table:
    """A staged table: its key columns, then one column (four for a date) for each leaf that hangs under its list."""

    name: str
    path: str
    ancestors: tuple[str, ...]
    columns: list[Column] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that identify a row."""
        positions = tuple(f"{word}_position" for word in self.ancestors)
        own = () if self.name == ROOT_TABLE else ("position",)
        return ("version_id", *positions, *own)

    @property
    def comment(self) -> str:
        """One sentence for COMMENT ON TABLE."""
        if self.name == ROOT_TABLE:
            return "One row for each accepted record version: every field of the study shape that is not in a list."
        return f"One row for each item of {self.path} in an accepted record version."


@dataclass(
    frozen=True, eq=False
)  # compared by identity: hashing a tree by value costs more than all else in inspect.py
class Node:
    """A field of the study shape. `children` is empty for leaves; `leaf_type` is None for structs."""

    name: str
    path: str
    is_list: bool
    leaf_type: str | None
    word: str | None
    children: tuple[Node, ...] = ()

    def child(self, name: str) -> Node | None:
        """The field of that name, or None where the shape does not know it."""
        return _children_by_name(self).get(name)


@cache
def _children_by_name(node: Node) -> dict[str, Node]:
    return {child.name: child for child in node.children}


def snake(name: str) -> str:
    """`startDateStruct` → `start_date_struct`; runs of capitals stay together (`pValue` → `p_value`)."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return spaced.lower()


def _build(mapping: dict[str, Any], parent_path: str) -> tuple[Node, ...]:
    nodes = []
    for key, value in mapping.items():
        match = _KEY.match(key)
        if match is None:
            raise ValueError(f"shape.yaml: {parent_path}: '{key}' is not `name`, `name[]` or `name(word)`")
        is_list = match["list"] is not None
        path = f"{parent_path}.{match['name']}" if parent_path else match["name"]
        path += "[]" if is_list else ""
        if isinstance(value, dict):
            nodes.append(Node(match["name"], path, is_list, None, match["word"], _build(value, path)))
        else:
            nodes.append(Node(match["name"], path, is_list, str(value), match["word"]))
    return tuple(nodes)


@cache
def load_shape() -> Node:
    """The whole shape as one root node whose children are the sections."""
    room = files("pipelines.study")
    shape = load_yaml(room.joinpath("shape.yaml").read_text(encoding="utf-8"))
    for part in sorted(room.joinpath("sections").iterdir(), key=lambda file: file.name):
        if part.name.endswith(".yaml"):
            for name, content in (load_yaml(part.read_text(encoding="utf-8")) or {}).items():
                if name in shape["registrySection"]:
                    raise ValueError(f"sections/{part.name}: registrySection has '{name}' already")
                shape["registrySection"][name] = content
    return Node("study", "", False, None, None, _build(shape, ""))


@cache
def load_enums() -> dict[str, tuple[str, ...]]:
    """Closed value lists by enum name."""
    text = files("pipelines.study").joinpath("enums.yaml").read_text(encoding="utf-8")
    return {name: tuple(values) for name, values in load_yaml(text).items()}


def leaves(node: Node | None = None) -> Iterator[Node]:
    """Every leaf of the shape (lists of scalars included), in the order of shape.yaml."""
    for child in (node or load_shape()).children:
        if child.leaf_type is not None:
            yield child
        else:
            yield from leaves(child)


def _join(words: tuple[str, ...], more: str) -> tuple[str, ...]:
    """Append the words of `more`; an overlap of the tail with its head is said once."""
    new = tuple(more.split("_"))
    for size in range(min(len(words), len(new)), 0, -1):
        if words[-size:] == new[:size]:
            return words + new[size:]
    return words + new


def _words(prefix: tuple[str, ...], node: Node) -> tuple[str, ...]:
    if node.word is not None:
        return _join(prefix, node.word)
    if _SILENT.search(node.name):
        return prefix
    return _join(prefix, _ENDING.sub("", snake(node.name)))


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word.removesuffix("s")


def item_word(node: Node) -> str:
    """What one item of a list is called: `armGroups[]` → `arm_group`."""
    return node.word.removeprefix("/") if node.word else _singular(_ENDING.sub("", snake(node.name)))


def table_name(prefix: tuple[str, ...], node: Node) -> str:
    """The staged table of a list: the words of its place, then the word for one item."""
    if node.word is not None and node.word.startswith("/"):
        return node.word[1:]
    return "_".join(_join(prefix, item_word(node)))


def _leaf_columns(name: str, node: Node) -> Iterator[Column]:
    leaf_type = node.leaf_type or ""
    kind, _, enum = leaf_type.partition(" ")
    comment = f"Study shape {node.path}"
    if kind == "enum":
        comment += f"; {enum}: {', '.join(load_enums()[enum])}"
    elif kind != "text":
        comment += f"; {kind.replace('_', ' ')}"
    yield Column(name, _DUCKDB_TYPE.get(kind, "VARCHAR"), node.path, comment + ".", kind)
    if kind in DATE_TYPES:
        yield Column(f"{name}_earliest", "DATE", None, f"First day that {name} can mean.")
        yield Column(f"{name}_latest", "DATE", None, f"Last day that {name} can mean.")
        yield Column(f"{name}_precision", "VARCHAR", None, f"How exact {name} is: day, month or year.")


def _key_columns(table: Table) -> list[Column]:
    columns = [Column("version_id", "BIGINT", None, "The record version (raw.record_version) this row belongs to.")]
    columns.extend(
        Column(f"{word}_position", "INTEGER", None, f"1-based place of the {word} this row is under.")
        for word in table.ancestors
    )
    if table.name != ROOT_TABLE:
        columns.append(
            Column("position", "INTEGER", None, "1-based place of this item in its list, as the source has it.")
        )
    return columns


def _collect(node: Node, table: Table, words: tuple[str, ...], place: tuple[str, ...], found: list[Table]) -> None:
    """Add the leaves under `node` to `table` and open a table for each list.

    `words` prefix column names inside the table, `place` prefixes the names of child tables.
    """
    for child in node.children:
        if child.is_list:
            ancestors = table.ancestors if table.name == ROOT_TABLE else (*table.ancestors, item_word_of(table))
            name = table_name(place, child)
            sub = Table(name, child.path, ancestors)
            sub.columns = _key_columns(sub)
            found.append(sub)
            if child.leaf_type is not None:
                sub.columns.extend(_leaf_columns(item_word(child), child))
            else:
                _collect(child, sub, (), tuple(name.split("_")), found)
        elif child.leaf_type is not None:
            table.columns.extend(_leaf_columns("_".join(_words(words, child)), child))
        else:
            _collect(child, table, _words(words, child), _module_words(place, child), found)


def _module_words(place: tuple[str, ...], node: Node) -> tuple[str, ...]:
    """Only modules to which shape.yaml gives a word prefix the tables below them; other structs do not."""
    return _join(place, node.word) if node.word is not None else place


def item_word_of(table: Table) -> str:
    """What a row of a child table is called in the position columns of the tables below it."""
    return _item_words()[table.path]


@cache
def _item_words() -> dict[str, str]:
    words: dict[str, str] = {}

    def visit(node: Node) -> None:
        for child in node.children:
            if child.is_list:
                words[child.path] = item_word(child)
            visit(child)

    visit(load_shape())
    return words


@cache
def staged_tables() -> dict[str, Table]:
    """Every staged table that the shape gives, by name, `study` first.

    Raises ValueError where two fields would share a table or column name: shape.yaml then needs a `(word)`.
    """
    root = Table(ROOT_TABLE, "", ())
    root.columns = _key_columns(root)
    found = [root]
    _collect(load_shape(), root, (), (), found)
    tables: dict[str, Table] = {}
    for table in found:
        if table.name in tables:
            raise ValueError(f"shape.yaml: {table.path} and {tables[table.name].path} both make '{table.name}'")
        names = [column.name for column in table.columns]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"shape.yaml: table {table.name} would hold {twice} twice; give one a (word)")
        tables[table.name] = table
    return tables
