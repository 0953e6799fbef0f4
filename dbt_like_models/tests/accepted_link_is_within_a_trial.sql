/* ---
model: core.trial_member
description: Both records of an accepted link are members of one trial.
severity: gate
--- */
SELECT link.record_key_a AS record_key, link.record_key_b, a.trial_id AS trial_id_a, b.trial_id AS trial_id_b
FROM core.record_link AS link
JOIN core.trial_member AS a ON a.record_key = link.record_key_a
JOIN core.trial_member AS b ON b.record_key = link.record_key_b
WHERE link.is_accepted AND a.trial_id <> b.trial_id
