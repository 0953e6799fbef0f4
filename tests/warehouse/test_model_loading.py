"""Loading a folder of SQL models: what a model is made of, and that every fault is named with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.warehouse.models import ColumnRef, Model, ModelError, load_models, origins
from pipelines.warehouse.models.sql import code_version

SOURCES = {"staging.study": ("version_id", "title", "size"), "staging.arm": ("version_id", "position", "label")}
HEADER = """/* ---
description: Studies.
grain: one row per study
owner: team:warehouse
tags: [core, small]
materialised: table
columns:
  version_id: {type: BIGINT, description: Key., tests: [not_null, unique]}
  name: {type: VARCHAR, description: "Name: the title."}
--- */
"""
GOOD = HEADER + "SELECT version_id, title AS name\nFROM staging.study\n"

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes `<schema>/<name>.sql` below the folder of models."""

    def write(full_name: str, text: str) -> Path:
        schema, _, name = full_name.partition(".")
        path = tmp_path / schema / f"{name}.sql"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def _model(name: str, sql: str, columns: dict[str, str], more: str = "") -> str:
    listed = "\n".join(f"  {column}: {{type: {kind}, description: A column.}}" for column, kind in columns.items())
    return (
        f"/* ---\ndescription: {name}.\ngrain: one row\nowner: team:warehouse\nmaterialised: table\n"
        f"columns:\n{listed}\n{more}--- */\n{sql}\n"
    )


def _problems(root: Path) -> list[str]:
    with pytest.raises(ModelError) as caught:
        load_models(root, SOURCES)
    return [str(problem).removeprefix(f"{root}/") for problem in caught.value.problems]


def test_a_model_carries_its_words_and_its_sql(tmp_path: Path, write: Write) -> None:
    path = write("core.study", GOOD)
    model = load_models(tmp_path, SOURCES)["core.study"]
    assert (model.schema, model.name, model.path) == ("core", "study", path)
    assert model.sql == "SELECT version_id, title AS name\nFROM staging.study"
    assert (model.description, model.grain, model.owner) == ("Studies.", "one row per study", "team:warehouse")
    assert (model.tags, model.materialised) == (("core", "small"), "table")
    assert [(c.name, c.duckdb_type, c.description) for c in model.columns.values()] == [
        ("version_id", "BIGINT", "Key."),
        ("name", "VARCHAR", "Name: the title."),
    ]
    assert model.depends_on == {"staging.study"}
    assert [(test.name, test.severity) for test in model.tests] == [
        ("not_null_version_id", "gate"),
        ("unique_version_id", "gate"),
    ]
    assert model.lineage["name"] == (ColumnRef("staging.study", "title"),)


def test_ctes_are_no_dependencies_and_lineage_goes_through_them_to_the_sources(tmp_path: Path, write: Write) -> None:
    write(
        "core.b",
        _model(
            "b",
            """WITH arms AS (SELECT version_id, count(*) AS arms, min(label) AS first_label
                FROM staging.arm GROUP BY ALL),
            study AS (SELECT version_id, title || ' (' || size || ')' AS long_title FROM staging.study)
            SELECT study.version_id, upper(study.long_title) AS title, arms.arms, arms.first_label
            FROM study JOIN arms USING (version_id)""",
            {"version_id": "BIGINT", "title": "VARCHAR", "arms": "BIGINT", "first_label": "VARCHAR"},
        ),
    )
    write("marts.a", _model("a", "SELECT lower(title) AS title FROM core.b", {"title": "VARCHAR"}))
    models = load_models(tmp_path, SOURCES)
    assert list(models) == ["core.b", "marts.a"]
    assert models["core.b"].depends_on == {"staging.study", "staging.arm"}
    assert models["core.b"].lineage["title"] == (
        ColumnRef("staging.study", "size"),
        ColumnRef("staging.study", "title"),
    )
    assert models["core.b"].lineage["arms"] == ()
    assert models["core.b"].lineage["first_label"] == (ColumnRef("staging.arm", "label"),)
    assert models["marts.a"].lineage["title"] == (ColumnRef("core.b", "title"),)
    assert origins(models, "marts.a")["title"] == (
        ColumnRef("staging.study", "size"),
        ColumnRef("staging.study", "title"),
    )


def test_columns_that_decide_rows_are_found_through_unions_joins_and_recursion(tmp_path: Path, write: Write) -> None:
    sql = """WITH RECURSIVE both AS (
            SELECT version_id, title AS word, 0 AS depth FROM staging.study
            UNION ALL
            SELECT version_id, label, 1 FROM staging.arm),
        step AS (
            SELECT version_id, word, depth FROM both
            UNION ALL
            SELECT version_id, word, depth + 1 FROM step WHERE step.version_id < 3)
        SELECT step.version_id, step.word AS name FROM step JOIN staging.arm USING (version_id)
        WHERE step.word <> '' AND EXISTS (SELECT 1 FROM staging.study AS s WHERE s.size > arm.position)"""
    write("core.r", _model("r", sql, {"version_id": "BIGINT", "name": "VARCHAR"}))
    model = load_models(tmp_path, SOURCES)["core.r"]
    assert model.rows_by == (
        ColumnRef("staging.arm", "label"),
        ColumnRef("staging.arm", "position"),
        ColumnRef("staging.arm", "version_id"),
        ColumnRef("staging.study", "size"),
        ColumnRef("staging.study", "title"),
        ColumnRef("staging.study", "version_id"),
    )


def test_expressions_are_those_that_make_a_column(tmp_path: Path, write: Write) -> None:
    sql = """WITH listed AS (
            SELECT version_id, title AS word, size * 2 AS number FROM staging.study
            UNION ALL
            SELECT version_id, label, 0 FROM staging.arm),
        sized AS (SELECT version_id, word, coalesce(number, 1) AS number FROM listed)
        SELECT version_id, word, number, upper(word) AS loud FROM sized"""
    columns = {"version_id": "BIGINT", "word": "VARCHAR", "number": "BIGINT", "loud": "VARCHAR"}
    write("core.r", _model("r", sql, columns))
    made = load_models(tmp_path, SOURCES)["core.r"].expressions
    assert made["number"] == "COALESCE(listed.number, 1)"
    assert made["word"] == "study.title\nUNION\narm.label"
    assert made["loud"] == "UPPER(sized.word)"


def test_a_recursive_cte_is_no_dependency(tmp_path: Path, write: Write) -> None:
    sql = """WITH RECURSIVE step AS (
        SELECT version_id, 1 AS depth FROM staging.study
        UNION ALL
        SELECT version_id, depth + 1 FROM step WHERE depth < 3)
        SELECT version_id, depth FROM step"""
    write("core.r", _model("r", sql, {"version_id": "BIGINT", "depth": "INTEGER"}))
    assert load_models(tmp_path, SOURCES)["core.r"].depends_on == {"staging.study"}


def test_models_come_after_what_they_read_and_what_they_are_tested_against(tmp_path: Path, write: Write) -> None:
    write("core.z", _model("z", "SELECT size FROM staging.study", {"size": "BIGINT"}))
    write("core.a", _model("a", "SELECT size FROM core.z", {"size": "BIGINT"}))
    write(
        "core.b",
        _model(
            "b",
            "SELECT size FROM staging.study",
            {"size": "BIGINT"},
            "tests:\n  - relationships: {columns: [size], to: core.z.size}\n",
        ),
    )
    models = load_models(tmp_path, SOURCES)
    assert list(models) == ["core.z", "core.a", "core.b"]
    assert models["core.b"].tested_against == {"core.z"}
    assert models["core.b"].depends_on == {"staging.study"}


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        pytest.param(
            "SELECT a FROM staging.studdy", "unknown table `staging.studdy`; did you mean `staging.study`?", id="table"
        ),
        pytest.param("SELECT a FROM study", "`study` must be written as schema.table", id="unqualified"),
        pytest.param("SELECT titel AS a FROM staging.study", "titel", id="column"),
        pytest.param("SELECT * FROM staging.study", "without `*`", id="star"),
        pytest.param("SELECT x.* FROM staging.study AS x", "without `*`", id="qualified-star"),
        pytest.param("SELECT size + 1 FROM staging.study", "column 1 of the final SELECT has no name", id="unnamed"),
        pytest.param("SELECT size AS a, title AS a FROM staging.study", "gives a more than once", id="twice"),
        pytest.param("SELECT max(COLUMNS('t')) AS a FROM staging.study", "COLUMNS() hides column names", id="columns"),
        pytest.param(
            "WITH p AS (PIVOT staging.arm ON label USING count(*)) SELECT version_id AS a FROM p", "PIVOT", id="pivot"
        ),
        pytest.param("SELECT now() AS a FROM staging.study", "take a date from the data", id="now"),
        pytest.param("SELECT current_date AS a FROM staging.study", "take a date from the data", id="current-date"),
        pytest.param("SELECT random() AS a FROM staging.study", "take a date from the data", id="random"),
        pytest.param("SELECT nextval('s') AS a FROM staging.study", "needs a sequence", id="sequence"),
        pytest.param("SELECT a FROM read_csv('x.csv')", "no table of the warehouse", id="file-function"),
        pytest.param("SELECT a FROM 'x.parquet'", "must be written as schema.table", id="file"),
        pytest.param("SELECT title::ENUM('x') AS a FROM staging.study", "cannot be kept in DuckLake", id="enum"),
        pytest.param(
            "SELECT [size]::BIGINT[1] AS a FROM staging.study", "cannot be kept in DuckLake", id="fixed-array"
        ),
        pytest.param("SELECT size AS a FROM staging.study; SELECT 1 AS b", "one SELECT", id="two"),
        pytest.param("CREATE TABLE x AS SELECT 1 AS a", "one SELECT", id="create"),
        pytest.param("SELECT size AS a FROM WHERE (", "not SQL", id="broken"),
        pytest.param("SELECT 'open AS a", "not SQL", id="open-string"),
    ],
)
def test_a_faulty_select_is_refused_with_its_line(tmp_path: Path, write: Write, sql: str, problem: str) -> None:
    text = _model("m", "\n" + sql, {"a": "VARCHAR"})
    write("core.m", text)
    first_line = text[: text.index(sql)].count("\n") + 1
    found = _problems(tmp_path)
    assert any(line.startswith(f"core/m.sql:{first_line}: ") and problem in line for line in found), found


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        pytest.param("grain: one row per study\n", "", 2, "`grain` is missing", id="missing"),
        pytest.param("grain:", "grian:", 3, "unknown key `grian`; did you mean `grain`?", id="mistyped"),
        pytest.param("materialised: table", "materialised: tabel", 6, "must be table or view", id="kind"),
        pytest.param("description: Key.", "descripton: Key.", 8, "unknown key `descripton`", id="column-key"),
        pytest.param(
            "description: Key.",
            "description: ''",
            8,
            "`description` of columns.version_id is missing",
            id="undocumented",
        ),
        pytest.param("  name: {", "  nam: {", 7, "column `name` is not documented; did you mean `nam`?", id="extra"),
        pytest.param(
            "title AS name", "title AS nama", 9, "column `name` is not selected; did you mean `nama`?", id="gone"
        ),
        pytest.param(
            "SELECT version_id, title AS name", "SELECT title AS name, version_id", 8, "stands where", id="order"
        ),
        pytest.param("type: BIGINT", "type: 'INTEGER[3]'", 8, "cannot be kept in DuckLake", id="type"),
        pytest.param("unique]", "uniqe]", 8, "unknown test `uniqe`; did you mean `unique`?", id="test"),
        pytest.param("unique]", "accepted_values]", 8, "needs `values`", id="test-arguments"),
        pytest.param("unique]", "{unique: {severity: fatal}}]", 8, "severity is `fatal`", id="severity"),
        pytest.param("unique]", "{relationships: core.nothing.x}]", 8, "unknown table `core.nothing`", id="parent"),
        pytest.param("unique]", "{relationships: staging.arm.labl}]", 8, "did you mean `label`?", id="parent-column"),
        pytest.param("tags: [core, small]", "tags: core", 5, "tags must be a list", id="tags"),
        pytest.param("owner: team", "owner: [team", 5, "not YAML", id="yaml"),
        pytest.param("  name: {", "  version_id: {", 9, "`version_id` stands twice", id="twice"),
        pytest.param("--- */", "*/", 1, "must begin with a header", id="unclosed"),
        pytest.param("/* ---", "-- x\n/* ---", 1, "must begin with a header", id="not-first"),
    ],
)
def test_a_faulty_header_is_refused_with_its_line(
    tmp_path: Path, write: Write, old: str, new: str, place: int, problem: str
) -> None:
    assert old in GOOD
    write("core.m", GOOD.replace(old, new, 1))
    found = _problems(tmp_path)
    assert any(line.startswith("core/m.sql:") and problem in line for line in found), found
    line = next(int(line.split(":")[1]) for line in found if problem in line)
    assert abs(line - place) <= 1, found


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path, write: Write) -> None:
    write("core.a", GOOD.replace("staging.study", "staging.stud"))
    write("core.b", GOOD.replace("title AS name", "title AS other"))
    assert [line.split(":")[0] for line in _problems(tmp_path)] == ["core/a.sql", "core/b.sql", "core/b.sql"]


def test_circles_are_named(tmp_path: Path, write: Write) -> None:
    write("core.a", _model("a", "SELECT x FROM core.b", {"x": "BIGINT"}))
    write("core.b", _model("b", "SELECT x FROM core.c", {"x": "BIGINT"}))
    write("core.c", _model("c", "SELECT x FROM core.a", {"x": "BIGINT"}))
    (problem,) = _problems(tmp_path)
    assert "in a circle" in problem
    assert all(name in problem for name in ("core.a", "core.b", "core.c"))


def test_a_model_may_not_take_the_name_of_a_source_or_of_another(tmp_path: Path, write: Write) -> None:
    write("staging.study", GOOD)
    write("core.study", GOOD)
    write("core.Study", GOOD)
    problems = " ".join(_problems(tmp_path))
    assert "staging.study is already a table written by Python" in problems
    assert "is already made by" in problems


def test_a_query_of_failing_rows_belongs_to_its_model(tmp_path: Path, write: Write) -> None:
    write("core.study", GOOD)
    header = "/* ---\nmodel: core.study\ndescription: Names are there.\nseverity: warn\n--- */\n"
    write("tests.named", header + "SELECT * FROM core.study WHERE name IS NULL")
    test = load_models(tmp_path, SOURCES)["core.study"].tests[-1]
    assert (test.name, test.kind, test.severity) == ("named", "sql", "warn")
    assert test.sql == "SELECT * FROM core.study WHERE name IS NULL"


def test_a_query_of_failing_rows_names_a_known_model_and_known_tables(tmp_path: Path, write: Write) -> None:
    write("core.study", GOOD)
    write("tests.t", "/* ---\nmodel: core.studi\ndescription: x\n--- */\nSELECT 1 AS x FROM core.stuby")
    assert [line.partition(": ")[2] for line in _problems(tmp_path)] == [
        "unknown model `core.studi`; did you mean `core.study`?",
        "unknown table `core.stuby`; did you mean `core.study`?",
    ]


def test_metrics_are_columns_with_all_their_words(tmp_path: Path, write: Write) -> None:
    metric = "metrics:\n  name: {meaning: What, formula: How, caveat: But}\n--- */"
    write("core.study", GOOD.replace("--- */", metric))
    (found,) = load_models(tmp_path, SOURCES)["core.study"].metrics
    assert (found.name, found.meaning, found.formula, found.caveat) == ("name", "What", "How", "But")
    write("core.study", GOOD.replace("--- */", metric.replace("name", "nome").replace(", caveat: But", "")))
    problems = " ".join(_problems(tmp_path))
    assert "metric `nome` is no column; did you mean `name`?" in problems
    assert "`caveat` of metrics.nome is missing" in problems


def test_the_version_of_the_code_is_that_of_the_query_alone(tmp_path: Path, write: Write) -> None:
    def version(text: str) -> str:
        write("core.study", text)
        return load_models(tmp_path, SOURCES)["core.study"].code_version

    first = version(GOOD)
    assert version(GOOD.replace("SELECT version_id,", "select\n  version_id, -- a comment\n ")) == first
    assert version(GOOD.replace("Studies.", "Other words.")) == first
    assert version(GOOD.replace("title AS name", "lower(title) AS name")) != first
    assert version(GOOD.replace("materialised: table", "materialised: view")) != first


@given(st.text(alphabet="abc '\"\n", max_size=12), st.text(alphabet="abc '\"\n", max_size=12))
def test_different_literals_have_different_versions(left: str, right: str) -> None:
    versions = [code_version("SELECT '" + text.replace("'", "''") + "' AS x") for text in (left, right)]
    assert (versions[0] == versions[1]) == (left == right)


def test_models_compare_by_what_they_say(tmp_path: Path, write: Write) -> None:
    write("core.study", GOOD)
    first, second = (load_models(tmp_path, SOURCES)["core.study"] for _ in range(2))
    assert isinstance(first, Model)
    assert first == second
