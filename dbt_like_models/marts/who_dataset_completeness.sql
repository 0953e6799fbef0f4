/* ---
description: >-
  How complete each record is by the trial registration data set of the WHO (version 1.3.1, 24 items). An item is
  present (true), absent (false), or not evaluable (NULL): the format cannot carry it, the layout lost it, or it does
  not apply. Only presence is judged, not whether a value is right; that is for the rules.
grain: one row per record
owner: team:warehouse
tags: [marts, quality]
materialised: table
incremental: record_key
columns:
  record_key:
    type: VARCHAR
    description: The record, as in core.record.
    tests: [not_null, unique, {relationships: core.record.record_key}]
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  registry_id: {type: VARCHAR, description: "The registry's own id."}
  source_format: {type: VARCHAR, description: "The raw format the record was read from.", tests: [not_null]}
  study_type: {type: VARCHAR, description: "INTERVENTIONAL, OBSERVATIONAL or EXPANDED_ACCESS."}
  has_trial_id:
    type: BOOLEAN
    description: >-
      1 Primary registry and trial id: core.record.registry_id.
  has_registration_date:
    type: BOOLEAN
    description: >-
      2 Date of registration: first submitted or first posted.
  has_secondary_ids:
    type: BOOLEAN
    description: >-
      3 Secondary identifying numbers: the organisation's study id (staging.study.org_study_id), secondary ids or the
      other identifiers of a page, but for repetitions of the trial id. Only some trials have any.
  has_funding:
    type: BOOLEAN
    description: >-
      4 Source of monetary or material support: any sponsor or collaborator (core.sponsor). ClinicalTrials.gov has no
      field of its own; the WHO portal refers to the sponsors in its place.
  has_primary_sponsor:
    type: BOOLEAN
    description: >-
      5 Primary sponsor: core.record.lead_sponsor.
  has_secondary_sponsors:
    type: BOOLEAN
    description: >-
      6 Secondary sponsors: collaborators (core.sponsor of role collaborator). Only some trials have any. Not
      evaluable as well where a page has names without a role.
  has_public_contact:
    type: BOOLEAN
    description: >-
      7 Contact for public queries: a contact for the whole study, or for a site in a role other than investigator,
      with a name, telephone or e-mail (core.contact). Absent only while participants are to be found (status, or last
      known status, NOT_YET_RECRUITING, RECRUITING or AVAILABLE): the registry takes contacts off its page afterwards.
  has_scientific_contact:
    type: BOOLEAN
    description: >-
      8 Contact for scientific queries: an overall official (core.official).
  has_public_title:
    type: BOOLEAN
    description: >-
      9 Public title: core.record.brief_title. Not evaluable where a page does not say which title it shows.
  has_scientific_title:
    type: BOOLEAN
    description: >-
      10 Scientific title: core.record.official_title.
  has_countries:
    type: BOOLEAN
    description: >-
      11 Countries of recruitment: core.country.
  has_condition:
    type: BOOLEAN
    description: >-
      12 Health condition studied: core.condition, or the conditions of a page as written.
  has_intervention:
    type: BOOLEAN
    description: >-
      13 Interventions: core.record.intervention_count. Absent only for interventional studies and expanded access; an
      observational study may have none.
  has_eligibility:
    type: BOOLEAN
    description: >-
      14 Key inclusion and exclusion criteria: core.record.eligibility_criteria.
  has_design:
    type: BOOLEAN
    description: >-
      15 Study type: the type, with it for interventional studies a phase (NA counts) and an element of the design
      (allocation, model, purpose or masking), for observational ones a model or time perspective.
  has_first_enrollment:
    type: BOOLEAN
    description: >-
      16 Date of first enrolment: core.record.start_raw, reached or expected.
  has_sample_size:
    type: BOOLEAN
    description: >-
      17 Sample size: core.record.enrollment, reached or aimed at.
  has_recruitment_status:
    type: BOOLEAN
    description: >-
      18 Recruitment status: core.record.overall_status, or words of the registry that have no counterpart there (WHO
      ICTRP, ChiCTR, DRKS, EUCTR, CTIS).
  has_primary_outcomes:
    type: BOOLEAN
    description: >-
      19 Primary outcomes: core.record.primary_outcome_count.
  has_secondary_outcomes:
    type: BOOLEAN
    description: >-
      20 Key secondary outcomes: core.outcome of type SECONDARY. Only some trials have any.
  has_ethics_review:
    type: BOOLEAN
    description: >-
      21 Ethics review: a status, date or committee of a review in the formats that carry one (WHO ICTRP, ChiCTR, DRKS, ISRCTN,
      EUCTR). Never absent: ClinicalTrials.gov does not publish it.
  has_completion_date:
    type: BOOLEAN
    description: >-
      22 Completion date: core.record.completion_raw, reached or expected.
  has_results:
    type: BOOLEAN
    description: >-
      23 Summary results: posted in the registry (core.record.has_results). Absent only where the study is COMPLETED
      or TERMINATED: before, there are none to post.
  has_ipd_statement:
    type: BOOLEAN
    description: >-
      24 Statement on sharing individual participant data: core.record.ipd_sharing, whatever it says.
  items_present: {type: INTEGER, description: "Items that are present.", tests: [not_null]}
  items_evaluable: {type: INTEGER, description: "Items that are present or absent.", tests: [not_null]}
  completeness: {type: DOUBLE, description: "items_present / items_evaluable; NULL where no item is evaluable."}
  absent_items: {type: VARCHAR, description: "The absent items in words, in the order of the WHO, joined by '; '; empty when none is.", tests: [not_null]}
metrics:
  completeness:
    meaning: "How much of what the WHO asks of a registration the record holds."
    formula: "items_present / items_evaluable"
    caveat: "Says nothing about right or wrong. Items 3, 6 and 20 are rightly absent where a trial has no such thing, which no format tells from a gap. Records of different formats rest on different items: look at items_evaluable. Presence counts in every format, absence only where the layout is known to show the item: a format unknown to this model seems complete, on few items."
  items_evaluable:
    meaning: "On how many of the 24 items the completeness rests."
    formula: "items that are true or false"
    caveat: "At most 23 for ClinicalTrials.gov, which does not publish the ethics review. For expanded access the items on dates, size, outcomes and data sharing do not apply."
--- */
-- Formats of ClinicalTrials.gov that show all items but the ethics review, so that what is missing was not registered; the public XML has had
-- the statement on sharing since 2016 only (2026-11). All others show an item only where core.field_state says so. Of a study that is
-- WITHHELD the registry shows next to nothing by law.
WITH layout AS (
    SELECT
        record_key,
        standing = 'whole' AND source_format IN ('ctgov_v2', 'ctgov_classic_json', 'ctgov_classic_xml', 'ctgov_xml')
            AND overall_status IS DISTINCT FROM 'WITHHELD' AS is_whole,
        source_format IN ('ctgov_v2', 'ctgov_classic_json', 'ctgov_classic_xml') AS shows_sharing
    FROM core.record
),

-- A field that is lost, damaged or not told apart shows nothing; an empty one shows that there was nothing.
shown AS (
    SELECT record_key, list(DISTINCT field ORDER BY field) AS fields
    FROM core.field_state
    WHERE state IN ('present', 'present_unlabelled', 'inferred', 'derived', 'empty')
    GROUP BY record_key
),

unclear_title AS (
    SELECT
        record_key,
        bool_or(field = 'protocolSection.identificationModule.briefTitle') AS is_brief_title,
        bool_or(field = 'protocolSection.identificationModule.officialTitle') AS is_official_title
    FROM core.field_state
    WHERE state = 'ambiguous'
    GROUP BY record_key
),

unclear AS (
    SELECT
        record.record_key,
        coalesce(unclear_title.is_brief_title, false) AS is_brief_title,
        coalesce(unclear_title.is_official_title, false) AS is_official_title
    FROM core.record AS record
    LEFT JOIN unclear_title USING (record_key)
),

record AS (
    SELECT
        record_key, version_id, registry, registry_id, source_format, study_type, phase, overall_status,
        CASE WHEN overall_status = 'UNKNOWN' THEN last_known_status ELSE overall_status END AS seeking_status,
        brief_title, official_title, lead_sponsor, first_submitted_raw, first_posted_raw, start_raw, completion_raw,
        results_first_posted_raw, has_results, enrollment, allocation, intervention_model, primary_purpose, masking,
        observational_model, time_perspective, eligibility_criteria, ipd_sharing, intervention_count,
        primary_outcome_count
    FROM core.record
),

-- Collected by version, as staged; an id that only repeats the trial's own is none.
stated_id AS (
    SELECT version_id, org_study_id AS id FROM staging.study
    UNION ALL
    SELECT version_id, id FROM staging.secondary_id
    UNION ALL
    SELECT version_id, id FROM staging.page_other_identifier
),

other_id AS (
    SELECT DISTINCT record.record_key
    FROM stated_id
    JOIN record USING (version_id)
    WHERE trim(stated_id.id) <> '' AND upper(trim(stated_id.id)) IS DISTINCT FROM upper(record.registry_id)
),

sponsor AS (
    SELECT
        record_key,
        count(*) AS sponsor_count,
        count(*) FILTER (WHERE role = 'collaborator') AS collaborator_count,
        count(*) FILTER (WHERE role IS NULL) AS roleless_count
    FROM core.sponsor
    WHERE trim(name) <> ''
    GROUP BY record_key
),

contact AS (
    SELECT DISTINCT record_key
    FROM core.contact
    WHERE coalesce(name, phone, email) IS NOT NULL
        AND (level = 'central' OR coalesce(role NOT IN ('PRINCIPAL_INVESTIGATOR', 'SUB_INVESTIGATOR'), true))
),

official AS (
    SELECT DISTINCT record_key FROM core.official WHERE trim(name) <> ''
),

country AS (
    SELECT DISTINCT record_key FROM core.country
),

condition AS (
    SELECT DISTINCT record_key FROM core.condition WHERE trim(condition) <> ''
),

-- The formats that carry a review, each in its own table.
ethics_review AS (
    SELECT version_id FROM staging.ictrp_ethics_review WHERE coalesce(status, approval_date, contact_name) IS NOT NULL
    UNION
    SELECT version_id FROM staging.chictr_ethics_review WHERE coalesce(status, approval_date, contact_name) IS NOT NULL
    UNION
    SELECT version_id FROM staging.drks_ethics_vote WHERE coalesce(vote, date_of_vote) IS NOT NULL
    UNION
    SELECT version_id FROM staging.isrctn_ethics_committee
    WHERE coalesce(approval_status, status_date, committee_name) IS NOT NULL
    UNION
    SELECT version_id FROM staging.isrctn WHERE ethics_approval IS NOT NULL
    UNION
    SELECT version_id FROM staging.euctr WHERE ethics_opinion IS NOT NULL
),

-- "Not recruiting" and "Ongoing" have no counterpart in overall_status, and yet say how recruitment stands.
worded_status AS (
    SELECT version_id FROM staging.ictrp WHERE recruitment_status <> 'Not Available'
    UNION
    SELECT version_id FROM staging.chictr WHERE recruitment_status IS NOT NULL
    UNION
    SELECT version_id FROM staging.drks WHERE recruitment_status IS NOT NULL
    UNION
    SELECT version_id FROM staging.euctr WHERE trial_status IS NOT NULL
    UNION
    SELECT version_id FROM staging.ctis WHERE public_status IS NOT NULL
),

secondary_outcome AS (
    SELECT DISTINCT record_key FROM core.outcome WHERE outcome_type = 'SECONDARY' AND trim(measure) <> ''
),

judged AS (
    SELECT
        record.record_key,
        record.registry,
        record.registry_id,
        record.source_format,
        record.study_type,
        CASE
            WHEN trim(record.registry_id) <> '' THEN true
            WHEN layout.is_whole OR list_contains(shown.fields, 'protocolSection.identificationModule.nctId') THEN false
        END AS has_trial_id,
        CASE
            WHEN record.first_submitted_raw IS NOT NULL OR record.first_posted_raw IS NOT NULL THEN true
            WHEN layout.is_whole OR list_has_all(shown.fields, [
                'protocolSection.statusModule.studyFirstSubmitDate',
                'protocolSection.statusModule.studyFirstPostDateStruct.date'
            ]) THEN false
        END AS has_registration_date,
        CASE
            WHEN other_id.record_key IS NOT NULL THEN true
            WHEN layout.is_whole OR list_has_all(shown.fields, [
                'protocolSection.identificationModule.orgStudyIdInfo.id',
                'protocolSection.identificationModule.secondaryIdInfos'
            ]) THEN false
        END AS has_secondary_ids,
        CASE
            WHEN sponsor.sponsor_count > 0 THEN true
            WHEN layout.is_whole OR list_has_all(shown.fields, [
                'protocolSection.sponsorCollaboratorsModule.leadSponsor.name',
                'page.sponsors'
            ]) THEN false
        END AS has_funding,
        CASE
            WHEN trim(record.lead_sponsor) <> '' THEN true
            WHEN layout.is_whole
                OR list_contains(shown.fields, 'protocolSection.sponsorCollaboratorsModule.leadSponsor.name') THEN false
        END AS has_primary_sponsor,
        CASE
            WHEN sponsor.collaborator_count > 0 THEN true
            WHEN coalesce(sponsor.roleless_count, 0) = 0 AND (
                layout.is_whole
                OR list_contains(shown.fields, 'protocolSection.sponsorCollaboratorsModule.collaborators')
            ) THEN false
        END AS has_secondary_sponsors,
        CASE
            WHEN contact.record_key IS NOT NULL THEN true
            WHEN record.seeking_status IN ('NOT_YET_RECRUITING', 'RECRUITING', 'AVAILABLE') AND (
                layout.is_whole OR list_has_all(shown.fields, [
                    'protocolSection.contactsLocationsModule.centralContacts',
                    'page.facilityContacts'
                ])
            ) THEN false
        END AS has_public_contact,
        CASE
            WHEN official.record_key IS NOT NULL THEN true
            WHEN layout.is_whole
                OR list_contains(shown.fields, 'protocolSection.contactsLocationsModule.overallOfficials') THEN false
        END AS has_scientific_contact,
        CASE
            WHEN trim(record.brief_title) <> '' AND NOT unclear.is_brief_title THEN true
            WHEN layout.is_whole
                OR list_contains(shown.fields, 'protocolSection.identificationModule.briefTitle') THEN false
        END AS has_public_title,
        CASE
            WHEN trim(record.official_title) <> '' AND NOT unclear.is_official_title THEN true
            WHEN layout.is_whole
                OR list_contains(shown.fields, 'protocolSection.identificationModule.officialTitle') THEN false
        END AS has_scientific_title,
        CASE
            WHEN country.record_key IS NOT NULL THEN true
            WHEN layout.is_whole OR list_has_all(shown.fields, [
                'protocolSection.contactsLocationsModule.locations',
                'page.countries'
            ]) THEN false
        END AS has_countries,
        CASE
            WHEN condition.record_key IS NOT NULL OR trim(study.page_conditions_text) <> '' THEN true
            WHEN layout.is_whole
                OR list_contains(shown.fields, 'protocolSection.conditionsModule.conditions') THEN false
        END AS has_condition,
        CASE
            WHEN record.intervention_count > 0 THEN true
            WHEN record.study_type IN ('INTERVENTIONAL', 'EXPANDED_ACCESS') AND (
                layout.is_whole OR list_contains(shown.fields, 'protocolSection.armsInterventionsModule.interventions')
            ) THEN false
        END AS has_intervention,
        CASE
            WHEN trim(record.eligibility_criteria) <> '' THEN true
            WHEN layout.is_whole
                OR list_contains(shown.fields, 'protocolSection.eligibilityModule.eligibilityCriteria') THEN false
        END AS has_eligibility,
        (
            CASE
                WHEN record.study_type IS NOT NULL THEN true
                WHEN layout.is_whole OR list_contains(shown.fields, 'protocolSection.designModule.studyType') THEN false
            END
            AND CASE
                WHEN record.phase IS NOT NULL OR record.study_type IN ('OBSERVATIONAL', 'EXPANDED_ACCESS') THEN true
                WHEN layout.is_whole OR list_contains(shown.fields, 'protocolSection.designModule.phases') THEN false
            END
            AND CASE
                WHEN record.study_type = 'EXPANDED_ACCESS' THEN true
                WHEN coalesce(
                    record.allocation, record.intervention_model, record.primary_purpose, record.masking,
                    record.observational_model, record.time_perspective
                ) IS NOT NULL THEN true
                WHEN layout.is_whole THEN false
                WHEN record.study_type = 'OBSERVATIONAL' AND list_has_all(
                    shown.fields, [
                        'protocolSection.designModule.designInfo.observationalModel',
                        'protocolSection.designModule.designInfo.timePerspective'
                    ]
                ) THEN false
                WHEN record.study_type = 'INTERVENTIONAL' AND list_has_all(
                    shown.fields, [
                        'protocolSection.designModule.designInfo.allocation',
                        'protocolSection.designModule.designInfo.interventionModel',
                        'protocolSection.designModule.designInfo.primaryPurpose',
                        'protocolSection.designModule.designInfo.maskingInfo.masking'
                    ]
                ) THEN false
            END
        ) AS has_design,
        CASE
            WHEN record.start_raw IS NOT NULL THEN true
            WHEN record.study_type IS DISTINCT FROM 'EXPANDED_ACCESS' AND (
                layout.is_whole OR list_contains(shown.fields, 'protocolSection.statusModule.startDateStruct.date')
            ) THEN false
        END AS has_first_enrollment,
        CASE
            WHEN record.enrollment IS NOT NULL THEN true
            WHEN record.study_type IS DISTINCT FROM 'EXPANDED_ACCESS' AND (
                layout.is_whole OR list_contains(shown.fields, 'protocolSection.designModule.enrollmentInfo.count')
            ) THEN false
        END AS has_sample_size,
        CASE
            WHEN record.overall_status IS NOT NULL OR worded_status.version_id IS NOT NULL THEN true
            WHEN layout.is_whole OR list_contains(shown.fields, 'protocolSection.statusModule.overallStatus') THEN false
        END AS has_recruitment_status,
        CASE
            WHEN record.primary_outcome_count > 0 THEN true
            WHEN record.study_type IS DISTINCT FROM 'EXPANDED_ACCESS' AND (
                layout.is_whole OR list_contains(shown.fields, 'protocolSection.outcomesModule.primaryOutcomes')
            ) THEN false
        END AS has_primary_outcomes,
        CASE
            WHEN secondary_outcome.record_key IS NOT NULL THEN true
            WHEN record.study_type IS DISTINCT FROM 'EXPANDED_ACCESS' AND (
                layout.is_whole OR list_contains(shown.fields, 'protocolSection.outcomesModule.secondaryOutcomes')
            ) THEN false
        END AS has_secondary_outcomes,
        CASE WHEN ethics_review.version_id IS NOT NULL THEN true END AS has_ethics_review,
        CASE
            WHEN record.completion_raw IS NOT NULL THEN true
            WHEN record.study_type IS DISTINCT FROM 'EXPANDED_ACCESS' AND (
                layout.is_whole OR list_contains(shown.fields, 'protocolSection.statusModule.completionDateStruct.date')
            ) THEN false
        END AS has_completion_date,
        CASE
            WHEN record.has_results OR record.results_first_posted_raw IS NOT NULL THEN true
            WHEN record.overall_status IN ('COMPLETED', 'TERMINATED') AND (
                layout.is_whole OR list_contains(shown.fields, 'hasResults')
            ) THEN false
        END AS has_results,
        CASE
            WHEN record.ipd_sharing IS NOT NULL THEN true
            WHEN record.study_type IS DISTINCT FROM 'EXPANDED_ACCESS' AND (
                (layout.is_whole AND layout.shows_sharing)
                OR list_contains(shown.fields, 'protocolSection.ipdSharingStatementModule.ipdSharing')
            ) THEN false
        END AS has_ipd_statement
    FROM record
    JOIN layout USING (record_key)
    JOIN unclear USING (record_key)
    LEFT JOIN staging.study AS study USING (version_id)
    LEFT JOIN shown USING (record_key)
    LEFT JOIN other_id USING (record_key)
    LEFT JOIN sponsor USING (record_key)
    LEFT JOIN contact USING (record_key)
    LEFT JOIN official USING (record_key)
    LEFT JOIN country USING (record_key)
    LEFT JOIN condition USING (record_key)
    LEFT JOIN secondary_outcome USING (record_key)
    LEFT JOIN ethics_review USING (version_id)
    LEFT JOIN worded_status USING (version_id)
),

counted AS (
    SELECT
        record_key,
        coalesce(has_trial_id::INTEGER, 0) +
        coalesce(has_registration_date::INTEGER, 0) +
        coalesce(has_secondary_ids::INTEGER, 0) +
        coalesce(has_funding::INTEGER, 0) +
        coalesce(has_primary_sponsor::INTEGER, 0) +
        coalesce(has_secondary_sponsors::INTEGER, 0) +
        coalesce(has_public_contact::INTEGER, 0) +
        coalesce(has_scientific_contact::INTEGER, 0) +
        coalesce(has_public_title::INTEGER, 0) +
        coalesce(has_scientific_title::INTEGER, 0) +
        coalesce(has_countries::INTEGER, 0) +
        coalesce(has_condition::INTEGER, 0) +
        coalesce(has_intervention::INTEGER, 0) +
        coalesce(has_eligibility::INTEGER, 0) +
        coalesce(has_design::INTEGER, 0) +
        coalesce(has_first_enrollment::INTEGER, 0) +
        coalesce(has_sample_size::INTEGER, 0) +
        coalesce(has_recruitment_status::INTEGER, 0) +
        coalesce(has_primary_outcomes::INTEGER, 0) +
        coalesce(has_secondary_outcomes::INTEGER, 0) +
        coalesce(has_ethics_review::INTEGER, 0) +
        coalesce(has_completion_date::INTEGER, 0) +
        coalesce(has_results::INTEGER, 0) +
        coalesce(has_ipd_statement::INTEGER, 0) AS items_present,
        (has_trial_id IS NOT NULL)::INTEGER +
        (has_registration_date IS NOT NULL)::INTEGER +
        (has_secondary_ids IS NOT NULL)::INTEGER +
        (has_funding IS NOT NULL)::INTEGER +
        (has_primary_sponsor IS NOT NULL)::INTEGER +
        (has_secondary_sponsors IS NOT NULL)::INTEGER +
        (has_public_contact IS NOT NULL)::INTEGER +
        (has_scientific_contact IS NOT NULL)::INTEGER +
        (has_public_title IS NOT NULL)::INTEGER +
        (has_scientific_title IS NOT NULL)::INTEGER +
        (has_countries IS NOT NULL)::INTEGER +
        (has_condition IS NOT NULL)::INTEGER +
        (has_intervention IS NOT NULL)::INTEGER +
        (has_eligibility IS NOT NULL)::INTEGER +
        (has_design IS NOT NULL)::INTEGER +
        (has_first_enrollment IS NOT NULL)::INTEGER +
        (has_sample_size IS NOT NULL)::INTEGER +
        (has_recruitment_status IS NOT NULL)::INTEGER +
        (has_primary_outcomes IS NOT NULL)::INTEGER +
        (has_secondary_outcomes IS NOT NULL)::INTEGER +
        (has_ethics_review IS NOT NULL)::INTEGER +
        (has_completion_date IS NOT NULL)::INTEGER +
        (has_results IS NOT NULL)::INTEGER +
        (has_ipd_statement IS NOT NULL)::INTEGER AS items_evaluable,
        concat_ws(
            '; ',
            CASE WHEN NOT has_trial_id THEN 'registry and trial id' END,
            CASE WHEN NOT has_registration_date THEN 'date of registration' END,
            CASE WHEN NOT has_secondary_ids THEN 'secondary ids' END,
            CASE WHEN NOT has_funding THEN 'source of support' END,
            CASE WHEN NOT has_primary_sponsor THEN 'primary sponsor' END,
            CASE WHEN NOT has_secondary_sponsors THEN 'secondary sponsors' END,
            CASE WHEN NOT has_public_contact THEN 'contact for public queries' END,
            CASE WHEN NOT has_scientific_contact THEN 'contact for scientific queries' END,
            CASE WHEN NOT has_public_title THEN 'public title' END,
            CASE WHEN NOT has_scientific_title THEN 'scientific title' END,
            CASE WHEN NOT has_countries THEN 'countries of recruitment' END,
            CASE WHEN NOT has_condition THEN 'health condition' END,
            CASE WHEN NOT has_intervention THEN 'interventions' END,
            CASE WHEN NOT has_eligibility THEN 'inclusion and exclusion criteria' END,
            CASE WHEN NOT has_design THEN 'study type and design' END,
            CASE WHEN NOT has_first_enrollment THEN 'date of first enrolment' END,
            CASE WHEN NOT has_sample_size THEN 'sample size' END,
            CASE WHEN NOT has_recruitment_status THEN 'recruitment status' END,
            CASE WHEN NOT has_primary_outcomes THEN 'primary outcomes' END,
            CASE WHEN NOT has_secondary_outcomes THEN 'key secondary outcomes' END,
            CASE WHEN NOT has_ethics_review THEN 'ethics review' END,
            CASE WHEN NOT has_completion_date THEN 'completion date' END,
            CASE WHEN NOT has_results THEN 'summary results' END,
            CASE WHEN NOT has_ipd_statement THEN 'statement on sharing individual data' END
        ) AS absent_items
    FROM judged
)

SELECT
    judged.record_key,
    judged.registry,
    judged.registry_id,
    judged.source_format,
    judged.study_type,
    judged.has_trial_id,
    judged.has_registration_date,
    judged.has_secondary_ids,
    judged.has_funding,
    judged.has_primary_sponsor,
    judged.has_secondary_sponsors,
    judged.has_public_contact,
    judged.has_scientific_contact,
    judged.has_public_title,
    judged.has_scientific_title,
    judged.has_countries,
    judged.has_condition,
    judged.has_intervention,
    judged.has_eligibility,
    judged.has_design,
    judged.has_first_enrollment,
    judged.has_sample_size,
    judged.has_recruitment_status,
    judged.has_primary_outcomes,
    judged.has_secondary_outcomes,
    judged.has_ethics_review,
    judged.has_completion_date,
    judged.has_results,
    judged.has_ipd_statement,
    counted.items_present,
    counted.items_evaluable,
    counted.items_present / nullif(counted.items_evaluable, 0) AS completeness,
    counted.absent_items
FROM judged
JOIN counted USING (record_key)
ORDER BY judged.record_key
