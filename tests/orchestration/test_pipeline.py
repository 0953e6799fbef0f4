"""The job run for real, with small rules and few models: gates, retries, interruptions, nothing new."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import duckdb
import pytest

from expectations import Rule, Severity
from pipelines.orchestration import data_docs_asset, intake_assets, model_assets, publish_assets, run
from pipelines.orchestration.assemble import build_definitions
from pipelines.orchestration.data_docs_asset import DATA_DOCS
from pipelines.orchestration.keys import GATES_CHECK, JOB_NAME, PUBLISH, RULE_RESULTS, table_key
from pipelines.orchestration.resources import WarehouseRun
from pipelines.orchestration.watch import RunOutcome, Watcher, watching
from pipelines.sample import write_sample
from pipelines.settings import Settings
from pipelines.warehouse.build import abandon, begin_build
from pipelines.warehouse.builds import list_builds
from pipelines.warehouse.delta import make
from pipelines.warehouse.lock import writer_is_active
from pipelines.warehouse.models import Model
from pipelines.warehouse.models.model import ModelColumn, ModelTest
from tests.interruption import ENDLESS, ctrl_c_is_seen, interrupt_soon

HOLDS = Rule(
    name="file_has_bytes",
    table="raw.file",
    severity=Severity.GATE,
    description="Every file has a size.",
    meaning="The size is missing.",
    source="test",
    columns=("bytes",),
    rows="SELECT NULL::VARCHAR AS record_key, * FROM raw.file",
    passes="bytes >= 0",
    message="{bytes} bytes",
)
BREAKS = replace(HOLDS, name="file_is_tiny", passes="bytes < 0")
DOUBTS = replace(BREAKS, name="file_is_small", severity=Severity.WARN)
CANNOT_RUN = replace(HOLDS, name="file_has_colour", passes="colour = 'red'")

FILE_COUNT = Model(
    schema="marts",
    name="file_count",
    path=Path("file_count.sql"),
    sql="SELECT count(*) AS files FROM raw.file",
    description="How many files.",
    grain="one row",
    owner="team:trialmart",
    tags=("tiny",),
    materialised="table",
    columns={"files": ModelColumn("files", "BIGINT", "Number of files.", 1)},
    depends_on=frozenset({"raw.file"}),
    code_version="1",
    tests=(ModelTest("not_null_files", "not_null", "gate", ("files",)),),
)
NO_FILE = replace(
    FILE_COUNT,
    tests=(ModelTest("row_count", "row_count_between", "gate", (), {"min": 5}),),
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "home")
    write_sample(4, settings.landing_dir, formats=("ctgov_ndjson",), defects=False)
    return settings


@pytest.fixture(scope="module")
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


class Run:
    """One execution of the job with its outcome."""

    def __init__(self, result: dg.ExecuteInProcessResult, outcome: RunOutcome) -> None:
        self.result = result
        self.outcome = outcome

    def materialised(self) -> set[dg.AssetKey]:
        return {event.asset_key for event in self.result.get_asset_materialization_events() if event.asset_key}

    def check(self, key: dg.AssetKey, name: str) -> dg.AssetCheckEvaluation:
        found = [e for e in self.result.get_asset_check_evaluations() if (e.asset_key, e.check_name) == (key, name)]
        assert len(found) == 1, (key, name, found)
        return found[0]


def execute(
    instance: dg.DagsterInstance,
    settings: Settings,
    *rules: Rule,
    models: tuple[Model, ...] = (),
    rebuild: bool = False,
    selection: list[dg.AssetKey] | None = None,
    allow_gates: tuple[str, ...] = (),
) -> Run:
    resource = WarehouseRun(home=str(settings.home_dir), wait_seconds=0)
    defs = build_definitions(run=resource, rules=rules, models={model.full_name: model for model in models})
    watcher = Watcher()
    wished = {"rebuild": rebuild, "allow_gates": list(allow_gates), "allow_reason": "looked at" if allow_gates else ""}
    with watching(watcher):
        result = defs.resolve_job_def(JOB_NAME).execute_in_process(
            instance=instance,
            raise_on_error=False,
            asset_selection=selection,
            run_config={
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                **({} if selection else {"ops": {"landing_files": {"config": wished}}}),
            },
        )
    return Run(result, watcher.outcome)


def rows(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_run_publishes_and_the_next_has_nothing_to_do(instance: dg.DagsterInstance, settings: Settings) -> None:
    first = execute(instance, settings, HOLDS, DOUBTS, models=(FILE_COUNT,))
    assert first.result.success
    assert first.outcome.published is not None
    assert first.outcome.ingest is not None
    assert first.outcome.ingest.records_accepted == 4
    assert rows(settings, "SELECT files FROM marts.file_count") == [(1,)]
    assert rows(settings, "SELECT files, records_seen, records_accepted FROM meta.build") == [(1, 4, 4)]
    assert first.check(table_key("raw.file"), "file_has_bytes").passed
    doubt = first.check(table_key("raw.file"), "file_is_small")
    assert (doubt.passed, doubt.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert doubt.metadata["rows_failed"].value == 1
    assert first.check(table_key("marts.file_count"), "not_null_files").passed
    assert not writer_is_active(settings)

    # the rules and models of this test are not those of the checkout, so the code has not "changed" in its eyes
    second = execute(instance, settings, HOLDS, DOUBTS, models=(FILE_COUNT,))
    assert second.result.success
    assert second.outcome.nothing_new
    assert second.materialised() == set()
    assert len(list_builds(settings)) == 1

    third = execute(instance, settings, HOLDS, DOUBTS, models=(FILE_COUNT,), rebuild=True)
    assert third.outcome.published is not None
    assert len(list_builds(settings)) == 2


def test_many_files_are_published_without_reading_the_code_for_each(
    instance: dg.DagsterInstance, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of what was staged in portions is named after the code: of 30,000 files that took 330 of 530 s."""
    asked: list[str] = []
    folder = publish_assets.shards_folder
    monkeypatch.setattr(publish_assets, "shards_folder", lambda *at: asked.append("asked") or folder(*at))
    for number in range(5):
        (settings.landing_dir / f"{number}.json").write_text(f"no record {number}")
    assert execute(instance, settings, HOLDS).outcome.published is not None
    assert asked == ["asked"]


def test_materialisations_carry_figures(instance: dg.DagsterInstance, settings: Settings) -> None:
    run = execute(instance, settings, HOLDS)
    events = {e.asset_key: e.materialization.metadata for e in run.result.get_asset_materialization_events()}
    file = events[table_key("raw.file")]
    assert file["dagster/row_count"].value == 1
    assert (file["records_seen"].value, file["records_accepted"].value) == (4, 4)
    assert isinstance(file["seconds"].value, float)
    assert "| file_id |" in file["preview"].value
    assert events[dg.AssetKey("landing_files")]["files_new"].value == 1
    assert events[RULE_RESULTS]["rules_failed_gate"].value == 0
    assert not any("preview" in events[key] for key in events if "contact" in key.path[-1])


@pytest.mark.parametrize("broken", [BREAKS, CANNOT_RUN], ids=["rows-fail", "cannot-run"])
def test_open_gate_stops_publishing_and_keeps_the_build_for_a_look(
    instance: dg.DagsterInstance, settings: Settings, broken: Rule
) -> None:
    execute(instance, settings, HOLDS)
    before = settings.warehouse_path.resolve()
    (settings.landing_dir / "more.json").write_text("no record at all")
    run = execute(instance, settings, HOLDS, broken)
    assert not run.result.success
    assert run.outcome.published is None
    assert PUBLISH not in run.materialised()
    assert not run.check(table_key("raw.file"), broken.name).passed
    assert not run.check(RULE_RESULTS, GATES_CHECK).passed
    assert settings.warehouse_path.resolve() == before
    assert rows(settings, "SELECT count(*) FROM raw.file") == [(1,)]
    assert run.outcome.rejected is not None
    with duckdb.connect(str(run.outcome.rejected), read_only=True) as rejected:
        assert rejected.execute("SELECT count(*) FROM raw.file").fetchall() == [(2,)]
    assert not writer_is_active(settings)
    assert execute(instance, settings, HOLDS).outcome.published is not None, "the next run takes the file in"


def test_data_docs_are_made_whether_or_not_gates_hold(instance: dg.DagsterInstance, settings: Settings) -> None:
    first = execute(instance, settings, HOLDS, DOUBTS)
    index = settings.data_docs_dir / "index.html"
    event = next(e for e in first.result.get_asset_materialization_events() if e.asset_key == DATA_DOCS)
    figures = event.materialization.metadata
    assert figures["site"].value == index.as_uri()
    assert [figures[name].value for name in ("pages", "suites", "rules", "rules_failed")] == [3, 1, 2, 1]
    assert first.outcome.run_id in index.read_text()
    second = execute(instance, settings, BREAKS, rebuild=True)
    assert second.outcome.published is None
    assert DATA_DOCS in second.materialised()
    assert second.outcome.run_id in index.read_text()


def test_data_docs_that_fail_leave_publishing_alone(
    instance: dg.DagsterInstance, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(data_docs_asset, "build_data_docs", refuse)
    run = execute(instance, settings, HOLDS)
    assert run.outcome.published is not None
    assert not run.result.success
    assert "no space left" in run.outcome.errors["data_docs"].lower()
    assert DATA_DOCS not in run.materialised()


def test_gate_test_of_a_model_stops_publishing(instance: dg.DagsterInstance, settings: Settings) -> None:
    run = execute(instance, settings, HOLDS, models=(NO_FILE,))
    assert not run.result.success
    assert not run.check(table_key("marts.file_count"), "row_count").passed
    assert not settings.warehouse_path.exists()
    assert run.outcome.rejected is not None


def test_quality_step_that_says_nothing_publishes_nothing(
    instance: dg.DagsterInstance, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result that is missing is a failed check, and a missing gate an open one."""
    from pipelines.orchestration import quality_assets

    monkeypatch.setattr(quality_assets, "run_rules", lambda *args, **kwargs: [])
    run = execute(instance, settings, HOLDS)
    check = run.check(table_key("raw.file"), HOLDS.name)
    assert not check.passed
    assert "no result in this run" in check.metadata["error"].value
    assert run.outcome.published is None
    assert not settings.warehouse_path.exists()


def test_transient_io_is_tried_again(
    instance: dg.DagsterInstance, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copying to the archive and switching the link each fail once."""
    failures = {"archive": 1, "publish": 1}
    archive, publish = intake_assets.archive_new, publish_assets.publish

    def fail_once(name: str) -> None:
        if failures[name]:
            failures[name] -= 1
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(intake_assets, "archive_new", lambda *args: (fail_once("archive"), archive(*args))[1])
    monkeypatch.setattr(publish_assets, "publish", lambda *args: (fail_once("publish"), publish(*args))[1])
    run = execute(instance, settings, HOLDS)
    assert run.result.success
    assert run.outcome.published is not None
    assert run.outcome.errors == {}, "what a retry has mended is no error of the run"


def retries(run: Run) -> int:
    return sum(event.event_type_value == "STEP_UP_FOR_RETRY" for event in run.result.all_events)


def test_busy_writer_is_named_and_not_retried(instance: dg.DagsterInstance, settings: Settings) -> None:
    build = begin_build(settings, "somebody-else")
    try:
        run = execute(instance, settings, HOLDS)
    finally:
        abandon(build)
    assert not run.result.success
    assert "is being written by run somebody-else" in run.outcome.errors["landing_files"]
    assert retries(run) == 0


def test_missing_landing_is_said_and_not_retried(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    run = execute(instance, Settings(home=tmp_path / "empty"), HOLDS)
    assert "does not exist: create it" in run.outcome.errors["landing_files"]
    assert retries(run) == 0


def test_model_that_breaks_its_contract_says_so(instance: dg.DagsterInstance, settings: Settings) -> None:
    lying = replace(FILE_COUNT, sql="SELECT 'one' AS files FROM raw.file")
    run = execute(instance, settings, HOLDS, models=(lying,))
    assert not run.result.success
    assert "files" in run.outcome.errors["marts.file_count"]
    assert not settings.warehouse_path.exists()


def test_part_of_the_graph_without_publishing_is_refused(instance: dg.DagsterInstance, settings: Settings) -> None:
    """In the UI one can ask for a single table; nothing of it would ever be seen."""
    run = execute(instance, settings, HOLDS, models=(FILE_COUNT,), selection=[table_key("marts.file_count")])
    assert not run.result.success
    assert "a build is one unit" in run.outcome.errors["marts.file_count"]
    assert list(settings.builds_dir.glob("*")) == [] if settings.builds_dir.exists() else True


@pytest.mark.parametrize("broken", [BREAKS, CANNOT_RUN], ids=["rows-fail", "cannot-run"])
def test_gate_allowed_by_name_fails_and_is_published_on_record(
    instance: dg.DagsterInstance, settings: Settings, broken: Rule
) -> None:
    refused = execute(instance, settings, HOLDS, broken, allow_gates=(HOLDS.name,))
    assert refused.outcome.published is None, "only the gate of that very name is allowed"
    run = execute(instance, settings, HOLDS, broken, allow_gates=(HOLDS.name, broken.name))
    assert run.outcome.published is not None
    assert run.outcome.overrides == [broken.name]
    assert not run.check(table_key("raw.file"), broken.name).passed, "the check itself still says what is wrong"
    assert run.check(RULE_RESULTS, GATES_CHECK).metadata["overridden"].value == broken.name
    recorded = rows(settings, "SELECT rule, rows_failed, error IS NULL, reason FROM quality.gate_override")
    assert recorded == [(broken.name, None if broken is CANNOT_RUN else 1, broken is not CANNOT_RUN, "looked at")]
    after = execute(instance, settings, HOLDS, broken, rebuild=True)
    assert after.outcome.published is None, "it was allowed for one run"


def test_unknown_gate_is_refused(instance: dg.DagsterInstance, settings: Settings) -> None:
    run = execute(instance, settings, HOLDS, DOUBTS, allow_gates=("file_has_bites", DOUBTS.name))
    said = run.outcome.errors["landing_files"]  # the first step: nothing was read or built
    assert f"no gate is named file_has_bites, file_is_small; there are {HOLDS.name}" in said
    assert run.outcome.published is None


def test_missing_result_cannot_be_allowed(
    instance: dg.DagsterInstance, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.orchestration import quality_assets

    monkeypatch.setattr(quality_assets, "run_rules", lambda *args, **kwargs: [])
    run = execute(instance, settings, HOLDS, allow_gates=(HOLDS.name,))
    assert run.outcome.published is None
    assert not settings.warehouse_path.exists()


def test_a_run_whose_failure_could_not_be_written_down_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a disk that was full to the last page the event of the failed step was lost: "published no", no word why."""
    lost = SimpleNamespace(success=False, all_events=[])
    monkeypatch.setattr(run, "_load_job", lambda *_: None)
    monkeypatch.setattr(run, "_execute", lambda *_: lost)
    monkeypatch.setattr(run, "begun_ahead", lambda *_: nullcontext(SimpleNamespace(wait=lambda: None)))
    outcome = run.run_pipeline(Settings(home=tmp_path), Watcher())
    assert "Free some space" in outcome.errors["the run"]


@ctrl_c_is_seen
def test_interrupted_query_ends_the_run_as_an_interruption(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while DuckDB was at work was told as an error of the step, with the exit code of one."""
    slow = replace(FILE_COUNT, sql=ENDLESS, depends_on=frozenset())
    resource = WarehouseRun(home=str(settings.home_dir), wait_seconds=0)
    job = build_definitions(run=resource, rules=(), models={slow.full_name: slow}).resolve_job_def(JOB_NAME)
    monkeypatch.setattr(run, "_load_job", lambda *_: job)

    def interrupted_soon(*arguments: object) -> object:
        interrupt_soon()
        return make(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(model_assets, "make", interrupted_soon)
    with pytest.raises(KeyboardInterrupt):
        run.run_pipeline(settings, Watcher())
    assert not settings.warehouse_path.exists()
    assert not writer_is_active(settings)
