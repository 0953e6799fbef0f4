"""The parsers of single values as targets: ids, dates, numbers, ages, criteria, prose.

Belongs here: how their inputs are made and what must hold. Does not: readers (targets.py).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

from pipelines.readers.aact_flat import values as aact_values
from pipelines.readers.ctgov_csv_values import CONVERTERS as CSV_CONVERTERS
from pipelines.readers.ictrp.dates import date_converter
from pipelines.readers.mapping.converters import CONVERTERS, Unreadable
from pipelines.readers.page_text.criteria import parse_criteria
from pipelines.readers.prose import day, line, prose, year_first
from pipelines.readers.study_parts import age
from pipelines.staging.criteria import criterion_frame
from pipelines.study.criterion_tree import split_text
from pipelines.study.dates import ImpossibleDate, compare, date_columns, impossible, parse_long_date, parse_partial_date
from pipelines.study.identifiers import classify_column, classify_identifier, find_identifiers, find_in_column
from pipelines.study.record_ids import RECORD_REGISTRIES, record_id
from pipelines.study.registries import REGISTRIES
from tests.fuzz.chance import Chance
from tests.fuzz.hostile import TEXTS, text
from tests.fuzz.oracles import check_norm
from tests.fuzz.seeds import members_of

assert aact_values  # part of the room; its values are reached by way of its reader
COLUMN_OF = 60
_HINTS = (
    None,
    None,
    "ORG",
    "EUDRACT_NUMBER",
    "CTIS",
    "REGISTRY",
    "NIH",
    "ISRCTN registry",
    *(registry.code for registry in REGISTRIES),
)
_ID_ALPHABET = "0123456789NCTISRDKEUAXP-/. :()#n\u2010\u00a0\u200b"
_DATE_ALPHABET = "0123456789-/.: TZJanuryFebMchpilgstSOoNvDdm,th"
_IDS = [value for value in TEXTS if re.search("[0-9]{3}", value) and len(value) < 60]
_DATES = [value for value in TEXTS if re.search("[0-9]{2}|[a-z]{3}", value) and len(value) < 40]
_ISO = re.compile("[12][0-9]{3}(?:-[01][0-9](?:-[0-3][0-9])?)?")


def _near(known: list[str], alphabet: str, chance: Chance) -> str:
    """One of the known spellings with some characters changed, or anything."""
    if chance.random() < 0.15:
        return text(chance, longest=600)
    letters = list(chance.choice(known))
    for _ in range(chance.randrange(4)):
        place, kind = chance.randrange(len(letters) + 1), chance.randrange(3)
        if kind == 0:
            letters.insert(place, chance.choice(alphabet))
        elif kind == 1:
            del letters[place : place + 1]
        else:
            letters[place : place + 1] = chance.choice(alphabet)
    return (
        chance.choice(("", "", "", " ", "EudraCT No. ", "see "))
        + "".join(letters)
        + chance.choice(("", "", "", " ", ".", " (x)"))
    )


def make_id(chance: Chance) -> tuple[str, str | None]:
    """(text, hint)."""
    return _near(_IDS, _ID_ALPHABET, chance), chance.choice(_HINTS)


def run_id(made: tuple[str, str | None]) -> None:
    """Valid has a canonical spelling, which stays what it is; mentions stand where they say; the same twice."""
    raw, hint = made
    found = classify_identifier(raw, hint)
    assert found == classify_identifier(raw, hint)
    assert found.id_raw == raw
    assert found.is_valid == (found.id_norm is not None) == (found.reason is None)
    if found.is_valid:
        check_norm(found.id_type, found.id_norm)
    end = 0
    for mention in find_identifiers(raw):
        assert mention.start is not None
        assert raw[mention.start :].startswith(mention.id_raw)
        assert mention.start >= end
        end = mention.start + len(mention.id_raw)
        if mention.is_valid:
            check_norm(mention.id_type, mention.id_norm)
    for registry in (None, hint if hint in RECORD_REGISTRIES else "CTGOV"):
        own = record_id(raw, registry)
        if own is not None:
            assert own.registry in RECORD_REGISTRIES
            again = record_id(own.registry_id, own.registry)
            assert again is not None
            assert again.registry_id == own.registry_id, (
                f"{raw!r}: {own.registry_id} is read again as {again.registry_id}"
            )


def make_ids(chance: Chance) -> list[tuple[str, str | None]]:
    """A column of ids."""
    return [make_id(chance) for _ in range(COLUMN_OF)]


def run_ids(made: list[tuple[str, str | None]]) -> None:
    """The column functions say what the scalar ones say."""
    raws = pl.Series([raw for raw, _ in made], dtype=pl.String)
    hints = pl.Series([hint for _, hint in made], dtype=pl.String)
    whole = classify_column(raws, hints).rows()
    for (raw, hint), row in zip(made, whole, strict=True):
        one = classify_identifier(raw, hint)
        assert row == (one.id_type, one.id_raw, one.id_norm, one.is_valid, one.reason), f"{raw!r} {hint!r}"
    mentions: dict[int, list[Any]] = {}
    for number, _, *reading in find_in_column(raws).rows():
        mentions.setdefault(number, []).append(tuple(reading))
    for number, (raw, _) in enumerate(made):
        alone = [(one.id_type, one.id_raw, one.id_norm, one.is_valid, one.reason) for one in find_identifiers(raw)]
        assert mentions.get(number, []) == alone, repr(raw)


def make_date(chance: Chance) -> str:
    """A text that is nearly a date."""
    return _near(_DATES, _DATE_ALPHABET, chance)


def run_date(raw: str) -> None:
    """A date or a refusal with words; intervals never the wrong way round; converters give ISO dates."""
    found = []
    for parse in (parse_partial_date, parse_long_date):
        try:
            found.append(parse(raw))
        except ImpossibleDate:
            continue
    for one in found:
        assert date(1000, 1, 1) <= one.earliest <= one.latest <= date(2999, 12, 31)
        assert compare(one, one) == ("before_or_equal" if one.precision == "day" else "cannot_tell")
        assert (one.latest - one.earliest).days in {"day": (0,), "month": (27, 28, 29, 30), "year": (364, 365)}[
            one.precision
        ]
    for convert in _DATE_CONVERTERS:
        value = _converted(convert, raw)
        assert value is None or (isinstance(value, str) and _ISO.fullmatch(value)), f"{convert}: {value!r}"
        if value is not None:
            parse_partial_date(value)


_DATE_CONVERTERS: tuple[Callable[[Any], Any], ...] = (
    CONVERTERS["iso_date"], CONVERTERS["english_date"], CSV_CONVERTERS["date"], year_first, day,
    *(date_converter(registry, "registration") for registry in ("CTGOV", "EUCTR", "CHICTR")),
    *(date_converter(registry, "enrolment") for registry in ("CTGOV", "EUCTR", "CHICTR")),
    date_converter("UMIN", "event"),
)  # fmt: skip


def _converted(convert: Callable[[Any], Any], raw: Any) -> Any:
    if not str(raw).strip():
        return None  # converters are never given blanks
    try:
        return convert(raw)
    except Unreadable:
        return None


def make_dates(chance: Chance) -> list[str]:
    """A column of texts that are nearly dates."""
    return [make_date(chance) for _ in range(COLUMN_OF)]


def run_dates(made: list[str]) -> None:
    """The column functions say what the scalar ones say."""
    column = pl.col("x")
    frame = pl.LazyFrame({"x": made}, schema={"x": pl.String})
    rows = frame.select(*date_columns("d", column), impossible(column).alias("no")).collect().rows()
    for raw, (earliest, latest, precision, refused) in zip(made, rows, strict=True):
        try:
            one = parse_partial_date(raw)
        except ImpossibleDate:
            assert (earliest, latest, precision, refused) == (None, None, None, True), repr(raw)
        else:
            assert (earliest, latest, precision, refused) == (one.earliest, one.latest, one.precision, False), repr(raw)


def make_number(chance: Chance) -> Any:
    """Text, or what JSON may give."""
    if chance.random() < 0.2:
        return chance.choice((0, -1, 1.5, 10**40, 2**63, True, 1e308, -0.0))
    return _near(
        ["18 Years", "1,200", "100.0", "1e5", "0", "12", "65 Years and older", "nan", "٣", "²"],
        "0123456789.,eE+-_ Yearsnfi²٣",
        chance,
    )


def run_number(raw: Any) -> None:
    """A finite number, or a refusal with words; an age of a known form."""
    for name in ("integer", "number", "boolean", "one_line", "text"):
        value = _converted(CONVERTERS[name], raw)
        if name == "integer":
            assert value is None or type(value) is int
        elif name == "number":
            assert value is None or math.isfinite(value), f"{raw!r} is read as {value}"
    for name, convert in CSV_CONVERTERS.items():
        value = _converted(convert, str(raw))
        assert name != "count" or value is None or 0 <= value < 10**18
    found = age(str(raw))
    assert found is None or re.fullmatch(r"[0-9]{1,4} (Year|Month|Week|Day|Hour|Minute)s?", found), found


def make_criteria(chance: Chance) -> str:
    """Criteria that are nearly well-formed."""
    known = _criteria()
    lines = list(chance.choice(known))
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(lines) + 1)
        if chance.random() < 0.5:
            lines.insert(
                place,
                chance.choice(("", "  ", "    ", "\t"))
                + chance.choice(("", "* ", "1. ", "a) ", "(ii) ", "1.1. ", "- "))
                + text(chance, longest=2000),
            )
        elif place < len(lines):
            lines[place] = chance.choice(("", " ", "   ")) + lines[place]
    return chance.choice(("\n", "\n", "\r\n", "\n\n")).join(lines)


def _criteria() -> list[list[str]]:
    if not _KNOWN_CRITERIA:
        for data in members_of("page_text"):
            lines = data.decode().split("\n")
            at = next((number for number, one in enumerate(lines) if "nclusion" in one), 0)
            _KNOWN_CRITERIA.append(lines[at : at + 25])
        _KNOWN_CRITERIA.append(
            ["Inclusion Criteria:", "1. a", "2. b", "  a) c", "  b) d", "Exclusion Criteria:", "* e", "* f"]
        )
    return _KNOWN_CRITERIA


_KNOWN_CRITERIA: list[list[str]] = []


def run_criteria(made: str) -> None:
    """Rows whose parents come before them; the same twice; tidied prose stays as it is."""
    rows = split_text(made)
    assert rows == split_text(made)
    for number, row in enumerate(rows, start=1):
        assert row.parent is None or 1 <= row.parent < number
    criterion_frame([(1, made)], [])
    parse_criteria(list(enumerate(made.split("\n"), start=1)))
    if made.strip():
        line(made)
        prose(made)


PARSERS: dict[str, tuple[Callable[[Chance], Any], Callable[[Any], None], float]] = {
    "identifiers": (make_id, run_id, 24.0),
    "identifier columns": (make_ids, run_ids, 0.4),
    "dates": (make_date, run_date, 24.0),
    "date columns": (make_dates, run_dates, 0.6),
    "numbers and ages": (make_number, run_number, 20.0),
    "criteria": (make_criteria, run_criteria, 3.0),
}
"""Name → how an input is made, what must hold, and its share of a campaign (inputs of a column count once)."""
