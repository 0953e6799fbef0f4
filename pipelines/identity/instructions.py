"""Links that a person pinned or forbade: the small YAML files that say so.

Belongs here: reading and checking these files. Does not: applying them (clustering.py), whether the records are there
(run.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from pipelines.settings import Settings
from pipelines.yaml_text import load_yaml

CHECKED_IN = Path(__file__).resolve().parents[2] / "dbt_like_models" / "links.yaml"
"""The file of the repository; a user's own file (setting `links`) is read beside it."""

ACTIONS = ("pin", "forbid")
_ENTRY = frozenset({"records", "reason"})
_HELP = "An entry is `- records: [KEY, KEY]` and `reason: why`, below `pin:` or `forbid:`; see docs/identity.md."


class InstructionError(Exception):
    """A file of pinned and forbidden links that cannot be read as one; says which file and entry."""


@dataclass(frozen=True, slots=True, order=True)
class Instruction:
    """One pair of records, smaller key first, that is to be one trial (`pin`) or never (`forbid`)."""

    action: str
    record_key_a: str
    record_key_b: str
    reason: str
    source: str


def load_instructions(settings: Settings, checked_in: Path = CHECKED_IN) -> tuple[Instruction, ...]:
    """The instructions of the repository's file and of the user's own, sorted, each pair once for each file and action.

    Of an entry with more than two records every pair counts. Raises InstructionError for a file that is missing, is no
    YAML of this form, or holds a word that means nothing here: a decision is never skipped in silence.
    """
    files = [checked_in] if settings.links is None else [checked_in, settings.links.expanduser()]
    found: dict[tuple[str, str, str, str], Instruction] = {}
    for path in files:
        for instruction in _read(path):
            pair = (path.name, instruction.action, instruction.record_key_a, instruction.record_key_b)
            found.setdefault(pair, instruction)
    return tuple(sorted(found.values()))


def _read(path: Path) -> Iterator[Instruction]:
    try:
        content = load_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InstructionError(f"{path}: cannot be read: {error}. {_HELP}") from error
    if content is None:
        return
    if not isinstance(content, dict):
        raise InstructionError(f"{path}: holds {type(content).__name__} where a mapping is due. {_HELP}")
    unknown = sorted(str(key) for key in content if key not in ACTIONS)
    if unknown:
        raise InstructionError(f"{path}: unknown word {', '.join(unknown)}. {_HELP}")
    for action in ACTIONS:
        entries = content.get(action) or []
        if not isinstance(entries, list):
            raise InstructionError(f"{path}: {action} must be a list. {_HELP}")
        for number, entry in enumerate(entries, start=1):
            yield from _entry(path, action, number, entry)


def _entry(path: Path, action: str, number: int, entry: Any) -> Iterator[Instruction]:
    place = f"{path}: {action}, entry {number}"
    if not isinstance(entry, dict) or entry.keys() != _ENTRY:
        raise InstructionError(f"{place}: must have records and reason, and nothing else. {_HELP}")
    records, reason = entry["records"], entry["reason"]
    if not isinstance(records, list) or not all(isinstance(key, str) and key.strip() for key in records):
        raise InstructionError(f"{place}: records must be a list of record keys. {_HELP}")
    keys = sorted({key.strip() for key in records})
    if len(keys) < 2:
        raise InstructionError(f"{place}: names fewer than two records. {_HELP}")
    if not isinstance(reason, str) or not reason.strip():
        raise InstructionError(f"{place}: has no reason; say why, for those who come after. {_HELP}")
    for first, second in combinations(keys, 2):
        yield Instruction(action, first, second, reason.strip(), path.name)
