"""Known vulnerabilities of every locked package, as OSV (the database that pip-audit asks too) knows them.

`python requirements/audit.py`: exit code 0 where none is known, 1 where one is; where the data cannot be had (no
network) it says SKIPPED and ends with 0, since a build behind a firewall is no worse for it. One request with all names
and versions, none of this machine's data. Belongs here: asking and telling. Does not: updating (lock.sh).

A finding that was looked into and does not concern trialmart goes into audit-accepted.txt, a line each:
`<id> <package> <last day as 2027-01-31> <why>`. After that day it counts again.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).parent))
from locked import HERE, everything

OSV_URL = "https://api.osv.dev/v1/querybatch"
ACCEPTED = HERE / "audit-accepted.txt"


def main() -> int:
    """Ask, and tell what is known."""
    address = os.environ.get("TRIALMART_AUDIT_URL", OSV_URL)
    packages = list(everything())
    try:
        found = known(address, packages)
    except (httpx.HTTPError, json.JSONDecodeError, KeyError, TypeError) as error:
        print(f"audit SKIPPED: the data could not be had from {address} ({type(error).__name__}: {error})")
        return 0
    accepted = accepted_today(ACCEPTED, datetime.now(UTC).date())
    for (name, version), ids in found.items():
        for one in ids:
            why = accepted.get((one, name))
            print(
                f"{name} {version}: {one}" + (f" (accepted: {why})" if why else f" https://osv.dev/vulnerability/{one}")
            )
    open_ones = [one for (name, _), ids in found.items() for one in ids if (one, name) not in accepted]
    print(f"audit: {len(packages)} packages, {len(open_ones)} known vulnerabilities that nobody has accepted")
    return 1 if open_ones else 0


def known(address: str, packages: list[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
    """The ids of what is known of each package, only those of which something is. Raises httpx.HTTPError."""
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in packages]
    answer = httpx.post(address, json={"queries": queries}, timeout=30.0)
    answer.raise_for_status()
    results: list[dict[str, Any]] = answer.json()["results"]
    if len(results) != len(packages):
        raise KeyError(f"{len(results)} answers to {len(packages)} questions")
    pairs = zip(packages, results, strict=True)
    return {package: [entry["id"] for entry in one["vulns"]] for package, one in pairs if one.get("vulns")}


def accepted_today(path: Path, today: date) -> dict[tuple[str, str], str]:
    """(id, package) → why, of the lines that still hold."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    said = [line.split(None, 3) for line in lines if line.strip() and not line.startswith("#")]
    return {(one, name): why for one, name, until, why in said if date.fromisoformat(until) >= today}


if __name__ == "__main__":
    sys.exit(main())
