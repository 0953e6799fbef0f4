"""Planted defects in what the registration form limits or lists: lengths, numbers, closed lists, dates of postings.

Belongs here: ways to break those rules. Does not belong here: choosing which a record gets.
"""

from __future__ import annotations

from typing import Final

from pipelines.sample.calendar_dates import ordinal, shift_iso
from pipelines.sample.defect_kit import (
    ARMS,
    CONTACTS,
    IDENTIFICATION,
    SPONSORS,
    STATUS,
    Defect,
    Draw,
    Planted,
    drop,
    earliest,
    module,
    overall_status,
    put,
    relative,
    struct,
    study_type,
)
from pipelines.sample.draft import Json

_LONG_NAME: Final = "Institute for the Synthesis of Names That Nobody Can Read Aloud and "


def _secondary(study: Json, entry: Json) -> Planted:
    found = module(study, IDENTIFICATION).setdefault("secondaryIdInfos", [])
    found.append(dict(entry))
    return Planted(f"{IDENTIFICATION}.secondaryIdInfos[{len(found) - 1}].id", entry["id"])


def _id_is_a_sentence(study: Json, _: Draw) -> Planted | None:
    return _secondary(study, {"id": "see the protocol of the sister study", "type": "OTHER"})


def _cut_registry_number(study: Json, r: Draw) -> Planted | None:
    """The number of another registry without its end, declared as nothing in particular."""
    return _secondary(study, {"id": ("ISRCTN1234567", "DRKS0001234", "ACTRN1260500012")[int(3 * r())], "type": "OTHER"})


def _no_number_at_all(study: Json, _: Draw) -> Planted | None:
    """On a page that lost its heading nothing is left to know the study by."""
    identification = module(study, IDENTIFICATION)
    identification.pop("secondaryIdInfos", None)
    return drop(identification, "orgStudyIdInfo", IDENTIFICATION)


def _no_brief_title(study: Json, _: Draw) -> Planted | None:
    return drop(module(study, IDENTIFICATION), "briefTitle", IDENTIFICATION)


def _protocol_pasted_into_arm(study: Json, r: Draw) -> Planted | None:
    arms = module(study, ARMS).get("armGroups")
    if not arms:
        return None
    text = "Participants are seen every four weeks. " * (26 + int(20 * r()))
    path = f"{ARMS}.armGroups[0]"
    return put(arms[0], "description", text.rstrip(), path)._replace(value=f"{len(text.rstrip())} characters")


def _type_lost(study: Json, _: Draw) -> Planted | None:
    """The type goes, and with it the word before the name by which arms point to the intervention."""
    interventions = module(study, ARMS).get("interventions")
    if not interventions:
        return None
    name = interventions[0]["name"]
    for arm in module(study, ARMS).get("armGroups", []):
        if "interventionNames" in arm:
            arm["interventionNames"] = [
                name if text.endswith(f": {name}") else text for text in arm["interventionNames"]
            ]
    return drop(interventions[0], "type", f"{ARMS}.interventions[0]")


def _collaborators_run_together(study: Json, _: Draw) -> Planted | None:
    found = module(study, SPONSORS).setdefault("collaborators", [])
    found.append({"name": (_LONG_NAME * 3).removesuffix(" and "), "class": "OTHER"})
    return Planted(f"{SPONSORS}.collaborators[{len(found) - 1}].name", found[-1]["name"])


def _affiliations_run_together(study: Json, _: Draw) -> Planted | None:
    officials = module(study, CONTACTS).get("overallOfficials")
    if not officials:
        return None
    name = (_LONG_NAME * 3).removesuffix(" and ")
    return put(officials[0], "affiliation", name, f"{CONTACTS}.overallOfficials[0]")


def _completion_announced_as_done(study: Json, _: Draw) -> Planted | None:
    date = struct(study, "completion")
    if overall_status(study) not in ("RECRUITING", "ENROLLING_BY_INVITATION") or date is None:
        return None
    if earliest(date["date"]) < relative(study, 400):
        return None
    return put(date, "type", "ACTUAL", f"{STATUS}.completionDateStruct")


def _posted_before_submission(study: Json, r: Draw) -> Planted | None:
    """Without a date of quality control, which could tell first."""
    status = module(study, STATUS)
    del status["studyFirstSubmitQcDate"]
    day = shift_iso(status["studyFirstSubmitDate"], -1 - int(9 * r()))
    return put(status["studyFirstPostDateStruct"], "date", day, f"{STATUS}.studyFirstPostDateStruct")


def _update_posted_before_first_posting(study: Json, _: Draw) -> Planted | None:
    status = module(study, STATUS)
    submitted, posted = status["studyFirstSubmitDate"], status["studyFirstPostDateStruct"]["date"]
    if ordinal(posted) - ordinal(submitted) < 2 or study["hasResults"] or "dispFirstSubmitDate" in status:
        return None
    status["lastUpdateSubmitDate"] = submitted
    day = shift_iso(posted, -1)
    return put(status["lastUpdatePostDateStruct"], "date", day, f"{STATUS}.lastUpdatePostDateStruct")


def _value_of_no_list(study: Json, r: Draw) -> Planted | None:
    """A value that no list knows, in a list without a rule of its own."""
    protocol = study["protocolSection"]
    if study_type(study) == "EXPANDED_ACCESS":
        return None
    value = ("PERHAPS", "ON_REQUEST", "LATER", "SOME_OF_IT")[int(4 * r())]
    path = "protocolSection.ipdSharingStatementModule"
    return put(protocol.setdefault("ipdSharingStatementModule", {}), "ipdSharing", value, path)


FORM_DEFECTS: Final[tuple[Defect, ...]] = (
    Defect("id_len", "ids", _id_is_a_sentence),
    Defect("identifier_valid", "ids", _cut_registry_number),
    Defect("nct_missing", "solo", _no_number_at_all),
    Defect("title_present", "titles", _no_brief_title),
    Defect("arm_description_len", "arms", _protocol_pasted_into_arm),
    Defect("intervention_type", "arms", _type_lost),
    Defect("organization_len", "sponsors", _collaborators_run_together),
    Defect("affiliation_len", "people", _affiliations_run_together),
    Defect("cd_type_actual_past", "status", _completion_announced_as_done),
    Defect("firstsubmit_le_post", "status", _posted_before_submission),
    Defect("firstpost_le_lastpost", "status", _update_posted_before_first_posting),
    Defect("enum_drift", "sharing", _value_of_no_list),
)
