"""Designs in the words of primary registries that name who is masked, or explain their own words.

The words are those of the registries' closed lists as published readers of ICTRP's exports quote them (2026-11-23).
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.readers.ictrp_files import module, own, study

CTRI, DRKS, CRIS = "CTRI/2019/09/900001", "DRKS90000001", "KCT9000001"


def design(trial_id: str, text: str) -> dict[str, Any]:
    found = study(trial_id, Study_design=text)
    assert own(found)["studyDesign"] == text
    info: dict[str, Any] = module(found, "designModule").get("designInfo", {})
    return info


@pytest.mark.parametrize(
    ("said", "info"),
    [
        ("Participant Blinded", {"masking": "SINGLE", "whoMasked": ["PARTICIPANT"]}),
        ("Outcome Assessor Blinded", {"masking": "SINGLE", "whoMasked": ["OUTCOMES_ASSESSOR"]}),
        ("Participant and Investigator Blinded", {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "INVESTIGATOR"]}),
        ("Participant, Investigator and Outcome Assessor Blinded",
         {"masking": "TRIPLE", "whoMasked": ["PARTICIPANT", "INVESTIGATOR", "OUTCOMES_ASSESSOR"]}),
        ("Participant, Investigator, Outcome Assessor and Date-entry Operator Blinded",
         {"whoMasked": ["PARTICIPANT", "INVESTIGATOR", "OUTCOMES_ASSESSOR"]}),
        ("Double Blind Double Dummy", {"masking": "DOUBLE"}),
        ("Not Applicable", None),
        ("Somebody Blinded", None),
    ],
)  # fmt: skip
def test_the_indian_registry_names_who_is_blinded(said: str, info: dict[str, Any] | None) -> None:
    """Nothing was read of it but "Open Label": who is masked stood in no field."""
    before = "Randomized, Parallel Group Trial Method of generating randomization sequence:Coin toss"
    assert design(CTRI, f"{before} Blinding and masking:{said}") == (
        {"allocation": "RANDOMIZED", "interventionModel": "PARALLEL"} | ({"maskingInfo": info} if info else {})
    )


@pytest.mark.parametrize(
    ("said", "info"),
    [
        ("Blinded (patient/subject, investigator/therapist)",
         {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "INVESTIGATOR"]}),
        ("Blinded (patient/subject, caregiver, investigator/therapist, assessor)",
         {"masking": "QUADRUPLE", "whoMasked": ["PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR"]}),
        ("Blinded (assessor, data analyst)", {"whoMasked": ["OUTCOMES_ASSESSOR"]}),
        ("Blinded (data analyst)", None),
        ("Blinded (masking used)", None),
    ],
)  # fmt: skip
def test_the_german_register_names_who_is_blinded(said: str, info: dict[str, Any] | None) -> None:
    text = f"Allocation: Randomized controlled trial; Masking: {said}; Control: placebo; Assignment: Parallel"
    assert design(DRKS, text).get("maskingInfo") == info


def test_single_arms_and_purposes_in_the_german_registers_words() -> None:
    """As its own files have them: SINGLE_ARM_STUDY, SINGLE, BASIC_RESEARCH_PHYSIOLOGICAL_STUDY."""
    text = (
        "Allocation: N/A: single arm study; Masking: Open (masking not used); Control: Uncontrolled/Single arm; "
        "Assignment: Single (group); Study design purpose: Basic research/physiological study"
    )
    assert design(DRKS, text) == {
        "allocation": "NA",
        "interventionModel": "SINGLE_GROUP",
        "primaryPurpose": "BASIC_SCIENCE",
        "maskingInfo": {"masking": "NONE"},
    }


def test_the_korean_registry_has_accessors() -> None:
    text = "Intervention Model : Parallel, Masking : Double(Subject, Outcome Accessor), Allocation : RCT"
    assert design(CRIS, text)["maskingInfo"] == {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "OUTCOMES_ASSESSOR"]}


@pytest.mark.parametrize(
    ("trial_id", "text", "said"),
    [
        ("PACTR201909000000001",
         "Parallel: different groups receive different interventions at same time during study,Randomised,Coin toss",
         {"allocation": "RANDOMIZED", "interventionModel": "PARALLEL"}),
        ("PACTR201909000000001", "Single Group: all receive the same,Non-randomised,Tea leaves",
         {"allocation": "NON_RANDOMIZED", "interventionModel": "SINGLE_GROUP"}),
        ("RPCEC00000901",
         ("Allocation: Randomized controlled trial. Masking: Open. Control group: Active. Assignment: Parallel. "
          "Purpose: Treatment"),
         {"allocation": "RANDOMIZED", "interventionModel": "PARALLEL", "primaryPurpose": "TREATMENT",
          "maskingInfo": {"masking": "NONE"}}),
        ("NL9991", "Randomized controlled trial, Single blinded (masking used), Placebo, Crossover",
         {"allocation": "RANDOMIZED", "interventionModel": "CROSSOVER", "maskingInfo": {"masking": "SINGLE"}}),
        ("RBR-9aaaaaa", "Clinical trial of sleep, controlled/randomized, parallel, open with two arms.",
         {"allocation": "RANDOMIZED", "interventionModel": "PARALLEL", "maskingInfo": {"masking": "NONE"}}),
        ("RBR-9aaaaaa", "Clinical trial of treatment, randomized-controlled, parallel, single-blind, with two arms",
         {"allocation": "RANDOMIZED", "interventionModel": "PARALLEL", "maskingInfo": {"masking": "SINGLE"}}),
        ("ACTRN12619999999901", "Purpose: Screening;Duration: Longitudinal;Selection: Other;Timing: Retrospective;",
         {"primaryPurpose": "SCREENING", "timePerspective": "RETROSPECTIVE"}),
        ("ACTRN12619999999901", "Purpose: Educational / counselling / training; Masking: Blinded (masking used)",
         {"primaryPurpose": "ECT"}),
    ],
)  # fmt: skip
def test_words_that_registries_explain_or_write_otherwise(trial_id: str, text: str, said: dict[str, Any]) -> None:
    assert design(trial_id, text) == said
