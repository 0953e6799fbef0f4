"""What goes to one worker: small files of a registry together, up to so many raw bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.landing.catalogue import ArchivedFile
from pipelines.orchestration import scaled
from pipelines.settings import Limits


def bundled(
    sizes: list[tuple[str, int]], most_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, list[int]]]:
    """Registry and sizes of each bundle, of files of one portion each."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    files = [ArchivedFile(name, f"{n}", size, at, Path(name)) for n, (name, size) in enumerate(sizes)]
    monkeypatch.setattr(scaled, "_registry", lambda file, limits: file.path)
    of_file = {file.sha256: file for file in files}
    monkeypatch.setattr(scaled, "plan_file", lambda shards, path, sha256, limits, most: [of_file[sha256]])
    bundles = scaled._bundles(Path("shards"), files, Limits(), most_bytes)
    return [(registry, [portion.bytes for portion in portions]) for registry, portions in bundles]


def test_small_files_of_a_registry_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [("ctgov", 4), ("euctr", 1), ("ctgov", 5), ("ctgov", 1), ("euctr", 2), ("ctgov", 30), ("ctgov", 3)]
    assert bundled(sizes, 10, monkeypatch) == [
        ("ctgov", [4, 5, 1]),
        ("ctgov", [30]),
        ("euctr", [1, 2]),
        ("ctgov", [3]),
    ]


def test_every_file_is_in_one_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [("ctgov", 1 + n % 7) for n in range(1000)]
    found = bundled(sizes, 50, monkeypatch)
    assert [size for _, portions in found for size in portions] == [size for _, size in sizes]
    assert all(50 <= sum(portions) < 57 for _, portions in found[:-1])
