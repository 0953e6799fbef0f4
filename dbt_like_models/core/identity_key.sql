/* ---
description: >-
  The registry ids by which current records can be recognised as the same trial: valid own, alias and secondary
  ids of a known kind. Never a mention, a related trial, an organisation's own number, a placeholder or a zero id.
grain: one row per record and id
owner: team:warehouse
tags: [core, identity]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record.", tests: [not_null]}
  id_type: {type: VARCHAR, description: "Kind of identifier: a registry (CTGOV, EUDRACT, CTIS, …) or UTN.", tests: [not_null]}
  id_key:
    type: VARCHAR
    description: >-
      What names the trial in the identifier: of CTIS without the last pair, which counts resubmissions (and which
      some records leave out); of ANZCTR without the p of a provisional id; of UMIN with UMIN for the C of early
      ids; of the others the whole.
    tests: [not_null]
  series:
    type: VARCHAR
    description: >-
      The numbers of which a trial has one: id_type, but for the Dutch registers, which renumbered their trials
      twice (NTR, NL, NL-OMON).
    tests: [not_null]
  id_norm: {type: VARCHAR, description: "The normalised identifier; the smallest where several have the same id_key.", tests: [not_null]}
  role:
    type: VARCHAR
    description: >-
      The strongest role it has on the record: own before alias before secondary.
    tests: [not_null, {accepted_values: [own, alias, secondary]}]
  source_path: {type: VARCHAR, description: "Path in the study shape where it was found, in that role."}
tests:
  - unique: [record_key, id_type, id_key]
--- */
WITH known AS (
    SELECT
        version.record_key,
        identifier.id_type,
        CASE identifier.id_type
            WHEN 'CTIS' THEN left(coalesce(identifier.id_norm, regexp_extract(identifier.id_raw, '20[0-9]{2}-5[0-9]{5}-[0-9]{2}')), 14)
            WHEN 'ANZCTR' THEN rtrim(identifier.id_norm, 'p')
            WHEN 'UMIN' THEN regexp_replace(identifier.id_norm, '^C', 'UMIN')
            ELSE identifier.id_norm
        END AS id_key,
        coalesce(identifier.id_norm, id_key) AS id_norm,
        identifier.role,
        CASE identifier.role WHEN 'own' THEN 1 WHEN 'alias' THEN 2 ELSE 3 END AS role_order,
        identifier.source_path,
        identifier.position
    FROM staging.identifier AS identifier
    JOIN raw.record_version AS version USING (version_id)
    WHERE
        version.is_current
        AND (
            (identifier.is_valid AND identifier.id_norm IS NOT NULL)
            -- An EU CT number without its last pair is no valid id, but names the trial all the same.
            OR (
                identifier.id_type = 'CTIS'
                AND identifier.reason = 'truncated'
                AND regexp_matches(identifier.id_raw, '(^|[^0-9-])20[0-9]{2}-5[0-9]{5}-[0-9]{2}($|[^0-9-])')
            )
        )
        AND identifier.role IN ('own', 'alias', 'secondary')
        AND identifier.id_type NOT IN ('ORG', 'OTHER')
)

SELECT
    record_key,
    id_type,
    id_key,
    CASE id_type WHEN 'NTR' THEN regexp_extract(id_key, '^(NL-OMON|NL|NTR)') ELSE id_type END AS series,
    min(id_norm) AS id_norm,
    arg_min(role, role_order) AS role,
    arg_min(source_path, role_order * 1000000 + position) AS source_path
FROM known
GROUP BY record_key, id_type, id_key
ORDER BY record_key, id_type, id_key
