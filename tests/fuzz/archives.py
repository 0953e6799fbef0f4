"""Hostile archives: zip and gzip made by the book and then not, bombs, odd names, one in another.

Belongs here: making them. Does not: what must hold (oracles.py), files on disk (tests/landing).
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import warnings
import zipfile

from tests.fuzz.chance import Chance
from tests.fuzz.mutate import change_bytes, structured
from tests.readers.studies import compact, ndjson, streamed_zip_of, study, zip_of

_NAMES = (
    "35/NCT00000001.json", "../../etc/passwd", "/etc/passwd", "C:\\windows\\x.json", "a\\..\\b", "..", ".", "/",
    "a/", "a//b", "con", "x" * 300, "a\nb", "\u202egpj.exe", "__MACOSX/._x", ".hidden", "a/.b/c", "same.json",
    "same.json", "caf\u00e9", "\U0001f9ec", "a!/b", "x.zip!/y", " ", "'; DROP TABLE x;--", "<b>x</b>", "=1+1",
)  # fmt: skip
_CONTENTS: tuple[bytes, ...] = (
    b"", b" \n", compact(study(1)), compact(study(2)) + b"\n", ndjson([compact(study(3)), compact(study(4))]),
    b"[" + compact(study(5)) + b"]", b"no record", b'{"protocolSection":', b"x" * 70_000, bytes(9_000_000),
    b"%PDF-1.7", compact(study(6)) * 3,
)  # fmt: skip
_FIELDS = {
    b"PK\x03\x04": (4, 6, 8, 14, 18, 22, 26, 28),
    b"PK\x01\x02": (8, 10, 16, 20, 24, 28, 30, 32, 42),
    b"PK\x05\x06": (4, 8, 10, 12, 16, 20),
}
_NUMBERS = (0, 1, 2, 8, 9, 0x800, 0xFFFE, 0xFFFF, 0x10000, 0x7FFFFFFF, 0xFFFFFFFF)


def archive(chance: Chance) -> bytes:
    """An archive; most have something wrong with them."""
    data = _packed(chance, depth=chance.choice((0, 0, 0, 1, 2)))
    kind = chance.randrange(6)
    if kind <= 1:
        data = _lied(data, chance)
    elif kind <= 3:
        data = change_bytes(data, chance)
    elif kind == 4:
        data += chance.choice((data, b"\0" * 1000, b"x", _packed(chance, 0)))
    return data


def _packed(chance: Chance, depth: int) -> bytes:
    files = {}
    for _ in range(chance.choice((0, 1, 1, 2, 3, 5))):
        inner = _packed(chance, depth - 1) if depth else chance.choice(_CONTENTS)
        files[chance.choice(_NAMES)] = inner
    kind = chance.randrange(10)
    if kind == 0:
        return gzip.compress(b"".join(files.values()), 1)
    if kind == 1:
        return b"".join(gzip.compress(data, 1) for data in files.values()) or gzip.compress(b"")
    if kind == 2:
        return streamed_zip_of(files)
    if kind == 3 and files:
        return _odd(files, chance)
    if kind == 4:
        return _doubled(files)
    return zip_of(files, chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)))


def _odd(files: dict[str, bytes], chance: Chance) -> bytes:
    """In a way that trialmart does not open."""
    data = next(iter(files.values()))[:70_000]
    kind = chance.randrange(4)
    if kind == 0:
        return bz2.compress(data, 1)
    if kind == 1:
        return lzma.compress(data, preset=0)
    if kind == 2:
        return tar_of(files)
    return zip_of({"a": data}, zipfile.ZIP_BZIP2)


def tar_of(files: dict[str, bytes], links: dict[str, str] | None = None) -> bytes:
    """A tar archive of files and symbolic links."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, data in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            tar.addfile(about, io.BytesIO(data))
        for name, target in (links or {}).items():
            about = tarfile.TarInfo(name)
            about.type, about.linkname = tarfile.SYMTYPE, target
            tar.addfile(about)
    return buffer.getvalue()


def _doubled(files: dict[str, bytes]) -> bytes:
    """Every name twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for name, data in [*files.items(), *files.items()]:
            packed.writestr(name, data[:70_000])
    return buffer.getvalue()


def _lied(data: bytes, chance: Chance) -> bytes:
    """A number in one of the archive's headers is another."""
    magic = chance.choice(list(_FIELDS))
    places = []
    at = data.find(magic)
    while at >= 0 and len(places) < 50:
        places.append(at)
        at = data.find(magic, at + 1)
    if not places:
        return change_bytes(data, chance)
    place = chance.choice(places) + chance.choice(_FIELDS[magic])
    number = chance.choice((*_NUMBERS, chance.randrange(len(data) + 2)))
    wide = chance.random() < 0.5
    new = struct.pack("<L", number) if wide else struct.pack("<H", number & 0xFFFF)
    return data[:place] + new + data[place + len(new) :]


def repacked(data: bytes, chance: Chance) -> bytes:
    """A zip of tables with some of them changed, taken away, doubled or renamed."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    for _ in range(chance.randint(1, 4)):
        name, kind = chance.choice(sorted(files)), chance.randrange(8)
        if kind == 0 and len(files) > 1:
            del files[name]
        elif kind == 1:
            files[chance.choice((f"other/{name}", f"{name}.txt", "../x", "studies.txt"))] = files[name]
        elif kind <= 3:
            files[name] = change_bytes(files[name], chance)
        else:
            files[name] = structured(files[name], chance)
    return zip_of(files, zipfile.ZIP_STORED if chance.random() < 0.7 else zipfile.ZIP_DEFLATED)
