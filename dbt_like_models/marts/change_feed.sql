/* ---
description: >-
  What changed since: every change of every record with its topic and the day on which the registry made it,
  newest first. Filter on changed_on, or on loaded_at for what this warehouse has learnt since: what a registry changes by
  itself, status UNKNOWN above all, comes with the date of the sponsor's last update.
grain: one row per change between consecutive versions of a record
owner: team:warehouse
tags: [marts, history]
materialised: view
columns:
  changed_on: {type: DATE, description: "The registry's date of the version that brought the change; NULL when it has none."}
  loaded_at: {type: TIMESTAMP, description: "When that version was read (UTC).", tests: [not_null]}
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null]}
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  registry_id: {type: VARCHAR, description: "The registry's own id."}
  brief_title: {type: VARCHAR, description: "Short title, as it is now."}
  lead_sponsor: {type: VARCHAR, description: "Name of the lead sponsor, as it is now."}
  to_version: {type: INTEGER, description: "The version that brought the change.", tests: [not_null]}
  topic:
    type: VARCHAR
    description: >-
      What the change is about: status, dates, enrollment, outcomes, eligibility, arms and interventions, design,
      sites, contacts, sponsors, titles and text, results (also requests to delay them, and submissions that are not posted
      yet), identifiers, bookkeeping or other.
    tests: [not_null]
  path: {type: VARCHAR, description: "Place of the value; items of lists are named.", tests: [not_null]}
  old_value: {type: VARCHAR, description: "Value before."}
  new_value: {type: VARCHAR, description: "Value after."}
  kind: {type: VARCHAR, description: "added, removed or changed.", tests: [not_null, {accepted_values: [added, removed, changed]}]}
--- */
SELECT
    change.changed_on,
    version.loaded_at,
    change.record_key,
    record.registry,
    record.registry_id,
    record.brief_title,
    record.lead_sponsor,
    change.to_version,
    CASE
        WHEN change.field LIKE 'resultsSection.%' OR change.field IN ('hasResults')
            OR change.field LIKE 'documentSection.%' THEN 'results'
        WHEN change.field LIKE '%.statusModule.startDateStruct.%'
            OR change.field LIKE '%.statusModule.primaryCompletionDateStruct.%'
            OR change.field LIKE '%.statusModule.completionDateStruct.%' THEN 'dates'
        WHEN change.field LIKE '%.statusModule.%Status' OR change.field LIKE '%.statusModule.whyStopped' THEN 'status'
        WHEN change.field LIKE '%.statusModule.results%' OR change.field LIKE '%.statusModule.disp%'
            OR change.field LIKE '%.statusModule.delayedPosting'
            OR change.field LIKE 'derivedSection.miscInfoModule.submissionTracking.%'
            OR change.field LIKE 'annotationSection.annotationModule.unpostedAnnotation.%' THEN 'results'
        WHEN change.field LIKE '%.statusModule.%' THEN 'bookkeeping'
        WHEN change.field LIKE '%.designModule.enrollmentInfo.%' THEN 'enrollment'
        WHEN change.field LIKE '%.designModule.%' THEN 'design'
        WHEN change.field LIKE '%.outcomesModule.%' THEN 'outcomes'
        WHEN change.field LIKE '%.eligibilityModule.%' THEN 'eligibility'
        WHEN change.field LIKE '%.armsInterventionsModule.%' THEN 'arms and interventions'
        WHEN change.field LIKE '%.contactsLocationsModule.%ontacts%'
            OR change.field LIKE '%.contactsLocationsModule.overallOfficials%' THEN 'contacts'
        WHEN change.field LIKE '%.contactsLocationsModule.%' THEN 'sites'
        WHEN change.field LIKE '%.sponsorCollaboratorsModule.%'
            OR change.field LIKE '%.identificationModule.organization.%' THEN 'sponsors'
        WHEN change.field LIKE '%.identificationModule.%Title' OR change.field LIKE '%.identificationModule.acronym'
            OR change.field LIKE '%.descriptionModule.%' THEN 'titles and text'
        WHEN change.field LIKE '%.identificationModule.%' THEN 'identifiers'
        WHEN change.field LIKE 'derivedSection.%' OR change.field LIKE 'annotationSection.%' THEN 'bookkeeping'
        ELSE 'other'
    END AS topic,
    change.path,
    change.old_value,
    change.new_value,
    change.kind
FROM history.change AS change
JOIN raw.record_version AS version ON version.version_id = change.to_version_id
JOIN core.record AS record ON record.record_key = change.record_key
ORDER BY change.changed_on DESC NULLS LAST, change.record_key, change.to_version, change.path
