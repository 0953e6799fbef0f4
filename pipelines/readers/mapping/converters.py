"""From a source's way of writing a value to the study shape's: the converters that mappings name.

Belongs here: converters that more than one format may use. Those of one format stand beside its reader and are handed
to its Mapper. Does not: vocabularies (`words` of the mapping).

A converter takes what stands in the source (text, or a JSON scalar), never blank, and gives what the study shape holds
there: a scalar, a list to be added to a list, a struct, or None for nothing. It raises Unreadable where the text is
there but cannot be understood: the field stays null, with a state and the text beside it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any, Literal

from pipelines.study.dates import ImpossibleDate, parse_long_date, parse_partial_date

Converter = Callable[[Any], Any]
_SPACES = re.compile(r"\s+")
_INTEGER = re.compile(r"[0-9]{1,15}")  # with more it is beyond LARGEST_INTEGER
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,400}(?:[.][0-9]{0,400})?|[.][0-9]{1,400})(?:[eE][-+]?[0-9]{1,3})?")
_LARGEST = sys.float_info.max
_TRUE = frozenset({"yes", "true", "y", "1", "t"})
_FALSE = frozenset({"no", "false", "n", "0", "f"})


class Unreadable(ValueError):
    """Something stands there that the converter cannot take. `state` is the field state that the record then carries:
    `ambiguous` (it can mean several things), or `damaged` (it can mean none)."""

    def __init__(self, reason: str, state: Literal["ambiguous", "damaged"] = "damaged") -> None:
        super().__init__(reason)
        self.state = state


def text(value: Any) -> str:
    """The text without blanks around it; a JSON number or truth value as JSON writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()


def one_line(value: Any) -> str:
    """The text with every run of white space as one blank."""
    return _SPACES.sub(" ", text(value)).strip()


def integer(value: Any) -> int:
    """A whole number; "1,200" counts, anything beside the figures does not."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = text(value).replace(",", "")
    if not _INTEGER.fullmatch(found):
        raise Unreadable("not a whole number")
    return int(found)


def number(value: Any) -> float:
    """A number with a decimal point, perhaps with an exponent; "nan", "inf" and what is too large are none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        found: float | int = value
    elif _NUMBER.fullmatch(text(value)):
        found = float(text(value))
    else:
        raise Unreadable("not a number")
    if not -_LARGEST <= found <= _LARGEST:
        raise Unreadable("not a number that can be kept")
    return float(found)


def boolean(value: Any) -> bool:
    """Yes, true, y, t or 1; no, false, n, f or 0; in any letter case."""
    if isinstance(value, bool):
        return value
    word = text(value).lower()
    if word not in _TRUE | _FALSE:
        raise Unreadable("neither yes nor no", "ambiguous")
    return word in _TRUE


def iso_date(value: Any) -> str:
    """yyyy, yyyy-MM or yyyy-MM-dd, as it stands; a clock time behind it is dropped."""
    raw = text(value)
    try:
        found = parse_partial_date(raw)
    except ImpossibleDate as error:
        raise Unreadable(error.reason) from None
    return raw[: {"day": 10, "month": 7, "year": 4}[found.precision]]


def english_date(value: Any) -> str:
    """ "June 30, 2026", "30-Jun-2026", "June 2026" or "2026" → ISO of the same precision."""
    try:
        found = parse_long_date(text(value))
    except ImpossibleDate as error:
        raise Unreadable(error.reason) from None
    return found.earliest.isoformat()[: {"day": 10, "month": 7, "year": 4}[found.precision]]


def split(separator: str) -> Converter:
    """Texts between separators, blanks and empty pieces dropped: for lists of leaves."""
    return lambda value: [piece.strip() for piece in text(value).split(separator) if piece.strip()]


def words(vocabulary: dict[str, Any]) -> Converter:
    """The value that a closed vocabulary gives for the text; letter case and runs of blanks do not count.

    A vocabulary's null says: known to mean nothing. Raises Unreadable (ambiguous) for a text that it does not list.
    """
    folded = {_fold(word): value for word, value in vocabulary.items()}

    def convert(value: Any) -> Any:
        word = _fold(text(value))
        if word not in folded:
            raise Unreadable("not a word of this field's vocabulary", "ambiguous")
        return folded[word]

    return convert


def _fold(word: str) -> str:
    return _SPACES.sub(" ", word).strip().casefold()


CONVERTERS: dict[str, Converter] = {
    "text": text,
    "one_line": one_line,
    "integer": integer,
    "number": number,
    "boolean": boolean,
    "iso_date": iso_date,
    "english_date": english_date,
}
"""The converters that every mapping may name; beside these `words <name>`, and `split <separator>`."""
