"""Single-record rules, written once more by hand and straight from their wording, to judge the generator with.

Nothing here uses the generator's code, nor the rule catalogue: two mistakes would have to agree. Each check is named as
its rule and gives True (kept), False (broken) or None (cannot tell). Partial dates are intervals.

Belongs here: the form of a check and ways into a study. Does not belong here: the checks (checks_*.py).
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date
from typing import Any

Study = dict[str, Any]
Verdict = bool | None
CHECKS: dict[str, Callable[[Study, date], Verdict]] = {}

OPEN = {"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING", "SUSPENDED"}
STATUSES = OPEN | {
    "COMPLETED", "TERMINATED", "WITHDRAWN", "UNKNOWN", "WITHHELD", "AVAILABLE", "NO_LONGER_AVAILABLE",
    "TEMPORARILY_NOT_AVAILABLE", "APPROVED_FOR_MARKETING",
}  # fmt: skip
EXPANDED = {"AVAILABLE", "NO_LONGER_AVAILABLE", "TEMPORARILY_NOT_AVAILABLE", "APPROVED_FOR_MARKETING"}
PREFIX = {
    "DRUG": "Drug", "BEHAVIORAL": "Behavioral", "DEVICE": "Device", "PROCEDURE": "Procedure", "OTHER": "Other",
    "BIOLOGICAL": "Biological", "DIETARY_SUPPLEMENT": "Dietary Supplement", "DIAGNOSTIC_TEST": "Diagnostic Test",
    "RADIATION": "Radiation", "GENETIC": "Genetic", "COMBINATION_PRODUCT": "Combination Product",
}  # fmt: skip


def check(function: Callable[[Study, date], Verdict]) -> Callable[[Study, date], Verdict]:
    CHECKS[function.__name__] = function
    return function


def module(study: Study, name: str) -> Study:
    return study["protocolSection"].get(f"{name}Module", {})


def interval(text: str | None) -> tuple[date, date] | None:
    if text is None:
        return None
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], 1), date(parts[0], parts[1], calendar.monthrange(parts[0], parts[1])[1])
    return date(*parts), date(*parts)


def in_order(first: str | None, second: str | None) -> Verdict:
    a, b = interval(first), interval(second)
    if a is None or b is None:
        return None
    if a[0] > b[1]:
        return False
    return True if a[1] <= b[0] else None


def dated(study: Study, name: str) -> str | None:
    return module(study, "status").get(f"{name}DateStruct", {}).get("date")


def kind(study: Study, name: str) -> str | None:
    return module(study, "status").get(f"{name}DateStruct", {}).get("type")


def status(study: Study) -> str:
    return module(study, "status")["overallStatus"]


def study_type(study: Study) -> str:
    return module(study, "design")["studyType"]


def all_dates(study: Study) -> list[str]:
    found = []
    for key, value in module(study, "status").items():
        if isinstance(value, dict) and "date" in value:
            found.append(value["date"])
        elif key.endswith("Date"):
            found.append(value)
    return found
