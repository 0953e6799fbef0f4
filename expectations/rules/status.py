"""The recruitment status and the words that go with it.

Belongs here: rules on overall_status, last_known_status and why_stopped. Does not: comparisons with dates
(status_dates.py).
"""

from __future__ import annotations

from expectations.rows import RECORDS
from expectations.rule import ERROR, WARN, Escalation, Rule
from expectations.sql import CTGOV, EXPANDED_ACCESS_STATUSES, characters, missing, one_of, present, within
from expectations.thresholds import limit
from pipelines.study.shape import load_enums

_MODULE = "protocolSection.statusModule"
_STOPPED = ("TERMINATED", "SUSPENDED", "WITHDRAWN")
_STOPPED_SQL = one_of("overall_status", _STOPPED)

RULES = (
    Rule(
        name="status_enum",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        registries=CTGOV,
        description="The recruitment status is one of the registry's statuses.",
        meaning="A status outside the list is in no group of any report.",
        source="API v2 enum Status",
        columns=("overall_status",),
        passes=one_of("overall_status", load_enums()["Status"]),
        not_evaluable="the record has no status",
        message="'{overall_status}' is no status of the registry: map it or correct it.",
    ),
    Rule(
        name="status_type_match",
        table="core.record",
        rows=RECORDS,
        severity=ERROR,
        registries=CTGOV,
        description="Expanded access records have expanded access statuses, and only they have.",
        meaning="Status or study type is wrong; the record is counted among the wrong kind.",
        source="API v2; registration form",
        columns=("overall_status", "study_type"),
        # WITHHELD and UNKNOWN can stand on any record.
        evaluable="overall_status NOT IN ('WITHHELD', 'UNKNOWN') AND "
        + one_of("overall_status", load_enums()["Status"]),
        passes=f"(study_type = 'EXPANDED_ACCESS') = ({one_of('overall_status', EXPANDED_ACCESS_STATUSES)})",
        not_evaluable=(
            "status or study type is missing, or the status fits every type (WITHHELD, UNKNOWN) or is none of the "
            "registry's"
        ),
        message="Status {overall_status} does not go with study type {study_type}: correct one of them.",
    ),
    Rule(
        name="unknown_has_last_known",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description="The last known status is given exactly where the status is UNKNOWN.",
        meaning="For an unknown study nothing says what it was before.",
        source="API v2; 16 % of records are UNKNOWN",
        columns=("overall_status", "last_known_status"),
        evaluable="overall_status IS NOT NULL",
        passes=f"(overall_status = 'UNKNOWN') = ({present('last_known_status', f'{_MODULE}.lastKnownStatus')})",
        not_evaluable="the status is missing, or the layout lost the last known status",
        message="Status {overall_status} with last known status {last_known_status}: fetch the record again.",
    ),
    Rule(
        name="why_stopped_present",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        escalation=Escalation(
            severity=ERROR,
            when=f"start_earliest >= DATE '{limit('final_rule_from')}'",
            words=f"the study started on {limit('final_rule_from')} or later, when the reason was required by law",
        ),
        description="A terminated, suspended or withdrawn study says why it stopped.",
        meaning="The reason is required since 2017; without it safety cannot be told from lack of money.",
        source="Registration form; 42 CFR 11.28; PMC4444136: 10 % of 905 gave no reason",
        columns=("overall_status", "why_stopped"),
        evaluable=_STOPPED_SQL,
        passes=present("nullif(trim(why_stopped), '')", f"{_MODULE}.whyStopped"),
        not_evaluable="the study has not stopped, or the layout lost the reason",
        message="Status {overall_status} without a reason: say why the study stopped.",
    ),
    Rule(
        name="why_stopped_only",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description="Only a terminated, suspended or withdrawn study says why it stopped.",
        meaning="Either the study did stop and the status is wrong, or the reason is a left-over.",
        source="Registration form",
        columns=("overall_status", "why_stopped"),
        # UNKNOWN hides an earlier status that may have been a stop.
        evaluable="overall_status <> 'UNKNOWN' AND NOT " + _STOPPED_SQL,
        passes=missing("nullif(trim(why_stopped), '')", f"{_MODULE}.whyStopped"),
        not_evaluable="the study has stopped, its status is missing or UNKNOWN, or the layout loses reasons",
        message="Status {overall_status}, yet a reason for stopping is given: remove it or correct the status.",
    ),
    Rule(
        name="why_stopped_len",
        table="core.record",
        rows=RECORDS,
        severity=WARN,
        registries=CTGOV,
        description=f"The reason for stopping has at most {limit('why_stopped_length')} characters.",
        meaning="Longer texts are cut by the registry and by readers' tools.",
        source="Registration form",
        columns=("why_stopped",),
        passes=within("why_stopped", limit("why_stopped_length")),
        value=characters("why_stopped"),
        not_evaluable="no reason is given",
        message=f"The reason for stopping has {{{characters('why_stopped')}}} characters: shorten it.",
    ),
)
