"""Finding, normalising and judging trial identifiers, one at a time or a column at a time.

Here: what a piece of text *is*. Three layers, the same for every registry: *detect* (lenient, in prose and in id
fields), *normalise* (one canonical spelling), *validate* (canonical form, not all zero, plausible year). An id
that is plainly meant but wrong is returned with ``is_valid=False`` and a reason, never repaired by guessing.

Not here: the formats themselves (``registries.py``), which of a record's ids is its own, and whether an id exists.

Reasons: ``placeholder`` (no id at all: "not applicable", "-", "0000"), ``all_zero``, ``truncated`` (digits or parts are
missing), ``bad_format``, ``implausible_year``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from string import ascii_letters

import polars as pl

from pipelines.study.detect_pattern import DETECT_PATTERN
from pipelines.study.identifier_text import (
    FIELD_LIMIT,
    ORGANISATION,
    any_of,
    compact,
    fold,
    hinted_registry,
    is_all_zero,
    is_placeholder,
    split_label,
    trim,
)
from pipelines.study.registries import REGISTRIES, STRENGTH
from pipelines.study.registry_format import Registry

OTHER = "OTHER"

_EU = frozenset({"CTIS", "EUDRACT"})
_BY_CODE = {registry.code: registry for registry in REGISTRIES}
_RANK = {code: rank for rank, code in enumerate(STRENGTH)}

__all__ = [
    "DETECT_PATTERN",
    "Identifier",
    "classify_column",
    "classify_identifier",
    "find_identifiers",
    "find_in_column",
    "strongest",
]


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier as it was written and as it is understood."""

    id_type: str
    """Registry code (``registries.REGISTRIES``), ``ORG`` for an organisation's own study id, or ``OTHER``."""
    id_raw: str
    id_norm: str | None
    """Canonical spelling; None exactly when the identifier is not valid, so that nobody joins on a bad one."""
    is_valid: bool
    reason: str | None
    start: int | None = None
    """Offset of ``id_raw`` in the text it was found in; None for a whole field."""


_DETECT = re.compile(DETECT_PATTERN)
_PLAIN_NCT = re.compile("NCT(?!0{8})[0-9]{8}")
_ANY_FIELD = any_of(registry.field for registry in REGISTRIES)


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
    text: str, raw: str, candidates: Sequence[Registry], trusted: frozenset[str] = frozenset()
) -> Identifier | None:
    """The first candidate's reading of a text that is one id; ``trusted`` registries are named beside it."""
    if candidates is REGISTRIES and not trusted and _ANY_FIELD.fullmatch(text) is None:
        return None  # most study ids of organisations: one pattern instead of all in turn
    readings = [(r, r.field.fullmatch(text)) for r in candidates]
    readings += [(r, r.bare.fullmatch(text)) for r in candidates if r.bare and r.code in trusted]
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


def _leading(text: str, raw: str) -> Identifier | None:
    """An id at the very start of a field that goes on with a remark: "2011-001295-19 (EudraCT)"."""
    match = _DETECT.match(text)
    if match is None or match.start(match.lastgroup or 0) or (text[match.end() :][:1] or " ") not in " ,;|/(&+":
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
    if _PLAIN_NCT.fullmatch(raw):
        return Identifier("CTGOV", raw, raw, True, None)  # clear and valid whatever the hint: half of all fields
    hinted = hinted_registry(hint)
    folded = trim(fold(raw[:FIELD_LIMIT]))
    if is_placeholder(folded):
        return Identifier(hinted or OTHER, raw, None, False, "placeholder")
    label, body = split_label(folded)
    if label and hinted != ORGANISATION and is_placeholder(body):
        return Identifier(label, raw, None, False, "all_zero" if is_all_zero(body) else "placeholder")

    trusted = frozenset(code for code in (label, hinted) if code and code != ORGANISATION)
    if trusted & _EU:
        trusted |= _EU
    found = (
        _read(compact(folded), raw, REGISTRIES, trusted)
        or (label and _read(compact(body), raw, REGISTRIES, trusted))
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
    if label and _BY_CODE[label].distinctive and re.fullmatch(f"[0-9][0-9 {'./-' if label in _EU else ''}]*", body):
        return _wrong(label, raw, body)
    if len(raw) > FIELD_LIMIT:
        return Identifier(OTHER, raw, None, False, "bad_format")
    return Identifier(OTHER, raw, " ".join(raw.split()), True, None)


def _mention(match: re.Match[str]) -> Identifier | None:
    """What one match of ``DETECT_PATTERN`` is; None for what only looks like an id."""
    group = match.lastgroup or "SKIP"
    if group == "SKIP":
        return None
    code, _, context = group.partition("_")
    registries = [_BY_CODE[c] for c in (("CTIS", "EUDRACT") if code == "EU" else (code,))]
    named, start = match[group], match.start(group)
    if context == "CUED":
        # The name in front is not part of the id, unless it is attached: "EudraCT no. 2011-…", "EUCTR2011-…".
        trusted = frozenset(registry.code for registry in registries)
        figure = re.search("[0-9]", named)
        offset = len(named[: figure.start()].rstrip(ascii_letters)) if figure else 0
        raw, start = named[offset:], start + offset
        found = _read(compact(fold(raw)), raw, registries, trusted) or _wrong(
            split_label(fold(named))[0] or registries[-1].code, raw, fold(raw)
        )
    else:
        raw = named
        reading = _read(compact(fold(raw)), raw, registries)
        if reading is None:
            return None
        found = reading
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
    """All identifiers mentioned in prose, in order, without overlaps; ``text[i.start:][:len(i.id_raw)] == i.id_raw``.

    A name in front of a number ("EudraCT Number: ") helps to find it but is not part of ``id_raw``.
    """
    return list(_mentions(text))


def strongest(identifiers: Iterable[Identifier]) -> Identifier | None:
    """The valid identifier that identifies a record best (``registries.STRENGTH``), the first among equals.

    None when there is none; an organisation's own id and ids of unknown kind never count.
    """
    ranked = [i for i in identifiers if i.is_valid and i.id_type in _RANK]
    return min(ranked, key=lambda i: _RANK[i.id_type], default=None)


_READING: dict[str, type[pl.DataType]] = {
    "id_type": pl.String,
    "id_raw": pl.String,
    "id_norm": pl.String,
    "is_valid": pl.Boolean,
    "reason": pl.String,
}


def _readings(key: pl.Series, found: list[Identifier | None]) -> pl.DataFrame:
    """One row per key that is an identifier: the key and the columns of ``_READING``."""
    columns = {name: [f and getattr(f, name) for f in found] for name in _READING}
    return pl.DataFrame({key.name: key} | columns, schema={key.name: key.dtype, **_READING}).filter(
        pl.col("id_type").is_not_null()
    )


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
    # Nine of ten mentions are an NCT number in its canonical spelling: no need to think about those one by one.
    plain = matches.str.extract("^[^0-9A-Za-z]?(NCT[0-9]{8})$")
    is_plain = plain.is_not_null() & (plain != "NCT00000000")
    ready = pl.DataFrame({"match": matches.filter(is_plain), "id_raw": plain.filter(is_plain)}).select(
        "match",
        pl.lit("CTGOV").alias("id_type"),
        "id_raw",
        pl.col("id_raw").alias("id_norm"),
        pl.lit(True).alias("is_valid"),
        pl.lit(None, pl.String).alias("reason"),
    )
    # The pattern looks at nothing behind a match, so matching the extracted text again gives the same branch.
    rest = matches.filter(~is_plain)
    read = pl.concat([ready, _readings(rest, [next(_mentions(text), None) for text in rest])])
    return hits.join(read, on="match", how="inner", maintain_order="left").select(
        pl.col("row_index").cast(pl.UInt32),
        pl.int_range(pl.len(), dtype=pl.UInt32).over("row_index").alias("ordinal"),
        *_READING,
    )


def classify_column(raws: pl.Series, hints: pl.Series | None = None) -> pl.DataFrame:
    """``classify_identifier`` over a String column of id fields with, row by row, their hints.

    One row per row of ``raws``, in order: id_type, id_raw, id_norm String, is_valid Boolean, reason String;
    all null where the field is null. Each distinct pair of field and hint is classified once.
    """
    pairs = pl.DataFrame(
        {"raw": raws, "hint": pl.Series([None] * len(raws), dtype=pl.String) if hints is None else hints}
    )
    distinct = pairs.unique().filter(pl.col("raw").is_not_null()).with_row_index("pair")
    found = [classify_identifier(raw, hint) for raw, hint in distinct.select("raw", "hint").iter_rows()]
    read = distinct.join(_readings(distinct["pair"], list(found)), on="pair")
    return pairs.join(read, on=["raw", "hint"], how="left", nulls_equal=True, maintain_order="left").select(*_READING)
