"""Texts of registries: what is tidied, and that nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.mapping import Unreadable
from pipelines.readers.prose import criteria, day, line, prose, year_first


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        (" a\r\nb \t\rc ", "a\nb\nc"),
        ("a<br>b<BR/>c", "a\nb\nc"),
        ("<p>a</p><p class='x'>b</p>", "a\nb"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("CO<sub>2</sub> of <b>all</b>", "CO2 of all"),
        ("p<0.05 and x<y>z", "p<0.05 and x<y>z"),
        ("&lt;5 &amp; &#62;3", "<5 & >3"),
        ("R&D &unknown; AT&T", "R&D &unknown; AT&T"),
        ("<a href='https://example.org'>site</a>", "<a href='https://example.org'>site</a>"),
    ],
)
def test_what_is_tidied(raw: str, plain: str) -> None:
    assert prose(raw) == plain


def test_on_one_line() -> None:
    assert line(" a\n b &amp; <i>c</i> ") == "a b & c"


@given(st.text(alphabet=st.characters(exclude_characters="<&\r", exclude_categories=["Cs"]), max_size=60))
def test_plain_text_keeps_every_word(raw: str) -> None:
    assert prose(raw).split() == raw.split()
    assert prose(prose(raw)) == prose(raw)


@given(st.text(alphabet="<>&/bpr;# \n", max_size=60))
def test_hostile_texts_do_not_hold_it_up(raw: str) -> None:
    assert prose(raw * 200) is not None


@pytest.mark.parametrize(("raw", "date"), [("2020/7/2", "2020-07-02"), ("2020.07", "2020-07"), ("2020", "2020")])
def test_dates_with_the_year_in_front(raw: str, date: str) -> None:
    assert year_first(raw) == date


@pytest.mark.parametrize("raw", ["2020", "2020-07", "02/07/2020", "2020-02-30", "soon"])
def test_a_day_is_never_made_up(raw: str) -> None:
    with pytest.raises(Unreadable):
        day(raw)


def test_criteria_in_two_parts() -> None:
    assert criteria("a", "b") == "Inclusion Criteria:\na\n\nExclusion Criteria:\nb"
    assert criteria(None, "b") == "Exclusion Criteria:\nb"
    assert criteria(None, None) is None
