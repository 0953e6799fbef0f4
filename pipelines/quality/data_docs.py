"""Data Docs: the results of a run as Great Expectations' static site, a suite for each table.

Belongs here: results → suites and validations → site in a folder. Does not: judging again, HTML (docs_pages.py), any
row of the data. The site holds words of the catalogue and counts; values, messages and error texts, which may quote
values, stay in the warehouse.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.request import url2pathname

from expectations import Rule
from pipelines.quality.docs_pages import SuiteLine, index_page, still_page
from pipelines.quality.gx_runner import expectation_of
from pipelines.quality.results import RuleResult

INDEX = "index.html"
ABANDONED_SECONDS = 3600.0
"""A half-made site older than this has no maker any more: making one takes some 5 s (2026-11)."""
_NOT_RUN = "This rule could not run. The reason is in quality.expectation_result, column error."


class DataDocsError(Exception):
    """The site could not be made; the former one is as it was."""


@dataclass(frozen=True, slots=True)
class _Validation:
    """One suite: a table, its rules with their results, and Great Expectations' keys of the two pages."""

    table: str
    judged: tuple[tuple[Rule, RuleResult], ...]
    suite_key: Any
    result_key: Any


def build_data_docs(
    results: Sequence[RuleResult], rules: Iterable[Rule], directory: Path, run_id: str, run_time: datetime
) -> Path:
    """Make the site of these results in `directory`, in place of the former one; gives the path of its index.html.

    `results`: what run_rules gave; `rules`: the rules they are of. `run_time` must carry its time zone. The site is
    made beside and renamed: a reader finds the former one, none for an instant, or the new one, never a part. Raises
    ValueError for a result of an unknown rule or a time without zone, FileExistsError where the folder holds something
    else, DataDocsError where a page is missing, OSError where the disk refuses.
    """
    if run_time.tzinfo is None:
        raise ValueError("run_time has no time zone; give an aware datetime, as datetime.now(UTC)")
    if directory.exists() and not (directory / INDEX).is_file() and any(directory.iterdir()):
        raise FileExistsError(f"{directory} holds something that is no Data Docs site; move it away")
    groups = _by_table(results, {rule.name: rule for rule in rules})
    directory.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(directory)
    scratch = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent)).resolve()
    try:
        site = scratch / "site"
        site.mkdir()
        _render(groups, site, run_id, run_time.astimezone(UTC))
        _put_in_place(site, directory, scratch / "former")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return directory / INDEX


def _by_table(results: Sequence[RuleResult], rules: dict[str, Rule]) -> dict[str, tuple[tuple[Rule, RuleResult], ...]]:
    groups: dict[str, list[tuple[Rule, RuleResult]]] = {}
    for result in results:
        if result.rule not in rules:
            raise ValueError(f"a result of rule {result.rule}, which is not among the rules given")
        groups.setdefault(result.table_name, []).append((rules[result.rule], result))
    return {table: tuple(groups[table]) for table in sorted(groups)}


def _remove_abandoned(directory: Path) -> None:
    """Remove what killed runs left of sites they were making; not what another process may be making now."""
    for scratch in directory.parent.glob(f".{directory.name}-*"):
        if time.time() - scratch.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(scratch, ignore_errors=True)


def _put_in_place(site: Path, directory: Path, former: Path) -> None:
    """Two renames; where the second fails the former site is put back."""
    if not directory.exists():
        site.rename(directory)
        return
    directory.rename(former)
    try:
        site.rename(directory)
    except OSError:
        former.rename(directory)
        raise


def _render(
    groups: dict[str, tuple[tuple[Rule, RuleResult], ...]], site: Path, run_id: str, run_time: datetime
) -> None:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.render.renderer.site_builder import SiteBuilder

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    validations = [_validation(context, table, judged, run_id, run_time) for table, judged in groups.items()]
    builder = SiteBuilder(
        data_context=context,
        store_backend={"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site)},
        runtime_environment={"root_directory": str(site)},
        show_how_to_buttons=False,
        site_section_builders={"profiling": "None"},
    )
    builder.build(build_index=False)
    lines = [_finish(builder, validation, site) for validation in validations]
    shutil.rmtree(site / "static", ignore_errors=True)  # 4 MB of logos and fonts that no page uses any more
    (site / INDEX).write_text(
        index_page(lines, run_id, run_time.isoformat(sep=" ", timespec="seconds")), encoding="utf-8"
    )


def _validation(
    context: Any, table: str, judged: tuple[tuple[Rule, RuleResult], ...], run_id: str, run_time: datetime
) -> _Validation:
    """Put the table's suite and its result into the context's stores, as a checkpoint would."""
    import great_expectations as gx
    from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.data_context.types.resource_identifiers import (
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )

    expectations = [expectation_of(rule, _words(rule)) for rule, _ in judged]
    context.suites.add(gx.ExpectationSuite(name=table, expectations=expectations))
    passed = sum(result.success for _, result in judged)
    run = RunIdentifier(run_name=run_id, run_time=run_time)
    suite_key = ExpectationSuiteIdentifier(table)
    result_key = ValidationResultIdentifier(expectation_suite_identifier=suite_key, run_id=run, batch_identifier=table)
    outcome = ExpectationSuiteValidationResult(
        success=passed == len(judged),
        results=[_outcome(rule, result) for rule, result in judged],
        suite_name=table,
        statistics={
            "evaluated_expectations": len(judged),
            "successful_expectations": passed,
            "unsuccessful_expectations": len(judged) - passed,
            "success_percent": 100 * passed / len(judged),
        },
        meta={
            "run_id": run,
            "great_expectations_version": gx.__version__,
            "active_batch_definition": {"data_asset_name": table},
        },
    )
    context.validation_results_store.set(result_key, outcome)
    return _Validation(table, judged, suite_key, result_key)


def _words(rule: Rule, counts: str = "") -> str:
    """What a rule demands and means, escaped: Great Expectations writes a description as it is (1.24.1, 2026-11)."""
    said = f"{rule.description}\n{rule.meaning}\nSeverity: {rule.severity.value}. {counts}"
    return escape(said.rstrip()).replace("$", "&#36;")


def _outcome(rule: Rule, result: RuleResult) -> Any:
    """The result in Great Expectations' own form, without any value."""
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult

    evaluated, failed, missing = result.rows_evaluated, result.rows_failed, result.rows_not_evaluable
    if result.error is not None or evaluated is None or failed is None or missing is None:
        return ExpectationValidationResult(
            success=False,
            expectation_config=expectation_of(rule, _words(rule)).configuration,
            result={},
            exception_info={"raised_exception": True, "exception_message": _NOT_RUN, "exception_traceback": _NOT_RUN},
            meta={},
        )
    total = evaluated + missing
    counts = f"Rows: {evaluated:,} evaluated, {failed:,} failed, {missing:,} not evaluable."
    percent = 100 * failed / evaluated if evaluated else 0.0
    return ExpectationValidationResult(
        success=result.success,
        expectation_config=expectation_of(rule, _words(rule, counts)).configuration,
        result={
            "element_count": total,
            "missing_count": missing,
            "missing_percent": 100 * missing / total if total else 0.0,
            "unexpected_count": failed,
            "unexpected_percent": percent,
            "unexpected_percent_nonmissing": percent,
            "unexpected_percent_total": 100 * failed / total if total else 0.0,
        },
        exception_info={"raised_exception": False, "exception_message": None, "exception_traceback": None},
        meta={},
    )


def _finish(builder: Any, validation: _Validation, site: Path) -> SuiteLine:
    """Make the table's two pages still. Great Expectations logs and leaves out a page that it cannot render."""
    pages = []
    for key, title in ((validation.result_key, "Results"), (validation.suite_key, "Expectations")):
        url = builder.get_resource_url(key, only_if_exists=True)
        # of the address only what follows the folder is escaped (Great Expectations 1.24, 2026-11)
        page = site / url2pathname(url.rpartition(str(site))[2].lstrip("/\\")) if url else None
        if page is None or not page.is_file():
            raise DataDocsError(
                f"Great Expectations made no page '{title}' for table {validation.table}; its log says why"
            )
        text = page.read_text(encoding="utf-8")
        page.write_text(still_page(text, f"{title} of {validation.table}"), encoding="utf-8")
        pages.append(page.relative_to(site).as_posix())
    results = [result for _, result in validation.judged]
    not_run = sum(result.error is not None for result in results)
    passed = sum(result.success for result in results)
    return SuiteLine(validation.table, passed, len(results) - passed - not_run, not_run, pages[0], pages[1])
