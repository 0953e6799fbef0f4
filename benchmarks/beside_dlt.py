"""How fast a zip of studies becomes flat tables in DuckDB, against dlt, which also makes tables of nested JSON.

    python benchmarks/beside_dlt.py --dlt-python VENV/bin/python [--studies 3000] [--repeat 1]

dlt is no dependency of trialmart: `--dlt-python` is a Python where `dlt[duckdb]` and orjson are installed. Both load
the same studies of `trialmart sample`, each in a process of its own, in turn: trialmart reads the zip as a run does
(ingest.py, `staged tables`); dlt gets the studies one by one as orjson parses them, and normalises and loads them by
its own defaults. Printed: MB of JSON per second of both, the number of tables, and the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from ingest import make_corpus, measure

LOADING = """
import json, sys, time
import dlt, duckdb, orjson

def studies():
    with open(sys.argv[1], "rb") as lines:
        yield from map(orjson.loads, lines)

pipeline = dlt.pipeline("studies", destination=dlt.destinations.duckdb(sys.argv[2]), dataset_name="studies")
started = time.perf_counter()
pipeline.run(studies(), table_name="study").raise_on_failed_jobs()
seconds = time.perf_counter() - started
with duckdb.connect(sys.argv[2], read_only=True) as connection:
    tables = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'study%'").fetchone()[0]
    rows = connection.execute("SELECT count(*) FROM studies.study").fetchone()[0]
print(json.dumps({"seconds": seconds, "tables": tables, "studies": rows}))
"""


def measure_dlt(python: str, corpus: Path) -> dict[str, float]:
    """Seconds that dlt takes for the studies of the corpus, in a process and a folder of its own."""
    with tempfile.TemporaryDirectory(dir=corpus) as scratch:
        told = {"DLT_DATA_DIR": scratch, "RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}
        command = [python, "-c", LOADING, str(corpus / "studies.ndjson"), str(Path(scratch, "dlt.duckdb"))]
        done = subprocess.run(
            command, env=os.environ | told, cwd=scratch, check=True, stdout=subprocess.PIPE, text=True
        )
        return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dlt-python", required=True)
    parser.add_argument("--studies", type=int, default=3_000)
    parser.add_argument("--repeat", type=int, default=1)
    arguments = parser.parse_args()
    corpus = Path(tempfile.mkdtemp(prefix="trialmart-benchmark-"))
    try:
        megabytes = make_corpus(arguments.studies, corpus) / 1e6
        ours, theirs = [], []
        for _ in range(arguments.repeat):
            ours.append(measure("staged tables", corpus)["seconds"])
            theirs.append(measure_dlt(arguments.dlt_python, corpus))
    finally:
        shutil.rmtree(corpus)
    own, other = statistics.median(ours), statistics.median(run["seconds"] for run in theirs)
    if any(run["studies"] != arguments.studies for run in theirs):
        sys.exit(f"dlt loaded {theirs[0]['studies']:,} of {arguments.studies:,} studies")
    print(f"{arguments.studies:,} studies, {megabytes:,.0f} MB of JSON, median of {arguments.repeat}")
    print(f"trialmart {megabytes / own:8.2f} MB/s")
    print(f"dlt       {megabytes / other:8.2f} MB/s, {theirs[0]['tables']} tables")
    print(f"ratio     {other / own:8.1f}")


if __name__ == "__main__":
    main()
