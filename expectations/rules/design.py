"""The design of a study: type, phase, allocation, model, purpose, masking, and how many arms that needs.

Belongs here: rules on the design columns of core.record. Does not: single arms and interventions (arms.py).
"""

from __future__ import annotations

from expectations.rows import RECORDS, records_with
from expectations.rule import ERROR, WARN, Rule
from expectations.sql import CTGOV, at_least, both, either, is_own_format, missing, one_of, present, stated
from pipelines.study.shape import load_enums

_DESIGN = "protocolSection.designModule"
_INFO = f"{_DESIGN}.designInfo"
_ARMS = "protocolSection.armsInterventionsModule.armGroups"
_PATHS = {
    "allocation": f"{_INFO}.allocation",
    "intervention_model": f"{_INFO}.interventionModel",
    "primary_purpose": f"{_INFO}.primaryPurpose",
    "masking": f"{_INFO}.maskingInfo.masking",
    "observational_model": f"{_INFO}.observationalModel",
    "time_perspective": f"{_INFO}.timePerspective",
}
_INTERVENTIONAL = ("allocation", "intervention_model", "primary_purpose", "masking")
_OBSERVATIONAL = ("observational_model", "time_perspective")
_LOST = "the study type is missing, or the layout lost a part of the design"
_PHASES = (*load_enums()["Phase"], "PHASE1/PHASE2", "PHASE2/PHASE3")

_MASKED = records_with("""
SELECT r.record_key, count(m.position) AS masked_roles, string_agg(m.who_masked, ', ' ORDER BY m.position) AS who_masked
FROM core.record AS r LEFT JOIN staging.who_masked AS m USING (version_id)
GROUP BY r.record_key
""")


def _all_present(columns: tuple[str, ...]) -> str:
    return both(*(present(column, _PATHS[column]) for column in columns))


def _all_missing(columns: tuple[str, ...]) -> str:
    return both(*(missing(column, _PATHS[column]) for column in columns))


RULES = (
    Rule(
        name="study_type_enum",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        registries=CTGOV,
        description="The study type is interventional, observational or expanded access.",
        meaning="Most rules and reports begin with the study type; without a known one the record is in none.",
        source="API v2 enum StudyType",
        columns=("study_type",),
        passes=one_of("study_type", load_enums()["StudyType"]),
        not_evaluable="the study type is missing",
        message="'{study_type}' is no study type: map it or correct it.",
    ),
    Rule(
        name="phase_only_interventional",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        registries=CTGOV,
        description="Only interventional studies have a phase.",
        meaning="Counts by phase include studies that test nothing.",
        source="API v2; registration form",
        columns=("phase", "study_type"),
        evaluable=one_of("study_type", ("OBSERVATIONAL", "EXPANDED_ACCESS")),
        passes=missing("phase", f"{_DESIGN}.phases"),
        not_evaluable="the study is interventional, its type is missing or unknown, or the layout loses phases",
        message="{study_type} with phase {phase}: remove the phase or correct the study type.",
    ),
    Rule(
        name="phase_present",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        registries=CTGOV,
        description="An interventional study has a phase; NA (not applicable) counts.",
        meaning="The study is missing from every count by phase.",
        source="Registration form: required",
        columns=("phase", "study_type"),
        evaluable="study_type = 'INTERVENTIONAL'",
        passes=present("phase", f"{_DESIGN}.phases"),
        not_evaluable="the study is not interventional, or the layout lost the phase",
        message="Interventional without a phase: give the phase, or NA where none applies.",
    ),
    Rule(
        name="phase_pairs",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description="A phase is one of the six, or 1/2 or 2/3.",
        meaning="The combination stands for nothing that reports know.",
        source="Registration form: select only one",
        columns=("phase",),
        passes=one_of("phase", _PHASES),
        not_evaluable="no phase is given",
        message="Phase {phase} is no phase and no usual pair: choose one.",
    ),
    Rule(
        name="interventional_design",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description=(
            "Allocation, model, purpose and masking are given for interventional studies, not for observational ones."
        ),
        meaning="The study cannot be placed among randomised or masked ones; or its type is wrong.",
        source="Registration form",
        columns=("study_type", *_INTERVENTIONAL),
        evaluable=one_of("study_type", ("INTERVENTIONAL", "OBSERVATIONAL")),
        passes=(
            f"CASE WHEN study_type = 'INTERVENTIONAL' THEN {_all_present(_INTERVENTIONAL)} "
            f"ELSE {_all_missing(_INTERVENTIONAL)} END"
        ),
        not_evaluable=f"expanded access; {_LOST}",
        message=(
            "{study_type}: allocation {allocation}, model {intervention_model}, purpose {primary_purpose}, masking "
            "{masking}: give all four for an interventional study, none for an observational one."
        ),
    ),
    Rule(
        name="observational_design",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description=(
            "Observational model and time perspective are given for observational studies, not for interventional ones."
        ),
        meaning="The study cannot be placed among cohorts or case-control studies; or its type is wrong.",
        source="Registration form",
        columns=("study_type", *_OBSERVATIONAL),
        evaluable=one_of("study_type", ("INTERVENTIONAL", "OBSERVATIONAL")),
        passes=(
            f"CASE WHEN study_type = 'OBSERVATIONAL' THEN {_all_present(_OBSERVATIONAL)} "
            f"ELSE {_all_missing(_OBSERVATIONAL)} END"
        ),
        not_evaluable=f"expanded access; {_LOST}",
        message=(
            "{study_type}: observational model {observational_model}, perspective {time_perspective}: complete or "
            "clear."
        ),
    ),
    Rule(
        name="single_group_na",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description="A single-group study has one arm and its allocation is NA (not applicable).",
        meaning="Single-arm and controlled studies are mixed up.",
        source="Registration form",
        columns=("intervention_model", "allocation", "arm_count"),
        evaluable="intervention_model = 'SINGLE_GROUP'",
        passes=both(
            "allocation = 'NA'",
            "CASE WHEN arm_count > 1 THEN FALSE "
            f"WHEN arm_count = 1 AND {either(stated(_ARMS), is_own_format())} THEN TRUE END",
        ),
        not_evaluable="another model; or allocation or arms are missing and what is given does not contradict",
        message=(
            "Single group, but {CASE WHEN arm_count > 1 THEN arm_count || ' arms and ' ELSE '' END}allocation "
            "{allocation}: one arm and NA go with it."
        ),
    ),
    Rule(
        name="randomized_arms",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description="A randomised study has at least two arms.",
        meaning="Nobody can be randomised to one arm; allocation is wrong or an arm is missing.",
        source="AACT; registration form",
        columns=("allocation", "arm_count"),
        evaluable="allocation = 'RANDOMIZED' AND arm_count > 0",
        passes=at_least("arm_count", _ARMS, 2),
        not_evaluable="not randomised, or no arms are given (records before 2007), or the layout lost arms",
        message="Randomised with {arm_count} arm: add the missing arm or correct the allocation.",
    ),
    Rule(
        name="crossover_arms",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        description="Parallel, crossover and factorial studies have at least two arms.",
        meaning="The model needs a comparison that the record does not show.",
        source="Registration form",
        columns=("intervention_model", "arm_count"),
        evaluable=one_of("intervention_model", ("CROSSOVER", "PARALLEL", "FACTORIAL")) + " AND arm_count > 0",
        passes=at_least("arm_count", _ARMS, 2),
        not_evaluable="another model, or no arms are given (records before 2007), or the layout lost arms",
        message="Model {intervention_model} with {arm_count} arm: add the missing arm or correct the model.",
    ),
    Rule(
        name="masking_who",
        table="core.record",
        rows=_MASKED,
        severity=WARN,
        registries=CTGOV,
        description=(
            "As many roles are masked as the masking says: none 0, single 1, double 2 or more, triple 3, quadruple 4."
        ),
        meaning="It is not clear who was blinded; do not rate the risk of bias from this record.",
        source="Registration form",
        columns=("masking", "masked_roles"),
        evaluable=either(f"{stated(f'{_INFO}.maskingInfo.whoMasked')}", "masked_roles > 0"),
        passes=(
            "CASE masking WHEN 'NONE' THEN masked_roles = 0 WHEN 'SINGLE' THEN masked_roles = 1 "
            "WHEN 'DOUBLE' THEN masked_roles >= 2 WHEN 'TRIPLE' THEN masked_roles = 3 "
            "WHEN 'QUADRUPLE' THEN masked_roles = 4 END"
        ),
        not_evaluable="the masking is missing, or the layout lost the roles",
        message=(
            "Masking {masking} with {masked_roles} masked roles ({who_masked}): name the roles or correct the masking."
        ),
    ),
)
