"""The Dagster UI after a run, in a real browser: assets, checks and metadata are there to be seen."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.browser import browser_paths, chromium
from tests.conftest import REPO_ROOT
from tests.environment import clean_environment
from tests.pipeline_run import finished_run

pytestmark = pytest.mark.browser

START_SECONDS = 90


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Dagster's web server, as `trialmart ui` starts it, on the home of a finished run; no daemon."""
    browser_paths()
    home = finished_run().home
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = clean_environment()
    environment |= {
        "PYTHONPATH": str(REPO_ROOT),
        "TRIALMART_HOME": str(home),
        "DAGSTER_HOME": str(home / "dagster"),
    }
    command = [sys.executable, "-m", "dagster_webserver", "-w", str(REPO_ROOT / "workspace.yaml"), "--read-only"]
    log = tmp_path_factory.mktemp("ui") / "webserver.log"
    with log.open("w") as stream:
        server = subprocess.Popen(
            [*command, "-h", "127.0.0.1", "-p", str(port)],
            env=environment,
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=REPO_ROOT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, server, log)
            yield address
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            pytest.fail(f"the web server ended: {log.read_text()[-2000:]}")
        try:
            with urlopen(f"{address}/server_info", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    pytest.fail(f"no answer within {START_SECONDS} s: {log.read_text()[-2000:]}")


def _seen(browser: Any, *words: str) -> str:
    """The text of the page once it shows all these words."""
    end = time.monotonic() + 45
    text = ""
    while time.monotonic() < end:
        text = browser.execute_script("return document.body.innerText")
        if all(word in text for word in words):
            return str(text)
        time.sleep(0.2)
    pytest.fail(f"not to be seen: {[word for word in words if word not in text]}; the page shows: {text[:1500]}")


def test_a_person_sees_assets_checks_and_metadata_of_the_run(ui: str) -> None:
    with chromium(1600, 1200) as browser:
        browser.get(f"{ui}/assets/core/record?view=overview")
        _seen(browser, "record", "Registry records in their current version", "Row count")
        browser.get(f"{ui}/assets/core/record?view=checks")
        _seen(browser, "accepted_values_study_type", "Succeeded")
        browser.get(f"{ui}/assets/publish/warehouse?view=events")
        _seen(browser, "build_id", "bytes")
        browser.get(f"{ui}/runs")
        _seen(browser, "trialmart_pipeline", "Success")
        browser.get(f"{ui}/assets/reports/pages?view=overview")
        _seen(browser, "HTML pages about the published warehouse")
