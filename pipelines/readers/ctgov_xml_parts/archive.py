"""The archive's layout of the legacy XML (`<study_id>`, `<status_block>` …), 2005 to 2014: element → study.

Belongs here: what is worked out from several elements of a record, as the mapping's `made` entries say. Does not: the
elements that go to one place each (mappings/ctgov_xml_archive.yaml), its results (archive_results.py).
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from pipelines.readers.ctgov_xml_parts.archive_results import finish_results, name_results
from pipelines.readers.ctgov_xml_parts.public import drop_idle_phase, keep, link_arms
from pipelines.readers.ctgov_xml_parts.values import CONVERTERS, long_date, masking
from pipelines.readers.mapping import Mapper, Unreadable, load_mapping
from pipelines.readers.study_parts import whole

Struct = dict[str, Any]
_MAPPING = load_mapping("ctgov_xml_archive")
MAPPER = Mapper(_MAPPING, CONVERTERS)
_NAME = re.compile(r"(?P<nct_id>NCT[0-9]{8})_[0-9]{8}")
_PURPOSES = {
    "treatment": "TREATMENT",
    "prevention": "PREVENTION",
    "diagnostic": "DIAGNOSTIC",
    "educational/counseling/training": "ECT",
    "supportive care": "SUPPORTIVE_CARE",
    "screening": "SCREENING",
    "health services research": "HEALTH_SERVICES_RESEARCH",
    "basic science": "BASIC_SCIENCE",
}
_DESIGN_WORDS: dict[str, tuple[str, str]] = {
    "randomized": ("allocation", "RANDOMIZED"),
    "non-randomized": ("allocation", "NON_RANDOMIZED"),
    "single group assignment": ("interventionModel", "SINGLE_GROUP"),
    "parallel assignment": ("interventionModel", "PARALLEL"),
    "crossover assignment": ("interventionModel", "CROSSOVER"),
    "factorial assignment": ("interventionModel", "FACTORIAL"),
    "cohort": ("observationalModel", "COHORT"),
    "case control": ("observationalModel", "CASE_CONTROL"),
    "case-control": ("observationalModel", "CASE_CONTROL"),
    "case-only": ("observationalModel", "CASE_ONLY"),
    "case-crossover": ("observationalModel", "CASE_CROSSOVER"),
    "ecologic or community": ("observationalModel", "ECOLOGIC_OR_COMMUNITY"),
    "family-based": ("observationalModel", "FAMILY_BASED"),
    "defined population": ("observationalModel", "DEFINED_POPULATION"),
    "natural history": ("observationalModel", "NATURAL_HISTORY"),
    "prospective": ("timePerspective", "PROSPECTIVE"),
    "retrospective": ("timePerspective", "RETROSPECTIVE"),
    "cross-sectional": ("timePerspective", "CROSS_SECTIONAL"),
}


def study_of(record: etree._Element, name: str | None) -> Struct:
    """The study of a `<clinical_study>` of the archive's layout. The element is changed.

    The first version of a record was submitted before the registry gave it its id. `name`, the member's in the archive,
    has it then: NCT90000001/NCT90000001_20050916.xml. It is used for nothing else.
    """
    results = record.find("clinical_result")
    if results is not None:
        name_results(results)
    study = MAPPER.of_xml(record)
    protocol = study.setdefault("protocolSection", {})
    _take_id_from_name(study, protocol, name)
    _finish_design(study, protocol)
    _finish_dates(study, protocol)
    _finish_people(protocol)
    link_arms(protocol)
    for reference in protocol.get("referencesModule", {}).get("references", ()):
        reference["type"] = "RESULT" if reference.pop("~is_result", None) else "BACKGROUND"
    if results is not None:
        finish_results(study)
    study["hasResults"] = results is not None and len(results) > 0  # 2012: an empty element beside an empty date
    return study


def _take_id_from_name(study: Struct, protocol: Struct, name: str | None) -> None:
    found = _NAME.search(name) if name else None
    module = protocol.setdefault("identificationModule", {})
    if found is not None and "nctId" not in module:
        module["nctId"] = found["nct_id"]
        keep(study, "(name of the file)", found[0])


def _finish_design(study: Struct, protocol: Struct) -> None:
    words = study.pop("~design", ())
    expected = study.pop("~expected_enrollment", ())
    module = protocol.setdefault("designModule", {}) if words or expected else protocol.get("designModule", {})
    design: Struct = {}
    for word in words:
        if not _take_word(" ".join(word.split()), design, module.get("studyType") == "INTERVENTIONAL"):
            keep(study, "design", word)
    if design:
        module["designInfo"] = design
    for number in expected:
        count = whole(number)
        if "enrollmentInfo" not in module and count is not None:
            module["enrollmentInfo"] = {"count": count, "type": "ESTIMATED"}
        else:
            keep(study, "eligibility/expected_enrollment", number)
    drop_idle_phase(study, module)
    if not module:
        protocol.pop("designModule", None)


def _take_word(word: str, design: Struct, interventional: bool) -> bool:
    """Whether a design word has a place of its own that is still free."""
    folded = word.lower()
    field, value = _DESIGN_WORDS.get(folded, ("", ""))
    if interventional and folded in _PURPOSES:
        field, value = "primaryPurpose", _PURPOSES[folded]
    if field:
        return bool(design.setdefault(field, value) == value)
    try:
        found = masking(word)
    except Unreadable:
        return False
    return design.setdefault("maskingInfo", found) is found


def _finish_dates(study: Struct, protocol: Struct) -> None:
    for text in study.pop("~end_date", ()):
        struct = protocol.setdefault("statusModule", {}).setdefault("completionDateStruct", {})
        try:
            found = None if "date" in struct else long_date(text)
        except Unreadable:
            found = None
        if found is None:
            keep(study, "end_date/date", text)
        else:
            struct["date"] = found
        if not struct:
            del protocol["statusModule"]["completionDateStruct"]


def _finish_people(protocol: Struct) -> None:
    module = protocol.get("contactsLocationsModule", {})
    for contact in module.get("centralContacts", ()):
        contact.setdefault("role", "CONTACT")
    for location in module.get("locations", ()):
        for contact in location.get("contacts", ()):
            contact.setdefault("role", "CONTACT")
