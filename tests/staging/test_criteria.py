"""Criteria of versions that were staged before there was a table of them."""

from __future__ import annotations

from pathlib import Path

import orjson

from pipelines.sample import make_study
from tests.staging.build import empty_build, ingest_landing


def test_versions_staged_without_their_criteria_get_them_with_the_next_ingest(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    landing.mkdir()
    (landing / "1.json").write_bytes(orjson.dumps([make_study(7, number) for number in range(5)]))
    with empty_build(tmp_path / "build.duckdb") as build:
        ingest_landing(build, landing, tmp_path / "home", run_id="1")
        cut = build.execute("FROM staging.criterion ORDER BY ALL").fetchall()
        build.execute("DELETE FROM staging.criterion")
        ingest_landing(build, landing, tmp_path / "home", run_id="2")
        assert cut
        assert build.execute("FROM staging.criterion ORDER BY ALL").fetchall() == cut
        (landing / "2.json").write_bytes(orjson.dumps([make_study(7, 5)]))
        ingest_landing(build, landing, tmp_path / "home", run_id="3")
        assert build.execute("SELECT count(DISTINCT version_id) FROM staging.criterion").fetchone() == (6,)
