"""Judgements counted by record: by how many rules a record could be judged, by how many not.

Belongs here: these counts, from tables of judgements that are there (judging.py) or judged for them. Does not: what is
made of them (scorecard.py).

Only rules on core.record are counted: those on its child tables would let records with many sites or outcomes outweigh
the others, and take four fifths of the time (2026-11). Lasting are those whose answer hangs on the record alone, not on
the day and not on others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
from sqlalchemy.engine import Connection

from expectations import Reach, Rule, Severity
from expectations.rule import on_day
from pipelines.quality.judgements import COUNTED_TABLE, RECORD_KEY, judgements_sql, weight_column
from pipelines.quality.judging import Judged, run_sql
from pipelines.tables import literal, parquet, quoted

OF_ALL = "all.parquet"
OF_TOUCHED = "touched.parquet"
"""Files of counts in the folder that a run of the rules leaves for the scorecard: of all records, of touched ones."""


def is_lasting(rule: Rule) -> bool:
    """Whether the rule's answer on a record changes only with the record."""
    return rule.reach is Reach.RECORD and not rule.needs_day


def write_counts(connection: Connection, tables: Iterable[Judged], path: Path) -> None:
    """Count the judgements that are on the connection into a Parquet file: rules VARCHAR (the names of those counted,
    in order), record_key VARCHAR, is_lasting BOOLEAN, evaluated and not_evaluable BIGINT, is_judged BOOLEAN. A record
    has a row for each group of rules that judged it; a row without a record tells which groups there are.
    """
    groups = [
        (rules, quoted(judged.name), lasting)
        for judged in tables
        if judged.table == COUNTED_TABLE
        for lasting in (True, False)
        if (rules := [rule for rule in judged.rules if is_lasting(rule) is lasting])
    ]
    counts = [
        f"SELECT {_names(rules)} AS rules, * FROM ({_counts(rules, name, lasting=lasting)})"
        for rules, name, lasting in groups
    ]
    headings = [
        f"SELECT {_names(rules)} AS rules, NULL::VARCHAR AS record_key, {lasting} AS is_lasting, "
        "0::BIGINT AS evaluated, 0::BIGINT AS not_evaluable, FALSE AS is_judged"
        for rules, _, lasting in groups
    ]
    if groups:
        run_sql(connection, f"COPY ({' UNION ALL '.join(headings + counts)}) TO {literal(str(path))} (FORMAT parquet)")


def _names(rules: Iterable[Rule]) -> str:
    return literal(" ".join(sorted(rule.name for rule in rules)))


def rules_counted(build: duckdb.DuckDBPyConnection, path: Path | None, rules: Iterable[Rule]) -> frozenset[str]:
    """Names of the rules whose counts can be taken from a file of write_counts; there need not be one."""
    return frozenset(name for names in _groups(build, path, rules) for name in names.split())


def _groups(build: duckdb.DuckDBPyConnection, path: Path | None, rules: Iterable[Rule]) -> list[str]:
    """The groups of a file of which each rule is wanted: no single one can be taken out of their counts."""
    if path is None or not path.is_file():
        return []
    wanted = {rule.name for rule in rules}
    found = build.execute(f"SELECT DISTINCT rules FROM {parquet([path])}").fetchall()
    return [names for (names,) in found if wanted.issuperset(names.split())]


def _weighs(rule: Rule) -> str:
    """Whether a judgement of the rule, kept in a table of judgements, is one of severity error."""
    graver = rule.escalation
    if graver is not None and Severity.ERROR in (rule.severity, graver.severity):
        return quoted(weight_column(rule))
    return "TRUE" if rule.severity is Severity.ERROR else "FALSE"


def _counts(rules: Sequence[Rule], judgements: str, *, lasting: bool) -> str:
    """The SELECT of the counts by these rules, of which none or all are lasting, from a relation of judgements."""
    told = " + ".join(f"({quoted(rule.name)} IS NOT NULL)::INTEGER" for rule in rules)
    weighty = " OR ".join(f"({quoted(rule.name)} IS NOT NULL AND {_weighs(rule)})" for rule in rules)
    return (
        f"SELECT record_key, {lasting} AS is_lasting, sum(told)::BIGINT AS evaluated, "
        f"sum({len(rules)} - told)::BIGINT AS not_evaluable, bool_or(is_judged) AS is_judged "
        f"FROM (SELECT {RECORD_KEY} AS record_key, {told} AS told, {weighty} AS is_judged FROM {judgements}) "
        "WHERE record_key IS NOT NULL GROUP BY record_key"
    )


def count_records(
    build: duckdb.DuckDBPyConnection, rules: Sequence[Rule], as_of: str, table: str, path: Path | None
) -> None:
    """Counts by the rules into `table` (columns as write_counts, without `rules`): what the file at `path` has is taken
    from there, the other rules judge by their own SQL, in one scan those that share their rows.
    """
    known = _groups(build, path, rules)
    if path is not None and known:
        build.execute(
            f"INSERT INTO {table} BY NAME SELECT * EXCLUDE (rules) FROM {parquet([path])} "
            "WHERE record_key IS NOT NULL AND list_contains(?, rules)",
            [known],
        )
    names = {name for group in known for name in group.split()}
    groups: dict[tuple[str, bool], list[Rule]] = {}
    for rule in rules:
        if rule.name not in names:
            groups.setdefault((rule.rows_sql, is_lasting(rule)), []).append(rule)
    for (_, lasting), members in groups.items():
        counts = _counts(members, f"({judgements_sql(COUNTED_TABLE, members)})", lasting=lasting)
        build.execute(on_day(f"INSERT INTO {table} BY NAME {counts}", as_of))
