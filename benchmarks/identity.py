"""How long one identity per trial takes over N synthetic records, and how much memory.

    python benchmarks/identity.py [N] [--keep FILE] [--memory-mb 4096]

Makes a build in SQL, the same for every N: seven of ten records are of ClinicalTrials.gov, the others of five
registries and name an NCT number in half of the cases; EudraCT numbers have up to five member states; sponsors' study
numbers, titles, starts and sizes agree or do not; 2 % of the records list several ids, 1 % bear a placeholder for a
title, 3 % a title of another. Sites and sponsors make about one name for each record. Then each model of identity and
organisations is made as a run does it, the step runs twice (the second time with all assignments there), and seconds
and peak memory are printed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipelines.identity import assign_trials
from pipelines.settings import Settings
from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.build import prepare_tables
from pipelines.warehouse.connect import connect_writer
from pipelines.warehouse.models import Model, load_models, materialise

MODELS = (
    "core.country_spelling",
    "core.location",
    "core.organisation_use",
    "core.organisation_name",
    "core.organisation_alias",
    "core.organisation_role",
    "core.organisation",
    "core.identity_key",
    "core.own_id_group",
    "core.identity_feature",
    "core.link_candidate",
)
AFTER = ("core.record_link", "core.trial_member", "core.trial")

_WORDS = """['effect', 'study', 'patients', 'treatment', 'safety', 'efficacy', 'drug', 'randomised', 'controlled',
  'children', 'adults', 'cancer', 'diabetes', 'asthma', 'pain', 'surgery', 'therapy', 'dose', 'trial', 'open',
  'chronic', 'acute', 'lung', 'heart', 'kidney', 'liver', 'breast', 'prostate', 'vaccine', 'influenza']"""


def _title(number: str) -> str:
    """Eight words from a trial's number, and the number itself."""
    words = " || ' ' || ".join(f"w[1 + CAST(hash({number} * 8 + {n}) % 30 AS INTEGER)]" for n in range(8))
    return f"{words} || ' ' || {number}"


# A trial is a number; a tenth of them have records in two registries. i: the record, trial: what it is of.
_RECORDS = """
CREATE TEMP TABLE made AS
SELECT i, registry, trial, n, sponsor, {words} AS w,
  CASE registry
    WHEN 'CTGOV' THEN 'NCT' || lpad(i::VARCHAR, 8, '0')
    WHEN 'ISRCTN' THEN 'ISRCTN' || lpad(i::VARCHAR, 8, '0')
    WHEN 'DRKS' THEN 'DRKS' || lpad(i::VARCHAR, 8, '0')
    WHEN 'CHICTR' THEN 'ChiCTR' || lpad(i::VARCHAR, 10, '0')
    WHEN 'CTIS' THEN '2023-5' || lpad((i % 100000)::VARCHAR, 5, '0') || '-' || lpad((i // 100000)::VARCHAR, 2, '0')
      || '-00'
    ELSE '2011-' || lpad((trial % 1000000)::VARCHAR, 6, '0') || '-' || lpad((trial // 1000000 + 10)::VARCHAR, 2, '0')
  END AS own_id
FROM (
  SELECT i, registry, n,
    CASE WHEN registry = 'EUCTR' THEN i - i % 5 WHEN registry <> 'CTGOV' AND hash(i) % 2 = 0
      THEN 1 + CAST(hash(i + 7) % {count} AS BIGINT) ELSE i END AS trial,
    CAST(hash(CASE WHEN registry = 'CTGOV' THEN i ELSE i + 1 END) % 40000 AS BIGINT) AS sponsor
  FROM (
    SELECT i, hash(i + 5) % 100 AS n, CASE
      WHEN i % 100 < 70 THEN 'CTGOV' WHEN i % 100 < 80 THEN 'EUCTR' WHEN i % 100 < 86 THEN 'ISRCTN'
      WHEN i % 100 < 92 THEN 'DRKS' WHEN i % 100 < 98 THEN 'CHICTR' ELSE 'CTIS' END AS registry
    FROM range(1, {count} + 1) AS numbers(i)
  )
)
"""

_TABLES = (
    """INSERT INTO raw.record_version BY NAME SELECT i AS version_id,
      registry || ':' || own_id
        || CASE WHEN registry = 'EUCTR' THEN '-' || ['DE','FR','IT','ES','PL'][1 + i % 5] ELSE '' END AS record_key,
      1 AS version_no, 'own_id' AS key_basis, registry, own_id AS registry_id, 'made' AS source_format,
      '0' AS record_sha256, '0' AS raw_sha256, 1 AS record_bytes, 'f' AS file_id, now()::TIMESTAMP AS loaded_at,
      'r' AS run_id, TRUE AS is_current FROM made""",
    f"""INSERT INTO staging.study BY NAME SELECT i AS version_id,
      CASE WHEN n = 0 THEN '[Trial of device that is not approved or cleared by the U.S. FDA]'
        WHEN n < 4 THEN {_title("(trial // 50)")} ELSE {_title("trial")} END AS official_title,
      'Sponsor number ' || sponsor || CASE WHEN i % 3 = 0 THEN ' Inc.' ELSE '' END AS lead_sponsor_name,
      'INDUSTRY' AS lead_sponsor_class, 1 + hash(trial) % 900 AS enrollment_count, 'INTERVENTIONAL' AS study_type,
      DATE '2005-01-01' + CAST(hash(trial) % 7000 AS INTEGER) AS start_date_earliest,
      start_date_earliest AS start_date_latest FROM made""",
    """INSERT INTO staging.identifier BY NAME
      SELECT i AS version_id, 1 AS position, 'own' AS source_path,
        CASE registry WHEN 'EUCTR' THEN 'EUDRACT' ELSE registry END AS id_type, own_id AS id_raw, own_id AS id_norm,
        'own' AS role, TRUE AS is_valid FROM made
      UNION ALL SELECT i, 2, 'org', 'ORG', code, code, 'org', TRUE
      FROM (SELECT i, 'PROT-' || hash(trial) % 3000000 AS code FROM made)
      UNION ALL SELECT i, 2 + k, 'secondary', 'CTGOV', nct, nct, 'secondary', TRUE FROM (
        SELECT i, k, 'NCT' || lpad((trial - trial % 100 + (trial + k - 1) % 70)::VARCHAR, 8, '0') AS nct
        FROM made, range(1, 4) AS several(k) WHERE registry <> 'CTGOV' AND (k = 1 OR n < 2)
      ) WHERE nct <> 'NCT00000000'
      UNION ALL SELECT i, 9, 'secondary', 'EUDRACT', eu, eu, 'secondary', TRUE FROM (
        SELECT i, '2011-' || lpad((trial % 1000000)::VARCHAR, 6, '0') || '-'
          || lpad((trial // 1000000 + 10)::VARCHAR, 2, '0') AS eu
        FROM made WHERE registry = 'CTGOV' AND n < 20
      )""",
    """INSERT INTO staging.location BY NAME SELECT i AS version_id, k AS position,
      'Hospital ' || ['Saint', 'Regional', 'University', 'General'][1 + CAST(hash(i + k) % 4 AS INTEGER)] || ' of town '
        || hash(i * 5 + k) % 300000 || ' north' AS facility,
      'City ' || hash(i * 5 + k) % 20000 AS city, 'Country ' || hash(i * 5 + k) % 60 AS country
      FROM made, range(1, 4) AS sites(k)""",
)


def make_build(connection: duckdb.DuckDBPyConnection, count: int) -> None:
    """The staged tables that identity reads, filled with `count` records."""
    connection.execute(_RECORDS.replace("{count}", str(count)).replace("{words}", _WORDS))
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("DROP TABLE made")


def timed(name: str, work: Callable[[], Any]) -> float:
    """Seconds of `work`, printed with its outcome and the peak memory so far."""
    start = time.perf_counter()
    outcome = work()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:28s} {seconds:7.1f} s   peak {peak:6,.0f} MB   {outcome}", flush=True)
    return seconds


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="keep the build in this file")
    parser.add_argument("--memory-mb", type=int, default=4096, help="DuckDB's memory limit")
    options = parser.parse_args()
    models = load_models(None, {name: table.column_names for name, table in SOURCE_TABLES.items()})
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "build.duckdb"
        settings = Settings(home=Path(folder), memory_limit_mb=options.memory_mb)
        connection = connect_writer(path, settings, Path(folder) / "spill")
        prepare_tables(connection)
        timed("making the records", lambda: make_build(connection, options.count))
        total = sum(_model(connection, models[name]) for name in MODELS)
        for run in ("r1", "r2"):
            seconds = timed(f"identity step, run {run}", partial(_step, connection, run))
            total += seconds if run == "r1" else 0
        total += sum(_model(connection, models[name]) for name in AFTER)
        print(f"{'all of it, one run':28s} {total:7.1f} s")
        connection.close()


def _model(connection: duckdb.DuckDBPyConnection, model: Model) -> float:
    return timed(model.full_name, lambda: f"{materialise(connection, model).rows:,} rows")


def _step(connection: duckdb.DuckDBPyConnection, run: str) -> str:
    report = assign_trials(connection, [], run, datetime.now(UTC))
    return f"{report.records:,} records, {report.trials:,} trials, {report.pairs:,} pairs, {report.links:,} links"


if __name__ == "__main__":
    main()
