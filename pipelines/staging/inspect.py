"""A record that the fast decoder refused, looked at value by value.

Belongs here: telling leaves that the shape does not know (kept, as unknown values) from values that are not what their
field holds (the record is refused, with field and value). Does not: the fast way (decode.py), dates (derive.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import orjson

from pipelines.readers.json_window import first_twice
from pipelines.readers.reasons import DUPLICATE_KEY, MALFORMED_JSON, OUT_OF_RANGE, TOO_DEEP, WRONG_TYPE
from pipelines.study.shape import LARGEST_INTEGER, Node, load_shape

NO_INTEGER = f"not a whole number of at most {LARGEST_INTEGER:,}"
_SHOWN = 80
_NEEDS_QUOTES = re.compile(r'[.\[\]"]')


class RecordRefused(Exception):
    """This record cannot be accepted; `code` is the quarantine reason code, the message names field and value."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    @property
    def refusal(self) -> Refusal:
        """What is to be kept of it. The exception itself holds its traceback, that the frames of all its callers, and
        these the whole batch: in a walk without the cycle collector none of it was ever given back (2026-11).
        """
        return Refusal(self.code, str(self))


class Refusal(NamedTuple):
    """Why a record cannot be accepted."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """A scalar at a path outside the study shape. `place` is the path with 1-based list positions. Names with dots,
    brackets or quotes in them, and empty ones, stand in quotes, as in JSON: `a."b.c"` is no `a.b.c`.
    """

    path: str
    place: str
    value: str | None


@dataclass
class Inspected:
    """What is left of a record for the staged tables, and what lies outside the shape."""

    known: dict[str, Any]
    unknown: list[UnknownValue] = field(default_factory=list)


def refuse_duplicate_names(raw: bytes, max_depth: int) -> None:
    """Raise RecordRefused when an object in `raw` (valid JSON, at most 1,024 deep) says a name twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        seen = dict(pairs)
        if len(seen) < len(pairs):
            twice = first_twice(name for name, _ in pairs)
            raise RecordRefused(DUPLICATE_KEY, f"the name {twice[:_SHOWN]!r} stands twice in one object")
        return seen

    try:
        json.loads(raw, object_pairs_hook=once)
    except RecursionError:
        raise RecordRefused(TOO_DEEP, f"nested deeper than {max_depth} levels") from None
    except ValueError as error:  # such as an integer of more digits than Python converts
        raise RecordRefused(MALFORMED_JSON, str(error)) from error


def fits(raw: bytes) -> bool:
    """Whether a record (valid JSON) is certainly as `inspect` and `refuse_duplicate_names` want it: neither need then
    look at it. No name twice, every field known, every value of its field's type.

    Far faster than they are. False also for a good record that is not written compactly.
    """
    document = orjson.loads(raw)
    return orjson.dumps(document) == raw and _fit(load_shape(), opens_lists=True)(document)


def seems_fit(document: dict[str, Any]) -> bool:
    """False where `inspect` would find something to cut out or to refuse, as far as it can be seen without opening a
    list, in a twentieth of the time that all else takes: new fields are mostly fields of modules."""
    return _fit(load_shape(), opens_lists=False)(document)


Fit = Callable[[Any], bool]


@cache
def _fit(node: Node, *, opens_lists: bool) -> Fit:
    """A test whether a value (not null) can stand in the field."""
    if node.is_list and not opens_lists:
        return _is_list
    fit = _SCALAR_FIT.get(node.leaf_type, _is_text) if node.leaf_type is not None else _struct_fit(node, opens_lists)
    return _list_fit(fit) if node.is_list else fit


def _struct_fit(node: Node, opens_lists: bool) -> Fit:
    due: dict[str, Fit] = {child.name: _fit(child, opens_lists=opens_lists) for child in node.children}

    def fit(value: Any) -> bool:
        if type(value) is not dict:
            return False
        for name, inner in value.items():
            child = due.get(name)
            if child is None or not (inner is None or child(inner)):
                return False
        return True

    return fit


def _list_fit(item_fit: Fit) -> Fit:
    return lambda value: type(value) is list and all(item is None or item_fit(item) for item in value)


def _is_list(value: Any) -> bool:
    return type(value) is list


def _is_text(value: Any) -> bool:
    return type(value) is str


_SCALAR_FIT: dict[str, Fit] = {
    "boolean": lambda value: type(value) is bool,
    "number": lambda value: type(value) in (int, float),
    "integer": lambda value: type(value) is int and abs(value) <= LARGEST_INTEGER,
}


def inspect(document: dict[str, Any], max_depth: int) -> Inspected:
    """Split a record into what the study shape knows and what it does not.

    Raises RecordRefused (`wrong_type`, `value_out_of_range`, `too_deep`) at the first value its field cannot hold.
    """
    found = Inspected({})
    found.known = _struct(document, load_shape(), "", found.unknown, max_depth)
    return found


def _struct(value: dict[str, Any], node: Node, place: str, unknown: list[UnknownValue], depth: int) -> dict[str, Any]:
    if depth <= 0:
        raise RecordRefused(TOO_DEEP, f"{place}: nested too deep")
    known: dict[str, Any] = {}
    for name, inner in value.items():
        child = node.child(name)
        if child is None:
            step = _step(name)
            path, inner_place = (f"{node.path}.{step}", f"{place}.{step}") if node.path else (step, step)
            _keep_unknown(inner, path, inner_place, unknown, depth - 1)
        elif inner is not None:
            known[name] = _value(inner, child, f"{place}.{name}" if place else name, unknown, depth - 1)
    return known


def _value(value: Any, node: Node, place: str, unknown: list[UnknownValue], depth: int) -> Any:
    if not node.is_list:
        return _item(value, node, place, unknown, depth)
    if not isinstance(value, list):
        raise RecordRefused(WRONG_TYPE, f"{place}: {_show(value)} stands where a list is due")
    return [
        None if item is None else _item(item, node, f"{place}[{number}]", unknown, depth)
        for number, item in enumerate(value, start=1)
    ]


def _item(value: Any, node: Node, place: str, unknown: list[UnknownValue], depth: int) -> Any:
    if node.leaf_type is None:
        if not isinstance(value, dict):
            raise RecordRefused(WRONG_TYPE, f"{place}: {_show(value)} stands where an object is due")
        return _struct(value, node, place, unknown, depth)
    return _scalar(value, node.leaf_type, place)


def _scalar(value: Any, leaf_type: str, place: str) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if leaf_type == "boolean":
        fits = isinstance(value, bool)
    elif leaf_type == "number":
        fits = is_number
    elif leaf_type == "integer":
        if is_number and (not isinstance(value, int) or abs(value) > LARGEST_INTEGER):
            raise RecordRefused(OUT_OF_RANGE, f"{place}: {_show(value)} is {NO_INTEGER}")
        fits = is_number
    else:
        fits = isinstance(value, str)
    if not fits:
        due = leaf_type if leaf_type in ("boolean", "number", "integer") else "text"
        raise RecordRefused(WRONG_TYPE, f"{place}: {_show(value)} stands where {due} is due")
    return value


def _keep_unknown(value: Any, path: str, place: str, unknown: list[UnknownValue], depth: int) -> None:
    if depth <= 0:
        raise RecordRefused(TOO_DEEP, f"{place[:_SHOWN]}: nested too deep")
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            step = _step(name)
            _keep_unknown(inner, f"{path}.{step}", f"{place}.{step}", unknown, depth - 1)
    elif isinstance(value, list) and value:
        for number, item in enumerate(value, start=1):
            _keep_unknown(item, path if path.endswith("[]") else f"{path}[]", f"{place}[{number}]", unknown, depth - 1)
    else:
        text = value if isinstance(value, str) else None if value is None else json.dumps(value)
        unknown.append(UnknownValue(path, place, text))


def _step(name: str) -> str:
    """A name as a step of a path: two different ways through a record are two different paths."""
    return json.dumps(name, ensure_ascii=False) if not name or _NEEDS_QUOTES.search(name) else name


def _show(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
