"""The tables of an AACT export that hold outcomes, eligibility, people, sites, references, documents.

Belongs here: those tables. Does not: the others of the protocol (aact_flat.py), results (aact_flat_results.py).
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.sample.draft import Json
from pipelines.sample.render.aact_flat_tables import Export, Value, at, listed

_INVESTIGATOR: Final = re.compile("investigator|study.chair", re.IGNORECASE)


def add_lists(export: Export, nct_id: str, study: Json) -> None:
    """The rows of a study in these tables."""
    _eligibility(export, nct_id, study["protocolSection"])
    _contacts(export, nct_id, study)
    _references(export, nct_id, study)


def _eligibility(export: Export, nct_id: str, protocol: Json) -> None:
    for kind, name in (("primary", "primaryOutcomes"), ("secondary", "secondaryOutcomes"), ("other", "otherOutcomes")):
        for one in listed(protocol, "outcomesModule", name):
            export.add(
                "design_outcomes",
                nct_id,
                outcome_type=kind,
                measure=one.get("measure"),
                time_frame=one.get("timeFrame"),
                description=one.get("description"),
            )
    rules = protocol.get("eligibilityModule")
    if not rules:
        return
    ages = rules.get("stdAges")
    export.add(
        "eligibilities",
        nct_id,
        sampling_method=rules.get("samplingMethod"),
        gender=rules.get("sex"),
        minimum_age=rules.get("minimumAge", "N/A"),
        maximum_age=rules.get("maximumAge", "N/A"),
        healthy_volunteers=rules.get("healthyVolunteers"),
        population=rules.get("studyPopulation"),
        criteria=rules.get("eligibilityCriteria"),
        gender_description=rules.get("genderDescription"),
        gender_based=rules.get("genderBased"),
        adult=None if ages is None else "ADULT" in ages,
        child=None if ages is None else "CHILD" in ages,
        older_adult=None if ages is None else "OLDER_ADULT" in ages,
    )


def _contacts(export: Export, nct_id: str, study: Json) -> None:
    module = study["protocolSection"].get("contactsLocationsModule", {})
    for number, one in enumerate(module.get("centralContacts", ())):
        export.add("central_contacts", nct_id, **_contact(one, number), role=one.get("role"))
    for one in module.get("overallOfficials", ()):
        export.add(
            "overall_officials",
            nct_id,
            role=one.get("role"),
            name=one.get("name"),
            affiliation=one.get("affiliation"),
        )
    countries: dict[str, None] = {}
    for site in module.get("locations", ()):
        own = export.add(
            "facilities",
            nct_id,
            status=site.get("status"),
            name=site.get("facility"),
            city=site.get("city"),
            state=site.get("state"),
            zip=site.get("zip"),
            country=site.get("country"),
            latitude=at(site, "geoPoint", "lat"),
            longitude=at(site, "geoPoint", "lon"),
        )
        if site.get("country"):
            countries.setdefault(site["country"])
        contacts = site.get("contacts", ())
        people = [one for one in contacts if _INVESTIGATOR.search(one.get("role", ""))]
        for number, one in enumerate(one for one in contacts if one not in people):
            export.add("facility_contacts", nct_id, facility_id=own, **_contact(one, number))
        for one in people:
            export.add("facility_investigators", nct_id, facility_id=own, role=one.get("role"), name=one.get("name"))
    for country in countries:
        export.add("countries", nct_id, name=country, removed=False)
    for gone in at(study, "derivedSection", "miscInfoModule", "removedCountries") or ():
        export.add("countries", nct_id, name=gone, removed=True)


def _contact(one: Json, number: int) -> dict[str, Value]:
    return {
        "contact_type": "backup" if number else "primary",
        "name": one.get("name"),
        "phone": one.get("phone"),
        "email": one.get("email"),
        "phone_extension": one.get("phoneExt"),
    }


def _references(export: Export, nct_id: str, study: Json) -> None:
    protocol = study["protocolSection"]
    module = protocol.get("referencesModule", {})
    for one in module.get("references", ()):
        own = export.add(
            "study_references",
            nct_id,
            pmid=one.get("pmid"),
            reference_type=one.get("type"),
            citation=one.get("citation"),
        )
        for back in one.get("retractions", ()):
            export.add("retractions", nct_id, reference_id=own, pmid=back.get("pmid"), source=back.get("source"))
    for one in module.get("seeAlsoLinks", ()):
        export.add("links", nct_id, url=one.get("url"), description=one.get("label"))
    for one in module.get("availIpds", ()):
        export.add(
            "documents",
            nct_id,
            document_id=one.get("id"),
            document_type=one.get("type"),
            url=one.get("url"),
            comment=one.get("comment"),
        )
    for name in protocol.get("ipdSharingStatementModule", {}).get("infoTypes", ()):
        export.add("ipd_information_types", nct_id, name=name)
    for one in listed(study.get("documentSection", {}), "largeDocumentModule", "largeDocs"):
        export.add(
            "provided_documents",
            nct_id,
            document_type=one.get("label"),
            has_protocol=one.get("hasProtocol"),
            has_icf=one.get("hasIcf"),
            has_sap=one.get("hasSap"),
            document_date=one.get("date"),
            url=f"https://ClinicalTrials.gov/ProvidedDocs/{nct_id[-2:]}/{nct_id}/{one.get('filename')}",
        )
    annotation = study.get("annotationSection", {}).get("annotationModule", {})
    for event in listed(annotation, "unpostedAnnotation", "unpostedEvents"):
        day = event.get("date")
        export.add("pending_results", nct_id, event=event.get("type"), event_date_description=day, event_date=day)
