"""ClinicalTrials.gov: the whole registry once, then what has changed since, by its public API v2.

Belongs here: which requests make a fetch, in which order, what is kept between them and when it counts. Does not: the
requests themselves (ctgov_api.py), retries and pace (client.py), reading what came (pipelines/readers).

The API has no feed of changes. What it has: `/version` with the time of its data (`dataTimestamp`, moved on weekdays),
a search by the date of the last update, paged by tokens, and a zip of everything. So a fetch is either the zip, or all
pages of "updated since the day of the data fetched last, and a day before": the day itself may have gone on after the
data was taken. Records met twice are known by their content when they are read. A fetch counts only when its data has
not moved meanwhile and as many records came as were announced; then it lands as one file, and only then the cursor
moves.
"""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import orjson

from pipelines.settings import Settings
from pipelines.sources.client import PoliteClient
from pipelines.sources.ctgov_api import Progress, bulk_members, data_version, distinct_studies, download, whole_page
from pipelines.sources.cursor import Cursor, Pending, only_fetcher, read_cursor, write_cursor
from pipelines.sources.delivery import Delivery, deliver
from pipelines.sources.errors import FetchError

PAGE_SIZE = 1000
"""The API gives no larger pages and takes a larger number for this one without a word (2026-08)."""

OVERLAP_DAYS = 1
MOVES_ACCEPTED = 3
"""How often the data may move under a fetch before it gives up: it moves once a weekday, a fetch takes minutes."""

_FORGOTTEN = "page token"
"""Stands in the API's complaint about the token of a page that it no longer knows."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch brought: the landed file (None when nothing was new), its records, the registry's time of the data.

    `kind`: bulk or delta.
    """

    path: Path | None
    records: int
    data_timestamp: datetime
    kind: str


class DataMoved(Exception):
    """The registry published other data while pages were being read: they may not fit together."""


def fetch_folder(settings: Settings) -> Path:
    """Where a fetch keeps its cursor, its lock and what has not landed yet."""
    return settings.home_dir / "fetch" / "ctgov"


def fetch_ctgov(
    settings: Settings,
    *,
    full: bool = False,
    since: date | None = None,
    client: PoliteClient | None = None,
    progress: Progress = lambda _: None,
) -> Fetched:
    """Bring what is new into `settings.landing_dir`/ctgov.

    The first fetch, and one with `full`, brings the bulk zip; every other the studies updated since the last fetch, or
    since the day `since`. What an interrupted fetch has kept is used. Raises FetchError; OSError where home or landing
    cannot be written.
    """
    folder = fetch_folder(settings)
    own = client or PoliteClient(
        settings.ctgov_base_url,
        min_interval_seconds=settings.fetch_interval_seconds,
        attempts=settings.fetch_attempts,
    )
    with only_fetcher(folder), own:
        return _Fetch(settings, folder, own, progress).run(full=full, since=since)


class _Fetch:
    """One fetch. Everything it keeps is below `folder` until it lands."""

    def __init__(self, settings: Settings, folder: Path, client: PoliteClient, progress: Progress) -> None:
        self._landing = settings.landing_dir / "ctgov"
        self._folder = folder
        self._client = client
        self._progress = progress
        self._cursor_path = folder / "cursor.json"
        self._cursor = read_cursor(self._cursor_path, client.base_url)
        self._leaves_gap = False  # days lie between the data fetched last and those asked for: the cursor must stay

    def run(self, *, full: bool, since: date | None) -> Fetched:
        timestamp, etag = self._version()
        if full or (self._cursor.data_timestamp is None and since is None):
            return self._bulk(timestamp, etag)
        known = self._cursor.data_timestamp
        if known is not None and timestamp <= known and since is None:
            return Fetched(None, 0, known, "delta")
        follows_on = (known or timestamp).date() - timedelta(days=OVERLAP_DAYS)
        first_day = since or follows_on
        self._leaves_gap = known is not None and first_day > follows_on
        for _ in range(MOVES_ACCEPTED):
            try:
                return self._delta(first_day, timestamp, etag)
            except DataMoved as moved:
                self._progress(f"{moved}; beginning again")
                self._forget_pages()
                timestamp, etag = self._version()
        raise FetchError(
            f"{self._client.base_url}: the data moved {MOVES_ACCEPTED} times while it was read; fetch again later"
        )

    def _version(self) -> tuple[datetime, str | None]:
        return data_version(self._client, self._cursor.data_timestamp, self._cursor.etag)

    def _delta(self, first_day: date, timestamp: datetime, etag: str | None) -> Fetched:
        query = {
            "format": "json",
            "pageSize": str(PAGE_SIZE),
            "filter.advanced": f"AREA[LastUpdatePostDate]RANGE[{first_day.isoformat()},MAX]",
        }
        pending = self._pending(query, timestamp)
        while not pending.is_whole:
            pending = self._page(pending)
            self._keep(pending)
            self._progress(f"page {pending.pages}, of {pending.total} studies" if pending.total else "reading")
        if self._version()[0] != timestamp:
            raise DataMoved("the registry published new data while pages were read")
        pages = [self._page_path(number) for number in range(1, pending.pages + 1)]
        records = distinct_studies(pages)
        if pending.total is not None and records < pending.total:
            raise DataMoved(f"{records} of {pending.total} announced studies came")
        path = None
        if records:
            path = self._land_pages(pages, query, first_day, timestamp)
        self._advance(timestamp, etag)
        self._forget_pages()
        return Fetched(path, records, timestamp, "delta")

    def _pending(self, query: dict[str, str], timestamp: datetime) -> Pending:
        """Where an interrupted fetch of the same pages stopped, else a new beginning."""
        kept = self._cursor.pending
        if (
            kept is not None
            and (kept.query, kept.data_timestamp) == (query, timestamp)
            and all(self._page_path(number).is_file() for number in range(1, kept.pages + 1))
        ):
            return kept
        self._forget_pages()
        return Pending(data_timestamp=timestamp, query=query)

    def _page(self, pending: Pending) -> Pending:
        """Fetch and keep the page after those of `pending`."""
        params = dict(pending.query)
        if pending.next_token is not None:
            params["pageToken"] = pending.next_token
        else:
            params["countTotal"] = "true"
        try:
            content = self._client.keep_trying(lambda: whole_page(self._client, params), self._client.url("studies"))
        except FetchError as error:
            if pending.next_token is not None and _FORGOTTEN in str(error).lower():
                raise DataMoved("the registry no longer knows the next page") from error
            raise
        page = orjson.loads(content)
        path = self._page_path(pending.pages + 1)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.write_bytes(content)
        part.replace(path)
        token = page.get("nextPageToken")
        return pending.model_copy(
            update={
                "pages": pending.pages + 1,
                "next_token": token,
                "is_whole": token is None,
                "total": page.get("totalCount", pending.total),
            }
        )

    def _land_pages(self, pages: list[Path], query: dict[str, str], first_day: date, timestamp: datetime) -> Path:
        packed = self._folder / "delta.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for page in pages:  # without times: the same pages are the same file
                archive.writestr(zipfile.ZipInfo(page.name), page.read_bytes(), zipfile.ZIP_DEFLATED)
        name = f"ctgov-since-{first_day:%Y%m%d}-as-of-{timestamp:%Y%m%dT%H%M%S}.zip"
        return deliver(packed, self._landing / name, self._delivery("studies", query, timestamp, "part"))

    def _bulk(self, timestamp: datetime, etag: str | None) -> Fetched:
        target = self._folder / f"bulk-{timestamp:%Y%m%dT%H%M%S}.zip"
        for other in self._folder.glob("bulk-*"):
            if not other.name.startswith(target.name):
                other.unlink()  # of older data: its rest can no longer be had
        params = {"format": "json.zip"}
        if not target.is_file():
            part = target.with_name(target.name + ".part")
            self._client.keep_trying(
                lambda: download(self._client, part, params, self._progress), self._client.url("studies/download")
            )
            part.replace(target)
        members = bulk_members(self._client, target)
        name = f"ctgov-all-as-of-{timestamp:%Y%m%dT%H%M%S}.zip"
        path = deliver(target, self._landing / name, self._delivery("studies/download", params, timestamp, "full"))
        self._advance(timestamp, etag)
        self._forget_pages()
        return Fetched(path, members, timestamp, "bulk")

    def _delivery(self, path: str, query: dict[str, str], timestamp: datetime, scope: str) -> Delivery:
        return Delivery(
            source=self._client.url(path), registry="CTGOV", scope=scope, query=dict(query), data_timestamp=timestamp
        )

    def _advance(self, timestamp: datetime, etag: str | None) -> None:
        if not self._leaves_gap:
            self._cursor = Cursor(base_url=self._client.base_url, data_timestamp=timestamp, etag=etag)
            write_cursor(self._cursor_path, self._cursor)

    def _keep(self, pending: Pending) -> None:
        self._cursor = self._cursor.model_copy(update={"pending": pending})
        write_cursor(self._cursor_path, self._cursor)

    def _page_path(self, number: int) -> Path:
        return self._folder / "pages" / f"page-{number:06d}.json"

    def _forget_pages(self) -> None:
        if self._cursor.pending is not None:
            self._cursor = self._cursor.model_copy(update={"pending": None})
            write_cursor(self._cursor_path, self._cursor)
        shutil.rmtree(self._folder / "pages", ignore_errors=True)
