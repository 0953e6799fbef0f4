"""Every regular expression in the SQL of models and rules.

Belongs here: finding them. Does not: driving them (patterns.py), the verdict (test_patterns.py). DuckDB matches with
RE2, whose one match is linear in the text; finding all matches need not be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import duckdb
import sqlglot
from sqlglot import exp

from expectations import load_rules
from tests.conftest import REPO_ROOT


def sql_patterns() -> dict[str, str]:
    """Pattern → where it stands. Patterns that are put together of constants count as the whole that they make."""
    found: dict[str, str] = {}
    with duckdb.connect() as connection:
        for where, sql in _statements():
            for statement in sqlglot.parse(sql, read="duckdb"):
                for call in statement.walk() if statement is not None else ():
                    pattern = _pattern(call)
                    if pattern is not None and not list(pattern.find_all(exp.Column)):
                        row = connection.execute(f"SELECT {pattern.sql('duckdb')}").fetchone()
                        assert row is not None
                        found.setdefault(str(row[0]), where)
    return found


def _statements() -> Iterator[tuple[str, str]]:
    for path in sorted((REPO_ROOT / "dbt_like_models").rglob("*.sql")):
        yield str(path.relative_to(REPO_ROOT)), path.read_text(encoding="utf-8")
    for rule in load_rules():
        for field in fields(rule):
            # a message is a sentence with expressions in braces
            value = rule.message_sql if field.name == "message" else getattr(rule, field.name)
            if isinstance(value, str) and "regexp_" in value:
                yield (
                    f"rule {rule.name}",
                    value if value.lstrip().upper().startswith(("SELECT", "WITH")) else f"SELECT {value}",
                )


def _pattern(call: exp.Expression) -> exp.Expression | None:
    if isinstance(call, exp.Anonymous):
        return call.expressions[1] if call.name.lower().startswith("regexp_") else None
    if type(call).__name__.startswith("Regexp"):
        found = call.args.get("expression")
        return found if isinstance(found, exp.Expression) else None
    return None
