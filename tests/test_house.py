"""The plan of the house (docs/architecture.md) holds: imports go one way, modules say what they are for."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPO_ROOT

SHARED = (
    "collector",
    "listed_tables",
    "settings",
    "study",
    "tables",
    "touched",
    "transaction",
    "whole_file",
    "yaml_text",
)
ORDER = (
    "landing",
    "sources",
    "readers",
    "staging",
    "history",
    "identity",
    "quality",
    "warehouse",
    "reports",
    "sample",
    "orchestration",
    "definitions",
    "console",
    "cli",
)
MAY_KNOW_DAGSTER = {"orchestration", "console", "cli"}
OWN_PACKAGES = ("pipelines", "expectations")

MODULES = sorted(path for package in OWN_PACKAGES for path in (REPO_ROOT / package).rglob("*.py"))


def _room(path: Path) -> str:
    parts = path.relative_to(REPO_ROOT).with_suffix("").parts
    room = parts[1] if parts[0] == "pipelines" and len(parts) > 1 else parts[0]
    return "orchestration" if room == "definitions" else room


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _ids(path: Path) -> str:
    return str(path.relative_to(REPO_ROOT))


@pytest.mark.parametrize("path", MODULES, ids=_ids)
def test_a_room_imports_only_rooms_before_it(path: Path) -> None:
    room = _room(path)
    if room not in ORDER:
        return
    allowed = {*SHARED, *ORDER[: ORDER.index(room) + 1]} | ({"definitions"} if room == "orchestration" else set())
    rooms = {name.split(".")[1] for name in _imports(path) if name.startswith("pipelines.")}
    assert rooms <= allowed, f"{room} must not import {sorted(rooms - allowed)}"


@pytest.mark.parametrize("path", MODULES, ids=_ids)
def test_only_the_thin_skin_knows_dagster(path: Path) -> None:
    if _room(path) not in MAY_KNOW_DAGSTER:
        assert not any(name.split(".")[0] == "dagster" for name in _imports(path))


@pytest.mark.parametrize("path", MODULES, ids=_ids)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if source.strip():
        assert ast.get_docstring(ast.parse(source)), "the module has no docstring"


def _patterns(path: Path) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    """The patterns that a module compiles when it is loaded."""
    name = ".".join(path.relative_to(REPO_ROOT).with_suffix("").parts).removesuffix(".__init__")
    for value in vars(importlib.import_module(name)).values():
        values = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else (value,)
        yield from (one for one in values if isinstance(one, re.Pattern))


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.name != "__main__.py" and _room(path) not in MAY_KNOW_DAGSTER], ids=_ids
)
def test_no_pattern_has_a_possessive_quantifier_or_atomic_group(path: Path) -> None:
    """Python 3.11 below 3.11.5 matches them wrongly: on Debian's 3.11.2 API pages were once not recognised."""
    for pattern in _patterns(path):
        parsed = repr(re._parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))  # type: ignore[attr-defined]
        assert "POSSESSIVE_REPEAT" not in parsed, pattern.pattern
        assert "ATOMIC_GROUP" not in parsed, pattern.pattern
