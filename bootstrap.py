"""Set trialmart up in a folder of its own and run it: needs Python 3.11 or newer with pip, and nothing else.

    python3 bootstrap.py demo     sample records → checked warehouse → three answers
    python3 bootstrap.py test     the whole test suite (arguments go on to pytest)
    python3 bootstrap.py shell    only set up, and say how to go on

Everything is installed from the lock files in requirements/ (exact versions, checked by hash) into .venv beside this
file.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCKS = {"demo": ROOT / "requirements" / "run.lock", "test": ROOT / "requirements" / "dev.lock"}


def say(text: str) -> None:
    print(f"[trialmart] {text}", flush=True)


def run(*command: str | Path) -> int:
    return subprocess.call([str(part) for part in command], cwd=ROOT)


def set_up(lock: Path) -> None:
    """Make .venv hold what the lock says; does nothing when it does already."""
    if sys.version_info < (3, 11):
        sys.exit(
            f"trialmart needs Python 3.11 or newer; this is {sys.version.split()[0]}. Run it with a newer python3."
        )
    wanted = hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f"installed-{lock.stem}"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        say(f"making {VENV.name}")
        venv.create(VENV, with_pip=True)
    say(f"installing {lock.relative_to(ROOT)} (a few minutes the first time)")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # --no-deps: the lock is complete, and pip 23.2 stumbles over extras in hash mode (seen 2026-11)
    locked = [*pip, "--no-deps", "--require-hashes", "-r", lock]
    if run(*locked) or run(*pip, "--no-deps", "--no-build-isolation", "-e", ROOT):
        sys.exit("[trialmart] the installation failed; see pip's message above. Is a package index reachable?")
    stamp.write_text(wanted)


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["demo"]:
        set_up(LOCKS["demo"])
        return run(BIN / "trialmart", "demo", *arguments[1:])
    if arguments[:1] == ["test"]:
        set_up(LOCKS["test"])
        return run(PYTHON, "-m", "pytest", *arguments[1:])
    if arguments == ["shell"]:
        set_up(LOCKS["test"])
        say(f"ready: {BIN / 'trialmart'} --help")
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
