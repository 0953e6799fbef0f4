"""The header of a model file (YAML between `/* ---` and `--- */`), checked key by key.

Belongs here: which keys it must have, what may stand in each. Does not: cutting the file (source_text.py), what the SQL
says (sql.py), other files (load.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from pipelines.warehouse.models.model import (
    DEFAULT_SEVERITY,
    INCREMENTAL_KEY,
    Lookup,
    Materialisation,
    Metric,
    ModelColumn,
    ModelTest,
    Severity,
    TestKind,
)
from pipelines.warehouse.models.source_text import SourceText, nearest

_REQUIRED = ("description", "grain", "owner", "materialised", "columns")
_KEYS = (*_REQUIRED, "tags", "tests", "metrics", "incremental", "lookups")
_TEST_FILE_KEYS = ("model", "description", "severity")
_COLUMN_KEYS = ("type", "description", "tests")
_METRIC_KEYS = ("meaning", "formula", "caveat")
_ARGUMENT: Mapping[str, str] = {"accepted_values": "values", "relationships": "to", "unique": "columns"}
"""The argument that a test given in short form (`accepted_values: [a, b]`) stands for."""


@dataclass(frozen=True, slots=True)
class Header:
    """The checked header of a model file."""

    description: str
    grain: str
    owner: str
    tags: tuple[str, ...]
    materialised: Materialisation
    columns: dict[str, ModelColumn]
    tests: tuple[ModelTest, ...]
    metrics: tuple[Metric, ...]
    incremental: bool
    lookups: tuple[Lookup, ...]


@dataclass(frozen=True, slots=True)
class TestFile:
    """The checked header of a file of dbt_like_models/tests/ and its query."""

    model: str
    test: ModelTest
    line: int


def read_header(source: SourceText) -> Header | None:
    """The header of a model file, or None with the reasons in `source.problems`."""
    if source.problems:
        return None
    _check_keys(source, source.values, _KEYS, _REQUIRED)
    texts = {key: _text(source, key) for key in ("description", "grain", "owner")}
    materialised = source.values.get("materialised", "table")
    if materialised not in get_args(Materialisation):
        source.report(source.line("materialised"), f"materialised is `{materialised}`; it must be table or view")
    columns = _columns(source)
    tests = (*_column_tests(source), *_model_tests(source, columns))
    metrics = tuple(_metrics(source, columns))
    tags = source.values.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        source.report(source.line("tags"), "tags must be a list of words")
    incremental = _incremental(source, columns)
    lookups = _lookups(source, incremental)
    if source.problems:
        return None
    return Header(
        texts["description"],
        texts["grain"],
        texts["owner"],
        tuple(tags),
        materialised,
        columns,
        tests,
        metrics,
        incremental,
        lookups,
    )


def _incremental(source: SourceText, columns: Collection[str]) -> bool:
    given = source.values.get("incremental")
    if given is None:
        return False
    line = source.line("incremental")
    if given != INCREMENTAL_KEY:
        source.report(line, f"incremental is `{given}`; it can only be {INCREMENTAL_KEY}")
    if INCREMENTAL_KEY not in columns:
        source.report(line, f"incremental needs the column {INCREMENTAL_KEY}, by which rows are replaced")
    return True


def _lookups(source: SourceText, incremental: bool) -> tuple[Lookup, ...]:
    """`lookups: {schema.table.column: schema.table.column}`, a table without keys and the values looked up in it."""
    given = source.values.get("lookups")
    if given is None:
        return ()
    line = source.line("lookups")
    if not incremental:
        source.report(line, "lookups are said of incremental models only")
    if not isinstance(given, dict):
        source.report(line, "lookups must be `schema.table.column: schema.table.column`")
        return ()
    found = []
    for looked_up, by in given.items():
        (table, _, column), (by_table, _, by_column) = str(looked_up).rpartition("."), str(by).rpartition(".")
        if table.count(".") != 1 or by_table.count(".") != 1:
            source.report(line, f"lookup `{looked_up}: {by}` must be `schema.table.column: schema.table.column`")
        found.append(Lookup(table, column, by_table, by_column))
    return tuple(found)


def read_test_file(source: SourceText) -> TestFile | None:
    """The header and query of a test file, or None with the reasons in `source.problems`."""
    if source.problems:
        return None
    _check_keys(source, source.values, _TEST_FILE_KEYS, ("model", "description"))
    severity = _severity(source, source.values.get("severity"), "sql", ("severity",))
    model, description = _text(source, "model"), _text(source, "description")
    if source.problems:
        return None
    test = ModelTest(source.path.stem, "sql", severity, (), {}, description, source.sql)
    return TestFile(model, test, source.line("model"))


def _check_keys(
    source: SourceText,
    values: Mapping[str, Any],
    known: tuple[str, ...],
    required: tuple[str, ...],
    *place: str,
) -> None:
    where = f" of {'.'.join(place)}" if place else ""
    for key in values:
        if key not in known:
            source.report(source.line(*place, str(key)), f"unknown key `{key}`{where}{nearest(str(key), known)}")
    for key in required:
        if values.get(key) in (None, "", {}, []):
            source.report(source.line(*place), f"`{key}`{where} is missing")


def _text(source: SourceText, key: str) -> str:
    value = source.values.get(key)
    if value is not None and not isinstance(value, str):
        source.report(source.line(key), f"`{key}` must be text")
    return " ".join(str(value or "").split())


def _mapping(source: SourceText, key: str, keys: tuple[str, ...], required: tuple[str, ...]) -> dict[str, Any]:
    """The checked entries of a mapping of mappings; entries that are none are reported and left out."""
    entries = source.values.get(key) or {}
    if not isinstance(entries, dict):
        source.report(source.line(key), f"`{key}` must be a mapping of names")
        return {}
    good = {}
    for name, entry in entries.items():
        if not isinstance(entry, dict):
            source.report(source.line(key, str(name)), f"{key}.{name} must be a mapping of {', '.join(keys)}")
            continue
        _check_keys(source, entry, keys, required, key, str(name))
        good[str(name)] = entry
    return good


def _columns(source: SourceText) -> dict[str, ModelColumn]:
    entries = _mapping(source, "columns", _COLUMN_KEYS, ("type", "description"))
    return {
        name: ModelColumn(
            name,
            str(entry.get("type", "")),
            " ".join(str(entry.get("description", "")).split()),
            source.line("columns", name),
        )
        for name, entry in entries.items()
    }


def _metrics(source: SourceText, columns: Collection[str]) -> Iterator[Metric]:
    for name, entry in _mapping(source, "metrics", _METRIC_KEYS, _METRIC_KEYS).items():
        if name not in columns:
            source.report(source.line("metrics", name), f"metric `{name}` is no column{nearest(name, columns)}")
        yield Metric(name, *(" ".join(str(entry.get(key, "")).split()) for key in _METRIC_KEYS))


def _column_tests(source: SourceText) -> Iterator[ModelTest]:
    columns = source.values.get("columns")
    for name, entry in (columns if isinstance(columns, dict) else {}).items():
        for item in (entry.get("tests") or []) if isinstance(entry, dict) else []:
            test = _test(source, item, (str(name),), ("columns", str(name), "tests"))
            if test is not None:
                yield test


def _model_tests(source: SourceText, columns: Collection[str]) -> Iterator[ModelTest]:
    for item in source.values.get("tests") or []:
        test = _test(source, item, (), ("tests",))
        if test is None:
            continue
        for name in test.columns:
            if name not in columns:
                source.report(source.line("tests"), f"test {test.kind}: no column `{name}`{nearest(name, columns)}")
        yield test


def _test(source: SourceText, item: object, columns: tuple[str, ...], place: tuple[str, ...]) -> ModelTest | None:
    """One entry of `tests`: `kind`, `kind: argument` or `kind: {argument: …, severity: …}`."""
    if isinstance(item, str):
        kind, given = item, None
    elif isinstance(item, dict) and len(item) == 1:
        kind, given = next(iter(item.items()))
    else:
        source.report(source.line(*place), f"a test is `kind` or `kind: arguments`, not {item!r}")
        return None
    kinds = [known for known in get_args(TestKind) if known != "sql"]
    if kind not in kinds:
        source.report(source.line(*place), f"unknown test `{kind}`{nearest(str(kind), kinds)}")
        return None
    arguments = dict(given) if isinstance(given, dict) else ({_ARGUMENT.get(kind, kind): given} if given else {})
    severity = _severity(source, arguments.pop("severity", None), kind, place)
    columns = tuple(arguments.pop("columns", columns))
    wrong = _argument_problem(kind, columns, arguments)
    if wrong:
        source.report(source.line(*place), f"test {kind}: {wrong}")
        return None
    reads = {str(arguments["to"]).rpartition(".")[0]} if kind == "relationships" else set[str]()
    name = "_".join((kind, *columns))
    return ModelTest(name, cast(TestKind, kind), severity, columns, arguments, reads=frozenset(reads))


def _argument_problem(kind: str, columns: tuple[str, ...], arguments: Mapping[str, Any]) -> str | None:
    """What is wrong with a test's arguments, None when nothing is."""
    bounds = {"min", "max"}
    if kind == "row_count_between":
        whole = all(isinstance(bound, int) for bound in arguments.values())
        return (
            None if arguments and set(arguments) <= bounds and whole else "needs `min` or `max` or both, whole numbers"
        )
    if not columns:
        return "needs `columns`"
    if kind == "accepted_values":
        values = arguments.get("values")
        return (
            None if set(arguments) == {"values"} and isinstance(values, list) and values else "needs `values`, a list"
        )
    if kind == "relationships":
        parts = str(arguments.get("to", "")).split(".")
        good = set(arguments) == {"to"} and len(parts) == 3 and all(parts) and len(columns) == 1
        return None if good else "needs `to: schema.table.column`"
    return f"takes no {', '.join(arguments)}" if arguments else None


def _severity(source: SourceText, given: object, kind: str, place: tuple[str, ...]) -> Severity:
    if given is None:
        return DEFAULT_SEVERITY[cast(TestKind, kind)]
    if given not in get_args(Severity):
        source.report(source.line(*place), f"severity is `{given}`; it must be {', '.join(get_args(Severity))}")
    return cast(Severity, given)
