/* ---
description: >-
  Every pair of records that was weighed as one trial, or that a person pinned or forbade: the evidence, the score,
  and whether it is a link; of those that are not, the negative rule. A cluster may hold pairs that are not links
  by themselves. docs/identity.md explains evidence, weights and rules.
grain: one row per pair of records, the smaller key first
owner: team:warehouse
tags: [core, identity]
materialised: table
columns:
  record_key_a: {type: VARCHAR, description: "One record.", tests: [not_null, {relationships: core.trial_assignment.record_key}]}
  record_key_b: {type: VARCHAR, description: "The other.", tests: [not_null, {relationships: core.trial_assignment.record_key}]}
  is_accepted: {type: BOOLEAN, description: "Whether the pair is a link: both records are of one trial.", tests: [not_null]}
  method:
    type: VARCHAR
    description: >-
      The strongest evidence, as in core.link_candidate; person for a pair that only a person names.
    tests: [not_null, {accepted_values: [same_own_id, alias_id, mutual_id, claimed_id, shared_id, sponsor_code, title, person]}]
  score: {type: DOUBLE, description: "How likely the evidence alone makes it that both are one trial, 0 to 1; NULL where only a person names the pair."}
  match_weight: {type: DOUBLE, description: "The same as a sum of weights: each +1 doubles the odds."}
  evidence: {type: VARCHAR, description: "Each piece of evidence in words, with its weight."}
  evidence_fields: {type: VARCHAR, description: "The fields it comes from."}
  refused_by:
    type: VARCHAR
    description: >-
      The negative rule that refuses the pair; NULL for a link.
    tests: [{accepted_values: [follow_up_study, placeholder_title, repeated_title, several_ids_listed, id_shared_by_too_many, code_shared_by_too_many, starts_apart, weak_evidence, two_ids_of_one_registry, would_chain_two_ids, forbidden_by_a_person]}]
  reason: {type: VARCHAR, description: "The negative rule in words with the ids concerned, or the reason a person gave."}
tests:
  - unique: [record_key_a, record_key_b]
--- */
SELECT
    decision.record_key_a,
    decision.record_key_b,
    decision.is_accepted,
    coalesce(candidate.method, 'person') AS method,
    candidate.score,
    candidate.match_weight,
    candidate.evidence,
    candidate.evidence_fields,
    decision.refused_by,
    decision.reason
FROM core.link_decision AS decision
LEFT JOIN core.link_candidate AS candidate USING (record_key_a, record_key_b)
ORDER BY decision.record_key_a, decision.record_key_b
