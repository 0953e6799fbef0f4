"""Reader of WHO ICTRP's tables: lists of trials with a heading, and the full export, which has none.

Belongs here: which heading is ICTRP's, rows to fields. Does not: what the fields mean (ictrp/), how tables are read
(tables/).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader, excerpt_of
from pipelines.readers.ictrp.dates import read_date
from pipelines.readers.ictrp.record import TRIAL_ID, NoIdentity, field_names, fold_name, stated_id, study_of
from pipelines.readers.mapping import Unreadable
from pipelines.readers.reasons import NO_IDENTITY, READER_FAILED
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
from pipelines.settings import Limits
from pipelines.study.record_ids import record_id

FORMAT = "ictrp_csv"
_DIALECT = Dialect(delimiters=(",", ";", "\t"))
_OWN_NAMES = frozenset(
    fold_name(name)
    for name in (
        "TrialID", "Public title", "Scientific title", "Primary sponsor", "Date registration", "Date registration3",
        "Source Register", "Date enrollement", "Inclusion agemin", "Inclusion agemax", "Inclusion gender",
        "Retrospective flag", "Bridging flag truefalse", "Public Contact Firstname", "Scientific Contact Firstname",
        "SecondaryIDs", "Target size", "results yes no", "Last Refreshed on", "Export date",
    )
)  # fmt: skip
_ENOUGH_OWN_NAMES = 6
FULL_EXPORT = (
    "TrialID", "SecondaryIDs", "public_title", "Scientific_title", "url", "Public_Contact_Firstname",
    "Public_Contact_Lastname", "Public_Contact_Address", "Public_Contact_Email", "Public_Contact_Tel",
    "Public_Contact_Affiliation", "Scientific_Contact_Firstname", "Scientific_Contact_Lastname",
    "Scientific_Contact_Address", "Scientific_Contact_Email", "Scientific_Contact_Tel",
    "Scientific_Contact_Affiliation", "study_type", "study_design", "phase", "Date_registration", "Date_enrollement",
    "Target_size", "Recruitment_status", "Primary_sponsor", "Secondary_sponsors", "Source_Support", "Countries",
    "Conditions", "Interventions", "Agemin", "Agemax", "Gender", "Inclusion_Criteria", "Exclusion_Criteria",
    "Primary_Outcome", "Secondary_Outcomes", "Bridging_flag", "Bridged_type", "Childs", "type_enrolment",
    "Retrospective_flag", "results_actual_enrollment", "results_url_link", "results_summary", "results_date_posted",
    "results_date_first_publication", "results_baseline_char", "results_participant_flow", "results_adverse_events",
    "results_outcome_measures", "results_url_protocol", "results_IPD_plan", "results_IPD_description",
    "results_date_completed", "results_yes_no", "Ethics_Status", "Ethics_Approval_Date", "Ethics_Contact_Name",
    "Ethics_Contact_Address", "Ethics_Contact_Phone", "Ethics_Contact_Email",
)  # fmt: skip
"""Columns of the full export, which has no heading: WHO's list of data fields of 2020-05-22 (62 names). From 2020-11 on
the date of the last update is the second column (63), as published readers of these files have it (2026-11-21); one of
the weekly export of 2020-03 shows 60: that without ages and gender (2026-11-23)."""
_DATED = (FULL_EXPORT[0], "last_updated", *FULL_EXPORT[1:])
_WITHOUT_AGES = tuple(name for name in _DATED if name not in ("Agemin", "Agemax", "Gender"))
_LAYOUTS = {len(names): names for names in (FULL_EXPORT, _DATED, _WITHOUT_AGES)}
_NULL = "NULL"
_ENOUGH_QUOTED = 5


def recognise(head: bytes) -> bool:
    """Whether the first row has enough of ICTRP's column names, or is a row of the full export."""
    heading = read_heading(head, _DIALECT)
    return heading is not None and (_is_headed(heading) or _full_export(heading.names) is not None)


def _is_headed(heading: Heading) -> bool:
    return len(_OWN_NAMES.intersection(map(fold_name, heading.names))) >= _ENOUGH_OWN_NAMES


def _full_export(first_row: tuple[str, ...]) -> tuple[str, ...] | None:
    """The columns of a full export that begins with this row, None where it is none: number of columns, id, address
    and date of registration have to fit all together."""
    names = _LAYOUTS.get(len(first_row))
    if names is None or len(first_row[0]) > 60 or record_id(_unquoted(first_row[0])) is None:
        return None
    row = dict(zip(names, map(_unquoted, first_row), strict=True))
    try:
        read_date(row["Date_registration"], day_first=True)
    except Unreadable:
        return None
    return names if row["url"].lower().startswith("http") else None


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The rows of a member in a stream; `position` is the line. Rows that cannot be read are told apart from those
    around them. A table without the column of ids is refused as a whole, with the column that it may have become."""
    heading = read_heading(member.head(), _DIALECT)
    headless = None if heading is None or _is_headed(heading) else _full_export(heading.names)
    try:
        with open_table(member, _DIALECT, limits, _starts_row(headless or heading), headless or ()) as table:
            names = _canonical(table.heading.names)
            if TRIAL_ID not in names:
                check_columns(table.heading, (TRIAL_ID,), _known(table.heading))
            else:
                check_columns(table.heading, ())
            heading_again = list(table.heading.names)  # files put one behind the other
            for row in table:
                if isinstance(row, BadRow):
                    yield row.as_record(member)
                elif row.fields != heading_again:
                    yield _record(member, row, names, bool(headless))
    except TableFault as error:
        yield table_refused(member, error)


def _starts_row(heading: Heading | tuple[str, ...] | None) -> Any:
    """Whether a row can begin with these fields: the id is in place."""
    names = _canonical(heading.names if isinstance(heading, Heading) else heading or ())
    if TRIAL_ID not in names:
        return None
    place = names.index(TRIAL_ID)

    def starts(fields: list[str]) -> bool:
        return len(fields) > place and len(fields[place]) <= 60 and record_id(_unquoted(fields[place])) is not None

    return starts


def _canonical(names: tuple[str, ...]) -> tuple[str, ...]:
    """The mapping's names for the columns; a column that it does not have keeps its own."""
    known = _folded()
    return tuple(known.get(fold_name(name), name) for name in names)


def _known(heading: Heading) -> list[str]:
    return [name for name in heading.names if fold_name(name) in _folded()]


@cache
def _folded() -> dict[str, str]:
    return field_names(FORMAT)


def _record(member: Member, row: Row, names: tuple[str, ...], headless: bool) -> RawRecord | BadRecord:
    quoted = headless or _is_quoted(row.fields, names.index(TRIAL_ID))
    values = [_unquoted(field) for field in row.fields] if quoted else row.fields
    fields: dict[str, Any] = {}
    for number, (name, value) in enumerate(zip(names, values, strict=True), start=1):
        if not value or value.isspace() or value == _NULL:
            continue
        key = name or f"column {number}"
        fields[key] = [*_listed(fields[key]), value.strip()] if key in fields else value.strip()
    try:
        study = study_of(fields, FORMAT)
    except NoIdentity as error:
        code, reason = NO_IDENTITY, f"line {row.line:,}: {error}"
    except Exception as error:  # noqa: BLE001  a row no one foresaw must not end the file: it is kept, with the fault named
        code, reason = READER_FAILED, f"line {row.line:,} made the reader fail: {type(error).__name__}: {error}"
    else:
        return RawRecord(member.name, row.line, row.raw, study)
    return BadRecord(member.name, row.line, code, reason, excerpt_of(row.raw), stated_id(values[names.index(TRIAL_ID)]))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_quoted(fields: list[str], place: int) -> bool:
    """Whether all that is said beside the id stands in a second pair of quotation marks: a row of a full export."""
    said = [value for number, value in enumerate(fields) if number != place and value.strip() not in ("", _NULL)]
    return len(said) >= _ENOUGH_QUOTED and all(_unquoted(value) != value.strip() for value in said)


def _unquoted(value: str) -> str:
    """A field of the full export without the second pair of quotation marks that it has around its text."""
    text = value.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


READER = Reader(format=FORMAT, registry="ICTRP", recognise=recognise, read=read, standing="copy")
