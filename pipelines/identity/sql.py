"""The statements of the identity step.

Belongs here: SQL. Does not: running it (run.py). Tables named temp.identity_… live for one run of the step.
"""

from __future__ import annotations

TEMPORARY = (
    "identity_former_link",
    "identity_former_trial",
    "identity_instruction",
    "identity_node",
    "identity_cluster",
    "identity_verdict",
    "identity_contradicted",
    "identity_named",
    "identity_assigned",
    "identity_moved",
)

FORMER_LINKS = """
CREATE OR REPLACE TEMP TABLE identity_former_link AS
SELECT record_key_a, record_key_b FROM core.link_decision WHERE is_accepted
"""

FORMER_TRIALS = """
CREATE OR REPLACE TEMP TABLE identity_former_trial AS
SELECT record_key, trial_id, assigned_at, run_id FROM core.trial_assignment
"""

FORMER_MEMBERS = """
INSERT INTO temp.identity_former_trial SELECT record_key, trial_id, NULL, NULL FROM core.trial_member
"""

# Only records in a pair that may be accepted, or that a person names, take part in the clustering: of 37,457 pairs
# of 100,000 studies of one registry the rules of core.link_candidate leave one (2026-11).
NODES = """
CREATE OR REPLACE TEMP TABLE identity_node AS
SELECT record_key, row_number() OVER (ORDER BY record_key) - 1 AS node
FROM (
  SELECT record_key_a AS record_key FROM core.link_candidate WHERE refused_by IS NULL
  UNION SELECT record_key_b FROM core.link_candidate WHERE refused_by IS NULL
  UNION SELECT record_key_a FROM temp.identity_instruction
  UNION SELECT record_key_b FROM temp.identity_instruction
)
SEMI JOIN (SELECT record_key FROM raw.record_version WHERE is_current) AS version USING (record_key)
"""

# Steps of 2: evidence as strong as a start date or a size decides between two pairs, less does not.
PAIRS = """
SELECT a.node AS first, b.node AS second,
  CASE
    WHEN method IN ('same_own_id', 'alias_id') THEN 0
    ELSE 1 + CAST(floor((60 - match_weight) / 2) AS BIGINT)
  END AS tier
FROM core.link_candidate
JOIN temp.identity_node AS a ON a.record_key = record_key_a
JOIN temp.identity_node AS b ON b.record_key = record_key_b
WHERE refused_by IS NULL
ORDER BY first, second
"""

NUMBERED_INSTRUCTIONS = """
SELECT action, a.node, b.node
FROM temp.identity_instruction
JOIN temp.identity_node AS a ON a.record_key = record_key_a
JOIN temp.identity_node AS b ON b.record_key = record_key_b
ORDER BY ALL
"""

# A universal trial number is meant to stand on several records; it keeps none of them apart.
OWN_IDS = """
SELECT node, series, id_key
FROM core.identity_key JOIN temp.identity_node USING (record_key)
WHERE role = 'own' AND id_type <> 'UTN'
ORDER BY series, id_key, node
"""

# An obsolete id that one trial claims stands for that trial; one that several claim stands for itself.
ALIASES = """
SELECT alias.series, alias.id_key, min(own.id_key)
FROM core.identity_key AS alias
JOIN core.identity_key AS own USING (record_key, series)
WHERE alias.role = 'alias' AND own.role = 'own'
GROUP BY alias.series, alias.id_key
HAVING count(DISTINCT own.id_key) = 1
ORDER BY ALL
"""

DECISIONS = """
INSERT INTO core.link_decision BY NAME
WITH asked AS (
  SELECT record_key_a, record_key_b, min(reason) FILTER (action = 'pin') AS pin,
    min(reason) FILTER (action = 'forbid' AND contradicted.first IS NULL) AS forbid
  FROM temp.identity_instruction
  JOIN temp.identity_node AS a ON a.record_key = record_key_a
  JOIN temp.identity_node AS b ON b.record_key = record_key_b
  LEFT JOIN temp.identity_contradicted AS contradicted ON contradicted.first = a.node AND contradicted.second = b.node
  GROUP BY ALL
), tried AS (
  SELECT record_key_a, record_key_b, row_number() OVER (ORDER BY record_key_a, record_key_b) - 1 AS pair
  FROM core.link_candidate
  WHERE refused_by IS NULL
), weighed AS (
  SELECT record_key_a, record_key_b, refused_by, verdict, reason
  FROM core.link_candidate
  LEFT JOIN (tried JOIN temp.identity_verdict USING (pair)) USING (record_key_a, record_key_b)
)
SELECT record_key_a, record_key_b,
  CASE
    WHEN pin IS NOT NULL THEN TRUE
    WHEN forbid IS NOT NULL THEN FALSE
    ELSE coalesce(verdict = 'accepted', FALSE)
  END AS is_accepted,
  CASE
    WHEN pin IS NOT NULL OR verdict = 'accepted' AND forbid IS NULL THEN NULL
    WHEN forbid IS NOT NULL OR verdict = 'forbidden' THEN 'forbidden_by_a_person'
    ELSE coalesce(refused_by, verdict, 'weak_evidence')
  END AS refused_by,
  CASE
    WHEN pin IS NOT NULL THEN 'pinned: ' || pin
    WHEN forbid IS NOT NULL THEN 'forbidden: ' || forbid
    WHEN verdict IS DISTINCT FROM 'accepted' THEN coalesce(reason, CASE refused_by
      WHEN 'follow_up_study' THEN 'only one of them calls itself an extension, follow-up or rollover study'
      WHEN 'placeholder_title' THEN 'the title only says that there is none to tell'
      WHEN 'repeated_title' THEN 'several trials of one registry, or more than eight trials, bear this title'
      WHEN 'several_ids_listed' THEN 'the record names several ids of that registry, of which at most one is its trial'
      WHEN 'id_shared_by_too_many' THEN 'more than eight trials name this id'
      WHEN 'code_shared_by_too_many' THEN 'more than eight trials bear this study number'
      WHEN 'starts_apart' THEN 'the studies start more than a year apart'
      ELSE 'the evidence weighs less than 3'
    END)
  END AS reason
FROM weighed FULL JOIN asked USING (record_key_a, record_key_b)
ORDER BY record_key_a, record_key_b
"""

INSTRUCTIONS = """
INSERT INTO core.link_instruction BY NAME
SELECT source, action, record_key_a, record_key_b, reason,
  CASE
    WHEN a.node IS NULL OR b.node IS NULL THEN 'unknown_record'
    WHEN action = 'forbid' AND contradicted.first IS NOT NULL THEN 'contradicted'
    ELSE 'applied'
  END AS state,
  CASE
    WHEN a.node IS NULL OR b.node IS NULL THEN 'not in the warehouse: ' || concat_ws(
      ', ', CASE WHEN a.node IS NULL THEN record_key_a END, CASE WHEN b.node IS NULL THEN record_key_b END
    )
    WHEN action = 'forbid' AND contradicted.first IS NOT NULL THEN 'pins join these records all the same'
  END AS detail
FROM temp.identity_instruction
LEFT JOIN temp.identity_node AS a ON a.record_key = record_key_a
LEFT JOIN temp.identity_node AS b ON b.record_key = record_key_b
LEFT JOIN temp.identity_contradicted AS contradicted ON contradicted.first = a.node AND contradicted.second = b.node
ORDER BY source, action, record_key_a, record_key_b
"""

# Records that are alone, were alone and bear their own name need no thought.
SCOPE = """
WITH record AS (
  SELECT version.record_key, cluster, former.trial_id
  FROM raw.record_version AS version
  LEFT JOIN temp.identity_node USING (record_key)
  LEFT JOIN temp.identity_cluster USING (node)
  LEFT JOIN temp.identity_former_trial AS former USING (record_key)
  WHERE version.is_current
), shared_cluster AS (
  SELECT cluster FROM record WHERE cluster IS NOT NULL GROUP BY cluster HAVING count(*) > 1
), shared_trial AS (
  SELECT trial_id FROM record WHERE trial_id IS NOT NULL GROUP BY trial_id HAVING count(*) > 1
)
SELECT coalesce('c' || cluster, record_key) AS cluster, record_key, trial_id
FROM record
WHERE cluster IN (FROM shared_cluster) OR trial_id IN (FROM shared_trial) OR trial_id <> 'TRIAL:' || record_key
ORDER BY cluster, record_key
"""

ASSIGNED = """
CREATE OR REPLACE TEMP TABLE identity_assigned AS
SELECT version.record_key, coalesce(named.trial_id, 'TRIAL:' || version.record_key) AS trial_id
FROM raw.record_version AS version
LEFT JOIN temp.identity_named AS named USING (record_key)
WHERE version.is_current
"""

# An assignment that still holds stays as it is, with its time and run.
NO_LONGER_ASSIGNED = """
DELETE FROM core.trial_assignment
WHERE (record_key, trial_id) NOT IN (SELECT (record_key, trial_id) FROM temp.identity_assigned)
"""

NEWLY_ASSIGNED = """
INSERT INTO core.trial_assignment BY NAME
SELECT record_key, trial_id, $at AS assigned_at, $run_id AS run_id
FROM temp.identity_assigned
ANTI JOIN core.trial_assignment USING (record_key, trial_id)
ORDER BY record_key
"""

MOVED = """
CREATE OR REPLACE TEMP TABLE identity_moved AS
SELECT record_key, former.trial_id AS from_trial_id, assigned.trial_id AS to_trial_id,
  CASE WHEN assigned.trial_id IN (SELECT trial_id FROM temp.identity_former_trial) THEN 'merge' ELSE 'split' END AS kind
FROM core.trial_assignment AS assigned
JOIN temp.identity_former_trial AS former USING (record_key)
WHERE former.trial_id <> assigned.trial_id
"""

# A merge is told by the strongest link that leads out of the former trial, best into the one it went to; a split by
# the links of before that no longer hold.
EVENTS = """
INSERT INTO core.trial_event BY NAME
WITH link AS (
  SELECT record_key_a AS here, record_key_b AS there, reason, evidence, coalesce(match_weight, 100) AS weight
  FROM core.link_decision LEFT JOIN core.link_candidate USING (record_key_a, record_key_b) WHERE is_accepted
  UNION ALL
  SELECT record_key_b, record_key_a, reason, evidence, coalesce(match_weight, 100)
  FROM core.link_decision LEFT JOIN core.link_candidate USING (record_key_a, record_key_b) WHERE is_accepted
), merged AS (
  SELECT from_trial_id, to_trial_id,
    arg_max(here || ' – ' || there || ': ' || coalesce(link.reason, link.evidence),
      (coalesce(other.trial_id = to_trial_id, FALSE), weight, here, there)) AS why
  FROM temp.identity_moved AS moved
  JOIN link ON link.here = moved.record_key
  LEFT JOIN temp.identity_former_trial AS other ON other.record_key = link.there
  WHERE other.trial_id IS DISTINCT FROM from_trial_id
  GROUP BY ALL
), former_link AS (
  SELECT record_key_a AS here, record_key_b AS there FROM temp.identity_former_link
  UNION ALL SELECT record_key_b, record_key_a FROM temp.identity_former_link
), parted AS (
  SELECT from_trial_id, to_trial_id, arg_min(here || ' – ' || there || ': '
    || coalesce(decision.reason, 'the evidence that linked them is gone'), (here, there)) AS why
  FROM temp.identity_moved AS moved
  JOIN former_link ON former_link.here = moved.record_key
  JOIN temp.identity_former_trial AS other ON other.record_key = former_link.there AND other.trial_id = from_trial_id
  JOIN core.trial_assignment AS now ON now.record_key = former_link.there AND now.trial_id <> to_trial_id
  LEFT JOIN core.link_decision AS decision
    ON decision.record_key_a = least(here, there) AND decision.record_key_b = greatest(here, there)
  GROUP BY ALL
)
SELECT $at AS happened_at, $run_id AS run_id, kind, record_key, from_trial_id, to_trial_id,
  CASE kind
    WHEN 'merge' THEN coalesce(merged.why, parted.why, 'the records that tied it to its former trial left')
    ELSE coalesce(parted.why, 'the records that tied it to its former trial left')
  END AS why
FROM temp.identity_moved
LEFT JOIN merged USING (from_trial_id, to_trial_id)
LEFT JOIN parted USING (from_trial_id, to_trial_id)
ORDER BY record_key
"""

COUNTS = """
SELECT (SELECT count(*) FROM core.trial_assignment), (SELECT count(DISTINCT trial_id) FROM core.trial_assignment),
  (SELECT count(*) FROM core.link_candidate), (SELECT count(*) FROM core.link_decision WHERE is_accepted),
  (SELECT count(*) FROM temp.identity_moved WHERE kind = 'merge'),
  (SELECT count(*) FROM temp.identity_moved WHERE kind = 'split')
"""

NOT_APPLIED = """
SELECT source || ': ' || action || ' ' || record_key_a || ', ' || record_key_b || ': ' || detail
FROM core.link_instruction WHERE state <> 'applied' ORDER BY ALL
"""
