"""ClinicalTrials.gov's CSV download: a row is the part of a record that somebody chose columns for.

Belongs here: recognising the download of today's site, of API v2 and of the classic site; rows to records; what is said
about values that cannot be told apart. Does not: the table (tables/), the cells (ctgov_csv_cells.py), where values go
(mappings/ctgov_csv.yaml).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader, excerpt_of
from pipelines.readers.ctgov_csv_cells import CELLS
from pipelines.readers.ctgov_csv_values import CONVERTERS
from pipelines.readers.json_window import Fault
from pipelines.readers.mapping import CONVERTERS as COMMON_CONVERTERS
from pipelines.readers.mapping import Mapper, load_mapping
from pipelines.readers.mapping.columns import column_program
from pipelines.readers.mapping.plan import Branch, compile_rows
from pipelines.readers.mapping.shown import empty_state
from pipelines.readers.reasons import MALFORMED_TABLE, READER_FAILED
from pipelines.readers.tables import (
    BadRow,
    Dialect,
    Heading,
    Row,
    TableFault,
    check_columns,
    open_table,
    read_heading,
    table_refused,
)
from pipelines.readers.tables.encoding import decode_head
from pipelines.settings import Limits

FORMAT = "ctgov_csv"
ID_COLUMN = "NCT Number"
ALL_COLUMNS = (
    "NCT Number", "Study Title", "Study URL", "Acronym", "Study Status", "Brief Summary", "Study Results", "Conditions",
    "Interventions", "Primary Outcome Measures", "Secondary Outcome Measures", "Other Outcome Measures", "Sponsor",
    "Collaborators", "Sex", "Age", "Phases", "Enrollment", "Funder Type", "Study Type", "Study Design", "Other IDs",
    "Start Date", "Primary Completion Date", "Completion Date", "First Posted", "Results First Posted",
    "Last Update Posted", "Locations", "Study Documents",
)  # fmt: skip
"""All columns of today's download in its order: those of every page of the API but the first, which alone has a
heading."""

_QUOTED = Dialect(delimiters=(",", ";", "\t"))
_UNQUOTED = Dialect(delimiters=("\t",), quote=None)
_NCT = re.compile(r"NCT[0-9]{8}")
_PAGE_URL = re.compile(r"https?://(?:www\.)?clinicaltrials\.gov/study/NCT[0-9]{8}", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r"[\W_]+")
_FEWEST_KNOWN = 3
_HEADINGS = 16
_OUTCOMES = {
    "Primary Outcome Measures": "primaryOutcomes",
    "Secondary Outcome Measures": "secondaryOutcomes",
    "Other Outcome Measures": "otherOutcomes",
}
_OUTCOME_REASON = "measure, description and time frame stand in one text, with commas between them and within them"
PLACE_REASON = "facility, city, state and zip stand in one text, with commas between them and within them"
_LOST = {"Observational Model": "observationalModel", "Time Perspective": "timePerspective"}
_LOST_REASON = "today's download writes the same for every observational study, whatever the record holds"
_DESIGNS = frozenset({"Study Design", "Study Designs"})
ID_REASON = "the first of several ids: the download does not say which is which, but begins with the organisation's"
_SECOND_HEADING = "a second heading with its columns in another order: the rows below it are not read; split the file"
_RECODED = "the file does not say its encoding and is not UTF-8: read as Windows-1252"

State = dict[str, Any]


@cache
def _mapper() -> Mapper:
    return Mapper(load_mapping(FORMAT), CONVERTERS)


def _plan() -> Branch:
    return compile_rows(load_mapping(FORMAT), COMMON_CONVERTERS | CONVERTERS)


@cache
def _columns() -> dict[str, str]:
    """Every column that the mapping knows, by its plain name: letters and figures in lower case."""
    sources = {row.source for row in _mapper().mapping.rows}
    names = {source if source in CELLS else _top(source) for source in sources}
    return {_plain(name): name for name in names | set(CELLS)}


def _top(source: str) -> str:
    return next((name for name in CELLS if source.startswith(f"{name}/")), source)


def _plain(name: str) -> str:
    return _NOT_IN_NAMES.sub("", name).casefold()


def _canonical(names: tuple[str, ...]) -> tuple[str, ...]:
    """The download's names for columns to which programs gave other letter case, blanks or marks (R: NCT.Number); a
    column that it does not have, or of which there are two, keeps its own."""
    meant = [_columns().get(_plain(name), name) for name in names]
    count = Counter(meant)
    return tuple(name if count[known] > 1 else known for name, known in zip(names, meant, strict=True))


def recognise(head: bytes) -> bool:
    """Whether a member that begins with `head` is such a table.

    Its heading has NCT Number and another of the download's columns; or three of them and few others (then the id was
    left out or renamed, and the member is refused for that); or there is no heading, but a row of all columns.
    """
    heading = read_heading(head, _QUOTED)
    if heading is None:
        return False
    names = [name for name in heading.names if name]
    known = sum(_plain(name) in _columns() for name in names)
    if ID_COLUMN in heading.names:
        return known > 1
    return _has_no_heading(heading) or (known >= _FEWEST_KNOWN and 2 * known >= len(names))


def _has_no_heading(heading: Heading) -> bool:
    names = heading.names
    return len(names) == len(ALL_COLUMNS) and bool(_NCT.fullmatch(names[0])) and bool(_PAGE_URL.fullmatch(names[2]))


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """A record for each row; `position` is the line in the member on which it begins.

    A table without the column NCT Number, or in an unknown encoding, is one bad record. A heading that is there again
    (files put one behind the other) is passed over. Raises MemberError.
    """
    head = member.head()
    heading = read_heading(head, _QUOTED)
    names = ALL_COLUMNS if heading is not None and _has_no_heading(heading) else ()
    try:
        dialect = _UNQUOTED if heading is not None and _is_unquoted(member, heading, limits) else _QUOTED
        with open_table(member, dialect, limits, names=names) as table:
            heading = replace(table.heading, names=_canonical(table.heading.names))
            check_columns(heading, (ID_COLUMN,), _columns().values())
            own = heading.names.index(ID_COLUMN)
            table.starts_row = lambda fields: len(fields) > own and _NCT.fullmatch(fields[own].strip()) is not None
            study_of = _program(heading.names)
            for row in table:
                if isinstance(row, BadRow):
                    yield row.as_record(member)
                elif row.fields[own].strip() != table.heading.names[own]:
                    yield _record(member, row, study_of)
                elif tuple(name.strip() for name in row.fields) != table.heading.names:
                    yield table_refused(member, TableFault(Fault(MALFORMED_TABLE, _SECOND_HEADING), row.line))
                    return
    except TableFault as error:
        yield table_refused(member, error)


def _is_unquoted(member: Member, heading: Heading, limits: Limits) -> bool:
    """Whether a tab-separated member has no quoted fields: as the classic site writes it, where quotation marks are
    a part of the text. Told by its beginning, which has no bad rows only in the one way or the other."""
    if heading.delimiter != "\t":
        return False
    text = decode_head(member.head()) or ""
    beginning = Member.of_bytes(None, (text[: text.rfind("\n") + 1] or text).encode("utf-8", "replace"))
    bad = {}
    for dialect in (_QUOTED, _UNQUOTED):
        with open_table(beginning, dialect, limits) as table:
            bad[dialect] = sum(isinstance(row, BadRow) for row in table)
    return bad[_UNQUOTED] < bad[_QUOTED]


def _record(member: Member, row: Row, study_of: Callable[[Row], dict[str, Any]]) -> RawRecord | BadRecord:
    try:
        return RawRecord(member.name, row.line, row.raw, study_of(row))
    except Exception as error:  # noqa: BLE001  a row no one foresaw must not end the run: it is kept, with the fault named
        reason = f"the row at line {row.line:,} made the reader fail: {type(error).__name__}: {error}"
        return BadRecord(member.name, row.line, READER_FAILED, reason, excerpt_of(row.raw))


@lru_cache(_HEADINGS)
def _program(names: tuple[str, ...]) -> Callable[[Row], dict[str, Any]]:
    """What makes a study of a row of a table with these columns."""
    named = [name or f"column {at + 1}" for at, name in enumerate(names)]
    short_way = column_program(_plan(), named, CELLS)
    joined = [(named.index(name), mark, state) for name, (mark, state) in _JOINED.items() if name in named]
    shown = _shown(named)

    def study_of(row: Row) -> dict[str, Any]:
        found = short_way(row.fields)
        study, taken = found if found is not None else _long_way(named, row.fields)
        states = [state for at, mark, state in joined if mark in row.fields[at]]
        states += [state for columns, state in shown if not any(row.fields[at].strip() for at in columns)]
        if row.is_recoded or "Other IDs" in taken or not _DESIGNS.isdisjoint(taken):
            states += _states(taken, row)
        if states:
            study.setdefault("registrySection", {}).setdefault("fieldStates", []).extend(map(dict, states))
        return study

    return study_of


def _shown(names: Sequence[str]) -> list[tuple[list[int], State]]:
    """Columns of a table whose empty cells say that the registry has nothing there, and the state that says so."""
    found = []
    for one in load_mapping(FORMAT).shown:
        columns = [name for name in one.sources if name in names]
        if columns:
            places = [names.index(name) for name in columns]
            found.append((places, empty_state(one.path, columns)))
    return found


def _long_way(names: Sequence[str], fields: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A study, with all that has to be noted beside it, and the cells that were taken apart."""
    record: dict[str, Any] = {}
    taken: dict[str, Any] = {}
    for name, cell in zip(names, fields, strict=True):
        if cell and not cell.isspace():
            value: Any = cell
            if name in CELLS:
                value = taken[name] = CELLS[name](cell)
            _put(record, name, value)
    return _mapper().of_json(record), taken


def _put(record: dict[str, Any], name: str, value: Any) -> None:
    """A column's value at the place that its name is for the mapping, in which `/` goes one level down."""
    outer, slash, inner = name.partition("/")
    if slash:
        record[outer] = {inner: value} if outer not in record else {".": record[outer], inner: value}
    else:
        record[name] = value


def _states(taken: dict[str, Any], row: Row) -> list[State]:
    """What is said about ids and designs that the download does not tell, and about its encoding."""
    found: list[State] = []
    for column in _DESIGNS & taken.keys():
        for label in taken[column].get("lost", ()):
            field = f"protocolSection.designModule.designInfo.{_LOST[label]}"
            found.append(_state(field, "damaged", column, _LOST_REASON))
    if taken.get("Other IDs", {}).get("others"):
        field = "protocolSection.identificationModule.orgStudyIdInfo.id"
        found.append(_state(field, "inferred", "Other IDs", ID_REASON))
    if row.is_recoded:
        found.append(_state("registrySection", "inferred", "", _RECODED))
    return found


def _state(field: str, state: str, label: str, reason: str) -> State:
    made = {"field": field, "state": state, "label": label, "reason": reason}
    return {key: value for key, value in made.items() if value}


_JOINED: dict[str, tuple[str, State]] = {
    column: (", ", _state(f"protocolSection.outcomesModule.{name}[].measure", "ambiguous", column, _OUTCOME_REASON))
    for column, name in _OUTCOMES.items()
} | {
    "Locations": (
        ", ",
        _state("protocolSection.contactsLocationsModule.locations[].facility", "ambiguous", "Locations", PLACE_REASON),
    )
}
"""Column → the mark that joins what cannot be told apart again, and what is said about it."""

READER = Reader(format=FORMAT, registry="CTGOV", recognise=recognise, read=read, standing="chosen")
