"""The identity step on a build: weighed pairs in, decisions and trial assignments out.

Belongs here: reading core.link_candidate and core.identity_key, calling clustering and naming, writing the tables of
IDENTITY_TABLES. Does not: clustering and naming themselves, weighing pairs.

The state is the build: it begins as a copy of the published one, so core.trial_assignment holds the trials of that. All
sets are numbered and joined in DuckDB; only pairs, and the records of trials of more than one, come into Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

import duckdb
import numpy as np
import polars as pl

from pipelines.identity import sql
from pipelines.identity.clustering import Clustering, Label, Verdict, cluster
from pipelines.identity.instructions import Instruction
from pipelines.identity.naming import name_trials
from pipelines.transaction import in_one_transaction

IDENTITY_READS = ("raw.record_version", "core.identity_key", "core.link_candidate")
"""The tables that must be there."""

IDENTITY_TABLES = ("core.link_instruction", "core.link_decision", "core.trial_assignment", "core.trial_event")
"""What the step writes."""

_REFUSED = {Verdict.TWO_IDS: "two_ids_of_one_registry", Verdict.CHAIN: "would_chain_two_ids"}


@dataclass(frozen=True, slots=True)
class IdentityReport:
    """What a run found: records and trials, pairs weighed and accepted, records that changed their trial, and
    instructions that could not be applied, in words.
    """

    records: int
    trials: int
    pairs: int
    links: int
    merged: int
    split: int
    not_applied: tuple[str, ...]


def assign_trials(
    connection: duckdb.DuckDBPyConnection, instructions: Iterable[Instruction], run_id: str, at: datetime
) -> IdentityReport:
    """Decide every pair of core.link_candidate and assign every current record to a trial, in one transaction.

    Running it again on the same build changes nothing. Raises ValueError for a time without zone, duckdb.Error where a
    table of IDENTITY_READS or IDENTITY_TABLES is missing; nothing is written then.
    """
    if at.tzinfo is None:
        raise ValueError("at has no time zone; give an aware datetime, as datetime.now(UTC)")
    given = {"run_id": run_id, "at": at.astimezone(UTC).replace(tzinfo=None)}
    with in_one_transaction(connection):
        connection.execute(sql.FORMER_LINKS)
        _former_trials(connection)
        _register(connection, "identity_instruction", _instruction_frame(list(instructions)))
        connection.execute(sql.NODES)
        _cluster(connection)
        for table in ("core.link_decision", "core.link_instruction"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute(sql.DECISIONS)
        connection.execute(sql.INSTRUCTIONS)
        _name(connection)
        connection.execute(sql.ASSIGNED)
        connection.execute(sql.NO_LONGER_ASSIGNED)
        connection.execute(sql.NEWLY_ASSIGNED, given)
        connection.execute(sql.MOVED)
        connection.execute("DELETE FROM core.trial_event WHERE run_id = ?", [run_id])
        connection.execute(sql.EVENTS, given)
        report = _report(connection)
        for name in sql.TEMPORARY:
            connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
    return report


def _former_trials(connection: duckdb.DuckDBPyConnection) -> None:
    """A build of before 2026-11-21 has no assignments yet: its trials stand in core.trial_member."""
    connection.execute(sql.FORMER_TRIALS)
    has_members = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'core' "
        "AND table_name = 'trial_member'"
    ).fetchall()[0][0]
    is_new = connection.execute("SELECT count(*) = 0 FROM temp.identity_former_trial").fetchall()[0][0]
    if has_members and is_new:
        connection.execute(sql.FORMER_MEMBERS)


def _instruction_frame(instructions: Sequence[Instruction]) -> pl.DataFrame:
    names = ("source", "action", "record_key_a", "record_key_b", "reason")
    columns = {name: [getattr(one, name) for one in instructions] for name in names}
    return pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))


def _register(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """A frame as a temporary table."""
    connection.register("identity_incoming", frame.to_arrow())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM identity_incoming")
    connection.unregister("identity_incoming")


def _cluster(connection: duckdb.DuckDBPyConnection) -> None:
    """Run the clustering; its outcome as temp.identity_cluster, temp.identity_verdict, temp.identity_contradicted."""
    records = connection.execute("SELECT count(*) FROM temp.identity_node").fetchall()[0][0]
    pairs = connection.execute(sql.PAIRS).fetchnumpy()
    labels, words = _labels(connection)
    numbers = connection.execute(sql.NUMBERED_INSTRUCTIONS).fetchall()
    found = cluster(
        records,
        pairs["first"].astype(np.int64),
        pairs["second"].astype(np.int64),
        pairs["tier"].astype(np.int64),
        labels,
        [(a, b) for action, a, b in numbers if action == "pin"],
        [(a, b) for action, a, b in numbers if action == "forbid"],
    )
    keys = _keys_of(connection, found)
    _register(connection, "identity_cluster", pl.DataFrame({"node": np.arange(records), "cluster": found.cluster}))
    reasons = {pair: _reason(conflict, words, keys) for pair, conflict in found.conflicts.items()}
    verdicts = {
        "pair": np.arange(len(found.verdicts)),
        "verdict": [_word(verdict) for verdict in found.verdicts.tolist()],
        "reason": [reasons.get(pair) for pair in range(len(found.verdicts))],
    }
    _register(
        connection,
        "identity_verdict",
        pl.DataFrame(verdicts, schema={"pair": pl.Int64, "verdict": pl.String, "reason": pl.String}),
    )
    contradicted = {"first": [a for a, _ in found.contradicted], "second": [b for _, b in found.contradicted]}
    _register(
        connection, "identity_contradicted", pl.DataFrame(contradicted, schema=dict.fromkeys(contradicted, pl.Int64))
    )


def _word(verdict: int) -> str | None:
    """NULL: not tried; accepted; else the rule that refuses the pair."""
    if verdict == Verdict.UNTRIED:
        return None
    if verdict == Verdict.FORBIDDEN:
        return "forbidden"
    return _REFUSED.get(Verdict(verdict), "accepted")


def _labels(connection: duckdb.DuckDBPyConnection) -> tuple[dict[int, set[Label]], dict[Label, str]]:
    """The own registry ids of each record number, and how each is written."""
    now = {(kind, alias): own for kind, alias, own in connection.execute(sql.ALIASES).fetchall()}
    numbers: dict[str, int] = {}
    ids: dict[tuple[str, str], int] = {}
    labels: dict[int, set[Label]] = {}
    words: dict[Label, str] = {}
    for node, kind, key in connection.execute(sql.OWN_IDS).fetchall():
        current = _current_id(now, kind, key)
        label = numbers.setdefault(kind, len(numbers)), ids.setdefault((kind, current), len(ids))
        labels.setdefault(node, set()).add(label)
        words[label] = f"{kind} {current}"
    return labels, words


def _current_id(now: Mapping[tuple[str, str], str], kind: str, key: str) -> str:
    """The id that an obsolete one stands for today, through several steps; of a circle its smallest."""
    seen = [key]
    while (step := now.get((kind, seen[-1]))) is not None and step not in seen:
        seen.append(step)
    step = now.get((kind, seen[-1]))
    return seen[-1] if step is None else min(seen[seen.index(step) :])


def _keys_of(connection: duckdb.DuckDBPyConnection, found: Clustering) -> dict[int, str]:
    """Record keys by number, of those that forbidden pairs name."""
    wanted = {label[1] for conflict in found.conflicts.values() for label in conflict if label[0] < 0}
    rows = connection.execute(
        "SELECT node, record_key FROM temp.identity_node WHERE list_contains(?::BIGINT[], node)", [sorted(wanted)]
    ).fetchall()
    return dict(rows)


def _reason(conflict: tuple[Label, Label], words: Mapping[Label, str], keys: Mapping[int, str]) -> str:
    if conflict[0][0] < 0:
        first, second = (keys[label[1]] for label in conflict)
        return f"would bring {first} and {second} together, which a person forbids"
    first, second = sorted(words[label] for label in conflict)
    return f"would bring {first} and {second} into one trial"


def _name(connection: duckdb.DuckDBPyConnection) -> None:
    """temp.identity_named: the trial id of every record that is, or was, in a trial of more than one."""
    rows = connection.execute(sql.SCOPE).fetchall()
    clusters = [[key for _, key, _ in group] for _, group in groupby(rows, key=lambda row: row[0])]
    previous = {key: trial_id for _, key, trial_id in rows if trial_id is not None}
    named: dict[str, str] = name_trials(clusters, previous)
    frame = pl.DataFrame(
        {"record_key": list(named), "trial_id": list(named.values())},
        schema={"record_key": pl.String, "trial_id": pl.String},
    )
    _register(connection, "identity_named", frame)


def _report(connection: duckdb.DuckDBPyConnection) -> IdentityReport:
    records, trials, pairs, links, merged, split = connection.execute(sql.COUNTS).fetchall()[0]
    not_applied = tuple(words for (words,) in connection.execute(sql.NOT_APPLIED).fetchall())
    return IdentityReport(records, trials, pairs, links, merged, split, not_applied)
