"""Record keys: the record's own id, else its strongest valid secondary id, else its content; never another trial's."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import reasons
from pipelines.staging.identity import canonical_sha256, identify, version_id
from pipelines.staging.inspect import RecordRefused
from tests.staging.studies import PAGE, V2, study


def _ids(**fields: Any) -> dict[str, Any]:
    return study(identificationModule=fields)


@pytest.mark.parametrize(
    ("fields", "key", "basis"),
    [
        ({"nctId": "NCT01234567"}, "CTGOV:NCT01234567", "own_id"),
        ({"nctId": " nct01234567 "}, "CTGOV:NCT01234567", "own_id"),
        (
            {
                "secondaryIdInfos": [{"id": "2011-001295-19", "type": "EUDRACT_NUMBER"}],
                "orgStudyIdInfo": {"id": "X-1"},
            },
            "EUDRACT:2011-001295-19",
            "secondary_id",
        ),
        (
            {"nctId": "NCT00000000", "secondaryIdInfos": [{"id": "ISRCTN12345678", "type": "REGISTRY"}]},
            "ISRCTN:ISRCTN12345678",
            "secondary_id",
        ),
        (
            {"secondaryIdInfos": [{"id": "2180123456", "type": "REGISTRY", "domain": "jRCT"}]},
            "JRCT:jRCT2180123456",
            "secondary_id",
        ),
    ],
    ids=["own", "own, untidy", "secondary", "own is all zeros", "the domain says whose, not the type"],
)
def test_record_key(fields: dict[str, Any], key: str, basis: str) -> None:
    identity = identify(_ids(**fields), V2)
    assert (identity.record_key, identity.key_basis) == (key, basis)


@pytest.mark.parametrize("placeholder", ["not applicable", "NA", "ISRCTN00000000", "U0000-0000-0000", "-"])
def test_a_placeholder_is_no_identity(placeholder: str) -> None:
    with pytest.raises(RecordRefused) as refused:
        identify(_ids(secondaryIdInfos=[{"id": placeholder}]), V2)
    assert refused.value.code == reasons.NO_IDENTITY


@pytest.mark.parametrize(
    "fields", [{"nctId": "NCT1"}, {"orgStudyIdInfo": {"id": "A-7"}}], ids=["own", "organisation's"]
)
def test_a_number_that_is_no_registry_id_says_that_there_is_a_trial(fields: dict[str, Any]) -> None:
    """It may be that of many trials, so the content is the key."""
    identity = identify(_ids(**fields), V2)
    assert (identity.record_key, identity.key_basis) == (f"CONTENT:{identity.record_sha256[:16]}", "content")
    assert (identity.registry, identity.registry_id) == ("CTGOV", None)


def test_a_record_of_another_registry_is_known_by_that_registrys_id() -> None:
    document = _ids(nctId="NCT01234567") | {"registrySection": {"registry": "ISRCTN", "recordId": "isrctn12345678"}}
    identity = identify(document, PAGE)
    assert (identity.record_key, identity.registry_id) == ("ISRCTN:ISRCTN12345678", "ISRCTN12345678")


def test_what_a_version_is_called_is_the_same_in_every_run_and_release() -> None:
    """Other numbers would make a new version of every record of every warehouse at its next delivery."""
    document = study() | {"derivedSection": {"miscInfoModule": {"versionHolder": "2026-01-01"}}}
    identity = identify(document, V2)
    assert identity.record_sha256 == "11c9927605f095d82cfd31d847a4eaf6199eae55ff0797ae94986787270ea9ea"
    assert identity.version_id == version_id("CTGOV:NCT01000001", identity.record_sha256) == 6451477325505194091


def test_a_page_without_any_id_is_keyed_by_its_content() -> None:
    page = study(None, descriptionModule={"briefSummary": "Unlike NCT01234567, we look at sleep."})
    identity = identify(page, PAGE)
    assert identity.record_key == f"CONTENT:{identity.record_sha256[:16]}"
    assert (identity.key_basis, identity.registry_id) == ("content", None)


def test_an_id_that_is_no_text_is_named() -> None:
    with pytest.raises(RecordRefused, match="nctId: 1234567 stands where text is due"):
        identify(_ids(nctId=1234567), V2)


def _derived(stamp: str, terms: list[str]) -> dict[str, Any]:
    meshes = [{"id": f"D{number}", "term": number} for number in terms]
    return study() | {
        "derivedSection": {
            "miscInfoModule": {"versionHolder": stamp},
            "conditionBrowseModule": {"meshes": meshes},
        }
    }


def test_release_stamp_and_browse_order_make_no_version() -> None:
    assert canonical_sha256(_derived("2026-01-01", ["a", "b"])) == canonical_sha256(_derived("2026-11-20", ["b", "a"]))


def test_the_order_of_removed_countries_makes_no_version() -> None:
    """It made one of which history.change had nothing to say: the registry derives this list too (2026-11-22)."""

    def removed(*countries: str) -> dict[str, Any]:
        return study() | {"derivedSection": {"miscInfoModule": {"removedCountries": list(countries)}}}

    assert canonical_sha256(removed("Chile", "Peru")) == canonical_sha256(removed("Peru", "Chile"))
    assert canonical_sha256(removed("Chile", "Peru")) != canonical_sha256(removed("Chile"))


def test_hashing_leaves_the_release_stamp_in_place() -> None:
    document = _derived("2026-01-01", ["a"])
    canonical_sha256(document)
    assert document["derivedSection"]["miscInfoModule"] == {"versionHolder": "2026-01-01"}


@pytest.mark.parametrize(
    "modules",
    [{"conditionsModule": {"conditions": ["B", "A"]}}, {"descriptionModule": {"briefSummary": "x "}}],
    ids=["order of a stated list", "a blank"],
)
def test_anything_else_makes_a_version(modules: dict[str, Any]) -> None:
    before = study(conditionsModule={"conditions": ["A", "B"]}, descriptionModule={"briefSummary": "x"})
    assert canonical_sha256(before) != canonical_sha256(study(**before["protocolSection"] | modules))


@given(st.permutations(["identificationModule", "statusModule", "designModule"]))
def test_key_order_makes_no_version(order: list[str]) -> None:
    document = study()
    shuffled = {
        "hasResults": False,
        "protocolSection": {name: document["protocolSection"][name] for name in order},
    }
    assert canonical_sha256(shuffled) == canonical_sha256(document)


def test_how_long_a_record_is_when_it_is_written_compactly() -> None:
    for document in (study(), _derived("2026-01-01", ["b", "a"]), study() | {"derivedSection": {"miscInfoModule": {}}}):
        assert identify(document, V2).compact_bytes == len(orjson.dumps(document))
    both = study() | {
        "derivedSection": {"miscInfoModule": {"versionHolder": "2026-01-01", "removedCountries": ["Peru"]}}
    }
    assert identify(both, V2).compact_bytes == len(orjson.dumps(both))
