"""What was read of each field, and in which state; the page as the section readers see it.

Belongs here: the list of fields, the states, collecting readings. Does not: reading any section.

States: `present` (under its label) · `present_unlabelled` (its label is gone: found by place, code or shape) ·
`ambiguous` (the text is there, the field it belongs to is not certain) · `damaged` (part is lost or run together) ·
`inferred` (not stated, best inference) · `derived` (computed from other text) · `empty` (heading or label without a
value) · `absent` (nothing in the text).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .sections import Line, Part
from .template import HEADINGS, SECTIONS

_ID, _STATUS = "protocolSection.identificationModule.", "protocolSection.statusModule."
_SPONSOR, _PARTY = (
    "protocolSection.sponsorCollaboratorsModule.",
    "protocolSection.sponsorCollaboratorsModule.responsibleParty.",
)
_OVERSIGHT = "protocolSection.oversightModule."
_DESIGN, _INFO = "protocolSection.designModule.", "protocolSection.designModule.designInfo."
_ARMS, _ELIGIBILITY = "protocolSection.armsInterventionsModule.", "protocolSection.eligibilityModule."
_CONTACTS, _OUTCOMES = "protocolSection.contactsLocationsModule.", "protocolSection.outcomesModule."

FIELDS: tuple[str, ...] = (
    "page.title",
    *(_ID + name for name in ("briefTitle", "officialTitle", "acronym", "nctId")),
    *(_ID + name for name in ("orgStudyIdInfo.id", "orgStudyIdInfo.type", "secondaryIdInfos")),
    *(_ID + name for name in ("organization.fullName", "organization.class")),
    "page.otherIdentifiers",
    *(_STATUS + name for name in ("overallStatus", "lastKnownStatus", "whyStopped", "statusVerifiedDate")),
    *(_STATUS + f"{name}Struct.{leaf}" for name in ("startDate", "primaryCompletionDate", "completionDate")
      for leaf in ("date", "type")),
    *(_STATUS + name for name in ("studyFirstSubmitDate", "studyFirstPostDateStruct.date", "resultsFirstSubmitDate")),
    *(_STATUS + name for name in ("resultsFirstPostDateStruct.date", "lastUpdateSubmitDate")),
    _STATUS + "lastUpdatePostDateStruct.date",
    "hasResults",
    *(_SPONSOR + name for name in ("leadSponsor.name", "leadSponsor.class", "collaborators")),
    *(_PARTY + name for name in ("type", "investigatorFullName", "investigatorTitle", "investigatorAffiliation")),
    "page.sponsors",
    *(_OVERSIGHT + name for name in ("oversightHasDmc", "isFdaRegulatedDrug", "isFdaRegulatedDevice")),
    "protocolSection.descriptionModule.briefSummary",
    "protocolSection.descriptionModule.detailedDescription",
    "page.conditionsText",
    "protocolSection.conditionsModule.conditions",
    "protocolSection.conditionsModule.keywords",
    *(_DESIGN + name for name in ("studyType", "phases", "enrollmentInfo.count", "enrollmentInfo.type")),
    *(_INFO + name for name in ("allocation", "interventionModel", "primaryPurpose", "maskingInfo.masking")),
    *(_INFO + name for name in ("maskingInfo.whoMasked", "observationalModel", "timePerspective")),
    *(_DESIGN + name for name in ("bioSpec", "patientRegistry", "targetDuration")),
    "page.armCountLabel",
    _ARMS + "armGroups",
    _ARMS + "interventions",
    *(_OUTCOMES + name for name in ("primaryOutcomes", "secondaryOutcomes", "otherOutcomes")),
    _ELIGIBILITY + "eligibilityCriteria",
    "eligibility.inclusion",
    "eligibility.exclusion",
    *(_ELIGIBILITY + name for name in ("minimumAge", "maximumAge", "sex", "healthyVolunteers", "stdAges")),
    *(_ELIGIBILITY + name for name in ("studyPopulation", "samplingMethod")),
    *(_CONTACTS + name for name in ("overallOfficials", "centralContacts", "locations")),
    "page.facilityContacts",
    "page.countries",
    "protocolSection.referencesModule.references",
    "protocolSection.referencesModule.seeAlsoLinks",
    "protocolSection.ipdSharingStatementModule.ipdSharing",
    "derivedSection.conditionBrowseModule.meshes",
    "derivedSection.interventionBrowseModule.meshes",
    "page.relatedClinicalTrials",
    "page.moreRelatedTrials",
    "mentions.registryIds",
)  # fmt: skip
_KNOWN = frozenset(FIELDS)

STATES = ("present", "present_unlabelled", "ambiguous", "damaged", "inferred", "derived", "empty", "absent")


@dataclass(frozen=True, slots=True)
class FieldReading:
    """A field as read. `verbatim` is the text it was read from (one text, or a list of the lines that vouch for it)."""

    field: str
    state: str = "absent"
    value: Any = None
    verbatim: Any = None
    lines: tuple[int, int] | None = None
    label: str | None = None


def span(lines: Sequence[Line]) -> tuple[int, int]:
    """First and last line number."""
    return min(line.no for line in lines), max(line.end or line.no for line in lines)


@dataclass(slots=True)
class Page:
    """One page while it is read: its raw lines, its sections, the readings so far and the lines nobody claimed."""

    raw_lines: list[str]
    lines: list[Line]
    parts: dict[str, Part]
    preamble: list[Line]
    readings: dict[str, FieldReading] = field(default_factory=dict)
    unread: list[tuple[str, Line]] = field(default_factory=list)
    criteria: list[dict[str, Any]] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    labels_seen: int = 0
    _occurrences: Counter[str] | None = None

    def set(
        self,
        name: str,
        state: str,
        value: Any = None,
        verbatim: Any = None,
        lines: tuple[int, int] | None = None,
        label: str | None = None,
    ) -> None:
        """Note the reading of a field. A field is read once: a second reading is a fault of the reader."""
        if name not in _KNOWN or name in self.readings:
            raise ValueError(f"{name} is not a field of the page, or was read twice")
        self.readings[name] = FieldReading(name, state, value, verbatim, lines, label)

    def get(self, name: str) -> FieldReading:
        """The reading of a field; an absent one where nothing was read."""
        return self.readings.get(name) or FieldReading(name)

    def has(self, name: str) -> bool:
        """Whether a reading was noted."""
        return name in self.readings

    def empty(self, part: Part, *names: str, labelled: bool = False) -> None:
        """Note that a section stands there without content."""
        heading = SECTIONS_BY_KEY[part.key] if labelled else None
        for name in names:
            self.set(name, "empty", lines=part.head_span, label=heading)

    def leave(self, key: str, lines: Sequence[Line]) -> None:
        """Note lines that no field claims; they stay visible as unread lines."""
        self.unread.extend((key, line) for line in lines)

    def text(self, lines: Sequence[Line]) -> str | None:
        """The text from the first to the last of some lines with its blank lines, None for no lines."""
        if not lines:
            return None
        between = self.raw_lines[lines[0].no : lines[-1].no]
        return "\n".join([lines[0].text, *(raw.rstrip() for raw in between)])

    def occurrences(self, text: str) -> int:
        """How many lines of the page say exactly this."""
        if self._occurrences is None:
            self._occurrences = Counter(line.text for line in self.lines)
        return self._occurrences[text]


SECTIONS_BY_KEY: dict[str, str] = {section.key: section.heading for section in SECTIONS}
assert len(FIELDS) == len(_KNOWN) == 87, "the page has 87 fields, each listed once"
assert len(HEADINGS) == len(SECTIONS), "two sections share a heading"
