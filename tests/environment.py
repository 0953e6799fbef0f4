"""The environment of processes that tests start.

Belongs here: what they inherit. Does not: what each is told besides.
"""

from __future__ import annotations

import os


def clean_environment() -> dict[str, str]:
    """This process's environment without what trialmart and Dagster are told by it."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("TRIALMART_", "DAGSTER_"))}
