"""Study designs: labelled pieces, or a list of a form's words, in one text → the shape's design fields.

Belongs here: labels and words that mean the same in every registry that uses them. Does not: designs in prose; the
whole text is kept beside whatever is read from it.
"""

from __future__ import annotations

import re
from copy import deepcopy
from functools import lru_cache
from typing import Any

from pipelines.readers.chictr.finish import retrospective
from pipelines.readers.ictrp.markup import line
from pipelines.readers.ictrp.masking import WORDS, masking
from pipelines.readers.mapping import Converter, Unreadable, load_mapping
from pipelines.readers.mapping.converters import words

_LABEL = re.compile(
    r"(?:^|[.;,] ?| )(?P<label>allocation|randomi[sz]ation|randomized|intervention(?:al)? model|assignment"
    r"|primary purpose|study design purpose|purpose|masking|blinding/masking|blinding|observational model"
    r"|time perspective|endpoint classification|control(?: group)?|type(?: of endpoint)?|duration|selection|timing"
    r"|placebo|(?<!single )group|[a-z]{4,14} description) ?: ?",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"(?P<label>controlled|randomised|open|single blind|double blind|parallel group|cross over|other)"
    r" ?: ?(?P<answer>yes|no)\b",
    re.IGNORECASE,
)
_FIELD = {
    "allocation": "allocation", "randomisation": "allocation", "randomization": "allocation",
    "randomized": "allocation",  # NTR: "Randomized: Yes, Masking: Double, Control: Placebo, Group: Parallel"
    "intervention model": "interventionModel", "interventional model": "interventionModel",
    "assignment": "interventionModel", "group": "interventionModel",
    "primary purpose": "primaryPurpose", "study design purpose": "primaryPurpose", "purpose": "primaryPurpose",
    "masking": "masking", "blinding/masking": "masking", "blinding": "masking",
    "observational model": "observationalModel", "time perspective": "timePerspective",
    "timing": "timePerspective",  # ANZCTR, of observational studies
}  # fmt: skip
_WORDS: dict[str, dict[str, str]] = {
    "allocation": {
        "randomized": "RANDOMIZED", "randomised": "RANDOMIZED", "randomized controlled trial": "RANDOMIZED",
        "randomised controlled trial": "RANDOMIZED", "non-randomized": "NON_RANDOMIZED",
        "non-randomised": "NON_RANDOMIZED", "nonrandomized": "NON_RANDOMIZED", "not randomized": "NON_RANDOMIZED",
        "non-randomised trial": "NON_RANDOMIZED", "non-randomized controlled trial": "NON_RANDOMIZED",
        "randomized controlled study": "RANDOMIZED", "non-randomized controlled study": "NON_RANDOMIZED",
        "rct": "RANDOMIZED", "non-rct": "NON_RANDOMIZED", "n/a": "NA", "not applicable": "NA",
    },
    "interventionModel": {
        "single group assignment": "SINGLE_GROUP", "single group": "SINGLE_GROUP", "single": "SINGLE_GROUP",
        "parallel assignment": "PARALLEL", "parallel": "PARALLEL", "crossover assignment": "CROSSOVER",
        "cross-over assignment": "CROSSOVER", "crossover": "CROSSOVER", "cross-over": "CROSSOVER",
        "factorial assignment": "FACTORIAL", "factorial": "FACTORIAL", "sequential assignment": "SEQUENTIAL",
        "sequential": "SEQUENTIAL",
    },
    "primaryPurpose": {
        "treatment": "TREATMENT", "prevention": "PREVENTION", "diagnostic": "DIAGNOSTIC", "diagnosis": "DIAGNOSTIC",
        "supportive care": "SUPPORTIVE_CARE", "screening": "SCREENING",
        "health services research": "HEALTH_SERVICES_RESEARCH", "health service research": "HEALTH_SERVICES_RESEARCH",
        "basic science": "BASIC_SCIENCE", "device feasibility": "DEVICE_FEASIBILITY",
        "educational/counseling/training": "ECT", "other": "OTHER",
    },
    "masking": WORDS,
    "observationalModel": {
        "cohort": "COHORT", "case control": "CASE_CONTROL", "case-control": "CASE_CONTROL", "case-only": "CASE_ONLY",
        "case only": "CASE_ONLY", "case-crossover": "CASE_CROSSOVER", "case crossover": "CASE_CROSSOVER",
        "ecologic or community": "ECOLOGIC_OR_COMMUNITY", "ecologic or community studies": "ECOLOGIC_OR_COMMUNITY",
        "family-based": "FAMILY_BASED", "family based": "FAMILY_BASED", "defined population": "DEFINED_POPULATION",
        "natural history": "NATURAL_HISTORY", "other": "OTHER",
    },
    "timePerspective": {
        "prospective": "PROSPECTIVE", "retrospective": "RETROSPECTIVE", "cross-sectional": "CROSS_SECTIONAL",
        "cross sectional": "CROSS_SECTIONAL", "other": "OTHER",
    },
}  # fmt: skip
_ALSO_LISTED = {
    "allocation": {
        "cluster randomized trial": "RANDOMIZED", "cluster randomised trial": "RANDOMIZED",
        "nonrandomized trial": "NON_RANDOMIZED", "non-randomized trial": "NON_RANDOMIZED",
        "randomized-controlled": "RANDOMIZED", "randomised-controlled": "RANDOMIZED",  # REBEC
        "controlled/randomized": "RANDOMIZED", "randomized/controlled": "RANDOMIZED",
    },
    "interventionModel": {
        "single arm": "SINGLE_GROUP", "single arm study": "SINGLE_GROUP", "single arm trial": "SINGLE_GROUP",
        "single assignment": "SINGLE_GROUP", "parallel group": "PARALLEL", "parallel group trial": "PARALLEL",
        "crossover trial": "CROSSOVER", "factorial trial": "FACTORIAL",
    },
    "primaryPurpose": {},
    "masking": {
        "open(masking not used)": "NONE", "open-label": "NONE", "single-blind": "SINGLE", "triple-blind": "TRIPLE",
    },
}  # fmt: skip
_ONLY_LABELLED = {
    "allocation": {"single arm study": "NA", "n/a: single arm study": "NA"},
    "interventionModel": {"single (group)": "SINGLE_GROUP"},
    "primaryPurpose": {
        "basic research/physiological study": "BASIC_SCIENCE", "health care system": "HEALTH_SERVICES_RESEARCH",
        "supportive": "SUPPORTIVE_CARE", "educational / counselling / training": "ECT",
    },
}  # fmt: skip
"""Words of DRKS, as for its own files; of IRCT and ANZCTR. In a list they would be of another field, or of none."""
_IN_NO_LIST = frozenset({"other", "n/a", "not applicable", "none", "single", "double", "sequential"})
"""Words that would stand for nothing certain without their label."""
_SPACES = re.compile(r" {2,}")
_COMMA = re.compile(r"[,;]")
_UMIN = re.compile(
    r"(single arm|parallel|cross-over|factorial|not selected) (randomized|non-randomized|not selected)", re.IGNORECASE
)
_ARMS = re.compile(r",? with (?:one|two|three|four|five|six|[2-9]) arms?\Z", re.IGNORECASE)
_BEHIND_LIST = re.compile(r" Method of ")
"""CTRI: "… Trial Method of generating randomization sequence: …"."""


def _list_words() -> dict[str, list[tuple[str, str]]]:
    """(field, value) by word, of the words that belong to one field only; purposes also as "… purpose"."""
    found: dict[str, list[tuple[str, str]]] = {}
    for field, more in _ALSO_LISTED.items():
        for word, value in (_WORDS[field] | more).items():
            if word in _IN_NO_LIST:
                continue
            found.setdefault(word, []).append((field, value))
            if field == "primaryPurpose":
                found.setdefault(f"{word} purpose", []).append((field, value))
    return {word: said for word, said in found.items() if len(said) == 1}


_LISTED = _list_words()
_CHICTR = words(load_mapping("chictr_xml").words["study_design"])
_CHICTR_PURPOSE = words(load_mapping("chictr_xml").words["purpose"])
_WITH_CHICTRS_FORM = frozenset({"CHICTR", "ITMCTR"})


def design_converter(registry: str) -> Converter:
    """allocation, interventionModel, primaryPurpose, observationalModel, timePerspective and maskingInfo, as far as the
    text says them under a label and in known words, or as a list of such words; None where it says none of them."""
    if registry in _WITH_CHICTRS_FORM:
        return _of_chictr
    return lambda value: deepcopy(_design(str(value))) or None


def purpose_converter(registry: str) -> Converter:
    """The purpose that China's registries list as types of study ("Diagnostic test"), as in ChiCTR's own files."""
    return _purpose_of_chictr if registry in _WITH_CHICTRS_FORM else lambda _: None


def _purpose_of_chictr(value: Any) -> str | None:
    try:
        found: str | None = _CHICTR_PURPOSE(line(value))
    except Unreadable:
        return None  # the whole text is kept
    return found


def perspective_converter(registry: str) -> Converter:
    """The time perspective that China's registries list as a phase, as in ChiCTR's own files."""
    return retrospective if registry in _WITH_CHICTRS_FORM else lambda _: None


@lru_cache(maxsize=4096)
def _design(value: str) -> dict[str, Any]:
    """Many studies have one and the same design."""
    text = line(value)
    if _YES_NO.search(text):
        return _eu_answers(text)
    behind = _BEHIND_LIST.search(text) or _LABEL.search(text)
    return _listed(text[: behind.start()] if behind else text) | _labelled(text)


def _of_chictr(value: Any) -> dict[str, Any] | None:
    """China's registry gives one word of its own list, as in its own files: there "Sequential" is no design."""
    try:
        found: dict[str, Any] | None = _CHICTR(line(value))
    except Unreadable:
        return None  # the whole text is kept
    return deepcopy(found)


def _listed(text: str) -> dict[str, Any]:
    """Words between commas, semicolons or blanks without labels: "randomized controlled trial, open(masking not used),
    parallel assignment, treatment purpose" (JPRN), "Parallel Randomized" (UMIN), "Randomized, Parallel Group Trial"
    (CTRI). A piece counts as a whole; of two that disagree, neither. Purposes count only beside other words."""
    pair = _UMIN.fullmatch(text)
    pieces = pair.groups() if pair else _COMMA.split(text)
    found: dict[str, set[str]] = {}
    for piece in pieces:
        short = piece.partition(": ")[0]  # PACTR: "Parallel: different groups receive different interventions …"
        short = _ARMS.sub("", _SPACES.sub(" ", short).strip(" ."))  # REBEC: "…, parallel, open with two arms."
        for field, word in _LISTED.get(short.lower(), ()):
            found.setdefault(field, set()).add(word)
    if found.keys() == {"primaryPurpose"}:
        return {}
    said: dict[str, Any] = {field: next(iter(words)) for field, words in found.items() if len(words) == 1}
    if "masking" in said:
        said["maskingInfo"] = {"masking": said.pop("masking")}
    return said


def _labelled(text: str) -> dict[str, Any]:
    labels = list(_LABEL.finditer(text))
    found: dict[str, Any] = {}
    for place, label in enumerate(labels):
        name = label["label"].lower()
        field = _FIELD.get(name)
        if field is None:
            continue
        end = labels[place + 1].start() if place + 1 < len(labels) else len(text)
        said = text[label.end() : end].strip(" .;,")
        if name == "randomized" and said.lower() == "yes":
            said = name  # and a no says neither how else, nor whether there is more than one group
        if field == "masking":
            if (info := masking(said)) is not None:
                found.setdefault("maskingInfo", info)
        elif (word := _labelled_word(field, said.lower())) is not None:
            found.setdefault(field, word)
    return found


def _labelled_word(field: str, said: str) -> str | None:
    return _WORDS[field].get(said) or _ONLY_LABELLED.get(field, {}).get(said)


def _eu_answers(text: str) -> dict[str, Any]:
    """The EU registers' list of questions: only a yes is taken, and only where no other yes contradicts it."""
    said: dict[str, bool] = {}
    for label, answer in _YES_NO.findall(text):
        said.setdefault(label.lower(), answer.lower() == "yes")
    found: dict[str, Any] = {"allocation": "RANDOMIZED"} if said.get("randomised") else {}
    model = _only(said, {"parallel group": "PARALLEL", "cross over": "CROSSOVER"})
    masking = _only(said, {"open": "NONE", "single blind": "SINGLE", "double blind": "DOUBLE"})
    if model:
        found["interventionModel"] = model
    if masking:
        found["maskingInfo"] = {"masking": masking}
    return found


def _only(said: dict[str, bool], words: dict[str, str]) -> str | None:
    """The one that is answered with yes."""
    chosen = [word for label, word in words.items() if said.get(label)]
    return chosen[0] if len(chosen) == 1 else None
