"""A study as ClinicalTrials.gov's website gets it for its own pages: in an object of its own, its texts as HTML.

Belongs here: telling such objects, `{"study": …, "history": …}` of a study's page and `{"studyVersion": 3, "study": …}`
of its history; HTML → CommonMark as API v2 writes it. Does not: cutting members into records (ctgov_v2.py).

The website's answers are in the study shape, but for three things (seen in answers of 2023 to 2026): texts that are
CommonMark in the API are HTML there, characters in texts may be escaped once more, and what was searched for is marked.
Of a search the website gets chosen fields alone; such lists are not taken.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

import orjson

from pipelines.readers.ctgov_xml_parts.markup import BULLET_MARK, Block, paragraph, written
from pipelines.readers.json_records import parsed
from pipelines.readers.json_window import Fault, RecordFault, json_fault
from pipelines.readers.reasons import MALFORMED_JSON
from pipelines.settings import Limits
from pipelines.study.shape import Node, load_shape

Struct = dict[str, Any]
_BESIDE = rb'"[^"\\]{1,80}"\s*:\s*(?:"(?:[^"\\]|\\.){0,400}"|[-+.\w]{1,40})'
_WRAPPED = re.compile(rb"\{\s*(?:" + _BESIDE + rb'\s*,\s*){0,10}"study"\s*:\s*\{', re.DOTALL)
_SECTION = re.compile(rb'\s*"(?:(?:protocol|results|derived|document|annotation)Section"\s*:\s*\{|hasResults"\s*:)')
_LIST = re.compile(rb"\[\s*")
_BLOCK = re.compile(r"<(?:p|ul|ol|li)(?:\s[^<>]{0,80})?>")
_ENTITY = re.compile(r"(?<!\\)&(?:amp|lt|gt|quot|#39|#x27|#x2F|#x3D|#x60);")
_MARK = re.compile(r'<mark class="[\w-]{1,40}">|</mark>')
_ITEMS, _ENDS = ("ul", "ol"), ("p", "li", "ul", "ol", "br")


def begins(text: bytes) -> bool:
    """Whether a member that begins with `text` holds studies in such objects: one, a list or lines of them."""
    listed = _LIST.match(text)
    wrapper = _WRAPPED.match(text, listed.end() if listed else 0)
    return wrapper is not None and _SECTION.match(text, wrapper.end()) is not None


def study_of(raw: bytes, limits: Limits) -> Struct | None:
    """The study in such an object, None where the record is none. Raises RecordFault where it is no valid JSON."""
    if _WRAPPED.match(raw) is None:
        return None
    try:
        study = parsed(raw, limits.json_depth).get("study")
    except orjson.JSONDecodeError as error:
        raise RecordFault(json_fault(raw) or Fault(MALFORMED_JSON, error.msg)) from error
    if not isinstance(study, dict):
        return None
    return _plain(study, load_shape()) if _is_html(study, load_shape()) else study


def _is_html(value: Any, node: Node | None) -> bool:
    """Whether any text that the API has as CommonMark is HTML here: the API puts a backslash before such marks."""
    if node is None:
        return False
    if isinstance(value, dict):
        return any(_is_html(inner, node.child(name)) for name, inner in value.items())
    if isinstance(value, list):
        return any(_is_html(inner, node) for inner in value)
    if not isinstance(value, str) or node.leaf_type not in ("markup", "text"):
        return False
    is_marked = _MARK.search(value) is not None
    return is_marked or (node.leaf_type == "markup" and bool(_ENTITY.search(value) or _BLOCK.search(value)))


def _plain(value: Any, node: Node | None) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner, node.child(name) if node else None) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner, node) for inner in value]
    if isinstance(value, str) and node is not None:
        if node.leaf_type == "markup":
            return commonmark(value)
        if node.leaf_type == "text":
            return _ENTITY.sub(lambda found: html.unescape(found[0]), _MARK.sub("", value))
    return value


def commonmark(text: str) -> str:
    """HTML of paragraphs and lists as CommonMark; other tags go, their text stays."""
    reader = _Blocks()
    reader.feed(text)
    reader.close()
    reader.end()
    return written(reader.blocks)


class _Blocks(HTMLParser):
    """The paragraphs and items of a text, each with its level and the mark before it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._lists: list[int | None] = []  # of the lists that are open the number of the next item, None for bullets
        self._mark = ""
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ENDS:
            self.end()
        if tag in _ITEMS:
            start = dict(attrs).get("start") or "1"
            self._lists.append((int(start) if start.isdecimal() else 1) if tag == "ol" else None)
        elif tag == "li":
            number = self._lists[-1] if self._lists else None
            self._mark = BULLET_MARK if number is None else f"{number}. "
            if number is not None:
                self._lists[-1] = number + 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _ENDS:
            self.end()
        if tag in _ITEMS and self._lists:
            self._lists.pop()

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def end(self) -> None:
        """The paragraph that is open, if it has words, is one block; the next in its item has no mark."""
        words = paragraph("".join(self._words))
        self._words = []
        if words:
            self.blocks.append((max(len(self._lists), 1 if self._mark else 0), self._mark, words))
            self._mark = ""
