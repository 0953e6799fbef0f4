"""Which records describe the same trial: deciding links, clusters, trial ids that last.

Belongs here: a person's decisions, constrained clustering of weighed pairs, naming the clusters, writing both into a
build. Does not: finding and weighing pairs (dbt_like_models/core/link_candidate.sql), organisations.
"""

from pipelines.identity.instructions import InstructionError, load_instructions
from pipelines.identity.run import IDENTITY_READS, IDENTITY_TABLES, IdentityReport, assign_trials

__all__ = [
    "IDENTITY_READS",
    "IDENTITY_TABLES",
    "IdentityReport",
    "InstructionError",
    "assign_trials",
    "load_instructions",
]
