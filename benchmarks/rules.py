"""How long the whole rule catalogue takes over N synthetic records, against the same conditions as bare SQL.

    python benchmarks/rules.py [N] [--keep FILE]

Prints seconds for: both profiles, importing Great Expectations, run_rules, the same judging in bare SQL (one SELECT of
three counts for each view, then every violation inserted), and the ratio. Rows are made in SQL from their number, so
every run is the same.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from expectations import Rule, load_rules
from expectations.rule import on_day
from pipelines.quality import run_rules, write_load_profile, write_profile
from pipelines.quality.store import store_violations
from tests.quality.warehouse import create_tables

AS_OF = datetime(2026, 11, 21, 3, tzinfo=UTC)
_KEY = "'CTGOV:NCT' || lpad(CAST(i AS VARCHAR), 8, '0')"
_SENTENCE = "Participants with the condition under study who gave informed consent. "
_PROSE = f"repeat('{_SENTENCE}', CAST(hash(i) % 25 AS INTEGER) + 4)"


_DAYS = """
SELECT i, start_day, start_day + 200 + CAST(hash(i + 12) % 900 AS INTEGER) AS primary_day,
  start_day + 300 + CAST(hash(i + 12) % 900 + hash(i + 13) % 200 AS INTEGER) AS completion_day,
  start_day - 40 + CAST(hash(i + 14) % 80 AS INTEGER) AS submitted_day,
  least(start_day + 1300 + CAST(hash(i + 17) % 400 AS INTEGER), DATE '2026-11-01') AS updated_day
FROM (
  SELECT i, DATE '2004-01-01' + CAST(hash(i + 11) % 8000 AS INTEGER) AS start_day FROM range(1, {count} + 1) AS n(i)
)
"""


def _date(name: str, day: str, kind: str = "") -> str:
    """The columns of a date: every 4th to the month, every 50th two years too late."""
    late = f"(CASE WHEN hash(i + length('{name}')) % 50 = 0 THEN {day} + 730 ELSE {day} END)"
    month = f"hash(i + 3 * length('{name}')) % 4 = 0"
    text = (
        f"CASE WHEN {month} THEN strftime({late}, '%Y-%m') ELSE CAST({late} AS VARCHAR) END AS {name}_raw, "
        f"CASE WHEN {month} THEN date_trunc('month', {late}) ELSE {late} END AS {name}_earliest, "
        f"CASE WHEN {month} THEN last_day({late}) ELSE {late} END AS {name}_latest, "
        f"CASE WHEN {month} THEN 'month' ELSE 'day' END AS {name}_precision"
    )
    return text + (
        f", CASE WHEN {day} < DATE '2026-11-21' THEN 'ACTUAL' ELSE 'ESTIMATED' END AS {name}_type" if kind else ""
    )


def _records(count: int) -> str:
    dates = ", ".join(
        [
            _date("start", "start_day", "typed"),
            _date("primary_completion", "primary_day", "typed"),
            _date("completion", "completion_day", "typed"),
            _date("first_submitted", "submitted_day"),
            _date("first_submitted_qc", "submitted_day + 3"),
            _date("first_posted", "submitted_day + 5"),
            _date("last_update_submitted", "updated_day"),
            _date("last_update_posted", "updated_day + 4"),
            _date("verified", "updated_day"),
        ]
    )
    return f"""
    INSERT INTO core.record BY NAME SELECT {_KEY} AS record_key, i AS version_id, 'CTGOV' AS registry,
      'NCT' || lpad(CAST(i AS VARCHAR), 8, '0') AS registry_id, 'own_id' AS key_basis, {_KEY} AS trial_id,
      'ctgov_v2' AS source_format, 'Study ' || i AS brief_title, 'A study of ' || i AS official_title,
      CASE WHEN hash(i) % 4 = 0 THEN 'OBSERVATIONAL' ELSE 'INTERVENTIONAL' END AS study_type,
      CASE WHEN hash(i) % 4 = 0 THEN NULL ELSE 'PHASE' || (hash(i + 1) % 4 + 1) END AS phase,
      CASE WHEN completion_day < DATE '2026-11-21' THEN 'COMPLETED' WHEN start_day < DATE '2026-11-21' THEN 'RECRUITING'
        ELSE 'NOT_YET_RECRUITING' END AS overall_status,
      CAST(1 + hash(i + 3) % 900 AS BIGINT) AS enrollment,
      CASE WHEN completion_day < DATE '2026-11-21' THEN 'ACTUAL' ELSE 'ESTIMATED' END AS enrollment_type,
      'Sponsor ' || (i % 9000) AS lead_sponsor, 'INDUSTRY' AS lead_sponsor_class, FALSE AS has_results, {dates},
      CASE WHEN hash(i) % 4 > 0 THEN 'RANDOMIZED' END AS allocation,
      CASE WHEN hash(i) % 4 > 0 THEN 'PARALLEL' END AS intervention_model,
      CASE WHEN hash(i) % 4 > 0 THEN 'TREATMENT' END AS primary_purpose,
      CASE WHEN hash(i) % 4 > 0 THEN 'DOUBLE' END AS masking,
      CASE WHEN hash(i) % 4 = 0 THEN 'COHORT' END AS observational_model,
      CASE WHEN hash(i) % 4 = 0 THEN 'PROSPECTIVE' END AS time_perspective,
      'ALL' AS sex, '18 Years' AS minimum_age, '65 Years' AS maximum_age, 6574.5 AS minimum_age_days,
      23741.25 AS maximum_age_days,
      'Inclusion Criteria: age 18 to 65 years. ' || {_PROSE} || ' Exclusion Criteria: ' || {_PROSE}
        AS eligibility_criteria,
      {_PROSE} AS brief_summary, {_PROSE} || {_PROSE} AS detailed_description, 2 AS arm_count, 2 AS intervention_count,
      5 AS location_count, 1 AS primary_outcome_count, 1 AS version_no
    FROM ({_DAYS.replace("{count}", str(count))}) AS days"""


def _children(count: int) -> list[str]:
    """Children by the numbers of the registry (2026): 2 arms, 2 interventions, 5 locations, 6 outcomes … per study."""

    def rows(table: str, each: int, values: str) -> str:
        staged = table.startswith("staging.")
        owner = "i AS version_id" if staged else f"{_KEY} AS record_key"
        return (
            f"INSERT INTO {table} BY NAME SELECT {owner}, CAST(n AS INTEGER) AS position, {values} "
            f"FROM range(1, {count} + 1) AS numbers(i), range(1, {each} + 1) AS items(n)"
        )

    label = "'Arm ' || n AS label, 'EXPERIMENTAL' AS type, 'Participants get drug ' || n AS description"
    drug = "'Drug ' || n AS name, 'DRUG' AS type, 'Twice a day' AS description"
    place = (
        "'RECRUITING' AS status, 'Hospital of ' || (hash(i) % 5000) AS facility, 'Paris' AS city, "
        "'France' AS country, 48.85 AS geo_point_lat, 2.35 AS geo_point_lon"
    )
    return [
        rows("staging.arm_group", 2, label),
        rows("core.arm_group", 2, label + ", ['Drug: Drug 1'] AS intervention_names"),
        rows("staging.intervention", 2, drug),
        rows("core.intervention", 2, drug + ", [] AS arm_group_labels, [] AS other_names"),
        rows(
            "staging.arm_group_intervention_name", 2, "n AS arm_group_position, 'Drug: Drug ' || n AS intervention_name"
        ),
        rows("staging.intervention_arm_group_label", 2, "n AS intervention_position, 'Arm ' || n AS arm_group_label"),
        rows(
            "core.outcome",
            6,
            "'SECONDARY' AS outcome_type, 'Change of score ' || n AS measure, '12 weeks' AS time_frame",
        ),
        rows("core.location", 5, place),
        rows("staging.location", 5, place),
        rows("core.contact", 1, "'central' AS level, 'A. Person' AS name"),
        rows("core.sponsor", 2, "CASE WHEN n = 1 THEN 'lead' ELSE 'collaborator' END AS role, 'Sponsor ' || n AS name"),
        rows("core.official", 1, "'Ada Person ' || i AS name, 'University' AS affiliation"),
        rows(
            "core.identifier",
            2,
            "'CTGOV' AS id_type, 'NCT' || i AS id_raw, 'NCT' || i AS id_norm, 'own' AS role, TRUE AS is_valid",
        ),
        rows("staging.identifier", 2, "'CTGOV' AS id_type, 'NCT' || i AS id_raw, 'NCT' || i AS id_norm, 'own' AS role"),
        rows("core.reference", 2, "'12345' AS pmid, 'RESULT' AS type, 'A paper. doi: 10.1000/' || i AS citation"),
        rows("staging.condition", 2, "'Condition ' || (hash(i + n) % 3000) AS condition"),
        rows("core.condition", 2, "'Condition ' || (hash(i + n) % 3000) AS condition"),
        rows("staging.who_masked", 2, "'PARTICIPANT' AS who_masked"),
        rows("staging.std_age", 2, "['ADULT', 'OLDER_ADULT'][n] AS std_age"),
        rows("core.criterion", 12, "'inclusion' AS kind, n AS number, 'Adults who gave informed consent' AS text"),
    ]


def make_warehouse(path: Path, count: int) -> None:
    """A warehouse of `count` records, each consistent enough that the gates hold."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET threads = 2")
        create_tables(connection)
        connection.execute(_records(count))
        connection.execute(
            f"INSERT INTO raw.record_version BY NAME SELECT i AS version_id, {_KEY} AS record_key, 1 AS version_no, "
            "'own_id' AS key_basis, 'CTGOV' AS registry, 'ctgov_v2' AS source_format, '0' AS record_sha256, '0' AS "
            "raw_sha256, "
            "1 AS record_bytes, 'f1' AS file_id, now() AS loaded_at, 'r1' AS run_id, TRUE AS is_current "
            f"FROM range(1, {count} + 1) AS numbers(i)"
        )
        connection.execute(
            "INSERT INTO staging.study BY NAME SELECT version_id, registry_id AS nct_id, overall_status FROM "
            "core.record"
        )
        for statement in _children(count):
            connection.execute(statement)


@dataclass
class Cost:
    """Seconds on the clock, and of all threads together; the second does not suffer from other work on the machine."""

    wall: float = 0.0
    cpu: float = 0.0

    def __str__(self) -> str:
        """Both, aligned."""
        return f"{self.wall:7.1f} s {self.cpu:7.1f} CPU s"


@contextmanager
def measured() -> Iterator[Cost]:
    """What the body costs."""
    cost = Cost()
    wall, cpu = time.perf_counter(), time.process_time()
    yield cost
    cost.wall, cost.cpu = time.perf_counter() - wall, time.process_time() - cpu


def bare_sql(path: Path) -> Cost:
    """The three counts of every rule, and every violation selected and stored, without any tool."""
    as_of = AS_OF.date().isoformat()
    groups: dict[str, list[Rule]] = {}
    for rule in load_rules():
        groups.setdefault(rule.rows_sql, []).append(rule)
    with duckdb.connect(str(path)) as connection, measured() as cost:
        connection.execute("SET threads = 2")
        connection.execute("DELETE FROM quality.violation")
        for rows, rules in groups.items():
            counts = ", ".join(
                f"count(*) FILTER (NOT r{n}), count(*) FILTER (r{n}), count(*) FILTER (r{n} IS NULL)"
                for n in range(len(rules))
            )
            columns = ", ".join(f"{rule.result_sql} AS r{n}" for n, rule in enumerate(rules))
            judged = f"SELECT {columns} FROM ({rows}) AS judged_rows"
            found = connection.execute(on_day(f"SELECT {counts} FROM ({judged})", as_of)).fetchall()[0]
            for n, rule in enumerate(rules):
                if found[3 * n]:
                    store_violations(connection, rule, as_of)
    return cost


def main() -> None:
    """Make the warehouse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("records", nargs="?", type=int, default=600_000)
    parser.add_argument("--keep", type=Path, help="make the warehouse here and leave it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "rules.duckdb"
        if not path.exists():
            make_warehouse(path, options.records)
        with measured() as profiled, duckdb.connect(str(path), config={"threads": 2}) as connection:
            write_profile(connection, "benchmark", AS_OF)
        with measured() as load_profiled, duckdb.connect(str(path), config={"threads": 2}) as connection:
            write_load_profile(connection, "r1", AS_OF)
        with measured() as imported:
            import great_expectations.expectations  # noqa: F401
        with measured() as ran:
            results = run_rules(path, "benchmark", AS_OF, threads=2)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        bare = bare_sql(path)
    for result in results:
        if result.error:
            print(f"{result.rule}: {result.error}")
    failed = sum(result.rows_failed or 0 for result in results)
    print(f"{options.records:,} records, {len(results)} rules, {failed:,} violations")
    print(f"profile of the build         {profiled}")
    print(f"profile of the load          {load_profiled}   (a first load: everything)")
    print(f"import of Great Expectations {imported}")
    print(f"run_rules                    {ran}   peak memory {peak:,} MiB")
    print(f"the same as bare SQL         {bare}")
    print(f"ratio                        {ran.wall / bare.wall:7.2f}   {ran.cpu / bare.cpu:7.2f}")
    print(f"catalogue with import        {ran.wall + imported.wall:7.1f} s {ran.cpu + imported.cpu:7.1f} CPU s")


if __name__ == "__main__":
    main()
