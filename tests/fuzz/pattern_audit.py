"""The audit of all regular expressions: each driven by growing texts, and those told whose work outgrows them.

Belongs here: the two audits, of Python's patterns and of SQL's. Does not: finding patterns and making texts
(patterns.py, sql_patterns.py).

Texts in which nothing shows at SCREEN_CHARACTERS are dismissed by one measurement: there, going back
over what was read takes a hundred times what passing over it takes.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import duckdb

from tests.fuzz.campaign import Overtime, watched
from tests.fuzz.growth import NOTICEABLE_SECONDS, outgrows, seconds
from tests.fuzz.patterns import attacks, compiled, runs
from tests.fuzz.sql_patterns import sql_patterns

SCREEN_CHARACTERS = 10_000
SQL_SCREEN_CHARACTERS = 40_000
_OTHER_DIALECT = re.compile(r"\\p\{?[A-Z][a-z]?\}?")
"""Classes of letters that Python's expressions do not have; a letter stands for them while texts are made."""


@dataclass
class Audit:
    """How many patterns and texts were tried, and what outgrows."""

    patterns: int = 0
    texts: int = 0
    faults: list[str] = field(default_factory=list)


def python_patterns(*, samples: int, most: int | None = None) -> Audit:
    """Of each pattern so many samples of what leads to its repeats, and `most` texts of those (all by default)."""
    audit = Audit()
    for name, (pattern, methods) in compiled().items():
        audit.patterns += 1
        texts = _some(attacks(pattern, samples=samples), most)
        for method, run in runs(pattern, methods):
            drive(audit, f"{name} ({method}): {pattern.pattern!r:.120}", run, texts, SCREEN_CHARACTERS)
    return audit


def duckdb_patterns(*, samples: int, most: int | None = None) -> Audit:
    """As python_patterns, by way of DuckDB: does it match, and all matches in the text."""
    audit = Audit()
    with duckdb.connect(config={"threads": 1}) as connection:
        for pattern, where in sql_patterns().items():
            audit.patterns += 1

            def run(text: str, pattern: str = pattern) -> None:
                query = "SELECT len(regexp_extract_all($1, $2)), regexp_matches($1, $2)"
                connection.execute(query, [text, pattern]).fetchall()

            texts = _some(attacks(_readable(pattern), samples=samples), most)
            drive(audit, f"{where}: {pattern:.120}", run, texts, SQL_SCREEN_CHARACTERS)
    return audit


def _readable(pattern: str) -> re.Pattern[str]:
    """The pattern in Python's dialect, as near as texts to drive it need."""
    return re.compile(_OTHER_DIALECT.sub("a", pattern).replace("(?i)", ""))


def _some(texts: Iterable[Callable[[int], Any]], most: int | None) -> list[Callable[[int], Any]]:
    found = list(texts)
    if most is not None and len(found) > most:
        random.Random(8).shuffle(found)
    return list(islice(found, most))


def drive(
    audit: Audit, name: str, run: Callable[[Any], object], texts: Iterable[Callable[[int], Any]], screen: int
) -> None:
    """Try texts until one shows that the work outgrows them; note what is found in `audit`."""
    for of_size in texts:
        audit.texts += 1
        try:
            with watched():
                if seconds(run, of_size(screen)) < NOTICEABLE_SECONDS:
                    continue
                found = outgrows(run, of_size, screen // 4)
        except Overtime:
            found = (float("inf"),) * 3
        if found is not None:
            audit.faults.append(f"{name} takes {found} s on {of_size(20)!r:.60}")
            return
