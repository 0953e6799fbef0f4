"""DRKS records: from the mapped tree to the study.

Belongs here: what several fields of the German register say together. Does not: opening files (drks_json.py).
"""

from __future__ import annotations

from pipelines.readers.drks.finish import finish

__all__ = ["finish"]
