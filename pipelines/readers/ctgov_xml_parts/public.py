"""The public layout of the legacy XML (`<required_header>`, `<id_info>` …): element → study.

Belongs here: what is worked out from several elements of a record, as the mapping's `made` entries say. Does not: the
elements that go to one place each (mappings/ctgov_xml.yaml), cutting files into records (ctgov_xml.py).
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from pipelines.readers.ctgov_xml_parts.results import finish_results, name_analyzed_measures, name_systems
from pipelines.readers.ctgov_xml_parts.values import CONVERTERS, study_design
from pipelines.readers.mapping import Mapper, load_mapping

Struct = dict[str, Any]
_MAPPING = load_mapping("ctgov_xml")
MAPPER = Mapper(_MAPPING, CONVERTERS | {"study_design": study_design(_MAPPING.words)})
_NAME_PARTS = ("~first", "~middle", "~degrees")
_INTERVENTIONAL = "INTERVENTIONAL"


def study_of(record: etree._Element, _name: str | None = None) -> Struct:
    """The study of a `<clinical_study>` of the public layout. The element is changed."""
    results = record.find("clinical_results")
    if results is not None:
        name_analyzed_measures(results)
        name_systems(results)
    study = MAPPER.of_xml(record)
    protocol = study.get("protocolSection", {})
    _finish_design(study, protocol)
    _finish_people(protocol)
    link_arms(protocol)
    _finish_references(protocol)
    _keep_countries(study, protocol)
    _finish_pending(study)
    if results is not None:
        finish_results(study)
    study["hasResults"] = results is not None and len(results) > 0
    return study


def keep(study: Struct, path: str, value: str) -> None:
    """Stage a source field that has no place in the study shape, as the mapping's `keep` rows do."""
    section = study.setdefault("registrySection", {})
    section.setdefault("sourceFields", []).append({"path": path, "place": path, "value": value})


def _finish_design(study: Struct, protocol: Struct) -> None:
    design = protocol.get("designModule")
    for rest in study.pop("~study_design", ()):
        keep(study, "study_design", rest)
    if design is not None:
        drop_idle_phase(study, design)


def drop_idle_phase(study: Struct, design: Struct) -> None:
    """Take away the phase N/A of a study that is not interventional: before March 2018 it stood for no phase too."""
    if design.get("phases") == ["NA"] and design.get("studyType") != _INTERVENTIONAL:
        del design["phases"]
        keep(study, "phase", "N/A")


def _finish_people(protocol: Struct) -> None:
    module = protocol.get("contactsLocationsModule")
    if module is None:
        return
    for official in module.get("overallOfficials", ()):
        full_name(official)
    _finish_contacts(module.get("centralContacts", ()))
    for location in module.get("locations", ()):
        if "contacts" in location:
            _finish_contacts(location["contacts"])


def _finish_contacts(contacts: Any) -> None:
    for contact in contacts:
        full_name(contact)
        contact.setdefault("role", "CONTACT")


def full_name(person: Struct) -> None:
    """Put the parts of a name together, where it stands in parts: "First Middle Last, Degrees"."""
    if not any(part in person for part in _NAME_PARTS):
        return
    first, middle, degrees = (" ".join(person.pop(part, ())) for part in _NAME_PARTS)
    name = " ".join(part for part in (first, middle, person.get("name", "")) if part)
    person["name"] = f"{name}, {degrees}" if degrees and name else name or degrees


def link_arms(protocol: Struct) -> None:
    """Give each arm the names of its interventions, as API v2 does, from the arms that the interventions name."""
    module = protocol.get("armsInterventionsModule", {})
    arms = {arm["label"]: arm for arm in reversed(module.get("armGroups", ())) if "label" in arm}
    for intervention in module.get("interventions", ()) if arms else ():
        kind, name = intervention.get("type"), intervention.get("name")
        if kind is None or name is None:
            continue
        for label in intervention.get("armGroupLabels", ()):
            if label in arms:
                names = arms[label].setdefault("interventionNames", [])
                names.append(f"{kind.replace('_', ' ').title()}: {name}")


def _finish_references(protocol: Struct) -> None:
    for reference in protocol.get("referencesModule", {}).get("references", ()):
        reference["type"] = "RESULT" if reference.pop("~is_result", None) else "BACKGROUND"


def _keep_countries(study: Struct, protocol: Struct) -> None:
    countries = study.pop("~countries", ())
    if countries:
        locations = protocol.get("contactsLocationsModule", {}).get("locations", ())
        named = {location.get("country") for location in locations}
        for country in countries:
            if country not in named:
                keep(study, "location_countries/country", country)


def _finish_pending(study: Struct) -> None:
    annotation = study.get("annotationSection", {}).get("annotationModule", {}).get("unpostedAnnotation")
    for event in annotation["unpostedEvents"] if annotation else ():
        if "date" not in event and event.get("type") != "UNRELEASE":
            event["dateUnknown"] = True
