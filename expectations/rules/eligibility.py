"""Who may take part: ages, sex and the criteria text.

Belongs here: rules on eligibility. Does not: splitting the text into criteria (readers and staging).
"""

from __future__ import annotations

from expectations.rows import RECORDS, of_records, records_with
from expectations.rule import ERROR, WARN, Rule
from expectations.sql import CTGOV, both, either, is_own_format, one_of, present, stated
from pipelines.study.shape import load_enums

_MODULE = "protocolSection.eligibilityModule"
_AGE = r"\d{1,4} (Year|Month|Week|Day|Hour|Minute)s?"
_YEAR_DAYS = 365.25
_ADULT, _OLDER = 18 * _YEAR_DAYS, 65 * _YEAR_DAYS

_STD_AGES = records_with("""
SELECT r.record_key, list_sort(list(a.std_age)) AS std_ages
FROM core.record AS r JOIN staging.std_age AS a USING (version_id)
GROUP BY r.record_key
""")
_EXPECTED_AGES = f"""list_sort(list_filter([
  CASE WHEN coalesce(minimum_age_days, 0) < {_ADULT} THEN 'CHILD' END,
  CASE WHEN coalesce(minimum_age_days, 0) < {_OLDER} AND coalesce(maximum_age_days, 1e9) >= {_ADULT} THEN 'ADULT' END,
  CASE WHEN coalesce(maximum_age_days, 1e9) >= {_OLDER} THEN 'OLDER_ADULT' END], lambda age: age IS NOT NULL))"""

# "age 18 to 50 years", "aged between 18-50 years": two numbers near the word age, with the unit. Bounded repeats only.
_AGES_IN_TEXT = r"(?i)\bage[ds]?\b[^0-9\n]{0,20}(\d{1,3})\s{0,2}(?:-|–|to|and)\s{0,2}(\d{1,3})\s{0,2}years?\b"
_IN_YEARS = both(*(rf"regexp_full_match({age}, '\d+ Years?')" for age in ("minimum_age", "maximum_age")))
# Long texts are searched once, and only where there are limits to compare with: a third of the time (2026-11).
_TEXT_AGES = rf"""
SELECT *, try_cast(regexp_extract(ranges_in_text[1], '{_AGES_IN_TEXT}', 1) AS INTEGER) AS text_minimum,
  try_cast(regexp_extract(ranges_in_text[1], '{_AGES_IN_TEXT}', 2) AS INTEGER) AS text_maximum
FROM (
  SELECT *, CASE WHEN {_IN_YEARS} THEN regexp_extract_all(eligibility_criteria, '{_AGES_IN_TEXT}') END AS ranges_in_text
  FROM core.record
)
"""

# core.criterion says where numbering starts late, jumps or starts over; a lost line break loses no criterion; brackets
# may close in a later line. Only page texts lose lines on the way: in the registry's own format an open bracket is a
# slip of its writer, and nothing is missing (32 of 44 findings, 2026-11-21).
_KINDS = """
SELECT c.record_key, c.kind, count(*) FILTER (c.is_lost) AS damaged_items,
  min(c.position) FILTER (c.is_lost) AS first_damaged, any_value(c.text) FILTER (c.is_lost) AS damaged_text,
  any_value(r.source_format) AS source_format, CASE WHEN any_value(r.source_format) LIKE 'page_text%' THEN
    sum(length(replace(c.text, ')', '')) - length(replace(c.text, '(', ''))
      + length(replace(c.text, ']', '')) - length(replace(c.text, '[', ''))) END AS open_brackets
FROM (
  SELECT record_key, position, kind, text, coalesce(damage, 'line_breaks_lost') <> 'line_breaks_lost' AS is_lost
  FROM core.criterion
) AS c JOIN core.record AS r USING (record_key)
GROUP BY c.record_key, c.kind
"""

RULES = (
    Rule(
        name="age_format",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        registries=CTGOV,
        description="Age limits are a whole number and a unit: 18 Years, 6 Months.",
        meaning="The limit cannot be compared; the study is missing from searches by age.",
        source="API v2; registration form",
        columns=("minimum_age", "maximum_age"),
        evaluable="minimum_age IS NOT NULL OR maximum_age IS NOT NULL",
        passes=both(*(f"coalesce(regexp_full_match({age}, '{_AGE}'), TRUE)" for age in ("minimum_age", "maximum_age"))),
        not_evaluable="no age limit is given",
        message="Age limits '{minimum_age}' and '{maximum_age}': write a number and a unit, as 18 Years.",
    ),
    Rule(
        name="age_order",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        description="The minimum age is not above the maximum age.",
        meaning="Nobody can take part, as the record stands.",
        source="Registration form",
        columns=("minimum_age", "maximum_age"),
        passes="minimum_age_days <= maximum_age_days",
        not_evaluable="one of the limits is missing or unreadable",
        message="Minimum age {minimum_age} is above maximum age {maximum_age}: correct one of them.",
    ),
    Rule(
        name="age_std_match",
        table="core.record",
        rows=_STD_AGES,
        severity=WARN,
        registries=CTGOV,
        description="Child (under 18), adult and older adult (65 and over) agree with the age limits.",
        meaning="Searches by age group and by age find different studies.",
        source="Registry glossary: age group",
        columns=("std_ages", "minimum_age", "maximum_age"),
        evaluable=both(
            "std_ages IS NOT NULL",
            *(
                f"{column}_days IS NOT NULL OR ({column} IS NULL AND {stated(f'{_MODULE}.{leaf}')})"
                for column, leaf in (("minimum_age", "minimumAge"), ("maximum_age", "maximumAge"))
            ),
        ),
        passes=f"std_ages = {_EXPECTED_AGES}",
        value="array_to_string(std_ages, ', ')",
        not_evaluable="no age groups are given, an age limit is unreadable, or the format does not carry limits",
        message="Age groups {array_to_string(std_ages, ', ')} do not fit the limits {minimum_age} to {maximum_age}.",
    ),
    Rule(
        name="age_in_text",
        table="core.record",
        rows=_TEXT_AGES,
        severity=WARN,
        description="An age range in years, beside the word age in the criteria text, agrees with the age limits.",
        meaning="Text and limits tell participants different things.",
        source="Seen in page texts and registry records",
        columns=("minimum_age", "maximum_age"),
        evaluable="len(ranges_in_text) = 1",
        passes="minimum_age_days = text_minimum * 365.25 AND maximum_age_days = text_maximum * 365.25",
        value="text_minimum || ' to ' || text_maximum || ' Years'",
        not_evaluable="the text gives no or several such ranges, or a limit is not in years",
        message="The text says {text_minimum} to {text_maximum} years, the limits say {minimum_age} to {maximum_age}.",
    ),
    Rule(
        name="sex_enum_gender",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description="Sex is ALL, FEMALE or MALE; eligibility by gender comes with a description.",
        meaning="Who may take part is not clear.",
        source="API v2 enum Sex",
        columns=("sex", "gender_based", "gender_description"),
        evaluable="sex IS NOT NULL",
        passes=both(
            one_of("sex", load_enums()["Sex"]),
            # Where the layout has no word on gender, nobody can tell that a description is missing.
            f"CASE WHEN gender_based IS NOT NULL OR {stated(f'{_MODULE}.genderBased')} THEN "
            + either("gender_based IS NOT TRUE", present("gender_description", f"{_MODULE}.genderDescription"))
            + " END",
        ),
        not_evaluable="the sex is missing, or is one of the three and the layout does not speak of gender",
        message="Sex {sex}, gender based {gender_based}, described as {gender_description}: complete or correct it.",
    ),
    Rule(
        name="criteria_present",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description="The criteria text is given and has an inclusion and an exclusion part.",
        meaning="Patients cannot be matched to the study.",
        source="Registration form; results review comments",
        columns=("eligibility_criteria",),
        evaluable=either(
            stated(f"{_MODULE}.eligibilityCriteria"), both(is_own_format(), "eligibility_criteria IS NOT NULL")
        ),
        passes=(
            "coalesce(eligibility_criteria ILIKE '%inclusion%' AND eligibility_criteria ILIKE '%exclusion%', FALSE)"
        ),
        value="left(eligibility_criteria, 80)",
        not_evaluable="the layout lost, damaged or joined the text",
        message=(
            "Criteria begin '{left(eligibility_criteria, 60)}': give inclusion and exclusion criteria under headings."
        ),
    ),
    Rule(
        name="criteria_intact",
        table="core.criterion",
        rows=_KINDS,
        severity=WARN,
        description=(
            "The criteria of a kind are numbered without gaps or unexplained restarts; in page texts brackets are "
            "closed."
        ),
        meaning="A criterion was lost or cut: who may take part cannot be told from this record.",
        source="Page texts that lost lines",
        columns=("kind", "damaged_items", "open_brackets"),
        # Exports run lists together: "2. one of: (1) … (2) … 3. …" in one level (120 of 130 findings, 2026-11-21).
        evaluable=either(is_own_format(), "source_format LIKE 'page_text%'"),
        not_evaluable="the format joins or cuts the lines of the text",
        passes="damaged_items = 0 AND coalesce(open_brackets, 0) <= 0",
        message=(
            "{kind} criteria: {CASE WHEN damaged_items > 0 THEN damaged_items || ' items seem lost or cut, first at "
            "place ' || first_damaged || coalesce(': ' || left(damaged_text, 60), '') ELSE open_brackets || ' brackets "
            "stay open, so a text is cut' END}."
        ),
    ),
    Rule(
        name="criteria_unescaped",
        table="core.criterion",
        rows=of_records("core.criterion"),
        severity=WARN,
        registries=CTGOV,
        description="No Markdown escapes (backslash before <, > or [) are left in a criterion.",
        meaning="Comparisons such as '< 3 years' read wrongly for people and programs.",
        source="API v2 markup is CommonMark",
        columns=("text",),
        passes=r"NOT regexp_matches(text, '\\[<>\[\]]')",
        value="left(text, 80)",
        not_evaluable="the criterion has no text",
        message="Criterion {kind} {number} holds Markdown escapes: '{left(text, 60)}'.",
    ),
)
