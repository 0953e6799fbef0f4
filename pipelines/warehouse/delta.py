"""What a run has to make anew: the records it touched, models that need to replace only these, models that stand.

Belongs here: comparing the build with the published one that it was copied from, and making of each model what must be.
Does not: the statements that make one (models/materialise.py), judging rules (pipelines/quality).

A model stands, and is not made at all, where its code is that of the published build and every column that it reads
holds there what it holds here, in as many rows: a change of titles alone leaves whatever reads no title as it is.

A model whose header says `incremental: record_key` promises that each of its rows is made of rows of its own record
alone. It is made anew for the touched records only, where its code and that of every model it reads are those of the
published build. Touched is every record whose versions differ from the published build's, and, before a model that
reads a table made whole (core.trial_member), every record whose rows there differ; where the header says how a record's
rows look things up in such a table (`lookups`), every record that looks up what differs. More records than needed are
harmless, fewer would be wrong: so the two builds are compared, and nobody has to remember what might have changed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipelines.tables import SOURCE_TABLES, literal, quoted
from pipelines.touched import RECORDS, VERSIONS, Touched, holds_versions, narrowed
from pipelines.warehouse.build import Build
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.models import Lookup, Materialised, Model, leave, materialise
from pipelines.warehouse.versions import current_versions

LARGEST_SHARE = 0.2
"""Above this share of touched records everything is made anew: that also leaves no holes in the file (2026-11)."""

BASE = "base_build"
_VERSION_TABLE = "raw.record_version"


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a model: with `touched` only those records' rows, none where it `stands` as published."""

    table: Materialised
    touched: Touched | None
    stands: bool


def make(build: Build, model: Model, models: Mapping[str, Model], delta: Delta | None) -> Made:
    """Make as much of the model's table or view as the delta asks for, all of it where there is none.

    To be called for every model in building order. Raises as materialise does.
    """
    touched = delta.before(model) if delta else None
    if delta and delta.stands(model):
        return Made(leave(build.connection, model), None, stands=True)
    columns = {name: _columns(name, models) for name in model.depends_on}
    return Made(materialise(build.connection, model, columns if touched else None), touched, stands=False)


class Delta:
    """The touched records of a build and the models that can be brought up to date for these alone."""

    def __init__(self, build: Build, base: Path, models: Mapping[str, Model], as_before: frozenset[str]) -> None:
        """`as_before` are the models whose code, and that of all they read, is as in the published build `base`."""
        self._build = build
        self._models = models
        self._as_before = as_before
        self._usable = frozenset(name for name in as_before if models[name].incremental)
        # models that read no table: those that a usable model reads have the rows of the base
        self._compared = {name for name, model in models.items() if not model.depends_on}
        self._standing: set[str] = set()
        self._equal: dict[tuple[str, frozenset[str]], bool] = {}
        self._connection: duckdb.DuckDBPyConnection | None = None
        records, versions = (build.work_dir / f"{name}.parquet" for name in (RECORDS, VERSIONS))
        self.touched = Touched(base, records, versions, 0)

    def before(self, model: Model) -> Touched | None:
        """What `model` has to replace, ready on the build's connection; None where it must be made anew as a whole.

        To be asked for every incremental model, in building order. A view holds no rows, and is always made.
        """
        if model.full_name not in self._usable:
            return None
        looked_up = {lookup.table: lookup for lookup in model.lookups}
        for name in sorted(model.depends_on - self._usable - self._compared):
            if name in looked_up:
                self._widen_by(looked_up[name], model.reads[name])
            elif not holds_versions(name):
                self._widen(name)
        self.ready()
        return self.touched if model.materialised == "table" else None

    def stands(self, model: Model) -> bool:
        """Whether the table that is there is what making it anew would give. To be asked once, in building order."""
        if model.materialised != "table" or model.full_name not in self._as_before:
            return False
        if not self._reads_the_same(model):
            return False
        self._standing.add(model.full_name)
        return True

    def _reads_the_same(self, model: Model) -> bool:
        return all(self._is_equal(name, model.reads[name]) for name in sorted(model.depends_on))

    def _is_equal(self, full_name: str, columns: frozenset[str]) -> bool:
        """Whether these columns of a table hold what they hold in the published build."""
        model = self._models.get(full_name)
        if full_name in self._standing:
            return True
        if model is not None and model.materialised == "view":
            return full_name in self._as_before and self._reads_the_same(model)
        asked = (full_name, columns)
        if asked not in self._equal:
            self._equal[asked] = self._content(full_name, columns) == self._content(full_name, columns, f"{BASE}.")
        return self._equal[asked]

    def _content(self, full_name: str, columns: frozenset[str], catalogue: str = "") -> tuple[int, int]:
        """Rows, and the sum of their hashes over these columns: of touched records, where others cannot differ."""
        relation = f"{catalogue}{quoted(*full_name.split('.', 1))}"
        if full_name in self._usable or holds_versions(full_name):
            relation = f"({narrowed(relation, _columns(full_name, self._models)) or f'FROM {relation}'})"
        hashed = f"hash({', '.join(map(quoted, sorted(columns)))})::HUGEINT" if columns else "0::HUGEINT"
        rows = self.ready().execute(f"SELECT count(*), coalesce(sum({hashed}), 0) FROM {relation}").fetchall()
        return rows[0][0], rows[0][1]

    @property
    def models(self) -> frozenset[str]:
        """The models of which this build replaces the touched records' rows only."""
        return self._usable

    def rules_are_as_they_were(self) -> bool:
        """Whether the code of the rules, and that which judges by them, is as in the published build."""
        row = (
            self.ready()
            .execute(f"SELECT arg_max(rule_catalogue_version, started_at) FROM {BASE}.meta.build")
            .fetchone()
        )
        return row is not None and row[0] == current_versions().rule_catalogue_version

    def ready(self) -> duckdb.DuckDBPyConnection:
        """The build's connection with the base and the keys on it; the build may have been released meanwhile."""
        connection = self._build.connection
        if connection is not self._connection:
            connection.execute(f"ATTACH IF NOT EXISTS {literal(str(self.touched.base))} AS {BASE} (READ_ONLY)")
            if self.touched.record_file.exists():
                for statement in self.touched.load_statements():
                    connection.execute(statement)
            self._connection = connection
        return connection

    def find(self) -> int:
        """Compare the versions; the number of records touched."""
        connection = self.ready()
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {RECORDS} AS "
            "SELECT DISTINCT coalesce(here.record_key, there.record_key) AS record_key "
            f"FROM {_VERSION_TABLE} AS here FULL JOIN {BASE}.{_VERSION_TABLE} AS there USING (version_id) "
            "WHERE here IS DISTINCT FROM there"
        )
        return self._keep(connection)

    def _widen(self, full_name: str) -> None:
        """Touched is also who has other rows in this table than in the published build."""
        self._touch(f"SELECT record_key FROM ({_different(full_name, '*')})")
        self._compared.add(full_name)

    def _widen_by(self, lookup: Lookup, columns: frozenset[str]) -> None:
        """Touched is also who looks up what is otherwise than in the published build, in the columns that are read."""
        asked = ", ".join(map(quoted, sorted(columns | {lookup.column})))
        changed = f"SELECT {quoted(lookup.column)} FROM ({_different(lookup.table, asked)})"
        is_keyed = "record_key" in _columns(lookup.by_table, self._models)
        versions = "" if is_keyed else f"JOIN {_VERSION_TABLE} USING (version_id) "
        self._touch(
            f"SELECT record_key FROM {quoted(*lookup.by_table.split('.'))} AS looking {versions}"
            f"WHERE looking.{quoted(lookup.by_column)} IN ({changed})"
        )

    def _touch(self, records: str) -> None:
        """The records that a SELECT gives are touched too."""
        connection = self.ready()
        connection.execute(
            f"INSERT INTO {RECORDS} SELECT DISTINCT record_key FROM ({records}) "
            f"WHERE record_key NOT IN (SELECT record_key FROM {RECORDS})"
        )
        self._keep(connection)

    def _keep(self, connection: duckdb.DuckDBPyConnection) -> int:
        versions = " UNION ".join(
            f"SELECT version_id FROM {table} WHERE record_key IN (SELECT record_key FROM {RECORDS})"
            for table in (_VERSION_TABLE, f"{BASE}.{_VERSION_TABLE}")
        )
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {VERSIONS} AS {versions}")
        for name, path in ((RECORDS, self.touched.record_file), (VERSIONS, self.touched.version_file)):
            connection.execute(f"COPY {name} TO {literal(str(path))} (FORMAT parquet)")
        self.touched = replace(self.touched, records=_count(connection, RECORDS))
        return self.touched.records


def find_delta(build: Build, models: Mapping[str, Model]) -> Delta | None:
    """The delta of a build into which the run's files have been read; None where everything must be made anew.

    That is: without a published build to start from, where none of the incremental models is as it was there, or where
    more than LARGEST_SHARE of the records are touched.
    """
    if build.base is None:
        return None
    base = build.base.resolve()
    delta = Delta(build, base, models, _as_before(base, models))
    if not delta.models:
        return None
    records = delta.find()
    known = _count(build.connection, f"(SELECT DISTINCT record_key FROM {_VERSION_TABLE})")
    return delta if records <= LARGEST_SHARE * known else None


def _as_before(base: Path, models: Mapping[str, Model]) -> frozenset[str]:
    """The models whose code, and that of all they read, is as in the published build."""
    with connect_read_only(base) as connection:
        # the build's own meta.model may be this run's already
        made_by = dict(connection.execute("SELECT table_name, code_version FROM meta.model").fetchall())
    same: set[str] = set()
    for name, model in models.items():  # each after those it reads
        if made_by.get(name) == model.code_version and all(read in same for read in model.depends_on & models.keys()):
            same.add(name)
    return frozenset(same)


def _columns(full_name: str, models: Mapping[str, Model]) -> Collection[str]:
    """The columns of a table that a model makes or that Python writes."""
    return models[full_name].columns if full_name in models else SOURCE_TABLES[full_name].column_names


def _different(full_name: str, columns: str) -> str:
    """A SELECT of the rows of a table that only this build or only the published one has."""
    relation = quoted(*full_name.split("."))
    here, there = f"SELECT {columns} FROM {relation}", f"SELECT {columns} FROM {BASE}.{relation}"
    return f"({here} EXCEPT ALL {there}) UNION ALL ({there} EXCEPT ALL {here})"


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])
