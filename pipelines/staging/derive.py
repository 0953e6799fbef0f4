"""What the staged tables hold beyond the source's own leaves: dates as intervals, identifiers found.

Belongs here: columns and rows derived from staged frames, batch by batch. Does not: how a date or an identifier is read
(pipelines/study/dates.py, identifiers.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import polars as pl

from pipelines.study.dates import blank, date_columns, impossible
from pipelines.study.identifiers import classify_column, find_in_column
from pipelines.study.shape import DATE_TYPES, LARGEST_INTEGER, Table, staged_tables

Frames = dict[str, pl.DataFrame]
_INTEGER = frozenset({"integer"})


@dataclass(frozen=True, slots=True)
class ImpossibleDate:
    """A date leaf that names no day, month or year."""

    version_id: int
    path: str
    value: str


@dataclass(frozen=True, slots=True)
class OversizedInteger:
    """An integer leaf beyond what one may hold."""

    version_id: int
    path: str
    value: int


@dataclass(frozen=True, slots=True)
class IdSource:
    """A staged column that holds identifiers. `hints` are columns of the same row that say which kind is meant.

    The first of them counts that says anything: `OTHER` and `REGISTRY` of ClinicalTrials.gov do not, the domain beside
    them does ("jRCT").
    """

    table: str
    column: str
    role: str
    hints: tuple[str, ...] = ()
    fixed_hint: str | None = None

    @property
    def path(self) -> str:
        """The study path the identifiers come from."""
        return next(column.path or "" for column in staged_tables()[self.table].columns if column.name == self.column)


ID_FIELDS = (
    IdSource("study", "nct_id", "own", fixed_hint="CTGOV"),
    IdSource("study", "record_id", "own", hints=("registry",)),
    IdSource("nct_id_alias", "nct_id_alias", "alias", fixed_hint="CTGOV"),
    IdSource("secondary_id", "id", "secondary", hints=("type", "domain")),
    IdSource("study", "org_study_id", "org", hints=("org_study_id_type",), fixed_hint="ORG"),
    IdSource("study", "expanded_access_nct_id", "related", fixed_hint="CTGOV"),
    IdSource("page_related_clinical_trial", "nct_id", "related", fixed_hint="CTGOV"),
    IdSource("page_more_related_trial", "nct_id", "related", fixed_hint="CTGOV"),
)
SAYS_NOTHING = ("OTHER", "REGISTRY")
"""Types of ids that leave open whose they are."""

PROSE = (
    IdSource("study", "brief_title", "mention"),
    IdSource("study", "official_title", "mention"),
    IdSource("study", "brief_summary", "mention"),
    IdSource("study", "detailed_description", "mention"),
    IdSource("study", "eligibility_criteria", "mention"),
    IdSource("study", "why_stopped", "mention"),
    IdSource("study", "participant_flow_recruitment_details", "mention"),
    IdSource("study", "participant_flow_pre_assignment_details", "mention"),
    IdSource("arm_group", "description", "mention"),
    IdSource("intervention", "description", "mention"),
    IdSource("reference", "citation", "mention"),
    IdSource("see_also_link", "label", "mention"),
    IdSource("see_also_link", "url", "mention"),
)

IDENTIFIER_SCHEMA = {
    "version_id": pl.Int64,
    "position": pl.Int32,
    "source_path": pl.String,
    "id_type": pl.String,
    "id_raw": pl.String,
    "id_norm": pl.String,
    "role": pl.String,
    "is_valid": pl.Boolean,
    "reason": pl.String,
}

_FOUND = ("version_id", "id_raw", "id_type", "id_norm", "is_valid", "reason", "role", "source_path")


@cache
def _leaves(table: str, types: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """(column, path) of the leaves of a table that are of one of these types."""
    columns = staged_tables()[table].columns
    return tuple((column.name, column.path or "") for column in columns if column.leaf_type in types)


def oversized_integers(frames: Frames) -> list[OversizedInteger]:
    """Every integer leaf beyond LARGEST_INTEGER; the records that hold them are refused as a whole."""
    found: list[OversizedInteger] = []
    for name, frame in frames.items():
        leaves = _leaves(name, _INTEGER)
        if not leaves:
            continue
        # not by abs: that of the smallest integer is itself
        over = frame.select(
            (pl.col(column).max() > LARGEST_INTEGER) | (pl.col(column).min() < -LARGEST_INTEGER) for column, _ in leaves
        )
        for column, path in leaves:
            if over[column][0]:
                wrong = frame.filter(~pl.col(column).is_between(-LARGEST_INTEGER, LARGEST_INTEGER))
                rows = wrong.select("version_id", column).iter_rows()
                found.extend(OversizedInteger(version_id, path, value) for version_id, value in rows)
    return found


def impossible_dates(frames: Frames) -> list[ImpossibleDate]:
    """Every date leaf that cannot be a date, empty ones excepted; the records that hold them are refused as a whole."""
    found: list[ImpossibleDate] = []
    for name, frame in frames.items():
        leaves = _leaves(name, DATE_TYPES)
        wrong = frame.lazy().select(_is_wrong(column).any() for column, _ in leaves).collect() if leaves else None
        for column, path in leaves:
            if wrong is not None and wrong[column][0]:
                rows = frame.filter(_is_wrong(column)).select("version_id", column).iter_rows()
                found.extend(ImpossibleDate(version_id, path, value) for version_id, value in rows)
    return found


def _is_wrong(column: str) -> pl.Expr:
    return impossible(pl.col(column)) & ~blank(pl.col(column)).fill_null(value=False)


def with_dates(frames: Frames) -> Frames:
    """Frames with `_earliest`, `_latest` and `_precision` after each date leaf, columns in table order.

    An empty text, as programs write it that know no null, is no date: the leaf is null.
    """
    return {name: _dated(frame, staged_tables()[name]) for name, frame in frames.items()}


def _dated(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    leaves = _leaves(table.name, DATE_TYPES)
    if not leaves:
        return frame
    made = [expression for column, _ in leaves for expression in date_columns(column, pl.col(column))]
    made += [pl.when(~blank(pl.col(column))).then(pl.col(column)).alias(column) for column, _ in leaves]
    return frame.lazy().with_columns(made).select(column.name for column in table.columns).collect()


def identifiers(frames: Frames) -> pl.DataFrame:
    """All identifiers of the records in `frames`, columns as IDENTIFIER_SCHEMA, in a stable order within each version.

    Fields that hold an id give one row each, whatever stands in them (placeholders too, marked invalid). Ids in prose
    are `mention`s, once for each field; the record's own ids are not mentions of it.
    """
    named = _in_fields(frames)
    mentions = _others(_in_prose(frames), named)
    return (
        pl.concat([named, mentions])
        .with_row_index("_order")
        .sort("version_id", "_order")
        .with_columns(position=pl.int_range(1, pl.len() + 1).over("version_id").cast(pl.Int32))
        .select(pl.col(name).cast(dtype) for name, dtype in IDENTIFIER_SCHEMA.items())
    )


def _gathered(frames: Frames, sources: Iterable[IdSource]) -> pl.DataFrame:
    """version_id, text, hint, role, source_path of every value that stands in one of the columns.

    One frame for all, so that what follows is done once for a batch and not once for a column.
    """
    schema = {"version_id": pl.Int64, **dict.fromkeys(("text", "hint", "role", "source_path"), pl.String)}
    parts = [pl.LazyFrame(schema=schema)]
    for source in sources:
        frame = frames.get(source.table)
        if frame is not None and frame[source.column].null_count() < frame.height:
            hints = (pl.when(~pl.col(name).is_in(SAYS_NOTHING)).then(pl.col(name)) for name in source.hints)
            hint = pl.coalesce(*hints, pl.lit(source.fixed_hint, dtype=pl.String))
            parts.append(
                frame.lazy()
                .filter(pl.col(source.column).is_not_null())
                .select(
                    "version_id",
                    pl.col(source.column).alias("text"),
                    hint.alias("hint"),
                    pl.lit(source.role).alias("role"),
                    pl.lit(source.path).alias("source_path"),
                )
            )
    return pl.concat(parts).collect()


def _in_fields(frames: Frames) -> pl.DataFrame:
    """One row for each field that holds an id."""
    rows = _gathered(frames, ID_FIELDS)
    found = classify_column(rows["text"], rows["hint"])
    return rows.with_columns(found.get_columns()).select(_FOUND)


def _in_prose(frames: Frames) -> pl.DataFrame:
    """One row for each id that a text mentions, once for each text."""
    rows = _gathered(frames, PROSE)
    found = find_in_column(rows["text"])
    places = rows.select("version_id", "role", "source_path")[found["row_index"]]
    return (
        found.with_columns(places.get_columns())
        .unique(["version_id", "source_path", "id_type", "id_norm", "id_raw"], keep="first", maintain_order=True)
        .select(_FOUND)
    )


def _others(mentions: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """Mentions of other trials: those that are not an id the record gives as its own."""
    own = named.filter(pl.col("role").is_in(["own", "alias", "secondary"]) & pl.col("id_norm").is_not_null())
    return mentions.join(
        own.select("version_id", "id_type", "id_norm").unique(),
        on=["version_id", "id_type", "id_norm"],
        how="anti",
        maintain_order="left",
    )
