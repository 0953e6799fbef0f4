"""ChiCTR records: from the mapped tree to the study.

Belongs here: what several fields of the Chinese registry say together. Does not: opening files (chictr_xml.py).
"""

from __future__ import annotations

from pipelines.readers.chictr.finish import CONVERTERS, finish

__all__ = ["CONVERTERS", "finish"]
