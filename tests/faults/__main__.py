"""The long campaign: `python -m tests.faults --minutes N [--seed S]`.

Belongs here: its command line, and the record of what was tried and found. Every run over a world ends in a line of
`campaigns.jsonl` beside this file; docs/reliability.md tells of them.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.faults.fork_server import REPO_ROOT, ForkServer
from tests.faults.kills import STAGES, Chain, Figures, at_change, at_stage, drawn
from tests.faults.readers import read_through_publishes
from tests.faults.worlds import World, prepare, write_real, write_synthetic

RECORD = Path(__file__).with_name("campaigns.jsonl")


def main() -> int:
    """0 when no fault was found."""
    asked = _arguments()
    if asked.readers:
        return _readers(asked)
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    with (
        tempfile.TemporaryDirectory(prefix="trialmart-faults-", dir=asked.scratch) as name,
        ForkServer(few=asked.few) as server,
    ):
        folder = Path(name)
        world = _world(asked.world, folder, server)
        print(f"seed {seed}; a run takes {world.seconds:.1f} s and changes {world.changes} files", flush=True)
        figures, seconds = _campaign(Chain(world, server, folder, Figures()), asked, random.Random(seed))
    record = {
        "ended_at": _now(),
        "campaign": "every change" if asked.every_change else "drawn",
        "world": world.name,
        "models_and_rules": "few" if asked.few else "all",
        "seed": seed,
        "minutes": round(seconds / 60, 1),
        "kills_total": figures.kills.total(),
        **vars(figures),
        "changes_of_a_run": world.changes,
        "machine": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
    }
    _write(record, asked.record)
    return int(bool(figures.faults))


def _readers(asked: argparse.Namespace) -> int:
    """20 readers through 50 publishes, unless other numbers are asked for."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="trialmart-faults-", dir=asked.scratch) as name:
        seen = read_through_publishes(Path(name) / "home", readers=asked.readers, publishes=asked.publishes)
    minutes = round((time.monotonic() - started) / 60, 1)
    _write({"ended_at": _now(), "campaign": "readers", "minutes": minutes, **asdict(seen)}, asked.record)
    return int(bool(seen.wrongs))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write(record: dict[str, Any], target: Path) -> None:
    line = json.dumps(record, ensure_ascii=False)
    with target.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    print(line)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Kill runs and see what is left.")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long; the chain that is going on is finished")
    parser.add_argument("--seed", type=int, help="the same seed kills in the same ways (moments depend on the machine)")
    parser.add_argument("--world", choices=["sample", "real"], default="sample", help="synthetic or real records")
    parser.add_argument("--every-change", action="store_true", help="kill once before each change to the home instead")
    parser.add_argument("--few", action="store_true", help="few models and rules: more kills in the time")
    parser.add_argument("--readers", type=int, metavar="N", help="instead: N readers through --publishes builds")
    parser.add_argument("--publishes", type=int, default=50, help="builds published while they read")
    parser.add_argument("--scratch", type=Path, help="folder for homes; default: the system's")
    parser.add_argument("--record", type=Path, default=RECORD, help="file the figures are appended to")
    return parser.parse_args()


def _world(name: str, folder: Path, server: ForkServer) -> World:
    first, second = folder / "first", folder / "second"
    if name == "real":
        shared = REPO_ROOT.parent / "shared"
        if not shared.is_dir():
            sys.exit(f"real registry records are not at hand ({shared} does not exist)")
        write_real(shared, first, second)
    else:
        write_synthetic(first, second)
    return prepare(name, first, second, folder, server)


def _campaign(chain: Chain, asked: argparse.Namespace, chance: random.Random) -> tuple[Figures, float]:
    """Each stage once, then chains drawn by chance; or, where asked for, one kill before each change."""
    started = time.monotonic()
    until = started + asked.minutes * 60
    numbers = iter(range(1, chain.world.changes + 1))
    if not asked.every_change:
        chain.run([at_stage(number) for number in range(len(STAGES))])
    while time.monotonic() < until:
        if asked.every_change:
            few = [at_change(number) for number, _ in zip(numbers, range(6), strict=False)]
            if not few:
                break
            chain.run(few)
        else:
            kills = [drawn(chance, chain.world) for _ in range(chance.randint(4, 10))]
            chain.run(kills, first_run=chance.random() < 0.3, light=chance.random() < 0.85)
        figures = chain.figures
        print(
            f"[{(time.monotonic() - started) / 60:5.1f} min] {figures.kills.total()} kills, {figures.chains} chains, "
            f"{len(figures.faults)} faults",
            flush=True,
        )
        for fault in figures.faults[-3:]:
            print("    " + fault[:1000], flush=True)
    return chain.figures, time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
