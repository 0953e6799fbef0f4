"""`trialmart docs`: the data dictionary of the published warehouse, as Markdown pages and one HTML page.

Belongs here: collecting tables, columns, metrics, lineage, rules from the warehouse itself, and laying them out. Does
not: words about any of them; those stand where tables, models and rules are made, and came with the build.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.console.dictionary.collect import collect
from pipelines.console.dictionary.html_page import html_page
from pipelines.console.dictionary.markdown import overview, rules_page, schema_page
from pipelines.console.dictionary.metrics import short_page, whole_page
from pipelines.settings import Settings
from pipelines.tables import SOURCE_TABLES
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.models import META_TABLES, load_models
from pipelines.warehouse.models.metrics import metric_definitions
from pipelines.whole_file import appearing

__all__ = ["collect", "repository_page", "write_dictionary"]


def write_dictionary(settings: Settings, output: Path) -> list[Path]:
    """Write README.md, one page for each schema, metrics.md, rules.md and index.html into `output`; returns the files.

    Raises NoWarehouseError where nothing is published.
    """
    with connect_read_only(settings.warehouse_path) as connection:
        dictionary = collect(connection)
    output.mkdir(parents=True, exist_ok=True)
    pages = {
        "README.md": overview(dictionary),
        "metrics.md": whole_page(dictionary.metrics, dictionary.parents, dictionary.build_id),
        "rules.md": rules_page(dictionary),
        "index.html": html_page(dictionary),
    }
    for schema, tables in dictionary.schemas():
        pages[f"{schema}.md"] = schema_page(schema, tables)
    for name, text in pages.items():
        with appearing(output / name) as part:
            part.write_text(text, encoding="utf-8")
    return [output / name for name in pages]


def repository_page() -> str:
    """docs/metrics.md: the metrics of the models in this checkout."""
    sources = {name: table.column_names for name, table in (SOURCE_TABLES | META_TABLES).items()}
    return short_page(list(metric_definitions(load_models(sources=sources))))
