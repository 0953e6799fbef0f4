"""The words in which rules are written: intervals of days, presence in layouts that lose parts, lists of
values.

Belongs here: functions from column names to SQL text, each with three-valued meaning. Does not: rules,
thresholds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.tables import literal

CTGOV = ("CTGOV",)
"""Registries of rules that rest on ClinicalTrials.gov: its registration form, its value lists, the law behind it."""

WHOLE_FORMATS = ("ctgov_v2", "ctgov_classic_json", "ctgov_classic_xml")
"""Raw formats that carry every field of the study shape that a rule asks for: what is missing there is missing in the
registry, unless fields were chosen (is_whole). Of any other format (page texts, downloads of chosen columns, exports of
registries) only core.field_state can say so."""

XML_FORMAT = "ctgov_xml"
"""The registry's public XML until June 2024. It shows a field that is given and leaves out one that is not."""

_PROTOCOL = "protocolSection."
XML_PATHS = frozenset(
    _PROTOCOL + path
    for path in (
        "identificationModule.briefTitle",
        "sponsorCollaboratorsModule.leadSponsor.name",
        "sponsorCollaboratorsModule.responsibleParty.investigatorFullName",
        "sponsorCollaboratorsModule.responsibleParty.investigatorTitle",
        "sponsorCollaboratorsModule.responsibleParty.investigatorAffiliation",
        "statusModule.statusVerifiedDate",
        "statusModule.whyStopped",
        "statusModule.completionDateStruct.date",
        "designModule.phases",
        "designModule.enrollmentInfo.count",
        "designModule.designInfo.interventionModel",
        "designModule.designInfo.primaryPurpose",
        "designModule.designInfo.observationalModel",
        "designModule.designInfo.timePerspective",
        "designModule.designInfo.maskingInfo.masking",
        "designModule.designInfo.maskingInfo.whoMasked",
        "conditionsModule.conditions",
        "armsInterventionsModule.armGroups",
        "armsInterventionsModule.interventions",
        "outcomesModule.primaryOutcomes",
        "eligibilityModule.eligibilityCriteria",
        "contactsLocationsModule.centralContacts",
        "contactsLocationsModule.locations",
    )
)
"""Study-shape paths for which every layout of XML_FORMAT has an element, so that a missing value is missing in the
registry. Not here: what came in 2017 (the day results were posted, eligibility by gender), the last known status, and
the allocation, which the XML leaves out where it is NA (NCT01298141, 2026-11-22)."""

OWN_FORMATS = ("ctgov_v2", "ctgov_classic_json", "ctgov_classic_xml", "ctgov_xml", "ctgov_xml_archive")
"""Raw formats that keep lines, descriptions and time frames as the registry has them. Exports join and cut them."""

OPEN_STATUSES = ("NOT_YET_RECRUITING", "RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING")
"""Statuses of a study that is still going on."""

UNFINISHED_STATUSES = (*OPEN_STATUSES, "SUSPENDED")
"""Statuses of a study that is not over. A suspended one may go on; meanwhile its record is to be kept all the same."""

EXPANDED_ACCESS_STATUSES = (
    "AVAILABLE",
    "NO_LONGER_AVAILABLE",
    "TEMPORARILY_NOT_AVAILABLE",
    "APPROVED_FOR_MARKETING",
)
"""Statuses that only expanded access records have."""


_ESCAPE = r"\\([!-/:-@\[-`\x7b-\x7e])"
"""A Markdown escape: a backslash before ASCII punctuation. Braces as numbers, for they mark values in messages."""


@dataclass(frozen=True)
class Span:
    """The days that a date can mean, as two SQL expressions. A full date has both ends equal."""

    earliest: str
    latest: str

    def plus(self, interval: str) -> Span:
        """Both ends moved by a SQL interval: `span("start").plus("21 DAYS")`, `TODAY.plus("-30 DAYS")`."""
        return Span(
            f"CAST({self.earliest} + INTERVAL '{interval}' AS DATE)",
            f"CAST({self.latest} + INTERVAL '{interval}' AS DATE)",
        )


TODAY = Span("$as_of", "$as_of")
"""The day of the check."""


TODAY_ANYWHERE = Span("$as_of", "CAST($as_of + INTERVAL 1 DAY AS DATE)")
"""The day of the check, or the next: east of Greenwich that begins up to 14 hours earlier, and dates are those of the
place. What lies after both is in the future everywhere."""


def span(date: str) -> Span:
    """The interval of a date of core.record, by its stem: `start`, `primary_completion`, …"""
    return Span(f"{date}_earliest", f"{date}_latest")


def not_after(first: Span, second: Span) -> str:
    """`first` is on or before `second`: true for every pair of possible days, false for none, else NULL.

    NULL also where either interval is unknown.
    """
    return (
        f"CASE WHEN {first.latest} <= {second.earliest} THEN TRUE "
        f"WHEN {first.earliest} > {second.latest} THEN FALSE END"
    )


def either(*conditions: str) -> str:
    """Three-valued OR."""
    return "(" + " OR ".join(f"({condition})" for condition in conditions) + ")"


def both(*conditions: str) -> str:
    """Three-valued AND: false as soon as one is false, NULL where one that matters cannot be told."""
    return "(" + " AND ".join(f"({condition})" for condition in conditions) + ")"


def is_whole() -> str:
    """The record's format carries every field of the study shape, and nobody chose among them (Reader.chosen_where).

    Needs the columns source_format and standing.
    """
    return f"({one_of('source_format', WHOLE_FORMATS)} AND standing = 'whole')"


def is_own_format() -> str:
    """The record's format keeps texts as the registry has them. Needs the column source_format."""
    return f"({one_of('source_format', OWN_FORMATS)})"


def one_of(column: str, values: Iterable[str]) -> str:
    """The column holds one of the values; NULL where it is missing."""
    return f"{column} IN ({', '.join(literal(value) for value in values)})"


def stated(path: str) -> str:
    """The record's layout speaks of the study-shape path, so a missing value there is missing in the
    registry.

    WHOLE_FORMATS speak of all paths and XML_FORMAT of XML_PATHS; others speak of a path only where core.field_state
    has it neither absent nor damaged. Of a study that is WITHHELD, a device trial before the device is cleared, the
    registry shows next to nothing by law (42 CFR 11.35(b)(2)(i)). Needs the columns source_format, standing,
    overall_status and stated_fields (expectations/rows.py).
    """
    carried = either(is_whole(), one_of("source_format", (XML_FORMAT,))) if path in XML_PATHS else is_whole()
    shown = f"{carried} AND NOT coalesce(overall_status = 'WITHHELD', FALSE)"
    return f"(({shown}) OR coalesce(list_contains(stated_fields, {literal(path)}), FALSE))"


def present(column: str, path: str) -> str:
    """True where the column has a value; false where it has none and the layout would show it; else NULL."""
    return f"CASE WHEN {column} IS NOT NULL THEN TRUE WHEN {stated(path)} THEN FALSE END"


def missing(column: str, path: str) -> str:
    """The contrary of `present`."""
    return f"(NOT {present(column, path)})"


def characters(column: str) -> str:
    """How many characters a text of the registry has: without the backslashes that its Markdown sets before
    punctuation, which nobody typed into the form.
    """
    return f"length(regexp_replace({column}, '{_ESCAPE}', '\\1', 'g'))"


def within(column: str, limit: str) -> str:
    """A text of the registry has at most so many characters; NULL where it is missing.

    Only texts that are too long with their escapes are looked at without.
    """
    return f"CASE WHEN length({column}) <= {limit} THEN TRUE ELSE {characters(column)} <= {limit} END"


def at_least(column: str, path: str, least: int) -> str:
    """A count of list items is at least so many; NULL where the layout may have lost items."""
    return f"CASE WHEN {column} >= {least} THEN TRUE WHEN {stated(path)} THEN FALSE END"
