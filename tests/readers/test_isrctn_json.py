"""ISRCTN JSON: every style of conversion gives what the XML gives; containers, damage, real files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from pipelines.landing.member import Member
from pipelines.readers import READERS, read_file, recognise
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.isrctn_json import READER
from pipelines.readers.isrctn_xml import READER as XML_READER
from pipelines.sample import make_study
from pipelines.sample.render import isrctn_json as rendering
from pipelines.sample.render import isrctn_xml
from pipelines.settings import Limits

Json = dict[str, Any]


def read(data: bytes, limits: Limits | None = None) -> list[RawRecord | BadRecord]:
    return list(READER.read(Member.of_bytes("a.json", data), limits or Limits()))


def converted(node: etree._Element, attributes: Callable[[Json, Json], None], text: str, lists: bool) -> Any:
    """An element in a style of conversion: how it writes attributes, the name of texts, lists always or at need."""
    found: Json = {}
    if node.attrib:
        attributes(found, {str(name): str(value) for name, value in node.attrib.items()})
    for child in node:
        name = etree.QName(child).localname
        value = converted(child, attributes, text, lists)
        if name not in found:
            found[name] = [value] if lists else value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    if not len(node) and node.text:
        if not found:
            return node.text
        found[text] = node.text
    return found or None


def prefixed(sign: str) -> Callable[[Json, Json], None]:
    return lambda found, attributes: found.update({sign + name: value for name, value in attributes.items()})


def under(name: str) -> Callable[[Json, Json], None]:
    return lambda found, attributes: found.update({name: attributes})


STYLES = {
    "xmltodict": (prefixed("@"), "#text", False),
    "badgerfish": (prefixed("@"), "$", False),
    "xml2js": (under("$"), "_", True),
    "mxj": (prefixed("-"), "#text", False),
    "x2js": (prefixed("_"), "__text", False),
    "@attributes": (under("@attributes"), "#text", False),
    "attributes": (under("attributes"), "value", False),
    "beside": (prefixed(""), "#text", False),
}


@pytest.mark.parametrize("style", STYLES)
def test_a_conversion_says_what_the_xml_says(style: str) -> None:
    for index in range(12):
        data = isrctn_xml.render_file([make_study(51, index)])
        (expected,) = XML_READER.read(Member.of_bytes(None, data), Limits())
        root = etree.fromstring(data)
        attributes, text, lists = STYLES[style]
        for document in (
            {"allTrials": converted(root, attributes, text, lists)},
            {"fullTrial": converted(root[0], attributes, text, lists)},
            converted(root[0], attributes, text, lists),
        ):
            raw = json.dumps(document).encode()
            assert recognise(raw) is READER
            (found,) = read(raw)
            assert isinstance(found, RawRecord), found
            assert found.study == expected.study  # type: ignore[union-attr]


def test_namespaced_names() -> None:
    document = {
        "ns0:allTrials": {
            "@xmlns:ns0": "http://www.67bricks.com/isrctn",
            "ns0:fullTrial": {"ns0:trial": {"ns0:isrctn": "12345678", "ns0:trialDescription": {"ns0:title": "T"}}},
        }
    }
    (found,) = read(json.dumps(document).encode())
    assert isinstance(found, RawRecord), found
    assert found.study is not None
    assert found.study["registrySection"]["recordId"] == "ISRCTN12345678"
    assert not [name for name in found.study if ":" in name]


@pytest.mark.parametrize(
    "stated", ["isrctn12345678", "１２３４５６７８", "ISRCTN-12345678", "1234 5678", "ISRCTN 1234 5678"]
)
def test_spellings_of_the_id(stated: str) -> None:
    """Wide digits and inner marks made a record lose its id, which all other formats read (2026-11-22)."""
    assert record_of(stated)["registrySection"]["recordId"] == "ISRCTN12345678"


def test_what_stands_in_place_of_the_id_is_kept() -> None:
    """A damaged id was nowhere in the tables, and two records with different ones were one version (2026-11-22)."""
    found = [record_of(stated) for stated in ("1234567B", "12345678X", "deferred")]
    assert not [one for one in found if "recordId" in one["registrySection"]]
    states = [one["registrySection"]["fieldStates"] for one in found]
    assert [[(one["field"], one["state"], one["verbatim"]) for one in said] for said in states] == [
        [("registrySection.recordId", "damaged", verbatim)] for verbatim in ("1234567B", "12345678X", "deferred")
    ]
    assert "fieldStates" not in record_of("").get("registrySection", {})


def record_of(stated: str) -> dict[str, Any]:
    document = {"isrctn": stated, "trialDescription": {"title": "T"}}
    (found,) = read(json.dumps({"allTrials": {"fullTrial": [{"trial": document}]}}).encode())
    assert isinstance(found, RawRecord), found
    assert found.study is not None
    return found.study


def records(count: int) -> list[Json]:
    lines = rendering.render_file([make_study(52, index) for index in range(count)]).splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    "pack",
    [
        lambda found: json.dumps(found).encode(),
        lambda found: json.dumps(found, indent=2, ensure_ascii=False).encode(),
        lambda found: b"\n".join(json.dumps(one).encode() for one in found),
        lambda found: b"\r\n\r\n".join(json.dumps(one).encode() for one in found) + b"\n",
        lambda found: b"\n".join(json.dumps(one, indent=1).encode() for one in found),
        lambda found: b"\xef\xbb\xbf" + json.dumps(found).encode(),
        lambda found: json.dumps(
            {"allTrials": {"@totalCount": "9", "fullTrial": [{"trial": one} for one in found]}}
        ).encode(),
    ],
    ids=["list", "indented list", "NDJSON", "NDJSON with blank lines", "one after the other", "BOM", "envelope"],
)
def test_containers(pack: Callable[[list[Json]], bytes]) -> None:
    found = records(5)
    data = pack(found)
    assert recognise(data[:65536]) is READER
    given = read(data)
    assert [type(record) for record in given] == [RawRecord] * 5
    assert [record.study["registrySection"]["recordId"] for record in given] == [  # type: ignore[union-attr,index]
        f"ISRCTN{one['isrctn']}" for one in found
    ]
    assert all(isinstance(record, RawRecord) and record.raw in data for record in given)
    assert len({record.position for record in given}) == 5


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda lines: [lines[0], lines[1][:-200], lines[2]], "truncated_json"),
        (lambda lines: [lines[0], lines[1].replace(b'":', b'" ', 1), lines[2]], "malformed_json"),
        (lambda lines: [lines[0], lines[1].replace(b"T", b"\xff", 1), lines[2]], "not_utf8"),
        (lambda lines: [lines[0], b'"text"', lines[2]], "not_an_object"),
        (lambda lines: [lines[0], b'{"isrctn":"1",' + lines[1][1:], lines[2]], "duplicate_key"),
        (lambda lines: [lines[0], lines[1][:-1] + b',"deep":' + b"[" * 600 + b"]" * 600 + b"}", lines[2]], "too_deep"),
    ],
    ids=["cut line", "colon lost", "not UTF-8", "text", "a name twice", "deep"],
)
def test_damage_costs_one_record(damage: Any, code: str) -> None:
    lines = rendering.render_file([make_study(53, index) for index in range(3)]).splitlines()
    given = read(b"\n".join(damage(lines)))
    assert [type(record) for record in given] == [RawRecord, BadRecord, RawRecord]
    assert given[1].reason_code == code  # type: ignore[union-attr]
    assert given[1].position == 2


def test_a_list_that_is_cut_keeps_what_came_before() -> None:
    data = json.dumps(records(3)).encode()
    given = read(data[: len(data) - 900])
    assert [type(record) for record in given] == [RawRecord, RawRecord, BadRecord]
    assert given[2].reason_code == "truncated_json"  # type: ignore[union-attr]


def test_a_broken_record_in_a_list_costs_one_record() -> None:
    texts = [json.dumps(one).encode() for one in records(3)]
    broken = texts[1][: len(texts[1]) // 2]
    given = read(b"[" + texts[0] + b"," + broken + b",\n" + texts[2] + b"]")
    assert [type(record) for record in given].count(RawRecord) == 2
    assert any(isinstance(record, BadRecord) for record in given)


def test_a_record_beyond_the_limit_is_refused() -> None:
    data = b"\n".join(json.dumps(one).encode() for one in records(3))
    sizes = [len(line) for line in data.splitlines()]
    given = read(data, Limits(record_bytes=max(sizes) - 1))
    assert [record.reason_code for record in given if isinstance(record, BadRecord)] == ["record_too_large"]


def test_stamps_of_the_conversion_do_not_count() -> None:
    (one,) = records(1)
    later = {**one, "record_last_import": "2030-01-01 00:00:00", "_id": "x"}
    studies = [read(json.dumps(record).encode())[0].study for record in (one, later)]  # type: ignore[union-attr]
    assert studies[0] == studies[1]


def test_what_nobody_foresaw_is_not_lost() -> None:
    (one,) = records(1)
    (found,) = read(json.dumps({**one, "novelty": {"a": 1}}).encode())
    assert found.study["isrctn_json:trial/novelty/a"] == 1  # type: ignore[union-attr,index]


def test_heads_of_other_formats_are_not_taken() -> None:
    head = rendering.render_file([make_study(1, 1)])[:65536]
    assert [reader.format for reader in READERS if reader.recognise(head)] == ["isrctn_json"]
    for other in (
        b'{"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}}',
        b'{"drksId": "DRKS00000001", "trialDescriptions": []}',
        b'{"ctNumber": "2022-500000-00-00"}',
        b"<allTrials/>",
        b"[1, 2]",
        b"",
    ):
        assert not READER.recognise(other)


def test_real_conversions_are_read_without_an_unknown_field(shared_dir: Path) -> None:
    paths = sorted((shared_dir / "data" / "isrctn").glob("*.json"))
    assert paths
    for path in paths:
        ((reader, given),) = [(reader, list(found)) for reader, found in read_file(path, Limits())]
        assert reader is READER
        (record,) = given
        assert isinstance(record, RawRecord)
        study, source = record.study, json.loads(path.read_bytes())
        assert study is not None
        assert not [name for name in study if ":" in name]
        assert study["registrySection"]["recordId"] == path.stem
        section = study["protocolSection"]
        assert section["identificationModule"]["briefTitle"] == source["trialDescription"]["title"].strip()
        assert section["statusModule"]["startDateStruct"]["date"] == source["participants"]["recruitmentStart"][:10]
        assert source["participants"]["inclusion"].split()[0] in section["eligibilityModule"]["eligibilityCriteria"]
        assert section["designModule"]["enrollmentInfo"]["count"] == int(
            source["participants"]["totalFinalEnrolment"] or source["participants"]["targetEnrolment"]
        )
        ids = [one["id"] for one in section["identificationModule"].get("secondaryIdInfos", ())]
        assert len(ids) == len(set(ids)) or "Nil known" in ids


def test_what_a_conversion_shows_empty_is_missing_in_the_registry() -> None:
    """Conversions drop people and attributes, but an element that they show empty is empty in the registry."""
    record = {
        "trialDescription": {"title": "T"},
        "participants": {"targetEnrolment": ""},
        "conditions": {"condition": {}},
    }
    (found,) = read(json.dumps({"isrctn": "12345678", **record}).encode())
    assert isinstance(found, RawRecord)
    assert found.study is not None
    said = {one["field"].rpartition(".")[2]: one["label"] for one in found.study["registrySection"]["fieldStates"]}
    assert said == {"count": "trial/participants/targetEnrolment", "conditions": "trial/conditions"}
