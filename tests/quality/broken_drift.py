"""Drift, planted into a build: rows and values lost since the build before, loads and days that are not as usual.

Each break changes a copy of a sound build and names what it broke: tables, columns, registries, days. Belongs here: the
form of a break, and those of drift. Does not: other breaks (broken_builds.py).
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


DRIFT_BREAKS: tuple[Break, ...] = (
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
