"""`trialmart run --read-again`: what older readers read wrongly is read anew, and all that hangs on it made anew."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import orjson

from pipelines.warehouse.compare import KEPT_OVER_BUILDS, content_of, differences
from tests.pipeline_run import finished_run, trialmart


def as_older_readers_left_it(home: Path) -> None:
    """The published warehouse with titles misread and conditions lost, said to be of another version of the readers."""
    warehouse = (home / "warehouse.duckdb").resolve()
    warehouse.chmod(0o644)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("UPDATE staging.study SET brief_title = 'misread'")
        connection.execute("DELETE FROM staging.condition")
        connection.execute("UPDATE core.record SET brief_title = 'misread'")
        connection.execute("UPDATE meta.build SET reader_version = 'older'")


def status(home: Path) -> dict[str, int]:
    totals: dict[str, int] = orjson.loads(trialmart("status", "--json", home=home).stdout)["published"]["totals"]
    return totals


def test_reading_again_ends_where_reading_with_todays_readers_would_have(tmp_path: Path) -> None:
    older, todays = tmp_path / "older", finished_run().home
    shutil.copytree(todays, older, symlinks=True)
    as_older_readers_left_it(older)
    assert status(older)["files_read_by_other_code"] == status(older)["files"]
    assert status(todays)["files_read_by_other_code"] == 0

    again = trialmart("run", "--read-again", home=older)

    assert again.returncode == 0, again.stdout + again.stderr
    contents = [content_of(home / "warehouse.duckdb") for home in (older, todays)]
    assert contents[0]["core.record"].rows > 20
    differing = [line.split(":")[0] for line in differences(*contents, without=KEPT_OVER_BUILDS)]
    assert differing == ["raw.file"], "which names the run that read it"
    assert status(older)["files_read_by_other_code"] == 0
    assert "nothing new" in trialmart("run", home=older).stdout
