"""A download of the EU Clinical Trials Register, cut into its records.

Belongs here: cutting a member where records begin, within a bound on memory; the text of a piece. Does not: what marks
a beginning (the reader's), what a record says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipelines.readers.json_window import CHUNK_BYTES, Fault, Piece, RecordFault, Window
from pipelines.readers.reasons import NOT_UTF8, RECORD_TOO_LARGE
from pipelines.settings import Limits

Begin = Callable[[bytes, int], tuple[int, int] | None]
"""Where the first record from a place on begins, and where the mark that shows it ends; None where none does."""
OVERLAP = 256
"""Bytes kept of what is passed over, lest the beginning of a record be torn in two: no mark is longer."""


def pieces(window: Window, limits: Limits, begin_of: Begin) -> Iterator[Piece]:
    """The records of a member. What stands before the first is the download's notice, and is passed over."""
    looked = 0
    begun = False
    while True:
        begin = begin_of(window.data, looked)
        if begin is not None and begun:
            yield _piece(window, begin[0], limits)
            looked, begun = 0, False
        elif begin is not None:
            window.drop(begin[0])
            looked, begun = begin[1] - begin[0], True
        elif begun and len(window.data) > limits.record_bytes:
            yield _oversized(window, limits, begin_of)
            looked, begun = 0, False
        elif not begun and len(window.data) > limits.record_bytes:
            window.drop(len(window.data) - OVERLAP)
            looked = 0
        else:
            looked = max(looked, len(window.data) - OVERLAP)
            if not window.more():
                break
    if begun:
        yield _piece(window, len(window.data), limits)


def text_of(piece: Piece) -> str:
    """The text of a piece. Raises RecordFault where it is no whole record, or not UTF-8."""
    if piece.fault is not None:
        raise RecordFault(piece.fault)
    try:
        return piece.raw.decode()
    except UnicodeDecodeError as error:
        at = piece.offset + error.start
        said = f"the byte at {at:,} is not UTF-8 ({error.reason}); save the text as UTF-8"
        raise RecordFault(Fault(NOT_UTF8, said)) from error


def _piece(window: Window, end: int, limits: Limits) -> Piece:
    offset, raw = window.offset, window.data[:end]
    window.drop(end)
    if len(raw) > limits.record_bytes:
        return Piece(offset, raw, _too_large(offset, limits))
    return Piece(offset, raw, window.broken if not window.data and window.broken else None)


def _oversized(window: Window, limits: Limits, begin_of: Begin) -> Piece:
    """A record without an end in sight: passed over to the next one."""
    offset, raw = window.offset, window.data[:CHUNK_BYTES]
    window.drop(len(window.data) - OVERLAP)
    while (begin := begin_of(window.data, 0)) is None:
        window.drop(max(0, len(window.data) - OVERLAP))
        if not window.more():
            window.drop(len(window.data))
            return Piece(offset, raw, _too_large(offset, limits))
    window.drop(begin[0])
    return Piece(offset, raw, _too_large(offset, limits))


def _too_large(offset: int, limits: Limits) -> Fault:
    return Fault(
        RECORD_TOO_LARGE, f"the record at byte {offset:,} has more than {limits.record_bytes:,} bytes, the limit"
    )
