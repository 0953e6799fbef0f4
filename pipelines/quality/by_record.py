"""Judgements counted by record: by how many rules a record could be judged, by how many not.

Belongs here: these counts, from tables of judgements that are there (judging.py) or judged for them. Does not: what is
made of them (scorecard.py).

Only rules on core.record are counted: those on its child tables would let records with many sites or outcomes outweigh
the others, and take four fifths of the time (2026-11). Lasting are those whose answer hangs on the record alone, not on
the day and not on others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
from sqlalchemy.engine import Connection

from expectations import Reach, Rule, Severity
from expectations.rule import on_day
from pipelines.quality.judging import COUNTED_TABLE, RECORD_KEY, Judged, judgements_sql, run_sql, weight_column
from pipelines.tables import literal, quoted
from pipelines.touched import read_instead


def is_lasting(rule: Rule) -> bool:
    """Whether the rule's answer on a record changes only with the record."""
    return rule.reach is Reach.RECORD and not rule.needs_day


def write_counts(connection: Connection, tables: Iterable[Judged], path: Path) -> None:
    """Count the judgements that are on the connection into a Parquet file: record_key VARCHAR, is_lasting BOOLEAN,
    evaluated and not_evaluable BIGINT, is_judged BOOLEAN; a record may have several rows.
    """
    selects = [
        _counts(rules, quoted(judged.name), lasting=lasting)
        for judged in tables
        if judged.table == COUNTED_TABLE
        for lasting in (True, False)
        if (rules := [rule for rule in judged.rules if is_lasting(rule) is lasting])
    ]
    nothing = (
        "SELECT NULL::VARCHAR AS record_key, TRUE AS is_lasting, 0::BIGINT AS evaluated, 0::BIGINT AS not_evaluable, "
        "FALSE AS is_judged WHERE FALSE"
    )
    run_sql(connection, f"COPY ({' UNION ALL '.join([nothing, *selects])}) TO {literal(str(path))} (FORMAT parquet)")


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


def count_by_sql(
    build: duckdb.DuckDBPyConnection,
    rules: Sequence[Rule],
    as_of: str,
    table: str,
    instead: Mapping[str, str] | None = None,
) -> None:
    """Judge by the rules' own SQL into `table` (columns as write_counts), one scan for rules that share their rows.

    `instead` gives what to read in place of a table (schema.name).
    """
    groups: dict[tuple[str, bool], list[Rule]] = {}
    for rule in rules:
        groups.setdefault((rule.rows_sql, is_lasting(rule)), []).append(rule)
    for (_, lasting), members in groups.items():
        judgements = read_instead(judgements_sql(COUNTED_TABLE, members), instead or {})
        build.execute(
            on_day(f"INSERT INTO {table} BY NAME {_counts(members, f'({judgements})', lasting=lasting)}", as_of)
        )
