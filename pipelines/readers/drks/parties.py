"""People and organisations of a DRKS record in the study's own fields.

Belongs here: who leads, who pays, who answers questions. Does not: their addresses, which stay in the register's
section.
"""

from __future__ import annotations

from pipelines.readers.study_parts import Struct, part, put

_SECOND_SPONSOR = "SECONDARY_SPONSOR"
_QUERIES = frozenset({"SCIENTIFIC_QUERIES", "PUBLIC_QUERIES"})
_INVESTIGATOR = "PRINCIPAL_COORDINATING_INVESTIGATOR"
_OTHER = "COLLABORATOR_OTHER_ADDRESS"


def make_parties(study: Struct, own: Struct) -> None:
    """Lead sponsor, collaborators, central contacts and officials from the register's contacts and supports."""
    lead: str | None = None
    others: list[str] = []
    for contact in own.get("contacts", ()):
        role = _role(contact)
        if role == "PRIMARY_SPONSOR":
            lead = lead or _organisation(contact)
        elif role == _SECOND_SPONSOR:
            others.append(_organisation(contact))
        elif role in _QUERIES:
            _place(study, "centralContacts", contact, role="CONTACT")
        elif role == _INVESTIGATOR:
            _place(study, "overallOfficials", contact, role="PRINCIPAL_INVESTIGATOR")
    supports = own.get("supports", ())
    others += map(_organisation, supports)
    commercial = {_organisation(support) for support in supports if support.get("type") == "COMMERCIAL"}
    sponsors = [
        {"name": name, "class": "INDUSTRY"} if name in commercial else {"name": name}
        for name in dict.fromkeys([lead or "", *others])
    ]
    module = "protocolSection.sponsorCollaboratorsModule"
    put(study, f"{module}.leadSponsor", sponsors[0] if lead else None)
    put(study, f"{module}.collaborators", [one for one in sponsors[1:] if one["name"]])


def _role(contact: Struct) -> str | None:
    """A contact's type; that of "other address" is in a field of its own."""
    if contact.get("type") == _OTHER:
        other: str = contact.get("otherType") or ""
        return other.removeprefix("OTHER_") or None
    return contact.get("type")


def _organisation(contact: Struct) -> str:
    return contact.get("affiliation") or _person(contact)


def _person(contact: Struct) -> str:
    return " ".join(filter(None, (contact.get("title"), contact.get("firstName"), contact.get("lastName"))))


def _place(study: Struct, where: str, contact: Struct, role: str) -> None:
    name = _person(contact) or contact.get("affiliation")
    if not name:
        return
    found = {"name": name, "role": role}
    if where == "centralContacts":
        found |= {"phone": contact.get("phone"), "email": contact.get("email")}
    else:
        found["affiliation"] = contact.get("affiliation")
    listed = part(study, "protocolSection.contactsLocationsModule").setdefault(where, [])
    if found not in listed:
        listed.append(found)
