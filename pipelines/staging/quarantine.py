"""The life of the quarantine: what a run refused goes in, what it brought whole is released.

Belongs here: SQL on quality.quarantine. Does not: why something is refused (readers, inspect.py), the other tables
(load.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import polars as pl

from pipelines.staging.parts import Parts, hold

QUARANTINE = "_quarantine"


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
        UPDATE quality.quarantine AS bad SET released_at = $loaded_at, released_by = bad.file_id
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
    connection: duckdb.DuckDBPyConnection, met_again: Mapping[str, int], stamp: dict[str, object]
) -> None:
    """Close what earlier runs quarantined and this one brought whole: the record, or the whole file under its path."""
    again = pl.DataFrame(list(met_again.items()), schema={"registry_id": pl.String, "file_no": pl.Int64}, orient="row")
    hold(connection, "_met_again", again)
    connection.execute(
        """
        UPDATE quality.quarantine AS bad SET released_at = $loaded_at, released_by = good.file_id
        FROM (
            SELECT registry_id, min(file_id) AS file_id
            FROM (
                SELECT registry_id, file_id FROM raw.record_version WHERE run_id = $run_id
                UNION ALL
                SELECT again.registry_id, file.file_id FROM _met_again AS again JOIN _run_file AS file USING (file_no)
            )
            GROUP BY registry_id
        ) AS good
        WHERE bad.released_at IS NULL AND bad.registry_id = good.registry_id
        """,
        stamp,
    )
    connection.execute(
        """
        UPDATE quality.quarantine AS bad SET released_at = $loaded_at, released_by = file.file_id
        FROM _run_file AS file
        WHERE bad.released_at IS NULL AND bad.path = file.path AND file.records_quarantined = 0
        """,
        {"loaded_at": stamp["loaded_at"]},
    )
    connection.execute("DROP TABLE _met_again")


def load_quarantine(connection: duckdb.DuckDBPyConnection, parts: Parts, stamp: dict[str, object]) -> None:
    """Add what was refused; what a file read again still holds stays the entry that it was."""
    connection.execute("CREATE OR REPLACE TEMP TABLE _refused_again AS FROM quality.quarantine LIMIT 0")
    refused = parts.scan(QUARANTINE)
    if refused is None:
        return
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _refused AS
        SELECT bad.* EXCLUDE (file_no), file.file_id, file.path,
               $loaded_at::TIMESTAMP AS first_seen_at, $run_id AS run_id
        FROM {refused} AS bad
        JOIN _run_file AS file USING (file_no)
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
            WHERE released_at IS NULL
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
