"""Texts that DRKS holds in German and in English: which one fills the study's own fields.

Belongs here: choosing, field by field, the English text, else the German one. Does not: translating.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.readers.prose import criteria
from pipelines.readers.study_parts import Struct, part, put

PREFERRED = "en"
_PLACES = {
    "title": "protocolSection.identificationModule.briefTitle",
    "acronym": "protocolSection.identificationModule.acronym",
    "summary": "protocolSection.descriptionModule.briefSummary",
    "scientificSummary": "protocolSection.descriptionModule.detailedDescription",
    "reasonDescription": "protocolSection.statusModule.whyStopped",
    "ipdSharingPlan": "protocolSection.ipdSharingStatementModule.description",
}
_OUTCOMES = {"primaryOutcome": "primaryOutcomes", "secondaryOutcome": "secondaryOutcomes"}
_CRITERIA = ("inclusionCriteria", "exclusionCriteria")
_PLACED = frozenset({*_PLACES, *_OUTCOMES, *_CRITERIA})


def make_texts(study: Struct, own: Struct) -> None:
    """Fill the study's own fields; what stands in them in English is taken out of the register's section."""
    merged = _merged(own.pop("texts", ()))
    chosen = _chosen(merged)
    for name, path in _PLACES.items():
        put(study, path, chosen.get(name))
    for name, place in _OUTCOMES.items():
        if chosen.get(name):
            part(study, "protocolSection.outcomesModule")[place] = [{"measure": chosen[name]}]
    both = criteria(*(chosen.get(name) for name in _CRITERIA))
    put(study, "protocolSection.eligibilityModule.eligibilityCriteria", both)
    texts = [_left(text, chosen) for text in merged]
    own["texts"] = [text for text in texts if set(text) - {"locale"}]
    _make_conditions(study, own)
    _make_arms(study, own)


def _merged(texts: Iterable[Struct]) -> list[Struct]:
    """One struct for each language, more only where a field has two values in one language."""
    merged: list[Struct] = []
    for text in texts:
        fields = set(text) - {"locale"}
        same = (one for one in merged if one.get("locale") == text.get("locale") and not fields & set(one))
        found = next(same, None)
        if found is None:
            merged.append(dict(text))
        else:
            found.update(text)
    return merged


def _chosen(texts: list[Struct]) -> Struct:
    """Field by field the English text, else any other."""
    chosen: Struct = {}
    for text in sorted(texts, key=lambda one: one.get("locale") != PREFERRED):
        for name, value in text.items():
            chosen.setdefault(name, value)
    return chosen


def _left(text: Struct, chosen: Struct) -> Struct:
    """What the register's section keeps of a text: all of it, but English only where it stands in no field of the
    study's own, such as the second of two texts."""
    if text.get("locale") != PREFERRED:
        return text
    return {name: value for name, value in text.items() if name not in _PLACED or value != chosen[name]}


def _make_conditions(study: Struct, own: Struct) -> None:
    names = []
    for condition in own.get("conditions", ()):
        descriptions = [one for one in condition.get("descriptions", ()) if one.get("comment")]
        name = _chosen(descriptions).get("comment") or condition.get("code")
        if name:
            names.append(name)
    put(study, "protocolSection.conditionsModule.conditions", names)


def _make_arms(study: Struct, own: Struct) -> None:
    """Arms in the order of their numbers; descriptions in English leave the register's section."""
    groups: list[Struct] = own.pop("groups", [])
    arms: dict[int | None, list[Struct]] = {}
    for group in groups:
        arms.setdefault(group.get("arm"), []).append(group)
    described = {number: _chosen(of_arm).get("comment") for number, of_arm in arms.items()}
    found = []
    for number in sorted(arms, key=lambda arm: (arm is None, arm or 0)):
        arm: Struct = {"description": described[number]}
        if number is not None:
            arm["label"] = f"Arm {number}"
        if arm["description"]:
            found.append(arm)
    put(study, "protocolSection.armsInterventionsModule.armGroups", found)
    own["groups"] = [
        group
        for group in groups
        if group.get("locale") != PREFERRED or not group.get("comment") or not _is_told(group, described)
    ]


def _is_told(group: Struct, described: dict[int | None, str | None]) -> bool:
    """Whether a group's text is what its arm says."""
    return group.get("comment") == described[group.get("arm")]
