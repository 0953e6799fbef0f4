"""One regex that finds every registry's identifiers in prose, for polars and for Python alike.

Here: how the fragments of ``registries.py`` become one alternation, what may stand in front of an id, and the
EU numbers, of which one fragment finds both kinds. Not here: deciding what a match is (``identifiers.py``).
The dialect is that of ``registry_format.py``.
"""

from __future__ import annotations

from pipelines.study.registries import REGISTRIES
from pipelines.study.registry_format import HYPHEN, JOINT, LABEL_GAP, SPACE, any_case

_EU_COUNTRIES = "AT|BE|BG|CY|CZ|DE|DK|EE|ES|FI|FR|GB|GR|HR|HU|IE|IS|IT|LI|LT|LU|LV|MT|NL|NO|PL|PT|RO|SE|SI|SK"
_EU_SUFFIX = f"(?:{_EU_COUNTRIES}|3[Rr][Dd]|[Oo]utside-EU/EEA)"
_EU_JOINT = f"(?:{HYPHEN}|{SPACE}|[/.]){{1,3}}"
_EU_NAME = (
    f"(?:{any_case('EUDRA')}{JOINT}?{any_case('CT')}|{any_case('EUCTR')}|CTIS|EU{JOINT}?CTR?"
    f"|EU{JOINT}(?:{any_case('CLINICAL')}{JOINT})?{any_case('TRIAL')})"
)
_EU_NUMBER = f"[0-9]{{4}}{HYPHEN}[0-9]{{6}}{HYPHEN}[0-9]{{1,9}}(?:{HYPHEN}(?:{_EU_SUFFIX}|[0-9]{{1,9}}))?"
"""An EU number of either kind without any word beside it (common regex subset)."""
_EU_NUMBER_CUED = (
    f"{_EU_NAME}{LABEL_GAP}(?:{_EU_NUMBER}|[0-9]{{4}}{_EU_JOINT}(?:5[0-9]{{5}}{_EU_JOINT}[0-9]{{2}}{_EU_JOINT}[0-9]{{2}}"
    f"|[0-9]{{5,9}}(?:{_EU_JOINT}[0-9]{{1,9}})?)|[0-9]{{10,16}})"
)
"""The same behind a registry's name, with looser separators. Five digits at least in the second part, so that
a span of years such as "EudraCT 2011-2015" is not taken for a number."""


def _detect_pattern() -> str:
    """One alternation over all registries; the branch that matched is its only named group.

    Both engines prefer the leftmost match and, there, the earliest branch. A character in front of an id can
    only be looked at by consuming it, so branches start with the start of the text or one character of a
    permitted kind, and the named group leaves it out. Nothing is consumed behind an id, so neighbours are
    found as well. DOIs of digits and telephone numbers are consumed whole by ``SKIP``, for their tails can
    look like EU numbers.
    """
    not_inside_a_word = "(?:^|[^0-9A-Za-z])"
    not_inside_a_number = "(?:^|[^0-9A-Za-z.+@\\-\u2010-\u2015\u2212])"
    skip = (
        "10[.][0-9]{4,9}/[0-9][0-9.()/\\-]{0,60}"
        f"|(?:[+][0-9]{{1,3}}|{not_inside_a_word}(?:[Tt]el|TEL|[Pp]hone|PHONE|[Ff]ax|FAX)[a-z]{{0,5}}[.:]{{0,2}})"
        f" ?(?:[0-9 ()/.]|{HYPHEN}){{4,40}}[0-9]"
    )
    words = [("EU_CUED", _EU_NUMBER_CUED)]
    words += [(f"{r.code}_CUED", r.cue) for r in REGISTRIES if r.cue]
    words += [(r.code, r.prose) for r in REGISTRIES if r.prose]
    named = "|".join(f"(?P<{name}>{fragment})" for name, fragment in words)
    # Registry pages sometimes lose the blanks between words: an NCT number is found even in the middle of a
    # run.
    return (
        f"(?P<SKIP>{skip})|{not_inside_a_word}(?:{named})"
        f"|{not_inside_a_number}(?P<EU>{_EU_NUMBER})|(?P<CTGOV_GLUED>NCT[0-9]{{8,16}})"
    )


DETECT_PATTERN: str = _detect_pattern()
"""Valid for polars' ``str.extract_all`` and for Python's ``re``, with the same matches."""
