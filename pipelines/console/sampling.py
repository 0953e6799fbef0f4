"""`trialmart sample` on the terminal.

Belongs here: what is refused, and the words at the end. Does not: making records (pipelines/sample).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.console.faults import EXIT_USAGE, fail
from pipelines.console.terminal import counted, stdout
from pipelines.sample import DEFAULT_SNAPSHOT, FORMATS, SampleError, write_sample


def named_formats(given: Sequence[str], further: Sequence[str]) -> tuple[str, ...]:
    """The formats meant by `--format a --format b`, `--format a,b` and `--format a b`, whose `b` comes as `further`.
    Ends the command where such words follow nothing.
    """
    if further and not given:
        raise fail(f"nothing is due after the folder, but {' '.join(further)} is given", EXIT_USAGE)
    names = (name.strip() for text in (*given, *further) for name in text.split(","))
    return tuple(dict.fromkeys(name for name in names if name)) or ("mixed",)


def shown_sample(
    n: int, directory: Path, *, seed: int, formats: tuple[str, ...], defects: bool, as_of: str | None
) -> None:
    """Write the records and say what was written. Ends the command where a format or a day is none, or a file cannot
    be written.
    """
    unknown = sorted(set(formats) - {*FORMATS, "mixed"})
    if unknown:
        raise fail(f"unknown format {', '.join(unknown)}; known: {', '.join(sorted({*FORMATS, 'mixed'}))}", EXIT_USAGE)
    try:
        report = write_sample(
            n, directory, seed=seed, formats=formats, defects=defects, snapshot=as_of or DEFAULT_SNAPSHOT
        )
    except ValueError as error:
        raise fail(str(error), EXIT_USAGE) from error
    except SampleError as error:
        raise fail(str(error)) from error
    stdout().print(
        f"{counted(report.records, 'record')} in {counted(report.files, 'file')} in {report.directory}, "
        f"{counted(report.planted, 'planted defect')} listed in {report.sidecar.name}"
    )
