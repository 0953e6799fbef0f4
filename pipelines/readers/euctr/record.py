"""From the fields of a record's text to the tree that the mapping walks.

Belongs here: blocks (sponsors, products, substances, placebos, terms, networks), values that say that there is none,
lists, languages. Does not: where a field goes (the mapping), what is worked out from several (made.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pipelines.readers.euctr.fields import Field, Fields
from pipelines.readers.euctr.labels import IMP, LONG, SPONSOR, numbers_of

Tree = dict[str, Any]
_NOTHING = frozenset({"", "information not present in eudract", "not answered", "null"})
_EXPORT_ERROR = "json_error_here"
"""What the register's export program left behind in downloads of 2023 where it could not write a field."""
_NO_NAME = frozenset({"-", "--", "n/a", "n.a.", "na", "none", "not applicable", "not available"})
"""What sponsors write into a field that asks for a name, a code, a time or an end point, where there is none."""
_NAMES = re.compile(r"A\.3\.2|D\.2\.1\.1\.[12]|D\.3\.(?:1|2|8|9\.[0-9])|E\.5\.(?:1\.1|2|2\.1)")
_LISTS = frozenset({"D.3.7", "E.8.6.3"})
_SUBSTANCE = re.compile(r"D\.3\.(?:8|9\.[0-9]|10\.[0-9])\Z")
_SEAM = re.compile(r"(?<=[a-z)])(?=[A-Z])")
_LOST = re.compile(r"[a-z0-9)][.;:]?(?:[-•·][ \t]?[A-Z(]|[A-Z][a-z])|[a-z)][.;:]?[0-9]{1,2}[-.) ][ \t]?[A-Z]")
_LETTERED = re.compile(r"(?:[a-z]|[ivx]{1,4})[.)]")
_CUT_LENGTH = 60  # shorter lines before small letters are as well items of a list (2026-11)
_OTHER_ID = re.compile(r"Name:(?P<name>.*)Number:(?P<number>.*)\Z", re.DOTALL)


@dataclass(slots=True)
class Record:
    """A record as a tree, by the names of labels.txt, and what has to be said about single fields of it.

    `states`: keys are (name of the field, state, reason). `places`: first and last line of each field's first value.
    `unanswered`: lines of the record's own fields that stand there in English, with nothing or a word for it.
    """

    tree: Tree
    states: dict[tuple[str, str, str], None] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    unanswered: dict[str, tuple[int, int]] = field(default_factory=dict)
    lost_lines: bool = False


class _Builder:
    """Puts one field after the other into the block that is open."""

    def __init__(self, fields: Fields) -> None:
        self.record = Record({}, lost_lines=fields.lost_lines)
        self._foreign: dict[str, Field] = {}
        self._last_substance: tuple[int, ...] = ()

    def add(self, one: Field) -> None:
        if one.number is not None:
            self._open(one)
            return
        if one.name in ("D.8 Placebo", "G.4 Network"):
            self._items(one.name).append({"number": one.value} if one.value else {})
            return
        if one.name == "E.1.2":
            self._items("E.1.2").append({"condition": one.value} if one.value else {})
            return
        said = one.value.casefold()
        if said in _NOTHING or (said.rstrip(".") in _NO_NAME and _NAMES.fullmatch(one.name)):
            if one.language is None:
                self.record.unanswered.setdefault(one.name, (one.line_start, one.line_end))
            return
        if said == _EXPORT_ERROR:
            self.record.places.setdefault(one.name, (one.line_start, one.line_end))
            self.record.states[one.name, "damaged", "the register's export has JSON_ERROR_HERE in its place"] = None
            return
        if one.language is not None:
            translation = {"field": one.name, "language": one.language, "text": one.value}
            self._items("translations").append(translation)
            self._foreign.setdefault(one.name, one)
            return
        self.record.places.setdefault(one.name, (one.line_start, one.line_end))
        _put(self._holder(one), one.name, self._value(one))

    def _open(self, one: Field) -> None:
        self._last_substance = ()
        self._items(one.name).append({"number": one.number})

    def _items(self, name: str) -> list[Tree]:
        items: list[Tree] = self.record.tree.setdefault(name, [])
        return items

    def _holder(self, one: Field) -> Tree:
        name = one.name
        if not one.known:
            return self.record.tree
        if name in ("Version", "Level", "Classification code", "Term", "System Organ Class"):
            return self._newest("E.1.2", name)
        if name.startswith("B."):
            sponsor = self._newest(SPONSOR)
            return _newest_in(sponsor, "B.4", name) if name.startswith("B.4.") else sponsor
        if name.startswith("D.8"):
            return self._newest("D.8 Placebo")
        if name.startswith("G.4."):
            return self._newest("G.4 Network")
        if name.startswith("D."):
            product = self._newest(IMP)
            return self._substance(product, name) if _SUBSTANCE.match(name) else product
        return self.record.tree

    def _newest(self, block: str, unless: str | None = None) -> Tree:
        return _newest_in(self.record.tree, block, unless)

    def _substance(self, product: Tree, name: str) -> Tree:
        """The substance a field belongs to: the next one begins where the numbers fall back."""
        place = numbers_of(name)
        substances = product.setdefault("substance", [])
        if not substances or place <= self._last_substance:
            substances.append({})
        self._last_substance = place
        newest: Tree = substances[-1]
        return newest

    def _value(self, one: Field) -> Any:
        if one.name == "A.5.4":
            return _other_ids(one.value)
        if one.name in _LISTS:
            return self._listed(one)
        if one.name in LONG:
            if self.record.lost_lines and _LOST.search(one.value):
                self._state(one.name, "damaged", "line ends are lost, so that items of the text run into each other")
            return unwrapped(one.value)
        return " ".join(one.value.split())

    def _listed(self, one: Field) -> list[str]:
        items = [" ".join(line.split()) for line in one.value.split("\n") if line.strip()]
        if not self.record.lost_lines or not _SEAM.search(one.value):
            return items
        self._state(one.name, "inferred", "line ends are lost; items are told apart by their capital letters")
        return [piece.strip() for item in items for piece in _SEAM.split(item) if piece.strip()]

    def _state(self, name: str, state: str, reason: str) -> None:
        self.record.states[name, state, reason] = None

    def finish(self, fields: Fields) -> Record:
        """What has no English text stands in the member state's language."""
        tree = self.record.tree
        for name, one in self._foreign.items():
            if name not in tree:
                tree[name] = self._value(one)
                self.record.places[name] = (one.line_start, one.line_end)
                self._state(
                    name, "inferred", f"there is no English text; the one in language '{one.language}' stands for it"
                )
        for name, label in fields.quoted:
            self._state(name, "ambiguous", f"the text holds the words of another field's label ({label}) out of place")
        return self.record


def build(fields: Fields) -> Record:
    """The record of a text's fields."""
    builder = _Builder(fields)
    for one in fields.fields:
        builder.add(one)
    return builder.finish(fields)


def _newest_in(holder: Tree, block: str, unless: str | None = None) -> Tree:
    """The newest item of a block; a new one where there is none, or where it holds `unless` already."""
    items: list[Tree] = holder.setdefault(block, [])
    if not items or (unless is not None and unless in items[-1]):
        items.append({})
    return items[-1]


def _put(holder: Tree, name: str, value: Any) -> None:
    if name not in holder:
        holder[name] = value
    elif holder[name] != value:
        before = holder[name] if isinstance(holder[name], list) else [holder[name]]
        holder[name] = [*before, *(value if isinstance(value, list) else [value])]


def _other_ids(value: str) -> list[Tree]:
    """`Name:EORTC Number:22113`, one after the other; in a text without line ends nothing stands between them."""
    found = []
    for piece in re.split(r"(?=Name:)", value):
        match = _OTHER_ID.match(piece.strip())
        number = match["number"].strip() if match else piece.strip()
        if number:
            found.append({"name": " ".join(match["name"].split()) if match else "", "number": number})
    return found


def unwrapped(text: str) -> str:
    """A text whose lines were cut at a width, with those lines whole again.

    Cut is a long line without a full stop or the like at its end, before one that goes on in small letters; all other
    line ends stay.
    """
    lines = text.split("\n")
    whole = lines[:1]
    for line in lines[1:]:
        goes_on = line[:1].islower() and not _LETTERED.match(line)
        if goes_on and len(whole[-1]) >= _CUT_LENGTH and whole[-1][-1:] not in ".;:!?":
            whole[-1] += f" {line}"
        else:
            whole.append(line)
    return "\n".join(whole)


def texts(value: Any) -> Iterable[str]:
    """A value of the tree as texts."""
    return (str(one) for one in value) if isinstance(value, list) else (str(value),)
