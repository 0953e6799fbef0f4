"""Masking in the words of the registries: how many roles are masked, and which.

Belongs here: one text under a label of masking. Does not: finding the label (design.py).

Three registries name roles: ClinicalTrials.gov and CRIS behind a word ("Double (Participant, Investigator)"), DRKS
behind "Blinded", CTRI before it ("Participant and Investigator Blinded"). CTRI's "Date-entry Operator" and DRKS's data
analyst are no roles of ClinicalTrials.gov's: beside them the number of roles stays unsaid, as in DRKS's own files.
"""

from __future__ import annotations

import re
from typing import Any

WORDS = {
    "none (open label)": "NONE", "none": "NONE", "open label": "NONE", "open": "NONE", "not blinded": "NONE",
    "no masking": "NONE", "open (masking not used)": "NONE", "single": "SINGLE", "single blind": "SINGLE",
    "single blinded": "SINGLE", "double": "DOUBLE", "double blind": "DOUBLE", "double blinded": "DOUBLE",
    "double-blind": "DOUBLE", "double blind double dummy": "DOUBLE", "triple": "TRIPLE", "triple blinded": "TRIPLE",
    "quadruple": "QUADRUPLE", "single blinded (masking used)": "SINGLE", "double blinded (masking used)": "DOUBLE",
}  # fmt: skip
_WHO = {
    "participant": "PARTICIPANT", "subject": "PARTICIPANT", "patient/subject": "PARTICIPANT",
    "care provider": "CARE_PROVIDER", "caregiver": "CARE_PROVIDER", "investigator": "INVESTIGATOR",
    "investigator/therapist": "INVESTIGATOR", "outcomes assessor": "OUTCOMES_ASSESSOR",
    "outcome assessor": "OUTCOMES_ASSESSOR", "assessor": "OUTCOMES_ASSESSOR",
    "outcome accessor": "OUTCOMES_ASSESSOR",  # CRIS has it so
}  # fmt: skip
_NOT_COUNTED = frozenset({"date-entry operator", "data-entry operator", "data analyst"})
_BY_ROLES = {1: "SINGLE", 2: "DOUBLE", 3: "TRIPLE", 4: "QUADRUPLE"}
_MASKED = re.compile(r"(?P<masking>[A-Za-z -]{1,20}[A-Za-z]) ?\((?P<who>[A-Za-z ,]{1,120})\)")
_ROLES = re.compile(
    r"blinded ?\((?P<behind>[A-Za-z/ ,-]{5,120})\)|(?P<before>[A-Za-z ,-]{5,120}) blinded", re.IGNORECASE
)
_JOINT = re.compile(r" ?, ?(?:and )?| and ", re.IGNORECASE)


def masking(said: str) -> dict[str, Any] | None:
    """`masking` and `whoMasked` as far as a text says them; None where it says neither."""
    word = WORDS.get(said.lower())
    if word is not None:
        return {"masking": word}
    roles = _ROLES.fullmatch(said)
    if roles is not None and (found := _of_roles(roles["behind"] or roles["before"])) is not None:
        return found
    masked = _MASKED.fullmatch(said)
    if masked is None or (word := WORDS.get(masked["masking"].strip().lower())) is None:
        return None
    who = [_WHO.get(one.strip().lower()) for one in masked["who"].split(",")]
    if None in who:
        return {"masking": word}
    if "blind" in masked["masking"].lower():  # until 2017 "Double Blind" stood for two roles and more
        word = _BY_ROLES.get(len(who), word)
    return {"masking": word, "whoMasked": who}


def _of_roles(text: str) -> dict[str, Any] | None:
    """None unless every piece is a role, and one at least counts."""
    roles = [one.strip().lower() for one in _JOINT.split(text)]
    who = list(dict.fromkeys(_WHO[role] for role in roles if role in _WHO))
    if not who or any(role not in _WHO and role not in _NOT_COUNTED for role in roles):
        return None
    counted = _NOT_COUNTED.isdisjoint(roles)
    return ({"masking": _BY_ROLES[len(who)]} if counted else {}) | {"whoMasked": who}
