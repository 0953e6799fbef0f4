"""Writing XML as ClinicalTrials.gov's classic site did, and CommonMark as the site laid it out.

Belongs here: elements, text blocks, dates. Does not: which element a field goes to.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from textwrap import wrap
from xml.sax.saxutils import escape, quoteattr

Element = tuple[str, dict[str, str], "str | list[Element] | None"]
"""A tag, its attributes, and its text or its children."""

_ESCAPED = re.compile(r"\\([^\w\s])")
_LINE = re.compile(r"(?P<indent> *)(?:(?P<bullet>\*)|(?P<number>\d+)\.)? ?(?P<words>.*)")
_WIDTH = 100


def leaf(tag: str, text: object, **attributes: str) -> list[Element]:
    """An element with text; none where there is no text. A truth value is Yes or No."""
    if text is None or text == "":
        return []
    if isinstance(text, bool):
        text = "Yes" if text else "No"
    return [(tag, attributes, str(text))]


def group(tag: str, *parts: Iterable[Element], **attributes: str) -> list[Element]:
    """An element with children; none where there are none and no attributes."""
    children = [element for part in parts for element in part]
    return [(tag, attributes, children)] if children or attributes else []


def written(elements: Iterable[Element], depth: int = 0) -> str:
    """Elements one below the other, each level two blanks further in; carriage returns as references."""
    lines = []
    for tag, attributes, content in elements:
        blanks = "  " * depth
        opening = tag + "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
        if content is None or content == []:
            lines.append(f"{blanks}<{opening}/>\n")
        elif isinstance(content, str):
            lines.append(f"{blanks}<{opening}>{escape(content, {chr(13): '&#xD;'})}</{tag}>\n")
        else:
            lines.append(f"{blanks}<{opening}>\n{written(content, depth + 1)}{blanks}</{tag}>\n")
    return "".join(lines)


def plain(markup: str) -> str:
    """CommonMark without the backslashes that keep characters from being marks."""
    return _ESCAPED.sub(r"\1", markup)


def lines_of(markup: str | None) -> str | None:
    """Text of an element without a margin: a line for each paragraph or item."""
    if markup is None:
        return None
    lines = []
    for line in markup.split("\n"):
        found = _LINE.fullmatch(line)
        if line.strip() and found is not None:
            mark = "- " if found["bullet"] else f"{found['number']}. " if found["number"] else ""
            lines.append(mark + plain(found["words"]).strip())
    return "\n".join(lines)


def textblock(tag: str, markup: str | None, depth: int) -> list[Element]:
    """An element with a text block in the site's layout: a margin, items set in, lines wrapped, carriage returns."""
    if not markup:
        return []
    margin = " " * (2 * depth + 2)
    blocks = [_laid_out(line, margin) for line in markup.split("\n") if line.strip()]
    text = "\r\n" + "\r\n\r\n".join(blocks) + "\r\n" + " " * (2 * depth)
    return [(tag, {}, [("textblock", {}, text)])]


def _laid_out(line: str, margin: str) -> str:
    found = _LINE.fullmatch(line)
    assert found is not None
    words = plain(found["words"])
    if not found["bullet"] and not found["number"]:
        return "\r\n".join(margin + one for one in _wrapped(words, _WIDTH - len(margin)))
    level = len(found["indent"]) // 2
    mark = "-  " if found["bullet"] else f"{found['number']}. "
    column = margin + " " * (5 * level + 5)
    first, *rest = _wrapped(words, _WIDTH - len(column))
    return "\r\n".join([column[: -len(mark)] + mark + first, *(column + one for one in rest)])


def _wrapped(words: str, width: int) -> list[str]:
    return wrap(words, max(30, width), break_long_words=False, break_on_hyphens=False) or [""]


def long_date(iso: str | None) -> str | None:
    """2026-06-30 → "June 30, 2026"; 2026-06 → "June 2026"; a year as it stands."""
    if iso is None:
        return None
    year, *rest = iso.split("-")
    month = calendar.month_name[int(rest[0])] if rest else ""
    return f"{month} {int(rest[1])}, {year}" if len(rest) == 2 else f"{month} {year}".strip()
