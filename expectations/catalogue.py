"""The whole catalogue: every rule of every topic, its version, and what was left out and why.

Belongs here: collecting. Does not: rules (expectations/rules/), running them (pipelines/quality/).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace
from functools import cache

from expectations.rule import Rule
from expectations.rules import (
    arms,
    date_order,
    date_types,
    dates,
    design,
    drift,
    eligibility,
    enrollment,
    identifiers,
    load_drift,
    outcomes,
    people,
    places,
    status,
    status_dates,
    structure,
    texts,
    values,
)

TOPICS: dict[str, tuple[Rule, ...]] = {
    "Structure: keys, parents, conservation": structure.RULES,
    "Drift against the last published build": (*drift.RULES, *load_drift.RULES),
    "Identifiers": identifiers.RULES,
    "Status": status.RULES,
    "Status against dates": status_dates.RULES,
    "Dates": dates.RULES,
    "Order of dates": date_order.RULES,
    "Actual and estimated dates": date_types.RULES,
    "Enrollment": enrollment.RULES,
    "Design": design.RULES,
    "Arms and interventions": arms.RULES,
    "Outcomes": outcomes.RULES,
    "Eligibility": eligibility.RULES,
    "People and organisations": people.RULES,
    "Places": places.RULES,
    "Texts, conditions, references": texts.RULES,
    "Closed value lists": values.RULES,
}
"""Topic, in the order of the documentation, and its rules."""

LEFT_OUT: dict[str, str] = {
    "results_due_not_overdue": (
        "Which trials a law covers (42 CFR 11.22), when their results are due and what delays were granted is no "
        "condition on a row: marts.results_compliance answers it, under each law and on any day."
    ),
    "geo_in_country": (
        "Needs the boundaries of countries, which the warehouse does not hold. geo_plausible checks what "
        "can be checked "
        "without them."
    ),
}
"""Known candidate rules that the catalogue does not hold, with the reason."""


def check_rules(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules as a tuple; ValueError where two have the same name."""
    checked = tuple(rules)
    twice = sorted(name for name, count in Counter(rule.name for rule in checked).items() if count > 1)
    if twice:
        raise ValueError(f"rule names must be unique, these stand more than once: {', '.join(twice)}")
    return checked


@cache
def load_rules() -> tuple[Rule, ...]:
    """Every rule of the catalogue, each with its topic. ValueError where two have the same name."""
    return check_rules(replace(rule, topic=topic) for topic, rules in TOPICS.items() for rule in rules)


def catalogue_version(rules: Iterable[Rule] | None = None) -> str:
    """First 16 hex digits of a hash over every field of every rule: another catalogue, another version."""
    digest = hashlib.sha256()
    for rule in sorted(rules if rules is not None else load_rules(), key=lambda rule: rule.name):
        for field in fields(rule):
            digest.update(f"{field.name}={getattr(rule, field.name)}\x1f".encode())
    return digest.hexdigest()[:16]
