"""Checks of outcomes, eligibility, people, places and references."""

from __future__ import annotations

import re
from datetime import date

from .check_kit import Study, Verdict, check, module, status, study_type


# --- outcomes and eligibility --------------------
def outcomes(study: Study) -> list[Study]:
    found = module(study, "outcomes")
    return [each for key in ("primaryOutcomes", "secondaryOutcomes", "otherOutcomes") for each in found.get(key, [])]


@check
def primary_outcome_present(study: Study, today: date) -> Verdict:
    if study_type(study) != "INTERVENTIONAL":
        return None
    return bool(module(study, "outcomes").get("primaryOutcomes"))


@check
def outcome_timeframe(study: Study, today: date) -> Verdict:
    return all(each.get("timeFrame") and not each["timeFrame"].isdigit() for each in outcomes(study))


@check
def outcome_title_specific(study: Study, today: date) -> Verdict:
    vague = {"Safety", "Tolerability", "Feasibility", "Efficacy", "Satisfaction"}
    return not any(each["measure"] in vague and "description" not in each for each in outcomes(study))


@check
def outcome_dup(study: Study, today: date) -> Verdict:
    titles = [each["measure"] for each in outcomes(study)]
    return len(titles) == len(set(titles))


def _age_years(text: str | None) -> float | None:
    if text is None:
        return None
    number, unit = text.split()
    return int(number) * {"Year": 1, "Month": 1 / 12, "Week": 7 / 365.25, "Day": 1 / 365.25}[unit.rstrip("s")]


@check
def age_format(study: Study, today: date) -> Verdict:
    found = module(study, "eligibility")
    texts = [found[key] for key in ("minimumAge", "maximumAge") if key in found]
    return all(re.fullmatch(r"\d+ (Year|Month|Week|Day|Hour|Minute)s?", text) for text in texts) if texts else None


@check
def age_order(study: Study, today: date) -> Verdict:
    found = module(study, "eligibility")
    if age_format(study, today) is not True or not {"minimumAge", "maximumAge"} <= set(found):
        return None
    low, high = _age_years(found["minimumAge"]), _age_years(found["maximumAge"])
    return low <= high


@check
def age_std_match(study: Study, today: date) -> Verdict:
    found = module(study, "eligibility")
    if age_format(study, today) is False:
        return None
    low, high = _age_years(found.get("minimumAge")) or 0, _age_years(found.get("maximumAge")) or 999
    due = {
        group
        for group, meets in (("CHILD", low < 18), ("ADULT", low < 65 and high >= 18), ("OLDER_ADULT", high >= 65))
        if meets
    }
    return set(found["stdAges"]) == due


@check
def age_in_text(study: Study, today: date) -> Verdict:
    found = module(study, "eligibility")
    stated = re.search(r"\bAge (\d+)(?: to (\d+) years| years or older)", found.get("eligibilityCriteria", ""))
    if stated is None:
        return None
    low_agrees = _age_years(found.get("minimumAge")) == int(stated[1])
    return low_agrees and (not stated[2] or _age_years(found.get("maximumAge")) == int(stated[2]))


@check
def sex_enum_gender(study: Study, today: date) -> Verdict:
    found = module(study, "eligibility")
    return found["sex"] in {"ALL", "FEMALE", "MALE"} and (
        not found.get("genderBased") or bool(found.get("genderDescription"))
    )


@check
def criteria_present(study: Study, today: date) -> Verdict:
    text = module(study, "eligibility").get("eligibilityCriteria", "").lower()
    return "inclusion criteria:" in text and "exclusion criteria:" in text


@check
def criteria_intact(study: Study, today: date) -> Verdict:
    text = module(study, "eligibility").get("eligibilityCriteria", "")
    plain = re.sub(r"\\(.)", r"\1", text)
    if any(plain.count(a) != plain.count(b) for a, b in ("()", "[]")):
        return False
    for part in re.split(r"(?i)exclusion criteria:", text):
        numbers = [int(number) for number in re.findall(r"(?m)^(?:\* )?(\d+)\\?\. ", part)]
        if numbers != list(range(1, len(numbers) + 1)):
            return False
    return True


@check
def criteria_unescaped(study: Study, today: date) -> Verdict:
    text = module(study, "eligibility").get("eligibilityCriteria", "")
    parsed = re.sub(r"\\([\\<>\[\]*^.])", r"\1", text)
    return not re.search(r"\\[<>\[]", parsed)


@check
def conditions_present(study: Study, today: date) -> Verdict:
    return bool(module(study, "conditions").get("conditions"))


# --- people and places --------------------
@check
def lead_sponsor_one(study: Study, today: date) -> Verdict:
    lead = module(study, "sponsorCollaborators").get("leadSponsor")
    classes = {"NIH", "FED", "OTHER_GOV", "INDIV", "INDUSTRY", "NETWORK", "AMBIG", "OTHER", "UNKNOWN"}
    return lead is not None and lead["class"] in classes


@check
def resp_party_consistent(study: Study, today: date) -> Verdict:
    party = module(study, "sponsorCollaborators")["responsibleParty"]
    named = {"investigatorFullName", "investigatorTitle", "investigatorAffiliation"}
    return not named & set(party) if party["type"] == "SPONSOR" else named <= set(party)


@check
def official_is_person(study: Study, today: date) -> Verdict:
    officials = module(study, "contactsLocations").get("overallOfficials", [])
    words = re.compile(r"\b(Director|Office|Investigator|Monitor|Call Center)\b")
    return all(" " in each["name"] and not words.search(each["name"]) for each in officials) if officials else None


def sites(study: Study) -> list[Study]:
    return module(study, "contactsLocations").get("locations", [])


@check
def location_required(study: Study, today: date) -> Verdict:
    return any("status" in site for site in sites(study)) if status(study) == "RECRUITING" else None


@check
def location_status(study: Study, today: date) -> Verdict:
    recruiting = any(site.get("status") == "RECRUITING" for site in sites(study))
    return status(study) == "RECRUITING" if recruiting else None


@check
def country_valid(study: Study, today: date) -> Verdict:
    unknown = {"Ruritania", "N/A", "Europe", "Freedonia"}
    return not any(site["country"] in unknown for site in sites(study)) if sites(study) else None


@check
def geo_in_country(study: Study, today: date) -> Verdict:
    boxes = {
        "United States": (24, 50, -125, -66), "China": (18, 54, 73, 135), "Germany": (47, 55.1, 5.8, 15.1),
        "France": (41, 51.2, -5.2, 9.6), "Japan": (24, 46, 122, 146), "Brazil": (-34, 6, -74, -34),
        "Egypt": (22, 32, 24, 37), "United Kingdom": (49, 61, -9, 2), "Australia": (-44, -9, 112, 154),
    }  # fmt: skip
    judged = []
    for site in sites(study):
        point = site.get("geoPoint")
        if point is None:
            continue
        south, north, west, east = boxes.get(site["country"], (-40, 70, -125, 180))
        judged.append(south <= point["lat"] <= north and west <= point["lon"] <= east)
    return all(judged) if judged else None


@check
def geo_plausible(study: Study, today: date) -> Verdict:
    points = [site["geoPoint"] for site in sites(study) if "geoPoint" in site]
    kept = [
        abs(each["lat"]) <= 90 and abs(each["lon"]) <= 180 and (each["lat"], each["lon"]) != (0, 0) for each in points
    ]
    return all(kept) if kept else None


@check
def facility_not_generic(study: Study, today: date) -> Verdict:
    generic = re.compile(r"Research Site|Investigative Site|Local Institution|\d+")
    return not any(generic.fullmatch(site["facility"]) for site in sites(study)) if sites(study) else None


@check
def contact_when_open(study: Study, today: date) -> Verdict:
    if status(study) not in {"RECRUITING", "NOT_YET_RECRUITING"}:
        return None
    return bool(module(study, "contactsLocations").get("centralContacts")) or any(
        "contacts" in site for site in sites(study)
    )


# --- references --------------------
@check
def pmid_doi_format(study: Study, today: date) -> Verdict:
    found = [each["pmid"] for each in module(study, "references").get("references", []) if "pmid" in each]
    return all(re.fullmatch(r"\d{1,8}", text) for text in found) if found else None


@check
def retraction_flag(study: Study, today: date) -> Verdict:
    found = module(study, "references").get("references", [])
    return not any(each["type"] == "RESULT" and each.get("retractions") for each in found) if found else None
