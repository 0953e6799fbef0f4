"""Drift: this build against the last published one, and days on which a registry brought nothing.

Belongs here: rules that compare the run's rows of quality.profile with those of the run before. A failed run is given
up with its build, so the run before in that table is the last published one. Does not: the content of records.

Null rates are not compared as such: a delta of page texts, which lack many fields, moves them for good reasons. What
added rows cannot explain is compared: if nulls rose by more than the number of rows added, at least that many of the
former rows lost their value, whatever was added.
"""

from __future__ import annotations

from expectations.rule import GATE, WARN, Rule
from expectations.sql import one_of
from expectations.thresholds import limit

_RUNS = """
WITH runs AS (
  SELECT run_id, row_number() OVER (ORDER BY max(profiled_at) DESC) AS age FROM quality.profile GROUP BY run_id
), latest AS (
  SELECT profile.* FROM quality.profile JOIN runs USING (run_id) WHERE age = 1 AND table_name LIKE 'core.%'
), former AS (
  SELECT profile.* FROM quality.profile JOIN runs USING (run_id) WHERE age = 2
)
"""

_TABLES = f"""{_RUNS}
SELECT NULL AS record_key, table_name, former.row_count AS rows_before, latest.row_count AS rows_now
FROM latest LEFT JOIN former USING (table_name, column_name) WHERE column_name = ''
"""

_COLUMNS = f"""{_RUNS}
SELECT NULL AS record_key, table_name, column_name, former.row_count AS rows_before, latest.row_count AS rows_now,
  former.null_count AS nulls_before, latest.null_count AS nulls_now,
  (nulls_now - nulls_before - greatest(rows_now - rows_before, 0)) / nullif(rows_before, 0) AS lost,
  (rows_now - nulls_now - rows_before + nulls_before - greatest(rows_now - rows_before, 0)) / nullif(rows_before, 0)
    AS gained
FROM latest LEFT JOIN former USING (table_name, column_name) WHERE column_name <> ''
"""

_FIXED_HOLIDAYS = ("01-01", "06-19", "07-04", "11-11", "12-25")
"""5 U.S.C. 6103: on a Saturday they are kept on the Friday before, on a Sunday on the Monday after."""


def _is_fixed(day: str) -> str:
    return one_of(f"strftime({day}, '%m-%d')", _FIXED_HOLIDAYS)


BUSINESS_DAY = f"""(isodow(day) <= 5 AND NOT (
  {_is_fixed("day")}
  OR isodow(day) = 5 AND {_is_fixed("day + INTERVAL 1 DAY")}
  OR isodow(day) = 1 AND {_is_fixed("day - INTERVAL 1 DAY")}
  OR isodow(day) = 1 AND (
    month(day) IN (1, 2) AND day(day) BETWEEN 15 AND 21
    OR month(day) = 5 AND day(day) >= 25
    OR month(day) = 9 AND day(day) <= 7
    OR month(day) = 10 AND day(day) BETWEEN 8 AND 14)
  OR isodow(day) = 4 AND month(day) = 11 AND day(day) BETWEEN 22 AND 28))"""
"""SQL over a DATE column `day`: Monday to Friday and no federal holiday of the United States."""

# `since`: the newest day that earlier loads had; what this load covers begins after it.
_DAYS = f"""
WITH this_run AS (
  SELECT arg_max(run_id, profiled_at) AS run_id FROM quality.profile
), updated AS (
  SELECT registry_updated_on AS day, count(*) AS updates, bool_or(version.run_id IS DISTINCT FROM this_run.run_id)
    AS is_former
  FROM raw.record_version AS version, this_run
  WHERE registry = 'CTGOV' AND registry_updated_on <= $as_of GROUP BY registry_updated_on
), reach AS (
  SELECT max(day) AS newest, max(day) FILTER (is_former) AS since FROM updated
), calendar AS (
  SELECT unnest(generate_series(newest - INTERVAL '{limit("delta_window")}', newest, INTERVAL 1 DAY))::DATE AS day
  FROM reach
), judged AS (
  SELECT day, coalesce(updates, 0) AS updates, day > since AS is_covered
  FROM calendar CROSS JOIN reach LEFT JOIN updated USING (day) WHERE {BUSINESS_DAY}
)
SELECT * FROM (
  SELECT NULL AS record_key, *, median(updates) FILTER (updates > 0) OVER () AS usual_updates,
    count(*) FILTER (updates > 0) OVER () AS days_with_updates
  FROM judged
) WHERE is_covered IS DISTINCT FROM FALSE
"""

_BOTH_BUILDS = f"rows_before >= {limit('drift_rows')}"
_TOO_SMALL = f"first build, or the table had fewer than {limit('drift_rows')} rows in the last published one"

RULES = (
    Rule(
        name="row_count_reconcile",
        table="quality.profile",
        rows=_TABLES,
        severity=GATE,
        description="core.record has lost no row since the last published build; no other core table lost a tenth.",
        meaning="Versions are kept for good, so a smaller core.record means lost records; other tables shrink only as "
        "far as records are corrected. Find the model that lost rows. Where the loss is wanted, allow the gate once.",
        source="Conservation of records over builds",
        columns=("table_name", "rows_before", "rows_now"),
        evaluable=f"rows_before IS NOT NULL AND (table_name = 'core.record' OR {_BOTH_BUILDS})",
        passes=f"rows_now >= rows_before * CASE table_name WHEN 'core.record' THEN 1 ELSE 1 - {limit('rows_lost')} END",
        message="{table_name}: {rows_before} rows in the last published build, {rows_now} now.",
        not_evaluable=_TOO_SMALL + "; core.record is judged from the first row",
    ),
    Rule(
        name="null_rate_drift",
        table="quality.profile",
        rows=_COLUMNS,
        severity=GATE,
        description="No core column has lost its value in a fifth of the rows that the last published build had.",
        meaning="A reader or model no longer fills the column: even if every added row lacks it, so many others lost "
        "it. Where the change is wanted, allow the gate once.",
        source="Null rates over builds",
        columns=("table_name", "column_name", "rows_before", "nulls_before", "rows_now", "nulls_now"),
        evaluable=_BOTH_BUILDS,
        passes=f"lost <= {limit('nulls_jump')}",
        message=(
            "{table_name}.{column_name}: missing in {nulls_before} of {rows_before} rows in the last published build, "
            "in {nulls_now} of {rows_now} now."
        ),
        not_evaluable=_TOO_SMALL + "; the column is new",
    ),
    Rule(
        name="null_rate_shift",
        table="quality.profile",
        rows=_COLUMNS,
        severity=WARN,
        description="No core column lost or gained its value in a twentieth of the rows of the last published build.",
        meaning="Many records changed alike since the last build: a registry changed its form, or the code reads it "
        "otherwise.",
        source="Null rates over builds",
        columns=("table_name", "column_name", "rows_before", "nulls_before", "rows_now", "nulls_now"),
        evaluable=_BOTH_BUILDS,
        passes=f"greatest(lost, gained) <= {limit('nulls_shift')}",
        message=(
            "{table_name}.{column_name}: missing in {nulls_before} of {rows_before} rows in the last published build, "
            "in {nulls_now} of {rows_now} now."
        ),
        not_evaluable=_TOO_SMALL + "; the column is new",
    ),
    Rule(
        name="delta_weekday",
        table="raw.record_version",
        rows=_DAYS,
        severity=WARN,
        description="On every business day that this load covers, some ClinicalTrials.gov record was updated.",
        meaning="The registry posts on every business day, so a day without updates was probably not fetched: fetch it "
        "again. Weekends and federal holidays are not asked for.",
        source="Registry's posting days; holidays: 5 U.S.C. 6103",
        columns=("day", "updates", "usual_updates"),
        evaluable=(
            f"is_covered AND usual_updates >= {limit('delta_updates')} AND days_with_updates >= {limit('delta_days')}"
        ),
        passes="updates > 0",
        message="No ClinicalTrials.gov record was updated on {day}, a business day; usual are {usual_updates}.",
        not_evaluable=(
            "first load, or the warehouse holds too few updates a day "
            f"(median below {limit('delta_updates')}, or fewer than {limit('delta_days')} days with updates)"
        ),
    ),
)
