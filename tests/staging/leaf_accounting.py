"""Counting scalar leaves: those of a JSON record, and those of the staged frames made of it. Shared by tests."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl

from pipelines.study.shape import staged_tables

Leaf = tuple[str, tuple[int, ...], Any]
"""Path in the study shape, the 1-based positions of the lists on the way, value."""


def record_leaves(value: Any, path: str = "", positions: tuple[int, ...] = ()) -> Counter[Leaf]:
    """Every scalar of a parsed JSON record that is not null."""
    found: Counter[Leaf] = Counter()
    if isinstance(value, dict):
        for name, inner in value.items():
            found += record_leaves(inner, f"{path}.{name}" if path else name, positions)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            found += record_leaves(item, f"{path}[]", (*positions, number))
    elif value is not None:
        found[path, positions, value] += 1
    return found


def frame_leaves(frames: dict[str, pl.DataFrame], version_id: int) -> Counter[Leaf]:
    """Every value of one version in the staged frames, at the study path its column stands for."""
    found: Counter[Leaf] = Counter()
    for name, table in staged_tables().items():
        frame = frames.get(name)
        if frame is None:
            continue
        rows = frame.filter(pl.col("version_id") == version_id)
        keys = [column for column in table.key if column != "version_id"]
        positions = rows.select(keys).rows() if keys else [()] * rows.height
        for column in table.columns:
            if column.path is None:
                continue
            for place, value in zip(positions, rows[column.name].to_list(), strict=True):
                if value is not None:
                    found[column.path, tuple(place), value] += 1
    return found
