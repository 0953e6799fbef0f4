"""Files that hold a record many times, whole and cut off, run after run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.settings import Settings
from pipelines.warehouse.connect import connect_read_only
from tests.faults.small_build import build_small
from tests.faults.worlds import write_synthetic


@pytest.mark.slow
def test_a_run_does_not_fail_on_how_duckdb_plans_its_joins(tmp_path: Path) -> None:
    """The last run failed, and would have for ever, with "Pushdown Filter Type BLOOM_FILTER is not currently supported
    in PyArrow Scans": records met again and the run's files were registered Arrow tables, and DuckDB pushed a join's
    filter into one. Found as the campaign meddled with landing files during a run.
    """
    settings = Settings(home=tmp_path / "home")
    later = settings.landing_dir / "later"
    write_synthetic(settings.landing_dir, tmp_path / "second")
    build_small(settings, "run0")
    shutil.copytree(tmp_path / "second" / "later", later)
    line = (later / "amended.ndjson").read_bytes().splitlines(keepends=True)[0]
    for number, (copies, cut) in enumerate([(1, 1), (1, 1001), (300, 1)]):
        (later / f"x{number}.ndjson").write_bytes(line * copies)
        (later / f"y{number}.ndjson").write_bytes((line * copies)[:-cut])
        (later / f"z{number}.ndjson").write_bytes(line[:2000])
        build_small(settings, "run1")  # one name for three runs, so that the last has the rows DuckDB plans so for
    with connect_read_only(settings.warehouse_path) as connection:
        wrong = connection.execute(
            "SELECT path FROM raw.file WHERE records_seen <> records_accepted + records_unchanged + records_quarantined"
        ).fetchall()
        last = connection.execute("SELECT records_unchanged FROM raw.file WHERE path = 'later/x2.ndjson'").fetchone()
    assert wrong == []
    assert last == (300,)
