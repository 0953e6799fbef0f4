"""What every layout of ClinicalTrials.gov carries of a study alike: nothing that is empty.

Belongs here: that, for what a rendering is compared with. Does not: what one layout loses (…_carried.py beside it).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipelines.study.shape import Node

_EMPTY: tuple[Any, ...] = (None, "", [], {})


def without_empty(value: Any, node: Node, markup: Callable[[str], str]) -> Any:
    """`value`, which stands at `node` of the study shape, without what is empty; its marked-up texts as `markup` makes
    them, the others without blanks around.
    """
    if isinstance(value, dict):
        inner = {}
        for name, one in value.items():
            child = node.child(name)
            assert child is not None, f"{node.path}: {name}"
            kept = without_empty(one, child, markup)
            if kept not in _EMPTY:
                inner[name] = kept
        return inner
    if isinstance(value, list):
        return [kept for one in value if (kept := without_empty(one, node, markup)) not in _EMPTY]
    if isinstance(value, str):
        return markup(value) if node.leaf_type == "markup" else value.strip()
    return value
