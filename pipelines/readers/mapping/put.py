"""A record on its way into the study shape: where values are put, and what is noted beside them.

Belongs here: places, kept fields, field states, unforeseen values. Does not: finding the row of a value (walk.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipelines.readers.mapping.converters import CONVERTERS, Unreadable
from pipelines.readers.mapping.table import NOTE, Step, Target

Struct = dict[str, Any]
Place = tuple[Any, str, int] | None
"""The item that a value is in: the item around it, the item's path, its number. Written out when asked for."""


@dataclass(slots=True)
class Walk:
    """One record on its way."""

    study: Struct
    unread: dict[str, list[Any]] = field(default_factory=dict)
    kept: list[Struct] = field(default_factory=list)
    states: list[Struct] = field(default_factory=list)
    padded: list[list[Any]] = field(default_factory=list)

    def holder(self, goal: Target, target: Struct) -> Struct:
        """The struct that holds the last step of a target path, made where it is not there yet."""
        holder = self.study if goal.from_record else target
        for step in goal.steps[:-1]:
            holder = self._stepped(holder, step)
        return holder

    def _stepped(self, holder: Struct, step: Step) -> Struct:
        if step.number is None:
            inner: Struct = holder.setdefault(step.name, {})
            return inner
        items: list[Struct] = holder.setdefault(step.name, [])
        if len(items) < step.number:
            self.padded.append(items)
            while len(items) < step.number:
                items.append({})
        return items[step.number - 1]

    def put(self, goal: Target, value: Any, target: Struct) -> bool:
        """Put a value in its place; False where another one stands there already."""
        holder = self.holder(goal, target)
        name = goal.steps[-1].name
        if name.startswith(NOTE) or (goal.node is not None and goal.node.is_list and goal.steps[-1].number is None):
            holder.setdefault(name, []).extend(value if isinstance(value, list) else [value])
            return True
        if isinstance(value, dict):
            inner = self._stepped(holder, goal.steps[-1])
            inner.update({key: one for key, one in value.items() if one is not None and key not in inner})
            return True
        if name in holder:
            return bool(holder[name] == value)
        holder[name] = value
        return True

    def keep(self, path: str, value: Any, place: Place) -> None:
        """Note a value of the source as it stands."""
        text = value.strip() if isinstance(value, str) else CONVERTERS["text"](value)
        self.kept.append({"path": path, "place": written(place, path), "value": text})

    def refuse(self, goal: Target, refusal: Unreadable, label: str, value: Any) -> None:
        """Note that a field stays null though the source says something."""
        path = goal.node.path if goal.node is not None else goal.text
        verbatim = value if isinstance(value, str) else CONVERTERS["text"](value)
        self.states.append(
            {"field": path, "state": refusal.state, "label": label, "verbatim": verbatim, "reason": str(refusal)}
        )

    def unforeseen(self, path: str, value: Any) -> None:
        """Note a value that no row names."""
        self.unread.setdefault(path, []).append(value)

    def finished(self, format_name: str) -> Struct:
        """The study, with all that was noted."""
        study = self.study
        for items in self.padded:
            items[:] = [item for item in items if item != {}]
        section = study.setdefault("registrySection", {}) if self.kept or self.states else {}
        if self.kept:
            section.setdefault("sourceFields", []).extend(self.kept)
        if self.states:
            section.setdefault("fieldStates", []).extend(self.states)
        for path, values in self.unread.items():
            study[f"{format_name}:{path}"] = values[0] if len(values) == 1 else values
        return study


def written(place: Place, path: str) -> str:
    """A path with the numbers of the items that it leads through: `arm[2]/drug[1]/name`."""
    marks = []
    while place is not None:
        place, item, number = place
        marks.append((len(item), number))
    for length, number in marks:  # innermost first, so that the lengths stay right
        path = f"{path[:length]}[{number}]{path[length:]}"
    return path
