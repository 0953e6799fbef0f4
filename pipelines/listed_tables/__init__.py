"""The tables that Python writes beside those of the study shape, column by column, in words.

Belongs here: names, types and comments, in a module for each of a few schemas; what they share. Does not: DDL and the
staged tables (tables.py), rows.

A table is (comment, key columns, columns); a column is a line `name TYPE[!] [comment]`. `!` means NOT NULL; a missing
comment is the shared one of that name.
"""

from __future__ import annotations

from pipelines.listed_tables.core_history_meta import CORE_HISTORY_META
from pipelines.listed_tables.quality import QUALITY
from pipelines.listed_tables.raw_and_staging import RAW_AND_STAGING

SHARED_COMMENTS = {
    "file_id": "The landing file content (raw.file): first 16 hex digits of its SHA-256.",
    "path": "Path of the landing file, relative to the landing folder.",
    "member": "Name inside the archive; NULL when the file itself is read.",
    "position": "1-based place in the file or member (in NDJSON the line); NULL: the whole of it.",
    "run_id": "The run that wrote this row.",
    "version_id": "The record version (raw.record_version) this row belongs to.",
    "first_seen_at": "When this was first seen (UTC).",
    "registry": "Registry the content comes from: CTGOV, EUCTR, CTIS, …",
    "rule": "Stable name of the rule.",
    "table_name": "The table the rule checks, as schema.name.",
    "severity": "gate (blocks publishing), error, warn or info.",
}

LISTED: dict[str, tuple[str, str, str]] = RAW_AND_STAGING | QUALITY | CORE_HISTORY_META
"""Every listed table by `schema.name`: (comment, key columns, columns)."""
