"""What is said of the quality of files, records, runs and builds.

Belongs here: listed tables of quality. Does not: the rules (expectations). The notation is that of the package.
"""

from __future__ import annotations

QUALITY: dict[str, tuple[str, str, str]] = {
    "quality.quarantine": (
        "One row for each record or file that could not be accepted.",
        "file_id, member, position, reason_code",
        """
        file_id VARCHAR!
        path VARCHAR!
        member VARCHAR
        position BIGINT
        registry_id VARCHAR The record's registry id as far as it could be read.
        reason_code VARCHAR! Stable word for the kind of trouble.
        reason VARCHAR! What is wrong and where.
        excerpt VARCHAR At most 200 characters of the trouble.
        first_seen_at TIMESTAMP!
        run_id VARCHAR
        released_at TIMESTAMP When a newer file took the place of this trouble (released_as; UTC); NULL while open.
        released_by VARCHAR The file (raw.file) that did.
        released_as VARCHAR accepted: it came whole; replaced: its file was; met_again: a newer entry is the open one.
        """,
    ),
    "quality.unknown_field": (
        "One row for each path that records carry but the study shape does not know.",
        "path, registry",
        """
        path VARCHAR! Path without positions.
        registry VARCHAR
        records BIGINT! Record versions that carry it.
        sample_value VARCHAR One of its values.
        first_seen_at TIMESTAMP!
        """,
    ),
    "quality.expectation": (
        "One row for each rule of the catalogue.",
        "rule",
        """
        rule VARCHAR!
        table_name VARCHAR!
        severity VARCHAR!
        description VARCHAR! What the rule demands.
        source VARCHAR Where the rule comes from.
        rule_version VARCHAR Changes when the rule's SQL changes.
        """,
    ),
    "quality.expectation_result": (
        "One row for each rule and run; kept over builds.",
        "run_id, rule",
        """
        run_id VARCHAR!
        rule VARCHAR!
        table_name VARCHAR!
        severity VARCHAR!
        rows_evaluated BIGINT Rows the rule could judge: passed + failed; NULL when the rule could not run.
        rows_passed BIGINT Rows that satisfy the rule.
        rows_failed BIGINT Rows that break the rule.
        rows_not_evaluable BIGINT Rows on which the rule cannot be judged; they count as neither.
        success BOOLEAN! Whether the rule holds on the build; false when it could not run.
        error VARCHAR Why the rule could not run; NULL when it ran.
        checked_at TIMESTAMP! When the rule ran (UTC).
        """,
    ),
    "quality.violation": (
        "One row for each rule and row of the current build that breaks it.",
        "rule, record_key, column_name, value",
        """
        rule VARCHAR!
        severity VARCHAR!
        record_key VARCHAR The record concerned; NULL for rules on tables that have none.
        column_name VARCHAR The column or columns looked at.
        value VARCHAR The offending value or values, as text.
        message VARCHAR What is wrong, in a sentence.
        """,
    ),
    "quality.profile": (
        "One row for each run, table, column and, for core, registry and format: rows and nulls; kept over builds.",
        "run_id, table_name, column_name, registry, source_format",
        """
        run_id VARCHAR! The run that made the build.
        profiled_at TIMESTAMP! When the build was profiled (UTC); later than of every run before.
        table_name VARCHAR! The table, as schema.name.
        column_name VARCHAR! The column; empty for the table itself.
        row_count BIGINT! Rows of the table.
        null_count BIGINT Rows in which the column is NULL; NULL for the table itself.
        registry VARCHAR The registry whose records alone are counted; NULL: all of the table.
        source_format VARCHAR The raw format whose records alone are counted; NULL: all of the table.
        """,
    ),
    "quality.load_profile": (
        "One row for each run, registry, format, table and column: what its new versions brought; kept over builds.",
        "run_id, registry, source_format, table_name, column_name",
        """
        run_id VARCHAR! The run that accepted the versions.
        profiled_at TIMESTAMP! When they were counted (UTC); later than of every run before.
        registry VARCHAR!
        source_format VARCHAR! The raw format the versions were read from.
        table_name VARCHAR! The table, as schema.name.
        column_name VARCHAR! The column; empty for the table itself.
        row_count BIGINT! Rows of the table that hang on these versions.
        version_count BIGINT! How many of the versions have any row in the table.
        filled_count BIGINT! Rows in which the column is not NULL; for the table itself its rows.
        """,
    ),
    "quality.gate_override": (
        "One row for each gate that failed in a run and was allowed to, by name; kept over builds.",
        "run_id, rule",
        """
        run_id VARCHAR! The run for which the gate was allowed to fail.
        rule VARCHAR!
        rows_failed BIGINT Rows that break the gate; NULL when it could not run.
        error VARCHAR Why the gate could not run; NULL when it ran.
        allowed_at TIMESTAMP! When the override took effect (UTC).
        reason VARCHAR The reason that was given with it; NULL when none was.
        """,
    ),
    "quality.scorecard": (
        "One row for each run and group of current records: what they break of the rules; kept over builds.",
        "run_id, dimension, dimension_value",
        """
        run_id VARCHAR! The run that judged the records.
        checked_at TIMESTAMP! When the rules ran (UTC).
        dimension VARCHAR! What groups the records: all, registry, sponsor, country, study_type, registration_month.
        dimension_value VARCHAR The group's value, a month as YYYY-MM; NULL: the record does not tell.
        records BIGINT! Records of the group. A record counts in each of its countries.
        records_judged BIGINT! Records on which an error rule on core.record could be judged, or with an error.
        records_with_violation BIGINT! Records that break a rule of any severity.
        records_with_error BIGINT! Records that break a rule of severity gate or error.
        violations BIGINT! Rows of these records that break a rule, added up over rules.
        violations_gate BIGINT! Of these, by rules of severity gate.
        violations_error BIGINT! Of these, by rules of severity error.
        violations_warn BIGINT! Of these, by rules of severity warn.
        violations_info BIGINT! Of these, by rules of severity info.
        rows_evaluated BIGINT! Records that a rule on core.record could judge, added up over these rules.
        rows_not_evaluable BIGINT! Records on which a rule on core.record cannot tell or does not apply, likewise.
        rules_failed BIGINT! Rules broken by a record of the group.
        rules_run BIGINT! Rules that gave a result in the run: the same number for all its groups.
        quality_score DOUBLE Share of records_judged that break no gate or error rule; NULL where there are none.
        """,
    ),
    "quality.record_judgement": (
        "One row for each current record: how far the rules that hang on it alone could judge it.",
        "record_key",
        """
        record_key VARCHAR! The record, as in core.record.
        rules_evaluated BIGINT! Rules on core.record, which look at no day and no other record, that could judge it.
        rules_not_evaluable BIGINT! Of the same rules those that cannot tell, or do not apply.
        is_judged BOOLEAN! Whether one of those that could judge it is of severity error for it.
        rules_version VARCHAR! Which rules they were: a hash of their names and versions, one for all rows.
        """,
    ),
}
