/* ---
title: Sites
columns:
  record_key: {label: Record, kind: code}
  facility: {label: Site, wide: true}
  city: City
  country: Country
  site_status: {label: Status, kind: term, optional: true}
metrics: [marts.trial_site.is_open_site]
parameters: [trial_id]
limit: 40
--- */
SELECT record_key, facility, city, country, site_status
FROM marts.trial_site
WHERE trial_id = $trial_id
ORDER BY record_key, position
