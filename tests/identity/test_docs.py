"""docs/identity.md and docs/marts/ name what the models have: every rule, method and field, none that is gone."""

from __future__ import annotations

import re

from tests.conftest import REPO_ROOT
from tests.identity.world import models

PAGE = (REPO_ROOT / "docs" / "identity.md").read_text(encoding="utf-8")
MART = (REPO_ROOT / "docs" / "marts" / "cross_registry_discrepancy.md").read_text(encoding="utf-8")


def _values(model: str, column: str) -> set[str]:
    """What the model's header accepts in a column."""
    tests = models()[model].tests
    found = [t.arguments["values"] for t in tests if t.kind == "accepted_values" and t.columns == (column,)]
    assert len(found) == 1
    return set(found[0])


def _first_cells(page: str, heading: str) -> set[str]:
    """The words in code in the first column of the table below a heading."""
    section = page.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    return {word for cell in cells for word in re.findall(r"`([a-z_]+)`", cell)}


def test_every_negative_rule_has_its_story() -> None:
    assert _first_cells(PAGE, "Negative rules") - {"refused_by"} == _values("core.record_link", "refused_by")


def test_every_way_to_resolve_a_name_is_explained() -> None:
    assert _first_cells(PAGE, "Organisations") - {"method"} == _values("core.organisation_alias", "method") - {
        "main_name"
    }


def test_every_verdict_is_explained() -> None:
    verdicts = {
        word for line in MART.splitlines() if line.startswith("| `") for word in re.findall(r"`([a-z_]+)`", line)
    }
    assert verdicts - {"reason"} == _values("marts.cross_registry_discrepancy", "verdict")


def test_the_weights_are_those_of_the_model() -> None:
    """Each number of the table stands in the CASEs of the model, the prior and the threshold beside them."""
    sql = models()["core.link_candidate"].sql
    table = PAGE.split("| evidence | weight |", 1)[1].split("\n\n", 1)[0]
    weights = {
        int(number.replace("−", "-"))
        for row in table.splitlines()
        for number in re.findall(r"[−]?\d+", row.split("|")[2] if row.count("|") > 2 else "")
    }
    used = {int(number) for number in re.findall(r"(?:THEN|ELSE) (-?\d+)\b", sql)} - {0}
    assert used == weights
    assert "-8 + id_weight" in sql
    assert "total >= 3" in sql
