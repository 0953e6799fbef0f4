"""Checks of what the registration form limits or lists, and of the dates of postings."""

from __future__ import annotations

import re
from datetime import date

from .check_kit import Study, Verdict, check, dated, in_order, interval, kind, module, study_type

_NUMBERS = {"ISRCTN": r"ISRCTN\d{8}", "DRKS": r"DRKS\d{8}", "ACTRN": r"ACTRN\d{14}"}


def _secondary(study: Study) -> list[str]:
    return [info["id"] for info in module(study, "identification").get("secondaryIdInfos", [])]


@check
def id_len(study: Study, today: date) -> Verdict:
    return all(len(text) <= 30 for text in _secondary(study))


@check
def identifier_valid(study: Study, today: date) -> Verdict:
    judged = [
        bool(re.fullmatch(form, text))
        for text in _secondary(study)
        for prefix, form in _NUMBERS.items()
        if text.startswith(prefix) and text.strip("0") != prefix
    ]
    return all(judged) if judged else None


@check
def nct_missing(study: Study, today: date) -> Verdict:
    """On a page that lost its heading, where the NCT number is gone."""
    return "orgStudyIdInfo" in module(study, "identification") or bool(_secondary(study))


@check
def title_present(study: Study, today: date) -> Verdict:
    return bool(module(study, "identification").get("briefTitle"))


@check
def arm_description_len(study: Study, today: date) -> Verdict:
    return all(
        len(arm.get("description", "")) <= 999 for arm in module(study, "armsInterventions").get("armGroups", [])
    )


@check
def intervention_type(study: Study, today: date) -> Verdict:
    return all("type" in each for each in module(study, "armsInterventions").get("interventions", []))


@check
def organization_len(study: Study, today: date) -> Verdict:
    sponsors = module(study, "sponsorCollaborators")
    names = [sponsors["leadSponsor"]["name"], *(each["name"] for each in sponsors.get("collaborators", []))]
    return all(len(name) <= 160 for name in names)


@check
def affiliation_len(study: Study, today: date) -> Verdict:
    officials = module(study, "contactsLocations").get("overallOfficials", [])
    return all(len(each.get("affiliation", "")) <= 160 for each in officials)


@check
def cd_type_actual_past(study: Study, today: date) -> Verdict:
    day = interval(dated(study, "completion"))
    if day is None or kind(study, "completion") != "ACTUAL":
        return None
    return day[0] <= today


@check
def firstsubmit_le_post(study: Study, today: date) -> Verdict:
    return in_order(module(study, "status")["studyFirstSubmitDate"], dated(study, "studyFirstPost"))


@check
def firstpost_le_lastpost(study: Study, today: date) -> Verdict:
    return in_order(dated(study, "studyFirstPost"), dated(study, "lastUpdatePost"))


@check
def enum_drift(study: Study, today: date) -> Verdict:
    if study_type(study) == "EXPANDED_ACCESS":
        return None
    return module(study, "ipdSharingStatement").get("ipdSharing") in {None, "YES", "NO", "UNDECIDED"}
