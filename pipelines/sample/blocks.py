"""How a sample of N records is spread over files: which records go into which format.

Belongs here: the formats by name, and the realistic mixture. Does not belong here: writing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pipelines.sample.rendered import RENDERINGS, RenderedSink
from pipelines.sample.sinks import (
    ArraySink,
    CutArraySink,
    LinesSink,
    PageSink,
    SingleFilesSink,
    Sink,
    ZipSink,
)

MIXED: Final = "mixed"
MIXED_MINIMUM: Final = 30
_CUT_RECORDS: Final = 4


class Block(NamedTuple):
    """Neighbouring records that one sink takes.

    `kind`: "json", "labelled" or "bare" (page text), or "clean" (to be rendered, without defects). `cut_last`: the last
    record is torn off in its middle.
    """

    records: int
    kind: str
    open: Callable[[Path, int], Sink]
    cut_last: bool = False


# format name -> (kind of record, sink made from root folder and number of records)
_FORMATS: Final[dict[str, tuple[str, Callable[[Path, int], Sink]]]] = {
    "ctgov_zip": ("json", lambda root, _: ZipSink(root, "ctg-studies.json.zip")),
    "ctgov_ndjson": ("json", lambda root, _: LinesSink(root, "studies.ndjson", packed=False)),
    "ctgov_ndjson_gz": ("json", lambda root, _: LinesSink(root, "studies.ndjson.gz", packed=True)),
    "ctgov_json": ("json", lambda root, _: SingleFilesSink(root, "studies", "ctgov_json", may_cut=True)),
    "ctgov_page": ("json", lambda root, count: PageSink(root, "api", count)),
    "ctgov_array": ("json", lambda root, _: ArraySink(root, "ctg-studies.json")),
    "page_text": ("labelled", lambda root, _: SingleFilesSink(root, "page_text", "page_text")),
    "page_text_bare": ("bare", lambda root, _: SingleFilesSink(root, "page_text_bare", "page_text_bare")),
}


def _rendered(format_name: str) -> tuple[str, Callable[[Path, int], Sink]]:
    return "clean", lambda root, _: RenderedSink(root, format_name)


_RENDERED: Final[dict[str, tuple[str, Callable[[Path, int], Sink]]]] = {name: _rendered(name) for name in RENDERINGS}
_ALL: Final = _FORMATS | _RENDERED
FORMATS: Final[tuple[str, ...]] = (*_ALL, MIXED)


def blocks_of(n: int, formats: Sequence[str]) -> list[Block]:
    """The blocks for N records: "mixed" alone, or the records shared evenly, in order, among the formats named.

    Raises ValueError for an unknown format, one named twice, "mixed" beside others, or too few records for "mixed".
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise ValueError(f"unknown format {', '.join(unknown) or '(none given)'}; there are {', '.join(FORMATS)}")
    if len(set(formats)) < len(formats):
        raise ValueError(f"a format is named twice: {', '.join(formats)}")
    if MIXED in formats:
        if len(formats) > 1:
            raise ValueError(f'"{MIXED}" holds all formats already; give it alone')
        return _mixed(n)
    share, rest = divmod(n, len(formats))
    return [
        Block(share + (number < rest), *_ALL[name]) for number, name in enumerate(formats) if share + (number < rest)
    ]


def _mixed(n: int) -> list[Block]:
    """A landing folder as people leave it: mostly the bulk download, some of everything else, in sub-folders."""
    if n < MIXED_MINIMUM:
        raise ValueError(f'"{MIXED}" needs at least {MIXED_MINIMUM} records, got {n}: ask for more, or name a format')

    def part(percent: float, most: int | None = None) -> int:
        count = max(1, int(n * percent / 100))
        return count if most is None else min(count, most)

    blocks = [
        Block(part(12), "json", lambda root, count: PageSink(root, "api/2026-10", count)),
        Block(part(10), "json", lambda root, _: ArraySink(root, "exports/ctg-studies.json")),
        Block(_CUT_RECORDS, "json", lambda root, _: CutArraySink(root, "exports/ctg-studies (1).json"), cut_last=True),
        Block(part(10), "json", lambda root, _: LinesSink(root, "partner/studies.ndjson", packed=False)),
        Block(part(10), "json", lambda root, _: LinesSink(root, "partner/studies-2.ndjson.gz", packed=True)),
        Block(part(5, 40), "json", lambda root, _: SingleFilesSink(root, "single", "ctgov_json", may_cut=True)),
        Block(1, "json", lambda root, _: SingleFilesSink(root, "single/bom", "ctgov_json", prefix=b"\xef\xbb\xbf")),
        Block(part(6, 500), "labelled", lambda root, _: SingleFilesSink(root, "pages", "page_text")),
        Block(part(4, 300), "bare", lambda root, _: SingleFilesSink(root, "pages/no labels", "page_text_bare")),
    ]
    bulk = Block(
        n - sum(block.records for block in blocks), "json", lambda root, _: ZipSink(root, "bulk/ctg-studies.json.zip")
    )
    return [bulk, *blocks]
