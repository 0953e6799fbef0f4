"""Hostile input: whatever stands in a file, a name, a date or an id, no run dies of it and nothing of it is lost.

Belongs here: inputs made from valid records (mutate.py …), what must hold for each (oracles.py), the targets, campaigns
(`python -m tests.fuzz`), and the small one that runs with the tests. Does not: what a format means (tests/readers).
"""
