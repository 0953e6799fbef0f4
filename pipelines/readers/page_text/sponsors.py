"""Sponsors and the responsible party: who leads, who collaborates, who answers for the record.

Belongs here: those two sections. Does not: officials and contacts (people.py).
Class and role lines are closed lists and mark sponsors off. Where the roles are lost, the lead is inferred only if
something on the page vouches for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from . import shapes
from .fields import Page, span
from .people import DEGREE, labelled, organisation_like, person_like
from .sections import Line, Part
from .slots import SlotTable, joined, note_all
from .template import PARTY_SLOTS, SPONSOR_CLASS_LABELS, SPONSOR_ROLE_LABELS

_SPONSOR = "protocolSection.sponsorCollaboratorsModule."
_PARTY = _SPONSOR + "responsibleParty."

TITLE = re.compile(
    r"\b(?:professor|director|chief|head|physician|doctor|investigator|manager|chair(?:man|person)?|fellow|resident|"
    r"consultant|surgeon|president|officer|scientist|researcher|lecturer|coordinator|lead|specialist|nurse|"
    r"student|candidate|associate|assistant|dean|clinician|neurologist|cardiologist|oncologist)\b",
    re.IGNORECASE,
)


def _role(text: str) -> str | None:
    """lead or collaborator, from a line that says nothing else."""
    value = labelled(text, SPONSOR_ROLE_LABELS)
    return value.casefold() if value is not None and value.casefold() in ("lead", "collaborator") else None


def _class(text: str) -> str | None:
    value = labelled(text, SPONSOR_CLASS_LABELS) or text
    return value if shapes.is_code("AgencyClass", value) else None


class _Sponsor:
    __slots__ = ("class_", "class_line", "lines", "name", "name_line", "role", "role_line")

    def __init__(self) -> None:
        self.name: str | None = None
        self.class_: str | None = None
        self.role: str | None = None
        self.name_line: Line | None = None
        self.class_line: Line | None = None
        self.role_line: Line | None = None
        self.lines: list[Line] = []

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "class": self.class_}


def _sponsor_blocks(lines: Sequence[Line]) -> tuple[list[_Sponsor], bool]:
    """(sponsors in page order, whether the lines of some are broken: a class or role without a name)."""
    blocks: list[_Sponsor] = []
    broken = False
    current: _Sponsor | None = None
    for line in lines:
        role, class_ = _role(line.text), _class(line.text)
        kind = "role" if role else "class_" if class_ else "name"
        if (
            current is None
            or kind == "name"
            or getattr(current, kind) is not None
            or (kind == "class_" and current.role)
        ):
            current = _Sponsor()
            blocks.append(current)
            broken = broken or kind != "name"
        setattr(current, kind, role or class_ or line.text)
        setattr(current, kind.rstrip("_") + "_line", line)
        current.lines.append(line)
    return blocks, broken


def read_sponsors(page: Page, part: Part) -> None:
    """Sponsors: name, class, role. Without role lines the lead is inferred where something vouches for it."""
    names = ("leadSponsor.name", "leadSponsor.class", "collaborators")
    if not part.body:
        page.empty(part, "page.sponsors", *(_SPONSOR + name for name in names))
        return
    body = joined(part.body, SPONSOR_ROLE_LABELS, lambda text: text.casefold() in ("lead", "collaborator"))
    body = joined(body, SPONSOR_CLASS_LABELS, lambda text: shapes.is_code("AgencyClass", text))
    blocks, broken = _sponsor_blocks(body)
    page.labels_seen += sum(block.role is not None for block in blocks)
    roles = [block.role for block in blocks]
    state = "present" if all(roles) else "present_unlabelled" if not any(roles) else "damaged"
    whole = [{**block.as_dict(), "role": block.role} for block in blocks]
    vouching = [b.name for b in blocks if b.name] + list(
        dict.fromkeys(line.text for b in blocks if (line := b.role_line if any(roles) else b.class_line))
    )
    page.set("page.sponsors", "damaged" if broken else state, whole, vouching, span(part.body))
    lead, certainty = _lead(page, blocks)
    if lead is not None:
        _note_sponsors(page, blocks, lead, "damaged" if broken and certainty == "inferred" else certainty)
    elif "lead" not in roles and all(roles):
        _note_collaborators(page, [b for b in blocks if b.name], "present")
    else:
        for name in (*names[:1], names[2]):
            page.set(_SPONSOR + name, "ambiguous", None, [b.name for b in blocks if b.name], span(part.body))


def _lead(page: Page, blocks: Sequence[_Sponsor]) -> tuple[_Sponsor | None, str]:
    """The lead sponsor and the state of that reading.

    The role line says it. Else: the one whose role alone is lost; the one who is the responsible party or employs it;
    the only one; the last, where the template lists the lead and no responsible person contradicts it.
    """
    said = [block for block in blocks if block.role == "lead"]
    if said:
        return (said[0], "present") if len(said) == 1 and said[0].name else (None, "")
    silent = [block for block in blocks if block.role is None]
    if not silent or any(block.name is None for block in blocks):
        return None, ""
    if len(silent) == 1:
        return silent[0], "inferred"
    if len(silent) < len(blocks):
        return None, ""
    person = page.get(_PARTY + "investigatorFullName")
    told = [page.get(_PARTY + leaf).value for leaf in ("investigatorFullName", "investigatorAffiliation")]
    for name in told:
        matches = [block for block in blocks if name is not None and block.name == name]
        if len(matches) == 1:
            return matches[0], "inferred"
    if any(told):
        return None, ""
    return (None, "") if person.state == "ambiguous" else (blocks[-1], "inferred")


def _note_sponsors(page: Page, blocks: Sequence[_Sponsor], lead: _Sponsor, state: str) -> None:
    if lead.name_line is not None:
        page.set(_SPONSOR + "leadSponsor.name", state, lead.name, lead.name, span([lead.name_line]))
    if lead.class_line is not None:
        page.set(_SPONSOR + "leadSponsor.class", state, lead.class_, lead.class_line.text, span([lead.class_line]))
    others = [block for block in blocks if block is not lead]
    named = [block for block in others if block.name]
    if len(named) < len(others):
        state = "damaged"
    elif state == "present" and not all(block.role == "collaborator" for block in others):
        state = "inferred"
    _note_collaborators(page, named, state)


def _note_collaborators(page: Page, others: Sequence[_Sponsor], state: str) -> None:
    if not others and state == "damaged":
        page.set(_SPONSOR + "collaborators", state)
    elif others:
        lines = [line for block in others for line in block.lines]
        values = [block.as_dict() for block in others]
        page.set(_SPONSOR + "collaborators", state, values, [block.name for block in others], span(lines))
    else:
        page.set(_SPONSOR + "collaborators", "absent", [])


# --- responsible party ----------------------------------------------------------------------------------------------

_PARTY_TABLE = SlotTable(PARTY_SLOTS)


def read_responsible_party(page: Page, part: Part) -> None:
    """Responsible party: type under its label; below it name, title and affiliation by order and form."""
    if not part.body:
        page.empty(part, _PARTY + "type")
        return
    found, rest = _PARTY_TABLE.take(part.body)
    coded = [line for line in rest if shapes.is_code("ResponsiblePartyType", line.text)]
    note_all(page, found)
    if coded and not page.has(_PARTY + "type"):
        page.set(_PARTY + "type", "present_unlabelled", coded[0].text, coded[0].text, span(coded[:1]))
        rest = [line for line in rest if line is not coded[0]]
    leaves = _party_leaves(rest)
    if leaves is None:
        text = [line.text for line in rest]
        for leaf in ("investigatorFullName", "investigatorTitle", "investigatorAffiliation"):
            if not page.has(_PARTY + leaf):
                page.set(_PARTY + leaf, "ambiguous", None, text if len(text) > 1 else text[0], span(rest))
        return
    for leaf, line in leaves.items():
        if page.has(_PARTY + leaf):
            page.leave("responsible", [line])
        else:
            page.set(_PARTY + leaf, "present_unlabelled", line.text, line.text, span([line]))


def _is_title(text: str) -> bool:
    bare = DEGREE.sub(" ", " " + text).strip(" ,.")
    return not bare or (TITLE.search(text) is not None)


def _party_leaves(lines: Sequence[Line]) -> dict[str, Line] | None:
    """Which line is name, title, affiliation; None where that cannot be told."""
    name, title, affiliation = "investigatorFullName", "investigatorTitle", "investigatorAffiliation"
    if not lines:
        return {}
    first = lines[0].text
    if len(lines) == 3 and not _is_title(first):
        return dict(zip((name, title, affiliation), lines, strict=True))
    if len(lines) == 1 and _is_title(first):
        return {title: lines[0]}
    if len(lines) == 1:
        return {name: lines[0]} if person_like(first) and not organisation_like(first) else None
    if len(lines) == 2 and not _is_title(first):
        if _is_title(lines[1].text) and not _only_organisation(lines[1].text):
            return {name: lines[0], title: lines[1]}
        if organisation_like(lines[1].text):
            return {name: lines[0], affiliation: lines[1]}
    if len(lines) == 2 and _is_title(first) and organisation_like(lines[1].text):
        return {title: lines[0], affiliation: lines[1]}
    return None


def _only_organisation(text: str) -> bool:
    return organisation_like(text) and TITLE.search(text) is None and DEGREE.search(text) is None
