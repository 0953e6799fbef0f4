"""Texts as registries store them → plain text: line ends, blanks, left-overs of HTML, control characters.

Belongs here: the one way in which prose from registries is tidied. Does not: taking a text apart.

What is done, and nothing else: CRLF and CR become LF; `<br>` and the ends of paragraphs, list items and table rows
become line ends; other well-known formatting tags go (their text stays); entities that were escaped twice are resolved;
blanks at line ends and at both ends of the text go. A `<` that does not begin such a tag stays ("p<0.05").
"""

from __future__ import annotations

import html
import re
from typing import Any

from pipelines.readers.mapping.converters import Unreadable, iso_date, text

_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>br|p|div|li|ul|ol|tr|table|tbody|td|th|b|i|u|em|strong|sub|sup|span|font|h[1-6]|o:p)"
    r"(?P<rest>(?:\s[^<>]{0,500})?)/?>",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})(?:[-/.](?P<day>[0-9]{1,2}))?(?: [0-9:.]{4,12})?"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|lt|gt|amp|quot|apos|nbsp);")
_LINE_END_BLANKS = re.compile(r"[ \t]{1,1000}\n")
_MANY_LINES = re.compile(r"\n{3,}")
_BREAKS_AT_END = frozenset({"p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})


def prose(value: Any) -> str:
    """A text of any length as plain text; what is changed is said at the top of this module."""
    raw = text(value)
    if "\r" in raw:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    if "<" in raw:
        tagless = _TAG.sub(_instead_of_tag, raw)
        raw = _MANY_LINES.sub("\n\n", tagless) if tagless != raw else raw
    if "&" in raw and _ENTITY.search(raw):
        raw = _ENTITY.sub(lambda found: html.unescape(found[0]), raw).replace("\xa0", " ")
    if " \n" in raw or "\t\n" in raw:
        raw = _LINE_END_BLANKS.sub("\n", raw)
    return raw.strip()


def _instead_of_tag(tag: re.Match[str]) -> str:
    name = tag["name"].lower()
    if name == "br" or (tag["close"] and name in _BREAKS_AT_END):
        return "\n"
    return " " if name in {"td", "th"} else ""


def line(value: Any) -> str:
    """As prose, on one line: for titles, names and the like."""
    if isinstance(value, str) and "<" not in value and "&" not in value:
        return " ".join(value.split())
    return " ".join(prose(value).split())


def year_first(value: Any) -> str:
    """As iso_date, and "2020/7/2" and "2020.07.02" too: behind the year nobody writes the day before the month."""
    raw = text(value)
    found = _YEAR_FIRST.fullmatch(raw)
    if found is None:
        return iso_date(raw)
    month, number = found["month"].zfill(2), found["day"]
    return iso_date(f"{found['year']}-{month}" + (f"-{number.zfill(2)}" if number else ""))


def day(value: Any) -> str:
    """yyyy-MM-dd, for fields that hold whole days; a clock time behind it is dropped."""
    found = year_first(value)
    if len(found) != 10:
        raise Unreadable("a whole day is due here, and only a month or a year is given", "ambiguous")
    return found


def criteria(inclusion: str | None, exclusion: str | None) -> str | None:
    """Both lists of criteria in one text, under the headings that ClinicalTrials.gov uses."""
    parts = [("Inclusion Criteria:", inclusion), ("Exclusion Criteria:", exclusion)]
    return "\n\n".join(f"{heading}\n{body}" for heading, body in parts if body) or None


__all__ = ["criteria", "day", "line", "prose", "year_first"]
