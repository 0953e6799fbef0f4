"""What a run has to make anew: the records it touched, and the models that need to replace only these.

Belongs here: comparing the build with the published one that it was copied from. Does not: making models
(models/materialise.py), judging rules (pipelines/quality).

A model whose header says `incremental: record_key` promises that each of its rows is made of rows of its own record
alone. It is made anew for the touched records only, where its code and that of every model it reads are those of the
published build. Touched is every record whose versions differ from the published build's, and, before a model that
reads a table made whole (core.trial_member), every record whose rows there differ. More records than needed are
harmless, fewer would be wrong: so the two builds are compared, and nobody has to remember what might have changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from pipelines.tables import literal, quoted
from pipelines.touched import RECORDS, VERSIONS, Touched, holds_versions
from pipelines.warehouse.build import Build
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.models import Model
from pipelines.warehouse.versions import current_versions

LARGEST_SHARE = 0.2
"""Above this share of touched records everything is made anew: that also leaves no holes in the file (2026-11)."""

BASE = "base_build"
_VERSION_TABLE = "raw.record_version"


class Delta:
    """The touched records of a build and the models that can be brought up to date for these alone."""

    def __init__(self, build: Build, base: Path, usable: frozenset[str], facts: frozenset[str] = frozenset()) -> None:
        """`facts` are the models that read no table: those that a usable model reads have the rows of the base."""
        self._build = build
        self._usable = usable
        self._compared: set[str] = set(facts)
        self._connection: duckdb.DuckDBPyConnection | None = None
        records, versions = (build.work_dir / f"{name}.parquet" for name in (RECORDS, VERSIONS))
        self.touched = Touched(base, records, versions, 0)

    def before(self, model: Model) -> Touched | None:
        """What `model` has to replace, ready on the build's connection; None where it must be made anew as a whole.

        To be asked for every incremental model, in building order. A view holds no rows, and is always made.
        """
        if model.full_name not in self._usable:
            return None
        for name in sorted(model.depends_on - self._usable - self._compared):
            if not holds_versions(name):
                self._widen(name)
        self.ready()
        return self.touched if model.materialised == "table" else None

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
        connection = self.ready()
        here, there = quoted(*full_name.split(".")), f"{BASE}.{quoted(*full_name.split('.'))}"
        connection.execute(
            f"INSERT INTO {RECORDS} SELECT DISTINCT record_key FROM ("
            f"(FROM {here} EXCEPT ALL FROM {there}) UNION ALL (FROM {there} EXCEPT ALL FROM {here})) "
            f"WHERE record_key NOT IN (SELECT record_key FROM {RECORDS})"
        )
        self._compared.add(full_name)
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
    usable = _usable(base, models)
    if not usable:
        return None
    delta = Delta(build, base, usable, frozenset(name for name, model in models.items() if not model.depends_on))
    records = delta.find()
    known = _count(build.connection, f"(SELECT DISTINCT record_key FROM {_VERSION_TABLE})")
    return delta if records <= LARGEST_SHARE * known else None


def _usable(base: Path, models: Mapping[str, Model]) -> frozenset[str]:
    """The incremental models whose code, and that of all they read, is as in the published build."""
    with connect_read_only(base) as connection:
        # the build's own meta.model may be this run's already
        made_by = dict(connection.execute("SELECT table_name, code_version FROM meta.model").fetchall())
    same: set[str] = set()
    for name, model in models.items():  # each after those it reads
        if made_by.get(name) == model.code_version and all(read in same for read in model.depends_on & models.keys()):
            same.add(name)
    return frozenset(name for name in same if models[name].incremental)


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])
