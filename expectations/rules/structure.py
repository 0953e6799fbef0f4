"""The gates: keys, parents, versions and the conservation of records. A failure stops publishing.

Belongs here: what must hold for the warehouse to be a warehouse. Does not: the content of records. Rules over many
tables judge one row for each table, so that a violation names the table and counts its bad rows.
"""

from __future__ import annotations

from expectations.rule import GATE, Reach, Rule
from pipelines.study.shape import Table, staged_tables

CORE_CHILDREN = (
    "identifier", "field_state", "condition", "intervention", "arm_group", "sponsor", "official", "contact", "location",
    "country", "outcome", "reference", "link", "criterion", "relation",
)  # fmt: skip
"""Tables of core with rows under a record."""

_DERIVED_STAGED = {"identifier": ("version_id", "position"), "unknown_value": ("version_id", "place")}


def _union(selects: list[str]) -> str:
    return "\nUNION ALL\n".join(selects)


def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _parent(table: Table) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The staged table a row hangs under, with the columns of the child and of the parent that must be equal."""
    above = [other for other in staged_tables().values() if other.path and table.path.startswith(other.path + ".")]
    if table.name == "study":
        return "raw.record_version", ("version_id",), ("version_id",)
    if not above:
        return "staging.study", ("version_id",), ("version_id",)
    parent = max(above, key=lambda other: len(other.path))
    return f"staging.{parent.name}", table.key[:-1], parent.key


def _staged_orphans() -> str:
    selects = []
    parents = {table.name: _parent(table) for table in staged_tables().values()}
    parents |= dict.fromkeys(_DERIVED_STAGED, ("staging.study", ("version_id",), ("version_id",)))
    for name, (parent, child_columns, parent_columns) in parents.items():
        same = " AND ".join(f'p."{b}" = c."{a}"' for a, b in zip(child_columns, parent_columns, strict=True))
        selects.append(
            f"SELECT NULL AS record_key, 'staging.{name}' AS child, '{parent}' AS parent, count(*) AS bad_rows, "
            f"min(c.version_id) AS first_version FROM staging.{name} AS c "
            f"WHERE NOT EXISTS (SELECT 1 FROM {parent} AS p WHERE {same})"
        )
    return _union(selects)


def _repeated_keys() -> str:
    keys = {table.name: table.key for table in staged_tables().values()} | _DERIVED_STAGED
    return _union(
        [
            f"SELECT NULL AS record_key, 'staging.{name}' AS table_name, count(*) AS bad_keys, min(version_id) AS "
            "first_version "
            f"FROM (SELECT version_id FROM staging.{name} GROUP BY {_columns(key)} HAVING count(*) > 1)"
            for name, key in keys.items()
        ]
    )


def _core_orphans() -> str:
    return _union(
        [
            f"SELECT min(c.record_key) AS record_key, 'core.{name}' AS child, count(*) AS bad_rows FROM core.{name} "
            "AS c "
            "WHERE NOT EXISTS (SELECT 1 FROM core.record AS r WHERE r.record_key = c.record_key)"
            for name in CORE_CHILDREN
        ]
    )


_VERSIONS_OF_FILE = """
SELECT NULL AS record_key, f.*, coalesce(v.versions, 0) AS versions
FROM raw.file AS f
LEFT JOIN (SELECT file_id, count(*) AS versions FROM raw.record_version GROUP BY file_id) AS v USING (file_id)
"""

RULES = (
    Rule(
        name="record_key_unique",
        table="core.record",
        rows="SELECT record_key, count(*) AS row_count FROM core.record GROUP BY record_key",
        severity=GATE,
        description="core.record has one row for each record_key.",
        meaning="Every join on record_key would multiply rows, and every count would be too high.",
        source="Warehouse contract",
        columns=("record_key", "row_count"),
        passes="record_key IS NOT NULL AND row_count = 1",
        message="core.record has {row_count} rows for {record_key}.",
    ),
    Rule(
        name="version_key_unique",
        table="raw.record_version",
        reach=Reach.ALL,
        rows=(
            "SELECT any_value(record_key) AS record_key, version_id, count(*) AS row_count FROM raw.record_version "
            "GROUP BY version_id"
        ),
        severity=GATE,
        description="raw.record_version has one row for each version_id.",
        meaning="Staged rows would belong to several versions at once.",
        source="Warehouse contract",
        columns=("version_id", "row_count"),
        passes="version_id IS NOT NULL AND row_count = 1",
        message="raw.record_version has {row_count} rows for version {version_id}.",
    ),
    Rule(
        name="version_no_unique",
        table="raw.record_version",
        rows="SELECT record_key, version_no, count(*) AS row_count FROM raw.record_version GROUP BY ALL",
        severity=GATE,
        description="A record has each version number once.",
        meaning="The history of the record cannot be put in order.",
        source="Warehouse contract",
        columns=("version_no", "row_count"),
        passes="version_no IS NOT NULL AND row_count = 1",
        message="{record_key} has {row_count} versions with number {version_no}.",
    ),
    Rule(
        name="one_current_version",
        table="raw.record_version",
        rows=(
            "SELECT record_key, count(*) FILTER (is_current) AS current_versions FROM raw.record_version GROUP BY "
            "record_key"
        ),
        severity=GATE,
        description="Every record has exactly one current version.",
        meaning="The record is missing from core, or stands there twice.",
        source="Warehouse contract",
        columns=("current_versions",),
        passes="current_versions = 1",
        message="{record_key} has {current_versions} current versions.",
    ),
    Rule(
        name="core_complete",
        table="core.record",
        rows="""
        SELECT coalesce(v.record_key, r.record_key) AS record_key, v.version_id AS raw_version,
          r.version_id AS core_version
        FROM (SELECT record_key, version_id FROM raw.record_version WHERE is_current) AS v
        FULL JOIN core.record AS r USING (record_key)
        """,
        severity=GATE,
        description="core.record holds the current version of every record, and nothing else.",
        meaning="Records were lost, invented or left out of date between raw and core.",
        source="Conservation of records",
        columns=("raw_version", "core_version"),
        passes="coalesce(raw_version = core_version, FALSE)",
        message="{record_key}: current version is {raw_version}, core.record has {core_version}.",
    ),
    Rule(
        name="one_row_tables",
        table="staging.study",
        rows="""
        SELECT v.record_key, v.version_id, count(s.version_id) AS row_count
        FROM raw.record_version AS v LEFT JOIN staging.study AS s USING (version_id)
        GROUP BY v.record_key, v.version_id
        """,
        severity=GATE,
        description="staging.study has exactly one row for each record version.",
        meaning="A version without its content, or with two contents.",
        source="AACT load checks",
        columns=("version_id", "row_count"),
        passes="row_count = 1",
        message="Version {version_id} of {record_key} has {row_count} rows in staging.study.",
    ),
    Rule(
        name="staged_keys_unique",
        table="staging.study",
        reach=Reach.TABLE,
        rows=_repeated_keys(),
        severity=GATE,
        description="No staged table has two rows with the same key.",
        meaning="Items of a record were staged twice; every count over them is too high.",
        source="Warehouse contract",
        columns=("table_name", "bad_keys"),
        passes="bad_keys = 0",
        message="{table_name}: {bad_keys} keys stand more than once, first in version {first_version}.",
    ),
    Rule(
        name="staged_orphans",
        table="staging.study",
        reach=Reach.ALL,  # an orphan is of no record, so of none that was touched
        rows=_staged_orphans(),
        severity=GATE,
        description="Every staged row has the row it hangs under: its version, and the item one level up.",
        meaning="Rows that belong to nothing; joins lose them silently.",
        source="AACT load checks",
        columns=("child", "bad_rows"),
        passes="bad_rows = 0",
        message="{child}: {bad_rows} rows have no row in {parent}, first in version {first_version}.",
    ),
    Rule(
        name="orphans",
        table="core.record",
        reach=Reach.TABLE,
        rows=_core_orphans(),
        severity=GATE,
        description="Every child row of core has its record in core.record.",
        meaning="Rows that belong to no record; joins lose them silently.",
        source="AACT load checks",
        columns=("child", "bad_rows"),
        passes="bad_rows = 0",
        message="{child}: {bad_rows} rows have no record, first {record_key}.",
    ),
    Rule(
        name="records_conserved",
        table="raw.file",
        rows=_VERSIONS_OF_FILE,
        severity=GATE,
        description="Of every file, records seen = accepted + unchanged + quarantined.",
        meaning="Records vanished between reading and storing.",
        source="Conservation of records",
        columns=("path", "records_seen", "records_accepted", "records_unchanged", "records_quarantined"),
        passes="coalesce(records_seen = records_accepted + records_unchanged + records_quarantined, FALSE)",
        message=(
            "{path}: {records_seen} seen, but {records_accepted} accepted + {records_unchanged} unchanged + "
            "{records_quarantined} quarantined."
        ),
    ),
    Rule(
        name="accepted_conserved",
        table="raw.file",
        rows=_VERSIONS_OF_FILE,
        severity=GATE,
        description="Of every file, as many record versions are stored as were accepted.",
        meaning="Accepted records were lost, or stored twice.",
        source="Conservation of records",
        columns=("path", "records_accepted", "versions"),
        passes="coalesce(records_accepted = versions, FALSE)",
        message="{path}: {records_accepted} records accepted, {versions} versions stored.",
    ),
)
