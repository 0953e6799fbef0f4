"""An answer that trickles: a time-out watches over each wait, and never fires while a byte comes now and then.

Belongs here: how fast the body of an answer must come. Does not: how often is asked, attempts (client.py).
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx

WATCHED_SECONDS = 60.0
LEAST_BYTES = 6_000
"""Of a body that takes longer, at least so much in so many seconds: a slow modem brings five times that (2026-11)."""


class _Watched(httpx.SyncByteStream):
    """The body of an answer; raises httpx.ReadTimeout where it trickles."""

    def __init__(self, body: httpx.SyncByteStream) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        since, got = time.monotonic(), 0
        for chunk in self._body:
            got += len(chunk)
            if time.monotonic() - since >= WATCHED_SECONDS:
                if got < LEAST_BYTES:
                    raise httpx.ReadTimeout(f"only {got:,} bytes came in {WATCHED_SECONDS:.0f} seconds")
                since, got = time.monotonic(), 0
            yield chunk

    def close(self) -> None:
        self._body.close()


def watch(response: httpx.Response) -> None:
    """A hook for httpx: the body of this answer must come at a pace, or reading it raises httpx.ReadTimeout."""
    if isinstance(response.stream, httpx.SyncByteStream):
        response.stream = _Watched(response.stream)
