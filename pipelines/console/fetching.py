"""`trialmart fetch` on the terminal.

Belongs here: which registries can be asked, progress, the words at the end. Does not: fetching (pipelines/sources).
"""

from __future__ import annotations

from datetime import date

from pipelines.console.faults import EXIT_USAGE, fail
from pipelines.console.terminal import counted, stderr, stdout
from pipelines.settings import Settings
from pipelines.sources.client import split_credentials
from pipelines.sources.ctgov import fetch_ctgov

NO_INTERFACE = (
    "the other registries have no public, documented interface for fetching: download their files and drop them into "
    "landing (docs/fetching.md says where)"
)


def shown_fetch(registry: str, settings: Settings, *, full: bool, since: date | None) -> None:
    """Fetch, saying how far it is on stderr and what came on stdout. Raises FetchError, OSError, and typer.Exit for a
    registry that has nothing to fetch from.
    """
    if registry != "ctgov":
        raise fail(f"trialmart fetch knows ctgov, not {registry!r}; {NO_INTERFACE}", EXIT_USAGE)
    with stderr().status(f"asking {split_credentials(settings.ctgov_base_url)[0]}") as status:
        fetched = fetch_ctgov(
            settings, full=full, since=since, progress=lambda text: status.update(f"fetching: {text}")
        )
    as_of = f"as of {fetched.data_timestamp:%Y-%m-%d %H:%M} UTC"
    if fetched.path is None:
        stdout().print(f"nothing new: what has landed is the registry's data {as_of}")
    else:
        stdout().print(f"{counted(fetched.records, 'study', 'studies')} {as_of} landed in {fetched.path}")
        stdout().print("next: trialmart run", style="dim")
