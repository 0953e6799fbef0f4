"""ClinicalTrials.gov's CSV download of today, all columns, from studies in the v2 structure.

Belongs here: what the download writes for a study, and what can be had back from that with certainty. Does not: the
classic site's download (ctgov_csv_classic.py).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

Json = dict[str, Any]

_DOCUMENTS = "https://cdn.clinicaltrials.gov/large-docs"
_EMPTY_DESIGN = "Observational Model: |Time Perspective: p"


def render_file(studies: Sequence[Json]) -> bytes:
    """The table, with a heading, as the website gives it: fields in quotation marks where they need them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([column(study) for column in COLUMNS.values()] for study in studies)
    return text.getvalue().encode()


def dig(study: Json, *names: str) -> Any:
    """The value at a path, None where a part of it is missing."""
    value: Any = study
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def protocol(study: Json, *names: str) -> Any:
    """As dig, within the protocol section."""
    return dig(study, "protocolSection", *names)


def text_of(*names: str) -> Callable[[Json], str]:
    """A column that has the protocol section's value as it is."""
    return lambda study: str(found) if (found := protocol(study, *names)) is not None else ""


def joined(*names: str, key: str | None = None) -> Callable[[Json], str]:
    """A column that has the values of a list with bars between them."""
    return lambda study: "|".join(
        str(one[key] if key else one) for one in protocol(study, *names) or () if not key or one.get(key)
    )


def _interventions(study: Json) -> str:
    found = protocol(study, "armsInterventionsModule", "interventions") or ()
    return "|".join(f"{one['type']}: {one['name']}" for one in found)


def outcome_text(outcome: Json) -> str:
    """An outcome measure as one text."""
    return ", ".join(outcome[name] for name in ("measure", "description", "timeFrame") if outcome.get(name))


def _outcomes(kind: str) -> Callable[[Json], str]:
    return lambda study: "|".join(map(outcome_text, protocol(study, "outcomesModule", kind) or ()))


def _design(study: Json) -> str:
    kind = protocol(study, "designModule", "studyType")
    if kind != "INTERVENTIONAL":
        return _EMPTY_DESIGN if kind == "OBSERVATIONAL" else ""
    info = protocol(study, "designModule", "designInfo") or {}
    masking = dig(info, "maskingInfo", "masking") or ""
    who = dig(info, "maskingInfo", "whoMasked")
    pieces = {
        "Allocation": info.get("allocation", ""),
        "Intervention Model": info.get("interventionModel", ""),
        "Masking": f"{masking} ({', '.join(who)})" if who else masking,
        "Primary Purpose": info.get("primaryPurpose", ""),
    }
    return "|".join(f"{label}: {value}" for label, value in pieces.items())


def other_ids(study: Json) -> str:
    """The organisation's id and the secondary ids."""
    module = protocol(study, "identificationModule") or {}
    own = dig(module, "orgStudyIdInfo", "id")
    return "|".join([*filter(None, [own]), *(info["id"] for info in module.get("secondaryIdInfos") or ())])


def _locations(study: Json) -> str:
    found = protocol(study, "contactsLocationsModule", "locations") or ()
    return "|".join(
        ", ".join(site[name] for name in ("facility", "city", "state", "zip", "country") if site.get(name))
        for site in found
    )


def _documents(study: Json) -> str:
    own = protocol(study, "identificationModule", "nctId")
    found = dig(study, "documentSection", "largeDocumentModule", "largeDocs") or ()
    return "|".join(f"{one['label']}, {_DOCUMENTS}/{own[-2:]}/{own}/{one['filename']}" for one in found)


def _date(name: str) -> Callable[[Json], str]:
    return text_of("statusModule", name, "date")


COLUMNS: dict[str, Callable[[Json], str]] = {
    "NCT Number": text_of("identificationModule", "nctId"),
    "Study Title": text_of("identificationModule", "briefTitle"),
    "Study URL": lambda study: f"https://clinicaltrials.gov/study/{protocol(study, 'identificationModule', 'nctId')}",
    "Acronym": text_of("identificationModule", "acronym"),
    "Study Status": text_of("statusModule", "overallStatus"),
    "Brief Summary": text_of("descriptionModule", "briefSummary"),
    "Study Results": lambda study: "YES" if study.get("hasResults") else "NO",
    "Conditions": joined("conditionsModule", "conditions"),
    "Interventions": _interventions,
    "Primary Outcome Measures": _outcomes("primaryOutcomes"),
    "Secondary Outcome Measures": _outcomes("secondaryOutcomes"),
    "Other Outcome Measures": _outcomes("otherOutcomes"),
    "Sponsor": text_of("sponsorCollaboratorsModule", "leadSponsor", "name"),
    "Collaborators": joined("sponsorCollaboratorsModule", "collaborators", key="name"),
    "Sex": text_of("eligibilityModule", "sex"),
    "Age": lambda study: ", ".join(protocol(study, "eligibilityModule", "stdAges") or ()),
    "Phases": joined("designModule", "phases"),
    "Enrollment": text_of("designModule", "enrollmentInfo", "count"),
    "Funder Type": text_of("sponsorCollaboratorsModule", "leadSponsor", "class"),
    "Study Type": text_of("designModule", "studyType"),
    "Study Design": _design,
    "Other IDs": other_ids,
    "Start Date": _date("startDateStruct"),
    "Primary Completion Date": _date("primaryCompletionDateStruct"),
    "Completion Date": _date("completionDateStruct"),
    "First Posted": _date("studyFirstPostDateStruct"),
    "Results First Posted": _date("resultsFirstPostDateStruct"),
    "Last Update Posted": _date("lastUpdatePostDateStruct"),
    "Locations": _locations,
    "Study Documents": _documents,
}
"""The download's columns, in its order."""


def carried(study: Json) -> Json:
    """What a perfect reader gets back: each value whole or not at all.

    Outcome measures come back as the one text that is there; of locations only the country.
    """
    found = shared(study)
    kind = protocol(study, "designModule", "studyType")
    info = protocol(study, "designModule", "designInfo") or {}
    outcomes = {
        kind: [{"measure": outcome_text(one).strip()} for one in protocol(study, "outcomesModule", kind) or ()]
        for kind in ("primaryOutcomes", "secondaryOutcomes", "otherOutcomes")
    }
    lead = protocol(study, "sponsorCollaboratorsModule", "leadSponsor") or {}
    found["protocolSection"] |= {
        "descriptionModule": {"briefSummary": (protocol(study, "descriptionModule", "briefSummary") or "").strip()},
        "outcomesModule": outcomes,
    }
    found["protocolSection"]["sponsorCollaboratorsModule"]["leadSponsor"]["class"] = lead.get("class")
    found["protocolSection"]["designModule"]["designInfo"] = interventional(info) if kind == "INTERVENTIONAL" else {}
    return pruned(found)  # type: ignore[no-any-return]


def interventional(info: Json) -> Json:
    """Of an interventional study's design, what has a label of its own in the download."""
    masking = info.get("maskingInfo") or {}
    return {
        "allocation": info.get("allocation"),
        "interventionModel": info.get("interventionModel"),
        "primaryPurpose": info.get("primaryPurpose"),
        "maskingInfo": {"masking": masking.get("masking"), "whoMasked": masking.get("whoMasked")},
    }


def shared(study: Json) -> Json:
    """What today's and the classic download both carry."""
    identity = protocol(study, "identificationModule") or {}
    status = protocol(study, "statusModule") or {}
    sponsors = protocol(study, "sponsorCollaboratorsModule") or {}
    eligibility = protocol(study, "eligibilityModule") or {}
    design = protocol(study, "designModule") or {}
    dates = ("start", "primaryCompletion", "completion", "studyFirstPost", "resultsFirstPost", "lastUpdatePost")
    sites = protocol(study, "contactsLocationsModule", "locations") or ()
    documents = dig(study, "documentSection", "largeDocumentModule", "largeDocs") or ()
    interventions = protocol(study, "armsInterventionsModule", "interventions") or ()
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": identity.get("nctId"),
                "briefTitle": (identity.get("briefTitle") or "").strip(),
                "acronym": identity.get("acronym"),
                "orgStudyIdInfo": {"id": dig(identity, "orgStudyIdInfo", "id")},
                "secondaryIdInfos": [{"id": info["id"]} for info in identity.get("secondaryIdInfos") or ()],
            },
            "statusModule": {
                "overallStatus": status.get("overallStatus"),
                **{f"{name}DateStruct": {"date": dig(status, f"{name}DateStruct", "date")} for name in dates},
            },
            "conditionsModule": {"conditions": protocol(study, "conditionsModule", "conditions")},
            "armsInterventionsModule": {
                "interventions": [{"type": one["type"], "name": one["name"]} for one in interventions]
            },
            "sponsorCollaboratorsModule": {
                "leadSponsor": {"name": dig(sponsors, "leadSponsor", "name")},
                "collaborators": [{"name": one["name"]} for one in sponsors.get("collaborators") or ()],
            },
            "eligibilityModule": {"sex": eligibility.get("sex"), "stdAges": eligibility.get("stdAges")},
            "designModule": {
                "studyType": design.get("studyType"),
                "phases": design.get("phases"),
                "enrollmentInfo": {"count": dig(design, "enrollmentInfo", "count")},
            },
            "contactsLocationsModule": {"locations": [{"country": site.get("country")} for site in sites]},
        },
        "documentSection": {
            "largeDocumentModule": {
                "largeDocs": [
                    {
                        name: one.get(name)
                        for name in ("label", "filename", "typeAbbrev", "hasProtocol", "hasSap", "hasIcf")
                    }
                    for one in documents
                ]
            }
        },
        "hasResults": bool(study.get("hasResults")),
    }


def pruned(value: Any) -> Any:
    """Without nulls, empty texts, empty lists and empty objects."""
    if isinstance(value, dict):
        kept = {key: pruned(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one not in (None, "", [], {})}
    if isinstance(value, list):
        return [one for one in map(pruned, value) if one not in (None, "", [], {})]
    return value
