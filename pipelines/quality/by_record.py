"""Judgements counted by record: by how many rules a record could be judged, by how many not.

Belongs here: the two ways to these counts, from tables of judgements that are there (judging.py), and from the rules'
SQL. Does not: what is made of them (scorecard.py).

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
from pipelines.quality.judging import RECORD_KEY, Judged, run_sql, weight_column
from pipelines.tables import literal, quoted
from pipelines.touched import read_instead

COUNTED_TABLE = "core.record"


def is_lasting(rule: Rule) -> bool:
    """Whether the rule's answer on a record changes only with the record."""
    return rule.reach is Reach.RECORD and not rule.needs_day


def write_counts(connection: Connection, tables: Iterable[Judged], path: Path) -> None:
    """Count the judgements that are on the connection into a Parquet file: record_key VARCHAR, is_lasting BOOLEAN,
    evaluated and not_evaluable BIGINT, is_judged BOOLEAN; a record may have several rows.
    """
    selects = [
        _counts(
            {rule.name: (f"{quoted(rule.name)} IS NOT NULL", _weighs(rule)) for rule in rules},
            f"{quoted(judged.name)}",
            lasting,
        )
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


def _counts(columns: Mapping[str, tuple[str, str]], relation: str, lasting: bool) -> str:
    """The SELECT of the counts of one relation, for rules with their conditions: told anything, weighs as an error."""
    told = " + ".join(f"({told})::INTEGER" for told, _ in columns.values())
    weighty = " OR ".join(f"(({told}) AND {weighs})" for told, weighs in columns.values() if weighs != "FALSE")
    return (
        f"SELECT record_key, {'TRUE' if lasting else 'FALSE'} AS is_lasting, sum(told)::BIGINT AS evaluated, "
        f"sum({len(columns)} - told)::BIGINT AS not_evaluable, bool_or(is_judged) AS is_judged "
        f"FROM (SELECT {RECORD_KEY} AS record_key, {told} AS told, {weighty or 'FALSE'} AS is_judged FROM {relation}) "
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
    for (rows, lasting), members in groups.items():
        columns = ", ".join(
            f"({rule.result_sql}) IS NOT NULL AS told_{n}, {rule.severity_sql} AS severity_{n}"
            for n, rule in enumerate(members)
        )
        judged = f"(SELECT record_key AS {RECORD_KEY}, {columns} FROM ({rows}) AS judged_rows)"
        conditions = {
            rule.name: (f"told_{n}", "FALSE" if _weighs(rule) == "FALSE" else f"severity_{n} = '{Severity.ERROR}'")
            for n, rule in enumerate(members)
        }
        counts = _counts(conditions, read_instead(judged, instead or {}), lasting)
        build.execute(on_day(f"INSERT INTO {table} BY NAME {counts}", as_of))
