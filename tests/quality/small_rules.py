"""Small rules made by hand, for tests of what is done with rules.

Belongs here: what such a rule has of itself. Does not: the catalogue's own rules (expectations/).
"""

from __future__ import annotations

from typing import Any

from expectations import Rule, Severity


def small_rule(name: str, passes: str, **values: Any) -> Rule:
    """A rule on core.record; `values` are its other fields, `columns` among them."""
    defaults: dict[str, Any] = {
        "table": "core.record",
        "severity": Severity.WARN,
        "description": "A demand.",
        "meaning": "A test is going on.",
        "source": "Tests",
        "message": "{record_key}",
    }
    return Rule(name=name, passes=passes, **(defaults | values))
