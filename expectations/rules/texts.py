"""Titles, long texts, conditions and references.

Belongs here: limits and forms of texts. Does not: criteria (eligibility.py), labels of arms (arms.py).
"""

from __future__ import annotations

from expectations.rows import RECORDS, of_records, records_with
from expectations.rule import INFO, WARN, Rule
from expectations.sql import CTGOV, both, characters, is_whole, stated, within
from expectations.thresholds import limit

_CONDITIONS = "protocolSection.conditionsModule.conditions"

_NAMED = records_with("""
SELECT r.record_key, count(*) AS condition_count, max(length(c.condition)) AS longest_condition
FROM core.record AS r JOIN staging.condition AS c USING (version_id)
GROUP BY r.record_key
""")

_RETRACTED = """
SELECT r.record_key, r.source_format, r.standing, f.pmid, f.type, f.citation, x.retractions, x.retraction_source
FROM staging.reference AS f
JOIN core.record AS r USING (version_id)
LEFT JOIN (
  SELECT version_id, reference_position, count(*) AS retractions, any_value(source) AS retraction_source
  FROM staging.reference_retraction GROUP BY ALL
) AS x ON x.version_id = f.version_id AND x.reference_position = f.position
"""


def _within(column: str, limit_name: str) -> str:
    return f"coalesce({within(column, limit(limit_name))}, TRUE)"


def _lengths(*columns: str) -> str:
    shown = ", ".join(f"'{column} = ' || {characters(column)}" for column in columns)
    return f"concat_ws('; ', {shown})"


_NAMES_DOI = r"regexp_matches(citation, '(?i)\bdoi(: ?|\.org/)\S')"

_TITLES = ("brief_title", "official_title", "acronym")
_TEXTS = ("brief_summary", "detailed_description", "responsible_party_affiliation")

RULES = (
    Rule(
        name="title_present",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description="A record has a brief title.",
        meaning="People cannot tell the study from others in a list.",
        source="Registration form: required",
        columns=("brief_title",),
        evaluable=f"brief_title IS NOT NULL OR {stated('protocolSection.identificationModule.briefTitle')}",
        passes="trim(coalesce(brief_title, '')) <> ''",
        not_evaluable="the layout lost the title",
        message="No brief title: give one.",
    ),
    Rule(
        name="title_len",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description=(
            f"Brief title at most {limit('brief_title_length')} characters, official title "
            f"{limit('official_title_length')}, acronym {limit('acronym_length')}."
        ),
        meaning="The title was run together with other text, or a sentence stands as acronym.",
        source="Registration form",
        columns=_TITLES,
        evaluable=" OR ".join(f"{column} IS NOT NULL" for column in _TITLES),
        passes=both(*(_within(column, f"{column}_length") for column in _TITLES)),
        value=_lengths(*_TITLES),
        not_evaluable="no title is given",
        message=f"Too long, in characters: {{{_lengths(*_TITLES)}}}. Shorten it.",
    ),
    Rule(
        name="text_len",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description=(
            f"Brief summary at most {limit('summary_length')} characters, detailed description "
            f"{limit('description_length')}, affiliation {limit('organization_length')}."
        ),
        meaning="The text was cut or run together with another.",
        source="Registration form",
        columns=_TEXTS,
        evaluable=" OR ".join(f"{column} IS NOT NULL" for column in _TEXTS),
        passes=both(
            _within("brief_summary", "summary_length"),
            _within("detailed_description", "description_length"),
            _within("responsible_party_affiliation", "organization_length"),
        ),
        value=_lengths(*_TEXTS),
        not_evaluable="none of the texts is given",
        message=f"Too long, in characters: {{{_lengths(*_TEXTS)}}}. Shorten it.",
    ),
    Rule(
        name="conditions_present",
        table="core.record",
        rows=_NAMED,
        severity=WARN,
        description=f"A record names at least one condition, each of at most {limit('condition_length')} characters.",
        meaning="The study is in no count by condition, or under a condition that is several run together.",
        source="Registration form; Miron 2020",
        columns=("condition_count", "longest_condition"),
        evaluable=stated(_CONDITIONS),
        passes=both(
            "coalesce(condition_count, 0) > 0",
            f"coalesce(longest_condition <= {limit('condition_length')}, TRUE)",
        ),
        not_evaluable="the layout lost the conditions, ran them together, or may leave them out",
        message=(
            "{CASE WHEN condition_count > 0 THEN condition_count || ' conditions, the longest of ' || "
            "longest_condition || ' characters: name each by itself' ELSE 'No condition: name what is studied' END}."
        ),
    ),
    Rule(
        name="pmid_doi_format",
        table="core.reference",
        rows=of_records("core.reference"),
        severity=WARN,
        description="A PubMed id has one to eight digits; a DOI in a citation has the form 10.prefix/suffix.",
        meaning="The publication cannot be linked.",
        source="IntoValue validation; DOI handbook",
        columns=("pmid", "citation"),
        # A DOI stands after its name or as a link to doi.org.
        evaluable=f"pmid IS NOT NULL OR {_NAMES_DOI}",
        passes=both(
            r"coalesce(regexp_full_match(pmid, '[1-9]\d{0,7}'), TRUE)",
            f"coalesce(NOT {_NAMES_DOI} "
            r"OR regexp_matches(citation, '(?i)\bdoi(: ?|\.org/)(https?://(dx\.)?doi\.org/)?10\.\d{4,9}/\S'), TRUE)",
        ),
        not_evaluable="the reference has neither",
        message="PubMed id {pmid}, citation '{left(citation, 60)}': correct the id or the DOI.",
    ),
    Rule(
        name="retraction_flag",
        table="core.reference",
        rows=_RETRACTED,
        severity=INFO,
        description="A publication that reports the study's results was not retracted.",
        meaning="The published results were withdrawn; do not use them.",
        source="API v2: retractions by PubMed",
        columns=("pmid", "type"),
        evaluable="type IN ('RESULT', 'DERIVED')",
        passes=f"CASE WHEN retractions > 0 THEN FALSE WHEN {is_whole()} THEN TRUE END",
        not_evaluable="the reference is background, its type is missing, or the format does not tell of retractions",
        message="Reference {pmid} ({type}) was retracted, see {retraction_source}.",
    ),
)
