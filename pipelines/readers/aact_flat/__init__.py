"""AACT flat files: the pipe-delimited export of the database that CTTI makes of ClinicalTrials.gov.

Belongs here: everything that only this format needs. Does not: the study shape, other formats of ClinicalTrials.gov.

An archive holds one text file for each table, and a study is the rows of all tables with its number. tables.py knows
the tables, rows.py cuts rows, store.py brings those of a study together on disk, tree.py and results.py join them,
mappings/aact_flat.yaml says what they mean, study.py makes the record, reader.py leads the way.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.readers.aact_flat.reader import find_raw, read_archive
from pipelines.readers.aact_flat.study import FORMAT
from pipelines.readers.aact_flat.tables import recognise
from pipelines.readers.base import BadRecord, Member, RawRecord, Reader, Together
from pipelines.settings import Limits

__all__ = ["READER"]


def _read_alone(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    return read_archive([member], limits, None)


READER = Reader(
    format=FORMAT,
    registry="CTGOV",
    recognise=recognise,
    read=_read_alone,
    standing="copy",  # without MeSH ids, quotation marks and more of what the registry says
    together=Together(read=read_archive, find=find_raw),
)
