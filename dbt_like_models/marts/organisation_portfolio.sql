/* ---
description: >-
  What each sponsoring organisation runs: trials it leads or supports, over all its names (core.organisation_alias says
  which and why), by status, with enrollment, results, conditions, and the organisation it says it belongs to.
grain: one row per organisation that leads or supports a trial
owner: team:warehouse
tags: [marts]
materialised: table
columns:
  organisation_id: {type: VARCHAR, description: "The organisation (core.organisation).", tests: [not_null, unique, {relationships: core.organisation.organisation_id}]}
  name: {type: VARCHAR, description: "Its most frequent name.", tests: [not_null]}
  names: {type: "VARCHAR[]", description: "Its names as sponsor or collaborator, the most frequent first.", tests: [not_null]}
  parent_organisation_id: {type: VARCHAR, description: "The organisation that it belongs to by marts.organisation_parent, where the records name one."}
  parent_name: {type: VARCHAR, description: "The name of that organisation."}
  group_id: {type: VARCHAR, description: "parent_organisation_id, else organisation_id: to add up companies with their owners.", tests: [not_null]}
  sponsor_classes: {type: "VARCHAR[]", description: "Classes that the registry gives it as lead sponsor.", tests: [not_null]}
  lead_trials: {type: BIGINT, description: "Trials it leads.", tests: [not_null]}
  collaborator_trials: {type: BIGINT, description: "Trials it supports and does not lead.", tests: [not_null]}
  open_trials: {type: BIGINT, description: "Trials it leads that are open (is_open in marts.trial_profile).", tests: [not_null]}
  completed_trials: {type: BIGINT, description: "Trials it leads, completed.", tests: [not_null]}
  stopped_trials: {type: BIGINT, description: "Trials it leads, suspended, terminated or withdrawn.", tests: [not_null]}
  unknown_trials: {type: BIGINT, description: "Trials it leads, of status UNKNOWN.", tests: [not_null]}
  interventional_trials: {type: BIGINT, description: "Trials it leads, interventional.", tests: [not_null]}
  enrollment_total: {type: HUGEINT, description: "Sum of the enrollments of trials it leads, reached or aimed at; NULL when none states one."}
  results_trials: {type: BIGINT, description: "Trials it leads with results posted.", tests: [not_null]}
  results_known_trials: {type: BIGINT, description: "Trials it leads with a record that says whether results are posted, of a source that says so of none as well (core.record.says_no_results).", tests: [not_null]}
  results_share: {type: DOUBLE, description: "Share of these with results posted in any of their records; NULL when there are none."}
  first_start: {type: DATE, description: "First day that the earliest start of a trial it leads can mean."}
  last_start: {type: DATE, description: "Last day that the latest start of a trial it leads can mean."}
  country_count: {type: BIGINT, description: "Countries of trials it leads, each by one name (core.country_spelling).", tests: [not_null]}
  top_conditions: {type: "VARCHAR[]", description: "The conditions of most trials it leads, at most three, in small letters, the most frequent first.", tests: [not_null]}
metrics:
  lead_trials:
    meaning: "Real-world trials the organisation leads."
    formula: "number of different trial_id of records whose lead sponsor's name stands for it"
    caveat: "Names are resolved conservatively: an organisation under two unlike names is two rows, so figures are lower bounds. Two records of one trial can name two leads: it then counts for both. marts.sponsor_portfolio counts records by name as written."
  collaborator_trials:
    meaning: "Trials the organisation supports."
    formula: "number of different trial_id with it as collaborator, or as sponsor without a role, and never as lead"
    caveat: "Collaborators are named at the sponsor's will."
  results_trials:
    meaning: "Trials that show results in a registry."
    formula: "trials it leads with has_results in marts.trial_profile"
    caveat: "All trials count, also those that owe none: for duties see marts.results_compliance. For a share take results_share: some of these trials are of sources that only ever say yes."
  results_share:
    meaning: "How often trials show results in a registry, where that can be told."
    formula: "those of results_known_trials that have results / results_known_trials"
    caveat: "Rests on results_known_trials only, mostly of ClinicalTrials.gov. All of these count, also those that owe no results or not yet."
  enrollment_total:
    meaning: "Participants in the trials it leads, reached or aimed at."
    formula: "sum of enrollment over trials it leads that state one"
    caveat: "Adds numbers reached and numbers aimed at; one register of millions of people outweighs all trials."
--- */
WITH part AS (
    SELECT role.organisation_id, member.trial_id, bool_or(role.place = 'sponsor') AS is_lead
    FROM core.organisation_role AS role
    JOIN core.trial_member AS member USING (record_key)
    WHERE role.place IN ('sponsor', 'collaborator') AND role.organisation_id IS NOT NULL
    GROUP BY role.organisation_id, member.trial_id
),

answered AS (
    SELECT DISTINCT member.trial_id
    FROM core.record AS record
    JOIN core.trial_member AS member USING (record_key)
    WHERE record.has_results IS NOT NULL AND record.says_no_results
),

counted AS (
    SELECT
        part.organisation_id,
        count(*) FILTER (WHERE part.is_lead) AS lead_trials,
        count(*) FILTER (WHERE NOT part.is_lead) AS collaborator_trials,
        count(*) FILTER (WHERE part.is_lead AND trial.is_open) AS open_trials,
        count(*) FILTER (WHERE part.is_lead AND trial.status_group = 'completed') AS completed_trials,
        count(*) FILTER (WHERE part.is_lead AND trial.status_group = 'stopped') AS stopped_trials,
        count(*) FILTER (WHERE part.is_lead AND trial.status_group = 'unknown') AS unknown_trials,
        count(*) FILTER (WHERE part.is_lead AND trial.study_type = 'INTERVENTIONAL') AS interventional_trials,
        sum(trial.enrollment) FILTER (WHERE part.is_lead) AS enrollment_total,
        count(*) FILTER (WHERE part.is_lead AND trial.has_results) AS results_trials,
        count(answered.trial_id) FILTER (WHERE part.is_lead) AS results_known_trials,
        count(answered.trial_id) FILTER (WHERE part.is_lead AND trial.has_results) / nullif(results_known_trials, 0) AS results_share,
        min(trial.start_earliest) FILTER (WHERE part.is_lead) AS first_start,
        max(trial.start_latest) FILTER (WHERE part.is_lead) AS last_start
    FROM part
    JOIN marts.trial_profile AS trial ON trial.trial_id = part.trial_id
    LEFT JOIN answered ON answered.trial_id = part.trial_id
    GROUP BY part.organisation_id
),

name_list AS (
    SELECT organisation_id, list(name ORDER BY uses DESC, name) AS names
    FROM (
        SELECT organisation_id, name, count(*) AS uses
        FROM core.organisation_role
        WHERE place IN ('sponsor', 'collaborator') AND organisation_id IS NOT NULL
        GROUP BY organisation_id, name
    )
    GROUP BY organisation_id
),

class_list AS (
    SELECT role.organisation_id, list_sort(list(DISTINCT record.lead_sponsor_class)) AS classes
    FROM core.organisation_role AS role
    JOIN core.record AS record USING (record_key)
    WHERE role.place = 'sponsor' AND role.organisation_id IS NOT NULL AND record.lead_sponsor_class IS NOT NULL
    GROUP BY role.organisation_id
),

country_list AS (
    SELECT part.organisation_id, count(DISTINCT coalesce(spelling.country, trim(country.country))) AS country_count
    FROM part
    JOIN core.trial_member AS member ON member.trial_id = part.trial_id
    JOIN core.country AS country ON country.record_key = member.record_key
    LEFT JOIN core.country_spelling AS spelling ON spelling.spelling_key = lower(strip_accents(trim(country.country)))
    WHERE part.is_lead
    GROUP BY part.organisation_id
),

trial_condition AS (
    SELECT DISTINCT member.trial_id, lower(trim(regexp_replace(condition.condition, '\s+', ' ', 'g'))) AS condition
    FROM core.condition AS condition
    JOIN core.trial_member AS member USING (record_key)
),

top_condition AS (
    SELECT organisation_id, list(condition ORDER BY trials DESC, condition)[1:3] AS conditions
    FROM (
        SELECT part.organisation_id, trial_condition.condition, count(*) AS trials
        FROM part
        JOIN trial_condition ON trial_condition.trial_id = part.trial_id
        WHERE part.is_lead AND trial_condition.condition <> ''
        GROUP BY part.organisation_id, trial_condition.condition
    )
    GROUP BY organisation_id
),

parent AS (
    SELECT organisation_id, min(parent_organisation_id) AS parent_organisation_id
    FROM marts.organisation_parent
    WHERE parent_organisation_id IS NOT NULL
    GROUP BY organisation_id
)

SELECT
    counted.organisation_id,
    organisation.name,
    name_list.names,
    parent.parent_organisation_id,
    parent_organisation.name AS parent_name,
    coalesce(parent.parent_organisation_id, counted.organisation_id) AS group_id,
    coalesce(class_list.classes, []) AS sponsor_classes,
    counted.lead_trials,
    counted.collaborator_trials,
    counted.open_trials,
    counted.completed_trials,
    counted.stopped_trials,
    counted.unknown_trials,
    counted.interventional_trials,
    counted.enrollment_total,
    counted.results_trials,
    counted.results_known_trials,
    counted.results_share,
    counted.first_start,
    counted.last_start,
    coalesce(country_list.country_count, 0) AS country_count,
    coalesce(top_condition.conditions, []) AS top_conditions
FROM counted
JOIN core.organisation AS organisation ON organisation.organisation_id = counted.organisation_id
JOIN name_list ON name_list.organisation_id = counted.organisation_id
LEFT JOIN class_list ON class_list.organisation_id = counted.organisation_id
LEFT JOIN country_list ON country_list.organisation_id = counted.organisation_id
LEFT JOIN top_condition ON top_condition.organisation_id = counted.organisation_id
LEFT JOIN parent ON parent.organisation_id = counted.organisation_id
LEFT JOIN core.organisation AS parent_organisation ON parent_organisation.organisation_id = parent.parent_organisation_id
ORDER BY counted.organisation_id
