"""Synthetic studies as an AACT export: a zip of pipe-delimited tables.

Belongs here: the protocol's tables and the archive. Does not: the results tables (aact_flat_results.py), the form of the
files (aact_flat_tables.py), what a reader gets back (aact_flat_carried.py).

Written after AACT's own loading code, and not after trialmart's mapping of it.
"""

from __future__ import annotations

import calendar
import io
import re
import zipfile
from collections.abc import Sequence
from typing import Final

from pipelines.sample.draft import Json
from pipelines.sample.render.aact_flat_carried import carried
from pipelines.sample.render.aact_flat_results import add_results
from pipelines.sample.render.aact_flat_tables import Export, Value

__all__ = ["add_study", "carried", "render_file", "render_tables"]

_LOADED: Final = "2026-07-02 12:47:06.403798"
_INVESTIGATOR: Final = re.compile("investigator|study.chair", re.IGNORECASE)
_ZIP_TIME: Final = (2026, 7, 3, 0, 0, 0)


def render_file(studies: Sequence[Json]) -> bytes:
    """The export of these studies, as the archive that AACT offers."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in render_tables(studies).items():
            archive.writestr(zipfile.ZipInfo(f"{name}.txt", _ZIP_TIME), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def render_tables(studies: Sequence[Json]) -> dict[str, bytes]:
    """The files of the export by table, not packed."""
    export = Export()
    for study in studies:
        add_study(export, study)
    return export.files()


def add_study(export: Export, study: Json) -> None:
    """All rows of a study."""
    protocol = study["protocolSection"]
    nct_id = protocol["identificationModule"]["nctId"]
    _studies(export, nct_id, study)
    _identification(export, nct_id, protocol)
    _conditions(export, nct_id, study)
    _design(export, nct_id, protocol)
    _eligibility(export, nct_id, protocol)
    _contacts(export, nct_id, study)
    _references(export, nct_id, study)
    add_results(export, nct_id, study)
    sites = len(_list(protocol, "contactsLocationsModule", "locations"))
    export.add("calculated_values", nct_id, number_of_facilities=sites, has_single_facility=sites == 1)


def _at(holder: Json | None, *names: str) -> Value:
    for name in names:
        holder = (holder or {}).get(name)
    return holder  # type: ignore[return-value]  # leaves are scalars


def _list(holder: Json, *names: str) -> list[Json]:
    found = holder
    for name in names:
        found = found.get(name) or {}
    return found or []  # type: ignore[return-value]


def padded(value: Value) -> str | None:
    """A partial date as AACT's whole day: the last of the month or of the year."""
    if not isinstance(value, str):
        return None
    if len(value) == 4:
        return f"{value}-12-31"
    if len(value) == 7:
        return f"{value}-{calendar.monthrange(int(value[:4]), int(value[5:]))[1]:02d}"
    return value


def _studies(export: Export, nct_id: str, study: Json) -> None:
    protocol, results = study["protocolSection"], study.get("resultsSection", {})
    own, status = protocol["identificationModule"], protocol["statusModule"]
    design, oversight = protocol.get("designModule", {}), protocol.get("oversightModule", {})
    sharing, baseline = protocol.get("ipdSharingStatementModule", {}), results.get("baselineCharacteristicsModule")
    groups = len(_list(protocol, "armsInterventionsModule", "armGroups"))
    dates: dict[str, Value] = {}
    for name, struct in (
        ("start", "startDateStruct"),
        ("completion", "completionDateStruct"),
        ("primary_completion", "primaryCompletionDateStruct"),
    ):
        stated = _at(status, struct, "date")
        dates[f"{name}_month_year"], dates[f"{name}_date"] = stated, padded(stated)
        dates[f"{name}_date_type"] = _at(status, struct, "type")
    for name, word in (
        ("study_first", "studyFirst"),
        ("results_first", "resultsFirst"),
        ("disposition_first", "dispFirst"),
    ):
        dates[f"{name}_submitted_date"] = status.get(f"{word}SubmitDate")
        dates[f"{name}_submitted_qc_date"] = status.get(f"{word}SubmitQcDate")
        dates[f"{name}_posted_date"] = _at(status, f"{word}PostDateStruct", "date")
        dates[f"{name}_posted_date_type"] = _at(status, f"{word}PostDateStruct", "type")
    export.add(
        "studies",
        nct_id,
        **dates,
        last_update_submitted_date=status.get("lastUpdateSubmitDate"),
        last_update_submitted_qc_date=status.get("lastUpdateSubmitDate"),
        last_update_posted_date=_at(status, "lastUpdatePostDateStruct", "date"),
        last_update_posted_date_type=_at(status, "lastUpdatePostDateStruct", "type"),
        verification_month_year=status.get("statusVerifiedDate"),
        verification_date=padded(status.get("statusVerifiedDate")),
        target_duration=design.get("targetDuration"),
        study_type=design.get("studyType"),
        acronym=own.get("acronym"),
        baseline_population=_at(baseline, "populationDescription"),
        baseline_type_units_analyzed=_at(baseline, "typeUnitsAnalyzed"),
        brief_title=own.get("briefTitle"),
        official_title=own.get("officialTitle"),
        overall_status=status.get("overallStatus"),
        last_known_status=status.get("lastKnownStatus"),
        phase="/".join(design["phases"]) if design.get("phases") else None,
        enrollment=_at(design, "enrollmentInfo", "count"),
        enrollment_type=_at(design, "enrollmentInfo", "type"),
        source=_at(own, "organization", "fullName"),
        source_class=_at(own, "organization", "class"),
        limitations_and_caveats=_at(results, "moreInfoModule", "limitationsAndCaveats", "description"),
        number_of_arms=groups if design.get("studyType") == "INTERVENTIONAL" else None,
        number_of_groups=groups if design.get("studyType") == "OBSERVATIONAL" else None,
        why_stopped=status.get("whyStopped"),
        has_expanded_access=_at(status, "expandedAccessInfo", "hasExpandedAccess"),
        expanded_access_nctid=_at(status, "expandedAccessInfo", "nctId"),
        expanded_access_status_for_nctid=_at(status, "expandedAccessInfo", "statusForNctId"),
        expanded_access_type_individual=_at(design, "expandedAccessTypes", "individual"),
        expanded_access_type_intermediate=_at(design, "expandedAccessTypes", "intermediate"),
        expanded_access_type_treatment=_at(design, "expandedAccessTypes", "treatment"),
        has_dmc=oversight.get("oversightHasDmc"),
        is_fda_regulated_drug=oversight.get("isFdaRegulatedDrug"),
        is_fda_regulated_device=oversight.get("isFdaRegulatedDevice"),
        is_unapproved_device=oversight.get("isUnapprovedDevice"),
        is_ppsd=oversight.get("isPpsd"),
        is_us_export=oversight.get("isUsExport"),
        fdaaa801_violation=oversight.get("fdaaa801Violation"),
        biospec_retention=_at(design, "bioSpec", "retention"),
        biospec_description=_at(design, "bioSpec", "description"),
        ipd_time_frame=sharing.get("timeFrame"),
        ipd_access_criteria=sharing.get("accessCriteria"),
        ipd_url=sharing.get("url"),
        plan_to_share_ipd=sharing.get("ipdSharing"),
        plan_to_share_ipd_description=sharing.get("description"),
        delayed_posting=status.get("delayedPosting"),
        patient_registry=design.get("patientRegistry"),
        created_at=_LOADED,
        updated_at=_LOADED,
    )


def _identification(export: Export, nct_id: str, protocol: Json) -> None:
    own, sponsors = protocol["identificationModule"], protocol.get("sponsorCollaboratorsModule", {})
    for alias in own.get("nctIdAliases", ()):
        export.add("id_information", nct_id, id_source="nct_alias", id_value=alias)
    org = own.get("orgStudyIdInfo")
    if org:
        export.add(
            "id_information",
            nct_id,
            id_source="org_study_id",
            id_value=org.get("id"),
            id_type=org.get("type"),
            id_link=org.get("link"),
        )
    for one in own.get("secondaryIdInfos", ()):
        export.add(
            "id_information",
            nct_id,
            id_source="secondary_id",
            id_value=one.get("id"),
            id_type=one.get("type"),
            id_type_description=one.get("domain"),
            id_link=one.get("link"),
        )
    lead = sponsors.get("leadSponsor")
    listed = [("lead", lead)] if lead else []
    for kind, one in [*listed, *(("collaborator", one) for one in sponsors.get("collaborators", ()))]:
        export.add(
            "sponsors", nct_id, agency_class=one.get("class"), lead_or_collaborator=kind, name=one.get("name")
        )
    party = sponsors.get("responsibleParty")
    if party:
        export.add(
            "responsible_parties",
            nct_id,
            responsible_party_type=party.get("type"),
            name=party.get("investigatorFullName"),
            title=party.get("investigatorTitle"),
            organization=party.get("oldOrganization"),
            affiliation=party.get("investigatorAffiliation"),
            old_name_title=party.get("oldNameTitle"),
        )


def _conditions(export: Export, nct_id: str, study: Json) -> None:
    protocol = study["protocolSection"]
    texts, named = protocol.get("descriptionModule", {}), protocol.get("conditionsModule", {})
    export.add("brief_summaries", nct_id, description=texts.get("briefSummary"))
    export.add("detailed_descriptions", nct_id, description=texts.get("detailedDescription"))
    for table, names in (("conditions", named.get("conditions", ())), ("keywords", named.get("keywords", ()))):
        for name in names:
            export.add(table, nct_id, name=name, downcase_name=name.lower())
    derived = study.get("derivedSection", {})
    for table, module in (
        ("browse_conditions", "conditionBrowseModule"),
        ("browse_interventions", "interventionBrowseModule"),
    ):
        for kind, name in (("mesh-list", "meshes"), ("mesh-ancestor", "ancestors")):
            for one in _list(derived, module, name):
                term = one["term"]
                export.add(table, nct_id, mesh_term=term, downcase_mesh_term=term.lower(), mesh_type=kind)


def _design(export: Export, nct_id: str, protocol: Json) -> None:
    info = protocol.get("designModule", {}).get("designInfo")
    if info:
        masked = _at(info, "maskingInfo", "whoMasked")
        flags: dict[str, Value] = {
            column: None if masked is None else role in masked  # type: ignore[operator]  # a list
            for column, role in (
                ("subject_masked", "PARTICIPANT"),
                ("caregiver_masked", "CARE_PROVIDER"),
                ("investigator_masked", "INVESTIGATOR"),
                ("outcomes_assessor_masked", "OUTCOMES_ASSESSOR"),
            )
        }
        export.add(
            "designs",
            nct_id,
            **flags,
            allocation=info.get("allocation"),
            intervention_model=info.get("interventionModel"),
            observational_model=info.get("observationalModel"),
            primary_purpose=info.get("primaryPurpose"),
            time_perspective=info.get("timePerspective"),
            masking=_at(info, "maskingInfo", "masking"),
            masking_description=_at(info, "maskingInfo", "maskingDescription"),
            intervention_model_description=info.get("interventionModelDescription"),
        )
    arms = protocol.get("armsInterventionsModule", {})
    groups: dict[str, int] = {}
    for arm in arms.get("armGroups", ()):
        own = export.add(
            "design_groups",
            nct_id,
            group_type=arm.get("type"),
            title=arm.get("label"),
            description=arm.get("description"),
        )
        groups.setdefault(arm.get("label", ""), own)
    for one in arms.get("interventions", ()):
        own = export.add(
            "interventions",
            nct_id,
            intervention_type=one.get("type"),
            name=one.get("name"),
            description=one.get("description"),
        )
        for name in one.get("otherNames", ()):
            export.add("intervention_other_names", nct_id, intervention_id=own, name=name)
        for label in one.get("armGroupLabels", ()):
            export.add("design_group_interventions", nct_id, design_group_id=groups.get(label), intervention_id=own)


def _eligibility(export: Export, nct_id: str, protocol: Json) -> None:
    for kind, name in (("primary", "primaryOutcomes"), ("secondary", "secondaryOutcomes"), ("other", "otherOutcomes")):
        for one in _list(protocol, "outcomesModule", name):
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
        export.add(
            "central_contacts", nct_id, **_contact(one, number), role=one.get("role")
        )
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
            latitude=_at(site, "geoPoint", "lat"),
            longitude=_at(site, "geoPoint", "lon"),
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
    for country in _list(study.get("derivedSection", {}), "miscInfoModule", "removedCountries"):
        export.add("countries", nct_id, name=str(country), removed=True)


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
    for kind in protocol.get("ipdSharingStatementModule", {}).get("infoTypes", ()):
        export.add("ipd_information_types", nct_id, name=kind)
    for one in _list(study.get("documentSection", {}), "largeDocumentModule", "largeDocs"):
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
    for event in _list(annotation, "unpostedAnnotation", "unpostedEvents"):
        day = event.get("date")
        export.add("pending_results", nct_id, event=event.get("type"), event_date_description=day, event_date=day)
