"""`trialmart verify` finds what was changed after reading, in the archive and in the warehouse, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.sample import write_sample
from pipelines.settings import Settings
from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse import verify as verify_module
from pipelines.warehouse.rederive import Difference, models_of_one_record
from pipelines.warehouse.verify import verify
from pipelines.warehouse.versions import Versions, current_versions
from tests.faults.small_build import build_small, models_for
from tests.pipeline_run import trialmart

pytestmark = pytest.mark.slow
FORMATS = ("ctgov_ndjson", "ctgov_zip", "page_text", "aact_flat", "euctr_text", "ictrp_csv", "drks_json")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("verify") / "home"
    write_sample(28, home / "landing", formats=FORMATS, seed=5)
    build_small(Settings(home=home))
    return home


@pytest.fixture
def settings(built: Path, tmp_path: Path) -> Settings:
    """A copy to do harm to."""
    shutil.copytree(built, tmp_path / "home", symlinks=True)
    return Settings(home=tmp_path / "home")


def change(settings: Settings, statement: str) -> None:
    path = settings.warehouse_path.resolve()
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)


def archived(settings: Settings, suffix: str) -> Path:
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        rows = connection.execute("SELECT sha256 FROM raw.file WHERE path LIKE ?", [f"%{suffix}"]).fetchall()
    return settings.archive_dir / rows[0][0][:2] / rows[0][0]


def test_an_untouched_warehouse_holds(built: Path) -> None:
    found = verify(Settings(home=built), records=1000, seed=1)
    assert found.holds
    assert (found.differences, found.differences_of_code, found.unread) == ([], [], [])
    assert found.sampled == found.versions == found.sampled_by_format.total()
    assert len(found.sampled_by_format) >= len(FORMATS) - 1, "both JSON formats are one to the readers"
    assert found.field_states > 50
    assert min(found.staged_values, found.core_values) > 1000
    assert found.core_tables == 3


def test_what_hangs_on_records_outside_the_sample_is_not_made_from_it(tmp_path: Path) -> None:
    """Which country's protocol stands for a trial depends on all of them: with a part of these in the sample, a sound
    warehouse was said to hold another `core.reporting_case.is_counted` than its raw bytes (2026-11-22)."""
    home = tmp_path / "home"
    write_sample(1, home / "landing", formats=("euctr_text",), seed=5)
    build_small(Settings(home=home), models=models_for("core.reporting_case"))
    with duckdb.connect(str(Settings(home=home).warehouse_path), read_only=True) as connection:
        made = {name for name, _ in models_of_one_record(connection)}
    assert {"core.record", "core.country"} <= made
    assert "core.reporting_case" not in made


def test_the_seed_draws_the_sample_and_formats_take_turns(built: Path) -> None:
    count = len(verify(Settings(home=built), records=1000).sampled_by_format)
    few = verify(Settings(home=built), records=count, seed=3)
    assert set(few.sampled_by_format.values()) == {1}
    assert verify(Settings(home=built), records=0).holds


@pytest.mark.parametrize(
    ("statement", "table", "column"),
    [
        ("UPDATE staging.study SET brief_title = 'another'", "staging.study", "brief_title"),
        ("UPDATE staging.condition SET condition = NULL WHERE position = 1", "staging.condition", "condition (pos"),
        ("DELETE FROM staging.condition WHERE position = 1", "staging.condition", "position 1"),
        ("INSERT INTO staging.keyword BY NAME SELECT version_id, 9 AS position, 'x' AS keyword FROM staging.study",
         "staging.keyword", "position 9"),
        ("UPDATE core.condition SET condition = 'x' WHERE position = 1", "core.condition", "condition (position 1)"),
        ("UPDATE staging.field_state SET state = 'absent', line_start = 999", "staging.field_state", "line_start"),
        ("UPDATE raw.record_version SET raw_sha256 = 'x'", "raw.record_version", "raw_sha256"),
    ],
    ids=["value", "lost value", "lost row", "row too many", "core", "lines of a page", "hash"],
)  # fmt: skip
def test_a_changed_value_is_found_with_its_place(settings: Settings, statement: str, table: str, column: str) -> None:
    change(settings, statement)
    found = verify(settings, records=1000)
    assert not found.holds
    assert any(d.table == table and d.column.startswith(column) for d in found.differences), found.differences[:5]
    assert all(d.stored != d.derived for d in found.differences)


def test_differences_are_told_on_the_command_line(settings: Settings) -> None:
    newest = "(SELECT min(version_id) FROM staging.study)"
    change(settings, f"UPDATE staging.study SET acronym = 'WRONG' WHERE version_id = {newest}")
    said = trialmart("verify", "--records", "1000", "--seed", "1", home=settings.home_dir)
    assert said.returncode == 1, said.stderr
    assert "staging.study acronym: stored WRONG, read " in said.stdout
    assert said.stdout.count("stored ") == 1
    assert "Traceback" not in said.stderr


def test_a_copy_that_is_gone_or_changed_is_named_and_its_records_are_not_judged(settings: Settings) -> None:
    gone, changed = archived(settings, ".ndjson"), archived(settings, ".zip")
    gone.chmod(0o644)
    gone.unlink()
    changed.chmod(0o644)
    changed.write_bytes(changed.read_bytes()[:-1] + b"x")
    found = verify(settings, records=1000)
    assert not found.holds
    assert sorted("is gone" in fault for fault in found.archive_faults) == [False, True]
    assert any("holds other bytes" in fault for fault in found.archive_faults)
    assert found.unread
    assert found.differences == []
    said = trialmart("verify", home=settings.home_dir)
    assert said.returncode == 1
    assert "Restore these copies from a backup" in said.stdout


def test_versions_read_by_other_code_are_told_apart(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that was mended since gives other values: no fault of the warehouse, but said."""
    change(settings, "UPDATE staging.study SET brief_title = 'as older code read it'")
    now = current_versions()
    newer = Versions(now.code_version, "newer", now.rule_catalogue_version, now.model_version)
    monkeypatch.setattr(verify_module, "current_versions", lambda: newer)
    found = verify(settings, records=1000)
    assert found.holds
    assert found.read_by_other_code == found.sampled
    assert isinstance(found.differences_of_code[0], Difference)


def test_a_version_that_reads_otherwise_now_is_compared_value_by_value(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version's id is made of its content. After a reader was mended, its rows were "no such row" and "a row" under
    a number, 543 lines "by the same code, please report this" for 29 values of seven records (2026-11-22)."""
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        sql = "SELECT version_id, record_key FROM raw.record_version ORDER BY ALL LIMIT 1"
        ((version_id, record_key),) = connection.execute(sql).fetchall()
    change(settings, f"UPDATE raw.record_version SET record_sha256 = 'old' WHERE version_id = {version_id}")
    change(settings, f"UPDATE staging.study SET acronym = 'OLD' WHERE version_id = {version_id}")
    owned = ["raw.record_version", *(name for name in SOURCE_TABLES if name.startswith("staging."))]
    moved = [f"UPDATE {table} SET version_id = {version_id} + 1 WHERE version_id = {version_id}" for table in owned]
    change(settings, "; ".join(moved))
    now = current_versions()
    newer = Versions(now.code_version, "newer", now.rule_catalogue_version, now.model_version)
    monkeypatch.setattr(verify_module, "current_versions", lambda: newer)
    found = verify(settings, records=1000)
    assert found.holds, found.differences[:3]
    assert {(d.record_key, d.table, d.column) for d in found.differences_of_code} == {
        (record_key, "raw.record_version", "record_sha256"),
        (record_key, "staging.study", "acronym"),
    }


def test_without_a_warehouse_it_says_how_to_get_one(tmp_path: Path) -> None:
    said = trialmart("verify", home=tmp_path / "nothing")
    assert said.returncode == 1
    assert "trialmart run" in said.stderr
