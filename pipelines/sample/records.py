"""One record as it goes into a file: its bytes, its planted defects, and its expected fate.

Belongs here: records of the JSON formats and of page text, clean or damaged. Does not belong here: files and places.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import orjson

from pipelines.sample.defect_kit import IDENTIFICATION, STATUS
from pipelines.sample.defects import (
    Finding,
    defect_random,
    draws_defect,
    has_defect,
    own_copy,
    plant_in_turn,
    plant_on_page,
)
from pipelines.sample.draft import Json, nct_id_of
from pipelines.sample.study import build_study

ACCEPTED: Final = "accepted"
UNCHANGED: Final = "unchanged"
QUARANTINED: Final = "quarantined"


class Record(NamedTuple):
    """A record to be written.

    `nct_id` names the study whatever became of its id; `record_key` is the key under which it should be found, None
    where it is keyed by content or quarantined. `fate`: accepted, unchanged or quarantined.
    """

    content: bytes
    nct_id: str
    record_key: str | None
    fate: str
    findings: list[Finding]
    is_copy: bool = False


class Damage(NamedTuple):
    """A way to damage a record as a whole: name, quarantine code (None: it is accepted), and the change.

    `change` gets the study (free to be changed) and gives the bytes, the place and the value.
    `cuts` marks damage that breaks the brackets of the JSON text.
    """

    name: str
    reason_code: str | None
    change: Callable[[Json], tuple[bytes, str, Any]]
    cuts: bool = False


def _without_identity(study: Json) -> tuple[bytes, str, Any]:
    identification = study["protocolSection"]["identificationModule"]
    for key in ("nctId", "nctIdAliases", "orgStudyIdInfo", "secondaryIdInfos"):
        identification.pop(key, None)
    return orjson.dumps(study), f"{IDENTIFICATION}.nctId", None


def _impossible_date(study: Json) -> tuple[bytes, str, Any]:
    study["protocolSection"]["statusModule"]["startDateStruct"] = {"date": "2024-02-31", "type": "ACTUAL"}
    return orjson.dumps(study), f"{STATUS}.startDateStruct.date", "2024-02-31"


def _number_for_text(study: Json) -> tuple[bytes, str, Any]:
    study["protocolSection"]["identificationModule"]["briefTitle"] = 20260101
    return orjson.dumps(study), f"{IDENTIFICATION}.briefTitle", 20260101


def _name_twice(study: Json) -> tuple[bytes, str, Any]:
    return orjson.dumps(study)[:-1] + b',"hasResults":true}', "hasResults", True


def _cut_short(study: Json) -> tuple[bytes, str, Any]:
    """The text ends in the middle of the summary: the quotes are open as well."""
    text = orjson.dumps(study)
    end = text.index(b'"briefSummary":"') + 40
    return text[:end], "protocolSection.descriptionModule.briefSummary", f"{end} of {len(text)} bytes"


def _not_utf8(study: Json) -> tuple[bytes, str, Any]:
    text = orjson.dumps(study).replace(b'"briefTitle":"', b'"briefTitle":"\xfc', 1)  # ü in Latin-1
    return text, f"{IDENTIFICATION}.briefTitle", "byte 0xFC"


def _too_deep(study: Json) -> tuple[bytes, str, Any]:
    nested = b"[" * 300 + b"]" * 300
    return orjson.dumps(study)[:-1] + b',"extraSection":' + nested + b"}", "extraSection", "300 levels"


def _unknown_field(study: Json) -> tuple[bytes, str, Any]:
    study["protocolSection"]["statusModule"]["expectedNextUpdate"] = "2027-05-01"
    return orjson.dumps(study), f"{STATUS}.expectedNextUpdate", "2027-05-01"


DAMAGES: Final[tuple[Damage, ...]] = (
    Damage("no_identity", "no_identity", _without_identity),
    Damage("impossible_date", "impossible_date", _impossible_date),
    Damage("wrong_type", "wrong_type", _number_for_text),
    Damage("duplicate_key", "duplicate_key", _name_twice),
    Damage("truncated_json", "truncated_json", _cut_short, cuts=True),
    Damage("not_utf8", "not_utf8", _not_utf8),
    Damage("too_deep", "too_deep", _too_deep),
    Damage("unknown_field", None, _unknown_field),
    Damage("unknown_field", None, _unknown_field),
)
_COPY: Final = len(DAMAGES)  # drawn as one more kind of damage: the record is the one before once more


def json_record(seed: int, index: int, snapshot: str, *, defects: bool, may_cut: bool, may_repeat: bool) -> Record:
    """Record number `index` as one line of JSON.

    `may_cut`: the file survives a record with open brackets. `may_repeat`: the record before this one goes into JSON as
    well, so that this one may be an exact copy of it. Where a drawn damage is not allowed the record stays clean.
    """
    nct_id = nct_id_of(seed, index)
    if defects and has_defect(seed, index):
        r = defect_random(seed, index)
        if draws_defect(r):
            return _damaged(seed, index, snapshot, int(r() * (_COPY + 1)), may_cut=may_cut, may_repeat=may_repeat)
        study, findings = plant_in_turn(
            seed, index, lambda variant: own_copy(build_study(seed, index, snapshot, variant)), r
        )
        own_id = study["protocolSection"]["identificationModule"]["nctId"]
        key = f"CTGOV:{nct_id}" if own_id == nct_id else None
        return Record(orjson.dumps(study), nct_id, key, ACCEPTED, findings)
    return Record(orjson.dumps(build_study(seed, index, snapshot)), nct_id, f"CTGOV:{nct_id}", ACCEPTED, [])


def _damaged(seed: int, index: int, snapshot: str, kind: int, *, may_cut: bool, may_repeat: bool) -> Record:
    nct_id = nct_id_of(seed, index)
    if kind == _COPY:
        if may_repeat and index > 0:
            before = json_record(seed, index - 1, snapshot, defects=True, may_cut=may_cut, may_repeat=False)
            # Whether the record before was written clean must not depend on what it was allowed to be.
            if before.fate == ACCEPTED and not _is_copy(seed, index - 1):
                finding = Finding("duplicate_record", "", before.nct_id, UNCHANGED)
                return Record(before.content, before.nct_id, before.record_key, UNCHANGED, [finding], is_copy=True)
        return _clean(seed, index, snapshot)
    damage = DAMAGES[kind]
    if damage.cuts and not may_cut:
        return _clean(seed, index, snapshot)
    study = own_copy(build_study(seed, index, snapshot))
    if damage.name == "impossible_date" and "startDateStruct" not in study["protocolSection"]["statusModule"]:
        return _clean(seed, index, snapshot)
    content, path, value = damage.change(study)
    if damage.reason_code is None:
        finding = Finding(damage.name, path, value, "unknown_field")
        return Record(content, nct_id, f"CTGOV:{nct_id}", ACCEPTED, [finding])
    finding = Finding(damage.name, path, value, "quarantine", damage.reason_code)
    return Record(content, nct_id, None, QUARANTINED, [finding])


def _is_copy(seed: int, index: int) -> bool:
    if not has_defect(seed, index):
        return False
    r = defect_random(seed, index)
    return draws_defect(r) and int(r() * (_COPY + 1)) == _COPY


def _clean(seed: int, index: int, snapshot: str) -> Record:
    nct_id = nct_id_of(seed, index)
    return Record(orjson.dumps(build_study(seed, index, snapshot)), nct_id, f"CTGOV:{nct_id}", ACCEPTED, [])


def page_record(
    seed: int, index: int, snapshot: str, render: Callable[[Json], str], *, labelled: bool, defects: bool
) -> Record:
    """Record number `index` as registry page text, UTF-8. Defects are those that the page can show.

    The layout without labels loses the registry's id: the record is then found by its EU number, where it has just one.
    """
    study = own_copy(build_study(seed, index, snapshot))
    findings: list[Finding] = []
    if defects and has_defect(seed, index):
        findings = plant_on_page(study, defect_random(seed, index), labelled=labelled)
    nct_id = nct_id_of(seed, index)
    key = f"CTGOV:{nct_id}" if labelled else _key_without_own_id(study)
    return Record(render(study).encode(), nct_id, key, ACCEPTED, findings)


def _key_without_own_id(study: Json) -> str | None:
    infos = study["protocolSection"]["identificationModule"].get("secondaryIdInfos", [])
    if len(infos) == 1 and infos[0].get("type") == "EUDRACT_NUMBER":
        return f"EUDRACT:{infos[0]['id']}"
    if len(infos) == 1 and infos[0].get("type") == "CTIS":
        return f"CTIS:{infos[0]['id']}"
    return None
