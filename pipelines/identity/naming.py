"""Clusters of records → trial ids that stay from build to build.

Belongs here: which trial id a cluster keeps, takes over or gets. Does not: clustering, tables.

A trial is named after the record it began with: TRIAL:<record key>. It keeps that name when it grows. When trials are
merged, one name stays and the others rest; when a trial is split, the name stays with the record it is of, and a name
that rested comes back to its record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

PREFIX = "TRIAL:"


def primary_key(record_keys: Iterable[str]) -> str:
    """The record that stands for a trial: of ClinicalTrials.gov before others, then the smallest key."""
    return min(record_keys, key=lambda key: (not key.startswith("CTGOV:"), key))


def name_trials(clusters: Iterable[Sequence[str]], previous: Mapping[str, str]) -> dict[str, str]:
    """The trial id of every record in `clusters`; `previous` is that of the build before, where the record had one.

    Each id goes to one cluster at most, in this order: a cluster that holds the record the id is named after, then the
    one with more of its former members; of several ids of a cluster the one with more members, then that named after
    its primary record, then the smallest. A cluster without one is named after its primary record, with ~2, ~3 … behind
    where another has that name. The order of `clusters` does not matter.
    """
    groups = {min(keys): list(keys) for keys in clusters}
    claims = []
    for first, keys in groups.items():
        founders = {PREFIX + key for key in keys}
        own_name = PREFIX + primary_key(keys)
        for trial_id, members in Counter(previous[key] for key in keys if key in previous).items():
            claims.append((trial_id not in founders, -members, trial_id != own_name, trial_id, first))
    names: dict[str, str] = {}
    taken: set[str] = set()
    for *_, trial_id, first in sorted(claims):
        if first not in names and trial_id not in taken:
            names[first] = trial_id
            taken.add(trial_id)
    for first, keys in sorted(groups.items()):
        if first not in names:
            names[first] = _free(PREFIX + primary_key(keys), taken)
            taken.add(names[first])
    return {key: names[first] for first, keys in groups.items() for key in keys}


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}~{number}"
    return free
