"""People, places, references, dates of registration and what the registry adds, as elements of the public legacy XML.

Belongs here: the parts of the protocol after `<eligibility>`. Does not: those before (ctgov_xml_protocol.py).
"""

from __future__ import annotations

from typing import Any

from pipelines.sample.render import ctgov_xml_words as words
from pipelines.sample.render.ctgov_xml_text import Element, group, leaf, lines_of, long_date

Json = dict[str, Any]
_ESTIMATE = {"ACTUAL": "Actual", "ESTIMATED": "Estimate"}


def dated(tag: str, struct: Json | None, types: dict[str, str]) -> list[Element]:
    """A date with its type, as `types` write it."""
    if not struct or "date" not in struct:
        return []
    attributes = {"type": types[struct["type"]]} if "type" in struct else {}
    return leaf(tag, long_date(struct["date"]), **attributes)


def _contact(tag: str, contact: Json) -> list[Element]:
    return group(
        tag,
        leaf("last_name", contact.get("name")),
        leaf("phone", contact.get("phone")),
        leaf("phone_ext", contact.get("phoneExt")),
        leaf("email", contact.get("email")),
    )


def people_and_places(study: Json, module: Json) -> list[Element]:
    """Officials, contacts, locations, countries."""
    elements: list[Element] = []
    for official in module.get("overallOfficials", ()):
        role = leaf("role", words.word(official.get("role"), words.ROLE))
        affiliation = leaf("affiliation", official.get("affiliation"))
        elements += group("overall_official", leaf("last_name", official.get("name")), role, affiliation)
    for place, contact in enumerate(module.get("centralContacts", ())):
        elements += _contact("overall_contact_backup" if place else "overall_contact", contact)
    locations = module.get("locations", ())
    for location in locations:
        elements += _location(location)
    countries = dict.fromkeys(one["country"] for one in locations if "country" in one)
    removed = study.get("derivedSection", {}).get("miscInfoModule", {}).get("removedCountries", ())
    elements += group("location_countries", *(leaf("country", country) for country in countries))
    return elements + group("removed_countries", *(leaf("country", country) for country in removed))


def _location(location: Json) -> list[Element]:
    contacts = location.get("contacts", ())
    plain = [one for one in contacts if one.get("role") == "CONTACT"]
    return group(
        "location",
        group(
            "facility",
            leaf("name", location.get("facility")),
            group("address", *(leaf(name, location.get(name)) for name in ("city", "state", "zip", "country"))),
        ),
        leaf("status", words.sentence(location.get("status"))),
        *(_contact("contact_backup" if place else "contact", one) for place, one in enumerate(plain)),
        *(
            group(
                "investigator",
                leaf("last_name", one.get("name")),
                leaf("role", words.word(one.get("role"), words.ROLE)),
            )
            for one in contacts
            if one.get("role") != "CONTACT"
        ),
    )


def references(module: Json) -> list[Element]:
    """Links and references."""
    elements: list[Element] = []
    for link in module.get("seeAlsoLinks", ()):
        elements += group("link", leaf("url", link.get("url")), leaf("description", lines_of(link.get("label"))))
    for kind, tag in (("BACKGROUND", "reference"), ("RESULT", "results_reference")):
        for reference in module.get("references", ()):
            if reference.get("type") == kind:
                elements += group(tag, leaf("citation", reference.get("citation")), leaf("PMID", reference.get("pmid")))
    return elements


def registration(status: Json) -> list[Element]:
    """Dates of the registration and its updates."""
    elements = leaf("verification_date", long_date(status.get("statusVerifiedDate")))
    for tag, name in (
        ("study_first", "studyFirst"),
        ("results_first", "resultsFirst"),
        ("disposition_first", "dispFirst"),
    ):
        elements += leaf(f"{tag}_submitted", long_date(status.get(f"{name}SubmitDate")))
        elements += leaf(f"{tag}_submitted_qc", long_date(status.get(f"{name}SubmitQcDate")))
        elements += dated(f"{tag}_posted", status.get(f"{name}PostDateStruct"), _ESTIMATE)
    elements += leaf("last_update_submitted", long_date(status.get("lastUpdateSubmitDate")))
    elements += leaf("last_update_submitted_qc", long_date(status.get("lastUpdateSubmitDate")))
    return elements + dated("last_update_posted", status.get("lastUpdatePostDateStruct"), _ESTIMATE)


def responsible(party: Json) -> list[Element]:
    """The responsible party."""
    return group(
        "responsible_party",
        leaf("name_title", party.get("oldNameTitle")),
        leaf("organization", party.get("oldOrganization")),
        leaf("responsible_party_type", words.word(party.get("type"), words.RESPONSIBLE)),
        leaf("investigator_affiliation", party.get("investigatorAffiliation")),
        leaf("investigator_full_name", party.get("investigatorFullName")),
        leaf("investigator_title", party.get("investigatorTitle")),
    )


def registry(study: Json, protocol: Json) -> list[Element]:
    """MeSH terms, data sharing, documents, pending results."""
    derived, ipd = study.get("derivedSection", {}), protocol.get("ipdSharingStatementModule", {})
    elements: list[Element] = []
    for kind in ("condition", "intervention"):
        meshes = derived.get(f"{kind}BrowseModule", {}).get("meshes", ())
        elements += group(f"{kind}_browse", *(leaf("mesh_term", mesh.get("term")) for mesh in meshes))
    elements += group(
        "patient_data",
        leaf("sharing_ipd", words.title(ipd.get("ipdSharing"))),
        leaf("ipd_description", lines_of(ipd.get("description"))),
        *(leaf("ipd_info_type", words.word(one, words.INFO_TYPE)) for one in ipd.get("infoTypes", ())),
        leaf("ipd_time_frame", lines_of(ipd.get("timeFrame"))),
        leaf("ipd_access_criteria", lines_of(ipd.get("accessCriteria"))),
        leaf("ipd_url", ipd.get("url")),
    )
    documents = protocol.get("referencesModule", {}).get("availIpds", ())
    elements += group("study_docs", *(_study_doc(document) for document in documents))
    large = study.get("documentSection", {}).get("largeDocumentModule", {}).get("largeDocs", ())
    nct_id = protocol["identificationModule"]["nctId"]
    elements += group("provided_document_section", *(_provided(document, nct_id) for document in large))
    unposted = study.get("annotationSection", {}).get("annotationModule", {}).get("unpostedAnnotation", {})
    tags = {"RELEASE": "submitted", "RESET": "returned", "UNRELEASE": "submission_canceled"}
    events = unposted.get("unpostedEvents", ())
    return elements + group(
        "pending_results", *(leaf(tags[one["type"]], long_date(one.get("date")) or "Unknown") for one in events)
    )


def _study_doc(document: Json) -> list[Element]:
    return group(
        "study_doc",
        leaf("doc_id", document.get("id")),
        leaf("doc_type", document.get("type")),
        leaf("doc_url", document.get("url")),
        leaf("doc_comment", lines_of(document.get("comment"))),
    )


def _provided(document: Json, nct_id: str) -> list[Element]:
    name = document.get("filename")
    return group(
        "provided_document",
        leaf("document_type", document.get("label")),
        leaf("document_has_protocol", document.get("hasProtocol")),
        leaf("document_has_icf", document.get("hasIcf")),
        leaf("document_has_sap", document.get("hasSap")),
        leaf("document_date", long_date(document.get("date"))),
        leaf("document_url", name and f"https://ClinicalTrials.gov/ProvidedDocs/{nct_id[-2:]}/{nct_id}/{name}"),
    )
