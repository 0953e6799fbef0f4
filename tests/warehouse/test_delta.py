"""What a run has to make anew, found by comparing the build with the published one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.tables import SOURCE_TABLES, create_statement
from pipelines.warehouse.build import Build
from pipelines.warehouse.delta import Delta, find_delta, make
from pipelines.warehouse.lock import WriterLock
from pipelines.warehouse.models import Model, ModelError, load_models, materialise, run_model_tests, write_meta
from tests.quality.warehouse import insert, version

SOURCES = {
    "raw.record_version": SOURCE_TABLES["raw.record_version"].column_names,
    "staging.condition": SOURCE_TABLES["staging.condition"].column_names,
    "core.trial_assignment": SOURCE_TABLES["core.trial_assignment"].column_names,
    "quality.quarantine": SOURCE_TABLES["quality.quarantine"].column_names,
}
STARTED_AT = datetime(2026, 11, 21, tzinfo=UTC).replace(tzinfo=None)
CONDITION = """
SELECT version.record_key, condition.position, condition.condition
FROM raw.record_version AS version JOIN staging.condition AS condition USING (version_id)
WHERE version.is_current
"""
MEMBER = "SELECT record_key, trial_id FROM core.trial_assignment"
WITH_FACT = """
SELECT version.record_key, condition.position, coalesce(fact.name, condition.condition) AS condition
FROM raw.record_version AS version JOIN staging.condition AS condition USING (version_id)
LEFT JOIN core.fact AS fact ON fact.word = condition.condition
WHERE version.is_current
"""
KEYLESS = "SELECT reason_code AS record_key, 1 AS position, reason AS condition FROM quality.quarantine"
LABEL = """
SELECT condition.record_key, condition.position, member.trial_id || ': ' || condition.condition AS label
FROM core.condition AS condition JOIN core.trial_member AS member USING (record_key)
"""


def write_model(
    root: Path, name: str, sql: str, columns: dict[str, str], more: str = "", *, view: bool = False
) -> None:
    listed = "".join(f"  {column}: {{type: {kind}, description: It.}}\n" for column, kind in columns.items())
    path = root / "core" / f"{name}.sql"
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(
        "/* ---\ndescription: It.\ngrain: one\nowner: team:warehouse\n"
        f"materialised: {'view' if view else 'table'}\n"
        f"{more}columns:\n{listed}--- */\n{sql}"
    )


def write_models(root: Path, condition: str = CONDITION) -> dict[str, Model]:
    """core.condition and core.condition_label, incremental, and between them core.trial_member, which is made whole."""
    incremental = "incremental: record_key\ntests:\n  - unique: [record_key, position]\n"
    key = {"record_key": "VARCHAR", "position": "INTEGER"}
    if "core.fact" in condition:
        fact = {"word": "VARCHAR", "name": "VARCHAR"}
        write_model(root, "fact", "SELECT 'illness 3' AS word, 'The third' AS name", fact)
    write_model(root, "condition", condition, key | {"condition": "VARCHAR"}, incremental)
    write_model(root, "trial_member", MEMBER, {"record_key": "VARCHAR", "trial_id": "VARCHAR"})
    write_model(root, "condition_label", LABEL, key | {"label": "VARCHAR"}, incremental)
    return load_models(root, SOURCES)


class Home:
    """A published build with ten records, and the copy of it that a run fills."""

    def __init__(self, folder: Path, condition: str = CONDITION) -> None:
        self.folder = folder
        self.models = write_models(folder / "models", condition)
        self.base = folder / "base.duckdb"
        with duckdb.connect(str(self.base)) as connection:
            for schema in ("raw", "staging", "core", "quality", "meta"):
                connection.execute(f"CREATE SCHEMA {schema}")
            for name in SOURCES:
                connection.execute(create_statement(SOURCE_TABLES[name]))
            for n in range(1, 11):
                add_version(connection, n, f"CTGOV:{n}", f"illness {n}")
                member = {"record_key": f"CTGOV:{n}", "trial_id": f"T{n}", "assigned_at": "2026-01-01", "run_id": "r"}
                insert(connection, [("core.trial_assignment", member)])
            for model in self.models.values():
                materialise(connection, model)
            write_meta(connection, self.models)
        settings = Settings(home=folder)
        path = folder / "build.duckdb"
        path.write_bytes(self.base.read_bytes())
        lock = WriterLock.__new__(WriterLock)  # nobody else writes here
        self.build = Build("b", "r", settings, path, folder / "work", self.base, STARTED_AT, lock)
        self.build.work_dir.mkdir()

    def bring_up_to_date(
        self, delta: Delta | None, models: dict[str, Model] | None = None
    ) -> dict[str, int | str | None]:
        """Make all models as a run does; by name how many records were replaced, None where all were made."""
        models = models or self.models
        replaced: dict[str, int | str | None] = {}
        for name, model in models.items():
            made = make(self.build, model, models, delta)
            replaced[name] = "stands" if made.stands else made.touched.records if made.touched else None
            narrowed = frozenset(delta.models) if delta and made.touched else None
            assert all(result.success for result in run_model_tests(self.build.connection, model, narrowed))
        return replaced

    def rows(self, table: str) -> list[tuple[object, ...]]:
        return self.build.connection.execute(f"FROM {table} ORDER BY ALL").fetchall()


def add_version(connection: duckdb.DuckDBPyConnection, version_id: int, key: str, *conditions: str) -> None:
    """A new version of a record, current from now on."""
    connection.execute("UPDATE raw.record_version SET is_current = false WHERE record_key = ?", [key])
    (number,) = connection.execute(
        "SELECT count(*) + 1 FROM raw.record_version WHERE record_key = ?", [key]
    ).fetchall()[0]
    staged = [
        ("staging.condition", {"version_id": version_id, "position": position, "condition": condition})
        for position, condition in enumerate(conditions, start=1)
    ]
    insert(connection, [version(version_id, key, version_no=number), *staged])


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    yield home
    home.build.close()


def test_only_the_touched_record_is_replaced(home: Home) -> None:
    before = home.rows("core.condition")
    add_version(home.build.connection, 11, "CTGOV:3", "illness 3", "another")
    delta = find_delta(home.build, home.models)
    replaced = home.bring_up_to_date(delta)
    assert replaced == {"core.condition": 1, "core.trial_member": "stands", "core.condition_label": 1}
    assert set(home.rows("core.condition")) - set(before) == {("CTGOV:3", 2, "another")}
    assert len(home.rows("core.condition_label")) == 11


def test_record_that_is_new_and_one_that_lost_its_rows(home: Home) -> None:
    add_version(home.build.connection, 11, "CTGOV:4")
    add_version(home.build.connection, 12, "CTGOV:11", "new")
    home.bring_up_to_date(find_delta(home.build, home.models))
    keys = {row[0] for row in home.rows("core.condition")}
    assert "CTGOV:4" not in keys
    assert "CTGOV:11" in keys


def test_record_whose_trial_changed_is_touched_where_that_is_read(home: Home) -> None:
    """A record without a new version is merged into another's trial: its label changes, its conditions do not."""
    add_version(home.build.connection, 11, "CTGOV:3", "illness 3")
    home.build.connection.execute("UPDATE core.trial_assignment SET trial_id = 'T3' WHERE record_key = 'CTGOV:7'")
    replaced = home.bring_up_to_date(find_delta(home.build, home.models))
    assert replaced == {"core.condition": 1, "core.trial_member": None, "core.condition_label": 2}
    assert ("CTGOV:7", 1, "T3: illness 7") in home.rows("core.condition_label")


@pytest.mark.parametrize(
    ("conditions", "names", "places", "seen"),
    [
        (["illness 3"], "stands", "stands", "stands"),  # a new version that says the same
        (["another"], None, "stands", None),
        (["illness 3", "illness 3"], None, None, None),  # one row more
        ([], None, None, None),
    ],
    ids=["same", "other-name", "one-more", "none"],
)
def test_model_stands_where_what_it_reads_is_as_it_was(
    tmp_path: Path, conditions: list[str], names: str | None, places: str | None, seen: str | None
) -> None:
    """A table made whole is left alone unless a column that it names, or the number of rows, has changed."""
    models = tmp_path / "home" / "models"
    by_name = "SELECT condition, count(*) AS records FROM core.condition GROUP BY condition"
    write_model(models, "name_count", by_name, {"condition": "VARCHAR", "records": "BIGINT"})
    by_place = "SELECT position, count(*) AS records FROM core.condition GROUP BY position"
    write_model(models, "place_count", by_place, {"position": "INTEGER", "records": "BIGINT"})
    write_model(models, "seen", "SELECT lower(condition) AS name FROM core.condition", {"name": "VARCHAR"}, view=True)
    through_view = "SELECT count(DISTINCT name) AS names FROM core.seen"
    write_model(models, "seen_count", through_view, {"names": "BIGINT"})
    home = Home(tmp_path / "home")
    add_version(home.build.connection, 11, "CTGOV:3", *conditions)
    made = home.bring_up_to_date(find_delta(home.build, home.models))
    assert (made["core.name_count"], made["core.place_count"], made["core.seen_count"]) == (names, places, seen)
    tables = ("core.name_count", "core.place_count", "core.seen_count")
    left = {table: home.rows(table) for table in tables}
    home.bring_up_to_date(None)
    assert left == {table: home.rows(table) for table in tables}
    home.build.close()


COUNTED = """
SELECT condition.record_key, condition.position, name_count.records
FROM core.condition AS condition JOIN core.name_count AS name_count USING (condition)
"""
COUNTED_COLUMNS = {"record_key": "VARCHAR", "position": "INTEGER", "records": "BIGINT"}
LOOKUPS = "incremental: record_key\nlookups: {core.name_count.condition: core.condition.condition}\n"


@pytest.mark.parametrize(
    ("conditions", "replaced"),
    [(["illness 7"], 2), (["illness 3", "illness 3"], 1), (["illness 3"], 1), (["another"], 1)],
    ids=["as-another-record", "twice", "same", "other"],
)
def test_record_that_looks_up_what_has_changed_is_touched(tmp_path: Path, conditions: list[str], replaced: int) -> None:
    """A table made whole counts all records; whoever reads a count there that is another now is made anew too."""
    models = tmp_path / "home" / "models"
    by_name = (
        "SELECT condition, count(DISTINCT record_key) AS records, count(*) AS places FROM core.condition "
        "GROUP BY condition"
    )
    columns = {"condition": "VARCHAR", "records": "BIGINT", "places": "BIGINT"}
    write_model(models, "name_count", by_name, columns)
    write_model(models, "counted", COUNTED, COUNTED_COLUMNS, LOOKUPS)
    home = Home(tmp_path / "home")
    add_version(home.build.connection, 11, "CTGOV:3", *conditions)
    made = home.bring_up_to_date(find_delta(home.build, home.models))
    assert made["core.counted"] in (replaced, "stands")
    left = home.rows("core.counted")
    home.bring_up_to_date(None)
    assert left == home.rows("core.counted")
    home.build.close()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("incremental: record_key\n", "`lookups` does not say by which of its columns"),
        (LOOKUPS.replace("name_count.condition", "name_count.colour"), "the SELECT reads no `core.name_count.colour`"),
        (
            LOOKUPS.replace("core.condition.condition", "core.trial_member.trial_id"),
            "reads no `core.trial_member.trial_id`",
        ),
        (
            LOOKUPS.replace("core.condition.condition", "core.name_count.condition"),
            "has neither record_key nor version_id",
        ),
        (
            LOOKUPS.replace("core.condition.condition", "condition"),
            "must be `schema.table.column: schema.table.column`",
        ),
        (LOOKUPS.partition("\n")[2], "said of incremental models only"),
        ("incremental: record_key\nlookups: [core.name_count]\n", "must be `schema.table.column: schema.table.column`"),
    ],
    ids=["none", "no-column", "not-read", "no-key", "no-table", "not-incremental", "list"],
)
def test_lookup_that_cannot_be_is_refused(tmp_path: Path, more: str, words: str) -> None:
    by_name = "SELECT condition, count(*) AS records FROM core.condition GROUP BY condition"
    write_model(tmp_path, "name_count", by_name, {"condition": "VARCHAR", "records": "BIGINT"})
    write_model(tmp_path, "counted", COUNTED, COUNTED_COLUMNS, more)
    with pytest.raises(ModelError, match=re.escape(words)):
        write_models(tmp_path)


def test_keys_are_there_again_after_the_build_was_released(home: Home) -> None:
    add_version(home.build.connection, 11, "CTGOV:3", "illness 3", "another")
    delta = find_delta(home.build, home.models)
    assert delta is not None
    home.build.release()
    home.bring_up_to_date(delta)
    assert ("CTGOV:3", 2, "another") in home.rows("core.condition")


def test_changed_model_and_all_that_read_it_are_made_anew(home: Home) -> None:
    add_version(home.build.connection, 11, "CTGOV:3", "illness 3")
    changed = write_models(
        home.folder / "changed", CONDITION.replace("condition.condition\n", "upper(condition.condition) AS condition\n")
    )
    assert find_delta(home.build, changed) is None, "nothing incremental is left"
    home.bring_up_to_date(None, changed)
    assert ("CTGOV:9", 1, "T9: ILLNESS 9") in home.rows("core.condition_label")


def test_many_touched_records_are_a_whole_run(home: Home) -> None:
    for n in range(1, 4):
        add_version(home.build.connection, 10 + n, f"CTGOV:{n}", "all the same")
    assert find_delta(home.build, home.models) is None


def test_first_build_has_nothing_to_start_from(home: Home) -> None:
    home.build.base = None
    assert find_delta(home.build, home.models) is None


def test_gate_test_finds_the_touched_record_that_breaks_it(home: Home) -> None:
    """Tests look at the touched records alone: what breaks among them must still be seen."""
    add_version(home.build.connection, 11, "CTGOV:3", "illness 3")
    home.build.connection.execute(
        "INSERT INTO staging.condition BY NAME SELECT 11 AS version_id, 1 AS position, 'twice' AS condition"
    )
    delta = find_delta(home.build, home.models)
    assert delta is not None
    model = home.models["core.condition"]
    assert delta.before(model) is not None
    materialise(home.build.connection, model, {name: SOURCES[name] for name in model.depends_on})
    (result,) = run_model_tests(home.build.connection, model, delta.models)
    assert (result.rows_failed, result.examples[0]["record_key"]) == (1, "CTGOV:3")


@pytest.mark.parametrize(
    ("more", "sql", "words"),
    [
        ("incremental: version_id\n", CONDITION, "it can only be record_key"),
        ("incremental: record_key\n", KEYLESS, "cannot read `quality.quarantine`"),
    ],
)  # fmt: skip
def test_model_that_cannot_be_incremental_says_so(tmp_path: Path, more: str, sql: str, words: str) -> None:
    write_model(
        tmp_path, "condition", sql, {"record_key": "VARCHAR", "position": "INTEGER", "condition": "VARCHAR"}, more
    )
    with pytest.raises(ModelError, match=words):
        load_models(tmp_path, SOURCES)


def test_incremental_model_reads_written_facts_as_they_are(tmp_path: Path) -> None:
    """They hang on no record, but are the same in each run until their SELECT changes. To compare them with the
    published build as a table of records ended the run."""
    home = Home(tmp_path, WITH_FACT)
    add_version(home.build.connection, 11, "CTGOV:4", "illness 3", "another")
    replaced = home.bring_up_to_date(find_delta(home.build, home.models))
    stand = dict.fromkeys(["core.fact", "core.trial_member"], "stands")
    assert replaced == stand | {"core.condition": 1, "core.condition_label": 1}
    assert [row for row in home.rows("core.condition") if row[0] in ("CTGOV:3", "CTGOV:4")] == [
        ("CTGOV:3", 1, "The third"),
        ("CTGOV:4", 1, "The third"),
        ("CTGOV:4", 2, "another"),
    ]
    home.build.close()


def test_gate_tests_of_a_table_that_stands_are_known(home: Home) -> None:
    """They held when it was published: a broken row is put in behind their back to see that they do not look again."""
    model = home.models["core.condition"]
    home.build.connection.execute("INSERT INTO core.condition FROM core.condition LIMIT 1")
    (seen,) = run_model_tests(home.build.connection, model)
    (known,) = run_model_tests(home.build.connection, model, stands=True)
    assert (seen.rows_failed, known.rows_failed) == (1, 0)
