"""What planting a defect needs: the form of a defect, and quick ways to the parts of a study.

Belongs here: types and look-ups shared by the modules of defects. Does not belong here: any defect.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from pipelines.sample.calendar_dates import shift_iso
from pipelines.sample.draft import Json

Draw = Callable[[], float]
"""Draws from [0, 1)."""


class Planted(NamedTuple):
    """Where in the study a defect was planted (v2 path, list positions in brackets from 0) and the value now there.

    The value is None where something was taken out.
    """

    path: str
    value: Any


class Defect(NamedTuple):
    """A way to break one rule.

    `rule` is the rule's name. `area` says what part of a study is changed: two defects of one record come
    from different areas; area "solo" allows no second one. `mutate` changes a study in place and says
    where, or returns None, changing nothing, where the rule cannot be broken in this study; it gets a
    function that draws from [0, 1). `rows` is how many rows of the study then break the rule; `also` names the
    other rules that the same change breaks, in every study or in some. `judged`: whether the catalogue holds the rule;
    some candidates it leaves out with a reason, and nothing will find them.
    """

    rule: str
    area: str
    mutate: Callable[[Json, Draw], Planted | None]
    rows: int = 1
    also: tuple[str, ...] = ()
    judged: bool = True


STATUS: Final = "protocolSection.statusModule"
DESIGN: Final = "protocolSection.designModule"
ARMS: Final = "protocolSection.armsInterventionsModule"
OUTCOMES: Final = "protocolSection.outcomesModule"
ELIGIBILITY: Final = "protocolSection.eligibilityModule"
CONTACTS: Final = "protocolSection.contactsLocationsModule"
SPONSORS: Final = "protocolSection.sponsorCollaboratorsModule"
IDENTIFICATION: Final = "protocolSection.identificationModule"
DESCRIPTION: Final = "protocolSection.descriptionModule"

ENDED: Final = ("COMPLETED", "TERMINATED")


def module(study: Json, path: str) -> Json:
    """The module at a path of two names; an empty object (not part of the study) where it is absent."""
    found: Json = study["protocolSection"].get(path.partition(".")[2], {})
    return found


def overall_status(study: Json) -> str:
    """The study's status; every generated study has one."""
    return str(module(study, STATUS)["overallStatus"])


def study_type(study: Json) -> str:
    """The study's type; every generated study has one."""
    return str(module(study, DESIGN)["studyType"])


def is_interventional(study: Json) -> bool:
    """Whether it assigns interventions, and its record shows how."""
    return study_type(study) == "INTERVENTIONAL" and overall_status(study) != "WITHHELD"


def snapshot(study: Json) -> str:
    """The day the study was made for, ``yyyy-MM-dd``."""
    return str(study["derivedSection"]["miscInfoModule"]["versionHolder"])


def relative(study: Json, days: int) -> str:
    """A day before (negative) or after the snapshot."""
    return shift_iso(snapshot(study), days)


def earliest(text: str) -> str:
    """First day that a partial date can mean: ``2024-03`` gives ``2024-03-01``."""
    return (text + "-01-01")[:10]


def struct(study: Json, name: str) -> Json | None:
    """The start, primaryCompletion or completion date object, None where absent or known to the year only."""
    found = module(study, STATUS).get(f"{name}DateStruct")
    return found if found is not None and len(found["date"]) > 4 else None


def ended_dates(study: Json) -> tuple[str, str, str] | None:
    """Earliest start, primary completion and completion of an ended study without results, else None."""
    if overall_status(study) not in ENDED or study["hasResults"] or "dispFirstSubmitDate" in module(study, STATUS):
        return None
    found = [struct(study, name) for name in ("start", "primaryCompletion", "completion")]
    if None in found:
        return None
    start, primary, completion = (earliest(date["date"]) for date in found if date is not None)
    return start, primary, completion


def drop(parent: Json, key: str, path: str) -> Planted | None:
    """Take a key out; None where it is not there."""
    if key not in parent:
        return None
    del parent[key]
    return Planted(f"{path}.{key}", None)


def put(parent: Json, key: str, value: Any, path: str) -> Planted:
    """Set a key."""
    parent[key] = value
    return Planted(f"{path}.{key}", value)
