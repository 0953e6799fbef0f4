/* ---
description: >-
  Current versions of ClinicalTrials.gov records, with what the views of schema aact number their rows by.
grain: one row per ClinicalTrials.gov record with an NCT number
owner: team:warehouse
tags: [core, aact]
materialised: view
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null]}
  version_id: {type: BIGINT, description: "The current version in the staged tables.", tests: [not_null]}
  nct_id: {type: VARCHAR, description: "NCT number.", tests: [not_null, unique]}
  id_base:
    type: BIGINT
    description: >-
      The digits of the NCT number times 10,000,000. Row numbers of schema aact are this and the row's place in the
      record, below 10,000,000: the same in every build, and below 2^53, so that clients which keep numbers as floating
      point do not mix them up.
    tests: [not_null]
  source_format: {type: VARCHAR, description: "The raw format the version was read from.", tests: [not_null]}
  is_whole:
    type: BOOLEAN
    description: >-
      Whether the version gives the whole record, so that what is not there is not in the registry either. False for the
      website's CSV and answers of the API with chosen fields, for the WHO portal's copies and for text copied from a page.
    tests: [not_null]
  loaded_at: {type: TIMESTAMP, description: "When the version was accepted (UTC).", tests: [not_null]}
--- */
SELECT
    record_key,
    version_id,
    registry_id AS nct_id,
    CAST(substr(registry_id, 4) AS BIGINT) * 10000000 AS id_base,
    source_format,
    source_format IN (
        'ctgov_v2', 'ctgov_classic_json', 'ctgov_classic_xml', 'ctgov_xml', 'ctgov_xml_archive', 'aact_flat'
    ) AND standing <> 'chosen' AS is_whole,
    loaded_at
FROM raw.record_version
WHERE is_current AND registry = 'CTGOV' AND registry_id IS NOT NULL
