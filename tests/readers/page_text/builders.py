"""Pages for these tests: one invented study with everything the page can show, and single sections as text."""

from __future__ import annotations

import copy
from typing import Any

from pipelines.readers.page_text import PageReading, read_page
from pipelines.readers.page_text.template import SECTIONS

BY_KEY = {section.key: section for section in SECTIONS}

FULL_STUDY: dict[str, Any] = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT99000001",
            "briefTitle": "Lorvatinib for Migraine in Adults Who Sail",
            "orgStudyIdInfo": {"id": "SAIL-7", "type": "NIH"},
            "secondaryIdInfos": [
                {"id": "2021-990011-22", "type": "EUDRACT_NUMBER"},
                {"id": "REG-5", "type": "REGISTRY"},
            ],
        },
        "statusModule": {
            "overallStatus": "RECRUITING",
            "startDateStruct": {"date": "2024-02-29"},
            "completionDateStruct": {"date": "2026-11"},
            "lastUpdatePostDateStruct": {"date": "2025-01-02"},
        },
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": "Harbour University", "class": "OTHER"},
            "collaborators": [
                {"name": "Breeze Pharma", "class": "INDUSTRY"},
                {"name": "Institute of Tides", "class": "UNKNOWN"},
            ],
            "responsibleParty": {
                "type": "PRINCIPAL_INVESTIGATOR",
                "investigatorFullName": "Quilla Marrow",
                "investigatorTitle": "Professor of Neurology",
                "investigatorAffiliation": "Harbour University",
            },
        },
        "descriptionModule": {
            "briefSummary": "Sailors get headaches.\n\nThis study follows NCT99000777: does lorvatinib help?",
            "detailedDescription": "Phase one:\n\n* first week\n* second week",
        },
        "conditionsModule": {"conditions": ["Migraine", "Diabetes Mellitus, Type 2", "Motion Sickness"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2", "PHASE3"],
            "enrollmentInfo": {"count": 1250},
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "PARALLEL",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {"masking": "DOUBLE"},
            },
        },
        "armsInterventionsModule": {
            "armGroups": [
                {
                    "label": "Lorvatinib",
                    "description": "Tablets are taken every morning before the boat leaves the harbour.",
                    "interventionNames": ["Drug: Lorvatinib", "Behavioral: Diary"],
                },
                {
                    "label": "Placebo",
                    "description": "Placebo tablets are taken every morning before the boat leaves.",
                    "interventionNames": ["Drug: Placebo", "Behavioral: Diary"],
                },
                {"label": "Shore group", "description": "These participants stay ashore and are only observed."},
            ],
            "interventions": [
                {
                    "type": "DRUG",
                    "name": "Lorvatinib",
                    "description": "20 mg tablet by mouth once daily for twelve weeks.",
                },
                {
                    "type": "DRUG",
                    "name": "Placebo",
                    "description": "A tablet without any active substance in it at all.",
                },
                {
                    "type": "BEHAVIORAL",
                    "name": "Diary",
                    "description": "Participants note every headache in a paper diary.",
                },
            ],
        },
        "eligibilityModule": {
            "eligibilityCriteria": (
                "Inclusion Criteria:\n\n1. Age 18 to 70 years\n2. Owns a boat\n\n"
                "Exclusion Criteria:\n\n1. Sea sickness\n2. QTc \\> 450 ms"
            ),
            "minimumAge": "18 Years",
            "maximumAge": "70 Years",
            "sex": "ALL",
            "healthyVolunteers": False,
        },
        "contactsLocationsModule": {
            "overallOfficials": [
                {"name": "Quilla Marrow, MD", "role": "PRINCIPAL_INVESTIGATOR", "affiliation": "Harbour University"},
                {"name": "Ossian Petrel, PhD", "role": "STUDY_CHAIR", "affiliation": "Institute of Tides"},
            ],
            "centralContacts": [
                {
                    "name": "Desk of Quilla Marrow",
                    "role": "CONTACT",
                    "phone": "+99 12345678",
                    "email": "sail@example.org",
                }
            ],
            "locations": [
                {
                    "facility": "Harbour Clinic",
                    "city": "Bergen",
                    "country": "Norway",
                    "status": "RECRUITING",
                    "contacts": [
                        {"name": "Wren Dockside", "role": "CONTACT", "phone": "555-010-7788", "phoneExt": "12"},
                        {"name": "Finn Jetty", "role": "CONTACT", "email": "jetty@example.org"},
                    ],
                },
                {"facility": "Pier Hospital", "city": "Boston", "state": "Massachusetts", "country": "United States"},
                {"facility": "East Dock Center", "city": "Seoul", "country": "Korea, Republic of"},
            ],
        },
        "referencesModule": {
            "references": [
                {"citation": "Marrow Q, Petrel O. Headache at sea. J Tides. 2020;4:1-9. doi: 10.9999/jt.2020.44."},
                {"citation": "Petrel O. Boats. J Tides. 2021;5:3."},
            ],
            "seeAlsoLinks": [{"url": "https://sail.example.org/study", "label": "The study's own page"}],
        },
    },
    "hasResults": False,
    "registrySection": {
        "page": {
            "relatedClinicalTrials": [
                {"nctId": "NCT99000222", "briefTitle": "Headache on Trains"},
                {"nctId": "NCT99000333", "briefTitle": "Headache on Bikes", "overallStatus": "COMPLETED"},
            ],
            "moreRelatedTrials": [
                {
                    "nctId": "NCT99000444",
                    "briefTitle": "Headache on Foot",
                    "overallStatus": "ACTIVE_NOT_RECRUITING",
                    "phases": ["NA"],
                },
            ],
        }
    },
}


def full_study() -> dict[str, Any]:
    """A fresh copy of the invented study."""
    return copy.deepcopy(FULL_STUDY)


def section(key: str, *lines: str, blank: bool = True) -> str:
    """One section as text: heading, caption, lines."""
    part = BY_KEY[key]
    head = [part.heading] + ([f"{part.caption} this study."] if part.caption else [])
    return ("\n\n" if blank else "\n").join([*head, *lines])


def read_section(key: str, *lines: str, blank: bool = True) -> PageReading:
    """Read a page that has this one section only."""
    return read_page(section(key, *lines, blank=blank))


def got(reading: PageReading, field: str) -> tuple[Any, str]:
    """(value, state) of a field, by the end of its name."""
    names = [item for item in reading.fields if item.field == field or item.field.endswith("." + field)]
    assert len(names) == 1, f"{field} names {len(names)} fields"
    return names[0].value, names[0].state
