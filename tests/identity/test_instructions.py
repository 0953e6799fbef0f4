"""The files of pinned and forbidden links: every word of them counts or is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.identity.instructions import CHECKED_IN, Instruction, InstructionError, load_instructions
from pipelines.settings import Settings


def _load(tmp_path: Path, text: str) -> tuple[Instruction, ...]:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return load_instructions(Settings(home=tmp_path, links=path), checked_in=_empty(tmp_path))


def _empty(tmp_path: Path) -> Path:
    path = tmp_path / "links.yaml"
    path.write_text("pin: []\nforbid: []\n", encoding="utf-8")
    return path


def test_the_file_of_the_repository_can_be_read() -> None:
    assert all(one.source == "links.yaml" for one in load_instructions(Settings(), CHECKED_IN))


def test_every_pair_of_an_entry_counts_smaller_key_first(tmp_path: Path) -> None:
    found = _load(tmp_path, "pin:\n- records: [C:1, A:1, B:1]\n  reason: one protocol\nforbid:\n")
    assert found == tuple(
        Instruction("pin", *pair, "one protocol", "mine.yaml")
        for pair in (("A:1", "B:1"), ("A:1", "C:1"), ("B:1", "C:1"))
    )


def test_users_own_file_adds_to_that_of_the_repository(tmp_path: Path) -> None:
    checked_in = tmp_path / "links.yaml"
    checked_in.write_text("forbid:\n- {records: [A:1, B:1], reason: extension}\n", encoding="utf-8")
    own = tmp_path / "mine.yaml"
    own.write_text("forbid:\n- {records: [A:1, C:1], reason: other}\n", encoding="utf-8")
    found = load_instructions(Settings(home=tmp_path, links=own), checked_in)
    assert [(one.source, one.record_key_b) for one in found] == [("links.yaml", "B:1"), ("mine.yaml", "C:1")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pinn: []", "unknown word pinn"),
        ("- a", "holds list where a mapping is due"),
        ("pin: yes", "pin must be a list"),
        ("pin:\n- {records: [A:1, B:1]}", "pin, entry 1: must have records and reason"),
        ("pin:\n- {records: [A:1, B:1], reason: x, who: me}", "pin, entry 1: must have records and reason"),
        ("forbid:\n- {records: [A:1, B:1], reason: ' '}", "forbid, entry 1: has no reason"),
        ("forbid:\n- {records: [A:1, A:1], reason: x}", "forbid, entry 1: names fewer than two records"),
        ("forbid:\n- {records: A:1, reason: x}", "forbid, entry 1: records must be a list"),
        ("forbid:\n- {records: [A:1, 2], reason: x}", "forbid, entry 1: records must be a list"),
        ("pin: [", "cannot be read"),
    ],
)
def test_anything_else_is_refused_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InstructionError) as caught:
        _load(tmp_path, text)
    assert f"{tmp_path / 'mine.yaml'}: {says}" in str(caught.value)


def test_a_file_that_is_not_there_is_no_empty_file(tmp_path: Path) -> None:
    with pytest.raises(InstructionError, match="cannot be read"):
        load_instructions(Settings(home=tmp_path, links=tmp_path / "gone.yaml"), _empty(tmp_path))
