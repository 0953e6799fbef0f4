"""What is found between records, between versions and between builds: links and trials, changes, builds.

Belongs here: listed tables of core, history and meta. Does not: tables of these schemas that models make
(dbt_like_models). The notation is that of the package.
"""

from __future__ import annotations

CORE_HISTORY_META: dict[str, tuple[str, str, str]] = {
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
