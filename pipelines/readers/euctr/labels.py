"""The labels that divide a record's text, and where they stand in it.

Belongs here: labels.txt and the search for its labels. Does not: which of the hits are labels and which are words of a
value (fields.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

Order = tuple[int, tuple[int, ...]]
"""Place in the form: rank of the section, number within it. Sections with repeated blocks have one number for all."""

_SECTIONS = " ABDEFGHNP"
_REPEATING = frozenset("BDGHNP")
_NUMBER = r"[A-H]\.[0-9]{1,2}(?:\.[0-9]{1,2}){0,5}"
_CODE = re.compile(rf"(?P<code>{_NUMBER}|[A-HNP]\.)(?: (?:and|to) {_NUMBER})?[ \t]{{1,4}}")
_BLOCK = re.compile(r"D\.IMP:[ \t]{0,4}(?P<imp>[0-9]{1,4})|Sponsor (?P<sponsor>[0-9]{1,3})(?=\s{0,8}B\.1\.1)")
_AFTER = re.compile(r"[ \t]{0,4}\??[ \t]{0,4}(?:\((?P<language>[a-z]{2})\))?[ \t]{0,4}(?P<colon>:?)")
_SEARCH = re.compile(
    rf"(?:{_NUMBER}|[A-HNP]\.)[ \t]|{_NUMBER} (?:and|to) |D\.IMP:|Sponsor [0-9]|MedDRA Classification"
    r"|EudraCT Number|Sponsor's Protocol Code Number|National Competent Authority:|Clinical Trial Type:|Trial Status:"
    r"|Date on which this record was first entered|Trial results|Link:"
)
_ANY_LABEL = re.compile(rf"(?P<code>{_NUMBER})[ \t]{{1,4}}(?P<words>[^:\n]{{2,250}}):")
_INDENT = 40
_FIRST = frozenset("ABDEFGHNPSMCTL")
_BLANKS = frozenset(" \t")
IMP, SPONSOR = "D.IMP", "Sponsor"
LONG = frozenset({"E.2.1", "E.2.2", "E.2.3.1", "E.3", "E.4", "E.5.1", "E.5.1.1", "E.5.2", "E.5.2.1", "F.5"})
"""Fields of free text over several lines."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the form. `name` is what the reader calls the field, None for headings."""

    name: str | None
    code: str
    words: re.Pattern[str]
    order: Order
    whole: str


class Hit(NamedTuple):
    """A label at a place of the text: the field's name (None for a heading), the value's language, where it begins and
    ends. `at_line_start`: nothing stands before it on its line."""

    name: str | None
    code: str
    order: Order
    start: int
    end: int
    at_line_start: bool
    language: str | None = None
    number: str | None = None
    known: bool = True


def order_of(code: str) -> Order:
    """Place of a number (`E.5.2.1`), of a section (`N.`), or of a label without either (`""`) in the form."""
    section = code[:1]
    rank = _SECTIONS.index(section) if section else 0
    if not section or section in _REPEATING:
        return rank, ()
    return rank, numbers_of(code)


def numbers_of(code: str) -> tuple[int, ...]:
    """`E.5.2.1` → (5, 2, 1)."""
    return tuple(int(part) for part in code.split(".")[1:] if part.isdigit())


@cache
def load_labels() -> dict[str, tuple[Label, ...]]:
    """Labels by their number ("" for those without), the longest first. Raises ValueError for a line it cannot read."""
    found: dict[str, list[tuple[int, Label]]] = {}
    for line in files("pipelines.readers.euctr").joinpath("labels.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        is_heading, text = line.startswith("heading "), line.removeprefix("heading ")
        text, _, name = text.partition(" => ")
        match = _CODE.match(text)
        code = match["code"] if match else ""
        words = text[match.end() :] if match else text
        own = text[: match.end()].strip() if match and not match["code"].endswith(".") else text
        pattern = re.compile(r"[ \t]{1,4}".join(map(re.escape, words.removesuffix("?").split())), re.IGNORECASE)
        place = name if is_heading and name else code
        label = Label(None if is_heading else name or own, code, pattern, order_of(place), text)
        found.setdefault(code, []).append((len(words), label))
    return {code: tuple(label for _, label in sorted(all_, key=lambda one: -one[0])) for code, all_ in found.items()}


@cache
def _names_by_code() -> dict[str, str]:
    """Numbers that one field alone has, and its name: a number says enough there, however the label is worded."""
    found = {}
    for code, labels in load_labels().items():
        names = {label.name for label in labels}
        only = names.pop()
        if code and only and not names:
            found[code] = only
    return found


def find_labels(text: str) -> Iterator[Hit]:
    """Every known label in the text, in its order; words of values that read like a label are among them."""
    done = 0
    for place in _SEARCH.finditer(text):
        if place.start() < done:
            continue
        hit = _hit(text, place.start())
        if hit is not None:
            done = hit.end
            yield hit


@cache
def _whole_labels() -> dict[str, Label]:
    """Labels as they stand before their colon, those that hold a colon left out."""
    found = {}
    for labels in load_labels().values():
        for label in labels:
            if label.name is not None and ":" not in label.whole:
                found[label.whole] = label
    return found


def find_line_labels(text: str) -> Iterator[Hit]:
    """The known labels that begin a line: as find_labels, but for those in the middle of lines, and much faster."""
    known, start = _whole_labels(), 0
    for line in text.split("\n"):
        if line[:1] in _FIRST or (line[:1] in _BLANKS and line.lstrip()[:1] in _FIRST):
            head, colon, _ = line.partition(":")
            language = head[-3:-1] if head[-1:] == ")" and head[-5:-3] == " (" else None
            label = known.get(head[:-5] if language else head) if colon else None
            if label is not None:
                end = start + len(head) + 1
                yield Hit(label.name, label.code, label.order, start, end, True, language)
            elif (place := _SEARCH.match(line, len(line) - len(line.lstrip()))) is not None:
                hit = _hit(text, start + place.start())
                if hit is not None:
                    yield hit
        start += len(line) + 1


def _begins_line(text: str, start: int) -> bool:
    """Whether nothing but a few blanks stands before a place on its line."""
    before = start - 1
    while before >= 0 and text[before] in " \t" and start - before < _INDENT:
        before -= 1
    return before < 0 or text[before] == "\n"


def _hit(text: str, start: int) -> Hit | None:
    at_line_start = _begins_line(text, start)
    block = _BLOCK.match(text, start)
    if block is not None:
        name, code = (IMP, "D.") if block["imp"] else (SPONSOR, "B.")
        number = block["imp"] or block["sponsor"]
        return Hit(name, code, order_of(code), start, block.end(), at_line_start, number=number)
    coded = _CODE.match(text, start)
    for label in load_labels().get(coded["code"] if coded else "", ()):
        words = label.words.match(text, coded.end() if coded else start)
        after = _AFTER.match(text, words.end()) if words else None
        if after is None or not (after["colon"] or label.name is None or "?" in after[0] or "\t" in after[0]):
            continue  # a page saved as text has a tab where the download has a colon
        return Hit(label.name, label.code, label.order, start, after.end(), at_line_start, after["language"])
    return None


def find_unforeseen(text: str, start: int, end: int, before: Hit, after: Hit | None) -> Iterator[Hit]:
    """Lines of a value that begin as a field of the form would, with a number that fits between the fields around it.

    A number that one known field has stands for that field, however its label is worded; others are called by number
    and label, and are `known` False.
    """
    last = before.code
    for match in _ANY_LABEL.finditer(text, start, end):
        code = match["code"]
        if not _begins_line(text, match.start()) or not _fits(last, code, after):
            continue
        known = _names_by_code().get(code)
        name = known or f"{code} {' '.join(match['words'].split())}"
        ending = _AFTER.match(text, match.end() - 1)
        stop = ending.end() if ending else match.end()
        yield Hit(name, code, order_of(code), match.start(), stop, True, known=known is not None)
        last = code


def _fits(last: str, code: str, after: Hit | None) -> bool:
    """Whether a number stands between the fields around it; in a section of its own only a known number does."""
    if last[:1] == code[:1]:
        if numbers_of(code) <= numbers_of(last):
            return False
    elif code not in _names_by_code() or order_of(code)[0] < order_of(last)[0]:
        return False
    if after is None:
        return True
    if after.code[:1] != code[:1] or after.name in (IMP, SPONSOR, "D.8 Placebo", "G.4 Network"):
        return order_of(code)[0] <= after.order[0]
    return numbers_of(code) < numbers_of(after.code)
