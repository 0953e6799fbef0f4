"""Drift: this build against the last published one.

Belongs here: rules that compare the run's rows of quality.profile with those of the run before. A failed run is given
up with its build, so the run before in that table is the last published one. Does not: what a load brought by itself
(load_drift.py), the content of records.

Null rates are compared for each registry and raw format by itself, and even there not as such: what added rows cannot
explain is compared. If nulls rose by more than the number of rows added, at least that many of the former rows lost
their value, whatever was added.
"""

from __future__ import annotations

from expectations.rule import GATE, WARN, Rule
from expectations.sql import both, either
from expectations.thresholds import limit

_RUNS = """
WITH runs AS (
  SELECT run_id, row_number() OVER (ORDER BY max(profiled_at) DESC) AS age FROM quality.profile GROUP BY run_id
), latest AS (
  SELECT profile.* FROM quality.profile JOIN runs USING (run_id) WHERE age = 1
), former AS (
  SELECT profile.* FROM quality.profile JOIN runs USING (run_id) WHERE age = 2
)
"""

# A table of core loses rows where records are corrected, so at most about as large a share as that of the records that
# this run brought a new version of. Of a build whose contents were all read once more by newer readers no table is kept
# for good: a mended reader may well make fewer rows of the same bytes.
_TABLES = f"""{_RUNS}, changed AS (
  SELECT count(*) AS records FROM (
    SELECT record_key FROM raw.record_version GROUP BY record_key
    HAVING bool_or(run_id = (SELECT any_value(run_id) FROM latest))
      AND bool_or(run_id <> (SELECT any_value(run_id) FROM latest))
  )
), all_records AS (
  SELECT max(row_count) AS records FROM former WHERE table_name = 'core.record' AND column_name = ''
)
SELECT NULL AS record_key, table_name, former.row_count AS rows_before, latest.row_count AS rows_now,
  (table_name = 'core.record' OR split_part(table_name, '.', 1) IN ('raw', 'staging'))
    AND NOT EXISTS (SELECT 1 FROM raw.file WHERE read_afresh_run_id = latest.run_id) AS is_kept_for_good,
  least(coalesce(changed.records / nullif(all_records.records, 0), 0), 1) AS changed_share
FROM latest LEFT JOIN former USING (table_name, column_name) CROSS JOIN changed CROSS JOIN all_records
WHERE column_name = '' AND latest.registry IS NULL AND former.registry IS NULL
  AND split_part(table_name, '.', 1) <> 'marts' AND table_name <> 'raw.file'
"""

_COLUMNS = f"""{_RUNS}
SELECT NULL AS record_key, table_name, column_name, registry, source_format,
  former.row_count AS rows_before, latest.row_count AS rows_now,
  former.null_count AS nulls_before, latest.null_count AS nulls_now, table_name = 'core.record' AS is_record,
  (nulls_now - nulls_before - greatest(rows_now - rows_before, 0)) / nullif(rows_before, 0) AS lost,
  (rows_now - nulls_now - rows_before + nulls_before - greatest(rows_now - rows_before, 0)) / nullif(rows_before, 0)
    AS gained
FROM latest LEFT JOIN former USING (table_name, column_name, registry, source_format)
WHERE column_name <> '' AND registry IS NOT NULL AND table_name LIKE 'core.%'
"""

_LARGE = f"rows_before >= {limit('drift_rows')}"
_COLUMN_MESSAGE = (
    "{table_name}.{column_name} of {registry}, {source_format}: missing in {nulls_before} of {rows_before} rows in the "
    "last published build, in {nulls_now} of {rows_now} now."
)
_COLUMNS_READ = (
    "table_name", "column_name", "registry", "source_format", "rows_before", "nulls_before", "rows_now", "nulls_now",
)  # fmt: skip

RULES = (
    Rule(
        name="row_count_reconcile",
        table="quality.profile",
        rows=_TABLES,
        severity=GATE,
        description="Since the last published build core.record, raw.record_version and the staged tables have lost no "
        "row, and no other table of core lost more than its corrected records explain. Where everything was read once "
        "more, no large table lost a tenth.",
        meaning="Versions are kept for good, so fewer of them mean lost records; other tables shrink only as far as "
        "records are corrected. Find the model that lost rows. Where the loss is wanted, allow the gate once.",
        source="Conservation of records over builds",
        columns=("table_name", "rows_before", "rows_now"),
        evaluable=f"rows_before IS NOT NULL AND (is_kept_for_good OR {_LARGE})",
        passes=(
            "rows_now >= rows_before * CASE WHEN is_kept_for_good THEN 1 "
            f"ELSE 1 - least({limit('rows_lost')} + changed_share, {limit('rows_gone')}) END"
        ),
        message=(
            "{table_name}: {rows_before} rows in the last published build, {rows_now} now; "
            "{round(100 * changed_share, 1)} % of the records were corrected."
        ),
        not_evaluable=(
            f"first build; or the table is rebuilt from current versions and had fewer than {limit('drift_rows')} rows "
            "in the last published one"
        ),
    ),
    Rule(
        name="null_rate_drift",
        table="quality.profile",
        rows=_COLUMNS,
        severity=GATE,
        description="For no registry and raw format has a column of core.record lost its value in a fifth of the rows "
        "that the last published build had, or a column of another table of core in half of them.",
        meaning="A reader or model no longer fills the column: even if every added row lacks it, so many others lost "
        "it. Where the change is wanted, allow the gate once.",
        source="Null rates over builds",
        columns=_COLUMNS_READ,
        evaluable=either(both("is_record", f"rows_before >= {limit('drift_records')}"), _LARGE),
        passes=f"lost <= CASE WHEN is_record THEN {limit('nulls_jump')} ELSE {limit('child_nulls_jump')} END",
        message=_COLUMN_MESSAGE,
        not_evaluable=(
            "first build, or the first of this registry and format; the column is new; or the last published build had "
            f"fewer than {limit('drift_records')} such records, {limit('drift_rows')} such rows of another table"
        ),
    ),
    Rule(
        name="null_rate_shift",
        table="quality.profile",
        rows=_COLUMNS,
        severity=WARN,
        description="For no registry and raw format has a column of core.record lost or gained its value in a "
        "twentieth of the rows of the last published build, or a column of another table of core in a fifth.",
        meaning="Many records changed alike since the last build: a registry changed its form, or the code reads it "
        "otherwise.",
        source="Null rates over builds",
        columns=_COLUMNS_READ,
        evaluable=_LARGE,
        passes=(
            "greatest(lost, gained) <= "
            f"CASE WHEN is_record THEN {limit('nulls_shift')} ELSE {limit('child_nulls_shift')} END"
        ),
        message=_COLUMN_MESSAGE,
        not_evaluable=(
            "first build, or the first of this registry and format; the column is new; or the last published build had "
            f"fewer than {limit('drift_rows')} such rows"
        ),
    ),
)
