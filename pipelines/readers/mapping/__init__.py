"""Mappings: how a format's fields become the study shape, as data that people can read.

Belongs here: the language of the mapping files, the walk that follows them, the converters they name. Does not: the
mappings themselves (pipelines/readers/mappings/*.yaml), the readers that use them.
"""

from __future__ import annotations

from pipelines.readers.mapping.converters import CONVERTERS, Converter, Unreadable
from pipelines.readers.mapping.table import Mapping, MappingError, load_mapping, parse_mapping
from pipelines.readers.mapping.walk import Mapper

__all__ = [
    "CONVERTERS",
    "Converter",
    "Mapper",
    "Mapping",
    "MappingError",
    "Unreadable",
    "load_mapping",
    "parse_mapping",
]
