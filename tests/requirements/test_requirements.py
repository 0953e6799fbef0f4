"""Locks with hashes, the page of licences, and the audit with and without its data."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.conftest import REPO_ROOT

REQUIREMENTS = REPO_ROOT / "requirements"
sys.path.insert(0, str(REQUIREMENTS))
import audit  # noqa: E402
import licences  # noqa: E402
import locked  # noqa: E402


@pytest.mark.parametrize("lock", locked.LOCKS)
def test_every_locked_package_has_its_hashes(lock: str) -> None:
    text = (REQUIREMENTS / lock).read_text()
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n", "", text))
    assert len(entries) > 60
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+(\[[^\]]*\])?==", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]


def test_one_version_of_each_package_over_all_locks() -> None:
    versions: dict[tuple[str, str], set[str]] = {}
    for lock in locked.LOCKS:
        for name, version, marker in locked.pins(lock):
            versions.setdefault((name, marker), set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_page_of_licences_is_up_to_date() -> None:
    """Where another version is installed than the locked one, its words are not compared."""
    table = licences.PAGE.read_text().partition("|---|")[2]
    found = re.findall(r"^\| ([a-z0-9-]+) \| (\S+) \| (.*) \| [^|]+ \|$", table, re.MULTILINE)
    rows = {(name, version): licence.replace("*", "") for name, version, licence in found}
    assert set(rows) == set(locked.everything()), "python requirements/licences.py"
    for name, version in rows:
        try:
            is_same = importlib.metadata.version(name) == version
        except importlib.metadata.PackageNotFoundError:
            is_same = name in licences.ELSEWHERE
        if is_same:
            assert rows[name, version] == licences.licence_of(name)
    assert "not stated" not in licences.PAGE.read_text()


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("MIT", False),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("MIT OR GPL-3.0-only", False),
        ("GNU Library or Lesser General Public License (LGPL)", True),
        ("GPL-2.0", True),
        ("Apache-2.0 OR BSD-3-Clause", False),
    ],
)
def test_copyleft_is_flagged(licence: str, expected: bool) -> None:
    assert licences.is_copyleft(licence) is expected


@contextmanager
def database(vulnerable: dict[str, list[str]], status: int = 200) -> Iterator[str]:
    """The address of a database of vulnerabilities, which answers as OSV documents it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            assert all(set(one) == {"package", "version"} for one in asked)
            found = [vulnerable.get(one["package"]["name"]) for one in asked]
            results = [{"vulns": [{"id": name} for name in ids]} if ids else {} for ids in found]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps({"results": results}).encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def audited(address: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TRIALMART_AUDIT_URL": address}
    command = [sys.executable, str(REQUIREMENTS / "audit.py")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.slow
def test_a_known_vulnerability_fails_and_none_passes() -> None:
    with database({}) as address:
        done = audited(address)
        assert (done.returncode, "0 known" in done.stdout) == (0, True), done.stdout + done.stderr
    with database({"duckdb": ["GHSA-aaaa-bbbb-cccc"]}) as address:
        done = audited(address)
        assert done.returncode == 1
        assert re.search(r"duckdb [0-9.]+: GHSA-aaaa-bbbb-cccc", done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("status", [None, 503])
def test_without_the_data_it_says_that_it_skipped(status: int | None) -> None:
    with database({}, status or 200) as address:
        done = audited(address if status else "http://127.0.0.1:9/closed")
    assert done.returncode == 0
    assert "audit SKIPPED: the data could not be had" in done.stdout


def test_what_was_accepted_counts_again_after_its_day(tmp_path: Path) -> None:
    from datetime import date

    path = tmp_path / "accepted.txt"
    path.write_text("# looked into\nGHSA-1 duckdb 2027-01-31 only where files are attached\n")
    assert audit.accepted_today(path, date(2027, 1, 31)) == {("GHSA-1", "duckdb"): "only where files are attached"}
    assert audit.accepted_today(path, date(2027, 2, 1)) == {}
