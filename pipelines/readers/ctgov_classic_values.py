"""Values as the classic API of ClinicalTrials.gov wrote them → the study shape's.

Belongs here: the converters that this API alone needs; most are those of the legacy XML, whose words and dates are the
same. Does not: vocabularies (the mapping).
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.readers.ctgov_xml_parts.markup import prose
from pipelines.readers.ctgov_xml_parts.values import age, day, is_unknown, long_date, posting_date
from pipelines.readers.mapping import Converter, Unreadable
from pipelines.readers.mapping.converters import text
from pipelines.study.dates import ImpossibleDate, parse_partial_date

_UPLOAD = re.compile(
    r"(?P<month>[0-9]{2})/(?P<day>[0-9]{2})/(?P<year>[0-9]{4}) (?P<time>(?:[01][0-9]|2[0-3]):[0-5][0-9])"
)


def upload_time(value: Any) -> str:
    """ "04/06/2020 16:11", the month first → 2020-04-06T16:11, as API v2 has it. Raises Unreadable."""
    found = _UPLOAD.fullmatch(str(value).strip())
    if found is None:
        raise Unreadable("expected MM/dd/yyyy HH:mm")
    date = f"{found['year']}-{found['month']}-{found['day']}"
    try:
        parse_partial_date(date)
    except ImpossibleDate as error:
        raise Unreadable(error.reason) from None
    return f"{date}T{found['time']}"


def posting(value: Any) -> str | None:
    """The month of a posting: "01/2018" as in the legacy XML, or "January 2018"."""
    return posting_date(value) if value.strip()[-5:-4] == "/" else long_date(value)


def _as_text(convert: Converter) -> Converter:
    """The converter of a text, for a JSON value that somebody's program has made a number or a truth value."""
    return lambda value: convert(text(value))


CONVERTERS: dict[str, Converter] = {
    "age": _as_text(age),
    "day": _as_text(day),
    "is_unknown": _as_text(is_unknown),
    "long_date": _as_text(long_date),
    "posting": _as_text(posting),
    "prose": _as_text(prose),
    "upload_time": upload_time,
}
"""The format's own converters, by the names that its mapping uses."""
