"""Whose record it is, from the id that it bears: for records of registries other than ClinicalTrials.gov.

Belongs here: the codes of registries as sources of records, and how a record's own id is written in its key. Does not:
formats of identifiers (registries.py), reading records.

A trial's identifier and a record's id are nearly always the same thing. The EU Clinical Trials Register is the
exception: it holds one record for each member state, all under the trial's EudraCT number, told apart by the country:
`2011-001295-19-DE`. Its registry code is EUCTR, the identifier's EUDRACT.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.study.identifiers import Identifier, classify_identifier
from pipelines.study.registries import REGISTRIES

EUCTR = "EUCTR"
EUDRACT = "EUDRACT"
_NOT_A_REGISTER = frozenset({EUDRACT, "UTN"})

RECORD_REGISTRIES: frozenset[str] = frozenset({EUCTR, *(one.code for one in REGISTRIES)} - _NOT_A_REGISTER)
"""Every code that may stand in raw.record_version.registry and before the colon of a record key."""

_COUNTRY = re.compile(r"[0-9]{2}[-/ ]?(?P<country>[A-Za-z]{2}|3rd|outside-eu/eea)\s*\Z", re.IGNORECASE)
_THIRD_COUNTRY = "3rd"


@dataclass(frozen=True, slots=True)
class RecordId:
    """A valid id of a record: the registry it is of, the id as it stands in the record key, the trial's identifier."""

    registry: str
    registry_id: str
    identifier: Identifier


def record_id(raw: str, registry: str | None = None) -> RecordId | None:
    """The record id that a text is; None where it is no valid id of a register (or not of the one that is named).

    `registry` is a code of RECORD_REGISTRIES when the source says whose id it is; else the id must say it itself, and
    EU numbers are told apart by their form (CTIS before EudraCT).
    """
    found = classify_identifier(raw, EUDRACT if registry == EUCTR else registry)
    if not found.is_valid or found.id_norm is None:
        return None
    code = EUCTR if found.id_type == EUDRACT else found.id_type
    if code not in RECORD_REGISTRIES or (registry is not None and code != registry):
        return None
    if code != EUCTR:
        return RecordId(code, found.id_norm, found)
    country = _COUNTRY.search(raw)
    if country is None:
        return RecordId(code, found.id_norm, found)
    word = country["country"]
    suffix = word.upper() if len(word) == 2 else _THIRD_COUNTRY
    return RecordId(code, f"{found.id_norm}-{suffix}", found)
