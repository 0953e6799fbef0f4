"""ICTRP's dates, registry by registry: read where they leave no choice, never bent."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.ictrp.dates import date_converter, read_date
from pipelines.readers.mapping import Unreadable
from tests.readers.ictrp_files import module, own, states, study

START = "protocolSection.statusModule.startDateStruct.date"


@pytest.mark.parametrize(
    ("trial_id", "written", "day"),
    [
        ("NCT09000001", "March 5, 2020", "2020-03-05"),
        ("NCT09000001", "March 2020", "2020-03"),
        ("CTIS2023-500001-91-00", "05/03/2020", "2020-03-05"),
        ("ISRCTN90000001", "05/03/2020", "2020-03-05"),
        ("ChiCTR2090000001", "2020-03-05", "2020-03-05"),
        ("JPRN-jRCT2090000001", "05/03/2020", "2020-03-05"),
        ("JPRN-UMIN000090001", "2020/03/05", "2020-03-05"),
        ("CTRI/2019/09/900001", "05-03-2020", "2020-03-05"),
        ("DRKS90000001", "05/03/2020", "2020-03-05"),
        ("ACTRN12619999999901", "05/03/2020", "2020-03-05"),
        ("KCT9000001", "2020-03-05", "2020-03-05"),
        ("IRCT20190900001N1", "2020-03-05", "2020-03-05"),
        ("RBR-9aaaaaa", "05/03/2020", "2020-03-05"),
        ("PACTR201909000000001", "05/03/2020", "2020-03-05"),
    ],
)
def test_first_enrolment_is_read_in_its_registrys_own_way(trial_id: str, written: str, day: str) -> None:
    found = study(trial_id, Date_enrollement=written)
    assert module(found, "statusModule")["startDateStruct"] == {"date": day}
    assert states(found) == {}


@pytest.mark.parametrize(
    ("trial_id", "written"),
    [("NCT09000001", "05/03/2020"), ("ChiCTR2090000001", "05/03/2020"), ("JPRN-UMIN000090001", "05/03/2020"),
     ("DRKS90000001", "5/3/2020"), ("ISRCTN90000001", "03/27/2020")],
    ids=["column without a known convention", "registry that writes the year first", "JPRN differs within",
         "rewritten by a spreadsheet", "against the convention"],
)  # fmt: skip
def test_day_and_month_that_cannot_be_told_apart_stay_null(trial_id: str, written: str) -> None:
    found = study(trial_id, Date_enrollement=written)
    assert "startDateStruct" not in module(found, "statusModule")
    assert states(found) == {START: "ambiguous"}
    (state,) = found["registrySection"]["fieldStates"]
    assert state["verbatim"] == written


@pytest.mark.parametrize(
    ("written", "day"),
    [("27/01/2020", "2020-01-27"), ("01/27/2020", "2020-01-27"), ("05/05/2021", "2021-05-05"), ("06/2019", "2019-06"),
     ("20200216", "2020-02-16"), ("2020/2/6", "2020-02-06"), ("30-Jun-2019", "2019-06-30"), ("2019", "2019")],
)  # fmt: skip
def test_dates_that_leave_no_choice_are_read_anywhere(written: str, day: str) -> None:
    assert read_date(written, day_first=False) == day


@pytest.mark.parametrize("written", ["31/02/2020", "13/13/2020", "20201301", "soon", "01/01/20", "27/01/2020 or so"])
def test_what_is_no_date_is_never_bent_into_one(written: str) -> None:
    with pytest.raises(Unreadable):
        read_date(written, day_first=True)


@given(st.dates(date(1901, 1, 1), date(2999, 12, 31)), st.sampled_from(["DRKS", "ISRCTN", "CTRI"]))
def test_day_first_columns_give_every_day_back(day: date, registry: str) -> None:
    convert = date_converter(registry, "enrolment")
    year, month, of_month = str(day).split("-")
    joint = "-" if registry == "CTRI" else "/"
    assert convert(joint.join((of_month, month, year))) == str(day)


@pytest.mark.parametrize("day_first", [True, False])
def test_two_figures_before_a_year_are_told_apart_or_not_at_all(day_first: bool) -> None:
    """Every pair, by the readings that it has (a figure above 12 is no month): the only one, unless it turns what is
    known of the column round; of two the one that is known."""
    for a, b in itertools.product(range(1, 29), repeat=2):
        readings = {(day, month) for day, month in ((a, b), (b, a)) if month <= 12}
        taken = readings & {(a, b)} if day_first else readings
        try:
            found = read_date(f"{a:02}/{b:02}/2021", day_first=day_first)
        except Unreadable as refusal:
            found = refusal.state
        dates = [f"2021-{month:02}-{day:02}" for day, month in taken]
        assert found == (dates[0] if len(dates) == 1 else "ambiguous" if readings else "damaged"), (a, b)


@given(st.text(alphabet="0123456789/-. abcJunemarch", max_size=14), st.booleans())
def test_a_date_is_read_or_refused_whatever_stands_there(text: str, day_first: bool) -> None:
    try:
        found = read_date(text, day_first=day_first)
    except Unreadable:
        return
    assert found[:4].isdigit()
    assert len(found) in (4, 7, 10)


def test_registration_is_the_submission_at_clinicaltrials_gov_and_the_posting_elsewhere() -> None:
    dates = {"Date_registration": "05/03/2020", "Date_registration3": "20200305"}
    assert module(study(**dates), "statusModule") == {"studyFirstSubmitDate": "2020-03-05"}
    found = study("ISRCTN90000001", **dates)
    assert module(found, "statusModule") == {"studyFirstPostDateStruct": {"date": "2020-03-05"}}


def test_two_dates_of_registration_that_disagree_are_neither_taken() -> None:
    found = study(Date_registration="05/03/2020", Date_registration3="20200503")
    assert "studyFirstSubmitDate" not in module(found, "statusModule")
    assert states(found) == {"protocolSection.statusModule.studyFirstSubmitDate": "ambiguous"}


def test_registration_in_figures_is_read_by_the_other_column_where_it_says_nothing_itself() -> None:
    found = study("IRCT20190900001N1", Date_registration="05/03/2020", Date_registration3="20200305")
    assert module(found, "statusModule")["studyFirstPostDateStruct"] == {"date": "2020-03-05"}
    assert states(found) == {}


@pytest.mark.parametrize("written", ["soon", "30/02/2020", "2020-13-05", "32/13/2020"])
def test_a_registration_that_is_no_day_is_told_of_beside_the_column_that_is_taken(written: str) -> None:
    """It was passed over without a word where Date_registration3 could be read."""
    found = study(Date_registration=written, Date_registration3="20200305")
    assert module(found, "statusModule") == {"studyFirstSubmitDate": "2020-03-05"}
    (state,) = found["registrySection"]["fieldStates"]
    assert (state["field"], state["state"]) == ("protocolSection.statusModule.studyFirstSubmitDate", "damaged")
    assert written in state["verbatim"]
    assert "Date_registration3 is taken" in state["reason"]


@pytest.mark.parametrize("written", ["05/03/2020", "March 2020", "2020"])
def test_a_registration_of_several_readings_is_settled_by_the_other_column(written: str) -> None:
    found = study("IRCT20190900001N1", Date_registration=written, Date_registration3="20200305")
    assert module(found, "statusModule")["studyFirstPostDateStruct"] == {"date": "2020-03-05"}
    assert states(found) == {}


@pytest.mark.parametrize("written", ["05/04/2020", "2019", "5/3/2019"])
def test_a_registration_none_of_whose_readings_is_the_other_column_disagrees(written: str) -> None:
    found = study("IRCT20190900001N1", Date_registration=written, Date_registration3="20200305")
    assert "studyFirstPostDateStruct" not in module(found, "statusModule")
    assert states(found) == {"protocolSection.statusModule.studyFirstPostDateStruct.date": "ambiguous"}


def test_columns_that_ictrp_writes_itself_are_day_first_whatever_the_registry() -> None:
    found = study(
        "ChiCTR2090000001",
        results_date_posted="05/03/2020",
        results_date_completed="06/04/2020",
        Ethics_review_approval_date="07/02/2020",
        Ethics_review_status="Approved",
    )
    status = module(found, "statusModule")
    assert status["resultsFirstPostDateStruct"] == {"date": "2020-03-05"}
    assert status["completionDateStruct"] == {"date": "2020-04-06"}
    assert own(found)["ethicsReviews"] == [{"status": "Approved", "approvalDate": "2020-02-07"}]


def test_the_first_of_january_1900_is_no_date() -> None:
    found = study("JPRN-UMIN000090001", Ethics_review_approval_date="01/01/1900", Ethics_review_status="YES")
    assert own(found)["ethicsReviews"] == [{"status": "YES"}]
    assert states(found) == {}


@pytest.mark.parametrize(("written", "state"), [("June 2020", "ambiguous"), ("31/06/2020", "damaged")])
def test_a_stamp_or_a_posting_is_a_whole_day(written: str, state: str) -> None:
    found = study("ISRCTN90000001", Last_Refreshed_on=written, results_date_posted=written)
    assert "resultsFirstPostDateStruct" not in module(found, "statusModule")
    assert "versionHolder" not in found.get("derivedSection", {}).get("miscInfoModule", {})
    assert list(states(found).values()) == [state, state]
