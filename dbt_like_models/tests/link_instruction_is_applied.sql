/* ---
model: core.trial_member
description: Every link that a person pinned or forbade could be applied.
severity: warn
--- */
SELECT record_key_a AS record_key, record_key_b, action, source, state, detail
FROM core.link_instruction
WHERE state <> 'applied'
