"""Which record this is, and which version of it: record keys and content hashes.

Belongs here: the record's own identity, as one file states it. Does not: which records describe the same trial
(models), which version came first (load.py).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from pipelines.readers.base import Reader
from pipelines.readers.reasons import NO_IDENTITY, WRONG_TYPE
from pipelines.staging.derive import SAYS_NOTHING
from pipelines.staging.inspect import RecordRefused
from pipelines.study.identifiers import Identifier, classify_identifier, strongest
from pipelines.study.record_ids import record_id

KeyBasis = Literal["own_id", "secondary_id", "content"]

_NCT = re.compile(r"NCT(?!0{8})[0-9]{8}\Z")
CTGOV = "CTGOV"
_STAMP = "versionHolder"
# Lists that ClinicalTrials.gov derives and whose order says nothing; that of the browse lists changes from day to day
# without a change of the record (seen in versions.zip).
_UNORDERED = ("conditionBrowseModule", "interventionBrowseModule")
_REMOVED_COUNTRIES = "removedCountries"


@dataclass(frozen=True, slots=True)
class Identity:
    """A record version's names: its key and why that key, its registry and the registry's id (None when it has lost
    it), its hash. `compact_bytes`: how long its JSON is without blanks and escapes."""

    record_key: str
    key_basis: KeyBasis
    registry: str
    registry_id: str | None
    record_sha256: str
    version_id: int
    compact_bytes: int


def identify(document: dict[str, Any], reader: Reader) -> Identity:
    """Identity of a record in the study shape.

    The key is the record's own registry id (`registrySection.recordId` of `registrySection.registry`, else the NCT id);
    else its strongest valid secondary id; else, for formats that are known to
    lose ids, its content. Ids of other trials that the record mentions are never looked at.
    Raises RecordRefused: `no_identity`, or `wrong_type` where an id is not text.
    """
    canonical, compact_bytes = _canonical(document)
    record_sha256 = hashlib.sha256(canonical).hexdigest()
    module = _object(_object(document, "protocolSection"), "identificationModule")
    section = _object(document, "registrySection")
    registry = _text(section, "registry") or (CTGOV if module.get("nctId") else reader.registry)
    registry_id, key, basis = _key(module, section, registry, reader, record_sha256)
    return Identity(key, basis, registry, registry_id, record_sha256, version_id(key, record_sha256), compact_bytes)


def canonical_sha256(document: dict[str, Any]) -> str:
    """Hash of what a record says, the same however its JSON was written.

    Key order, the release stamp `versionHolder`, the order of the browse lists and of removed countries do not count;
    everything else does. The document is changed: these lists are left sorted, the stamp is put back.
    """
    return hashlib.sha256(_canonical(document)[0]).hexdigest()


def _canonical(document: dict[str, Any]) -> tuple[bytes, int]:
    """What is hashed, and how long it would be with the stamp."""
    derived = document.get("derivedSection")
    misc = derived.get("miscInfoModule") if isinstance(derived, dict) else None
    stamp = misc.pop(_STAMP, None) if isinstance(misc, dict) else None
    if isinstance(derived, dict):
        lists = [misc.get(_REMOVED_COUNTRIES)] if isinstance(misc, dict) else []
        for name in _UNORDERED:
            module = derived.get(name)
            lists += module.values() if isinstance(module, dict) else ()
        for inner in lists:
            if isinstance(inner, list):
                inner.sort(key=_sort_key)
    text = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    size = len(text)
    if stamp is not None and isinstance(misc, dict):
        size += len(orjson.dumps({_STAMP: stamp})) - (1 if misc else 2)  # a comma, but no braces
        misc[_STAMP] = stamp
    return text, size


def version_id(record_key: str, record_sha256: str) -> int:
    """A version's number in the staged tables: 63 bits of the hash of key and content, the same in every run."""
    digest = hashlib.sha256(f"{record_key}\0{record_sha256}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def _sort_key(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _key(
    module: dict[str, Any], section: dict[str, Any], registry: str, reader: Reader, record_sha256: str
) -> tuple[str | None, str, KeyBasis]:
    own = _text(module, "nctId") if registry == CTGOV else _text(section, "recordId")
    if own is not None:
        normal = own if registry == CTGOV and _NCT.match(own) else _valid_own(own, registry)
        if normal is not None:
            return normal, f"{registry}:{normal}", "own_id"
    found = strongest(_secondary_ids(module))
    if found is not None:
        return None, f"{found.id_type}:{found.id_norm}", "secondary_id"
    if reader.content_identity or own is not None or _text(_object(module, "orgStudyIdInfo"), "id") is not None:
        return None, f"CONTENT:{record_sha256[:16]}", "content"
    raise RecordRefused(
        NO_IDENTITY,
        "no registry id, no valid secondary id and no study id of the organisation: nothing says which trial it is",
    )


def _valid_own(raw: str, registry: str) -> str | None:
    found = record_id(raw, registry)
    return found.registry_id if found is not None else None


def _secondary_ids(module: dict[str, Any]) -> list[Identifier]:
    infos = module.get("secondaryIdInfos")
    found = []
    for info in infos if isinstance(infos, list) else ():
        raw = _text(info, "id") if isinstance(info, dict) else None
        if raw is not None:
            hints = (_text(info, name) for name in ("type", "domain"))
            hint = next((hint for hint in hints if hint is not None and hint not in SAYS_NOTHING), None)
            found.append(classify_identifier(raw, hint))
    return found


def _object(parent: dict[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name)
    if value is not None and not isinstance(value, dict):
        raise RecordRefused(WRONG_TYPE, f"{name}: {type(value).__name__} stands where an object is due")
    return value or {}


def _text(parent: dict[str, Any], name: str) -> str | None:
    value = parent.get(name)
    if value is not None and not isinstance(value, str):
        raise RecordRefused(WRONG_TYPE, f"{name}: {value!r:.80} stands where text is due")
    return value.strip() or None if value else None
