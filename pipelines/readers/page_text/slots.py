"""Single values under labels ("Study Start Date", blank line, date), the label on the value's line or above it.

Belongs here: matching labels, taking the value that belongs to one. Does not: values whose label is gone
(unlabelled.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from . import shapes
from .fields import Page
from .sections import Line
from .shapes import Value
from .template import Slot

_MAX_LABEL_WORDS = 7


class LabelHit(NamedTuple):
    """A label on a line: which, as it is shown, and the value text behind it (None when the label stands alone)."""

    name: str
    shown: str
    rest: str | None


@cache
def _index(labels: tuple[str, ...]) -> tuple[dict[str, str], frozenset[str]]:
    """(labels by their casefolded form, their first words)."""
    known = {label.casefold(): label for label in labels}
    return known, frozenset(label.partition(" ")[0] for label in known)


def find_label(text: str, labels: tuple[str, ...]) -> LabelHit | None:
    """Match a line with a list of labels: "Label", "Label:", "Label: value" or "Label value".

    In the last form nothing marks where the label ends, so `shown` is the whole line; the caller has to see that the
    value fits.
    """
    if len(text) > 400:
        return None
    known, first_words = _index(labels)
    if text.split(" ", 1)[0].partition(":")[0].casefold() not in first_words:
        return None
    if (name := known.get(text.rstrip(": ").casefold())) is not None:
        return LabelHit(name, text, None)
    head, colon, value = text.partition(":")
    if colon and (name := known.get(head.strip().casefold())) is not None:
        return LabelHit(name, text[: len(text) - len(value.lstrip())], value.strip())
    words = text.split(" ", _MAX_LABEL_WORDS)
    for size in range(min(len(words) - 1, _MAX_LABEL_WORDS), 0, -1):
        if (name := known.get(" ".join(words[:size]).casefold())) is not None:
            return LabelHit(name, text, " ".join(words[size:]))
    return None


def joined(lines: Sequence[Line], labels: tuple[str, ...], fits: Callable[[str], bool]) -> list[Line]:
    """Put a label that stands alone and the value on the next line, where it fits, onto one line."""
    found: list[Line] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        label = find_label(line.text, labels)
        if label is not None and label.rest is None and index < len(lines) and fits(lines[index].text):
            line = Line(line.no, f"{line.text} {lines[index].text}", lines[index].no)
            index += 1
        found.append(line)
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """A labelled value: its slot, what it says, the line of the value (or of the bare label), the label as shown."""

    slot: Slot
    value: Value
    verbatim: str | None
    line: Line
    label: str


class SlotTable:
    """The slots of a section, found by label."""

    def __init__(self, *groups: Sequence[Slot]) -> None:
        self.slots = [slot for group in groups for slot in group]
        self._by_label = {label.casefold(): slot for slot in self.slots for label in slot.labels}
        self.labels = tuple(label for slot in self.slots for label in slot.labels)

    def hit(self, text: str) -> tuple[Slot, LabelHit] | None:
        """The slot whose label the line has; a value on the same line without a colon must fit the slot."""
        found = find_label(text, self.labels)
        if found is None:
            return None
        slot = self._by_label[found.name.casefold()]
        # Nothing marks where a label without a colon ends; a single word with one may begin a sentence or a title.
        unsure = found.rest is not None and (found.shown == text or (" " not in found.name and slot.kind != "text"))
        if unsure and (
            (found.shown == text and slot.kind == "text") or shapes.read(slot.kind, found.rest or "") is None
        ):
            return None
        return slot, found

    def fits_elsewhere(self, slot: Slot, text: str) -> bool:
        """Whether a text has the shape of another slot, so that it cannot be a broken value of this one."""
        return any(
            other.kind not in ("text", slot.kind)
            and (value := shapes.read(other.kind, text))
            and value.state == "present"
            for other in self.slots
        )

    def take(self, lines: Sequence[Line]) -> tuple[list[Found], list[Line]]:
        """(labelled values, lines that neither are a label nor belong to one)."""
        found: list[Found] = []
        rest: list[Line] = []
        index = 0
        while index < len(lines):
            line = lines[index]
            index += 1
            matched = self.hit(line.text)
            if matched is None:
                rest.append(line)
                continue
            slot, label = matched
            if label.rest is not None:
                found.append(_inline(slot, label, line))
                continue
            following = lines[index] if index < len(lines) else None
            value = None if following is None or self.hit(following.text) else self._value(slot, following.text)
            if value is None or following is None:
                found.append(Found(slot, Value(None, "empty"), None, line, label.shown))
            else:
                found.append(Found(slot, value, following.text, following, label.shown))
                index += 1
        return found, rest

    def _value(self, slot: Slot, text: str) -> Value | None:
        """The value of a labelled text; None where the text belongs to another slot, damaged where it fits none."""
        value = shapes.read(slot.kind, text)
        if value is not None:
            return value
        if self.fits_elsewhere(slot, text):
            return None
        return _unknown(slot, text)


def _unknown(slot: Slot, text: str) -> Value:
    """A labelled text without the slot's shape: a code that is new to a closed list is kept, else it is damaged."""
    is_enum = slot.kind[:1].isupper() and slot.kind not in ("Phase", "WhoMasked", "StandardAge")
    return Value(text) if is_enum and shapes.looks_like_code(text) else Value(None, "damaged")


def _inline(slot: Slot, label: LabelHit, line: Line) -> Found:
    text = label.rest or ""
    value = shapes.read(slot.kind, text) or _unknown(slot, text)
    shown = line.text if value.state == "empty" else label.shown
    return Found(slot, value, text, line, shown)


_TYPE_OF = {"date": "type", "count": "type", "masking": "whoMasked"}


def note(page: Page, name: str, value: Value, verbatim: str | None, line: Line, label: str | None, state: str) -> None:
    """Note a single value, and the type that was written with it ("2026-06 (ESTIMATED)")."""
    kept = value.value if value.state in ("present", "ambiguous") else None
    page.set(name, state if value.state == "present" else value.state, kept, verbatim, (line.no, line.no), label)
    stem, _, leaf = name.rpartition(".")
    sibling = f"{stem}.{_TYPE_OF.get(leaf, '')}"
    if value.extra is not None and leaf in _TYPE_OF and not page.has(sibling) and not stem.endswith("PostDateStruct"):
        page.set(sibling, state, value.extra, verbatim, (line.no, line.no), label)


def note_all(page: Page, found: Iterable[Found]) -> None:
    """Note labelled values; a field that two lines give differently is ambiguous."""
    by_field: dict[str, list[Found]] = {}
    for item in found:
        page.labels_seen += 1
        by_field.setdefault(item.slot.field, []).append(item)
    for name, items in by_field.items():
        told = [item for item in items if item.value.state != "empty"] or items[:1]
        first = told[0]
        if page.has(name):
            page.leave("repeated", [item.line for item in told])
        elif any(item.value.value != first.value.value for item in told):
            lines = [item.line for item in told]
            page.set(
                name,
                "ambiguous",
                None,
                [item.verbatim for item in told],
                (min(line.no for line in lines), max(line.no for line in lines)),
                first.label,
            )
        else:
            state = "present" if first.slot.certain else "ambiguous"
            note(page, name, first.value, first.verbatim, first.line, first.label, state)
