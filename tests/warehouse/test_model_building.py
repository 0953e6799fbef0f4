"""Materialising models, testing their rows, and writing their words into the build."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.models import (
    ContractError,
    Model,
    ModelTestResult,
    load_models,
    materialise,
    materialise_views,
    run_model_tests,
    write_meta,
)

SOURCES = {"staging.study": ("id", "name", "size")}
COLUMNS = {"id": "INTEGER", "name": "VARCHAR", "size": "BIGINT"}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA staging; CREATE TABLE staging.study (id INTEGER, name VARCHAR, size BIGINT)")
        connection.execute("INSERT INTO staging.study VALUES (1, 'a', 10), (2, 'b', 20), (2, NULL, 30)")
        yield connection


def _models(
    root: Path,
    sql: str = "SELECT id, name, size FROM staging.study",
    *,
    kind: str = "table",
    tests: str = "",
    columns: dict[str, str] | None = None,
) -> dict[str, Model]:
    listed = "\n".join(
        f"  {name}: {{type: {kind_of}, description: It's {name}.}}" for name, kind_of in (columns or COLUMNS).items()
    )
    text = (
        f"/* ---\ndescription: The studies' sizes.\ngrain: one row per study\nowner: team:warehouse\ntags: [core]\n"
        f"materialised: {kind}\ncolumns:\n{listed}\n{tests}--- */\n{sql}\n"
    )
    path = root / "core" / "study.sql"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_models(root, SOURCES)


def _model(root: Path, sql: str = "SELECT id, name, size FROM staging.study", **more: object) -> Model:
    return _models(root, sql, **more)["core.study"]  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["table", "view"])
def test_a_model_becomes_its_table_or_view_with_all_comments(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, kind: str
) -> None:
    made = materialise(connection, _model(tmp_path, kind=kind))
    assert made.rows == (3 if kind == "table" else None), "counting a view's rows would run it"
    assert made.seconds >= 0
    assert made.columns == tuple(COLUMNS.items())
    listed = connection.execute(f"SELECT comment FROM duckdb_{kind}s() WHERE schema_name = 'core'").fetchall()
    assert listed == [("The studies' sizes. Grain: one row per study",)]
    comments = connection.execute("SELECT comment FROM duckdb_columns() WHERE schema_name = 'core'").fetchall()
    assert comments == [("It's id.",), ("It's name.",), ("It's size.",)]


def test_a_view_may_become_a_table_and_the_reverse(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    for kind in ("view", "table", "table", "view"):
        materialise(connection, _model(tmp_path, kind=kind))
        tables = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'core'").fetchall()
        assert tables == [(int(kind == "table"),)]


@pytest.mark.parametrize(
    ("sql", "difference"),
    [
        pytest.param(
            "SELECT id::BIGINT AS id, name, size FROM staging.study",
            "1: header id INTEGER, SELECT id BIGINT",
            id="type",
        ),
        pytest.param(
            "SELECT id, size AS name, size FROM staging.study", "2: header name VARCHAR, SELECT name BIGINT", id="other"
        ),
    ],
)
def test_a_broken_contract_shows_both_lists_and_leaves_the_former_table(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, sql: str, difference: str
) -> None:
    materialise(connection, _model(tmp_path))
    with pytest.raises(ContractError) as caught:
        materialise(connection, _model(tmp_path, sql))
    message = str(caught.value)
    assert "core.study" in message
    assert difference in message
    assert "header: id INTEGER, name VARCHAR, size BIGINT" in message
    assert "SELECT: id " in message
    assert connection.execute("SELECT count(*) FROM core.study").fetchall() == [(3,)]
    assert materialise(connection, _model(tmp_path)).rows == 3


def test_a_failing_select_says_which_file_and_leaves_the_former_table(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    materialise(connection, _model(tmp_path))
    with pytest.raises(duckdb.Error) as caught:
        materialise(connection, _model(tmp_path, "SELECT name::INTEGER AS id, name, size FROM staging.study"))
    assert any(str(tmp_path) in note for note in caught.value.__notes__)
    assert connection.execute("SELECT count(*) FROM core.study").fetchall() == [(3,)]


def test_of_views_made_together_one_that_fails_leaves_none(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    good = _model(tmp_path, kind="view")
    bad = _model(tmp_path, "SELECT year(size) AS id, name, size FROM staging.study", kind="view")
    with pytest.raises(duckdb.Error) as caught:
        materialise_views(connection, [good, bad])
    assert any(str(tmp_path) in note for note in caught.value.__notes__)
    assert connection.execute("SELECT count(*) FROM duckdb_views() WHERE schema_name = 'core'").fetchall() == [(0,)]
    materialise_views(connection, [good])
    assert connection.execute("SELECT count(*) FROM core.study").fetchall() == [(3,)]


def _results(
    connection: duckdb.DuckDBPyConnection, root: Path, tests: str, **more: object
) -> dict[str, ModelTestResult]:
    model = _model(root, tests=f"tests:\n{tests}", **more)
    materialise(connection, model)
    return {result.test.name: result for result in run_model_tests(connection, model)}


@pytest.mark.parametrize(
    ("test", "failed"),
    [
        pytest.param("not_null: {columns: [name]}", 1, id="not-null"),
        pytest.param("not_null: {columns: [size]}", 0, id="not-null-holds"),
        pytest.param("unique: [id]", 1, id="unique"),
        pytest.param("unique: [id, name]", 0, id="unique-together"),
        pytest.param("accepted_values: {columns: [name], values: [a]}", 1, id="values-null-aside"),
        pytest.param("accepted_values: {columns: [name], values: [a, b]}", 0, id="values-hold"),
        pytest.param("accepted_values: {columns: [size], values: [10, 20]}", 1, id="values-of-numbers"),
        pytest.param('accepted_values: {columns: [name], values: ["a\'", b]}', 1, id="values-quoted"),
        pytest.param("relationships: {columns: [size], to: staging.study.size}", 0, id="parent-there"),
        pytest.param("relationships: {columns: [size], to: staging.study.id}", 3, id="parent-missing"),
        pytest.param("row_count_between: {min: 4}", 1, id="too-few"),
        pytest.param("row_count_between: {max: 2}", 1, id="too-many"),
        pytest.param("row_count_between: {min: 3, max: 3}", 0, id="as-many"),
    ],
)
def test_each_kind_of_test_finds_its_rows(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, test: str, failed: int
) -> None:
    (result,) = _results(connection, tmp_path, f"  - {test}\n").values()
    assert result.rows_failed == failed
    assert result.success == (failed == 0)
    assert result.error is None
    assert len(result.examples) == min(failed, 5)


def test_tests_of_rows_share_a_scan_and_each_tells_what_it_would_alone(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    tests = [
        "not_null: {columns: [id]}",
        "not_null: {columns: [name]}",
        "accepted_values: {columns: [name], values: [b]}",
        "accepted_values: {columns: [size], values: [10, 20, 30]}",
    ]
    alone = [
        (result.rows_failed, result.examples)
        for test in tests
        for result in _results(connection, tmp_path, f"  - {test}\n").values()
    ]
    together = _results(connection, tmp_path, "".join(f"  - {test}\n" for test in tests))
    assert [(result.rows_failed, result.examples) for result in together.values()] == alone
    assert [failed for failed, _ in alone] == [0, 1, 1, 0]


def test_a_test_that_cannot_run_keeps_none_that_share_its_scan_from_running(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    """The number in a text is looked for when a view is read, not when it is made."""
    tests = "".join(f"  - not_null: {{columns: [{name}]}}\n" for name in ("id", "name", "size"))
    results = _results(
        connection, tmp_path, tests, sql="SELECT id, name, name::BIGINT AS size FROM staging.study", kind="view"
    )
    assert {name: result.rows_failed for name, result in results.items()} == {
        "not_null_id": 0,
        "not_null_name": 1,
        "not_null_size": None,
    }
    assert "ConversionException" in str(results["not_null_size"].error)


def test_examples_show_the_rows_and_null_counts_as_a_value_of_a_key(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute("INSERT INTO staging.study VALUES (NULL, 'x', 1), (NULL, 'x', 1)")
    result = _results(connection, tmp_path, "  - unique: {columns: [id, name], severity: warn}\n")["unique_id_name"]
    assert result.examples == ({"id": None, "name": "x", "row_count": 2},)
    assert result.test.severity == "warn"


def test_a_query_of_failing_rows_runs_and_one_that_cannot_run_has_no_success(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    header = "/* ---\nmodel: core.study\ndescription: Small.\n--- */\n"
    (folder / "small.sql").write_text(header + "SELECT id FROM core.study WHERE size > 15 -- large\n")
    (folder / "cast.sql").write_text(header + "SELECT id FROM core.study WHERE name::INTEGER > 1\n")
    results = _results(connection, tmp_path, "  - unique: [size]\n")
    assert results["small"].rows_failed == 2
    assert results["small"].examples == ({"id": 2}, {"id": 2})
    assert (results["cast"].success, results["cast"].rows_failed) == (False, None)
    assert "ConversionException" in str(results["cast"].error)
    assert results["unique_size"].success


def test_the_words_of_models_and_tables_are_written_and_replaced(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    sql = "SELECT id, upper(name) AS name, size FROM staging.study"
    models = _models(tmp_path, sql, tests="metrics:\n  size: {meaning: M, formula: F, caveat: C}\n")
    for _ in range(2):
        write_meta(connection, models)
    rows = connection.execute("SELECT table_name, tags, depends_on, sql FROM meta.model").fetchall()
    assert rows == [("core.study", ["core"], ["staging.study"], sql)]
    columns = connection.execute(
        "SELECT column_name, position, data_type, description FROM meta.column"
        " WHERE table_name = 'core.study' ORDER BY position"
    ).fetchall()
    assert columns[1] == ("name", 2, "VARCHAR", "It's name.")
    documented = connection.execute("SELECT DISTINCT table_name FROM meta.column").fetchall()
    assert {name for (name,) in documented} > set(SOURCE_TABLES) | {"meta.lineage", "core.study"}
    lineage = connection.execute("SELECT column_name, from_table, from_column, is_direct FROM meta.lineage").fetchall()
    assert ("name", "staging.study", "name", True) in lineage
    metrics = connection.execute(
        "SELECT metric, table_name, column_name, meaning, formula, caveat, expression, sql, value_from FROM meta.metric"
    ).fetchall()
    assert metrics == [
        ("study.size", "core.study", "size", "M", "F", "C", "study.size", sql, ["staging.study.size"]),
    ]


def test_a_metric_tells_its_expression_and_what_decides_its_rows(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    """A count of rows has no column behind it; what is counted shows in the columns that keep and group rows."""
    _models(tmp_path)
    (tmp_path / "marts").mkdir()
    (tmp_path / "marts" / "m.sql").write_text(
        "/* ---\ndescription: M.\ngrain: one row per name\nowner: team:x\nmaterialised: table\ncolumns:\n"
        "  label: {type: VARCHAR, description: Name.}\n"
        "  studies: {type: BIGINT, description: Number.}\n"
        "metrics:\n  studies: {meaning: Number of studies., formula: rows, caveat: none}\n--- */\n"
        "WITH big AS (SELECT id, name AS label FROM core.study WHERE size > 3),\n"
        "counted AS (SELECT label, count(*) AS number FROM big GROUP BY label)\n"
        "SELECT label, number AS studies FROM counted\n"
    )
    write_meta(connection, load_models(tmp_path, SOURCES))
    rows = connection.execute("SELECT metric, grain, expression, value_from, rows_from FROM meta.metric").fetchall()
    assert rows == [("m.studies", "one row per name", "COUNT(*)", [], ["staging.study.name", "staging.study.size"])]


def test_lineage_tells_direct_columns_from_those_behind(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    _models(tmp_path)
    header = "/* ---\ndescription: B.\ngrain: one\nowner: team:x\nmaterialised: view\ncolumns:\n"
    text = header + "  twice: {type: BIGINT, description: Twice.}\n--- */\nSELECT 2 * size AS twice FROM core.study\n"
    (tmp_path / "core" / "b.sql").write_text(text)
    write_meta(connection, load_models(tmp_path, SOURCES))
    rows = connection.execute(
        "SELECT from_table, from_column, is_direct FROM meta.lineage WHERE table_name = 'core.b' ORDER BY ALL"
    ).fetchall()
    assert rows == [("core.study", "size", True), ("staging.study", "size", False)]
