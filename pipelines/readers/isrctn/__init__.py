"""ISRCTN records, whatever they are wrapped in: from the mapped tree to the study.

Belongs here: what XML and JSON of this registry have in common. Does not: opening either (isrctn_xml.py,
isrctn_json.py).
"""

from __future__ import annotations

from pipelines.readers.isrctn.finish import CONVERTERS, finish

__all__ = ["CONVERTERS", "finish"]
