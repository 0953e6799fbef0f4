"""Small readings of a CTIS record that several made fields need: texts, dates, counts, member states.

Belongs here: looking things up in the record (layout.py has brought it to one layout). Does not: parts of the study.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from pipelines.readers.ctis.layout import Tree, structs
from pipelines.readers.mapping import Unreadable
from pipelines.readers.mapping.converters import iso_date
from pipelines.readers.study_parts import whole

_FIGURES = re.compile(r"(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>[0-9]{4})")
_NOTHING = frozenset({"", "n/a", "na", "n.a.", "not applicable", "null", "-"})
EEA_ONLY = 1


def ctis_date(value: Any) -> str:
    """ISO, with or without a clock time, or dd/mm/yyyy, which is how the register's portal writes dates."""
    match = _FIGURES.fullmatch(str(value).strip())
    return iso_date(f"{match['year']}-{match['month']}-{match['day']}" if match else value)


def said(value: Any) -> str | None:
    """The text, None where it says that there is none ("N/A")."""
    text = " ".join(str(value).split())
    return None if text.casefold() in _NOTHING else text


def areas(value: Any) -> list[str]:
    """Therapeutic areas of a search list: a list of texts, or one text with commas between `…[C04]`. The portal's table
    writes a JSON list into its cell."""
    listed = str(value).strip()
    if listed.startswith('["'):
        try:
            return [found for one in orjson.loads(listed) if (found := said(one))]
        except ValueError:
            return [listed]
    return [part.strip() for part in re.split(r"(?<=\]),\s*(?=[A-Z])", listed) if part.strip()]


def look(tree: Any, path: str) -> Any:
    """What stands at a path of structs, names joined by `/`; None where nothing does."""
    for name in path.split("/"):
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree


def text(tree: Any, path: str) -> str | None:
    """The text at a path; None where there is none, or says that there is none."""
    value = look(tree, path)
    return None if value is None or isinstance(value, dict | list) else said(value)


def date(tree: Any, path: str) -> str | None:
    """The date at a path as ISO; None where there is none, or none that can be read."""
    value = look(tree, path)
    try:
        return ctis_date(value) if isinstance(value, str) and value.strip() else None
    except Unreadable:
        return None


def count(value: Any) -> int | None:
    """A whole number, written as number or figures."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return whole(value.strip()) if isinstance(value, str) else None


def truth(value: Any) -> bool | None:
    """Yes or no, also where a program has written it as text; None where neither stands there."""
    return {"true": True, "false": False}.get(str(value).strip().casefold())


def part_one(tree: Tree) -> Tree:
    """Part I of the authorised application."""
    found = look(tree, "authorizedApplication/authorizedPartI")
    return found if isinstance(found, dict) else {}


def information(tree: Tree) -> Tree:
    """What part I says of the trial."""
    found = look(part_one(tree), "trialDetails/trialInformation")
    return found if isinstance(found, dict) else {}


def member_states(tree: Tree) -> list[Tree]:
    """The parts II, one for each member state."""
    return structs(look(tree, "authorizedApplication/authorizedPartsII"))


def country(part: Tree) -> str | None:
    """The member state of a part II."""
    return text(part, "mscInfo/mscName") or text(part, "mscInfo/countryName")


def events(part: Tree) -> Iterator[tuple[str, str | None]]:
    """Notifications of a member state: kind in capitals with `_` between words, and date."""
    for event in structs(look(part, "trialEvents/events")):
        yield re.sub(r"[^A-Z]+", "_", str(event.get("notificationType", "")).upper()).strip("_"), date(event, "date")


def region(tree: Tree, words: dict[str, Any]) -> int | None:
    """The code of the trial's region: 1 EEA only, 2 outside it, 3 both. `words`: codes by the portal's words."""
    for name in ("trialRegionCode", "trialRegion"):
        value = tree.get(name)
        code = count(value) if value is not None else None
        if code is None and isinstance(value, str):
            code = next((number for word, number in words.items() if word.casefold() == value.strip().casefold()), None)
        if code is not None:
            return code
    return None


def subjects_here(part: Tree) -> int | None:
    """Planned subjects of a member state."""
    here = count(part.get("recruitmentSubjectCount"))
    return count(look(part, "mscInfo/recruitmentSubjectCount")) if here is None else here


def subjects_eea(tree: Tree) -> int | None:
    """Planned subjects of all member states; None unless each gives a number."""
    found = [subjects_here(part) for part in member_states(tree)]
    return sum(one or 0 for one in found) if found and None not in found else None
