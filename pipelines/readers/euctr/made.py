"""What is worked out from several fields of the form (the mapping's `made`).

Belongs here: plain functions from the record's tree to parts of the study. Does not: fields with a place of their own
(the mapping), products (products.py), end points (outcomes.py).
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.readers.euctr.countries import THIRD_COUNTRY, country_code, country_name
from pipelines.readers.euctr.outcomes import outcomes
from pipelines.readers.euctr.products import interventions
from pipelines.readers.euctr.record import Tree
from pipelines.readers.study_parts import pruned, whole

Struct = dict[str, Any]
_LINK = re.compile(r"/trial/(?P<number>[0-9]{4}-[0-9]{6}-[0-9]{2})/(?P<country>[A-Za-z]{2}|3rd)\b", re.IGNORECASE)
_PHASES = (("E.7.1", "PHASE1"), ("E.7.2", "PHASE2"), ("E.7.3", "PHASE3"), ("E.7.4", "PHASE4"))
_MASKING = (("E.8.1.2", "NONE"), ("E.8.1.3", "SINGLE"), ("E.8.1.4", "DOUBLE"))
_MODEL = (("E.8.1.5", "PARALLEL"), ("E.8.1.6", "CROSSOVER"), ("E.8.1.7", ""))
_PURPOSE = (("E.6.1", "DIAGNOSTIC"), ("E.6.2", "PREVENTION"), ("E.6.3", "TREATMENT"))
_AGES = (("F.1.1", "CHILD"), ("F.1.2", "ADULT"), ("F.1.3", "OLDER_ADULT"))


def text(tree: Tree, name: str) -> str | None:
    """The text of a field; lines of several values one below the other; None where it is not there."""
    value = tree.get(name)
    if value is None:
        return None
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def yes(tree: Tree, name: str) -> bool | None:
    """Whether a field says Yes or No; None where it is not there or says something else."""
    word = (text(tree, name) or "").split("(")[0].strip().casefold()
    return {"yes": True, "no": False}.get(word)


def record_id(tree: Tree) -> str | None:
    """The record's own id: EudraCT number and country; the number alone where no country is told, None without one."""
    link = _LINK.search(text(tree, "Link") or "")
    number = text(tree, "EudraCT Number") or text(tree, "A.2") or (link["number"] if link else None)
    if number is None:
        return None
    country = link["country"] if link else _country(tree)
    if country is None:
        return number
    return f"{number}-{country.upper() if len(country) == 2 else THIRD_COUNTRY}"


def _country(tree: Tree) -> str | None:
    for name in ("A.1", "National Competent Authority"):
        code = country_code(text(tree, name) or "")
        if code is not None:
            return code
    return THIRD_COUNTRY if "outside eu" in (text(tree, "Clinical Trial Type") or "").casefold() else None


def make(tree: Tree) -> Struct:
    """The parts of the protocol section that are made, absent ones left out."""
    made: Struct = {
        "sponsorCollaboratorsModule": _sponsors(tree),
        "conditionsModule": {"conditions": _conditions(tree)},
        "designModule": _design(tree),
        "armsInterventionsModule": {"interventions": interventions(tree)},
        "outcomesModule": {
            "primaryOutcomes": outcomes(text(tree, "E.5.1"), text(tree, "E.5.1.1")),
            "secondaryOutcomes": outcomes(text(tree, "E.5.2"), text(tree, "E.5.2.1")),
        },
        "eligibilityModule": _eligibility(tree),
        "contactsLocationsModule": _places(tree),
    }
    return pruned(made)


def _conditions(tree: Tree) -> list[str]:
    """What stands in for an empty E.1.1: the condition in easily understood language, else MedDRA's terms."""
    lay = text(tree, "E.1.1.1")
    terms = [text(one, "Term") for one in tree.get("E.1.2", ())]
    return [lay] if lay else list(dict.fromkeys(term for term in terms if term))


def _sponsors(tree: Tree) -> Struct:
    sponsors = tree.get("Sponsor", [])
    names = [text(sponsor, "B.1.1") for sponsor in sponsors]
    lead = names[0] if names else None
    helpers = [name for name in names[1:] if name]
    helpers += [text(support, "B.4.1") or "" for sponsor in sponsors for support in sponsor.get("B.4", ())]
    others = dict.fromkeys(name for name in helpers if name and name.casefold() != (lead or "").casefold())
    is_commercial = bool(sponsors) and (text(sponsors[0], "B.3.1 and B.3.2") or "").casefold() == "commercial"
    return {
        "leadSponsor": {"name": lead, "class": "INDUSTRY" if lead and is_commercial else None},
        "collaborators": [{"name": name} for name in others],
    }


def _design(tree: Tree) -> Struct:
    allocation = None
    if yes(tree, "E.8.1.1") is not None:
        arms = whole(text(tree, "E.8.2.4") or "")
        unallocated = ("NA" if arms == 1 else "NON_RANDOMIZED") if arms else None
        allocation = "RANDOMIZED" if yes(tree, "E.8.1.1") else unallocated
    count = _enrollment(tree)
    return {
        "studyType": "INTERVENTIONAL",
        "phases": [phase for name, phase in _PHASES if yes(tree, name)],
        "designInfo": {
            "allocation": allocation,
            "interventionModel": _only(tree, _MODEL),
            "primaryPurpose": _only(tree, _PURPOSE),
            "maskingInfo": {"masking": _only(tree, _MASKING)},
        },
        "enrollmentInfo": {"count": count, "type": None if count is None else "ESTIMATED"},
    }


def _only(tree: Tree, choices: tuple[tuple[str, str], ...]) -> str | None:
    """What the one flag stands for that is Yes; None where none is, or more than one."""
    found = [value for name, value in choices if yes(tree, name)]
    return found[0] if len(found) == 1 else None


def _enrollment(tree: Tree) -> int | None:
    world, here = text(tree, "F.4.2.2") or "", text(tree, "F.4.1") or ""
    if (everywhere := whole(world)) is not None:
        return everywhere
    is_alone = yes(tree, "E.8.5") is False and not yes(tree, "E.8.6.1") and not yes(tree, "E.8.6.2")
    return whole(here) if is_alone and not world else None


def _eligibility(tree: Tree) -> Struct:
    parts = [
        f"{heading} Criteria:\n\n{criteria}"
        for heading, criteria in (("Inclusion", text(tree, "E.3")), ("Exclusion", text(tree, "E.4")))
        if criteria
    ]
    sexes = {(True, True): "ALL", (True, False): "FEMALE", (False, True): "MALE"}
    return {
        "eligibilityCriteria": "\n\n".join(parts),
        "sex": sexes.get((bool(yes(tree, "F.2.1")), bool(yes(tree, "F.2.2")))),
        "stdAges": [age for name, age in _AGES if yes(tree, name)],
    }


def _places(tree: Tree) -> Struct:
    country = country_name(text(tree, "A.1") or text(tree, "National Competent Authority") or "")
    contacts = []
    for sponsor in tree.get("Sponsor", ()):
        contact = {"name": text(sponsor, "B.5.2"), "phone": text(sponsor, "B.5.4"), "email": text(sponsor, "B.5.6")}
        contact = pruned(contact)
        if contact and {**contact, "role": "CONTACT"} not in contacts:
            contacts.append({**contact, "role": "CONTACT"})
    return {"centralContacts": contacts, "locations": [{"country": country}] if country else []}
