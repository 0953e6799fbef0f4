"""The whole record of a synthetic study on the ISRCTN registry's form: the trial, its people and organisations.

Belongs here: `fullTrial` and what stands beside `trial` in it. Does not: the parts of `trial`.
"""

from __future__ import annotations

from pipelines.sample.render.isrctn.participants import conditions, files, interventions, participants, results
from pipelines.sample.render.isrctn.trial import description, design, references
from pipelines.sample.render.isrctn.words import SPONSOR_TYPE, Element, element
from pipelines.sample.render.registry_parts import Json, at, nct_digits, protocol


def full_trial(study: Json) -> Element:
    """The whole record: the trial, and the contacts, sponsors and funders that it points to."""
    lead = at(study, "sponsorCollaboratorsModule.leadSponsor") or {}
    funders = at(study, "sponsorCollaboratorsModule.collaborators") or []
    people = contacts(study)
    trial = _trial(study, len(people), len(funders))
    return element(
        "fullTrial",
        [
            trial,
            *(_contact(number, *one) for number, one in enumerate(people, start=1)),
            _sponsor(lead),
            *(element("funder", [element("name", one["name"])], id=f"funder-{n}") for n, one in enumerate(funders, 1)),
        ],
    )


def contacts(study: Json) -> list[tuple[Json, str]]:
    """(person, contact type) of everyone the form has a place for."""
    officials = at(study, "contactsLocationsModule.overallOfficials") or []
    found = [(one, "Principal investigator") for one in officials if one.get("role") == "PRINCIPAL_INVESTIGATOR"]
    return found + [(one, "Public") for one in at(study, "contactsLocationsModule.centralContacts") or []]


def _trial(study: Json, people: int, funders: int) -> Element:
    number, status = nct_digits(study), protocol(study)["statusModule"]
    first, last = status["studyFirstPostDateStruct"]["date"], status["lastUpdatePostDateStruct"]["date"]
    assigned = f"{first}T10:22:17.456Z"
    return element(
        "trial",
        [
            element("isrctn", number, dateAssigned=assigned),
            description(study),
            references(study, number),
            design(study),
            participants(study),
            conditions(study),
            interventions(study),
            results(study),
            element("outputs"),
            element(
                "parties",
                [element("funderId", f"funder-{n}") for n in range(1, funders + 1)]
                + [element("contactId", f"contact-{n}") for n in range(1, people + 1)]
                + [element("sponsorId", "sponsor-1")],
            ),
            element("miscellaneous", [element("ipdSharingPlan", _plan(study))]),
            files(study),
        ],
        lastUpdated=f"{last}T14:08:37.634588881Z",
        version="7",
        isPublished="true",
        publicIdentifierType="isrctn",
        publicIdentifierCanonical=f"ISRCTN{number}",
        publicIdentifierDateAssigned=assigned,
    )


def _plan(study: Json) -> str | None:
    return {"YES": "Yes", "NO": "No"}.get(at(study, "ipdSharingStatementModule.ipdSharing"))


def _contact(number: int, person: Json, kind: str) -> Element:
    forename, _, surname = person["name"].rpartition(" ")
    return element(
        "contact",
        [
            element("forename", forename),
            element("surname", surname),
            element("contactTypes", [element("contactType", kind)]),
            element(
                "contactDetails",
                [
                    element("country", "United Kingdom"),
                    element("telephone", person.get("phone")),
                    element("email", person.get("email")),
                ],
            ),
            element("privacy", "Public"),
        ],
        id=f"contact-{number}",
    )


def _sponsor(lead: Json) -> Element:
    kind = SPONSOR_TYPE.get(lead.get("class", ""), "Government" if lead.get("class") != "NETWORK" else "Not defined")
    return element(
        "sponsor",
        [
            element("organisation", lead.get("name")),
            element("sponsorType", kind),
            element("commercialStatus", "Commercial" if kind == "Industry" else "Non-commercial"),
        ],
        id="sponsor-1",
    )
