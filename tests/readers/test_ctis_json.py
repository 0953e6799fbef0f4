"""JSON of CTIS: both layouts and the search list, told apart and brought together; nothing guessed, nothing lost."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import orjson
import pytest

from pipelines.readers import read_file
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.ctis.layout import one_layout
from pipelines.readers.ctis_json import recognise
from pipelines.readers.mapping import load_mapping
from pipelines.readers.mapping.table import Row
from pipelines.settings import Limits
from tests.readers.ctis_records import NUMBER, own, record, study, take, unknown, with_information


def test_no_row_of_the_mapping_lies_under_one_that_takes_the_whole_branch() -> None:
    """Such a row would never run, or would make its neighbours unknown fields."""
    paths: list[tuple[str, Row]] = []

    def visit(rows: tuple[Row, ...], above: str) -> None:
        for row in rows:
            path = f"{above}/{row.source}" if above else row.source
            paths.append((path, row))
            visit(row.rows, path)

    visit(load_mapping("ctis_json").rows, "")
    whole = [path for path, row in paths if row.keep or row.ignore is not None]
    assert [path for path, _ in paths for above in whole if path.startswith(f"{above}/")] == []


SEARCH_ITEM = {
    "ctNumber": NUMBER,
    "ctTitle": "A trial of tea",
    "shortTitle": "T-1",
    "ctStatus": 3,
    "conditions": "Hiccup",
    "product": "Tea",
    "sponsor": "Tea Ltd",
    "sponsorType": "Pharmaceutical company",
    "trialPhase": "Therapeutic confirmatory (Phase III)",
    "trialCountries": ["Spain:4", "Italy:2"],
    "trialRegion": 1,
    "totalNumberEnrolled": "150",
    "ageGroup": "18-64 years, 65+ years",
    "gender": "Male, Female",
    "decisionDateOverall": "24/04/2024",
    "decisionDate": "ES: 24/04/2024",
    "lastUpdated": "15/09/2025",
    "lastPublicationUpdate": "16/09/2025",
    "resultsFirstReceived": "No",
    "therapeuticAreas": ["Diseases [C] - Virus Diseases [C02]"],
    "primaryEndPoint": "Pain",
    "endPoint": "Pain, sleep",
}


def test_an_item_of_a_search_list_is_a_record() -> None:
    page = {"pagination": {"totalRecords": 1, "currentPage": 1}, "data": [SEARCH_ITEM]}
    (found,) = take(page)
    assert isinstance(found, RawRecord)
    assert found.raw == orjson.dumps(SEARCH_ITEM)
    read_back = found.study
    assert read_back is not None
    protocol = read_back["protocolSection"]
    assert protocol["identificationModule"] == {"officialTitle": "A trial of tea", "orgStudyIdInfo": {"id": "T-1"}}
    assert protocol["designModule"] == {
        "studyType": "INTERVENTIONAL",
        "phases": ["PHASE3"],
        "enrollmentInfo": {"count": 150, "type": "ESTIMATED"},
    }
    assert protocol["statusModule"]["overallStatus"] == "RECRUITING"
    assert protocol["sponsorCollaboratorsModule"]["leadSponsor"] == {"name": "Tea Ltd", "class": "INDUSTRY"}
    assert protocol["eligibilityModule"] == {"sex": "ALL", "stdAges": ["ADULT", "OLDER_ADULT"]}
    assert [one["country"] for one in protocol["contactsLocationsModule"]["locations"]] == ["Spain", "Italy"]
    assert read_back["hasResults"] is False
    assert unknown(read_back) == {}


@pytest.mark.parametrize("order", ["pagination first", "data first"])
def test_a_page_may_have_its_envelope_before_or_behind(order: str) -> None:
    parts = [b'"pagination":{"totalRecords":1,"nextPage":false}', b'"data":[' + orjson.dumps(SEARCH_ITEM) + b"]"]
    data = b"{" + b",".join(parts if order == "pagination first" else parts[::-1]) + b"}"
    assert recognise(data)
    assert [type(found) for found in take(data)] == [RawRecord]


def test_a_name_nobody_foresaw_is_an_unknown_field() -> None:
    found = study(with_information({"newName": {"deep": "t"}}))
    path = "authorizedApplication/authorizedPartI/trialDetails/trialInformation/newName/deep"
    assert unknown(found) == {f"ctis_json:{path}": "t"}


def test_broken_records_leave_their_neighbours_alone() -> None:
    good = [orjson.dumps(record(ctNumber=f"2023-50000{n}-11-00")) for n in (1, 2, 3)]
    lines = b"\n".join([good[0], b'{"ctNumber":"2023-509999-11-00","ctStatus":', good[1], b'"text"', good[2]])
    found = take(lines)
    codes = [getattr(one, "reason_code", "good") for one in found]
    assert codes == ["good", "truncated_json", "good", "not_an_object", "good"]
    broken = found[1]
    assert isinstance(broken, BadRecord)
    assert broken.registry_id == "2023-509999-11-00"


def test_a_list_cut_in_its_middle() -> None:
    data = orjson.dumps([record(), record(ctNumber="2023-500002-11-00")])[:-12]
    first, last = take(data)
    assert isinstance(first, RawRecord)
    assert isinstance(last, BadRecord)
    assert last.reason_code == "truncated_json"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (orjson.dumps(record(ctTitle="é")).replace("é".encode(), b"\xe9"), "not_utf8"),
        (b'{"ctNumber":"' + NUMBER.encode() + b'","ctStatus":1,"ctStatus":2}', "duplicate_key"),
        (b'{"ctNumber":"' + NUMBER.encode() + b'","ctStatus":' + b"[" * 300 + b"]" * 300 + b"}", "too_deep"),
    ],
)
def test_damage_is_named(data: bytes, code: str) -> None:
    (refused,) = take(data)
    assert isinstance(refused, BadRecord)
    assert (refused.reason_code, refused.registry_id) == (code, NUMBER)


@pytest.mark.parametrize(
    "value", [[], "text", 3, {"authorizedPartI": "text"}, {"authorizedPartI": {"sponsors": "x", "products": [3]}}]
)
def test_parts_of_another_kind_do_not_stop_the_reader(value: Any) -> None:
    found = study(record(authorizedApplication=value))
    assert found["registrySection"]["recordId"] == NUMBER


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"[]",
        b'{"protocolSection": {"ctNumber": "x"}}',
        b'{"studies": [{"protocolSection": {}}]}',
        b'{"drksId": "DRKS00000001"}',
        b"ctNumber,ctStatus\n2023-512345-67-00,4\n",
        b"<xml/>",
    ],
)
def test_other_formats_are_not_recognised(head: bytes) -> None:
    assert not recognise(head)


def test_real_records_are_read_without_unknown_fields(shared_dir: Path) -> None:
    for path in sorted((shared_dir / "data" / "ctis").glob("*.json")):
        ((reader, records),) = ((reader, list(records)) for reader, records in read_file(path, Limits()))
        assert reader is not None
        assert reader.format == "ctis_json"
        (found,) = records
        assert isinstance(found, RawRecord)
        assert found.raw == path.read_bytes().strip()
        assert found.study is not None
        assert unknown(found.study) == {}
        protocol, section = found.study["protocolSection"], own(found.study)
        assert found.study["registrySection"]["recordId"] == path.stem
        states = section["memberStates"]
        assert section["subjectCountEea"] == sum(state["subjectCount"] for state in states)
        total = section["subjectCountEea"] + section["subjectCountRestOfWorld"]
        assert protocol["designModule"]["enrollmentInfo"]["count"] == total
        sites = [place for place in protocol["contactsLocationsModule"]["locations"] if "facility" in place]
        assert len(sites) == sum(len(state["sites"]) for state in states)
        criteria = found.study["registrySection"]["criteria"]
        for kind in ("inclusion", "exclusion"):
            numbers = [one["number"] for one in criteria if one["kind"] == kind]
            assert numbers == list(range(1, len(numbers) + 1))


def test_every_text_of_a_real_record_is_somewhere_in_the_study(shared_dir: Path) -> None:
    """But for dates that are written otherwise, row numbers, and what an organisation is said to be again."""
    raw = orjson.loads((shared_dir / "data" / "ctis" / "2024-510663-34-00.json").read_bytes())
    kept = json.dumps(study(raw), ensure_ascii=False)
    left_out = {"uuid", "documentUuid", "productPk", "substancePk", "type", "record_last_import"}
    waiting: list[tuple[str, Any]] = [("", raw)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.items())
        elif isinstance(value, list):
            waiting.extend((name, one) for one in value)
        elif (
            isinstance(value, str) and name not in left_out and "date" not in name.lower() and name != "trialCountries"
        ):
            inside = json.dumps(value.strip(), ensure_ascii=False)[1:-1]
            assert inside in kept or " ".join(value.split()) in kept, name


def test_a_real_transitioned_trial_has_both_other_numbers(shared_dir: Path) -> None:
    raw = orjson.loads((shared_dir / "data" / "ctis" / "2024-510663-34-00.json").read_bytes())
    found = study(raw)
    kinds = [one["id"][:3] for one in found["protocolSection"]["identificationModule"]["secondaryIdInfos"]]
    assert kinds == ["NCT", "201"]
    assert own(found)["isTransitioned"] is True


def test_a_real_collection_reads_as_its_single_records_do(shared_dir: Path) -> None:
    """Lists, lines and pages hold the same records."""
    raws = [orjson.loads(path.read_bytes()) for path in sorted((shared_dir / "data" / "ctis").glob("*.json"))]
    alone = [study(raw) for raw in raws]
    lines = b"".join(orjson.dumps(raw) + b"\n" for raw in raws)
    for data in (orjson.dumps(raws), lines, orjson.dumps({"data": raws}), json.dumps(raws, indent=2).encode()):
        assert recognise(data[: 64 * 1024])
        assert [found.study for found in take(data) if isinstance(found, RawRecord)] == alone


def test_translations_stand_in_one_order_whatever_that_of_the_names() -> None:
    def said(text: str) -> list[dict[str, str]]:
        return [{"attributeTranslation": text, "language": "es"}]

    names = {"fullTitleTranslations": said("b"), "trial": {"aimTranslations": said("a")}, "zTranslations": said("c")}
    turned = dict(reversed(copy.deepcopy(names).items()))
    translations = one_layout(names, frozenset())["translations"]
    assert len(translations) == 3
    assert one_layout(turned, frozenset())["translations"] == translations
