"""Foreseeable faults as one message and an exit code; never a traceback for what a person can put right.

Belongs here: the table of such faults. Does not: faults of records (quarantine) or bugs, which do show their traceback.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import typer
from pydantic import ValidationError

from pipelines.console.terminal import stderr, visible_lines
from pipelines.landing.catalogue import LandingError
from pipelines.landing.copying import ArchiveError
from pipelines.settings import Limits, Storage
from pipelines.sources.errors import FetchError
from pipelines.warehouse.errors import WarehouseError, system_trouble

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


def fail(message: str, code: int = EXIT_FAILED) -> typer.Exit:
    """Print the message on stderr; to be raised by the caller."""
    stderr().print("error: " + visible_lines(message), style="red")
    return typer.Exit(code)


@contextmanager
def plainly() -> Iterator[None]:
    """Around a command: foreseeable faults end it with their message."""
    try:
        yield
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output is gone, as with `| head`: nobody is left to tell
        raise typer.Exit(EXIT_FAILED) from None
    except (WarehouseError, LandingError, ArchiveError, FetchError) as error:
        raise fail(str(error)) from error
    except ValidationError as error:
        raise fail(_setting_trouble(error), EXIT_USAGE) from error
    except duckdb.OutOfMemoryException as error:
        # DuckDB's own advice is a folder to spill into, which readers have not (pipelines/warehouse/connect.py)
        raise fail(
            "the query needs more memory than DuckDB may take here, and readers write nothing to disk: ask for fewer "
            "rows or columns, or open a copy of the warehouse file with DuckDB itself, which can spill"
        ) from error
    except duckdb.Error as error:
        raise fail(f"{type(error).__name__}: {error}") from error
    except KeyboardInterrupt:
        raise fail("interrupted; the published warehouse is as it was", EXIT_INTERRUPTED) from None
    except OSError as error:
        raise fail(system_trouble(error)) from error


@contextmanager
def plainly_outside() -> Iterator[None]:
    """Around what is no command: --help and --version, on a full disk."""
    try:
        yield
    except OSError as error:
        sys.exit(fail(system_trouble(error)).exit_code)


def _setting_trouble(error: ValidationError) -> str:
    lines = []
    prefix = "TRIALMART_LIMIT_" if error.title == Limits.__name__ else "TRIALMART_"
    for fault in error.errors():
        name = "_".join(str(part) for part in fault["loc"])
        # where to store may hold a password
        got = "" if error.title == Storage.__name__ else f", got {fault['input']!r}"
        lines.append(f"setting {name} (environment {prefix}{name.upper()}): {fault['msg']}{got}")
    return "\n".join(lines) + "\nCorrect or unset it and try again."
