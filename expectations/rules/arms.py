"""Arms and interventions: labels, types, and the links between them.

Belongs here: rules on single arms, interventions and their links. Does not: how many arms a design needs (design.py).
"""

from __future__ import annotations

from expectations.rows import RECORDS, of_records
from expectations.rule import ERROR, INFO, WARN, Rule
from expectations.sql import CTGOV, XML_FORMAT, at_least, both, characters, is_whole, one_of, within
from expectations.thresholds import limit
from pipelines.study.shape import load_enums

_INTERVENTIONS = "protocolSection.armsInterventionsModule.interventions"
_PLACEBO_LIKE = (
    r"(?i)placebo|sham|vehicle|saline|dummy|inert|simulated|inactive|diluent|dextrose|glucose|maltodextrin|lactose|"
    r"starch|sugar|\b(sterile|distilled|purified) water\b|\bwater for injection|\b(cream|ointment|gel|lotion) base\b|"
    r"\bcontrol\b"
)

_LABELS = """
SELECT t.*, r.study_type, r.source_format, r.standing, r.registry,
  count(*) OVER (PARTITION BY t.record_key, lower(trim(t.label))) AS same_label
FROM core.arm_group AS t JOIN core.record AS r USING (record_key)
"""

# An arm names an intervention as "Drug: X"; page texts name it "X". Both spellings are compared without case. Several
# interventions of a study can have the same name (one for each dose): a link to the name is a link to any of them.
_NAMES = """
interventions AS (
  SELECT r.version_id, i.position,
    unnest(list_distinct([lower(trim(i.name)), lower(replace(coalesce(i.type, ''), '_', ' ') || ': ' || trim(i.name))]))
      AS spelling
  FROM staging.intervention AS i JOIN core.record AS r USING (version_id)
  WHERE i.name IS NOT NULL
)"""

_LINKS = f"""
WITH {_NAMES},
from_arms AS (
  SELECT n.version_id, lower(trim(a.label)) AS arm, lower(trim(n.intervention_name)) AS spelling,
    any_value(a.label) AS arm_label, any_value(n.intervention_name) AS intervention_name
  FROM staging.arm_group_intervention_name AS n
  JOIN staging.arm_group AS a ON a.version_id = n.version_id AND a.position = n.arm_group_position
  WHERE n.intervention_name IS NOT NULL AND a.label IS NOT NULL
  GROUP BY ALL
),
from_interventions AS (
  SELECT l.version_id, l.intervention_position AS position, lower(trim(l.arm_group_label)) AS arm,
    any_value(l.arm_group_label) AS arm_label
  FROM staging.intervention_arm_group_label AS l
  WHERE l.arm_group_label IS NOT NULL
  GROUP BY ALL
),
arms AS (
  SELECT DISTINCT version_id, lower(trim(label)) AS arm FROM staging.arm_group WHERE label IS NOT NULL
),
told_by_interventions AS (
  SELECT DISTINCT i.version_id, i.spelling, f.arm
  FROM interventions AS i
  JOIN from_interventions AS f ON f.version_id = i.version_id AND f.position = i.position
),
told_by_arms AS (
  SELECT DISTINCT i.version_id, i.position, f.arm
  FROM interventions AS i
  JOIN from_arms AS f ON f.version_id = i.version_id AND f.spelling = i.spelling
),
links AS (
  SELECT f.version_id, f.arm_label, f.intervention_name, i.spelling IS NOT NULL AS target_exists,
    t.arm IS NOT NULL AS returned
  FROM from_arms AS f
  LEFT JOIN (SELECT DISTINCT version_id, spelling FROM interventions) AS i
    ON i.version_id = f.version_id AND i.spelling = f.spelling
  LEFT JOIN told_by_interventions AS t
    ON t.version_id = f.version_id AND t.spelling = f.spelling AND t.arm = f.arm
  UNION ALL
  SELECT f.version_id, f.arm_label, i.name, a.arm IS NOT NULL,
    CASE WHEN i.name IS NOT NULL THEN t.arm IS NOT NULL END
  FROM from_interventions AS f
  JOIN staging.intervention AS i ON i.version_id = f.version_id AND i.position = f.position
  LEFT JOIN arms AS a ON a.version_id = f.version_id AND a.arm = f.arm
  LEFT JOIN told_by_arms AS t ON t.version_id = f.version_id AND t.position = f.position AND t.arm = f.arm
)
SELECT l.*, r.record_key, r.source_format, r.standing, r.study_type, r.registry
FROM links AS l JOIN core.record AS r USING (version_id)
"""

_ARMS_AND_LINKS = """
WITH linked AS (
  SELECT n.version_id, n.arm_group_position AS position, count(*) AS links,
    bool_or(regexp_matches(n.intervention_name, '{placebo}')) AS placebo_named
  FROM staging.arm_group_intervention_name AS n GROUP BY ALL
),
from_interventions AS (
  SELECT l.version_id, lower(trim(l.arm_group_label)) AS label, count(*) AS links,
    bool_or(regexp_matches(concat_ws(' ', i.name, i.description), '{placebo}')) AS placebo_named
  FROM staging.intervention_arm_group_label AS l
  JOIN staging.intervention AS i ON i.version_id = l.version_id AND i.position = l.intervention_position
  GROUP BY ALL
)
SELECT a.*, r.record_key, r.source_format, r.standing, r.registry, r.study_type,
  greatest(coalesce(k.links, 0), coalesce(f.links, 0)) AS links,
  coalesce(k.placebo_named, FALSE) OR coalesce(f.placebo_named, FALSE)
    OR coalesce(regexp_matches(concat_ws(' ', a.label, a.description), '{placebo}'), FALSE) AS placebo_named
FROM staging.arm_group AS a
JOIN core.record AS r USING (version_id)
LEFT JOIN linked AS k ON k.version_id = a.version_id AND k.position = a.position
LEFT JOIN from_interventions AS f ON f.version_id = a.version_id AND f.label = lower(trim(a.label))
""".replace("{placebo}", _PLACEBO_LIKE)

_USED = f"""
WITH {_NAMES},
used AS (
  SELECT i.version_id, i.position FROM interventions AS i
  JOIN staging.arm_group_intervention_name AS n
    ON n.version_id = i.version_id AND lower(trim(n.intervention_name)) = i.spelling
  UNION
  SELECT version_id, intervention_position FROM staging.intervention_arm_group_label
)
SELECT i.*, r.record_key, r.source_format, r.standing, r.study_type, r.registry, r.arm_count,
  u.position IS NOT NULL AS is_used
FROM staging.intervention AS i
JOIN core.record AS r USING (version_id)
LEFT JOIN used AS u ON u.version_id = i.version_id AND u.position = i.position
"""

RULES = (
    Rule(
        name="arm_label_unique",
        table="core.arm_group",
        rows=_LABELS,
        severity=WARN,
        registries=CTGOV,
        description=(
            f"The label of an arm is unique in its study and has at most {limit('arm_label_length')} characters."
        ),
        meaning="Results and interventions point to arms by label; equal labels make that ambiguous.",
        source="Registration form",
        columns=("label",),
        evaluable="label IS NOT NULL",
        passes=f"same_label = 1 AND length(label) <= {limit('arm_label_length')}",
        not_evaluable="the arm has no label",
        message=(
            "Arm '{label}' stands {same_label} times in the study, {length(label)} characters: name each arm for "
            "itself."
        ),
    ),
    Rule(
        name="arm_type",
        table="core.arm_group",
        rows=_LABELS,
        severity=WARN,
        registries=CTGOV,
        description="An arm of an interventional study has a type of the registry's list.",
        meaning="Which arm is the comparator is not said.",
        source="API v2 enum ArmGroupType",
        columns=("type", "label"),
        evaluable=f"type IS NOT NULL OR (study_type = 'INTERVENTIONAL' AND {is_whole()})",
        passes="coalesce(" + one_of("type", load_enums()["ArmGroupType"]) + ", FALSE)",
        not_evaluable="no type is given and the study is not interventional, or the layout has no arm types",
        message="Arm '{label}' has type {type}: give one of the registry's types.",
    ),
    Rule(
        name="arm_description_len",
        table="core.arm_group",
        rows=_LABELS,
        severity=WARN,
        registries=CTGOV,
        description=f"The description of an arm has at most {limit('arm_description_length')} characters.",
        meaning="The text was run together with another, or a protocol was pasted.",
        source="Registration form",
        columns=("description", "label"),
        passes=within("description", limit("arm_description_length")),
        value=characters("description"),
        not_evaluable="no description is given",
        message=f"The description of arm '{{label}}' has {{{characters('description')}}} characters: shorten it.",
    ),
    Rule(
        name="arm_intervention_xref",
        table="core.arm_group",
        rows=_LINKS,
        severity=ERROR,
        registries=CTGOV,
        description="Every link between arm and intervention points to one that exists, and is told by both sides.",
        meaning="It is not certain who received what.",
        source="API v2",
        columns=("arm_label", "intervention_name"),
        # Of the XML the reader makes the arms' side from that of the interventions: agreement is no finding.
        passes=both(
            "target_exists",
            f"CASE WHEN {one_of('source_format', (XML_FORMAT, 'ctgov_xml_archive'))} THEN NULL "
            f"WHEN returned THEN TRUE WHEN {is_whole()} THEN returned END",
        ),
        not_evaluable="the layout tells links from one side only, or the intervention has no name",
        message=(
            "Arm '{arm_label}' and intervention '{intervention_name}' are not linked both ways: correct the labels."
        ),
    ),
    Rule(
        name="no_intervention_arm",
        table="core.arm_group",
        rows=_ARMS_AND_LINKS,
        severity=WARN,
        registries=CTGOV,
        description="An arm of type NO_INTERVENTION has no intervention, every other arm has at least one.",
        meaning="Treated and untreated participants are mixed up.",
        source="Registration form",
        columns=("type", "label", "links"),
        evaluable="type IS NOT NULL AND study_type = 'INTERVENTIONAL'",
        passes="(type = 'NO_INTERVENTION') = (links = 0)",
        not_evaluable="the arm has no type, or the study is not interventional",
        message="Arm '{label}' of type {type} has {links} interventions: correct the type or the links.",
    ),
    Rule(
        name="placebo_vs_arm",
        table="core.arm_group",
        rows=_ARMS_AND_LINKS,
        severity=INFO,
        registries=CTGOV,
        description=(
            "An arm of type PLACEBO_COMPARATOR receives something that its name or description calls a placebo, or one "
            "of its kinds (sham, vehicle, saline, sugar, control and the like)."
        ),
        meaning="The comparator may be active; do not count the study as placebo-controlled unread.",
        source="Registry practice",
        columns=("type", "label"),
        evaluable="type = 'PLACEBO_COMPARATOR'",
        passes="placebo_named",
        not_evaluable="the arm is of another type",
        message="Arm '{label}' is a placebo comparator, but nothing in it is called placebo: check the type.",
    ),
    Rule(
        name="intervention_present",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        description="An interventional study has at least one intervention.",
        meaning="What was tested is not said; the study is in no search by drug.",
        source="Registration form: required",
        columns=("study_type", "intervention_count"),
        evaluable="study_type = 'INTERVENTIONAL'",
        passes=at_least("intervention_count", _INTERVENTIONS, 1),
        not_evaluable="the study is not interventional, or the layout lost the interventions",
        message="Interventional without an intervention: add what is tested.",
    ),
    Rule(
        name="intervention_unused",
        table="core.intervention",
        rows=_USED,
        severity=WARN,
        registries=CTGOV,
        description="Every intervention is used by an arm.",
        meaning="Nobody receives it, as the record stands; an arm lacks its link.",
        source="Registry practice",
        columns=("name", "type"),
        evaluable=f"arm_count > 0 AND (is_used OR {is_whole()})",
        passes="is_used",
        not_evaluable="the study names no arms, or the layout loses links",
        message="Intervention '{name}' belongs to no arm: link it or remove it.",
    ),
    Rule(
        name="intervention_type",
        table="core.intervention",
        rows=of_records("core.intervention"),
        severity=WARN,
        registries=CTGOV,
        description="An intervention has a type of the registry's list.",
        meaning="It is missing from counts of drugs, devices and so on.",
        source="API v2 enum InterventionType",
        columns=("type", "name"),
        evaluable=f"type IS NOT NULL OR {is_whole()}",
        passes="coalesce(" + one_of("type", load_enums()["InterventionType"]) + ", FALSE)",
        not_evaluable="the layout lost the type",
        message="Intervention '{name}' has type {type}: give one of the registry's types.",
    ),
)
