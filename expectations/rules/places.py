"""Where a study takes place: countries, sites, their status and position.

Belongs here: rules on locations. Does not: people at the sites (people.py).
"""

from __future__ import annotations

from expectations.countries import COUNTRY_NAMES
from expectations.rows import of_records, records_with
from expectations.rule import ERROR, INFO, WARN, Rule
from expectations.sql import CTGOV, is_whole, one_of, stated

_LOCATIONS = "protocolSection.contactsLocationsModule.locations"
_SITE_WORD = r"(sites?|institutions?|facilit(y|ies)|cent(er|re)s?|unit|hospital|clinic|location)"
_GENERIC = (
    # "Research Site", "Local Institution - 0012", "Investigative Site (Reference ID: 123)"; a bare number; no place at
    # all.
    rf"(?i)\s*((clinical )?(research|investigat(ive|ional|or)|study|trial|local)('?s)?( {_SITE_WORD})?|{_SITE_WORD})"
    r"[ ,:(#./-]{0,4}((study )?(site|reference id|ref|id|number|no)?[ /#:.(-]{0,4}"
    # Letters alone may be a name: "Hospital Mar".
    r"([a-z]{0,4}[0-9][0-9-]{0,11}|[a-z]?-?)\)?)?\s*|"
    r"(?i)\s*[#0-9 -]+\s*|(?i)\s*(for additional information.*|call for information|(multiple|many|various) "
    r"(locations|sites|centers|centres)|various|unknown|not available|n/?a)\s*|"
    # "<Sponsor> Investigational Site", "<Sponsor> Study Site", "Site Ref # / Investigator 123"; who is to be called.
    r"(?i).{0,60}\b(investigat(ive|ional|or) (study |trial )?|study |selected )sites?\b.{0,40}|(?i)\s*site ref.{0,40}|"
    r"(?i).{0,60}\bcall cent(er|re)\b.{0,60}|"
    # Code of a study or country and number of the site: "EX0012 104", "USA04-0".
    r"(?i)\s*[a-z]{2,6}[0-9]{2,6}[ /#-]{1,3}[0-9]{1,6}\s*"
)

_SITES = records_with("""
SELECT record_key, count(*) AS sites, count(status) AS sites_with_status,
  count(*) FILTER (status = 'RECRUITING') AS recruiting_sites
FROM core.location GROUP BY record_key
""")

RULES = (
    Rule(
        name="location_required",
        table="core.record",
        rows=_SITES,
        severity=WARN,
        registries=CTGOV,
        description="A recruiting study has at least one site with a recruitment status.",
        meaning="Patients cannot see where they can take part.",
        source="Registration form",
        columns=("overall_status", "location_count"),
        evaluable="overall_status = 'RECRUITING'",
        passes=f"CASE WHEN sites_with_status > 0 THEN TRUE WHEN {is_whole()} THEN FALSE "
        f"WHEN coalesce(sites, 0) = 0 AND {stated(_LOCATIONS)} THEN FALSE END",
        value="coalesce(sites, 0)",
        not_evaluable="the study does not recruit, or the layout lost sites or their status",
        message=(
            "Recruiting with {coalesce(sites, 0)} sites, {coalesce(sites_with_status, 0)} of them with a status: add "
            "them."
        ),
    ),
    Rule(
        name="location_status",
        table="core.record",
        rows=_SITES,
        severity=WARN,
        description="Where a site recruits, the study recruits.",
        meaning="The overall status or the site's is out of date.",
        source="Registration form",
        columns=("overall_status", "recruiting_sites"),
        # The registry itself sets UNKNOWN and leaves the sites as they were.
        evaluable="recruiting_sites > 0 AND overall_status <> 'UNKNOWN'",
        passes="overall_status = 'RECRUITING'",
        not_evaluable="no site is said to recruit, or the status is missing or UNKNOWN",
        message="{recruiting_sites} sites recruit, but the study's status is {overall_status}: correct one of them.",
    ),
    Rule(
        name="country_valid",
        table="core.location",
        rows=of_records("core.location"),
        severity=ERROR,
        description="The country of a site is a country.",
        meaning="The site is on no map and in no count by country.",
        source="ISO 3166 short names and the registries' spellings of them",
        columns=("country",),
        passes=one_of("lower(trim(country))", (name.lower() for name in COUNTRY_NAMES)),
        not_evaluable="the site has no country",
        message="'{country}' is no country name: correct it.",
    ),
    Rule(
        name="geo_plausible",
        table="core.location",
        rows=of_records("core.location"),
        severity=WARN,
        description="The position of a site lies on the globe and is not 0, 0.",
        meaning="The site is drawn in the sea.",
        source="Geodesy",
        columns=("geo_point_lat", "geo_point_lon"),
        passes=(
            "geo_point_lat BETWEEN -90 AND 90 AND geo_point_lon BETWEEN -180 AND 180 "
            "AND NOT (geo_point_lat = 0 AND geo_point_lon = 0)"
        ),
        not_evaluable="the site has no position",
        message="{city}, {country} at {geo_point_lat}, {geo_point_lon}: correct the position.",
    ),
    Rule(
        name="facility_not_generic",
        table="core.location",
        rows=of_records("core.location"),
        severity=INFO,
        description="A site has a name of its own, not Research Site, Local Institution or a number.",
        meaning="Sites cannot be counted or matched; industry records do this most.",
        source="AACT: 11.8 % of sites, 18.5 % in industry records",
        columns=("facility",),
        passes=f"NOT regexp_full_match(facility, '{_GENERIC.replace(chr(39), chr(39) * 2)}')",
        not_evaluable="the site has no name",
        message="Site '{facility}' is a placeholder: name the hospital or institution.",
    ),
)
