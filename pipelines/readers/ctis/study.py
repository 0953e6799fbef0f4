"""A CTIS record's study: what the mapping gave, and what is worked out beside it.

Belongs here: putting the made parts in their places. Does not: making them (made.py, parties.py), files.
"""

from __future__ import annotations

from typing import Any

from pipelines.readers.ctis import made, parties
from pipelines.readers.ctis.facts import look, subjects_eea, text, truth
from pipelines.readers.ctis.layout import Tree, structs
from pipelines.readers.mapping.table import NOTE
from pipelines.readers.study_parts import pruned

REGISTRY = "CTIS"
Struct = dict[str, Any]


def completed(study: Struct, tree: Tree, words: made.Words) -> Struct:
    """The study that the mapping gave, which is changed, with what is worked out from the record. `words` are those of
    the mapping of the JSON."""
    _take_notes_away(study)
    protocol = study.setdefault("protocolSection", {})
    section = study.setdefault("registrySection", {})
    code = made.trial_region(tree, words)
    _merge(protocol, pruned(_protocol(tree, words, code)))
    results = made.has_results(tree)
    if results is not None:
        study["hasResults"] = results
    section["registry"] = REGISTRY
    section.pop("criteria", None)
    found = made.criteria(tree)
    if found:
        section["criteria"] = found
    _complete(section, tree, words, code)
    _note_status(study, tree, words)
    study["protocolSection"] = pruned(protocol)
    return study


def _protocol(tree: Tree, words: made.Words, code: int | None) -> Struct:
    title = text(tree, "ctTitle") or text(tree, "title") or text(tree, "fullTitle")
    details = look(tree, "authorizedApplication/authorizedPartI/trialDetails")
    short = text(details, "clinicalTrialIdentifiers/shortTitle") or text(tree, "shortTitle")
    conditions = text(tree, "conditions")
    primary = text(tree, "primaryEndPoint")
    return {
        "identificationModule": {"officialTitle": title, "orgStudyIdInfo": {"id": short}},
        "statusModule": {"overallStatus": made.overall_status(tree, words)[0], **made.dates(tree, code)},
        "sponsorCollaboratorsModule": parties.sponsors(tree, words["sponsor_class"]),
        "conditionsModule": {"conditions": [conditions] if conditions else []},
        "designModule": made.design(tree, words, code),
        "armsInterventionsModule": {"armGroups": parties.arms(tree), "interventions": parties.interventions(tree)},
        "outcomesModule": {"primaryOutcomes": [{"measure": primary}] if primary else []},
        "eligibilityModule": made.eligibility(tree),
        "contactsLocationsModule": parties.places(tree),
        "referencesModule": parties.references(tree),
    }


def _complete(section: Struct, tree: Tree, words: made.Words, code: int | None) -> None:
    """Words of codes, and sums, in the registry's own part."""
    section["ctis"] = section.get("ctis") or [{}]
    own = section["ctis"][0]
    rare = [
        truth(one.get("isConditionRareDisease"))
        for path in ("trialDetails/trialInformation/medicalCondition/partIMedicalConditions", "medicalConditions")
        for one in structs(look(tree, f"authorizedApplication/authorizedPartI/{path}"))
    ]
    own.update(
        pruned(
            {
                "publicStatus": made.public_status(tree, words),
                "phase": made.phase(tree, words),
                "regionCode": code,
                "isRareDisease": True if True in rare else (False if False in rare else None),
                "subjectCountEea": subjects_eea(tree),
            }
        )
    )
    for state in own.get("memberStates", ()):
        status = words["public_status"].get(str(state.get("publicStatusCode")))
        if status:
            state["publicStatus"] = status
    if "ageRanges" in own:
        own["ageRanges"] = [dict(one) for one in dict.fromkeys(tuple(sorted(one.items())) for one in own["ageRanges"])]
    if not own:
        del section["ctis"]


def _note_status(study: Struct, tree: Tree, words: made.Words) -> None:
    reason = made.overall_status(tree, words)[1]
    if reason is not None:
        name = "ctPublicStatusCode" if text(tree, "ctPublicStatusCode") else "ctStatus"
        state = {"state": "ambiguous", "label": name, "verbatim": text(tree, name) or "", "reason": reason}
        states = study["registrySection"].setdefault("fieldStates", [])
        states.append({"field": "protocolSection.statusModule.overallStatus", **state})


def _merge(holder: Struct, more: Struct) -> None:
    """Put what is made beside what the mapping gave, which wins."""
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(holder.get(name), dict):
            _merge(holder[name], value)
        elif not holder.get(name):
            holder[name] = value


def _take_notes_away(study: Struct) -> None:
    """Notes of the mapping stand at the record and in the register's own part; the record itself is read instead."""
    waiting: list[Any] = [study.get("registrySection", {}).get("ctis", [])]
    for name in [name for name in study if name.startswith(NOTE)]:
        del study[name]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            for name in [name for name in one if name.startswith(NOTE)]:
                del one[name]
            waiting.extend(inner for inner in one.values() if isinstance(inner, dict | list))
        else:
            waiting.extend(inner for inner in one if isinstance(inner, dict | list))
            one[:] = [inner for inner in one if inner != {}]
