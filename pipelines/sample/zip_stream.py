"""A zip file written from front to back, fast and with flat memory.

Belongs here: the container. Does not belong here: what goes into it.

Why not ``zipfile``: for the whole registry (600,000 members) it keeps an object per member, some 300 MB,
and spends as long on bookkeeping as on a small member's compression (measured 2026-11). Here the central
directory is kept packed, about 70 bytes a member. The result reads with ``zipfile`` and ``unzip``; entries
beyond 65,535 and offsets beyond 4 GB use zip64.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

_DOS_TIME: Final = 0
_DOS_DATE: Final = (2026 - 1980) << 9 | 11 << 5 | 1  # a fixed day: same records, same bytes
_VERSION: Final = 45
_UTF8_NAMES: Final = 0x800
_DEFLATED: Final = 8
_LIMIT: Final = 0xFFFFFFFF
_LEVEL: Final = 1  # 150 MB/s and 3.8 : 1 on registry JSON, where level 6 gives 70 MB/s and 4.3 : 1 (2026-11)


class ZipStream:
    """Context manager: ``add`` members one after the other; on a clean exit the central directory is written.

    The file is not usable before the exit; after an exception it is left without directory (callers write
    to a temporary name).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._directory = bytearray()
        self._count = 0
        self._offset = 0

    def __enter__(self) -> Self:
        self._file: BinaryIO = self._path.open("wb", buffering=1 << 20)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._file.close()

    def add(self, name: str, content: bytes) -> None:
        """One deflated member of less than 4 GB. Names are kept as they are;
        twice the same name gives two members."""
        if len(content) >= _LIMIT:
            raise ValueError(f"{name}: a member of {len(content)} bytes; this writer takes less than 4 GB")
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
        encoded = name.encode()
        common = struct.pack(
            "<HHHHHIIIH", _VERSION, _UTF8_NAMES, _DEFLATED, _DOS_TIME, _DOS_DATE, zlib.crc32(content),
            len(packed),
            len(content), len(encoded),
        )  # fmt: skip
        header = b"PK\x03\x04" + common + b"\0\0" + encoded
        far = self._offset >= _LIMIT
        extra = struct.pack("<HHQ", 1, 8, self._offset) if far else b""
        self._directory += b"PK\x01\x02" + struct.pack("<H", _VERSION) + common
        self._directory += (
            struct.pack("<HHHHII", len(extra), 0, 0, 0, 0, _LIMIT if far else self._offset) + encoded + extra
        )
        self._file.write(header)
        self._file.write(packed)
        self._offset += len(header) + len(packed)
        self._count += 1

    def _finish(self) -> None:
        start, size, count = self._offset, len(self._directory), self._count
        self._file.write(self._directory)
        if count >= 0xFFFF or start >= _LIMIT or size >= _LIMIT:
            record = struct.pack("<QHHIIQQQQ", 44, _VERSION, _VERSION, 0, 0, count, count, size, start)
            self._file.write(b"PK\x06\x06" + record)
            self._file.write(b"PK\x06\x07" + struct.pack("<IQI", 0, start + size, 1))
        shown = min(count, 0xFFFF)
        end = struct.pack("<HHHHIIH", 0, 0, shown, shown, min(size, _LIMIT), min(start, _LIMIT), 0)
        self._file.write(b"PK\x05\x06" + end)
