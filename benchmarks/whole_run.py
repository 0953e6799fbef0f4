"""Whole commands measured as a user starts them: seconds, processor seconds, memory of all processes, stages.

Belongs here: what several benchmarks share. Does not: a benchmark.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
import zipfile
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import orjson

NEWER_DAY = "2026-11-20"
SAMPLE_SECONDS = 0.2
PAGE = os.sysconf("SC_PAGE_SIZE")
_STAGE = re.compile(r"\[ *([0-9.]+) s\] ([a-z]+):")


@dataclass
class Measured:
    """A finished command: its output, wall and processor seconds, the highest sum of resident memory in bytes of it and
    all its children, and the seconds of each stage as the run itself logs them.
    """

    stdout: str = ""
    seconds: float = 0.0
    busy_seconds: float = 0.0
    peak_bytes: int = 0
    stages: dict[str, float] = field(default_factory=dict)


def trialmart(*arguments: str, home: Path) -> Measured:
    """Run the command to its end; ends the benchmark with its words where it fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRIALMART_")}
    started, before = time.perf_counter(), os.times()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", *arguments],
        env=environment | {"TRIALMART_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    measured = Measured()
    watching = threading.Thread(target=_watch, args=(process, measured), daemon=True)
    watching.start()
    stdout, stderr = process.communicate()
    measured.seconds, after = time.perf_counter() - started, os.times()
    watching.join()
    measured.busy_seconds = after.children_user + after.children_system - before.children_user - before.children_system
    measured.stdout = stdout
    measured.stages = _stages(stderr, measured.seconds)
    if process.returncode:
        sys.exit(f"trialmart {' '.join(arguments)} ended with {process.returncode}:\n{stdout}{stderr}")
    return measured


def _watch(process: subprocess.Popen[str], measured: Measured) -> None:
    while process.poll() is None:
        measured.peak_bytes = max(measured.peak_bytes, sum(map(_resident, _family(process.pid))))
        time.sleep(SAMPLE_SECONDS)


def _family(pid: int) -> list[int]:
    """The process and all below it."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                said = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended meanwhile
            parents.setdefault(int(said[1]), []).append(int(folder.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += parents.get(found[-1], [])
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0


def _stages(log: str, until: float) -> dict[str, float]:
    """Seconds by stage; one that comes twice (models before and after the rules) is added up."""
    marks = [(float(found[1]), found[2]) for line in log.splitlines() if (found := _STAGE.match(line))]
    stages: dict[str, float] = {}
    for (begin, name), (end, _) in pairwise([*marks, (until, "")]):
        stages[name] = stages.get(name, 0.0) + end - begin
    return stages


def write_delta(landing: Path, changed: int) -> None:
    """Newer versions of the first `changed` studies of the bulk zip, as one NDJSON file: another title, another day of
    the last update; every third with another status, every tenth with a condition and a site more.
    """
    (bulk,) = landing.glob("*.zip")
    written = 0
    with zipfile.ZipFile(bulk) as archive, (landing / "delta.ndjson").open("wb") as out:
        for name in archive.namelist():
            try:
                out.write(orjson.dumps(_amended(orjson.loads(archive.read(name)), written)) + b"\n")
            except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
                continue  # one of the sample's planted defects
            written += 1
            if written == changed:
                return


def _amended(study: dict[str, dict[str, dict[str, object]]], number: int) -> object:
    protocol = study["protocolSection"]
    title = protocol["identificationModule"]["briefTitle"]
    protocol["identificationModule"]["briefTitle"] = f"{title} (amended)"
    protocol["statusModule"]["lastUpdatePostDateStruct"] = {"date": NEWER_DAY, "type": "ACTUAL"}
    if number % 3 == 0:
        protocol["statusModule"]["overallStatus"] = "ACTIVE_NOT_RECRUITING"
    if number % 10 == 0:
        site = {"facility": f"Hospital of the amendment {number}", "city": "Bern", "country": "Switzerland"}
        conditions = protocol.setdefault("conditionsModule", {}).setdefault("conditions", [])
        locations = protocol.setdefault("contactsLocationsModule", {}).setdefault("locations", [])
        conditions.append(f"Amended condition {number % 70}")  # type: ignore[attr-defined]
        locations.append(site)  # type: ignore[attr-defined]
    return study
