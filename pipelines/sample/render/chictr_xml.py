"""Synthetic studies as the Chinese registry lets search results be downloaded: `trials` of many `Triall`.

Belongs here: the registry's form, filled from a study. Does not: what a reader gets back (chictr_carried.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from pipelines.sample.render.chictr_carried import carried
from pipelines.sample.render.chictr_form import (
    age_text,
    contacts,
    countries,
    design_word,
    groups,
    is_retrospective,
    measures,
    numbers,
)
from pipelines.sample.render.chictr_words import PHASE, SEX, STATUS, STUDY_TYPE
from pipelines.sample.render.registry_parts import Json, at, criteria_parts, nct_digits, protocol, whole_day, word

_NO_RESULTS = ("results_url_link", "results_summary")
_UNUSED_RESULTS = (
    "results_date_first_publication",
    "results_baseline_char",
    "results_participant_flow",
    "results_adverse_events",
    "results_outcome_measures",
    "results_url_protocol",
)


def render_file(studies: Sequence[Json]) -> bytes:
    """The download of a search that found the studies (UTF-8)."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<trials subjects="{len(studies)}">']
    for study in studies:
        lines += ["  <Triall>", *_main(study), *_people(study), *_rest(study), "  </Triall>"]
    return "\n".join([*lines, "</trials>", ""]).encode()


def _leaf(depth: int, name: str, text: str | None) -> str:
    indent = "  " * depth
    return f"{indent}<{name}>{escape(text)}</{name}>" if text else f"{indent}<{name}/>"


def _main(study: Json) -> list[str]:
    names, status = protocol(study)["identificationModule"], protocol(study)["statusModule"]
    found = groups(study)
    size = at(study, "designModule.enrollmentInfo") or {}
    count = str(size["count"]) if "count" in size else None
    start = at(study, "statusModule.startDateStruct") or {}
    day = whole_day(start.get("date"))
    enrolment = word({"ACTUAL": "Actual", "ESTIMATED": "Anticipated"}, start.get("type")) if day else None
    sharing = at(study, "ipdSharingStatementModule") or {}
    leaves = [
        ("UTRN", None),
        ("trial_id", f"ChiCTR20{nct_digits(study)}"),
        ("utrn", None),
        ("reg_name", "ChiCTR"),
        ("date_registration", status["studyFirstPostDateStruct"]["date"]),
        ("primary_sponsor", (at(study, "sponsorCollaboratorsModule.leadSponsor") or {}).get("name")),
        ("public_title", names.get("briefTitle")),
        ("acronym", names.get("acronym")),
        ("scientific_title", names.get("officialTitle")),
        ("Scientific_acronym", None),
        ("date_enrolment", day),
        ("type_enrolment", enrolment),
        ("target_size", "".join(f"{one.label}:{one.size};" for one in found) if found else count),
        ("recruitment_status", STATUS.get(status["overallStatus"], "Completed")),
        ("url", f"http://www.chictr.org.cn/showproj.aspx?proj={int(nct_digits(study)) % 100_000}"),
        ("study_type", word(STUDY_TYPE, at(study, "designModule.studyType"))),
        ("study_design", design_word(study)),
        ("phase", "Retrospective study" if is_retrospective(study) else PHASE.get(_phases(study))),
        ("hc_freetext", "; ".join(at(study, "conditionsModule.conditions") or [])),
        ("i_freetext", "".join(f"{one.label}:{one.text or 'N/A'};" for one in found)),
        ("results_actual_enrolment", count if size.get("type") == "ACTUAL" else None),
        ("results_date_completed", whole_day(at(study, "statusModule.completionDateStruct.date"))),
        *((name, None) for name in _NO_RESULTS),
        ("results_date_posted", at(study, "statusModule.resultsFirstPostDateStruct.date")),
        *((name, None) for name in _UNUSED_RESULTS),
        ("results_IPD_plan", word({"YES": "Yes", "NO": "No", "UNDECIDED": "Undecided"}, sharing.get("ipdSharing"))),
        ("results_IPD_description", sharing.get("description")),
    ]
    return ["    <main>", *(_leaf(3, name, text) for name, text in leaves), "    </main>"]


def _phases(study: Json) -> tuple[str, ...]:
    return tuple(at(study, "designModule.phases") or ())


def _people(study: Json) -> list[str]:
    lines = ["    <contacts>"]
    for kind, person in contacts(study):
        leaves = [
            ("type", kind),
            ("firstname", person["name"]),
            ("middlename", None),
            ("lastname", None),
            ("address", "12 Placeholder Road, Riverside District"),
            ("city", None),
            ("country1", None),
            ("zip", None),
            ("telephone", person.get("phone")),
            ("email", person.get("email")),
            ("affiliation", person.get("affiliation")),
        ]
        lines += ["      <contact>", *(_leaf(4, name, text) for name, text in leaves), "      </contact>"]
    return [*lines, "    </contacts>"]


def _rest(study: Json) -> list[str]:
    module = protocol(study)["eligibilityModule"]
    inclusion, exclusion = criteria_parts(module.get("eligibilityCriteria"))
    lead = (at(study, "sponsorCollaboratorsModule.leadSponsor") or {}).get("name")
    others = [one["name"] for one in at(study, "sponsorCollaboratorsModule.collaborators") or []]
    keywords = at(study, "conditionsModule.keywords") or []
    return [
        *_block("countries", [("country2", country) for country in countries(study)]),
        *_block(
            "criteria",
            [
                ("inclusion_criteria", inclusion),
                ("agemin", age_text(module.get("minimumAge"))),
                ("agemax", age_text(module.get("maximumAge"))),
                ("gender", word(SEX, module.get("sex"))),
                ("exclusion_criteria", exclusion),
            ],
        ),
        *_block("health_condition_code", [("hc_code", None)]),
        *_block("health_condition_keyword", [("hc_keyword", ";".join(keywords))]),
        *_block("intervention_code", [("i_code", ";" * len(groups(study)))]),
        *_block("intervention_keyword", [("i_keyword", None)]),
        *_block("primary_outcome", [("prim_outcome", "".join(f"{one};" for one in measures(study, "primary")))]),
        *_block("secondary_outcome", [("sec_outcome", "".join(f"{one};" for one in measures(study, "secondary")))]),
        *_block("secondary_sponsor", [("sponsor_name", name) for name in others] or [("sponsor_name", None)]),
        "    <secondary_ids>",
        *(line for number, authority in numbers(study) for line in _secondary(number, authority)),
        "    </secondary_ids>",
        *_block("source_support", [("source_name", f"{lead} (self-raised)")]),
        "    <ethics_reviews>",
        "      <ethics_review>",
        _leaf(4, "status", "Approved"),
        _leaf(4, "approval_date", "2020-04-01"),
        _leaf(4, "contact_name", None),
        _leaf(4, "contact_address", "Ethics Board of the Riverside Hospital"),
        _leaf(4, "contact_phone", None),
        _leaf(4, "contact_email", None),
        "      </ethics_review>",
        "    </ethics_reviews>",
    ]


def _block(name: str, leaves: Sequence[tuple[str, str | None]]) -> list[str]:
    return [f"    <{name}>", *(_leaf(3, leaf, text) for leaf, text in leaves), f"    </{name}>"]


def _secondary(number: str, authority: str | None) -> list[str]:
    inner = [_leaf(4, "sec_id", number), _leaf(4, "issuing_authority", authority)]
    return ["      <secondary_id>", *inner, "      </secondary_id>"]


__all__ = ["carried", "render_file"]
