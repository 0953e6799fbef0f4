"""Records that the fast decoder refused: unknown leaves are kept, wrong values name their place."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import reasons
from pipelines.staging.inspect import RecordRefused, UnknownValue, fits, inspect, refuse_duplicate_names, seems_fit
from tests.staging.studies import study


def test_names_with_dots_are_told_apart() -> None:
    """`{"a.b": {"c": 1}, "a": {"b.c": 2, "b": {"c": 3}}}` had three values at one place; the gate on keys that stand
    twice then kept every record from being published (extreme texts through whole runs, 2026-11-22).
    """
    odd = {"a.b": {"c": "1"}, "a": {"b.c": "2", "b": {"c": "3"}, "[1]": "4", "": {"": "5"}, '"b': "6"}}
    beside = {
        "l[1]": "7",
        "l": ["8"],
        "l[]": ["9"],
        "protocolSection.x": "10",
        "": "11",
        "ü-/ :": "12",
    }
    found = inspect({"protocolSection": odd, **beside}, 100)
    assert [(value.path, value.place, value.value) for value in found.unknown] == [
        ('protocolSection."a.b".c', 'protocolSection."a.b".c', "1"),
        ('protocolSection.a."b.c"', 'protocolSection.a."b.c"', "2"),
        ("protocolSection.a.b.c", "protocolSection.a.b.c", "3"),
        ('protocolSection.a."[1]"', 'protocolSection.a."[1]"', "4"),
        ('protocolSection.a."".""', 'protocolSection.a."".""', "5"),
        ('protocolSection.a."\\"b"', 'protocolSection.a."\\"b"', "6"),
        ('"l[1]"', '"l[1]"', "7"),
        ("l[]", "l[1]", "8"),
        ('"l[]"[]', '"l[]"[1]', "9"),
        ('"protocolSection.x"', '"protocolSection.x"', "10"),
        ('""', '""', "11"),
        ("ü-/ :", "ü-/ :", "12"),
    ]
    assert found.known == {"protocolSection": {}}


def test_unknown_leaves_are_cut_out_and_kept_with_their_place() -> None:
    locations = [{"city": "Ulm"}, {"city": "Bonn", "mood": {"today": "fair", "marks": [1, None]}}]
    found = inspect(study(contactsLocationsModule={"locations": locations}, colours=["red"]), 100)
    above = "protocolSection.contactsLocationsModule.locations"
    assert found.unknown == [
        UnknownValue(f"{above}[].mood.today", f"{above}[2].mood.today", "fair"),
        UnknownValue(f"{above}[].mood.marks[]", f"{above}[2].mood.marks[1]", "1"),
        UnknownValue(f"{above}[].mood.marks[]", f"{above}[2].mood.marks[2]", None),
        UnknownValue("protocolSection.colours[]", "protocolSection.colours[1]", "red"),
    ]
    assert found.known["protocolSection"]["contactsLocationsModule"] == {
        "locations": [{"city": "Ulm"}, {"city": "Bonn"}]
    }


def test_nulls_inside_lists_keep_their_place() -> None:
    found = inspect(study(conditionsModule={"conditions": ["Pain", None]}), 100)
    assert found.known["protocolSection"]["conditionsModule"] == {"conditions": ["Pain", None]}


@pytest.mark.parametrize(
    ("modules", "code", "words"),
    [
        (
            {"identificationModule": {"briefTitle": 42}},
            reasons.WRONG_TYPE,
            "briefTitle: 42 stands where text is due",
        ),
        (
            {"identificationModule": "x"},
            reasons.WRONG_TYPE,
            'identificationModule: "x" stands where an object is due',
        ),
        ({"conditionsModule": {"conditions": "Pain"}}, reasons.WRONG_TYPE, "where a list is due"),
        (
            {"designModule": {"enrollmentInfo": {"count": True}}},
            reasons.WRONG_TYPE,
            "true stands where integer is due",
        ),
        (
            {"designModule": {"enrollmentInfo": {"count": 1.5}}},
            reasons.OUT_OF_RANGE,
            "1.5 is not a whole number",
        ),
        (
            {"designModule": {"enrollmentInfo": {"count": 2**70}}},
            reasons.OUT_OF_RANGE,
            "of at most 9,007,199,254,740,991",
        ),
    ],
    ids=[
        "number for text",
        "text for object",
        "text for list",
        "boolean for number",
        "fraction",
        "too large",
    ],
)
def test_a_value_that_its_field_cannot_hold_is_named(modules: dict[str, Any], code: str, words: str) -> None:
    with pytest.raises(RecordRefused, match=words) as refused:
        inspect(study(**modules), 100)
    assert refused.value.code == code


def test_nesting_has_a_bound() -> None:
    deep: dict[str, Any] = {}
    for _ in range(200):
        deep = {"x": deep}
    with pytest.raises(RecordRefused) as refused:
        inspect(study(deepModule=deep), 100)
    assert refused.value.code == reasons.TOO_DEEP


def test_a_name_that_stands_twice_is_refused() -> None:
    with pytest.raises(RecordRefused, match="'nctId' stands twice") as refused:
        refuse_duplicate_names(b'{"a": {"nctId": "NCT01000001", "nctId": "NCT01000002"}}', 100)
    assert refused.value.code == reasons.DUPLICATE_KEY


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64) | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["date", "count", "x"]), inner),
    max_leaves=4,
)
_MODULES = {
    "identificationModule": ["briefTitle", "secondaryIdInfos", "orgStudyIdInfo"],
    "designModule": ["enrollmentInfo", "phases", "patientRegistry"],
    "statusModule": ["startDateStruct", "overallStatus"],
    "unknownModule": ["x"],
}


@given(st.data())
def test_what_fits_is_what_inspection_leaves_as_it_is(data: st.DataObject) -> None:
    module = data.draw(st.sampled_from(list(_MODULES)))
    content = study(**{module: {data.draw(st.sampled_from(_MODULES[module])): data.draw(_VALUES)}})
    try:
        raw = orjson.dumps(content)
    except orjson.JSONEncodeError:
        return
    try:
        found = inspect(orjson.loads(raw), 100)
    except RecordRefused:
        assert not fits(raw)
        return
    assert fits(raw) is (found.unknown == [])
    assert seems_fit(orjson.loads(raw)) or found.unknown


@pytest.mark.parametrize(
    ("content", "is_fit"),
    [
        (study(conditionsModule={"conditions": ["Pain", 5]}), True),
        (study(conditionsModule={"conditions": "Pain"}), False),
        (study(identificationModule={"briefTitle": 5}), False),
        (study(colourModule={}), False),
        (study(identificationModule={"orgStudyIdInfo": {"colour": "red"}}), False),
        (study(identificationModule=None), True),
    ],
    ids=["within a list nothing is seen", "no list", "number for text", "module", "field of a struct", "null"],
)
def test_a_glance_sees_all_but_lists(content: dict[str, Any], is_fit: bool) -> None:
    assert seems_fit(content) is is_fit


@pytest.mark.parametrize(
    ("raw", "is_fit"),
    [
        (b'{"hasResults":true,"protocolSection":{"conditionsModule":{"conditions":["Pain",null]}}}', True),
        (b'{"hasResults":true,"hasResults":true}', False),
        (b'{"hasResults": true}', False),
        (b'{"hasResults":null}', True),
        (b"[]", False),
    ],
    ids=["as it should be", "a name twice", "not compact: it is looked at", "null", "a list"],
)
def test_a_record_fits_only_as_it_is_written(raw: bytes, is_fit: bool) -> None:
    assert fits(raw) is is_fit
