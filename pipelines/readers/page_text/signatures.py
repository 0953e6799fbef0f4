"""Sections whose heading and caption are both lost, found by lines that can stand in no other section.

Belongs here: which lines give a section away, and where it then begins. Does not: headings and captions (sections.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from . import shapes
from .criteria_lines import heading_kind
from .lists import id_line
from .places import read_place
from .prose import BASIC_TABLE, DESIGN_TABLE, ELIGIBILITY_TABLE
from .sections import Line, Part, is_notice
from .slots import SlotTable, find_label
from .template import ID_SOURCE_LABELS, ID_TYPE_LABELS, ORDER, PERSON_ROLE_LABELS

_LAST = 99
_TABLES = (("basic", BASIC_TABLE), ("design", DESIGN_TABLE), ("eligibility", ELIGIBILITY_TABLE))
_PERSON_ROLES = {
    "PRINCIPAL_INVESTIGATOR": "officials",
    "STUDY_CHAIR": "officials",
    "STUDY_DIRECTOR": "officials",
    "SUB_INVESTIGATOR": "officials",
    "CONTACT": "central",
    "primary": "facility",
    "backup": "facility",
}
# Codes that give Study Design away where only Conditions can stand before it; short and common words are no sign.
_DESIGN_KINDS = (
    "DesignAllocation",
    "InterventionalAssignment",
    "DesignMasking",
    "ObservationalModel",
    "DesignTimePerspective",
)
_NO_SIGN = frozenset({"NA", "OTHER", "NONE", "SINGLE", "DOUBLE"})


def recover(preamble: list[Line], parts: Sequence[Part]) -> tuple[list[Line], list[Part]]:
    """Cut sections without heading and caption out of the sections before them; both lists are new."""
    keys = {part.key for part in parts}
    head = Part("head", None, None, list(preamble))
    found: list[Part] = []
    for place, part in enumerate([head, *parts]):
        following = ORDER[parts[place].key] if place < len(parts) else _LAST
        current = Part(part.key, part.heading, part.caption, [])
        found.append(current)
        for index, line in enumerate(part.body):
            sign = _sign(part.body, index, current.key)
            if sign is not None:
                key, back = sign
                after = -1 if current.key == "head" else ORDER[current.key]
                if key not in keys and after < ORDER[key] < following:
                    taken = current.body[-back:] if back else []
                    if current.key == "results":
                        taken = [line for line in taken if not is_notice(line.text)]
                    del current.body[len(current.body) - len(taken) :]
                    keys.add(key)
                    current = Part(key, None, None, taken)
                    found.append(current)
            current.body.append(line)
    return found[0].body, [part for part in found[1:] if part.heading or part.caption or part.body]


def _sign(lines: Sequence[Line], index: int, host: str) -> tuple[str, int] | None:
    """(section that a line gives away, how many lines above it belong to that section too)."""
    text = lines[index].text
    if len(text) > 200:
        return None
    if index and (above := BASIC_TABLE.hit(lines[index - 1].text)) and above[0].kind == "nct" and above[1].rest is None:
        return None
    return _labelled_sign(lines, index, text, host) or _shape_sign(lines, index, text, host)


def _labelled_sign(lines: Sequence[Line], index: int, text: str, host: str) -> tuple[str, int] | None:
    if host not in ("officials", "central", "facility", "responsible"):
        role = find_label(text, PERSON_ROLE_LABELS)
        if role is not None and role.rest in _PERSON_ROLES:
            return _PERSON_ROLES[role.rest], 1
    elif (role := find_label(text, PERSON_ROLE_LABELS)) is not None and (key := _PERSON_ROLES.get(role.rest or "")):
        return (key, 1) if key != host and not (host in ("central", "facility") and key == "officials") else None
    if host != "ids" and find_label(text, ID_TYPE_LABELS + ID_SOURCE_LABELS) is not None:
        return "ids", 1
    sponsor = find_label(text, ("Sponsor Role",))
    if sponsor is not None and host != "sponsors":
        above = lines[index - 1].text if index else ""
        return "sponsors", 2 if shapes.is_code("AgencyClass", above) else 1
    if find_label(text, ("Responsibility Role",)) is not None and host != "responsible":
        return "responsible", 0
    for key, table in _TABLES:
        if key != host and _is_slot(table, lines, index):
            return key, 0
    return None


def _is_slot(table: SlotTable, lines: Sequence[Line], index: int) -> bool:
    """Whether a line is a label of two or more words with a value that fits it."""
    hit = table.hit(lines[index].text)
    if hit is None or hit[0].kind == "text" or " " not in hit[1].name:
        return False
    slot, label = hit
    value = label.rest if label.rest is not None else lines[index + 1].text if index + 1 < len(lines) else ""
    return shapes.read(slot.kind, value) is not None


def _has_id_label(lines: Sequence[Line], index: int) -> bool:
    """Whether an identifier's type or source stands below it: then it is one of this record's."""
    following = lines[index + 1].text if index + 1 < len(lines) else ""
    return find_label(following, ID_TYPE_LABELS + ID_SOURCE_LABELS) is not None


def _is_design_label(text: str) -> bool:
    hit = DESIGN_TABLE.hit(text)
    return hit is not None and hit[1].rest is None and " " in hit[1].name


def _shape_sign(lines: Sequence[Line], index: int, text: str, host: str) -> tuple[str, int] | None:
    """What shapes and closed lists give away, each only below the sections that can stand right above it."""
    if id_line(text) is not None and host not in ("related", "more") and not _has_id_label(lines, index):
        return ("related" if host in ("head", "results", "basic", "summary") else "more"), 1
    if host == "results" and (shapes.is_code("Status", text) or text.endswith(" participants")):
        return "basic", 0
    if host == "conditions" and (any(shapes.is_code(kind, text) for kind in _DESIGN_KINDS) or _is_design_label(text)):
        return "design", 0
    above_design = host in ("description", "summary") and text not in _NO_SIGN
    if above_design and any(shapes.is_code(kind, text) for kind in _DESIGN_KINDS):
        return "design", 0
    if host in ("groups", "interventions", "design", "conditions") and heading_kind(text) is not None:
        return "eligibility", 0
    if host == "eligibility" and shapes.is_code("AgencyClass", text) and index and len(lines[index - 1].text) > 3:
        return "sponsors", 1
    if host in ("officials", "responsible", "sponsors") and read_place(text) is not None:
        return "locations", 1
    if host in ("countries", "locations", "central", "facility") and shapes.is_url(text):
        return "links", 0
    return None
