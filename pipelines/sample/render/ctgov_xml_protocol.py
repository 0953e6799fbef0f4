"""The protocol of a study as elements of the public legacy XML, in the order of its schema.

Belongs here: everything up to `<eligibility>`. Does not: what follows (ctgov_xml_registry.py, ctgov_xml_results.py),
layout (ctgov_xml_text.py).
"""

from __future__ import annotations

from typing import Any

from pipelines.sample.render import ctgov_xml_words as words
from pipelines.sample.render.ctgov_xml_registry import (
    dated,
    people_and_places,
    references,
    registration,
    registry,
    responsible,
)
from pipelines.sample.render.ctgov_xml_text import Element, group, leaf, lines_of, long_date, textblock

Json = dict[str, Any]
_ANTICIPATED = {"ACTUAL": "Actual", "ESTIMATED": "Anticipated"}


def protocol_elements(study: Json) -> list[Element]:
    """The elements from `required_header` to `pending_results`."""
    protocol = study["protocolSection"]
    status = protocol.get("statusModule", {})
    return [
        *_identity(study),
        *_sponsors(protocol),
        *_oversight(protocol.get("oversightModule", {})),
        *textblock("brief_summary", protocol.get("descriptionModule", {}).get("briefSummary"), 2),
        *textblock("detailed_description", protocol.get("descriptionModule", {}).get("detailedDescription"), 2),
        *leaf("overall_status", words.sentence(status.get("overallStatus"))),
        *leaf("last_known_status", words.sentence(status.get("lastKnownStatus"))),
        *leaf("why_stopped", lines_of(status.get("whyStopped"))),
        *dated("start_date", status.get("startDateStruct"), _ANTICIPATED),
        *dated("completion_date", status.get("completionDateStruct"), _ANTICIPATED),
        *dated("primary_completion_date", status.get("primaryCompletionDateStruct"), _ANTICIPATED),
        *_design(protocol),
        *_outcomes(protocol.get("outcomesModule", {})),
        *_arms(protocol),
        *_eligibility(protocol.get("eligibilityModule", {})),
        *people_and_places(study, protocol.get("contactsLocationsModule", {})),
        *references(protocol.get("referencesModule", {})),
        *registration(status),
        *responsible(protocol.get("sponsorCollaboratorsModule", {}).get("responsibleParty", {})),
        *(
            one
            for keyword in protocol.get("conditionsModule", {}).get("keywords", ())
            for one in leaf("keyword", keyword)
        ),
        *registry(study, protocol),
    ]


def _identity(study: Json) -> list[Element]:
    protocol = study["protocolSection"]
    module = protocol["identificationModule"]
    stamp = study.get("derivedSection", {}).get("miscInfoModule", {}).get("versionHolder")
    return [
        *group(
            "required_header",
            leaf("download_date", stamp and f"ClinicalTrials.gov processed this data on {long_date(stamp)}"),
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
