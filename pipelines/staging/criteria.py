"""`staging.criterion`: the eligibility criteria of record versions as rows.

Belongs here: from staged columns to that table, for the records of a batch, and for versions that were staged before
there was one. Does not: how a text is cut (pipelines/study/criterion_tree.py).

Cutting is done once for a version, while it is staged, and never again by a later run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter

import duckdb
import polars as pl

from pipelines.study.criterion_tree import CriterionRow, CutCriterion, split_cut, split_text

CRITERION_SCHEMA = {
    "version_id": pl.Int64,
    "position": pl.Int32,
    "parent_position": pl.Int32,
    "depth": pl.Int32,
    "path": pl.String,
    "kind": pl.String,
    "number": pl.Int32,
    "label": pl.String,
    "numbering": pl.String,
    "nesting": pl.String,
    "indent": pl.Int32,
    "heading": pl.String,
    "text": pl.String,
    "damage": pl.String,
    "line_no": pl.Int32,
    "has_children": pl.Boolean,
    "ground": pl.String,
}
_CHUNK = 20_000
"""Versions cut at a time when a warehouse is completed: some 40 MB of text."""

Cut = tuple[int, int, str | None, int | None, str | None, bool | None]


def criteria(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The criteria of the versions in `frames` (study, parsed_criterion), columns as CRITERION_SCHEMA.

    Where a reader has cut them itself (staging.parsed_criterion), its cuts are taken; otherwise the text is cut.
    """
    study, parsed = frames.get("study"), frames.get("parsed_criterion")
    texts: Iterable[tuple[int, str]] = ()
    if study is not None:
        texts = study.select("version_id", "eligibility_criteria").drop_nulls().iter_rows()
    cut: list[Cut] = []
    if parsed is not None and parsed.height:
        columns = ("version_id", "position", "kind", "number", "text", "damaged")
        cut = parsed.select(columns).sort("version_id", "position").rows()
    return criterion_frame(texts, cut)


def criterion_frame(texts: Iterable[tuple[int, str]], cut: Iterable[Cut]) -> pl.DataFrame:
    """Rows of whole texts (version id, text) and of cut criteria, these in the order of version and position."""
    found: list[tuple[int, list[CriterionRow], str]] = []
    done = set()
    for version_id, of_version in groupby(cut, key=itemgetter(0)):
        items = (CutCriterion(kind, number, text, bool(damaged)) for _, _, kind, number, text, damaged in of_version)
        found.append((version_id, split_cut(items), "reader"))
        done.add(version_id)
    for version_id, text in texts:
        if version_id not in done:
            found.append((version_id, split_text(text), "split"))
    made = [row for _, rows, _ in found for row in rows]
    if not made:
        return pl.DataFrame(schema=CRITERION_SCHEMA)
    ids = [version_id for version_id, rows, _ in found for _ in rows]
    grounds = [ground for _, rows, ground in found for _ in rows]
    is_parent: list[bool] = []
    for _, rows, _ in found:
        flags = [False] * len(rows)
        for row in rows:
            if row.parent is not None:
                flags[row.parent - 1] = True
        is_parent += flags
    columns = [ids, *zip(*made, strict=True), is_parent, grounds]
    names = CRITERION_SCHEMA.items()
    return pl.DataFrame([pl.Series(name, of, dtype) for (name, dtype), of in zip(names, columns, strict=True)])


def complete(connection: duckdb.DuckDBPyConnection) -> int:
    """Cut the criteria of the versions that are there where there was no table of them when they were staged; how many
    versions that were.

    To be called before new versions come: where any of a former run have rows, that run has left none out, for it came
    through here and cut its own.
    """
    if connection.execute("SELECT 1 FROM staging.criterion LIMIT 1").fetchall():
        return 0
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE _uncut AS
        SELECT version_id, row_number() OVER (ORDER BY version_id) - 1 AS place
        FROM (
            SELECT version_id FROM staging.study WHERE eligibility_criteria IS NOT NULL
            UNION
            SELECT version_id FROM staging.parsed_criterion
        )
        """
    )
    (count,) = connection.execute("SELECT count(*) FROM _uncut").fetchall()[0]
    for start in range(0, count, _CHUNK):
        bounds = [start, start + _CHUNK]
        here = "JOIN _uncut USING (version_id) WHERE place >= ? AND place < ?"
        texts = connection.execute(
            f"SELECT version_id, eligibility_criteria FROM staging.study {here} AND eligibility_criteria IS NOT NULL",
            bounds,
        ).fetchall()
        cut = connection.execute(
            "SELECT version_id, position, kind, number, text, damaged FROM staging.parsed_criterion "
            f"{here} ORDER BY version_id, position",
            bounds,
        ).fetchall()
        frame = criterion_frame(texts, cut)
        connection.register("_criterion", frame.to_arrow())
        connection.execute("INSERT INTO staging.criterion BY NAME SELECT * FROM _criterion")
        connection.unregister("_criterion")
    connection.execute("DROP TABLE _uncut")
    return int(count)
