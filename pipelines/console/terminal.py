"""The two streams of the command: answers on stdout, talk and errors on stderr; and making foreign text safe to show.

Belongs here: consoles, escaping, sizes and times in words. Does not: what is said.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, TextIO

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

PIPE_WIDTH = 1000
"""Width where stdout is no terminal: nothing is cut off for lack of columns that nobody has."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class _SafeConsole(Console):
    """A console on which no text can steer the terminal: whatever is printed goes through `visible_text`."""

    def render_str(self, text: str, **options: Any) -> Text:
        """Rich's own for every plain string, with its controls spelt out."""
        return super().render_str(visible_text(text), **options)


class SafeStream:
    """A stream of text for a terminal: what is written goes through `visible_text`. Files and pipes need none."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """The text with its controls spelt out, lines kept."""
        return self._stream.write(visible_text(text))


def open_streams() -> None:
    """Standard streams that can be written, whatever the command was given.

    Those that a service or `>&-` had closed lead nowhere; else the next file that is opened, a warehouse maybe, would
    take their number and with it whatever a library prints. Names of files may hold bytes that are no text.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            os.set_inheritable(number, True)
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def stdout() -> Console:
    """Where answers go."""
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    return _SafeConsole(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def stderr() -> Console:
    """Where progress and errors go."""
    return _SafeConsole(file=sys.stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)


def print_unpadded(console: Console, renderable: RenderableType) -> None:
    """Print; where there is no terminal, without the spaces that pad a table's lines."""
    if console.is_terminal:
        console.print(renderable)
        return
    with console.capture() as captured:
        console.print(renderable)
    console.file.write("".join(line.rstrip() + "\n" for line in captured.get().splitlines()))


def pairs(rows: Iterable[tuple[str, str]]) -> Table:
    """Names in bold, their values beside them."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, Text(visible(value)))
    return table


def visible(text: str) -> str:
    """The text with control and direction characters spelt out: a record cannot steer the reader's terminal."""
    return _CONTROL.sub(lambda match: _spelt(match.group()), text)


def visible_lines(text: str) -> str:
    """As `visible`, but lines stay lines."""
    return "\n".join(visible(line) for line in text.split("\n"))


def visible_text(text: str) -> str:
    """As `visible`, but lines stay lines and tabs tabs."""
    return _CONTROL.sub(lambda match: match.group() if match.group() in "\n\t" else _spelt(match.group()), text)


def _spelt(character: str) -> str:
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    code = ord(character)
    return known.get(character) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


def size(count: int) -> str:
    """Bytes in words: 536576 → 537 kB."""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 1000:
            return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"
    return f"{value / 1000:,.1f} TB"


def age(span: timedelta) -> str:
    """How long ago: 93784 s → 1 d 2 h."""
    seconds = max(0, int(span.total_seconds()))
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{seconds} s"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 file`, `1,200 files`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
