"""The fields of one record's text: which labels divide it, and the values between them.

Belongs here: telling labels from words of values, in text with its line ends and in text that has lost them. Does not:
the labels (labels.py), what the fields mean (record.py).

A label counts where it stands in the form's order; one that a value only quotes does not (the longest chain of labels
in order wins). In a text with line ends, labels begin lines, and whatever follows up to the next label is the value,
line ends included. In a text without, they may stand anywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.readers.euctr.labels import Hit, Order, find_labels, find_unforeseen

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\u0085\x0b\x0c]")
_NOTICE = re.compile(
    r"This file contains full details on each clinical trial selected for download\."
    r"[^\n]{0,260}?(?:included separately\.|(?=\n)|\Z)"
)
_TRAILING = re.compile(r"[ \t]+(?=\n)")


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it stands: its name (of labels.txt, or number and label where nobody foresaw it), the two-letter
    language after the label, the number of a block (`D.IMP: 2`), the value without blanks around it, its first and last
    line in the record (1-based)."""

    name: str
    language: str | None
    number: str | None
    value: str
    line_start: int
    line_end: int
    known: bool = True


@dataclass(frozen=True, slots=True)
class Fields:
    """All fields of a record in their order. `lost_lines`: the text has lost its line ends. `has_end`: the form's last
    section is there. `quoted`: (name of the field, label) for labels that stand out of order and count as text."""

    fields: tuple[Field, ...]
    lost_lines: bool
    has_end: bool
    quoted: tuple[tuple[str, str], ...]


def read_fields(raw_text: str) -> Fields:
    """The fields of a record's text; text before the first label, and the download's notice, are dropped."""
    text = _TRAILING.sub("", _NOTICE.sub("", _LINE_ENDS.sub("\n", raw_text)))
    found = list(find_labels(text))
    lost_lines = sum(hit.at_line_start for hit in found) * 2 < len(found)
    candidates = found if lost_lines else [hit for hit in found if hit.at_line_start]
    hits = _in_order(candidates)
    quoted = _quoted(hits, candidates, text)
    has_end = any(hit.code == "P." for hit in hits)
    if not lost_lines:
        hits = _with_unforeseen(text, hits)
    line_ends = [place.start() for place in re.finditer("\n", text)]
    return Fields(tuple(_fields(text, hits, line_ends)), lost_lines, has_end, quoted)


def _in_order(hits: Sequence[Hit]) -> list[Hit]:
    """The longest chain of hits whose places in the form never go back."""
    if all(one.order <= other.order for one, other in pairwise(hits)):
        return list(hits)
    tails: list[int] = []
    tail_orders: list[Order] = []
    before: list[int | None] = []
    for index, hit in enumerate(hits):
        place = bisect_right(tail_orders, hit.order)
        before.append(tails[place - 1] if place else None)
        if place == len(tails):
            tails.append(index)
            tail_orders.append(hit.order)
        else:
            tails[place], tail_orders[place] = index, hit.order
    chain = []
    last = tails[-1] if tails else None
    while last is not None:
        chain.append(hits[last])
        last = before[last]
    return chain[::-1]


def _quoted(hits: Sequence[Hit], candidates: Sequence[Hit], text: str) -> tuple[tuple[str, str], ...]:
    kept = {hit.start for hit in hits}
    found = []
    for hit in candidates:
        if hit.start not in kept:
            host = next((one for one in reversed(hits) if one.start < hit.start), None)
            found.append((host.name or "" if host else "", " ".join(text[hit.start : hit.end].split())))
    return tuple(found)


def _with_unforeseen(text: str, hits: Sequence[Hit]) -> list[Hit]:
    found = []
    for index, hit in enumerate(hits):
        found.append(hit)
        after = hits[index + 1] if index + 1 < len(hits) else None
        end = after.start if after else len(text)
        found.extend(find_unforeseen(text, hit.end, end, hit, after))
    return found


def _fields(text: str, hits: Sequence[Hit], line_ends: Sequence[int]) -> list[Field]:
    fields = []
    for index, hit in enumerate(hits):
        if hit.name is None:
            continue
        end = hits[index + 1].start if index + 1 < len(hits) else len(text)
        value = text[hit.end : end].strip().lstrip(":").strip() if hit.number is None else ""
        first = bisect_right(line_ends, hit.start) + 1
        last = first + text.count("\n", hit.start, hit.end + len(text[hit.end : end].rstrip()))
        fields.append(Field(hit.name, hit.language, hit.number, value, first, last, hit.known))
    return fields
