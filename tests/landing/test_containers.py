"""Members come out as they went in, whatever packed them; what is broken is named, and the rest is still read."""

from __future__ import annotations

import gzip
import io
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.landing import containers, inflate, zip_directory
from pipelines.landing.containers import label, open_members, unwrap
from pipelines.landing.member import BadRecord, ChunkStream, Member, MemberError
from pipelines.settings import Limits
from tests.readers.studies import streamed_zip_of, zip_of

LIMITS = Limits()
NOISE = random.Random(7).randbytes(300_000)
FILES = {f"{number:02d}/NCT{number:08d}.json": NOISE[number * 999 :][:2000] + b"text " * 300 for number in range(1, 12)}


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., list[Member | BadRecord]]:
    def opener(data: bytes, limits: Limits = LIMITS) -> list[Member | BadRecord]:
        path = tmp_path / "file"
        path.write_bytes(data)
        return list(open_members(path, limits))

    return opener


def contents(found: list[Member | BadRecord]) -> dict[str | None, bytes]:
    """What of each member can be read, as far as it can."""
    result = {}
    for member in found:
        if isinstance(member, Member):
            try:
                result[member.name] = member.read()
            except MemberError as error:
                result[member.name] = error.code.encode()
    return result


def codes(found: list[Member | BadRecord]) -> list[tuple[str | None, str]]:
    return [(record.member, record.reason_code) for record in found if isinstance(record, BadRecord)]


def until_broken(member: Member) -> tuple[bytes, str | None]:
    """All bytes that the stream gives, and the code with which it breaks."""
    data = bytearray()
    with member.open() as stream:
        try:
            while chunk := stream.read(7000):
                data += chunk
        except MemberError as error:
            return bytes(data), error.code
    return bytes(data), None


@pytest.mark.parametrize("data", [b"", b"P", b"plain text", b"\x1f", b"\0" * 10], ids=repr)
def test_anything_else_is_one_member_without_name(opened: Callable[..., list[Member]], data: bytes) -> None:
    (member,) = opened(data)
    assert (member.name, member.size, member.read(), member.head()) == (None, len(data), data, data)


@pytest.mark.parametrize("packer", [zip_of, streamed_zip_of], ids=["sizes first", "sizes after"])
@pytest.mark.parametrize("small", [0, 10**9], ids=["streamed", "in memory"])
def test_zip_members_in_their_order(
    opened: Callable[..., list[Member]], monkeypatch: pytest.MonkeyPatch, packer: Callable[..., bytes], small: int
) -> None:
    monkeypatch.setattr(containers, "IN_MEMORY_BYTES", small)
    found = opened(packer(FILES))
    assert list(contents(found).items()) == list(FILES.items())
    assert [member.size for member in found] == [len(data) for data in FILES.values()]
    assert [until_broken(member) for member in found] == [(data, None) for data in FILES.values()]
    assert [member.head() for member in found] == list(FILES.values())


def test_zip_by_content_whatever_its_name_says_and_zipfile_agrees(opened: Callable[..., list[Member]]) -> None:
    data = zip_of(FILES, zipfile.ZIP_STORED)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert contents(opened(data)) == {name: archive.read(name) for name in archive.namelist()}


def test_zip64(opened: Callable[..., list[Member]]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in FILES.items():
            with archive.open(name, "w", force_zip64=True) as out:
                out.write(data)
    assert contents(opened(buffer.getvalue())) == FILES
    assert contents(opened(with_zip64_end(buffer.getvalue()))) == FILES


def with_zip64_end(data: bytes) -> bytes:
    """The archive with its end record in zip64 form, as if it had too many members for the old one."""
    place = data.rindex(b"PK\x05\x06")
    _, _, _, _, count, length, offset, _ = struct.unpack("<4s4H2LH", data[place:])
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, place, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:place] + end64 + locator + end


def test_a_comment_and_an_end_record_within_it(opened: Callable[..., list[Member]]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", b"data")
        archive.comment = b"PK\x05\x06" + b"x" * 40
    assert contents(opened(buffer.getvalue())) == {"a": b"data"}


def test_folders_and_hidden_files_are_passed_over(opened: Callable[..., list[Member]]) -> None:
    names = [
        "a/",
        "a/1.json",
        "__MACOSX/a/._1.json",
        ".DS_Store",
        "a/.hidden",
        ".git/x",
        "b/__MACOSX/y",
        "not__MACOSX/z",
        "..z",
    ]
    found = opened(zip_of({name: b"" if name.endswith("/") else b"x" for name in names}))
    assert list(contents(found)) == ["a/1.json", "not__MACOSX/z"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("35/NCT1.json", "35/NCT1.json"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("a\\b\\..\\c.json", "a/b/c.json"),
        ("a//b/./c", "a/b/c"),
        ("..", "unnamed"),
        ("a\0b", "a\ufffdb"),
        ("ünï'; DROP TABLE x;--\n.json", "ünï'; DROP TABLE x;--\n.json"),
        ("a..b/c...d", "a..b/c...d"),
    ],
)
def test_names_are_labels_only(name: str, shown: str) -> None:
    assert label(name) == shown


def test_names_that_are_not_utf8(opened: Callable[..., list[Member]]) -> None:
    data = zip_of({"cafX.json": b"1"}).replace(b"cafX", b"caf\x82")
    assert list(contents(opened(data))) == ["café.json"]


def test_equal_names_are_told_apart(opened: Callable[..., list[Member]]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("same.json", b"1")
        for data in (b"2", b"3"):
            with pytest.warns(UserWarning, match="Duplicate name"):
                archive.writestr("same.json", data)
    assert contents(opened(buffer.getvalue())) == {"same.json": b"1", "same.json#2": b"2", "same.json#3": b"3"}


@pytest.mark.parametrize("packer", [zip_of, streamed_zip_of], ids=["sizes first", "sizes after"])
def test_a_zip_cut_anywhere_gives_the_members_before_the_cut(
    opened: Callable[..., list[Member | BadRecord]], packer: Callable[..., bytes]
) -> None:
    data = packer(FILES)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        starts = [info.header_offset for info in archive.infolist()]
        directory_at = archive.start_dir
    ends = [*starts[1:], directory_at]
    whole = list(FILES.items())
    for cut in [*range(40, len(data) - 22, 1009), *starts[1:], directory_at, len(data) - 1]:
        found = opened(data[:cut])
        count = sum(end <= cut for end in ends)
        read = contents(found)
        assert list(read.items())[:count] == whole[:count]
        assert set(list(read.values())[count:]) <= {b"truncated_member"}
        assert len(read) <= count + 1
        assert codes(found) == [(None, "broken_zip")]
        for member in found[count:-1]:
            assert isinstance(member, Member)
            given_bytes, code = until_broken(member)
            assert FILES[str(member.name)].startswith(given_bytes)
            assert code == "truncated_member"


def test_a_damaged_list_of_contents_is_done_without(opened: Callable[..., list[Member]]) -> None:
    data = zip_of(FILES)
    damaged = data.replace(b"PK\x01\x02", b"PK\x01\x03", 1)
    assert contents(opened(damaged)) == FILES
    assert codes(opened(damaged)) == [(None, "broken_zip")]


@pytest.mark.parametrize("small", [0, 10**9], ids=["streamed", "in memory"])
def test_a_damaged_member_costs_itself_only(
    opened: Callable[..., list[Member]], monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(containers, "IN_MEMORY_BYTES", small)
    data = bytearray(zip_of(FILES, zipfile.ZIP_STORED))
    name = "05/NCT00000005.json"
    data[data.index(FILES[name]) + 500] ^= 1
    expected = {**FILES, name: b"broken_member"}
    found = opened(bytes(data))
    assert contents(found) == expected
    assert codes(found) == []


@pytest.mark.parametrize("small", [0, 10**9], ids=["streamed", "in memory"])
@pytest.mark.parametrize("fast", [True, False], ids=["isal", "zlib"])
def test_damaged_compressed_data(
    opened: Callable[..., list[Member]], monkeypatch: pytest.MonkeyPatch, small: int, fast: bool
) -> None:
    if fast and inflate._fast is zlib:
        pytest.skip("isal is not installed")
    if not fast:
        monkeypatch.setattr(inflate, "_fast", zlib)
    monkeypatch.setattr(containers, "IN_MEMORY_BYTES", small)
    data = zip_of(FILES)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.getinfo("05/NCT00000005.json").header_offset
    for place in (60, 400, 900, 1500):
        hurt = bytearray(data)
        hurt[start + place : start + place + 40] = b"\xff" * 40
        read = contents(opened(bytes(hurt)))
        assert {name for name in FILES if read[name] != FILES[name]} == {"05/NCT00000005.json"}
        assert read["05/NCT00000005.json"] == b"broken_member"


@pytest.mark.parametrize("small", [0, 10**9], ids=["streamed", "in memory"])
def test_sizes_that_lie(opened: Callable[..., list[Member]], monkeypatch: pytest.MonkeyPatch, small: int) -> None:
    monkeypatch.setattr(containers, "IN_MEMORY_BYTES", small)
    data = bytearray(zip_of({"a": NOISE[:5000]}))
    size_at = data.index(b"PK\x01\x02") + 24
    for lie in (4999, 5001, 0):
        data[size_at : size_at + 4] = struct.pack("<L", lie)
        assert contents(opened(bytes(data))) == {"a": b"broken_member"}


def test_a_member_that_is_not_where_it_should_be(opened: Callable[..., list[Member]]) -> None:
    data = bytearray(zip_of({"a": b"x" * 50}))
    offset_at = data.index(b"PK\x01\x02") + 42
    data[offset_at : offset_at + 4] = struct.pack("<L", 7)
    assert contents(opened(bytes(data))) == {"a": b"broken_member"}


def test_encrypted_members(opened: Callable[..., list[Member]]) -> None:
    data = bytearray(zip_of({"a": b"1", "b": b"2"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    found = opened(bytes(data))
    assert codes(found) == [("a", "encrypted_member")]
    assert contents(found) == {"b": b"2"}


def test_a_link_in_a_zip_is_named_and_not_taken_for_text(opened: Callable[..., list[Member]]) -> None:
    """Its data, the path it points to, were read as a text of an unknown format: who packed it was told nothing."""
    link = zipfile.ZipInfo("current.json")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, "../../etc/passwd")
        archive.writestr("b", b"2")
    found = opened(buffer.getvalue())
    assert codes(found) == [("current.json", "symlink")]
    assert contents(found) == {"b": b"2"}


def test_compression_that_is_not_supported(opened: Callable[..., list[Member]]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", b"1", zipfile.ZIP_BZIP2)
        archive.writestr("b", b"2")
    found = opened(buffer.getvalue())
    assert codes(found) == [("a", "unsupported_compression")]
    assert contents(found) == {"b": b"2"}


@pytest.mark.parametrize("member", ["[Content_Types].xml", "META-INF/manifest.xml"], ids=["office", "open document"])
def test_office_documents_are_one_unknown_thing(opened: Callable[..., list[Member]], member: str) -> None:
    found = opened(zip_of({member: b"<x/>", "xl/workbook.xml": b"<x/>"}))
    assert codes(found) == [(None, "unknown_format")]
    assert contents(found) == {}


def test_an_empty_zip(opened: Callable[..., list[Member]]) -> None:
    assert codes(opened(zip_of({}))) == [(None, "empty_file")]
    assert codes(opened(zip_of({"folder/": b""}))) == [(None, "empty_file")]


def test_limits(opened: Callable[..., list[Member]], monkeypatch: pytest.MonkeyPatch) -> None:
    data = zip_of({"small": b"x", "large": bytes(3_000_000), "last": b"y"})
    found = opened(data, Limits(member_bytes=1_000_000))
    assert codes(found) == [("large", "member_too_large")]
    assert contents(found) == {"small": b"x", "last": b"y"}
    found = opened(data, Limits(archive_members=2))
    assert codes(found) == [(None, "too_many_members")]
    assert list(contents(found)) == ["small", "large"]
    monkeypatch.setattr(containers, "IN_MEMORY_BYTES", 1000)
    assert codes(opened(data, Limits(compression_ratio=100))) == [("large", "compression_bomb")]
    assert codes(opened(data, Limits(compression_ratio=2000))) == []


def test_a_member_that_gives_more_than_it_says(
    opened: Callable[..., list[Member]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(containers, "IN_MEMORY_BYTES", 0)
    data = bytearray(zip_of({"bomb": bytes(40_000_000)}))
    size_at = data.index(b"PK\x01\x02") + 24
    data[size_at : size_at + 4] = struct.pack("<L", 1000)
    (member,) = opened(bytes(data))
    assert until_broken(member) == (b"", "broken_member"), "what it says of its size is what was counted"


def test_members_that_overlap(opened: Callable[..., list[Member]]) -> None:
    data = zip_of({"a": NOISE})
    place = data.index(b"PK\x01\x02")
    entry = data[place : data.index(b"PK\x05\x06")]
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 50, 50, len(entry) * 50, place, 0)
    found = opened(data[:place] + entry * 50 + end)
    assert codes(found) == [("a#2", "compression_bomb")]


@pytest.mark.parametrize("parts", [1, 2, 50], ids=["one member", "two members", "many members"])
@pytest.mark.parametrize("padding", [b"", b"\0" * 1000], ids=["bare", "zero padding"])
def test_gzip(opened: Callable[..., list[Member]], parts: int, padding: bytes) -> None:
    step = len(NOISE) // parts + 1
    data = b"".join(gzip.compress(NOISE[start : start + step]) for start in range(0, len(NOISE), step))
    (member,) = opened(data + padding)
    assert (member.name, member.size) == (None, None)
    assert until_broken(member) == (NOISE, None)
    assert member.read() == NOISE
    assert member.head() == NOISE[:65536]


def test_gzip_cut_anywhere_gives_what_was_there(opened: Callable[..., list[Member]]) -> None:
    text = b"".join(b"line %d\n" % number for number in range(5000))
    data = gzip.compress(text)
    for cut in range(2, len(data), 701):
        (member,) = opened(data[:cut])
        found, code = until_broken(member)
        assert text.startswith(found)
        assert code == "truncated_gzip"
    assert len(found) > 0.9 * len(text)


@pytest.mark.parametrize("rest", [b"garbage", b"\0\0garbage", b"\x1f"], ids=repr)
def test_gzip_with_something_behind(opened: Callable[..., list[Member]], rest: bytes) -> None:
    (member,) = opened(gzip.compress(NOISE) + rest)
    assert until_broken(member) == (NOISE, "truncated_gzip" if rest == b"\x1f" else "trailing_data")


def test_gzip_damage_and_checksum(opened: Callable[..., list[Member]]) -> None:
    text = b"".join(b"line %d\n" % number for number in range(50_000))
    data = bytearray(gzip.compress(text))
    data[-5] ^= 0xFF
    (member,) = opened(bytes(data))
    assert until_broken(member) == (text, "broken_gzip")
    middle = len(data) // 2
    data[middle : middle + 64] = b"\xff" * 64
    (member,) = opened(bytes(data))
    found, code = until_broken(member)
    assert code == "broken_gzip"
    assert text.startswith(found[: int(len(text) * 0.45)])
    assert len(found) > 0.45 * len(text)


def test_gzip_limits(opened: Callable[..., list[Member]]) -> None:
    data = gzip.compress(bytes(30_000_000))
    (member,) = opened(data, Limits(member_bytes=1_000_000))
    assert until_broken(member)[1] == "member_too_large"
    (member,) = opened(data, Limits(compression_ratio=10))
    assert until_broken(member)[1] == "compression_bomb"
    (member,) = opened(data)
    assert until_broken(member)[1] == "compression_bomb"
    (member,) = opened(data, Limits(compression_ratio=1100))
    assert until_broken(member) == (bytes(30_000_000), None)


def test_members_can_be_read_by_many_threads_after_the_walk(opened: Callable[..., list[Member]]) -> None:
    found = opened(zip_of(FILES)) * 20
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(Member.read, found)) == list(FILES.values()) * 20


def test_archives_within_archives() -> None:
    inner = zip_of(FILES)
    member = Member.of_bytes("part/1.zip", inner)
    found = list(unwrap(member, inner[:100], LIMITS) or ())
    assert contents(found) == {f"part/1.zip!/{name}": data for name, data in FILES.items()}
    assert codes(list(unwrap(member, inner[:100], Limits(text_member_bytes=100)) or ())) == [
        ("part/1.zip", "nested_archive")
    ]
    assert unwrap(Member.of_bytes("a", b"text"), b"text", LIMITS) is None


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,4}/[a-z0-9]{1,6}\.json", fullmatch=True), st.binary(max_size=300), max_size=6
    ),
    st.booleans(),
    st.integers(0, 10**6),
)
def test_any_archive_and_any_cut_never_raises(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes], streamed: bool, where: int
) -> None:
    data = streamed_zip_of(files) if streamed else zip_of(files)
    path = tmp_path_factory.mktemp("zip") / "f"
    path.write_bytes(data)
    assert contents(list(open_members(path, LIMITS))) == files
    path.write_bytes(data[: where % (len(data) + 1)])
    contents(list(open_members(path, LIMITS)))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8))
def test_any_changed_bytes_never_raise(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(zip_of({name: FILES[name] for name in list(FILES)[:3]}))
    for place, value in changes:
        data[place % len(data)] = value
    path = tmp_path_factory.mktemp("zip") / "f"
    path.write_bytes(bytes(data))
    contents(list(open_members(path, LIMITS)))


def test_a_stream_gives_all_good_bytes_before_it_breaks() -> None:
    def chunks():  # type: ignore[no-untyped-def]
        yield b"abc"
        yield b"def"
        raise MemberError("broken_gzip", "x")

    stream = ChunkStream(chunks())
    assert stream.read(4) == b"abcd"
    assert stream.read(100) == b"ef"
    with pytest.raises(MemberError):
        stream.read(1)
    assert io.BufferedReader(ChunkStream(iter([b"ab", b"c"]))).read() == b"abc"


def test_the_list_of_contents_costs_no_memory_by_member(tmp_path: Path) -> None:
    """30,000 members: zipfile would keep some 20 MB of objects for them."""
    import tracemalloc

    entry = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 19, 0, 0, 0, 0, 0, 4)
        + b"%02d/NCT%08d.json" % (number % 100, number)
        for number in range(30_000)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 30_000, 30_000, len(entry), 4)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 4 + len(entry), 1)
    path = tmp_path / "many.zip"
    path.write_bytes(b"PK\x03\x04" + entry + end64 + locator + end)
    del entry
    tracemalloc.start()
    count = sum(1 for _ in open_members(path, LIMITS))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 30_000
    assert peak < 10_000_000  # the list itself is 2 MB, the names, to tell equal ones apart, 5 MB
    assert zip_directory.LOCAL_HEADER_BYTES == 30
