"""Full-details text of the EU register: protocols cut, labels told from words, nothing guessed, nothing lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers import read_file
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.euctr.fields import read_fields
from pipelines.readers.euctr_text import recognise
from pipelines.readers.study_parts import one_per_field
from pipelines.settings import Limits
from pipelines.study.record_ids import record_id
from tests.readers.euctr_forms import NOTICE, NUMBER, form, own, states, studies, study, take, unknown

IDENTIFICATION = "identificationModule"


def bad(data: bytes | str, limits: Limits | None = None) -> list[BadRecord]:
    return [record for record in take(data, limits) if isinstance(record, BadRecord)]


def test_every_member_state_is_a_record_with_its_own_id() -> None:
    text = NOTICE + "\n\n" + form("A.1 Member State Concerned: Sweden - MPA") + "\n" + form("", country="3rd")
    found = studies(text)
    assert [one["registrySection"]["recordId"] for one in found] == [f"{NUMBER}-SE", f"{NUMBER}-3rd"]
    assert {one["registrySection"]["registry"] for one in found} == {"EUCTR"}
    for one in found:
        own_id = record_id(one["registrySection"]["recordId"], "EUCTR")
        assert own_id is not None
        assert own_id.identifier.id_norm == NUMBER


@pytest.mark.parametrize(
    ("country", "line", "expected"),
    [
        (None, "A.1 Member State Concerned: UK - MHRA", f"{NUMBER}-GB"),
        (None, "A.1 Member State Concerned: Atlantis - AMA", NUMBER),
        ("DE", "A.1 Member State Concerned: Sweden - MPA", f"{NUMBER}-DE"),
    ],
    ids=["authority's country", "a country nobody knows", "the link wins"],
)
def test_the_country_of_a_record(country: str | None, line: str, expected: str) -> None:
    assert study(line, country=country)["registrySection"]["recordId"] == expected


def test_a_record_is_known_by_its_link_and_its_kind_where_it_says_no_more() -> None:
    """Without its EudraCT number, and without a link or a member state."""
    (found,) = studies(form("").replace(f"EudraCT Number: {NUMBER}\n", "EudraCT Number:\n"))
    assert found["registrySection"]["recordId"] == f"{NUMBER}-SE"
    (found,) = studies(form("", country=None).replace("EEA CTA", "Outside EU/EEA"))
    assert found["registrySection"]["recordId"] == f"{NUMBER}-3rd"


def test_raw_bytes_are_the_slices_of_the_file() -> None:
    data = (NOTICE + "\r\n\r\n" + form("").replace("\n", "\r\n") + form("", country="DE")).encode("utf-8-sig")
    records = take(data)
    assert all(isinstance(record, RawRecord) for record in records)
    raws = [record.raw for record in records if isinstance(record, RawRecord)]
    assert b"".join(raws) == data[data.index(b"Summary") :]
    assert all(raw.startswith(b"Summary") for raw in raws)
    assert [record.position for record in records] == [1, 2]


def test_a_protocol_is_the_same_record_wherever_it_stands() -> None:
    """Its place in the download is no part of it, or each download would make a new version of it."""
    text = form("E.8.7 Trial has a data monitoring committee: perhaps")
    (alone,) = studies(text)
    assert studies(NOTICE + "\n\n" + form("", country="DE") + text)[1] == alone
    assert studies(NOTICE + "\r\n\r\n" + text.replace("\n", "\r\n"))[0] == alone
    assert states(alone)["protocolSection.oversightModule.oversightHasDmc"]["lineStart"] == 10


def test_a_second_download_in_one_file_does_not_end_up_in_the_first_ones_last_value() -> None:
    end = "P. Date of the global end of the trial: 2018-11-16"
    first, _ = studies(form("", end=end) + NOTICE + "\n\n" + form("", country="DE"))
    assert first["protocolSection"]["statusModule"]["completionDateStruct"] == {"date": "2018-11-16", "type": "ACTUAL"}
    assert "fieldStates" not in first["registrySection"]


def test_values_go_over_several_lines_and_may_hold_what_reads_like_a_label() -> None:
    """Criteria quote other fields: in the middle of a line, and at its beginning but out of the form's order."""
    body = """E.3 Principal inclusion criteria: 1. First, see E.4 Principal exclusion criteria: none
2. Second
A.3 Full title of the trial: the one quoted here
E.4 Principal exclusion criteria: None"""
    found = study(body)
    criteria = found["protocolSection"]["eligibilityModule"]["eligibilityCriteria"]
    assert criteria == (
        "Inclusion Criteria:\n\n1. First, see E.4 Principal exclusion criteria: none\n2. Second\n"
        "A.3 Full title of the trial: the one quoted here\n\nExclusion Criteria:\n\nNone"
    )
    state = states(found)["protocolSection.eligibilityModule.eligibilityCriteria"]
    assert (state["state"], state["lineStart"], state["lineEnd"]) == ("ambiguous", 10, 12)
    assert IDENTIFICATION in found["protocolSection"]
    assert "officialTitle" not in found["protocolSection"][IDENTIFICATION]


def test_lines_that_were_cut_at_a_width_are_whole_again() -> None:
    """Some countries' texts come with line ends in the middle of their sentences."""
    body = """E.3 Principal inclusion criteria: 1. Able to read the language of the study and to write, either alone or
with the help of a partner
2. Any of
hiccup
cough
3. A line that is long enough to have been cut and yet ends with a full stop, as items do.
not an item's end"""
    found = study(body)["protocolSection"]["eligibilityModule"]["eligibilityCriteria"].split("\n\n", 1)[1].split("\n")
    assert found[0].endswith("either alone or with the help of a partner")
    assert found[1:4] == ["2. Any of", "hiccup", "cough"]
    assert found[5] == "not an item's end"


def test_a_page_saved_as_text_has_tabs_where_the_download_has_colons() -> None:
    body = "A.1\tMember State Concerned\tSweden - MPA\nA.3\tFull title of the trial\tTea\nE.8.1.1\tRandomised\tYes"
    found = study(body, country=None)
    assert found["registrySection"]["recordId"] == f"{NUMBER}-SE"
    assert found["protocolSection"][IDENTIFICATION]["officialTitle"] == "Tea"
    assert own(found)["isRandomised"] is True


def test_a_quoted_label_far_ahead_does_not_swallow_the_fields_between() -> None:
    body = """E.2.1 Main objective of the trial: as planned in
F.4.2.2 In the whole clinical trial: 12 subjects
E.2.3 Trial contains a sub-study: No
E.8.1.1 Randomised: Yes
F.4.2.2 In the whole clinical trial: 30"""
    found = study(body)
    assert own(found)["subjectCountWorld"] == 30
    assert own(found)["isRandomised"] is True
    assert own(found)["mainObjective"] == "as planned in\nF.4.2.2 In the whole clinical trial: 12 subjects"


def test_line_ends_lost() -> None:
    body = """A.1 Member State Concerned: Sweden - MPA
A.3 Full title of the trial: A trial of 24
D. IMP Identification
D.IMP: 1
D.3.1 Product name: Teawater
D.3.7 Routes of administration for this IMP:
Oral use
Intravenous use
E.1.1 Medical condition(s) being investigated: Hiccup
E.3 Principal inclusion criteria: - Adults
- Able to read
E.8.6.3 If E.8.6.1 or E.8.6.2 are Yes, specify the regions in which trial sites are planned:
Russian Federation
United States
E.8.7 Trial has a data monitoring committee: Yes
F.4.2.2 In the whole clinical trial: 30"""
    found, second = studies((NOTICE + "\n" + form(body) + form(body, country="DE")).replace("\n", ""))
    assert second["registrySection"]["recordId"] == f"{NUMBER}-DE"
    assert own(found)["plannedCountries"] == ["Russian Federation", "United States"]
    assert own(found)["imps"][0]["routes"] == ["Oral use", "Intravenous use"]
    assert own(found)["memberState"] == "Sweden - MPA"
    assert found["protocolSection"][IDENTIFICATION]["officialTitle"] == "A trial of 24"
    assert found["protocolSection"]["oversightModule"]["oversightHasDmc"] is True
    said = {name: (state["state"], state["lineStart"], state["lineEnd"]) for name, state in states(found).items()}
    assert said == {
        "protocolSection.eligibilityModule.eligibilityCriteria": ("damaged", 1, 1),
        "registrySection.euctr[].plannedCountries[]": ("inferred", 1, 1),
        "registrySection.euctr[].imps[].routes[]": ("inferred", 1, 1),
    }


def test_a_field_that_two_numbers_make_has_one_state() -> None:
    """core.field_state has one row per field of a record: eligibilityCriteria had two, one for E.3 and one for E.4."""
    body = """E.3 Principal inclusion criteria: - Adults
- Able to read
E.4 Principal exclusion criteria: - Children
- Unable to read"""
    (found,) = studies((NOTICE + "\n" + form(body)).replace("\n", ""))
    criteria = [one for one in found["registrySection"]["fieldStates"] if "eligibilityCriteria" in one["field"]]
    assert [(one["state"], one["label"]) for one in criteria] == [("damaged", "E.3, E.4")]
    assert criteria[0]["reason"].count("line ends are lost") == 1


def test_states_of_one_field_are_the_gravest_with_all_reasons_and_lines() -> None:
    said = [
        {"field": "a", "state": "inferred", "label": "E.3", "reason": "no English", "lineStart": 3, "lineEnd": 4},
        {"field": "b", "state": "present", "label": "A.1", "reason": None},
        {"field": "a", "state": "damaged", "label": "E.4", "reason": "torn", "lineStart": 7, "lineEnd": 9},
    ]
    assert one_per_field(said) == [
        {
            "field": "a",
            "state": "damaged",
            "label": "E.3, E.4",
            "reason": "E.3: no English; E.4: torn",
            "lineStart": 3,
            "lineEnd": 9,
        },
        said[1],
    ]


def test_numbers_nobody_foresaw_are_unknown_fields_and_others_wordings_are_their_numbers() -> None:
    body = """A.3 Full title of the trial: T
A.3.7 Title in one word: Tea
E.1.1 Condition that is studied: Hiccup
E.3 Principal inclusion criteria: Adults
F.1 Cohort: this is a line of the criteria
E.4 Principal exclusion criteria: None"""
    found = study(body)
    assert unknown(found) == {"euctr_text:A.3.7 Title in one word": "Tea"}
    assert found["protocolSection"]["conditionsModule"]["conditions"] == ["Hiccup"]
    assert "F.1 Cohort: this is a line" in found["protocolSection"]["eligibilityModule"]["eligibilityCriteria"]


def test_text_under_a_heading_is_not_lost() -> None:
    body = "E.5 End points\nto be decided\nE.5.1 Primary end point(s): Pain\nE.8 Design of the trial"
    found = study(body)
    assert unknown(found) == {"euctr_text:E.5 End points": "to be decided"}


def test_what_says_nothing_is_absent() -> None:
    body = """A.3 Full title of the trial: Information not present in EudraCT
A.8 EMA Decision number of Paediatric Investigation Plan:
E.8.1.1 Randomised: Not Answered
E.8.7 Trial has a data monitoring committee: Information not present in EudraCT"""
    found = study(body)
    assert "officialTitle" not in found["protocolSection"][IDENTIFICATION]
    assert set(own(found)) == {"trialType", "trialStatus", "endOfTrialStatus"}
    assert "oversightModule" not in found["protocolSection"]
    (title,) = states(found).values()
    assert (title["label"], title["state"]) == ("A.3", "empty")


def test_an_error_of_the_registers_export_is_no_value() -> None:
    """Downloads of 2023 have it where a field could not be written; it stood as the decision's number."""
    body = """A.7 Trial is part of a Paediatric Investigation Plan: JSON_ERROR_HERE
A.8 EMA Decision number of Paediatric Investigation Plan: JSON_ERROR_HERE"""
    found = study(body)
    assert not {"isPaediatricPlan", "paediatricPlanDecision"} & own(found).keys()
    assert {name.rpartition(".")[2]: state["state"] for name, state in states(found).items()} == {
        "isPaediatricPlan": "damaged",
        "paediatricPlanDecision": "damaged",
    }


def test_no_name_is_none_and_no_exclusion_criteria_are_none() -> None:
    body = """A.3.2 Name or abbreviated title of the trial where available: N/A
D. IMP Identification
D.IMP: 1
D.3.1 Product name: N/A
D.3.2 Product code: TEA-1
D.3.8 INN - Proposed INN: Not applicable
E.4 Principal exclusion criteria: None
E.5.2 Secondary end point(s): N/A
E.5.2.1 Timepoint(s) of evaluation of this end point: N/A"""
    protocol = study(body)["protocolSection"]
    assert "acronym" not in protocol[IDENTIFICATION]
    assert [one["name"] for one in protocol["armsInterventionsModule"]["interventions"]] == ["TEA-1"]
    assert "otherNames" not in protocol["armsInterventionsModule"]["interventions"][0]
    assert "outcomesModule" not in protocol
    assert protocol["eligibilityModule"]["eligibilityCriteria"].endswith("None")


def test_the_condition_stands_in_three_places() -> None:
    """2021-002179-21-FR leaves E.1.1 empty and had no condition, but two of three places name it."""
    lay = "E.1.1.1 Medical condition in easily understood language: Hiccup"
    term = """E.1.2 Medical condition or disease under investigation:
E.1.2 Version: 20.0
E.1.2 Term: Hiccups"""

    def conditions(body: str) -> list[str]:
        found: list[str] = study(body)["protocolSection"]["conditionsModule"]["conditions"]
        return found

    assert conditions(f"E.1.1 Medical condition(s) being investigated: Singultus\n{lay}\n{term}") == ["Singultus"]
    assert conditions(f"E.1.1 Medical condition(s) being investigated:\n{lay}\n{term}") == ["Hiccup"]
    assert conditions(f"E.1.1 Medical condition(s) being investigated:\n{term}") == ["Hiccups"]


def test_files_larger_than_what_is_read_at_a_time() -> None:
    """Protocols lie across the borders of what is read from the file; none is torn, none is held with all others."""
    texts = [form(f"A.3 Full title of the trial: {'x' * (number * 37 % 3_000)}") for number in range(150)]
    records = take("".join(texts))
    assert [record.raw for record in records if isinstance(record, RawRecord)] == [text.encode() for text in texts]


def test_a_cut_file_loses_its_last_protocol_only() -> None:
    whole = form("A.3 Full title of the trial: T") + form("A.3 Full title of the trial: U", country="DE")
    cut = whole[: whole.rindex("P. End of Trial\n")]
    first, last = take(cut)
    assert isinstance(first, RawRecord)
    assert isinstance(last, BadRecord)
    assert (last.reason_code, last.position, last.registry_id) == ("truncated_text", 2, f"{NUMBER}-DE")
    assert "byte" in last.reason


def test_a_protocol_cut_in_the_middle_of_the_file_leaves_its_neighbours_alone() -> None:
    broken = form("A.3 Full title of the trial: T", country="FR").partition("P. End")[0]
    codes = [getattr(record, "reason_code", "good") for record in take(form("") + broken + form("", country="DE"))]
    assert codes == ["good", "truncated_text", "good"]


def test_a_byte_that_is_not_utf8_costs_one_record() -> None:
    data = form("A.3 Full title of the trial: Té").encode("cp1252") + form("", country="DE").encode()
    (refused,) = bad(data)
    assert refused.reason_code == "not_utf8"
    assert str(data.index(b"\xe9")) in refused.reason.replace(",", "")


def test_a_record_that_is_too_large_costs_one_record() -> None:
    limits = Limits(record_bytes=200_000)
    data = form("A.3 Full title of the trial: " + "x" * 900_000) + form("", country="DE")
    first, second = take(data, limits)
    assert isinstance(first, BadRecord)
    assert first.reason_code == "record_too_large"
    assert isinstance(second, RawRecord)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b'{"protocolSection": {"x": "EudraCT Number: 1 Sponsor\'s Protocol Code Number: 2"}}',
        b"<html>Summary\nEudraCT Number: 1\nSponsor's Protocol Code Number: 2",
        b"TrialID,Summary\nEUCTR2015-012345-67-SE,EudraCT Number: 2015-012345-67",
        b"Study Details\nNCT01234567\nEudraCT Number 2015-012345-67",
    ],
)
def test_other_formats_are_not_recognised(head: bytes) -> None:
    assert not recognise(head)


def test_both_layouts_are_recognised() -> None:
    text = NOTICE + "\n\n" + form("")
    assert recognise(text.encode("utf-8-sig"))
    assert recognise(text.replace("\n", "").encode())


def test_hostile_texts_cost_no_more_than_their_length() -> None:
    """Blanks without end, one line of labels without order, labels without their words."""
    for value in (
        " \t" * 200_000 + "x",
        "A.3 Full title of the trial: " * 9_000,
        "E.3 " * 90_000,
        "Name:Number:" * 20_000,
    ):
        body = f"A.5.4 Other Identifiers: {value}\nE.3 Principal inclusion criteria: {value}"
        assert len(take(form(body))) == 1


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters="\r"), max_size=300))
def test_any_text_in_a_value_stays_in_the_record(value: str) -> None:
    """Whatever stands in a criteria field, the record is read, and the fields around it are not touched."""
    title, rest = "A.3 Full title of the trial: T", f"a {value} z\nE.4 Principal exclusion criteria: b"
    body = f"{title}\nE.3 Principal inclusion criteria: {rest}"
    found = study(body)
    assert found["protocolSection"][IDENTIFICATION]["officialTitle"] == "T"
    assert "Exclusion Criteria:\n\nb" in found["protocolSection"]["eligibilityModule"]["eligibilityCriteria"]


@pytest.mark.parametrize(
    ("name", "count", "countries"),
    [("several_countries.txt", 5, {"ES", "SE", "FR"}), ("one_country_no_newlines.txt", 4, {"SE", "PT", "ES", "BE"})],
)
def test_real_files_are_read_without_unknown_fields(
    shared_dir: Path, name: str, count: int, countries: set[str]
) -> None:
    path = shared_dir / "data" / "euctr" / name
    ((reader, records),) = ((reader, list(records)) for reader, records in read_file(path, Limits()))
    assert reader is not None
    assert reader.format == "euctr_text"
    found = [record.study for record in records if isinstance(record, RawRecord) and record.study is not None]
    assert len(found) == count == len(records)
    assert {one["registrySection"]["recordId"].rpartition("-")[2] for one in found} == countries
    for one in found:
        assert unknown(one) == {}
        section, protocol = own(one), one["protocolSection"]
        assert protocol["designModule"]["enrollmentInfo"]["count"] == section["subjectCountWorld"]
        assert protocol["sponsorCollaboratorsModule"]["leadSponsor"]["name"] == section["sponsors"][0]["name"]
        assert protocol["eligibilityModule"]["eligibilityCriteria"].count(" Criteria:\n\n") == 2
        assert (
            len(section["imps"]) == len(protocol["armsInterventionsModule"]["interventions"])
            or len(section["imps"]) > 1
        )
        phases = [section[f"isPhase{number}"] for number in (1, 2, 3, 4)]
        assert protocol["designModule"]["phases"] == [f"PHASE{n}" for n, yes in enumerate(phases, start=1) if yes]
        assert section["adultCount"] + section["elderlyCount"] == section["subjectCountWorld"]


def test_every_value_of_real_protocols_is_somewhere_in_the_record(shared_dir: Path) -> None:
    """Nothing is dropped: but for Yes and No, each value's text stands in the study, in one piece or as items."""
    data = (shared_dir / "data" / "euctr" / "several_countries.txt").read_bytes()
    for record in take(data):
        assert isinstance(record, RawRecord)
        squeezed = "".join(json.dumps(record.study, ensure_ascii=False).replace("\\n", "").replace("\\t", "").split())
        for field in read_fields(record.raw.decode()).fields:
            if field.value in ("", "Yes", "No", "Information not present in EudraCT"):
                continue
            for line in field.value.replace('"', '\\"').split("\n"):
                assert "".join(line.split()) in squeezed, field.name


def test_protocols_of_one_real_trial_say_the_same_of_the_whole_trial(shared_dir: Path) -> None:
    """The four protocols of the file without line ends were entered by four countries for one trial."""
    found = studies((shared_dir / "data" / "euctr" / "one_country_no_newlines.txt").read_bytes())
    for name in ("officialTitle", "orgStudyIdInfo", "secondaryIdInfos"):
        assert len({str(one["protocolSection"][IDENTIFICATION][name]) for one in found}) == 1
    assert {str(own(one)["plannedCountries"]) for one in found} == {str(own(found[0])["plannedCountries"])}
    assert all(len(own(one)["plannedCountries"]) == 14 for one in found)
