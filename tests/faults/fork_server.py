"""`trialmart` commands in forked processes of a server that has loaded everything beforehand.

Belongs here: starting the very command a user starts, without the seconds of loading, and, where asked for, ending it
by SIGKILL just before its n-th change to the home folder. Does not: what is tested with it.

The server is a process of its own, without threads of Python's or DuckDB's, so that forking it is sound.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

REPO_ROOT = Path(__file__).resolve().parents[2]
CHANGES = frozenset({"os.rename", "os.symlink", "os.remove", "os.chmod", "os.mkdir", "os.rmdir", "open"})
CHANGES_SAID = "changes to the home: "
"""Before the number of changes, said by a command that was to be killed at a change and came to its end."""
FEW_MODELS = ("core.condition", "core.identifier", "core.field_state", "history.version")
FEW_RULED = ("raw.file", "raw.record_version", "staging.study")
NOT_COUNTED = ("dagster", "data_docs", ".data_docs")
"""Folders of the home whose files are no part of the warehouse: Dagster's log, the site of the last run."""


class Command:
    """A command that was started: its process, its output so far, its end."""

    def __init__(self, server: ForkServer, pid: int, log: Path) -> None:
        self.pid = pid
        self.log = log
        self._server = server
        self._status: int | None = None

    def said(self) -> str:
        """What it has printed, both streams."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def kill(self) -> None:
        """SIGKILL, as a power cut or the kernel's memory killer would end it."""
        if self._status is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Its exit code; the negative number of the signal that ended it."""
        if self._status is None:
            self._status = self._server.ask({"wait": self.pid})["code"]
        return self._status

    def wait_for(self, text: str, times: int = 1, timeout: float = 300.0) -> bool:
        """Wait until the text was printed so often; False when the command ended without."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.said().count(text) >= times:
                return True
            if self._server.ask({"ended": self.pid})["ended"]:
                return self.said().count(text) >= times
            time.sleep(0.005)
        raise TimeoutError(f"{text!r} was not said within {timeout} s: {self.said()[-2000:]}")


class ForkServer:
    """The server, for a `with` statement.

    `few`: commands work with few models and rules, a fourth of the work; landing, staging, history, gates and
    publishing are what they are.
    """

    def __init__(self, *, few: bool = False) -> None:
        self.few = few

    def __enter__(self) -> Self:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("TRIALMART_", "DAGSTER_"))}
        clean |= {"PYTHONPATH": str(REPO_ROOT), "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.fork_server", "few" if self.few else "all"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=clean,
            cwd=REPO_ROOT,
        )
        self._answer()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def start(
        self,
        *arguments: str | Path,
        log: Path,
        env: dict[str, str] | None = None,
        kill_before_change: int | None = None,
    ) -> Command:
        """Start `trialmart <arguments>`, its output in `log`. With `kill_before_change` it ends itself by SIGKILL just
        before its n-th (1-based) change to a file of TRIALMART_HOME, which then has to be in `env`.
        """
        log.unlink(missing_ok=True)  # what an earlier command said there is not this one's
        asked = {
            "argv": [str(argument) for argument in arguments],
            "log": str(log),
            "env": env or {},
            "kill_before_change": kill_before_change,
        }
        return Command(self, self.ask({"start": asked})["pid"], log)

    def run(
        self,
        *arguments: str | Path,
        log: Path,
        env: dict[str, str] | None = None,
        kill_before_change: int | None = None,
    ) -> Command:
        """Start a command and wait for its end."""
        command = self.start(*arguments, log=log, env=env, kill_before_change=kill_before_change)
        command.wait()
        return command

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """One question, one answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the fork server has ended"
        answer: dict[str, Any] = json.loads(line)
        return answer


def serve(*, few: bool) -> None:
    """Load everything, then answer questions until stdin ends."""
    _load(few=few)
    _say({"ready": True})
    codes: dict[int, int] = {}
    for line in sys.stdin:
        question = json.loads(line)
        if "start" in question:
            pid = _start(**question["start"])
            codes.pop(pid, None)  # the kernel gives numbers out again: that was another command's end
            _say({"pid": pid})
        elif "wait" in question:
            _say({"code": _code(question["wait"], codes, 0)})
        else:
            _say({"ended": _code(question["ended"], codes, os.WNOHANG) is not None})


def _load(*, few: bool) -> None:
    import great_expectations  # noqa: F401

    import pipelines.console.progress
    import pipelines.console.summary
    import pipelines.orchestration.run
    import pipelines.quality.gx_runner  # noqa: F401
    from pipelines import definitions
    from pipelines.orchestration.keys import JOB_NAME

    if few:
        definitions.defs = few_definitions()
    definitions.defs.resolve_job_def(JOB_NAME)


def few_definitions() -> Any:
    """The job with FEW_MODELS and the gates on the tables that reading fills."""
    from expectations import Severity, load_rules
    from pipelines.orchestration.assemble import build_definitions, source_columns
    from pipelines.warehouse.models import load_models

    models = load_models(sources=source_columns())
    chosen = {
        name: replace(models[name], tests=tuple(test for test in models[name].tests if test.kind != "relationships"))
        for name in FEW_MODELS
    }
    rules = [rule for rule in load_rules() if rule.table in FEW_RULED and rule.severity is Severity.GATE]
    return build_definitions(models=chosen, rules=rules)


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _start(argv: Sequence[str], log: str, env: dict[str, str], kill_before_change: int | None) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setsid()
        written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for stream, handle in ((0, nothing), (1, written), (2, written)):
            os.dup2(handle, stream)
        os.environ.update(env)
        count = _die_before_change(kill_before_change, Path(env["TRIALMART_HOME"])) if kill_before_change else None
        code = _command(argv)
        if count is not None:
            print(f"\n{CHANGES_SAID}{count()}")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _command(argv: Sequence[str]) -> int:
    import traceback

    from pipelines.cli import main

    sys.argv = ["trialmart", *argv]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        return 1
    return 0


def _die_before_change(number: int, home: Path) -> Callable[[], int]:
    """Count what Python tells its auditors of changes below the home, and end at the n-th; gives the count so far."""
    left = number
    inside = str(home) + os.sep
    not_counted = tuple(inside + name for name in NOT_COUNTED)

    def audited(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event not in CHANGES:
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
            return
        paths = [os.fsdecode(path) for path in arguments[:2] if isinstance(path, str | bytes | os.PathLike)]
        if not any(path.startswith(inside) and not path.startswith(not_counted) for path in paths):
            return
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(audited)
    return lambda: number - left


def _code(pid: int, codes: dict[int, int], options: int) -> int | None:
    if pid not in codes:
        ended, status = os.waitpid(pid, options)
        if ended == 0:
            return None
        codes[pid] = os.waitstatus_to_exitcode(status)
    return codes[pid]


if __name__ == "__main__":
    serve(few=sys.argv[1] == "few")
    os._exit(0)  # nothing to tidy up, and libraries loaded here take their time
