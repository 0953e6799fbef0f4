"""A study as registry page text, in both layouts that such pages are found in.

Belongs here: writing the template's headings, captions, labels and values. Does not: reading them
(pipelines/readers/page_text), making studies up.
Captions begin as the template's do and end in words of our own; readers know them by their beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from pipelines.readers.page_text.template import NO_RESULTS_SENTENCE, SECTIONS

Json = dict[str, Any]
Layout = Literal["labelled", "bare"]

_CAPTION_ENDS = {
    "basic": "its status, phase, size and dates.",
    "summary": "in a few paragraphs.",
    "related": "on similar questions.",
    "description": "of background and methods.",
    "conditions": "health problems that are studied.",
    "design": "and who knows which treatment is given.",
    "groups": "with what its participants receive.",
    "interventions": "and other measures that are studied.",
    "eligibility": "before asking to take part.",
    "sponsors": "supporting this study.",
    "responsible": "answers for the record.",
    "officials": "of this study and where they work.",
    "locations": "and which sites recruit.",
    "countries": "this study has a site.",
    "central": "with questions about this study.",
    "facility": "of single sites.",
    "links": "tell more about this study.",
    "references": "and their identifiers.",
    "ids": "of this study.",
    "more": "to readers of this page.",
}
# Sections that the page leaves out when they have nothing to show; the others stand there empty.
_OPTIONAL = frozenset({"related", "facility", "links", "references"})
_BASIC_LABELS = (
    ("Recruitment Status", ("statusModule", "overallStatus")),
    ("Study Phase", ("designModule", "phases")),
    ("Total Enrollment", ("designModule", "enrollmentInfo", "count")),
    ("Study Classification", ("designModule", "studyType")),
    ("Study Start Date", ("statusModule", "startDateStruct", "date")),
    ("Study Completion Date", ("statusModule", "completionDateStruct", "date")),
)
_DESIGN_LABELS = (
    ("Allocation Method", ("allocation",)),
    ("Intervention Model", ("interventionModel",)),
    ("Primary Purpose", ("primaryPurpose",)),
    ("Masking Strategy", ("maskingInfo", "masking")),
    ("Observational Model Type", ("observationalModel",)),
    ("Study Time Perspective", ("timePerspective",)),
)
_LIMIT_LABELS = (
    ("Minimum Eligible Age", "minimumAge"),
    ("Maximum Eligible Age", "maximumAge"),
    ("Eligible Sex", "sex"),
)


def _dig(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


class _Writer:
    """Lines of one page. A labelled value keeps its label only in the labelled layout."""

    def __init__(self, layout: Layout) -> None:
        self.labelled = layout == "labelled"
        self.lines: list[str] = []

    def say(self, *texts: str | None) -> None:
        """Lines that both layouts have; None and blank ones are left out."""
        for text in texts:
            if text is not None and str(text).strip():
                self.lines += [line for line in str(text).splitlines() if self.labelled or line.strip()]
                self._blank()

    def label(self, text: str) -> None:
        """A line that only the labelled layout has."""
        if self.labelled:
            self.say(text)

    def _blank(self) -> None:
        if self.labelled:
            self.lines.append("")


def render_page(study: Json, layout: Layout) -> str:
    """The page of a study in the v2 structure: "labelled" (label, blank line, value) or "bare" (labels, blank lines,
    title and own id gone, as after a clean-up). Ends without a newline.

    What the page has no place for (outcomes, keywords, arm types, results) is left out; so is everything missing.
    """
    writer = _Writer(layout)
    protocol = study.get("protocolSection", {})
    if writer.labelled:
        nct, updated = (
            _dig(protocol, "identificationModule", "nctId"),
            _dig(protocol, "statusModule", "lastUpdatePostDateStruct", "date"),
        )
        writer.say(_dig(protocol, "identificationModule", "briefTitle"))
        writer.say(f"NCT ID: {nct}" if nct else None, f"Last Updated: {updated}" if updated else None)
    for section in SECTIONS:
        body = _Writer(layout)
        _BODIES[section.key](body, protocol, study)
        if body.lines or section.key not in _OPTIONAL:
            writer.say(section.heading)
            if section.caption:
                writer.say(f"{section.caption} {_CAPTION_ENDS[section.key]}")
            writer.lines += body.lines
    return "\n".join(writer.lines).rstrip("\n")


def _results(out: _Writer, _: Json, study: Json) -> None:
    if study.get("hasResults"):
        out.say("Results available")
    elif study.get("hasResults") is not None:
        out.label("Results pending")
        out.say(f"{NO_RESULTS_SENTENCE} or any other results of this trial. Look again later.")


def _value(value: Any, label: str) -> str | None:
    if value is None:
        return None
    if label == "Total Enrollment":
        return f"{value} participants"
    return "/".join(value) if isinstance(value, list) else str(value)


def _basic(out: _Writer, protocol: Json, _: Json) -> None:
    for label, path in _BASIC_LABELS:
        _labelled(out, label, _value(_dig(protocol, *path), label))


def _labelled(out: _Writer, label: str, text: str | None) -> None:
    if text:
        out.label(label)
        out.say(text)


def _design(out: _Writer, protocol: Json, _: Json) -> None:
    for label, path in _DESIGN_LABELS:
        _labelled(out, label, _dig(protocol, "designModule", "designInfo", *path))


def _conditions(out: _Writer, protocol: Json, _: Json) -> None:
    out.say(" ".join(_dig(protocol, "conditionsModule", "conditions") or ()))


def _used_by(arm: Json, interventions: list[Json]) -> Iterator[Json]:
    """The interventions that an arm names ("Drug: X"), in its order."""
    for name in arm.get("interventionNames") or ():
        yield from (i for i in interventions if name == i.get("name") or name.endswith(f": {i.get('name')}"))


def _groups(out: _Writer, protocol: Json, _: Json) -> None:
    module = protocol.get("armsInterventionsModule", {})
    arms, interventions = module.get("armGroups") or [], module.get("interventions") or []
    if len(arms) == 1:
        out.label("Single Arm Study")
    for arm in arms:
        out.say(arm.get("label"), arm.get("description"))
        used = list(_used_by(arm, interventions))
        for item in used:
            out.say(item.get("name"))
            out.label(f"Intervention Type {item['type']}" if item.get("type") else "")
            out.say(item.get("description"))
        if not used:
            out.say("No interventions assigned to this group")


def _interventions(out: _Writer, protocol: Json, _: Json) -> None:
    for item in _dig(protocol, "armsInterventionsModule", "interventions") or ():
        out.say(item.get("name"), item.get("description"))
        out.label(f"Intervention Type {item['type']}" if item.get("type") else "")


def _eligibility(out: _Writer, protocol: Json, _: Json) -> None:
    module = protocol.get("eligibilityModule", {})
    criteria = module.get("eligibilityCriteria") or ""
    out.say(criteria if out.labelled else "\n".join(line.strip() for line in criteria.splitlines()))
    for label, name in _LIMIT_LABELS:
        _labelled(out, label, module.get(name))
    if module.get("healthyVolunteers") is not None:
        _labelled(out, "Accepts Healthy Volunteers", "Yes" if module["healthyVolunteers"] else "No")


def _sponsors(out: _Writer, protocol: Json, _: Json) -> None:
    module = protocol.get("sponsorCollaboratorsModule", {})
    rows = [(sponsor, "collaborator") for sponsor in module.get("collaborators") or ()]
    for sponsor, role in [*rows, *([(module["leadSponsor"], "lead")] if module.get("leadSponsor") else [])]:
        out.say(sponsor.get("name"), sponsor.get("class"))
        out.label(f"Sponsor Role {role}")


def _responsible(out: _Writer, protocol: Json, _: Json) -> None:
    party = _dig(protocol, "sponsorCollaboratorsModule", "responsibleParty") or {}
    if party.get("type"):
        out.label(f"Responsibility Role {party['type']}")
    out.say(*(party.get(name) for name in ("investigatorFullName", "investigatorTitle", "investigatorAffiliation")))


def _officials(out: _Writer, protocol: Json, _: Json) -> None:
    for official in _dig(protocol, "contactsLocationsModule", "overallOfficials") or ():
        out.say(official.get("name"), f"Role: {official['role']}" if official.get("role") else None)
        out.say(official.get("affiliation"))


def _locations(out: _Writer, protocol: Json, _: Json) -> None:
    for site in _dig(protocol, "contactsLocationsModule", "locations") or ():
        out.say(site.get("facility"))
        out.say(", ".join(site.get(name) or "" for name in ("city", "state", "country")))
        out.label("Site Status")
        out.say(site.get("status"))


def _countries(out: _Writer, protocol: Json, _: Json) -> None:
    sites = _dig(protocol, "contactsLocationsModule", "locations") or ()
    out.say(*dict.fromkeys(site["country"] for site in sites if site.get("country")))


def _contact(out: _Writer, contact: Json, role: str | None) -> None:
    phone, extension = contact.get("phone"), contact.get("phoneExt")
    out.say(contact.get("name"), f"Role: {role}" if role else None)
    out.say(f"{phone} ext. {extension}" if phone and extension else phone, contact.get("email"))


def _central(out: _Writer, protocol: Json, _: Json) -> None:
    for contact in _dig(protocol, "contactsLocationsModule", "centralContacts") or ():
        _contact(out, contact, contact.get("role"))


def _facility(out: _Writer, protocol: Json, _: Json) -> None:
    for site in _dig(protocol, "contactsLocationsModule", "locations") or ():
        contacts = [contact for contact in site.get("contacts") or () if contact.get("role") in (None, "CONTACT")]
        for place, contact in enumerate(contacts):
            _contact(out, contact, "primary" if place == 0 else "backup")


def _links(out: _Writer, protocol: Json, _: Json) -> None:
    for link in _dig(protocol, "referencesModule", "seeAlsoLinks") or ():
        out.say(link.get("url"), link.get("label"))


def _references(out: _Writer, protocol: Json, _: Json) -> None:
    out.say(*(item.get("citation") for item in _dig(protocol, "referencesModule", "references") or ()))


def _identifiers(out: _Writer, protocol: Json, _: Json) -> None:
    module = protocol.get("identificationModule", {})
    rows = [(info, "secondary_id") for info in module.get("secondaryIdInfos") or ()]
    rows += [(module["orgStudyIdInfo"], "org_study_id")] if module.get("orgStudyIdInfo") else []
    for info, source in rows:
        if info.get("id"):
            out.say(info["id"], f"Identifier Type: {info.get('type') or '-'}", f"Identifier Source: {source}")


def _related(out: _Writer, study: Json, name: str) -> None:
    for trial in _dig(study, "registrySection", "page", name) or ():
        told = [trial.get("nctId"), trial.get("overallStatus"), "/".join(trial.get("phases") or ())]
        out.say(trial.get("briefTitle"), " ".join(part for part in told if part))


_BODIES: dict[str, Callable[[_Writer, Json, Json], None]] = {
    "results": _results,
    "basic": _basic,
    "summary": lambda out, protocol, _: out.say(_dig(protocol, "descriptionModule", "briefSummary")),
    "related": lambda out, _, study: _related(out, study, "relatedClinicalTrials"),
    "description": lambda out, protocol, _: out.say(_dig(protocol, "descriptionModule", "detailedDescription")),
    "conditions": _conditions,
    "design": _design,
    "groups": _groups,
    "interventions": _interventions,
    "eligibility": _eligibility,
    "sponsors": _sponsors,
    "responsible": _responsible,
    "officials": _officials,
    "locations": _locations,
    "countries": _countries,
    "central": _central,
    "facility": _facility,
    "links": _links,
    "references": _references,
    "ids": _identifiers,
    "more": lambda out, _, study: _related(out, study, "moreRelatedTrials"),
}
