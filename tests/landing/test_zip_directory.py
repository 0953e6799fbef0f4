"""Where the members of a zip archive lie: what zip64 says of them, and their own headers where the list is lost."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.landing import zip_directory
from pipelines.landing.zip_directory import BytesSource, Entry, read_directory, walk_local_headers
from pipelines.settings import Limits
from tests.readers.studies import Unseekable, streamed_zip_of, zip_of

FILES = {"a.json": b"one " * 40, "b.json": b"", "c.json": b"three " * 50}
END = struct.Struct("<4s4H2LH")
CENTRAL = struct.Struct("<4s6H3L5H2L")
FOREIGN = struct.pack("<2H5s", 0x5455, 5, b"times")
"""An extra field of another kind, as most packers write it before that of zip64."""


def listed(data: bytes) -> dict[bytes, tuple[int, int, int]]:
    """Sizes and places of the members, from the list of contents."""
    found = read_directory(BytesSource(data))
    assert found is not None
    return {entry.name: (entry.size, entry.packed_size, entry.header_at) for entry in found}


def walked(data: bytes) -> list[Entry]:
    """The members as their own headers tell them."""
    return list(walk_local_headers(BytesSource(data), Limits()))


def without_list(data: bytes) -> bytes:
    """The archive cut before its list of contents."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return data[: archive.start_dir]


def end_with(count: int, length: int, offset: int) -> bytes:
    return END.pack(b"PK\x05\x06", 0, 0, count, count, length, offset, 0)


def end64_with(place: int, count: int, length: int, offset: int) -> bytes:
    """The record of zip64 that stands at a place, and its locator."""
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, offset)
    return record + struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1)


@given(st.sets(st.sampled_from(["size", "packed", "offset"])), st.sampled_from([b"", FOREIGN]))
def test_a_member_too_large_for_the_old_fields_has_them_in_an_extra_one(wide: set[str], before: bytes) -> None:
    """Archives beyond 4 GB are so: only the fields that are too small stand in the extra one, in their order."""
    data = zip_of(FILES)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start, infos = archive.start_dir, archive.infolist()
    entries = b""
    for info in infos:
        values = {"size": info.file_size, "packed": info.compress_size, "offset": info.header_offset}
        longs = b"".join(struct.pack("<Q", value) for name, value in values.items() if name in wide)
        extra = before + (struct.pack("<2H", 1, len(longs)) + longs if wide else b"") + before
        size, packed, offset = (0xFFFFFFFF if name in wide else value for name, value in values.items())
        name = info.filename.encode()
        lengths = (len(name), len(extra), 3, 0, 0)
        entries += CENTRAL.pack(
            b"PK\x01\x02", 45, 45, 0, info.compress_type, 0, 0, info.CRC, packed, size, *lengths, 0, offset
        )
        entries += name + extra + b"why"
    changed = data[:start] + entries + end_with(len(infos), len(entries), start)
    assert listed(changed) == listed(data)


def test_an_extra_field_that_ends_too_early_changes_nothing() -> None:
    entry = CENTRAL.pack(b"PK\x01\x02", 45, 45, 0, 8, 0, 0, 0, 7, 0xFFFFFFFF, 1, 4, 0, 0, 0, 0, 0)
    for extra in (struct.pack("<2H", 1, 0), struct.pack("<2H", 9, 0), struct.pack("<2H", 1, 8)):
        data = entry + b"n" + extra
        assert listed(data + end_with(1, len(data), 0)) == {b"n": (0xFFFFFFFF, 7, 0)}


@pytest.mark.parametrize("count", [0xFFFE, 0xFFFF, 0x10000])
def test_the_number_of_members_alone_may_need_zip64(count: int) -> None:
    """65,535 of them stand for more; just as many fit, and need no zip64."""
    entries = b"".join(
        CENTRAL.pack(b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0) + b"%05d" % number
        for number in range(count)
    )
    end64 = end64_with(len(entries), count, len(entries), 0) if count > 0xFFFF else b""
    found = read_directory(BytesSource(entries + end64 + end_with(min(count, 0xFFFF), len(entries), 0)))
    assert found is not None
    assert found.count == count


@pytest.mark.parametrize("harm", ["record", "locator", "place"])
def test_a_broken_record_of_zip64_is_no_list(harm: str) -> None:
    data = zip_of(FILES)
    start, end_at = len(without_list(data)), data.rindex(b"PK\x05\x06")
    end64 = end64_with(end_at, len(FILES), end_at - start, start)
    end = end_with(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    assert listed(data[:end_at] + end64 + end) == listed(data)
    broken = {
        "record": end64.replace(b"PK\x06\x06", b"PK\x06\x05"),
        "locator": end64.replace(b"PK\x06\x07", b"PK\x06\x08"),
        "place": end64_with(10**9, len(FILES), end_at - start, start),
    }[harm]
    assert read_directory(BytesSource(data[:end_at] + broken + end)) is None


def test_a_record_of_zip64_that_the_file_cuts_is_no_list() -> None:
    end = END.pack(b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 4)
    locator = end64_with(20 + len(end), 1, 1, 0)[-20:]
    assert read_directory(BytesSource(locator + end + b"PK\x06\x06")) is None


def packed_with_zip64(*, streamed: bool) -> bytes:
    """An archive whose members' own headers are of zip64."""

    stream = Unseekable() if streamed else io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        for name, content in FILES.items():
            with archive.open(name, "w", force_zip64=True) as out:
                out.write(content)
    return bytes(stream.data) if isinstance(stream, Unseekable) else stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [zip_of(FILES), streamed_zip_of(FILES), packed_with_zip64(streamed=False), packed_with_zip64(streamed=True),
     streamed_zip_of(FILES).replace(b"PK\x07\x08", b"")],
    ids=["sizes first", "sizes after", "zip64", "zip64, sizes after", "sizes after, without their mark"],
)  # fmt: skip
@pytest.mark.parametrize("chunk", [4, 5, 7, 64, 65_536])
def test_members_are_found_by_their_own_headers(data: bytes, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the pieces are in which the file is searched: a header may begin in one and end in the next."""
    monkeypatch.setattr(zip_directory, "COMPRESSED_CHUNK_BYTES", chunk)
    found = walked(data[: data.index(b"PK\x01\x02")])
    with zipfile.ZipFile(io.BytesIO(zip_of(FILES))) as archive:
        expected = {info.filename: (info.file_size, info.compress_size, info.CRC) for info in archive.infolist()}
    assert {entry.text_name(): (entry.size, entry.packed_size, entry.crc) for entry in found} == expected
    assert not any(entry.is_cut for entry in found)


def test_where_nothing_says_how_long_a_stored_member_is_it_counts_as_cut_and_the_next_is_found() -> None:
    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[arg-type]
        archive.writestr("a", b"one")
        archive.writestr("b", b"two")
    found = walked(without_list(bytes(stream.data)))
    assert [(entry.name, entry.is_cut) for entry in found] == [(b"a", True), (b"b", True)]


def test_of_a_header_that_is_cut_nothing_is_told() -> None:
    data = without_list(zip_of({"a.json": b"text"}))
    for cut in range(36):
        assert walked(data[:cut]) == []
    (entry,) = walked(data[:36])
    assert (entry.name, entry.packed_size, entry.is_cut) == (b"a.json", 0, True)
    (entry,) = walked(without_list(zip_of({"a.json": b""}, zipfile.ZIP_STORED)))
    assert (entry.name, entry.packed_size, entry.is_cut) == (b"a.json", 0, False)


def test_a_header_whose_lengths_are_damaged_costs_its_member_only() -> None:
    """Its name would end beyond the file: the members behind it were lost with it, without a word."""
    data = bytearray(without_list(zip_of(FILES)))
    length_at = data.index(b"a.json") - 4
    data[length_at : length_at + 2] = b"\xff\xff"
    assert [entry.name for entry in walked(bytes(data))] == [b"b.json", b"c.json"]


def test_a_member_whose_size_and_checksum_are_cut_away_is_cut() -> None:
    data = without_list(streamed_zip_of({"a.json": b"text"}))
    data_end = data.index(b"PK\x07\x08")
    for cut in (data_end - 1, data_end, data_end + 3, data_end + 7):
        (entry,) = walked(data[:cut])
        assert entry.is_cut, cut
    (entry,) = walked(data[: data_end + 8])
    assert (entry.is_cut, entry.size) == (False, 4)
