/* ---
title: Fields of the record
says: >-
  The current version. State: as reading left it, for formats that can lose things (present, present unlabelled, ambiguous,
  damaged, inferred, derived, empty, absent); given or not given for formats that cannot. Lines are those of the raw text.
  Names of contacts and investigators are left out of these pages.
columns:
  field: {label: Field}
  value: {label: Value, kind: long}
  state: {label: State, kind: state}
  line_start: {label: From line, kind: number, optional: true}
  line_end: {label: To line, kind: number, optional: true}
  reason: {label: Why not as it stands, wide: true, optional: true}
  path: {label: Path in the study shape, kind: code, wide: true}
parameters: [record_key]
--- */
WITH record AS (
    SELECT
        brief_title,
        official_title,
        acronym,
        registry_id,
        organization_name,
        lead_sponsor,
        lead_sponsor_class,
        overall_status,
        last_known_status,
        why_stopped,
        start_raw,
        start_type,
        primary_completion_raw,
        primary_completion_type,
        completion_raw,
        completion_type,
        first_submitted_raw,
        first_posted_raw,
        results_first_submitted_raw,
        results_first_posted_raw,
        last_update_submitted_raw,
        last_update_posted_raw,
        verified_raw,
        has_results,
        study_type,
        phase,
        allocation,
        intervention_model,
        primary_purpose,
        masking,
        observational_model,
        time_perspective,
        enrollment,
        enrollment_type,
        sex,
        minimum_age,
        maximum_age,
        healthy_volunteers,
        study_population,
        eligibility_criteria,
        brief_summary,
        ipd_sharing,
        is_fda_regulated_drug,
        is_fda_regulated_device
    FROM core.record
    WHERE record_key = $record_key
),

said AS (
    SELECT 1 AS place, 'Brief title' AS field, 'protocolSection.identificationModule.briefTitle' AS path, brief_title::VARCHAR AS value FROM record
    UNION ALL
    SELECT 2, 'Official title', 'protocolSection.identificationModule.officialTitle', official_title::VARCHAR FROM record
    UNION ALL
    SELECT 3, 'Acronym', 'protocolSection.identificationModule.acronym', acronym::VARCHAR FROM record
    UNION ALL
    SELECT 4, 'Registry id', 'protocolSection.identificationModule.nctId', registry_id::VARCHAR FROM record
    UNION ALL
    SELECT 5, 'Organisation', 'protocolSection.identificationModule.organization.fullName', organization_name::VARCHAR FROM record
    UNION ALL
    SELECT 6, 'Lead sponsor', 'protocolSection.sponsorCollaboratorsModule.leadSponsor.name', lead_sponsor::VARCHAR FROM record
    UNION ALL
    SELECT 7, 'Class of the lead sponsor', 'protocolSection.sponsorCollaboratorsModule.leadSponsor.class', lead_sponsor_class::VARCHAR FROM record
    UNION ALL
    SELECT 8, 'Overall status', 'protocolSection.statusModule.overallStatus', overall_status::VARCHAR FROM record
    UNION ALL
    SELECT 9, 'Last known status', 'protocolSection.statusModule.lastKnownStatus', last_known_status::VARCHAR FROM record
    UNION ALL
    SELECT 10, 'Why stopped', 'protocolSection.statusModule.whyStopped', why_stopped::VARCHAR FROM record
    UNION ALL
    SELECT 11, 'Start', 'protocolSection.statusModule.startDateStruct.date', start_raw::VARCHAR FROM record
    UNION ALL
    SELECT 12, 'Start is', 'protocolSection.statusModule.startDateStruct.type', start_type::VARCHAR FROM record
    UNION ALL
    SELECT 13, 'Primary completion', 'protocolSection.statusModule.primaryCompletionDateStruct.date', primary_completion_raw::VARCHAR FROM record
    UNION ALL
    SELECT 14, 'Primary completion is', 'protocolSection.statusModule.primaryCompletionDateStruct.type', primary_completion_type::VARCHAR FROM record
    UNION ALL
    SELECT 15, 'Completion', 'protocolSection.statusModule.completionDateStruct.date', completion_raw::VARCHAR FROM record
    UNION ALL
    SELECT 16, 'Completion is', 'protocolSection.statusModule.completionDateStruct.type', completion_type::VARCHAR FROM record
    UNION ALL
    SELECT 17, 'First submitted', 'protocolSection.statusModule.studyFirstSubmitDate', first_submitted_raw::VARCHAR FROM record
    UNION ALL
    SELECT 18, 'First posted', 'protocolSection.statusModule.studyFirstPostDateStruct.date', first_posted_raw::VARCHAR FROM record
    UNION ALL
    SELECT 19, 'Results first submitted', 'protocolSection.statusModule.resultsFirstSubmitDate', results_first_submitted_raw::VARCHAR FROM record
    UNION ALL
    SELECT 20, 'Results first posted', 'protocolSection.statusModule.resultsFirstPostDateStruct.date', results_first_posted_raw::VARCHAR FROM record
    UNION ALL
    SELECT 21, 'Last update submitted', 'protocolSection.statusModule.lastUpdateSubmitDate', last_update_submitted_raw::VARCHAR FROM record
    UNION ALL
    SELECT 22, 'Last update posted', 'protocolSection.statusModule.lastUpdatePostDateStruct.date', last_update_posted_raw::VARCHAR FROM record
    UNION ALL
    SELECT 23, 'Last verified', 'protocolSection.statusModule.statusVerifiedDate', verified_raw::VARCHAR FROM record
    UNION ALL
    SELECT 24, 'Results posted', 'hasResults', has_results::VARCHAR FROM record
    UNION ALL
    SELECT 25, 'Study type', 'protocolSection.designModule.studyType', study_type::VARCHAR FROM record
    UNION ALL
    SELECT 26, 'Phase', 'protocolSection.designModule.phases', phase::VARCHAR FROM record
    UNION ALL
    SELECT 27, 'Allocation', 'protocolSection.designModule.designInfo.allocation', allocation::VARCHAR FROM record
    UNION ALL
    SELECT 28, 'Intervention model', 'protocolSection.designModule.designInfo.interventionModel', intervention_model::VARCHAR FROM record
    UNION ALL
    SELECT 29, 'Primary purpose', 'protocolSection.designModule.designInfo.primaryPurpose', primary_purpose::VARCHAR FROM record
    UNION ALL
    SELECT 30, 'Masking', 'protocolSection.designModule.designInfo.maskingInfo.masking', masking::VARCHAR FROM record
    UNION ALL
    SELECT 31, 'Observational model', 'protocolSection.designModule.designInfo.observationalModel', observational_model::VARCHAR FROM record
    UNION ALL
    SELECT 32, 'Time perspective', 'protocolSection.designModule.designInfo.timePerspective', time_perspective::VARCHAR FROM record
    UNION ALL
    SELECT 33, 'Participants', 'protocolSection.designModule.enrollmentInfo.count', enrollment::VARCHAR FROM record
    UNION ALL
    SELECT 34, 'Participants are', 'protocolSection.designModule.enrollmentInfo.type', enrollment_type::VARCHAR FROM record
    UNION ALL
    SELECT 35, 'Sex', 'protocolSection.eligibilityModule.sex', sex::VARCHAR FROM record
    UNION ALL
    SELECT 36, 'Minimum age', 'protocolSection.eligibilityModule.minimumAge', minimum_age::VARCHAR FROM record
    UNION ALL
    SELECT 37, 'Maximum age', 'protocolSection.eligibilityModule.maximumAge', maximum_age::VARCHAR FROM record
    UNION ALL
    SELECT 38, 'Healthy volunteers', 'protocolSection.eligibilityModule.healthyVolunteers', healthy_volunteers::VARCHAR FROM record
    UNION ALL
    SELECT 39, 'Study population', 'protocolSection.eligibilityModule.studyPopulation', study_population::VARCHAR FROM record
    UNION ALL
    SELECT 40, 'Eligibility criteria', 'protocolSection.eligibilityModule.eligibilityCriteria', eligibility_criteria::VARCHAR FROM record
    UNION ALL
    SELECT 41, 'Brief summary', 'protocolSection.descriptionModule.briefSummary', brief_summary::VARCHAR FROM record
    UNION ALL
    SELECT 42, 'Data sharing', 'protocolSection.ipdSharingStatementModule.ipdSharing', ipd_sharing::VARCHAR FROM record
    UNION ALL
    SELECT 43, 'Regulated as a drug by the FDA', 'protocolSection.oversightModule.isFdaRegulatedDrug', is_fda_regulated_drug::VARCHAR FROM record
    UNION ALL
    SELECT 44, 'Regulated as a device by the FDA', 'protocolSection.oversightModule.isFdaRegulatedDevice', is_fda_regulated_device::VARCHAR FROM record
    UNION ALL
    SELECT 45, 'Conditions', 'protocolSection.conditionsModule.conditions', string_agg(condition, '; ' ORDER BY position)
    FROM core.condition WHERE record_key = $record_key
    UNION ALL
    SELECT 46, 'Keywords', 'protocolSection.conditionsModule.keywords', string_agg(keyword, '; ' ORDER BY position)
    FROM core.keyword WHERE record_key = $record_key
    UNION ALL
    SELECT 47, 'Interventions', 'protocolSection.armsInterventionsModule.interventions', string_agg(name, '; ' ORDER BY position)
    FROM core.intervention WHERE record_key = $record_key
    UNION ALL
    SELECT 48, 'Arms', 'protocolSection.armsInterventionsModule.armGroups', string_agg(label, '; ' ORDER BY position)
    FROM core.arm_group WHERE record_key = $record_key
    UNION ALL
    SELECT 49, 'Primary outcomes', 'protocolSection.outcomesModule.primaryOutcomes', string_agg(measure, '; ' ORDER BY position)
    FROM core.outcome WHERE record_key = $record_key AND outcome_type ILIKE 'primary'
    UNION ALL
    SELECT 50, 'Secondary outcomes', 'protocolSection.outcomesModule.secondaryOutcomes', string_agg(measure, '; ' ORDER BY position)
    FROM core.outcome WHERE record_key = $record_key AND outcome_type ILIKE 'secondary'
    UNION ALL
    SELECT 51, 'Collaborators', 'protocolSection.sponsorCollaboratorsModule.collaborators', string_agg(name, '; ' ORDER BY position)
    FROM core.sponsor WHERE record_key = $record_key AND role ILIKE 'collaborator'
    UNION ALL
    SELECT 52, 'Countries', 'countries', string_agg(country, '; ' ORDER BY position)
    FROM core.country WHERE record_key = $record_key
),

-- The first row of a path: a list has one for itself and may have some for its items.
read AS (
    SELECT position, replace(field, '[]', '') AS path, state, line_start, line_end, reason, value
    FROM core.field_state
    WHERE record_key = $record_key
    QUALIFY row_number() OVER (PARTITION BY replace(field, '[]', '') ORDER BY position) = 1
)

SELECT
    coalesce(said.field, read.path) AS field,
    CASE
        WHEN said.path IS NOT NULL THEN coalesce(said.value, read.value)
        WHEN read.path NOT SIMILAR TO '.*(ontact|fficial|nvestigator|articipant|esponsibleParty).*' THEN read.value
    END AS value,
    coalesce(read.state, CASE WHEN said.value IS NULL THEN 'not given' ELSE 'given' END) AS state,
    read.line_start,
    read.line_end,
    read.reason,
    coalesce(said.path, read.path) AS path
FROM said
FULL JOIN read ON read.path = said.path
ORDER BY said.place NULLS LAST, read.position
