"""Interventions of the Japan Registry of Clinical Trials (jRCT): its form's materials, one block each.

Belongs here: this form. Does not: the interventions of other registries (lists.py).

The form has two blocks, "investigational material(s)" and "control material(s)", each with the same four labelled
lines; what was not filled in is a dash. Several drugs in one line stay one name: commas stand within names too.
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.readers.ictrp.markup import line, says_nothing

Struct = dict[str, Any]

_BLOCK = re.compile(r"(?:^|\n)(?=(?:investigational|control) material\(s\)[ ]*(?:\n|$))", re.IGNORECASE)
_LABELLED = re.compile(
    r"^(?P<label>Generic name etc|INN of investigational material|Therapeutic category code"
    r"|Dosage and Administration for Investigational material) ?: ?"
    r"(?P<value>.*(?:\n(?!\n|[^\n:]{3,60} ?:(?: |\n|\Z)).*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_GENERIC, _INN = "generic name etc", "inn of investigational material"


def materials(text: str) -> list[Struct]:
    """One intervention for each block that says something: the generic name, else the INN, as name, the block as
    description. [] where the text is not this form, or begins otherwise.
    """
    before, *blocks = _BLOCK.split(text)
    if before.strip() or not blocks:
        return []
    found = [_material(block.strip()) for block in blocks]
    return [] if None in found else [one for one in found if one]


def _material(block: str) -> Struct | None:
    """{} where all lines of the form are empty; None where the block has none of its lines."""
    said = {one["label"].casefold(): line(one["value"]) for one in _LABELLED.finditer(block)}
    if not said:
        return None
    given = {label: value for label, value in said.items() if not says_nothing(value)}
    if not given:
        return {}
    names = [given[label] for label in (_GENERIC, _INN) if label in given]
    material: Struct = {"name": names[0]} if names else {}
    material["description"] = block
    others = [name for name in names[1:] if name.casefold() != names[0].casefold()]
    return material | ({"otherNames": others} if others else {})
