"""One run over hostile records, with secrets in every setting that takes one; its outputs and all it left behind."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from tests.pipeline_run import trialmart
from tests.security.hostile import FILE_NAME, Attacker
from tests.sources.registry_server import Registry, serving

FETCHED, DROPPED = 3, 3

SECRETS = {
    "AWS_ACCESS_KEY_ID": "KEYIDvq81NotToBeSeen",
    "AWS_SECRET_ACCESS_KEY": "storagekeyZ7NotToBeSeen",
    "AWS_SESSION_TOKEN": "sessiontokenK3NotToBeSeen",
    "PGPASSWORD": "catalogwordP5NotToBeSeen",
}
FETCH_PASSWORD = "fetch@wordW2NotToBeSeen"


@dataclass(frozen=True)
class Attacked:
    """The home after the run, and what each command said."""

    home: Path
    said: Mapping[str, str]


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Attacked:
    """Hostile studies fetched from a registry on loopback, others in a file with a hostile name; all published.

    Made once for all processes of a parallel test run.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "attacked"
    folder.mkdir(exist_ok=True)
    told = folder / "said.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_bytes(orjson.dumps(_attack(folder / "home")))
    return Attacked(folder / "home", orjson.loads(told.read_bytes()))


def _attack(home: Path) -> dict[str, str]:
    attacker, registry = Attacker(), Registry()
    for number in range(FETCHED):
        nct_id = f"NCT0{number:07}"
        registry.studies[nct_id] = attacker.study(nct_id, coded=number > 0)
    (home / "landing").mkdir(parents=True)
    others = [attacker.study(f"NCT0{number:07}", coded=number > 100) for number in range(100, 100 + DROPPED)]
    (home / "landing" / FILE_NAME).write_bytes(b"\n".join(orjson.dumps(study) for study in others))
    said = {}
    with serving(registry) as address:
        secrets = SECRETS | {
            "TRIALMART_CTGOV_BASE_URL": address.replace("://", "://fetcher:fetch%40wordW2NotToBeSeen@"),
            "TRIALMART_FETCH_INTERVAL_SECONDS": "0",
        }
        for name, arguments in {
            "fetch": ("fetch", "ctgov"),
            "run": ("run", "--report"),
            "status": ("status",),
            "status as JSON": ("status", "--json"),
            "verify": ("verify", "--records", "20"),
            "docs": ("docs", "--output", home / "docs"),
            "files": ("sql", "SELECT * FROM raw.file"),
            "records": ("sql", "SELECT * FROM core.record"),
            "builds": ("sql", "SELECT * FROM meta.build"),
            "unknown sponsor": ("report", "--sponsor", "first\x1b[2J", "--output", home / "none"),
            "unknown record": ("raw", "CTGOV:\x1b]0;x\x07"),
        }.items():
            done = trialmart(*arguments, home=home, **secrets)
            assert done.returncode == (1 if name.startswith("unknown") else 0), (name, done.stderr, done.stdout)
            said[name] = done.stdout + done.stderr
        assert registry.authorizations == {"Basic ZmV0Y2hlcjpmZXRjaEB3b3JkVzJOb3RUb0JlU2Vlbg=="}, "it was really sent"
    return said
