/* ---
model: core.reporting_law
description: A fact has one value on a day, every duty says what its time runs from, and every law has a title, registries and a labelled route.
severity: gate
--- */
SELECT one.law, one.duty, one.route, one.fact, one.value
FROM core.reporting_law AS one
JOIN core.reporting_law AS other
    ON other.law = one.law AND other.duty = one.duty AND other.route = one.route AND other.fact = one.fact
    AND other.valid_from > one.valid_from AND other.valid_from <= coalesce(one.valid_to, DATE '9999-12-31')
UNION ALL
SELECT law, duty, route, 'due_after' AS fact, NULL AS value
FROM core.reporting_law
WHERE duty <> '*'
GROUP BY law, duty, route
HAVING count(*) FILTER (fact = 'due_after' AND value IN ('primary_completion', 'end_of_trial', 'start', 'verification')) = 0
UNION ALL
SELECT law, '*' AS duty, '*' AS route, 'title, registries, label' AS fact, NULL AS value
FROM core.reporting_law
GROUP BY law
HAVING count(*) FILTER (fact = 'title') = 0
    OR count(*) FILTER (fact = 'registries') = 0
    OR count(DISTINCT route) FILTER (route <> '*') = 0
    OR count(DISTINCT route) FILTER (route <> '*') > count(DISTINCT route) FILTER (fact = 'label')
