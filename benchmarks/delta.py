"""What a run with few changes costs against the full load, in one run on one corpus.

    python benchmarks/delta.py [--studies 100000] [--changed 1000]

The corpus is `trialmart sample`'s bulk zip. The full load is `trialmart run` on an empty home; then a file with
`--changed` of the studies in a newer version (another title, another day of the last update) lands, and `trialmart run`
once more. Both are whole runs as a user starts them: start of Python and Dagster, models, rules, audit and publishing
included. Printed: seconds and processor seconds of both, their ratios (that of processor time says more on a machine
with other work), and the seconds of each stage as the run itself logs them.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import orjson

NEWER_DAY = "2026-11-20"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=100_000)
    parser.add_argument("--changed", type=int, default=1_000)
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="trialmart-delta-"))
    try:
        landing = home / "landing"
        landing.mkdir()
        trialmart("sample", str(arguments.studies), str(landing), "--format", "ctgov_zip", home=home)
        full, full_busy = timed_run(home, "full load")
        write_delta(landing, arguments.changed)
        delta, delta_busy = timed_run(home, f"delta of {arguments.changed:,}")
        ratios = f"{delta / full:.3f}, in processor time {delta_busy / full_busy:.3f}"
        print(f"delta / full load: {ratios} (aim: less than 0.2)")
    finally:
        shutil.rmtree(home)


def write_delta(landing: Path, changed: int) -> None:
    """Newer versions of the first `changed` studies of the bulk zip, as one NDJSON file."""
    (bulk,) = landing.glob("*.zip")
    written = 0
    with zipfile.ZipFile(bulk) as archive, (landing / "delta.ndjson").open("wb") as out:
        for name in archive.namelist():
            try:
                study = orjson.loads(archive.read(name))
                protocol = study["protocolSection"]
                protocol["identificationModule"]["briefTitle"] += " (amended)"
                protocol["statusModule"]["lastUpdatePostDateStruct"] = {"date": NEWER_DAY, "type": "ACTUAL"}
            except (orjson.JSONDecodeError, KeyError, TypeError):
                continue  # one of the sample's planted defects
            out.write(orjson.dumps(study) + b"\n")
            written += 1
            if written == changed:
                return


def timed_run(home: Path, what: str) -> tuple[float, float]:
    """Seconds and processor seconds of one `trialmart run`; prints them with its stages."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    said = trialmart("run", home=home)
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{what}: {seconds:.1f} s, {busy:.1f} s of processor time")
    print("\n".join(f"    {line}" for line in said.stderr.splitlines() if line.startswith("[")))
    return seconds, busy


def trialmart(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """The command, as a user calls it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRIALMART_")}
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *arguments],
        env=environment | {"TRIALMART_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )


if __name__ == "__main__":
    main()
