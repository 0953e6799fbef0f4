"""Every shape of API v2 JSON gives its studies, byte for byte; what is broken costs itself and nothing else."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import json
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.readers import ctgov_v2, json_split, json_window
from pipelines.readers.base import HEAD_BYTES, BadRecord, Member, RawRecord
from pipelines.settings import Limits
from tests.readers.studies import (
    CONTAINERS,
    ENCODERS,
    LIMITS,
    SHAPES,
    as_array,
    as_page,
    bad,
    compact,
    good,
    ndjson,
    pretty,
    records,
    study,
    zip_of,
)

STUDIES = [study(number) for number in range(1, 4)]
RAWS = [compact(document) for document in STUDIES]


def read(data: bytes, limits: Limits = LIMITS) -> list[RawRecord | BadRecord]:
    return list(ctgov_v2.read(Member.of_bytes(None, data), limits))


@pytest.fixture
def tiny_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every chunk border count."""
    monkeypatch.setattr(json_window, "CHUNK_BYTES", 61)
    monkeypatch.setattr(json_split, "CHUNK_BYTES", 61)
    monkeypatch.setattr(json_split, "FIRST_STEP", 7)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("encoder", ENCODERS)
def test_every_shape_in_every_container(tmp_path: Path, container: str, shape: str, encoder: str) -> None:
    raws = [ENCODERS[encoder](document) for document in STUDIES]
    found = records(tmp_path / "f", CONTAINERS[container](SHAPES[shape](raws)))
    assert [record.raw for record in found if isinstance(record, RawRecord)] == raws
    assert [record.position for record in found] == [1, 2, 3]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n \n"], ids=["lf", "crlf", "blank lines"])
def test_ndjson_positions_are_line_numbers(tmp_path: Path, container: str, end: bytes) -> None:
    found = records(tmp_path / "f", CONTAINERS[container](ndjson(RAWS, end)))
    step = end.count(b"\n")
    assert [(record.position, record.raw) for record in found if isinstance(record, RawRecord)] == [
        (1 + step * index, raw) for index, raw in enumerate(RAWS)
    ]


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("around", [b"", b"\n", b" \r\n\t"], ids=["bare", "newline", "space"])
@pytest.mark.parametrize("bom", [b"", codecs.BOM_UTF8], ids=["no bom", "bom"])
def test_one_study_is_one_record(encoder: str, around: bytes, bom: bytes) -> None:
    raw = ENCODERS[encoder](STUDIES[0])
    assert ctgov_v2.recognise(bom + around + raw)
    assert read(bom + around + raw + around) == [RawRecord(None, 1, raw)]


@pytest.mark.parametrize("encoder", ENCODERS)
def test_pages_in_a_list_give_their_studies(encoder: str) -> None:
    """Answers to a search that a program gathered in one list: each page was taken for a study without an id."""
    pages = [{"studies": STUDIES[:2], "nextPageToken": "x"}, {"totalCount": 3, "studies": STUDIES[2:]}, {"studies": []}]
    data = ENCODERS[encoder](pages)
    assert ctgov_v2.recognise(data[:HEAD_BYTES])
    found = read(data)
    assert [orjson.loads(one.raw) for one in found if isinstance(one, RawRecord)] == STUDIES
    assert [one.position for one in found] == [1, 2, 3]


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("end", [b"", b"\n"])
def test_studies_under_their_numbers(encoder: str, end: bytes, tiny_steps: None) -> None:
    """A program's dictionary of studies, saved as it was: it was unknown JSON."""
    data = ENCODERS[encoder]({f"NCT{number:08d}": one for number, one in enumerate(STUDIES, start=1)}) + end
    assert ctgov_v2.recognise(data[:HEAD_BYTES])
    found = read(data)
    assert [orjson.loads(one.raw) for one in found if isinstance(one, RawRecord)] == STUDIES
    assert [one.position for one in found] == [1, 2, 3]


def test_studies_under_their_numbers_that_are_damaged() -> None:
    data = compact({f"NCT{number:08d}": one for number, one in enumerate(STUDIES, start=1)})
    (*whole, bad) = read(data[:-30])
    assert [orjson.loads(one.raw) for one in whole if isinstance(one, RawRecord)] == STUDIES[:2]
    assert isinstance(bad, BadRecord)
    assert (bad.reason_code, bad.registry_id) == ("truncated_json", "NCT00000003")
    (*whole, bad) = read(data[:-1] + b',"note":1}')
    assert len(whole) == 3
    assert isinstance(bad, BadRecord)
    assert bad.reason_code == "trailing_data"


def test_keys_in_any_order() -> None:
    section = STUDIES[0]["protocolSection"]
    studies = [
        {"hasResults": False, "protocolSection": section},
        {"somethingNew": {"a": [1]}, "protocolSection": section},
        {"derivedSection": {}, "hasResults": True, "protocolSection": section},
    ]
    for document in studies:
        for data in (compact(document), pretty(document), as_array([compact(document)]), as_page([pretty(document)])):
            assert ctgov_v2.recognise(data), data
            assert len(good(read(data))) == 1


@pytest.mark.parametrize(
    "data",
    [b'{"studies":[]}', b'{"studies" : [ ] , "nextPageToken":"a"}', b'{"totalCount":0,"studies":[]}'],
    ids=["bare", "token", "count first"],
)
def test_an_empty_page_is_no_record_and_no_fault(data: bytes) -> None:
    assert ctgov_v2.recognise(data)
    assert read(data) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"studies":1}',
        b'{"studies":[{"id":1}]}',
        b'[{"name":"protocolSection","children":[]}]',
        b'{"hasResults":true}',
        b"protocolSection",
        b'<script>{"protocolSection":1}</script>',
        b'{"drksId":"DRKS00000001"}',
        b"NCT Number,Title\nNCT00000001,x\n",
        b"[" * 100_000,
    ],
    ids=lambda data: repr(data[:24]),
)
def test_other_content_is_not_taken(data: bytes) -> None:
    assert not ctgov_v2.recognise(data)


def test_recognised_though_the_first_piece_is_broken() -> None:
    for data in (
        as_array([b"garbage", RAWS[0]]),
        as_page([b'{"oops"', RAWS[0]]),
        b"garbage\n" + ndjson(RAWS),
        b'{"garbage\n' + ndjson(RAWS),
    ):
        assert ctgov_v2.recognise(data)
        assert set(RAWS[:1]) <= set(good(read(data)))


@pytest.mark.parametrize("shape", ["one", *SHAPES])
@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("first", ["hasResults", "resultsSection"])
def test_recognised_whatever_section_stands_first(tmp_path: Path, shape: str, encoder: str, first: str) -> None:
    """Key order is no part of a record: one whose results stand before its protocol, which begins after all that a
    reader is shown to recognise it, was of an unknown format (2026-11-22)."""
    results = {"participantFlowModule": {"recruitmentDetails": "x" * HEAD_BYTES}}
    parts = {"hasResults": True, "resultsSection": results, "protocolSection": study(1)["protocolSection"]}
    raw = ENCODERS[encoder]({first: parts[first]} | parts)
    data = raw if shape == "one" else SHAPES[shape]([raw, RAWS[1]])
    found = records(tmp_path / "f", data)
    assert [record.raw for record in found if isinstance(record, RawRecord)] == [raw, RAWS[1]][: len(found)]
    assert len(found) == (1 if shape == "one" else 2)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.usefixtures("tiny_steps")
def test_cut_anywhere_keeps_the_studies_before(shape: str) -> None:
    data = SHAPES[shape](RAWS)
    for end in range(60, len(data), 37):
        found = read(data[:end])
        whole = [raw for raw in RAWS if 0 <= data.find(raw) <= end - len(raw)]
        assert good(found) == whole
        if shape in ("array", "spaced_array", "page_first"):
            assert [record.reason_code for record in bad(found)] == ["truncated_json"]
            assert bad(found)[0].position == len(whole) + 1
            assert "byte" in bad(found)[0].reason


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (b"17", "not_an_object"),
        (b'"a text, with a comma"', "not_an_object"),
        (b"null", "not_an_object"),
        (b'["a",{"b":1}]', "not_an_object"),
        (b"nonsense", "malformed_json"),
        (b"[1,,2]", "malformed_json"),
        (RAWS[0][:-1], "malformed_json"),
        (RAWS[0][:200], "malformed_json"),
        (RAWS[0].replace(b'"hasResults', b'hasResults'), "malformed_json"),
        (RAWS[0].replace(b'"Cough"', b'"Cough'), "malformed_json"),
        (RAWS[0].replace(b'"Cough"', b'"Co"ugh"'), "malformed_json"),
        (RAWS[0].replace(b"Cough", b"Co\xffgh"), "not_utf8"),
        (compact(study(9, deep=json.loads("[" * 120 + "]" * 120))), "too_deep"),
        (compact(study(9, long="x" * 5000)), "record_too_large"),
    ],
    ids=[
        "number", "text", "null", "list", "garbage", "bad list", "brace missing", "cut in the middle",
        "quote of a name missing", "end quote missing", "quote too many", "latin 1", "deep", "large",
    ],
)  # fmt: skip
@pytest.mark.parametrize("shape", [name for name in SHAPES if name not in ("sequence", "pages")])
@pytest.mark.parametrize("place", [0, 1, 2], ids=["first", "middle", "last"])
@pytest.mark.parametrize("tiny", [False, True], ids=["one chunk", "tiny chunks"])
def test_a_broken_element_costs_itself_only(
    request: pytest.FixtureRequest, shape: str, place: int, broken: bytes, code: str, tiny: bool
) -> None:
    if tiny:
        request.getfixturevalue("tiny_steps")
    raws = [compact(study(number)) for number in (21, 22)]
    data = SHAPES[shape]([*raws[:place], broken, *raws[place:]])
    found = read(data, Limits(record_bytes=4000))
    assert good(found) == raws
    refused = [r for r in found if isinstance(r, BadRecord) or r.raw not in raws]
    assert refused[0].position == place + 1
    # a last element whose brackets or quotes stay open takes the end of the page with it: that is told as well
    takes_the_end = shape == "page" and place == 2 and code == "malformed_json"
    assert len(refused) == 1 or takes_the_end, refused
    if isinstance(refused[0], BadRecord):
        last_is_cut = place == 2 and broken.startswith(b'{"protocol') and code == "malformed_json"
        assert refused[0].reason_code in ({code, "truncated_json"} if last_is_cut else {code})
        assert refused[0].excerpt or code == "truncated_json"
    else:  # brackets balance: it is for the parser to refuse
        assert code == "malformed_json"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"nonsense", "malformed_json"),
        (b"17", "not_an_object"),
        (b'["a"]', "not_an_object"),
        (b"[" * 5000, "record_too_large"),
        (b"[" * 2000, "too_deep"),
        (b'{"protocolSection":' * 200, "too_deep"),
        (compact(study(9, long="x" * 5000)), "record_too_large"),
        (RAWS[0].replace(b"Cough", b"Co\xffgh"), "not_utf8"),
    ],
    ids=["garbage", "number", "list", "long", "deep list", "deep object", "large", "latin 1"],
)
@pytest.mark.parametrize("place", [0, 1, 3], ids=["first", "second", "last"])
def test_a_broken_line_costs_itself_only(line: bytes, code: str, place: int) -> None:
    raws = [*RAWS[:place], line, *RAWS[place:]]
    found = read(ndjson(raws), Limits(record_bytes=4000))
    assert good(found) == RAWS
    told = [(record.position, record.reason_code) for record in bad(found)]
    assert told == [(place + 1, code)] or (place == 0 and line[:2] == b"[[")  # might be a list just as well


def test_a_line_that_only_looks_like_a_study_is_left_to_the_parser() -> None:
    found = read(ndjson([RAWS[0], RAWS[1][:100], RAWS[2]]))
    assert good(found) == [RAWS[0], RAWS[2]]
    assert [record.position for record in found] == [1, 2, 3]
    found = read(ndjson([RAWS[0][:100], RAWS[1], RAWS[2]]))
    assert good(found) == RAWS[1:]
    assert [record.position for record in found] == [1, 2, 3]


@pytest.mark.parametrize("shape", ["array", "spaced_array", "page", "page_first"])
@pytest.mark.parametrize("rest", [b"garbage", b"<html>", b"}", b"]", b"\0\0\0"])
def test_trailing_data(shape: str, rest: bytes) -> None:
    found = read(SHAPES[shape](RAWS) + rest)
    assert good(found) == RAWS
    assert [(record.position, record.reason_code) for record in bad(found)] == [(4, "trailing_data")]


def test_a_study_over_many_lines_before_studies_on_one() -> None:
    raws = [pretty(STUDIES[0]), *RAWS[1:]]
    assert good(read(b"\n".join(raws))) == raws


def test_a_study_followed_by_something_else() -> None:
    for rest in (b" garbage", b"\n}\n", b"\n<html>"):
        found = read(pretty(STUDIES[0]) + rest)
        assert good(found) == [pretty(STUDIES[0])]
        assert [(record.position, record.reason_code) for record in bad(found)] == [(2, "trailing_data")], rest


def test_a_field_of_fifty_megabytes_takes_no_memory_and_no_neighbour() -> None:
    large = compact(study(9, long="x" * 50_000_000))
    found = read(as_array([RAWS[0], large, RAWS[1]]))
    assert good(found) == RAWS[:2]
    assert [(record.position, record.reason_code, record.registry_id) for record in bad(found)] == [
        (2, "record_too_large", "NCT00000009")
    ]
    assert len(bad(found)[0].excerpt) <= 200
    found = read(ndjson([RAWS[0], large, RAWS[1]]))
    assert good(found) == RAWS[:2]
    assert [(record.position, record.reason_code) for record in bad(found)] == [(2, "record_too_large")]
    assert [record.reason_code for record in bad(read(large))] == ["record_too_large"]


def test_nesting_that_would_crash_a_recursive_parser() -> None:
    for data in (
        b'{"protocolSection":' + b"[" * 100_000,
        b'{"protocolSection":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
        as_array([b'{"protocolSection":' + b"[" * 100_000 + b"]" * 100_000 + b"}"]),
    ):
        assert ctgov_v2.recognise(data[:65536])
        found = read(data)
        assert good(found) == []
        assert [record.reason_code for record in bad(found)] in (["too_deep"], ["truncated_json"])


def test_a_later_version_nested_in_a_study_does_not_split_it() -> None:
    inside = compact({**study(1), "formerVersion": study(2)})
    assert good(read(as_array([inside, RAWS[2]]))) == [inside, RAWS[2]]


def test_garbled_text_of_every_kind_never_raises(tiny_steps: None) -> None:
    marks = [b"{", b"}", b"[", b"]", b'"', b"\\", b",", b"\xff", b"\0", b"\n"]
    base = as_page(RAWS[:2])
    for mark in marks:
        for place in range(30, len(base), 41):
            found = read(base[:place] + mark + base[place:])
            assert found
            assert all(record.position and record.position > 0 for record in found)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    number=st.integers(0, 6),
    shape=st.sampled_from(sorted(SHAPES)),
    encoder=st.sampled_from(sorted(ENCODERS)),
    text=st.text(max_size=30),
    chunk=st.integers(16, 4000),
)
def test_what_is_joined_is_split_again(number: int, shape: str, encoder: str, text: str, chunk: int) -> None:
    raws = [ENCODERS[encoder](study(index, note=text)) for index in range(number)]
    data = SHAPES[shape](raws)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_window, "CHUNK_BYTES", chunk)
        patch.setattr(json_split, "CHUNK_BYTES", chunk)
        patch.setattr(json_split, "FIRST_STEP", max(1, chunk // 9))
        assert read(data) == [RawRecord(None, place, raw) for place, raw in enumerate(raws, start=1)]


@settings(max_examples=200, deadline=None)
@given(
    shape=st.sampled_from(["array", "page", "page_first", "spaced_array"]),
    which=st.integers(0, 4),
    place=st.integers(30, 350),
    what=st.sampled_from([b'"', b"{", b"}", b"[", b"]", b"\\", b"", b'""', b"},{", b"\n"]),
    removed=st.integers(0, 40),
)
def test_one_damaged_study_of_five_leaves_four(shape: str, which: int, place: int, what: bytes, removed: int) -> None:
    raws = [compact(study(index)) for index in range(5)]
    hurt = raws[which][:place] + what + raws[which][place + removed :]
    found = read(SHAPES[shape]([*raws[:which], hurt, *raws[which + 1 :]]))
    others = [raw for index, raw in enumerate(raws) if index != which]
    assert [raw for raw in good(found) if raw in others] == others


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("shape", ["array", "page", "ndjson"])
def test_a_gzip_that_ends_too_early(tmp_path: Path, shape: str, cut: float) -> None:
    notes = [hashlib.sha256(bytes([number])).hexdigest() * 3 for number in range(50)]
    raws = [compact(study(number, note=note)) for number, note in enumerate(notes)]
    packed = gzip.compress(ndjson(raws) if shape == "ndjson" else SHAPES[shape](raws))
    found = records(tmp_path / "f", packed[: int(len(packed) * cut)])
    kept = good(found)
    assert 0 < len(kept) < 50
    assert kept == raws[: len(kept)]
    assert [(record.position, record.reason_code) for record in bad(found)] == [(len(kept) + 1, "truncated_gzip")]


def test_a_large_list_is_read_in_a_few_megabytes(tmp_path: Path) -> None:
    import tracemalloc

    raws = [compact(study(number, note="x" * 20_000)) for number in range(50)]
    path = tmp_path / "f.json"
    with path.open("wb") as out:
        out.write(b"[")
        for block in range(40):
            out.write((b"," if block else b"") + b",".join(raws))
        out.write(b"]")
    member = Member(None, path.stat().st_size, lambda: path.open("rb"))
    tracemalloc.start()
    count = sum(1 for _ in ctgov_v2.read(member, LIMITS))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2000
    assert peak < 16_000_000  # of 40 MB


def test_registry_id_and_excerpt_of_a_bad_piece() -> None:
    found = bad(read(as_array([RAWS[0][:-1], RAWS[1]])))
    assert found[0].registry_id == "NCT00000001"
    assert found[0].excerpt == RAWS[0].decode()[:200]
    assert found[0].excerpt


def test_members_keep_their_names(tmp_path: Path) -> None:
    names = {f"0{n}/NCT0000000{n}.json": compact(study(n)) for n in range(1, 4)}
    found = records(tmp_path / "f.zip", zip_of(names))
    assert {record.member: record.raw for record in found if isinstance(record, RawRecord)} == names
    assert {record.position for record in found} == {1}
    assert orjson.loads(found[0].raw) == study(1)  # type: ignore[union-attr]
