"""`trialmart sql`: rows in every form, true to their values, on a warehouse that is only read."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.tables import literal
from tests.cli.calling import call
from tests.pipeline_run import FinishedRun


def test_sql_table_shows_values_and_null(done: FinishedRun) -> None:
    result = call("sql", "SELECT 1 AS one, NULL AS none, 'x' AS text", home=done.home)
    assert result.exit_code == 0
    assert [cell.strip() for cell in re.split("[│|]", result.output.splitlines()[-1])] == ["1", "NULL", "x"]


def test_sql_csv_for_programs_is_true_to_the_values(done: FinishedRun) -> None:
    query = (
        "SELECT '=1+1' AS formula, 'a\nb,\"c\"' AS text, NULL AS none, DATE '2026-02-01' AS day, true AS yes, [1] AS l"
    )
    result = call("sql", query, "--format", "csv", "--raw", home=done.home)
    assert list(csv.reader(io.StringIO(result.output))) == [
        ["formula", "text", "none", "day", "yes", "l"],
        ["=1+1", 'a\nb,"c"', "", "2026-02-01", "true", "[1]"],
    ]


def test_sql_csv_holds_no_formula_and_spoils_no_number(done: FinishedRun) -> None:
    """A title like =HYPERLINK("http://…"&A1) was run by the spreadsheet that opened the file; a carriage return in a
    text, which was not quoted, began a row whose first cell could be one."""
    formulas = [
        "=1+1",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "-",
        "--",
        "=",
        "-1-1",
    ]
    plain = ["-5", "+3.2", "-1.5e3", "-1,5", "a=b", "'=1", " =1", "1-2", "(-)", "", "2026-02-01", "a\r=1"]
    values = " UNION ALL BY NAME ".join(f"SELECT {literal(text)} AS t" for text in [*formulas, *plain])
    numbers = "-5::INTEGER AS i, -1.5::DECIMAL(5, 2) AS d, '-inf'::DOUBLE AS f, INTERVAL '-1 day' AS span, 1 AS \"=x\""
    result = call("sql", f"SELECT t, {numbers} FROM ({values})", "-f", "csv", home=done.home)
    header, *rows = list(csv.reader(io.StringIO(result.output, newline="")))
    assert [row[0] for row in rows] == ["'" + text for text in formulas] + plain
    assert header[-1] == "'=x"
    assert rows[0][1:] == ["-5", "-1.50", "-inf", "'-1 day, 0:00:00", "1"]


def test_sql_json_is_json_whatever_the_values(done: FinishedRun) -> None:
    query = (
        "SELECT 1 AS a, 2 AS a, 'NaN'::DOUBLE AS nan, 1.50::DECIMAL(5, 2) AS half, {'d': DATE '2026-02-01'} AS s, "
        "'\\x00ff'::BLOB AS b, INTERVAL 1 DAY AS span, 'ü' AS text FROM range(3)"
    )
    rows = json.loads(call("sql", query, "-f", "json", home=done.home).output)
    assert len(rows) == 3
    assert {name: rows[0][name] for name in ("a", "a_2", "nan", "half", "s", "text")} == {
        "a": 1,
        "a_2": 2,
        "nan": None,
        "half": 1.5,
        "s": {"d": "2026-02-01"},
        "text": "ü",
    }
    assert json.loads(call("sql", "SELECT 1 WHERE false", "-f", "json", home=done.home).output) == []


def test_sql_parquet_goes_to_a_file(done: FinishedRun, tmp_path: Path) -> None:
    output = tmp_path / "records.parquet"
    assert call("sql", "FROM core.record", "-f", "parquet", "-o", output, home=done.home).exit_code == 0
    count = duckdb.connect().execute(f"SELECT count(DISTINCT record_key) FROM '{output}'").fetchone()
    assert count == (done.accepted,)
    assert list(tmp_path.iterdir()) == [output]


def test_sql_parquet_goes_into_a_pipe(done: FinishedRun, tmp_path: Path) -> None:
    """`trialmart sql … --format parquet > records.parquet` was refused."""
    result = call("sql", "FROM core.record", "-f", "parquet", home=done.home)
    assert result.exit_code == 0, result.stderr
    (tmp_path / "piped.parquet").write_bytes(result.stdout_bytes)
    count = duckdb.connect().execute(f"SELECT count(*) FROM '{tmp_path}/piped.parquet'").fetchone()
    assert count == (done.accepted,)


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_sql_output_file_holds_what_stdout_would(done: FinishedRun, tmp_path: Path, form: str) -> None:
    query = "SELECT registry, count(*) AS n FROM core.record GROUP BY registry"
    said = call("sql", query, "-f", form, home=done.home)
    assert call("sql", query, "-f", form, "-o", tmp_path / "out", home=done.home).exit_code == 0
    assert (tmp_path / "out").read_text() == said.stdout


def test_sql_error_has_its_caret_and_exit_code(done: FinishedRun) -> None:
    result = call("sql", "SELECT nct FROM core.record", home=done.home)
    assert result.exit_code == 1
    assert 'Referenced column "nct" not found' in result.stderr
    assert re.search(r"LINE 1: SELECT nct FROM core\.record\n +\^", result.stderr)
    assert result.stdout == ""


def test_sql_output_into_a_folder_that_is_not_there_names_the_folder(done: FinishedRun, tmp_path: Path) -> None:
    """It named a file of its own making, `.x.csv.1a2b3c4d.part`."""
    result = call("sql", "SELECT 1", "--format", "csv", "--output", str(tmp_path / "no" / "x.csv"), home=done.home)
    assert result.exit_code == 1
    assert f"the folder {tmp_path / 'no'} does not exist: create it" in result.stderr.replace("\n", " ")


def test_sql_error_leaves_no_output_file(done: FinishedRun, tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        result = call("sql", "SELECT error('no')", "-f", form, "-o", tmp_path / "out", home=done.home)
        assert result.exit_code == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "query", ["DELETE FROM core.record", "COPY core.record TO 'x.csv'", "SELECT * FROM read_text('/etc/hosts')"]
)
def test_sql_only_reads_the_warehouse(done: FinishedRun, query: str) -> None:
    assert call("sql", query, home=done.home).exit_code == 1


def test_sql_from_stdin_and_empty(done: FinishedRun) -> None:
    piped = CliRunner().invoke(app, ["sql", "-", "-f", "csv", "--home", str(done.home)], input="SELECT 7 AS n")
    assert piped.output == "n\n7\n"
    assert call("sql", "  ", home=done.home).exit_code == 2


def test_sql_spells_out_what_could_steer_the_terminal(done: FinishedRun) -> None:
    result = call("sql", "SELECT 'a' || chr(27) || '[2J' || chr(8238) || '[bold]x' AS t", home=done.home)
    assert "a\\x1b[2J\\u202e[bold]x" in result.output
    assert "\x1b" not in result.output


def test_sql_draws_the_plan_of_a_query(done: FinishedRun) -> None:
    """EXPLAIN was a table of one row, the drawing cut after 200 characters and its line breaks spelt out."""
    result = call("sql", "EXPLAIN SELECT brief_title FROM core.record WHERE acronym = 'X' ORDER BY 1", home=done.home)
    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert len({len(line) for line in lines}) == 1, "a box is as wide in each of its lines"
    assert re.search("order.by", result.output, re.IGNORECASE)


def test_sql_says_when_it_shows_only_the_first_rows(done: FinishedRun) -> None:
    result = call("sql", "SELECT * FROM range(501)", home=done.home)
    assert "the first 500 rows; for all of them use --format" in result.stderr
