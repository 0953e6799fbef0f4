"""What can go wrong around the warehouse file, said so that a person can act on it.

Belongs here: the exceptions of build, publish, rollback and connect. Does not: errors in records (those
are quarantined) or in SQL models. Every message says what happened, where, and what to do; the command line
prints it as it is.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path


def system_trouble(error: OSError) -> str:
    """What the operating system refused, where, and what a person can do about it."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"no space left on the disk{where}: free some, or choose a larger disk (--home, --output), and try again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{error.strerror}{where}: check the permissions of that place, or choose another with --home or --output"
        )
    if (
        error.errno == errno.ENOENT
        and error.filename
        and not (folder := Path(os.fsdecode(error.filename)).parent).exists()
    ):
        return f"the folder {folder} does not exist: create it, or choose another with --home or --output"
    if error.errno == errno.ENOENT and not error.filename and not _is_in_a_folder():
        return "the folder that you are in is gone: change to another one, and try again"
    if error.errno == errno.EFBIG:
        return (
            f"{error.strerror}{where}: a limit of this shell (`ulimit -f`) or of the file system; "
            "raise it, or choose another place with --home or --output"
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return f"{error.strerror}{where}: a file is where a folder should be; choose another with --home or --output"
    return f"{error.strerror or error}{where}"


def _is_in_a_folder() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


class WarehouseError(Exception):
    """Something about the warehouse that a person can put right."""


class NoWarehouseError(WarehouseError):
    """Nothing has been published yet, or the link points nowhere."""


class WriterBusyError(WarehouseError):
    """Another run holds the writer lock."""


class UnknownBuildError(WarehouseError):
    """The build asked for is not among those kept."""


class AuditError(WarehouseError):
    """The build may not be published. `findings` holds one sentence for each reason."""

    def __init__(self, build_id: str, findings: Sequence[str]) -> None:
        self.build_id = build_id
        self.findings = tuple(findings)
        shown = "\n".join(f"  - {finding}" for finding in self.findings[:20])
        more = f"\n  … and {len(self.findings) - 20} more" if len(self.findings) > 20 else ""
        super().__init__(
            f"build {build_id} is not published, {len(self.findings)} finding(s):\n{shown}{more}\n"
            "The former warehouse stays. Correct what is named above and run again."
        )
