/* ---
title: The laws as they are applied
says: One fact a row, with where it is written. To change a law, change core.reporting_law.
columns:
  law: {label: Law, kind: term}
  duty: {label: Duty, kind: term}
  route: {label: Route, kind: code}
  fact: {label: Fact, kind: code}
  value: {label: Value, wide: true}
  valid_from: {label: From, kind: date}
  valid_to: {label: Until, kind: date, optional: true}
  basis: {label: Rests on, kind: term}
  source: {label: Where it is written, wide: true}
limit: 150
--- */
SELECT law, duty, route, fact, value, valid_from, valid_to, basis, source
FROM core.reporting_law
ORDER BY law, duty, route, fact, valid_from
