"""A study as ICTRP's fields, written the way its source registry and ICTRP write them.

Belongs here: which field holds what, dates, names and texts with their separators and left-overs of HTML. Does not:
words for what is coded (ictrp_words.py), the files around them, what can be had back (ictrp_carried.py).
"""

from __future__ import annotations

import textwrap
from datetime import date
from typing import Final

from pipelines.sample.render.ictrp_parts import (
    Json,
    contacts,
    countries,
    criteria_lines,
    has_both_criteria,
    is_whole_day,
    nct_digits,
    other_ids,
    protocol,
    record_id_of,
    registry_of,
)
from pipelines.sample.render.ictrp_words import (
    age_words,
    design_words,
    phase_words,
    sex_words,
    size_words,
    status_words,
    type_words,
)

_REGISTERS: Final = {
    "CTGOV": "ClinicalTrials.gov",
    "EUCTR": "EU Clinical Trials Register",
    "ISRCTN": "ISRCTN",
    "CHICTR": "ChiCTR",
    "JRCT": "JPRN",
    "CTRI": "CTRI",
}
_PREFIXES: Final = {"EUCTR": "EUCTR", "JRCT": "JPRN-"}
_BREAK: Final = "\r<br>"


def fields_of(study: Json) -> dict[str, str]:
    """The study's fields by their XML names, in ICTRP's order; those that say nothing are left out."""
    registry = registry_of(study)
    status = protocol(study, "statusModule") or {}
    is_ctgov = registry == "CTGOV"
    registered = (
        status.get("studyFirstSubmitDate") if is_ctgov else (status.get("studyFirstPostDateStruct") or {}).get("date")
    )
    fields = {
        "Export_date": "11/21/2026 06:01:13",
        "Internal_Number": str(int(nct_digits(study)) - 80_000_000),
        "TrialID": _PREFIXES.get(registry, "") + record_id_of(study),
        "Last_Refreshed_on": _long_day((status.get("lastUpdatePostDateStruct") or {}).get("date")),
        "Public_title": protocol(study, "identificationModule", "briefTitle") or "",
        "Scientific_title": (protocol(study, "identificationModule", "officialTitle") or "") + " " * 40,
        "Acronym": protocol(study, "identificationModule", "acronym") or "",
        "Primary_sponsor": protocol(study, "sponsorCollaboratorsModule", "leadSponsor", "name") or "",
        "Retrospective_flag": _registration_flag(registered, (status.get("startDateStruct") or {}).get("date")),
        "Date_registration3": (registered or "").replace("-", ""),
        "Date_registration": _day(registered, registry),
        "Source_Register": _REGISTERS[registry],
        "web_address": _address(study, registry),
        "Recruitment_Status": status_words(status.get("overallStatus"), registry),
        "other_records": "No",
        "Inclusion_agemin": age_words(protocol(study, "eligibilityModule", "minimumAge"), registry, ">="),
        "Inclusion_agemax": age_words(protocol(study, "eligibilityModule", "maximumAge"), registry, "<="),
        "Inclusion_gender": sex_words(protocol(study, "eligibilityModule", "sex"), registry),
        "Date_enrollement": _enrolment((status.get("startDateStruct") or {}).get("date"), registry),
        "Target_size": size_words(study, registry),
        "Study_type": type_words(study, registry),
        "Study_design": design_words(study, registry),
        "Phase": phase_words(study, registry),
        "Countries": ";".join(countries(study) + (["Asia except Japan"] if registry == "JRCT" else [])),
        **_contacts(study, registry),
        **_criteria(study, registry),
        "Condition": _condition(study, registry),
        "Intervention": _intervention(study, registry),
        "Primary_outcome": _outcomes(study, registry, "primaryOutcomes"),
        "Secondary_outcome": _outcomes(study, registry, "secondaryOutcomes"),
        "Secondary_ID": ";".join(other_ids(study)),
        "Source_Support": "Please refer to primary and secondary sponsors",
        "Secondary_Sponsor": ";".join(
            one["name"] for one in protocol(study, "sponsorCollaboratorsModule", "collaborators") or ()
        ),
        **_results(study, registry),
    }
    if registry != "CTGOV":
        fields |= {"Ethics_review_status": "Approved", "Ethics_review_approval_date": "01/01/1900"}
    return {name: text for name, text in fields.items() if text.strip()}


def _day(day: str | None, registry: str) -> str:
    """A date of registration, or of first enrolment, known to the day."""
    if day is None or not is_whole_day(day):
        return ""
    year, month, of_month = day.split("-")
    if registry == "CHICTR":
        return day
    return ("-" if registry == "CTRI" else "/").join((of_month, month, year))


def _long_day(day: str | None) -> str:
    return f"{int(day[8:])} {date.fromisoformat(day):%B %Y}" if day else ""


def _enrolment(start: str | None, registry: str) -> str:
    if start is None or registry != "CTGOV":
        return _day(start, registry)
    if len(start) == 4:
        return start
    known = date.fromisoformat(start if is_whole_day(start) else f"{start}-01")
    return f"{known:%B} {known.day}, {known.year}" if is_whole_day(start) else f"{known:%B %Y}"


def _registration_flag(registered: str | None, start: str | None) -> str:
    if registered is None or start is None or not is_whole_day(start):
        return ""
    return "Yes" if registered <= start else "No"


def _address(study: Json, registry: str) -> str:
    if registry == "CHICTR":
        return f"http://www.chictr.org.cn/showproj.aspx?proj={int(nct_digits(study)) % 100_000}"
    return f"https://registry.example.org/{record_id_of(study).removesuffix(record_id_of(study)[15:])}"


def _contacts(study: Json, registry: str) -> dict[str, str]:
    found = contacts(study)
    if registry != "CTGOV":
        contact = found[0] if found else {}
        first, _, last = contact.get("name", "").rpartition(" ")
        names = (contact.get("name", ""), "") if registry == "CHICTR" else (first, last)
        return {
            "Contact_Firstname": names[0],
            "Contact_Lastname": names[1],
            "Contact_Address": "1 Example Street; Second floor" if contact else "",
            "Contact_Email": contact.get("email", ""),
            "Contact_Tel": contact.get("phone", ""),
        }
    officials = [one["name"] for one in protocol(study, "contactsLocationsModule", "overallOfficials") or ()]
    people = [{"name": name} for name in officials] + found
    return {
        "Contact_Firstname": "; " * (len(people) - 1),
        "Contact_Lastname": ";".join(one.get("name", "") for one in people),
        "Contact_Email": ";".join(one.get("email", "") for one in people),
        "Contact_Tel": ";".join(one.get("phone", "") for one in people),
    }


def _criteria(study: Json, registry: str) -> dict[str, str]:
    if registry == "CTGOV":
        return {"Inclusion_Criteria": _textblock(study)}
    lines = criteria_lines(study)
    if not has_both_criteria(study):
        everything = [one for part in lines.values() for one in part]
        return {"Inclusion_Criteria": "Inclusion criteria: " + "<br>".join(everything) if everything else ""}
    return {
        f"{part}_Criteria": f"{part} criteria: " + ("\n<br>" if registry == "CHICTR" else "<br>").join(lines[part])
        for part in ("Inclusion", "Exclusion")
    }


def _textblock(study: Json) -> str:
    """Criteria as ClinicalTrials.gov's text blocks: indented, wrapped, a blank line between paragraphs."""
    paragraphs = []
    for part, lines in criteria_lines(study).items():
        paragraphs += [" " * 8 + f"{part} Criteria:"] if part else []
        paragraphs += [_BREAK.join(_wrapped(line)) for line in lines]
    return _BREAK + f"{_BREAK}{_BREAK}".join(paragraphs) + f"{_BREAK}      " if paragraphs else ""


def _wrapped(line: str) -> list[str]:
    """A paragraph in lines of some 90 characters; none begins with what could be the mark of an item."""
    lines = textwrap.wrap(line, 80, break_long_words=False, break_on_hyphens=False)
    found: list[str] = []
    for one in lines:
        word = one.split(" ", 1)[0]
        if found and (len(word) == 1 or (len(word) < 5 and not word.isalpha())):
            found[-1] += " " + one
        else:
            found.append(one)
    return [" " * (10 if number == 0 else 13) + one for number, one in enumerate(found)]


def _condition(study: Json, registry: str) -> str:
    conditions = protocol(study, "conditionsModule", "conditions") or []
    if registry == "CTGOV":
        return ";".join(conditions)
    text = ", ".join(conditions)
    if registry == "EUCTR" and text:
        code = f"Level: PT\nClassification code 10000000\nTerm: {conditions[0]}"
        return f"{text} <br>MedDRA version: 21.1\n{code}\n;Therapeutic area: Diseases [C]"
    return f"{text} <br>{conditions[0]} <br>Not Applicable" if registry in ("ISRCTN", "JRCT") and text else text


def _intervention(study: Json, registry: str) -> str:
    found = protocol(study, "armsInterventionsModule", "interventions") or ()
    if registry == "CTGOV":
        return ";".join(f"{one['type'].replace('_', ' ').title()}: {one['name']}" for one in found)
    if registry == "EUCTR":
        blocks = []
        for one in found:
            lines = [f"Product Name: {one['name']}", "Pharmaceutical Form: Tablet"]
            lines += [f"INN or Proposed INN: {one['otherNames'][0]}"] if one.get("otherNames") else []
            blocks.append("<br>".join(lines))
        return "<br>" + "<br><br>".join(blocks) + "<br>" if blocks else ""
    return "".join(f"Group {number}:{one['name']};" for number, one in enumerate(found, start=1))


def _outcomes(study: Json, registry: str, kind: str) -> str:
    found = protocol(study, "outcomesModule", kind) or ()
    measures = [one["measure"] for one in found]
    if not measures:
        return ""
    if registry == "CTGOV":
        return ";".join(measures)
    if registry == "CHICTR":
        return "".join(f"{measure};" for measure in measures)
    if registry == "EUCTR":
        label = "Primary" if kind == "primaryOutcomes" else "Secondary"
        times = list(dict.fromkeys(one["timeFrame"] for one in found if one.get("timeFrame")))
        pieces = [f"{label} end point(s): " + "<br>".join(measures)]
        pieces += [f"Timepoint(s) of evaluation of this end point: {'<br>'.join(times)}"] if times else []
        pieces += ["Main Objective: To learn more"] if label == "Primary" else []
        return ";".join(reversed(pieces) if int(nct_digits(study)) % 4 else pieces)
    return (
        "<br>" + "<br>".join(f"     {number}. {measure}" for number, measure in enumerate(measures, start=1)) + "<br>"
    )


def _results(study: Json, registry: str) -> dict[str, str]:
    status = protocol(study, "statusModule") or {}
    fields = {}
    if registry in ("ISRCTN", "JRCT"):
        fields["results_date_completed"] = _day((status.get("completionDateStruct") or {}).get("date"), registry)
    if registry == "CTGOV" and study.get("hasResults"):
        posted = (status.get("resultsFirstPostDateStruct") or {}).get("date")
        fields |= {"results_yes_no": "Yes", "results_date_posted": _day(posted, registry)}
        fields["results_url_link"] = f"https://clinicaltrials.gov/ct2/show/results/{record_id_of(study)}"
    return fields
