"""A record walks through its mapping: values to their places, nothing lost on the way."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from pipelines.readers.mapping import Mapper, MappingError, parse_mapping

HEAD = "format: demo\ntitle: Demo\nsource: nowhere\n"
MAPPING = parse_mapping(
    HEAD
    + """
rows:
  - {from: id, to: protocolSection.identificationModule.nctId}
  - {from: start, to: protocolSection.statusModule.startDateStruct.date, as: english_date}
  - {from: start/@type, to: protocolSection.statusModule.startDateStruct.type, as: words date_type}
  - {from: condition, to: protocolSection.conditionsModule.conditions}
  - {from: head/name, to: "protocolSection.contactsLocationsModule.overallOfficials[1].name"}
  - {from: rank, keep: true}
  - {from: downloaded, ignore: the day of the export}
  - from: arm
    items: protocolSection.armsInterventionsModule.armGroups
    rows:
      - {from: name, to: label}
      - {from: drug, to: interventionNames}
      - {from: code, keep: true}
      - {from: said, to: /protocolSection.descriptionModule.briefSummary}
words:
  date_type: {Actual: ACTUAL, Anticipated: ESTIMATED}
"""
)
XML = """<r xmlns="urn:x"><!-- c --><id>NCT1</id><start type="actual">June 2026</start>
<condition>A</condition><condition> B </condition><head><name>N</name></head><rank>3</rank><downloaded>now</downloaded>
<arm><name>one</name><drug>D</drug><drug>E</drug><code>x</code></arm><arm><name> </name></arm><arm><name>two</name>
<said>S</said></arm><new kind="k"><deep>t</deep></new></r>"""
JSON: dict[str, Any] = {
    "id": "NCT1",
    "start": {"@type": "Actual"},
    "condition": ["A", "B", None],
    "head": {"name": "N"},
    "rank": 3,
    "downloaded": "now",
    "arm": [{"name": "one", "drug": ["D", "E"], "code": "x"}, {"name": ""}, {"name": "two", "said": "S"}],
    "new": {"@kind": "k", "deep": "t"},
}


def test_xml_record() -> None:
    study = Mapper(MAPPING).of_xml(etree.fromstring(XML))
    protocol = study["protocolSection"]
    assert protocol["identificationModule"] == {"nctId": "NCT1"}
    assert protocol["statusModule"] == {"startDateStruct": {"date": "2026-06", "type": "ACTUAL"}}
    assert protocol["conditionsModule"] == {"conditions": ["A", "B"]}
    assert protocol["contactsLocationsModule"] == {"overallOfficials": [{"name": "N"}]}
    assert protocol["descriptionModule"] == {"briefSummary": "S"}
    arms = protocol["armsInterventionsModule"]["armGroups"]
    assert arms == [{"label": "one", "interventionNames": ["D", "E"]}, {"label": "two"}]


def test_json_record_gives_the_same_study() -> None:
    mapper = Mapper(MAPPING)
    from_json, from_xml = mapper.of_json(JSON), mapper.of_xml(etree.fromstring(XML))
    assert "startDateStruct" in from_json["protocolSection"]["statusModule"]
    from_xml["protocolSection"]["statusModule"]["startDateStruct"].pop("date")
    assert from_json == from_xml


def test_what_has_no_home_is_kept_and_what_nobody_foresaw_is_unknown() -> None:
    study = Mapper(MAPPING).of_xml(etree.fromstring(XML))
    assert study["registrySection"] == {
        "sourceFields": [
            {"path": "rank", "place": "rank", "value": "3"},
            {"path": "arm/code", "place": "arm[1]/code", "value": "x"},
        ]
    }
    assert {key: value for key, value in study.items() if ":" in key} == {
        "demo:new/@kind": "k",
        "demo:new/deep": "t",
    }


@pytest.mark.parametrize(
    ("start", "state"),
    [('<start type="Actual">06/07/2026</start>', "damaged"), ('<start type="Perhaps">2026</start>', "ambiguous")],
    ids=["date in figures", "unknown word"],
)
def test_what_cannot_be_read_is_null_with_a_state_and_the_text(start: str, state: str) -> None:
    study = Mapper(MAPPING).of_xml(etree.fromstring(f"<r>{start}</r>"))
    (found,) = study["registrySection"]["fieldStates"]
    assert found["state"] == state
    assert found["verbatim"] in start
    assert found["field"].startswith("protocolSection.statusModule.startDateStruct.")


def test_a_second_value_for_one_place_is_kept_beside() -> None:
    study = Mapper(MAPPING).of_xml(etree.fromstring("<r><id>NCT1</id><id>NCT2</id><id>NCT1</id></r>"))
    assert study["protocolSection"]["identificationModule"]["nctId"] == "NCT1"
    assert study["registrySection"]["sourceFields"] == [{"path": "id", "place": "id", "value": "NCT2"}]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("- {from: a, to: protocolSection.nowhere}", "no 'nowhere'"),
        ("- {from: a, to: protocolSection.armsInterventionsModule.armGroups.label}", "is a list"),
        ("- {from: a}", "one of"),
        (
            "- {from: a, items: protocolSection.conditionsModule.conditions, rows: [{from: b, keep: true}]}",
            "not a list",
        ),
        ("- {from: a, colour: red, keep: true}", "colour"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(rows: str, says: str) -> None:
    with pytest.raises(MappingError, match=says):
        parse_mapping(f"{HEAD}rows:\n  {rows}\n")


def test_unknown_converters_and_vocabularies_are_refused() -> None:
    for convert in ("magic", "words nothing"):
        text = f"rows:\n  - {{from: a, to: protocolSection.identificationModule.nctId, as: {convert}}}\n"
        with pytest.raises(MappingError, match="there is no"):
            Mapper(parse_mapping(HEAD + text))


def test_a_mapping_says_what_it_carries() -> None:
    carried = MAPPING.carries()
    assert "protocolSection.armsInterventionsModule.armGroups[].interventionNames[]" in carried
    assert "protocolSection.descriptionModule.briefSummary" in carried
    assert len(carried) == 8


def test_the_order_of_an_objects_names_says_nothing() -> None:
    """Two names with one place: whichever the program wrote first won, and its record was another version."""
    mapping = parse_mapping(
        HEAD
        + """
rows:
  - {from: title, to: protocolSection.identificationModule.briefTitle}
  - {from: name, to: protocolSection.identificationModule.briefTitle}
  - {from: rank, keep: true}
  - {from: area, keep: true}
"""
    )
    record = {"x": {"b": 1, "a": 2}, "area": {"k": "1", "j": "2"}, "name": "N", "rank": 3, "title": "T"}
    turned = {"title": "T", "x": {"a": 2, "b": 1}, "rank": 3, "area": {"j": "2", "k": "1"}, "name": "N"}
    study = Mapper(mapping).of_json(record)
    assert study["protocolSection"]["identificationModule"]["briefTitle"] == "T"
    assert Mapper(mapping).of_json(turned) == study


def test_blank_texts_of_any_depth_are_absent() -> None:
    """In a kept object, or one that nobody foresaw, a text of blanks became a row with an empty value."""
    mapper = Mapper(MAPPING)
    plain = mapper.of_json({"id": "NCT1", "rank": {"place": "3"}, "new": {"deep": "t"}})
    blank = {"id": "NCT1", "rank": {"place": "3", "of": " \u3000\n"}, "new": {"deep": "t", "list": ["\t", " "]}}
    assert mapper.of_json(blank) == plain
