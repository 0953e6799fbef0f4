"""The rows of one study → its record in the study shape, and what of it is damaged or doubtful.

Belongs here: fields of rows, the mapping, padded dates, field states. Does not: where rows come from (reader.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from pipelines.readers.aact_flat.results import results_tree
from pipelines.readers.aact_flat.rows import BrokenRow, bad_row, split_row
from pipelines.readers.aact_flat.shown import shown_tree
from pipelines.readers.aact_flat.store import StoredRow
from pipelines.readers.aact_flat.tables import FIELDS, STUDIES, Heading, TableMember
from pipelines.readers.aact_flat.tree import Tables, protocol_tree
from pipelines.readers.aact_flat.values import CONVERTERS, PaddedDate, has_breaks, padded_date, unfolded, unfolded_plain
from pipelines.readers.base import BadRecord, RawRecord, excerpt_of
from pipelines.readers.mapping import Converter, Mapper, load_mapping
from pipelines.readers.reasons import READER_FAILED, RECORD_TOO_LARGE
from pipelines.settings import Limits

FORMAT = "aact_flat"
Struct = dict[str, Any]

REPEATS = 8
"""How many times larger than any other record one of AACT may be: each measured value and each adverse event says the
texts of its outcome or module again (a guess on the safe side: no real export was at hand, 2026-11)."""

_STATUS = "protocolSection.statusModule"
_DATES = (
    ("start", "startDateStruct"),
    ("verification", "statusVerifiedDate"),
    ("completion", "completionDateStruct"),
    ("primary_completion", "primaryCompletionDateStruct"),
)
_POSTING = "resultsSection.outcomeMeasuresModule.outcomeMeasures[].anticipatedPostingDate"
_STANDARD_AGES = ("CHILD", "ADULT", "OLDER_ADULT")
_RESULTS_POSTED = "results_first_posted_date"
_RESULTS = "resultsSection."


@dataclass
class Lacks:
    """What is wanting: `tables` in every record (state and reason by table), and rows in single ones."""

    tables: dict[str, tuple[str, str]] = field(default_factory=dict)
    rows: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, table: str, state: str, reason: str) -> None:
        """A table that is wanting, or ends too early, so that any record may lack rows of it."""
        self.tables[table] = (state, reason)

    def mark(self, nct_id: str, table: str, reason: str) -> None:
        """A row of a study that could not be read."""
        self.rows.setdefault(nct_id, []).append((table, reason))


class RecordMaker:
    """Makes records of the rows of studies, one study at a time."""

    def __init__(
        self, tables: Sequence[TableMember], lacks: Lacks, limits: Limits, *, has_line_breaks: bool = False
    ) -> None:
        """`has_line_breaks`: the tables have line breaks in texts, so that a `~` in them is a `~`."""
        self._tables = tables
        self._lacks = lacks
        self._limits = limits
        self._has_line_breaks = has_line_breaks
        self._states_of_tables = [
            _state(FIELDS[name], state, name, reason)
            for name, (state, reason) in sorted(lacks.tables.items())
            if name in FIELDS
        ]
        self._says_results = _RESULTS_POSTED in tables[0].heading.names
        groups = next((table.heading.names for table in tables if table.name == "result_groups"), ())
        self._columns = [
            table.heading.read_columns(table.name, groups_by_id="outcome_id" not in groups) for table in tables
        ]

    def record(self, nct_id: str, rows: Sequence[StoredRow]) -> Iterator[RawRecord | BadRecord]:
        """The record of a study from its rows, ordered by table and line, after those of them that are broken."""
        studies = self._tables[0]
        table, line, _ = rows[0]
        raw = raw_record(self._tables, rows)
        if table != 0:
            return  # its row in the table of studies is not UTF-8, which has been said
        limit = self._limits.record_bytes * REPEATS
        if len(raw) > limit:
            reason = f"{len(raw):,} bytes in all tables, more than {REPEATS} times the limit of a record"
            yield BadRecord(studies.member.name, line, RECORD_TOO_LARGE, f"{nct_id}: {reason}", excerpt_of(raw), nct_id)
            return
        found: Tables = {}
        states: list[Struct] = []
        broken = False
        for bad in self._split(rows, found, states):
            broken = broken or bad.member == studies.member.name
            yield bad
        if broken:
            return
        for name, reason in self._lacks.rows.get(nct_id, ()):
            states.append(_state(FIELDS.get(name, name), "damaged", name, reason))
        try:
            study = self._study(found, states)
        except (
            LookupError,
            TypeError,
            ValueError,
            AttributeError,
        ) as error:  # a fault of ours must not stop the others
            reason = f"{nct_id}: {type(error).__name__}: {error}"
            yield BadRecord(studies.member.name, line, READER_FAILED, reason, excerpt_of(raw), nct_id)
            return
        yield RawRecord(studies.member.name, line, raw, study)

    def _split(self, rows: Sequence[StoredRow], found: Tables, states: list[Struct]) -> Iterator[BadRecord]:
        """Fill `found` with the fields that are read and not empty, rows in AACT's order; gives the broken rows."""
        for number, group in groupby(rows, key=itemgetter(0)):
            table, columns = self._tables[number], self._columns[number]
            split: list[list[str]] = []
            for _, line, text in group:
                try:
                    split.append(split_row(text, table.heading))
                except BrokenRow as error:
                    yield bad_row(table, line, text.encode(), str(error))
                    reason = f"line {line:,} of table {table.name}: {error}"
                    states.append(_state(FIELDS.get(table.name, table.name), "damaged", table.name, reason))
            found[table.name] = [
                {name: fields[place] for place, name in columns if fields[place]}
                for fields in _by_number(split, table.heading)
            ]

    def _study(self, tables: Tables, states: list[Struct]) -> Struct:
        (row,) = tables[STUDIES]
        posted = _RESULTS_POSTED in row
        own = mapper(has_breaks if self._has_line_breaks else _long_texts(row))
        for contact in tables.get("facility_contacts", ()):
            contact["role"] = "CONTACT"
        for contact in tables.get("central_contacts", ()):
            contact.setdefault("role", "CONTACT")
        needs_results = posted or not self._says_results
        states += [
            state for state in self._states_of_tables if needs_results or not state["field"].startswith(_RESULTS)
        ]
        results = results_tree(tables)
        protocol = protocol_tree(tables)
        study = own.of_json(protocol | results)
        _set_dates(study, states)
        if self._says_results:
            study["hasResults"] = posted
        ages = study.get("protocolSection", {}).get("eligibilityModule", {}).get("stdAges")
        if ages is not None:
            ages.sort(key=_STANDARD_AGES.index)
        if states:
            section = study.setdefault("registrySection", {})
            section.setdefault("fieldStates", []).extend(states)
        wanting = {state["label"] for state in states} | self._lacks.tables.keys()
        return own.shown.noted(shown_tree(protocol, self._tables, wanting), study)


def raw_record(tables: Sequence[TableMember], rows: Sequence[StoredRow]) -> bytes:
    """Rows of a study, ordered by table and line, as its raw bytes."""
    pieces: list[str] = []
    last = -1
    for table, _, text in rows:
        if table != last:
            pieces.append(f"{tables[table].name}.txt")
            last = table
        pieces.append(text)
    return ("\n".join(pieces) + "\n").encode()


def _by_number(rows: list[list[str]], heading: Heading) -> list[list[str]]:
    """Rows in the order of AACT's numbers, or as they lie in the file where they have none."""
    if len(rows) > 1 and "id" in heading.names:
        place = heading.names.index("id")
        if all(row[place].isdecimal() for row in rows):
            rows.sort(key=lambda row: int(row[place]))
    return rows


@cache
def mapper(long_texts: Converter) -> Mapper:
    """The mapping, compiled; `long_texts` tells what a `~` is in them."""
    return Mapper(load_mapping(FORMAT), CONVERTERS | {"unfolded": long_texts})


def _long_texts(studies: dict[str, str]) -> Converter:
    """How long texts of a record are written: since 2024, words such as COMPLETED come with CommonMark."""
    since_2024 = any(studies.get(name, "").isupper() for name in ("overall_status", "study_type"))
    return unfolded if since_2024 else unfolded_plain


def _set_dates(study: Struct, states: list[Struct]) -> None:
    for name, target in _DATES:
        found, verbatim = _taken(study, name)
        if target.endswith("Struct"):
            _put(study, (*_STATUS.split("."), target, "date"), found.value)
            path = f"{_STATUS}.{target}.date"
        else:
            _put(study, (*_STATUS.split("."), target), found.value)
            path = f"{_STATUS}.{target}"
        _doubt(found, path, name, verbatim, states)
    results = study.get("resultsSection", {}).get("outcomeMeasuresModule", {}).get("outcomeMeasures", ())
    for outcome in results:
        found, verbatim = _taken(outcome, "posting", to_first=True)
        if found.value is not None:
            outcome["anticipatedPostingDate"] = found.value
        _doubt(found, _POSTING, "anticipated_posting", verbatim, states)


def _taken(holder: Struct, name: str, *, to_first: bool = False) -> tuple[PaddedDate, str]:
    """The date of a pair of notes, which are taken away, and their texts."""
    stated, padded = (_first(holder.pop(f"~{name}_{end}", None)) for end in ("stated", "padded"))
    verbatim = ", ".join(text for text in (stated, padded) if text is not None)
    return padded_date(stated, padded, to_first=to_first), verbatim


def _first(values: list[str] | None) -> str | None:
    return values[0] if values else None


def _put(study: Struct, path: Sequence[str], value: str | None) -> None:
    if value is not None:
        holder = study
        for name in path[:-1]:
            holder = holder.setdefault(name, {})
        holder[path[-1]] = value


def _doubt(found: PaddedDate, path: str, label: str, verbatim: str, states: list[Struct]) -> None:
    if found.doubt is not None:
        states.append(
            {"field": path, "state": found.state, "label": label, "verbatim": verbatim, "reason": found.doubt}
        )


def _state(path: str, state: str, label: str, reason: str) -> Struct:
    return {"field": path, "state": state, "label": label, "reason": reason}


__all__ = ["FORMAT", "Lacks", "RecordMaker", "mapper", "raw_record"]
