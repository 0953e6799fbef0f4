"""Ctrl-C in the middle of a query.

Belongs here: a query that only an interruption ends, and the interruption. Does not: what a test expects of it.
"""

from __future__ import annotations

import os
import signal
import threading

import duckdb
import pandas  # noqa: F401  see interrupt_soon
import pytest

ENDLESS = "SELECT count(*) FILTER (sin(a.range * b.range) > 2) AS files FROM range(10000000) a, range(10000000) b"

ctrl_c_is_seen = pytest.mark.skipif(
    duckdb.__version__.startswith("2.0."),
    reason="DuckDB 2.0 waits for a query's other threads without looking at signals: Ctrl-C ends nothing (2026-11)",
)


def interrupt_soon() -> None:
    """Ctrl-C for this process in half a second.

    DuckDB imports pandas at the first query with parameters, and takes what is raised meanwhile for its absence: on a
    busy machine that was where the interruption came, and was lost. Hence it is loaded before.
    """
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
