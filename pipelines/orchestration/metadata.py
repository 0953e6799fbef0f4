"""What an asset shows of itself in the Dagster UI: columns, row counts, previews, lineage.

Belongs here: turning tables and models into Dagster metadata. Does not: assets, queries of substance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

import dagster as dg
import duckdb

from pipelines.orchestration.keys import OWNER, group_of, table_key
from pipelines.orchestration.preview import markdown_text, preview_markdown
from pipelines.tables import SourceTable, quoted
from pipelines.warehouse.models import Model


def source_schema(table: SourceTable) -> dict[str, Any]:
    """The columns of a table that Python writes, documented."""
    columns = [
        dg.TableColumn(
            column.name,
            column.duckdb_type,
            description=markdown_text(column.comment),
            constraints=dg.TableColumnConstraints(nullable=column.nullable),
        )
        for column in table.columns
    ]
    return {"dagster/column_schema": dg.TableSchema(columns=columns)}


def source_spec(
    table: SourceTable, *, deps: Iterable[dg.AssetKey], kind: str, code_version: str | None = None
) -> dg.AssetSpec:
    """The asset of a table that Python writes into DuckDB. `kind`: what does the work besides."""
    return dg.AssetSpec(
        table_key(table.full_name),
        deps=deps,
        description=markdown_text(table.comment),
        group_name=group_of(table.full_name),
        owners=[OWNER],
        kinds={kind, "duckdb"},
        code_version=code_version,
        metadata=source_schema(table),
    )


class ModelWords(TypedDict):
    """The keyword arguments by which an asset or its spec tells of a model."""

    description: str
    group_name: str
    owners: list[str]
    kinds: set[str]
    code_version: str
    metadata: dict[str, Any]
    tags: dict[str, str]


def model_words(model: Model) -> ModelWords:
    """What an asset or its spec says of the model that it makes."""
    return {
        "description": markdown_text(f"{model.description}\n\nGrain: {model.grain}."),
        "group_name": group_of(model.full_name),
        "owners": [OWNER],
        "kinds": {"sql", "duckdb"},
        "code_version": model.code_version,
        "metadata": model_metadata(model),
        "tags": dict.fromkeys(model.tags, ""),
    }


def model_metadata(model: Model) -> dict[str, Any]:
    """The columns of a model, documented, where their values come from, and the file to look into."""
    columns = [
        dg.TableColumn(column.name, column.duckdb_type, description=markdown_text(column.description))
        for column in model.columns.values()
    ]
    lineage = {
        name: [dg.TableColumnDep(asset_key=table_key(ref.table), column_name=ref.column) for ref in refs]
        for name, refs in model.lineage.items()
        if refs
    }
    metadata: dict[str, Any] = {
        "dagster/column_schema": dg.TableSchema(columns=columns),
        "grain": model.grain,
        "sql_file": f"{model.schema}/{model.path.name}",
    }
    if lineage:
        metadata["dagster/column_lineage"] = dg.TableColumnLineage(deps_by_column=lineage)
    return metadata


def row_counts(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> dict[str, int]:
    """Rows of each `schema.name`."""
    selects = [
        f"SELECT '{name}' AS name, count(*) AS rows FROM {quoted(*name.split('.', 1))}" for name in sorted(tables)
    ]
    return dict(connection.execute(" UNION ALL ".join(selects)).fetchall()) if selects else {}


def table_figures(
    connection: duckdb.DuckDBPyConnection, full_name: str, rows: int | None, more: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Row count, preview where one may be shown, and `more`; for a view (rows None) only `more`, as it would be run."""
    schema, name = full_name.split(".", 1)
    metadata: dict[str, Any] = {} if rows is None else {"dagster/row_count": rows}
    preview = preview_markdown(connection, schema, name) if rows else None
    if preview is not None:
        metadata["preview"] = dg.MetadataValue.md(preview)
    return metadata | dict(more or {})
