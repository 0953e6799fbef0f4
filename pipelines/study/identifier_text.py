"""The words around identifiers: folding spellings, placeholders, labels in front of an id, declared types.

Here: what can be said about an id field before any registry's format is tried. Not here: the formats
(``registries.py``) and what a text is in the end (``identifiers.py``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from pipelines.study.registries import REGISTRIES
from pipelines.study.registry_format import HYPHEN

ORGANISATION = "ORG"
"""id_type of an organisation's own study id, and the hint that says so."""
FIELD_LIMIT = 300
"""Longer than any id field a registry allows (30 characters at ClinicalTrials.gov, 2026-11), with room for
labels and remarks. What is beyond is not looked at."""

_HYPHENS = re.compile(HYPHEN)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_NOT_IN_COMPACT = re.compile(r"[ #:_()\[\]]")
_EDGE = " \t,;:.#'\"()[]{}<>|/*"

_PLACEHOLDER = re.compile(
    r"-*|N[./]?A|N[./]A[.]|NO|NULL|NAN|UNKNOWN|TB[ACD]|X+|0[0 ./-]*|\?+"
    r"|(?:NOT|NONE|NIL|N/A|TO BE|WILL BE|APPLIED FOR|PENDING|NO (?:NUMBER|ID|REGISTRATION)|NON[- ]APPLICABLE)(?: .*)?"
    # the same in the languages that national registries leave in their English fields
    r"|KEINE?|ENTFÄLLT|NICHT ZUTREFFEND|SANS OBJET|NÉANT|NINGUN[OA]|NO APLICA|NÃO SE APLICA|NVT|N[.]V[.]T"
)
_ALL_ZERO = re.compile("0[0 ./-]*")


def any_of(patterns: Iterable[re.Pattern[str]]) -> re.Pattern[str]:
    """One pattern that matches where one of these does; it has no groups."""
    return re.compile("|".join(f"(?:{re.sub('[?]P<[a-z]+>', '?:', pattern.pattern)})" for pattern in patterns))


_LABEL_TAIL = (
    r"(?:NR|NO|ID)?(?![A-Z])[ :#.=()\[\]/-]*"
    r"(?:(?:NUMBERS?|NO|NR|ID|IDENTIFIER|REGISTRATION|REGISTRY|REGISTER|TRIAL|CODE|REF)\b[ :#.=()\[\]/-]*)*"
)
_LABELS = [(r.code, re.compile(f"(?:{r.label.pattern}){_LABEL_TAIL}")) for r in REGISTRIES]
_ANY_LABEL = any_of(label for _, label in _LABELS)
_HINTS = [(r.code, re.compile(rf"(?<![A-Z])(?:{r.label.pattern}|{r.hint})(?:NR|NO|ID)?(?![A-Z])")) for r in REGISTRIES]
_CODES = frozenset(registry.code for registry in REGISTRIES)


def fold(text: str) -> str:
    """The spelling that formats are written for: NFKC, upper case, one hyphen, single blanks, nothing
    invisible."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(_HYPHENS.sub("-", text).upper().split())


def trim(folded: str) -> str:
    """A folded text without the punctuation around it."""
    return folded.strip(_EDGE)


def compact(folded: str) -> str:
    """A folded text without blanks, colons, number signs, underscores and brackets: what an id's format
    sees."""
    return _NOT_IN_COMPACT.sub("", trim(folded))


def is_placeholder(trimmed: str) -> bool:
    """Whether a trimmed text says that there is no id: nothing, "-", "N/A", "not applicable", zeros, "xxx"
    …"""
    return _PLACEHOLDER.fullmatch(trimmed) is not None


def is_all_zero(trimmed: str) -> bool:
    """Whether a trimmed text has no other figures than zeros and nothing but separators beside them."""
    return _ALL_ZERO.fullmatch(trimmed) is not None


def split_label(folded: str) -> tuple[str | None, str]:
    """The registry whose name stands in front of an id, and the rest: ("EUDRACT", "2011-001295-19"), else
    None."""
    if _ANY_LABEL.match(folded) is None:
        return None, folded
    for code, label in _LABELS:
        if match := label.match(folded):
            return code, trim(folded[match.end() :])
    return None, folded


def hinted_registry(hint: str | None) -> str | None:
    """The registry code, or ``ORG``, that a declared type or a domain text names; None for any other text."""
    if not hint:
        return None
    folded = fold(hint[:FIELD_LIMIT])
    if folded in {ORGANISATION, "ORG_STUDY_ID"}:
        return ORGANISATION
    if folded in _CODES:
        return folded
    return next((code for code, pattern in _HINTS if pattern.search(folded)), None)
