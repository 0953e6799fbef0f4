"""The same studies in every format, through a whole run: each is one trial, with a record in each registry it is in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from pipelines.sample import write_sample
from pipelines.sample.rendered import RENDERINGS
from tests.pipeline_run import trialmart

STUDIES = 12
EVERYWHERE = {"CTGOV", "EUCTR", "CTIS", "ISRCTN", "DRKS", "CHICTR"}


@pytest.mark.slow
def test_each_study_is_one_trial(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    for format_name in ("ctgov_ndjson", *RENDERINGS):
        write_sample(STUDIES, landing / format_name, formats=(format_name,), defects=False)
    run = trialmart("run", home=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        quarantined = connection.execute("SELECT path, reason FROM quality.quarantine").fetchall()
        unknown = connection.execute("SELECT path FROM quality.unknown_field").fetchall()
        trials = connection.execute("SELECT list(registry) FROM core.record GROUP BY trial_id").fetchall()
        formats = connection.execute(
            "SELECT DISTINCT source_format FROM core.record WHERE registry = 'CTGOV'"
        ).fetchall()
        seen = connection.execute("SELECT sum(records_seen) FROM raw.file").fetchone()
    assert quarantined == []
    assert unknown == []
    assert seen == (STUDIES * (len(RENDERINGS) + 1),)
    assert len(trials) == STUDIES
    for (registries,) in trials:
        assert set(registries) >= EVERYWHERE
        assert max(Counter(registries).values()) == 1, "a record in two formats is one record in two versions"
    assert formats == [("ctgov_v2",)], "the registry's own richest format is the current one"
