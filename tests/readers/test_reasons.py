"""Every reason code is defined once, explained to users, and used as it is written."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pipelines.landing import reasons as landing_reasons
from pipelines.readers import reasons
from pipelines.readers.reasons import REASONS

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "pipelines").rglob("*.py"))
RAISES_WITH_CODE = {"BadRecord": 2, "BadFile": 1, "Fault": 0, "MemberError": 0, "RecordRefused": 0}


def test_every_constant_is_explained() -> None:
    constants = {
        value
        for module in (landing_reasons, reasons)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    }
    assert constants == set(REASONS)


@pytest.mark.parametrize("code", sorted(REASONS))
def test_the_page_for_users_explains_it(code: str) -> None:
    page = (ROOT / "docs" / "quarantine.md").read_text()
    meaning, remedy = REASONS[code]
    assert f"| `{code}` | {meaning} | {remedy} |" in page.splitlines()


def test_the_page_for_users_has_no_other_codes() -> None:
    page = (ROOT / "docs" / "quarantine.md").read_text()
    listed = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert sorted(listed) == sorted(REASONS)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_is_written_where_it_is_not_defined(path: Path) -> None:
    """A literal as the code of a bad record, file or fault must be one of the table."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in RAISES_WITH_CODE:
            continue
        place = RAISES_WITH_CODE[name]
        given = [node.args[place]] if len(node.args) > place else []
        given += [keyword.value for keyword in node.keywords if keyword.arg in ("code", "reason_code")]
        for value in given:
            if isinstance(value, ast.Constant):
                assert value.value in REASONS, (
                    f"{path}:{node.lineno}: {value.value!r} is not in pipelines/readers/reasons.py"
                )
