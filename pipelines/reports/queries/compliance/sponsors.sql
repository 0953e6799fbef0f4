/* ---
title: Sponsors
says: Names of one organisation are one sponsor. Results only, most overdue first.
columns:
  sponsor: {label: Sponsor, kind: sponsor}
  law: {label: Law, kind: term}
  due: {label: Due, kind: number}
  reported_in_time: {label: In time, kind: number}
  reported_late: {label: Late, kind: number}
  reported_possibly_late: {label: Possibly late, kind: number}
  pending: {label: Submitted, kind: number}
  overdue: {label: Overdue, kind: number}
  possibly_overdue: {label: Possibly overdue, kind: number}
  reported_share: {label: Reported, kind: share}
  longest_days_late: {label: Longest late, kind: days}
metrics: [marts.results_compliance_by_sponsor.due, marts.results_compliance_by_sponsor.reported_share]
limit: 150
--- */
SELECT
    sponsor, law, due, reported_in_time, reported_late, reported_possibly_late, pending, overdue, possibly_overdue,
    reported_share, longest_days_late
FROM marts.results_compliance_by_sponsor
WHERE duty = 'results' AND (due > 0 OR possibly_overdue > 0)
ORDER BY overdue DESC, due DESC, sponsor, law
