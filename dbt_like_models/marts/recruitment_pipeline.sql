/* ---
description: >-
  Studies that recruit, are about to, or are still running, with how far their milestones are away and whether
  the registry entry looks out of date. The day of reference is as_of, taken from the data, so that the same
  input always gives the same rows.
grain: one row per record that is not yet recruiting, recruiting, enrolling by invitation, active, or of unknown status and last known as one of these
owner: team:warehouse
tags: [marts]
materialised: table
columns:
  record_key:
    type: VARCHAR
    description: >-
      The record, as in core.record.
    tests: [not_null, unique, {relationships: core.record.record_key}]
  trial_id: {type: VARCHAR, description: "The trial the record belongs to.", tests: [not_null]}
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  registry_id: {type: VARCHAR, description: "The registry's own id."}
  brief_title: {type: VARCHAR, description: "Short title."}
  study_type: {type: VARCHAR, description: "INTERVENTIONAL, OBSERVATIONAL or EXPANDED_ACCESS."}
  phase: {type: VARCHAR, description: "Phases joined by a slash; NULL when none is given."}
  stage:
    type: VARCHAR
    description: >-
      Where the study is: not_yet_recruiting, recruiting, enrolling_by_invitation or active_not_recruiting,
      from overall_status or, where that is UNKNOWN, last_known_status.
    tests: [not_null, {accepted_values: [not_yet_recruiting, recruiting, enrolling_by_invitation, active_not_recruiting]}]
  overall_status:
    type: VARCHAR
    description: >-
      Status in the registry; UNKNOWN when it was not confirmed for two years.
    tests: [not_null]
  lead_sponsor: {type: VARCHAR, description: "Name of the lead sponsor."}
  lead_sponsor_class: {type: VARCHAR, description: "Class of the lead sponsor."}
  enrollment: {type: BIGINT, description: "Participants, reached or aimed at as enrollment_type says."}
  enrollment_type: {type: VARCHAR, description: "ACTUAL or ESTIMATED; NULL where the source does not say."}
  as_of:
    type: DATE
    description: >-
      Day of reference, from marts.reference_day.
    tests: [not_null]
  start_earliest: {type: DATE, description: "First day the study start can mean."}
  start_latest: {type: DATE, description: "Last day the study start can mean."}
  days_to_start: {type: BIGINT, description: "Days from as_of to the study start, negative when it is past; NULL unless the day is known."}
  days_to_start_min: {type: BIGINT, description: "Days from as_of to the first day the study start can mean."}
  days_to_start_max: {type: BIGINT, description: "Days from as_of to the last day the study start can mean."}
  primary_completion_earliest: {type: DATE, description: "First day primary completion can mean."}
  primary_completion_latest: {type: DATE, description: "Last day primary completion can mean."}
  days_to_primary_completion:
    type: BIGINT
    description: >-
      Days from as_of to primary completion, negative when it is past; NULL unless the day is known.
  days_to_primary_completion_min: {type: BIGINT, description: "Days from as_of to the first day primary completion can mean."}
  days_to_primary_completion_max: {type: BIGINT, description: "Days from as_of to the last day primary completion can mean."}
  verified_earliest: {type: DATE, description: "First day the last verification can mean."}
  verified_latest: {type: DATE, description: "Last day the last verification can mean."}
  is_verification_old:
    type: BOOLEAN
    description: >-
      Whether the record was last verified more than 24 months before as_of; NULL when the dates do not tell.
  is_completion_passed:
    type: BOOLEAN
    description: >-
      Whether primary completion is past although participants are still sought; NULL when the dates do not
      tell.
  is_stale: {type: BOOLEAN, description: "Whether one of both holds; NULL when neither is known to hold and one is not known."}
  site_count: {type: BIGINT, description: "Locations listed.", tests: [not_null]}
  open_site_count: {type: BIGINT, description: "Locations recruiting or enrolling by invitation; NULL when no location has a status."}
  country_count: {type: BIGINT, description: "Countries of the study.", tests: [not_null]}
  countries: {type: "VARCHAR[]", description: "Their names, in the order of the source; empty when there are none.", tests: [not_null]}
metrics:
  days_to_start:
    meaning: "How far the study start is away."
    formula: "start date - as_of, in days"
    caveat: "NULL unless the registry gives the day; the interval stands in days_to_start_min and _max. For started studies the figure is negative."
  days_to_primary_completion:
    meaning: "How far the last measurement of the primary outcome is away."
    formula: "primary completion date - as_of, in days"
    caveat: "Mostly an estimate of the sponsor; NULL unless the registry gives the day."
  is_stale:
    meaning: "The entry looks out of date."
    formula: "last verified more than 24 months before as_of, or primary completion past while participants are sought"
    caveat: "24 months is the registry's own limit for status UNKNOWN (glossary, 2026). Three-valued: NULL where partial or missing dates do not tell. A late entry says nothing about the study itself."
  open_site_count:
    meaning: "Sites where one can take part."
    formula: "locations with status RECRUITING or ENROLLING_BY_INVITATION"
    caveat: "NULL where no location has a status, which is not the same as none open."
--- */
WITH sites AS (
    SELECT
        record_key,
        count(*) AS site_count,
        CASE
            WHEN count(status) > 0 THEN count(*) FILTER (WHERE status IN ('RECRUITING', 'ENROLLING_BY_INVITATION'))
        END AS open_site_count
    FROM core.location
    GROUP BY record_key
),

country_list AS (
    SELECT record_key, count(*) AS country_count, list(country ORDER BY position) AS countries
    FROM core.country
    GROUP BY record_key
),

open_record AS (
    SELECT
        record_key,
        lower(CASE WHEN overall_status = 'UNKNOWN' THEN last_known_status ELSE overall_status END) AS stage
    FROM core.record
    WHERE stage IN ('not_yet_recruiting', 'recruiting', 'enrolling_by_invitation', 'active_not_recruiting')
),

-- Two dates are compared only where every day they can mean gives the same answer.
judged AS (
    SELECT
        record.record_key,
        open_record.stage,
        reference_day.as_of,
        CASE
            WHEN record.verified_latest < reference_day.as_of - INTERVAL 24 MONTH THEN true
            WHEN record.verified_earliest >= reference_day.as_of - INTERVAL 24 MONTH THEN false
        END AS is_verification_old,
        CASE
            WHEN open_record.stage = 'active_not_recruiting' THEN false
            WHEN record.primary_completion_latest < reference_day.as_of THEN true
            WHEN record.primary_completion_earliest >= reference_day.as_of THEN false
        END AS is_completion_passed
    FROM open_record
    JOIN core.record AS record USING (record_key)
    CROSS JOIN marts.reference_day AS reference_day
)

SELECT
    record.record_key,
    record.trial_id,
    record.registry,
    record.registry_id,
    record.brief_title,
    record.study_type,
    record.phase,
    judged.stage,
    record.overall_status,
    record.lead_sponsor,
    record.lead_sponsor_class,
    record.enrollment,
    record.enrollment_type,
    judged.as_of,
    record.start_earliest,
    record.start_latest,
    CASE WHEN record.start_earliest = record.start_latest THEN record.start_earliest - judged.as_of END AS days_to_start,
    record.start_earliest - judged.as_of AS days_to_start_min,
    record.start_latest - judged.as_of AS days_to_start_max,
    record.primary_completion_earliest,
    record.primary_completion_latest,
    CASE
        WHEN record.primary_completion_earliest = record.primary_completion_latest
            THEN record.primary_completion_earliest - judged.as_of
    END AS days_to_primary_completion,
    record.primary_completion_earliest - judged.as_of AS days_to_primary_completion_min,
    record.primary_completion_latest - judged.as_of AS days_to_primary_completion_max,
    record.verified_earliest,
    record.verified_latest,
    judged.is_verification_old,
    judged.is_completion_passed,
    judged.is_verification_old OR judged.is_completion_passed AS is_stale,
    coalesce(sites.site_count, 0) AS site_count,
    sites.open_site_count,
    coalesce(country_list.country_count, 0) AS country_count,
    coalesce(country_list.countries, []) AS countries
FROM judged
JOIN core.record AS record USING (record_key)
LEFT JOIN sites USING (record_key)
LEFT JOIN country_list USING (record_key)
ORDER BY record.record_key
