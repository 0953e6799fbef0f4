"""Characters that no page may hold, and what stands for them.

Belongs here: which these are. Does not: escaping (templates), spelling them out on a terminal (pipelines/console).
"""

from __future__ import annotations

import re

_NOT_SHOWN = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u202d\\u202e\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff]"
)
"""Controls and code points that are no characters: neither HTML nor XML allows them, and the library that draws charts
ends the whole process over one in a text (2026-11). And the two that turn round whatever follows in a line, words of
ours too; marks and isolates of right-to-left writing stay."""


def showable(text: str) -> str:
    """The text as a page can hold it: a replacement character for each that it cannot. The warehouse has the text."""
    return _NOT_SHOWN.sub("\N{REPLACEMENT CHARACTER}", text)
