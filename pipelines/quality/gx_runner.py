"""Great Expectations on DuckDB: with data_docs.py the only module that knows it.

Belongs here: the context, the data source on DuckDB with what it needs to work there, suites made from rules, results
read back. Does not: rules, storing. Great Expectations is imported inside the functions: it takes six seconds
(2026-11).

A suite stands for a table of judgements, in which each rule is a column (judging.py): the expectation is that its
values are TRUE, and NULL, which Great Expectations leaves aside as missing, is "not evaluable". It asks for the counts
of all columns in one SELECT. The rules are not given to it as queries over the build itself: for each it would run its
query three or four times (docs/quality.md has the figures).
"""

from __future__ import annotations

import logging
import os
import threading
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

from expectations import Rule, Severity
from pipelines.collector import set_aside, without_collector
from pipelines.quality.judging import Judged, prepare, row_counts, together
from pipelines.touched import Touched

_SEVERITY = {
    Severity.GATE: "critical",
    Severity.ERROR: "critical",
    Severity.WARN: "warning",
    Severity.INFO: "info",
}

FEW_ROWS = 20_000
"""Tables of judgements of so many rows are counted together: a validation takes 0.04 s whatever it counts (2026-11)."""

# Values and index columns would cost a query for each rule; violations are taken from the rules' SQL instead.
_RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}


@dataclass(frozen=True, slots=True)
class Counts:
    """What Great Expectations counted for a rule, or why it gave no count."""

    passed: int = 0
    failed: int = 0
    not_evaluable: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A Great Expectations context on a build that is open read-only. `connection` serves our own SQL."""

    context: Any
    source: Any
    connection: Connection


def _buffer_rows(_connection: Any, cursor: Any, _statement: Any, _parameters: Any, context: Any, _many: Any) -> None:
    """Fetch a result before its connection is closed.

    Great Expectations closes the connection first and fetches afterwards, which DuckDB's cursors do not survive
    (great_expectations issues 10738 and 11579; still so in 1.24.1, 2026-11).
    """
    if cursor.description:
        context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, initial_buffer=cursor.fetchall())


def load_meanwhile() -> None:
    """Begin to import Great Expectations on a thread of its own, for a step that comes later in this process.

    Much of a run waits for DuckDB or the disk; of a run with few changes the import would be a tenth (2026-11).
    """

    def load() -> None:
        with without_collector(), suppress(ImportError):  # open_session meets it again, and there it can be told
            _great_expectations()
        set_aside()

    threading.Thread(target=load, name="great-expectations").start()


def _great_expectations() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations

    return great_expectations


@contextmanager
def open_session(
    path: Path,
    touched: Touched | None = None,
    *,
    only: Collection[str] | None = None,
    threads: int | None = None,
    memory_limit_mb: int | None = None,
) -> Iterator[Session]:
    """A context and data source on the build at `path`, opened read-only and released on leaving.

    With `touched` it holds the rows of those records only, with `only` these tables (schema.name) alone. Raises
    FileNotFoundError where there is no build, sqlalchemy errors where it is no DuckDB file.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path} does not exist; rules run on a build file")
    gx = _great_expectations()
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql("build", connection_string=f"duckdb:///:memory:rules_{uuid.uuid4().hex}")
    # Two engines; a listener on the Engine class would also run on Dagster's own SQLite.
    engines = [source.get_engine(), source.get_execution_engine().engine]
    for engine in engines:
        event.listen(engine, "after_cursor_execute", _buffer_rows)
    connection = engines[0].connect()
    try:
        prepare(connection, path, touched, only=only, threads=threads, memory_limit_mb=memory_limit_mb)
        yield Session(context, source, connection)
    finally:
        connection.close()
        for engine in engines:
            engine.dispose()


def suite_of(judged: Judged) -> Any:
    """The expectation suite of a table of judgements: each rule's column holds TRUE."""
    import great_expectations as gx

    return gx.ExpectationSuite(
        name=f"{judged.table} ({judged.name})",
        expectations=[expectation_of(rule, rule.description) for rule in judged.rules],
    )


def expectation_of(rule: Rule, description: str) -> Any:
    """The expectation that the rule's column of a table of judgements holds TRUE."""
    import great_expectations.expectations as gxe

    return gxe.ExpectColumnValuesToBeInSet(
        column=rule.name,
        value_set=[True],
        description=description,
        severity=_SEVERITY[rule.severity],
        meta={"rule": rule.name, "table": rule.table, "severity": rule.severity.value},
    )


def count(session: Session, judged: Judged) -> dict[str, Counts]:
    """What Great Expectations counts in a table of judgements, by rule name; every rule of it has an entry."""
    asset = session.source.add_table_asset(judged.name, table_name=judged.name)
    batch = asset.add_batch_definition_whole_table("all rows").get_batch()
    outcome = batch.validate(suite_of(judged), result_format=_RESULT_FORMAT)
    # Results come in another order than the suite's expectations: the rule's name in meta tells whose they are.
    found = {result.expectation_config.meta["rule"]: _counts(result) for result in outcome.results}
    nothing = Counts(error="Great Expectations gave no result for this rule")
    return {rule.name: found.get(rule.name, nothing) for rule in judged.rules}


def count_all(session: Session, tables: Sequence[Judged]) -> dict[str, Counts]:
    """As count, of every table: those of few rows together, the others one after the other."""
    rows = row_counts(session.connection, tables)
    found = count_together(session, [judged for judged in tables if rows[judged.name] <= FEW_ROWS])
    for judged in tables:
        if rows[judged.name] > FEW_ROWS:
            found |= count(session, judged)
    return found


def count_together(session: Session, tables: Sequence[Judged]) -> dict[str, Counts]:
    """As count, of all tables in one validation: each has a price of its own, which outweighs that of few rows."""
    if not tables:
        return {}
    judged, padding = together(session.connection, tables)
    return {
        name: found if found.error is not None else replace(found, not_evaluable=found.not_evaluable - padding[name])
        for name, found in count(session, judged).items()
    }


def _counts(result: Any) -> Counts:
    message = _exception(result.exception_info)
    if message is not None:
        return Counts(error=message)
    try:
        total, missing = int(result.result["element_count"]), int(result.result["missing_count"] or 0)
        failed = int(result.result["unexpected_count"] or 0)
    except (KeyError, TypeError, ValueError) as error:
        return Counts(error=f"Great Expectations gave a result without counts: {error!r}")
    if bool(result.success) != (failed == 0):
        return Counts(error=f"Great Expectations contradicts itself: success {result.success}, {failed} rows failed")
    return Counts(passed=total - missing - failed, failed=failed, not_evaluable=missing)


def _exception(info: Any) -> str | None:
    """The exception text in exception_info, which is one dict or a dict of them by metric."""
    if not info:
        return None
    parts = [info] if "raised_exception" in info else [part for part in info.values() if isinstance(part, dict)]
    for part in parts:
        if part.get("raised_exception"):
            return " ".join(str(part.get("exception_message")).split("[SQL:")[0].split())
    return None
