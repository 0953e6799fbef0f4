"""The rule list as a Markdown page, made from the catalogue and from nothing else.

Belongs here: the page. Does not: words about single rules; those stand in the rules.
"""

from __future__ import annotations

from collections import Counter

from expectations.catalogue import LEFT_OUT, TOPICS, load_rules
from expectations.rule import Rule, Severity
from expectations.thresholds import THRESHOLDS

_WORDS = {
    Severity.GATE: "stops publishing",
    Severity.ERROR: "wrong",
    Severity.WARN: "doubtful",
    Severity.INFO: "worth knowing",
}


def rules_markdown() -> str:
    """docs/rules.md: every rule by topic, the thresholds, and what was left out."""
    rules = load_rules()
    counts = Counter(rule.severity for rule in rules)
    lines = [
        "# The rules",
        "",
        "Made from the catalogue in `expectations/`; do not edit by hand.",
        "`python -m expectations > docs/rules.md` writes it anew; [quality.md](quality.md) tells how rules work.",
        "",
        f"{len(rules)} rules: "
        + ", ".join(f"{counts[severity]} {severity.value} ({_WORDS[severity]})" for severity in Severity)
        + ".",
        "",
    ]
    for topic in TOPICS:
        lines += [f"## {topic}", ""]
        for rule in rules:
            if rule.topic == topic:
                lines += _entry(rule)
    lines += ["## Thresholds", "", "| name | value | since | reason |", "|---|---|---|---|"]
    lines += [f"| {t.name} | {t.value} | {t.since} | {_cell(t.reason)} |" for t in THRESHOLDS.values()]
    lines += ["", "## Left out", "", "| candidate | reason |", "|---|---|"]
    lines += [f"| {name} | {_cell(reason)} |" for name, reason in LEFT_OUT.items()]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _entry(rule: Rule) -> list[str]:
    columns = ", ".join(f"`{name}`" for name in rule.columns[:6]) + (" …" if len(rule.columns) > 6 else "")
    graver = ""
    if rule.escalation is not None:
        graver = f" (**{rule.escalation.severity.value}** where {rule.escalation.words})"
    return [
        f"### {rule.name}",
        "",
        f"**{rule.severity.value}**{graver} on `{rule.table}` ({columns}). {rule.description}",
        "",
        f"- A failure means: {rule.meaning}",
        f"- Registries: {', '.join(rule.registries) or 'all'}.",
        f"- Not evaluable: {rule.not_evaluable_words}.",
        f"- Source: {rule.source}.",
        "",
    ]
