/* ---
title: At a glance
says: What the record that stands for the trial says now. Its other records may differ; see below.
columns:
  overall_status: {label: Status, kind: term}
  study_type: {label: Study type, kind: term}
  phase: {label: Phase, kind: phase}
  lead_sponsor: {label: Lead sponsor, kind: sponsor}
  enrollment: {label: Participants, kind: number}
  enrollment_type: {label: Participants are, kind: term}
  start_raw: {label: Start, kind: code}
  primary_completion_raw: {label: Primary completion, kind: code}
  completion_raw: {label: Completion, kind: code}
  has_results: {label: Results posted, kind: truth}
  conditions: {label: Conditions, kind: list}
  countries: {label: Countries, kind: list}
  record_count: {label: Registry records, kind: number}
parameters: [trial_id]
--- */
SELECT
    record.overall_status,
    record.study_type,
    record.phase,
    record.lead_sponsor,
    record.enrollment,
    record.enrollment_type,
    record.start_raw,
    record.primary_completion_raw,
    record.completion_raw,
    record.has_results,
    (
        SELECT list(condition.condition ORDER BY condition.position)
        FROM core.condition AS condition
        WHERE condition.record_key = trial.primary_record_key
    ) AS conditions,
    (
        SELECT list(country.country ORDER BY country.position)
        FROM core.country AS country
        WHERE country.record_key = trial.primary_record_key
    ) AS countries,
    trial.record_count
FROM core.trial AS trial
JOIN core.record AS record ON record.record_key = trial.primary_record_key
WHERE trial.trial_id = $trial_id
