"""People and organisations of an ISRCTN record in the study's own fields.

Belongs here: who leads, who pays, who answers questions. Does not: their addresses, which stay in the registry's
section.
"""

from __future__ import annotations

from pipelines.readers.study_parts import Struct, part, put

_INVESTIGATOR = "principal investigator"
_INSTITUTION_TYPES = frozenset(
    {
        "university/education",
        "hospital/treatment centre",
        "research organisation",
        "charity",
        "other associations",
    }
)
"""Types of sponsor that ClinicalTrials.gov has no class of its own for (OTHER)."""


def make_parties(study: Struct, own: Struct) -> None:
    """Lead sponsor, collaborators, contacts and officials from the registry's contacts, sponsors and funders."""
    sponsors = [_sponsor(one) for one in own.get("sponsors", ()) if one.get("organisation")]
    if sponsors:
        put(study, "protocolSection.sponsorCollaboratorsModule.leadSponsor", sponsors[0])
    names = {one["name"] for one in sponsors}
    funders = [{"name": one["name"]} for one in own.get("funders", ()) if one.get("name") and one["name"] not in names]
    put(study, "protocolSection.sponsorCollaboratorsModule.collaborators", sponsors[1:] + funders)
    for contact in own.get("contacts", ()):
        _place(study, contact)


def _sponsor(one: Struct) -> Struct:
    """Name and class of a sponsor; the class stays open where its type is a government or not defined."""
    kind = one.get("sponsorType", "").strip().lower()
    sponsor = {"name": one["organisation"]}
    if one.get("commercialStatus", "").strip().lower() == "commercial" or kind == "industry":
        sponsor["class"] = "INDUSTRY"
    elif kind in _INSTITUTION_TYPES:
        sponsor["class"] = "OTHER"
    return sponsor


def _place(study: Struct, contact: Struct) -> None:
    name = " ".join(filter(None, (contact.get("title"), contact.get("forename"), contact.get("surname"))))
    if not name:
        return
    kinds = {kind.strip().lower() for kind in contact.get("contactTypes", ())}
    module = part(study, "protocolSection.contactsLocationsModule")
    if _INVESTIGATOR in kinds:
        module.setdefault("overallOfficials", []).append({"name": name, "role": "PRINCIPAL_INVESTIGATOR"})
    if not kinds or kinds - {_INVESTIGATOR}:
        found = {"name": name, "role": "CONTACT", "phone": contact.get("telephone"), "email": contact.get("email")}
        module.setdefault("centralContacts", []).append(found)
