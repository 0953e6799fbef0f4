"""The same inputs and code give the same build, table for table; meta.build says what they were."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipelines.settings import Settings
from pipelines.warehouse.compare import KEPT_OVER_BUILDS, LANDING_COLUMNS, RUN_COLUMNS, content_of, differences
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.publish import told_settings
from tests.faults.small_build import build_small
from tests.faults.worlds import write_synthetic

pytestmark = pytest.mark.slow
MADE_BY = ("source_version", "library_versions", "rule_catalogue_version", "input_files", "input_version", "settings")


@pytest.fixture(scope="module")
def landings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("landings")
    write_synthetic(folder / "first", folder / "second")
    return folder / "first", folder / "second"


def built(home: Path, *arrivals: Path) -> Settings:
    """A home whose landing got these folders one after the other, a build for each arrival."""
    settings = Settings(home=home)
    for number, arrival in enumerate(arrivals):
        shutil.copytree(arrival, settings.landing_dir, dirs_exist_ok=True)
        build_small(settings, f"run{number}")
    return settings


def made_by(settings: Settings) -> tuple[object, ...]:
    with connect_read_only(settings.warehouse_path) as connection:
        row = connection.execute(
            f"SELECT {', '.join(MADE_BY)} FROM meta.build ORDER BY published_at DESC LIMIT 1"
        ).fetchone()
    assert row is not None
    return row


def test_two_homes_other_orders_other_names_one_content(landings: tuple[Path, Path], tmp_path: Path) -> None:
    first, second = landings
    straight = built(tmp_path / "straight", first, second)
    again = built(tmp_path / "again", first, second)
    assert differences(content_of(straight.warehouse_path), content_of(again.warehouse_path)) == []

    backwards = built(tmp_path / "backwards", second, first)
    found = differences(
        content_of(straight.warehouse_path), content_of(backwards.warehouse_path), without=KEPT_OVER_BUILDS
    )
    assert found == [], "versions are ordered by what they say, never by arrival"

    renamed = tmp_path / "renamed"
    for number, path in enumerate(sorted(path for folder in landings for path in folder.rglob("*") if path.is_file())):
        if not path.name.startswith(".") and not path.name.endswith((".part", ".tmp")):
            renamed.mkdir(exist_ok=True)
            shutil.copy(path, renamed / f"{999 - number}.txt")
    named = built(tmp_path / "named", renamed)
    leave_out = {*RUN_COLUMNS, *LANDING_COLUMNS}
    one, other = (content_of(home.warehouse_path, leave_out=leave_out) for home in (straight, named))
    assert differences(one, other, without=KEPT_OVER_BUILDS) == []

    assert made_by(straight) == made_by(again) == made_by(backwards) == made_by(named)


def test_a_build_says_what_made_it_and_no_secret(landings: tuple[Path, Path], tmp_path: Path) -> None:
    settings = built(tmp_path / "home", landings[0])
    said = dict(zip(MADE_BY, made_by(settings), strict=True))
    assert len(str(said["source_version"])) == len(str(said["input_version"])) == 16
    assert {"python", "duckdb", "polars"} <= json.loads(str(said["library_versions"])).keys()
    assert json.loads(str(said["settings"]))["limits"]["json_depth"] == 100
    assert str(tmp_path) not in str(said["settings"])
    with connect_read_only(settings.warehouse_path) as connection:
        files = connection.execute("SELECT count(*) FROM raw.file WHERE sha256 <> ''").fetchone()
    assert files == (said["input_files"],)
    secret = Settings(home=tmp_path, links=tmp_path / "l", ctgov_base_url="https://me:word@proxy.example/api?key=word")
    told = told_settings(secret)
    assert told["ctgov_base_url"] == "https://proxy.example/api"
    assert "word" not in json.dumps(told)
    assert "links" not in told
