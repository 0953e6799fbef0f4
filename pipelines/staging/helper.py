"""A process that processes batches for a walk: Python runs one thread at a time in each.

Belongs here: both ends of the pipe, how such a process starts and ends. Does not: what happens inside a batch
(batch.py), who gives which batch to whom (worker.py).

Messages are pickles, each behind its length. The process ends when its standard input does: with the walk, and at once
where the walk's process is killed, whose end of the pipe nobody else holds. It is started afresh and not by
multiprocessing, which would run the main module of whoever calls once more, and leave its children behind when killed.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

import numpy as np

from pipelines.readers import READERS
from pipelines.readers.base import RawRecord
from pipelines.settings import Limits
from pipelines.staging.batch import Batch, Item, process
from pipelines.staging.parts import write_part

_LENGTH_BYTES = 8
_ROOM = Path(__file__).parents[2]
_PLACES = {id(reader): place for place, reader in enumerate(READERS)}
_Packed = tuple[int, int, RawRecord]
"""An item: number of its file, place of its reader in READERS, record."""


class HelperLostError(ChildProcessError):
    """A process that staged records has ended of its own accord; the run cannot go on."""


@dataclass(frozen=True)
class Setting:
    """What all batches of a walk have in common."""

    known: np.ndarray
    limits: Limits
    parts: Path


def staged(setting: Setting, number: int, items: Sequence[Item]) -> Batch:
    """Process a batch and write its frames as part `number`; they are not in what comes back."""
    batch = process(items, setting.known, setting.limits)
    batch.rows = write_part(setting.parts, number, batch.frames)
    batch.frames = {}
    return batch


def can_be_sent(items: Sequence[Item]) -> bool:
    """Whether a process knows the items' readers by their place in the table of readers."""
    return all(id(item.reader) in _PLACES for item in items)


class Helper:
    """The walk's end of one such process; one batch at a time."""

    def __init__(self, setting: Setting) -> None:
        path = os.pathsep.join([str(_ROOM), *filter(None, [os.environ.get("PYTHONPATH")])])
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "pipelines.staging.helper"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path, "POLARS_MAX_THREADS": "1"},
        )
        self._ask(setting)

    def stage(self, number: int, items: Sequence[Item]) -> Batch:
        """As `staged`, in the other process. Raises what was raised there; HelperLostError where it is gone."""
        packed = [(item.file_no, _PLACES[id(item.reader)], item.record) for item in items]
        reply = self._ask((number, packed))
        if isinstance(reply, BaseException):
            raise reply
        assert isinstance(reply, Batch)
        return reply

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def end(self) -> None:
        """Let it go, whatever it is doing."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):  # what was still to be sent has no reader any more
                    stream.close()
        self._process.wait()

    def _ask(self, message: object) -> object:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None, "it was started with pipes"
        assert stdout is not None, "it was started with pipes"
        try:
            _send(stdin, message)
            return _receive(stdout)
        except (EOFError, BrokenPipeError):
            code = self._process.wait()
        how = f"was killed by signal {-code} ({signal.strsignal(-code)})" if code < 0 else f"ended with code {code}"
        advice = "; too little memory is the usual cause: see TRIALMART_MEMORY_LIMIT_MB and TRIALMART_THREADS"
        raise HelperLostError(f"a process that stages records {how}{advice if code < 0 else ''}") from None


def _send(stream: IO[bytes], message: object) -> None:
    payload = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(len(payload).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(payload)
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
    """The next message. Raises EOFError where there is none, or only a part of it."""
    length = stream.read(_LENGTH_BYTES)
    payload = stream.read(int.from_bytes(length, "big"))
    if len(length) < _LENGTH_BYTES or len(payload) < int.from_bytes(length, "big"):
        raise EOFError
    return pickle.loads(payload)  # noqa: S301 - from this process's own child or parent, over a pipe of their own


def _listen(stdin: IO[bytes], messages: SimpleQueue[Any]) -> None:
    """Take messages off the pipe; at its end the process ends, though a batch be under way."""
    try:
        while True:
            messages.put(_receive(stdin))
    except EOFError:
        os._exit(0)


def _answer(setting: Setting, number: int, packed: Sequence[_Packed]) -> Batch | Exception:
    try:
        return staged(setting, number, [Item(file_no, READERS[place], record) for file_no, place, record in packed])
    except Exception as error:  # noqa: BLE001 - it is raised again where the batch came from
        error.add_note(traceback.format_exc())
        return error


def main() -> None:
    """Answer until the pipe ends. Nothing else may write to the pipe: what is printed goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the walk's process decides
    gc.disable()  # see collector.without_collector
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    messages: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, messages), daemon=True).start()
    setting = messages.get()
    _send(answers, None)
    while True:
        _send(answers, _answer(setting, *messages.get()))


if __name__ == "__main__":
    main()
