"""Planted defects in eligibility, sponsors, people, sites, texts, ids and references.

Belongs here: ways to break those rules. Does not belong here: dates and design; choosing which a record gets.
"""

from __future__ import annotations

import re
from typing import Final

from pipelines.sample.defect_kit import (
    CONTACTS,
    DESCRIPTION,
    ELIGIBILITY,
    IDENTIFICATION,
    SPONSORS,
    Defect,
    Draw,
    Planted,
    drop,
    module,
    overall_status,
    put,
    study_type,
)
from pipelines.sample.draft import Json

_STATED_RANGE: Final = re.compile(r"Age ([0-9]{1,2})(?= to [0-9]{1,3} years)")
_YEARS: Final = re.compile(r"([0-9]+) Years\Z")


def _age_without_unit(study: Json, r: Draw) -> Planted | None:
    eligibility = module(study, ELIGIBILITY)
    if "minimumAge" not in eligibility or "Age " in eligibility["eligibilityCriteria"]:
        return None
    return put(eligibility, "minimumAge", "18" if r() < 0.5 else "eighteen years", ELIGIBILITY)


def _ages_swapped(study: Json, _: Draw) -> Planted | None:
    eligibility = module(study, ELIGIBILITY)
    low, high = eligibility.get("minimumAge"), eligibility.get("maximumAge")
    if low is None or high is None or "Age " in eligibility["eligibilityCriteria"]:
        return None
    eligibility["maximumAge"] = low
    return put(eligibility, "minimumAge", high, ELIGIBILITY)


def _age_group_wrong(study: Json, _: Draw) -> Planted | None:
    eligibility = module(study, ELIGIBILITY)
    if "CHILD" in eligibility["stdAges"]:
        return None
    return put(eligibility, "stdAges", ["CHILD", *eligibility["stdAges"]], ELIGIBILITY)


def _age_in_text_differs(study: Json, _: Draw) -> Planted | None:
    eligibility = module(study, ELIGIBILITY)
    stated = _STATED_RANGE.search(eligibility["eligibilityCriteria"])
    if stated is None:
        return None
    text = eligibility["eligibilityCriteria"]
    changed = f"{text[: stated.start(1)]}{int(stated[1]) + 3}{text[stated.end(1) :]}"
    return put(eligibility, "eligibilityCriteria", changed, ELIGIBILITY)._replace(value=f"Age {int(stated[1]) + 3}")


def _gender_not_described(study: Json, _: Draw) -> Planted | None:
    eligibility = module(study, ELIGIBILITY)
    if eligibility["sex"] == "ALL":
        return None
    eligibility.pop("genderDescription", None)
    return put(eligibility, "genderBased", True, ELIGIBILITY)


def _criteria_cut(study: Json, r: Draw) -> Planted | None:
    """No criteria at all, or none for exclusion."""
    eligibility = module(study, ELIGIBILITY)
    inclusion, found, _ = eligibility["eligibilityCriteria"].partition("\n\nExclusion Criteria:")
    if r() < 0.5 or not found:
        return drop(eligibility, "eligibilityCriteria", ELIGIBILITY)
    return put(eligibility, "eligibilityCriteria", inclusion, ELIGIBILITY)._replace(value="no exclusion part")


def _criterion_lost(study: Json, _: Draw) -> Planted | None:
    """Takes number 2 out of the numbered exclusion items."""
    eligibility = module(study, ELIGIBILITY)
    text: str = eligibility["eligibilityCriteria"]
    start = text.find("\n2. ", text.find("Exclusion Criteria:"))
    end = text.find("\n3. ", start)
    if start < 0 or end < 0:
        return None
    return put(eligibility, "eligibilityCriteria", text[:start] + text[end:], ELIGIBILITY)._replace(value="1., 3.")


def _escaped_twice(study: Json, _: Draw) -> Planted | None:
    """A backslash that is still there after the markup has been read."""
    eligibility = module(study, ELIGIBILITY)
    text = eligibility["eligibilityCriteria"].replace("\\<", "\\\\\\<", 1)
    if text == eligibility["eligibilityCriteria"]:
        return None
    return put(eligibility, "eligibilityCriteria", text, ELIGIBILITY)._replace(value="\\\\\\<")


def _no_condition(study: Json, _: Draw) -> Planted | None:
    return drop(module(study, "protocolSection.conditionsModule"), "conditions", "protocolSection.conditionsModule")


def _no_lead_sponsor(study: Json, r: Draw) -> Planted | None:
    sponsors = module(study, SPONSORS)
    if r() < 0.5:
        return put(sponsors["leadSponsor"], "class", "COMPANY", f"{SPONSORS}.leadSponsor")
    return drop(sponsors, "leadSponsor", SPONSORS)


def _investigator_without_name(study: Json, _: Draw) -> Planted | None:
    party = module(study, SPONSORS)["responsibleParty"]
    return drop(party, "investigatorFullName", f"{SPONSORS}.responsibleParty")


def _official_is_a_role(study: Json, r: Draw) -> Planted | None:
    officials = module(study, CONTACTS).get("overallOfficials")
    if not officials:
        return None
    names = ("Medical Director", "Clinical Trials Office", "Principal Investigator")
    return put(officials[0], "name", names[int(3 * r())], f"{CONTACTS}.overallOfficials[0]")


def _recruiting_nowhere(study: Json, _: Draw) -> Planted | None:
    return drop(module(study, CONTACTS), "locations", CONTACTS) if overall_status(study) == "RECRUITING" else None


def _sites(study: Json) -> list[Json]:
    found: list[Json] = module(study, CONTACTS).get("locations", [])
    return found


def _site_recruits_alone(study: Json, _: Draw) -> Planted | None:
    if overall_status(study) != "COMPLETED" or not _sites(study):
        return None
    return put(_sites(study)[0], "status", "RECRUITING", f"{CONTACTS}.locations[0]")


def _country_of_fancy(study: Json, r: Draw) -> Planted | None:
    if not _sites(study):
        return None
    names = ("Ruritania", "N/A", "Europe", "Freedonia")
    return put(_sites(study)[0], "country", names[int(4 * r())], f"{CONTACTS}.locations[0]")


def _site_in_the_sea(study: Json, _: Draw) -> Planted | None:
    if not _sites(study) or "geoPoint" not in _sites(study)[0]:
        return None
    point = {"lat": -48.8767, "lon": -123.3933}  # the point of the ocean farthest from any land
    return put(_sites(study)[0], "geoPoint", point, f"{CONTACTS}.locations[0]")


def _point_of_no_place(study: Json, _: Draw) -> Planted | None:
    """Latitude and longitude exchanged, or both zero."""
    if not _sites(study) or "geoPoint" not in _sites(study)[0]:
        return None
    lon = _sites(study)[0]["geoPoint"]["lon"]
    point = {"lat": lon, "lon": _sites(study)[0]["geoPoint"]["lat"]} if abs(lon) > 90 else {"lat": 0.0, "lon": 0.0}
    return put(_sites(study)[0], "geoPoint", point, f"{CONTACTS}.locations[0]")


def _generic_facility(study: Json, r: Draw) -> Planted | None:
    if not _sites(study):
        return None
    names = ("Research Site", "Investigative Site", "Local Institution", "1042")
    return put(_sites(study)[0], "facility", names[int(4 * r())], f"{CONTACTS}.locations[0]")


def _nobody_to_ask(study: Json, _: Draw) -> Planted | None:
    if overall_status(study) not in ("RECRUITING", "NOT_YET_RECRUITING"):
        return None
    for site in _sites(study):
        site.pop("contacts", None)
    return drop(module(study, CONTACTS), "centralContacts", CONTACTS)


def _title_too_long(study: Json, r: Draw) -> Planted | None:
    identification = module(study, IDENTIFICATION)
    if r() < 0.5:
        return put(identification, "acronym", "A-VERY-LONG-ACRONYM", IDENTIFICATION)
    title = (identification["briefTitle"] + " ") * (300 // len(identification["briefTitle"]) + 1)
    return put(identification, "briefTitle", title.strip(), IDENTIFICATION)


def _text_too_long(study: Json, r: Draw) -> Planted | None:
    description = module(study, DESCRIPTION)
    text = description["briefSummary"] + "\n\nThe text goes on. " * (270 + int(100 * r()))
    return put(description, "briefSummary", text.rstrip(), DESCRIPTION)._replace(
        value=f"{len(text.rstrip())} characters"
    )


def _malformed_secondary_id(study: Json, r: Draw) -> Planted | None:
    bad = ({"id": "2019-00123-4", "type": "EUDRACT_NUMBER"}, {"id": "2024-51234-11", "type": "CTIS"})[int(2 * r())]
    return _add_secondary_id(study, bad)


def _placeholder_id(study: Json, r: Draw) -> Planted | None:
    texts = ("Not applicable", "NA", "none", "-")
    if r() < 0.3:
        return _add_secondary_id(study, {"id": "ISRCTN00000000", "type": "REGISTRY", "domain": "ISRCTN"})
    return _add_secondary_id(study, {"id": texts[int(4 * r())], "type": "OTHER"})


def _add_secondary_id(study: Json, entry: Json) -> Planted:
    found = module(study, IDENTIFICATION).setdefault("secondaryIdInfos", [])
    found.append(dict(entry))
    return Planted(f"{IDENTIFICATION}.secondaryIdInfos[{len(found) - 1}].id", entry["id"])


def _own_id_malformed(study: Json, r: Draw) -> Planted | None:
    """The record loses its own id; the sponsor's id remains, so it is somebody, but has no key of the registry."""
    identification = module(study, IDENTIFICATION)
    identification.pop("secondaryIdInfos", None)
    bad = identification["nctId"][:-1] if r() < 0.5 else identification["nctId"].replace("NCT", "NTC")
    return put(identification, "nctId", bad, IDENTIFICATION)


def _references(study: Json) -> list[Json]:
    found: list[Json] = study["protocolSection"].get("referencesModule", {}).get("references", [])
    return found


def _malformed_pmid(study: Json, _: Draw) -> Planted | None:
    if not _references(study):
        return None
    return put(_references(study)[0], "pmid", "PMC123456", "protocolSection.referencesModule.references[0]")


def _retracted_result(study: Json, _: Draw) -> Planted | None:
    if not _references(study):
        return None
    path = "protocolSection.referencesModule.references[0]"
    reference = _references(study)[0]
    reference["type"] = "RESULT"
    retractions = [{"pmid": "99999999", "source": "J Synth Med. 2025;1(1):1"}]
    return put(reference, "retractions", retractions, path)


def _wrong_age_unit(study: Json, _: Draw) -> Planted | None:
    """18 years entered as 18 months: the age groups no longer agree."""
    eligibility = module(study, ELIGIBILITY)
    years = _YEARS.match(eligibility.get("minimumAge", ""))
    if years is None or int(years[1]) < 18 or study_type(study) == "EXPANDED_ACCESS":
        return None
    if "Age " in eligibility["eligibilityCriteria"]:
        return None
    return put(eligibility, "minimumAge", f"{years[1]} Months", ELIGIBILITY)


CONTENT_DEFECTS: Final[tuple[Defect, ...]] = (
    Defect("age_format", "eligibility", _age_without_unit),
    Defect("age_order", "eligibility", _ages_swapped, also=("age_std_match",)),
    Defect("age_std_match", "eligibility", _age_group_wrong),
    Defect("age_std_match", "eligibility", _wrong_age_unit),
    Defect("age_in_text", "eligibility", _age_in_text_differs),
    Defect("sex_enum_gender", "eligibility", _gender_not_described),
    Defect("criteria_present", "eligibility", _criteria_cut),
    Defect("criteria_intact", "eligibility", _criterion_lost),
    Defect("criteria_unescaped", "eligibility", _escaped_twice),
    Defect("conditions_present", "conditions", _no_condition),
    Defect("lead_sponsor_one", "sponsors", _no_lead_sponsor, also=("enum_drift",)),
    Defect("resp_party_consistent", "sponsors", _investigator_without_name),
    Defect("official_is_person", "people", _official_is_a_role),
    Defect("location_required", "sites", _recruiting_nowhere),
    Defect("location_status", "sites", _site_recruits_alone),
    Defect("country_valid", "sites", _country_of_fancy),
    Defect("geo_in_country", "sites", _site_in_the_sea, judged=False),
    Defect("geo_plausible", "sites", _point_of_no_place),
    Defect("facility_not_generic", "sites", _generic_facility),
    Defect("contact_when_open", "sites", _nobody_to_ask),
    Defect("title_len", "titles", _title_too_long),
    Defect("text_len", "texts", _text_too_long),
    Defect("secondary_id_format", "ids", _malformed_secondary_id, also=("identifier_valid",)),
    Defect("id_placeholder", "ids", _placeholder_id),
    Defect("nct_format", "solo", _own_id_malformed, also=("identifier_valid",)),
    Defect("pmid_doi_format", "references", _malformed_pmid),
    Defect("retraction_flag", "references", _retracted_result),
)
