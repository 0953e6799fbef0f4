"""The metric dictionary: each metric of the models, whole, with its lineage down to what Python wrote.

Belongs here: definitions as data. Does not: where they are kept (meta.py), how they are shown (pipelines/console).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipelines.warehouse.models.model import ColumnRef, Model, Origins, origins, row_origins

Parents = Mapping[ColumnRef, tuple[ColumnRef, ...]]
"""For each column of a model the columns that its SELECT makes it of."""


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """A figure that a mart publishes. `metric` names it: `<mart>.<column>`; `grain` is what one value stands for.

    `expression` is the SQL that makes the column, `sql` the whole SELECT. `value_from` are the raw and staged columns
    (schema.table.column) that the value is made of, `rows_from` those by which the model joins, keeps and groups rows.
    """

    metric: str
    table_name: str
    column_name: str
    meaning: str
    grain: str
    formula: str
    caveat: str
    expression: str
    sql: str
    value_from: tuple[str, ...]
    rows_from: tuple[str, ...]


def metric_definitions(models: Mapping[str, Model]) -> Iterator[MetricDefinition]:
    """Every metric of the models, in the order of models and headers."""
    known: Origins = {}
    for name, model in models.items():
        if not model.metrics:
            continue
        behind = origins(models, name, known)
        rows_from = tuple(map(_spelt, row_origins(models, name, known)))
        for metric in model.metrics:
            yield MetricDefinition(
                metric=f"{model.name}.{metric.name}",
                table_name=name,
                column_name=metric.name,
                meaning=metric.meaning,
                grain=model.grain,
                formula=metric.formula,
                caveat=metric.caveat,
                expression=model.expressions[metric.name],
                sql=model.sql,
                value_from=tuple(map(_spelt, behind[metric.name])),
                rows_from=rows_from,
            )


def parents_of(models: Mapping[str, Model]) -> dict[ColumnRef, tuple[ColumnRef, ...]]:
    """The direct lineage of every column of the models."""
    return {
        ColumnRef(name, column): tuple(refs) for name, model in models.items() for column, refs in model.lineage.items()
    }


def lineage_lines(parents: Parents, of: ColumnRef) -> Iterator[tuple[int, ColumnRef, bool]]:
    """What a column is made of, as an indented list: depth from 0, the column, whether it stood there before.

    What is below a column that stood before is left out.
    """
    seen: set[ColumnRef] = set()
    waiting = [(0, ref) for ref in reversed(parents.get(of, ()))]
    while waiting:
        depth, ref = waiting.pop()
        repeated = ref in seen and bool(parents.get(ref))
        yield depth, ref, repeated
        seen.add(ref)
        if not repeated:
            waiting.extend((depth + 1, parent) for parent in reversed(parents.get(ref, ())))


def by_table(columns: tuple[str, ...]) -> dict[str, list[str]]:
    """`schema.table.column` names gathered: the columns of each table, in order."""
    gathered: dict[str, list[str]] = {}
    for name in columns:
        table, _, column = name.rpartition(".")
        gathered.setdefault(table, []).append(column)
    return gathered


def _spelt(ref: ColumnRef) -> str:
    return f"{ref.table}.{ref.column}"
