r"""A line of an eligibility criteria text → its marker and text, and whether it is a heading.

Belongs here: the forms of markers and headings, and where a line holds several. Does not: how lines hang together
(criterion_rows.py); pages whose headings are lost (readers/page_text).

Markers: bullets of any usual glyph, numbers, letters and Roman numbers in any usual brackets, full-width ones, circled
numbers, numbers of several levels (`2.1`), and a bullet before a number (`* 3\. Age`), as registries export them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

MAX_HEADING = 300
"""Characters a heading can have; the longest real one seen has 190 (2026-11)."""
MIN_RUN = 3
"""Numbers in a row, from the first of the line on, that make it a list whose line breaks are lost."""

_BULLET = r"\\?[*+?][ \t]+|\\?[-–—•●▪◦○·‣■□◆➢➤✓\uf0b7][ \t]*|o[ \t]{1,4}(?=[A-Z≥≤<>0-9])"
_MARKER_FORM = (
    rf"(?:{_BULLET}){{0,4}}"
    r"(?:[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}(?:\\?[.)])?(?=[ \t])"
    r"|[(（\[]?(?:[0-9]{1,3}(?:\\?[.)\]]|[、．）])(?![0-9])|(?:[A-Za-z]|[ivxIVX]{2,5})\\?[.)](?=[ \t]|$))"
    r"|[①-⑳])?"
)
LINES = re.compile(rf"^([ \t]*)({_MARKER_FORM})[ \t]*(.*)$", re.MULTILINE)
"""All lines of a text: (indentation, marker, text) each."""
_MARKER = re.compile(
    r"(?P<bullet>.*?)(?:(?P<multi>[0-9]{1,2}\.[0-9][0-9.]{0,9})[.)]?|(?P<open>[(（\[]?)(?P<count>[0-9]{1,3}|[A-Za-z]{1,5})(?P<close>[.)\]、．）])"
    r"|(?P<circled>[①-⑳]))?\Z"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_WORD = re.compile(r"[^\W_]")

_REFUSING = re.compile(r"\b(?:excluded?|excludes|ineligible|disqualified|not (?:be )?(?:eligible|included|enrolled))\b")
_OF_BOTH = re.compile(r"\W*inclusion\W{1,3}(?:and |or )?exclusion crit[a-z]+\W*\Z")
_MARKED_HEADING = re.compile(
    r"(?:(?:key|main|major|general|specific|additional|other|group|part|cohort|[a-z]|[0-9]+) ){0,3}"
    r"(?:in|ex)clusion crit[a-z]+(?: for [^.;:]{1,80})?\s*[:.]?\Z"
)
_SENTENCE = re.compile(r"\b(?:meet|meets|meeting|met|fulfil\w*|above|apply|applies|applied)\b[^:]*\Z")
_WHOLE_LINE = re.compile(
    r"(?:[^.;:]{0,80}\s)?(?:pre-?)?(?:in|ex)clusion crit[a-z]+\s*(?:\([^)]*\)\s*)?[:.]?\Z"
    r"|(?:\w+ ){0,2}(?:in|ex)clusions?\s*[:.]?\Z"
)
_WITH_TAIL = re.compile(r"(?:[^.;:]{0,60}\s)?(?:in|ex)clusion crit[a-z]+\s*(?:for|of|specific|[-–,(])\s*[^.;]+\Z")
_BEHIND = re.compile(
    r"\W{0,20}(?:(?:\w+ ){0,2}(?:in|ex)clusion crit[a-z]+|(?:in|ex)clusions?)\s*[:：]\s*(?P<text>\S.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_NOT = re.compile(r"\bnot\b")
_INLINE_HEADING = re.compile(r"(?<=[.;])\s?(?:Key |Main |Major )?(?:In|Ex)clusion [Cc]riteri(?:a|on) ?:")
_HEADING_AT_END = re.compile(r"(?<=[^:]{20})\s(?:Key |Main |Major )?(?:In|Ex)clusion [Cc]riteri(?:a|on) ?:\Z")
_INLINE_NUMBER = re.compile(r"(?<=[\s;:.,；。，、])[(（]?(?P<number>[0-9]{1,2})[.)、．）](?![0-9])")
_INLINE_MARKER = re.compile(
    r"(?<=[\s;:.,；。，、)])[(（]?(?P<count>[0-9]{1,3}|[A-Za-z]|[ivxIVX]{2,5})(?:[.)](?=\s{1,8}[^\s0-9])|[、．）](?![0-9]))"
)
_INLINE_BULLET = re.compile(r"(?:(?<=[.;])[ \t]{0,8}|[ \t]{2,8})-[ \t]?(?=[A-Z])")
GLYPHS = "•●▪\uf0b7"
"""Bullets that are nothing else: within a line they begin an item of its own."""
_BEFORE_GLYPH = re.compile(rf"[ \t]{{0,8}}(?=[{GLYPHS}])")
_FIRST_INLINE = re.compile(r"[:;,.]\s{1,8}[(]?(?P<mark>[aAiI1])[.)]\s{1,8}")
_BRACKETS = "(（[)]）.、．"


def unescape(text: str) -> str:
    r"""CommonMark backslash escapes undone: `\<` → `<`, `2\.` → `2.`."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def has_words(text: str) -> bool:
    r"""Whether it holds a letter or digit; lines without are left-overs of lists, such as `\-`."""
    return text[:1].isalnum() or _WORD.search(text) is not None


class Marker(NamedTuple):
    """The mark before an item. `label`: as written, without escapes; None where the line has none.

    `style`: its form, "*", "-" … for bullets, "1.", "1)", "(a)", "i." … for others, "1.1" for several levels, "" for
    none. `value`: its place in that order, 0 for bullets. A single i, v or x is a letter here; what it is, its
    neighbours say. `bullet`: the bullet before a number or letter (`* 3.`), "" without. `number`: the value of one in
    figures. `own`: the number or letter without brackets. `second_next`: the number two further, in figures.
    """

    label: str | None
    style: str
    value: int
    bullet: str = ""
    number: int | None = None
    own: str | None = None
    second_next: str = ""


NO_MARKER = Marker(None, "", 0)


@lru_cache(4096)
def read_marker(written: str) -> Marker:
    """The marker of a line of LINES; there are few different ones."""
    label = unescape(written.strip())
    found = _MARKER.match(label)
    if not label or found is None:
        return NO_MARKER
    if found["multi"]:
        numbers = found["multi"].rstrip(".")
        return Marker(label, "1.1", int(numbers.rpartition(".")[2]), own=numbers)
    if found["circled"]:
        value = ord(found["circled"]) - ord("①") + 1
        return Marker(label, "①", value, "", value, str(value))
    count = found["count"]
    if count is None or label[-1] == "o":
        return Marker(label, label[-1], 0)
    form, value = _counted(count)
    number = value if form == "1" else None
    style, bullet = f"{found['open']}{form}{found['close']}", found["bullet"].rstrip()[-1:]
    return Marker(
        label, style, value, bullet, number, count if value else None, "" if number is None else str(value + 2)
    )


def _counted(count: str) -> tuple[str, int]:
    if count.isdigit():
        return "1", int(count)
    if len(count) > 1:
        return "i" if count.islower() else "I", roman(count)
    return "a" if count.islower() else "A", ord(count.lower()) - ord("a") + 1


def roman(letters: str) -> int:
    """Value of a Roman number of i, v, x; 0 where it is none (`iiv`)."""
    for value, written in enumerate(_ROMANS, start=1):
        if written == letters.lower():
            return value
    return 0


_ROMANS = (
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
    "xviii", "xix", "xx",
)  # fmt: skip


@lru_cache(1024)
def heading(text: str, label: str | None, indent: int) -> tuple[str, str] | None:
    """(kind, text behind it) of a heading: inclusion, exclusion, or unknown for one of both; None for other lines.

    It names inclusion or exclusion in one of these forms: a whole line ("Key Exclusion Criteria:", "Exclusions"), with
    a tail ("Inclusion criteria for controls"), a sentence ("Patients are excluded if:"), with its text ("Exclusion
    criteria: none"). A line with a marker is one only as a plain whole line; others may be criteria on
    other criteria.
    """
    lowered = text.lower()
    if "clusion" not in lowered:
        is_refusal = label is None and not indent and lowered.endswith(":") and len(lowered) <= 200
        return ("exclusion", "") if is_refusal and _REFUSING.search(lowered) else None
    words = lowered.strip(" *_#").replace("non-inclusion", "exclusion").replace("non inclusion", "exclusion")
    if label is None and not words.endswith(":"):
        behind = _BEHIND.match(text)
        if behind is not None:
            return "inclusion" if "inclusion" in words.partition(":")[0] else "exclusion", behind["text"]
    if len(words) > MAX_HEADING:
        return None
    has_inclusion, has_exclusion = "inclusion" in words, "exclusion" in words
    if has_inclusion and has_exclusion:
        return ("unknown", "") if _OF_BOTH.match(words) else None
    kind = "inclusion" if has_inclusion else "exclusion"
    return (kind, "") if _is_heading(words, label is not None, has_exclusion) else None


def _is_heading(words: str, is_marked: bool, has_exclusion: bool) -> bool:
    announces = words.endswith(":") and len(words) <= 200
    if not has_exclusion and _NOT.search(words):
        return False
    if is_marked:
        return _MARKED_HEADING.match(words) is not None
    if _SENTENCE.search(words):
        return has_exclusion and announces
    if announces or _WHOLE_LINE.match(words):
        return True
    return len(words) <= 120 and _WITH_TAIL.match(words) is not None


def inline_heading(text: str, label: str | None) -> int:
    """Where in a line a heading begins that should stand in one of its own; 0 where none does."""
    match = _INLINE_HEADING.search(text)
    if match is None and label is not None and text.endswith(":"):
        match = _HEADING_AT_END.search(text)
    return match.start() if match is not None else 0


def inline_bullets(text: str) -> list[int]:
    """Where dashes behind a stop or wide blanks begin items in a line that began with a dash."""
    return [match.start() for match in _INLINE_BULLET.finditer(text)]


def glyph_parts(text: str) -> list[str]:
    """A line cut before each bullet within it; the bullets stay with their items."""
    return [part for part in _BEFORE_GLYPH.split(text) if part]


def inline_numbers(text: str, number: int) -> list[int]:
    """Where number + 1, number + 2, … stand in the text of the item `number`; [] below MIN_RUN numbers in all."""
    places: list[int] = []
    for match in _INLINE_NUMBER.finditer(text):
        if int(match["number"]) == number + 1:
            number += 1
            places.append(match.start())
    return places if len(places) + 1 >= MIN_RUN else []


def stand_inline(text: str, style: str, first: int, end: int) -> bool:
    """Whether all markers in the order of `style` from `first` to before `end` stand in the text, one after another.

    Lines that were run together hold them: "1. adults 2. consent" above "3. no asthma" lacks nothing.
    """
    value = first
    for match in _INLINE_MARKER.finditer(text):
        if value == end:
            break
        value += match["count"] == _written(order_of(style), value)
    return value == end


def _written(order: str, value: int) -> str | None:
    """The number as a marker of this order writes it; None where it has none."""
    if order in ("i", "I"):
        roman_number = _ROMANS[value - 1]
        return roman_number if order == "i" else roman_number.upper()
    if order in ("a", "A"):
        return chr(ord(order) + value - 1)
    return str(value) if order == "1" else None


def inline_first(text: str, style: str) -> tuple[int, int] | None:
    """(end of the announcement, beginning of the text) of the first item of a list in the line that announces it.

    "one or more of: i. relapse", asked where the next line is the second item of form `style`; None where it has none.
    """
    for match in _FIRST_INLINE.finditer(text):
        if match["mark"] == order_of(style):
            return match.start() + 1, match.end()
    return None


def order_of(style: str) -> str:
    """What a form of marker counts in: 1, a, A, i, I; bullets by themselves."""
    return style.strip(_BRACKETS) or style
