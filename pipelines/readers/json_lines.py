"""The lines of an NDJSON member, split and not parsed.

Belongs here: line ends, line numbers, lines that are too long. Does not: what is on a line, beyond its
first byte.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.readers.json_window import SPACE, Fault, Piece, Window, json_fault
from pipelines.readers.reasons import MALFORMED_JSON, RECORD_TOO_LARGE


def split_lines(window: Window, record_bytes: int) -> Iterator[tuple[int, Piece]]:
    """(1-based line number, piece) for each line that is not blank. Memory stays within `record_bytes` and
    two chunks.

    When the stream breaks, a last line that is not whole carries the reason, and `window.broken` is taken
    back.
    """
    number = 1
    skipping = False
    while True:
        lines = window.data.split(b"\n")
        rest = lines.pop()
        offset = window.offset
        for line in lines:
            if skipping:
                skipping = False
            elif (piece := _piece(line, offset, record_bytes)) is not None:
                yield number, piece
            number += 1
            offset += len(line) + 1
        window.data, window.offset = rest, offset
        if skipping or len(rest) > record_bytes:
            if not skipping:
                yield number, _too_long(rest, offset, record_bytes)
            skipping = True
            window.drop(len(rest))
        if not window.more():
            break
    if not skipping and (piece := _piece(window.data, window.offset, record_bytes)) is not None:
        if window.broken is not None and (piece.fault or json_fault(piece.raw)):
            piece = Piece(piece.offset, piece.raw, window.broken)
            window.broken = None
        yield number, piece
    window.drop(len(window.data))


def _piece(line: bytes, offset: int, record_bytes: int) -> Piece | None:
    raw = line.strip(SPACE)
    if not raw:
        return None
    if len(raw) > record_bytes:
        return _too_long(raw, offset, record_bytes)
    if raw[:1] == b"{":
        return Piece(offset + line.index(b"{"), raw)
    return Piece(offset, raw, json_fault(raw, offset) or Fault(MALFORMED_JSON, f"no record at byte {offset:,}"))


def _too_long(raw: bytes, offset: int, record_bytes: int) -> Piece:
    message = f"the line at byte {offset:,} is longer than the limit of {record_bytes:,} bytes"
    return Piece(offset, raw, Fault(RECORD_TOO_LARGE, message))
