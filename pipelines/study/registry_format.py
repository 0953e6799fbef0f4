"""The language in which the table of registries is written: the ``Registry`` entry and its regex vocabulary.

Here: what an id format consists of, and builders for the two commonest kinds. Not here: the formats
themselves (``registries.py``) and deciding what a given text is (``identifiers.py``).

Two dialects meet in an entry. ``prose`` and ``cue`` are run by polars (Rust regex) *and* by Python, so they
stay in the common subset where both engines agree: no look-around, no back-references, no ``\\b``, ``\\d``,
``\\s`` or ``(?i)`` (each covers other Unicode characters in the other engine), no groups that capture, every
repetition bounded. ``field``, ``bare``, ``label`` and ``hint`` are for Python only and see *folded* text
(``identifiers.fold``): NFKC, upper case, one kind of hyphen, single blanks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


def any_case(word: str) -> str:
    """An ASCII word as a regex for every letter case, spelled out: ``any_case("No")`` is ``[Nn][Oo]``."""
    return "".join(f"[{c.upper()}{c.lower()}]" if c.isalpha() else re.escape(c) for c in word)


_BLANKS = " \t\r\n\u00a0\u00ad\u2000-\u200b\u202f\u2060\u3000"
_HYPHENS = "\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
SPACE = f"[{_BLANKS}]"
HYPHEN = f"[\\-{_HYPHENS}]"
JOINT = f"[{_BLANKS}\\-{_HYPHENS}#:._(]"
"""One character that people put between a prefix and its digits."""
_WORD = "|".join(any_case(word) for word in ("NO", "NR", "NUMBER", "ID"))
GAP = f"{JOINT}{{0,3}}(?:(?:{_WORD}){JOINT}{{1,3}})?"
"""Between prefix and digits: "NCT# 0123", "ISRCTN: 123", "DRKS-ID 000", "NCT No. 012"."""
_LABEL_WORDS = ("NUMBER", "NO", "NR", "IDENTIFIER", "ID", "REGISTRATION", "REGISTRY", "REGISTER", "TRIAL")
_LABEL_WORD = "|".join(any_case(word) for word in _LABEL_WORDS)
LABEL_GAP = f"[^0-9A-Za-z]{{0,3}}(?:(?:{_LABEL_WORD})[^0-9A-Za-z]{{1,3}}){{0,3}}"
"""Between a registry's name and a number without prefix: "EudraCT registration number (2011-…"."""
SPLIT_RUN = f"[0-9]{{4}}(?:{HYPHEN}[0-9]{{1,9}}){{1,3}}"
"""Digits with hyphens behind a prefix whose ids have none: read whole, so that their tail is not taken for an
EU number, and then refused."""
SEP = r"[-./]{0,3}(?:(?:NO|NR|NUMBER|ID)[-./]{0,3})?"
"""Between prefix and digits in folded text that has lost its blanks, colons and number signs."""


@dataclass(frozen=True, slots=True)
class Registry:
    """One id format.

    ``field`` and ``bare`` may name groups: ``n`` the serial (else all digits of the id are taken), ``y`` the
    year (two or four digits); ``render`` builds the canonical spelling from the match.
    """

    code: str
    """id_type of the identifier, and the registry part of record keys."""
    name: str
    canonical: re.Pattern[str]
    """What a canonical spelling must match in full to be well-formed."""
    digits: int
    """Fewest digits of a complete id; with fewer it is ``truncated``."""
    render: Callable[[re.Match[str]], str]
    field: re.Pattern[str]
    """An id that stands on its own (folded, no blanks). Lenient on digit counts, so that wrong ones get a
    reason."""
    label: re.Pattern[str]
    """The registry's prefix or unmistakable name in front of an id or of a placeholder."""
    prose: str | None = None
    """Detection in running text, without the boundary in front of it."""
    first_year: int | None = None
    iranian_years: bool = False
    """Years from 1370 to 1420 are of the Iranian calendar (1387 is 2008)."""
    bare: re.Pattern[str] | None = None
    """Believed only where a label, a hint or a cue names the registry: prefix missing, separators loose."""
    cue: str | None = None
    """In running text: the registry's name followed by something for ``bare``."""
    hint: str = r"(?!)"
    """Further names of the registry in a declared type or domain text."""
    distinctive: bool = True
    """False: other people call their things alike, so only a well-formed mention counts, and never as an
    organisation's own study id."""


def template(text: str) -> Callable[[re.Match[str]], str]:
    """A renderer that fills the named groups into a format string; groups that took no part become empty."""
    return lambda match: text.format(**{name: value or "" for name, value in match.groupdict().items()})


def numbered(
    code: str,
    name: str,
    prefix: str,
    digits: int,
    *,
    folded: str | None = None,
    detect: str | None = None,
    split: str = "",
    hint: str = r"(?!)",
) -> Registry:
    """A registry whose id is a prefix and a fixed count of digits that hold no year.

    ``folded`` and ``detect`` are the prefix as a regex for folded text and for prose where it is not simply
    itself. In prose four digits attached to the prefix, or six behind a gap, are plainly meant as an id;
    ``split`` is an alternation of the ways in which people break the digits with blanks.
    """
    folded, detect = folded or prefix.upper(), detect or any_case(prefix)
    run = f"{split}[0-9]{{6,{digits + 8}}}"
    return Registry(
        code=code,
        name=name,
        canonical=re.compile(rf"{prefix}[0-9]{{{digits}}}"),
        digits=digits,
        render=template(prefix + "{n}"),
        field=re.compile(rf"{folded}{SEP}(?P<n>[0-9]+)"),
        label=re.compile(folded),
        prose=f"{detect}(?:{GAP}(?:{run})|[0-9]{{4,{digits + 8}}})",
        bare=re.compile(rf"(?P<n>[0-9]{{{digits}}})"),
        hint=hint,
    )


def dated(
    code: str,
    name: str,
    prefix: str,
    digits: tuple[int, int],
    year: str,
    first_year: int,
    *,
    hint: str = r"(?!)",
) -> Registry:
    """A registry whose id is a prefix and a run of ``digits`` (fewest, most) that begins with the year.

    ``year`` is the regex of the year part, for ids that write it in two digits or in another calendar.
    """
    fewest, most = digits
    return Registry(
        code=code,
        name=name,
        canonical=re.compile(rf"{prefix}[0-9]{{{fewest},{most}}}"),
        digits=fewest,
        render=template(prefix + "{n}"),
        field=re.compile(rf"{prefix}{SEP}(?P<n>(?P<y>{year})[0-9]*)"),
        label=re.compile(prefix),
        prose=f"{any_case(prefix)}{GAP}(?:{SPLIT_RUN}|[0-9]{{6,{most + 8}}})",
        first_year=first_year,
        bare=re.compile(rf"(?P<n>(?=[0-9]{{{fewest},{most}}}$)(?P<y>{year})[0-9]*)"),
        hint=hint,
    )
