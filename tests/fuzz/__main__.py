"""The long campaign: `python -m tests.fuzz --minutes N [--target T] [--seed S]`.

Belongs here: its command line, and the record of what was tried and found. Every campaign ends in a line of
`campaigns.jsonl` beside this file; docs/reliability.md tells of them. With `--guided` the choices come from a
coverage-guided fuzzer (atheris, an optional extra), otherwise from a seeded generator.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.fuzz.campaign import Figures, Run, peak_mib
from tests.fuzz.targets import Target, targets

RECORD = Path(__file__).with_name("campaigns.jsonl")
_ROUND = 100
"""Inputs of a target of share 1 before it is the next target's turn."""


def main() -> int:
    """0 when no fault was found."""
    asked = _arguments()
    chosen = {name: target for name, target in targets().items() if not asked.target or name in asked.target}
    if not chosen:
        sys.exit(f"no such target; there are {', '.join(targets())}")
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    started = time.monotonic()
    if asked.patterns:
        return _patterns(asked.record)
    if asked.only is not None:
        return _again(chosen, seed, asked.only)
    tell = _guided if asked.guided else _drawn
    figures, peak = tell(chosen, seed, asked)
    faults = sum(one.faults.total() for one in figures.values())
    record = {
        "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "campaign": "guided by coverage" if asked.guided else "drawn",
        "seed": seed,
        "minutes": round((time.monotonic() - started) / 60, 1),
        "inputs": sum(one.inputs for one in figures.values()),
        "faults": faults,
        "peak_mib": peak,
        "targets": {name: one.told() for name, one in figures.items()},
        "machine": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
    }
    _write(record, asked.record)
    return int(bool(faults))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Hostile input, and what becomes of it.")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long")
    parser.add_argument("--inputs", type=int, help="end sooner, when so many inputs have been tried in all")
    parser.add_argument("--target", action="append", help=f"one of {', '.join(targets())}; may be given more than once")
    parser.add_argument("--seed", type=int, help="the same seed makes the same inputs")
    parser.add_argument("--only", type=int, metavar="N", help="input number N of the target and seed, once more")
    parser.add_argument("--patterns", action="store_true", help="instead: every regular expression, by growing texts")
    parser.add_argument("--guided", action="store_true", help="choices by a coverage-guided fuzzer (atheris)")
    parser.add_argument("--record", type=Path, default=RECORD, help="file the figures are appended to")
    return parser.parse_args()


def _patterns(target: Path) -> int:
    """Many more texts than the tests try."""
    from tests.fuzz.pattern_audit import duckdb_patterns, python_patterns

    audits = {"Python": python_patterns(samples=5), "DuckDB": duckdb_patterns(samples=1)}
    ended_at = datetime.now(UTC).isoformat(timespec="seconds")
    told = {name: asdict(audit) for name, audit in audits.items()}
    _write({"ended_at": ended_at, "campaign": "patterns", **told}, target)
    return int(any(audit.faults for audit in audits.values()))


def _write(record: dict[str, Any], target: Path) -> None:
    line = json.dumps(record, ensure_ascii=False)
    with target.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    print(line)


def _again(chosen: Mapping[str, Target], seed: int, number: int) -> int:
    """One input once more, with its traceback."""
    from tests.fuzz.targets import stage

    (target,) = chosen.values()
    made = Run(target, seed).made(number)
    print(repr(made)[:2000])
    found = target.run(made)
    for _, record in found[:20]:
        print(repr(record)[:500])
    stage([found])
    return 0


def _drawn(chosen: Mapping[str, Target], seed: int, asked: argparse.Namespace) -> tuple[dict[str, Figures], int]:
    started = told = time.monotonic()
    runs = {name: Run(target, seed) for name, target in chosen.items()}
    inputs = 0
    while time.monotonic() < started + asked.minutes * 60 and (asked.inputs is None or inputs < asked.inputs):
        for run in runs.values():
            run.go_on(max(1, round(_ROUND * run.target.share)))
        inputs = sum(run.figures.inputs for run in runs.values())
        if time.monotonic() > told + 20:
            told = time.monotonic()
            _tell(started, {name: run.figures for name, run in runs.items()})
    return {name: run.figures for name, run in runs.items()}, peak_mib()


def _tell(started: float, figures: Mapping[str, Figures]) -> None:
    inputs, faults = sum(one.inputs for one in figures.values()), sum(one.faults.total() for one in figures.values())
    print(
        f"[{(time.monotonic() - started) / 60:5.1f} min] {inputs:,} inputs, {faults} faults, {peak_mib()} MiB",
        flush=True,
    )
    for name, one in figures.items():
        for fault, count in one.faults.most_common(3):
            print(f"    {name}: {count} × {fault[:200]} (input {', '.join(one.examples[fault])})", flush=True)


def _guided(chosen: Mapping[str, Target], seed: int, asked: argparse.Namespace) -> tuple[dict[str, Figures], int]:
    """Each target in a process of its own, one after the other, for its part of the time: libFuzzer never returns."""
    found: dict[str, Figures] = {}
    peak = 0
    seconds = max(5, round(asked.minutes * 60 / len(chosen)))
    for name in chosen:
        with tempfile.TemporaryDirectory(prefix="trialmart-fuzz-") as folder:
            told = Path(folder) / "figures.json"
            command = [sys.executable, "-m", "tests.fuzz.guided", name, str(seconds), str(seed), str(told), folder]
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            said = json.loads(told.read_text()) if told.exists() else {"figures": {"faults": {"the fuzzer died": 1}}}
        found[name] = Figures.read(said["figures"])
        peak = max(peak, said.get("peak_mib", 0))
        print(f"{name}: {found[name].inputs:,} inputs, {found[name].faults.total()} faults", flush=True)
    return found, peak


if __name__ == "__main__":
    sys.exit(main())
