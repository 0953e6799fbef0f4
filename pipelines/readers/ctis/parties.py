"""Sponsors, contacts, places, arms, products and references of a CTIS record in the study shape.

Belongs here: lists of the study that are put together from nested parts of the record. Does not: the record's own
tables (the mapping).
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.readers.ctis.facts import country, information, look, member_states, part_one, said, text, truth
from pipelines.readers.ctis.layout import Tree, items_of, structs

Struct = dict[str, Any]
_NAMES = ("productDictionaryInfo/prodName", "productName", "nameDisplay", "productDictionaryInfo/productOtherName")
_SUBSTANCES = ("productDictionaryInfo/activeSubstanceName", "productDictionaryInfo/activeSubstanceOtherDescriptiveName")
_CODES = ("productDictionaryInfo/sponsorProductCode", "sponsorProductCodeEdit")


def sponsors(tree: Tree, classes: dict[str, Any]) -> Struct:
    """The sponsor module. `classes` gives the class of an organisation's type."""
    listed = structs(part_one(tree).get("sponsors"))
    lead = next((one for one in listed if truth(one.get("primary"))), listed[0] if len(listed) == 1 else None)
    name, kind = text(lead, "organisation/name"), text(lead, "organisation/type")
    helpers: list[str | None] = []
    if not listed:
        name, kind, helpers = _listed_sponsors(text(tree, "sponsor"), text(tree, "sponsorType"))
    helpers += [text(one, "organisation/name") for one in listed if one is not lead]
    helpers += [text(one, "organisationName") for one in structs(information(tree).get("sourceOfMonetarySupport"))]
    others = dict.fromkeys(one for one in helpers if one and one.casefold() != (name or "").casefold())
    return {
        "leadSponsor": {"name": name, "class": _class_of(kind, classes) if name else None},
        "collaborators": [{"name": one} for one in others],
    }


def _listed_sponsors(names: str | None, kinds: str | None) -> tuple[str | None, str | None, list[str | None]]:
    """Name and type of the first sponsor of a search list, and the other names: a list has sponsor and co-sponsors in
    one text, their types in another. Names can hold commas themselves, so they are told apart by as many types only."""
    every, types = [re.split(r",\s*", one or "") for one in (names, kinds)]
    if len(types) > 1 and len(every) == len(types):
        return every[0], types[0], [*every[1:]]
    return names, kinds, []


def _class_of(kind: str | None, classes: dict[str, Any]) -> str | None:
    """The class of an organisation's type. A search list gives the types of all sponsors: one class, or none."""
    folded = {word.casefold(): found for word, found in classes.items()}
    found = {folded.get(one.strip().casefold()) for one in (kind or "").split(",")}
    return found.pop() if len(found) == 1 else None


def places(tree: Tree) -> Struct:
    """The contacts and locations module."""
    contacts = []
    for sponsor in structs(part_one(tree).get("sponsors")):
        for one in (*structs(sponsor.get("publicContacts")), *structs(sponsor.get("scientificContacts"))):
            contact = _contact(text(one, "functionalName"), text(one, "telephone"), text(one, "functionalEmailAddress"))
            if contact and contact not in contacts:
                contacts.append(contact)
    locations: list[Struct] = []
    for part in member_states(tree):
        sites = [_site(part, site) for site in structs(part.get("trialSites"))]
        locations.extend(sites or [_present({"country": country(part), "countryCode": _code(part)})])
    locations.extend(
        _present({"country": text(one, "name"), "countryCode": text(one, "isoAlpha2Code")})
        for one in structs(part_one(tree).get("rowCountriesInfo"))
    )
    return {"centralContacts": contacts, "locations": [one for one in locations if one]}


def join_site_contacts(tree: Tree) -> None:
    """Give the phone and e-mail of a site's address to its person, where the person has none. What the person says as
    well leaves the address; another number or e-mail stays there, and is kept."""
    for part in member_states(tree):
        for site in structs(part.get("trialSites")):
            address, person = site.get("organisationAddressInfo"), site.get("personInfo")
            if not isinstance(address, dict):
                continue
            for own, name in (("phone", "telephone"), ("email", "email")):
                stated, of_person = text(address, own), text(person, name)
                if stated is None or of_person is None or stated.casefold() == of_person.casefold():
                    address.pop(own, None)
                if stated is not None and of_person is None:
                    person = site["personInfo"] = {**(person if isinstance(person, dict) else {}), name: stated}


def _code(part: Tree) -> str | None:
    return text(part, "mscInfo/organisationInfo/memberStateCountryCode")


def _site(part: Tree, site: Tree) -> Struct:
    person = f"{text(site, 'personInfo/firstName') or ''} {text(site, 'personInfo/lastName') or ''}".strip()
    info = "organisationAddressInfo"
    contact = _contact(
        person or None,
        text(site, "personInfo/telephone"),
        text(site, "personInfo/email"),
    )
    return _present(
        {
            "facility": text(site, f"{info}/organisation/name"),
            "city": text(site, f"{info}/address/city"),
            "zip": text(site, f"{info}/address/postcode"),
            "country": text(site, f"{info}/address/countryName") or country(part),
            "countryCode": _code(part),
            "contacts": [contact] if contact else None,
        }
    )


def _contact(name: str | None, phone: str | None, email: str | None) -> Struct:
    found = _present({"name": name, "phone": phone, "email": email})
    return {**found, "role": "CONTACT"} if found else {}


def _present(struct: Struct) -> Struct:
    return {name: value for name, value in struct.items() if value is not None}


def arms(tree: Tree) -> list[Struct]:
    """Arms of all periods, those of one title once."""
    found: dict[str, Struct] = {}
    for period in structs(look(part_one(tree), "trialDetails/protocolInformation/studyDesign/periodDetails")):
        for arm in structs(period.get("armDetails")):
            label = text(arm, "title")
            if label is not None:
                found.setdefault(label, _present({"label": label, "description": text(arm, "description")}))
    return list(found.values())


def interventions(tree: Tree) -> list[Struct]:
    """One intervention for each product that has a name; products named alike are one."""
    found: dict[str, Struct] = {}
    taken: dict[str, set[str]] = {}
    for product in structs(part_one(tree).get("products")):
        names = [name for path in (*_NAMES, *_SUBSTANCES, *_CODES) if (name := text(product, path))]
        if not names:
            continue
        known = found.setdefault(names[0].casefold(), {"name": names[0]})
        kind = _type(product)
        if kind is not None:
            known.setdefault("type", kind)
        others = known.get("otherNames", [])
        folded = taken.setdefault(names[0].casefold(), {names[0].casefold()})
        for name in names[1:]:
            if name.casefold() not in folded:
                folded.add(name.casefold())
                others.append(name)
        if others:
            known["otherNames"] = others
    if not found and not structs(part_one(tree).get("products")):
        listed = text(tree, "product")
        return [{"name": listed}] if listed else []
    return list(found.values())


def _type(product: Tree) -> str | None:
    substances = structs(look(product, "productDictionaryInfo/productSubstances"))
    origins = {str(one.get("substanceOrigin") or one.get("actSubstOrigin") or "").casefold() for one in substances}
    if origins == {"chemical"}:
        return "DRUG"
    return "BIOLOGICAL" if origins and all(origin.startswith("biological") for origin in origins) else None


def references(tree: Tree) -> Struct:
    """The references module: PubMed numbers and links."""
    details = part_one(tree).get("trialDetails")
    codes, links = (items_of(look(details, name)) for name in ("pubmedCode", "pubmedUrl"))
    pmids = [str(one).strip() for one in codes if str(one).strip().isdigit()]
    urls = [one for one in links if isinstance(one, str) and said(one)]
    return {"references": [{"pmid": one} for one in pmids], "seeAlsoLinks": [{"url": one} for one in urls]}
