"""Landing folders for the campaign, the builds that undisturbed runs make of them, and what must hold at any time.

Belongs here: the two worlds (synthetic, real) and the checks that a home must pass after any fault. Does not: faults.
"""

from __future__ import annotations

import filecmp
import hashlib
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import orjson

from pipelines.sample import write_sample
from pipelines.settings import Settings
from pipelines.warehouse.builds import build_id_of, list_builds
from pipelines.warehouse.compare import TableContent, content_of, differences
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.lock import writer_is_active
from tests.faults.fork_server import CHANGES_SAID, ForkServer
from tests.faults.light_instance import make_light

REAL_FILES = (
    "ctgov_v2/*.json",
    "ctgov_xml/*.xml",
    "euctr/*.txt",
    "isrctn/*",
    "drks/*",
    "ctis/*.json",
    "chictr/*",
    "dirty/*",
)
REAL_FILE_BYTES = 300_000
"""Real files above this size are left out: a killed run has to be cheap."""


@dataclass(frozen=True)
class World:
    """A home with nothing published and one with the first landing published; both with the whole landing beside.

    `before` and `after` are the contents of the two builds that undisturbed runs give; `seconds` what the second took,
    `changes` how often it changed a file of the home.
    """

    name: str
    empty: Path
    begun: Path
    before: Mapping[str, TableContent]
    after: Mapping[str, TableContent]
    seconds: float
    changes: int


def write_synthetic(first: Path, second: Path) -> None:
    """Few records of every format with planted defects; then others, and new versions of some of the first."""
    write_sample(30, first, formats=("mixed",), seed=11)
    write_sample(6, first / "more", formats=("ctgov_ndjson",), seed=12, defects=False)
    write_sample(8, second / "later", formats=("ctgov_zip", "euctr_text"), seed=13)
    (source,) = (first / "more").rglob("*.ndjson")
    lines = []
    for line in source.read_bytes().splitlines()[:4]:
        study = orjson.loads(line)
        study["protocolSection"]["identificationModule"]["briefTitle"] += " (amended)"
        study["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"] = {"date": "2026-11-20"}
        lines.append(orjson.dumps(study))
    (second / "later" / "amended.ndjson").write_bytes(b"\n".join(lines) + b"\n")


def write_real(shared: Path, first: Path, second: Path) -> None:
    """The smaller real files at hand, every other one arriving later."""
    patterns = ("seeds/*.txt", *(f"data/{name}" for name in REAL_FILES))
    files = [path for pattern in patterns for path in sorted(shared.glob(pattern))]
    small = [path for path in files if path.is_file() and path.stat().st_size <= REAL_FILE_BYTES]
    for number, path in enumerate(small):
        target = (second if number % 2 else first) / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
        target.chmod(0o644)


def prepare(name: str, first: Path, second: Path, folder: Path, server: ForkServer, *, light: bool = True) -> World:
    """Let two undisturbed runs make the builds that every disturbed one must come to."""
    empty, begun, done = folder / "empty", folder / "begun", folder / "done"
    for home in (empty, begun):
        shutil.copytree(first, home / "landing")
        if light:
            make_light(home)
    _must_run(server, begun, folder / "first.log")
    before = content_of(begun / "warehouse.duckdb")
    shutil.copytree(begun, done, symlinks=True)
    for home in (begun, done):
        shutil.copytree(second, home / "landing", dirs_exist_ok=True)
    started = time.monotonic()
    said = _must_run(server, done, folder / "second.log")
    seconds = time.monotonic() - started
    after = content_of(done / "warehouse.duckdb")
    for home in (begun, done):
        assert wrongs(home) == []
    shutil.rmtree(done)
    return World(name, empty, begun, before, after, seconds, int(said.rpartition(CHANGES_SAID)[2]))


def _must_run(server: ForkServer, home: Path, log: Path) -> str:
    done = server.run("run", log=log, env={"TRIALMART_HOME": str(home)}, kill_before_change=1_000_000)
    assert done.wait() == 0, done.said()
    return done.said()


def wrongs(home: Path, *, at_rest: bool = True) -> list[str]:
    """Everything that must hold of a home and does not; empty when all is well.

    `at_rest`: the last run ended by itself, so nothing unfinished may lie about.
    """
    settings = Settings(home=home)
    found = []
    if writer_is_active(settings):
        found.append("the writer lock is held although nobody writes")
    found += _archive_wrongs(settings)
    if settings.warehouse_path.is_symlink():
        log = Path(f"{settings.warehouse_path.resolve()}.wal")
        if log.exists():
            found.append(f"{log} beside the published build")
        with connect_read_only(settings.warehouse_path) as connection:
            found += _conservation_wrongs(connection)
            found += _lost_contents(connection, settings)
    if at_rest:
        found += [f"left behind: {path.relative_to(home)}" for path in _leftovers(settings)]
    return found


def _conservation_wrongs(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """seen = accepted + unchanged + quarantined: for each file, each run, and against the rows that are there."""
    statements = {
        "file {}: seen is not accepted + unchanged + quarantined": "SELECT path FROM raw.file WHERE records_seen <> "
        "records_accepted + records_unchanged + records_quarantined",
        "build {}: seen is not accepted + unchanged + quarantined": "SELECT build_id FROM meta.build WHERE "
        "records_seen <> records_accepted + records_unchanged + records_quarantined",
        "file {}: versions in raw.record_version are not those it says were accepted": "SELECT path FROM raw.file "
        "LEFT JOIN (SELECT file_id, count(*) AS n FROM raw.record_version GROUP BY 1) USING (file_id) "
        "WHERE coalesce(n, 0) <> records_accepted",
        "file {}: rows in quality.quarantine are not those it says": "SELECT path FROM raw.file LEFT JOIN "
        "(SELECT file_id, count(*) AS n FROM quality.quarantine GROUP BY 1) USING (file_id) "
        "WHERE coalesce(n, 0) <> records_quarantined",
        "version {} has no row in staging.study": "SELECT version_id FROM raw.record_version ANTI JOIN staging.study "
        "USING (version_id)",
        "record {} has not exactly one current version": "SELECT record_key FROM raw.record_version GROUP BY 1 "
        "HAVING count(*) FILTER (WHERE is_current) <> 1",
    }
    return [words.format(row[0]) for words, sql in statements.items() for row in connection.execute(sql).fetchall()]


def _archive_wrongs(settings: Settings) -> list[str]:
    """Whatever has a hash for a name must have that hash, at any time."""
    found = []
    for path in settings.archive_dir.glob("*/*"):
        if not path.name.startswith(".") and hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
            found.append(f"archive: {path.name} holds other bytes than its name says")
    return found


def _lost_contents(connection: duckdb.DuckDBPyConnection, settings: Settings) -> list[str]:
    hashes = connection.execute("SELECT sha256, path FROM raw.file WHERE sha256 <> ''").fetchall()
    lost = [path for sha256, path in hashes if not (settings.archive_dir / sha256[:2] / sha256).is_file()]
    return [f"archive: the content of {path} is gone" for path in lost]


def _leftovers(settings: Settings) -> list[Path]:
    """Files of a home that neither hold a published build nor belong to what users know."""
    home = settings.home_dir
    linked = {entry for build in list_builds(settings) for entry in (build.path, build.path.parent)}
    found = (
        [path for path in settings.builds_dir.iterdir() if path not in linked] if settings.builds_dir.is_dir() else []
    )
    if settings.work_dir.is_dir():
        found += settings.work_dir.iterdir()
    found += settings.archive_dir.glob("*/.*")
    known = (".writer.lock", ".data_docs-")  # a half-made site stays for an hour: somebody may be making it
    return found + [path for path in home.glob(".*") if not path.name.startswith(known)]


def which_build(home: Path, before: Path | None, after: Mapping[str, TableContent]) -> str:
    """`before`, `after` or, where nothing is published and nothing was, `none`; else what differs, in words.

    `before` is the home as it was: while nothing is published the file must be the same to the byte.
    """
    link = home / "warehouse.duckdb"
    if not link.is_symlink():
        return "none" if before is None else "the warehouse is gone"
    former = None if before is None else (before / "warehouse.duckdb").resolve()
    if former is not None and build_id_of(link.resolve()) == build_id_of(former):
        connect_read_only(link).close()
        return "before" if filecmp.cmp(link, former, shallow=False) else "the former build's file was changed"
    different = differences(after, content_of(link))
    return "after" if not different else "neither build: " + "; ".join(different[:5])
