"""Defects that no landing file can carry, planted into a build: lost keys, orphans, drift between two builds.

Each break changes a copy of a sound build and names what it broke: record keys, tables, columns, days. Belongs here:
the breaks. Does not: judging them (planted.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import duckdb

from expectations.rules.load_drift import BUSINESS_DAY
from pipelines.quality import write_load_profile, write_profile

Build = duckdb.DuckDBPyConnection
FORMER = datetime(2026, 10, 31, 12, tzinfo=UTC)
LATER = FORMER + timedelta(hours=12)


class Break(NamedTuple):
    """How a rule is broken in a build: `plant` changes it and gives a text for each row that then breaks the rule."""

    rule: str
    plant: Callable[[Build], list[str]]


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
    keys = victims(build, 12, "enrollment IS NOT NULL")
    said = "overall_status, enrollment, sex, has_results, trial_id"
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


def between_builds(change: str, *truth: str) -> Callable[[Build], list[str]]:
    """The build is profiled, changed, and profiled again as the next run."""

    def plant(build: Build) -> list[str]:
        write_profile(build, "former", FORMER)
        for statement in change.split(";"):
            build.execute(statement)
        write_profile(build, "now", LATER)
        return list(truth)

    return plant


def in_second_load(change: str, *truth: str) -> Callable[[Build], list[str]]:
    """A tenth of the versions become those of a second load, and these are changed."""

    def plant(build: Build) -> list[str]:
        build.execute(
            "UPDATE raw.record_version SET run_id = CASE WHEN hash(version_id) % 10 = 0 THEN 'now' ELSE 'former' END"
        )
        build.execute("CREATE TEMP TABLE second_load AS SELECT version_id FROM raw.record_version WHERE run_id = 'now'")
        for statement in change.split(";"):
            build.execute(statement)
        write_load_profile(build, "former", FORMER)
        write_load_profile(build, "now", LATER)
        write_profile(build, "now", LATER)
        return list(truth)

    return plant


_SECOND = "version_id IN (SELECT version_id FROM second_load)"


def refused_records(build: Build) -> list[str]:
    """Three registries of which a second file is refused for a fifth, one whose file is as good as the first."""
    write_profile(build, "now", LATER)
    names = ("DRKS", "ISRCTN", "CHICTR", "CTIS")
    for name in names:
        for run, seen, refused in (("former", 1000, 5), ("now", 200, 1 if name == "CTIS" else 40)):
            build.execute(
                "INSERT INTO raw.file BY NAME SELECT ? AS file_id, ? AS path, '' AS sha256, 1 AS bytes, 'a_format' AS "
                "format, ? AS registry, now()::TIMESTAMP AS first_seen_at, ? AS run_id, ? AS records_seen, ? AS "
                "records_accepted, 0 AS records_unchanged, ? AS records_quarantined",
                [f"{name}{run}", f"{name}-{run}", name, run, seen, seen - refused, refused],
            )
    return list(names[:3])


def days_of_updates(*, lost: tuple[int, ...] = (), thin: tuple[int, ...] = (), thick: tuple[int, ...] = ()) -> Break:
    """Forty business days of some 200 updates, the last ten brought by the second load, some of them spoilt."""

    def plant(build: Build) -> list[str]:
        days = build.execute(
            "SELECT day FROM (SELECT unnest(generate_series(DATE '2026-08-01', DATE '2026-10-30', INTERVAL 1 DAY))"
            f"::DATE AS day) WHERE {BUSINESS_DAY} ORDER BY day DESC LIMIT 40"
        ).fetchall()
        write_profile(build, "now", LATER)
        build.execute("CREATE TEMP TABLE days AS SELECT unnest($days) AS day, unnest(range(40)) AS place",
                      {"days": [day for (day,) in days]})  # fmt: skip
        build.execute(
            "UPDATE raw.record_version AS v SET registry_updated_on = days.day, "
            "run_id = CASE WHEN place < 10 THEN 'now' ELSE 'former' END FROM days "
            "WHERE hash(v.version_id) % 40 = place AND registry = 'CTGOV'"
        )
        build.execute("UPDATE raw.record_version SET registry_updated_on = NULL WHERE registry <> 'CTGOV'")
        for place in (*lost, *thin):
            spared = 8 if place in thin else 0
            build.execute(
                "UPDATE raw.record_version SET registry_updated_on = ? WHERE registry_updated_on = ? AND version_id "
                "NOT IN (SELECT version_id FROM raw.record_version WHERE registry_updated_on = ? "
                "ORDER BY version_id LIMIT ?)",
                [days[39][0], days[place][0], days[place][0], spared],
            )
        for place in thick:
            build.execute(
                "INSERT INTO raw.record_version SELECT v.* REPLACE (version_id + n AS version_id) "
                "FROM raw.record_version AS v, range(1, 13) AS copies(n) WHERE registry_updated_on = ?",
                [days[place][0]],
            )
        return [str(days[place][0]) for place in (*lost, *thin, *thick)]

    return Break("delta_weekday" if lost else "delta_volume", plant)


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
            "core.criterion",
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
    Break(
        "row_count_reconcile",
        between_builds(
            "DELETE FROM core.record WHERE rowid = (SELECT min(rowid) FROM core.record);"
            "DELETE FROM core.location WHERE hash(rowid) % 5 = 0;"
            "DELETE FROM staging.keyword WHERE rowid = (SELECT min(rowid) FROM staging.keyword);"
            "DELETE FROM raw.record_version WHERE rowid = (SELECT min(rowid) FROM raw.record_version);"
            "DELETE FROM core.condition WHERE hash(rowid) % 20 = 0",
            "core.record:",
            "core.location:",
            "staging.keyword:",
            "raw.record_version:",
        ),
    ),
    Break(
        "null_rate_drift",
        between_builds(
            "UPDATE core.record SET enrollment = NULL WHERE source_format = 'ctgov_v2';"
            "UPDATE core.record SET sex = NULL WHERE source_format = 'ctgov_v2' AND hash(record_key) % 4 = 0;"
            "UPDATE core.record SET masking = NULL WHERE source_format = 'ctgov_v2' AND hash(record_key) % 8 = 0;"
            "UPDATE core.location SET country = NULL WHERE record_key IN "
            "(SELECT record_key FROM core.record WHERE source_format = 'ctgov_v2')",
            "core.record.enrollment of CTGOV, ctgov_v2",
            "core.record.sex of CTGOV, ctgov_v2",
            "core.location.country of CTGOV, ctgov_v2",
        ),
    ),
    Break(
        "null_rate_shift",
        between_builds(
            "UPDATE core.record SET enrollment = NULL WHERE source_format = 'ctgov_v2' AND hash(record_key) % 10 = 0;"
            "UPDATE core.record SET gender_description = 'as told' WHERE source_format = 'ctgov_v2';"
            "UPDATE core.record SET sex = NULL WHERE source_format = 'ctgov_v2' AND hash(record_key) % 50 = 0;"
            "UPDATE core.location SET city = NULL WHERE hash(rowid) % 4 = 0 AND record_key IN "
            "(SELECT record_key FROM core.record WHERE source_format = 'ctgov_v2')",
            "core.record.enrollment of CTGOV, ctgov_v2",
            "core.location.city of CTGOV, ctgov_v2",
            "core.record.gender_description of CTGOV, ctgov_v2",
        ),
    ),
    Break(
        "load_null_shift",
        in_second_load(
            f"UPDATE staging.study SET official_title = NULL WHERE {_SECOND};"
            f"UPDATE staging.study SET brief_summary = NULL WHERE {_SECOND} AND hash(version_id) % 11 > 0;"
            f"UPDATE staging.study SET sex = NULL WHERE {_SECOND} AND hash(version_id + 1) % 2 = 0;"
            f"UPDATE staging.location SET country = NULL WHERE {_SECOND}",
            "staging.study.official_title of CTGOV, ctgov_v2",
            "staging.study.brief_summary of CTGOV, ctgov_v2",
            "staging.location.country of CTGOV, ctgov_v2",
        ),
    ),
    Break(
        "load_volume_shift",
        in_second_load(
            f"DELETE FROM staging.condition WHERE {_SECOND};"
            f"DELETE FROM staging.keyword WHERE {_SECOND};"
            f"DELETE FROM staging.std_age WHERE {_SECOND} AND hash(version_id) % 11 > 0",
            "staging.condition of CTGOV, ctgov_v2",
            "staging.keyword of CTGOV, ctgov_v2",
            "staging.std_age of CTGOV, ctgov_v2",
        ),
    ),
    Break("load_quarantine_shift", refused_records),
    days_of_updates(lost=(2, 5, 7)),
    days_of_updates(thin=(3, 6), thick=(8,)),
)
