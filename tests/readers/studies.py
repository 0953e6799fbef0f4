"""Tiny synthetic studies and every way to pack them; no test data of any registry."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson

from pipelines.readers import read_file
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.settings import Limits

LIMITS = Limits()


def study(number: int, **more: Any) -> dict[str, Any]:
    """A small study that differs from every other `number`; text with all that makes JSON hard to cut."""
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": f"NCT{number:08d}",
                "briefTitle": f'Trial {number}: "a\\b" ≥ {{x}} [y] ü',
            },
            "conditionsModule": {"conditions": ["Cough", "Hiccup, chronic"]},
            "armsInterventionsModule": {
                "armGroups": [{"label": "A", "interventionNames": ["Drug: Tea"]}, {"label": "B"}]
            },
            **more,
        },
        "hasResults": False,
    }


def compact(document: Any) -> bytes:
    return orjson.dumps(document)


def pretty(document: Any) -> bytes:
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


def flat_pretty(document: Any) -> bytes:
    """Line breaks without any indentation."""
    return json.dumps(document, indent=0).encode()


def as_array(raws: Iterable[bytes]) -> bytes:
    return b"[" + b",".join(raws) + b"]"


def as_spaced_array(raws: Iterable[bytes]) -> bytes:
    return b" [\r\n  " + b" ,\n\n  ".join(raws) + b"\n] \n"


def as_page(raws: Iterable[bytes]) -> bytes:
    return b'{"totalCount":3,"studies":[' + b",".join(raws) + b'],"nextPageToken":"x\\"]}y"}'


def as_page_first(raws: Iterable[bytes]) -> bytes:
    return b'{\n  "studies": [\n' + b",\n".join(raws) + b"\n  ]\n}\n"


def as_pages(raws: Iterable[bytes]) -> bytes:
    return b"\n".join(as_page([raw]) for raw in raws)


def as_sequence(raws: Iterable[bytes]) -> bytes:
    """One after the other with nothing but white space between: what `cat` and `jq` make of many files."""
    return b"\n".join(raws)


SHAPES: dict[str, Callable[[Iterable[bytes]], bytes]] = {
    "array": as_array,
    "spaced_array": as_spaced_array,
    "page": as_page,
    "page_first": as_page_first,
    "pages": as_pages,
    "sequence": as_sequence,
}

ENCODERS: dict[str, Callable[[Any], bytes]] = {"compact": compact, "pretty": pretty, "flat_pretty": flat_pretty}


def ndjson(raws: Sequence[bytes], end: bytes = b"\n") -> bytes:
    return b"".join(raw + end for raw in raws)


def zip_of(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


class Unseekable(io.RawIOBase):
    """A stream that cannot go back, so that zipfile writes sizes after the data, as the registry's server does."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += data
        return len(data)


def streamed_zip_of(members: dict[str, bytes]) -> bytes:
    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        for name, data in members.items():
            archive.writestr(name, data)
    return bytes(stream.data)


CONTAINERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "gzip_of_two_members": lambda data: gzip.compress(data[: len(data) // 2]) + gzip.compress(data[len(data) // 2 :]),
    "zip": lambda data: zip_of({"35/file.json": data}),
    "stored_zip": lambda data: zip_of({"35/file.json": data}, zipfile.ZIP_STORED),
    "streamed_zip": lambda data: streamed_zip_of({"35/file.json": data}),
    "gzip_in_zip": lambda data: zip_of({"35/file.json.gz": gzip.compress(data)}),
    "zip_in_zip": lambda data: zip_of({"part/1.zip": zip_of({"35/file.json": data})}),
    "zip_in_gzip": lambda data: gzip.compress(zip_of({"35/file.json": data})),
}


def records(path: Path, data: bytes, limits: Limits = LIMITS) -> list[RawRecord | BadRecord]:
    """What read_file finds in a file with this content."""
    path.write_bytes(data)
    return [record for _, found in read_file(path, limits) for record in found]


def good(found: Iterable[RawRecord | BadRecord]) -> list[bytes]:
    """The raw bytes of records that are valid JSON objects, as staging would accept them."""
    return [record.raw for record in found if isinstance(record, RawRecord) and _parses(record.raw)]


def bad(found: Iterable[RawRecord | BadRecord]) -> list[BadRecord]:
    return [record for record in found if isinstance(record, BadRecord)]


def _parses(raw: bytes) -> bool:
    try:
        return isinstance(orjson.loads(raw), dict)
    except orjson.JSONDecodeError:
        return False
