"""What a perfect reader gets back from the public legacy XML of a study.

Belongs here: what the XML leaves out of a study, and what it says in fewer words. Does not: writing it.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from pipelines.sample.render.carried import without_empty
from pipelines.study.shape import load_shape

Json = dict[str, Any]
_LEFT_OUT = (
    "protocolSection.identificationModule.orgStudyIdInfo.type",
    "protocolSection.identificationModule.orgStudyIdInfo.link",
    "protocolSection.identificationModule.secondaryIdInfos.type",
    "protocolSection.identificationModule.secondaryIdInfos.domain",
    "protocolSection.identificationModule.secondaryIdInfos.link",
    "protocolSection.identificationModule.organization.class",
    "protocolSection.statusModule.delayedPosting",
    "protocolSection.statusModule.resultsWaived",
    "protocolSection.statusModule.expandedAccessInfo.nctId",
    "protocolSection.statusModule.expandedAccessInfo.statusForNctId",
    "protocolSection.oversightModule.fdaaa801Violation",
    "protocolSection.designModule.nPtrsToThisExpAccNctId",
    "protocolSection.eligibilityModule.stdAges",
    "protocolSection.contactsLocationsModule.locations.countryCode",
    "protocolSection.contactsLocationsModule.locations.geoPoint",
    "protocolSection.referencesModule.references.retractions",
    "resultsSection.participantFlowModule.typeUnitsAnalyzed",
    "resultsSection.participantFlowModule.periods.milestones.comment",
    "resultsSection.participantFlowModule.periods.milestones.achievements.numUnits",
    "resultsSection.participantFlowModule.periods.dropWithdraws.comment",
    "resultsSection.baselineCharacteristicsModule.measures.calculatePct",
    "resultsSection.outcomeMeasuresModule.outcomeMeasures.calculatePct",
    "resultsSection.outcomeMeasuresModule.outcomeMeasures.analyses.testedNonInferiority",
    "resultsSection.outcomeMeasuresModule.outcomeMeasures.analyses.ciLowerLimitComment",
    "resultsSection.adverseEventsModule.allCauseMortalityComment",
    "resultsSection.moreInfoModule.pointOfContact.phoneExt",
    "annotationSection.annotationModule.violationAnnotation",
    "annotationSection.annotationModule.unpostedAnnotation.unpostedResponsibleParty",
    "documentSection.largeDocumentModule.noSap",
    "documentSection.largeDocumentModule.largeDocs.uploadDate",
    "documentSection.largeDocumentModule.largeDocs.size",
    "derivedSection.miscInfoModule.submissionTracking",
    "derivedSection.conditionBrowseModule.meshes.id",
    "derivedSection.conditionBrowseModule.ancestors",
    "derivedSection.conditionBrowseModule.browseLeaves",
    "derivedSection.conditionBrowseModule.browseBranches",
    "derivedSection.interventionBrowseModule.meshes.id",
    "derivedSection.interventionBrowseModule.ancestors",
    "derivedSection.interventionBrowseModule.browseLeaves",
    "derivedSection.interventionBrowseModule.browseBranches",
    "registrySection",
)
_NAMED_CLASSES = frozenset({"NIH", "FED", "INDUSTRY"})
_MARKS = re.compile(r"[\\<>\[\]^*&~]")
_START = re.compile(r"\A([0-9]*)([.)+-])(?=\s|\Z)")
_ITEM = re.compile(r"( *(?:\*|[0-9]+\.) )?(.*)")
_MEASURED = ("paramType", "dispersionType", "unitOfMeasure", "denomUnitsSelected", "denoms", "classes")


def carried(study: Json) -> Json:
    """The study as far as the XML carries it."""
    found: Json = deepcopy(study)
    for path in _LEFT_OUT:
        _take_out(found, path.split("."))
    found["hasResults"] = "resultsSection" in found
    _coarsen(found.get("protocolSection", {}))
    for outcome in found.get("resultsSection", {}).get("outcomeMeasuresModule", {}).get("outcomeMeasures", ()):
        if outcome.get("reportingStatus") != "POSTED":
            for name in _MEASURED:
                outcome.pop(name, None)
    agreement = found.get("resultsSection", {}).get("moreInfoModule", {}).get("certainAgreement", {})
    if agreement.get("restrictionType") != "OTHER":
        agreement.pop("otherDetails", None)
    pruned = without_empty(found, load_shape(), _markup)
    assert isinstance(pruned, dict)
    return pruned


def _take_out(struct: Any, path: list[str]) -> None:
    if isinstance(struct, list):
        for item in struct:
            _take_out(item, path)
    elif isinstance(struct, dict):
        if len(path) == 1:
            struct.pop(path[0], None)
        elif path[0] in struct:
            _take_out(struct[path[0]], path[1:])


def _coarsen(protocol: Json) -> None:
    sponsors = protocol.get("sponsorCollaboratorsModule", {})
    for sponsor in [sponsors.get("leadSponsor", {}), *sponsors.get("collaborators", ())]:
        if sponsor.get("class", "NIH") not in _NAMED_CLASSES:
            sponsor["class"] = "OTHER"
    design = protocol.get("designModule", {})
    if not design.get("patientRegistry"):
        design.pop("patientRegistry", None)
    if design.get("phases") == ["NA"] and design.get("studyType") != "INTERVENTIONAL":
        del design["phases"]
    module = protocol.get("contactsLocationsModule", {})
    for location in module.get("locations", ()):
        contacts = location.get("contacts", [])
        contacts.sort(key=lambda contact: contact["role"] != "CONTACT")
        for contact in contacts:
            if contact["role"] != "CONTACT":
                for name in ("phone", "phoneExt", "email"):
                    contact.pop(name, None)
    references = protocol.get("referencesModule", {}).get("references", [])
    references[:] = [one for kind in ("BACKGROUND", "RESULT") for one in references if one.get("type") == kind]
    _name_interventions(protocol.get("armsInterventionsModule", {}))


def _name_interventions(module: Json) -> None:
    for arm in module.get("armGroups", ()):
        names = [
            f"{one['type'].replace('_', ' ').title()}: {one['name']}"
            for one in module.get("interventions", ())
            if arm.get("label") in one.get("armGroupLabels", ())
        ]
        arm.pop("interventionNames", None)
        if names:
            arm["interventionNames"] = names


def _markup(text: str) -> str:
    """Each line with single blanks, and a backslash before each character that CommonMark might take for a mark."""
    lines = []
    for line in text.split("\n"):
        found = _ITEM.fullmatch(line)
        assert found is not None
        words = " ".join(re.sub(r"\\([^\w\s])", r"\1", found[2]).split())
        words = _START.sub(r"\g<1>\\\g<2>", _MARKS.sub(r"\\\g<0>", words))
        lines.append((found[1] or "") + words)
    return "\n".join(lines).strip("\n")
