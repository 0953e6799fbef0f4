"""Fetching from a real HTTP server: no gap, no double, whatever the line and the registry do."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import orjson
import pytest

from pipelines.landing.catalogue import archive_file, scan
from pipelines.settings import Settings
from pipelines.sources import ctgov, pace
from pipelines.sources.client import PoliteClient
from pipelines.sources.ctgov import Fetched, fetch_ctgov
from pipelines.sources.cursor import only_fetcher
from pipelines.sources.errors import FetchError
from tests.sources.registry_server import Answer, Registry, serving


class Site:
    """A registry, and somebody who fetches from it."""

    def __init__(self, registry: Registry, base_url: str, root: Path) -> None:
        self.registry = registry
        self.settings = Settings(home=root, ctgov_base_url=base_url)
        self.pauses: list[float] = []

    def fetch(self, *, full: bool = False, since: date | None = None, attempts: int = 4) -> Fetched:
        client = PoliteClient(
            self.settings.ctgov_base_url, min_interval_seconds=0, attempts=attempts, sleep=self.pauses.append
        )
        return fetch_ctgov(self.settings, full=full, since=since, client=client)

    def landed(self) -> list[str]:
        """Names of the files that a run would read."""
        folder = self.settings.landing_dir
        return [Path(file.relative_path).name for file in scan(folder).files] if folder.is_dir() else []

    def studies(self, name: str) -> dict[str, str]:
        """NCT id → title of what a landed file holds."""
        with zipfile.ZipFile(self.settings.landing_dir / "ctgov" / name) as archive:
            documents = [orjson.loads(archive.read(member)) for member in archive.namelist()]
        studies = [study for document in documents for study in document.get("studies", [document])]
        modules = [study["protocolSection"]["identificationModule"] for study in studies]
        assert len({module["nctId"] for module in modules}) == len(modules)
        return {module["nctId"]: module["briefTitle"] for module in modules}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    registry = Registry()
    for number in range(25):
        registry.post(f"NCT0{number:07}", "2026-10-01")
    with serving(registry) as base_url:
        yield Site(registry, base_url, tmp_path)


@pytest.fixture
def loaded(site: Site) -> Site:
    """The bulk has been fetched; since then three studies changed and one is new."""
    site.fetch()
    site.registry.data_timestamp = "2026-11-23T09:00:00"
    for number in (3, 4, 5, 99):
        site.registry.post(f"NCT0{number:07}", "2026-11-23", "Changed")
    site.registry.requests.clear()
    return site


CHANGED = {f"NCT0{number:07}": "Changed" for number in (3, 4, 5, 99)}
DELTA = "ctgov-since-20261119-as-of-20261123T090000.zip"


def test_the_first_fetch_brings_everything(site: Site) -> None:
    fetched = site.fetch()
    assert (fetched.kind, fetched.records) == ("bulk", 25)
    assert site.landed() == ["ctgov-all-as-of-20261120T090000.zip"]
    (found,) = scan(site.settings.landing_dir).files
    origin = archive_file(found, site.settings.archive_dir).origin
    assert origin is not None
    assert (origin.is_full_snapshot, origin.registry, origin.fault) == (True, "CTGOV", None)
    assert origin.taken_on == date(2026, 11, 20)
    assert not list((site.settings.home_dir / "fetch" / "ctgov").glob("bulk*"))


def test_the_next_brings_what_has_changed_since(loaded: Site) -> None:
    fetched = loaded.fetch()
    assert (fetched.kind, fetched.records) == ("delta", 4)
    assert loaded.studies(DELTA) == CHANGED
    (found,) = (file for file in scan(loaded.settings.landing_dir).files if file.relative_path.endswith(DELTA))
    origin = archive_file(found, loaded.settings.archive_dir).origin
    assert origin is not None
    assert not origin.is_full_snapshot
    assert "AREA[LastUpdatePostDate]" in str(origin.query["filter.advanced"])


def test_nothing_new_asks_once_and_lands_nothing(site: Site) -> None:
    site.fetch()
    site.registry.requests.clear()
    fetched = site.fetch()
    assert fetched.path is None
    assert [path for path, _ in site.registry.requests] == ["version"]


def test_pages_are_followed_to_an_empty_last_one(loaded: Site) -> None:
    loaded.registry.largest_page = 2
    assert loaded.fetch().records == 4
    pages = [query for path, query in loaded.registry.requests if path == "studies"]
    assert [("pageToken" in query, query["pageSize"]) for query in pages] == [
        (False, "1000"),
        (True, "1000"),
        (True, "1000"),
    ]
    assert loaded.studies(DELTA) == CHANGED


def once(answer: Answer, path: str = "studies", skip: int = 0) -> Callable[..., Answer | None]:
    """Trouble on one request to a path, after `skip` good ones."""
    seen = [0]

    def trouble(asked: str, query: dict[str, str], registry: Registry) -> Answer | None:
        if asked != path:
            return None
        seen[0] += 1
        return answer if seen[0] == skip + 1 else None

    return trouble


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        (Answer(429, {"Retry-After": "7"}), 7.0),
        (Answer(503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}), 0.0),
        (Answer(503), None),
        (Answer(500), None),
        (Answer(cut=40), None),
        (Answer(body=b'{"studies": [{"protocolSec'), None),
    ],
    ids=["429 with seconds", "503 with a date gone by", "503", "500", "line cut in mid-answer", "half a page"],
)
def test_passing_trouble_is_outlived(loaded: Site, answer: Answer, pause: float | None) -> None:
    loaded.registry.trouble = once(answer)
    assert loaded.fetch().records == 4
    assert loaded.studies(DELTA) == CHANGED
    (waited,) = loaded.pauses
    assert waited == pause if pause is not None else 0 <= waited <= 120


def test_an_answer_that_trickles_is_asked_for_again(loaded: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then kept every time-out from firing: a fetch waited for a page for hours."""
    monkeypatch.setattr(pace, "WATCHED_SECONDS", 0.3)
    loaded.registry.trouble = once(Answer(trickles=True))
    assert loaded.fetch().records == 4
    assert loaded.pauses
    assert loaded.studies(DELTA) == CHANGED


def test_trouble_that_stays_is_said_and_nothing_is_lost(loaded: Site) -> None:
    loaded.registry.largest_page = 2
    loaded.registry.trouble = lambda path, query, _: Answer(503) if "pageToken" in query else None
    with pytest.raises(FetchError, match=r"503 \(4 attempts\).*goes on from there"):
        loaded.fetch()
    assert DELTA not in loaded.landed()
    loaded.registry.trouble = lambda *_: None
    loaded.registry.requests.clear()
    assert loaded.fetch().records == 4
    assert loaded.studies(DELTA) == CHANGED
    first = next(query for path, query in loaded.registry.requests if path == "studies")
    assert "pageToken" in first, "the first page was kept and is not asked for again"


def test_a_wrong_request_is_not_repeated(loaded: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded.registry.trouble = once(Answer(400, body=b"unknown parameter colour"))
    with pytest.raises(FetchError, match="400: unknown parameter colour"):
        loaded.fetch()
    assert loaded.pauses == []


def test_data_that_moves_meanwhile_is_read_anew(loaded: Site) -> None:
    """On the second page the registry publishes: what was read so far does not fit with what follows."""
    loaded.registry.largest_page = 2
    moved = []

    def trouble(path: str, query: dict[str, str], registry: Registry) -> Answer | None:
        if "pageToken" in query and not moved:
            moved.append(True)
            registry.data_timestamp = "2026-11-24T09:00:00"
            registry.post("NCT00000007", "2026-11-24", "Changed")
        return None

    loaded.registry.trouble = trouble
    fetched = loaded.fetch()
    assert fetched.data_timestamp == datetime.fromisoformat("2026-11-24T09:00:00+00:00")
    assert loaded.studies("ctgov-since-20261119-as-of-20261124T090000.zip") == CHANGED | {"NCT00000007": "Changed"}
    assert not any(name.endswith("20261123T090000.zip") for name in loaded.landed())


def test_data_that_never_rests_is_given_up(loaded: Site) -> None:
    def trouble(path: str, query: dict[str, str], registry: Registry) -> Answer | None:
        if path == "studies":
            day = int(registry.data_timestamp[8:10])
            registry.data_timestamp = f"2026-11-{day + 1}T09:00:00"
        return None

    loaded.registry.trouble = trouble
    with pytest.raises(FetchError, match="moved 3 times"):
        loaded.fetch()
    assert len(loaded.landed()) == 1


def test_fewer_studies_than_announced_do_not_count(loaded: Site) -> None:
    page = orjson.dumps({"totalCount": 4, "studies": [loaded.registry.studies["NCT00000003"]]})
    loaded.registry.trouble = lambda path, *_: Answer(body=page) if path == "studies" else None
    with pytest.raises(FetchError, match="moved 3 times"):
        loaded.fetch()
    assert len(loaded.landed()) == 1


@pytest.mark.parametrize("supports_range", [True, False], ids=["resumed", "begun anew"])
def test_a_bulk_download_that_breaks_off_goes_on(site: Site, supports_range: bool) -> None:
    site.registry.supports_range = supports_range
    site.registry.trouble = once(Answer(cut=700), "studies/download")
    with pytest.raises(FetchError):
        site.fetch(attempts=1)
    assert site.landed() == []
    assert site.fetch().records == 25
    (name,) = site.landed()
    assert len(site.studies(name)) == 25
    landed = site.settings.landing_dir / "ctgov" / name
    assert landed.read_bytes() == site.registry.bulk()


@pytest.mark.parametrize("kept", [0.5, 0.98], ids=["cut in the middle", "central directory gone"])
def test_a_truncated_zip_does_not_count(site: Site, kept: float) -> None:
    """With its length announced wrongly a cut zip arrives without any error; only its directory tells."""
    body = site.registry.bulk()
    site.registry.trouble = once(Answer(body=body[: int(len(body) * kept)]), "studies/download")
    with pytest.raises(FetchError, match="no whole zip"):
        site.fetch()
    assert site.landed() == []
    assert site.fetch().records == 25


def test_a_bulk_zip_with_too_few_studies_does_not_count(site: Site) -> None:
    fewer = Registry(dict(list(site.registry.studies.items())[:20]))
    site.registry.trouble = once(Answer(body=fewer.bulk()), "studies/download")
    with pytest.raises(FetchError, match="20 of 25"):
        site.fetch()
    assert site.landed() == []


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", ["deliver", "distinct_studies", "write_cursor"])
def test_killed_between_steps_the_next_fetch_ends_in_the_same(
    loaded: Site, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded.registry.largest_page = 2

    def dies(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as context:
        context.setattr(ctgov, step, dies)
        with pytest.raises(Killed):
            loaded.fetch()
    assert loaded.fetch().records == 4
    assert loaded.studies(DELTA) == CHANGED
    assert len(loaded.landed()) == 2
    assert loaded.fetch().path is None


def test_killed_after_landing_the_same_file_lands_again(loaded: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is there but the cursor has not moved: the same content under the same name is nothing new to a run."""
    with monkeypatch.context() as context:
        context.setattr(ctgov._Fetch, "_advance", lambda *_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            loaded.fetch()
    landed = loaded.settings.landing_dir / "ctgov" / DELTA
    before = landed.read_bytes()
    loaded.registry.requests.clear()
    loaded.fetch()
    assert landed.read_bytes() == before
    assert "studies" not in [path for path, _ in loaded.registry.requests]


def test_a_later_start_never_leaves_a_gap(loaded: Site) -> None:
    """`--since` beyond the last fetch brings a part; the next fetch still begins where the last whole one ended."""
    loaded.fetch(since=date(2026, 11, 23))
    loaded.fetch()
    assert DELTA in loaded.landed()


def test_since_without_a_first_fetch_begins_there(site: Site) -> None:
    site.registry.post("NCT00000001", "2026-11-19", "Newer")
    assert site.fetch(since=date(2026, 11, 1)).records == 1
    assert site.fetch().path is None


def test_only_one_fetch_at_a_time(site: Site) -> None:
    with only_fetcher(site.settings.home_dir / "fetch" / "ctgov"), pytest.raises(FetchError, match="another fetch"):
        site.fetch()


def test_requests_keep_their_distance(site: Site) -> None:
    client = PoliteClient(site.settings.ctgov_base_url, min_interval_seconds=30, sleep=site.pauses.append)
    with client:
        client.get("version")
        client.get("version")
    (pause,) = site.pauses
    assert 29 < pause <= 30


def test_another_server_begins_anew(site: Site, tmp_path: Path) -> None:
    site.fetch()
    with serving(site.registry) as elsewhere:
        other = Site(site.registry, elsewhere, tmp_path)
        assert other.fetch().kind == "bulk"


def test_what_is_no_api_says_so(site: Site) -> None:
    site.registry.trouble = once(Answer(body=b"<html>down for maintenance</html>"), "version")
    with pytest.raises(FetchError, match="no dataTimestamp"):
        site.fetch()


PROXY = b"<!DOCTYPE html><html><title>Sign in to the hotel's network</title></html>"


@pytest.mark.parametrize("path", ["studies", "studies/download"])
def test_an_error_page_with_status_200_is_told_by_how_it_begins(site: Site, path: str) -> None:
    """An error page in the place of the count of studies was a traceback."""
    site.registry.trouble = lambda asked, *_: Answer(body=PROXY) if asked == path else None
    with pytest.raises(FetchError, match="Sign in to the hotel"):
        site.fetch(attempts=2)
    assert site.landed() == []


@pytest.mark.parametrize(
    "page", [b"{}", b"[]", b'{"totalCount": 0, "studies": []}', b'{"studies": [null], "totalCount": 1}']
)
def test_an_empty_answer_to_the_count_lets_no_zip_pass_for_the_whole_registry(site: Site, page: bytes) -> None:
    """No studies announced: any zip held enough, and an empty one would have told that all records are gone."""
    nothing = Registry({}).bulk()
    answers = {"studies": Answer(body=page), "studies/download": Answer(body=nothing)}
    site.registry.trouble = lambda asked, *_: answers.get(asked)
    with pytest.raises(FetchError):
        site.fetch()
    assert site.landed() == []


def test_an_answer_without_a_length_that_is_cut_short_does_not_count(site: Site) -> None:
    site.registry.trouble = once(Answer(cut=700, tells_length=False), "studies/download")
    with pytest.raises(FetchError, match="no whole zip"):
        site.fetch()
    assert site.landed() == []
    assert site.fetch().records == 25


def test_redirects_without_an_end_are_said(loaded: Site) -> None:
    where = loaded.settings.ctgov_base_url + "/version"
    loaded.registry.trouble = lambda asked, *_: Answer(302, {"Location": where}) if asked == "version" else None
    with pytest.raises(FetchError, match="from one address to the next"):
        loaded.fetch()


def test_packed_pages_are_unpacked_and_a_broken_packing_is_outlived(loaded: Site) -> None:
    """A proxy that breaks the packing of an answer was a traceback."""
    loaded.registry.trouble = once(Answer(headers={"Content-Encoding": "gzip"}, body=b"this is not gzip"))
    assert loaded.fetch().records == 4
    packed = Answer(
        headers={"Content-Encoding": "gzip"},
        body=gzip.compress(loaded.registry.page({"pageSize": "99", "countTotal": "true"}).body),
    )
    loaded.registry.trouble = once(packed)
    assert loaded.fetch(since=date(2026, 1, 1)).records == 26


def test_a_zip_that_a_proxy_packs_once_more_is_named(site: Site) -> None:
    packed = Answer(headers={"Content-Encoding": "gzip"}, body=gzip.compress(site.registry.bulk()))
    site.registry.trouble = lambda asked, *_: packed if asked == "studies/download" else None
    with pytest.raises(FetchError, match=r"packed once more \(gzip\)"):
        site.fetch()


def test_a_cache_that_gives_the_same_page_again_does_not_go_on_for_ever(loaded: Site) -> None:
    """Each answer was kept as a page of its own, until the disk was full."""
    loaded.registry.largest_page = 2
    size = {"pageSize": "2", "countTotal": "true", "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026-11-19,MAX]"}
    first = loaded.registry.page(size)
    loaded.registry.trouble = lambda asked, *_: first if asked == "studies" else None
    with pytest.raises(FetchError, match="names itself as the next one"):
        loaded.fetch()


@pytest.mark.parametrize("said", ["2026-11-23T10:30:00+01:30", "2026-11-23T09:00:00Z", "2026-11-23T09:00:00"])
def test_the_time_of_the_data_is_utc(loaded: Site, said: str) -> None:
    body = orjson.dumps({"apiVersion": "2.0.5", "dataTimestamp": said})
    loaded.registry.trouble = lambda asked, *_: Answer(body=body) if asked == "version" else None
    assert loaded.fetch().data_timestamp == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert DELTA in loaded.landed()


def test_data_that_goes_back_in_time_is_nothing_new(loaded: Site) -> None:
    loaded.fetch()
    loaded.registry.data_timestamp = "2026-11-01T09:00:00"
    assert loaded.fetch().path is None


def test_a_cursor_that_is_none_is_named(site: Site) -> None:
    path = site.settings.home_dir / "fetch" / "ctgov" / "cursor.json"
    path.parent.mkdir(parents=True)
    path.write_text("{")
    with pytest.raises(FetchError, match=r"cursor\.json cannot be understood"):
        site.fetch()
