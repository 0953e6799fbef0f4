"""What `trialmart verify` found, in words.

Belongs here: laying out a Verification. Does not: verifying (pipelines/warehouse/verify.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from pipelines.console.terminal import counted, pairs, print_unpadded, size, visible
from pipelines.warehouse.rederive import Difference
from pipelines.warehouse.verify import Verification

SHOWN = 50
"""Lines of one kind that are listed; the count of the rest is told."""


def print_verification(console: Console, found: Verification) -> None:
    """The counts, then every fault with its place and what to do."""
    print_unpadded(console, pairs(_lines(found)))
    _list(
        console,
        found.archive_faults,
        "The archive is not what it was. Restore these copies from a backup, or, where landing still has the file, "
        "copy it there under that name:",
    )
    _list(console, found.unread, "Versions that could not be read again:")
    _list(
        console,
        _words(found.differences),
        "Stored otherwise than reading gives it now, by the same code. Please report this; `trialmart raw` shows the "
        "bytes:",
    )
    _list(
        console,
        _words(found.differences_of_code),
        "No fault: in versions that other readers than today's had read, these values come out otherwise now. They "
        "stay as they were read:",
    )


def _lines(found: Verification) -> list[tuple[str, str]]:
    formats = ", ".join(f"{name} {count:,}" for name, count in sorted(found.sampled_by_format.items()))
    again = found.sampled_by_format.total()
    archive = "all as their hashes say" if not found.archive_faults else f"{len(found.archive_faults):,} damaged"
    lines = [
        ("build", found.build_id),
        ("archive", f"{counted(found.files, 'file')}, {size(found.file_bytes)}: {archive}"),
        ("records", f"{again:,} of {counted(found.versions, 'version')} read again (seed {found.seed})"),
    ]
    if formats:
        lines.append(("", formats))
    if found.read_by_other_code:
        lines.append(("", f"{found.read_by_other_code:,} of them had been read by other code than today's"))
    lines.append(("staged", _compared(found.staged_values, found.staged_tables, found, "staging.", "raw.")))
    lines.append(("core", _compared(found.core_values, found.core_tables, found, "core.")))
    if found.field_states:
        lines.append(("pages", f"{counted(found.field_states, 'field state')} with their lines among them"))
    lines.append(("verified", "yes" if found.holds else "no"))
    return lines


def _compared(values: int, tables: int, found: Verification, *schemas: str) -> str:
    different = [d for d in (*found.differences, *found.differences_of_code) if d.table.startswith(schemas)]
    said = f"{len(different):,} differ" if different else "all the same"
    return f"{counted(values, 'value')} in {counted(tables, 'table')} compared: {said}"


def _words(differences: Sequence[Difference]) -> list[str]:
    return [f"{d.record_key} {d.table} {d.column}: stored {d.stored}, read {d.derived}" for d in differences]


def _list(console: Console, lines: Sequence[str], heading: str) -> None:
    if not lines:
        return
    console.print(f"\n{heading}")
    for line in lines[:SHOWN]:
        console.print(f"  {visible(line)}", soft_wrap=True)
    if len(lines) > SHOWN:
        console.print(f"  … and {len(lines) - SHOWN:,} more")
