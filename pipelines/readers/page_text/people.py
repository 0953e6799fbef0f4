"""Officials and contacts: blocks of lines about a person, and how a person's name differs from an organisation's.

Belongs here: cutting those sections into blocks, and who is who in a block. Does not: sponsors (sponsors.py), places.
Role lines mark blocks off; everything else rests on order and form, and where those do not tell the field says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import shapes
from .fields import Page, span
from .sections import Line, Part
from .slots import find_label, joined
from .template import PERSON_ROLE_LABELS

_OFFICIALS = "protocolSection.contactsLocationsModule.overallOfficials"
_CENTRAL = "protocolSection.contactsLocationsModule.centralContacts"

DEGREE = re.compile(
    r"(?:^|[,\s])(?:M\.?D\.?|Ph\.? ?D\.?|Dr\.?|Prof\.?|M\.?Sc\.?|B\.?Sc\.?|M\.?P\.?H\.?|R\.?N\.?|Pharm\.?D\.?|D\.?O\.?|"
    r"M\.?S\.?|M\.?A\.?|B\.?A\.?|B\.?S\.?|M\.?B\.?B\.?S\.?|D\.?D\.?S\.?|D\.?M\.?D\.?|FRCP|FRCS|FACS|FACP|FACC|MBChB|MBA|P\.?T\.?|"
    r"Dr\.? med\.?|Psy\.?D\.?|Sc\.?D\.?|Dr\.?P\.?H\.?|D\.?V\.?M\.?|M\.?Ed\.?|CRNP|NP|APRN)(?=$|[,\s])"
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


_CONTACT_LABELS = tuple(name.capitalize() for name in _CONTACT_KINDS)


def person_like(text: str) -> bool:
    """Whether a line is plainly a person's name: it ends in a degree, or says nothing an organisation's name says."""
    if DEGREE.search(text):
        return True
    words = text.replace(",", " ").split()
    capitals = all(word[:1].isupper() or len(word) < 4 for word in words)
    return 2 <= len(words) <= 5 and capitals and not organisation_like(text) and not any(c.isdigit() for c in text)


def organisation_like(text: str) -> bool:
    """Whether a line is plainly an organisation: by a word such as University, or as a short form (NIO)."""
    if _ORGANISATION.search(text):
        return True
    return 2 <= len(text) <= 8 and text.isupper() and text.isalpha() and not DEGREE.search(text)


def labelled(text: str, labels: tuple[str, ...]) -> str | None:
    """The value behind one of some labels on the same line."""
    found = find_label(text, labels)
    return None if found is None or found.rest is None else found.rest


# --- officials ------------------------------------------------------------------------------------------------------


def _person_role(text: str, kind: str) -> str | None:
    value = labelled(text, PERSON_ROLE_LABELS)
    if value is None:
        return text if shapes.is_code(kind, text) else None
    return shapes.code(kind, value) or value


def read_officials(page: Page, part: Part) -> None:
    """Principal investigators: name, role, affiliation."""
    if not part.body:
        page.empty(part, _OFFICIALS)
        return
    body = joined(part.body, PERSON_ROLE_LABELS, lambda text: shapes.code(_OFFICIAL_ROLES, text) is not None)
    blocks = _official_blocks(body)
    lines = span(part.body)
    if blocks is None:
        page.set(_OFFICIALS, "ambiguous", None, [line.text for line in part.body], lines)
        return
    values = [{"name": name, "role": role, "affiliation": place} for name, role, place in blocks]
    whole = all(value["name"] for value in values) and all(
        value["role"] is None or shapes.is_code(_OFFICIAL_ROLES, value["role"]) for value in values
    )
    names = [value["name"] for value in values]
    vouching = [line.text for line in body if line.text in names or len(body) <= 3 or page.occurrences(line.text) == 1]
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
    if len(between) == 1 and (organisation_like(between[0]) or not DEGREE.search(between[0])):
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
        if DEGREE.search(between[0]) or (person_like(between[0]) and not organisation_like(between[0])):
            return None, [(between[0], None)]
        return (between[0], []) if organisation_like(between[0]) else None
    if len(between) == 2 and not DEGREE.search(between[0]):
        return between[0], [(between[1] or None, None)]
    return _people(between[0], between[1:]) if not DEGREE.search(between[0]) else _people(None, between)


def _people(
    affiliation: str | None, lines: Sequence[str]
) -> tuple[str | None, list[tuple[str | None, str | None]]] | None:
    """People in lines of which every name is plainly a person and every affiliation plainly an organisation."""
    people: list[tuple[str | None, str | None]] = []
    for text in lines:
        if not text:
            continue
        is_person = bool(DEGREE.search(text)) or (person_like(text) and not organisation_like(text))
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
    role = labelled(text, PERSON_ROLE_LABELS)
    if role is not None:
        return "role", shapes.code("ContactRole", role) or role, None
    if shapes.is_code("ContactRole", text) or text in ("primary", "backup"):
        return "role", text, None
    label = find_label(text, _CONTACT_LABELS)
    if label is not None and label.rest:
        return _labelled_contact(_CONTACT_KINDS[label.name.upper()], label.rest, marked=label.shown != text)
    if shapes.is_email(text):
        return "email", text, None
    if (inner := shapes.extension(text)) is not None:
        return "phoneExt", inner, None
    found = shapes.phone(text)
    return ("phone", found[0], found[1]) if found is not None else None


def _labelled_contact(leaf: str, text: str, marked: bool) -> tuple[str, str, str | None] | None:
    """A value behind "Phone", "Email", "Ext"; without a colon (not `marked`) it must have the shape too."""
    number = shapes.phone(text) if leaf == "phone" else None
    if number is not None:
        return leaf, number[0], number[1]
    fits = shapes.is_email(text) if leaf == "email" else text.isdigit() if leaf == "phoneExt" else False
    return (leaf, text, None) if marked or fits else None


def _is_odd_phone(body: Sequence[Line], place: int) -> bool:
    """Whether a line of no known shape stands where the telephone number does: below the role, above the e-mail."""
    following = _contact_kind(body[place + 1].text) if place + 1 < len(body) else None
    return following is not None and following[0] == "email" and not person_like(body[place].text)


def read_contacts(page: Page, part: Part, field: str, leaves: tuple[str, ...]) -> None:
    """Contacts: name, role, phone, extension, e-mail, in any subset. `leaves` are in every value, null when lost."""
    if not part.body:
        page.empty(part, field)
        return
    blocks: list[dict[str, str]] = []
    broken = False
    body = joined(
        part.body, PERSON_ROLE_LABELS, lambda text: _contact_kind(f"Role: {text}") is not None and " " not in text
    )
    body = joined(body, _CONTACT_LABELS, lambda text: _contact_kind(text) is not None)
    for place, line in enumerate(body):
        kind = _contact_kind(line.text)
        if kind is None and blocks and "name" in blocks[-1] and len(blocks[-1]) == 1 and organisation_like(line.text):
            kind = ("facility", line.text, None)
        if kind is None and blocks and set(blocks[-1]) == {"name", "role"} and _is_odd_phone(body, place):
            kind, broken = ("phone", line.text, None), True
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
    page.set(field, "damaged" if broken else "present", values, [line.text for line in body], span(part.body))


def read_central_contacts(page: Page, part: Part) -> None:
    """The study's own contacts."""
    read_contacts(page, part, _CENTRAL, ("name", "role", "phone", "phoneExt", "email"))


def read_facility_contacts(page: Page, part: Part) -> None:
    """Contacts of single sites; the page names the site seldom."""
    read_contacts(page, part, "page.facilityContacts", ("name", "role", "phone", "email", "facility"))
