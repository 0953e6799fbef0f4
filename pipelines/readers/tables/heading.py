"""The heading of a table: how it is written, which columns it has, which it lacks.

Belongs here: dialects, the first row, messages about missing and renamed columns. Does not: the rows below (rows.py),
what a column means.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.readers.json_window import Fault
from pipelines.readers.reasons import MALFORMED_TABLE, MISSING_COLUMN
from pipelines.readers.tables.encoding import TableFault, decode_head

_SEPARATOR_LINE = re.compile(r"sep=(?P<delimiter>.)\r?\n")
_NOT_IN_NAMES = re.compile(r"[\W_]+")
_NEAR_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a format writes its tables.

    `delimiters`: the format's own first, then those that people's spreadsheet programs put in its place; the one that
    gives the heading most columns holds. `quote`: the mark around fields that hold delimiters or line ends (doubled
    where it stands within), None where the format has none.
    """

    delimiters: tuple[str, ...] = (",",)
    quote: str | None = '"'

    def options(self, delimiter: str) -> dict[str, Any]:
        """For csv.reader."""
        quoting = csv.QUOTE_NONE if self.quote is None else csv.QUOTE_MINIMAL
        return {"delimiter": delimiter, "quotechar": self.quote, "quoting": quoting, "strict": True}


@dataclass(frozen=True, slots=True)
class Heading:
    """The first row of a table: names without blanks around them, and where the rows below begin.

    `characters` is how much of the text is before the first row, `lines` how many lines that is. `line_end` is what
    ends a line: a line feed, or a carriage return where the member has no line feeds.
    """

    names: tuple[str, ...]
    delimiter: str
    characters: int
    lines: int
    line_end: str


def read_heading(head: bytes, dialect: Dialect) -> Heading | None:
    """The heading of a member that begins with `head`; None where there is none that can be read."""
    text = decode_head(head)
    return heading_of(text, dialect) if text else None


def heading_of(text: str, dialect: Dialect, names: Sequence[str] = ()) -> Heading | None:
    """The heading of a text; blank lines and a spreadsheet's `sep=;` line before it are passed over.

    `names` are those of a table that has no heading, in the format's own dialect.
    """
    line_end = "\n" if "\n" in text or "\r" not in text else "\r"
    if names:
        return Heading(tuple(names), dialect.delimiters[0], 0, 0, line_end)
    rest = text.lstrip("\r\n")
    separator = _SEPARATOR_LINE.match(rest)
    delimiters = (separator["delimiter"],) if separator else dialect.delimiters
    start = len(text) - len(rest) + (separator.end() if separator else 0)
    found = [one for delimiter in delimiters if (one := _heading(text, start, delimiter, dialect, line_end))]
    return max(found, key=lambda heading: len(heading.names), default=None)


def _heading(text: str, start: int, delimiter: str, dialect: Dialect, line_end: str) -> Heading | None:
    source = io.StringIO(text[start:], newline="\n" if line_end == "\n" else "")
    try:
        names = next(csv.reader(source, **dialect.options(delimiter)), None)
    except csv.Error:
        return None
    end = start + source.tell()
    lines = text.count(line_end, 0, end)
    return Heading(tuple(name.strip() for name in names), delimiter, end, lines, line_end) if names else None


def check_columns(heading: Heading, required: Iterable[str], known: Iterable[str] = ()) -> None:
    """Raises TableFault where a required column is missing (`missing_column`, naming it, and the column that it may
    have been renamed to), or a name stands twice (`malformed_table`). Names count as they are written.

    `known` are the other names that the format has: a column with one of them is never taken for a renamed one.
    """
    twice = sorted(name for name, count in Counter(heading.names).items() if name and count > 1)
    if twice:
        raise TableFault(Fault(MALFORMED_TABLE, f"the heading has the column {twice[0]!r} twice; remove one"), 1)
    missing = [name for name in required if name not in heading.names]
    if not missing:
        return
    known_names = frozenset(known)
    strange = [name for name in heading.names if name and name not in known_names]
    said = "; ".join(_missing(name, strange) for name in missing)
    raise TableFault(Fault(MISSING_COLUMN, f"{said}; the heading has: {_listed(heading.names)}"), heading.lines)


def _missing(name: str, strange: list[str]) -> str:
    plain = {_plain(other): other for other in strange}
    near = difflib.get_close_matches(_plain(name), plain, n=1, cutoff=_NEAR_ENOUGH)
    return f"the column {name!r} is missing" + (f" (did you mean {plain[near[0]]!r}?)" if near else "")


def _plain(name: str) -> str:
    return _NOT_IN_NAMES.sub("", name).casefold()


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(name[:40] for name in names[:12])
    return shown + (f" and {len(names) - 12} more" if len(names) > 12 else "")
