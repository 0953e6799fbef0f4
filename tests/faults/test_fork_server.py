"""The harness itself: what it says of a command's end is about that command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.fork_server import Command, ForkServer

pytestmark = pytest.mark.slow

LAST_NUMBER = Path("/proc/sys/kernel/ns_last_pid")


def start_with_number(server: ForkServer, wished: int, log: Path) -> Command:
    """A long command whose process has that number, as the kernel gives it once all others were given out."""
    for _ in range(50):
        try:
            LAST_NUMBER.write_text(str(wished - 1))
        except OSError as error:
            pytest.skip(f"numbers of processes cannot be set here: {error.strerror}")
        command = server.start("demo", log=log, env={"TRIALMART_HOME": str(log.parent / "home")})
        if command.pid == wished:
            return command
        command.kill()
        command.wait()
    pytest.skip("the number was always given to somebody else")


def test_a_number_given_out_again_is_another_command(server: ForkServer, tmp_path: Path) -> None:
    """The alarm "is being written by run …, although the killed process had ended": after some hours numbers of
    processes come again (there were 32,768), and the harness took the end of an earlier command with the same number
    for the end of a run that had just begun. It then started the next one beside it, which rightly left."""
    first = server.start("demo", log=tmp_path / "first", env={"TRIALMART_HOME": str(tmp_path / "other")})
    first.kill()
    assert first.wait() == -9
    second = start_with_number(server, first.pid, tmp_path / "second")
    assert server.ask({"ended": second.pid}) == {"ended": False}
    second.kill()
    assert second.wait() == -9
    assert not Path(f"/proc/{second.pid}").exists()
