"""How fast each reader turns files into studies, beside a bare parse of the same bytes by the library underneath.

    python benchmarks/readers.py [--studies 600] [--repeat 5] [--format FORMAT …]

For every reader in READERS: files made by pipelines/sample (rendered in that format, from the same studies), held in
memory; all records are read and dropped. Beside it the same bytes through `lxml.etree.fromstring`, `csv.reader`,
`orjson.loads` or `str.splitlines`, the results thrown away. Both take turns, `repeat` times, on one thread; seconds are
those of the processor, medians are printed. A bare parse gives no study: no field has a meaning yet, nothing is
checked, and a damaged record would have ended it.
"""

from __future__ import annotations

import argparse
import csv
import io
import statistics
import sys
import time
import zipfile
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import orjson
from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipelines.landing.member import Member
from pipelines.readers import READERS
from pipelines.readers.base import BadRecord, Reader
from pipelines.readers.tables import Dialect, Row, open_table
from pipelines.sample import make_study
from pipelines.sample.page_text import render_page
from pipelines.settings import Limits

LIMITS = Limits()
SEED = 21
csv.field_size_limit(2**31 - 1)


def by_lxml(files: Iterable[bytes]) -> None:
    for data in files:
        etree.fromstring(data)


def by_csv(files: Iterable[bytes], delimiter: str = ",") -> None:
    for data in files:
        for _ in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter):
            pass


def by_orjson(files: Iterable[bytes]) -> None:
    for data in files:
        try:
            orjson.loads(data)
        except orjson.JSONDecodeError:  # NDJSON
            for line in data.splitlines():
                orjson.loads(line)


def by_lines(files: Iterable[bytes]) -> None:
    for data in files:
        data.decode().splitlines()


BARE: dict[str, tuple[str, Callable[[Iterable[bytes]], None]]] = {
    "xml": ("lxml", by_lxml),
    "csv": ("csv", by_csv),
    "json": ("orjson", by_orjson),
    "v2": ("orjson", by_orjson),
    "text": ("splitlines", by_lines),
    "flat": ("csv", lambda files: by_csv(files, "|")),
}
"""Last word of a format's name → the library underneath."""


class Corpus(NamedTuple):
    """Files of one format; those of an archive of tables have names."""

    files: list[bytes]
    names: list[str | None]


def corpus_of(reader: Reader, studies: list[dict]) -> Corpus | None:
    """The studies in a reader's format: one file where the format has files of many records, else one for each; None
    where nothing renders it."""
    if reader.format == "ctgov_v2":
        return _plain([orjson.dumps(study) for study in studies])
    if reader.format == "page_text":
        return _plain([render_page(study, "labelled").encode() for study in studies])
    try:
        render = import_module(f"pipelines.sample.render.{reader.format}").render_file
    except ModuleNotFoundError:
        return None
    try:
        whole = render(studies)
    except ValueError:
        return _plain([render([study]) for study in studies])
    if not whole.startswith(b"PK"):
        return _plain([whole])
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        names = archive.namelist()
        return Corpus([archive.read(name) for name in names], list(names))


def _plain(files: list[bytes]) -> Corpus:
    return Corpus(files, [None] * len(files))


def read_all(reader: Reader, corpus: Corpus) -> int:
    """Every record of the corpus through the reader; the number of them."""
    members = [Member.of_bytes(name, data) for name, data in zip(corpus.names, corpus.files, strict=True)]
    if reader.together is not None:
        return _counted(reader.together.read(members, LIMITS, None))
    return sum(_counted(reader.read(member, LIMITS)) for member in members)


def _counted(records: Iterable) -> int:
    count = 0
    for record in records:
        if isinstance(record, BadRecord):
            raise SystemExit(f"a record of the benchmark was refused: {record.reason}")
        count += 1
    return count


def only_rows(corpus: Corpus) -> None:
    """The rows of tables with their lines and exact bytes, not mapped: what pipelines/readers/tables does alone."""
    for data in corpus.files:
        with open_table(Member.of_bytes(None, data), Dialect(), LIMITS) as table:
            for row in table:
                assert isinstance(row, Row)
                row.raw  # noqa: B018  made when it is asked for


def measure(work: Callable[[], object], bare: Callable[[], None], repeat: int) -> tuple[float, float]:
    """Median processor seconds of the bare parse and of the work."""
    theirs, ours = [], []
    work()  # once to warm what is compiled at first use
    for _ in range(repeat):
        theirs.append(_seconds(bare))
        ours.append(_seconds(work))
    return statistics.median(theirs), statistics.median(ours)


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=600)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--format", action="append", help="only these formats")
    arguments = parser.parse_args()
    studies = [make_study(SEED, index) for index in range(arguments.studies)]
    print(f"{len(studies):,} studies, one thread, processor time, median of {arguments.repeat}\n")
    print("| format | records | MB | bare parse by | MB/s bare | MB/s reader | ratio |")
    print("|---|---|---|---|---|---|---|")
    for reader in READERS:
        if arguments.format and reader.format not in arguments.format:
            continue
        corpus = corpus_of(reader, studies)
        if corpus is None:
            print(f"| `{reader.format}` | | | nothing renders it | | | |")
            continue
        library, bare = BARE[reader.format.rpartition("_")[2]]
        works = {f"`{reader.format}`": lambda reader=reader, corpus=corpus: read_all(reader, corpus)}
        if library == "csv" and reader.together is None:
            works[f"`{reader.format}`, rows alone"] = lambda corpus=corpus: only_rows(corpus)
        size, count = sum(map(len, corpus.files)) / 1e6, read_all(reader, corpus)
        for name, work in works.items():
            theirs, ours = measure(work, lambda corpus=corpus, bare=bare: bare(corpus.files), arguments.repeat)
            figures = f"{size / theirs:,.0f} | {size / ours:,.1f} | {theirs / ours:.2f}"
            print(f"| {name} | {count:,} | {size:.1f} | {library} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
