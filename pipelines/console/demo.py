"""`trialmart demo`: sample records into landing, and three questions to the warehouse that comes of them.

Belongs here: the demo's sample, its questions and what to try next. Does not: running the pipeline.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from rich.console import Console

from pipelines.console.query import Format, write_query
from pipelines.console.terminal import counted
from pipelines.landing.catalogue import scan
from pipelines.settings import Settings
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.errors import WarehouseError

RECORDS = 300
SEED = 7
FOLDER = "sample"
ALSO_AS = ("isrctn_xml", "ctis_json", "ictrp_xml", "ctgov_xml")
ALSO_RECORDS = 20
"""The first studies once more, as other registries and formats hold them: records of one trial find each other."""

EARLIER_DAY = "2025-06-01"
EARLIER_RECORDS = 40
"""The first studies as their registry showed them then: versions, so that there is a history to look at."""

QUESTIONS = {
    "What is recruiting, and for how many participants?": """
        SELECT stage, count(*) AS studies, sum(enrollment) AS participants,
               count(*) FILTER (WHERE is_stale) AS look_out_of_date
        FROM marts.recruitment_pipeline GROUP BY stage ORDER BY studies DESC
    """,
    "Which trials are in several registries, and what ties their records together?": """
        SELECT trial.trial_id, list(DISTINCT record.registry ORDER BY record.registry) AS registries,
               any_value(link.evidence ORDER BY link.score DESC) AS strongest_evidence
        FROM core.trial AS trial
        JOIN core.record AS record USING (trial_id)
        JOIN core.record_link AS link ON link.record_key_a = record.record_key AND link.is_accepted
        WHERE trial.record_count > 1
        GROUP BY trial.trial_id ORDER BY count(DISTINCT record.registry) DESC, trial.trial_id LIMIT 6
    """,
    "What is wrong in these records, in words?": """
        SELECT severity, rule, record_key, message FROM quality.violation
        WHERE severity IN ('error', 'warn')
        QUALIFY row_number() OVER (PARTITION BY rule ORDER BY record_key) = 1
        ORDER BY severity, rule LIMIT 8
    """,
}


def write_demo_landing(settings: Settings, console: Console) -> None:
    """Write the sample into landing/sample, unless it is there. WarehouseError where landing holds other files."""
    from pipelines.sample import SIDECAR_NAME, SampleError, write_sample

    landing = settings.landing_dir
    landing.mkdir(parents=True, exist_ok=True)
    folder = landing / FOLDER
    if (folder / SIDECAR_NAME).exists():
        console.print(f"sample records are in {folder} already")
        return
    found = scan(landing, settings.home_dir).files
    own = [file.relative_path for file in found if not file.relative_path.startswith(f"{FOLDER}/")]
    if own:
        raise WarehouseError(
            f"{landing} holds {counted(len(own), 'file')} of your own ({own[0]}); the demo does not mix sample "
            "records with them. Use `trialmart run`, or give the demo a folder of its own: "
            "trialmart demo --home ./trialmart-demo"
        )
    try:
        for format_name in ALSO_AS:
            write_sample(ALSO_RECORDS, folder / format_name, seed=SEED, formats=(format_name,), defects=False)
        write_sample(
            EARLIER_RECORDS,
            folder / "earlier",
            seed=SEED,
            formats=("ctgov_ndjson",),
            defects=False,
            snapshot=EARLIER_DAY,
        )
        report = write_sample(RECORDS, folder, seed=SEED, formats=("mixed",))
    except SampleError as error:
        raise WarehouseError(str(error)) from error
    console.print(
        f"{counted(report.records, 'synthetic record')} in {counted(report.files, 'file')} written to {folder}, "
        f"{report.planted} defects planted on purpose ({report.sidecar.name} lists them); the first {ALSO_RECORDS} "
        f"studies once more as {', '.join(ALSO_AS)}; the first {EARLIER_RECORDS} as they were on {EARLIER_DAY}"
    )


def print_answers(settings: Settings, console: Console) -> None:
    """The three questions with their answers, and what to try next."""
    with connect_read_only(settings.warehouse_path) as connection:
        for question, sql in QUESTIONS.items():
            console.print(f"\n{question}\n")
            write_query(connection, sql, Format.TABLE, None)
    home = _shown(settings.home_dir)
    console.print(f"\nThe warehouse: {settings.warehouse_path}")
    console.print("Any DuckDB ≥ 1.5 client opens it read-only. What to try next:\n")
    this = _this_command()
    for command, what in (
        (f"{this} sql 'FROM core.record LIMIT 5' --home {home}", "ask it anything"),
        (f"{this} status --home {home}", "what is published, what is open"),
        (f"{this} ui --home {home}", "the run, its tables and checks in the browser"),
        (f"{this} docs --home {home}", "every table, column and rule described"),
        (f"{this} run --home {home} --landing DIR", "your own files"),
    ):
        console.print(f"    {command:<72} {what}", soft_wrap=True)


def _this_command() -> str:
    """The words that call this command again: its name where a shell finds it, else its path."""
    called = Path(sys.argv[0])
    found = shutil.which("trialmart")
    if called.name != "trialmart" or (found is not None and Path(found).samefile(called)):
        return "trialmart"
    return _shown(called.absolute())


def _shown(path: Path) -> str:
    """The path as short as it can be typed here."""
    cwd = Path.cwd()
    text = str(path.relative_to(cwd)) if path.is_relative_to(cwd) and path != cwd else str(path)
    return f"'{text}'" if " " in text else text
