"""Readers in processes of their own, querying in a loop while one build after another is published.

Belongs here: the readers, and what they saw. A build holds its number in two tables and in every row: a reader that
sees two numbers has seen half a build.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from pipelines.settings import Settings
from pipelines.warehouse.build import begin_build
from pipelines.warehouse.publish import RunFigures, publish

ROWS = 20_000
PAUSE_SECONDS = 0.2
"""Between two reads of a reader, and between two builds: a fast machine publishes no sooner than readers look."""
SCRIPT = """
import duckdb, json, sys, time
path, stop, holds, rows = sys.argv[1], sys.argv[2], sys.argv[3] == "holds", int(sys.argv[4])
from pathlib import Path
query = "SELECT min(n), max(n), count(*) FROM marts.{0}"
held = duckdb.connect(path, read_only=True) if holds else None
first = held.execute(query.format("one")).fetchone() if held else None
reads, seen, slowest, wrongs = 0, [], 0.0, []
print("ready", flush=True)
while not Path(stop).exists() or not reads:
    began = time.monotonic()
    try:
        connection = held or duckdb.connect(path, read_only=True)
        one, other = (connection.execute(query.format(name)).fetchone() for name in ("one", "other"))
        (builds,) = connection.execute("SELECT count(*) FROM meta.build").fetchone()
        if held is None:
            connection.close()
    except Exception as error:
        wrongs.append(f"{type(error).__name__}: {error}")
        break
    slowest = max(slowest, time.monotonic() - began)
    if one != other or one[0] != one[1] or one[2] != rows or builds != one[0] or (first and one != first):
        wrongs.append(f"torn: {one}, {other}, {builds} builds")
    if seen and one[0] < seen[-1]:
        wrongs.append(f"back from {seen[-1]} to {one[0]}")
    if not seen or seen[-1] != one[0]:
        seen.append(one[0])
    reads += 1
    time.sleep(float(sys.argv[5]))
print(json.dumps({"reads": reads, "builds_seen": len(seen), "last": seen[-1], "slowest": slowest, "wrongs": wrongs}))
"""


@dataclass(frozen=True)
class Reading:
    """What readers saw: reads of all of them, builds that one of them saw at most, the slowest read in seconds."""

    readers: int
    publishes: int
    reads: int
    most_builds_seen: int
    slowest_seconds: float
    wrongs: tuple[str, ...]


def publish_number(settings: Settings, number: int) -> None:
    """A build whose two marts hold the number, ROWS times; the warehouse's build of that count."""
    build = begin_build(settings, f"run{number:05}")
    for name in ("one", "other"):
        build.connection.execute(f"CREATE OR REPLACE TABLE marts.{name} AS SELECT {number} AS n FROM range({ROWS})")
        build.connection.execute(f"COMMENT ON TABLE marts.{name} IS 'A number.'")
        build.connection.execute(f"COMMENT ON COLUMN marts.{name}.n IS 'The number.'")
    publish(build, RunFigures(), [])


def read_through_publishes(home: Path, *, readers: int, publishes: int) -> Reading:
    """Publish so many builds while so many readers query; every other one opens anew each time, one in ten holds the
    same connection from beginning to end.
    """
    settings = Settings(home=home, keep_builds=2)
    publish_number(settings, 1)
    stop = home / "stop"
    arguments = [sys.executable, "-c", SCRIPT, str(settings.warehouse_path), str(stop)]
    running = [
        subprocess.Popen([*arguments, way, str(ROWS), str(PAUSE_SECONDS)], stdout=subprocess.PIPE, text=True)
        for way in ("anew" if n % 10 else "holds" for n in range(readers))
    ]
    try:
        for reader in running:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        for number in range(2, publishes + 2):
            publish_number(settings, number)
            time.sleep(PAUSE_SECONDS)
    finally:
        stop.touch()
    ends = [json.loads(reader.communicate(timeout=120)[0]) for reader in running]
    wrongs = [wrong for end in ends for wrong in end["wrongs"]]
    wrongs += [f"a reader ended with {reader.returncode}" for reader in running if reader.returncode]
    stale = [end["last"] for number, end in enumerate(ends) if number % 10 and end["last"] < publishes]
    wrongs += [f"a reader's last answer was build {last} of {publishes + 1}" for last in stale]
    return Reading(
        readers=readers,
        publishes=publishes,
        reads=sum(end["reads"] for end in ends),
        most_builds_seen=max(end["builds_seen"] for end in ends),
        slowest_seconds=round(max(end["slowest"] for end in ends), 3),
        wrongs=tuple(wrongs),
    )
