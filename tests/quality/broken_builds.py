"""Defects that no landing file can carry, planted into a build: lost keys, orphans, lost dates.

Each break changes a copy of a sound build and names what it broke: record keys, tables, files. Belongs here: the
breaks of one build, and all together as BREAKS. Does not: drift (broken_drift.py), judging them (planted.py).
"""

from __future__ import annotations

from collections.abc import Callable

from tests.quality.broken_drift import DRIFT_BREAKS, Break, Build


def victims(build: Build, count: int = 4, where: str = "TRUE") -> list[str]:
    """Some records, the same each time."""
    rows = build.execute(
        f"SELECT record_key FROM core.record WHERE {where} ORDER BY hash(record_key), record_key LIMIT {count}"
    ).fetchall()
    return [key for (key,) in rows]


def on_victims(sql: str, where: str = "TRUE") -> Callable[[Build], list[str]]:
    """Runs the statement on the victims, whose keys are bound as $keys; they are what is broken."""

    def plant(build: Build) -> list[str]:
        keys = victims(build, where=where)
        build.execute(sql, {"keys": keys})
        return keys

    return plant


def on_tables(sql: str, *tables: str) -> Callable[[Build], list[str]]:
    """Runs the statement for each table; they are what is broken."""

    def plant(build: Build) -> list[str]:
        for table in tables:
            build.execute(sql.replace("{table}", table))
        return list(tables)

    return plant


def on_files(sql: str) -> Callable[[Build], list[str]]:
    """Runs the statement on some files; their paths are what is broken."""

    def plant(build: Build) -> list[str]:
        rows = build.execute("SELECT path FROM raw.file ORDER BY hash(path), path LIMIT 4").fetchall()
        build.execute(sql, {"paths": [path for (path,) in rows]})
        return [path for (path,) in rows]

    return plant


_IN = "IN (SELECT unnest($keys))"
_OF_VICTIMS = f"version_id IN (SELECT version_id FROM core.record WHERE record_key {_IN})"
_ONE_ROW = "(SELECT min(rowid) FROM {table})"


def two_records_of_a_trial(build: Build) -> list[str]:
    """Four trials whose two records tell different enrollments, and two whose records agree."""
    keys = victims(build, 12, "enrollment IS NOT NULL AND enrollment_type IS NOT NULL")
    said = "overall_status, enrollment, enrollment_type, sex, has_results, trial_id"
    for first, second in zip(keys[::2], keys[1::2], strict=True):
        build.execute(
            f"UPDATE core.record AS r SET {', '.join(f'{name} = f.{name}' for name in said.split(', '))} "
            f"FROM (SELECT {said} FROM core.record WHERE record_key = ?) AS f WHERE r.record_key = ?",
            [first, second],
        )
        build.execute("UPDATE core.trial SET record_count = 2 WHERE primary_record_key = ?", [first])
    disagreeing = keys[1:8:2]
    build.execute(f"UPDATE core.record SET enrollment = enrollment + 1 WHERE record_key {_IN}", {"keys": disagreeing})
    return disagreeing


BREAKS: tuple[Break, ...] = (
    Break(
        "record_key_unique",
        on_victims(f"INSERT INTO core.record SELECT * FROM core.record WHERE record_key {_IN}"),
    ),
    Break(
        "version_key_unique",
        on_victims(f"INSERT INTO raw.record_version SELECT * FROM raw.record_version WHERE record_key {_IN}"),
    ),
    Break(
        "version_no_unique",
        on_victims(
            "INSERT INTO raw.record_version SELECT * REPLACE (version_id + 1 AS version_id) FROM raw.record_version "
            f"WHERE record_key {_IN}"
        ),
    ),
    Break(
        "one_current_version",
        on_victims(f"UPDATE raw.record_version SET is_current = FALSE WHERE record_key {_IN}"),
    ),
    Break("core_complete", on_victims(f"DELETE FROM core.record WHERE record_key {_IN}")),
    Break("one_row_tables", on_victims(f"DELETE FROM staging.study WHERE {_OF_VICTIMS}")),
    Break(
        "staged_keys_unique",
        on_tables(
            f"INSERT INTO {{table}} SELECT * FROM {{table}} WHERE rowid = {_ONE_ROW}",
            "staging.study",
            "staging.condition",
            "staging.location",
            "staging.identifier",
        ),
    ),
    Break(
        "staged_orphans",
        on_tables(
            f"UPDATE {{table}} SET version_id = -1 WHERE rowid = {_ONE_ROW}",
            "staging.condition",
            "staging.keyword",
            "staging.std_age",
            "staging.primary_outcome",
        ),
    ),
    Break(
        "orphans",
        on_tables(
            f"UPDATE {{table}} SET record_key = 'NOBODY' WHERE rowid = {_ONE_ROW}",
            "core.location",
            "core.outcome",
            "core.sponsor",
        ),
    ),
    Break(
        "records_conserved",
        on_files("UPDATE raw.file SET records_seen = records_seen + 1 WHERE path IN (SELECT unnest($paths))"),
    ),
    Break(
        "accepted_conserved",
        on_files("UPDATE raw.file SET records_accepted = records_accepted + 1 WHERE path IN (SELECT unnest($paths))"),
    ),
    Break("id_present", on_victims(f"UPDATE core.record SET registry = '' WHERE record_key {_IN}")),
    Break(
        "date_parseable",
        on_victims(
            "UPDATE core.record SET start_raw = '31/31/2020', start_earliest = NULL, start_latest = NULL, "
            f"start_precision = NULL WHERE record_key {_IN}"
        ),
    ),
    Break(
        "date_precision_known",
        on_victims(
            f"UPDATE core.record SET start_precision = NULL WHERE record_key {_IN}", "start_earliest IS NOT NULL"
        ),
    ),
    Break("ids_cross_consistent", two_records_of_a_trial),
    *DRIFT_BREAKS,
)
