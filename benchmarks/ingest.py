"""How fast a zip of studies becomes flat staged tables, against two things everyone knows, in one run on one corpus.

    python benchmarks/ingest.py [--studies 20000] [--repeat 3]

Each candidate runs in a process of its own (so that peak memory is its own), in turn, `repeat` times; medians and
ratios are printed. The corpus is `trialmart sample`'s, the same for all:

    staged parts     zip → flat staged tables as Parquet (decode, identify, type, flatten, write)
    staged tables    the same, then loaded into a DuckDB file and checkpointed: what a run really does
    read_json mem    DuckDB's read_json over the same studies as NDJSON, one nested table in memory
    read_json file   the same into a DuckDB file and checkpointed
    orjson           orjson.loads for each NDJSON line, the result thrown away: the floor of touching bytes from Python
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

THREADS = 2


def staged_parts(corpus: Path, scratch: Path) -> None:
    from pipelines.staging.ingest import walk_files

    walk_files(_archived(corpus, scratch), _settings(scratch), scratch)


def staged_tables(corpus: Path, scratch: Path) -> None:
    import duckdb

    from pipelines.staging.ingest import ingest
    from pipelines.tables import SOURCE_TABLES, create_statement

    with duckdb.connect(str(scratch / "staged.duckdb")) as connection:
        connection.execute(f"SET threads = {THREADS}")
        for schema in sorted({table.schema for table in SOURCE_TABLES.values()}):
            connection.execute(f"CREATE SCHEMA {schema}")
        for table in SOURCE_TABLES.values():
            connection.execute(create_statement(table))
        ingest(
            connection,
            _archived(corpus, scratch),
            settings=_settings(scratch),
            work_dir=scratch,
            run_id="benchmark",
            loaded_at=datetime.now(UTC),
        )


def read_json_mem(corpus: Path, scratch: Path) -> None:
    _read_json(corpus, ":memory:")


def read_json_file(corpus: Path, scratch: Path) -> None:
    _read_json(corpus, str(scratch / "nested.duckdb"))


def only_orjson(corpus: Path, scratch: Path) -> None:
    import orjson

    with (corpus / "studies.ndjson").open("rb") as lines:
        for line in lines:
            orjson.loads(line)


CANDIDATES = {
    "staged parts": staged_parts,
    "staged tables": staged_tables,
    "read_json mem": read_json_mem,
    "read_json file": read_json_file,
    "orjson": only_orjson,
}


def _settings(scratch: Path):
    from pipelines.settings import Settings

    return Settings(home=scratch, threads=THREADS)


def _archived(corpus: Path, scratch: Path):
    from pipelines.landing.catalogue import archive_file, scan

    landing = corpus / "landing"
    return [archive_file(file, scratch / "archive") for file in scan(landing).files]


def _read_json(corpus: Path, database: str) -> None:
    import duckdb

    with duckdb.connect(database) as connection:
        connection.execute(f"SET threads = {THREADS}")
        source = str(corpus / "studies.ndjson").replace("'", "''")
        connection.execute(
            f"CREATE TABLE study AS SELECT * FROM read_json('{source}', format = 'newline_delimited',"
            " sample_size = -1, maximum_object_size = 100000000)"
        )


def make_corpus(studies: int, directory: Path) -> int:
    """A zip of one file per study and the same studies as NDJSON; the bytes of JSON."""
    from pipelines.sample import write_sample

    write_sample(studies, directory / "landing", formats=("ctgov_zip",), defects=False)
    archive = next((directory / "landing").rglob("*.zip"))
    size = 0
    with zipfile.ZipFile(archive) as members, (directory / "studies.ndjson").open("wb") as lines:
        for name in members.namelist():
            document = members.read(name)
            size += len(document)
            lines.write(document.replace(b"\n", b" ") + b"\n")
    return size


def measure(name: str, corpus: Path) -> dict[str, float]:
    """One run in a process of its own: wall seconds of the work, processor seconds and peak memory in MB of the process
    and its helpers."""
    command = [sys.executable, __file__, "--one", name, "--corpus", str(corpus)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def run_one(name: str, corpus: Path) -> None:
    with tempfile.TemporaryDirectory(dir=corpus) as scratch:
        started = time.perf_counter()
        CANDIDATES[name](corpus, Path(scratch))
        seconds = time.perf_counter() - started
    own, helpers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    peak = (own.ru_maxrss + THREADS * helpers.ru_maxrss) / 1024  # of its helper processes the largest is known
    processor = own.ru_utime + own.ru_stime + helpers.ru_utime + helpers.ru_stime
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "processor": processor}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", choices=CANDIDATES)
    parser.add_argument("--corpus", type=Path)
    arguments = parser.parse_args()
    if arguments.one:
        run_one(arguments.one, arguments.corpus)
        return
    corpus = Path(tempfile.mkdtemp(prefix="trialmart-benchmark-"))
    try:
        report(make_corpus(arguments.studies, corpus), arguments.studies, arguments.repeat, corpus)
    finally:
        shutil.rmtree(corpus)


def report(size: int, studies: int, repeat: int, corpus: Path) -> None:
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in CANDIDATES}
    for _ in range(repeat):
        for name in CANDIDATES:
            runs[name].append(measure(name, corpus))
    speed = {name: statistics.median(size / 1e6 / run["seconds"] for run in done) for name, done in runs.items()}
    print(f"{studies:,} studies, {size / 1e6:,.0f} MB of JSON, {THREADS} threads, median of {repeat}\n")
    print(f"{'':16}{'MB/s':>8}{'peak MB':>10}{'ms/MB':>10}   (ms: of processor time, imports included)")
    for name, done in runs.items():
        peak, processor = (statistics.median(run[of] for run in done) for of in ("peak_mb", "processor"))
        print(f"{name:16}{speed[name]:>8.0f}{peak:>10.0f}{processor * 1e9 / size:>10.1f}")
    print("\nratios")
    for ours, theirs in (
        ("staged parts", "read_json mem"),
        ("staged tables", "read_json file"),
        ("staged tables", "read_json mem"),
        ("staged parts", "orjson"),
    ):
        print(f"{ours + ' / ' + theirs:34}{speed[ours] / speed[theirs]:>6.2f}")


if __name__ == "__main__":
    main()
