"""Synthetic registry records: realistic, deterministic, with planted defects that a sidecar file lists.

Belongs here: making records and writing them to folders as people would drop them. Does not belong here: reading them
back, or anything real: no name, text or id in these records belongs to a real person or trial.
"""

from __future__ import annotations

from pipelines.sample.blocks import FORMATS
from pipelines.sample.draft import DEFAULT_SNAPSHOT
from pipelines.sample.study import make_study
from pipelines.sample.write import GENERATOR_VERSION, SIDECAR_NAME, SampleError, SampleReport, write_sample

__all__ = [
    "DEFAULT_SNAPSHOT",
    "FORMATS",
    "GENERATOR_VERSION",
    "SIDECAR_NAME",
    "SampleError",
    "SampleReport",
    "make_study",
    "write_sample",
]
