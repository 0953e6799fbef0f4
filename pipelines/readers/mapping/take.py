"""One value of a source and its row: converted, and put where the row says.

Belongs here: what the walks over XML and JSON do alike with a value. Does not: finding the row (walk.py, walk_json.py).
"""

from __future__ import annotations

from typing import Any

from pipelines.readers.mapping.converters import Unreadable
from pipelines.readers.mapping.plan import Branch
from pipelines.readers.mapping.put import Place, Struct, Walk


def take_text(text: str, branch: Branch, target: Struct, walk: Walk, place: Place) -> None:
    """A text that has one place; where it cannot be read it is left to _scalar."""
    if branch.memo is None:
        found: Any = text.strip()
    else:
        try:
            found = branch.memo[text]
        except Unreadable:
            take_value(text, branch, branch.path, target, walk, place)
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


def take_value(value: Any, branch: Branch | None, path: str, target: Struct, walk: Walk, place: Place) -> None:
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
