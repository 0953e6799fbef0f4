"""What the renderings of several registries need of a study: its number, its criteria in two parts, whole days.

Belongs here: small steps between the study structure and a registry's form. Does not: any registry's form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

_HEADINGS = re.compile(
    r"\s*inclusion criteria:\s*(?P<inclusion>.*?)\s*\nexclusion criteria:\s*(?P<exclusion>.*?)\s*\Z",
    re.IGNORECASE | re.DOTALL,
)


def protocol(study: Json) -> Json:
    """The study's protocol section."""
    section: Json = study["protocolSection"]
    return section


def nct_digits(study: Json) -> str:
    """The eight figures of the study's NCT id, of which the numbers in other registries are made."""
    nct_id: str = protocol(study)["identificationModule"]["nctId"]
    return nct_id.removeprefix("NCT")


def at(study: Json, path: str) -> Any:
    """What stands at a dotted path below the protocol section, None where nothing does."""
    value: Any = protocol(study)
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def whole_day(date: str | None) -> str | None:
    """The date where it names a day; forms that ask for a day have nothing to hold a month in."""
    return date if date and len(date) == 10 else None


def criteria_parts(text: str | None) -> tuple[str | None, str | None]:
    """(inclusion, exclusion) of criteria with the two usual headings; all of it as inclusion where it has none."""
    if not text:
        return None, None
    found = _HEADINGS.match(text)
    return (found["inclusion"], found["exclusion"]) if found else (text.strip(), None)


def joined_criteria(text: str | None) -> str | None:
    """The criteria as one text, as a reader puts the two parts of a form together again."""
    inclusion, exclusion = criteria_parts(text)
    parts = [("Inclusion Criteria:", inclusion), ("Exclusion Criteria:", exclusion)]
    return "\n\n".join(f"{heading}\n{part}" for heading, part in parts if part) or None


def word(table: Mapping[str, str], value: str | None) -> str | None:
    """A registry's word for a word of the study structure, None where it has none."""
    return table.get(value) if value is not None else None


def only(item: Json, *names: str) -> Json:
    """The named fields of an item, those that it has."""
    return {name: item[name] for name in names if item.get(name) not in (None, "", [])}


def pruned(value: Any) -> Any:
    """A structure without what is empty: nulls, empty objects, empty lists."""
    if isinstance(value, dict):
        inner = {name: pruned(one) for name, one in value.items()}
        return {name: one for name, one in inner.items() if one not in (None, {}, [], "")}
    if isinstance(value, list):
        return [one for one in map(pruned, value) if one != {}]
    return value
