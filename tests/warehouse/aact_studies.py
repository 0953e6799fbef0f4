"""Five synthetic studies, small enough to work every answer out by hand, and the warehouse of schema aact made of them.

Belongs here: the studies as API v2 gives them, and building. Tests of queries are in test_aact.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import orjson

from pipelines.warehouse.aact import SCHEMA, create_names
from pipelines.warehouse.models import Model, materialise
from tests.identity.world import models
from tests.staging.build import empty_build, ingest_landing

Json = dict[str, Any]

MODELS = models()
VIEWS: list[Model] = [model for model in MODELS.values() if model.schema == SCHEMA]


def build(studies: list[Json], root: Path) -> duckdb.DuckDBPyConnection:
    """A warehouse of these studies with the views of schema aact, opened read-only as a user would, on path aact."""
    landing = root / "landing"
    landing.mkdir(parents=True)
    (landing / "studies.json").write_bytes(orjson.dumps(studies))
    path = root / "warehouse.duckdb"
    with empty_build(path) as connection:
        report = ingest_landing(connection, landing, root / "home")
        assert report.records_accepted == len(studies)
        for name in ("core.country", "core.ctgov_record"):
            materialise(connection, MODELS[name])
        for view in VIEWS:
            materialise(connection, view)
        create_names(connection, VIEWS)
    connection = duckdb.connect(str(path), read_only=True)
    connection.execute(f"USE {SCHEMA}")
    return connection


def _study(nct_id: str, title: str, design: Json, status: Json, **modules: Any) -> Json:
    return {
        "protocolSection": {
            "identificationModule": {"nctId": nct_id, "briefTitle": title, "orgStudyIdInfo": {"id": f"P-{nct_id[-1]}"}},
            "statusModule": status,
            "designModule": design,
            **{f"{name}Module": module for name, module in modules.items() if name not in ("results", "mesh")},
        },
        **({"resultsSection": modules["results"]} if "results" in modules else {}),
        "derivedSection": {"conditionBrowseModule": modules.get("mesh", {})},
        "hasResults": "results" in modules,
    }


def _day(date: str, kind: str = "ACTUAL") -> Json:
    return {"date": date, "type": kind}


def _site(facility: str, city: str, country: str, **more: Any) -> Json:
    return {"facility": facility, "city": city, "country": country, **more}


def _count(group: str, value: str) -> Json:
    return {"groupId": group, "value": value}


RESULTS: Json = {
    "participantFlowModule": {
        "groups": [{"id": "FG000", "title": "Alphamab"}, {"id": "FG001", "title": "Alphamab and radiation"}],
        "periods": [
            {
                "title": "Overall Study",
                "milestones": [
                    {
                        "type": "STARTED",
                        "achievements": [
                            {"groupId": "FG000", "numSubjects": "120"},
                            {"groupId": "FG001", "numSubjects": "80"},
                        ],
                    }
                ],
                "dropWithdraws": [
                    {"type": "Death", "reasons": [{"groupId": "FG000", "numSubjects": "6"}]},
                ],
            }
        ],
    },
    "baselineCharacteristicsModule": {
        "groups": [{"id": "BG000", "title": "Alphamab"}, {"id": "BG001", "title": "Alphamab and radiation"}],
        "denoms": [{"units": "Participants", "counts": [_count("BG000", "120"), _count("BG001", "80")]}],
        "measures": [
            {
                "title": "Age, Continuous",
                "paramType": "MEAN",
                "dispersionType": "STANDARD_DEVIATION",
                "unitOfMeasure": "years",
                "classes": [
                    {
                        "categories": [
                            {
                                "measurements": [
                                    {"groupId": "BG000", "value": "54.5", "spread": "9.25"},
                                    {"groupId": "BG001", "value": "56", "spread": "NA"},
                                ]
                            }
                        ]
                    }
                ],
            }
        ],
    },
    "outcomeMeasuresModule": {
        "outcomeMeasures": [
            {
                "type": "PRIMARY",
                "title": "Overall survival",
                "paramType": "MEDIAN",
                "unitOfMeasure": "months",
                "timeFrame": "3 years",
                "groups": [{"id": "OG000", "title": "Alphamab"}, {"id": "OG001", "title": "Alphamab and radiation"}],
                "denoms": [{"units": "Participants", "counts": [_count("OG000", "118"), _count("OG001", "80")]}],
                "classes": [
                    {
                        "categories": [
                            {
                                "measurements": [
                                    {"groupId": "OG000", "value": "21.5", "lowerLimit": "18", "upperLimit": "NA"},
                                    {"groupId": "OG001", "value": "30", "lowerLimit": "25.5", "upperLimit": "36"},
                                ]
                            }
                        ]
                    }
                ],
                "analyses": [
                    {
                        "groupIds": ["OG000", "OG001"],
                        "pValue": "<0.001",
                        "statisticalMethod": "Log Rank",
                        "paramType": "Hazard Ratio (HR)",
                        "paramValue": "0.62",
                        "ciPctValue": "95",
                        "ciLowerLimit": "0.5",
                        "ciUpperLimit": "0.77",
                    }
                ],
            }
        ]
    },
    "adverseEventsModule": {
        "frequencyThreshold": "5",
        "eventGroups": [
            {
                "id": "EG000",
                "title": "Alphamab",
                "seriousNumAffected": 7,
                "seriousNumAtRisk": 120,
                "otherNumAffected": 40,
            },
            {"id": "EG001", "title": "Both", "seriousNumAffected": 5, "seriousNumAtRisk": 80, "otherNumAffected": 31},
        ],
        "seriousEvents": [
            {
                "term": "Pneumonia",
                "organSystem": "Infections and infestations",
                "stats": [
                    {"groupId": "EG000", "numAffected": 5, "numAtRisk": 120},
                    {"groupId": "EG001", "numAffected": 4, "numAtRisk": 80},
                ],
            },
            {
                "term": "Sepsis",
                "organSystem": "Infections and infestations",
                "stats": [{"groupId": "EG000", "numAffected": 4, "numAtRisk": 120}],
            },
        ],
    },
}

STUDIES: list[Json] = [
    _study(
        "NCT01000001",
        "Alphamab With or Without Radiation in Breast Cancer",
        {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2", "PHASE3"],
            "enrollmentInfo": {"count": 200, "type": "ACTUAL"},
            "designInfo": {"allocation": "RANDOMIZED", "maskingInfo": {"masking": "NONE"}},
        },
        {
            "overallStatus": "COMPLETED",
            "startDateStruct": _day("2018-01-15"),
            "primaryCompletionDateStruct": _day("2019-01-14"),
            "completionDateStruct": _day("2019-06"),
            "studyFirstSubmitDate": "2017-12-20",
            "resultsFirstSubmitDate": "2020-03-01",
        },
        sponsorCollaborators={
            "leadSponsor": {"name": "Alpha Pharma", "class": "INDUSTRY"},
            "collaborators": [{"name": "National Institute of Samples", "class": "NIH"}],
        },
        description={"briefSummary": "Alphamab is given alone or with radiation."},
        conditions={"conditions": ["Breast Cancer", "Metastasis"], "keywords": ["HER2 Positive"]},
        armsInterventions={
            "armGroups": [{"label": "A", "type": "EXPERIMENTAL"}, {"label": "A+R", "type": "EXPERIMENTAL"}],
            "interventions": [
                {"type": "DRUG", "name": "Alphamab", "armGroupLabels": ["A", "A+R"], "otherNames": ["ALP-101"]},
                {"type": "RADIATION", "name": "Radiotherapy", "armGroupLabels": ["A+R"]},
            ],
        },
        outcomes={"primaryOutcomes": [{"measure": "Overall survival", "timeFrame": "3 years"}]},
        eligibility={"sex": "FEMALE", "minimumAge": "18 Years", "eligibilityCriteria": "Women.", "stdAges": ["ADULT"]},
        contactsLocations={
            "locations": [
                _site("Harbor Clinic", "Boston", "United States", state="Massachusetts"),
                _site("Lake Hospital", "Toronto", "Canada", state="Ontario"),
            ]
        },
        mesh={
            "meshes": [{"id": "D001943", "term": "Breast Neoplasms"}],
            "ancestors": [{"id": "D009369", "term": "Neoplasms"}],
        },
        results=RESULTS,
    ),
    _study(
        "NCT01000002",
        "Five Doses of Betavir in HIV Infection",
        {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE3"],
            "enrollmentInfo": {"count": 200, "type": "ESTIMATED"},
            "designInfo": {"allocation": "RANDOMIZED", "maskingInfo": {"masking": "DOUBLE"}},
        },
        {
            "overallStatus": "RECRUITING",
            "startDateStruct": _day("2024-03"),
            "primaryCompletionDateStruct": _day("2027-05", "ESTIMATED"),
            "completionDateStruct": _day("2027-12-31", "ESTIMATED"),
            "studyFirstSubmitDate": "2024-02-01",
        },
        sponsorCollaborators={"leadSponsor": {"name": "Alpha Pharma", "class": "INDUSTRY"}},
        description={"briefSummary": "Five doses are compared."},
        conditions={"conditions": ["HIV"]},
        armsInterventions={
            "armGroups": [{"label": f"Dose {number}", "type": "EXPERIMENTAL"} for number in range(1, 6)],
            "interventions": [{"type": "DRUG", "name": "Betavir", "armGroupLabels": ["Dose 1"]}],
        },
        eligibility={"sex": "ALL", "minimumAge": "6 Months", "maximumAge": "17 Years", "stdAges": ["CHILD"]},
        contactsLocations={
            "locations": [_site("Lake Hospital", "Toronto", "Canada", state="Ontario", status="RECRUITING")]
        },
    ),
    _study(
        "NCT01000003",
        "Memory After Breast Cancer",
        {"studyType": "OBSERVATIONAL", "enrollmentInfo": {"count": 50, "type": "ACTUAL"}},
        {"overallStatus": "UNKNOWN", "lastKnownStatus": "RECRUITING", "startDateStruct": {"date": "2015"}},
        sponsorCollaborators={"leadSponsor": {"name": "City Hospital", "class": "OTHER"}},
        description={"briefSummary": "Memory is measured.", "detailedDescription": "Twice a year."},
        conditions={"conditions": ["Breast Cancer", "Alzheimer Disease"]},
        eligibility={"sex": "FEMALE", "stdAges": ["ADULT", "OLDER_ADULT"]},
        contactsLocations={"locations": [_site("City Hospital", "Tokyo", "Japan")]},
        mesh={"meshes": [{"id": "D000544", "term": "Alzheimer Disease"}]},
    ),
    _study(
        "NCT01000004",
        "Walking in Alzheimer Disease",
        {"studyType": "INTERVENTIONAL", "phases": ["NA"], "enrollmentInfo": {"count": 12, "type": "ACTUAL"}},
        {
            "overallStatus": "TERMINATED",
            "whyStopped": "Slow recruitment",
            "startDateStruct": _day("2020-06-30"),
            "primaryCompletionDateStruct": _day("2021-06-29"),
            "completionDateStruct": _day("2021-06-30"),
            "studyFirstSubmitDate": "2020-06-01",
        },
        sponsorCollaborators={"leadSponsor": {"name": "Beta Bio", "class": "INDUSTRY"}},
        description={"briefSummary": "Walking."},
        conditions={"conditions": ["Alzheimer Disease"]},
        armsInterventions={
            "armGroups": [{"label": "Walk", "type": "EXPERIMENTAL"}],
            "interventions": [{"type": "BEHAVIORAL", "name": "Walking", "armGroupLabels": ["Walk"]}],
        },
        eligibility={"sex": "ALL", "minimumAge": "65 Years", "stdAges": ["OLDER_ADULT"]},
        contactsLocations={"locations": [_site("Bay Center", "San Juan", "Puerto Rico")]},
    ),
    _study(
        "NCT01000005",
        "Expanded Access to Alphamab",
        {"studyType": "EXPANDED_ACCESS", "expandedAccessTypes": {"individual": True}},
        {"overallStatus": "AVAILABLE", "studyFirstSubmitDate": "2021-05-05"},
        sponsorCollaborators={"leadSponsor": {"name": "Alpha Pharma", "class": "INDUSTRY"}},
        description={"briefSummary": "Alphamab outside of trials."},
        conditions={"conditions": ["Breast Cancer"]},
    ),
]
