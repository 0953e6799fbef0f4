"""Rows of a table → the study shape by the short way: a step for each column, made once for a heading.

Belongs here: the same walk as walk.py for rows in which nothing is out of the ordinary. Does not: anything that has to
be noted beside a record (a value that cannot be read, a column or part that no row names, a second value for one
place): such a row is left to the Mapper as a whole, so that there is one place where those are decided.

A row of a table has few values and its columns are known beforehand; finding each by its name again, row by row, took
nearly twice as long (measured 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pipelines.readers.mapping.column_steps import Kept, OutOfTheOrdinary, Step, converter_of, step_of, unforeseen
from pipelines.readers.mapping.converters import Unreadable
from pipelines.readers.mapping.plan import Branch
from pipelines.readers.mapping.put import Struct

Cells = dict[str, Callable[[str], Any]]


def column_program(
    root: Branch, names: Sequence[str], cells: Cells
) -> Callable[[Sequence[str]], tuple[Struct, dict[str, Any]] | None]:
    """What makes a study of the fields of a row with these column names.

    `cells` take the cells of some columns apart, into what the mapping's rows name below the column; a column's name
    may have `/` in it. Gives the study and the taken-apart cells by column; None where the Mapper is to take the row.
    """
    plain, program = _sorted(root, names, cells)

    def study_of(fields: Sequence[str]) -> tuple[Struct, dict[str, Any]] | None:
        study: Struct = {}
        kept: Kept = []
        taken: dict[str, Any] = {}
        try:
            for way, columns in plain:
                _put_plain(study, way, columns, fields)
            for at, name, apart, step in program:
                cell = fields[at]
                if not cell or cell.isspace():
                    continue
                value: Any = cell
                if apart is not None:
                    value = taken[name] = apart(cell)
                if value:
                    step(study, kept, value)
        except (OutOfTheOrdinary, Unreadable):
            return None
        if kept:
            study["registrySection"] = {"sourceFields": kept}
        return study, taken

    return study_of


_Plain = tuple[tuple[str, ...], list[tuple[int, str, Callable[[str], Any]]]]
"""The place of a struct, and for each column that has a value of it: which, the value's name, the converter."""
_Columns = list[tuple[int, str, Callable[[str], Any] | None, Step]]


def _sorted(root: Branch, names: Sequence[str], cells: Cells) -> tuple[list[_Plain], _Columns]:
    """Columns of one value that has one place, by that place; and the others."""
    plain: dict[tuple[str, ...], list[tuple[int, str, Callable[[str], Any]]]] = {}
    program: _Columns = []
    for at in sorted(range(len(names)), key=lambda at: _rank(root, names[at])):
        name = names[at]
        branch = _branch(root, name)
        if branch is None:
            program.append((at, name, None, unforeseen))
        elif branch.key and not branch.adds and name not in cells:
            plain.setdefault(branch.way, []).append((at, branch.key, converter_of(branch.leaves[0])))
        elif not branch.ignore:
            program.append((at, name, cells.get(name), step_of(branch)))
    return list(plain.items()), program


def _put_plain(
    study: Struct, way: Sequence[str], columns: Sequence[tuple[int, str, Callable[[str], Any]]], fields: Sequence[str]
) -> None:
    holder: Struct | None = None
    for at, key, convert in columns:
        cell = fields[at]
        if not cell or cell.isspace():
            continue
        found = convert(cell)
        if found is None or found == "":
            continue
        if holder is None:
            holder = study
            for name in way:
                holder = holder.setdefault(name, {})
        if key in holder:
            raise OutOfTheOrdinary
        holder[key] = found


def _rank(root: Branch, name: str) -> tuple[int, ...]:
    """The place of a column in the mapping: what is made of a row does not depend on the order of its columns."""
    branch: Branch | None = root
    ranks = []
    for part in name.split("/"):
        if branch is None or part not in branch.rank:
            return (len(root.rank),)
        ranks.append(branch.rank[part])
        branch = branch.children[part]
    return tuple(ranks)


def _branch(root: Branch, name: str) -> Branch | None:
    branch: Branch | None = root
    for part in name.split("/"):
        branch = branch.children.get(part) if branch is not None else None
    return branch
