"""The requests of ClinicalTrials.gov's API v2, one by one, and whether what each gave is whole.

Belongs here: paths, parameters and answers of `/version`, `/studies` and `/studies/download`. Does not: which requests
make a fetch, and what is kept between them (ctgov.py), retries and pace (client.py).
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx
import orjson

from pipelines.sources.client import PoliteClient, TryAgain, beginning
from pipelines.sources.errors import FetchError

LEAST_SHARE = 0.995
"""Members of the bulk zip per announced study below which it is not taken for whole: both counts are made at different
moments of a day on which up to 0.2 % of the studies are new (2026-08)."""

_CHUNK_BYTES = 1024 * 1024

Progress = Callable[[str], None]


def data_version(client: PoliteClient, known: datetime | None, etag: str | None) -> tuple[datetime, str | None]:
    """The time of the registry's data and its ETag, given those known so far; the same where nothing is new."""
    answer = client.get("version", headers={"If-None-Match": etag} if known and etag else None)
    if known is not None and answer.status_code == httpx.codes.NOT_MODIFIED:
        return known, etag
    try:
        said = orjson.loads(answer.content)["dataTimestamp"]
        moment = datetime.fromisoformat(said)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise FetchError(
            f"{client.url('version')} gave no dataTimestamp ({beginning(answer.content)}): is it the API v2?"
        ) from error
    return (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)), answer.headers.get("ETag")


def whole_page(client: PoliteClient, params: Mapping[str, str]) -> bytes:
    """A page's bytes. Raises TryAgain where it is cut off, or leads back to itself; FetchError where it is none, or
    does not say how many studies there are though it was asked. For use in `keep_trying`.
    """
    content = client.get("studies", params).content
    try:
        page = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise TryAgain(f"a page of {len(content):,} bytes is not whole JSON: {error}; {beginning(content)}") from error
    studies = page.get("studies") if isinstance(page, dict) else None
    if not isinstance(studies, list) or not all(isinstance(study, dict) for study in studies):
        raise FetchError(f"{client.url('studies')} gave no list of studies ({beginning(content)}): is it the API v2?")
    token = page.get("nextPageToken")
    if token is not None and (not isinstance(token, str) or token == params.get("pageToken")):
        raise TryAgain("a page names itself as the next one: does a cache on the way give old answers?")
    if "countTotal" in params and not isinstance(page.get("totalCount"), int):
        raise FetchError(f"{client.url('studies')} does not say how many studies there are ({beginning(content)})")
    return content


def distinct_studies(pages: Iterable[Path]) -> int:
    """How many studies the kept pages hold, those that stand on two pages counted once."""
    found = set()
    for page in pages:
        for study in orjson.loads(page.read_bytes())["studies"]:
            protocol = study.get("protocolSection")
            module = protocol.get("identificationModule") if isinstance(protocol, dict) else None
            found.add(str(module.get("nctId")) if isinstance(module, dict) else None)
    return len(found)


def download(client: PoliteClient, part: Path, params: Mapping[str, str], progress: Progress) -> None:
    """Go on with the bulk download where it stopped, or begin it; `part` grows. For use in `keep_trying`."""
    mark = part.with_name(part.name + ".etag")
    have = part.stat().st_size if part.is_file() and mark.is_file() else 0
    headers = {"Accept-Encoding": "identity"}  # a zip that is packed once more is no zip, and no part of one
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": mark.read_text()}

    def take(response: httpx.Response) -> None:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            return  # all of it is there already
        if (packed := response.headers.get("Content-Encoding", "identity")) != "identity":
            raise FetchError(
                f"{client.url('studies/download')}: the zip came packed once more ({packed}), though it was asked for "
                "as it is: have the server, or the proxy on the way, leave zip files alone"
            )
        resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
        if "ETag" in response.headers:
            mark.write_text(response.headers["ETag"])
        else:
            mark.unlink(missing_ok=True)
        announced = int(response.headers["Content-Length"]) if "Content-Length" in response.headers else None
        written = 0
        with part.open("ab" if resumed else "wb") as out:
            for chunk in response.iter_raw(_CHUNK_BYTES):
                out.write(chunk)
                written += len(chunk)
                progress(f"{((have if resumed else 0) + written) / 1e6:,.0f} MB")
        if announced is not None and written < announced:
            raise TryAgain(f"the download broke off after {written:,} of {announced:,} bytes")

    client.stream("studies/download", params, headers, take)
    mark.unlink(missing_ok=True)


def bulk_members(client: PoliteClient, bulk: Path) -> int:
    """How many studies the zip holds. Raises FetchError, and removes it, where it is not whole."""
    announced = _announced_studies(client)
    try:
        with zipfile.ZipFile(bulk) as archive:
            members = sum(name.endswith(".json") for name in archive.namelist())
            torn = archive.testzip()
    except zipfile.BadZipFile as error:
        with bulk.open("rb") as content:
            first = content.read(2000)
        bulk.unlink()
        what = str(error) if first.startswith(b"PK") else beginning(first)
        raise FetchError(f"the bulk download is no whole zip ({what}); fetch again") from error
    if torn is not None or members < announced * LEAST_SHARE:
        bulk.unlink()
        fault = f"its member {torn} is torn" if torn else f"it holds {members:,} of {announced:,} studies"
        raise FetchError(f"the bulk download is not whole: {fault}; fetch again")
    return members


def _announced_studies(client: PoliteClient) -> int:
    """How many studies the registry says it has: more than none, else an empty zip would tell that all are gone."""
    params = {"countTotal": "true", "pageSize": "1", "fields": "NCTId", "format": "json"}
    content = client.keep_trying(lambda: whole_page(client, params), client.url("studies"))
    announced: int = orjson.loads(content)["totalCount"]
    if announced < 1:
        raise FetchError(f"{client.url('studies')} says that there are no studies: fetch again later")
    return announced
