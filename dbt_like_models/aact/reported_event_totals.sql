/* ---
description: >-
  Participants with any serious event, any other event, and who died, by group, as AACT's table
  reported_event_totals.
grain: one row per group of the adverse events and kind of event
owner: team:warehouse
tags: [aact]
materialised: view
columns:
  id:
    type: BIGINT
    description: >-
      Number of the row, the same in every build while the record's list stays; for joins within this schema only.
  nct_id: {type: VARCHAR, description: "The study, as in aact.studies."}
  ctgov_group_code: {type: VARCHAR, description: "The group's code in the record: FG000, BG000, OG000, EG000."}
  event_type: {type: VARCHAR, description: "serious, other or deaths."}
  classification: {type: VARCHAR, description: "The kind in words."}
  subjects_affected: {type: BIGINT, description: "Participants, each counted once."}
  subjects_at_risk: {type: BIGINT, description: "Participants at risk."}
  created_at: {type: TIMESTAMP, description: "When this warehouse read the record (UTC)."}
  updated_at: {type: TIMESTAMP, description: "The same."}
--- */
WITH total AS (
    SELECT
        version_id,
        position * 10 + 1 AS place,
        id,
        'serious' AS event_type,
        'Total, serious adverse events' AS classification,
        serious_num_affected AS affected,
        serious_num_at_risk AS at_risk
    FROM staging.adverse_event_group
    UNION ALL
    SELECT
        version_id,
        position * 10 + 2,
        id,
        'other',
        'Total, other adverse events',
        other_num_affected,
        other_num_at_risk
    FROM staging.adverse_event_group
    UNION ALL
    SELECT
        version_id,
        position * 10 + 3,
        id,
        'deaths',
        'Total, all-cause mortality',
        deaths_num_affected,
        deaths_num_at_risk
    FROM staging.adverse_event_group
)

SELECT
    record.id_base + total.place AS id,
    record.nct_id,
    total.id AS ctgov_group_code,
    total.event_type,
    total.classification,
    total.affected AS subjects_affected,
    total.at_risk AS subjects_at_risk,
    record.loaded_at AS created_at,
    record.loaded_at AS updated_at
FROM total
JOIN core.ctgov_record AS record USING (version_id)
