"""What was read: files, snapshots, record versions, and what hangs on a version beside the study shape.

Belongs here: listed tables of raw and staging. Does not: the staged tables of the study shape (pipelines/study). The
notation is that of the package.
"""

from __future__ import annotations

RAW_AND_STAGING: dict[str, tuple[str, str, str]] = {
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
        read_afresh_run_id VARCHAR The run that read it once more, in place of run_id's reading; NULL where none did.
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
        standing VARCHAR What it gives of the record: whole, chosen (fields that somebody chose), part, or copy.
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
        path VARCHAR! Path without positions: locations[].colour. Names with dots, brackets or quotes are quoted.
        place VARCHAR! Path with positions: locations[2].colour.
        value VARCHAR The value as text.
        """,
    ),
}
