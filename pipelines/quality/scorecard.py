"""The scorecard of a run: for each group of current records how far they could be judged and what they break.

Belongs here: grouping records and counting judgements into quality.scorecard, the history that
marts.data_quality_scorecard reads. Does not: judging for the run's verdict (run.py), the mart itself.

The score is three-valued like the rules. Violations alone would give full marks to a record of which nothing can be
told; so the rules' judgements are counted once more by record, and a record on which no rule of severity error could
be judged is left out of the score.

What the rules say that hang on the record alone, neither on the day nor on others, lasts as long as the record does: it
is kept in quality.record_judgement, and a run replaces there what it has touched. The other rules are counted anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from expectations import Rule, Severity, check_rules, load_rules
from pipelines.quality.by_record import OF_ALL, OF_TOUCHED, count_records, is_lasting, rules_counted
from pipelines.quality.carry import Unchanged
from pipelines.quality.judgements import COUNTED_TABLE
from pipelines.tables import SOURCE_TABLES, create_statement, literal
from pipelines.touched import RECORDS
from pipelines.transaction import in_one_transaction

SCORECARD_READS = frozenset({"core.record", "core.country"})
"""The models that a build must have."""

DIMENSIONS = ("all", "registry", "sponsor", "country", "study_type", "registration_month")

_JUDGED = "temp.scorecard_judged"
_RECORD = "temp.scorecard_record"
_MEMBER = "temp.scorecard_member"
_TEMPORARY = (_JUDGED, _RECORD, _MEMBER)
_LASTING = "quality.record_judgement"
_COUNTS = "(record_key VARCHAR, is_lasting BOOLEAN, evaluated BIGINT, not_evaluable BIGINT, is_judged BOOLEAN)"

# The month of registration: submitted first, as the WHO counts it, else posted first; known only where every day the
# date can mean lies in one month.
_RECORDS = f"""
CREATE OR REPLACE TEMP TABLE {_RECORD.removeprefix("temp.")} AS
WITH judged AS (
  SELECT record_key, sum(evaluated) AS evaluated, sum(not_evaluable) AS not_evaluable, bool_or(is_judged) AS is_judged
  FROM (
    SELECT record_key, evaluated, not_evaluable, is_judged FROM {_JUDGED}
    UNION ALL SELECT record_key, rules_evaluated, rules_not_evaluable, is_judged FROM {_LASTING}
  )
  GROUP BY record_key
), broken AS (
  SELECT record_key, count(*) AS violations,
    {", ".join(f"count(*) FILTER (severity = '{level}') AS violations_{level}" for level in Severity)}
  FROM quality.violation WHERE record_key IS NOT NULL GROUP BY record_key
), dated AS (
  SELECT record_key,
    coalesce(first_submitted_earliest, first_posted_earliest) AS earliest,
    CASE WHEN first_submitted_earliest IS NULL THEN first_posted_latest ELSE first_submitted_latest END AS latest
  FROM core.record
)
SELECT record.record_key, record.registry, record.lead_sponsor, record.study_type,
  CASE WHEN date_trunc('month', earliest) = date_trunc('month', latest) THEN strftime(earliest, '%Y-%m') END AS month,
  coalesce(evaluated, 0) AS evaluated, coalesce(not_evaluable, 0) AS not_evaluable,
  coalesce(violations, 0) AS violations,
  {", ".join(f"coalesce(violations_{level}, 0) AS violations_{level}" for level in Severity)},
  coalesce(violations_gate + violations_error > 0, FALSE) AS has_error,
  coalesce(is_judged, FALSE) OR has_error AS is_judged
FROM core.record AS record
JOIN dated USING (record_key)
LEFT JOIN judged USING (record_key)
LEFT JOIN broken USING (record_key)
"""

_MEMBERS = f"""
CREATE OR REPLACE TEMP TABLE {_MEMBER.removeprefix("temp.")} AS
SELECT 'all' AS dimension, 'all' AS dimension_value, record_key FROM {_RECORD}
UNION ALL SELECT 'registry', registry, record_key FROM {_RECORD}
UNION ALL SELECT 'sponsor', lead_sponsor, record_key FROM {_RECORD}
UNION ALL SELECT 'country', country, record_key
  FROM {_RECORD} LEFT JOIN (SELECT DISTINCT record_key, country FROM core.country) USING (record_key)
UNION ALL SELECT 'study_type', study_type, record_key FROM {_RECORD}
UNION ALL SELECT 'registration_month', month, record_key FROM {_RECORD}
"""

# A group's value may be NULL (the record does not tell): such groups join as equal.
_INSERT = f"""
INSERT INTO quality.scorecard BY NAME
WITH figures AS (
  SELECT dimension, dimension_value, count(*) AS records,
    count(*) FILTER (is_judged) AS records_judged,
    count(*) FILTER (violations > 0) AS records_with_violation,
    count(*) FILTER (has_error) AS records_with_error,
    sum(violations)::BIGINT AS violations,
    {", ".join(f"sum(violations_{level})::BIGINT AS violations_{level}" for level in Severity)},
    sum(evaluated)::BIGINT AS rows_evaluated, sum(not_evaluable)::BIGINT AS rows_not_evaluable
  FROM {_MEMBER} JOIN {_RECORD} USING (record_key)
  GROUP BY dimension, dimension_value
), failed AS (
  SELECT dimension, dimension_value, count(DISTINCT rule) AS rules_failed
  FROM {_MEMBER} JOIN (SELECT DISTINCT record_key, rule FROM quality.violation) USING (record_key)
  GROUP BY dimension, dimension_value
)
SELECT $run_id AS run_id, $checked_at AS checked_at, figures.*, coalesce(rules_failed, 0) AS rules_failed,
  $rules_run AS rules_run, 1 - records_with_error / nullif(records_judged, 0) AS quality_score
FROM figures
LEFT JOIN failed ON failed.dimension = figures.dimension
  AND failed.dimension_value IS NOT DISTINCT FROM figures.dimension_value
ORDER BY figures.dimension, figures.dimension_value
"""


def write_scorecard(
    build: duckdb.DuckDBPyConnection,
    run_id: str,
    checked_at: datetime,
    rules: Iterable[Rule] | None = None,
    *,
    unchanged: Unchanged | None = None,
    judgements: Path | None = None,
) -> int:
    """Write the run's rows of quality.scorecard, in place of any it has there; other runs stay. Returns their number.
    quality.record_judgement is brought up to date with it.

    To be called after run_rules, with the same `run_id`, `checked_at` and `rules` (default: the whole catalogue), on
    the same build, open for writing. With `unchanged`, as given to run_rules, the tables of pipelines/touched.py must
    be on the connection; with `judgements`, as given to run_rules, what is in that folder need not be judged again.
    Rules that could not run in that run count nowhere. Raises ValueError for a time without zone or a run without
    results, duckdb.Error where the build lacks core.record or core.country; nothing is written then.
    """
    if checked_at.tzinfo is None:
        raise ValueError("checked_at has no time zone; give an aware datetime, as datetime.now(UTC)")
    moment = checked_at.astimezone(UTC)
    chosen = check_rules(load_rules() if rules is None else rules)
    results = build.execute(
        "SELECT rule FROM quality.expectation_result WHERE run_id = ? AND error IS NULL", [run_id]
    ).fetchall()
    ran = {name for (name,) in results}
    if not results and chosen:
        raise ValueError(f"run {run_id} has no results in quality.expectation_result; run the rules first")
    build.execute(create_statement(SOURCE_TABLES["quality.scorecard"]))
    build.execute(create_statement(SOURCE_TABLES[_LASTING]))
    with in_one_transaction(build):
        counted = [rule for rule in chosen if rule.table == COUNTED_TABLE and rule.name in ran]
        build.execute(f"CREATE OR REPLACE TEMP TABLE {_JUDGED.removeprefix('temp.')} {_COUNTS}")
        _count(build, counted, moment.date().isoformat(), judgements, unchanged)
        build.execute(_RECORDS)
        build.execute(_MEMBERS)
        build.execute("DELETE FROM quality.scorecard WHERE run_id = ?", [run_id])
        written = build.execute(
            _INSERT, {"run_id": run_id, "checked_at": moment.replace(tzinfo=None), "rules_run": len(ran)}
        ).fetchall()
        for table in _TEMPORARY:
            build.execute(f"DROP TABLE {table}")
    return int(written[0][0])


def _count(
    build: duckdb.DuckDBPyConnection,
    rules: Sequence[Rule],
    as_of: str,
    judgements: Path | None,
    unchanged: Unchanged | None,
) -> None:
    """Count by record what the rules say; what lasting rules say of touched records only, where the others' counts are
    kept and the judgements of the touched ones are there.
    """
    lasting = [rule for rule in rules if is_lasting(rule)]
    others = [rule for rule in rules if not is_lasting(rule)]
    names = frozenset(rule.name for rule in lasting)
    of_all, of_touched = (judgements / OF_ALL, judgements / OF_TOUCHED) if judgements else (None, None)
    versions = build.execute(f"SELECT DISTINCT rules_version FROM {_LASTING}").fetchall()
    is_kept = versions == [(_version(rules),)] and unchanged is not None
    if is_kept and rules_counted(build, of_touched, lasting) == names:
        count_records(build, lasting, as_of, _JUDGED, of_touched)
        _keep_lasting(build, rules, RECORDS)
    else:
        count_records(build, lasting, as_of, _JUDGED, of_all)
        _keep_lasting(build, rules, None)
    count_records(build, others, as_of, _JUDGED, of_all)


def _version(rules: Sequence[Rule]) -> str:
    named = sorted((rule.name, rule.version) for rule in rules if is_lasting(rule))
    return hashlib.sha256(repr(named).encode()).hexdigest()[:16]


def _keep_lasting(build: duckdb.DuckDBPyConnection, rules: Sequence[Rule], touched: str | None) -> None:
    """Move what lasting rules gave to quality.record_judgement, in place of all rows there or those of `touched`."""
    replaced = f"WHERE record_key IN (SELECT record_key FROM {touched})" if touched else ""
    build.execute(f"DELETE FROM {_LASTING} {replaced}")
    build.execute(
        f"INSERT INTO {_LASTING} BY NAME SELECT record_key, sum(evaluated) AS rules_evaluated, "
        f"sum(not_evaluable) AS rules_not_evaluable, bool_or(is_judged) AS is_judged, "
        f"{literal(_version(rules))} AS rules_version FROM {_JUDGED} WHERE is_lasting GROUP BY record_key "
        "ORDER BY record_key"
    )
    build.execute(f"DELETE FROM {_JUDGED} WHERE is_lasting")
