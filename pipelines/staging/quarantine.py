"""The life of the quarantine: what a run refused goes in; what it brought whole, or refused anew, is released.

Belongs here: SQL on quality.quarantine. Does not: why something is refused (readers, inspect.py), the other tables
(load.py).

An entry that is open asks for something to be done. Each file keeps its own entries, since they are part of what adds
up in raw.file; of one trouble that every weekly download brings again, the newest is the open one.

A copy in another register, or a part, settles nothing of the registry's own record, which has still not come: what
settles an entry gives at least as much of the record as the format of the entry's file does (standing.py).
"""

from __future__ import annotations

from collections.abc import Collection

import duckdb
import polars as pl

from pipelines.staging.parts import Parts, hold
from pipelines.staging.standing import format_ranks_sql

QUARANTINE = "_quarantine"

_RANK = f"coalesce(list_min({format_ranks_sql('file.format')}), 0)"
"""Of an entry, by its file; of one that holds several formats the least, for nobody knows which was refused."""


def ids_in_open_quarantine(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Registry ids of records that were refused and have not come whole since."""
    rows = connection.execute(
        "SELECT DISTINCT registry_id FROM quality.quarantine WHERE released_at IS NULL AND registry_id IS NOT NULL"
    ).fetchall()
    return frozenset(row[0] for row in rows)


def open_quarantine(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many entries of the quarantine are open, by reason code."""
    rows = connection.execute(
        "SELECT reason_code, count(*) FROM quality.quarantine WHERE released_at IS NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return dict(rows)


def settle_files_read_again(connection: duckdb.DuckDBPyConnection, stamp: dict[str, object]) -> None:
    """Of a file read once more: what it brought when it was first read still counts as accepted from it, and what
    was refused then and is not refused now is released.
    """
    connection.execute(
        """
        UPDATE raw.file AS file
        SET records_accepted = file.records_accepted + again.records_accepted,
            records_unchanged = file.records_unchanged - again.records_accepted
        FROM _read_again AS again
        WHERE file.file_id = again.file_id AND file.records_unchanged >= again.records_accepted
        """
    )
    connection.execute(
        """
        UPDATE quality.quarantine AS bad
        SET released_at = $loaded_at, released_by = bad.file_id, released_as = 'accepted'
        WHERE bad.released_at IS NULL AND bad.run_id <> $run_id
          AND bad.file_id IN (SELECT file_id FROM _read_again)
          AND (bad.file_id, coalesce(bad.member, ''), coalesce(bad.position, 0), bad.reason_code) NOT IN (
              SELECT (file_id, coalesce(member, ''), coalesce(position, 0), reason_code) FROM _refused_again
          )
        """,
        stamp,
    )
    connection.execute("DROP TABLE _refused_again")
    connection.execute("DROP TABLE _read_again")


def release_quarantine(
    connection: duckdb.DuckDBPyConnection, met_again: Collection[tuple[str, int]], stamp: dict[str, object]
) -> None:
    """Close what earlier runs quarantined and this one brought whole: the record, or the whole file under its path.

    Leaves the temporary table _good (registry_id, file_id, path, rank) of what it brought, for load_quarantine.
    """
    again = pl.DataFrame(sorted(met_again), schema={"registry_id": pl.String, "file_no": pl.Int64}, orient="row")
    hold(connection, "_met_again", again)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _good AS
        SELECT good.registry_id, good.file_id, file.path, max(list_max({format_ranks_sql("good.format")})) AS rank
        FROM (
            SELECT registry_id, file_id, source_format AS format FROM raw.record_version WHERE run_id = $run_id
            UNION ALL
            SELECT again.registry_id, file.file_id, file.format
            FROM _met_again AS again JOIN _run_file AS file USING (file_no)
        ) AS good
        JOIN _run_file AS file USING (file_id)
        GROUP BY good.registry_id, good.file_id, file.path
        """,
        {"run_id": stamp["run_id"]},
    )
    connection.execute(
        f"""
        UPDATE quality.quarantine AS bad
        SET released_at = $loaded_at, released_by = good.file_id, released_as = 'accepted'
        FROM raw.file AS file, (
            SELECT DISTINCT ON (registry_id) * FROM _good ORDER BY registry_id, rank DESC, path
        ) AS good
        WHERE bad.released_at IS NULL AND bad.registry_id = good.registry_id AND bad.file_id = file.file_id
          AND good.rank >= {_RANK}
        """,
        {"loaded_at": stamp["loaded_at"]},
    )
    connection.execute(
        """
        UPDATE quality.quarantine AS bad
        SET released_at = $loaded_at, released_by = file.file_id, released_as = 'replaced'
        FROM _run_file AS file
        WHERE bad.released_at IS NULL AND bad.path = file.path AND file.records_quarantined = 0
          AND bad.file_id <> file.file_id
        """,
        {"loaded_at": stamp["loaded_at"]},
    )
    connection.execute("DROP TABLE _met_again")


def load_quarantine(connection: duckdb.DuckDBPyConnection, parts: Parts, stamp: dict[str, object]) -> None:
    """Add what was refused; what a file read again still holds stays the entry that it was, open or
    settled since.

    A record that a later file of this run, by path, brought whole (_good) is settled from the beginning.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE _refused_again AS FROM quality.quarantine LIMIT 0")
    refused = parts.scan(QUARANTINE)
    if refused is None:
        return
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _refused AS
        SELECT *, CASE WHEN released_by IS NOT NULL THEN first_seen_at END AS released_at,
               CASE WHEN released_by IS NOT NULL THEN 'accepted' END AS released_as
        FROM (
            SELECT bad.* EXCLUDE (file_no), file.file_id, file.path,
                   $loaded_at::TIMESTAMP AS first_seen_at, $run_id AS run_id,
                   (
                       SELECT arg_max(good.file_id, good.path)
                       FROM _good AS good
                       WHERE good.registry_id = bad.registry_id AND good.path > file.path AND good.rank >= {_RANK}
                   ) AS released_by
            FROM {refused} AS bad
            JOIN _run_file AS file USING (file_no)
        )
        """,
        stamp,
    )
    connection.execute(
        """
        INSERT INTO _refused_again BY NAME
        FROM _refused
        WHERE (file_id, coalesce(member, ''), coalesce(position, 0), reason_code) IN (
            SELECT (file_id, coalesce(member, ''), coalesce(position, 0), reason_code)
            FROM quality.quarantine
        )
        """
    )
    connection.execute(
        """
        INSERT INTO quality.quarantine BY NAME
        FROM _refused
        WHERE (file_id, coalesce(member, ''), coalesce(position, 0), reason_code) NOT IN (
            SELECT (file_id, coalesce(member, ''), coalesce(position, 0), reason_code) FROM _refused_again
        )
        """
    )
    connection.execute("DROP TABLE _refused")


def release_what_came_again(connection: duckdb.DuckDBPyConnection, stamp: dict[str, object]) -> None:
    """Close entries in whose place newer ones of this run stand: of the same record, wherever it was met; and, of what
    has no id, those of a former content of the same path. Files read once more (_read_again) are not newer.

    A record that two files of one run hold damaged is open in the last of them by path.
    """
    connection.execute(
        f"""
        UPDATE quality.quarantine AS bad
        SET released_at = $loaded_at, released_by = newest.file_id, released_as = 'met_again'
        FROM raw.file AS file, (
            SELECT DISTINCT ON (bad.registry_id) bad.registry_id, bad.file_id, {_RANK} AS rank
            FROM quality.quarantine AS bad
            JOIN raw.file AS file USING (file_id)
            WHERE bad.run_id = $run_id AND bad.registry_id IS NOT NULL
              AND bad.file_id NOT IN (SELECT file_id FROM _read_again)
            ORDER BY bad.registry_id, rank DESC, bad.path DESC
        ) AS newest
        WHERE bad.released_at IS NULL AND bad.registry_id = newest.registry_id AND bad.file_id <> newest.file_id
          AND bad.file_id = file.file_id AND newest.rank >= {_RANK}
        """,
        stamp,
    )
    connection.execute(
        """
        UPDATE quality.quarantine AS bad
        SET released_at = $loaded_at, released_by = file.file_id,
            released_as = CASE
                WHEN EXISTS (
                    FROM quality.quarantine AS again
                    WHERE again.run_id = $run_id AND again.file_id = file.file_id
                      AND again.member IS NOT DISTINCT FROM bad.member
                      AND again.reason_code = bad.reason_code AND again.reason = bad.reason
                      AND again.excerpt IS NOT DISTINCT FROM bad.excerpt
                ) THEN 'met_again'
                ELSE 'replaced'
            END
        FROM _run_file AS file
        WHERE bad.released_at IS NULL AND bad.registry_id IS NULL
          AND bad.path = file.path AND bad.file_id <> file.file_id
          AND file.file_id NOT IN (SELECT file_id FROM _read_again)
        """,
        stamp,
    )
