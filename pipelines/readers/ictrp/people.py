"""Contacts and ethics reviews: columns that hold a list each, the items of which belong together.

Belongs here: putting the items of several columns side by side. Does not: reading single texts (markup.py), dates
(dates.py).

ICTRP joins several contacts with semicolons, column by column; a column in which one contact says nothing still has its
semicolon ("; ; "), but a column may also hold a text with a semicolon of its own. So a column is taken apart only where
it has as many pieces as the names have; else its whole text is the first contact's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.readers.ictrp.markup import line, names_nobody, says_nothing

Struct = dict[str, Any]

_OF_A_NAME = frozenset({"firstName", "lastName"})


def side_by_side(columns: Mapping[str, str], leading: Sequence[str]) -> list[Struct]:
    """Items from columns (name → text as it came). How many there are is what the `leading` columns say."""
    pieces = {name: text.split(";") for name, text in columns.items() if text.strip(" ;\r\n\t")}
    counts = [len(pieces[name]) for name in leading if name in pieces]
    count = max(counts, default=1)
    items: list[Struct] = [{} for _ in range(count)]
    for name, parts in pieces.items():
        is_empty = names_nobody if name in _OF_A_NAME else says_nothing
        if len(parts) == count:
            for item, part in zip(items, parts, strict=True):
                if not is_empty(text := line(part)):
                    item[name] = text
        elif not is_empty(text := line(columns[name]).strip("; ")):
            items[0][name] = text
    found: list[Struct] = []
    for item in items:
        if item and item not in found:
            found.append(item)
    return found


def full_name(contact: Struct) -> str:
    """First and last name; ICTRP has whole names in either."""
    return " ".join(filter(None, (contact.get("firstName"), contact.get("lastName"))))


def central_contact(contact: Struct) -> Struct | None:
    """A contact in the study shape; None for one that cannot be reached (a person named without phone or address)."""
    found = {"name": full_name(contact), "phone": contact.get("phone"), "email": contact.get("email")}
    found = {key: value for key, value in found.items() if value}
    return found if {"phone", "email"} & found.keys() else None


def official(contact: Struct) -> Struct | None:
    """A scientific contact in the study shape."""
    found = {"name": full_name(contact), "affiliation": contact.get("affiliation")}
    return {key: value for key, value in found.items() if value} if found["name"] else None
