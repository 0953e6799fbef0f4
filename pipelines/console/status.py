"""`trialmart status`: what is published, how fresh it is, what is open.

Belongs here: collecting these facts and laying them out. Does not: judging them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.console.terminal import age, counted, pairs, print_unpadded, size, visible
from pipelines.landing.catalogue import LandingError
from pipelines.settings import Settings
from pipelines.warehouse.builds import AHEAD, current_build, list_builds, lost_link
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.errors import WarehouseError
from pipelines.warehouse.intake import files_read_by_other_code, known_content, look
from pipelines.warehouse.lock import writer_is_active

Facts = dict[str, Any]

NEWEST_JUDGING = "(SELECT arg_max(run_id, checked_at) FROM quality.expectation_result)"
"""The run that judged by the rules last: its results are what the warehouse says of its records."""


def collect(settings: Settings) -> Facts:
    """Everything that status shows, ready for JSON. `published` is None where nothing is. Raises WarehouseError."""
    current, kept = current_build(settings), list_builds(settings)
    if current is None and kept:
        raise WarehouseError(lost_link(settings, kept))
    facts: Facts = {
        "home": str(settings.home_dir),
        "warehouse": str(settings.warehouse_path),
        "landing": str(settings.landing_dir),
        "run_going_on": writer_is_active(settings),
        "builds_kept": [build.build_id for build in kept],
        "published": None,
    }
    if current is None:
        return facts
    with connect_read_only(current) as connection:
        try:
            facts["published"] = _published(connection) | {"bytes": current.stat().st_size}
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise WarehouseError(
                f"{current} was made by another version of trialmart, its tables differ "
                f"({str(error).splitlines()[0]}). `trialmart run --rebuild` brings it up to date."
            ) from error
        facts["landing_new_files"] = _new_files(settings, connection)
    return facts


def _new_files(settings: Settings, connection: duckdb.DuckDBPyConnection) -> int | None:
    """Files whose name, size or time is new; None where landing cannot be read."""
    try:
        intake = look(settings, known_content(connection))
    except LandingError:
        return None
    return len(intake.candidates) + len(intake.unreadable)


def _published(connection: duckdb.DuckDBPyConnection) -> Facts:
    build = _dicts(connection, "SELECT * EXCLUDE (settings) FROM meta.build ORDER BY published_at DESC LIMIT 1")
    totals = _dicts(
        connection,
        """
        SELECT (SELECT count(*) FROM raw.file) AS files,
               (SELECT count(*) FROM raw.record_version WHERE is_current) AS records,
               (SELECT count(*) FROM raw.record_version) AS record_versions,
               (
                   SELECT max(registry_updated_on) FROM raw.record_version WHERE registry_updated_on <= loaded_at::DATE
               ) AS newest_registry_date,
               (
                   SELECT count(*) FROM raw.record_version WHERE registry_updated_on > loaded_at::DATE
               ) AS versions_dated_after_loading,
               (SELECT max(loaded_at) FROM raw.record_version) AS newest_load
        """,
    )
    rules = _dicts(
        connection,
        f"""
        SELECT result.rule, result.severity, result.rows_failed, result.error
        FROM quality.expectation_result AS result
        WHERE NOT result.success AND result.run_id = {NEWEST_JUDGING}
        ORDER BY list_position(['gate', 'error', 'warn', 'info'], result.severity), rows_failed DESC NULLS FIRST, rule
        """,
    )
    for row in build:
        row["library_versions"] = json.loads(row.get("library_versions") or "{}")
    return {
        **(build[0] if build else {}),
        "totals": totals[0] | {"files_read_by_other_code": files_read_by_other_code(connection)},
        "registries": _dicts(
            connection,
            "SELECT registry, count(*) AS records FROM raw.record_version WHERE is_current "
            "GROUP BY registry ORDER BY records DESC, registry",
        ),
        "quarantine": _dicts(
            connection,
            "SELECT reason_code, count(*) AS open FROM quality.quarantine WHERE released_at IS NULL "
            "GROUP BY ALL ORDER BY open DESC, reason_code",
        ),
        "failing_rules": rules,
        "gate_overrides": _overrides(connection),
        "unknown_fields": connection.execute("SELECT count(*) FROM quality.unknown_field").fetchall()[0][0],
    }


def _overrides(connection: duckdb.DuckDBPyConnection) -> list[Facts]:
    """Gates that failed in the published build and were allowed to; none in a warehouse of before there were any."""
    table = "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'quality' AND table_name = 'gate_override'"
    if not connection.execute(table).fetchall():
        return []
    return _dicts(
        connection,
        "SELECT rule, rows_failed, error, allowed_at, reason FROM quality.gate_override WHERE run_id = "
        "(SELECT run_id FROM meta.build ORDER BY published_at DESC LIMIT 1) ORDER BY rule",
    )


def _override_lines(published: Facts) -> list[tuple[str, str]]:
    return [
        ("overridden", f"gate {row['rule']} allowed on {row['allowed_at']} UTC: {row['reason'] or 'no reason given'}")
        for row in published["gate_overrides"]
    ]


def _dicts(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Facts]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def print_status(console: Console, facts: Facts, now: datetime | None = None) -> None:
    """The facts as a page for people."""
    published = facts["published"]
    running = "a run is going on" if facts["run_going_on"] else "no run is going on"
    if published is None:
        console.print(f"Nothing is published in {facts['home']} yet; {running}.")
        console.print("Drop files into landing and run `trialmart run`, or try `trialmart demo`.")
        console.print(f"landing: {facts['landing']}")
        return
    moment = (now or datetime.now(UTC)).replace(tzinfo=None)
    print_unpadded(console, pairs(_lines(facts, published, moment, running)))
    _print_list(console, "open quarantine", ("reason_code", "open"), published["quarantine"])
    _print_list(console, "failing rules", ("severity", "rule", "rows_failed"), published["failing_rules"][:20])
    if len(published["failing_rules"]) > 20:
        more = len(published["failing_rules"]) - 20
        console.print(
            f"… and {more} more: SELECT * FROM marts.data_quality_rule_trend WHERE is_newest_run AND NOT success",
            soft_wrap=True,
        )


def _lines(facts: Facts, published: Facts, now: datetime, running: str) -> Sequence[tuple[str, str]]:
    totals = published["totals"]
    by_severity = ", ".join(
        f"{severity} {sum(rule['severity'] == severity for rule in published['failing_rules'])}"
        for severity in ("gate", "error", "warn", "info")
    )
    new = facts["landing_new_files"]
    # a copied or touched file is one of them; only reading it, which a run does, tells that its content is known
    changed = f"{counted(new or 0, 'file')} of which name, size or time is new"
    waiting = "is not there or cannot be read (--landing?)" if new is None else (changed if new else "nothing new")
    registries = ", ".join(f"{row['registry']} {row['records']:,}" for row in published["registries"])
    newest = totals["newest_registry_date"]
    fresh = f", {(now.date() - newest).days} d ago" if newest else ""
    ahead = totals["versions_dated_after_loading"]
    fresh += f" ({counted(ahead, 'version')} dated after being read)" if ahead else ""
    return [
        ("warehouse", f"{facts['warehouse']} ({size(published['bytes'])})"),
        ("build", f"{published.get('build_id')}, published {_ago(published['published_at'], now)}"),
        ("run", f"{published.get('run_id')}; {running}"),
        ("freshness", f"newest registry date {newest or 'unknown'}{fresh}; newest load {totals['newest_load']} UTC"),
        ("files", f"{totals['files']:,} read; landing {facts['landing']}: {waiting}"),
        *_reading_lines(totals["files_read_by_other_code"]),
        ("records", f"{totals['records']:,} in {counted(totals['record_versions'], 'version')}: {registries}"),
        ("quarantine", counted(sum(row["open"] for row in published["quarantine"]), "entry", "entries")),
        ("failing rules", by_severity),
        *_override_lines(published),
        ("unknown fields", f"{published['unknown_fields']:,}"),
        ("builds kept", ", ".join(facts["builds_kept"])),
    ]


def _reading_lines(by_other_code: int) -> list[tuple[str, str]]:
    """What a person may do after an upgrade; nothing where today's readers have read everything."""
    if not by_other_code:
        return []
    said = "read by another version of the readers; trialmart run --read-again has today's read all once more"
    return [("readers", f"{counted(by_other_code, 'file')} {said}")]


def _ago(then: datetime, now: datetime) -> str:
    return f"{age(now - then)} ago" if then <= now + AHEAD else f"on {then:%Y-%m-%d}, by a clock that was ahead of ours"


def _print_list(console: Console, title: str, columns: tuple[str, ...], rows: list[Facts]) -> None:
    if not rows:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for column in columns:
        table.add_column(column, justify="right" if column in ("open", "rows_failed") else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(visible("could not run" if row[c] is None else f"{row[c]}")) for c in columns))
    console.print(f"\n{title}")
    print_unpadded(console, table)
