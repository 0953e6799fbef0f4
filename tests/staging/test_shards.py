"""Files staged in portions, as many machines do: the tables of one walk, whatever was killed or done twice."""

from __future__ import annotations

import io
import random
import shutil
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import orjson
import pytest

from pipelines.landing.catalogue import ArchivedFile, archive_file, scan
from pipelines.sample import make_study, write_sample
from pipelines.sample.render.aact_flat import render_tables
from pipelines.settings import Limits, Settings
from pipelines.staging.ingest import ingest
from pipelines.staging.shards import DONE, forget_shards, plan_file, stage_portion, staged_shards
from pipelines.warehouse.compare import content_behind, differences
from tests.staging.build import empty_build

LIMITS = Limits()
SMALL = 40_000


def record(index: int) -> bytes:
    return orjson.dumps(make_study(5, index))


def packed(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[ArchivedFile]:
    """Several formats with defects; a zip with a record twice, a broken one, an inner archive; a damaged zip."""
    folder = tmp_path_factory.mktemp("corpus")
    landing = folder / "landing"
    write_sample(30, landing, formats=("mixed",))
    studies = {f"studies/{index:03}.json": record(index) for index in range(60)}
    studies |= {
        "studies/again.json": record(3),
        "studies/broken.json": b'{"protocolSection": {',
        "readme.pdf": b"%PDF-",
    }
    studies |= {"inner.zip": packed({"a.json": record(70), "b.json": record(4)})}
    (landing / "bulk.zip").write_bytes(packed(studies))
    (landing / "cut.zip").write_bytes(packed({f"{index}.json": record(index) for index in range(50, 80)})[:-4000])
    tables = {f"{name}.txt": text for name, text in render_tables([make_study(9, index) for index in range(8)]).items()}
    (landing / "tables.zip").write_bytes(packed({**{f"{i}.json": record(i) for i in range(90, 96)}, **tables}))
    return [archive_file(file, folder / "archive") for file in scan(landing).files]


def stage(shards: Path, files: Sequence[ArchivedFile], seed: int = 0) -> int:
    """Stage all portions in an arbitrary order; how many there were."""
    work = [
        (file, portion)
        for file in files
        for portion in plan_file(shards, file.archived_path, file.sha256, LIMITS, SMALL)
    ]
    random.Random(seed).shuffle(work)
    for file, portion in work:
        stage_portion(shards, file.archived_path, portion, LIMITS, 10_000_000, 7)
    return len(work)


def tables(
    tmp_path: Path, name: str, files: Sequence[ArchivedFile], shards: Path | None
) -> tuple[object, dict[str, object]]:
    """Report and content of a build that took the files, one after the other, in two runs."""
    with empty_build(tmp_path / f"{name}.duckdb") as build:
        reports = []
        for number, part in enumerate((files[::2], files)):
            report = ingest(
                build,
                part,
                settings=Settings(home=tmp_path),
                work_dir=tmp_path / name / str(number),
                run_id=f"run-{number}",
                loaded_at=datetime(2026, 11, 21, tzinfo=UTC),
                shards=shards,
            )
            reports.append(
                (
                    report.records_seen,
                    report.records_accepted,
                    report.records_unchanged,
                    report.rows,
                    report.records_quarantined,
                    report.quarantine_reasons,
                    report.record_bytes,
                )
            )
        return reports, content_behind(build, leave_out=())


@pytest.mark.slow
def test_shards_give_what_one_walk_gives(tmp_path: Path, files: list[ArchivedFile]) -> None:
    shards = tmp_path / "shards"
    portions = stage(shards, files)
    assert portions > len(files) + 10, "the archives were cut"
    whole = [file for file in files if staged_shards(shards, file.sha256) is None]
    assert [file.path for file in whole] == ["tables.zip"], "tables that belong together are left to one walk"
    alone, expected = tables(tmp_path, "alone", files, None)
    shared, found = tables(tmp_path, "shared", files, shards)
    assert shared == alone
    assert differences(found, expected) == []
    rows = {path: path.read_bytes() for path in shards.rglob("*.parquet")}
    again, _ = tables(tmp_path, "again", files, shards)
    assert again == alone
    assert {path: path.read_bytes() for path in shards.rglob("*.parquet")} == rows, "shards are never written to"


def test_a_killed_attempt_is_nothing_and_a_second_one_is_the_first(tmp_path: Path, files: list[ArchivedFile]) -> None:
    shards = tmp_path / "shards"
    bulk = next(file for file in files if file.path == "bulk.zip")
    portions = plan_file(shards, bulk.archived_path, bulk.sha256, LIMITS, SMALL)
    for portion in portions[1:]:
        assert stage_portion(shards, bulk.archived_path, portion, LIMITS, 10_000_000, 7)
    killed = shards / bulk.sha256 / f".{portions[0].name}.gone-1-abc.part"
    shutil.copytree(shards / bulk.sha256 / portions[1].name, killed)
    (killed / DONE).unlink()
    assert staged_shards(shards, bulk.sha256) is None, "one portion is missing"
    assert plan_file(shards, bulk.archived_path, bulk.sha256, LIMITS, 10 * SMALL) == portions, "a plan stays"
    assert stage_portion(shards, bulk.archived_path, portions[0], LIMITS, 10_000_000, 7)
    assert not stage_portion(shards, bulk.archived_path, portions[0], LIMITS, 10_000_000, 7), "done already"
    found = staged_shards(shards, bulk.sha256)
    assert found is not None
    assert sum(shard.seen for shard in found) == 65
    forget_shards(shards, bulk.sha256)
    assert list(shards.iterdir()) == []


def test_a_fault_while_staging_leaves_nothing(
    tmp_path: Path, files: list[ArchivedFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.staging import shards as module

    def full_disk(*_: object) -> dict[str, int]:
        raise OSError("No space left on device")

    bulk = next(file for file in files if file.path == "bulk.zip")
    (portion, *_) = plan_file(tmp_path, bulk.archived_path, bulk.sha256, LIMITS, SMALL)
    monkeypatch.setattr(module, "write_part", full_disk)
    with pytest.raises(OSError, match="No space"):
        stage_portion(tmp_path, bulk.archived_path, portion, LIMITS, 10_000_000, 7)
    assert [path.name for path in (tmp_path / bulk.sha256).iterdir()] == ["plan.json"]


def test_a_shard_that_is_damaged_is_an_error_not_an_empty_result(tmp_path: Path, files: list[ArchivedFile]) -> None:
    shards = tmp_path / "shards"
    bulk = next(file for file in files if file.path == "bulk.zip")
    stage(shards, [bulk])
    next(shards.rglob("study/000000.parquet")).write_bytes(b"")
    with pytest.raises(duckdb.Error):
        tables(tmp_path, "damaged", [bulk, bulk], shards)
