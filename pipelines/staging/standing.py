"""What a version gives of its record, as SQL over its format and its staged fields.

Belongs here: the standing of versions and its rank, the preference among formats. Does not: what a format says of
itself (pipelines/readers), the order of versions (load.py).
"""

from __future__ import annotations

from pipelines.readers import READERS
from pipelines.readers.base import Reader, Standing
from pipelines.tables import literal

_RANKS: dict[Standing, int] = {"copy": 0, "part": 1, "chosen": 1, "whole": 2}


def standing_sql() -> str:
    """An expression over `source_format` and the columns of staging.study; a format of older code counts as whole."""
    cases = " ".join(_case(reader) for reader in READERS)
    return f"CASE {cases} ELSE 'whole' END"


def _case(reader: Reader) -> str:
    given = literal(reader.standing)
    if reader.chosen_where is not None:
        given = f"CASE WHEN {reader.chosen_where} THEN 'chosen' ELSE {given} END"
    return f"WHEN source_format = {literal(reader.format)} THEN {given}"


def rank_sql(standing: str) -> str:
    """An expression that is the larger, the more the standing in a column gives of a record."""
    ranks = " ".join(f"WHEN {literal(name)} THEN {rank}" for name, rank in _RANKS.items())
    return f"CASE {standing} {ranks} END"


def format_ranks_sql(formats: str) -> str:
    """An expression, the list of the ranks of formats in a column that names them as raw.file does ("a+b")."""
    ranks = " ".join(f"WHEN {literal(reader.format)} THEN {_RANKS[reader.standing]}" for reader in READERS)
    return f"list_transform(string_split({formats}, '+'), lambda one: CASE one {ranks} ELSE {_RANKS['whole']} END)"


def preference_sql() -> str:
    """An expression that is the larger, the earlier the format stands in the table of readers."""
    ranks = " ".join(f"WHEN {literal(reader.format)} THEN {-place}" for place, reader in enumerate(READERS))
    return f"CASE source_format {ranks} ELSE {-len(READERS)} END"
