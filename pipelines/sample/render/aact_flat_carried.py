"""What a perfect reader gets back from an AACT export.

Belongs here: what AACT drops and coarsens, as a change to a study. Does not: writing the export.
"""

from __future__ import annotations

import re
from typing import Any, Final

from pipelines.sample.draft import Json

_BREAK: Final = re.compile(r"\n\s")
_DROPPED: Final = (
    "protocolSection.statusModule.resultsWaived",
    "protocolSection.designModule.nPtrsToThisExpAccNctId",
    "protocolSection.armsInterventionsModule.armGroups.interventionNames",
    "protocolSection.contactsLocationsModule.locations.countryCode",
    "resultsSection.participantFlowModule.periods.milestones.achievements.comment",
    "resultsSection.outcomeMeasuresModule.outcomeMeasures.reportingStatus",
    "resultsSection.outcomeMeasuresModule.outcomeMeasures.calculatePct",
    "resultsSection.outcomeMeasuresModule.outcomeMeasures.denomUnitsSelected",
    "resultsSection.outcomeMeasuresModule.outcomeMeasures.classes.denoms",
    "resultsSection.outcomeMeasuresModule.outcomeMeasures.analyses.testedNonInferiority",
    "resultsSection.outcomeMeasuresModule.outcomeMeasures.analyses.ciLowerLimitComment",
    "resultsSection.baselineCharacteristicsModule.measures.denoms",
    "resultsSection.baselineCharacteristicsModule.measures.denomUnitsSelected",
    "resultsSection.baselineCharacteristicsModule.measures.classes.denoms",
    "resultsSection.adverseEventsModule.allCauseMortalityComment",
    "resultsSection.adverseEventsModule.seriousEvents.notes",
    "resultsSection.adverseEventsModule.otherEvents.notes",
    "annotationSection.annotationModule.violationAnnotation",
    "annotationSection.annotationModule.unpostedAnnotation.unpostedResponsibleParty",
    "annotationSection.annotationModule.unpostedAnnotation.unpostedEvents.dateUnknown",
    "documentSection.largeDocumentModule.noSap",
    "documentSection.largeDocumentModule.largeDocs.typeAbbrev",
    "documentSection.largeDocumentModule.largeDocs.uploadDate",
    "documentSection.largeDocumentModule.largeDocs.size",
    "derivedSection.miscInfoModule.versionHolder",
    "derivedSection.miscInfoModule.submissionTracking",
    "derivedSection.conditionBrowseModule.meshes.id",
    "derivedSection.conditionBrowseModule.ancestors.id",
    "derivedSection.conditionBrowseModule.browseLeaves",
    "derivedSection.conditionBrowseModule.browseBranches",
    "derivedSection.interventionBrowseModule.meshes.id",
    "derivedSection.interventionBrowseModule.ancestors.id",
    "derivedSection.interventionBrowseModule.browseLeaves",
    "derivedSection.interventionBrowseModule.browseBranches",
)
_MASKED: Final = ("PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR")
_AGES: Final = ("CHILD", "ADULT", "OLDER_ADULT")


def carried(study: Json) -> Json:
    """The study as the export carries it: no empty parts, texts without quotation marks and doubled line breaks."""
    found: Json = _copied(study)
    for path in _DROPPED:
        _drop(found, path.split("."))
    protocol = found["protocolSection"]
    design = protocol.get("designModule", {}).get("designInfo", {}).get("maskingInfo", {})
    if design.get("whoMasked"):
        design["whoMasked"].sort(key=_MASKED.index)
    ages = protocol.get("eligibilityModule", {}).get("stdAges")
    if ages:
        ages.sort(key=_AGES.index)
    for site in protocol.get("contactsLocationsModule", {}).get("locations", ()):
        _site_contacts(site)
    results = found.get("resultsSection", {})
    events = results.get("adverseEventsModule", {})
    if not events.get("seriousEvents") and not events.get("otherEvents"):
        for name in ("timeFrame", "frequencyThreshold", "description"):
            events.pop(name, None)
    for outcome in results.get("outcomeMeasuresModule", {}).get("outcomeMeasures", ()):
        for analysis in outcome.get("analyses", ()):
            if "ciPctValue" in analysis:
                analysis["ciPctValue"] = _plain(analysis["ciPctValue"])
    for measure in results.get("baselineCharacteristicsModule", {}).get("measures", ()):
        _limits(measure)
    found["hasResults"] = "resultsFirstPostDateStruct" in protocol["statusModule"]
    pruned: Json = _pruned(found)
    return pruned


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_copied(inner) for inner in value]
    return _BREAK.sub("\n", value.replace('"', "")).strip() if isinstance(value, str) else value


def _drop(holder: Any, path: list[str]) -> None:
    if isinstance(holder, list):
        for one in holder:
            _drop(one, path)
    elif isinstance(holder, dict):
        if len(path) == 1:
            holder.pop(path[0], None)
        elif path[0] in holder:
            _drop(holder[path[0]], path[1:])


def _site_contacts(site: Json) -> None:
    """Investigators come after contacts, without ways to reach them; the role of a contact is lost."""
    contacts = site.get("contacts", [])
    people = [one for one in contacts if re.search("investigator|study.chair", one.get("role", ""), re.IGNORECASE)]
    others = [one | {"role": "CONTACT"} for one in contacts if one not in people]
    if contacts:
        site["contacts"] = [*others, *({name: one[name] for name in ("name", "role") if name in one} for one in people)]


def _limits(measure: Json) -> None:
    for group in measure.get("classes", ()):
        for category in group.get("categories", ()):
            for one in category.get("measurements", ()):
                for name in ("lowerLimit", "upperLimit"):
                    if name in one:
                        one[name] = _plain(one[name])


def _plain(text: str) -> str:
    """A number that went through AACT's numbers."""
    try:
        return str(float(text.replace(",", ""))).removesuffix(".0")
    except ValueError:
        return ""


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _pruned(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in (None, "", [], {})}
    if isinstance(value, list):
        kept_items = [_pruned(inner) for inner in value]
        return [inner for inner in kept_items if inner not in (None, "", [], {})]
    return value
