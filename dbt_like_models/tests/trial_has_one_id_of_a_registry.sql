/* ---
model: core.trial_member
description: No trial holds two different own numbers of one registry, but for obsolete ones and records a person pinned together.
severity: error
--- */
WITH obsolete AS (
    SELECT member.trial_id, identity.series, identity.id_key
    FROM core.identity_key AS identity
    JOIN core.trial_member AS member USING (record_key)
    WHERE identity.role = 'alias'
),

pinned AS (
    SELECT DISTINCT member.trial_id
    FROM core.link_instruction AS instruction
    JOIN core.trial_member AS member ON member.record_key = instruction.record_key_a
    WHERE instruction.action = 'pin' AND instruction.state = 'applied'
)

SELECT member.trial_id, identity.series, string_agg(DISTINCT identity.id_key, ', ' ORDER BY identity.id_key) AS ids
FROM core.identity_key AS identity
JOIN core.trial_member AS member USING (record_key)
ANTI JOIN obsolete
    ON obsolete.trial_id = member.trial_id AND obsolete.series = identity.series AND obsolete.id_key = identity.id_key
ANTI JOIN pinned ON pinned.trial_id = member.trial_id
WHERE identity.role = 'own' AND identity.id_type <> 'UTN'
GROUP BY member.trial_id, identity.series
HAVING count(DISTINCT identity.id_key) > 1
