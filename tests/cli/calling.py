"""A command of `trialmart` called in this process.

Belongs here: the call. Does not: processes of their own (tests/pipeline_run.py), what comes of a call.
"""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from pipelines.cli import app


def call(*arguments: str | Path, home: Path | None = None) -> Result:
    """A command in this process."""
    more = ["--home", str(home)] if home is not None else []
    return CliRunner().invoke(app, [*map(str, arguments), *more])
