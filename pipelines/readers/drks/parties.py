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
    collaborators = []
    for contact in own.get("contacts", ()):
        role = _role(contact)
        if role == "PRIMARY_SPONSOR":
            name = contact.get("affiliation") or _person(contact)
            put(study, "protocolSection.sponsorCollaboratorsModule.leadSponsor", {"name": name} if name else None)
        elif role == _SECOND_SPONSOR:
            collaborators.append({"name": contact.get("affiliation") or _person(contact)})
        elif role in _QUERIES:
            _place(study, "centralContacts", contact, role="CONTACT")
        elif role == _INVESTIGATOR:
            _place(study, "overallOfficials", contact, role="PRINCIPAL_INVESTIGATOR")
    for support in own.get("supports", ()):
        collaborator = {"name": support.get("affiliation") or _person(support)}
        if support.get("type") == "COMMERCIAL":
            collaborator["class"] = "INDUSTRY"
        collaborators.append(collaborator)
    named = {one["name"]: one for one in reversed(collaborators) if one["name"]}
    lead = study.get("protocolSection", {}).get("sponsorCollaboratorsModule", {}).get("leadSponsor", {}).get("name")
    found = [one for name, one in reversed(named.items()) if name != lead]
    put(study, "protocolSection.sponsorCollaboratorsModule.collaborators", found)


def _role(contact: Struct) -> str | None:
    """A contact's type; that of "other address" is in a field of its own."""
    if contact.get("type") == _OTHER:
        other: str = contact.get("otherType") or ""
        return other.removeprefix("OTHER_") or None
    return contact.get("type")


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
