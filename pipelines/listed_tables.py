"""The tables of raw, quality, history, identity and builds that Python writes, column by column, in words.

Belongs here: names, types and comments. Does not: DDL and the staged tables (tables.py), rows.

A table is (comment, key columns, columns); a column is a line `name TYPE[!] [comment]`. `!` means NOT NULL; a missing
comment is the shared one of that name.
"""

from __future__ import annotations

SHARED_COMMENTS = {
    "file_id": "The landing file content (raw.file): first 16 hex digits of its SHA-256.",
    "path": "Path of the landing file, relative to the landing folder.",
    "member": "Name inside the archive; NULL when the file itself is read.",
    "position": "1-based place in the file or member (in NDJSON the line); NULL: the whole of it.",
    "run_id": "The run that wrote this row.",
    "version_id": "The record version (raw.record_version) this row belongs to.",
    "first_seen_at": "When this was first seen (UTC).",
    "registry": "Registry the content comes from: CTGOV, EUCTR, CTIS, …",
    "rule": "Stable name of the rule.",
    "table_name": "The table the rule checks, as schema.name.",
    "severity": "gate (blocks publishing), error, warn or info.",
}

LISTED: dict[str, tuple[str, str, str]] = {
    "raw.file": (
        "One row for each content of a landing file that was ever read.",
        "file_id",
        """
        file_id VARCHAR!
        path VARCHAR!
        sha256 VARCHAR! SHA-256 of the file's bytes, hex.
        bytes BIGINT! Size of the file in bytes.
        format VARCHAR Format that was recognised by content; NULL when none was.
        registry VARCHAR
        modified_at TIMESTAMP Modification time of the file when it was read (UTC).
        origin JSON The note that lay beside the file: where it came from, when, by which query; NULL when none did.
        first_seen_at TIMESTAMP!
        run_id VARCHAR
        records_seen BIGINT! Records met in the file; a file that cannot be read at all counts as one.
        records_accepted BIGINT! Records that became a new record version.
        records_unchanged BIGINT! Records equal to a version that was already there.
        records_quarantined BIGINT! Records (or the file itself) refused, see quality.quarantine.
        """,
    ),
    "raw.snapshot": (
        "One row for each landing file that its note calls a full snapshot of a registry.",
        "file_id",
        """
        file_id VARCHAR!
        registry VARCHAR!
        taken_on DATE! The registry's day that the snapshot shows.
        records BIGINT! Records of the registry that it holds.
        is_whole BOOLEAN! Whether all of it could be read: only then does absence from it mean anything.
        """,
    ),
    "raw.snapshot_record": (
        "One row for each record that a full snapshot holds, whether or not it brought a new version.",
        "file_id, record_key",
        """
        file_id VARCHAR!
        record_key VARCHAR! The record, as in raw.record_version.
        """,
    ),
    "raw.record_version": (
        "One row for each version of a registry record.",
        "version_id",
        """
        version_id BIGINT! Identifies the version in every staged table.
        record_key VARCHAR! Names the record: <registry>:<registry id>; see key_basis.
        version_no INTEGER! 1-based number of the version among those of its record.
        key_basis VARCHAR! What record_key rests on: the own id, a secondary identifier, or content.
        registry VARCHAR!
        registry_id VARCHAR The registry's own id of the record; NULL where the record does not carry one.
        source_format VARCHAR! The raw format the version was read from.
        record_sha256 VARCHAR! SHA-256 of the record in canonical form: equal for equal content.
        raw_sha256 VARCHAR! SHA-256 of the record's exact raw bytes.
        record_bytes BIGINT! Size of the raw record in bytes.
        file_id VARCHAR!
        member VARCHAR
        position BIGINT
        registry_updated_on DATE The registry's date of this version; NULL when the record has none.
        loaded_at TIMESTAMP! When the version was accepted (UTC).
        run_id VARCHAR!
        valid_from DATE First day on which this version was the newest known; NULL when unknown.
        valid_to DATE Day on which the next version took over; NULL for the newest one.
        is_current BOOLEAN! Whether this is the newest version of its record.
        """,
    ),
    "staging.identifier": (
        "One row for each identifier found in an accepted record version.",
        "version_id, position",
        """
        version_id BIGINT!
        position INTEGER! 1-based place among the version's identifiers.
        source_path VARCHAR Path in the study shape where the identifier was found.
        id_type VARCHAR Kind of identifier: a registry (CTGOV, EUDRACT, …), UTN, or other.
        id_raw VARCHAR The text as it stands in the record.
        id_norm VARCHAR The normalised identifier; NULL where no kind was recognised.
        role VARCHAR own, alias, secondary, org, mention or related.
        is_valid BOOLEAN Whether it satisfies the rules of its kind; NULL where there are none.
        reason VARCHAR Why it is not valid.
        """,
    ),
    "staging.criterion": (
        "One row for each eligibility criterion of an accepted record version, in the order of its text.",
        "version_id, position",
        """
        version_id BIGINT!
        position INTEGER! 1-based place among the criteria of the version, in the order of the text.
        parent_position INTEGER Position of the criterion it is part of; NULL at the top.
        depth INTEGER! Levels above it: 0 at the top.
        path VARCHAR! 1-based places among siblings from the top down: 3.1 is the first part of the third.
        kind VARCHAR! inclusion, exclusion or unknown.
        number INTEGER Its number as the text has it; NULL for bullets, letters, numbers of several levels, paragraphs.
        label VARCHAR Bullet, number or letter before it, as written; NULL for paragraphs and what a reader cut.
        numbering VARCHAR The text's own numbers and letters from the top down (2.a.ii); NULL where one has none.
        nesting VARCHAR How its parent is known: indent, announced, style, number or reader; NULL at the top.
        indent INTEGER Blanks before it; NULL where a reader cut the text.
        heading VARCHAR The heading above it, as written; NULL before any and where a reader cut the text.
        text VARCHAR The criterion without marker and escapes; NULL where its text is lost.
        damage VARCHAR What is lost: number_missing, number_restarts, line_breaks_lost, text_lost; NULL if nothing.
        line_no INTEGER 1-based line of the text where it begins; NULL where a reader cut the text.
        has_children BOOLEAN! Whether other criteria are part of it.
        ground VARCHAR! reader (cut by the reader of the format) or split (cut from the text).
        """,
    ),
    "staging.unknown_value": (
        "One row for each leaf of a record version that lies outside the study shape.",
        "version_id, place",
        """
        version_id BIGINT!
        path VARCHAR! Path without positions: locations[].colour.
        place VARCHAR! Path with positions: locations[2].colour.
        value VARCHAR The value as text.
        """,
    ),
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
        released_at TIMESTAMP When a good version of the record, or of the whole file, arrived (UTC); NULL while open.
        released_by VARCHAR The file (raw.file) that brought it.
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
    "core.link_instruction": (
        "One row for each pair of records that a person pinned together or forbade to link, and what became of it.",
        "source, action, record_key_a, record_key_b",
        """
        source VARCHAR! The file it stands in: the one of the repository or the one of the setting `links`.
        action VARCHAR! pin or forbid.
        record_key_a VARCHAR! One record, as written in the file; the smaller key.
        record_key_b VARCHAR! The other record.
        reason VARCHAR! Why, in the words of the file.
        state VARCHAR! applied, unknown_record (a key is not there) or contradicted (pins join what it forbids).
        detail VARCHAR What the state means here; NULL when applied.
        """,
    ),
    "core.link_decision": (
        "One row for each pair of records that was weighed or pinned: whether it is a link.",
        "record_key_a, record_key_b",
        """
        record_key_a VARCHAR! One record; the smaller key.
        record_key_b VARCHAR! The other record.
        is_accepted BOOLEAN! Whether the pair is a link: both records are members of one trial.
        refused_by VARCHAR The negative rule that refuses it; NULL when accepted.
        reason VARCHAR The rule in words, with the ids concerned; of a pinned or forbidden pair the reason given.
        """,
    ),
    "core.trial_assignment": (
        "One row for each current record: its trial. Kept over builds, so that trial_id stays.",
        "record_key",
        """
        record_key VARCHAR! The record.
        trial_id VARCHAR! The trial it belongs to.
        assigned_at TIMESTAMP! Since when it has belonged to this trial (UTC).
        run_id VARCHAR! The run that put it there.
        """,
    ),
    "core.trial_event": (
        "One row for each record that a run moved from one trial to another; kept over builds.",
        "run_id, record_key",
        """
        happened_at TIMESTAMP! When (UTC).
        run_id VARCHAR! The run that moved it.
        kind VARCHAR! merge: into a trial that was there before; split: into a new one.
        record_key VARCHAR! The record that moved.
        from_trial_id VARCHAR! Its trial in the build before.
        to_trial_id VARCHAR! Its trial now.
        why VARCHAR! The link that was accepted (merge) or is no longer (split).
        """,
    ),
    "history.version_pair": (
        "One row for each two consecutive versions of a record, compared.",
        "from_version_id, to_version_id",
        """
        record_key VARCHAR! The record.
        from_version INTEGER! Number of the earlier version.
        to_version INTEGER! Number of the later version.
        from_version_id BIGINT! The earlier version in the staged tables.
        to_version_id BIGINT! The later version in the staged tables.
        changed_on DATE The registry's date of the later version.
        from_format VARCHAR! Raw format of the earlier version.
        to_format VARCHAR! Raw format of the later version; in two formats only what both can say is compared.
        changes BIGINT! Rows of history.change.
        comparison_version VARCHAR! Hash of the code that compared.
        """,
    ),
    "history.change": (
        "One row for each value or list item that differs between consecutive versions of a record.",
        "from_version_id, to_version_id, path",
        """
        record_key VARCHAR! The record.
        from_version INTEGER! Number of the earlier version.
        to_version INTEGER! Number of the later version.
        from_version_id BIGINT! The earlier version in the staged tables.
        to_version_id BIGINT! The later version in the staged tables.
        changed_on DATE The registry's date of the later version.
        path VARCHAR! Place of the value; list items are named, not numbered: primaryOutcomes[Survival].timeFrame.
        field VARCHAR! The same place in the study shape: primaryOutcomes[].timeFrame.
        old_value VARCHAR Value in the earlier version; of an item that is gone all its values, as JSON.
        new_value VARCHAR Value in the later version; of an item that is new all its values, as JSON.
        kind VARCHAR! added, removed or changed.
        """,
    ),
    "meta.build": (
        "One row for each build of the warehouse that this one descends from, and this one.",
        "build_id",
        """
        build_id VARCHAR! Names the build: UTC time and a part of the run id.
        run_id VARCHAR! The run that made the build.
        started_at TIMESTAMP! When the build began (UTC).
        published_at TIMESTAMP When the build passed its audit and was published (UTC).
        code_version VARCHAR Version of this package.
        source_version VARCHAR Hash of all its source files: code, models, rules.
        library_versions JSON Versions of Python and of the libraries that decide what a build holds.
        reader_version VARCHAR Version of the readers and the study shape.
        rule_catalogue_version VARCHAR Hash of the rule catalogue.
        model_version VARCHAR Hash of the SQL models and of the code that clusters records.
        links_version VARCHAR Hash of the user's own file of pinned and forbidden links; NULL where there is none.
        input_files BIGINT Contents of landing files that the build is made of, read by this run or before (raw.file).
        input_version VARCHAR Hash of their hashes, in order: equal for equal contents, however named and whenever read.
        files BIGINT Landing files read by the run.
        records_seen BIGINT Records met by the run.
        records_accepted BIGINT Records that became a new version.
        records_unchanged BIGINT Records equal to a version that was already there.
        records_quarantined BIGINT Records or files refused with a reason.
        settings JSON The settings of the run with the limits of reading; no paths, no credentials.
        """,
    ),
}
