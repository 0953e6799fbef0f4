"""The end of a run in words: counts, rules that failed, what is quarantined, published or not, and where.

Belongs here: laying out a RunOutcome, and what stands where nothing was to be done. Does not: deciding anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from pipelines.console.status import NEWEST_JUDGING
from pipelines.console.terminal import counted, pairs, print_unpadded, size, visible_lines
from pipelines.orchestration.watch import RunOutcome
from pipelines.settings import Settings
from pipelines.warehouse.builds import BuildInfo
from pipelines.warehouse.connect import connect_read_only

SEVERITIES = ("gate", "error", "warn", "info")
SHOWN_RULES = 8


def print_summary(console: Console, outcome: RunOutcome, settings: Settings) -> None:
    """Everything a person wants to know after a run."""
    console.print()
    print_unpadded(console, pairs(_lines(outcome, settings)))
    _print_errors(console, outcome, settings)


def print_standing(console: Console, settings: Settings, build: BuildInfo, files: int, seconds: float) -> None:
    """The same lines where a run found nothing new in `files` landing files: what its rules say is the `build`'s."""
    with connect_read_only(build.path) as connection:
        results = connection.execute(
            "SELECT severity, success, error IS NOT NULL FROM quality.expectation_result "
            f"WHERE run_id = {NEWEST_JUDGING}"
        ).fetchall()
    lines = [
        ("files", f"0 read of {files:,} in {settings.landing_dir}"),
        ("records", "0 seen = 0 accepted + 0 unchanged + 0 quarantined"),
        ("rules", _rules(results)),
        ("published", f"stands as it was, {settings.warehouse_path} (build {build.build_id}, {size(build.bytes)})"),
        ("seconds", f"{seconds:.1f}"),
    ]
    console.print()
    print_unpadded(console, pairs(lines))


def _lines(outcome: RunOutcome, settings: Settings) -> list[tuple[str, str]]:
    lines = []
    report = outcome.ingest
    if report is not None:
        lines.append(("files", f"{report.files:,} read of {outcome.files_found:,} in {settings.landing_dir}"))
        fates = f"{report.records_accepted:,} accepted + {report.records_unchanged:,} unchanged"
        lines.append(
            ("records", f"{report.records_seen:,} seen = {fates} + {report.records_quarantined:,} quarantined")
        )
        if report.quarantine_reasons:
            lines.append(("quarantined", _counts(report.quarantine_reasons)))
    if outcome.rules:
        lines.append(("rules", _rules([(r.severity.value, r.success, r.error is not None) for r in outcome.rules])))
        worst = sorted(
            (r for r in outcome.rules if not r.success),
            key=lambda r: (SEVERITIES.index(r.severity.value), -(r.rows_failed or 0)),
        )
        shown = [f"{r.rule} ({r.severity.value}, {_failed(r.rows_failed)})" for r in worst[:SHOWN_RULES]]
        if shown:
            more = f", and {len(worst) - SHOWN_RULES} more" if len(worst) > SHOWN_RULES else ""
            lines.append(("", ", ".join(shown) + more))
    if outcome.overrides:
        lines.append(("overridden", f"{', '.join(outcome.overrides)}: failed, but allowed for this run"))
    failed_tests = [t for t in outcome.tests if not t.success]
    if failed_tests:
        names = ", ".join(f"{t.model}.{t.test.name} ({t.test.severity})" for t in failed_tests[:SHOWN_RULES])
        lines.append(("model tests", f"{len(failed_tests)} of {len(outcome.tests)} failed: {names}"))
    if outcome.published is not None:
        done = outcome.published
        lines.append(("published", f"yes, {settings.warehouse_path} (build {done.build_id}, {size(done.bytes)})"))
    else:
        former = settings.warehouse_path.is_symlink()
        lines.append(("published", "no" + ("; the former warehouse stays as it was" if former else "")))
    lines.append(("seconds", f"{outcome.seconds:.1f}"))
    return lines


def _rules(results: Sequence[tuple[str, bool, bool]]) -> str:
    """How many failed, from the severity of each, whether it holds, and whether it could not run."""
    failed = Counter(severity for severity, success, _ in results if not success)
    parts = ", ".join(f"{severity} {failed[severity]}" for severity in SEVERITIES)
    unable = sum(is_unable for *_, is_unable in results)
    return f"{failed.total()} of {len(results)} failed: {parts}" + (f"; {unable} could not run" if unable else "")


def _failed(rows: int | None) -> str:
    return "could not run" if rows is None else counted(rows, "row")


def _counts(reasons: dict[str, int]) -> str:
    return ", ".join(f"{code} {count:,}" for code, count in sorted(reasons.items(), key=lambda pair: -pair[1]))


def _print_errors(console: Console, outcome: RunOutcome, settings: Settings) -> None:
    for step, message in outcome.errors.items():
        console.print(f"\nerror in {step}: {visible_lines(message)}", style="red")
    if outcome.published is None and outcome.rejected is not None:
        console.print(f"\nThe rejected build is kept for a look: {outcome.rejected}")
    if outcome.errors:
        console.print(
            f"\nEvery step with its log: trialmart ui --home {settings.home_dir} (run {outcome.run_id[:8]})",
            style="dim",
        )
