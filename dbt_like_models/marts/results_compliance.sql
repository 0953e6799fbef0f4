/* ---
description: >-
  Who owes results, registration or verification under which law, and since when: one engine for all laws of
  core.reporting_law, judged on the day of the data. Dates known to the month are intervals, and so is everything that
  follows from them. marts_at.results_compliance(on_day) judges on any other day. docs/marts/results_compliance.md
grain: one row per law, duty and record; duties other than results only where the law covers the record or may
owner: team:warehouse
tags: [marts, as_of]
materialised: table
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  law: {type: VARCHAR, description: "FDAAA, EU_GUIDELINE, EU_CTR or WHO, as in core.reporting_law.", tests: [not_null]}
  duty: {type: VARCHAR, description: "What is owed.", tests: [not_null, {accepted_values: [results, registration, verification]}]}
  registry: {type: VARCHAR, description: "Registry the record is from.", tests: [not_null]}
  registry_updated_on: {type: DATE, description: "Date the registry gives for the version that is judged: how old the evidence may be."}
  lead_sponsor: {type: VARCHAR, description: "Name of the lead sponsor."}
  unit_id: {type: VARCHAR, description: "What the law takes as one trial: all protocols of an EudraCT number; else the record.", tests: [not_null]}
  is_counted: {type: BOOLEAN, description: "Whether the row stands for its unit; count only these.", tests: [not_null]}
  day: {type: DATE, description: "The day on which it is judged.", tests: [not_null]}
  covered:
    type: VARCHAR
    description: >-
      Whether the law covers the trial: certain, possible (facts that are not public, or a date that is not exact,
      decide), no, or not_evaluable (the record lacks what the law asks).
    tests: [not_null, {accepted_values: [certain, possible, "no", not_evaluable]}]
  route: {type: VARCHAR, description: "The way in which it comes, or comes closest, under the law: act, pact_new, pact_old, euctr, ctis, interventional.", tests: [not_null]}
  status:
    type: VARCHAR
    description: >-
      not_covered; not_evaluable; ongoing (completion lies ahead on every day that its date can mean, or no date of it
      is given and the study goes on); not_due; delay_certified (past the regular date, a request to delay came in
      time); possibly_due (the date has passed only for some of the days that it can mean); due (passed, within the days
      of grace); overdue; possibly_overdue (the completion is an estimate, or the study has not ended everywhere);
      pending (submitted, not posted); reported (in time for certain); reported_late (late for certain);
      reported_possibly_late (the dates do not tell). Where covered is possible, what holds if it is covered.
    tests: [not_null, {accepted_values: [not_covered, not_evaluable, ongoing, not_due, delay_certified, possibly_due, due, overdue, possibly_overdue, pending, reported, reported_late, reported_possibly_late]}]
  is_due:
    type: VARCHAR
    description: >-
      Whether the due date has passed, submitted or not: certain, possible, no; NULL where nothing can be said.
    tests: [{accepted_values: [certain, possible, "no"]}]
  completion_event: {type: VARCHAR, description: "What the time runs from: primary_completion, completion (where the former is missing), end_of_trial, start or verification."}
  completed_earliest: {type: DATE, description: "First day that event can mean."}
  completed_latest: {type: DATE, description: "Last day it can mean."}
  is_completed_certain: {type: BOOLEAN, description: "Whether the event is a fact, not an estimate.", tests: [not_null]}
  due_earliest: {type: DATE, description: "First day that can be the due date: the last one in time."}
  due_latest: {type: DATE, description: "Last day that can be it."}
  certificate: {type: VARCHAR, description: "A request to delay results: on_time, possibly_late, late; NULL without.", tests: [{accepted_values: [on_time, possibly_late, late]}]}
  submission: {type: VARCHAR, description: "What became of a submission: posted, in_review, returned, cancelled, none, not_known (the source does not say).", tests: [not_null, {accepted_values: [posted, in_review, returned, cancelled, none, not_known]}]}
  submitted_earliest: {type: DATE, description: "First day on which it can have been submitted first."}
  submitted_latest: {type: DATE, description: "Last day on which it can have been: the first submission that was not cancelled; NULL when all were, or unknown."}
  days_late_min: {type: BIGINT, description: "Days late for certain, up to day where nothing is submitted; NULL before the due date."}
  days_late_max: {type: BIGINT, description: "Most days late it can be."}
  potential_fine_usd: {type: BIGINT, description: "Most that the law lets be fined for the days late for certain; NULL where it knows no fine or coverage is not certain."}
  why: {type: VARCHAR, description: "The judgement in words, with its dates.", tests: [not_null]}
tests:
  - unique: [law, duty, record_key]
metrics:
  status:
    meaning: "How a trial stands with what a law asks of it on a day."
    formula: "the due date (event + months or days of the law, later with a timely certificate) against the first submission, else the day"
    caveat: "What is not public decides some cases: INDs, decisions of the FDA after a certificate, extensions granted, waivers. Only status overdue with covered certain is a claim; possibly_overdue and covered possible are questions."
  days_late_min:
    meaning: "Days between the due date and the submission, or the day, that are certain."
    formula: "submitted_earliest (else day) - due_latest, at least 0; 0 where the completion is an estimate"
    caveat: "days_late_max is the other end of the interval. Grace days count as late once they are over."
  potential_fine_usd:
    meaning: "Upper bound of the daily fine of FDAAA."
    formula: "fine_per_day_usd x (days_late_min - fine_free_days), at least 0; only where covered is certain"
    caveat: "The FDA must have sent a notice first; by 2026 no such fine is known to have been collected. The amount of 2017 is used; yearly increases are not entered."
--- */
WITH today AS (
    SELECT reference.as_of AS day FROM marts.reference_day AS reference
),

law_fact AS (
    SELECT fact.law, fact.duty, fact.route, fact.fact, fact.value
    FROM core.reporting_law AS fact
    JOIN today ON today.day >= fact.valid_from AND (fact.valid_to IS NULL OR today.day <= fact.valid_to)
),

law_duty AS (
    SELECT
        named.law,
        named.duty,
        max(fact.value) FILTER (fact.fact = 'title') AS title,
        max(fact.value) FILTER (fact.fact = 'due_after') AS due_after,
        coalesce(max(fact.value) FILTER (fact.fact = 'due_months'), '0')::INTEGER AS due_months,
        (max(fact.value) FILTER (fact.fact = 'due_months_paediatric'))::INTEGER AS due_months_paediatric,
        coalesce(max(fact.value) FILTER (fact.fact = 'due_days'), '0')::INTEGER AS due_days,
        coalesce(max(fact.value) FILTER (fact.fact = 'grace_days'), '0')::INTEGER AS grace_days,
        (max(fact.value) FILTER (fact.fact = 'counts_from'))::DATE AS counts_from,
        (max(fact.value) FILTER (fact.fact = 'in_force_from'))::DATE AS in_force_from,
        (max(fact.value) FILTER (fact.fact = 'backlog_until'))::DATE AS backlog_until,
        (max(fact.value) FILTER (fact.fact = 'certificate_months'))::INTEGER AS certificate_months,
        (max(fact.value) FILTER (fact.fact = 'fine_per_day_usd'))::INTEGER AS fine_per_day_usd,
        coalesce(max(fact.value) FILTER (fact.fact = 'fine_free_days'), '0')::INTEGER AS fine_free_days,
        coalesce(max(fact.value) FILTER (fact.fact = 'ends_with_results') = 'yes', false) AS ends_with_results
    FROM (SELECT DISTINCT law, duty FROM law_fact WHERE duty <> '*') AS named
    JOIN law_fact AS fact ON fact.law = named.law AND fact.duty IN (named.duty, '*') AND fact.route = '*'
    GROUP BY named.law, named.duty
),

law_route AS (
    SELECT
        named.law,
        named.route,
        row_number() OVER (ORDER BY named.law, named.route) AS route_no,
        max(fact.value) FILTER (fact.fact = 'label') AS label,
        string_split(max(fact.value) FILTER (fact.fact = 'registries'), '; ') AS registries,
        string_split(max(fact.value) FILTER (fact.fact = 'study_types'), '; ') AS study_types,
        string_split(max(fact.value) FILTER (fact.fact = 'excluded_statuses'), '; ') AS excluded_statuses,
        string_split(max(fact.value) FILTER (fact.fact = 'except'), '; ') AS exceptions,
        string_split(max(fact.value) FILTER (fact.fact = 'phases'), '; ') AS phases,
        string_split(max(fact.value) FILTER (fact.fact = 'excluded_purposes'), '; ') AS excluded_purposes,
        max(fact.value) FILTER (fact.fact = 'regulated') AS regulated,
        string_split(max(fact.value) FILTER (fact.fact = 'intervention_types'), '; ') AS intervention_types,
        string_split(max(fact.value) FILTER (fact.fact = 'countries'), '; ') AS countries,
        max(fact.value) FILTER (fact.fact = 'countries_or') AS countries_or,
        (max(fact.value) FILTER (fact.fact = 'starts_from'))::DATE AS starts_from,
        (max(fact.value) FILTER (fact.fact = 'starts_before'))::DATE AS starts_before,
        (max(fact.value) FILTER (fact.fact = 'completes_from'))::DATE AS completes_from
    FROM (SELECT DISTINCT law, route FROM law_fact WHERE route <> '*') AS named
    JOIN law_fact AS fact ON fact.law = named.law AND fact.route IN (named.route, '*') AND fact.duty = '*'
    GROUP BY named.law, named.route
),

item AS MATERIALIZED (
    SELECT * FROM core.reporting_case
),

-- What each route asks, answered: 3 yes, 2 perhaps, 1 the record does not say, 0 no.
answered AS (
    SELECT
        item.version_id,
        route.law,
        route.route_no,
        CASE
            WHEN route.study_types IS NULL THEN 3
            WHEN item.study_type IS NULL THEN 1
            WHEN list_contains(route.study_types, item.study_type) THEN 3
            ELSE 0
        END AS type_answer,
        CASE WHEN list_contains(route.excluded_statuses, item.overall_status) THEN 0 ELSE 3 END AS status_answer,
        CASE WHEN item.is_moved AND list_contains(route.exceptions, 'moved to CTIS') THEN 0 ELSE 3 END AS moved_answer,
        CASE
            WHEN NOT coalesce(item.is_outside_eu, false)
                OR NOT coalesce(list_contains(route.exceptions, 'outside the EU without a paediatric plan'), false) THEN 3
            WHEN item.is_paediatric_plan THEN 3
            WHEN item.is_paediatric_plan IS NULL THEN 2
            ELSE 0
        END AS outside_answer,
        CASE
            WHEN NOT coalesce(list_contains(route.exceptions, 'adult phase 1'), false) THEN 3
            WHEN item.is_paediatric_plan OR NOT item.is_adult_phase1 THEN 3
            WHEN item.is_paediatric_plan IS NULL OR item.is_adult_phase1 IS NULL THEN 2
            ELSE 0
        END AS adult_phase1_answer,
        CASE
            WHEN route.phases IS NULL THEN 3
            WHEN item.phase IS NULL THEN 1
            WHEN list_contains(route.phases, item.phase) THEN 3
            ELSE 0
        END AS phase_answer,
        CASE WHEN list_contains(route.excluded_purposes, item.primary_purpose) THEN 0 ELSE 3 END AS purpose_answer,
        CASE
            WHEN route.regulated IS NULL OR item.is_regulated THEN 3
            WHEN NOT coalesce(item.is_regulated, item.was_regulated) THEN 0
            WHEN route.regulated = 'stated' THEN 1
            WHEN item.was_regulated THEN 3
            ELSE 2
        END AS regulated_answer,
        CASE
            WHEN route.intervention_types IS NULL OR list_has_any(item.intervention_types, route.intervention_types) THEN 3
            WHEN item.intervention_types IS NULL OR len(item.intervention_types) > list_count(item.intervention_types) THEN 1
            ELSE 0
        END AS intervention_answer,
        CASE
            WHEN route.countries IS NULL OR list_has_any(item.countries, route.countries) THEN 3
            WHEN route.countries_or IS NOT NULL THEN CASE WHEN item.is_us_export THEN 3 ELSE 2 END
            WHEN item.countries IS NULL THEN 1
            ELSE 0
        END AS country_answer,
        CASE
            WHEN route.completes_from IS NULL THEN 3
            WHEN coalesce(item.primary_completion_latest, item.completion_latest) < route.completes_from THEN 0
            WHEN coalesce(item.primary_completion_earliest, item.completion_earliest) >= route.completes_from THEN 3
            WHEN coalesce(item.primary_completion_earliest, item.completion_earliest) IS NULL THEN 1
            ELSE 2
        END AS completion_answer,
        CASE
            WHEN coalesce(route.starts_from, route.starts_before) IS NULL THEN 3
            WHEN item.start_earliest IS NULL THEN 1
            WHEN item.start_latest < route.starts_from OR item.start_earliest >= route.starts_before THEN 0
            WHEN item.start_earliest >= coalesce(route.starts_from, item.start_earliest)
                AND item.start_latest < coalesce(route.starts_before, DATE '9999-12-31') THEN 3
            ELSE 2
        END AS start_answer,
        CASE WHEN item.is_refused AND list_contains(route.exceptions, 'never begun') THEN 0 ELSE 3 END AS refused_answer
    FROM item
    JOIN law_route AS route ON list_contains(route.registries, item.registry) OR route.registries = ['any']
),

-- A route holds as much as its weakest answer. Of several routes the strongest counts, then the one whose dates fit.
ranked AS (
    SELECT
        version_id,
        law,
        max(10000000 * least(
            type_answer, status_answer, moved_answer, outside_answer, adult_phase1_answer, phase_answer, purpose_answer,
            regulated_answer, intervention_answer, country_answer, completion_answer, start_answer, refused_answer
        ) + 1000000 * least(start_answer, 1) + 1000 * (999 - route_no) + list_position(
            [type_answer, status_answer, moved_answer, outside_answer, adult_phase1_answer, phase_answer, purpose_answer,
            regulated_answer, intervention_answer, country_answer, completion_answer, start_answer, refused_answer],
            least(
                type_answer, status_answer, moved_answer, outside_answer, adult_phase1_answer, phase_answer, purpose_answer,
                regulated_answer, intervention_answer, country_answer, completion_answer, start_answer, refused_answer
            )
        )) AS rank
    FROM answered
    GROUP BY version_id, law
),

coverage AS (
    SELECT
        version_id,
        law,
        rank // 10000000 AS level,
        999 - (rank % 1000000) // 1000 AS route_no,
        rank % 1000 AS question
    FROM ranked
),

-- Legacy XML and AACT have no tracking of submissions; they list its events, of which those behind a release are its end.
listed AS (
    SELECT
        version_id,
        type,
        date_earliest,
        date_latest,
        date_unknown,
        count(*) FILTER (type = 'RELEASE') OVER (PARTITION BY version_id ORDER BY position) AS release_no
    FROM staging.unposted_event
    WHERE version_id NOT IN (SELECT tracked.version_id FROM staging.submission AS tracked)
),

sent AS (
    SELECT
        version_id,
        position,
        release_date_earliest,
        release_date_latest,
        unrelease_date_earliest,
        unrelease_date_unknown,
        reset_date_earliest
    FROM staging.submission
    UNION ALL
    SELECT
        version_id,
        release_no AS position,
        max(date_earliest) FILTER (type = 'RELEASE') AS release_date_earliest,
        max(date_latest) FILTER (type = 'RELEASE') AS release_date_latest,
        max(date_earliest) FILTER (type = 'UNRELEASE') AS unrelease_date_earliest,
        bool_or(date_unknown) FILTER (type = 'UNRELEASE') AS unrelease_date_unknown,
        max(date_earliest) FILTER (type = 'RESET') AS reset_date_earliest
    FROM listed
    WHERE release_no > 0
    GROUP BY version_id, release_no
),

-- Of each submission of results its end: cancelled by the sponsor, returned by the registry, or neither yet.
submission AS (
    SELECT
        sent.version_id,
        sent.position,
        sent.release_date_earliest,
        sent.release_date_latest,
        CASE
            WHEN sent.unrelease_date_unknown OR sent.unrelease_date_earliest <= today.day THEN 'cancelled'
            WHEN sent.reset_date_earliest <= today.day THEN 'returned'
            ELSE 'in_review'
        END AS outcome
    FROM sent
    JOIN today ON sent.release_date_earliest <= today.day
),

submissions AS (
    SELECT
        version_id,
        min(release_date_earliest) AS first_earliest,
        min(release_date_latest) FILTER (outcome <> 'cancelled') AS first_kept_latest,
        arg_max(outcome, position) AS last_outcome
    FROM submission
    GROUP BY version_id
),

-- Results without any date of theirs: from when a version is known to have shown them. A version without a date counts
-- from the day of the data, as marts.reference_day has it.
undated AS (
    SELECT
        item.version_id,
        CASE
            WHEN item.registry_updated_on <= item.loaded_at::DATE THEN item.registry_updated_on
            ELSE item.loaded_at::DATE
        END AS shown_by,
        least(shown_by, newest.day) AS shown_from
    FROM item
    CROSS JOIN (
        SELECT
            coalesce(
                max(registry_updated_on) FILTER (registry_updated_on <= loaded_at::DATE), max(loaded_at::DATE)
            ) AS day
        FROM item
    ) AS newest
    WHERE item.has_results AND item.results_submitted_earliest IS NULL AND item.results_posted_earliest IS NULL
),

-- What had become of a record's results by the day.
results AS (
    SELECT
        item.version_id,
        CASE WHEN undated.shown_by IS NOT NULL THEN least(undated.shown_by, today.day) END AS shown_by,
        CASE
            WHEN today.day < undated.shown_from AND submissions.version_id IS NULL THEN 'not_known'
            WHEN item.has_results AND NOT coalesce(
                least(item.results_submitted_earliest, item.results_posted_earliest) > today.day, false
            ) THEN CASE WHEN item.results_posted_earliest > today.day THEN 'in_review' ELSE 'posted' END
            WHEN submissions.version_id IS NOT NULL THEN submissions.last_outcome
            WHEN item.results_submitted_earliest <= today.day THEN 'in_review'
            WHEN item.has_results IS NULL AND item.results_submitted_earliest IS NULL THEN 'not_known'
            ELSE 'none'
        END AS submission
    FROM item
    CROSS JOIN today
    LEFT JOIN submissions ON submissions.version_id = item.version_id
    LEFT JOIN undated ON undated.version_id = item.version_id
),

dated AS (
    SELECT
        item.record_key,
        item.registry,
        item.lead_sponsor,
        item.unit_id,
        item.is_counted,
        item.registry_updated_on,
        item.is_ended,
        item.phase,
        item.is_under_18,
        item.delay_asked_earliest,
        item.delay_asked_latest,
        today.day,
        coverage.level,
        coverage.question,
        route.route,
        route.label,
        duty.law,
        duty.duty,
        duty.title,
        duty.due_months,
        duty.due_months_paediatric,
        duty.due_days,
        duty.grace_days,
        duty.counts_from,
        duty.in_force_from,
        duty.backlog_until,
        duty.certificate_months,
        duty.fine_per_day_usd,
        duty.fine_free_days,
        CASE
            WHEN duty.due_after = 'primary_completion' AND item.primary_completion_earliest IS NULL THEN 'completion'
            ELSE duty.due_after
        END AS completion_event,
        CASE duty.due_after
            WHEN 'start' THEN item.start_earliest
            WHEN 'verification' THEN item.verified_earliest
            WHEN 'end_of_trial' THEN coalesce(item.eu_end_earliest, item.completion_earliest)
            ELSE coalesce(item.primary_completion_earliest, item.completion_earliest)
        END AS completed_earliest,
        CASE duty.due_after
            WHEN 'start' THEN item.start_latest
            WHEN 'verification' THEN item.verified_latest
            WHEN 'end_of_trial' THEN coalesce(item.eu_end_latest, item.completion_latest)
            ELSE coalesce(item.primary_completion_latest, item.completion_latest)
        END AS completed_latest,
        CASE duty.due_after
            WHEN 'start' THEN item.is_start_certain
            WHEN 'verification' THEN item.verified_earliest IS NOT NULL
            WHEN 'end_of_trial' THEN coalesce(item.is_eu_end_certain, item.is_completion_certain)
            WHEN 'primary_completion' THEN
                CASE
                    WHEN item.primary_completion_earliest IS NOT NULL THEN item.is_primary_completion_certain
                    ELSE item.is_completion_certain
                END
        END AS is_completed_certain,
        CASE
            WHEN duty.duty = 'registration' THEN
                CASE
                    WHEN item.registered_earliest IS NULL THEN 'not_known'
                    WHEN item.registered_earliest > today.day THEN 'none'
                    ELSE 'posted'
                END
            WHEN duty.duty = 'verification' THEN 'none'
            ELSE results.submission
        END AS submission,
        CASE duty.duty
            WHEN 'registration' THEN item.registered_earliest
            WHEN 'results' THEN coalesce(item.results_submitted_earliest, submissions.first_earliest)
        END AS submitted_earliest,
        CASE duty.duty
            WHEN 'registration' THEN item.registered_latest
            WHEN 'results' THEN
                CASE
                    WHEN item.has_results THEN coalesce(item.results_submitted_latest, item.results_posted_latest, results.shown_by)
                    WHEN submissions.version_id IS NOT NULL THEN submissions.first_kept_latest
                    ELSE item.results_submitted_latest
                END
        END AS submitted_latest
    FROM coverage
    JOIN item USING (version_id)
    JOIN results USING (version_id)
    JOIN law_route AS route USING (route_no)
    JOIN law_duty AS duty ON duty.law = coverage.law
    CROSS JOIN today
    LEFT JOIN submissions ON submissions.version_id = item.version_id
    WHERE duty.duty = 'results' OR (
        coverage.level >= 2 AND NOT (
            duty.ends_with_results AND coalesce(item.is_ended, false) AND results.submission IN ('posted', 'in_review', 'returned')
        )
    )
),

-- Months are added to both ends of the interval by the calendar: a year is not 365 days.
regular AS (
    SELECT
        *,
        CASE
            WHEN completed_earliest IS NULL THEN NULL
            ELSE greatest(
                (greatest(completed_earliest, counts_from) + to_months(
                    CASE WHEN coalesce(is_under_18, true) THEN coalesce(due_months_paediatric, due_months) ELSE due_months END
                ))::DATE + due_days,
                in_force_from
            )
        END AS regular_earliest,
        CASE
            WHEN completed_latest IS NULL THEN NULL
            ELSE greatest(
                (greatest(completed_latest, counts_from) + to_months(due_months))::DATE + due_days,
                CASE WHEN completed_earliest < in_force_from THEN backlog_until END
            )
        END AS regular_latest
    FROM dated
),

certified AS (
    SELECT
        *,
        CASE
            WHEN certificate_months IS NULL OR delay_asked_earliest IS NULL OR delay_asked_earliest > day THEN NULL
            WHEN delay_asked_earliest > regular_latest THEN 'late'
            WHEN delay_asked_latest <= regular_earliest THEN 'on_time'
            ELSE 'possibly_late'
        END AS certificate
    FROM regular
),

owed AS (
    SELECT
        *,
        regular_earliest AS due_earliest,
        CASE
            WHEN certificate IN ('on_time', 'possibly_late')
                THEN greatest(regular_latest, (delay_asked_latest + to_months(certificate_months))::DATE)
            ELSE regular_latest
        END AS due_latest,
        submission IN ('posted', 'in_review', 'returned', 'cancelled') AS has_submitted
    FROM certified
),

judged AS (
    SELECT
        *,
        CASE
            WHEN level = 0 THEN 'not_covered'
            WHEN level = 1 THEN 'not_evaluable'
            WHEN submission = 'posted' AND submitted_latest <= due_earliest THEN 'reported'
            WHEN submission = 'posted' AND submitted_earliest > due_latest AND is_completed_certain THEN 'reported_late'
            WHEN submission = 'posted' THEN 'reported_possibly_late'
            WHEN submission IN ('in_review', 'returned') THEN 'pending'
            WHEN due_earliest IS NULL AND duty = 'results' AND NOT is_ended THEN 'ongoing'
            WHEN due_earliest IS NULL THEN 'not_evaluable'
            WHEN day <= due_earliest AND duty = 'results' AND completed_earliest > day THEN 'ongoing'
            WHEN day <= due_earliest THEN 'not_due'
            WHEN submission = 'not_known' THEN 'not_evaluable'
            WHEN day <= due_latest AND day > regular_latest AND is_completed_certain THEN 'delay_certified'
            WHEN day <= due_latest THEN 'possibly_due'
            WHEN NOT is_completed_certain THEN 'possibly_overdue'
            WHEN day <= due_latest + grace_days THEN 'due'
            ELSE 'overdue'
        END AS status,
        CASE
            WHEN level = 0 THEN 'no'
            WHEN level >= 2 AND due_earliest IS NULL AND duty = 'results' AND NOT is_ended THEN 'no'
            WHEN level = 1 OR due_earliest IS NULL THEN NULL
            WHEN day <= due_earliest THEN 'no'
            WHEN day > due_latest AND is_completed_certain THEN 'certain'
            ELSE 'possible'
        END AS is_due,
        CASE WHEN has_submitted AND submitted_earliest IS NOT NULL THEN submitted_earliest WHEN NOT has_submitted THEN day END
            AS late_until_earliest,
        CASE WHEN has_submitted AND submission <> 'cancelled' THEN coalesce(submitted_latest, day) ELSE day END
            AS late_until_latest
    FROM owed
),

measured AS (
    SELECT
        *,
        status IN (
            'delay_certified', 'possibly_due', 'due', 'overdue', 'possibly_overdue', 'pending', 'reported',
            'reported_late', 'reported_possibly_late'
        ) AND due_earliest IS NOT NULL AS is_measured,
        CASE
            WHEN is_completed_certain AND late_until_earliest IS NOT NULL
                THEN greatest(late_until_earliest - due_latest, 0)
            ELSE 0
        END AS late_min,
        greatest(late_until_latest - due_earliest, 0) AS late_max,
        CASE WHEN due_earliest = due_latest THEN due_earliest::VARCHAR ELSE 'between ' || due_earliest || ' and ' || due_latest END
            AS due_words,
        CASE
            WHEN completed_earliest = completed_latest THEN completed_earliest::VARCHAR
            ELSE completed_earliest || ' to ' || completed_latest || ' (the day is not given)'
        END AS completed_words,
        CASE
            WHEN submitted_earliest = submitted_latest THEN 'on ' || submitted_earliest
            WHEN submitted_earliest IS NULL AND submitted_latest IS NULL THEN 'on a day that is not known'
            WHEN submitted_earliest IS NULL THEN 'by ' || submitted_latest
            WHEN submitted_latest IS NULL THEN 'first on ' || submitted_earliest
            ELSE 'between ' || submitted_earliest || ' and ' || submitted_latest
        END AS submitted_words
    FROM judged
),

worded AS (
    SELECT
        *,
        CASE WHEN is_measured THEN late_min END AS days_late_min,
        CASE WHEN is_measured THEN late_max END AS days_late_max,
        CASE question
            WHEN 1 THEN CASE level WHEN 0 THEN 'it is not interventional' ELSE 'its study type is not given' END
            WHEN 2 THEN 'it was withdrawn before anybody took part'
            WHEN 3 THEN 'it was moved to CTIS, where the Regulation applies'
            WHEN 4 THEN 'it is run outside the EU' || CASE level WHEN 0 THEN ' and is in no paediatric plan' ELSE '; whether it is in a paediatric plan is not given' END
            WHEN 5 THEN CASE level WHEN 0 THEN 'it is of phase 1 in adults and in no paediatric plan' ELSE 'it may be of phase 1 in adults: phase, ages or paediatric plan are not given' END
            WHEN 6 THEN CASE level WHEN 0 THEN 'phase ' || phase || ' is not covered' ELSE 'no phase is given' END
            WHEN 7 THEN 'it is a device feasibility study'
            WHEN 8 THEN
                CASE level
                    WHEN 0 THEN 'it studies no product that the FDA regulates'
                    WHEN 1 THEN 'the record does not say whether the FDA regulates the product'
                    ELSE 'it is older than the question, and no version at hand says whether the FDA regulates the product'
                END
            WHEN 9 THEN CASE level WHEN 0 THEN 'none of its interventions is of a covered type' ELSE 'its interventions have no type' END
            WHEN 10 THEN
                CASE level
                    WHEN 0 THEN 'it has no site in the US'
                    WHEN 1 THEN 'no country is given'
                    ELSE 'it has no site in the US and exports nothing from there; whether it is under an IND or IDE is not public'
                END
            WHEN 11 THEN CASE level WHEN 0 THEN 'it was completed before the law applied' WHEN 1 THEN 'no completion date is given' ELSE 'its completion may lie before the law applied' END
            WHEN 13 THEN 'it was refused, or its authorisation expired before anybody took part'
            ELSE CASE level WHEN 0 THEN 'its start lies outside the law''s time' WHEN 1 THEN 'no start date is given' ELSE 'its start may lie on either side of the law''s effective day' END
        END AS ground
    FROM measured
)

SELECT
    record_key,
    law,
    duty,
    registry,
    registry_updated_on,
    lead_sponsor,
    unit_id,
    is_counted,
    day,
    CASE level WHEN 3 THEN 'certain' WHEN 2 THEN 'possible' WHEN 1 THEN 'not_evaluable' ELSE 'no' END AS covered,
    route,
    status,
    is_due,
    completion_event,
    completed_earliest,
    completed_latest,
    is_completed_certain,
    due_earliest,
    due_latest,
    certificate,
    submission,
    CASE WHEN has_submitted THEN submitted_earliest END AS submitted_earliest,
    CASE WHEN has_submitted THEN submitted_latest END AS submitted_latest,
    days_late_min,
    days_late_max,
    CASE
        WHEN level = 3 AND days_late_min IS NOT NULL THEN fine_per_day_usd * greatest(days_late_min - fine_free_days, 0)
    END AS potential_fine_usd,
    CASE level
        WHEN 0 THEN 'Not covered by ' || title || ': ' || ground || '.'
        WHEN 1 THEN 'Whether ' || title || ' covers it cannot be told: ' || ground || '.'
        ELSE concat(
            CASE level
                WHEN 3 THEN 'Covered by ' || title || ' as ' || label || '. '
                ELSE 'Possibly covered by ' || title || ' as ' || label || ': ' || ground || '. '
            END,
            CASE
                WHEN completed_earliest IS NULL THEN 'No date of ' || replace(completion_event, '_', ' ') || ' is given'
                ELSE concat(
                    upper(left(completion_event, 1)), replace(substr(completion_event, 2), '_', ' '), ' ', completed_words,
                    CASE WHEN NOT is_completed_certain THEN ', not confirmed as reached' END,
                    '; ', duty, ' due ', CASE WHEN due_earliest = due_latest THEN 'by ' END, due_words
                )
            END,
            CASE certificate
                WHEN 'late' THEN ', because the request to delay of ' || delay_asked_earliest || ' came too late'
                WHEN 'on_time' THEN ', because a delay of at most ' || certificate_months || ' months was asked for on ' || delay_asked_earliest
                WHEN 'possibly_late' THEN ', because a delay was asked for on ' || delay_asked_earliest || ', perhaps too late'
            END,
            '. ',
            CASE submission
                WHEN 'posted' THEN 'Submitted ' || submitted_words
                WHEN 'in_review' THEN 'Submitted ' || submitted_words || ' and with the registry for review'
                WHEN 'returned' THEN 'Submitted ' || submitted_words || ' and returned by the registry with comments'
                WHEN 'cancelled' THEN 'Submitted ' || submitted_words || ', but cancelled by the sponsor'
                WHEN 'not_known' THEN 'Whether it was submitted is not given'
                ELSE CASE duty WHEN 'results' THEN concat('No submission in the record', ' of ' || registry_updated_on) ELSE 'No later one in the record' END
            END,
            '; on ', day, ': ', replace(status, '_', ' '),
            CASE
                WHEN days_late_max = 0 OR days_late_max IS NULL THEN ''
                WHEN days_late_min = days_late_max THEN ', ' || days_late_min || ' days late'
                ELSE ', ' || days_late_min || ' to ' || days_late_max || ' days late'
            END,
            '.'
        )
    END AS why
FROM worded
