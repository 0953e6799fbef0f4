"""The words of the German Clinical Trials Register for those of the study structure.

Belongs here: the register's closed lists. Does not: its form (drks_json.py).
"""

from __future__ import annotations

STATUS = {
    "NOT_YET_RECRUITING": "PENDING",
    "RECRUITING": "RECRUITING",
    "ENROLLING_BY_INVITATION": "INVITE_ONLY",
    "SUSPENDED": "SUSPENDED",
    "ACTIVE_NOT_RECRUITING": "COMPLETE_FOLLOW_UP_CONTINUING",
    "COMPLETED": "COMPLETE_FOLLOW_UP_COMPLETE",
    "TERMINATED": "DISCONTINIUED",  # so spelt in the register's schema
    "WITHDRAWN": "WITHDRAWN",
}
STUDY_TYPE = {"INTERVENTIONAL": "INTERVENTIONAL", "OBSERVATIONAL": "NON_INTERVENTIONAL"}
ALLOCATION = {
    "NA": "SINGLE_ARM_STUDY",
    "NON_RANDOMIZED": "NON_RANDOMIZED_CONTROLLED_TRIAL",
    "RANDOMIZED": "RANDOMIZED_CONTROLLED_TRIAL",
}
ASSIGNMENT = {
    "SINGLE_GROUP": "SINGLE",
    "PARALLEL": "PARALLEL",
    "CROSSOVER": "CROSSOVER",
    "FACTORIAL": "FACTORIAL",
    "SEQUENTIAL": "OTHER",
}
WHO = {
    "PARTICIPANT": "PATIENT_SUBJECT",
    "INVESTIGATOR": "INVESTIGATOR_THERAPIST",
    "CARE_PROVIDER": "CAREGIVER",
    "OUTCOMES_ASSESSOR": "ASSESSOR",
}
PHASE = {
    ("NA",): "N_A",
    ("EARLY_PHASE1",): "PHASE_0",
    ("PHASE1",): "PHASE_I",
    ("PHASE1", "PHASE2"): "PHASE_I_II",
    ("PHASE2",): "PHASE_II",
    ("PHASE2", "PHASE3"): "PHASE_II_III",
    ("PHASE3",): "PHASE_III",
    ("PHASE4",): "PHASE_IV",
}
PURPOSE = {
    "TREATMENT": "TREATMENT",
    "PREVENTION": "PREVENTION",
    "DIAGNOSTIC": "DIAGNOSTIC",
    "SUPPORTIVE_CARE": "SUPPORTIVE_CARE",
    "SCREENING": "SCREENING",
    "HEALTH_SERVICES_RESEARCH": "HEALTH_CARE_SYSTEM",
    "BASIC_SCIENCE": "BASIC_RESEARCH_PHYSIOLOGICAL_STUDY",
    "OTHER": "OTHER",
}
SUPPORT = {"INDUSTRY": "COMMERCIAL", "NIH": "PUBLIC_FUNDING", "FED": "PUBLIC_FUNDING", "OTHER_GOV": "PUBLIC_FUNDING"}
UNIT = {"Year": "YEARS", "Month": "MONTHS", "Week": "WEEKS", "Day": "DAYS"}
COUNTRY = {
    "Argentina": "AR",
    "Australia": "AU",
    "Austria": "AT",
    "Belgium": "BE",
    "Brazil": "BR",
    "Canada": "CA",
    "Chile": "CL",
    "China": "CN",
    "Colombia": "CO",
    "Czechia": "CZ",
    "Denmark": "DK",
    "Egypt": "EG",
    "Finland": "FI",
    "France": "FR",
    "Germany": "DE",
    "Greece": "GR",
    "Hungary": "HU",
    "Iceland": "IS",
    "India": "IN",
    "Ireland": "IE",
    "Israel": "IL",
    "Italy": "IT",
    "Japan": "JP",
    "Luxembourg": "LU",
    "Mexico": "MX",
    "Netherlands": "NL",
    "New Zealand": "NZ",
    "Norway": "NO",
    "Peru": "PE",
    "Poland": "PL",
    "Portugal": "PT",
    "Romania": "RO",
    "Singapore": "SG",
    "South Africa": "ZA",
    "Spain": "ES",
    "Sweden": "SE",
    "Switzerland": "CH",
    "Thailand": "TH",
    "United Kingdom": "GB",
    "United States": "US",
}
"""ISO 3166 codes of countries in whose names nothing is disputed; others are left out of a record."""
