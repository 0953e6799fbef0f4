"""What ICTRP's rendering of a study and the account of what it carries have in common: whose record it becomes, its
number there, its parts as plain text.

Belongs here: choices that both have to make alike. Does not: how anything is written (ictrp_fields.py), what comes back
(ictrp_carried.py).
"""

from __future__ import annotations

import re
from typing import Any, Final

from pipelines.sample.render.euctr_form import eudract_number, state_of

Json = dict[str, Any]

REGISTRIES: Final = ("CTGOV", "EUCTR", "ISRCTN", "CHICTR", "JRCT", "CTRI")
_ESCAPED: Final = re.compile(r"\\([\\<>\[\]*_~^#+.`|()!-])")
_HEADING: Final = re.compile(r"(Inclusion|Exclusion) Criteria:\Z")


def protocol(study: Json, *names: str) -> Any:
    """The value at a path of the protocol section, None where a part of it is missing."""
    value: Any = study["protocolSection"]
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def nct_digits(study: Json) -> str:
    """The eight figures of the study's NCT id."""
    return str(protocol(study, "identificationModule", "nctId"))[3:]


def registry_of(study: Json) -> str:
    """The registry whose record the study is to ICTRP: by its number, but only interventional studies are in the EU's
    register, and expanded access at ClinicalTrials.gov alone."""
    kind = protocol(study, "designModule", "studyType")
    if kind == "EXPANDED_ACCESS":
        return "CTGOV"
    found = REGISTRIES[int(nct_digits(study)) % len(REGISTRIES)]
    return "ISRCTN" if found == "EUCTR" and kind != "INTERVENTIONAL" else found


def record_id_of(study: Json) -> str:
    """The study's number in that registry: another one for each NCT id, and in the registry's form."""
    digits, registry = nct_digits(study), registry_of(study)
    if registry == "EUCTR":
        return f"{eudract_number(study)}-{state_of(study, 0)[2]}"  # the record that the EU register's own form renders
    if registry == "CTRI":
        return f"CTRI/{2010 + int(digits[1])}/{int(digits[2]) or 10:02}/1{digits[3:]}"
    return {"CTGOV": "NCT", "ISRCTN": "ISRCTN", "CHICTR": "ChiCTR20", "JRCT": "jRCT20"}[registry] + digits


def plain(markup: str) -> str:
    """Text without the study shape's escapes, as registries that know no markup hold it."""
    return _ESCAPED.sub(r"\1", markup)


def criteria_lines(study: Json) -> dict[str, list[str]]:
    """Lines of the criteria under "Inclusion" and "Exclusion", items marked with a hyphen; under "" what comes before
    any heading."""
    text = protocol(study, "eligibilityModule", "eligibilityCriteria") or ""
    found: dict[str, list[str]] = {}
    part = ""
    for line in plain(text).split("\n"):
        said = " ".join(line.split())
        if heading := _HEADING.fullmatch(said):
            part = heading[1]
        elif said:
            found.setdefault(part, []).append(re.sub(r"^\* ", "- ", said))
    return found


def has_both_criteria(study: Json) -> bool:
    """Whether the criteria stand under the two headings and nowhere else."""
    return set(criteria_lines(study)) == {"Inclusion", "Exclusion"}


def countries(study: Json) -> list[str]:
    """Countries of the study's sites, each once."""
    sites = protocol(study, "contactsLocationsModule", "locations") or ()
    return list(dict.fromkeys(site["country"] for site in sites if site.get("country")))


def other_ids(study: Json) -> list[str]:
    """The numbers beside the record's own, each once: the NCT id first where it is not that."""
    module = protocol(study, "identificationModule") or {}
    found = [] if registry_of(study) == "CTGOV" else [module["nctId"]]
    found += [(module.get("orgStudyIdInfo") or {}).get("id")]
    found += [info["id"] for info in module.get("secondaryIdInfos") or ()]
    return list(dict.fromkeys(" ".join(one.split()) for one in found if one))


def contacts(study: Json) -> list[Json]:
    """Central contacts that can be reached, as ICTRP lists them: all of ClinicalTrials.gov's, one of others'."""
    found = []
    for contact in protocol(study, "contactsLocationsModule", "centralContacts") or ():
        kept = {key: contact[key] for key in ("name", "phone", "email") if contact.get(key)}
        if len(kept) > 1 and kept not in found:
            found.append(kept)
    return found if registry_of(study) == "CTGOV" else found[:1]


def is_in_groups(study: Json) -> bool:
    """Whether the size is given by group: every other record of ChiCTR with two participants or more."""
    count = protocol(study, "designModule", "enrollmentInfo", "count") or 0
    return registry_of(study) == "CHICTR" and count > 1 and int(nct_digits(study)[0:4]) % 2 == 1


def is_whole_day(date: str | None) -> bool:
    """Whether a partial date is known to the day."""
    return date is not None and len(date) == 10
