"""Every number that decides between pass and fail and is not part of a format: value, reason, date, in one
table.

Belongs here: limits that somebody may want to argue about. Does not: SQL.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Threshold:
    """A limit. `value` as it stands in SQL; `since` is the day it was set (ISO)."""

    name: str
    value: str
    reason: str
    since: str


_TABLE = (
    Threshold(
        "stale_after",
        "24 months",
        "Registry glossary: unknown means not verified within the past 2 years.",
        "2026-11-21",
    ),
    Threshold(
        "verify_within",
        "12 months",
        "42 CFR 11.64: records are verified at least once in 12 months.",
        "2026-11-21",
    ),
    Threshold(
        "update_within",
        "30 days",
        "42 CFR 11.64: a change of dates or status is told within 30 days.",
        "2026-11-21",
    ),
    Threshold(
        "register_within",
        "21 days",
        "42 CFR 11.24: registration at most 21 days after enrolment starts.",
        "2026-11-21",
    ),
    Threshold(
        "results_within",
        "1 YEAR",
        "42 CFR 11.44: results or a certificate within a year of primary completion.",
        "2026-11-21",
    ),
    Threshold(
        "first_year",
        "1900",
        "No registered study began earlier; older years are typing errors.",
        "2026-11-21",
    ),
    Threshold(
        "years_ahead",
        "30",
        "Planned dates beyond 30 years are typing errors more often than plans.",
        "2026-11-21",
    ),
    Threshold(
        "max_enrollment",
        "1000000",
        "No interventional study enrols more; larger counts were typing errors.",
        "2026-11-21",
    ),
    Threshold(
        "enrollment_robust_z",
        "6",
        "Distance from the group's median on the log scale in robust standard deviations; 6 leaves only extremes.",
        "2026-11-21",
    ),
    Threshold(
        "enrollment_group",
        "30",
        "A median and its spread mean little in groups of fewer records.",
        "2026-11-21",
    ),
    Threshold(
        "final_rule_from",
        "2017-01-18",
        "42 CFR 11.4: the final rule took effect; data items became duties for studies that start from then on.",
        "2026-11-21",
    ),
    Threshold("why_stopped_length", "250", "Registration form's limit (2026).", "2026-11-21"),
    Threshold("brief_title_length", "300", "Registration form's limit (2026).", "2026-11-21"),
    Threshold("official_title_length", "600", "Registration form's limit (2026).", "2026-11-21"),
    Threshold("acronym_length", "14", "Registration form's limit (2026).", "2026-11-21"),
    Threshold(
        "id_length",
        "30",
        "Registration form's limit for organisation and secondary ids (2026).",
        "2026-11-21",
    ),
    Threshold("summary_length", "5000", "Registration form's limit (2026).", "2026-11-21"),
    Threshold("description_length", "32000", "Registration form's limit (2026).", "2026-11-21"),
    Threshold("arm_label_length", "100", "Registration form's limit (2026).", "2026-11-21"),
    Threshold("arm_description_length", "999", "Registration form's limit (2026).", "2026-11-21"),
    Threshold(
        "organization_length",
        "160",
        "Registration form's limit for sponsors and affiliations (2026).",
        "2026-11-21",
    ),
    Threshold(
        "condition_length",
        "200",
        "Longer texts are conditions run together or sentences, not terms.",
        "2026-11-21",
    ),
    Threshold(
        "rows_lost",
        "0.10",
        "Share of rows; corrections remove contacts and sites, but never a tenth of a large table between two loads.",
        "2026-11-21",
    ),
    Threshold(
        "rows_gone",
        "0.90",
        "Share of rows; even where every record was corrected, a table that loses nine tenths was emptied.",
        "2026-11-21",
    ),
    Threshold(
        "drift_records",
        "100",
        "Of fewer records a fifth is a handful, and a handful may well be corrected alike.",
        "2026-11-21",
    ),
    Threshold(
        "drift_rows",
        "1000",
        "In smaller tables a few corrected records move counts and rates by more than any limit worth having.",
        "2026-11-21",
    ),
    Threshold(
        "nulls_jump",
        "0.20",
        "Share of former rows that lost their value; only a broken reader or model does that to a fifth.",
        "2026-11-21",
    ),
    Threshold(
        "child_nulls_jump",
        "0.50",
        "As nulls_jump for child tables: when a few studies of many sites close, their sites lose status and contacts.",
        "2026-11-21",
    ),
    Threshold(
        "child_nulls_shift",
        "0.20",
        "As nulls_shift for child tables, in which one record may own many rows.",
        "2026-11-21",
    ),
    Threshold(
        "nulls_shift",
        "0.05",
        "Share of former rows that changed alike; what a load updates differs in which column it fills.",
        "2026-11-21",
    ),
    Threshold(
        "delta_window",
        "60 days",
        "Long enough to tell what a usual day brings, short enough that older days are not thinned by later updates.",
        "2026-11-21",
    ),
    Threshold(
        "delta_updates",
        "50",
        "Median updates of a day; where 50 are usual, a day without any is no chance.",
        "2026-11-21",
    ),
    Threshold(
        "delta_least",
        "0.2",
        "Days around holidays bring half of the usual updates; a fifth is a day fetched in part.",
        "2026-11-21",
    ),
    Threshold(
        "delta_most",
        "10",
        "No day of sponsors' own updates comes near; the registry's own mass changes exceed it.",
        "2026-11-21",
    ),
    Threshold(
        "load_versions",
        "100",
        "Of fewer versions chance alone empties columns that half of the records fill.",
        "2026-11-21",
    ),
    Threshold(
        "load_usual",
        "0.3",
        "Share of rows or versions; what fewer have, a load of recent studies may lack, as results.",
        "2026-11-21",
    ),
    Threshold(
        "load_vanished",
        "0.2",
        "Ratio of shares; recent studies differ from old ones by halves, a lost field by nearly everything.",
        "2026-11-21",
    ),
    Threshold(
        "quarantine_rise",
        "0.05",
        "Share of records; single broken records are usual, one in twenty is a broken download or format.",
        "2026-11-21",
    ),
    Threshold("delta_days", "5", "Fewer days with updates do not tell what is usual.", "2026-11-21"),
)

THRESHOLDS: dict[str, Threshold] = {threshold.name: threshold for threshold in _TABLE}
"""The table by name."""


def limit(name: str) -> str:
    """The value of a threshold, as SQL text. KeyError for a name that is not in the table."""
    return THRESHOLDS[name].value
