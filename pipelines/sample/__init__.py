"""Synthetic registry records: realistic, deterministic, with planted defects that a sidecar file lists.

Belongs here: making records and writing them to folders as people would drop them. Does not belong here: reading them
back, or anything real: no name, text or id in these records belongs to a real person or trial.
"""

from __future__ import annotations

from pipelines.sample.study import make_study

__all__ = ["make_study"]
