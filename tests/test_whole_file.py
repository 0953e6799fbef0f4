"""A file that a user names comes whole or not at all, and nothing but a file is ever replaced."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from pipelines import whole_file
from pipelines.whole_file import appearing, is_no_file_of_its_own


def put(path: Path, text: str) -> None:
    with appearing(path) as part:
        part.write_text(text)


def test_a_pipe_or_device_is_written_into_and_stays(tmp_path: Path) -> None:
    """`trialmart sql … --output /dev/null` as root put a plain file in the place of the machine's /dev/null."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    put(pipe, "rows")
    reader.join(10)
    assert read == ["rows"]
    assert pipe.is_fifo()
    assert is_no_file_of_its_own(Path(os.devnull))


def test_the_file_that_our_output_goes_to_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--output /dev/stdout > rows.csv`: /dev/stdout is a link, and that was replaced."""
    target = tmp_path / "rows.csv"
    with target.open("w") as stream:
        monkeypatch.setattr(whole_file, "_OUR_STREAMS", (stream.fileno(),))
        link = tmp_path / "stdout"
        link.symlink_to(target)
        put(link, "rows")
    assert link.is_symlink()
    assert target.read_text() == "rows"


def test_a_link_stays_and_the_file_behind_it_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    link = tmp_path / "latest.csv"
    link.symlink_to(tmp_path / "disk" / "rows.csv")
    for text in ("first", "second"):
        put(link, text)
        assert link.is_symlink()
        assert (tmp_path / "disk" / "rows.csv").read_text() == text


def test_a_file_closed_to_others_stays_closed(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.touch()
    path.chmod(0o600)
    put(path, "rows")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 250 + ".json")
    put(path, "former")
    with pytest.raises(UnicodeEncodeError), appearing(path) as part:
        part.write_text("half of it \udcff")
    assert path.read_text() == "former"
    assert list(tmp_path.iterdir()) == [path]
