"""How a case is written: the rows of a tiny warehouse and the result a rule must give on them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.quality.warehouse import Row

PASSED, FAILED, NOT_EVALUABLE = "passed", "failed", "not evaluable"


@dataclass(frozen=True)
class Case:
    """Rows, and what the rule says of them."""

    result: str
    rows: tuple[Row, ...]


def _case(result: str, rows: tuple[Row | list[Row], ...]) -> Case:
    flat: list[Row] = []
    for row in rows:
        flat += row if isinstance(row, list) else [row]
    return Case(result, tuple(flat))


def passed(*rows: Row | list[Row]) -> Case:
    """Every row that the rule judges passes."""
    return _case(PASSED, rows)


def failed(*rows: Row | list[Row]) -> Case:
    """At least one row fails."""
    return _case(FAILED, rows)


def unsure(*rows: Row | list[Row]) -> Case:
    """There are rows, and the rule can judge none of them."""
    return _case(NOT_EVALUABLE, rows)


Cases = dict[str, list[Case]]
