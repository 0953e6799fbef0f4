"""The words of the Chinese Clinical Trial Registry for those of the study structure.

Belongs here: the registry's closed lists, its spelling included. Does not: its form (chictr_form.py, chictr_xml.py).
"""

from __future__ import annotations

STATUS = {
    "NOT_YET_RECRUITING": "Not yet recruiting",
    "RECRUITING": "Recruiting",
    "SUSPENDED": "Suspending",
}
"""Everything else is "Completed" there, which says that recruitment is over."""
STUDY_TYPE = {"INTERVENTIONAL": "Interventional study", "OBSERVATIONAL": "Observational study"}
PHASE = {
    ("PHASE1",): "1",
    ("PHASE1", "PHASE2"): "1-2",
    ("PHASE2",): "2",
    ("PHASE2", "PHASE3"): "2-3",
    ("PHASE3",): "3",
    ("PHASE4",): "4",
    ("NA",): "N/A",
    ("EARLY_PHASE1",): "0",
}
SEX = {"ALL": "Both", "MALE": "Male", "FEMALE": "Female"}
MODEL = {"COHORT": "Cohort study", "CASE_CONTROL": "Case-Control study", "ECOLOGIC_OR_COMMUNITY": "Ecological study"}
