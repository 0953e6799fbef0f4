"""What the lock files pin: for the scripts beside this one.

Belongs here: reading `name==version ; marker` lines. Does not: making locks (lock.sh).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
LOCKS = ("run.lock", "dev.lock", "scale.lock", "scale-test.lock")
_PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)\s*(?:;([^\\]*))?")


def pins(lock: str) -> Iterator[tuple[str, str, str]]:
    """(name, version, marker) of each package of a lock file, names as PEP 503 writes them."""
    for line in (HERE / lock).read_text(encoding="utf-8").splitlines():
        if (found := _PIN.match(line)) is not None:
            yield re.sub(r"[-_.]+", "-", found[1]).lower(), found[2], (found[3] or "").strip()


def everything() -> dict[tuple[str, str], tuple[str, set[str]]]:
    """(name, version) → (marker, locks that pin it) over all locks; numpy has a version for each Python."""
    found: dict[tuple[str, str], tuple[str, set[str]]] = {}
    for lock in LOCKS:
        for name, version, marker in pins(lock):
            found.setdefault((name, version), (marker, set()))[1].add(lock)
    return dict(sorted(found.items()))
