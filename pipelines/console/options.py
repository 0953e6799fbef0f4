"""Options that several commands have, and the settings that they make.

Belongs here: where everything is kept and where raw files land, as they are given on a command line. Does not: options
of one command (pipelines/cli.py), what a setting means (pipelines/settings.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.console.terminal import stdout
from pipelines.settings import Limits, Settings, Storage


def well_formed(text: str) -> str:
    """The text; what is not UTF-8, as of a script saved in Latin-1, is refused before a library stumbles over it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise typer.BadParameter("it holds bytes that are not UTF-8: save or write it in UTF-8") from None
    return text


def _folder(text: str) -> Path:
    """A folder that is there or can be made. An empty name, as of a variable of a script that is not set, is none: it
    would be the folder that one happens to be in.
    """
    if not text.strip():
        raise typer.BadParameter("the name is empty: name a folder, or leave the option out")
    path = Path(text)
    if path.exists() and not path.is_dir():
        raise typer.BadParameter(f"{text} is a file, not a folder")
    return path


def _folder_that_exists(text: str) -> Path:
    if not (path := _folder(text)).exists():
        raise typer.BadParameter(f"{text} does not exist: create it, or correct the name")
    return path


Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="Where everything is kept [TRIALMART_HOME, else ./trialmart-home].",
        metavar="<dir>",
        parser=_folder,
    ),
]
Landing = Annotated[
    Path | None,
    typer.Option(
        "--landing",
        help="Folder of raw files [TRIALMART_LANDING, else landing/ in the home].",
        metavar="<dir>",
        parser=_folder_that_exists,
    ),
]


def _show_version(asked: bool) -> None:
    if asked:
        from pipelines.warehouse.versions import code_version

        stdout().print(f"trialmart {code_version()}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True),
]


def settings_of(home: Path | None, landing: Path | None = None) -> Settings:
    """Options over the environment over the defaults. Raises ValidationError, also for the settings that are read later
    on: half a minute into a run nobody expects a word of them.
    """
    Limits()
    Storage()
    given: dict[str, Any] = {"home": home, "landing": landing}
    return Settings(**{name: value for name, value in given.items() if value is not None})
