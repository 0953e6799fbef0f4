"""A few records of any registry written straight into a build, and what the identity models and step make of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import duckdb

from pipelines.identity import IDENTITY_TABLES, IdentityReport, assign_trials
from pipelines.identity.instructions import Instruction
from pipelines.study.identifiers import classify_identifier
from pipelines.tables import SOURCE_TABLES, create_statement
from pipelines.warehouse.models import Model, load_models

FIRST_RUN = datetime(2026, 11, 21, 6, tzinfo=UTC)
BEFORE = (
    "core.country_spelling",
    "core.location",
    "core.organisation_use",
    "core.organisation_name",
    "core.identity_key",
    "core.own_id_group",
    "core.identity_feature",
    "core.link_candidate",
)
AFTER = ("core.record_link", "core.trial_member", "core.trial")

OWN_TYPE = {"EUCTR": "EUDRACT"}
"""Kind of the own id, where it is not called like the registry."""


@dataclass(frozen=True)
class Record:
    """What a test says of one record. `own` defaults to the id in `key` (without the member state of an EUCTR key);
    `secondary` holds ids as a source writes them, or pairs of id and declared kind."""

    key: str
    own: str | None = ""
    alias: Sequence[str] = ()
    secondary: Sequence[str | tuple[str, str]] = ()
    code: str | None = None
    mention: Sequence[str] = ()
    related: Sequence[str] = ()
    title: str | None = None
    brief: str | None = None
    sponsor: str | None = None
    start: str | None = None
    size: int | None = None
    study: dict[str, Any] = field(default_factory=dict)

    @property
    def registry(self) -> str:
        """Before the colon."""
        return self.key.split(":", 1)[0]


@cache
def models() -> dict[str, Model]:
    """All SQL models."""
    return load_models(None, {name: table.column_names for name, table in SOURCE_TABLES.items()})


@cache
def _tables_read() -> frozenset[str]:
    """The tables of Python that the models of identity and the step read or write."""
    read = frozenset().union(*(models()[name].depends_on for name in (*BEFORE, *AFTER)))
    return (read & SOURCE_TABLES.keys()) | set(IDENTITY_TABLES)


class World:
    """An in-memory build. `put` adds records, `identify` runs models and step."""

    def __init__(self, *records: Record) -> None:
        self.connection = duckdb.connect()
        for schema in ("raw", "staging", "core"):
            self.connection.execute(f"CREATE SCHEMA {schema}")
        for name in sorted(_tables_read()):
            self.connection.execute(create_statement(SOURCE_TABLES[name]).replace(" NOT NULL", ""))
        self.versions = 0
        self.put(*records)

    def put(self, *records: Record) -> None:
        """Add records; one whose key is there already becomes its current version."""
        for record in records:
            self.versions += 1
            self.connection.execute(
                "UPDATE raw.record_version SET is_current = false WHERE record_key = ?", [record.key]
            )
            self.row(
                "raw.record_version",
                version_id=self.versions,
                record_key=record.key,
                registry=record.registry,
                is_current=True,
            )
            self.row(
                "staging.study",
                version_id=self.versions,
                official_title=record.title,
                brief_title=record.brief,
                lead_sponsor_name=record.sponsor,
                enrollment_count=record.size,
                **_start(record.start),
                **record.study,
            )
            for position, values in enumerate(_identifiers(record), start=1):
                self.row("staging.identifier", version_id=self.versions, position=position, **values)

    def row(self, table: str, **values: Any) -> None:
        """Insert one row."""
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))

    def identify(self, *instructions: Instruction, run: str = "run-1", at: datetime = FIRST_RUN) -> IdentityReport:
        """Make the models before the step, run it, make those after it."""
        self._make(BEFORE)
        report = assign_trials(self.connection, instructions, run, at)
        self._make(AFTER)
        return report

    def _make(self, names: Sequence[str]) -> None:
        """Without comments and contract, which tests/models looks at and which take most of the time."""
        for name in names:
            self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS {models()[name].sql}")

    def trials(self) -> set[frozenset[str]]:
        """The trials as sets of record keys."""
        rows = self.connection.execute("SELECT list(record_key) FROM core.trial_member GROUP BY trial_id").fetchall()
        return {frozenset(keys) for (keys,) in rows}

    def trial_ids(self) -> dict[str, str]:
        """trial_id by record key."""
        return dict(self.connection.execute("SELECT record_key, trial_id FROM core.trial_member").fetchall())

    def link(self, first: str, second: str) -> dict[str, Any]:
        """The row of core.record_link of a pair. KeyError where there is none."""
        rows = self.connection.execute(
            "SELECT * FROM core.record_link WHERE record_key_a = ? AND record_key_b = ?", sorted([first, second])
        )
        names = [column[0] for column in rows.description or ()]
        for row in rows.fetchall():
            return dict(zip(names, row, strict=True))
        raise KeyError((first, second))

    def links(self) -> set[frozenset[str]]:
        """The accepted links."""
        rows = self.connection.execute(
            "SELECT record_key_a, record_key_b FROM core.record_link WHERE is_accepted"
        ).fetchall()
        return {frozenset(row) for row in rows}

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Any query."""
        return self.connection.execute(sql).fetchall()


def together(*keys: str) -> frozenset[str]:
    """A trial, as World.trials() gives it."""
    return frozenset(keys)


def _start(text: str | None) -> dict[str, date]:
    if text is None:
        return {}
    parts = [int(part) for part in text.split("-")]
    first = date(*[*parts, 1, 1][:3])
    last = date(parts[0], 12, 31) if len(parts) == 1 else first
    return {"start_date_earliest": first, "start_date_latest": last}


def _identifiers(record: Record) -> Iterator[dict[str, Any]]:
    kind = OWN_TYPE.get(record.registry, record.registry)
    own = record.key.split(":", 1)[1] if record.own == "" else record.own
    stated: list[tuple[str, str, str | None]] = [("own", own, kind)] if own else []
    stated += [("alias", one, kind) for one in record.alias]
    stated += [("secondary", *((one, None) if isinstance(one, str) else one)) for one in record.secondary]
    stated += [("org", record.code, "ORG")] if record.code else []
    stated += [("mention", one, None) for one in record.mention]
    stated += [("related", one, None) for one in record.related]
    for role, raw, hint in stated:
        found = classify_identifier(raw, hint)
        yield {
            "source_path": f"identification.{role}",
            "id_type": found.id_type,
            "id_raw": raw,
            "id_norm": found.id_norm,
            "role": role,
            "is_valid": found.is_valid,
            "reason": found.reason,
        }
