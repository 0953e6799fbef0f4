"""Answers that ClinicalTrials.gov's website gives to itself: a study's page, a version of its history."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipelines.readers import ctgov_v2, recognise
from pipelines.readers.base import BadRecord, Member, RawRecord
from pipelines.readers.ctgov_site import commonmark
from pipelines.readers.reasons import DUPLICATE_KEY, MALFORMED_JSON
from pipelines.settings import Limits

Json = dict[str, Any]
HISTORY = {"changes": [{"version": 0, "date": "2020-01-02", "status": "RECRUITING", "moduleLabels": ["Study Status"]}]}


def read(data: bytes) -> list[RawRecord | BadRecord]:
    assert recognise(data[:65536]) is ctgov_v2.READER
    return list(ctgov_v2.READER.read(Member.of_bytes(None, data), Limits()))


def study(number: int = 1, **modules: Any) -> Json:
    identification = {"nctId": f"NCT9000000{number}", "briefTitle": f"Tea {number}"}
    return {"protocolSection": {"identificationModule": identification, **modules}, "hasResults": False}


def the_study(answer: Json) -> Json:
    (found,) = read(json.dumps(answer).encode())
    assert isinstance(found, RawRecord)
    assert found.study is not None
    return found.study


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "answer",
    [
        {"study": study(), "topics": {"MedlinePlus": []}, "history": HISTORY},
        {"studyVersion": 3, "study": study()},
        {"nctId": "NCT90000001", "study": study()},
    ],
)
def test_the_study_in_an_answer_is_read(answer: Json, indent: int | None) -> None:
    """They were unknown JSON, though the history is where people get a study's past versions from."""
    data = json.dumps(answer, indent=indent).encode()
    (found,) = read(data)
    assert isinstance(found, RawRecord)
    assert found.raw == data
    assert found.study == study()


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([{"studyVersion": number, "study": study(number)} for number in (1, 2)]),
        json.dumps([{"study": study(number), "history": HISTORY} for number in (1, 2)], indent=1),
        "\n".join(json.dumps({"studyVersion": number, "study": study(number)}) for number in (1, 2)),
    ],
    ids=["list", "indented", "lines"],
)
def test_many_answers_in_one_file(content: str) -> None:
    assert [one.study for one in read(content.encode()) if isinstance(one, RawRecord)] == [study(1), study(2)]


def test_a_search_of_the_website_is_no_list_of_studies() -> None:
    """Its hits hold the fields that the page shows: as whole records they would hide what the registry has."""
    hits = {"from": 0, "limit": 10, "total": 1, "hits": [{"id": "NCT90000001", "study": study()}]}
    assert recognise(json.dumps(hits).encode()) is None


def test_html_is_written_as_the_api_writes_it() -> None:
    criteria = (
        "<p>Inclusion Criteria:</p><ul><li>Men &ge;18 &amp; able</li><li><p>PSA [x].\nAlso:</p>"
        "<ul><li>soft&#x2F;hard</li><li>bone &gt;12</li></ul></li><li>last</li></ul>"
        "<p>Exclusion:</p><ol><li>a</li><li><p>b</p><p>c</p></li></ol>"
    )
    found = the_study({"studyVersion": 1, "study": study(1, eligibilityModule={"eligibilityCriteria": criteria})})
    assert found["protocolSection"]["eligibilityModule"]["eligibilityCriteria"] == (
        "Inclusion Criteria:\n\n* Men ≥18 \\& able\n* PSA \\[x\\]. Also:\n\n  * soft/hard\n  * bone \\>12\n* last\n\n"
        "Exclusion:\n\n1. a\n2. b\n\n   c"
    )


def test_what_was_searched_for_is_not_marked_and_escapes_go() -> None:
    module = {"primaryOutcomes": [{"measure": "Dose &gt;2", "description": "A*B and&#x2F;or C"}]}
    conditions = {"conditions": ['Cough (<mark class="hl-term">C</mark>)', "A < B"]}
    found = the_study({"study": study(1, outcomesModule=module, conditionsModule=conditions)})["protocolSection"]
    assert found["conditionsModule"]["conditions"] == ["Cough (C)", "A < B"]
    assert found["outcomesModule"]["primaryOutcomes"] == [{"measure": "Dose >2", "description": "A\\*B and/or C"}]


def test_texts_of_the_api_itself_in_such_an_object_stay_as_they_are() -> None:
    """Somebody's own `{"study": …}` around a study of the API: its CommonMark is not escaped once more."""
    plain = study(
        1,
        descriptionModule={"briefSummary": "Aged \\>= 18\n\n* \\<p\\> and \\&gt;"},
        referencesModule={"references": [{"citation": "Smith &amp; Co"}]},
    )
    assert the_study({"fetched": "2026-01-02", "study": plain}) == plain


def test_damage_in_an_answer_is_told() -> None:
    whole = json.dumps({"studyVersion": 1, "study": study()})
    (bad,) = read(whole.replace('"Tea 1"', "Tea").encode())
    assert isinstance(bad, BadRecord)
    assert (bad.reason_code, bad.registry_id) == (MALFORMED_JSON, "NCT90000001")
    (bad,) = read(whole.replace('"briefTitle"', '"nctId"').encode())
    assert isinstance(bad, BadRecord)
    assert bad.reason_code == DUPLICATE_KEY


def test_html_that_nobody_closed() -> None:
    assert commonmark("<ul><li>a<li>b</ul></ol>c &lt;p &amp;") == "* a\n* b\n\nc \\<p \\&"
    assert commonmark("<li>x") == "* x"
    assert commonmark("1. typed <b>bold</b><br/>next") == "1\\. typed bold\n\nnext"
