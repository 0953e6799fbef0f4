"""Identifiers: who a record says it is, and under which other numbers it is known.

Belongs here: rules on core.identifier and on the ids of core.record. Does not: detecting and normalising ids
(pipelines/study), ids cited in references.
"""

from __future__ import annotations

from expectations.rows import RECORDS, of_records, records_with
from expectations.rule import ERROR, INFO, WARN, Rule
from expectations.sql import CTGOV, both, one_of
from expectations.thresholds import limit
from pipelines.tables import literal

_OWN_NUMBERS = ("own", "alias", "secondary", "org")
_IS_OWN_NUMBER = "role IN (" + ", ".join(literal(role) for role in _OWN_NUMBERS) + ")"

_NO_ID = ("placeholder", "all_zero")
"""Reasons of core.identifier for texts that are no identifier at all."""
_IS_NO_ID = f"coalesce({one_of('reason', _NO_ID)}, FALSE)"

_DECLARED = f"""
SELECT s.id, s.type, r.record_key, r.source_format, i.read_as, i.is_no_id
FROM staging.secondary_id AS s
JOIN core.record AS r USING (version_id)
LEFT JOIN (
  SELECT record_key, trim(id_raw) AS id_raw, list_distinct(list(id_type) FILTER (is_valid)) AS read_as,
    bool_or({_IS_NO_ID}) AS is_no_id
  FROM core.identifier WHERE role = 'secondary' GROUP BY ALL
) AS i ON i.record_key = r.record_key AND i.id_raw = trim(s.id)
"""

_STUDY_IDS = records_with("""
SELECT r.record_key, s.nct_id, s.org_study_id,
  (SELECT count(*) FROM core.identifier AS i
   WHERE i.record_key = r.record_key AND i.id_norm IS NOT NULL
     AND i.role IN ('own', 'alias', 'secondary', 'org')) AS own_numbers
FROM core.record AS r JOIN staging.study AS s USING (version_id)
""")

# A size reached and a size aimed at may differ, and copies do not say which theirs is: marts.cross_registry_discrepancy
# calls these not comparable (8 of 10 findings, 2026-11-22).
_TRIALS = """
SELECT t.primary_record_key AS record_key, t.trial_id, t.record_count,
  count(DISTINCT r.overall_status) AS overall_status, count(DISTINCT r.enrollment) AS enrollment,
  count(DISTINCT r.sex) AS sex, count(DISTINCT r.has_results) AS has_results,
  count(DISTINCT r.enrollment) FILTER (r.enrollment_type = 'ACTUAL') > 1
    OR count(DISTINCT r.enrollment) FILTER (r.enrollment_type = 'ESTIMATED') > 1 AS sizes_differ,
  string_agg(DISTINCT r.overall_status, ', ' ORDER BY r.overall_status) AS statuses,
  string_agg(DISTINCT r.enrollment, ', ' ORDER BY r.enrollment) AS enrollments,
  string_agg(DISTINCT r.sex, ', ' ORDER BY r.sex) AS sexes,
  greatest(count(r.overall_status), count(r.enrollment), count(r.sex), count(r.has_results)) AS most_told,
  string_agg(r.record_key, ', ' ORDER BY r.record_key) AS record_keys
FROM core.trial AS t JOIN core.record AS r USING (trial_id)
WHERE t.record_count > 1
GROUP BY ALL
"""

RULES = (
    Rule(
        name="id_present",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        description="Every record has a key, a registry and a word for what the key rests on.",
        meaning="A record without a key cannot be joined, followed over time or reported.",
        source="Warehouse contract",
        columns=("record_key", "registry", "key_basis"),
        passes="coalesce(record_key, '') <> '' AND coalesce(registry, '') <> '' AND coalesce(key_basis, '') <> ''",
        message="Record key {record_key}, registry {registry}, basis {key_basis}: one is missing; report this.",
    ),
    Rule(
        name="nct_format",
        table="core.record",
        rows=_STUDY_IDS,
        severity=ERROR,
        registries=CTGOV,
        description="An NCT number is NCT and eight digits, not all of them zero.",
        meaning="The record cannot be found in the registry under this number.",
        source="API v2",
        columns=("nct_id",),
        passes=r"regexp_full_match(nct_id, 'NCT\d{8}') AND nct_id <> 'NCT00000000'",
        not_evaluable="the record carries no NCT number",
        message="'{nct_id}' is not an NCT number (NCT and eight digits): correct it.",
    ),
    Rule(
        name="nct_missing",
        table="core.record",
        rows=_STUDY_IDS,
        severity=WARN,
        registries=CTGOV,
        description="A record without an NCT number carries another number of its own.",
        meaning="The record is known by its content only and cannot be linked to anything.",
        source="Page texts that lost their heading",
        columns=("nct_id", "own_numbers"),
        evaluable="nct_id IS NULL",
        passes="own_numbers > 0",
        not_evaluable="the record carries an NCT number",
        message="No NCT number and no other number: find the record in its registry and complete it.",
    ),
    Rule(
        name="identifier_valid",
        table="core.identifier",
        rows=of_records("core.identifier"),
        severity=WARN,
        description="Every identifier of a known kind satisfies the rules of its kind.",
        meaning="A malformed number links to nothing, or to the wrong trial.",
        source="Registries' id formats",
        columns=("id_raw", "id_type"),
        # Placeholders are the matter of id_placeholder. Sponsors number as they like, no rule says how.
        evaluable=both(_IS_OWN_NUMBER, "id_type NOT IN ('OTHER', 'ORG')", f"NOT {_IS_NO_ID}"),
        passes="is_valid",
        value="id_raw",
        not_evaluable=(
            "no kind of identifier is recognised, or it is a sponsor's own number, only mentioned, or a placeholder"
        ),
        message="'{id_raw}' ({role}) is no valid {id_type} number: {reason}.",
    ),
    Rule(
        name="id_placeholder",
        table="core.identifier",
        rows=of_records("core.identifier"),
        severity=ERROR,
        description="No identifier is a word for nothing (NA, none, -) or made of zeros.",
        meaning="Records that share such an 'id' would be taken for the same trial.",
        source="OpenTrials issues 270 and 428",
        columns=("id_raw",),
        evaluable=_IS_OWN_NUMBER + " AND id_raw IS NOT NULL",
        passes=f"NOT {_IS_NO_ID}",
        not_evaluable="the identifier is only mentioned",
        message="'{id_raw}' stands where an identifier should ({role}): remove it or give the number.",
    ),
    Rule(
        name="secondary_id_format",
        table="core.identifier",
        rows=_DECLARED,
        severity=WARN,
        description="A secondary id that is declared as EudraCT, CTIS or registry number looks like one.",
        meaning="The link to the other registry is broken.",
        source="API v2; registries' id formats",
        columns=("id", "type"),
        # Placeholders are the matter of id_placeholder.
        evaluable="type IN ('EUDRACT_NUMBER', 'CTIS', 'REGISTRY') AND id IS NOT NULL AND is_no_id IS NOT TRUE",
        passes=(
            "CASE type WHEN 'EUDRACT_NUMBER' THEN coalesce(list_contains(read_as, 'EUDRACT'), FALSE) "
            "WHEN 'CTIS' THEN coalesce(list_contains(read_as, 'CTIS'), FALSE) "
            # A number of a registry whose form is not known may be right (NCI-2022-…, 2026-11-21).
            "ELSE CASE WHEN read_as <> ['OTHER'] THEN TRUE WHEN read_as IS NULL THEN FALSE END END"
        ),
        value="id",
        not_evaluable=(
            "the id is declared as something else or nothing, is a placeholder, or the form of its registry's numbers "
            "is not known"
        ),
        message="'{id}' is declared as {type} but does not look like one: correct the number or its kind.",
    ),
    Rule(
        name="id_len",
        table="core.identifier",
        rows=of_records("core.identifier"),
        severity=WARN,
        registries=CTGOV,
        description=f"Organisation and secondary ids have at most {limit('id_length')} characters.",
        meaning="Longer ones are sentences or several ids run together, and link to nothing.",
        source="Registration form",
        columns=("id_raw",),
        evaluable="role IN ('org', 'secondary')",
        passes=f"length(id_raw) <= {limit('id_length')}",
        not_evaluable="the identifier has another role",
        message="'{id_raw}' has {length(id_raw)} characters: give each id by itself.",
    ),
    Rule(
        name="ids_cross_consistent",
        table="core.trial",
        rows=_TRIALS,
        severity=INFO,
        description="The records of one trial agree on status, enrollment, sex and whether there are results.",
        meaning="Registries tell different stories of one trial; decide which record to believe before counting.",
        source="Fleminger 2018: 16.2 % of 10,492 dual registrations differ in completion status",
        columns=("overall_status", "enrollment", "sex", "has_results"),
        evaluable="most_told > 1",
        not_evaluable=(
            "of none of the four two records speak, or they differ in enrollment alone, of which not both are ACTUAL "
            "or both ESTIMATED"
        ),
        passes=both(
            "overall_status <= 1",
            "CASE WHEN enrollment <= 1 THEN TRUE WHEN sizes_differ THEN FALSE END",
            "sex <= 1",
            "has_results <= 1",
        ),
        value="record_keys",
        message=(
            "{record_keys} are one trial, but say different things: {concat_ws('; ', "
            "CASE WHEN overall_status > 1 THEN 'status ' || statuses END, "
            "CASE WHEN enrollment > 1 THEN 'enrollment ' || enrollments END, "
            "CASE WHEN sex > 1 THEN 'sex ' || sexes END, "
            "CASE WHEN has_results > 1 THEN 'with results and without' END)}. Compare them."
        ),
    ),
)
