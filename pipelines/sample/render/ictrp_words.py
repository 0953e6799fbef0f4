"""What is coded in a study, in the words that its source registry has for it in ICTRP.

Belongs here: recruitment status, limits of age, sex, size, type, phase and design. Does not: names, texts and dates
(ictrp_fields.py).
"""

from __future__ import annotations

from typing import Final

from pipelines.sample.render.ictrp_parts import Json, is_in_groups, protocol

_TYPES: Final = {
    "INTERVENTIONAL": "Interventional",
    "OBSERVATIONAL": "Observational",
    "EXPANDED_ACCESS": "Expanded Access",
}
_EU_INTERVENTIONAL: Final = "Interventional clinical trial of medicinal product"
_ROMAN: Final = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_EU_PHASES: Final = (
    ("PHASE1", "Human pharmacology (Phase I)"),
    ("PHASE2", "Therapeutic exploratory (Phase II)"),
    ("PHASE3", "Therapeutic confirmatory - (Phase III)"),
    ("PHASE4", "Therapeutic use (Phase IV)"),
)
_ALLOCATION: Final = {"RANDOMIZED": "Randomized", "NON_RANDOMIZED": "Non-Randomized", "NA": "N/A"}
_MODEL: Final = {
    "PARALLEL": "Parallel Assignment",
    "SINGLE_GROUP": "Single Group Assignment",
    "CROSSOVER": "Crossover Assignment",
    "FACTORIAL": "Factorial Assignment",
    "SEQUENTIAL": "Sequential Assignment",
}
CHICTR_DESIGNS: Final = {"PARALLEL": "Parallel", "CROSSOVER": "Cross-over", "FACTORIAL": "Factorial"}
"""Words of China's registry that mean one model and nothing else."""
_MASKING: Final = {"NONE": "None (Open Label)"}


def status_words(status: str | None, registry: str) -> str:
    """Whether participants are recruited, all that ICTRP shows of it."""
    if registry == "EUCTR":
        return "Authorised" if status == "RECRUITING" else "Not Recruiting"
    return "Recruiting" if status == "RECRUITING" else "Not recruiting" if registry == "CTGOV" else "Not Recruiting"


def age_words(age: str | None, registry: str, bound: str) -> str:
    """A limit of age. `bound`: the sign that Japan's registry writes before it."""
    if registry in ("EUCTR", "ISRCTN"):
        return ""
    if age is None:
        return {"CTGOV": "N/A", "JRCT": "Not applicable", "CTRI": "No limit"}.get(registry, "")
    number, unit = age.split()
    if registry == "CTGOV":
        return age
    if registry == "CTRI":
        return f"{number}.00 {unit.removesuffix('s')}(s)"
    if not unit.startswith("Year"):
        return ""
    return number if registry == "CHICTR" else f"{bound} {number}age old"


def sex_words(sex: str | None, registry: str) -> str:
    """The sex of participants, for EudraCT a form's two answers."""
    if sex is None:
        return ""
    if registry == "EUCTR":
        answers = ("no" if sex == "MALE" else "yes", "no" if sex == "FEMALE" else "yes")
        return f"<br>Female: {answers[0]}<br>Male: {answers[1]}<br>"
    both = "All" if registry == "CTGOV" else "Both"
    return {"ALL": both, "FEMALE": "Female", "MALE": "Male"}[sex]


def size_words(study: Json, registry: str) -> str:
    """The number of participants, in China's registry also by group."""
    count = protocol(study, "designModule", "enrollmentInfo", "count")
    if count is None:
        return ""
    if is_in_groups(study):
        return f"Experimental group:{count - count // 2};Control group:{count // 2};"
    return f"Case series:{count};" if registry == "CHICTR" else str(count)


def type_words(study: Json, registry: str) -> str:
    """The type of study."""
    kind = protocol(study, "designModule", "studyType")
    if kind is None:
        return ""
    if registry == "EUCTR":
        return _EU_INTERVENTIONAL
    word = _TYPES[kind]
    if registry == "CTGOV" and protocol(study, "designModule", "patientRegistry"):
        return f"{word} [Patient Registry]"
    return f"{word} study" if registry == "CHICTR" else word


def phase_words(study: Json, registry: str) -> str:
    """The phases, for EudraCT a form's four answers."""
    phases = protocol(study, "designModule", "phases") or []
    if registry == "EUCTR":
        return "\n".join(f"{label}: {'yes' if phase in phases else 'no'}" for phase, label in _EU_PHASES)
    if not phases or phases == ["NA"]:
        return "Not Applicable" if registry == "ISRCTN" else "N/A"
    if phases == ["EARLY_PHASE1"]:
        return {"CTGOV": "Early Phase 1", "ISRCTN": "Phase 0", "CTRI": "Other"}.get(registry, "0")
    figures = [phase.removeprefix("PHASE") for phase in phases]
    if registry in ("CHICTR", "JRCT"):
        return "-".join(figures)
    if registry == "ISRCTN":
        return "Phase " + "/".join(_ROMAN[figure] for figure in figures)
    return ("/" if registry == "CTGOV" else "/ ").join(f"Phase {figure}" for figure in figures)


def design_words(study: Json, registry: str) -> str:
    """The design, as labelled pieces of one text; "" where the registry gives none."""
    info = protocol(study, "designModule", "designInfo") or {}
    masking = (info.get("maskingInfo") or {}).get("masking")
    who = [word.replace("_", " ").title() for word in (info.get("maskingInfo") or {}).get("whoMasked") or ()]
    if protocol(study, "designModule", "studyType") != "INTERVENTIONAL":
        return ""
    if registry == "EUCTR":
        answers = {
            "Controlled": True,
            "Randomised": info.get("allocation") == "RANDOMIZED",
            "Open": masking == "NONE",
            "Single blind": masking == "SINGLE",
            "Double blind": masking in ("DOUBLE", "TRIPLE", "QUADRUPLE"),
            "Parallel group": info.get("interventionModel") == "PARALLEL",
            "Cross over": info.get("interventionModel") == "CROSSOVER",
        }
        return "\n".join(f"{label}: {'yes' if answer else 'no'}" for label, answer in answers.items())
    if registry == "CTGOV":
        shown = _MASKING.get(masking or "", (masking or "").title())
        pieces = {
            "Allocation": _ALLOCATION.get(info.get("allocation", "")),
            "Intervention model": _MODEL.get(info.get("interventionModel", "")),
            "Primary purpose": (info.get("primaryPurpose") or "").replace("_", " ").title(),
            "Masking": f"{shown} ({', '.join(who)})" if who else shown,
        }
        return "".join(f"{label}: {text}. " for label, text in pieces.items() if text)
    return CHICTR_DESIGNS.get(info.get("interventionModel", ""), "Others") if registry == "CHICTR" else ""
