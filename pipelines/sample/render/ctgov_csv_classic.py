"""The classic ClinicalTrials.gov site's CSV download (2017 to June 2024), from studies in the v2 structure.

Belongs here: its headings and wordings, and what can be had back from them. Does not: today's download (ctgov_csv.py).
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from typing import Any

from pipelines.sample.render.ctgov_csv import dig, interventional, joined, other_ids, protocol, pruned, shared, text_of

Json = dict[str, Any]

_STATUS = {"UNKNOWN": "Unknown status", "ACTIVE_NOT_RECRUITING": "Active, not recruiting"}
_CLASSES = {"INDUSTRY": "Industry", "NIH": "NIH", "FED": "U.S. Fed"}
_ONE_TO_ONE = {"Industry": "INDUSTRY", "NIH": "NIH", "U.S. Fed": "FED"}
_TYPES = {"INTERVENTIONAL": "Interventional", "OBSERVATIONAL": "Observational", "EXPANDED_ACCESS": "Expanded Access"}
_MODELS = {"SINGLE_GROUP": "Single Group Assignment", "PARALLEL": "Parallel Assignment"} | {
    name: f"{name.capitalize()} Assignment" for name in ("CROSSOVER", "FACTORIAL", "SEQUENTIAL")
}
_ALLOCATIONS = {"RANDOMIZED": "Randomized", "NON_RANDOMIZED": "Non-Randomized", "NA": "N/A"}
_PURPOSES = {"ECT": "Educational/Counseling/Training"}
_OBSERVATIONAL = {
    "CASE_CONTROL": "Case-Control", "CASE_ONLY": "Case-Only", "CASE_CROSSOVER": "Case-Crossover",
    "ECOLOGIC_OR_COMMUNITY": "Ecologic or Community", "FAMILY_BASED": "Family-Based",
    "DEFINED_POPULATION": "Defined Population", "NATURAL_HISTORY": "Natural History",
    "CROSS_SECTIONAL": "Cross-Sectional",
}  # fmt: skip
_DOCUMENTS = "https://ClinicalTrials.gov/ProvidedDocs"


def render_file(studies: Sequence[Json], delimiter: str = ",") -> bytes:
    """The table: every field that is not empty in quotation marks; with a tab as delimiter none is."""
    rows = [list(COLUMNS)]
    for rank, study in enumerate(studies, start=1):
        rows.append([str(rank), *(column(study) for name, column in COLUMNS.items() if name != "Rank")])
    mark = _quoted if delimiter == "," else str
    return "".join(delimiter.join(map(mark, row)) + "\n" for row in rows).encode()


def _quoted(field: str) -> str:
    return '"' + field.replace('"', '""') + '"' if field else ""


def _words(value: str | None, special: dict[str, str], *, title: bool = True) -> str:
    if not value:
        return ""
    plain = value.replace("_", " ")
    return special.get(value) or (plain.title() if title else plain.capitalize())


def _long_date(name: str) -> Callable[[Json], str]:
    def column(study: Json) -> str:
        parts = (protocol(study, "statusModule", name, "date") or "").split("-")
        if len(parts) < 2:
            return parts[0]
        month = calendar.month_name[int(parts[1])]
        return f"{month} {int(parts[2])}, {parts[0]}" if len(parts) == 3 else f"{month} {parts[0]}"

    return column


def _age(study: Json) -> str:
    module = protocol(study, "eligibilityModule") or {}
    groups = ", ".join(_words(group, {}) for group in module.get("stdAges") or ())
    low, high = module.get("minimumAge"), module.get("maximumAge")
    if low and high:
        limits = f"{low} to {high}"
    elif low:
        limits = f"{low} and older"
    else:
        limits = f"up to {high}" if high else ""
    return f"{limits} \u00a0 ({groups})" if limits and groups else limits or groups


def _sponsors(study: Json) -> list[Json]:
    module = protocol(study, "sponsorCollaboratorsModule") or {}
    return [*filter(None, [module.get("leadSponsor")]), *(module.get("collaborators") or ())]


def _classes(study: Json) -> list[str]:
    return list(dict.fromkeys(_CLASSES.get(one.get("class", ""), "Other") for one in _sponsors(study)))


def _study_type(study: Json) -> str:
    kind = _TYPES[protocol(study, "designModule", "studyType")]
    return f"{kind} [Patient Registry]" if protocol(study, "designModule", "patientRegistry") else kind


def _designs(study: Json) -> str:
    info = protocol(study, "designModule", "designInfo") or {}
    masking = dig(info, "maskingInfo", "masking")
    who = ", ".join(_words(one, {}) for one in dig(info, "maskingInfo", "whoMasked") or ())
    shown = "None (Open Label)" if masking == "NONE" else _words(masking, {}) + (f" ({who})" if who else "")
    pieces = {
        "Allocation": _words(info.get("allocation"), _ALLOCATIONS),
        "Intervention Model": _words(info.get("interventionModel"), _MODELS),
        "Masking": shown if masking else "",
        "Observational Model": _words(info.get("observationalModel"), _OBSERVATIONAL),
        "Primary Purpose": _words(info.get("primaryPurpose"), _PURPOSES),
        "Time Perspective": _words(info.get("timePerspective"), _OBSERVATIONAL),
    }
    return "|".join(f"{label}: {value}" for label, value in pieces.items() if value)


def _interventions(study: Json) -> str:
    found = protocol(study, "armsInterventionsModule", "interventions") or ()
    return "|".join(f"{_words(one['type'], {})}: {one['name']}" for one in found)


def _outcomes(study: Json) -> str:
    module = protocol(study, "outcomesModule") or {}
    kinds = ("primaryOutcomes", "secondaryOutcomes", "otherOutcomes")
    return "|".join(one["measure"] for kind in kinds for one in module.get(kind) or ())


def _phases(study: Json) -> str:
    special = {"NA": "Not Applicable", "EARLY_PHASE1": "Early Phase 1"}
    found = protocol(study, "designModule", "phases") or ()
    return "|".join(special.get(phase) or f"Phase {phase[-1]}" for phase in found)


def _locations(study: Json) -> str:
    found = protocol(study, "contactsLocationsModule", "locations") or ()
    names = ("facility", "city", "state", "country")
    return "|".join(", ".join(site[name] for name in names if site.get(name)) for site in found)


def _documents(study: Json) -> str:
    own = protocol(study, "identificationModule", "nctId")
    found = dig(study, "documentSection", "largeDocumentModule", "largeDocs") or ()
    return "|".join(f'"{one["label"]}", {_DOCUMENTS}/{own[-2:]}/{own}/{one["filename"]}' for one in found)


COLUMNS: dict[str, Callable[[Json], str]] = {
    "Rank": lambda _: "",
    "NCT Number": text_of("identificationModule", "nctId"),
    "Title": text_of("identificationModule", "briefTitle"),
    "Acronym": text_of("identificationModule", "acronym"),
    "Status": lambda study: _words(protocol(study, "statusModule", "overallStatus"), _STATUS, title=False),
    "Study Results": lambda study: "Has Results" if study.get("hasResults") else "No Results Available",
    "Conditions": joined("conditionsModule", "conditions"),
    "Interventions": _interventions,
    "Outcome Measures": _outcomes,
    "Sponsor/Collaborators": lambda study: "|".join(one["name"] for one in _sponsors(study)),
    "Gender": lambda study: _words(protocol(study, "eligibilityModule", "sex"), {}),
    "Age": _age,
    "Phases": _phases,
    "Enrollment": text_of("designModule", "enrollmentInfo", "count"),
    "Funded Bys": lambda study: "|".join(_classes(study)),
    "Study Type": _study_type,
    "Study Designs": _designs,
    "Other IDs": other_ids,
    "Start Date": _long_date("startDateStruct"),
    "Primary Completion Date": _long_date("primaryCompletionDateStruct"),
    "Completion Date": _long_date("completionDateStruct"),
    "First Posted": _long_date("studyFirstPostDateStruct"),
    "Results First Posted": _long_date("resultsFirstPostDateStruct"),
    "Last Update Posted": _long_date("lastUpdatePostDateStruct"),
    "Locations": _locations,
    "Study Documents": _documents,
    "URL": lambda study: f"https://ClinicalTrials.gov/show/{protocol(study, 'identificationModule', 'nctId')}",
}


def carried(study: Json) -> Json:
    """What a perfect reader gets back. The classic classes of sponsors are coarser than today's: Other says nothing."""
    found = shared(study)
    section = found["protocolSection"]
    design = protocol(study, "designModule") or {}
    info = design.get("designInfo") or {}
    classes = _classes(study)
    section["sponsorCollaboratorsModule"]["leadSponsor"]["class"] = (
        _ONE_TO_ONE.get(classes[0]) if len(classes) == 1 else None
    )
    section["eligibilityModule"] |= {
        name: protocol(study, "eligibilityModule", name) for name in ("minimumAge", "maximumAge")
    }
    section["designModule"] |= {
        "patientRegistry": True if design.get("patientRegistry") else None,
        "designInfo": interventional(info)
        | {name: info.get(name) for name in ("observationalModel", "timePerspective")},
    }
    return pruned(found)  # type: ignore[no-any-return]
