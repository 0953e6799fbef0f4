"""Planted defects in arms, interventions and outcomes.

Belongs here: ways to break those rules. Does not belong here: the design that asks for arms (defects_design); choosing
which a record gets.
"""

from __future__ import annotations

from typing import Final

from pipelines.sample.defect_kit import (
    ARMS,
    OUTCOMES,
    Defect,
    Draw,
    Planted,
    drop,
    is_interventional,
    module,
    put,
)
from pipelines.sample.draft import Json


def _arms(study: Json) -> list[Json]:
    found: list[Json] = module(study, ARMS).get("armGroups", [])
    return found


def _arm_twice(study: Json, _: Draw) -> Planted | None:
    arms = _arms(study)
    if len(arms) < 2 or not is_interventional(study):
        return None
    arms.append(dict(arms[0]))
    return Planted(f"{ARMS}.armGroups[{len(arms) - 1}].label", arms[0]["label"])


def _arm_without_type(study: Json, _: Draw) -> Planted | None:
    return drop(_arms(study)[0], "type", f"{ARMS}.armGroups[0]") if is_interventional(study) else None


def _label_of_no_arm(study: Json, _: Draw) -> Planted | None:
    interventions = module(study, ARMS).get("interventions", [])
    if not interventions or not interventions[0].get("armGroupLabels"):
        return None
    interventions[0]["armGroupLabels"].append("A group that is not listed")
    position = len(interventions[0]["armGroupLabels"]) - 1
    return Planted(f"{ARMS}.interventions[0].armGroupLabels[{position}]", "A group that is not listed")


def _treated_control(study: Json, _: Draw) -> Planted | None:
    arms = _arms(study)
    if not is_interventional(study) or len(arms) < 2 or "interventionNames" not in arms[-1]:
        return None
    return put(arms[-1], "type", "NO_INTERVENTION", f"{ARMS}.armGroups[{len(arms) - 1}]")


def _no_intervention(study: Json, _: Draw) -> Planted | None:
    if not is_interventional(study):
        return None
    for arm in _arms(study):
        arm.pop("interventionNames", None)
    return drop(module(study, ARMS), "interventions", ARMS)


def _unused_intervention(study: Json, _: Draw) -> Planted | None:
    interventions = module(study, ARMS).get("interventions")
    if not interventions or not is_interventional(study):
        return None
    interventions.append({"type": "OTHER", "name": "Spare procedure"})
    return Planted(f"{ARMS}.interventions[{len(interventions) - 1}].name", "Spare procedure")


def _placebo_arm_without_placebo(study: Json, _: Draw) -> Planted | None:
    arms = _arms(study)
    if not arms or arms[-1].get("type") != "PLACEBO_COMPARATOR":
        return None
    name, old = "Barley water", arms[-1]["label"]
    arms[-1]["label"] = name
    arms[-1]["description"] = "Taken in the same way."
    arms[-1]["interventionNames"] = [text.replace("Placebo", name) for text in arms[-1]["interventionNames"]]
    for item in module(study, ARMS)["interventions"]:
        item["armGroupLabels"] = [name if label == old else label for label in item["armGroupLabels"]]
        if item["name"] == "Placebo":
            item["name"] = name
            item["description"] = "Taken in the same way."
    return Planted(f"{ARMS}.armGroups[{len(arms) - 1}].label", name)


def _no_primary_outcome(study: Json, _: Draw) -> Planted | None:
    return drop(module(study, OUTCOMES), "primaryOutcomes", OUTCOMES) if is_interventional(study) else None


def _first_outcome(study: Json) -> Json | None:
    found = module(study, OUTCOMES).get("primaryOutcomes")
    return found[0] if found else None


def _bare_time_frame(study: Json, r: Draw) -> Planted | None:
    outcome = _first_outcome(study)
    if outcome is None:
        return None
    path = f"{OUTCOMES}.primaryOutcomes[0]"
    return drop(outcome, "timeFrame", path) if r() < 0.5 else put(outcome, "timeFrame", "12", path)


def _vague_outcome(study: Json, r: Draw) -> Planted | None:
    outcome = _first_outcome(study)
    words = ("Safety", "Tolerability", "Feasibility", "Efficacy", "Satisfaction")
    if outcome is None:
        return None
    outcome.pop("description", None)  # a description may say what the title does not
    return put(outcome, "measure", words[int(5 * r())], f"{OUTCOMES}.primaryOutcomes[0]")


def _outcome_twice(study: Json, _: Draw) -> Planted | None:
    outcome, secondary = _first_outcome(study), module(study, OUTCOMES).get("secondaryOutcomes")
    if outcome is None or not secondary:
        return None
    secondary[0]["timeFrame"] = outcome["timeFrame"]
    secondary[0].pop("description", None)  # another description would make it another outcome
    return put(secondary[0], "measure", outcome["measure"], f"{OUTCOMES}.secondaryOutcomes[0]")


ARM_DEFECTS: Final[tuple[Defect, ...]] = (
    Defect("arm_label_unique", "arms", _arm_twice, rows=2),
    Defect("arm_type", "arms", _arm_without_type),
    Defect("arm_intervention_xref", "arms", _label_of_no_arm),
    Defect("no_intervention_arm", "arms", _treated_control),
    Defect("intervention_present", "arms", _no_intervention, also=("no_intervention_arm",)),
    Defect("intervention_unused", "arms", _unused_intervention),
    Defect("placebo_vs_arm", "arms", _placebo_arm_without_placebo),
    Defect("primary_outcome_present", "outcomes", _no_primary_outcome),
    Defect("outcome_timeframe", "outcomes", _bare_time_frame),
    Defect("outcome_title_specific", "outcomes", _vague_outcome),
    Defect("outcome_dup", "outcomes", _outcome_twice, rows=2),
)
