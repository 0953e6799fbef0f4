"""The rows that rules judge, where they are more than one table as it stands.

Belongs here: SELECTs shared by several rules, each with a column record_key. Does not: conditions. Rules that
share rows are judged together in one scan, so prefer one of these to a new SELECT.
"""

from __future__ import annotations

RECORDS = """
SELECT r.*, f.stated_fields
FROM core.record AS r
LEFT JOIN (
  SELECT record_key, list(field) AS stated_fields
  FROM core.field_state
  WHERE state NOT IN ('absent', 'damaged', 'ambiguous')
  GROUP BY record_key
) AS f USING (record_key)
"""
"""core.record, and for layouts that lose parts the study-shape paths that their text speaks of."""


def records_with(per_record: str) -> str:
    """RECORDS with the columns of a SELECT that has one row per record_key; they are NULL where it has none."""
    return (
        f"SELECT r.*, c.* EXCLUDE (record_key) FROM ({RECORDS}) AS r LEFT JOIN ({per_record}) AS c USING (record_key)"
    )


def of_records(table: str, *columns: str) -> str:
    """The rows of a child table of core, with columns of their record; always registry, source_format,
    standing, study_type.
    """
    wanted = ", ".join(
        f"r.{column}" for column in dict.fromkeys(("registry", "source_format", "standing", "study_type", *columns))
    )
    return f"SELECT t.*, {wanted} FROM {table} AS t JOIN core.record AS r USING (record_key)"
