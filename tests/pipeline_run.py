"""One real run of the whole pipeline, shared by every test that only looks at what it left behind.

Belongs here: making that home once in a test process. Tests that change a home copy it first.
"""

from __future__ import annotations

import atexit
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.sample import write_sample
from tests.environment import clean_environment

REPO_ROOT = Path(__file__).resolve().parents[1]
RECORDS = 40

AWKWARD = "trialmart é='1' #{a} %-"
"""What somebody's folder may be called: DuckDB takes name=value for a column, addresses end at a #, and SQL at an
apostrophe."""


@dataclass(frozen=True)
class FinishedRun:
    """A home after `trialmart run`, what the sample should give, and what the command said."""

    home: Path
    seen: int
    accepted: int
    unchanged: int
    quarantined: int
    files: int
    returncode: int
    stdout: str
    stderr: str


def trialmart(
    *arguments: str | Path, home: Path | None = None, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The command as a user calls it: a process of its own, with no trialmart setting but those given."""
    clean = clean_environment()
    clean |= {"PYTHONPATH": str(REPO_ROOT), **environment}
    if home is not None:
        clean["TRIALMART_HOME"] = str(home)
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=clean,
        cwd=cwd,
        timeout=300,
        check=False,
    )


@cache
def finished_run() -> FinishedRun:
    """A sample of all formats with planted defects and bad files, run once, in a home with an awkward name."""
    folder = Path(tempfile.mkdtemp(prefix=AWKWARD))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    home = folder / "home"
    sample = write_sample(RECORDS, home / "landing", formats=("mixed",))
    done = trialmart("run", home=home)
    return FinishedRun(
        home=home,
        seen=sample.seen,
        accepted=sample.accepted,
        unchanged=sample.unchanged,
        quarantined=sample.quarantined,
        files=sample.files,
        returncode=done.returncode,
        stdout=done.stdout,
        stderr=done.stderr,
    )


def copy_home(target: Path) -> Path:
    """A home of one's own with the finished run in it."""
    shutil.copytree(finished_run().home, target, symlinks=True)
    return target
