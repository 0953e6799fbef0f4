"""All that was ever read is read once more: the same readers make the same of it, whatever older ones had made."""

from __future__ import annotations

import copy
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest

from pipelines import readers
from pipelines.history.compare import compare_versions
from pipelines.landing.origin import Origin, write_note
from pipelines.sample import make_study
from pipelines.settings import Settings
from pipelines.staging.report import IngestProgress
from pipelines.tables import SOURCE_TABLES, quoted
from pipelines.warehouse.afresh import former_loads, read_afresh
from pipelines.warehouse.errors import WarehouseError
from tests.staging.build import empty_build, ingest_landing

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
Tables = dict[str, list[tuple[Any, ...]]]


def amended(study: dict[str, Any], title: str, day: str) -> bytes:
    newer = copy.deepcopy(study)
    newer["protocolSection"]["identificationModule"]["briefTitle"] = title
    newer["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"] = day
    return orjson.dumps(newer)


def torn(study: dict[str, Any]) -> bytes:
    bad = copy.deepcopy(study)
    bad["protocolSection"]["statusModule"]["startDateStruct"] = {"date": "2026-02-30"}
    return orjson.dumps(bad)


class Home:
    """A landing folder that three runs have read: versions, a damaged record that came whole later, a record that no
    reader knew, a full snapshot, a file that could not be opened, and one content read twice because of newer readers.
    """

    def __init__(self, home: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.settings, self.landing, self.connection = Settings(home=home), home / "landing", connection
        self.landing.mkdir()

    def run(self, number: int) -> None:
        ingest_landing(
            self.connection,
            self.landing,
            self.settings.home_dir,
            run_id=f"run-{number}",
            loaded_at=NOON.replace(day=number),
        )

    def fill(self) -> None:
        study, other = make_study(1, 3), make_study(1, 4)
        (self.landing / "study.json").write_bytes(orjson.dumps(study))
        (self.landing / "torn.json").write_bytes(torn(other))
        (self.landing / "table.csv").write_text("colour;size\nred;1\n")
        (self.landing / "link.json").symlink_to(self.landing / "study.json")
        self.run(1)
        with zipfile.ZipFile(self.landing / "all.zip", "w") as archive:
            archive.writestr("a.json", amended(study, "Newer", "2026-10-30"))
            archive.writestr("b.json", orjson.dumps(other))
        write_note(
            self.landing / "all.zip",
            Origin(registry="CTGOV", scope="full", data_timestamp=datetime(2026, 11, 2, tzinfo=UTC), source="weekly"),
        )
        self.run(2)
        (self.landing / "late.json").write_bytes(amended(study, "Between", "2026-10-29"))
        (self.landing / "study.json").unlink()
        self.run(3)
        compare_versions(self.connection, "one")

    def read_afresh(self, tell: list[IngestProgress] | None = None) -> None:
        loads = former_loads(self.connection, self.settings)
        read_afresh(
            self.connection,
            loads,
            settings=self.settings,
            work_dir=self.settings.home_dir / "work" / "afresh",
            run_id="afresh",
            on_progress=None if tell is None else tell.append,
        )
        compare_versions(self.connection, "one")

    def tables(self) -> Tables:
        """Every row of every table, but for the column that says that it was read afresh."""
        found = {}
        for name in SOURCE_TABLES:
            left_out = "* EXCLUDE (read_afresh_run_id)" if name == "raw.file" else "*"
            rows = self.connection.execute(f"SELECT {left_out} FROM {quoted(*name.split('.', 1))}").fetchall()
            found[name] = sorted(rows, key=repr)
        return found


@pytest.fixture
def home(tmp_path: Path) -> Any:
    with empty_build(tmp_path / "build.duckdb") as connection:
        yield Home(tmp_path, connection)


def test_the_same_readers_make_the_same_of_it(home: Home) -> None:
    home.fill()
    before = home.tables()
    assert [row[0] for row in home.connection.execute("SELECT count(*) FROM raw.record_version").fetchall()] == [4]
    assert {row[0] for row in home.connection.execute("SELECT released_as FROM quality.quarantine").fetchall()} == {
        "accepted",
        None,
    }
    home.read_afresh()
    after = home.tables()
    assert [name for name in before if before[name] != after[name]] == []
    noted = home.connection.execute("SELECT path, read_afresh_run_id FROM raw.file ORDER BY path").fetchall()
    assert noted == [(path, None if path == "link.json" else "afresh") for path, _ in noted]


def test_loads_of_several_batches_keep_apart(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the first load had written for its last batches was taken for the second one's as well."""
    monkeypatch.setattr("pipelines.staging.ingest.BATCH_RECORDS", 1)
    for number in range(4):
        (home.landing / f"{number}.json").write_bytes(orjson.dumps(make_study(2, number)))
    home.run(1)
    (home.landing / "later.json").write_bytes(orjson.dumps(make_study(2, 5)))
    home.run(2)
    before = home.tables()
    home.read_afresh()
    assert home.tables() == before
    assert list((home.settings.home_dir / "work" / "afresh").iterdir()) == []


def test_what_older_readers_read_wrongly_is_gone(home: Home) -> None:
    home.fill()
    before = home.tables()
    for damage in (
        "UPDATE staging.study SET brief_title = 'misread', overall_status = NULL",
        "DELETE FROM staging.condition",
        "INSERT INTO staging.keyword FROM staging.keyword",
        "UPDATE raw.record_version SET version_id = version_id + 1, valid_from = NULL",
        "DELETE FROM history.change",
    ):
        home.connection.execute(damage)
    assert home.tables() != before
    home.read_afresh()
    assert home.tables() == before


def test_a_format_learnt_later_is_read_as_of_the_run_that_read_it_first(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(readers, "READERS", ())
        (home.landing / "study.json").write_bytes(orjson.dumps(make_study(1, 5)))
        home.run(1)
    home.read_afresh()
    assert home.connection.execute("SELECT run_id, loaded_at FROM raw.record_version").fetchall() == [
        ("run-1", NOON.replace(tzinfo=None))
    ]


def test_progress_is_that_of_all_loads(home: Home) -> None:
    home.fill()
    told: list[IngestProgress] = []
    home.read_afresh(told)
    assert {(one.files_total, one.bytes_total) for one in told} == {(5, told[0].bytes_total)}
    assert [one.records for one in told] == sorted(one.records for one in told)
    assert (told[-1].files, told[-1].records, told[-1].bytes) == (5, 6, told[0].bytes_total)


def test_a_copy_that_is_gone_ends_it_before_anything_is_forgotten(home: Home) -> None:
    home.fill()
    before = home.tables()
    (sha256,) = home.connection.execute("SELECT sha256 FROM raw.file WHERE path = 'study.json'").fetchall()[0]
    (copied,) = [path for path in home.settings.archive_dir.rglob("*") if path.name.startswith(sha256)]
    copied.unlink()
    with pytest.raises(WarehouseError, match=r"1 of the 5 contents ever read .*study\.json.*--read-again"):
        home.read_afresh()
    assert home.tables() == before
