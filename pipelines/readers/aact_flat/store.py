"""The rows of many tables, brought together by study on disk.

Belongs here: the scratch database, its bounds, its end. Does not: what rows hold.

The tables of a whole registry are some 20 GB of text and 40 million rows, and the rows of a study lie in no order. They
are written once to a scratch DuckDB file and read once in the order of their studies; DuckDB sorts on disk what does
not fit into its memory. The file and DuckDB's own spill take up to twice the size of the text. Everything lies in one
folder, which is removed when the store is closed, however that comes about.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

MEMORY_LIMIT = "512MB"
"""For DuckDB, an eighth of what a build may take beside it (TRIALMART_MEMORY_LIMIT_MB, 4 GB; 2026-11)."""
BATCH_BYTES = 32 * 1024 * 1024
_FETCHED_ROWS = 16_384

StoredRow = tuple[int, int, str]
"""(number of the table, line, text)."""


class RowStore:
    """Rows by study; a context manager."""

    def __init__(self, scratch: Path | None) -> None:
        """`scratch` is the folder to write under, the system's where it is None."""
        if scratch is not None:
            scratch.mkdir(parents=True, exist_ok=True)
        self._folder = tempfile.TemporaryDirectory(prefix="aact-", dir=scratch, ignore_cleanup_errors=True)
        path = Path(self._folder.name)
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(path / "spill"),
            "threads": 2,
            "preserve_insertion_order": False,
        }
        try:
            self._connection = duckdb.connect(str(path / "rows.duckdb"), config=config)
            self._connection.execute("CREATE TABLE rows (study INTEGER, tab UTINYINT, line BIGINT, text VARCHAR)")
        except BaseException:
            self._folder.cleanup()
            raise
        self._studies: list[int] = []
        self._tables: list[int] = []
        self._lines: list[int] = []
        self._texts: list[str] = []
        self._bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._folder.cleanup()

    def add(self, table: int, studies: list[int], lines: list[int], texts: list[str]) -> None:
        """Rows of a table: study number, line and text of each."""
        self._studies += studies
        self._tables += [table] * len(studies)
        self._lines += lines
        self._texts += texts
        self._bytes += sum(map(len, texts))
        if self._bytes >= BATCH_BYTES:
            self._write()

    def _write(self) -> None:
        batch = pa.table(
            {
                "study": pa.array(self._studies, pa.int32()),
                "tab": pa.array(self._tables, pa.uint8()),
                "line": pa.array(self._lines, pa.int64()),
                "text": pa.array(self._texts, pa.large_string()),
            }
        )
        self._connection.register("batch", batch)
        self._connection.execute("INSERT INTO rows SELECT * FROM batch")
        self._connection.unregister("batch")
        self._studies, self._tables, self._lines, self._texts, self._bytes = [], [], [], [], 0

    def by_study(self) -> Iterator[tuple[int, list[StoredRow]]]:
        """Each study that has rows, in the order of their numbers, with its rows by table and line."""
        if self._studies:
            self._write()
        # Without it DuckDB 2.0 hands over the batches of an ordered result in any order (2026-11).
        self._connection.execute("SET preserve_insertion_order = true")
        found = self._connection.sql("SELECT study, tab, line, text FROM rows ORDER BY study, tab, line")
        current, rows = -1, list[StoredRow]()
        for batch in found.to_arrow_reader(_FETCHED_ROWS):
            columns = [column.to_pylist() for column in batch.columns]
            for study, table, line, text in zip(*columns, strict=True):
                if study != current:
                    if rows:
                        yield current, rows
                    current, rows = study, []
                rows.append((table, line, text))
        if rows:
            yield current, rows
