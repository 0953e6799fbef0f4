"""A ClinicalTrials.gov on loopback: the documented behaviour of its API v2, and its bad days on request.

Belongs here: the server that fetch tests talk to, over real HTTP. Does not: tests.
"""

from __future__ import annotations

import io
import re
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

KNOWN_PARAMETERS = {"format", "pageSize", "pageToken", "countTotal", "filter.advanced", "fields", "sort"}
_RANGE = re.compile(r"AREA\[LastUpdatePostDate\]RANGE\[(\d{4}-\d\d-\d\d),MAX\]")


@dataclass
class Answer:
    """What is sent instead of the right answer. `cut`: only so many bytes of the right one, then the line goes dead.
    `tells_length`: an old server says by hanging up that this was all. `trickles`: the right one, a byte at a time.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: int | None = None
    tells_length: bool = True
    trickles: bool = False


@dataclass
class Registry:
    """Studies by NCT id, and the moment of the data. `trouble` may answer a request in the registry's place."""

    studies: dict[str, dict[str, Any]] = field(default_factory=dict)
    data_timestamp: str = "2026-11-20T09:00:00"
    largest_page: int = 1000
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    trouble: Callable[[str, dict[str, str], Registry], Answer | None] = lambda *_: None
    supports_range: bool = True
    authorizations: set[str | None] = field(default_factory=set)

    def post(self, nct_id: str, day: str, title: str = "A study") -> None:
        """Publish a new version of a study."""
        self.studies[nct_id] = {
            "protocolSection": {
                "identificationModule": {"nctId": nct_id, "briefTitle": title},
                "statusModule": {"lastUpdatePostDateStruct": {"date": day, "type": "ACTUAL"}},
            },
            "hasResults": False,
        }

    def bulk(self) -> bytes:
        """All studies as the bulk download."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for nct_id, study in sorted(self.studies.items()):
                archive.writestr(zipfile.ZipInfo(f"{nct_id[-2:]}/{nct_id}.json"), orjson.dumps(study))
        return content.getvalue()

    def page(self, query: dict[str, str]) -> Answer:
        """A page of studies, as /studies gives it."""
        if unknown := sorted(set(query) - KNOWN_PARAMETERS):
            return Answer(400, body=f"unknown parameter {unknown[0]}".encode())
        found = sorted(self.studies)
        if "filter.advanced" in query:
            match = _RANGE.fullmatch(query["filter.advanced"])
            if match is None:
                return Answer(400, body=b"filter.advanced cannot be understood")
            found = [nct_id for nct_id in found if self._updated(nct_id) >= match[1]]
        size = min(int(query.get("pageSize", "10")), self.largest_page)  # clamped without a word
        first = 0
        if "pageToken" in query:
            stamp, _, place = query["pageToken"].partition("@")
            if stamp != self.data_timestamp:
                return Answer(400, body=b"invalid page token")
            first = int(place)
        page: dict[str, Any] = {"studies": [self.studies[nct_id] for nct_id in found[first : first + size]]}
        if query.get("countTotal") == "true":
            page["totalCount"] = len(found)
        if first + size <= len(found) and found:  # a full last page is followed by an empty one
            page["nextPageToken"] = f"{self.data_timestamp}@{first + size}"
        return Answer(body=orjson.dumps(page), headers={"Content-Type": "application/json"})

    def _updated(self, nct_id: str) -> str:
        module = self.studies[nct_id]["protocolSection"]["statusModule"]
        return str(module["lastUpdatePostDateStruct"]["date"])


class _Handler(BaseHTTPRequestHandler):
    registry: Registry
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/api/v2/")
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.registry.requests.append((path, query))
        self.registry.authorizations.add(self.headers.get("Authorization"))
        answer = self.registry.trouble(path, query, self.registry)
        if answer is None:
            answer = self._right_answer(path, query)
        elif answer.cut is not None or answer.trickles:
            right = self._right_answer(path, query)
            answer = replace(answer, status=right.status, headers=right.headers, body=right.body)
        self._send(answer)

    def _right_answer(self, path: str, query: dict[str, str]) -> Answer:
        if path == "version":
            etag = f'"v-{self.registry.data_timestamp}"'
            if self.headers.get("If-None-Match") == etag:
                return Answer(304, {"ETag": etag})
            body = orjson.dumps({"apiVersion": "2.0.5", "dataTimestamp": self.registry.data_timestamp})
            return Answer(headers={"ETag": etag}, body=body)
        if path == "studies":
            return self.registry.page(query)
        if path == "studies/download":
            return self._bulk()
        return Answer(404, body=b"no such path")

    def _bulk(self) -> Answer:
        body = self.registry.bulk()
        headers = {"ETag": f'"b-{self.registry.data_timestamp}"'}
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if wanted and self.registry.supports_range and self.headers.get("If-Range") == headers["ETag"]:
            first = int(wanted[1])
            if first >= len(body):
                return Answer(416, headers)
            return Answer(206, headers, body[first:])
        return Answer(200, headers, body)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.tells_length:
            self.send_header("Content-Length", str(len(answer.body)))
        else:
            self.send_header("Connection", "close")
        self.end_headers()
        if answer.trickles:
            self._trickle(answer.body)
            return
        self.wfile.write(answer.body if answer.cut is None else answer.body[: answer.cut])
        if answer.cut is not None:
            self.close_connection = True

    def _trickle(self, body: bytes) -> None:
        """A byte at a time, until it is all sent or nobody listens any more."""
        with suppress(ConnectionError):
            for byte in body:
                self.wfile.write(bytes([byte]))
                time.sleep(0.02)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is http.server's)
        """Nothing: the tests read `requests`."""


@contextmanager
def serving(registry: Registry) -> Iterator[str]:
    """The registry's base address, for as long as the block lasts."""
    handler = type("Handler", (_Handler,), {"registry": registry})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api/v2"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
