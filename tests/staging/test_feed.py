"""Parts are loaded while the walk goes on: all of them, in their order, or the error is the walk's."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.staging import feed as module
from pipelines.staging.feed import PARTS_AT_A_TIME, Feed
from pipelines.staging.parts import Parts

TARGETS = {"word": "word", "rare": "rare"}


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE word (part INTEGER, word VARCHAR)")
    connection.execute("CREATE TABLE rare (part INTEGER)")
    return connection


def _write(parts: Parts, number: int) -> None:
    frames = {"word": pl.DataFrame({"word": ["a", "b"], "part": [number, number]})}
    if number == 3:
        frames["rare"] = pl.DataFrame({"part": [number]})
    parts.add(number, frames)


@pytest.mark.parametrize("count", [0, 1, PARTS_AT_A_TIME, 3 * PARTS_AT_A_TIME + 1])
def test_every_part_is_loaded_once_and_in_order(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, count: int
) -> None:
    parts = Parts(tmp_path / "a folder's parts")
    with Feed(connection, parts, TARGETS) as feed:
        for number in range(count):
            _write(parts, number)
            feed.ready(number)
        feed.finish()
    assert connection.execute("SELECT part, word FROM word").fetchall() == [
        (number, word) for number in range(count) for word in "ab"
    ]
    assert connection.execute("SELECT part FROM rare").fetchall() == ([(3,)] if count > 3 else [])
    assert list(tmp_path.rglob("*.parquet")) == []


def test_parts_are_loaded_before_the_walk_ends(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PARTS_AT_A_TIME", 1)
    parts = Parts(tmp_path)
    with Feed(connection, parts, TARGETS) as feed:
        _write(parts, 0)
        feed.ready(0)
    assert connection.execute("SELECT count(*) FROM word").fetchall() == [(2,)]


def test_what_cannot_be_loaded_stops_the_walk(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PARTS_AT_A_TIME", 1)
    parts = Parts(tmp_path)
    parts.add(0, {"word": pl.DataFrame({"colour": ["red"]})})

    def walk() -> None:
        with Feed(connection, parts, TARGETS) as feed:
            for number in range(1000):
                feed.ready(number)
            feed.finish()

    settings = "SELECT current_setting('threads'), current_setting('memory_limit')"
    connection.execute("SET threads = 3; SET memory_limit = '4096MiB'")
    connection.begin()
    with pytest.raises(duckdb.BinderException, match="does not have a column"):
        walk()
    connection.rollback()
    assert connection.execute(settings).fetchall() == [(3, "4.0 GiB")]
    for limit, meanwhile in (("4.0 GiB", "2.5 GiB"), ("2.5 GiB", "2.0 GiB"), ("512.0 MiB", "512.0 MiB")):
        connection.execute(f"SET memory_limit = '{limit}'")
        with Feed(connection, parts, TARGETS):
            assert connection.execute(settings).fetchall() == [(1, meanwhile)]
        assert connection.execute(settings).fetchall() == [(3, limit)]
    assert connection.execute("SELECT count(*) FROM word").fetchall() == [(0,)]


def test_an_error_of_the_walk_leaves_the_connection_to_its_owner(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    parts = Parts(tmp_path)

    def walk() -> None:
        with Feed(connection, parts, TARGETS) as feed:
            for number in range(PARTS_AT_A_TIME):
                _write(parts, number)
                feed.ready(number)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        walk()
    assert connection.execute("SELECT 1").fetchall() == [(1,)]
