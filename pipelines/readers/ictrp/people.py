"""Contacts and ethics reviews: columns that hold a list each, the items of which belong together.

Belongs here: putting the items of several columns side by side. Does not: reading single texts (markup.py), dates
(dates.py).

ICTRP joins several contacts with semicolons, column by column; a column in which one contact says nothing still has its
semicolon ("; ; "), but a column may also hold a text with a semicolon of its own. So a column is taken apart only where
it has as many pieces as the names have; else its whole text is the first contact's.

One column is shorter by rule: of ClinicalTrials.gov's studies the affiliations of the officials, who come first and
have neither phone nor address, end with a single semicolon, however many contacts follow (all 75 records with two or
more contacts behind their officials in the exports of 2020-04 and 2024-06, counted 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.readers.ictrp.markup import line, names_nobody, says_nothing

Struct = dict[str, Any]

_OF_A_NAME = frozenset({"firstName", "lastName"})
_REACH = frozenset({"phone", "email"})


def side_by_side(columns: Mapping[str, str], leading: Sequence[str]) -> list[Struct]:
    """Items from columns (name → text as it came). How many there are is what the `leading` columns say."""
    pieces = {name: text.split(";") for name, text in columns.items() if text.strip(" ;\r\n\t")}
    counts = [len(pieces[name]) for name in leading if name in pieces]
    count = max(counts, default=1)
    items: list[Struct] = [{} for _ in range(count)]
    for name, parts in pieces.items():
        if len(parts) == count:
            _fill(items, name, parts)
    for name, parts in pieces.items():
        if len(parts) == count:
            continue
        _fill(items, name, parts if _are_of_officials(parts, items) else [columns[name].strip("; \r\n\t")])
    found: list[Struct] = []
    for item in items:
        if item and item not in found:
            found.append(item)
    return found


def _fill(items: Sequence[Struct], name: str, parts: Sequence[str]) -> None:
    is_empty = names_nobody if name in _OF_A_NAME else says_nothing
    for item, part in zip(items, parts, strict=False):
        if not is_empty(text := line(part)):
            item[name] = text


def _are_of_officials(parts: Sequence[str], items: Sequence[Struct]) -> bool:
    """Whether pieces, fewer than items, are those of the first items, one each: nobody of these can be reached, and
    the next one can."""
    *said, last = parts
    if len(parts) >= len(items) or last.strip():
        return False
    return not any(map(_can_be_reached, items[: len(said)])) and _can_be_reached(items[len(said)])


def _can_be_reached(item: Struct) -> bool:
    return not _REACH.isdisjoint(item)


def full_name(contact: Struct) -> str:
    """First and last name; ICTRP has whole names in either."""
    return " ".join(filter(None, (contact.get("firstName"), contact.get("lastName"))))


def central_contact(contact: Struct) -> Struct | None:
    """A contact in the study shape; None for one that cannot be reached (a person named without phone or address)."""
    found = {"name": full_name(contact), "phone": contact.get("phone"), "email": contact.get("email")}
    found = {key: value for key, value in found.items() if value}
    return found if _can_be_reached(found) else None


def official(contact: Struct) -> Struct | None:
    """A scientific contact in the study shape."""
    found = {"name": full_name(contact), "affiliation": contact.get("affiliation")}
    return {key: value for key, value in found.items() if value} if found["name"] else None
