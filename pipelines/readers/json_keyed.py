"""Records that stand in one JSON object, each under its id, as programs save a dictionary: `{"NCT…": {…}, …}`.

Belongs here: cutting them. Does not: what a record is; the reader says how a name looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.readers.json_scan import first_value_end
from pipelines.readers.json_window import SPACE, Piece, Window

_CLOSES = re.compile(rb"\s*\}")
_NAME_BYTES = 4096


def keyed_pieces(window: Window, name: re.Pattern[bytes], record_bytes: int) -> Iterator[Piece]:
    """The records of an object at whose first record's name the window stands, and what closes the object.

    `name` matches a name up to its record. Where something else follows, or a record does not end, the window is left
    there, for the caller to see.
    """
    while (named := name.match(window.data)) is not None:
        window.drop(named.end())
        while (end := first_value_end(window.data)) is None:
            if len(window.data) > record_bytes or not window.more():
                return
        yield Piece(window.offset, window.data[:end])
        window.drop(end)
        window.fill(_NAME_BYTES)
        follows = window.data.lstrip(SPACE)
        if not follows.startswith(b","):
            break
        window.drop(len(window.data) - len(follows) + 1)
        window.skip_space()
        window.fill(_NAME_BYTES)
    closed = _CLOSES.match(window.data)
    if closed is not None:
        window.drop(closed.end())
