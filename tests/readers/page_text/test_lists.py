"""Conditions, links, references, identifiers, other trials, mentions."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.readers.page_text import read_page
from pipelines.readers.page_text.conditions import is_one_phrase, split_conditions, vocabulary
from pipelines.readers.page_text.lists import find_doi, id_line
from pipelines.readers.page_text.mentions import find_ids

from .builders import got, read_section, section

# --- conditions ---


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Migraine", ["Migraine"]),
        ("Diabetes Mellitus, Type 2", ["Diabetes Mellitus, Type 2"]),
        ("Breast Cancer Lung Cancer", ["Breast Cancer", "Lung Cancer"]),
        ("Heart Failure Diabetes Mellitus, Type 2 Asthma", ["Heart Failure", "Diabetes Mellitus, Type 2", "Asthma"]),
        ("Leukemia, Myeloid, Acute Thrombocytopenia", ["Leukemia, Myeloid, Acute", "Thrombocytopenia"]),
        ("Acute Myeloid Leukemia (AML) Sepsis", ["Acute Myeloid Leukemia (AML)", "Sepsis"]),
        ("Severe Asthma Refractory Epilepsy", ["Severe Asthma", "Refractory Epilepsy"]),
        ("Moderate to Severe Asthma Anaemia", ["Moderate to Severe Asthma", "Anaemia"]),
        ("Stage III Ovarian Cancer AJCC v8 Melanoma", ["Stage III Ovarian Cancer AJCC v8", "Melanoma"]),
        ("Non-Small-Cell Lung Cancer Leukaemia", ["Non-Small-Cell Lung Cancer", "Leukaemia"]),
        ("HEART FAILURE OBESITY", ["HEART FAILURE", "OBESITY"]),
        ("Asthma, Obesity", ["Asthma", "Obesity"]),
        ("Asthma|Obesity", ["Asthma", "Obesity"]),
        ("Zanzibar Fever|Quux Syndrome", ["Zanzibar Fever", "Quux Syndrome"]),
        ("Asthma; Obesity", ["Asthma", "Obesity"]),
        ("Zanzibar Fever; Asthma", None),
        ("Quux Syndrome Asthma", None),
        ("Asthma Zanzibar Fever Obesity", None),
        ("Breast Cancer Metastatic Lung Cancer", None),
        ("Breast Cancer Pain", None),
        ("Asthma obesity", None),
        ("", None),
    ],
)  # fmt: skip
def test_split(text: str, want: list[str] | None) -> None:
    assert split_conditions(text) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Zanzibar Fever", True),
        ("Quux Transport Disorder", True),
        ("Chronic quux of the left shore stage 3", True),
        ("Injury of the Great Quux", True),
        ("Zanzibaritis Quuxosis", False),
        ("Quux Sneezing Asthma", False),
        ("Asthma Quux Sneezing", False),
        ("Quux Syndrome Zanzibar Fever Port Disease", False),
    ],
)
def test_one_phrase(text: str, want: bool) -> None:
    assert is_one_phrase(text) is want


@pytest.mark.parametrize(
    ("lines", "want", "state"),
    [
        (["Migraine Motion Sickness"], ["Migraine", "Motion Sickness"], "damaged"),
        (["Migraine"], ["Migraine"], "present"),
        (["Zanzibar Fever"], ["Zanzibar Fever"], "present"),
        (["Quux Syndrome Zanzibar Fever Port Disease"], ["Quux Syndrome Zanzibar Fever Port Disease"], "damaged"),
        (["Migraine", "Quux Syndrome"], ["Migraine", "Quux Syndrome"], "present"),
        (["Migraine | Quux Syndrome"], ["Migraine", "Quux Syndrome"], "present"),
    ],
)
def test_conditions(lines: list[str], want: list[str], state: str) -> None:
    reading = read_section("conditions", *lines)
    assert got(reading, "conditionsModule.conditions") == (want, state)
    assert got(reading, "page.conditionsText") == ("\n".join(lines), "present")


def test_keywords_under_their_label() -> None:
    reading = read_section("conditions", "Migraine", "Keywords", "boats", "sea")
    assert got(reading, "keywords") == (["boats", "sea"], "present")
    assert got(reading, "conditionsModule.conditions") == (["Migraine"], "present")


def test_the_vocabulary_is_large_and_has_inverted_names() -> None:
    assert len(vocabulary()) > 4000
    assert {"arthritis, rheumatoid", "rheumatoid arthritis", "leukemia, lymphocytic, chronic, b cell"} <= vocabulary()


def test_a_long_text_is_split_in_no_time() -> None:
    assert split_conditions(" ".join(["Asthma Obesity"] * 120)) == ["Asthma", "Obesity"] * 120


# --- links, references ---


def test_links_with_and_without_labels() -> None:
    lines = ["https://a.example.org", "https://b.example.org/x?y=1", "Page: of the study", "www.example.org"]
    assert got(read_section("links", *lines), "seeAlsoLinks") == (
        [
            {"url": "https://a.example.org", "label": None},
            {"url": "https://b.example.org/x?y=1", "label": "Page: of the study"},
            {"url": "www.example.org", "label": None},
        ],
        "present",
    )


def test_a_label_without_its_link_is_damage_and_stays_visible() -> None:
    reading = read_section("links", "Page of the study", "https://a.example.org")
    assert got(reading, "seeAlsoLinks") == ([{"url": "https://a.example.org", "label": None}], "damaged")
    assert reading.study["registrySection"]["page"]["unreadLines"][0]["text"] == "Page of the study"


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("J Tides. 2020. doi: 10.9999/jt.2020.44.", "10.9999/jt.2020.44"),
        ("J Tides. 2020. doi:10.9999/jt-44 Epub 2021.", "10.9999/jt-44"),
        ("See https://doi.org/10.9999/s(20)44.", "10.9999/s(20)44"),
        ("J Tides. 2020;4:1-9.", None),
    ],
)
def test_doi(text: str, want: str | None) -> None:
    assert find_doi(text) == want


def test_references_and_the_lines_about_them() -> None:
    reading = read_section(
        "references", "Marrow Q. Sea. doi: 10.9999/a.", "PMID: 1234567", "Type: BACKGROUND", "Petrel O. Land."
    )
    value, state = got(reading, "referencesModule.references")
    assert state == "present"
    assert value == [
        {"pmid": "1234567", "type": "BACKGROUND", "citation": "Marrow Q. Sea. doi: 10.9999/a.", "doi": "10.9999/a"},
        {"pmid": None, "type": None, "citation": "Petrel O. Land.", "doi": None},
    ]
    assert reading.study["protocolSection"]["referencesModule"]["references"][1] == {"citation": "Petrel O. Land."}


# --- identifiers ---

OWN = ["SAIL-7", "Identifier Type: -", "Identifier Source: org_study_id"]
SECOND = ["2021-990011-22", "Identifier Type: EUDRACT_NUMBER", "Identifier Source: secondary_id"]


def ids(lines: list[str]) -> tuple[Any, Any, Any]:
    reading = read_section("ids", *lines)
    return got(reading, "orgStudyIdInfo.id"), got(reading, "secondaryIdInfos"), got(reading, "page.otherIdentifiers")


def test_own_and_secondary_identifiers_in_any_order() -> None:
    second = {"id": "2021-990011-22", "type": "EUDRACT_NUMBER", "domain": None, "link": None}
    for lines in (OWN + SECOND, SECOND + OWN):
        own, secondary, _ = ids(lines)
        assert own == ("SAIL-7", "present")
        assert secondary == ([second], "present")
    assert ids(OWN)[1] == ([], "absent")


def test_labels_apart_from_their_values() -> None:
    apart = [part for line in OWN + SECOND for part in line.replace(": ", ":|").split("|")]
    assert [value for value, _ in ids(apart)] == [value for value, _ in ids(OWN + SECOND)]


def test_without_its_source_an_identifier_is_neither() -> None:
    own, secondary, whole = ids(SECOND[:2])
    assert own == secondary == (None, "ambiguous")
    assert whole == ([{"id": "2021-990011-22", "type": "EUDRACT_NUMBER", "source": None}], "present_unlabelled")


def test_a_source_without_its_identifier_is_damage() -> None:
    own, secondary, whole = ids(SECOND[1:] + OWN)
    assert own == ("SAIL-7", "present")
    assert secondary[0] == []
    assert whole[1] == "damaged"


def test_alias_is_the_records_own() -> None:
    reading = read_section("ids", "NCT99000005", "Identifier Type: -", "Identifier Source: nct_alias")
    assert reading.study["protocolSection"]["identificationModule"]["nctIdAliases"] == ["NCT99000005"]
    assert got(reading, "nctId") == (None, "absent")


# --- other trials ---


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("NCT99000222", ("NCT99000222", None, None)),
        ("NCT99000222 COMPLETED", ("NCT99000222", "COMPLETED", None)),
        ("NCT99000222 ACTIVE_NOT_RECRUITING NA", ("NCT99000222", "ACTIVE_NOT_RECRUITING", ["NA"])),
        ("NCT99000222 UNKNOWN PHASE1/PHASE2", ("NCT99000222", "UNKNOWN", ["PHASE1", "PHASE2"])),
        ("NCT99000222 EARLY_PHASE1", ("NCT99000222", None, ["EARLY_PHASE1"])),
        ("NCT99000222 is a follow-up", None),
        ("NCT990002223", None),
        ("see NCT99000222", None),
    ],
)
def test_id_lines(text: str, want: tuple[str, str | None, list[str] | None] | None) -> None:
    assert id_line(text) == want


def trial(
    nct: str | None, title: str | None, status: str | None = None, phases: list[str] | None = None
) -> dict[str, Any]:
    return {"nctId": nct, "briefTitle": title, "overallStatus": status, "phases": phases}


@pytest.mark.parametrize("key", ["related", "more"])
@pytest.mark.parametrize(
    ("lines", "want", "state"),
    [
        (["Trains", "NCT99000222", "Bikes", "NCT99000333 COMPLETED"],
         [trial("NCT99000222", "Trains"), trial("NCT99000333", "Bikes", "COMPLETED")], "present"),
        (["Trains", "NCT99000222", "RECRUITING", "PHASE2"], [trial("NCT99000222", "Trains", "RECRUITING", ["PHASE2"])],
         "present"),
        (["Trains", "Bikes", "NCT99000333"], [trial(None, "Trains"), trial("NCT99000333", "Bikes")], "damaged"),
        (["NCT99000222", "Bikes", "NCT99000333"],
         [trial("NCT99000222", None), trial("NCT99000333", "Bikes")], "damaged"),
        (["Trains"], [trial(None, "Trains")], "damaged"),
    ],
    ids=["two", "codes-apart", "id-lost", "title-lost", "title-only"],
)  # fmt: skip
def test_related_trials(key: str, lines: list[str], want: list[dict[str, Any]], state: str) -> None:
    reading = read_section(key, *lines)
    field = "page.relatedClinicalTrials" if key == "related" else "page.moreRelatedTrials"
    assert got(reading, field) == (want, state)
    assert got(reading, "nctId") == (None, "absent")


def test_related_trials_without_their_heading_are_no_summary() -> None:
    text = (
        section("summary", "We sail.", "Trains", "NCT99000222", "Bikes", "NCT99000333") + "\n" + section("conditions")
    )
    reading = read_page(text)
    assert got(reading, "briefSummary") == ("We sail.", "present")
    assert [item["nctId"] for item in got(reading, "page.relatedClinicalTrials")[0]] == ["NCT99000222", "NCT99000333"]
    assert got(reading, "nctId") == (None, "absent")


def test_a_page_cut_within_its_related_trials_adopts_none_of_their_ids() -> None:
    reading = read_page("Bikes\nNCT99000333\n" + section("description", "We sail.", blank=False))
    assert got(reading, "nctId")[0] is None
    assert got(reading, "page.title") == (None, "absent")


# --- mentions ---


def test_ids_in_text() -> None:
    text = "After NCT99000777, xNCT99000778, NCT990007791, 2021-990011-22, 2021-990011-22-00 and ISRCTN99000001."
    assert [(number, registry) for number, registry, _, _ in find_ids(text)] == [
        ("NCT99000777", "NCT"), ("2021-990011-22", "EUDRACT"), ("ISRCTN99000001", "ISRCTN")
    ]  # fmt: skip


def test_mentions_name_their_field_and_leave_out_the_own_id() -> None:
    text = "NCT ID: NCT99000001\n\n" + section("summary", "As in NCT99000001 and NCT99000777 we sail.")
    text += "\n\n" + section("eligibility", "Inclusion Criteria", "1. Took part in 2021-990011-22")
    text += "\n\n" + section("more", "Trains", "NCT99000222")
    reading = read_page(text)
    assert got(reading, "mentions.registryIds")[0] == [
        {"id": "NCT99000777", "registry": "NCT", "where": "briefSummary"},
        {"id": "2021-990011-22", "registry": "EUDRACT", "where": "eligibilityCriteria"},
    ]
    assert got(reading, "nctId") == ("NCT99000001", "present")
