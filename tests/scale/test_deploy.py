"""The files in deploy/: they parse, name settings that exist, and load in the parts that read them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml

from pipelines.orchestration.instance import EVENT_BATCH
from pipelines.settings import Limits, Settings, Storage
from tests.conftest import REPO_ROOT
from tests.scale import servers

DEPLOY = REPO_ROOT / "deploy"
OF_THE_DEPLOYMENT = {"EXECUTOR", "BROKER", "RESULTS", "INSTANCE_DB", "CODE_HOST"}


def test_every_file_parses_and_every_setting_exists() -> None:
    names = {f"TRIALMART_{name.upper()}" for kind in (Settings, Storage) for name in kind.model_fields}
    names |= {f"TRIALMART_LIMIT_{name.upper()}" for name in Limits.model_fields}
    names |= {f"TRIALMART_{name}" for name in OF_THE_DEPLOYMENT}
    for path in DEPLOY.iterdir():
        text = path.read_text()
        if path.suffix == ".yaml":
            assert yaml.safe_load(text), path.name
        assert set(re.findall(r"TRIALMART_[A-Z0-9_]+", text)) <= names, path.name


def test_compose_services_depend_on_services_that_exist() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    assert {"postgres", "redis", "minio", "code", "webserver", "daemon", "worker"} <= services.keys()
    for name, service in services.items():
        assert set(service.get("depends_on", ())) <= services.keys(), name
        sources = {volume.split(":")[0] for volume in service.get("volumes", ())}
        files = {source for source in sources if source.startswith("./")}
        assert all((DEPLOY / file).is_file() for file in files), name
        assert sources - files <= compose["volumes"].keys(), name
    given = {line.split("=")[0] for line in (DEPLOY / "example.env").read_text().splitlines() if "=" in line}
    assert set(re.findall(r"\$\{(\w+)\}", (DEPLOY / "compose.yaml").read_text())) == given


def test_the_passwords_go_into_neither_the_history_nor_the_image() -> None:
    """compose.yaml tells people to make deploy/.env: git offered it for a commit, COPY put it in the image."""
    git = shutil.which("git")
    if git is not None and (REPO_ROOT / ".git").exists():
        assert subprocess.run([git, "check-ignore", "-q", "deploy/.env"], cwd=REPO_ROOT, check=False).returncode == 0
    assert "**/.env" in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()


def test_what_kubernetes_needs_besides_belongs_to_the_locked_dagster() -> None:
    """Without a version pip takes the newest, which brings a dagster of its own, past the lock."""
    locked = (REPO_ROOT / "requirements" / "scale.lock").read_text()
    release = re.search(r"^dagster-postgres==(\S+)", locked, re.MULTILINE)
    assert release is not None
    values = (DEPLOY / "kubernetes-values.yaml").read_text()
    assert f"pip install dagster-k8s=={release[1]}\n" in values


def test_pods_may_write_the_home() -> None:
    """The image's user is 1000; a fresh volume mostly belongs to root. The chart hands on no security context."""
    user = re.search(r"useradd --uid (\d+)", (DEPLOY / "Dockerfile").read_text())
    assert user is not None
    values = yaml.safe_load((DEPLOY / "kubernetes-values.yaml").read_text())
    group = {"fsGroup": int(user[1])}
    (code,) = values["dagster-user-deployments"]["deployments"]
    assert code["podSecurityContext"] == group
    launched = values["runLauncher"]["config"]["k8sRunLauncher"]["runK8sConfig"]
    assert launched["podSpecConfig"]["securityContext"] == group


def test_compose_file_satisfies_docker() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not installed")
    command = [docker, "compose", "-f", str(DEPLOY / "compose.yaml"), "--env-file", str(DEPLOY / "example.env")]
    done = subprocess.run([*command, "config", "--quiet"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_postgres_is_healthy_once_the_catalog_is_there() -> None:
    """The check was `pg_isready` once, which names a database and never looks whether there is one (2026-11)."""
    psql, pg_isready = servers.program("psql"), servers.program("pg_isready")
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["postgres"]
    kind, *check = service["healthcheck"]["test"]
    assert (kind, check[0]) == ("CMD", "psql")
    with servers.postgres() as running:  # its own: others of this folder have made the database in the shared one
        there = os.environ | {"PGHOST": "127.0.0.1", "PGPORT": str(running.port)}

        def asked(*command: str) -> tuple[int, str]:
            done = subprocess.run(command, env=there, capture_output=True, text=True, check=False, timeout=60)
            return done.returncode, done.stdout

        running.create(service["environment"]["POSTGRES_DB"])
        assert asked(pg_isready, "-U", "trialmart", "-d", "lake")[0] == 0
        assert asked(psql, *check[1:])[0] == 2
        running.run((DEPLOY / "lake.sql").read_text())
        assert asked(psql, *check[1:]) == (0, "")


def test_the_instance_loads(postgres: servers.Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    servers.needs("dagster_postgres")
    postgres.create("instance_of_deploy")
    monkeypatch.setenv("TRIALMART_INSTANCE_DB", postgres.url("instance_of_deploy"))
    shutil.copy(DEPLOY / "dagster.yaml", tmp_path)
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        kinds = {
            type(kept).__name__
            for kept in (instance.run_storage, instance.event_log_storage, instance.schedule_storage)
        }
        assert kinds == {"PostgresRunStorage", "PostgresEventLog", "PostgresScheduleStorage"}
        assert instance.get_runs_count() == 0
        assert instance.run_monitoring_enabled
        assert instance.run_retries_enabled
        assert not instance.telemetry_enabled
        pools = instance.get_concurrency_config().pool_config
        assert (pools.default_pool_limit, pools.pool_granularity.value) == (1, "run")


def test_what_a_run_plans_is_stored_together() -> None:
    """Who makes a run (daemon, web server, code server) says so to Dagster by the environment of the image alone."""
    said = re.search(r"^ENV (.*)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert said is not None
    assert f"DAGSTER_EVENT_BATCH_SIZE={EVENT_BATCH}" in said[1].split()


def test_celery_workers_take_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    servers.needs("dagster_celery")
    from dagster_celery.cli import get_validated_config

    monkeypatch.setenv("TRIALMART_BROKER", "redis://broker:6379/0")
    monkeypatch.setenv("TRIALMART_RESULTS", "redis://broker:6379/1")
    said = get_validated_config(str(DEPLOY / "celery.yaml"))
    assert said["broker"] == "redis://broker:6379/0"
    assert said["config_source"]["task_acks_late"] is True


LOADED = """
import json
import dagster as dg
from pipelines.orchestration.scaled import defs, pipeline_after_staging
repository = defs.get_repository_def()
starts = {one.name: one.job_name for one in repository.schedule_defs}
starts |= {one.name: one.targets[0].job_name for one in repository.sensor_defs}
with dg.DagsterInstance.ephemeral() as instance:
    done = defs.resolve_job_def("stage_landing").execute_in_process(instance=instance)
    context = dg.build_run_status_sensor_context(
        "pipeline_after_staging", done.get_run_success_event(), instance, done.dagster_run
    )
    request = pipeline_after_staging(context)
print(json.dumps({"starts": starts, "success": done.success, "follows": request.run_key == done.run_id}))
"""


def test_the_definitions_begin_with_staging_and_the_pipeline_follows(tmp_path: Path) -> None:
    """In a process of its own: the executor is chosen when the module is loaded. Nothing is in landing."""
    servers.needs("dagster_celery")
    (tmp_path / "landing").mkdir()
    environment = {"PYTHONPATH": str(REPO_ROOT), "TRIALMART_HOME": str(tmp_path), "TRIALMART_EXECUTOR": "celery"}
    done = subprocess.run(
        [sys.executable, "-c", LOADED], env=environment, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["starts"]["daily"] == "stage_landing"
    assert said["starts"]["landing_sensor"] == "stage_landing"
    assert said["starts"]["pipeline_after_staging"] == "trialmart_pipeline"
    assert (said["success"], said["follows"]) == (True, True)
