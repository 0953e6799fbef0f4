/* ---
description: >-
  Publications the record cites, with the DOI and PubMed id that the citation shows.
grain: one row per reference of a record
owner: team:warehouse
tags: [core]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position: {type: INTEGER, description: "1-based place in the source's list.", tests: [not_null]}
  type:
    type: VARCHAR
    description: >-
      RESULT (results of this study), DERIVED (found by the registry through the study's id) or BACKGROUND.
  citation: {type: VARCHAR, description: "The citation, as written."}
  pmid: {type: VARCHAR, description: "PubMed id: the field, or else the one the citation names."}
  doi: {type: VARCHAR, description: "DOI found in the citation, in lower case and without trailing punctuation."}
  is_retracted: {type: BOOLEAN, description: "Whether the record lists a retraction of the publication.", tests: [not_null]}
tests:
  - unique: [record_key, position]
--- */
WITH retracted AS (
    SELECT DISTINCT version_id, reference_position
    FROM staging.reference_retraction
),

-- A DOI ends at white space or a quote; full stops, commas and brackets behind it belong to the sentence.
found AS (
    SELECT
        version_id,
        position,
        regexp_extract(citation, '\b(10\.[0-9]{4,9}/[^\s"<>]+)', 1) AS doi_and_more,
        regexp_extract(citation, '(?i)\bPMID:?\s*([0-9]{1,8})\b', 1) AS pmid
    FROM staging.reference
)

SELECT
    version.record_key,
    reference.position,
    reference.type,
    reference.citation,
    coalesce(reference.pmid, nullif(found.pmid, '')) AS pmid,
    nullif(
        lower(
            CASE
                WHEN contains(found.doi_and_more, '(') THEN regexp_replace(found.doi_and_more, '[].,;:]+$', '')
                ELSE regexp_replace(found.doi_and_more, '[].,;:)]+$', '')
            END
        ),
        ''
    ) AS doi,
    retracted.version_id IS NOT NULL AS is_retracted
FROM staging.reference AS reference
JOIN found USING (version_id, position)
JOIN raw.record_version AS version USING (version_id)
LEFT JOIN retracted
    ON retracted.version_id = reference.version_id AND retracted.reference_position = reference.position
WHERE version.is_current
ORDER BY version.record_key, reference.position
