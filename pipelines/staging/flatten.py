"""One nested table of studies → the flat staged tables, by walking its columns.

Belongs here: the walk. Structs are opened, lists exploded, keys repeated; no value is looked at or copied. Does not:
names and types of tables (pipelines/study/shape.py), dates (derive.py).
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from pipelines.study.shape import Node, Table, load_shape, staged_tables

Keys = dict[str, np.ndarray]
"""The key columns of the rows at one level: version_id, positions of the ancestors, own position."""


def flatten(nested: pa.Table, version_ids: np.ndarray) -> dict[str, pl.DataFrame]:
    """Studies (one row each, columns as `decode.decode` gives them) → staged table name → frame.

    `version_ids` (int64, one per study) key every row. Frames hold the key columns and the leaf columns of
    `staged_tables()` without the columns derived from dates, rows in source order; tables without rows are left out.
    """
    walk = _Walk()
    root = staged_tables()["study"]
    columns = {name: pl.Series(name, nested.column(name)) for name in nested.column_names}
    walk.table(root, load_shape(), columns, {"version_id": version_ids})
    return walk.frames


class _Walk:
    def __init__(self) -> None:
        self.frames: dict[str, pl.DataFrame] = {}
        self._tables_by_path = {table.path: table for table in staged_tables().values()}
        self._names = {
            table.name: {column.path: column.name for column in table.columns if column.path}
            for table in staged_tables().values()
        }

    def table(self, table: Table, node: Node, fields: dict[str, pl.Series], keys: Keys) -> None:
        """Fill one staged table from the fields of its items, then the tables below it."""
        leaves: dict[str, pl.Series] = {}
        lists: list[tuple[Node, pl.Series]] = []
        self._open(node, fields, self._names[table.name], leaves, lists)
        key_columns = [pl.Series(name, values) for name, values in keys.items()]
        self.frames[table.name] = pl.DataFrame([*key_columns, *(leaf.alias(name) for name, leaf in leaves.items())])
        for child, series in lists:
            self._list(child, series, keys)

    def _open(
        self,
        node: Node,
        fields: dict[str, pl.Series],
        names: dict[str, str],
        leaves: dict[str, pl.Series],
        lists: list[tuple[Node, pl.Series]],
    ) -> None:
        for child in node.children:
            if child.is_list and child.name not in fields:
                continue  # a list that no record has
            series = fields[child.name]
            if child.is_list:
                if series.null_count() < len(series):
                    lists.append((child, series))
            elif child.leaf_type is not None:
                leaves[names[child.path]] = series
            else:
                self._open(child, _unnest(series), names, leaves, lists)

    def _list(self, node: Node, series: pl.Series, keys: Keys) -> None:
        lengths = series.list.len().fill_null(0).to_numpy()
        total = int(lengths.sum())
        if total == 0:
            return
        table = self._tables_by_path[node.path]
        items = series.explode(empty_as_null=False, keep_nulls=False)
        rows = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
        starts = np.cumsum(lengths) - lengths
        position = (np.arange(total, dtype=np.int64) - starts[rows] + 1).astype(np.int32)
        below: Keys = {"version_id": keys["version_id"][rows]}
        ancestors = [name for name in keys if name not in ("version_id", "position")]
        below |= {name: keys[name][rows] for name in ancestors}
        if "position" in keys:
            below[f"{table.ancestors[-1]}_position"] = keys["position"][rows]
        below["position"] = position
        if node.leaf_type is not None:
            name = self._names[table.name][node.path]
            key_columns = [pl.Series(key, values) for key, values in below.items()]
            self.frames[table.name] = pl.DataFrame([*key_columns, items.alias(name)])
        else:
            self.table(table, node, _unnest(items), below)


def _unnest(series: pl.Series) -> dict[str, pl.Series]:
    return {inner.name: inner for inner in series.struct.unnest().get_columns()}
