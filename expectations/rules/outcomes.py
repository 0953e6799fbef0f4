"""What a study measures: present, with a time frame, specific, each once.

Belongs here: rules on registered outcomes. Does not: measured results.
"""

from __future__ import annotations

from expectations.rows import RECORDS, of_records
from expectations.rule import ERROR, WARN, Rule
from expectations.sql import XML_FORMAT, at_least, either, is_own_format, is_whole, one_of
from pipelines.tables import literal

_PRIMARY = "protocolSection.outcomesModule.primaryOutcomes"
_VAGUE = (
    "safety", "tolerability", "safety and tolerability", "feasibility", "efficacy", "effectiveness", "satisfaction",
    "patient satisfaction", "efficacy and safety", "safety and efficacy", "quality of life", "pharmacokinetics",
)  # fmt: skip
_PLAIN = r"lower(trim(regexp_replace(measure, '[\s.;:]+', ' ', 'g')))"

# Few outcomes share title and time frame with another; only of these the long descriptions are compared. Windows over
# all outcomes took four times as long (515,000 outcomes, 2026-11); materialised CTEs would hold all texts in memory.
_REPEATS = """
WITH named AS NOT MATERIALIZED (
  SELECT *, hash(lower(trim(measure)), lower(trim(coalesce(time_frame, '')))) AS what_and_when FROM core.outcome
), outcome AS NOT MATERIALIZED (
  SELECT n.*, CASE WHEN d.record_key IS NOT NULL THEN lower(trim(coalesce(n.description, ''))) END AS how
  FROM named AS n LEFT JOIN (
    SELECT record_key, what_and_when FROM named GROUP BY record_key, what_and_when HAVING count(*) > 1
  ) AS d USING (record_key, what_and_when)
), same AS (
  SELECT record_key, what_and_when, how, count(*) AS repeats,
    min(min(outcome_type)) OVER same AS first_type, max(max(outcome_type)) OVER same AS last_type,
    sum(count(*) FILTER (how = '')) OVER same AS undescribed
  FROM outcome WHERE how IS NOT NULL
  GROUP BY record_key, what_and_when, how
  WINDOW same AS (PARTITION BY record_key, what_and_when)
)
SELECT t.*, r.source_format, coalesce(s.repeats, 1) AS repeats, coalesce(s.first_type, t.outcome_type) AS first_type,
  coalesce(s.last_type, t.outcome_type) AS last_type, coalesce(s.undescribed, 0) AS undescribed
FROM outcome AS t JOIN core.record AS r USING (record_key)
LEFT JOIN same AS s USING (record_key, what_and_when, how)
"""

RULES = (
    Rule(
        name="primary_outcome_present",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        description="An interventional study has at least one primary outcome.",
        meaning="What the study was meant to show is not said, so outcome switching cannot be seen.",
        source="Registration form: required",
        columns=("study_type", "primary_outcome_count"),
        evaluable="study_type = 'INTERVENTIONAL'",
        passes=at_least("primary_outcome_count", _PRIMARY, 1),
        not_evaluable="the study is not interventional, or the layout has no outcomes",
        message="Interventional without a primary outcome: add it.",
    ),
    Rule(
        name="outcome_timeframe",
        table="core.outcome",
        rows=of_records("core.outcome"),
        severity=WARN,
        description="Every outcome has a time frame that is more than a number.",
        meaning="When it is measured is not said; 6 may be days, weeks or months.",
        source="Registration form",
        columns=("time_frame", "measure"),
        # The registry's XML shows a time frame that is given (40 outcomes of 12 records have none, 2026-11-22).
        evaluable=either("time_frame IS NOT NULL", is_whole(), one_of("source_format", (XML_FORMAT,))),
        # Years alone (2005-2007) say when.
        passes=(
            r"coalesce(trim(time_frame) <> '' AND (NOT regexp_full_match(trim(time_frame), '[0-9.,\s-]+') "
            r"OR regexp_matches(time_frame, '\b(19|20)\d\d\b')), FALSE)"
        ),
        not_evaluable="the layout lost the time frame",
        message="Time frame '{time_frame}' of outcome '{left(measure, 80)}': say when, with a unit.",
    ),
    Rule(
        name="outcome_title_specific",
        table="core.outcome",
        rows=of_records("core.outcome"),
        severity=WARN,
        description=(
            "An outcome without a description names a measurement, not only Safety, Tolerability, Efficacy or the like."
        ),
        meaning="Such an outcome can be reported in any way; it pins down nothing.",
        source="Registry validation; PMC3066456: 61 % of 100 lacked specificity",
        columns=("measure", "description"),
        value="measure",
        # A description mostly names the instrument or the count (7 of 8 findings, 2026-11-21); no list can tell.
        passes=(
            f"CASE WHEN {_PLAIN} NOT IN ({', '.join(literal(word) for word in _VAGUE)}) THEN TRUE "
            f"WHEN measure IS NOT NULL AND {is_own_format()} AND coalesce(trim(description), '') = '' THEN FALSE END"
        ),
        not_evaluable=(
            "the outcome has no title; or such a title, with a description that may name the measurement or in a "
            "format that has no descriptions"
        ),
        message="Outcome '{measure}' says no measurement: name what is measured and how.",
    ),
    Rule(
        name="outcome_dup",
        table="core.outcome",
        rows=_REPEATS,
        severity=WARN,
        description=(
            "No outcome (measure, description and time frame) stands twice in a record, also not as another type; "
            "between types a missing description tells nothing apart."
        ),
        meaning="The same outcome is counted twice, or is primary and secondary at once.",
        source="Registry practice",
        columns=("measure", "time_frame", "outcome_type"),
        # The same measure at another time, or described otherwise, is another outcome. Between types a missing
        # description tells nothing apart (2026-11-21).
        evaluable=f"measure IS NOT NULL AND {is_own_format()}",
        passes="repeats = 1 AND (first_type = last_type OR undescribed = 0)",
        not_evaluable=(
            "the outcome has no title, or the format is not one of ClinicalTrials.gov that keeps time frames and "
            "descriptions"
        ),
        message=(
            "Outcome '{left(measure, 80)}' ({time_frame}) stands {CASE WHEN first_type = last_type THEN repeats || ' "
            "times' ELSE 'as ' || first_type || ' and as ' || last_type END}: keep one."
        ),
    ),
)
