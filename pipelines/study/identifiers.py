"""Finding, normalising and judging trial identifiers, one at a time or a column at a time.

Here: what a piece of text *is*. Three layers, the same for every registry: *detect* (lenient, in prose and in
id fields), *normalise* (one canonical spelling), *validate* (canonical form, not all zero, plausible year).
An id that is plainly meant but wrong is returned with ``is_valid=False`` and a reason, never repaired by
guessing.

Not here: the formats themselves (``registries.py``), which of a record's ids is its own, and whether an id
exists.

Reasons: ``placeholder`` (no id at all: "not applicable", "-", "0000"), ``all_zero``, ``truncated`` (digits or
parts are missing), ``bad_format``, ``implausible_year``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from pipelines.study.detect_pattern import DETECT_PATTERN
from pipelines.study.registries import REGISTRIES, STRENGTH
from pipelines.study.registry_format import HYPHEN, Registry

ORGANISATION = "ORG"
OTHER = "OTHER"

_EU = frozenset({"CTIS", "EUDRACT"})
_BY_CODE = {registry.code: registry for registry in REGISTRIES}
_RANK = {code: rank for rank, code in enumerate(STRENGTH)}
# Longer than any id field a registry allows (30 characters at ClinicalTrials.gov), with room for labels and
# remarks.
_FIELD_LIMIT = 300


__all__ = [
    "DETECT_PATTERN",
    "Identifier",
    "classify_identifier",
    "find_identifiers",
    "find_in_column",
    "fold",
    "strongest",
]


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier as it was written and as it is understood."""

    id_type: str
    """Registry code (``registries.REGISTRIES``), ``ORG`` for an organisation's own study id, or ``OTHER``."""
    id_raw: str
    id_norm: str | None
    """Canonical spelling; None exactly when the identifier is not valid, so that nobody joins on a bad
    one."""
    is_valid: bool
    reason: str | None
    start: int | None = None
    """Offset of ``id_raw`` in the text it was found in; None for a whole field."""


_DETECT = re.compile(DETECT_PATTERN)

_NO_ID = re.compile(
    r"N/?[.]?A[.]?|N[.]A[.]?|NO|NONE(?: .*)?|NIL(?: .*)?|NULL|NAN|UNKNOWN|PENDING|TB[ACD]|X+|0[0 ./-]*|\?+"
    r"|(?:NOT|NON|N/A|TO BE|WILL BE|APPLIED FOR)\b.*|NO (?:NUMBER|ID|REGISTRATION|NUMBER)\b.*"
    r"|KEINE?|ENTFÄLLT|NICHT ZUTREFFEND|SANS OBJET|NÉANT|NINGUN[OA]|NO APLICA|NÃO SE APLICA|NVT|N[.]V[.]T[.]?"
)
_LABEL_TAIL = (
    r"(?:NR|NO|ID)?(?![A-Z])[ :#.=()\[\]/-]*"
    r"(?:(?:NUMBERS?|NO|NR|ID|IDENTIFIER|REGISTRATION|REGISTRY|REGISTER|TRIAL|CODE|REF)\b[ :#.=()\[\]/-]*)*"
)
_LABELS = [(r.code, re.compile(f"(?:{r.label.pattern}){_LABEL_TAIL}")) for r in REGISTRIES]
_HINTS = [
    (r.code, re.compile(rf"(?<![A-Z])(?:{r.label.pattern}|{r.hint})(?:NR|NO|ID)?(?![A-Z])"))
    for r in REGISTRIES
]
_HYPHENS = re.compile(HYPHEN)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_NOT_IN_COMPACT = re.compile(r"[ #:_()\[\]]")
_EDGE = " \t,;:.#'\"()[]{}<>|/*"


def fold(text: str) -> str:
    """NFKC, upper case, one kind of hyphen, no invisible characters, single blanks: the spelling patterns are
    for."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(_HYPHENS.sub("-", text).upper().split())


def _compact(folded: str) -> str:
    return _NOT_IN_COMPACT.sub("", folded.strip(_EDGE))


def _digits(text: str) -> str:
    return "".join(c for c in text if "0" <= c <= "9")


def _year_is_plausible(registry: Registry, year: str) -> bool:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= 90 else 2000
    if registry.iranian_years and 1370 <= number <= 1420:
        number += 621
    # Ids are given out ahead of a study's start, but not years ahead.
    return (registry.first_year or 0) <= number <= datetime.now(UTC).year + 1


def _judge(registry: Registry, match: re.Match[str]) -> tuple[str | None, str | None]:
    """(canonical spelling, None) of a valid id, (None, reason) of another."""
    groups = match.groupdict()
    norm = registry.render(match)
    serial = groups.get("n") or _digits(norm)
    if set(serial) == {"0"}:
        return None, "all_zero"
    if not registry.canonical.fullmatch(norm):
        return None, "truncated" if len(_digits(norm)) < registry.digits else "bad_format"
    if groups.get("y") and not _year_is_plausible(registry, groups["y"]):
        return None, "implausible_year"
    return norm, None


def _read(
    compact: str, raw: str, candidates: Iterable[Registry], trusted: frozenset[str] = frozenset()
) -> Identifier | None:
    """The first candidate's reading of a text that is one id; ``trusted`` registries are named beside it."""
    candidates = list(candidates)
    readings = [(r, r.field.fullmatch(compact)) for r in candidates]
    readings += [(r, r.bare.fullmatch(compact)) for r in candidates if r.bare and r.code in trusted]
    for registry, match in readings:
        if match is None:
            continue
        norm, reason = _judge(registry, match)
        if reason in {None, "all_zero"} or registry.distinctive or registry.code in trusted:
            return Identifier(registry.code, raw, norm, reason is None, reason)
    return None


def _wrong(code: str, raw: str, folded_body: str) -> Identifier:
    """An id that is said to be of a registry but has nothing of its form."""
    numeric = re.fullmatch(r"[0-9][0-9 ./-]*", folded_body) is not None
    missing = numeric and len(_digits(folded_body)) < _BY_CODE[code].digits
    return Identifier(code, raw, None, False, "truncated" if missing else "bad_format")


def _split_label(folded: str) -> tuple[str | None, str]:
    """The registry whose name stands in front of an id, and what follows: ("EUDRACT", "2011-001295-19")."""
    for code, label in _LABELS:
        if match := label.match(folded):
            return code, folded[match.end() :].strip(_EDGE)
    return None, folded


def _hinted_registry(hint: str | None) -> str | None:
    """The registry code, or ``ORG``, that a declared type or domain text names; None for any other text."""
    if not hint:
        return None
    folded = fold(hint[:_FIELD_LIMIT])
    if folded in {ORGANISATION, "ORG_STUDY_ID"}:
        return ORGANISATION
    if folded in _BY_CODE:
        return folded
    return next((code for code, pattern in _HINTS if pattern.search(folded)), None)


def _leading(text: str, raw: str) -> Identifier | None:
    """An id at the very start of a field that goes on with a remark: "2011-001295-19 (EudraCT)"."""
    match = _DETECT.match(text)
    if (
        match is None
        or match.start(match.lastgroup or 0)
        or (text[match.end() :][:1] or " ") not in " ,;|/(&+"
    ):
        return None
    found = _mention(match)
    return found and Identifier(found.id_type, raw, found.id_norm, found.is_valid, found.reason)


def classify_identifier(raw: str, hint: str | None = None) -> Identifier:
    """What a whole id field holds. ``id_raw`` is the field as given.

    ``hint`` is a declared type (``EUDRACT_NUMBER``, ``CTIS``, ``REGISTRY``, ``ORG`` …) or a domain text
    ("ISRCTN registry"). It lets digits without their prefix count, and makes a text of no known form an
    invalid id of that registry; where the id says clearly what it is, the id wins over the hint. Under
    ``ORG`` everything that is not the well-formed id of a registry is an organisation's own id. An unknown
    kind of id is ``OTHER`` and valid, with its blanks tidied as ``id_norm``; placeholders and empty text are
    invalid.
    """
    hinted = _hinted_registry(hint)
    folded = fold(raw[:_FIELD_LIMIT]).strip(_EDGE)
    if not folded.strip("-") or _NO_ID.fullmatch(folded):
        return Identifier(hinted or OTHER, raw, None, False, "placeholder")
    label, body = _split_label(folded)
    if label and hinted != ORGANISATION and (not body.strip("-") or _NO_ID.fullmatch(body)):
        return Identifier(label, raw, None, False, "all_zero" if "0" in body else "placeholder")

    trusted = frozenset(code for code in (label, hinted) if code and code != ORGANISATION)
    if trusted & _EU:
        trusted |= _EU
    found = (
        _read(_compact(folded), raw, REGISTRIES, trusted)
        or (label and _read(_compact(body), raw, REGISTRIES, trusted))
        or (hinted != ORGANISATION and (_leading(folded, raw) or _leading(body, raw)))
        or None
    )
    if hinted == ORGANISATION:
        if found and found.is_valid and _BY_CODE[found.id_type].distinctive:
            return found
        return Identifier(ORGANISATION, raw, " ".join(raw.split()), True, None)
    if found:
        return found
    if hinted:
        return _wrong(hinted, raw, body)
    # "NCT-2013-0123" is some institute's own number: only EU numbers have hyphens between their digits.
    if (
        label
        and _BY_CODE[label].distinctive
        and re.fullmatch(f"[0-9][0-9 {'./-' if label in _EU else ''}]*", body)
    ):
        return _wrong(label, raw, body)
    if len(raw) > _FIELD_LIMIT:
        return Identifier(OTHER, raw, None, False, "bad_format")
    return Identifier(OTHER, raw, " ".join(raw.split()), True, None)


def _mention(match: re.Match[str]) -> Identifier | None:
    """What one match of ``DETECT_PATTERN`` is; None for what only looks like an id."""
    group = match.lastgroup or "SKIP"
    if group == "SKIP":
        return None
    code, _, context = group.partition("_")
    raw, start = match[group], match.start(group)
    if context == "CUED":
        lead = re.search("[A-Za-z]*[0-9]", raw)
        offset = lead.start() if lead else 0
        named, raw, start = raw, raw[offset:], start + offset
    compact = _compact(fold(raw))
    registries = [_BY_CODE[c] for c in (("CTIS", "EUDRACT") if code == "EU" else (code,))]
    trusted = frozenset(r.code for r in registries) if context == "CUED" else frozenset[str]()
    found = _read(compact, raw, registries, trusted)
    if found is None:
        if context != "CUED":
            return None
        found = _wrong(_split_label(fold(named))[0] or registries[-1].code, raw, fold(raw))
    if group == "EU" and not found.is_valid and (found.id_type, found.reason) != ("CTIS", "truncated"):
        return None  # digits and hyphens only, and no name beside them: anybody's number
    if code == "REBEC" and not re.search("[0-9]|^[^AEIOUaeiou]*$", raw[4:]):
        return None  # "RBR-protein"; the registry's letters are consonants
    return Identifier(found.id_type, raw, found.id_norm, found.is_valid, found.reason, start)


def _mentions(text: str) -> Iterator[Identifier]:
    for match in _DETECT.finditer(text):
        if found := _mention(match):
            yield found


def find_identifiers(text: str) -> list[Identifier]:
    """All identifiers mentioned in prose, in order, without overlaps; ``text[i.start:][:len(i.id_raw)] ==
    i.id_raw``.

    A name in front of a number ("EudraCT Number: ") helps to find it but is not part of ``id_raw``.
    """
    return list(_mentions(text))


def strongest(identifiers: Iterable[Identifier]) -> Identifier | None:
    """The valid identifier that identifies a record best (``registries.STRENGTH``), the first among equals.

    None when there is none; an organisation's own id and ids of unknown kind never count.
    """
    ranked = [i for i in identifiers if i.is_valid and i.id_type in _RANK]
    return min(ranked, key=lambda i: _RANK[i.id_type], default=None)


_FOUND_SCHEMA: dict[str, type[pl.DataType]] = {
    "id_type": pl.String,
    "id_raw": pl.String,
    "id_norm": pl.String,
    "is_valid": pl.Boolean,
    "reason": pl.String,
}


def find_in_column(texts: pl.Series) -> pl.DataFrame:
    """``find_identifiers`` over a String column: one row per mention, in order of row and place.

    Columns: row_index UInt32 (0-based row of ``texts``), ordinal UInt32 (0-based mention in that text),
    id_type, id_raw, id_norm String, is_valid Boolean, reason String. Null texts have no mentions. Raises
    ``polars.exceptions.PolarsError`` for a column that is not of strings.
    """
    # A cheaper filter in front ("has two digits in a row") was measured and gains nothing (2026-11).
    hits = (
        pl.DataFrame({"match": texts.str.extract_all(DETECT_PATTERN)})
        .with_row_index("row_index")
        .filter(pl.col("match").list.len() > 0)
        .explode("match")
    )
    matches = hits["match"].unique()
    # The pattern looks at nothing behind a match, so matching the extracted text again gives the same branch.
    found = [next(_mentions(text), None) for text in matches]
    read = pl.DataFrame(
        {"match": matches} | {name: [f and getattr(f, name) for f in found] for name in _FOUND_SCHEMA},
        schema={"match": pl.String, **_FOUND_SCHEMA},
    ).filter(pl.col("id_type").is_not_null())
    return hits.join(read, on="match", how="inner", maintain_order="left").select(
        pl.col("row_index").cast(pl.UInt32),
        pl.int_range(pl.len(), dtype=pl.UInt32).over("row_index").alias("ordinal"),
        *_FOUND_SCHEMA,
    )
