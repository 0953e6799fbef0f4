"""The search for records that the decoder refuses: whatever is wrong with them and wherever they stand."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from pipelines.settings import Limits
from pipelines.staging.identity import identify
from pipelines.staging.inspect import Refusal, UnknownValue, seems_fit
from pipelines.staging.sift import SEARCHED_RECORDS, Candidate, decoded
from tests.staging.studies import V2, item, study

COUNT = 3 * SEARCHED_RECORDS


def _candidate(raw: bytes) -> Candidate:
    parsed: dict[str, Any] = orjson.loads(raw)
    return Candidate(item(raw), identify(parsed, V2), raw, seems_fit(parsed))


def _bad(raw: bytes) -> dict[str, bytes]:
    """The record `raw`, damaged in each way."""
    content = orjson.loads(raw)
    protocol = content["protocolSection"]
    deep = {"locations": [{"city": "Ulm", "mood": "fair"}]}
    return {
        "new module": orjson.dumps(content | {"colourSection": {"mood": "fair"}}),
        "new field in a list": orjson.dumps({"protocolSection": protocol | {"contactsLocationsModule": deep}}),
        "wrong type": orjson.dumps({"protocolSection": protocol | {"conditionsModule": {"conditions": "Pain"}}}),
        "wrong type in a list": orjson.dumps({"protocolSection": protocol | {"conditionsModule": {"conditions": [5]}}}),
        "a name twice": raw.replace(b'"hasResults":false', b'"hasResults":false,"hasResults":false'),
        "a name twice in a pretty text": b" "
        + raw.replace(b'"hasResults":false', b'"hasResults":true,"hasResults":true'),
    }


def _outcome(
    documents: list[bytes],
) -> tuple[list[str], dict[int, Refusal], list[tuple[int, UnknownValue]]]:
    refusals: dict[int, Refusal] = {}
    unknown: list[tuple[int, UnknownValue]] = []
    table, kept = decoded([_candidate(raw) for raw in documents], Limits(), refusals, unknown)
    found = [row["identificationModule"]["nctId"] for row in table.column("protocolSection").to_pylist()]
    assert found == [candidate.identity.registry_id for candidate in kept]
    return found, refusals, unknown


@pytest.mark.parametrize("is_pretty", [False, True], ids=["compact", "pretty"])
@pytest.mark.parametrize("bad", _bad(orjson.dumps(study())))
def test_one_bad_record_is_found_and_the_others_are_kept(bad: str, is_pretty: bool) -> None:
    ids = [f"NCT{number:08}" for number in range(1, COUNT + 1)]
    documents = [orjson.dumps(study(one)) for one in ids]
    if is_pretty:
        documents = [raw.replace(b",", b", ") for raw in documents]
    place = COUNT // 2 + 1
    documents[place] = _bad(orjson.dumps(study(ids[place])))[bad]
    found, refusals, unknown = _outcome(documents)
    assert len(refusals) + len(unknown) == 1
    assert found == (ids if unknown else [one for one in ids if one != ids[place]])


def test_every_record_with_the_same_new_field() -> None:
    ids = [f"NCT{number:08}" for number in range(1, COUNT + 1)]
    found, refusals, unknown = _outcome([_bad(orjson.dumps(study(one)))["new field in a list"] for one in ids])
    assert (found, refusals, len(unknown)) == (ids, {}, COUNT)
