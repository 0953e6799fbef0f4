"""A headless Chromium for tests that must see what a person sees.

Belongs here: finding browser and driver, starting them, what pages asked the network for. Does not: what is looked at.
Tests are skipped, saying why, where there is no Chromium or no chromedriver (Debian: chromium, chromium-driver).
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def browser_paths() -> tuple[str, str]:
    """The browser and its driver; skips the test where one is missing."""
    browser = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        missing = "Chromium" if browser is None else "chromedriver"
        pytest.skip(f"no {missing} on the path (Debian: apt-get install chromium chromium-driver)")
    return browser, driver


@contextmanager
def chromium(width: int = 1600, height: int = 1000, **preferences: str) -> Iterator[Any]:
    """A fresh browser, quiet and without background requests of its own. `dark="1"`: the system prefers dark."""
    selenium = pytest.importorskip("selenium.webdriver", reason="selenium is not installed (the dev extra)")
    browser, driver = browser_paths()
    options = selenium.ChromeOptions()
    options.binary_location = browser
    with tempfile.TemporaryDirectory(prefix="trialmart-chromium-", ignore_cleanup_errors=True) as profile:
        for argument in (
            *("headless=new", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-dev-shm-usage"),
            *("disable-background-networking", "disable-component-update", "disable-sync", "disable-default-apps"),
            f"user-data-dir={profile}",
            f"window-size={width},{height}",
        ):
            options.add_argument(f"--{argument}")
        if preferences.get("dark"):
            options.add_argument("--force-dark-mode")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        os.environ["SE_OFFLINE"] = "true"  # selenium looks for no driver in the network: ours is named
        running = selenium.Chrome(options=options, service=selenium.ChromeService(executable_path=driver))
        try:
            running.set_page_load_timeout(60)
            running.get("about:blank")
            for log in ("performance", "browser"):  # what the browser's own first page did
                running.get_log(log)
            yield running
        finally:
            running.quit()


def requests_of(running: Any) -> list[str]:
    """Addresses that the pages since the last call asked for."""
    messages = [json.loads(entry["message"])["message"] for entry in running.get_log("performance")]
    return [
        message["params"]["request"]["url"] for message in messages if message["method"] == "Network.requestWillBeSent"
    ]


def complaints_of(running: Any) -> list[str]:
    """What the browser's console said since the last call, policies that were broken included."""
    return [entry["message"] for entry in running.get_log("browser")]
