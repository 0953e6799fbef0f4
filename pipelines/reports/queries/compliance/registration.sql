/* ---
title: Registered before the first participant
says: Records with both dates, by registry. Possible is what dates of a month leave open, and a day of posting without the submission before it.
columns:
  registry: {label: Registry, kind: registry}
  prospective: {label: Registered before the start, kind: term}
  records: {label: Records, kind: number}
metrics: [marts.time_to_registration.prospective]
--- */
SELECT registry, prospective, count(*) AS records
FROM marts.time_to_registration
GROUP BY registry, prospective
ORDER BY sum(count(*)) OVER (PARTITION BY registry) DESC, registry, prospective
