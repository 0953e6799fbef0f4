"""What Dagster's processes load in tests that kill them: the whole job with few models and the gates on what is read.

Belongs here: those definitions, and how soon a run counts as lost. Does not: tests.
"""

from __future__ import annotations

from datetime import timedelta

from pipelines.orchestration import instance
from tests.faults.fork_server import few_definitions

instance.START_UP = timedelta(seconds=8)

defs = few_definitions()
