"""Design, arms and interventions of a synthetic study.

Belongs here: ``designModule`` and ``armsInterventionsModule``, with arms and interventions naming each
other in both directions. Does not belong here: what is measured, who may take part.
"""

from __future__ import annotations

from math import exp
from typing import Final

from pipelines.sample import vocabulary_terms as terms
from pipelines.sample.draft import Draft, Json
from pipelines.sample.weights import Weights

_MODELS: Final = Weights({"PARALLEL": 62, "SINGLE_GROUP": 27, "CROSSOVER": 6, "SEQUENTIAL": 3, "FACTORIAL": 2})
_PURPOSES: Final = Weights(
    {
        "TREATMENT": 64,
        "PREVENTION": 10,
        "SUPPORTIVE_CARE": 7,
        "BASIC_SCIENCE": 5,
        "DIAGNOSTIC": 4,
        "OTHER": 4,
        "HEALTH_SERVICES_RESEARCH": 4,
        "SCREENING": 1,
        "ECT": 0.05,
        "DEVICE_FEASIBILITY": 0.4,
    }
)
_OBSERVATIONAL_MODELS: Final = Weights(
    {
        "COHORT": 62,
        "CASE_CONTROL": 12,
        "CASE_ONLY": 12,
        "OTHER": 7,
        "CASE_CROSSOVER": 2,
        "ECOLOGIC_OR_COMMUNITY": 2.5,
        "FAMILY_BASED": 1,
        "DEFINED_POPULATION": 0.8,
        "NATURAL_HISTORY": 0.7,
    }
)
_PERSPECTIVES: Final = Weights({"PROSPECTIVE": 62, "RETROSPECTIVE": 20, "CROSS_SECTIONAL": 15, "OTHER": 3})
_MASKINGS: Final = Weights({"NONE": 45, "SINGLE": 11, "DOUBLE": 15, "TRIPLE": 11, "QUADRUPLE": 18})
_MASKED_COUNT: Final = {"NONE": 0, "SINGLE": 1, "DOUBLE": 2, "TRIPLE": 3, "QUADRUPLE": 4}
_ROLES: Final = ("PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR")
_DOSES: Final = ("5 mg", "10 mg", "25 mg", "50 mg", "100 mg", "200 mg", "≥ 1 mg/kg", "2.5 µg")


def design_sections(draft: Draft) -> tuple[Json, Json]:
    """(designModule, armsInterventionsModule) of a study; the second is empty where a study lists neither.

    Fills `draft.arms`, `draft.interventions`, `draft.enrollment`, `draft.main_name`.
    """
    _name_intervention(draft)
    _draw_enrollment(draft)
    if draft.study_type == "EXPANDED_ACCESS":
        design = _expanded_access(draft)
    elif draft.study_type == "OBSERVATIONAL":
        design = _observational(draft)
    else:
        design = _interventional(draft)
    if draft.enrollment is not None:
        design["enrollmentInfo"] = {"count": draft.enrollment, "type": draft.enrollment_type}
    arms: Json = {}
    if draft.arms:
        arms["armGroups"] = draft.arms
    if draft.interventions:
        arms["interventions"] = draft.interventions
    return design, arms


def _name_intervention(draft: Draft) -> None:
    kind = draft.intervention_type
    if kind == "DRUG":
        drug = draft.pick(draft.pools.drugs)
        draft.main_name, draft.mesh = drug.name, (drug.mesh_term, drug.mesh_id)
    elif kind == "BIOLOGICAL":
        draft.main_name = draft.pick(draft.pools.biologics).name
    else:
        draft.main_name = draft.pick(terms.TREATMENTS_BY_TYPE[kind])


def _draw_enrollment(draft: Draft) -> None:
    r, status = draft.r, draft.timeline.status
    if draft.study_type == "EXPANDED_ACCESS":
        return
    draft.enrollment_type = "ACTUAL" if status in ("COMPLETED", "TERMINATED", "WITHDRAWN") else "ESTIMATED"
    if status == "ACTIVE_NOT_RECRUITING" and r() < 0.6:
        draft.enrollment_type = "ACTUAL"
    if status == "WITHDRAWN":
        draft.enrollment = 0
        return
    median = 150 if draft.study_type == "OBSERVATIONAL" else 25 if draft.phases == ["PHASE1"] else 70
    size = median * exp(2.2 * (r() + r() + r() - 1.5))
    if draft.study_type == "OBSERVATIONAL" and r() < 0.03:
        size *= 40
    if status == "TERMINATED":
        size *= 0.4
    draft.enrollment = max(int(size) if r() < 0.5 else int(size) // 5 * 5, 4)


def _expanded_access(draft: Draft) -> Json:
    r = draft.r
    draft.interventions = [_intervention(draft, draft.intervention_type, draft.main_name)]
    kinds = {"individual": r() < 0.5, "intermediate": r() < 0.3, "treatment": r() < 0.3}
    kinds["individual"] = kinds["individual"] or not any(kinds.values())
    return {
        "studyType": "EXPANDED_ACCESS",
        "nPtrsToThisExpAccNctId": 1 + int(r() * 2),
        "expandedAccessTypes": {name: True for name, value in kinds.items() if value},
    }


def _observational(draft: Draft) -> Json:
    r = draft.r
    registry = r() < 0.12
    design: Json = {"studyType": "OBSERVATIONAL", "patientRegistry": registry}
    if registry:
        design["targetDuration"] = draft.pick(("1 Day", "6 Months", "1 Year", "2 Years", "5 Years", "12 Weeks"))
    design["designInfo"] = {
        "observationalModel": _OBSERVATIONAL_MODELS(r()),
        "timePerspective": _PERSPECTIVES(r()),
    }
    if r() < 0.25:
        retention = draft.pick(("SAMPLES_WITH_DNA", "SAMPLES_WITHOUT_DNA", "NONE_RETAINED"))
        design["bioSpec"] = {"retention": retention}
        if retention != "NONE_RETAINED":
            design["bioSpec"]["description"] = draft.pick(
                ("Serum and plasma (≤ 20 ml)", "Whole blood; tumour tissue", "Stool, saliva")
            )
    if r() < 0.8:
        condition = draft.conditions[0][0]
        labels = [f"Patients with {condition}", "Controls", "Healthy relatives"][: 1 + int(r() * r() * 3)]
        for number, label in enumerate(labels):
            arm: Json = {"label": label}
            if r() < 0.8:
                arm["description"] = draft.pick(draft.pools.sentences)
            draft.arms.append(arm)
            if number == 0 and r() < 0.8:
                draft.interventions.append(_intervention(draft, draft.intervention_type, draft.main_name))
        _link(draft, [[0] if draft.interventions and number < 2 else [] for number in range(len(labels))])
    return design


def _interventional(draft: Draft) -> Json:
    r = draft.r
    withheld = draft.timeline.status == "WITHHELD"
    model = "SINGLE_GROUP" if withheld else _MODELS(r())
    purpose = "DEVICE_FEASIBILITY" if withheld else _PURPOSES(r())
    if purpose == "DEVICE_FEASIBILITY" and draft.intervention_type != "DEVICE":
        purpose = "TREATMENT"
    if model == "SINGLE_GROUP":
        allocation, masking, arm_count = "NA", "NONE", 1
    else:
        allocation = "RANDOMIZED" if r() < (0.9 if model != "SEQUENTIAL" else 0.4) else "NON_RANDOMIZED"
        masking = _MASKINGS(r()) if allocation == "RANDOMIZED" else "NONE"
        draw = r()
        arm_count = 2 if draw < 0.76 else 3 if draw < 0.9 else 4 if draw < 0.97 else 5 + int(r() * 12)
        if model == "FACTORIAL":
            arm_count = 4
    info: Json = {"allocation": allocation, "interventionModel": model}
    if r() < 0.2:
        info["interventionModelDescription"] = draft.pick(draft.pools.sentences)
    info["primaryPurpose"] = purpose
    masked: Json = {"masking": masking}
    if masking != "NONE":
        if r() < 0.3:
            masked["maskingDescription"] = draft.pick(draft.pools.arm_descriptions)
        masked["whoMasked"] = _who_is_masked(draft, masking)
    info["maskingInfo"] = masked
    _draw_arms(draft, arm_count, masking)
    return {"studyType": "INTERVENTIONAL", "phases": draft.phases, "designInfo": info}


def _who_is_masked(draft: Draft, masking: str) -> list[str]:
    count = _MASKED_COUNT[masking]
    if count == 1:
        return [draft.pick(("OUTCOMES_ASSESSOR", "PARTICIPANT", "INVESTIGATOR"))]
    if count == 2:
        return ["PARTICIPANT", draft.pick(("INVESTIGATOR", "OUTCOMES_ASSESSOR"))]
    if count == 3:
        left_out = draft.pick(_ROLES[1:])
        return [role for role in _ROLES if role != left_out]
    return list(_ROLES)


def _draw_arms(draft: Draft, count: int, masking: str) -> None:
    """Arms with their types, and the interventions each of them gets."""
    r, name, kind = draft.r, draft.main_name, draft.intervention_type
    draft.interventions.append(_intervention(draft, kind, name))
    comparator = _comparator(draft, masking) if count > 1 else None
    plan: list[list[int]] = []
    experimental = count - 1 if comparator else count
    for number in range(experimental):
        draft.arms.append(_arm(draft, _experimental_label(name, kind, number, experimental), "EXPERIMENTAL"))
        plan.append([0])
    if comparator:
        arm_type, label, intervention = comparator
        draft.arms.append(_arm(draft, label, arm_type))
        if intervention is None:
            plan.append([])
        else:
            draft.interventions.append(intervention)
            plan.append([1])
    if r() < 0.22:
        background = draft.pick(draft.pools.drugs)
        if background.name != name and all(background.name != other["name"] for other in draft.interventions):
            position = len(draft.interventions)
            draft.interventions.append(_intervention(draft, "DRUG", background.name, background.other_names))
            for arm, given in zip(draft.arms, plan, strict=True):
                if arm["type"] != "NO_INTERVENTION":
                    given.append(position)
    _link(draft, plan)


def _experimental_label(name: str, kind: str, number: int, count: int) -> str:
    if count == 1:
        return name
    if kind not in ("DRUG", "BIOLOGICAL", "DIETARY_SUPPLEMENT") or number >= len(_DOSES):
        return f"{name}, group {number + 1}"
    return f"{name}, {_DOSES[number]}"


def _comparator(draft: Draft, masking: str) -> tuple[str, str, Json | None]:
    """(arm type, label, intervention or None) of the control arm."""
    r, kind, name = draft.r, draft.intervention_type, draft.main_name
    draw = r()
    medicinal = kind in ("DRUG", "BIOLOGICAL", "DIETARY_SUPPLEMENT")
    if medicinal and masking != "NONE" and draw < 0.65:
        return "PLACEBO_COMPARATOR", "Placebo", _intervention(draft, kind, "Placebo")
    if kind in ("DEVICE", "PROCEDURE", "RADIATION") and masking != "NONE" and draw < 0.5:
        return "SHAM_COMPARATOR", f"Sham {name.lower()}", _intervention(draft, kind, f"Sham {name.lower()}")
    if masking == "NONE" and draw < 0.25:
        return "NO_INTERVENTION", "Waiting list", None
    if draw < 0.9:
        other = draft.pick(draft.pools.drugs)
        label = other.name if other.name != name else f"{name} (reference product)"
        return "ACTIVE_COMPARATOR", label, _intervention(draft, "DRUG", label, other.other_names)
    return "OTHER", "Standard care", _intervention(draft, "OTHER", "Care as usual")


def _arm(draft: Draft, label: str, arm_type: str) -> Json:
    arm: Json = {"label": label, "type": arm_type}
    if draft.r() < 0.9:
        arm["description"] = " ".join(draft.run(draft.pools.arm_descriptions, 1 + int(draft.r() * 3)))
    return arm


def _intervention(draft: Draft, kind: str, name: str, other_names: tuple[str, ...] = ()) -> Json:
    intervention: Json = {"type": kind, "name": name}
    if draft.r() < 0.9:
        intervention["description"] = draft.pick(draft.pools.arm_descriptions)
    if other_names:
        intervention["otherNames"] = list(other_names)
    return intervention


def _link(draft: Draft, plan: list[list[int]]) -> None:
    """Write who gets what on both sides: arms name interventions as "Type: name", these name arm labels."""
    for arm, given in zip(draft.arms, plan, strict=True):
        if given:
            found = [draft.interventions[position] for position in given]
            arm["interventionNames"] = [f"{terms.TYPE_PREFIX[each['type']]}: {each['name']}" for each in found]
            for intervention in found:
                intervention.setdefault("armGroupLabels", []).append(arm["label"])
                if "otherNames" in intervention:  # the registry lists other names last
                    intervention["otherNames"] = intervention.pop("otherNames")
