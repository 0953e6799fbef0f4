"""Tables as streams: every row with its exact bytes and line, damage confined to where it is."""

from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.landing.member import ChunkStream, Member, MemberError
from pipelines.readers.tables import BadRow, Dialect, Row, TableFault, check_columns, open_table, read_heading
from pipelines.readers.tables import encoding as encoding_module
from pipelines.settings import Limits

LIMITS = Limits()
COMMA = Dialect(delimiters=(",", ";", "\t"))
HEAD = b"id,name,note\n"


def take(data: bytes, limits: Limits = LIMITS, dialect: Dialect = COMMA, starts_row=None) -> list[Row | BadRow]:
    with open_table(Member.of_bytes(None, data), dialect, limits, starts_row) as table:
        return list(table)


def good(found: list[Row | BadRow]) -> list[list[str]]:
    return [row.fields for row in found if isinstance(row, Row)]


def bad(found: list[Row | BadRow]) -> list[tuple[int, str]]:
    return [(row.line, row.fault.code) for row in found if isinstance(row, BadRow)]


def is_id(fields: list[str]) -> bool:
    return fields[0][:1] == "N" and fields[0][1:].isdigit()


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12) | st.sampled_from(
    ['a"b', "x,y", "two\nlines", "two\r\nlines", "", " ", '"', "ü–≥", "\u2028"]
)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=12),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.integers(8, 200),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_what_a_csv_writer_wrote_is_read_back_with_its_bytes(
    rows: list[list[str]], delimiter: str, end: str, codec: str, piece: int, whole: bool
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([["id", "name", "note"], *rows])
    data = text.getvalue().encode(codec)
    data = data if whole else data.removesuffix(end.encode("utf-16-le" if codec == "utf-16" else "utf-8"))
    before, encoding_module.PIECE_BYTES = encoding_module.PIECE_BYTES, max(piece & ~1, 60)
    try:
        found = take(data, dialect=Dialect((delimiter,)))
    finally:
        encoding_module.PIECE_BYTES = before
    assert good(found) == [[cell.replace("\r\n", "\n") for cell in row] for row in rows if any(row)]
    assert bad(found) == []
    for row in found:
        assert isinstance(row, Row)
        assert row.raw in data
        assert text.getvalue().split("\n")[row.line - 1].rstrip("\r") == row.text.split("\n")[0].rstrip("\r")


@pytest.mark.parametrize(
    ("broken", "line", "says"),
    [
        (b"N2,b\n", 3, "2 fields where the heading has 3"),
        (b"N2,b,c,d\n", 3, "4 fields"),
        (b'N2,"b,c\n', 3, "column 'name'"),
        (b'N2,"b "quoted" b",c\n', 3, "not doubled"),
        (b"N2,b\0b,c\n", 3, "NUL"),
        (b'N2,"b\nb",c,d\n', 3, "4 fields"),
    ],
    ids=["too few", "too many", "open quote", "quote within", "NUL", "too many over two lines"],
)
@pytest.mark.parametrize("starts_row", [None, is_id], ids=["no hint", "with hint"])
def test_a_broken_row_leaves_its_neighbours_alone(broken: bytes, line: int, says: str, starts_row) -> None:
    found = take(HEAD + b"N1,a,b\n" + broken + b'N3,"x, y",z\nN4,"p\nq",r\n', starts_row=starts_row)
    assert good(found) == [["N1", "a", "b"], ["N3", "x, y", "z"], ["N4", "p\nq", "r"]]
    assert bad(found) == [(line, "malformed_table")]
    (row,) = [row for row in found if isinstance(row, BadRow)]
    assert says in row.fault.message
    assert "line 3" in row.fault.message
    assert row.as_record(Member.of_bytes("m", b"")).position == 3


def test_an_open_quote_at_the_very_end_takes_nothing_with_it() -> None:
    found = take(HEAD + b'N1,a,b\nN2,"open,b\nN3,c,d\n')
    assert good(found) == [["N1", "a", "b"], ["N3", "c", "d"]]
    assert bad(found) == [(3, "malformed_table")]


def test_two_broken_rows_are_two() -> None:
    found = take(HEAD + b"N1,a\nN2,b\nN3,c,d\nN4\n")
    assert bad(found) == [(2, "malformed_table"), (3, "malformed_table"), (5, "malformed_table")]


def test_lines_of_a_broken_row_that_look_like_rows_belong_to_it_where_the_format_knows_better() -> None:
    data = HEAD + b'N1,"a\nsome, prose, here\nmore",b"c\nN2,a,b\nN3,"x\n,,\n"y,z\nN4,c,d\n'
    found = take(data, starts_row=is_id)
    assert good(found) == [["N1", "a\nsome, prose, here\nmore", 'b"c'], ["N2", "a", "b"], ["N4", "c", "d"]]
    assert bad(found) == [(6, "malformed_table")]


def test_an_overlong_row_is_passed_over() -> None:
    limits = Limits(record_bytes=4000)
    for long in (
        b"N2," + b"x" * 600_000 + b",b\n",
        b'N2,"' + b"x\n" * 300 + b'x",c\n' + b'N5,"' + b"y" * 2000 + b'",\n',
    ):
        found = take(HEAD + b"N1,a,b\n" + long + b"N3,c,d\n", limits, starts_row=is_id)
        assert ["N3", "c", "d"] in good(found)
        assert bad(found)[-1][1] == "record_too_large"
        assert found[-1].line == 1 + (HEAD + b"N1,a,b\n" + long).count(b"\n")


def test_reading_again_stays_linear_however_the_file_is_broken() -> None:
    """Each line opens a quotation mark that no later line closes: trying each by itself would be quadratic."""
    lines = 60_000
    found = take(HEAD + b'a","b\n' * lines + b"N1,a,b\n")
    assert len(found) <= lines + 1  # and it ends


def test_good_rows_before_an_overlong_line_are_given() -> None:
    before = b"".join(b'N%d,"a\nb",c\n' % number for number in range(20_000))
    found = take(HEAD + before + b"N1," + b"x" * 2_000_000 + b"\nN2,b,c\n", Limits(record_bytes=1_000_000))
    assert len(good(found)) == 20_001
    assert bad(found) == [(2 + before.count(b"\n"), "record_too_large")]
    assert found[-1].line == 3 + before.count(b"\n")


def test_huge_fields_are_no_error() -> None:
    assert good(take(HEAD + b"N1," + b"x" * 300_000 + b",b\n"))[0][1] == "x" * 300_000


def test_empty_fields_beyond_the_last_column_and_blank_lines_do_not_count() -> None:
    assert good(take(b"\n\nid,name\nN1,a,,\n\n\r\nN2,b\n")) == [["N1", "a"], ["N2", "b"]]


def test_rows_of_separators_only_do_not_count() -> None:
    """A spreadsheet saved with empty lines below the table gave a quarantined record without identity for each."""
    found = take(b"id,name\r\nN1,a\r\n,\r\n,,,\r\nN2,b\r\n,\r\n")
    assert [(row.line, row.fields) for row in found if isinstance(row, Row)] == [(2, ["N1", "a"]), (5, ["N2", "b"])]
    assert bad(found) == []


def test_lone_carriage_returns_are_a_part_of_their_field_where_lines_end_with_line_feeds() -> None:
    """WHO ICTRP's criteria have them; written again by a program that leaves such fields unquoted, a third of the rows
    of the real export was refused."""
    data = b'id,name,note\nN1,\ra\r<br>b,c\nN2,"x\ry","p\r\nq"\nN3,d,e\n'
    found = take(data)
    assert good(found) == [["N1", "\ra\r<br>b", "c"], ["N2", "x\ry", "p\nq"], ["N3", "d", "e"]]
    assert [row.raw for row in found if isinstance(row, Row)] == [
        b"N1,\ra\r<br>b,c",
        b'N2,"x\ry","p\r\nq"',
        b"N3,d,e",
    ]
    assert [row.line for row in found] == [2, 3, 5]


def test_lines_may_end_with_carriage_returns_only() -> None:
    found = take(b'id,name\rN1,"a\rb"\rN2,c\r')
    assert good(found) == [["N1", "a\rb"], ["N2", "c"]]
    assert [row.line for row in found] == [2, 4]


def test_a_spreadsheets_line_about_its_delimiter_is_understood() -> None:
    found = take(b"sep=;\r\nid;name\r\nN1;a,b,c,d,e,f\r\n")
    assert (good(found), found[0].line) == ([["N1", "a,b,c,d,e,f"]], 3)


@pytest.mark.parametrize(
    ("text", "codec", "read_as"),
    [
        ("Universität Zürich – “Étude”", "cp1252", "cp1252"),
        ("Universität Zürich – “Étude”", "utf-8", "utf-8"),
        ("plain", "ascii", "ascii"),
        ("Universität", "utf-16", "utf-16-le"),
    ],
)
def test_encodings(text: str, codec: str, read_as: str) -> None:
    (row,) = take(f"id,name\nN1,{text}\n".encode(codec))
    assert isinstance(row, Row)
    assert (row.fields[1], row.encoding, row.is_recoded) == (text, read_as, read_as == "cp1252")


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Клиническое исследование препарата", "cp1251"),
        ("随机对照临床试验研究", "gbk"),
        ("Étude à l'hôpital de Genève, précédée", "mac_roman"),
        ("Étude à l'hôpital de Genève, précédée", "cp850"),
        ("Universität", "utf-32"),
        ("Universität", "utf-16-le"),
    ],
)
def test_other_encodings_are_refused(text: str, codec: str) -> None:
    with pytest.raises(TableFault) as refused:
        take(f"id,name\nN1,{text}\n".encode(codec))
    assert refused.value.fault.code == "not_utf8"


def test_a_few_bytes_that_are_not_utf8_cost_their_row_only() -> None:
    data = "id,name\nN1,Zürich\nN2,".encode() + b"Gen\xe8ve" + "\nN3,Köln\n".encode()
    found = take(data)
    assert good(found) == [["N1", "Zürich"], ["N3", "Köln"]]
    assert bad(found) == [(3, "not_utf8")]
    (row,) = [row for row in found if isinstance(row, BadRow)]
    assert "column 'name'" in row.fault.message


def test_the_encoding_may_show_late_in_a_large_file() -> None:
    rows = 100_000
    data = HEAD + b"N1,plain,text\n" * rows + "N2,Zürich,x\n".encode("cp1252")
    found = take(data)
    assert (len(found), good(found)[-1]) == (rows + 1, ["N2", "Zürich", "x"])
    with pytest.raises(TableFault) as refused:
        take(HEAD + b"N1,plain,text\n" * rows + "N2,Клиническое,x\n".encode("cp1251"))
    assert refused.value.line == rows + 2


def test_rows_before_a_break_in_the_stream_are_given() -> None:
    def chunks():
        yield HEAD + b"N1,a,b\nN2,c"
        raise MemberError("truncated_gzip", "cut")

    member = Member(None, None, lambda: ChunkStream(chunks()))  # type: ignore[arg-type, return-value]
    found = []
    with open_table(member, COMMA, LIMITS) as table:
        rows = iter(table)
        found.append(next(rows))
        with pytest.raises(MemberError):
            next(rows)
    assert good(found) == [["N1", "a", "b"]]


def test_a_heading_without_rows() -> None:
    assert take(HEAD) == []
    assert take(HEAD.strip()) == []
    for nothing in (b"", b"\n\n", codecs.BOM_UTF8):
        with pytest.raises(TableFault):
            take(nothing)


def test_missing_and_renamed_columns_are_named() -> None:
    heading = read_heading(b"NCTNumber,Study Title,Sponsor\n", COMMA)
    assert heading is not None
    with pytest.raises(TableFault) as refused:
        check_columns(heading, ("NCT Number",), ("Study Title", "Sponsor"))
    assert refused.value.fault.code == "missing_column"
    assert "'NCT Number' is missing (did you mean 'NCTNumber'?)" in refused.value.fault.message
    with pytest.raises(TableFault) as refused:
        check_columns(heading, ("Rank",))
    assert "did you mean" not in refused.value.fault.message
    check_columns(heading, ("Sponsor",))
    twice = read_heading(b"a,b,a\n", COMMA)
    assert twice is not None
    with pytest.raises(TableFault, match="twice"):
        check_columns(twice, ("a",))


def test_memory_does_not_grow_with_the_table() -> None:
    import tracemalloc

    def chunks():
        yield HEAD
        for _ in range(400):
            yield b'N1,"a\nb' + b"x" * 100_000 + b'",some text\n'

    member = Member(None, None, lambda: ChunkStream(chunks()))  # type: ignore[arg-type, return-value]
    tracemalloc.start()
    with open_table(member, COMMA, LIMITS) as table:
        count = sum(1 for _ in table)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 400
    assert peak < 8_000_000
