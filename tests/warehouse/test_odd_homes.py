"""Homes on disks that lack something, copied without their links, or closed to others by the umask."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from pipelines.settings import Settings
from pipelines.warehouse.build import begin_build
from pipelines.warehouse.errors import WarehouseError
from pipelines.warehouse.lock import writer_is_active
from pipelines.warehouse.publish import rollback
from tests.warehouse.test_publish import ROWS, number_in, publish_number


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def test_a_lost_link_is_not_a_first_run(settings: Settings) -> None:
    """Where a copy of a home had left out the link, the next run began from landing alone, and what had been read from
    files that are no longer there was in no build that anybody is served."""
    publish_number(settings, 1)
    second = publish_number(settings, 2)
    settings.warehouse_path.unlink()
    with pytest.raises(WarehouseError, match="`trialmart rollback` puts the newest back"):
        begin_build(settings, "run-3")
    assert not writer_is_active(settings)
    assert rollback(settings).build_id == second.build_id
    assert number_in(settings.warehouse_path) == [(2, ROWS)]
    publish_number(settings, 3)


def test_a_disk_without_links_is_named_before_the_first_build(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All was read, built and judged before "Operation not permitted (builds/…)"."""

    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", refused)
    with pytest.raises(WarehouseError, match="cannot hold a symbolic link"):
        begin_build(settings, "run-1")
    assert list(settings.builds_dir.iterdir()) == []
    assert not writer_is_active(settings)


@pytest.mark.parametrize(("umask", "rights"), [(0o022, 0o444), (0o077, 0o400), (0o027, 0o440)])
def test_a_build_has_the_rights_of_the_umask(settings: Settings, umask: int, rights: int) -> None:
    """docs/security.md promises it; each build could be read by all, wherever its folders let them in."""
    former = os.umask(umask)
    try:
        done = publish_number(settings, 1)
    finally:
        os.umask(former)
    assert stat.S_IMODE(done.path.stat().st_mode) == rights
