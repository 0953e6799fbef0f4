"""What is read from a record does not depend on how its file is written: the same records in other encodings, with
other marks, prefixes and line ends give the same studies, and their exact bytes.

Real files and synthetic ones were written in many more ways in 2026-11 and compared; what had to be mended is here.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipelines.landing.member import Member, MemberError
from pipelines.readers import find_raw, read_file
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.wide_text import in_utf8
from pipelines.sample import write_sample
from tests.readers.ctgov_xml_files import archived
from tests.readers.studies import LIMITS, as_page, compact, ndjson, study, zip_of

XML = ("ctgov_xml", "ictrp_xml", "isrctn_xml", "chictr_xml")
JSON = ("ctgov_array", "ctis_json", "drks_json")
TEXT = ("page_text", "euctr_text")
MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}


@cache
def sample(kind: str) -> str:
    """A synthetic file of a format, three records where it can hold several."""
    with TemporaryDirectory() as folder:
        write_sample(3, Path(folder), formats=(kind,), defects=False)
        path = next(one for one in sorted(Path(folder).rglob("*")) if one.is_file() and not one.name.startswith("."))
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                return archive.read(archive.namelist()[0]).decode()
        return path.read_text(encoding="utf-8")


def read(tmp_path: Path, data: bytes) -> list[dict[str, Any]]:
    """The studies of a file, all records of which are good and have bytes that stand in it."""
    path = tmp_path / "file"
    path.write_bytes(data)
    found = []
    for _, records in read_file(path, LIMITS):
        for record in records:
            assert isinstance(record, RawRecord), record
            assert record.raw in data
            assert find_raw(path, record.member, record.position, LIMITS) == record.raw
            found.append(orjson.loads(record.text) if record.study is None else record.study)
    assert found
    return found


def prefixed(text: str) -> str:
    """The document with a namespace prefix before all its elements' names."""
    root = etree.fromstring(text.encode())
    body = etree.tostring(root, encoding="unicode")
    body = re.sub(r' xmlns="[^"]*"', "", body)
    body = re.sub(r"<(/?)(?=[A-Za-z_])", r"<\1x-1:", body)
    return body.replace(
        f"<x-1:{etree.QName(root).localname}", f"<x-1:{etree.QName(root).localname} xmlns:x-1='urn:x'", 1
    )


def in_a_namespace(text: str) -> str:
    root = etree.fromstring(text.encode())
    body = re.sub(r' xmlns="[^"]*"', "", etree.tostring(root, encoding="unicode"))
    name = etree.QName(root).localname
    return body.replace(f"<{name}", f'<{name} xmlns="http://example.org/later/version"', 1)


def bare(text: str) -> str:
    """Without its declaration."""
    return text[text.index("?>") + 2 :].lstrip() if text.lstrip("\ufeff").startswith("<?xml") else text


def declared(encoding: str, text: str, form: str = '<?xml version="1.0" encoding="{}"?>\n') -> str:
    return form.format(encoding) + bare(text)


def with_schema(text: str) -> str:
    names = (
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://example.org/s.xsd"'
    )
    return re.sub(r"<([A-Za-z_]\w*)(?=[\s/>])", rf"<\1 {names}", bare(text), count=1)


XML_FORMS: dict[str, Callable[[str], bytes]] = {
    "prefixes": lambda text: prefixed(text).encode(),
    "another namespace": lambda text: in_a_namespace(text).encode(),
    "place of a schema": lambda text: with_schema(text).encode(),
    "UTF-8 that says it is UTF-16": lambda text: declared("utf-16", text).encode(),
    "its mark and another encoding": lambda text: codecs.BOM_UTF8 + declared("ISO-8859-1", text).encode(),
    "blanks in the declaration": lambda text: declared(
        "ISO-8859-15", text, '<?xml version = "1.0" encoding = "{}" ?>\n'
    ).encode("iso-8859-15", "xmlcharrefreplace"),
    "an instruction with a bracket": lambda text: ('<?xml-stylesheet href="a>b.xsl"?>' + bare(text)).encode(),
    "UTF-16 that says so": lambda text: codecs.BOM_UTF16_LE + declared("UTF-16", text).encode("utf-16-le"),
    "UTF-16 that does not": lambda text: codecs.BOM_UTF16_BE + bare(text).encode("utf-16-be"),
}


@pytest.mark.parametrize("form", XML_FORMS)
@pytest.mark.parametrize("kind", XML)
def test_xml(tmp_path: Path, kind: str, form: str) -> None:
    """Denominators of results vanished in another namespace; prefixes, UTF-16 and what .NET declares were refused."""
    text = sample(kind)
    assert read(tmp_path, XML_FORMS[form](text)) == read(tmp_path, text.encode())


@pytest.mark.parametrize("form", XML_FORMS)
def test_xml_of_several_records_of_clinicaltrials_gov(tmp_path: Path, form: str) -> None:
    text = f"<studies>{bare(sample('ctgov_xml')) * 2}</studies>"
    assert read(tmp_path, XML_FORMS[form](text)) == read(tmp_path, text.encode())


@pytest.mark.parametrize("between", ["<!-- one -->", "<?two?>\n", "\n<!-- <nct_id> -->\n<?x y?><!---->\n"])
def test_remarks_before_the_id_do_not_hide_the_archives_layout(tmp_path: Path, between: str) -> None:
    """The record was taken for one of the public layout, in which nothing of it had a place."""
    text = archived("<brief_title>One</brief_title>").decode()
    assert read(tmp_path, text.replace("<study_id>", between + "<study_id>").encode()) == read(tmp_path, text.encode())


@pytest.mark.parametrize("codec", MARKS)
@pytest.mark.parametrize("kind", [*JSON, *TEXT])
def test_utf16(tmp_path: Path, kind: str, codec: str) -> None:
    """Windows programs save "Unicode" so; legal XML may be in it. All of it was refused."""
    text = sample(kind)
    for form in (text, text.replace("\n", "\r\n")):
        assert read(tmp_path, MARKS[codec] + form.encode(codec)) == read(tmp_path, text.encode())


def turned(value: Any) -> Any:
    """The same JSON, the names of all its objects in the opposite order."""
    if isinstance(value, dict):
        return {name: turned(value[name]) for name in reversed(value)}
    return [turned(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", [*JSON, "isrctn_json"])
def test_names_in_another_order(tmp_path: Path, kind: str) -> None:
    """What is kept and joined of a CTIS or ISRCTN record stood in the file's order: copies of it were versions."""
    document = orjson.loads(sample(kind))
    for other in (orjson.dumps(turned(document)), orjson.dumps(document, option=orjson.OPT_SORT_KEYS)):
        assert read(tmp_path, other) == read(tmp_path, orjson.dumps(document))


@pytest.mark.parametrize("kind", ["ctgov_csv", "ctgov_csv_classic", "ictrp_csv"])
def test_columns_in_another_order(tmp_path: Path, kind: str) -> None:
    rows = list(csv.reader(io.StringIO(sample(kind), newline="")))
    text = io.StringIO(newline="")
    csv.writer(text).writerows(row[::-1] for row in rows)
    assert read(tmp_path, text.getvalue().encode()) == read(tmp_path, sample(kind).encode())


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f"])
@pytest.mark.parametrize("kind", ["page_text", "page_text_bare"])
def test_pages_copied_from_a_browser(tmp_path: Path, kind: str, blank: str) -> None:
    """A blank that forbids a line break stood in labels too: the page lost its id, and ids of others were taken for its
    organisation's."""
    text = sample(kind)
    copied = re.sub(r"( \S+) ", rf"\1{blank}", text)
    two = f"{text}\n{text}", f"{copied}\n{copied}"
    assert copied.count(blank) > 100
    assert read(tmp_path, copied.encode()) == read(tmp_path, text.encode())
    assert read(tmp_path, two[1].encode()) == read(tmp_path, two[0].encode())


def test_utf16_in_an_archive_and_of_many_lines(tmp_path: Path) -> None:
    raws = [compact(study(number)) for number in range(1, 5)]
    wide = [codecs.BOM_UTF16_LE + raw.decode().encode("utf-16-le") for raw in (ndjson(raws[:2]), as_page(raws[2:]))]
    path = tmp_path / "file.zip"
    path.write_bytes(zip_of({"lines": wide[0], "page": wide[1]}))
    found = [record for _, records in read_file(path, LIMITS) for record in records if isinstance(record, RawRecord)]
    assert [record.text for record in found] == raws
    assert [record.raw for record in found] == [raw.decode().encode("utf-16-le") for raw in raws]
    assert [(record.member, record.position) for record in found] == [
        ("lines", 1),
        ("lines", 2),
        ("page", 1),
        ("page", 2),
    ]


@pytest.mark.parametrize("damage", [b"x", b"\x00\xd8x\x00"], ids=["half a character", "half a pair"])
def test_damaged_utf16_costs_what_follows(tmp_path: Path, damage: bytes) -> None:
    raws = [compact(study(number)) for number in (1, 2)]
    good = codecs.BOM_UTF16_LE + ndjson(raws).decode().encode("utf-16-le")
    path = tmp_path / "file"
    path.write_bytes(good + damage)
    *found, refused = [record for _, records in read_file(path, LIMITS) for record in records]
    assert [record.text for record in found if isinstance(record, RawRecord)] == raws
    assert isinstance(refused, BadRecord)
    assert refused.reason_code == "not_utf8"
    assert f"byte {len(good):,}" in refused.reason


@given(st.text(min_size=1), st.sampled_from(sorted(MARKS)), st.binary(max_size=3))
@settings(max_examples=200, deadline=None)
def test_whatever_is_utf16_comes_through(text: str, codec: str, more: bytes) -> None:
    try:
        data = MARKS[codec] + text.encode(codec) + more
        expected = data[2:].decode(codec).encode()
    except UnicodeError:
        expected = None
    if expected is not None:
        assert in_utf8(Member.of_bytes(None, data), codec).read() == expected
    elif more:
        with pytest.raises(MemberError):
            in_utf8(Member.of_bytes(None, data), codec).read()
