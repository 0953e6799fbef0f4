"""How much faster two workers stage than one: python benchmarks/workers.py [STUDIES] [WORKERS …]

Each worker is a process of one thread that takes the next portion until none is left, as a Celery worker does. Prints
wall and processor seconds for each number of workers and the ratio to the first. Run it on a machine with nothing else
to do: what others use is missing from the ratio (the processor seconds show it).
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipelines.collector import without_collector
from pipelines.landing.catalogue import archive_file, scan
from pipelines.sample import write_sample
from pipelines.settings import MIB, Limits
from pipelines.staging.ingest import BATCH_BYTES, BATCH_RECORDS
from pipelines.staging.shards import plan_file, stage_portion

PORTION_MIB = 8


def work(shards: Path, archived: Path) -> None:
    """One worker: portions that nobody has taken, one after the other."""
    with without_collector():
        for portion in plan_file(shards, archived, archived.name, Limits(), PORTION_MIB * MIB):
            try:
                (shards / f"taken-{portion.name}").touch(exist_ok=False)
            except FileExistsError:
                continue
            stage_portion(shards, archived, portion, Limits(), BATCH_BYTES, BATCH_RECORDS)


def measure(folder: Path, archived: Path, workers: int) -> tuple[float, float]:
    """Wall and processor seconds of staging the file with so many workers, their start included."""
    shards = Path(tempfile.mkdtemp(dir=folder))
    plan_file(shards, archived, archived.name, Limits(), PORTION_MIB * MIB)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    command = [sys.executable, __file__, "--worker", str(shards), str(archived)]
    environment = os.environ | {"POLARS_MAX_THREADS": "1"}
    running = [subprocess.Popen(command, env=environment) for _ in range(workers)]
    codes = [process.wait() for process in running]
    if any(codes):
        sys.exit("a worker failed")
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(studies: int, numbers: list[int]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_sample(studies, folder / "landing", formats=("ctgov_zip",), defects=False)
        (file,) = (archive_file(file, folder / "archive") for file in scan(folder / "landing").files)
        megabytes = sum(p.bytes for p in plan_file(folder, file.archived_path, file.sha256, Limits(), MIB)) / 1e6
        print(f"{studies:,} studies, {megabytes:.0f} MB of JSON; load {os.getloadavg()[0]:.1f}")
        base = 0.0
        for number in numbers:
            seconds, processor = measure(folder, file.archived_path, number)
            base = base or seconds
            rate = megabytes / seconds
            print(f"{number} workers: {seconds:6.1f} s, {rate:5.1f} MB/s, {processor:6.1f} s of processor", end=", ")
            print(f"{base / seconds:.2f} times the first; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        work(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        given = [int(argument) for argument in sys.argv[1:]]
        main(given[0] if given else 6000, given[1:] or [1, 2])
