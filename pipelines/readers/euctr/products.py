"""Interventions from the products of the form.

Belongs here: a product's name, its other names and its type. Does not: the products' own table (the mapping).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.readers.euctr.record import Tree, texts

_NAMES = ("D.3.1", "D.2.1.1.1")
_SUBSTANCE_NAMES = ("D.3.8", "D.3.9.3", "D.3.9.2")
_CODES = ("D.3.2",)
_GENETIC = ("D.3.11.3.2",)
_DEVICE = ("D.3.11.4", "D.3.11.3.4")
_BIOLOGICAL = ("D.3.11.2", "D.3.11.3", "D.3.11.3.1", "D.3.11.3.3", "D.3.11.6", "D.3.11.7", "D.3.11.9")
_CHEMICAL = ("D.3.11.1",)


def interventions(tree: Tree) -> list[dict[str, Any]]:
    """One intervention for each product that has a name; products named alike are one."""
    found: dict[str, dict[str, Any]] = {}
    for product in tree.get("D.IMP", ()):
        names = list(dict.fromkeys(_names(product)))
        if not names:
            continue
        known = found.setdefault(names[0].casefold(), {"name": names[0]})
        kind = _type(product)
        if kind is not None:
            known.setdefault("type", kind)
        others = {one.casefold(): one for one in known.get("otherNames", ())}
        for name in names[1:]:
            if name.casefold() != names[0].casefold():
                others.setdefault(name.casefold(), name)
        if others:
            known["otherNames"] = list(others.values())
    return list(found.values())


def _names(product: Tree) -> Iterable[str]:
    yield from _texts(product, _NAMES)
    for substance in product.get("substance", ()):
        yield from _texts(substance, _SUBSTANCE_NAMES)
    yield from _texts(product, _CODES)


def _texts(holder: Mapping[str, Any], names: Iterable[str]) -> Iterable[str]:
    for name in names:
        yield from (text for text in texts(holder.get(name, [])) if text)


def _type(product: Tree) -> str | None:
    """The one type that the flags of D.3.11 agree on; None where they say nothing or disagree."""

    def is_any(names: Iterable[str]) -> bool:
        return any(str(product.get(name, "")).casefold() == "yes" for name in names)

    if is_any(_GENETIC):
        return "GENETIC"
    if is_any(_DEVICE):
        return "COMBINATION_PRODUCT"
    chemical, biological = is_any(_CHEMICAL), is_any(_BIOLOGICAL)
    if chemical == biological:
        return None
    return "DRUG" if chemical else "BIOLOGICAL"
