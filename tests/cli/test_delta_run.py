"""A run with few changes: it replaces and judges the touched records only, and ends where a whole run ends."""

from __future__ import annotations

import shutil
from pathlib import Path

import dagster as dg
import duckdb
import orjson

from pipelines.orchestration.instance import open_instance
from pipelines.orchestration.keys import JOB_NAME, table_key
from pipelines.settings import Settings
from pipelines.warehouse.compare import content_of, differences
from tests.orchestration.aged import begun_long_ago
from tests.pipeline_run import finished_run, trialmart


def changed_study(raw: bytes) -> bytes:
    """A newer version, its dates swapped."""
    study = orjson.loads(raw)
    protocol = study["protocolSection"]
    protocol["identificationModule"]["briefTitle"] += " (amended)"
    status = protocol["statusModule"]
    status["startDateStruct"] = {"date": "2031-05-04"}
    status["completionDateStruct"] = {"date": "2030-01-01"}
    status["lastUpdatePostDateStruct"] = {"date": "2026-11-19", "type": "ACTUAL"}
    return orjson.dumps(study)


def responsibly(raw: bytes) -> bytes:
    """The same with a sponsor that nobody else names, whose legal form another name of the corpus may not have."""
    study = orjson.loads(raw)
    study["protocolSection"]["sponsorCollaboratorsModule"]["leadSponsor"]["name"] = "The Onceonly Foundation, Inc."
    return orjson.dumps(study)


def raw_studies(home: Path, count: int) -> list[bytes]:
    """Raw bytes of current studies that came as API JSON."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        keys = [
            key
            for (key,) in connection.execute(
                "SELECT record_key FROM core.record WHERE source_format = 'ctgov_v2' ORDER BY record_key LIMIT ?",
                [count],
            ).fetchall()
        ]
    return [trialmart("raw", key, home=home).stdout.encode() for key in keys]


def figure(home: Path, full_name: str, name: str) -> object:
    """What the newest run told of a model's table; None where it did not tell it."""
    with open_instance(Settings(home=home)) as instance:
        event = instance.get_latest_materialization_event(table_key(full_name))
        assert event is not None
        assert event.asset_materialization is not None
        found = event.asset_materialization.metadata.get(name)
    return None if found is None else found.value


def lose_a_run(home: Path) -> str:
    """A run of long ago that says "started", as a killed process leaves it; its id."""

    @dg.job(name=JOB_NAME)
    def lost() -> None: ...

    with open_instance(Settings(home=home)) as instance:
        run = instance.create_run_for_job(lost, status=dg.DagsterRunStatus.STARTED)
        return begun_long_ago(instance, run.run_id)


def test_run_that_replaces_what_was_touched_equals_one_that_makes_everything_anew(tmp_path: Path) -> None:
    """Tables, violations, results, links and words: all as a whole run leaves them, but for the clock."""
    partly, wholly = tmp_path / "partly", tmp_path / "wholly"
    shutil.copytree(finished_run().home, partly, symlinks=True)
    first, second, _ = raw_studies(partly, 3)
    (partly / "landing" / "later.ndjson").write_bytes(changed_study(first) + b"\n" + responsibly(changed_study(second)))
    shutil.copytree(partly, wholly, symlinks=True)
    lost = lose_a_run(partly)

    done, whole = trialmart("run", home=partly), trialmart("run", "--rebuild", home=wholly)

    assert (done.returncode, whole.returncode) == (0, 0), done.stdout + done.stderr + whole.stdout + whole.stderr
    assert figure(partly, "core.condition", "records_replaced") == 2
    assert figure(wholly, "core.condition", "records_replaced") is None
    assert figure(partly, "core.identity_feature", "records_replaced") == 2
    stands = "stands_as_published"
    assert [figure(partly, name, stands) for name in ("core.own_id_group", "core.record")] == [True, None]
    assert figure(wholly, "core.own_id_group", stands) is None
    contents = [content_of(home / "warehouse.duckdb") for home in (partly, wholly)]
    assert contents[0]["core.record"].rows > 20
    assert differences(*contents) == []
    with duckdb.connect(str(partly / "warehouse.duckdb"), read_only=True) as connection:
        sponsors = connection.execute(
            "SELECT sponsor_key FROM core.identity_feature WHERE sponsor = 'The Onceonly Foundation, Inc.'"
        ).fetchall()
        violations = connection.execute(
            "SELECT count(*) FROM quality.violation JOIN core.record USING (record_key) "
            "WHERE rule = 'start_le_cd' AND brief_title LIKE '% (amended)'"
        ).fetchall()
    assert sponsors == [("onceonly foundation",)]
    assert violations == [(2,)]
    with open_instance(Settings(home=partly)) as instance:
        (run,) = instance.get_runs(dg.RunsFilter(run_ids=[lost]))
    assert run.status is dg.DagsterRunStatus.FAILURE, "closed by the run, whose own lock was in the way before"
