"""Writing a sample: N records into a folder, and beside them the sidecar that says what a pipeline should find.

Belongs here: the walk over blocks, the sidecar, files that are bad as files. Does not belong here: formats, records.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from pipelines.sample.blocks import MIXED, Block, blocks_of
from pipelines.sample.defects import Finding
from pipelines.sample.draft import DEFAULT_SNAPSHOT, Json
from pipelines.sample.records import ACCEPTED, QUARANTINED, UNCHANGED, Record, json_record, page_record
from pipelines.sample.sinks import Place, WrittenFile, finished

SIDECAR_NAME: Final = ".trialmart-sample.json"
GENERATOR_VERSION: Final = 3
"""Raised whenever the same seed and number give another record than before."""

_PROGRESS_EVERY: Final = 500


class SampleError(Exception):
    """The sample cannot be written; the message says why and what to do."""


@dataclass(frozen=True)
class SampleReport:
    """What was written.

    `seen`, `accepted`, `unchanged`, `quarantined` are what a pipeline that reads the folder once should count; files
    that hold no record at all count as one seen and quarantined. `bytes_written` is the size on disk, `files` how many
    (without sidecar), `planted` the number of findings in the sidecar.
    """

    directory: Path
    sidecar: Path
    records: int
    files: int
    bytes_written: int
    planted: int
    seen: int
    accepted: int
    unchanged: int
    quarantined: int


@dataclass
class _Tally:
    files: list[WrittenFile] = field(default_factory=list)
    defects: list[orjson.Fragment] = field(default_factory=list)  # packed at once: a full sample has 50,000
    bad_files: list[Json] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def note(self, record: Record, place: Place) -> None:
        for finding in record.findings:
            self.defects.append(orjson.Fragment(orjson.dumps(_entry(finding, record.record_key, place))))

    def total(self, fate: str) -> int:
        return sum(file.fates[fate] for file in self.files)


def _entry(finding: Finding, record_key: str | None, place: Place) -> Json:
    return {
        "rule": finding.rule,
        "expectation": finding.expectation,
        "reason_code": finding.reason_code,
        "record_key": record_key,
        "file": place.file,
        "member": place.member,
        "position": place.position,
        "path": finding.path,
        "value": finding.value,
        "rows": finding.rows,
        "also": finding.also,
    }


def write_sample(
    n: int,
    directory: Path,
    *,
    seed: int = 7,
    formats: Sequence[str] = ("ctgov_zip",),
    defects: bool = True,
    on_progress: Callable[[int], None] | None = None,
    snapshot: str = DEFAULT_SNAPSHOT,
) -> SampleReport:
    """Write `n` synthetic records below `directory`, with a sidecar ``.trialmart-sample.json``.

    `formats` share the records evenly in the order given; see ``blocks.FORMATS``. "mixed", given alone, is a landing
    folder with all formats in sub-folders and a few bad files. `defects` False writes clean records and no bad files.
    `on_progress` is called with the number of records written so far, every 500 records and at the end. `snapshot` is
    the day on which the imagined registry was downloaded.

    Record i depends on `seed`, i and `snapshot` alone. The folder may hold other files, but not another sample.
    Raises ValueError for bad arguments, SampleError where another sample is in the way, OSError from the file system.
    """
    if n < 1 or seed < 0:
        raise ValueError(f"a sample has at least one record and a seed of 0 or more, got n={n}, seed={seed}")
    blocks = blocks_of(n, formats)
    parameters = {"seed": seed, "n": n, "formats": list(formats), "defects": defects, "snapshot": snapshot}
    _refuse_other_sample(directory, parameters)
    directory.mkdir(parents=True, exist_ok=True)
    tally = _Tally()
    first = 0
    json_before = False
    for block in blocks:
        _write_block(block, first, directory, parameters, tally, json_before=json_before, on_progress=on_progress)
        first += block.records
        json_before = block.kind == "json" and not block.cut_last
    if on_progress is not None:
        on_progress(n)
    if MIXED in formats and defects:
        _write_bad_files(directory, tally)
    return _finish(directory, parameters, tally)


def _write_block(
    block: Block,
    first: int,
    directory: Path,
    parameters: Json,
    tally: _Tally,
    *,
    json_before: bool,
    on_progress: Callable[[int], None] | None,
) -> None:
    seed, snapshot, defects = parameters["seed"], parameters["snapshot"], parameters["defects"]
    sink = block.open(directory, block.records)
    render = None if block.kind in ("json", "clean") else _renderer(block.kind)
    torn = block.cut_last and defects
    for index in range(first, first + block.records):
        if render is None:
            record = json_record(
                seed,
                index,
                snapshot,
                defects=defects and block.kind == "json" and not block.cut_last,
                may_cut=sink.may_cut,
                may_repeat=index > first or json_before,
            )
        else:
            record = page_record(seed, index, snapshot, render, labelled=block.kind == "labelled", defects=defects)
        if torn and index == first + block.records - 1:
            record = _torn(record)
        tally.note(record, sink.add(record))
        if on_progress is not None and (index + 1) % _PROGRESS_EVERY == 0:
            on_progress(index + 1)
    sink.close()
    tally.files.extend(sink.files)


def _torn(record: Record) -> Record:
    """The first half of a record: where a download stopped."""
    half = record.content[: len(record.content) // 2]
    value = f"{len(half)} of {len(record.content)} bytes"
    finding = Finding("truncated_json", "", value, "quarantine", "truncated_json")
    return record._replace(content=half, record_key=None, fate=QUARANTINED, findings=[finding])


def _renderer(kind: str) -> Callable[[Json], str]:
    # Loaded only where page text is asked for.
    from pipelines.sample.page_text import render_page

    return lambda study: render_page(study, "labelled" if kind == "labelled" else "bare")


def _write_bad_files(directory: Path, tally: _Tally) -> None:
    """An empty file, one in no known format, and one that is still on its way."""
    bad = (
        ("exports/empty.json", b"", "empty_file"),
        ("notes/minutes.txt", b"Minutes of the data meeting.\n\nNobody took any decision.\n", "unknown_format"),
    )
    for name, content, code in bad:
        with finished(directory / name) as part:
            part.write_bytes(content)
        tally.bad_files.append({"path": name, "reason_code": code})
    coming = directory / "incoming" / "ctg-studies.json.part"
    coming.parent.mkdir(parents=True, exist_ok=True)
    coming.write_bytes(b'[{"protocolSection":{"identificationModule":{"nctId":"NCT9')
    tally.ignored.append("incoming/ctg-studies.json.part")


def _refuse_other_sample(directory: Path, parameters: Json) -> None:
    sidecar = directory / SIDECAR_NAME
    if not sidecar.exists():
        return
    try:
        former: Any = orjson.loads(sidecar.read_bytes())
        same = former["parameters"] == parameters and former["generator_version"] == GENERATOR_VERSION
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise SampleError(f"{sidecar} is not a sidecar of this program ({error}): choose another folder") from error
    if not same:
        raise SampleError(
            f"{directory} holds another sample ({former['parameters']}): choose another folder, or delete that one"
        )


def _finish(directory: Path, parameters: Json, tally: _Tally) -> SampleReport:
    bad = len(tally.bad_files)
    accepted, unchanged = tally.total(ACCEPTED), tally.total(UNCHANGED)
    quarantined = tally.total(QUARANTINED) + bad
    seen = accepted + unchanged + quarantined
    sidecar: Json = {
        "generator_version": GENERATOR_VERSION,
        "parameters": parameters,
        "expected": {"seen": seen, "accepted": accepted, "unchanged": unchanged, "quarantined": quarantined},
        "files": [
            {"path": file.path, "format": file.format, "records": file.records, **file.fates} for file in tally.files
        ],
        "bad_files": tally.bad_files,
        "ignored_files": tally.ignored,
        "defects": tally.defects,
    }
    path = directory / SIDECAR_NAME
    with finished(path) as part:
        part.write_bytes(orjson.dumps(sidecar, option=orjson.OPT_INDENT_2))
    names = [file.path for file in tally.files] + [file["path"] for file in tally.bad_files]
    return SampleReport(
        directory=directory,
        sidecar=path,
        records=parameters["n"],
        files=len(names),
        bytes_written=sum((directory / name).stat().st_size for name in names),
        planted=len(tally.defects),
        seen=seen,
        accepted=accepted,
        unchanged=unchanged,
        quarantined=quarantined,
    )
