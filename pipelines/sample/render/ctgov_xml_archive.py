"""A synthetic study in the layout of ClinicalTrials.gov's archive, 2005 to 2014: the protocol, one study a file.

Belongs here: the file and what comes back from it. Does not: the public layout (ctgov_xml.py). Results are left out:
the archive's were named and grouped otherwise in every release, and the public layout proves their meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any
from xml.sax.saxutils import escape

from pipelines.sample.render import ctgov_xml_words as words
from pipelines.sample.render.ctgov_xml_archive_carried import carried, design_words
from pipelines.sample.render.ctgov_xml_text import Element, group, leaf, plain

Json = dict[str, Any]
_INTERVENTIONS = {"BEHAVIORAL": "Behavior", "BIOLOGICAL": "Biological/Vaccine", "PROCEDURE": "Procedure/Surgery"}
_ID_TYPES = {
    "NIH": "US NIH Grant Number",
    "OTHER_GRANT": "Other Grant/Funding Number",
    "EUDRACT_NUMBER": "EudraCT Number",
    "REGISTRY": "Registry Identifier",
    "OTHER": "Other Identifier",
}
_DATE_TYPES = {"ACTUAL": "Actual", "ESTIMATED": "Anticipated"}


def render_file(studies: Sequence[Json]) -> bytes:
    """The file of one study. Raises ValueError for more or none."""
    if len(studies) != 1:
        raise ValueError(f"a file of ctgov_xml_archive holds one study, not {len(studies)}")
    return (
        f"<clinical_study>\n{_written(_elements(deepcopy(studies[0])['protocolSection']))}</clinical_study>\n".encode()
    )


def _written(elements: Iterable[Element]) -> str:
    """Elements without indents, texts on lines of their own, as the archive had them."""
    lines = []
    for tag, attributes, content in elements:
        opening = tag + "".join(f'\n {name}="{value}"\n' for name, value in attributes.items())
        inner = _written(content) if isinstance(content, list) else f"\n  {escape(content or '')} \n\n"
        lines.append(f"<{opening}>\n{inner}</{tag}>\n")
    return "".join(lines)


def _block(tag: str, markup: str | None) -> list[Element]:
    """A text block with its lines as they were submitted."""
    if not markup:
        return []
    lines = []
    for line in markup.split("\n"):
        indent, rest = line[: len(line) - len(line.lstrip())], line.lstrip()
        mark = "  -  " if rest.startswith("* ") else ""
        lines.append(f"  {indent}{mark}{plain(rest.removeprefix('* ') if mark else rest)}")
    return [(tag, {}, [("textblock", {}, "\n".join(lines))])]


def _dated(tag: str, struct: Json | None) -> list[Element]:
    if not struct or "date" not in struct:
        return []
    attributes = {"type": _DATE_TYPES[struct["type"]]} if "type" in struct else {}
    return group(tag, leaf("date", struct["date"]), **attributes)


def _each(tag: str, values: Iterable[Any]) -> list[Element]:
    return [element for value in values for element in leaf(tag, value)]


def _elements(protocol: Json) -> list[Element]:
    status, sponsors = protocol.get("statusModule", {}), protocol.get("sponsorCollaboratorsModule", {})
    description, conditions = protocol.get("descriptionModule", {}), protocol.get("conditionsModule", {})
    identity = protocol["identificationModule"]
    return [
        *_study_id(identity),
        *_block("brief_title", identity.get("briefTitle", "").replace("\\", "")),
        *leaf("acronym", identity.get("acronym")),
        *_block("official_title", identity.get("officialTitle", "").replace("\\", "")),
        *group(
            "study_sponsor",
            group("lead_sponsor", leaf("agency", sponsors.get("leadSponsor", {}).get("name"))),
            *(group("sponsor", leaf("agency", one.get("name"))) for one in sponsors.get("collaborators", ())),
        ),
        *_party(sponsors.get("responsibleParty", {})),
        *group("oversight_info", leaf("has_dmc", protocol.get("oversightModule", {}).get("oversightHasDmc"))),
        *_block("brief_summary", description.get("briefSummary")),
        *_block("detailed_descr", description.get("detailedDescription")),
        *group(
            "status_block",
            leaf("status", words.sentence(status.get("overallStatus"))),
            leaf("date", status.get("statusVerifiedDate")),
            _block("why_stopped", status.get("whyStopped")),
        ),
        *_dated("start_date", status.get("startDateStruct")),
        *_dated("last_follow_up_date", status.get("completionDateStruct")),
        *_dated("primary_compl_date", status.get("primaryCompletionDateStruct")),
        *_design(protocol),
        *_each("condition", conditions.get("conditions", ())),
        *_arms(protocol.get("armsInterventionsModule", {})),
        *_eligibility(protocol.get("eligibilityModule", {})),
        *_people(protocol.get("contactsLocationsModule", {})),
        *_references(protocol.get("referencesModule", {})),
        *_each("keyword", conditions.get("keywords", ())),
        *leaf("initial_release_date", status.get("studyFirstSubmitDate")),
        *leaf("last_release_date", status.get("lastUpdateSubmitDate")),
        *leaf("init_results_release_date", status.get("resultsFirstSubmitDate")),
        *leaf("init_disposition_release_date", status.get("dispFirstSubmitDate")),
    ]


def _study_id(module: Json) -> list[Element]:
    return group(
        "study_id",
        leaf("org_full_name", module.get("organization", {}).get("fullName")),
        leaf("org_study_id", module.get("orgStudyIdInfo", {}).get("id")),
        *(
            group(
                "secondary_id",
                leaf("id", one.get("id")),
                leaf("id_type", _ID_TYPES.get(one.get("type", ""))),
                leaf("id_domain", one.get("domain")),
            )
            for one in module.get("secondaryIdInfos", ())
        ),
        leaf("nct_id", module["nctId"]),
    )


def _party(party: Json) -> list[Element]:
    return group(
        "resp_party",
        leaf("resp_party_type", words.word(party.get("type"), words.RESPONSIBLE)),
        leaf("investigator_affiliation", party.get("investigatorAffiliation")),
        leaf("investigator_full_name", party.get("investigatorFullName")),
        leaf("investigator_title", party.get("investigatorTitle")),
        leaf("name_title", party.get("oldNameTitle")),
        leaf("organization", party.get("oldOrganization")),
    )


def _design(protocol: Json) -> list[Element]:
    module = protocol.get("designModule", {})
    kind, enrollment = module.get("studyType"), module.get("enrollmentInfo", {})
    study_type = "Observational [Patient Registry]" if module.get("patientRegistry") else words.title(kind)
    elements = [
        *group("phase_block", leaf("phase", "/".join(words.PHASE[phase] for phase in module.get("phases", ())))),
        *leaf("study_type", study_type),
        *_each("design", design_words(module).values()),
        *leaf("target_duration", module.get("targetDuration")),
    ]
    for name in ("primary", "secondary", "other"):
        for outcome in protocol.get("outcomesModule", {}).get(f"{name}Outcomes", ()):
            elements += group(
                f"{name}_outcome",
                leaf("measure", outcome.get("measure")),
                leaf("time_frame", outcome.get("timeFrame")),
                _block("description", outcome.get("description")),
            )
    attributes = {"type": _DATE_TYPES[enrollment["type"]]} if "type" in enrollment else {}
    return [
        *elements,
        *leaf("enrollment", enrollment.get("count"), **attributes),
        *leaf("biospec_retention", words.word(module.get("bioSpec", {}).get("retention"), words.RETENTION)),
        *_block("biospec_descr", module.get("bioSpec", {}).get("description")),
    ]


def _arms(module: Json) -> list[Element]:
    elements: list[Element] = []
    for arm in module.get("armGroups", ()):
        label, kind = leaf("arm_group_label", arm.get("label")), leaf("arm_type", words.title(arm.get("type")))
        elements += group("arm_group", label, kind, _block("description", arm.get("description")))
    for one in module.get("interventions", ()):
        elements += group(
            "intervention",
            leaf("intervent_type", words.word(one.get("type"), _INTERVENTIONS)),
            leaf("primary_name", one.get("name")),
            _block("description", one.get("description")),
            _each("arm_group_label", one.get("armGroupLabels", ())),
            _each("other_name", one.get("otherNames", ())),
        )
    return elements


def _eligibility(module: Json) -> list[Element]:
    sex = module.get("sex")
    return group(
        "eligibility",
        _block("study_pop", module.get("studyPopulation")),
        leaf("sampling_method", words.word(module.get("samplingMethod"), words.SAMPLING)),
        _block("criteria", module.get("eligibilityCriteria")),
        leaf("healthy_volunteers", module.get("healthyVolunteers")),
        leaf("gender", "Both" if sex == "ALL" else words.title(sex)),
        leaf("minimum_age", module.get("minimumAge", "N/A")),
        leaf("maximum_age", module.get("maximumAge", "N/A")),
    )


def _contact(contact: Json) -> list[Element]:
    role = contact.get("role")
    return group(
        "contact",
        leaf("name", contact.get("name")),
        leaf("role", None if role == "CONTACT" else words.word(role, words.ROLE)),
        leaf("phone", contact.get("phone")),
        leaf("phone_ext", contact.get("phoneExt")),
        leaf("email", contact.get("email")),
    )


def _people(module: Json) -> list[Element]:
    elements: list[Element] = []
    for one in module.get("overallOfficials", ()):
        affiliation = group("affiliation", leaf("agency", one.get("affiliation")))
        role = leaf("role", words.word(one.get("role"), words.ROLE))
        elements += group("investigator", role, leaf("name", one.get("name")), affiliation)
    elements += [element for contact in module.get("centralContacts", ()) for element in _contact(contact)]
    for place in module.get("locations", ()):
        address = group("address", *(leaf(name, place.get(name)) for name in ("city", "state", "zip", "country")))
        elements += group(
            "location",
            group("facility", leaf("name", place.get("facility")), address),
            leaf("status", words.sentence(place.get("status"))),
            *(_contact(contact) for contact in place.get("contacts", ())),
        )
    return elements


def _references(module: Json) -> list[Element]:
    elements: list[Element] = []
    for kind, tag in (("BACKGROUND", "background"), ("RESULT", "results")):
        found = [one for one in module.get("references", ()) if one.get("type") == kind]
        cited = (
            group("reference", leaf("citation", one.get("citation")), leaf("medline_ui", one.get("pmid")))
            for one in found
        )
        elements += group(tag, *cited)
    for link in module.get("seeAlsoLinks", ()):
        elements += group("see_also", leaf("url", link.get("url")), _block("annotation", link.get("label")))
    return elements


__all__ = ["carried", "render_file"]
