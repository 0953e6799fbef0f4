"""Consecutive versions compared: history.change and history.version_pair.

Belongs here: which pairs there are to compare, what counts as a change. Does not: laying versions out (leaves.py).

A pair is compared once, and again only when the comparison itself has changed. Pairs follow from raw.record_version
alone, so that the history is the same whatever arrived first, and a version that comes in between replaces one pair by
two.

Two versions in different formats are compared where both formats can say something: what only one of them carries has
not changed. Texts then count as equal when they differ in white space, escapes or the marks of lists alone, which some
formats lose. The same holds for a version of which somebody chose the fields, such as an answer of API v2 to `fields=`:
nobody has taken out what nobody asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pipelines.history.leaves import LEAF_TABLE, VERSION_TABLE, item_keys, lay_out
from pipelines.readers import READERS
from pipelines.readers.mapping import load_mapping
from pipelines.readers.mapping.pages import BY_HAND
from pipelines.study.shape import staged_tables
from pipelines.transaction import in_one_transaction

PAIRS_AT_ONCE = 2_000
"""Pairs laid out together: some 300 values each, so that a few hundred MB are in use (2026-11)."""

BYTES_AT_ONCE = 64 * 1024 * 1024
"""And no more of their records, both versions counted: what is laid out takes some ten times the memory (2026-11)."""

WHOLE_SHAPE = "ctgov_v2"
"""The format that carries everything in the shape."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison did: pairs newly compared, pairs that are none any more, changes found."""

    pairs: int
    pairs_gone: int
    changes: int


def compare_versions(connection: duckdb.DuckDBPyConnection, comparison_version: str) -> Compared:
    """Bring history.version_pair and history.change up to raw.record_version, in one transaction.

    `comparison_version` names the code: pairs compared by other code are compared again.
    """
    with in_one_transaction(connection):
        connection.execute(_PAIRS_SQL)
        connection.execute(_GONE_SQL, {"version": comparison_version})
        connection.execute(_NEW_SQL, {"version": comparison_version})
        gone = _count(connection, "SELECT count(*) FROM _gone_pair")
        for table in ("history.change", "history.version_pair"):
            connection.execute(
                f"DELETE FROM {table} WHERE (from_version_id, to_version_id) IN "
                "(SELECT (from_version_id, to_version_id) FROM _gone_pair)"
            )
        _number_anew(connection)
        parts = connection.execute(_PARTS_SQL, {"pairs": PAIRS_AT_ONCE, "bytes": BYTES_AT_ONCE}).fetchall()
        pairs = _count(connection, "SELECT count(*) FROM _new_pair")
        _note_formats(connection)
        before = _count(connection, "SELECT count(*) FROM history.change")
        for first, last in parts:
            _compare(connection, first, last)
        connection.execute(_NOTE_PAIRS_SQL, {"version": comparison_version})
        changes = _count(connection, "SELECT count(*) FROM history.change") - before
        for name in ("_pair", "_gone_pair", "_new_pair", "_part", "_carried", VERSION_TABLE, LEAF_TABLE):
            connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
    return Compared(pairs, gone, changes)


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


_PAIRS_SQL = """
    CREATE OR REPLACE TEMP TABLE _pair AS
    SELECT
        record_key,
        lag(version_no) OVER versions AS from_version,
        version_no AS to_version,
        lag(version_id) OVER versions AS from_version_id,
        version_id AS to_version_id,
        registry_updated_on AS changed_on,
        lag(source_format) OVER versions AS from_format,
        source_format AS to_format
    FROM raw.record_version
    WINDOW versions AS (PARTITION BY record_key ORDER BY version_no)
    QUALIFY from_version_id IS NOT NULL
"""

_GONE_SQL = """
    CREATE OR REPLACE TEMP TABLE _gone_pair AS
    SELECT known.from_version_id, known.to_version_id
    FROM history.version_pair AS known
    LEFT JOIN _pair USING (from_version_id, to_version_id)
    WHERE _pair.record_key IS NULL OR known.comparison_version <> $version
"""

_NEW_SQL = """
    CREATE OR REPLACE TEMP TABLE _new_pair AS
    SELECT _pair.*, row_number() OVER (ORDER BY _pair.record_key, _pair.to_version) - 1 AS number
    FROM _pair
    LEFT JOIN history.version_pair AS known USING (from_version_id, to_version_id)
    WHERE known.record_key IS NULL OR known.comparison_version <> $version
"""

# First and last number of the pairs that are laid out together. One pair is together whatever its size.
_PARTS_SQL = """
    SELECT min(number), max(number)
    FROM (
        SELECT
            pair.number,
            sum(old_version.record_bytes + new_version.record_bytes) OVER (ORDER BY pair.number) // $bytes AS by_size
        FROM _new_pair AS pair
        JOIN raw.record_version AS old_version ON old_version.version_id = pair.from_version_id
        JOIN raw.record_version AS new_version ON new_version.version_id = pair.to_version_id
    )
    GROUP BY number // $pairs, by_size
    ORDER BY 1
"""

_NOTE_PAIRS_SQL = """
    INSERT INTO history.version_pair BY NAME
    SELECT pair.* EXCLUDE (number), coalesce(change.changes, 0) AS changes, $version AS comparison_version
    FROM _new_pair AS pair
    LEFT JOIN (
        SELECT from_version_id, to_version_id, count(*) AS changes FROM history.change GROUP BY ALL
    ) AS change USING (from_version_id, to_version_id)
    ORDER BY pair.number
"""


def _number_anew(connection: duckdb.DuckDBPyConnection) -> None:
    """A version that arrived late moves the numbers of those after it, also of pairs that stay pairs."""
    for table in ("history.change", "history.version_pair"):
        connection.execute(
            f"""
            UPDATE {table} AS known
            SET from_version = _pair.from_version, to_version = _pair.to_version
            FROM _pair
            WHERE known.from_version_id = _pair.from_version_id AND known.to_version_id = _pair.to_version_id
              AND (known.from_version, known.to_version) <> (_pair.from_version, _pair.to_version)
            """
        )


def _note_formats(connection: duckdb.DuckDBPyConnection) -> None:
    """The temporary table _carried (format, field): what each format of a pair in two formats can say.

    `field` is a leaf, or a list whose items the format can name. The whole shape's own format, parts and copies, and
    formats of which nobody has written down what they carry are not in it.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE _carried (format VARCHAR, field VARCHAR)")
    rows = connection.execute(
        "SELECT DISTINCT unnest([from_format, to_format]) AS format FROM _new_pair WHERE from_format <> to_format"
    ).fetchall()
    telling = _telling_formats()
    for (name,) in rows:
        if name in telling:
            connection.executemany("INSERT INTO _carried VALUES (?, ?)", [(name, field) for field in _carried(name)])


def _carried(format_name: str) -> set[str]:
    leaves = load_mapping(format_name).carries()
    lists = set()
    for table in staged_tables().values():
        own = {column.path for column in table.columns if column.path is not None}
        naming = {f"{table.path}.{name}" for name in item_keys().get(table.path, ())} or own
        if table.path and naming <= leaves:
            lists.add(table.path)
    return set(leaves) | lists


def _compare(connection: duckdb.DuckDBPyConnection, first: int, last: int) -> None:
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE _part AS {_PART_SQL} WHERE pair.number BETWEEN {first} AND {last}"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {VERSION_TABLE} AS "
        "SELECT record_key, version_id, count(*) OVER (PARTITION BY record_key) AS versions "
        "FROM (SELECT DISTINCT record_key, unnest([from_version_id, to_version_id]) AS version_id FROM _part)"
    )
    lay_out(connection)
    connection.execute(_SAME_TEXT_SQL)
    knows = ", ".join(f"'{name}'" for name in (WHOLE_SHAPE, *_telling_formats()))
    connection.execute(_COMPARE_SQL.format(leaf=LEAF_TABLE, knows=knows, whole=WHOLE_SHAPE))


def _telling_formats() -> list[str]:
    """Formats of which it is known what they carry, and whose records say all of it: absence means something there."""
    return [reader.format for reader in READERS if reader.format not in BY_HAND and reader.standing == "whole"]


# `is_chosen`: of one of the two somebody chose the fields. `is_bare`: one of the two lacks what API v2 says of every
# study beside its protocol, whether it has results, and so says nothing of the results either.
_PART_SQL = f"""
    SELECT
        pair.*,
        old_version.standing = 'chosen' OR new_version.standing = 'chosen' AS is_chosen,
        (pair.from_format = '{WHOLE_SHAPE}' AND old_study.has_results IS NULL)
        OR (pair.to_format = '{WHOLE_SHAPE}' AND new_study.has_results IS NULL) AS is_bare
    FROM _new_pair AS pair
    JOIN raw.record_version AS old_version ON old_version.version_id = pair.from_version_id
    JOIN raw.record_version AS new_version ON new_version.version_id = pair.to_version_id
    LEFT JOIN staging.study AS old_study ON old_study.version_id = pair.from_version_id
    LEFT JOIN staging.study AS new_study ON new_study.version_id = pair.to_version_id
"""

_SAME_TEXT_SQL = r"""
    CREATE OR REPLACE TEMP MACRO _same_text(value) AS
    trim(regexp_replace(regexp_replace(
        regexp_replace(value, '(^|\n)\s*(?:\\?[*+-]|[0-9]{1,3}\\?[.)])\s+', '\1', 'g'),
        '\\([^\w\s])', '\1', 'g'), '\s+', ' ', 'g'))
"""

# Values of an item that only one version has are one change: the item's. Of versions in one format every difference
# counts; of two formats, those in fields that both can say, or, where a part or a copy need not say it, both did say.
# Where fields were chosen, what both did say: values, and items of a list of which both have some.
_COMPARE_SQL = """
    INSERT INTO history.change BY NAME
    WITH old AS (
        SELECT pair.number, leaf.* FROM {leaf} AS leaf JOIN _part AS pair ON leaf.version_id = pair.from_version_id
    ), new AS (
        SELECT pair.number, leaf.* FROM {leaf} AS leaf JOIN _part AS pair ON leaf.version_id = pair.to_version_id
    ), old_item AS (
        SELECT DISTINCT number, item FROM old
    ), new_item AS (
        SELECT DISTINCT number, item FROM new
    ), value_change AS (
        SELECT number, item, coalesce(new.list, old.list) AS list, field, path,
               old.value AS old_value, new.value AS new_value
        FROM old
        FULL JOIN new USING (number, item, field, path)
        WHERE old.value IS DISTINCT FROM new.value
    ), in_both AS (
        SELECT number, item FROM old_item JOIN new_item USING (number, item)
        UNION
        SELECT number, '' AS item FROM _part
    ), leaf_change AS (
        SELECT change.number, change.field, change.path, change.old_value, change.new_value
        FROM value_change AS change
        SEMI JOIN in_both USING (number, item)
    ), item_change AS (
        SELECT
            number, list AS field, item AS path,
            CASE WHEN count(old_value) > 0 THEN
                CASE WHEN any_value(list) = any_value(field) THEN any_value(old_value)
                     ELSE '{{' || string_agg(to_json(leaf) || ':' || to_json(old_value), ',' ORDER BY field) || '}}' END
            END AS old_value,
            CASE WHEN count(new_value) > 0 THEN
                CASE WHEN any_value(list) = any_value(field) THEN any_value(new_value)
                     ELSE '{{' || string_agg(to_json(leaf) || ':' || to_json(new_value), ',' ORDER BY field) || '}}' END
            END AS new_value
        FROM (
            SELECT *, substr(field, length(list) + 2) AS leaf FROM value_change ANTI JOIN in_both USING (number, item)
        )
        GROUP BY number, list, item
    ), change AS (
        SELECT *, FALSE AS is_item FROM leaf_change
        UNION ALL BY NAME
        SELECT *, TRUE AS is_item FROM item_change
    ), list_of_both AS (
        SELECT number, list AS field FROM old WHERE list <> ''
        INTERSECT
        SELECT number, list AS field FROM new WHERE list <> ''
    )
    SELECT
        pair.record_key, pair.from_version, pair.to_version, pair.from_version_id, pair.to_version_id, pair.changed_on,
        change.path, change.field, change.old_value, change.new_value,
        CASE WHEN change.old_value IS NULL THEN 'added'
             WHEN change.new_value IS NULL THEN 'removed'
             ELSE 'changed' END AS kind
    FROM change
    JOIN _part AS pair USING (number)
    LEFT JOIN _carried AS old_can ON old_can.format = pair.from_format AND old_can.field = change.field
    LEFT JOIN _carried AS new_can ON new_can.format = pair.to_format AND new_can.field = change.field
    LEFT JOIN list_of_both AS listed ON change.is_item AND listed.number = change.number AND listed.field = change.field
    WHERE (
        change.old_value IS NOT NULL AND change.new_value IS NOT NULL
        OR NOT (pair.is_chosen OR pair.is_bare AND change.field NOT LIKE 'protocolSection.%')
        OR pair.from_format = pair.to_format AND listed.field IS NOT NULL
    ) AND (
       pair.from_format = pair.to_format
       OR (
           (
               (old_can.field IS NOT NULL OR pair.from_format = '{whole}')
               AND (new_can.field IS NOT NULL OR pair.to_format = '{whole}')
               OR (pair.from_format NOT IN ({knows}) OR pair.to_format NOT IN ({knows}))
               AND change.old_value IS NOT NULL AND change.new_value IS NOT NULL
           )
           AND change.field NOT LIKE 'registrySection.sourceFields%'  -- what one format alone has words for
           AND _same_text(change.old_value) IS DISTINCT FROM _same_text(change.new_value)
       )
    )
    ORDER BY pair.number, change.path, kind
"""
