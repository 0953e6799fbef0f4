"""Sponsors, responsible party, officials and contacts: blocks of lines about an organisation or a person.

Belongs here: cutting those sections into blocks, and who is who in a block. Does not: places (places.py).
Class and role lines are closed lists and mark blocks off; everything else rests on order, and where order is broken the
field says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from . import shapes
from .fields import Page, span
from .sections import Line, Part
from .slots import SlotTable, find_label, note_all
from .template import PARTY_SLOTS, PERSON_ROLE_LABELS, SPONSOR_CLASS_LABELS, SPONSOR_ROLE_LABELS

_SPONSOR = "protocolSection.sponsorCollaboratorsModule."
_PARTY = _SPONSOR + "responsibleParty."
_OFFICIALS = "protocolSection.contactsLocationsModule.overallOfficials"
_CENTRAL = "protocolSection.contactsLocationsModule.centralContacts"

_DEGREE = re.compile(
    r"(?:^|[,\s])(?:M\.?D\.?|Ph\.? ?D\.?|Dr\.?|Prof\.?|M\.?Sc\.?|B\.?Sc\.?|M\.?P\.?H\.?|R\.?N\.?|Pharm\.?D\.?|D\.?O\.?|"
    r"M\.?S\.?|M\.?A\.?|B\.?A\.?|B\.?S\.?|M\.?B\.?B\.?S\.?|D\.?D\.?S\.?|D\.?M\.?D\.?|FRCP|FRCS|FACS|FACP|FACC|MBChB|MBA|P\.?T\.?|"
    r"Dr\.? med\.?|Psy\.?D\.?|Sc\.?D\.?|Dr\.?P\.?H\.?|D\.?V\.?M\.?|M\.?Ed\.?|CRNP|NP|APRN)(?=$|[,\s])"
)
_TITLE = re.compile(
    r"\b(?:professor|director|chief|head|physician|doctor|investigator|manager|chair(?:man|person)?|fellow|resident|"
    r"consultant|surgeon|president|officer|scientist|researcher|lecturer|coordinator|lead|specialist|nurse|"
    r"student|candidate|associate|assistant|dean|clinician|neurologist|cardiologist|oncologist)\b",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"universi|hospital|hopital|hôpital|institut|cent(?:er|re)\b|clini[ckq]|klini|college|school|department|"
    r"\b(?:inc|ltd|llc|gmbh|ag|plc|s\.?p\.?a|corp(?:oration)?|co|bv|ab|sas|a/s)\b\.?|pharma|therapeutics|biotech|"
    r"foundation|fondazione|fundaci|azienda|ospedale|policlinico|medical|health|research|group|trust|ministry|"
    r"laborator|society|association|council|agency|network|system|service|charit[eé]|\bchu\b|spital|sanit",
    re.IGNORECASE,
)
_OFFICIAL_ROLES = "OfficialRole"
_CONTACT_KINDS = {
    **dict.fromkeys(("PHONE", "TELEPHONE", "TEL"), "phone"),
    **dict.fromkeys(("EMAIL", "E-MAIL"), "email"),
    **dict.fromkeys(("EXT", "EXTENSION", "PHONE EXT"), "phoneExt"),
    "FACILITY": "facility",
}


def person_like(text: str) -> bool:
    """Whether a line is plainly a person's name: it ends in a degree, or says nothing an organisation's name says."""
    if _DEGREE.search(text):
        return True
    words = text.replace(",", " ").split()
    capitals = all(word[:1].isupper() or len(word) < 4 for word in words)
    return 2 <= len(words) <= 5 and capitals and not organisation_like(text) and not any(c.isdigit() for c in text)


def organisation_like(text: str) -> bool:
    """Whether a line is plainly an organisation: by a word such as University, or as a short form (LIH)."""
    if _ORGANISATION.search(text):
        return True
    return 2 <= len(text) <= 8 and text.isupper() and text.isalpha() and not _DEGREE.search(text)


def _labelled(text: str, labels: tuple[str, ...]) -> str | None:
    found = find_label(text, labels)
    return None if found is None or found.rest is None else found.rest


# --- sponsors -------------------------------------------------------------------------------------------------------


def _role(text: str) -> str | None:
    """lead or collaborator, from a line that says nothing else."""
    value = _labelled(text, SPONSOR_ROLE_LABELS)
    return value.casefold() if value is not None and value.casefold() in ("lead", "collaborator") else None


def _class(text: str) -> str | None:
    value = _labelled(text, SPONSOR_CLASS_LABELS) or text
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
    blocks, broken = _sponsor_blocks(part.body)
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

    The role line says it. Else: the one whose role alone is lost; the one who is the responsible party; the only one;
    the last, where the template lists the lead and no responsible person contradicts it.
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
    matches = [block for block in blocks if block.name == person.value]
    if person.value is not None:
        return (matches[0], "inferred") if len(matches) == 1 else (None, "")
    return (None, "") if person.state == "ambiguous" else (blocks[-1], "inferred")


def _note_sponsors(page: Page, blocks: Sequence[_Sponsor], lead: _Sponsor, state: str) -> None:
    if lead.name_line is not None:
        page.set(_SPONSOR + "leadSponsor.name", state, lead.name, lead.name, span([lead.name_line]))
    if lead.class_line is not None:
        page.set(_SPONSOR + "leadSponsor.class", state, lead.class_, lead.class_line.text, span([lead.class_line]))
    others = [block for block in blocks if block is not lead]
    said = all(block.role == "collaborator" and block.name for block in others)
    _note_collaborators(page, [b for b in others if b.name], state if said or state != "present" else "inferred")


def _note_collaborators(page: Page, others: Sequence[_Sponsor], state: str) -> None:
    if others:
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
    bare = _DEGREE.sub(" ", " " + text).strip(" ,.")
    return not bare or (_TITLE.search(text) is not None)


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
    return organisation_like(text) and _TITLE.search(text) is None and _DEGREE.search(text) is None


# --- officials ------------------------------------------------------------------------------------------------------


def _person_role(text: str, kind: str) -> str | None:
    value = _labelled(text, PERSON_ROLE_LABELS)
    if value is None:
        return text if shapes.is_code(kind, text) else None
    return shapes.code(kind, value) or value


def read_officials(page: Page, part: Part) -> None:
    """Principal investigators: name, role, affiliation."""
    if not part.body:
        page.empty(part, _OFFICIALS)
        return
    blocks = _official_blocks(part.body)
    lines = span(part.body)
    if blocks is None:
        page.set(_OFFICIALS, "ambiguous", None, [line.text for line in part.body], lines)
        return
    values = [{"name": name, "role": role, "affiliation": place} for name, role, place in blocks]
    whole = all(value["name"] for value in values) and all(
        value["role"] is None or shapes.is_code(_OFFICIAL_ROLES, value["role"]) for value in values
    )
    names = [value["name"] for value in values]
    vouching = [
        line.text for line in part.body if line.text in names or len(part.body) <= 3 or page.occurrences(line.text) == 1
    ]
    page.set(_OFFICIALS, "present" if whole else "damaged", values, vouching, lines)


def _official_blocks(lines: Sequence[Line]) -> list[tuple[str | None, str | None, str | None]] | None:
    """(name, role, affiliation) of each official; None where names and affiliations cannot be told apart.

    A role line has its person above it and the affiliation below it. Two lines between role lines are affiliation and
    next name; one is told by its form.
    """
    marks = [_person_role(line.text, _OFFICIAL_ROLES) for line in lines]
    if not any(marks):
        return _officials_without_roles([line.text for line in lines])
    blocks: list[list[str | None]] = []
    between: list[str] = []
    for line, role in zip(lines, marks, strict=True):
        if role is None:
            between.append(line.text)
            continue
        told = _share_out(between, first=not blocks)
        if told is None:
            return None
        affiliation, names = told
        if affiliation is not None:
            blocks[-1][2] = affiliation
        blocks += [[name, None, place] for name, place in names[:-1]]
        blocks.append([names[-1][0] if names else None, role, None])
        between = []
    if len(between) == 1 and (organisation_like(between[0]) or not _DEGREE.search(between[0])):
        blocks[-1][2] = between[0]
    elif between:
        told = _share_out([*between, ""], first=False)
        if told is None:
            return None
        blocks[-1][2] = told[0]
        blocks += [[name, None, place] for name, place in told[1] if name]
    return [(block[0], block[1], block[2]) for block in blocks]


def _share_out(between: list[str], first: bool) -> tuple[str | None, list[tuple[str | None, str | None]]] | None:
    """(affiliation of the person before, people after, each with affiliation but the last) of the lines between."""
    if first:
        return (None, [(between[0], None)] if between else []) if len(between) <= 1 else _people(None, between)
    if not between:
        return None, []
    if len(between) == 1:
        if _DEGREE.search(between[0]) or (person_like(between[0]) and not organisation_like(between[0])):
            return None, [(between[0], None)]
        return (between[0], []) if organisation_like(between[0]) else None
    if len(between) == 2 and not _DEGREE.search(between[0]):
        return between[0], [(between[1] or None, None)]
    return _people(between[0], between[1:]) if not _DEGREE.search(between[0]) else _people(None, between)


def _people(
    affiliation: str | None, lines: Sequence[str]
) -> tuple[str | None, list[tuple[str | None, str | None]]] | None:
    """People in lines of which every name is plainly a person and every affiliation plainly an organisation."""
    people: list[tuple[str | None, str | None]] = []
    for text in lines:
        if not text:
            continue
        is_person = bool(_DEGREE.search(text)) or (person_like(text) and not organisation_like(text))
        if is_person == organisation_like(text):
            return None
        if is_person:
            people.append((text, None))
        elif people and people[-1][1] is None:
            people[-1] = (people[-1][0], text)
        else:
            return None
    return affiliation, people


def _officials_without_roles(lines: Sequence[str]) -> list[tuple[str | None, str | None, str | None]] | None:
    told = _people(None, lines)
    return None if told is None else [(name, None, place) for name, place in told[1]]


# --- contacts -------------------------------------------------------------------------------------------------------


def _contact_kind(text: str) -> tuple[str, str, str | None] | None:
    """(leaf, value, extension) of a contact's line other than the name."""
    role = _labelled(text, PERSON_ROLE_LABELS)
    if role is not None:
        return "role", shapes.code("ContactRole", role) or role, None
    if shapes.is_code("ContactRole", text) or text in ("primary", "backup"):
        return "role", text, None
    head, colon, value = text.partition(":")
    leaf = _CONTACT_KINDS.get(head.strip().upper()) if colon else None
    if leaf is not None and value.strip():
        number = shapes.phone(value.strip()) if leaf == "phone" else None
        return (leaf, number[0], number[1]) if number else (leaf, value.strip(), None)
    if shapes.is_email(text):
        return "email", text, None
    if (inner := shapes.extension(text)) is not None:
        return "phoneExt", inner, None
    found = shapes.phone(text)
    return ("phone", found[0], found[1]) if found is not None else None


def read_contacts(page: Page, part: Part, field: str, leaves: tuple[str, ...]) -> None:
    """Contacts: name, role, phone, extension, e-mail, in any subset. `leaves` are in every value, null when lost."""
    if not part.body:
        page.empty(part, field)
        return
    blocks: list[dict[str, str]] = []
    broken = False
    for line in part.body:
        kind = _contact_kind(line.text)
        if kind is None and blocks and "name" in blocks[-1] and len(blocks[-1]) == 1 and organisation_like(line.text):
            kind = ("facility", line.text, None)
        leaf, value, inner = kind or ("name", line.text, None)
        if not blocks or leaf in blocks[-1] or leaf == "name":
            blocks.append({})
            broken = broken or leaf != "name"
        blocks[-1][leaf] = value
        if inner is not None:
            blocks[-1]["phoneExt"] = inner
    values = [
        {
            leaf: block.get(leaf)
            for leaf in ("name", "role", "phone", "phoneExt", "email", "facility")
            if leaf in leaves or leaf in block
        }
        for block in blocks
    ]
    page.set(field, "damaged" if broken else "present", values, [line.text for line in part.body], span(part.body))


def read_central_contacts(page: Page, part: Part) -> None:
    """The study's own contacts."""
    read_contacts(page, part, _CENTRAL, ("name", "role", "phone", "phoneExt", "email"))


def read_facility_contacts(page: Page, part: Part) -> None:
    """Contacts of single sites; the page names the site seldom."""
    read_contacts(page, part, "page.facilityContacts", ("name", "role", "phone", "email", "facility"))
