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
from typing import NamedTuple

from pipelines.readers.euctr.labels import LONG, Hit, find_labels, find_line_labels, find_unforeseen

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\u0085\x0b\x0c]")
_NOTICE = re.compile(
    r"This file contains full details on each clinical trial selected for download\."
    r"[^\n]{0,260}?(?:included separately\.|(?=\n)|\Z)"
)
_FEW = 40
"""A form with its line ends has more labels at the beginnings of lines: the shortest real one 157 (2026-11)."""
_MOST_WEIGHED = 3_000
"""More labels than that (ten times a real record's, 2026-11) are no form: each is taken that does not go back."""


class Field(NamedTuple):
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
    text = _NOTICE.sub("", _LINE_ENDS.sub("\n", raw_text))
    text = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    candidates = list(find_line_labels(text))
    lost_lines = False
    if len(candidates) < _FEW:
        found = list(find_labels(text))
        lost_lines = len(candidates) * 2 < len(found)
        candidates = found if lost_lines else candidates
    hits = _in_order(candidates)
    quoted = _quoted(hits, candidates, text)
    has_end = any(hit.code == "P." for hit in hits)
    if not lost_lines:
        hits = _with_unforeseen(text, hits)
    line_ends = [place.start() for place in re.finditer("\n", text)]
    return Fields(tuple(_fields(text, hits, line_ends)), lost_lines, has_end, quoted)


def _in_order(hits: Sequence[Hit]) -> list[Hit]:
    """The longest chain of hits whose places in the form never go back.

    Of chains of one length the one wins that has fewer hits right after the beginning of a long text, where quotations
    stand.
    """
    if all(one.order <= other.order for one, other in pairwise(hits)):
        return list(hits)
    if len(hits) > _MOST_WEIGHED:
        return _never_back(hits)
    lengths: list[float] = []
    before: list[int | None] = []
    for index, hit in enumerate(hits):
        best, length = None, 0.0
        for earlier in range(index):
            if hits[earlier].order <= hit.order and lengths[earlier] >= length:
                best, length = earlier, lengths[earlier]
        is_suspect = index > 0 and hits[index - 1].name in LONG
        lengths.append(length + (0.9 if is_suspect else 1.0))
        before.append(best)
    chain = []
    last: int | None = max(range(len(hits)), key=lambda index: (lengths[index], index), default=None)
    while last is not None:
        chain.append(hits[last])
        last = before[last]
    return chain[::-1]


def _never_back(hits: Sequence[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in hits:
        if not kept or kept[-1].order <= hit.order:
            kept.append(hit)
    return kept


def _quoted(hits: Sequence[Hit], candidates: Sequence[Hit], text: str) -> tuple[tuple[str, str], ...]:
    starts = [hit.start for hit in hits]
    kept = frozenset(starts)
    found: dict[tuple[str, str], None] = {}
    for hit in candidates:
        if hit.start not in kept:
            place = bisect_right(starts, hit.start)
            host = hits[place - 1].name or "" if place else ""
            found[host, " ".join(text[hit.start : hit.end].split())] = None
    return tuple(found)


def _with_unforeseen(text: str, hits: Sequence[Hit]) -> list[Hit]:
    found = []
    for index, hit in enumerate(hits):
        found.append(hit)
        after = hits[index + 1] if index + 1 < len(hits) else None
        end = after.start if after else len(text)
        if text.find("\n", hit.end, end - 1) >= 0:
            found.extend(find_unforeseen(text, hit.end, end, hit, after))
    return found


def _stray(heading: str, value: str, hit: Hit, line_ends: Sequence[int]) -> Field:
    """Text under a heading that no field of the form has."""
    line = bisect_right(line_ends, hit.start) + 1
    return Field(" ".join(heading.split()).rstrip(":"), None, None, value, line, line + value.count("\n"), known=False)


def _fields(text: str, hits: Sequence[Hit], line_ends: Sequence[int]) -> list[Field]:
    fields = []
    for index, hit in enumerate(hits):
        end = hits[index + 1].start if index + 1 < len(hits) else len(text)
        body = text[hit.end : end].rstrip()
        value = body.lstrip(": \t\n")
        if hit.name is None or hit.number is not None:
            if value:  # a heading has none
                fields.append(_stray(text[hit.start : hit.end], value, hit, line_ends))
            if hit.name is None:
                continue
            value = ""
        first = bisect_right(line_ends, hit.start) + 1
        last = bisect_right(line_ends, hit.end + len(body) - 1) + 1
        fields.append(Field(hit.name, hit.language, hit.number, value, first, last, hit.known))
    return fields
