"""Text as ICTRP leaves it → plain text: HTML left-overs, double escapes, line wraps.

Belongs here: everything that is done to a text before its meaning is looked at; done once, here. Does not: meaning.

What is found in real exports (counted 2026-11-21 in those of 2020-04 and 2024-06): `<br>` in some 18,800 places, mostly
one for each line, with a carriage return or line feed before it; `<p>` and `<br />` in Dutch records; entities that
were escaped twice (`&#32;`, `&lt;`); runs of up to 4,000 blanks behind titles.
"""

from __future__ import annotations

import html
import re
from typing import Any

from pipelines.readers.study_parts import ALSO_NAMES

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</?(?:p|div|ul|ol|table|tbody|tr|h[1-6])(?:\s[^<>]{0,500})?>", re.IGNORECASE)
_ITEM = re.compile(r"<li(?:\s[^<>]{0,500})?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|i|u|em|strong|sup|sub|span|font|a|li|td|th)(?:\s[^<>]{0,500})?>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[A-Za-z]")
_BLANKS_AND_LINE_ENDS = str.maketrans(
    dict.fromkeys("\t\xa0\u3000", " ") | dict.fromkeys("\x0b\x0c\x85\u2028\u2029", "\n")
)
_UNUSUAL = re.compile("[\t\xa0\u3000\x0b\x0c\x85\u2028\u2029]")
_MARKED = re.compile(r"(?:[-*\u2022\u00b7o]|[0-9]{1,2}[.)]|[A-Za-z][.)]|\([0-9A-Za-z]{1,3}\))\s")

_NOTHING = frozenset(
    {"", "-", "--", "/", "?", "??", "n/a", "n.a", "na", "nd", "nil", "no", "none", "null", "nothing", "not applicable",
     "not available", "not provided", "not stated", "not specified", "not provided at time of registration"}
)  # fmt: skip


def says_nothing(text: str) -> bool:
    """Whether a whole text stands for no entry: "-", "N/A", "None", "Nil.", "Not available"."""
    return len(text) < 50 and text.strip(" .;()").casefold() in _NOTHING


def names_nobody(text: str) -> bool:
    """As says_nothing, of a part of somebody's name."""
    return says_nothing(text) and text.strip(" .;()").casefold() not in ALSO_NAMES


def plain(value: Any) -> str:
    """The text with `<br>` and the like as line ends, paragraphs as blank lines, other known tags and escapes gone.

    Only tags by name are taken for markup: "<45 ml/min" stays. Runs of blanks become one, of blank lines one. A line
    end and the `<br>` behind it are one line end.
    """
    text = str(value).strip()
    if "&" in text:
        text = _ENTITY.sub(_unescaped, _ENTITY.sub(_unescaped, text))
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if _UNUSUAL.search(text):
            text = text.translate(_BLANKS_AND_LINE_ENDS)
    text = _squeezed(text, " ")
    if "<" in text:
        text = _without_tags(text)
    if "\n" in text:
        text = _squeezed(text.replace(" \n", "\n").replace("\n ", "\n"), "\n", 2)
    return text.strip()


def stated(value: Any) -> str | None:
    """As line, for names and titles; a word that stands for no entry is none."""
    said = line(value)
    return None if says_nothing(said) else said


def _squeezed(text: str, mark: str, most: int = 1) -> str:
    """The text with runs of a character cut to `most`; by halves, which is fast for runs of thousands."""
    for run in (64, 8, 1):
        longer = mark * (most + run)
        while longer in text:
            text = text.replace(longer, mark * most)
    return text


def _without_tags(text: str) -> str:
    if "<br>" in text:
        text = text.replace("<br />\n<br>", "\n").replace("<br /><br>", "\n")
        text = text.replace("\n <br>", "\n<br>").replace("\n<br>", "\n").replace("<br>", "\n")
    if _ANY_TAG.search(text) is None:
        return text
    text = _BREAK.sub("\n", text)
    return _squeezed(_TAG.sub("", _ITEM.sub("\n- ", _PARAGRAPH.sub("\n\n", text))), " ")


def _unescaped(match: re.Match[str]) -> str:
    """The character of an entity. Done twice: what came from a web form was escaped once more there (`&amp;lt;`)."""
    return html.unescape(match[0])


def line(value: Any) -> str:
    """As plain, in one line."""
    text = plain(value)
    return " ".join(text.split()) if "\n" in text else text


def unwrapped(value: Any) -> str:
    """As plain, for text that ClinicalTrials.gov wraps at some 80 columns: a single line end within a paragraph is a
    blank, unless what follows begins an item of a list."""
    found: list[str] = []
    for one in plain(value).split("\n"):
        if one and found and found[-1] and not _MARKED.match(one):
            found[-1] += " " + one
        else:
            found.append(one)
    return "\n".join(found)
