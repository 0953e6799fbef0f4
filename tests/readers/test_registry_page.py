"""Page text through the common door: bytes, line ends, several pages, what is not UTF-8."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from pipelines.readers import registry_page
from pipelines.readers.base import Member, RawRecord
from pipelines.settings import Limits
from tests.readers.studies import CONTAINERS, LIMITS, bad, records

PAGE = """A synthetic trial of ten words for the purpose of testing
NCT ID: NCT00000012
Last Updated: 2025-03-04
Basic Information
Fundamental details about this study
Overall Status: COMPLETED
Enrollment: 12 participants
Brief Summary
Nothing is done to nobody, café included.
Conditions
Cough
"""


def of(data: bytes, limits: Limits = LIMITS) -> list[object]:
    return list(registry_page.read(Member.of_bytes("p.txt", data), limits))


def test_a_page_is_recognised_and_read(tmp_path: Path) -> None:
    for container in CONTAINERS.values():
        (found,) = records(tmp_path / "f", container(PAGE.encode()))
        assert isinstance(found, RawRecord)
        assert found.position == 1
        assert found.raw == PAGE.encode()
        assert found.study is not None
        assert found.study["protocolSection"]["identificationModule"]["nctId"] == "NCT00000012"


@pytest.mark.parametrize(
    "data",
    [codecs.BOM_UTF8 + PAGE.encode(), PAGE.replace("\n", "\r\n").encode()],
    ids=["bom", "crlf"],
)
def test_marks_and_line_ends_do_not_change_the_study(data: bytes) -> None:
    assert registry_page.recognise(data)
    (plain,) = of(PAGE.encode())
    (found,) = of(data)
    assert isinstance(found, RawRecord)
    assert isinstance(plain, RawRecord)
    assert found.study is not None
    assert plain.study is not None
    assert found.study["protocolSection"] == plain.study["protocolSection"]


def test_not_utf8_is_refused_with_its_place(tmp_path: Path) -> None:
    data = PAGE.encode("latin-1")
    (found,) = bad(records(tmp_path / "f", data))
    assert found.reason_code == "not_utf8"
    assert f"byte at {data.index(0xE9):,}" in found.reason
    assert found.position is None


def test_too_large_a_text_is_refused() -> None:
    (found,) = of(PAGE.encode(), Limits(text_member_bytes=100))
    assert getattr(found, "reason_code", None) == "member_too_large"


def test_a_page_that_makes_the_parser_fail_does_not_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(text: str) -> dict[str, object]:
        raise KeyError("a fault")

    monkeypatch.setattr(registry_page, "parse_page", failing)
    (found,) = of(PAGE.encode())
    assert getattr(found, "reason_code", None) == "reader_failed"
    assert "KeyError: 'a fault'" in getattr(found, "reason", "")


def test_pages_without_ids_may_be_keyed_by_content() -> None:
    assert registry_page.READER.content_identity
