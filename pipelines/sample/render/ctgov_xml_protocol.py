"""The protocol of a study as elements of the public legacy XML, in the order of its schema.

Belongs here: everything above `<clinical_results>`. Does not: results (ctgov_xml_results.py), layout
(ctgov_xml_text.py).
"""

from __future__ import annotations

from typing import Any

from pipelines.sample.render import ctgov_xml_words as words
from pipelines.sample.render.ctgov_xml_text import Element, group, leaf, lines_of, long_date, textblock

Json = dict[str, Any]
_ANTICIPATED = {"ACTUAL": "Actual", "ESTIMATED": "Anticipated"}
_ESTIMATE = {"ACTUAL": "Actual", "ESTIMATED": "Estimate"}


def protocol_elements(study: Json) -> list[Element]:
    """The elements from `required_header` to `pending_results`."""
    protocol = study["protocolSection"]
    status = protocol.get("statusModule", {})
    return [
        *_identity(protocol),
        *_sponsors(protocol),
        *_oversight(protocol.get("oversightModule", {})),
        *textblock("brief_summary", protocol.get("descriptionModule", {}).get("briefSummary"), 2),
        *textblock("detailed_description", protocol.get("descriptionModule", {}).get("detailedDescription"), 2),
        *leaf("overall_status", words.sentence(status.get("overallStatus"))),
        *leaf("last_known_status", words.sentence(status.get("lastKnownStatus"))),
        *leaf("why_stopped", lines_of(status.get("whyStopped"))),
        *_dated("start_date", status.get("startDateStruct"), _ANTICIPATED),
        *_dated("completion_date", status.get("completionDateStruct"), _ANTICIPATED),
        *_dated("primary_completion_date", status.get("primaryCompletionDateStruct"), _ANTICIPATED),
        *_design(protocol),
        *_outcomes(protocol.get("outcomesModule", {})),
        *_arms(protocol),
        *_eligibility(protocol.get("eligibilityModule", {})),
        *_people_and_places(study, protocol.get("contactsLocationsModule", {})),
        *_references(protocol.get("referencesModule", {})),
        *_registration(status),
        *_responsible(protocol.get("sponsorCollaboratorsModule", {}).get("responsibleParty", {})),
        *(
            one
            for keyword in protocol.get("conditionsModule", {}).get("keywords", ())
            for one in leaf("keyword", keyword)
        ),
        *_registry(study, protocol),
    ]


def _identity(protocol: Json) -> list[Element]:
    module = protocol["identificationModule"]
    return [
        *group(
            "required_header",
            leaf("download_date", "ClinicalTrials.gov processed this data on May 31, 2024"),
            leaf("link_text", "Link to the current ClinicalTrials.gov record."),
            leaf("url", f"https://clinicaltrials.gov/show/{module['nctId']}"),
        ),
        *group(
            "id_info",
            leaf("org_study_id", module.get("orgStudyIdInfo", {}).get("id")),
            *(leaf("secondary_id", one["id"]) for one in module.get("secondaryIdInfos", ())),
            leaf("nct_id", module["nctId"]),
            *(leaf("nct_alias", alias) for alias in module.get("nctIdAliases", ())),
        ),
        *leaf("brief_title", module.get("briefTitle")),
        *leaf("acronym", module.get("acronym")),
        *leaf("official_title", module.get("officialTitle")),
    ]


def _sponsors(protocol: Json) -> list[Element]:
    module = protocol.get("sponsorCollaboratorsModule", {})
    source = protocol["identificationModule"].get("organization", {}).get("fullName")
    return [
        *group(
            "sponsors",
            _agency("lead_sponsor", module.get("leadSponsor", {})),
            *(_agency("collaborator", one) for one in module.get("collaborators", ())),
        ),
        *leaf("source", source),
    ]


def _agency(tag: str, sponsor: Json) -> list[Element]:
    kind = sponsor.get("class")
    return group(
        tag,
        leaf("agency", sponsor.get("name")),
        leaf("agency_class", None if kind is None else words.AGENCY_CLASS.get(kind, "Other")),
    )


def _oversight(module: Json) -> list[Element]:
    return group(
        "oversight_info",
        leaf("has_dmc", module.get("oversightHasDmc")),
        leaf("is_fda_regulated_drug", module.get("isFdaRegulatedDrug")),
        leaf("is_fda_regulated_device", module.get("isFdaRegulatedDevice")),
        leaf("is_unapproved_device", module.get("isUnapprovedDevice")),
        leaf("is_ppsd", module.get("isPpsd")),
        leaf("is_us_export", module.get("isUsExport")),
    )


def _dated(tag: str, struct: Json | None, types: dict[str, str]) -> list[Element]:
    if not struct or "date" not in struct:
        return []
    attributes = {"type": types[struct["type"]]} if "type" in struct else {}
    return leaf(tag, long_date(struct["date"]), **attributes)


def _design(protocol: Json) -> list[Element]:
    module = protocol.get("designModule", {})
    kind = module.get("studyType")
    study_type = "Observational [Patient Registry]" if module.get("patientRegistry") else words.title(kind)
    access = module.get("expandedAccessTypes", {})
    has_access = protocol.get("statusModule", {}).get("expandedAccessInfo", {}).get("hasExpandedAccess")
    design = module.get("designInfo", {})
    return [
        *leaf("phase", "/".join(words.PHASE[phase] for phase in module.get("phases", ()))),
        *leaf("study_type", study_type),
        *leaf("has_expanded_access", has_access),
        *group(
            "expanded_access_info",
            *(
                leaf(f"expanded_access_type_{one}", access.get(one))
                for one in ("individual", "intermediate", "treatment")
            ),
        ),
        *group(
            "study_design_info",
            leaf("allocation", words.word(design.get("allocation"), words.ALLOCATION)),
            leaf("intervention_model", words.word(design.get("interventionModel"), words.MODEL)),
            leaf("intervention_model_description", lines_of(design.get("interventionModelDescription"))),
            leaf("primary_purpose", words.word(design.get("primaryPurpose"), words.PURPOSE)),
            leaf("observational_model", words.word(design.get("observationalModel"), words.OBSERVATIONAL)),
            leaf("time_perspective", words.word(design.get("timePerspective"), words.PERSPECTIVE)),
            _masking(design.get("maskingInfo", {})),
        ),
        *leaf("target_duration", module.get("targetDuration")),
    ]


def _masking(info: Json) -> list[Element]:
    text = words.word(info.get("masking"), words.MASKING)
    masked = ", ".join(words.title(one) or "" for one in info.get("whoMasked", ()))
    return [
        *leaf("masking", f"{text} ({masked})" if masked else text),
        *leaf("masking_description", lines_of(info.get("maskingDescription"))),
    ]


def _outcomes(module: Json) -> list[Element]:
    return [
        element
        for kind in ("primary", "secondary", "other")
        for outcome in module.get(f"{kind}Outcomes", ())
        for element in group(
            f"{kind}_outcome",
            leaf("measure", outcome.get("measure")),
            leaf("time_frame", outcome.get("timeFrame")),
            leaf("description", lines_of(outcome.get("description"))),
        )
    ]


def _arms(protocol: Json) -> list[Element]:
    design, module = protocol.get("designModule", {}), protocol.get("armsInterventionsModule", {})
    arms = module.get("armGroups", ())
    enrollment = design.get("enrollmentInfo", {})
    enrollment_type = {"type": _ANTICIPATED[enrollment["type"]]} if "type" in enrollment else {}
    return [
        *leaf(
            "number_of_arms" if design.get("studyType") == "INTERVENTIONAL" else "number_of_groups", len(arms) or None
        ),
        *leaf("enrollment", enrollment.get("count"), **enrollment_type),
        *(
            one
            for text in protocol.get("conditionsModule", {}).get("conditions", ())
            for one in leaf("condition", text)
        ),
        *(
            element
            for arm in arms
            for element in group(
                "arm_group",
                leaf("arm_group_label", arm.get("label")),
                leaf("arm_group_type", words.title(arm.get("type"))),
                leaf("description", lines_of(arm.get("description"))),
            )
        ),
        *(
            element
            for intervention in module.get("interventions", ())
            for element in group(
                "intervention",
                leaf("intervention_type", words.title(intervention.get("type"))),
                leaf("intervention_name", intervention.get("name")),
                leaf("description", lines_of(intervention.get("description"))),
                *(leaf("arm_group_label", label) for label in intervention.get("armGroupLabels", ())),
                *(leaf("other_name", name) for name in intervention.get("otherNames", ())),
            )
        ),
        *leaf("biospec_retention", words.word(design.get("bioSpec", {}).get("retention"), words.RETENTION)),
        *textblock("biospec_descr", design.get("bioSpec", {}).get("description"), 2),
    ]


def _eligibility(module: Json) -> list[Element]:
    volunteers = module.get("healthyVolunteers")
    return group(
        "eligibility",
        textblock("study_pop", module.get("studyPopulation"), 3),
        leaf("sampling_method", words.word(module.get("samplingMethod"), words.SAMPLING)),
        textblock("criteria", module.get("eligibilityCriteria"), 3),
        leaf("gender", words.title(module.get("sex"))),
        leaf("gender_based", module.get("genderBased")),
        leaf("gender_description", lines_of(module.get("genderDescription"))),
        leaf("minimum_age", module.get("minimumAge", "N/A")),
        leaf("maximum_age", module.get("maximumAge", "N/A")),
        leaf(
            "healthy_volunteers", None if volunteers is None else "Accepts Healthy Volunteers" if volunteers else "No"
        ),
    )


def _contact(tag: str, contact: Json) -> list[Element]:
    return group(
        tag,
        leaf("last_name", contact.get("name")),
        leaf("phone", contact.get("phone")),
        leaf("phone_ext", contact.get("phoneExt")),
        leaf("email", contact.get("email")),
    )


def _people_and_places(study: Json, module: Json) -> list[Element]:
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


def _references(module: Json) -> list[Element]:
    elements: list[Element] = []
    for link in module.get("seeAlsoLinks", ()):
        elements += group("link", leaf("url", link.get("url")), leaf("description", lines_of(link.get("label"))))
    for kind, tag in (("BACKGROUND", "reference"), ("RESULT", "results_reference")):
        for reference in module.get("references", ()):
            if reference.get("type") == kind:
                elements += group(tag, leaf("citation", reference.get("citation")), leaf("PMID", reference.get("pmid")))
    return elements


def _registration(status: Json) -> list[Element]:
    elements = leaf("verification_date", long_date(status.get("statusVerifiedDate")))
    for tag, name in (
        ("study_first", "studyFirst"),
        ("results_first", "resultsFirst"),
        ("disposition_first", "dispFirst"),
    ):
        elements += leaf(f"{tag}_submitted", long_date(status.get(f"{name}SubmitDate")))
        elements += leaf(f"{tag}_submitted_qc", long_date(status.get(f"{name}SubmitQcDate")))
        elements += _dated(f"{tag}_posted", status.get(f"{name}PostDateStruct"), _ESTIMATE)
    elements += leaf("last_update_submitted", long_date(status.get("lastUpdateSubmitDate")))
    elements += leaf("last_update_submitted_qc", long_date(status.get("lastUpdateSubmitDate")))
    return elements + _dated("last_update_posted", status.get("lastUpdatePostDateStruct"), _ESTIMATE)


def _responsible(party: Json) -> list[Element]:
    return group(
        "responsible_party",
        leaf("name_title", party.get("oldNameTitle")),
        leaf("organization", party.get("oldOrganization")),
        leaf("responsible_party_type", words.word(party.get("type"), words.RESPONSIBLE)),
        leaf("investigator_affiliation", party.get("investigatorAffiliation")),
        leaf("investigator_full_name", party.get("investigatorFullName")),
        leaf("investigator_title", party.get("investigatorTitle")),
    )


def _registry(study: Json, protocol: Json) -> list[Element]:
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
