"""The Dagster layer: assets, checks, the job, its schedule and sensor, and running it in this process.

Belongs here: everything that imports Dagster. Does not: parsing, SQL, rules; each asset calls plain functions of the
rooms below and reports what they did.
"""
