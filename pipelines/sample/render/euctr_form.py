"""The form of the EU Clinical Trials Register as text: one member state's protocol of a synthetic study.

Belongs here: sections A to P with their labels, as the register's download writes them. Does not: files of several
protocols, what a reader gets back (euctr_text.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Struct = dict[str, Any]
ABSENT = "Information not present in EudraCT"
MEDICINES = ("DRUG", "BIOLOGICAL", "GENETIC", "COMBINATION_PRODUCT")
STATES = (
    ("Germany", "BfArM", "DE"),
    ("France", "ANSM", "FR"),
    ("Spain", "AEMPS", "ES"),
    ("Sweden", "MPA", "SE"),
    ("Italy", "Italian Medicines Agency", "IT"),
    ("United Kingdom", "MHRA", "GB"),
    ("Belgium", "FPS Health-DGM", "BE"),
)
_TRIAL_STATUS = {"COMPLETED": "Completed", "TERMINATED": "Prematurely Ended", "SUSPENDED": "Temporarily Halted"}
_SCOPES = (
    *("Diagnosis", "Prophylaxis", "Therapy", "Safety", "Efficacy", "Pharmacokinetic", "Pharmacodynamic"),
    *("Bioequivalence", "Dose response", "Pharmacogenetic", "Pharmacogenomic", "Pharmacoeconomic", "Others"),
)
_HEADING = re.compile(r"(?m)^\s*(Inclusion|Exclusion) Criteria:?[ \t]*$", re.IGNORECASE)


def one_line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def module(study: Struct, name: str) -> Struct:
    """A module of the protocol section, empty where the study has none."""
    found: Struct = study["protocolSection"].get(name, {})
    return found


def digits_of(study: Struct) -> str:
    """The eight figures of the study's NCT id."""
    return str(module(study, "identificationModule")["nctId"])[3:]


def eudract_number(study: Struct) -> str:
    """A EudraCT number that no other NCT id gives."""
    digits = digits_of(study)
    serial = digits[2:] if digits[2:].strip("0") else "900000"
    year = 2004 + int(digits[:2]) % 19
    if year >= 2020 and serial.startswith("5"):  # from 2020 on these are EU CT numbers
        year -= 16
    return f"{year}-{serial}-{digits[:2]}"


def state_of(study: Struct, number: int) -> tuple[str, str, str]:
    """(country, authority, code) of the study's member state of that number, 0-based."""
    return STATES[(int(digits_of(study)) + number) % len(STATES)]


def criteria_parts(text: str) -> tuple[str, str]:
    """(inclusion, exclusion) of a criteria text with headings; all of it is inclusion where it has none."""
    pieces = _HEADING.split(text)
    parts = {"inclusion": "", "exclusion": ""}
    if len(pieces) == 1:
        return _trimmed(text), ""
    for kind, body in zip(pieces[1::2], pieces[2::2], strict=True):
        parts[kind.lower()] += body
    return _trimmed(parts["inclusion"]), _trimmed(parts["exclusion"])


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def protocol(study: Struct, number: int) -> list[str]:
    """The lines of a member state's protocol."""
    country, authority, code = state_of(study, number)
    lines = [*_summary(study, country, authority, code), ""]
    for section in (_section_a(study, country, authority), _section_b(study), _section_d(study), _section_e(study)):
        lines += [*section, ""]
    return [*lines, *_section_f(study), "", *_closing(study), ""]


def _yes(value: object) -> str:
    return "Yes" if value else "No"


def trial_status(study: Struct) -> str:
    """The status as the register says it."""
    return _TRIAL_STATUS.get(module(study, "statusModule").get("overallStatus", ""), "Ongoing")


def _summary(study: Struct, country: str, authority: str, code: str) -> Iterator[str]:
    yield "Summary"
    yield f"EudraCT Number: {eudract_number(study)}"
    code_number = module(study, "identificationModule").get("orgStudyIdInfo", {}).get("id", "")
    yield f"Sponsor's Protocol Code Number: {one_line(code_number)}"
    yield f"National Competent Authority: {'UK' if code == 'GB' else country} - {authority}"
    yield "Clinical Trial Type: EEA CTA"
    yield f"Trial Status: {trial_status(study)}"
    entered = module(study, "statusModule").get("studyFirstSubmitDate", "")
    yield f"Date on which this record was first entered in the EudraCT database: {entered}"
    yield f"Link: https://www.clinicaltrialsregister.eu/ctr-search/trial/{eudract_number(study)}/{code}/"


def _section_a(study: Struct, country: str, authority: str) -> Iterator[str]:
    titles = module(study, "identificationModule")
    yield "A. Protocol Information"
    yield f"A.1 Member State Concerned: {'UK' if country == 'United Kingdom' else country} - {authority}"
    yield f"A.2 EudraCT number: {eudract_number(study)}"
    if "officialTitle" in titles:
        yield f"A.3 Full title of the trial: {one_line(titles['officialTitle'])}"
    lay = "A.3.1 Title of the trial for lay people, in easily understood, i.e. non-technical, language"
    if "briefTitle" in titles:
        yield f"{lay}: {one_line(titles['briefTitle'])}"
    if "acronym" in titles:
        yield f"A.3.2 Name or abbreviated title of the trial where available: {one_line(titles['acronym'])}"
    if "orgStudyIdInfo" in titles:
        yield f"A.4.1 Sponsor's protocol code number: {one_line(titles['orgStudyIdInfo']['id'])}"
    yield f"A.5.2 US NCT (ClinicalTrials.gov registry) number: {titles['nctId']}"
    others = titles.get("secondaryIdInfos", [])
    if others:
        yield "A.5.4 Other Identifiers:"
        for other in others:
            name = other.get("domain") or other.get("type") or ""
            yield f"Name:{one_line(name)}Number:{one_line(other['id'])}"
    yield "A.7 Trial is part of a Paediatric Investigation Plan: No"
    yield "A.8 EMA Decision number of Paediatric Investigation Plan:"


def _section_b(study: Struct) -> Iterator[str]:
    sponsors = module(study, "sponsorCollaboratorsModule")
    lead = sponsors.get("leadSponsor", {})
    yield "B. Sponsor Information"
    yield "Sponsor 1"
    yield f"B.1.1 Name of Sponsor: {one_line(lead.get('name', ''))}"
    yield "B.1.3.4\tCountry: Ruritania"
    is_commercial = lead.get("class") == "INDUSTRY"
    yield f"B.3.1 and B.3.2\tStatus of the sponsor: {'Commercial' if is_commercial else 'Non-Commercial'}"
    yield "B.4 Source(s) of Monetary or Material Support for the clinical trial:"
    for helper in sponsors.get("collaborators", []):
        yield f"B.4.1 Name of organisation providing support: {one_line(helper['name'])}"
        yield "B.4.2 Country: Ruritania"
    yield "B.5 Contact point designated by the sponsor for further information on the trial"
    yield f"B.5.1 Name of organisation: {one_line(lead.get('name', ''))}"
    contact: Struct = next(iter(module(study, "contactsLocationsModule").get("centralContacts", [])), {})
    yield f"B.5.2 Functional name of contact point: {one_line(contact.get('name', ''))}"
    yield "B.5.3 Address"
    yield "B.5.3.2 Town/ city: Strelsau"
    yield f"B.5.4 Telephone number: {one_line(contact.get('phone', ''))}"
    yield f"B.5.6 E-mail: {one_line(contact.get('email', ''))}"


def medicines(study: Struct) -> list[Struct]:
    """The interventions that are medicinal products: the form has no others."""
    found = module(study, "armsInterventionsModule").get("interventions", [])
    return [one for one in found if one.get("type") in MEDICINES]


def _section_d(study: Struct) -> Iterator[str]:
    yield "D. IMP Identification"
    for number, product in enumerate(medicines(study), start=1):
        yield f"D.IMP: {number}"
        yield "D.1.2 and D.1.3 IMP Role: Test"
        yield "D.2 Status of the IMP to be used in the clinical trial"
        yield "D.2.1 IMP to be used in the trial has a marketing authorisation: No"
        yield "D.2.5 The IMP has been designated in this indication as an orphan drug in the Community: No"
        yield "D.2.5.1 Orphan drug designation number:"
        yield "D.3 Description of the IMP"
        yield f"D.3.1 Product name: {one_line(product['name'])}"
        yield "D.3.4 Pharmaceutical form: Tablet"
        yield "D.3.4.1 Specific paediatric formulation: No"
        yield "D.3.7 Routes of administration for this IMP:"
        yield "Oral use"
        for name in product.get("otherNames", []):
            yield "D.3.8 to D.3.10 IMP Identification Details (Active Substances)"
            yield f"D.3.9.3 Other descriptive name: {one_line(name)}"
        yield "D.3.11 The IMP contains an"
        kind = product["type"]
        yield f"D.3.11.1 Active substance of chemical origin: {_yes(kind == 'DRUG')}"
        biological = "Active substance of biological/ biotechnological origin (other than Advanced Therapy IMP (ATIMP)"
        yield f"D.3.11.2 {biological}: {_yes(kind == 'BIOLOGICAL')}"
        yield f"D.3.11.3.2 Gene therapy medical product: {_yes(kind == 'GENETIC')}"
        device = "Combination product that includes a device, but does not involve an Advanced Therapy"
        yield f"D.3.11.4 {device}: {_yes(kind == 'COMBINATION_PRODUCT')}"
        yield "D.3.11.13 Another type of medicinal product: No"
    yield ""
    yield "D.8 Information on Placebo"


def _end_points(study: Struct) -> Iterator[str]:
    outcomes = module(study, "outcomesModule")
    for code, name, kind in (("5.1", "Primary", "primaryOutcomes"), ("5.2", "Secondary", "secondaryOutcomes")):
        listed = outcomes.get(kind, [])
        measures = [one_line(one["measure"]) for one in listed]
        if len(measures) > 1:
            measures = [f"{number}. {measure}" for number, measure in enumerate(measures, start=1)]
        yield f"E.{code} {name} end point(s): " + "\n".join(measures)
        times = dict.fromkeys(one_line(one["timeFrame"]) for one in listed if one.get("timeFrame"))
        yield f"E.{code}.1 Timepoint(s) of evaluation of this end point: " + "; ".join(times)


def _section_e(study: Struct) -> Iterator[str]:
    design = module(study, "designModule")
    info = design.get("designInfo", {})
    yield "E. General Information on the Trial"
    yield "E.1 Medical condition or disease under investigation"
    conditions = [one_line(one) for one in module(study, "conditionsModule").get("conditions", [])]
    yield f"E.1.1 Medical condition(s) being investigated: {'; '.join(conditions)}"
    yield "MedDRA Classification"
    yield "E.1.3 Condition being studied is a rare disease: No"
    yield "E.2 Objective of the trial"
    yield "E.2.3 Trial contains a sub-study: No"
    inclusion, exclusion = criteria_parts(module(study, "eligibilityModule").get("eligibilityCriteria", ""))
    yield f"E.3 Principal inclusion criteria: {inclusion}"
    yield f"E.4 Principal exclusion criteria: {exclusion}"
    yield "E.5 End points"
    yield from _end_points(study)
    yield "E.6 and E.7 Scope of the trial"
    yield "E.6 Scope of the Trial"
    purposes = {"DIAGNOSTIC": "Diagnosis", "PREVENTION": "Prophylaxis", "TREATMENT": "Therapy"}
    for number, scope in enumerate(_SCOPES, start=1):
        yield f"E.6.{number} {scope}: {_yes(purposes.get(info.get('primaryPurpose')) == scope)}"
    yield "E.7 Trial type and phase "
    phases = design.get("phases", [])
    is_first = "EARLY_PHASE1" in phases
    yield f"E.7.1 Human pharmacology (Phase I): {_yes(is_first or 'PHASE1' in phases)}"
    yield f"E.7.1.1 First administration to humans: {_yes(is_first)}"
    yield f"E.7.2 Therapeutic exploratory (Phase II): {_yes('PHASE2' in phases)}"
    yield f"E.7.3 Therapeutic confirmatory (Phase III): {_yes('PHASE3' in phases)}"
    yield f"E.7.4 Therapeutic use (Phase IV): {_yes('PHASE4' in phases)}"
    yield from _design(study, info)


def _design(study: Struct, info: Struct) -> Iterator[str]:
    model, masking = info.get("interventionModel"), info.get("maskingInfo", {}).get("masking")
    allocation = info.get("allocation")
    yield "E.8 Design of the trial"
    yield f"E.8.1 Controlled: {_yes(allocation in ('RANDOMIZED', 'NON_RANDOMIZED'))}"
    yield f"E.8.1.1 Randomised: {ABSENT if allocation is None else _yes(allocation == 'RANDOMIZED')}"
    yield f"E.8.1.2 Open: {_yes(masking == 'NONE')}"
    yield f"E.8.1.3 Single blind: {_yes(masking == 'SINGLE')}"
    yield f"E.8.1.4 Double blind: {_yes(masking in ('DOUBLE', 'TRIPLE', 'QUADRUPLE'))}"
    yield f"E.8.1.5 Parallel group: {_yes(model == 'PARALLEL')}"
    yield f"E.8.1.6 Cross over: {_yes(model == 'CROSSOVER')}"
    yield f"E.8.1.7 Other: {_yes(model in ('FACTORIAL', 'SEQUENTIAL'))}"
    yield "E.8.2 Comparator of controlled trial"
    arms = module(study, "armsInterventionsModule").get("armGroups", [])
    if arms:
        yield f"E.8.2.4 Number of treatment arms in the trial: {len(arms)}"
    yield "E.8.5 The trial involves multiple Member States: Yes"
    yield "E.8.6 Trial involving sites outside the EEA"
    yield "E.8.6.1 Trial being conducted both within and outside the EEA: Yes"
    yield "E.8.6.2 Trial being conducted completely outside of the EEA: No"
    yield "E.8.6.3 If E.8.6.1 or E.8.6.2 are Yes, specify the regions in which trial sites are planned:"
    yield "Russian Federation\nUnited States"
    committee = module(study, "oversightModule").get("oversightHasDmc")
    yield f"E.8.7 Trial has a data monitoring committee: {ABSENT if committee is None else _yes(committee)}"
    yield "E.8.9 Initial estimate of the duration of the trial"
    yield "E.8.9.1 In the Member State concerned years: 2"


def _section_f(study: Struct) -> Iterator[str]:
    people = module(study, "eligibilityModule")
    ages, sex = people.get("stdAges", []), people.get("sex")
    yield "F. Population of Trial Subjects"
    yield "F.1 Age Range"
    yield f"F.1.1 Trial has subjects under 18: {_yes('CHILD' in ages)}"
    yield f"F.1.2 Adults (18-64 years): {_yes('ADULT' in ages)}"
    yield f"F.1.3 Elderly (>=65 years): {_yes('OLDER_ADULT' in ages)}"
    yield "F.2 Gender"
    yield f"F.2.1 Female: {_yes(sex in ('ALL', 'FEMALE'))}"
    yield f"F.2.2 Male: {_yes(sex in ('ALL', 'MALE'))}"
    yield "F.3 Group of trial subjects"
    healthy = people.get("healthyVolunteers")
    yield f"F.3.1 Healthy volunteers: {ABSENT if healthy is None else _yes(healthy)}"
    yield "F.3.3 Specific vulnerable populations: No"
    yield "F.3.3.1 Women of childbearing potential not using contraception : No"
    yield "F.4 Planned number of subjects to be included"
    yield "F.4.2 For a multinational trial"
    count = module(study, "designModule").get("enrollmentInfo", {}).get("count")
    if count is not None:
        yield f"F.4.2.2 In the whole clinical trial: {count}"


def _closing(study: Struct) -> Iterator[str]:
    yield "G. Investigator Networks to be involved in the Trial"
    yield ""
    yield "N. Review by the Competent Authority or Ethics Committee in the country concerned"
    yield "N. Competent Authority Decision: Authorised"
    yield ""
    yield "P. End of Trial"
    yield f"P. End of Trial Status: {trial_status(study)}"
    end = module(study, "statusModule").get("completionDateStruct", {})
    if end.get("type") == "ACTUAL":
        yield f"P. Date of the global end of the trial: {end['date']}"
