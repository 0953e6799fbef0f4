"""The report as an asset: its own job, begun by publishing, and `trialmart run --report` and `trialmart report`."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from pipelines.orchestration.assemble import build_definitions
from pipelines.orchestration.keys import JOB_NAME, PUBLISH, REPORT_JOB
from pipelines.orchestration.report_asset import REPORT, report_after_publish
from pipelines.orchestration.resources import WarehouseRun
from tests.pipeline_run import copy_home, finished_run, trialmart
from tests.reports.pages_read import read_page
from tests.reports.small_warehouse import hostile_rows, make_warehouse


def test_the_asset_says_what_it_wrote(tmp_path: Path) -> None:
    make_warehouse(tmp_path / "warehouse.duckdb", hostile_rows())
    definitions = build_definitions(run=WarehouseRun(home=str(tmp_path)), models={}, rules=())
    with dg.DagsterInstance.ephemeral() as instance:
        result = definitions.resolve_job_def(REPORT_JOB).execute_in_process(instance=instance)
        (event,) = result.get_asset_materialization_events()
        metadata = event.materialization.metadata
        assert event.asset_key == REPORT
        written = {path.name: path.stat().st_size for path in (tmp_path / "report").glob("*.html")}
        assert metadata["pages"].value == len(written)
        assert metadata["bytes"].value == sum(written.values())
        assert metadata["report"].value == (tmp_path / "report" / "index.html").as_uri()
        assert "`trial-ctgov-nct00000101.html`" in str(metadata["preview"].value)
        assert "script>" not in str(metadata["preview"].value)

        asked = {"ops": {"reports__pages": {"config": {"trials": ["NCT09999999"]}}}}
        failed = definitions.resolve_job_def(REPORT_JOB).execute_in_process(
            instance=instance, run_config=asked, raise_on_error=False
        )
        assert not failed.success
        assert {path.name for path in (tmp_path / "report").glob("*.html")} == set(written), "the former pages stay"


def test_the_pipeline_makes_no_pages_and_publishing_asks_for_them() -> None:
    definitions = build_definitions(models={}, rules=())
    assert REPORT not in definitions.resolve_job_def(JOB_NAME).asset_layer.executable_asset_keys
    assert report_after_publish.asset_key == PUBLISH
    assert report_after_publish.job_name == REPORT_JOB
    assert report_after_publish.default_status is dg.DefaultSensorStatus.RUNNING


def test_commands_write_pages_of_the_published_warehouse(tmp_path: Path) -> None:
    done = trialmart("report", "--output", tmp_path / "pages", home=finished_run().home)
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "pages" / "index.html") in done.stdout.replace("\n", "")
    for path in (tmp_path / "pages").glob("*.html"):
        shown = read_page(path.read_text(encoding="utf-8")).text
        assert "This warehouse" not in shown, f"{path.name}: a table or column that pages read is not built"
    unknown = trialmart("report", "--sponsor", "nobody at all", "--output", tmp_path / "more", home=finished_run().home)
    assert unknown.returncode == 1
    assert "no lead sponsor is named" in unknown.stderr
    assert not (tmp_path / "more").exists()

    home = copy_home(tmp_path / "home")
    again = trialmart("run", "--report", home=home)
    assert again.returncode == 0, again.stderr
    assert (home / "report" / "index.html").exists()
    foreign = tmp_path / "home" / "report" / "index.html"
    foreign.write_text("<h1>mine</h1>")
    refused = trialmart("run", "--report", home=home)
    assert refused.returncode == 1
    assert "could not be made" in refused.stderr.replace("\n", " ")
    assert foreign.read_text() == "<h1>mine</h1>"
