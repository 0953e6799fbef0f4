"""What changed between the versions of a record.

Belongs here: laying versions out as paths and values (leaves.py), comparing consecutive ones (compare.py), what makes
two items of a list the same (keys.yaml). Does not: the order of versions (staging), answers made of changes (models).
"""

from __future__ import annotations

from pipelines.history.compare import Compared, compare_versions

HISTORY_TABLES = ("history.version_pair", "history.change")
"""The tables that this room fills."""

__all__ = ["HISTORY_TABLES", "Compared", "compare_versions"]
