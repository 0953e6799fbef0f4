"""Drift of loads: what this run's load brought, against the loads before it, and the days that it covers.

Belongs here: rules over quality.load_profile, raw.file and the dates of raw.record_version. Does not: the build as a
whole (drift.py). The loads before are what the last published build holds: versions are kept for good, and a run that
is not published leaves nothing behind.

Loads differ: a delta holds recent studies, a download may hold chosen columns, a first file of a registry has nothing
to be compared with. So each registry and raw format is compared with itself, only what nearly vanished is told, and
none of these rules stops publishing.
"""

from __future__ import annotations

from expectations.rule import WARN, Rule
from expectations.sql import one_of
from expectations.thresholds import limit

_LOADS = """
WITH this_run AS (
  SELECT arg_max(run_id, profiled_at) AS run_id FROM quality.profile
), counted AS (
  SELECT load.*, load.run_id = this_run.run_id AS is_now FROM quality.load_profile AS load, this_run
), versions AS (
  SELECT registry, source_format, coalesce(sum(row_count) FILTER (is_now), 0) AS versions_now,
    coalesce(sum(row_count) FILTER (NOT is_now), 0) AS versions_before
  FROM counted WHERE table_name = 'raw.record_version' AND column_name = '' GROUP BY ALL
), places AS (
  SELECT registry, source_format, table_name, column_name,
    coalesce(sum(row_count) FILTER (is_now), 0) AS rows_now,
    coalesce(sum(row_count) FILTER (NOT is_now), 0) AS rows_before,
    coalesce(sum(version_count) FILTER (is_now), 0) AS having_now,
    coalesce(sum(version_count) FILTER (NOT is_now), 0) AS having_before,
    coalesce(sum(filled_count) FILTER (is_now), 0) AS filled_now,
    coalesce(sum(filled_count) FILTER (NOT is_now), 0) AS filled_before
  FROM counted GROUP BY ALL
)
"""

_TABLES = f"""{_LOADS}
SELECT NULL AS record_key, places.* EXCLUDE (column_name), versions_now, versions_before,
  having_before / nullif(versions_before, 0) AS share_before, having_now / nullif(versions_now, 0) AS share_now
FROM places JOIN versions USING (registry, source_format)
WHERE column_name = '' AND table_name <> 'raw.record_version' AND versions_now > 0
"""

_COLUMNS = f"""{_LOADS}
SELECT NULL AS record_key, *, filled_before / nullif(rows_before, 0) AS share_before,
  filled_now / nullif(rows_now, 0) AS share_now
FROM places WHERE column_name <> '' AND rows_now > 0
"""

_QUARANTINED = """
WITH this_run AS (
  SELECT arg_max(run_id, profiled_at) AS run_id FROM quality.profile
)
SELECT NULL AS record_key, registry, format,
  coalesce(sum(records_seen) FILTER (is_now), 0) AS seen_now,
  coalesce(sum(records_quarantined) FILTER (is_now), 0) AS quarantined_now,
  coalesce(sum(records_seen) FILTER (NOT is_now), 0) AS seen_before,
  coalesce(sum(records_quarantined) FILTER (NOT is_now), 0) AS quarantined_before,
  quarantined_now / nullif(seen_now, 0) AS share_now, quarantined_before / nullif(seen_before, 0) AS share_before
FROM (
  SELECT file.*, coalesce(file.run_id = this_run.run_id, FALSE) AS is_now FROM raw.file AS file, this_run
)
WHERE format IS NOT NULL
GROUP BY registry, format HAVING bool_or(is_now)
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
  SELECT day, coalesce(updates, 0) AS updates, day > since AS is_covered, day = newest AS is_newest
  FROM calendar CROSS JOIN reach LEFT JOIN updated USING (day) WHERE {BUSINESS_DAY}
)
SELECT * FROM (
  SELECT NULL AS record_key, *, median(updates) FILTER (updates > 0) OVER () AS usual_updates,
    count(*) FILTER (updates > 0) OVER () AS days_with_updates
  FROM judged
) WHERE is_covered IS DISTINCT FROM FALSE
"""

_USUAL_KNOWN = (
    f"is_covered AND usual_updates >= {limit('delta_updates')} AND days_with_updates >= {limit('delta_days')}"
)
_USUAL_UNKNOWN = (
    "first load, or the warehouse holds too few updates a day "
    f"(median below {limit('delta_updates')}, or fewer than {limit('delta_days')} days with updates)"
)
_FEW = (
    f"the first load of this registry and format, or this load or the former ones brought fewer than "
    f"{limit('load_versions')} versions"
)

RULES = (
    Rule(
        name="load_null_shift",
        table="quality.load_profile",
        rows=_COLUMNS,
        severity=WARN,
        description=f"No staged column that former loads of the registry and format filled in {limit('load_usual')} of "
        f"the rows or more is filled less than {limit('load_vanished')} times as often in this load.",
        meaning="The registry renamed or dropped a field, or the reader no longer finds it: compare "
        "quality.unknown_field. A download of chosen columns shows here too; its records lack what was not chosen.",
        source="Null rates over loads",
        columns=("registry", "source_format", "table_name", "column_name", "filled_now", "rows_now", "share_before"),
        evaluable=(
            f"having_now >= {limit('load_versions')} AND having_before >= {limit('load_versions')} "
            f"AND share_before >= {limit('load_usual')}"
        ),
        passes=f"share_now >= {limit('load_vanished')} * share_before",
        message=(
            "{table_name}.{column_name} of {registry}, {source_format}: filled in {filled_now} of {rows_now} rows of "
            "this load, {round(100 * share_before, 1)} % in former loads."
        ),
        not_evaluable=f"{_FEW} with rows in the table; or the column was seldom filled before",
    ),
    Rule(
        name="load_volume_shift",
        table="quality.load_profile",
        rows=_TABLES,
        severity=WARN,
        description=f"No staged table in which {limit('load_usual')} of the versions of former loads of the registry "
        f"and format have rows has rows for less than {limit('load_vanished')} times that share in this load.",
        meaning="Whole parts of the records are missing: the registry moved them, or the download left them out.",
        source="Volumes over loads",
        columns=("registry", "source_format", "table_name", "having_now", "versions_now", "share_before"),
        evaluable=(
            f"versions_now >= {limit('load_versions')} AND versions_before >= {limit('load_versions')} "
            f"AND share_before >= {limit('load_usual')}"
        ),
        passes=f"share_now >= {limit('load_vanished')} * share_before",
        message=(
            "{table_name} of {registry}, {source_format}: {having_now} of {versions_now} versions of this load have "
            "rows, {round(100 * share_before, 1)} % of those before."
        ),
        not_evaluable=f"{_FEW}; or few versions had rows in the table before",
    ),
    Rule(
        name="load_quarantine_shift",
        table="raw.file",
        rows=_QUARANTINED,
        severity=WARN,
        description=f"The share of quarantined records of a registry and format rose by {limit('quarantine_rise')} at "
        "most against former loads.",
        meaning="The format changed under the reader, or the download broke: quality.quarantine says why for each.",
        source="Quarantine over loads",
        columns=("registry", "format", "quarantined_now", "seen_now", "quarantined_before", "seen_before"),
        evaluable=f"seen_now >= {limit('load_versions')} AND seen_before >= {limit('load_versions')}",
        passes=f"share_now <= share_before + {limit('quarantine_rise')}",
        message=(
            "{registry}, {format}: {quarantined_now} of {seen_now} records of this load were refused, "
            "{quarantined_before} of {seen_before} before."
        ),
        not_evaluable=(
            f"the first load of this registry and format, or one of fewer than {limit('load_versions')} records"
        ),
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
        evaluable=_USUAL_KNOWN,
        passes="updates > 0",
        message="No ClinicalTrials.gov record was updated on {day}, a business day; usual are {usual_updates}.",
        not_evaluable=_USUAL_UNKNOWN,
    ),
    Rule(
        name="delta_volume",
        table="raw.record_version",
        rows=_DAYS,
        severity=WARN,
        description="Every business day that this load covers brought between a fifth and ten times the usual updates "
        "of ClinicalTrials.gov records.",
        meaning="Far fewer: the day was fetched in part, fetch it again. Far more: the registry touched many records "
        "at once; what changed in them is seldom what sponsors changed.",
        source="Registry's posting days; holidays: 5 U.S.C. 6103",
        columns=("day", "updates", "usual_updates"),
        evaluable=f"{_USUAL_KNOWN} AND updates > 0 AND NOT is_newest",
        passes=(f"updates BETWEEN {limit('delta_least')} * usual_updates AND {limit('delta_most')} * usual_updates"),
        message="{updates} ClinicalTrials.gov records were updated on {day}; usual are {usual_updates} a business day.",
        not_evaluable=(
            f"{_USUAL_UNKNOWN}; the day brought nothing, which is the matter of delta_weekday; or it is the newest "
            "day, which may not be over"
        ),
    ),
)
