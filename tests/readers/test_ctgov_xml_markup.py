"""Text of the legacy XML as CommonMark: blocks as the classic site laid them out, blocks as submitted, prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.readers.ctgov_xml_parts.markup import loose_textblock, prose, textblock

LAID_OUT = """
      Tea is drunk
      by many.

        -  One cup
           of it

             -  Hot [100]

                  1. Black

                  2. Green

             -  Cold

        -  Two cups

      Last words
"""
LAID_OUT_AS = """Tea is drunk by many.

* One cup of it

  * Hot \\[100\\]

    1. Black
    2. Green
  * Cold
* Two cups

Last words"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_block_that_the_site_laid_out(end: str) -> None:
    """Five columns are a level; a line goes on where no blank one stands before it."""
    assert textblock(LAID_OUT.replace("\n", end)) == LAID_OUT_AS


def test_items_without_a_blank_line_before_them_begin_where_the_site_did_not_wrap() -> None:
    text = """
      Cups:

        1. One
           - blue
           2. white

        2. Two - or three

             and a half

      1. At the margin

      -  A bullet at the margin

      - None
"""
    assert textblock(text) == (
        "Cups:\n\n1. One - blue 2. white\n2. Two - or three\n\n   and a half\n\n1\\. At the margin\n\n"
        "* A bullet at the margin\n\n\\- None"
    )
    listed = "\n      Cups:\n       - blue\n       - white,\n         or so\n       - none\n"
    assert textblock(listed) == "Cups:\n\n* blue\n* white, or so\n* none"


def test_a_block_as_it_was_submitted() -> None:
    """Levels are told by the indents alone, whatever they are; an item has the deeper lines below it."""
    text = """
  Tea:
    - One cup,
      which goes on
    - Two cups
        - Four

        - Five
    1. Six
  Text
  more text
- Bare

\tTabbed
   - Seven
     deep
   plain
"""
    assert loose_textblock(text) == (
        "Tea:\n\n* One cup, which goes on\n* Two cups\n\n  * Four\n  * Five\n\n1. Six\n\nText more text\n\n* Bare\n\n"
        "Tabbed\n\n* Seven deep\n\nplain"
    )


def test_what_stands_below_a_heading_is_a_paragraph_of_its_own() -> None:
    assert loose_textblock("  Reasons:\n  Tea\n  and cups") == "Reasons:\n\nTea and cups"
    assert textblock("\n\tTea\n\n\t  -  hot\n\n\t  -  cold") == "Tea\n\n* hot\n* cold"
    assert textblock("Tea\n\n  -  hot") == "Tea\n\n* hot"


def test_each_line_of_prose_is_a_paragraph_or_an_item() -> None:
    assert prose("Tea\r\n- hot\r\n• cold\r1. black\n\n 2. green \nor none") == (
        "Tea\n\n* hot\n* cold\n\n1. black\n2. green\n\nor none"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("- a", "\\- a"),
        ("-a", "-a"),
        ("-", "\\-"),
        ("+ a", "\\+ a"),
        ("1) a", "1\\) a"),
        ("12. a", "12\\. a"),
        ("12.5 a", "12.5 a"),
        ("1234567890. a", "1234567890. a"),
        ("<a> [b] *c* ~d & \\e^", "\\<a\\> \\[b\\] \\*c\\* \\~d \\& \\\\e\\^"),
        ("a  b\u00a0c\td", "a b c d"),
        ("a_b #1 `c`", "a_b #1 `c`"),
    ],
)
def test_signs_that_commonmark_would_read_as_its_own(text: str, written: str) -> None:
    assert prose(text) == written
    assert textblock(text) == written


@pytest.mark.parametrize("nothing", ["", " \n\t \r\n "])
def test_nothing_is_nothing(nothing: str) -> None:
    assert prose(nothing) is textblock(nothing) is loose_textblock(nothing) is None


@given(st.text(alphabet="ab1.-*• \n\t:)", max_size=60))
def test_no_word_is_lost(text: str) -> None:
    """Marks of items change their form, everything else stands there in its order."""
    words = "".join(sign for sign in text if sign in "ab1:")
    for read in (prose, textblock, loose_textblock):
        assert "".join(sign for sign in read(text) or "" if sign in "ab1:") == words
