"""ICTRP's texts and lists, registry by registry: what is cut from them, and what stays whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.ictrp.markup import line, plain, unwrapped
from pipelines.staging.identity import canonical_sha256
from tests.readers.ictrp_files import module, own, study


def test_left_overs_of_html_go_and_paragraphs_stay() -> None:
    assert plain("a\r<br>b\n<br>c<br>d<br><br>e") == "a\nb\nc\nd\n\ne"
    assert plain("<p>one</p><p>two<br />\r<br>three</p>") == "one\n\ntwo\nthree"
    assert plain("x &lt; 5 &amp;lt; 6 &amp;amp; R&D &#32;") == "x < 5 < 6 & R&D"
    assert plain("eGFR <45 ml/min and p<0.05, <i>E. coli</i>") == "eGFR <45 ml/min and p<0.05, E. coli"
    assert line("a <br> b\n c" + " " * 4000) == "a b c"


@given(st.text(alphabet="ab<>br/ \r\n&;lt#1p", max_size=60))
def test_cleaning_twice_changes_no_line_ends(text: str) -> None:
    once = plain(text)
    assert once == once.strip()
    assert "\r" not in once
    assert "\n\n\n" not in once


def test_wrapped_lines_are_joined_and_items_of_lists_are_not() -> None:
    text = "<br>     Inclusion Criteria:\r<br>\r<br>       -  Age 18\r<br>          or more\r<br>       2. Cough\r<br>"
    assert unwrapped(text) == "Inclusion Criteria:\n\n- Age 18 or more\n2. Cough"


def test_criteria_stand_under_one_heading_each() -> None:
    found = study(
        "ISRCTN90000001",
        Inclusion_Criteria="Inclusion criteria: <br>  1. Cough<br>  2. Tea",
        Exclusion_Criteria="Exclusion criteria: None<br>",
    )
    text = "Inclusion Criteria:\n1. Cough\n2. Tea\n\nExclusion Criteria:\nNone"
    assert module(found, "eligibilityModule")["eligibilityCriteria"] == text
    both = "<br>   Inclusion Criteria:\r<br>\r<br>   Cough\r<br>\r<br>   Exclusion Criteria:\r<br>\r<br>   Tea"
    assert module(study(Inclusion_Criteria=both), "eligibilityModule") == {
        "eligibilityCriteria": "Inclusion Criteria:\n\nCough\n\nExclusion Criteria:\n\nTea"
    }
    alone = study("ISRCTN90000001", Inclusion_Criteria="Inclusion criteria: Cough<br>or tea")
    assert module(alone, "eligibilityModule")["eligibilityCriteria"] == "Inclusion Criteria:\nCough\nor tea"
    empty = study(
        "JPRN-UMIN000090001", Inclusion_Criteria="Inclusion criteria:", Exclusion_Criteria="Exclusion criteria: Tea"
    )
    assert module(empty, "eligibilityModule")["eligibilityCriteria"] == "Exclusion Criteria:\nTea"


def test_countries_once_each_and_regions_are_none() -> None:
    def of(trial_id: str, text: str) -> list[str]:
        return [
            one["country"] for one in module(study(trial_id, Countries=text), "contactsLocationsModule")["locations"]
        ]

    assert of("IRCT20190900001N1", "Iran (Islamic Republic of);Iran (Islamic Republic of)") == [
        "Iran (Islamic Republic of)"
    ]
    assert of("JPRN-jRCT2090000001", "Japan;Asia except Japan;Europe") == ["Japan"]
    assert of("JPRN-UMIN000090001", "Japan,Asia(except Japan),Australia,Europe") == ["Japan", "Australia"]
    assert of("ACTRN12619999999901", "Korea, Republic of;Taiwan, Province Of China") == [
        "Korea, Republic of",
        "Taiwan, Province Of China",
    ]


def test_conditions_are_told_from_the_codes_behind_them() -> None:
    def of(trial_id: str, text: str) -> list[str]:
        found: list[str] = module(study(trial_id, Condition=text), "conditionsModule")["conditions"]
        return found

    assert of("NCT09000001", "Cough;Hiccup, chronic") == ["Cough", "Hiccup, chronic"]
    assert of("EUCTR2012-100001-91-DE", "Dry cough <br>MedDRA version: 21.1\nLevel: PT\n;Therapeutic area: X") == [
        "Dry cough"
    ]
    assert of("CTIS2023-500001-91-00", "Dry\ncough ;Therapeutic area: X") == ["Dry cough"]
    assert of("ISRCTN90000001", "Cough <br>Respiratory <br>Cough") == ["Cough"]
    assert of("DRKS90000001", "<br>R05;Cough;R05") == ["R05; Cough"]
    assert of("ACTRN12619999999901", "Cough;Hiccup; <br>Cough <br>Hiccup;Other") == ["Cough", "Hiccup"]


def test_interventions_of_clinicaltrials_gov_have_types_and_may_hold_semicolons() -> None:
    found = study(Intervention="Drug: Tea; hot;;Other: No tea;Procedure/Surgery: Cup")
    assert module(found, "armsInterventionsModule")["interventions"] == [
        {"type": "DRUG", "name": "Tea; hot"},
        {"type": "OTHER", "name": "No tea"},
        {"type": "PROCEDURE", "name": "Cup"},
    ]
    assert interventions("NCT09000001", "Tea;Drug: Cup") == [{"description": "Tea;Drug: Cup"}]


def test_products_of_the_eu_registers_are_told_apart() -> None:
    text = (
        "<br>Product Name: Tea<br>Pharmaceutical Form: Infusion<br>INN or Proposed INN: THEINE<br><br>"
        "Trade Name: Cup<br>Product Name: Cup<br>"
    )
    assert module(study("EUCTR2012-100001-91-DE", Intervention=text), "armsInterventionsModule")["interventions"] == [
        {"name": "Tea", "otherNames": ["THEINE"],
         "description": "Product Name: Tea\nPharmaceutical Form: Infusion\nINN or Proposed INN: THEINE"},
        {"name": "Cup", "description": "Trade Name: Cup\nProduct Name: Cup"},
    ]  # fmt: skip


def test_products_without_line_ends_are_told_apart_by_their_labels() -> None:
    """As the export of 2024 has them; a comma within a value is none between two."""
    text = (
        "Product Name: Tea,Product Code: T-1,Pharmaceutical Form: CUP,Strength: Tea 7mg, Milk 1mg,"
        "Trade Name: Cup,INN or Proposed INN: CUPINE"
    )
    assert interventions("CTIS2023-500001-91-00", text) == [
        {"name": "Tea", "otherNames": ["T-1"],
         "description": "Product Name: Tea\nProduct Code: T-1\nPharmaceutical Form: CUP\nStrength: Tea 7mg, Milk 1mg"},
        {"name": "Cup", "otherNames": ["CUPINE"], "description": "Trade Name: Cup\nINN or Proposed INN: CUPINE"},
    ]  # fmt: skip


def test_a_blank_line_within_a_product_makes_no_second_one() -> None:
    text = "Product Name: Tea<br>Pharmaceutical Form: Cup<br><br>CAS Number: 1<br>Strength: 2"
    (only,) = interventions("EUCTR2012-100001-91-DE", text)
    assert only["description"] == "Product Name: Tea\nPharmaceutical Form: Cup\n\nCAS Number: 1\nStrength: 2"


def test_what_stands_before_the_first_product_is_not_lost() -> None:
    text = "<br>Given with food<br><br>Product Name: Tea<br><br>CAS Number: 1"
    assert interventions("EUCTR2012-100001-91-DE", text) == [
        {"description": "Given with food"},
        {"name": "Tea", "description": "Product Name: Tea\n\nCAS Number: 1"},
    ]


def test_every_substance_of_a_product_is_kept() -> None:
    """A product of two substances has a line for each: only the last one was kept as a name."""
    text = (
        "<br>Product Name: Tea and milk<br>Pharmaceutical Form:<br>INN or Proposed INN: THEINE<br>CAS Number: 1<br>"
        "INN or Proposed INN: LACTOSE<br>CAS Number: 2<br><br>INN or Proposed INN: WATER<br>INN or Proposed INN: SALT"
    )
    first, second = interventions("EUCTR2012-100001-91-DE", text)
    assert (first["name"], first["otherNames"]) == ("Tea and milk", ["THEINE", "LACTOSE"])
    assert (second["name"], second["otherNames"]) == ("WATER", ["SALT"])


def test_products_without_a_name_are_not_lost() -> None:
    """A product that has but a code is known by it; one with neither was dropped where another one had a name. "N/A"
    in the form's fields is no name."""
    text = (
        "<br>Product Name: Tea<br>Pharmaceutical Form: Infusion<br>INN or Proposed INN: N/A<br><br><br>"
        "Product Code: CUP-1<br>Pharmaceutical Form: Tablet<br><br><br>Pharmaceutical Form: Gel<br>"
    )
    assert module(study("EUCTR2012-100001-91-DE", Intervention=text), "armsInterventionsModule")["interventions"] == [
        {"name": "Tea", "description": "Product Name: Tea\nPharmaceutical Form: Infusion\nINN or Proposed INN: N/A"},
        {"name": "CUP-1", "description": "Product Code: CUP-1\nPharmaceutical Form: Tablet"},
        {"description": "Pharmaceutical Form: Gel"},
    ]


MATERIAL = (
    "Generic name etc : {}<br>INN of investigational material : {}<br>Therapeutic category code : {}<br>"
    "Dosage and Administration for Investigational material : {}"
)
JRCT = "JPRN-jRCT2031200123"


def interventions(trial_id: str, text: str) -> list[dict[str, Any]]:
    return module(study(trial_id, Intervention=text), "armsInterventionsModule")["interventions"]


def test_materials_of_jrct_have_names() -> None:
    """The names of the drugs stood in the description alone, so that nobody who looked for a drug found its trials."""
    text = (
        "investigational material(s)<br>"
        + MATERIAL.format("Exampletide (EX-01)", "exampletide", "129 Other agents", "20 mg QD<br>for 4 weeks")
        + "<br><br>control material(s)<br>"
        + MATERIAL.format("", "Comparatol", "", "10 mg")
    )
    first, second = interventions(JRCT, text)
    assert (first["name"], first["otherNames"]) == ("Exampletide (EX-01)", ["exampletide"])
    assert first["description"].splitlines()[0] == "investigational material(s)"
    assert first["description"].splitlines()[-1] == "for 4 weeks"
    assert (second["name"], second.get("otherNames")) == ("Comparatol", None)


def test_a_control_that_was_not_filled_in_is_none() -> None:
    text = "investigational material(s)<br>" + MATERIAL.format(
        "Exampletide", "Exampletide", "129 Other agents", "20 mg"
    )
    (only,) = interventions(JRCT, text + "<br><br>control material(s)<br>" + MATERIAL.format("-", "-", "", "-"))
    assert only["name"] == "Exampletide"
    assert "otherNames" not in only


def test_what_stands_before_the_form_is_not_lost_and_a_material_needs_no_name() -> None:
    form = "investigational material(s)<br>" + MATERIAL.format("", "-", "129 Other agents", "20 mg")
    assert interventions(JRCT, form) == [{"description": form.replace(" : <br>", " :<br>").replace("<br>", "\n")}]
    noted = "Physiotherapy, and<br>" + form
    (only,) = interventions(JRCT, noted)
    assert only["description"].startswith("Physiotherapy, and\ninvestigational material(s)")


@pytest.mark.parametrize(
    "text", ["Exampletide by mouth", "Note<br>investigational material(s)<br>x", "investigational material(s)<br>oral"]
)
def test_another_text_of_jrct_stays_whole(text: str) -> None:
    assert interventions(JRCT, text) == [{"description": text.replace("<br>", "\n")}]


def test_interventions_in_prose_stay_whole() -> None:
    found = study("ChiCTR2090000001", Intervention="Case series:Tea;Controls:Nil;")
    assert module(found, "armsInterventionsModule")["interventions"] == [
        {"description": "Case series:Tea;Controls:Nil;"}
    ]
    assert interventions("ChiCTR2090000001", "Tea:Nil;:Nil") == [{"description": "Tea:Nil;:Nil"}]


@pytest.mark.parametrize("text", ["Case series:Nil;", "Severe group:None;Mild group:N/A;", "No", "N/A"])
def test_no_intervention_is_none(text: str) -> None:
    """China's form asks for one of every group of an observational study: a row that says "Nil" counted as one."""
    assert "armsInterventionsModule" not in study("ChiCTR2090000001", Intervention=text)["protocolSection"]


def test_words_for_no_entry_are_no_values() -> None:
    found = study(
        "ChiCTR2090000001", Public_title="Not available", Scientific_title="Tea at night", Acronym="N/A",
        Condition="No", Primary_sponsor="None", Primary_outcome="NA;", Secondary_outcome="Not applicable",
        Contact_Tel="N/A", Contact_Lastname="None", Contact_Email="a@example.org",
    )  # fmt: skip
    protocol = found["protocolSection"]
    assert protocol["identificationModule"] == {"officialTitle": "Tea at night"}
    assert not {"conditionsModule", "outcomesModule", "sponsorCollaboratorsModule"} & protocol.keys()
    assert protocol["contactsLocationsModule"]["centralContacts"] == [{"email": "a@example.org"}]
    european = study(
        "EUCTR2012-100001-91-DE",
        Secondary_outcome="Secondary end point(s): Not applicable;Timepoint(s) of evaluation of this end point: None",
    )
    assert "outcomesModule" not in european["protocolSection"]


@pytest.mark.parametrize(("first", "last"), [("Na", "Li"), ("Min-Jung", "No"), ("Nil", "Arslan")])
def test_people_are_called_like_words_for_nothing(first: str, last: str) -> None:
    found = study(
        "ChiCTR2090000001", Contact_Firstname=first, Contact_Lastname=last, Contact_Email="a@example.org",
    )  # fmt: skip
    contacts = found["protocolSection"]["contactsLocationsModule"]["centralContacts"]
    assert contacts == [{"name": f"{first} {last}", "email": "a@example.org"}]


def test_outcomes_are_listed_only_where_the_registrys_items_are_titles() -> None:
    def of(trial_id: str, text: str) -> list[dict[str, str]]:
        found: list[dict[str, str]] = module(study(trial_id, Primary_outcome=text), "outcomesModule")["primaryOutcomes"]
        return found

    assert of("NCT09000001", "Cough; dry;Tea") == [{"measure": "Cough; dry"}, {"measure": "Tea"}]
    assert of("ChiCTR2090000001", "Cough;Tea;") == [{"measure": "Cough"}, {"measure": "Tea"}]
    assert of("ACTRN12619999999901", "Cough<br>[Day 3 ];Tea[Day 4]") == [
        {"measure": "Cough", "timeFrame": "Day 3"},
        {"measure": "Tea", "timeFrame": "Day 4"},
    ]
    assert of("IRCT20190900001N1", "Cough. Timepoint: Daily. Method of measurement: Ear.") == [
        {"measure": "Cough", "timeFrame": "Daily", "description": "Method of measurement: Ear."}
    ]
    assert of("ISRCTN90000001", "<br>  1. Cough; dry<br>  2. Tea") == [{"measure": "1. Cough; dry\n2. Tea"}]
    assert of("ISRCTN90000001", "Cough;Tea") == [{"measure": "Cough;Tea"}]
    assert of("IRCT20190900001N1", "Timepoint: Daily") == [{"measure": "Timepoint: Daily"}]
    assert of("EUCTR2012-100001-91-DE", "Cough; Tea") == [{"measure": "Cough; Tea"}]
    for registry in ("EUCTR2012-100001-91-DE", "ISRCTN90000001"):
        assert "outcomesModule" not in study(registry, Primary_outcome="N/A.")["protocolSection"]
    assert of("NCT09000001", "Cough[]") == [{"measure": "Cough[]"}]


def test_outcomes_of_the_eu_registers_in_any_order_of_their_labels() -> None:
    text = (
        "Timepoint(s) of evaluation of this end point: Day 3;Secondary Objective: To rest;"
        "Primary end point(s): Cough<br>;Main Objective: To drink; tea"
    )
    found = study("EUCTR2012-100001-91-DE", Primary_outcome=text)
    assert module(found, "outcomesModule")["primaryOutcomes"] == [{"measure": "Cough", "timeFrame": "Day 3"}]
    assert own(found)["mainObjective"] == "To drink; tea"
    assert own(found)["secondaryObjective"] == "To rest"


@pytest.mark.parametrize("time", ["", "N/A"])
def test_an_outcome_of_the_eu_registers_without_time_points(time: str) -> None:
    text = f"Primary end point(s): Cough<br>;Timepoint(s) of evaluation of this end point: {time}"
    found = study("EUCTR2012-100001-91-DE", Primary_outcome=text, Secondary_outcome="Secondary end point(s): None")
    assert module(found, "outcomesModule") == {"primaryOutcomes": [{"measure": "Cough"}]}


def test_secondary_numbers_are_listed_and_related_records_are_never_own_numbers() -> None:
    found = study(
        "EUCTR2012-100001-91-DE",
        Secondary_ID="NCT09000002;TEA-1; 2012-100001-91-FR;Nil known",
        Childs="ISRCTN90000009;DRKS90000009",
        Bridging_flag_truefalse="True",
        Bridged_type="parent    ",
        other_records="Yes",
    )
    ids = [one["id"] for one in module(found, "identificationModule")["secondaryIdInfos"]]
    assert ids == ["NCT09000002", "TEA-1", "2012-100001-91-FR", "Nil known"]
    assert own(found)["childRecordIds"] == ["ISRCTN90000009", "DRKS90000009"]
    assert (own(found)["isBridged"], own(found)["bridgedType"], own(found)["otherRecords"]) == (True, "parent", True)


def test_stamps_make_no_version() -> None:
    """What ICTRP stamps anew at each export must not make every record look changed."""
    old = study(Last_Refreshed_on="3 February 2020", Export_date="4/7/2020 10:40:56 AM")
    new = study(Last_Refreshed_on="17 May 2024", Export_date="06/09/2024 16:01:13")
    assert old["derivedSection"]["miscInfoModule"]["versionHolder"] == "2020-02-03"
    assert canonical_sha256(old) == canonical_sha256(new)


def test_page_links_are_kept_only_where_they_say_more_than_the_number() -> None:
    assert "recordUrl" not in study(web_address="https://clinicaltrials.gov/show/NCT09000001")["registrySection"]
    link = "http://www.chictr.org.cn/showproj.aspx?proj=49181"
    assert study("ChiCTR2090000001", web_address=link)["registrySection"]["recordUrl"] == link


def test_data_sharing_and_results() -> None:
    found = study(
        "ISRCTN90000001",
        results_IPD_plan="Yes",
        results_IPD_description="On <b>request</b>",
        results_yes_no="Yes",
        results_url_link="https://example.org/r",
        Source_Support="Please refer to primary and secondary sponsors",
        Secondary_Sponsor="Cup, Inc.;None;Leaf",
    )
    assert module(found, "ipdSharingStatementModule") == {"ipdSharing": "YES", "description": "On request"}
    assert found["hasResults"] is True
    assert own(found)["resultsUrl"] == "https://example.org/r"
    assert "sourceSupport" not in own(found)
    assert module(found, "sponsorCollaboratorsModule")["collaborators"] == [{"name": "Cup, Inc."}, {"name": "Leaf"}]


def test_sri_lankas_outcomes_end_with_their_time_in_brackets() -> None:
    """All stood in one measure; some are of several lines, and some brackets are empty."""
    found = study(
        "SLCTR/2021/901",
        Primary_outcome="Sleep<br><br> [At the fourth week]<br> Comfort (any) <br>a.Warmth<br>b.Tea<br> [ At exit]<br>",
        Secondary_outcome="Colds caught []<br>",
    )
    assert module(found, "outcomesModule") == {
        "primaryOutcomes": [
            {"measure": "Sleep", "timeFrame": "At the fourth week"},
            {"measure": "Comfort (any)\na.Warmth\nb.Tea", "timeFrame": "At exit"},
        ],
        "secondaryOutcomes": [{"measure": "Colds caught"}],
    }


@pytest.mark.parametrize("text", ["Sleep [hours] at night [Week 4]", "Sleep [Week 4]\nand dreams", "Sleep"])
def test_brackets_within_an_outcome_part_nothing(text: str) -> None:
    found = module(study("SLCTR/2021/901", Primary_outcome=text), "outcomesModule")
    assert found == {"primaryOutcomes": [{"measure": text}]}


@pytest.mark.parametrize(
    ("trial_id", "text", "outcomes"),
    [
        (
            "LBCTR2019070901",
            "Name: *Hours of sleep ;Timepoints: 6 months;Measure: a diary;Name: Comfort;Timepoints: At exit;Measure: ",
            [
                {"measure": "*Hours of sleep", "timeFrame": "6 months", "description": "Measure: a diary"},
                {"measure": "Comfort", "timeFrame": "At exit"},
            ],
        ),
        (
            "PER-901-19",
            "Outcome name:Sleep<br>Measure:Hours; by diary<br>Timepoints:Each night<br>",
            [{"measure": "Sleep", "timeFrame": "Each night", "description": "Measure: Hours; by diary"}],
        ),
        ("PER-901-19", "To see who sleeps<br>Timepoints:4", [{"measure": "To see who sleeps\nTimepoints:4"}]),
        ("LBCTR2019070901", "Timepoints: 4;Name: Sleep", [{"measure": "Timepoints: 4;Name: Sleep"}]),
    ],
)
def test_outcomes_under_labels(trial_id: str, text: str, outcomes: list[dict[str, str]]) -> None:
    assert module(study(trial_id, Primary_outcome=text), "outcomesModule") == {"primaryOutcomes": outcomes}


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("Hours of sleepTimepoint: Week 4", [{"measure": "Hours of sleep", "timeFrame": "Week 4"}]),
        (
            "Sleep; by diary<br>Timepoint: Week 4;Comfort Timepoint: At exit; and later",
            [{"measure": "Sleep; by diary", "timeFrame": "Week 4"},
             {"measure": "Comfort", "timeFrame": "At exit; and later"}],
        ),
        ("Sleep;Comfort. Timepoint: NIL", [{"measure": "Sleep;Comfort."}]),
        ("Sleep;Comfort", [{"measure": "Sleep;Comfort"}]),
        ("Tea Timepoint: 1;Comfort;Colds Timepoint: 2", [{"measure": "Tea Timepoint: 1;Comfort;Colds Timepoint: 2"}]),
        ("Timepoint: 1", [{"measure": "Timepoint: 1"}]),
    ],
)  # fmt: skip
def test_indias_outcomes_have_their_time_behind_a_label(text: str, outcomes: list[dict[str, str]]) -> None:
    found = study("CTRI/2019/09/900001", Primary_outcome=text)
    assert module(found, "outcomesModule") == {"primaryOutcomes": outcomes}
