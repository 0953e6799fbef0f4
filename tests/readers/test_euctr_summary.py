"""The EU register's summary download: a record for each protocol, cut texts, what stands where it is not foreseen."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.readers import recognise
from pipelines.readers.base import BadRecord, Member, RawRecord
from pipelines.readers.euctr_summary import read
from pipelines.readers.mapping import load_mapping
from pipelines.settings import Limits
from tests.readers import euctr_forms

NUMBER = "2015-012345-67"
LINK = f"https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:{NUMBER}"
Struct = dict[str, Any]


def trial(**changes: str | list[str] | None) -> str:
    """A listed trial; a field is changed by its label with _ for blanks, None leaves it out."""
    fields: dict[str, str | list[str] | None] = {
        "EudraCT Number": NUMBER,
        "Sponsor Protocol Number": "ABC-1",
        "Sponsor Name": "Tea Ltd ",
        "Full Title": "Tea for coughs",
        "Start Date": "2015-03-04",
        "Medical condition": "Cough",
        "Disease": "",
        "Population Age": "Adults, Elderly",
        "Gender": "Male, Female",
        "Trial protocol": "SE(Completed) ",
        "Link": LINK,
    }
    fields |= {name.replace("_", " "): value for name, value in changes.items()}
    lines = []
    for label, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                lines.append(f"{label + ':':<25}{one}" if one else f"{label}:")
    return "\n".join([*lines, "", ""])


def take(text: str | bytes, limits: Limits | None = None) -> list[RawRecord | BadRecord]:
    raw = text.encode() if isinstance(text, str) else text
    return list(read(Member.of_bytes(None, raw), limits or Limits()))


def studies(text: str) -> list[Struct]:
    found = []
    for record in take(text):
        assert isinstance(record, RawRecord), record
        assert record.study is not None
        found.append(record.study)
    return found


def only(**changes: str | list[str] | None) -> Struct:
    (study,) = studies(trial(**changes))
    return study


def unknown(study: Struct) -> Struct:
    return {name: value for name, value in study.items() if ":" in name}


def test_a_trial() -> None:
    assert only() == {
        "protocolSection": {
            "identificationModule": {"orgStudyIdInfo": {"id": "ABC-1"}, "officialTitle": "Tea for coughs"},
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Tea Ltd"}},
            "conditionsModule": {"conditions": ["Cough"]},
            "eligibilityModule": {"stdAges": ["ADULT", "OLDER_ADULT"], "sex": "ALL"},
            "statusModule": {"overallStatus": "COMPLETED"},
            "designModule": {"studyType": "INTERVENTIONAL"},
            "contactsLocationsModule": {"locations": [{"country": "Sweden"}]},
        },
        "registrySection": {
            "registry": "EUCTR",
            "recordId": f"{NUMBER}-SE",
            "recordUrl": LINK,
            "sourceFields": [{"path": "Start Date", "place": "Start Date", "value": "2015-03-04"}],
            "euctr": [
                {"trialStatus": "Completed", "isAdult": True, "isElderly": True, "isFemale": True, "isMale": True}
            ],
        },
    }


def test_a_record_for_each_protocol() -> None:
    found = take(trial(Trial_protocol="DE(Ongoing) GB(GB - no longer in EU/EEA) Outside EU/EEA ") + trial())
    assert [record.position for record in found] == [1, 2, 3, 4]
    got = [record.study for record in found if isinstance(record, RawRecord) and record.study]
    sections = [study["registrySection"] for study in got]
    assert [section["recordId"][len(NUMBER) :] for section in sections] == ["-DE", "-GB", "-3rd", "-SE"]
    assert [section["euctr"][0].get("trialStatus") for section in sections] == [
        "Ongoing",
        "GB - no longer in EU/EEA",
        None,
        "Completed",
    ]
    assert [study["protocolSection"].get("contactsLocationsModule") for study in got[1:3]] == [
        {"locations": [{"country": "United Kingdom"}]},
        None,
    ]
    assert sections[2]["euctr"][0]["trialType"] == "Outside EU/EEA"
    assert not any(unknown(study) for study in got)
    assert "overallStatus" not in got[0]["protocolSection"].get("statusModule", {})


def test_the_bytes_of_a_record_are_those_of_its_trial() -> None:
    one, other = trial(Trial_protocol="DE(Ongoing) SE(Ongoing) "), trial(EudraCT_Number="2015-012345-68")
    assert [record.raw.decode() for record in take("\n\n" + one + other) if isinstance(record, RawRecord)] == [
        one,
        one,
        other,
    ]


def test_no_protocol_is_named() -> None:
    study = only(Trial_protocol="")
    assert study["registrySection"]["recordId"] == NUMBER
    assert not unknown(study)


@pytest.mark.parametrize(
    ("text", "rest", "ids"),
    [
        ("SE(Ongoing) Atlantis ", "Atlantis", ["SE"]),
        ("SE(Ongoing) SE(Completed) ", "SE(Completed)", ["SE"]),
        ("SE(Ongoing) SE(Ongoing) ", None, ["SE"]),
        ("Sweden", "Sweden", [""]),
    ],
)
def test_what_is_no_protocol_is_kept(text: str, rest: str | None, ids: list[str]) -> None:
    found = studies(trial(Trial_protocol=text))
    assert [study["registrySection"]["recordId"][len(NUMBER) + 1 :] for study in found] == ids
    assert unknown(found[0]) == ({"euctr_summary:Trial protocol": rest} if rest else {})


def test_terms() -> None:
    study = only(
        Medical_condition="",
        Disease=[
            "Version: 19.0, SOC Term: 10029 - Tumours, all, Classification Code: 1000088, Term: Ague, acute, Level: PT",
            "Version: 20.0, SOC Term:  100000004851, Classification Code: 10025319, Term: Lymphomas, Level: HLGT",
            "Version: , SOC Term: , Classification Code: , Term: Tea, Level: ",
            "of the liver",
        ],
    )
    assert study["registrySection"]["euctr"][0]["meddra"] == [
        {
            "version": "19.0",
            "organClass": "10029 - Tumours, all",
            "code": "1000088",
            "term": "Ague, acute",
            "level": "PT",
        },
        {"version": "20.0", "organClass": "100000004851", "code": "10025319", "term": "Lymphomas", "level": "HLGT"},
        {"term": "Tea"},
    ]
    assert unknown(study) == {"euctr_summary:Disease": "of the liver"}
    assert study["protocolSection"]["conditionsModule"]["conditions"] == ["Ague, acute", "Lymphomas", "Tea"]


def test_texts_that_the_list_has_cut() -> None:
    title = "Tea " * 49 + "f..."
    study = only(Full_Title=title, Medical_condition="Cough...")
    assert study["protocolSection"]["identificationModule"]["officialTitle"] == title
    assert study["registrySection"]["fieldStates"] == [
        {
            "field": "protocolSection.identificationModule.officialTitle",
            "state": "damaged",
            "label": "Full Title",
            "reason": "the list cuts it after 200 characters",
            "lineStart": 4,
            "lineEnd": 4,
        }
    ]


def test_words_for_nothing() -> None:
    study = only(Start_Date="Information not available in EudraCT", Medical_condition="")
    assert "sourceFields" not in study["registrySection"]
    (state,) = study["registrySection"]["fieldStates"]
    assert (state["field"], state["state"]) == ("protocolSection.conditionsModule.conditions", "empty")


def test_lines_of_a_value_that_look_like_labels() -> None:
    study = only(Medical_condition="Cough\n\nGender: any\nDisease: of the lung\n" + "Full Title:".ljust(25) + "none\n")
    text = "Cough Gender: any Disease: of the lung Full Title: none"
    assert study["protocolSection"]["conditionsModule"]["conditions"] == [text]
    assert study["protocolSection"]["eligibilityModule"]["sex"] == "ALL"
    assert not unknown(study)


def test_a_label_that_nobody_foresaw() -> None:
    study = only(Link=f"{LINK}\n" + "Trial results:".ljust(25) + "View results")
    assert unknown(study) == {"euctr_summary:Trial results": "View results"}
    assert study["registrySection"]["recordUrl"] == LINK


def test_groups() -> None:
    ages = "In utero, Preterm newborn infants, Newborns, Infants and toddlers, Children, Adolescents, Under 18"
    study = only(Population_Age=ages, Gender="Female")
    assert study["protocolSection"]["eligibilityModule"] == {"stdAges": ["CHILD"], "sex": "FEMALE"}
    flags = set(study["registrySection"]["euctr"][0]) - {"trialStatus"}
    assert flags == {
        "isInUtero",
        "isPreterm",
        "isNewborn",
        "isInfant",
        "isChild",
        "isAdolescent",
        "isUnder18",
        "isFemale",
    }
    other = only(Population_Age="Ancients", Gender="Any")
    states = {state["label"]: state["verbatim"] for state in other["registrySection"]["fieldStates"]}
    assert states == {"Population Age": "Ancients", "Gender": "Any"}


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_other_line_ends(end: str) -> None:
    text = trial(Disease=["Version: 19.0, SOC Term: 1, Classification Code: 2, Term: Tea, Level: PT"] * 2) + trial()
    assert studies(text.replace("\n", end)) == studies(text)


def test_blanks_that_are_lost() -> None:
    squeezed = "\n".join(" ".join(line.split()) for line in trial().split("\n"))
    assert studies(squeezed) == studies(trial())


@pytest.mark.parametrize("label", ["Full Title", "Population Age", "Trial protocol", "Link"])
def test_a_trial_that_is_cut(label: str) -> None:
    text = trial()
    good, cut = take(trial() + text[: text.index(label)])
    assert isinstance(good, RawRecord)
    assert isinstance(cut, BadRecord)
    assert (cut.reason_code, cut.position, cut.registry_id) == ("truncated_text", 2, NUMBER)


def test_bytes_that_are_no_text() -> None:
    bad, good = take(trial().encode().replace(b"Cough", b"Co\xfcgh") + trial().encode())
    assert isinstance(bad, BadRecord)
    assert bad.reason_code == "not_utf8"
    assert isinstance(good, RawRecord)


def test_a_trial_beyond_the_limit() -> None:
    limits = Limits(record_bytes=2_000)
    found = take(trial() + trial(Full_Title="Tea " * 1_000) + trial(), limits)
    assert [isinstance(record, RawRecord) for record in found] == [True, False, True]


def test_the_two_downloads_are_told_apart() -> None:
    for text, name in ((trial(), "euctr_summary"), (euctr_forms.form(), "euctr_text")):
        for before in ("", "\ufeff", "\n\n", "A notice.\n"):
            reader = recognise((before + text).encode())
            assert reader is not None
            assert reader.format == name


@pytest.mark.parametrize("head", [b"{", b"<p>", b'"', b"see "])
def test_a_list_that_is_quoted_is_none(head: bytes) -> None:
    reader = recognise(head + trial().encode())
    assert reader is None or reader.format != "euctr_summary"


def test_a_status_means_the_same_in_both_downloads() -> None:
    assert load_mapping("euctr_summary").words["status"] == load_mapping("euctr_text").words["status"]
