"""Who is behind a study: sponsor, responsible party, officials, contacts.

Belongs here: rules on people and organisations. Does not: places (places.py). Messages name no private persons beyond
what the record itself publishes in the field.
"""

from __future__ import annotations

from expectations.rows import of_records, records_with
from expectations.rule import ERROR, WARN, Rule
from expectations.sql import CTGOV, both, one_of, present, stated
from expectations.thresholds import limit
from pipelines.study.shape import load_enums

_SPONSORS = "protocolSection.sponsorCollaboratorsModule"
_CONTACTS = "protocolSection.contactsLocationsModule"
_PARTY = f"{_SPONSORS}.responsibleParty"

# Words that stand where a person's name should: placeholders of call centres and functions.
_FUNCTION = (
    r"(clinical trials?|trials?|study|medical|scientific|science|project|protocol|clinical) "
    r"(director|manager|chair|chairman|leader|lead|head|monitor|responsible|expert|coordinator|center|centre|contact|information|"
    r"operations|transparency|team|office|officer|affairs|registry|administrator|management|development|sciences?|"
    r"physician|support|research)"
)
# A function after a comma says what the person before it is: "Ada Person, MD, Medical Director".
_ROLE_WORDS = (
    rf"(?i)^([^,]*|[^,\s]+,.*)\b{_FUNCTION}\b|"
    r"\b(call cent(er|re)|contact cent(er|re)|use central contact|recruitment|customer service|information desk|"
    r"principal investigator|sub-?investigator|department|hospital|university|institute|pharmaceuticals?|"
    r"responsible person|information services|pharma|contact via|e-?mail|gmbh|inc\.?|ltd\.?|llc|clinical trials?)\b|"
    r"@|^\S+ director$"
)
_TITLES = r"(?i),?\s*\b(m\.?d|ph\.?d|dr|prof|professor|m\.?sc|b\.?sc|mph|rn|pharm\.?d|facp|mba|mbbs)\b\.?"
_BARE_NAME = f"trim(regexp_replace(name, '{_TITLES}', '', 'g'), ' ,.')"

_LEADS = records_with("""
SELECT record_key, count(*) FILTER (role = 'lead') AS lead_count
FROM core.sponsor GROUP BY record_key
""")

_REACHABLE = records_with("SELECT record_key, count(*) AS contact_count FROM core.contact GROUP BY record_key")

RULES = (
    Rule(
        name="lead_sponsor_one",
        table="core.record",
        rows=_LEADS,
        severity=ERROR,
        description="A record has exactly one lead sponsor, and its class, where one is given, is a known one.",
        meaning="Portfolios by sponsor count the study twice or not at all.",
        source="API v2; registration form",
        columns=("lead_sponsor", "lead_sponsor_class"),
        evaluable=(
            f"lead_sponsor IS NOT NULL OR coalesce(lead_count, 0) > 0 OR {stated(f'{_SPONSORS}.leadSponsor.name')}"
        ),
        passes=both(
            "coalesce(lead_count, 0) = 1",
            f"lead_sponsor_class IS NULL OR {one_of('lead_sponsor_class', load_enums()['AgencyClass'])}",
        ),
        not_evaluable="the layout lost the sponsors",
        message="{coalesce(lead_count, 0)} lead sponsors, '{lead_sponsor}' of class {lead_sponsor_class}: name one.",
    ),
    Rule(
        name="resp_party_consistent",
        table="core.record",
        rows=_LEADS,
        severity=WARN,
        registries=CTGOV,
        description=(
            "An investigator who is responsible has name, title and affiliation; a responsible sponsor has none."
        ),
        meaning="Nobody can be asked about the study, or two parties claim it.",
        source="Registration form; Chaturvedi 2019: missing on 3.5 % of 35,121",
        columns=(
            "responsible_party_type",
            "responsible_party_name",
            "responsible_party_title",
            "responsible_party_affiliation",
        ),
        evaluable="responsible_party_type IS NOT NULL",
        passes=(
            "CASE WHEN responsible_party_type IN ('PRINCIPAL_INVESTIGATOR', 'SPONSOR_INVESTIGATOR') THEN "
            + both(
                present("responsible_party_name", f"{_PARTY}.investigatorFullName"),
                present("responsible_party_title", f"{_PARTY}.investigatorTitle"),
                present("responsible_party_affiliation", f"{_PARTY}.investigatorAffiliation"),
            )
            + " WHEN responsible_party_type = 'SPONSOR' THEN coalesce(responsible_party_name, responsible_party_title, "
            "responsible_party_affiliation) IS NULL END"
        ),
        # The violation says which parts are there, not who the person is.
        value="responsible_party_type",
        not_evaluable="the kind of responsible party is missing or unknown, or the layout lost a part",
        message=(
            "{responsible_party_type}: name given {responsible_party_name IS NOT NULL}, title "
            "{responsible_party_title IS NOT NULL}, affiliation {responsible_party_affiliation IS NOT NULL}: an "
            "investigator needs all three, a sponsor none."
        ),
    ),
    Rule(
        name="official_is_person",
        table="core.official",
        rows=of_records("core.official"),
        severity=WARN,
        registries=CTGOV,
        description="An overall official is a person with first and last name, not a role, an office or a telephone.",
        meaning="Nobody answers for the study by name; investigator networks get false nodes.",
        source="Chaturvedi 2019: missing 12 %, junk in 17 % of 71,359",
        columns=("name",),
        passes=both(
            f"NOT regexp_matches(name, '{_ROLE_WORDS}')",
            f"regexp_matches({_BARE_NAME}, '\\S\\s+\\S')",
            "NOT regexp_matches(name, '[0-9]{3}')",  # a telephone number
            "lower(trim(name)) <> coalesce(lower(trim(affiliation)), '')",  # the company, named twice
        ),
        not_evaluable="the official has no name",
        message="Official '{name}' is no person's full name: give first and last name.",
    ),
    Rule(
        name="organization_len",
        table="core.sponsor",
        rows=of_records("core.sponsor"),
        severity=WARN,
        registries=CTGOV,
        description=f"The name of a sponsor has at most {limit('organization_length')} characters.",
        meaning="Several names were run together, and match no organisation.",
        source="Registration form",
        columns=("name",),
        passes=f"length(name) <= {limit('organization_length')}",
        not_evaluable="the sponsor has no name",
        message="Sponsor '{left(name, 60)}' has {length(name)} characters: one organisation for each entry.",
    ),
    Rule(
        name="affiliation_len",
        table="core.official",
        rows=of_records("core.official"),
        severity=WARN,
        registries=CTGOV,
        description=f"The affiliation of an official has at most {limit('organization_length')} characters.",
        meaning="Several names were run together, and match no organisation.",
        source="Registration form",
        columns=("affiliation",),
        passes=f"length(affiliation) <= {limit('organization_length')}",
        not_evaluable="no affiliation is given",
        message="Affiliation '{left(affiliation, 60)}' has {length(affiliation)} characters: shorten it.",
    ),
    Rule(
        name="contact_when_open",
        table="core.record",
        rows=_REACHABLE,
        severity=WARN,
        description="A study that recruits or is about to has a central contact or one at a site.",
        meaning="Patients and physicians cannot reach it.",
        source="Registration form",
        columns=("overall_status", "contact_count"),
        evaluable=one_of("overall_status", ("RECRUITING", "NOT_YET_RECRUITING")),
        passes=f"CASE WHEN contact_count > 0 THEN TRUE WHEN {stated(f'{_CONTACTS}.centralContacts')} THEN FALSE END",
        not_evaluable="the study does not recruit, or the layout lost the contacts",
        message="Status {overall_status} without any contact: add a central contact.",
    ),
)
