"""The `trialmart` command.

Belongs here: commands, options, exit codes (0 done, 1 failed, 2 usage). Does not: work on data (the rooms, by way of
Dagster), what is said and how it is laid out (pipelines/console).
"""

from __future__ import annotations

import atexit
import json
import secrets
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.collector import set_aside
from pipelines.console.faults import EXIT_FAILED, EXIT_USAGE, fail, plainly, plainly_outside
from pipelines.console.options import Home, Landing, Version, settings_of, well_formed
from pipelines.console.query import Format, jsonable
from pipelines.console.running import check_gates, shown_run
from pipelines.console.terminal import counted, open_streams, stderr, stdout, visible_text

app = typer.Typer(
    name="trialmart",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def trialmart(_version: Version = False) -> None:
    """Raw clinical-trial registry files in; a checked, documented, versioned DuckDB warehouse out."""


@app.command()
def demo(home: Home = None) -> None:
    """Sample records → the whole pipeline → where the warehouse is, and three answers."""
    from pipelines.console.demo import print_answers, write_demo_landing

    with plainly():
        settings = settings_of(home)
        write_demo_landing(settings, stdout())
        if not shown_run(settings, rebuild=False):
            raise typer.Exit(EXIT_FAILED)
        print_answers(settings, stdout())


@app.command()
def run(
    home: Home = None,
    landing: Landing = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Run models and rules also if no file is new.")] = False,
    read_again: Annotated[
        bool, typer.Option("--read-again", help="Read the whole archive with today's readers, and run everything.")
    ] = False,
    allow_gate: Annotated[
        list[str] | None,
        typer.Option("--allow-gate", metavar="RULE", help="Publish even if this gate fails; may be given repeatedly."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why the gates are allowed; kept in the warehouse.")] = "",
    report: Annotated[
        bool, typer.Option("--report", help="Write the report pages afterwards, to report/ in the home.")
    ] = False,
) -> None:
    """One full pass over landing: read what is new, build, check, publish."""
    with plainly():
        allowed = sorted(set(allow_gate or ()))
        check_gates(allowed, well_formed(reason))
        settings = settings_of(home, landing)
        if not shown_run(settings, rebuild=rebuild, read_again=read_again, allow_gates=allowed, allow_reason=reason):
            raise typer.Exit(EXIT_FAILED)
        if report:
            from pipelines.orchestration.run import run_report

            with stderr().status("writing pages"):
                index = run_report(settings)
            stdout().print(f"report       {index}")


@app.command()
def fetch(
    registry: Annotated[str, typer.Argument(help="Which registry: ctgov.")],
    home: Home = None,
    landing: Landing = None,
    full: Annotated[
        bool, typer.Option("--full", help="Fetch everything again instead of what has changed since the last fetch.")
    ] = False,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="Fetch what was updated on or after this day."),
    ] = None,
) -> None:
    """Bring new records from a registry's public interface into landing. The only command that uses a network."""
    with plainly():
        from pipelines.console.fetching import shown_fetch

        shown_fetch(registry, settings_of(home, landing), full=full, since=since.date() if since else None)


@app.command()
def ui(
    home: Home = None,
    landing: Landing = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port of the web server.")] = 3000,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on. There is no login: leave it on loopback.")
    ] = "127.0.0.1",
) -> None:
    """The Dagster UI and daemon: runs, tables, checks, the daily schedule, the landing sensor."""
    from pipelines.console.web import announce, serve

    with plainly():
        settings = settings_of(home, landing)
        announce(settings, host, port)
        serve(settings, host, port)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="SQL, in quotes; - reads it from stdin.")],
    home: Home = None,
    form: Annotated[Format, typer.Option("--format", "-f", help="How rows are written.")] = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write instead of stdout.", dir_okay=False)
    ] = None,
    as_it_is: Annotated[
        bool, typer.Option("--raw", help="CSV for a program: no apostrophe before what a spreadsheet would run.")
    ] = False,
) -> None:
    """Query the published warehouse, read-only and cut off from files and network.

    Registry text is foreign text. In a CSV, a text that a spreadsheet would run as a formula (it begins with =, +, -, @
    or a tab, and is no number) gets an apostrophe before it; --raw, JSON and Parquet give every value as it is.
    """
    from pipelines.console.query import read_query, shown_query

    with plainly():
        if form is Format.PARQUET and output is None and sys.stdout.isatty():
            raise fail("Parquet is a binary format: give it a file with --output FILE, or a pipe", EXIT_USAGE)
        shown_query(settings_of(home), read_query(query), form, output, raw=as_it_is)


@app.command()
def status(
    home: Home = None,
    landing: Landing = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """What is published, from which run, how fresh; open quarantine; failing rules."""
    from pipelines.console.status import collect, print_status

    with plainly():
        facts = collect(settings_of(home, landing))
        if as_json:
            text = json.dumps(jsonable(facts), ensure_ascii=False, indent=2) + "\n"
            sys.stdout.write(visible_text(text) if sys.stdout.isatty() else text)
        else:
            print_status(stdout(), facts)


@app.command()
def sample(
    n: Annotated[int, typer.Argument(metavar="N", min=1, help="Number of records.")],
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write to.", file_okay=False)],
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same records.")] = 7,
    form: Annotated[
        list[str] | None,
        typer.Option("--format", "-f", help="Format; several: repeated, or with commas between. Default: mixed."),
    ] = None,
    further: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    defects: Annotated[bool, typer.Option("--defects/--no-defects", help="Plant defects, listed in a sidecar.")] = True,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            metavar="DAY",
            formats=["%Y-%m-%d"],
            help="The day (2025-06-01) on which the registry shows them so. Two days, in two folders, give versions.",
        ),
    ] = None,
) -> None:
    """Write N synthetic registry records, with a sidecar that lists the defects planted in them."""
    from pipelines.console.sampling import named_formats, shown_sample

    with plainly():
        formats = named_formats(form or (), further or ())
        day = as_of.date().isoformat() if as_of else None
        shown_sample(n, directory, seed=seed, formats=formats, defects=defects, as_of=day)


@app.command()
def report(
    home: Home = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the pages.", file_okay=False)] = Path(
        "trialmart-report"
    ),
    sponsor: Annotated[
        list[str] | None,
        typer.Option("--sponsor", metavar="NAME", help="A page for this lead sponsor; may be given repeatedly."),
    ] = None,
    trial: Annotated[
        list[str] | None,
        typer.Option("--trial", metavar="ID", help="A page for this trial or record; may be given repeatedly."),
    ] = None,
) -> None:
    """Pages to look at: self-contained HTML about the published warehouse, for a browser, without a network."""
    from pipelines.reports import Wanted, write_report

    with plainly():
        wanted = Wanted(tuple(map(well_formed, sponsor or ())), tuple(map(well_formed, trial or ())))
        with stderr().status("writing pages"):
            done = write_report(settings_of(home).warehouse_path, output, wanted)
        size = f"{done.bytes / 1e6:.1f} MB"
        stdout().print(f"{counted(len(done.pages), 'page')}, {size}, in {output}; begin with {done.index}")


@app.command()
def raw(
    record_key: Annotated[str, typer.Argument(help="Key of the record, for example CTGOV:NCT07280871.")],
    home: Home = None,
    version: Annotated[int | None, typer.Option("--version", min=1, help="Version; default: the current one.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write instead of stdout.", dir_okay=False)
    ] = None,
) -> None:
    """The exact bytes that a record came from."""
    from pipelines.console.raw_record import put_raw, raw_bytes

    with plainly():
        put_raw(raw_bytes(settings_of(home), well_formed(record_key), version), output)


@app.command()
def verify(
    home: Home = None,
    records: Annotated[int, typer.Option("--records", min=0, help="Record versions to read again.")] = 100,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Draws the versions; default: other ones each time.")
    ] = None,
) -> None:
    """Read a sample of records again from their raw bytes and compare; check the archive against its hashes."""
    from pipelines.console.verification import print_verification
    from pipelines.warehouse.verify import verify as verify_warehouse

    with plainly():
        chosen = secrets.randbelow(1_000_000) if seed is None else seed
        found = verify_warehouse(settings_of(home), records=records, seed=chosen)
        print_verification(stdout(), found)
        if not found.holds:
            raise typer.Exit(EXIT_FAILED)


@app.command()
def rollback(
    build: Annotated[str | None, typer.Argument(help="Build to put back; default: the one before.")] = None,
    home: Home = None,
) -> None:
    """Put an earlier published build back."""
    from pipelines.warehouse.builds import list_builds
    from pipelines.warehouse.publish import rollback as put_back

    with plainly():
        settings = settings_of(home)
        done = put_back(settings, build)
        stdout().print(f"{settings.warehouse_path} is build {done.build_id} again; kept builds:")
        for kept in list_builds(settings):
            stdout().print(f"    {kept.build_id}{'  (current)' if kept.is_current else ''}")


@app.command()
def docs(
    home: Home = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the pages.", file_okay=False)] = Path(
        "trialmart-docs"
    ),
) -> None:
    """The data dictionary: every table, column, rule and where columns come from."""
    from pipelines.console.dictionary import write_dictionary

    with plainly():
        pages = write_dictionary(settings_of(home), output)
        stdout().print(f"{counted(len(pages), 'page')} in {output}; begin with {output / 'index.html'}")


def main() -> None:
    """Entry point of the `trialmart` command."""
    open_streams()
    atexit.register(set_aside)
    with plainly_outside():
        app()


if __name__ == "__main__":
    main()
