"""The CTIS portal's download of search results: a table, a row for each trial.

Belongs here: which heading is the portal's, rows to fields. Does not: what the fields mean (ctis/, which reads the same
fields of the API's search list), where they go (mappings/ctis_csv.yaml), how tables are read (tables/).

The table is the search list under the portal's labels: a row is read as the item of that list which it would be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader, excerpt_of
from pipelines.readers.ctis.facts import areas, ctis_date, said
from pipelines.readers.ctis.layout import Tree
from pipelines.readers.ctis.study import completed
from pipelines.readers.mapping import Mapper, load_mapping
from pipelines.readers.reasons import NO_IDENTITY, READER_FAILED
from pipelines.readers.study_parts import part
from pipelines.readers.tables import (
    BadRow,
    Dialect,
    Row,
    TableFault,
    check_columns,
    open_table,
    read_heading,
    table_refused,
)
from pipelines.settings import Limits

FORMAT = "ctis_csv"
ID_COLUMN, PLACES = "Trial number", "Location(s) and recruitment status"
LISTED_AS = {
    "Trial number": "ctNumber",
    "Title of the trial": "ctTitle",
    "Protocol code": "shortTitle",
    "Overall trial status": "ctStatus",
    "Age group": "ageGroup",
    "Gender": "gender",
    "Number of participants enrolled": "totalNumberEnrolled",
    "Trial region": "trialRegion",
    "Medical conditions": "conditions",
    "Trial phase": "trialPhase",
    "Primary endpoint": "primaryEndPoint",
    "Start date": "startDateEU",
    "Global end of the trial": "trialGlobalEndDate",
    "Sponsor/Co-Sponsors": "sponsor",
    "Sponsor type": "sponsorType",
    "Trial results": "resultsFirstReceived",
}
"""Names of the search list for the columns from which something is worked out."""
_LABELS = {name: column for column, name in LISTED_AS.items()}
_OWN_NAMES = frozenset({*LISTED_AS, PLACES, "Age range secondary identifier", "Decision date", "Last updated"})
_ENOUGH_OWN_NAMES = 6
_DIALECT = Dialect(delimiters=(",", ";", "\t"))
_NUMBER = re.compile(r"[0-9]{4}-[0-9]{6}-[0-9]{2}(?:-[0-9]{2})?")


def recognise(head: bytes) -> bool:
    """Whether the first row has the column of numbers and enough other of the portal's labels."""
    heading = read_heading(head, _DIALECT)
    return (
        heading is not None and ID_COLUMN in heading.names and len(_OWN_NAMES & {*heading.names}) >= _ENOUGH_OWN_NAMES
    )


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The rows of a member in a stream; `position` is the line."""
    try:
        with open_table(member, _DIALECT, limits) as table:
            names = table.heading.names
            check_columns(table.heading, (ID_COLUMN,), [name for name in names if name in _OWN_NAMES])
            place = names.index(ID_COLUMN)
            table.starts_row = lambda fields: len(fields) > place and bool(_NUMBER.fullmatch(fields[place].strip()))
            for row in table:
                if isinstance(row, BadRow):
                    yield row.as_record(member)
                elif row.fields != list(names):  # files put one behind the other
                    yield _record(member, row, names)
    except TableFault as error:
        yield table_refused(member, error)


def _record(member: Member, row: Row, names: tuple[str, ...]) -> RawRecord | BadRecord:
    cells: dict[str, str] = {}
    for number, (name, value) in enumerate(zip(names, row.fields, strict=True), start=1):
        key = f"column {number}" if not name or name in cells else name
        cells[key] = value.strip() if said(value) else ""
    number_of = cells[ID_COLUMN]
    try:
        if not number_of:
            code, reason = NO_IDENTITY, f"line {row.line:,}: {ID_COLUMN} is empty"
        else:
            return RawRecord(member.name, row.line, row.raw, study_of(cells))
    except Exception as error:  # noqa: BLE001  a row no one foresaw must not end the file: it is kept, with the fault named
        code, reason = READER_FAILED, f"line {row.line:,} made the reader fail: {type(error).__name__}: {error}"
    return BadRecord(member.name, row.line, code, reason, excerpt_of(row.raw), number_of or None)


def study_of(cells: dict[str, str]) -> dict[str, Any]:
    """The study of a row: cells by column, "" where a cell says that there is nothing."""
    study = _mapper().of_json({name.replace("/", " and "): value for name, value in cells.items()})
    item: Tree = {LISTED_AS[name]: value for name, value in cells.items() if name in LISTED_AS and value}
    states = _member_states(cells.get(PLACES, ""))
    if states is not None:
        part(study, "registrySection.ctis[]")["memberStates"] = states
        part(study, "protocolSection.contactsLocationsModule")["locations"] = [
            {"country": state["name"]} for state in states
        ]
    elif cells.get(PLACES):
        study[f"{FORMAT}:{PLACES}"] = cells[PLACES]  # an unknown field, as what no row of the mapping names
    study = completed(study, item, load_mapping("ctis_json").words)
    for state in study["registrySection"].get("fieldStates", ()):
        state["label"] = _LABELS.get(state["label"], state["label"])
    return _mapper().shown.noted(cells, study)


def _member_states(cell: str) -> list[dict[str, str]] | None:
    """`Spain:Ongoing, recruiting, Italy:Ended` by country; None where it cannot be read. Statuses hold commas, names of
    countries hold none."""
    country, *pieces = cell.split(":")
    found = []
    for piece in pieces[:-1]:
        status, comma, following = piece.rpartition(",")
        found.append((country.strip(), (status if comma else piece).strip()))
        country = following if comma else ""
    found += [(country.strip(), status.strip()) for status in pieces[-1:]]
    if not found or not all(name and "," not in name for name, _ in found):
        return None
    return [{"name": name, **({"publicStatus": status} if status else {})} for name, status in found]


@cache
def _mapper() -> Mapper:
    return Mapper(load_mapping(FORMAT), {"ctis_date": ctis_date, "said": said, "areas": areas})


READER = Reader(format=FORMAT, registry="CTIS", recognise=recognise, read=read, standing="part")
