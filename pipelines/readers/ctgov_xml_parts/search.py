"""A summary in a list of search results: element → study.

Belongs here: putting the mapping to work. Does not: the records themselves (public.py, archive.py).
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from pipelines.readers.ctgov_xml_parts.values import CONVERTERS
from pipelines.readers.mapping import Mapper, load_mapping

MAPPER = Mapper(load_mapping("ctgov_xml_search"), CONVERTERS)


def study_of(record: etree._Element, _name: str | None = None) -> dict[str, Any]:
    """The study of a `<clinical_study>` that is a summary."""
    return MAPPER.of_xml(record)
