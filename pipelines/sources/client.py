"""Asking a public server politely: one request at a time, not too often, and again when it is worth it.

Belongs here: pace, retries, the errors a person can act on. Does not: any registry's interface.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx
import tenacity

from pipelines.sources.errors import FetchError
from pipelines.sources.pace import watch

USER_AGENT = "trialmart (https://pypi.org/project/trialmart/; fetches registry records for analysis)"
TIMEOUT = httpx.Timeout(60.0, connect=20.0)
LONGEST_WAIT_SECONDS = 120.0
"""Longest pause before an attempt, whatever the server asks for: beyond it a later fetch is the better answer."""

Answer = TypeVar("Answer")
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504})


def split_credentials(base_url: str) -> tuple[str, tuple[str, str] | None]:
    """An address without the name and password in it, and these: addresses stand in notes, logs and the warehouse.

    Raises FetchError where it is no address.
    """
    try:
        parts = urlsplit(base_url)
        has_host = bool(parts.hostname)
    except ValueError:
        has_host = False
    if not has_host:
        raise FetchError("TRIALMART_CTGOV_BASE_URL is no address such as https://clinicaltrials.gov/api/v2")
    where, _, host = parts.netloc.rpartition("@")
    name, _, password = where.partition(":")
    bare = urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))
    return bare, (unquote(name), unquote(password)) if where else None


class TryAgain(Exception):
    """An answer that may be better the next time. `wait_seconds` is what the server asked for, None if it did not."""

    def __init__(self, message: str, wait_seconds: float | None = None) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


class PoliteClient:
    """A connection to one server. Not for several threads at once.

    Between two requests at least `min_interval_seconds` pass. A request is tried `attempts` times: after a time-out, a
    broken connection, 429 or a server's fault, with growing pauses of random length, or as long as `Retry-After` says.
    A name and password in `base_url` are sent and nowhere told: `base_url` and `url()` are without them.
    """

    def __init__(
        self,
        base_url: str,
        *,
        min_interval_seconds: float = 1.0,
        attempts: int = 6,
        first_pause_seconds: float = 1.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base_url, credentials = split_credentials(base_url)
        self._http = httpx.Client(
            timeout=TIMEOUT,
            headers={"User-Agent": USER_AGENT},
            follow_redirects=True,
            auth=credentials,
            event_hooks={"response": [watch]},
        )
        self._min_interval = min_interval_seconds
        self._attempts = attempts
        self._backoff = tenacity.wait_random_exponential(multiplier=first_pause_seconds, max=LONGEST_WAIT_SECONDS)
        self._sleep = sleep
        self._last_request = -min_interval_seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(
        self, path: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """The whole answer: 200 or 304. Raises FetchError for every other one, and when all attempts have failed."""

        def ask() -> httpx.Response:
            self._keep_pace()
            return self._checked(self._http.get(self.url(path), params=params, headers=headers))

        return self.keep_trying(ask, self.url(path))

    def stream(
        self,
        path: str,
        params: Mapping[str, str],
        headers: Mapping[str, str],
        take: Callable[[httpx.Response], None],
    ) -> None:
        """One attempt at an answer too large for memory: `take` reads it. Raises TryAgain and FetchError; to be called
        from within `keep_trying`.
        """
        self._keep_pace()
        with self._http.stream("GET", self.url(path), params=params, headers=headers) as response:
            if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                take(response)  # nothing is left to be had: for whoever asked for the rest to judge
                return
            if response.status_code >= 400:
                response.read()
            take(self._checked(response))

    def keep_trying(self, ask: Callable[[], Answer], what: str) -> Answer:
        """What `ask` gives, tried again after TryAgain and broken connections. Raises FetchError in the end."""
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self._attempts),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type((httpx.TransportError, httpx.DecodingError, TryAgain)),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(ask)
        except httpx.TooManyRedirects as error:
            raise FetchError(f"{what}: the server sends from one address to the next without an end") from error
        except (httpx.TransportError, httpx.DecodingError, TryAgain) as error:
            raise FetchError(
                f"{what}: {str(error) or type(error).__name__} ({self._attempts} attempts); what was fetched so far is "
                "kept, and the next `trialmart fetch` goes on from there"
            ) from error

    def url(self, path: str) -> str:
        """The address of a path below the base."""
        return f"{self.base_url}/{path}"

    def _keep_pace(self) -> None:
        pause = self._last_request + self._min_interval - time.monotonic()
        if pause > 0:
            self._sleep(pause)
        self._last_request = time.monotonic()

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        asked = error.wait_seconds if isinstance(error, TryAgain) else None
        return min(asked, LONGEST_WAIT_SECONDS) if asked is not None else self._backoff(state)

    @staticmethod
    def _checked(response: httpx.Response) -> httpx.Response:
        status = response.status_code
        if status in _WORTH_ANOTHER_TRY:
            raise TryAgain(f"the server answered {status}", _retry_after(response))
        if status >= 400:
            said = " ".join(response.text.split())[:300]
            raise FetchError(f"{response.url}: the server answered {status}: {said or response.reason_phrase}")
        return response


def beginning(content: bytes) -> str:
    """How an answer that was not expected begins, for a message: an error page says there who sent it."""
    text = " ".join(content[:2000].decode("utf-8", "replace").split())
    return f"it begins {text[:100]!r}" if text else "it is empty"


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds that `Retry-After` asks for, given as a number or as a date; None where it says neither."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())
