"""ClinicalTrials.gov's legacy XML, damaged in every way: what is refused, and that its neighbours are not."""

from __future__ import annotations

import pytest

from pipelines.readers.base import BadRecord, RawRecord
from pipelines.settings import Limits
from tests.readers.ctgov_xml_files import PROLOG, bad, records, study_of, xml


@pytest.mark.parametrize("keep", [0.5, 0.9, 0.999])
def test_a_cut_file_is_truncated(keep: float) -> None:
    data = xml("<brief_title>T</brief_title>" + "<condition>c</condition>" * 50)
    record = bad(data[: int(len(data) * keep) - 3])
    assert record.reason_code == "truncated_xml"
    assert record.registry_id == "NCT90000001"


def test_a_broken_record_does_not_harm_its_neighbours() -> None:
    good = xml("").removeprefix(PROLOG.encode())
    broken = good.replace(b"</id_info>", b"</id_inf>").replace(b"0001", b"0002")
    first, middle, last = records(b"<studies>" + good + broken + good + b"</studies>")
    assert isinstance(first, RawRecord)
    assert isinstance(last, RawRecord)
    assert isinstance(middle, BadRecord)
    assert (middle.reason_code, middle.position, middle.registry_id) == ("malformed_xml", 2, "NCT90000002")
    assert "line" in middle.reason


def test_a_record_that_is_not_closed_before_the_next_begins() -> None:
    good = xml("").removeprefix(PROLOG.encode())
    cut = good.replace(b"</clinical_study>", b"")
    found = records(b"<studies>" + cut + good + b"</studies>")
    assert [getattr(record, "reason_code", "") for record in found] == ["truncated_xml", ""]


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE clinical_study [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE clinical_study [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    ],
    ids=["bomb", "external"],
)
def test_entities_are_refused(declaration: str) -> None:
    data = xml("<brief_title>&a;</brief_title>").decode().replace(PROLOG, PROLOG + declaration).encode()
    assert bad(data).reason_code == "xml_entity"


def test_nul_bytes_and_bytes_that_are_not_utf8_are_malformed() -> None:
    for wrong in (b"T\0T", b"T\xe9T"):
        assert (
            bad(xml("<brief_title>X</brief_title>").replace(b">X<", b">" + wrong + b"<")).reason_code == "malformed_xml"
        )


def test_a_declared_encoding_is_followed_in_one_record_and_in_many() -> None:
    one = xml("<brief_title>é</brief_title>").decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")
    prolog, _, record = one.partition(b"\n")
    for data in (one, prolog + b"<studies>" + record + record + b"</studies>"):
        for found in records(data):
            assert isinstance(found, RawRecord)
            assert found.study is not None
            assert found.study["protocolSection"]["identificationModule"]["briefTitle"] == "é"


def test_a_byte_order_mark_is_passed_over() -> None:
    assert study_of(b"\xef\xbb\xbf" + xml(""))["protocolSection"]["identificationModule"]["nctId"] == "NCT90000001"


@pytest.mark.parametrize("before", [b"\n", b"  \r\n\n", b"\xef\xbb\xbf\n"])
def test_blanks_before_the_declaration_are_passed_over(before: bytes) -> None:
    """A file of many records was read with them, a file of one was refused as malformed."""
    assert study_of(before + xml(""))["protocolSection"]["identificationModule"]["nctId"] == "NCT90000001"


def test_a_record_larger_than_the_limit() -> None:
    data = xml("<brief_title>" + "x" * 4000 + "</brief_title>")
    assert bad(data, Limits(record_bytes=1000)).reason_code == "record_too_large"
