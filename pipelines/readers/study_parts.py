"""Small steps that every registry's reader takes when it completes a study: notes taken up, states noted, parts made.

Belongs here: what the readers of single registries share between the walk of a mapping and the finished study. Does
not: anything that one registry alone does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pipelines.readers.mapping.converters import text as as_text

_PLANNED_SIZE = re.compile(
    r"planned sample size ?: ?(?P<size>[0-9]{1,7}|[0-9]{1,3}(?:,[0-9]{3}){1,2})"
    r"(?:; ?UK sample size ?: ?[0-9,]{1,9})?[;.]?",
    re.IGNORECASE,
)
Struct = dict[str, Any]

ALSO_NAMES = frozenset({"na", "nd", "nil", "no"})
"""Words for nothing that people are called: Na Li, Min-Jung No, Nil."""
_AGE = re.compile(r"(?P<number>[0-9]{1,4})(?:\.0{1,6})?\s*(?P<unit>[A-Za-z]+)?")
_WHOLE = re.compile("[0-9]{1,15}")
_UNITS = {
    "year": "Year",
    "month": "Month",
    "week": "Week",
    "day": "Day",
    "hour": "Hour",
    "minute": "Minute",
    "yr": "Year",
    "yrs": "Year",
    "y": "Year",
}


def take_note(study: Struct, name: str) -> list[Any]:
    """What a mapping left under `~name`, taken away; empty when nothing."""
    found: list[Any] = study.pop(f"~{name}", [])
    return found


def first_note(study: Struct, name: str) -> Any:
    """The first value of a note, None when there is none; the note is taken away.

    Others, where the source says twice what it has one place for, are kept as source fields under the note's name.
    """
    values = unique(take_note(study, name))
    for number, other in enumerate(values[1:], start=2):
        kept = study.setdefault("registrySection", {}).setdefault("sourceFields", [])
        kept.append({"path": name, "place": f"{name}[{number}]", "value": as_text(other)})
    return values[0] if values else None


def part(study: Struct, path: str) -> Struct:
    """The struct at a dotted path, made where it is not there yet; `name[]` is the one item of a list."""
    holder = study
    for name in path.split("."):
        if name.endswith("[]"):
            items = holder.setdefault(name[:-2], [])
            if not items:
                items.append({})
            holder = items[0]
        else:
            holder = holder.setdefault(name, {})
    return holder


def look(study: Struct, path: str) -> Any:
    """What stands at a dotted path of structs, None where nothing does."""
    holder: Any = study
    for name in path.split("."):
        holder = holder.get(name) if isinstance(holder, dict) else None
    return holder


def put(study: Struct, path: str, value: Any) -> None:
    """Put a value at a dotted path of structs unless there is nothing to put, or something stands there already."""
    if value is None or value == "" or value == []:
        return
    holder, _, name = path.rpartition(".")
    target = part(study, holder) if holder else study
    target.setdefault(name, value)


def note_state(study: Struct, field: str, state: str, label: str, verbatim: str, reason: str) -> None:
    """A field state: why a field is null, or what was done to give it a value. `label` names the source field."""
    section = study.setdefault("registrySection", {})
    section.setdefault("fieldStates", []).append(
        {"field": field, "state": state, "label": label, "verbatim": verbatim, "reason": reason}
    )


_GRAVEST_FIRST = ("damaged", "ambiguous", "inferred", "derived", "present_unlabelled", "present", "empty", "absent")


def one_per_field(states: Sequence[Struct]) -> list[Struct]:
    """A field of the study has one state, also where several source fields make it (inclusion and exclusion criteria):
    the gravest, with all their labels, reasons and lines.
    """
    by_field: dict[str, list[Struct]] = {}
    for state in states:
        by_field.setdefault(state["field"], []).append(state)
    return [said[0] if len(said) == 1 else _together(said) for said in by_field.values()]


def _together(said: list[Struct]) -> Struct:
    labels = list(dict.fromkeys(one["label"] for one in said if one.get("label")))
    reasons = list(dict.fromkeys(one["reason"] for one in said if one.get("reason")))
    if len(reasons) > 1:
        reasons = list(dict.fromkeys(f"{one['label']}: {one['reason']}" for one in said if one.get("reason")))
    gravest = min(said, key=lambda one: _GRAVEST_FIRST.index(one["state"]))
    together = {**gravest, "label": ", ".join(labels) or None, "reason": "; ".join(reasons) or None}
    for end, choose in (("lineStart", min), ("lineEnd", max)):
        lines = [one[end] for one in said if one.get(end) is not None]
        if lines:
            together[end] = choose(lines)
    return together


def age(number_and_unit: str) -> str | None:
    """ "18 Years", "1 Month" as ClinicalTrials.gov writes ages; None where it is no whole number with a known unit."""
    found = _AGE.fullmatch(number_and_unit.strip())
    if found is None or found["unit"] is None:
        return None
    folded = found["unit"].lower()
    unit = _UNITS.get(folded) or _UNITS.get(folded.removesuffix("s"))
    if unit is None:
        return None
    count = int(found["number"])
    return f"{count} {unit}" + ("" if count == 1 else "s")


def planned_size(text: str) -> int | None:
    """The total of "Planned Sample Size: 200; UK Sample Size: 150", as ISRCTN has it of studies in the UK's portfolio;
    None for another text."""
    found = _PLANNED_SIZE.fullmatch(text.strip())
    return int(found["size"].replace(",", "")) if found else None


def whole(text: str) -> int | None:
    """The number that a text of figures alone writes; None for any other text, and beyond 15 figures, which no integer
    field holds. (`isdigit` would take "²" as well, and `int` stops at 4,300 figures.)"""
    return int(text) if _WHOLE.fullmatch(text) else None


def unique(values: list[Any]) -> list[Any]:
    """The values in their order, each once."""
    return list(dict.fromkeys(values))


def pruned(struct: Struct) -> Struct:
    """A copy without nulls, blank texts, empty lists and empty structs; what lists hold stays as it is."""
    kept = {name: pruned(value) if isinstance(value, dict) else value for name, value in struct.items()}
    return {name: value for name, value in kept.items() if value not in (None, "", [], {})}


def tidy(struct: Struct) -> Struct:
    """The struct itself, with all that is empty taken out of it: nulls, structs and lists without anything in them."""
    empty = []
    for key, value in struct.items():
        kind = type(value)
        if kind is str:  # nearly all of them
            continue
        if kind is dict:
            tidy(value)
        elif kind is list:
            _tidy_list(value)
        elif value is not None:
            continue
        if not value:
            empty.append(key)
    for key in empty:
        del struct[key]
    return struct


def _tidy_list(items: list[Any]) -> None:
    if items and type(items[0]) is dict:
        for item in items:
            tidy(item)
        if not all(items):
            items[:] = [item for item in items if item]


__all__ = ["age", "first_note", "look", "note_state", "part", "pruned", "put", "take_note", "tidy", "unique", "whole"]
