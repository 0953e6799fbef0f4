"""Synthetic studies as an AACT export: a zip of pipe-delimited tables.

Belongs here: the archive, and the tables of identification, sponsors and design. Does not: the protocol's other tables
(aact_flat_lists.py), results (aact_flat_results.py), the form of the files (aact_flat_tables.py), what a reader gets
back (aact_flat_carried.py).

Written after AACT's own loading code, and not after trialmart's mapping of it.
"""

from __future__ import annotations

import calendar
import io
import zipfile
from collections.abc import Sequence
from typing import Final

from pipelines.sample.draft import Json
from pipelines.sample.render.aact_flat_carried import carried
from pipelines.sample.render.aact_flat_lists import add_lists
from pipelines.sample.render.aact_flat_results import add_results
from pipelines.sample.render.aact_flat_tables import Export, Value, at, listed

__all__ = ["add_study", "carried", "render_file", "render_tables"]

_LOADED: Final = "2026-07-02 12:47:06.403798"
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
    add_lists(export, nct_id, study)
    add_results(export, nct_id, study)
    sites = len(listed(protocol, "contactsLocationsModule", "locations"))
    export.add("calculated_values", nct_id, number_of_facilities=sites, has_single_facility=sites == 1)


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
    groups = len(listed(protocol, "armsInterventionsModule", "armGroups"))
    dates: dict[str, Value] = {}
    for name, struct in (
        ("start", "startDateStruct"),
        ("completion", "completionDateStruct"),
        ("primary_completion", "primaryCompletionDateStruct"),
    ):
        stated = at(status, struct, "date")
        dates[f"{name}_month_year"], dates[f"{name}_date"] = stated, padded(stated)
        dates[f"{name}_date_type"] = at(status, struct, "type")
    for name, word in (
        ("study_first", "studyFirst"),
        ("results_first", "resultsFirst"),
        ("disposition_first", "dispFirst"),
    ):
        dates[f"{name}_submitted_date"] = status.get(f"{word}SubmitDate")
        dates[f"{name}_submitted_qc_date"] = status.get(f"{word}SubmitQcDate")
        dates[f"{name}_posted_date"] = at(status, f"{word}PostDateStruct", "date")
        dates[f"{name}_posted_date_type"] = at(status, f"{word}PostDateStruct", "type")
    export.add(
        "studies",
        nct_id,
        **dates,
        last_update_submitted_date=status.get("lastUpdateSubmitDate"),
        last_update_submitted_qc_date=status.get("lastUpdateSubmitDate"),
        last_update_posted_date=at(status, "lastUpdatePostDateStruct", "date"),
        last_update_posted_date_type=at(status, "lastUpdatePostDateStruct", "type"),
        verification_month_year=status.get("statusVerifiedDate"),
        verification_date=padded(status.get("statusVerifiedDate")),
        target_duration=design.get("targetDuration"),
        study_type=design.get("studyType"),
        acronym=own.get("acronym"),
        baseline_population=at(baseline, "populationDescription"),
        baseline_type_units_analyzed=at(baseline, "typeUnitsAnalyzed"),
        brief_title=own.get("briefTitle"),
        official_title=own.get("officialTitle"),
        overall_status=status.get("overallStatus"),
        last_known_status=status.get("lastKnownStatus"),
        phase="/".join(design["phases"]) if design.get("phases") else None,
        enrollment=at(design, "enrollmentInfo", "count"),
        enrollment_type=at(design, "enrollmentInfo", "type"),
        source=at(own, "organization", "fullName"),
        source_class=at(own, "organization", "class"),
        limitations_and_caveats=at(results, "moreInfoModule", "limitationsAndCaveats", "description"),
        number_of_arms=groups if design.get("studyType") == "INTERVENTIONAL" else None,
        number_of_groups=groups if design.get("studyType") == "OBSERVATIONAL" else None,
        why_stopped=status.get("whyStopped"),
        has_expanded_access=at(status, "expandedAccessInfo", "hasExpandedAccess"),
        expanded_access_nctid=at(status, "expandedAccessInfo", "nctId"),
        expanded_access_status_for_nctid=at(status, "expandedAccessInfo", "statusForNctId"),
        expanded_access_type_individual=at(design, "expandedAccessTypes", "individual"),
        expanded_access_type_intermediate=at(design, "expandedAccessTypes", "intermediate"),
        expanded_access_type_treatment=at(design, "expandedAccessTypes", "treatment"),
        has_dmc=oversight.get("oversightHasDmc"),
        is_fda_regulated_drug=oversight.get("isFdaRegulatedDrug"),
        is_fda_regulated_device=oversight.get("isFdaRegulatedDevice"),
        is_unapproved_device=oversight.get("isUnapprovedDevice"),
        is_ppsd=oversight.get("isPpsd"),
        is_us_export=oversight.get("isUsExport"),
        fdaaa801_violation=oversight.get("fdaaa801Violation"),
        biospec_retention=at(design, "bioSpec", "retention"),
        biospec_description=at(design, "bioSpec", "description"),
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
    leads = [("lead", lead)] if lead else []
    for kind, one in [*leads, *(("collaborator", one) for one in sponsors.get("collaborators", ()))]:
        export.add("sponsors", nct_id, agency_class=one.get("class"), lead_or_collaborator=kind, name=one.get("name"))
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
            for one in listed(derived, module, name):
                term = one["term"]
                export.add(table, nct_id, mesh_term=term, downcase_mesh_term=term.lower(), mesh_type=kind)


def _design(export: Export, nct_id: str, protocol: Json) -> None:
    info = protocol.get("designModule", {}).get("designInfo")
    if info:
        masked = at(info, "maskingInfo", "whoMasked")
        flags: dict[str, Value] = {
            column: None if masked is None else role in masked
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
            masking=at(info, "maskingInfo", "masking"),
            masking_description=at(info, "maskingInfo", "maskingDescription"),
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
