"""Results in ClinicalTrials.gov's legacy XML, in both layouts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.readers.ctgov_xml_files import archived, study_of, xml

OLD_OUTCOME = """<clinical_results><outcome_list><outcome><type>Primary</type><title>Pain</title>
<population>All</population><group_list><group group_id="O1"><title>A</title></group></group_list><measure_list>
<measure><title>Number of Participants</title><units>participants</units><param>Number</param><category_list><category>
<measurement_list><measurement group_id="O1" value="12"/></measurement_list></category></category_list></measure>
<measure><title>Number of Eyes analyzed</title><units>Eyes</units><param>Number</param><category_list><category>
<measurement_list><measurement group_id="O1" value="24"/></measurement_list></category></category_list></measure>
<measure><title>Pain</title><units>points</units><param>Mean</param><dispersion>Standard Deviation</dispersion>
<category_list><category><sub_title>Day 1</sub_title><measurement_list><measurement group_id="O1" value="1" spread="2"/>
</measurement_list></category><category><sub_title>Day 2</sub_title><measurement_list>
<measurement group_id="O1" value="NA">not measured</measurement></measurement_list></category></category_list></measure>
</measure_list><analysis_list><analysis><group_id_list><group_id>O1</group_id></group_id_list>
<non_inferiority>No</non_inferiority><p_value>0.1</p_value></analysis></analysis_list></outcome>
<outcome><type>Secondary</type><title>Later</title><posting_date>01/2018</posting_date></outcome></outcome_list>
</clinical_results>"""


def test_outcomes_before_december_2016() -> None:
    pain, later = study_of(xml(OLD_OUTCOME))["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    assert pain["denoms"] == [
        {"units": "Participants", "counts": [{"groupId": "OG000", "value": "12"}]},
        {"units": "Eyes", "counts": [{"groupId": "OG000", "value": "24"}]},
    ]
    assert (pain["typeUnitsAnalyzed"], pain["unitOfMeasure"], pain["reportingStatus"]) == ("Eyes", "points", "POSTED")
    assert [(one["title"], one["categories"][0]["measurements"]) for one in pain["classes"]] == [
        ("Day 1", [{"groupId": "OG000", "value": "1", "spread": "2"}]),
        ("Day 2", [{"groupId": "OG000", "value": "NA", "comment": "not measured"}]),
    ]
    (analysis,) = pain["analyses"]
    assert analysis["nonInferiorityType"] == "SUPERIORITY_OR_OTHER"
    assert later == {
        "type": "SECONDARY",
        "title": "Later",
        "anticipatedPostingDate": "2018-01",
        "reportingStatus": "NOT_POSTED",
    }


EVENTS = """<clinical_results><reported_events><group_list><group group_id="E1"><title>A</title></group></group_list>
<serious_events><default_vocab>MedDRA 1</default_vocab><default_assessment>Systematic Assessment</default_assessment>
<category_list><category><title>Total</title><event_list><event><sub_title>Total, all-cause mortality</sub_title>
<counts group_id="E1" subjects_affected="1" subjects_at_risk="9"/></event><event>
<sub_title>Total, serious adverse events</sub_title><counts group_id="E1" subjects_affected="3" subjects_at_risk="9"/>
</event></event_list></category><category><title>Cardiac disorders</title><event_list><event>
<sub_title vocab="Own 2">Arrest</sub_title><counts group_id="E1" events="2" subjects_affected="1" subjects_at_risk="9"/>
</event></event_list></category><category><title>Eye disorders</title><event_list><event><sub_title>Squint</sub_title>
<assessment>Non-systematic Assessment</assessment><counts group_id="E1" subjects_affected="0"/></event></event_list>
</category></category_list></serious_events><other_events><frequency_threshold>5</frequency_threshold></other_events>
</reported_events></clinical_results>"""


def test_adverse_events() -> None:
    module = study_of(xml(EVENTS))["resultsSection"]["adverseEventsModule"]
    (group,) = module["eventGroups"]
    assert group == {
        "id": "EG000",
        "title": "A",
        "deathsNumAffected": 1,
        "deathsNumAtRisk": 9,
        "seriousNumAffected": 3,
        "seriousNumAtRisk": 9,
    }
    arrest, squint = module["seriousEvents"]
    assert (arrest["organSystem"], arrest["sourceVocabulary"]) == ("Cardiac disorders", "Own 2")
    assert (squint["organSystem"], squint["sourceVocabulary"]) == ("Eye disorders", "MedDRA 1")
    assert squint["assessmentType"] == "NON_SYSTEMATIC_ASSESSMENT"
    assert module["frequencyThreshold"] == "5"


def test_an_event_that_says_nothing_moves_no_other_into_its_category() -> None:
    """Titles of categories went to the events by their number, and an event whose elements are all empty, which is no
    row, was counted: each event behind it stood in the category of the one before."""
    empty = "<event>\n<sub_title> </sub_title><counts/></event>"
    event = '<event><sub_title>{}</sub_title><counts group_id="E1" events="1"/></event>'
    categories = "".join(
        f"<category><title>{title}</title><event_list>{events}</event_list></category>"
        for title, events in (
            ("Cardiac disorders", empty),
            ("Eye disorders", event.format("Squint") + empty),
            ("", event.format("Fall")),
            ("Skin disorders", event.format("Rash")),
        )
    )
    body = f"<other_events><category_list>{categories}</category_list></other_events>"
    study = study_of(xml(f"<clinical_results><reported_events>{body}</reported_events></clinical_results>"))
    events = study["resultsSection"]["adverseEventsModule"]["otherEvents"]
    assert [(one["term"], one.get("organSystem")) for one in events] == [
        ("Squint", "Eye disorders"),
        ("Fall", None),
        ("Rash", "Skin disorders"),
    ]


def test_groups_of_an_analysis_in_a_file_that_was_indented_anew() -> None:
    """Blanks around a group's id in an element kept it from being API v2's: the analysis named a group "O1" that its
    outcome, whose ids are attributes, did not have."""
    study = study_of(xml(OLD_OUTCOME.replace("<group_id>O1</group_id>", "<group_id>\n  O1\n</group_id>")))
    pain = study["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"][0]
    assert pain["analyses"][0]["groupIds"] == [pain["groups"][0]["id"]] == ["OG000"]


def test_results_of_the_archive() -> None:
    study = study_of(
        archived(
            """<clinical_result><participantflow><participantflowgroups><flowgroup id="F.4"><title>A</title></flowgroup>
</participantflowgroups><periods><period><completedmilestone><milestoneachievements><milestoneachievement>
<reportinggroupid> F.4 </reportinggroupid><subjectsachieve>8</subjectsachieve></milestoneachievement>
</milestoneachievements></completedmilestone><otherparticipantflowdetails><otherdetail><numbernotcompleted>2
</numbernotcompleted><reportinggroupid>F.4</reportinggroupid></otherdetail></otherparticipantflowdetails>
<startedmilestone><milestoneachievements><milestoneachievement><reportinggroupid>F.4</reportinggroupid>
<subjectsachieve>10</subjectsachieve></milestoneachievement></milestoneachievements></startedmilestone></period></periods>
</participantflow><baseline><baselinemeasures><baselinemeasure><title>Gender, Male/Female</title><measurecategories>
<measurecategory><reportedvalues><reportedvalue><reportinggroupid>T</reportinggroupid><parametervalue>4</parametervalue>
</reportedvalue></reportedvalues><title>Female</title></measurecategory></measurecategories></baselinemeasure>
</baselinemeasures><baselinereportinggroups><baselinereportinggroup id="B.1"><subjectsanalyzed>10</subjectsanalyzed>
</baselinereportinggroup></baselinereportinggroups><totalbaselinereportinggroup id="T"><title>Total</title>
</totalbaselinereportinggroup></baseline></clinical_result>"""
        )
    )
    section = study["resultsSection"]
    (period,) = section["participantFlowModule"]["periods"]
    assert [(one["type"], one["achievements"][0]["numSubjects"]) for one in period["milestones"]] == [
        ("STARTED", "10"),
        ("COMPLETED", "8"),
        ("NOT COMPLETED", "2"),
    ]
    baseline = section["baselineCharacteristicsModule"]
    assert [group["id"] for group in baseline["groups"]] == ["BG000", "BG001"]
    assert baseline["denoms"] == [{"units": "Participants", "counts": [{"groupId": "BG000", "value": "10"}]}]
    (measure,) = baseline["measures"]
    measurements = [{"groupId": "BG001", "value": "4"}]
    assert measure["classes"] == [{"categories": [{"title": "Female", "measurements": measurements}]}]
    assert study["hasResults"] is True


@pytest.mark.parametrize(
    "data",
    [
        archived("<init_results_release_date>\n</init_results_release_date><clinical_result>\n</clinical_result>"),
        xml("<clinical_results></clinical_results>"),
    ],
)
def test_an_empty_element_of_results_is_no_results(data: bytes) -> None:
    """NCT01111552 of 2012: a request to delay results, and both elements of results empty."""
    study = study_of(data)
    assert study["hasResults"] is False
    assert "resultsSection" not in study


def archived_outcome(inner: str) -> dict[str, Any]:
    """The study of a record of the archive with one outcome measure that holds these elements."""
    return study_of(
        archived(
            f"<clinical_result><outcomemeasures><outcomemeasure><measuretype>Primary</measuretype>{inner}"
            "</outcomemeasure></outcomemeasures></clinical_result>"
        )
    )


@pytest.mark.parametrize(
    ("month", "year", "date"),
    [
        ("6", "2010", "2010-06"),
        ("June", "2010", "2010-06"),
        ("", "2010", "2010"),
        ("13", "2010", None),
        ("6", "next", None),
        ("soon", "2010", None),
        ("6", "", None),
        ("", "", None),
    ],
)
def test_when_results_of_the_archive_are_expected(month: str, year: str, date: str | None) -> None:
    """A month in words was dropped, and what is no year went without a word; the month 13 cost the record."""
    said = f"<month>{month}</month><year>{year}</year>"
    study = archived_outcome(f"<anticipatedresultpostingdate>{said}</anticipatedresultpostingdate>")
    (outcome,) = study["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    assert outcome.get("anticipatedPostingDate") == date
    states = study.get("registrySection", {}).get("fieldStates", [])
    assert [one["verbatim"] for one in states] == ([] if date or not month + year else [f"{month} {year}".strip()])


def test_a_method_of_the_submitters_own_beside_one_of_the_registrys_is_kept() -> None:
    analyses = "".join(
        f"<measureanalysis><statisticalmethod>{method}</statisticalmethod><othermethodname>{own}</othermethodname>"
        "</measureanalysis>"
        for method, own in (("Other", "Own test"), ("ANCOVA", "Own test"), ("ANCOVA", "ANCOVA"))
    )
    study = archived_outcome(f"<outcomemeasureanalyses>{analyses}</outcomemeasureanalyses>")
    (outcome,) = study["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    assert [one["statisticalMethod"] for one in outcome["analyses"]] == ["Own test", "ANCOVA", "ANCOVA"]
    assert [one["value"] for one in study["registrySection"]["sourceFields"]] == ["Own test"]


def test_empty_groups_and_milestones_of_the_archive_are_nothing() -> None:
    """A fixed milestone without anything in it was a row by the name that it is given; groups without an id had all the
    id of the last one, and blank references named it."""
    groups = '<flowgroup/><flowgroup><title>A</title></flowgroup><flowgroup id="F.2"><title>B</title></flowgroup>'
    reference = "<milestoneachievement><reportinggroupid> </reportinggroupid></milestoneachievement>"
    started = f"<startedmilestone><milestoneachievements>{reference}</milestoneachievements></startedmilestone>"
    periods = f"<period>{started}<completedmilestone/></period>"
    flow = f"<participantflowgroups>{groups}</participantflowgroups><periods>{periods}</periods>"
    study = study_of(archived(f"<clinical_result><participantflow>{flow}</participantflow></clinical_result>"))
    assert study["resultsSection"]["participantFlowModule"] == {
        "groups": [{"id": "FG001", "title": "A"}, {"id": "FG002", "title": "B"}]
    }
