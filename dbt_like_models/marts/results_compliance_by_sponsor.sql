/* ---
description: >-
  How sponsors keep each duty of each law: trials due, reported in time, late, pending, overdue. Names of one organisation
  (core.organisation) are one sponsor. The list of overdue trials behind a row is a filter of marts.results_compliance.
grain: one row per law, duty and sponsor of at least one trial that the law covers or may cover
owner: team:warehouse
tags: [marts]
materialised: table
columns:
  law: {type: VARCHAR, description: "The law, as in core.reporting_law.", tests: [not_null]}
  duty: {type: VARCHAR, description: "results, registration or verification.", tests: [not_null]}
  sponsor: {type: VARCHAR, description: "Name of the organisation, or of the lead sponsor where it stands for none; NULL for records without a sponsor."}
  organisation_id: {type: VARCHAR, description: "The organisation (core.organisation); NULL where the name stands for none."}
  day: {type: DATE, description: "The day on which all is judged.", tests: [not_null]}
  covered: {type: BIGINT, description: "Trials that the law covers for certain.", tests: [not_null]}
  covered_possible: {type: BIGINT, description: "Further trials that it may cover.", tests: [not_null]}
  due: {type: BIGINT, description: "Trials covered for certain whose due date has passed for certain.", tests: [not_null]}
  due_possible: {type: BIGINT, description: "Further trials that may be due: coverage, completion or date is not certain.", tests: [not_null]}
  reported_in_time: {type: BIGINT, description: "Of due: posted, and submitted by the due date for certain.", tests: [not_null]}
  reported_late: {type: BIGINT, description: "Of due: posted, and submitted after it for certain.", tests: [not_null]}
  reported_possibly_late: {type: BIGINT, description: "Of due: posted; the dates do not tell whether in time.", tests: [not_null]}
  pending: {type: BIGINT, description: "Of due: submitted, not posted yet.", tests: [not_null]}
  in_grace: {type: BIGINT, description: "Of due: nothing submitted, within the days of grace.", tests: [not_null]}
  overdue: {type: BIGINT, description: "Of due: nothing submitted, and the days of grace are over.", tests: [not_null]}
  not_known: {type: BIGINT, description: "Of due: the source does not say whether results are there.", tests: [not_null]}
  possibly_overdue: {type: BIGINT, description: "Of due_possible: status possibly_overdue, or overdue if the law covers the trial; those in days of grace, or due only if a date means one of its first days, are not in it.", tests: [not_null]}
  reported_share: {type: DOUBLE, description: "Share reported, see the metric; NULL where nothing is due, and for verification: who verified is not due again."}
  in_time_share: {type: DOUBLE, description: "Share reported in time, see the metric; NULL where nothing is due, and for verification: who verified is not due again."}
  longest_days_late: {type: BIGINT, description: "Most days late for certain among trials overdue; NULL without one."}
  potential_fine_usd: {type: BIGINT, description: "Potential fines of trials overdue, added up; NULL where the law knows none."}
metrics:
  due:
    meaning: "Trials whose results (registration, verification) ought to be there on the day, for certain."
    formula: "units with covered = certain and is_due = certain in marts.results_compliance"
    caveat: "A trial counts once for each registry that it is in and the law looks at; country protocols of one EudraCT number count once. What is possible only is in due_possible, not here."
  reported_share:
    meaning: "Share of trials due whose results are posted."
    formula: "(reported_in_time + reported_late + reported_possibly_late) / (due - not_known), of records whose source can say no as well"
    caveat: "Pending ones count as not reported, though the sponsor has done its part. Trackers that take uncertain trials for certain give other shares. DRKS, ChiCTR, protocols of the EU register as text and copies by WHO ICTRP say only yes: their trials are counted and are in no share."
  in_time_share:
    meaning: "Share of trials due that were certainly reported in time."
    formula: "reported_in_time / (due - not_known), of records whose source can say no as well"
    caveat: "A lower bound: reported_possibly_late may have been in time as well."
  longest_days_late:
    meaning: "How late the sponsor's worst case is, for certain."
    formula: "largest days_late_min of marts.results_compliance among trials certainly due and overdue"
    caveat: "One trial decides it; a record that is no longer kept up shows here first."
  potential_fine_usd:
    meaning: "Upper bound of the daily fines of FDAAA over the sponsor's overdue trials."
    formula: "sum of potential_fine_usd of marts.results_compliance over trials certainly due and overdue"
    caveat: "No claim that any fine is owed: see potential_fine_usd there. NULL for laws without a daily fine."
tests:
  - unique: [law, duty, organisation_id, sponsor]
--- */
WITH organisation AS (
    SELECT record_key, min(organisation_id) AS organisation_id
    FROM core.organisation_role
    WHERE place = 'sponsor'
    GROUP BY record_key
),

judged AS (
    SELECT
        judgement.law,
        judgement.duty,
        organisation.organisation_id,
        coalesce(named.name, judgement.lead_sponsor) AS sponsor,
        judgement.day,
        judgement.covered = 'certain' AS is_covered,
        judgement.covered = 'certain' AND judgement.is_due = 'certain' AS is_due,
        judgement.is_due IN ('certain', 'possible') AS may_be_due,
        judgement.status,
        judgement.submission,
        -- Of registers that only ever say yes those that report are known and those that do not are not: no share of them.
        judgement.submission <> 'not_known'
        AND (judgement.duty <> 'results' OR coalesce(record.says_no_results, true)) AS is_in_share,
        judgement.days_late_min,
        judgement.potential_fine_usd
    FROM marts.results_compliance AS judgement
    LEFT JOIN organisation USING (record_key)
    LEFT JOIN core.record AS record USING (record_key)
    LEFT JOIN core.organisation AS named ON named.organisation_id = organisation.organisation_id
    WHERE judgement.covered IN ('certain', 'possible') AND judgement.is_counted
),

counted AS (
    SELECT
        law,
        duty,
        sponsor,
        organisation_id,
        max(day) AS day,
        count(*) FILTER (is_covered) AS covered,
        count(*) FILTER (NOT is_covered) AS covered_possible,
        count(*) FILTER (is_due) AS due,
        count(*) FILTER (may_be_due AND NOT is_due) AS due_possible,
        count(*) FILTER (is_due AND status = 'reported') AS reported_in_time,
        count(*) FILTER (is_due AND status = 'reported_late') AS reported_late,
        count(*) FILTER (is_due AND status = 'reported_possibly_late') AS reported_possibly_late,
        count(*) FILTER (is_due AND status = 'pending') AS pending,
        count(*) FILTER (is_due AND status = 'due') AS in_grace,
        count(*) FILTER (is_due AND status = 'overdue') AS overdue,
        count(*) FILTER (is_due AND submission = 'not_known') AS not_known,
        count(*) FILTER (is_due AND is_in_share) AS shared,
        count(*) FILTER (
            is_due AND is_in_share AND status IN ('reported', 'reported_late', 'reported_possibly_late')
        ) AS shared_reported,
        count(*) FILTER (is_due AND is_in_share AND status = 'reported') AS shared_in_time,
        count(*) FILTER (may_be_due AND NOT is_due AND status IN ('overdue', 'possibly_overdue')) AS possibly_overdue,
        max(days_late_min) FILTER (is_due AND status = 'overdue') AS longest_days_late,
        sum(potential_fine_usd) FILTER (is_due AND status = 'overdue')::BIGINT AS potential_fine_usd
    FROM judged
    GROUP BY law, duty, sponsor, organisation_id
)

SELECT
    law,
    duty,
    sponsor,
    organisation_id,
    day,
    covered,
    covered_possible,
    due,
    due_possible,
    reported_in_time,
    reported_late,
    reported_possibly_late,
    pending,
    in_grace,
    overdue,
    not_known,
    possibly_overdue,
    CASE WHEN duty <> 'verification' THEN shared_reported / nullif(shared, 0) END AS reported_share,
    CASE WHEN duty <> 'verification' THEN shared_in_time / nullif(shared, 0) END AS in_time_share,
    longest_days_late,
    potential_fine_usd
FROM counted
ORDER BY law, duty, overdue DESC, due DESC, sponsor, organisation_id
