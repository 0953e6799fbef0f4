"""Why a file, or a member of an archive, was quarantined: the codes that the landing room uses.

Belongs here: one constant for each code, and for each code what it means and what to do about it. Does not:
reasons for records (pipelines/readers/reasons.py adds them and holds the whole table). Codes are public:
users filter on them, so they are added to and never renamed.
"""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """What a reason code means, and what the owner of the file can do."""

    meaning: str
    remedy: str


EMPTY_FILE = "empty_file"
UNKNOWN_FORMAT = "unknown_format"
UNREADABLE_FILE = "unreadable_file"
FILE_CHANGED = "file_changed"
SYMLINK = "symlink"
NOT_A_FILE = "not_a_file"
BROKEN_ZIP = "broken_zip"
BROKEN_MEMBER = "broken_member"
TRUNCATED_MEMBER = "truncated_member"
BROKEN_GZIP = "broken_gzip"
TRUNCATED_GZIP = "truncated_gzip"
ENCRYPTED_MEMBER = "encrypted_member"
UNSUPPORTED_COMPRESSION = "unsupported_compression"
NESTED_ARCHIVE = "nested_archive"
MEMBER_TOO_LARGE = "member_too_large"
COMPRESSION_BOMB = "compression_bomb"
TOO_MANY_MEMBERS = "too_many_members"
ARCHIVE_TOO_LARGE = "archive_too_large"
TRAILING_DATA = "trailing_data"
READER_FAILED = "reader_failed"

LANDING_REASONS: dict[str, Reason] = {
    EMPTY_FILE: Reason(
        "The file, or member of an archive, holds nothing but white space.",
        "Fetch it again; an empty file is nearly always a download that failed.",
    ),
    UNKNOWN_FORMAT: Reason(
        "The content is in no format that a reader knows. The reason names what it looks like.",
        "Export the records in a supported format, or remove the file from landing.",
    ),
    UNREADABLE_FILE: Reason(
        "The operating system would not let the file or folder be read.",
        "Give the user who runs trialmart read permission, or bring the disk or share back.",
    ),
    FILE_CHANGED: Reason(
        "The file kept changing while it was being copied.",
        "Nothing, if it is still being written: the next run takes it. Better: write it under a name that ends in "
        ".part and rename it when it is whole.",
    ),
    SYMLINK: Reason(
        "A symbolic link stands in landing, or in an archive; links are not followed, so that nothing outside landing "
        "is read.",
        "Put the file itself there.",
    ),
    NOT_A_FILE: Reason(
        "A pipe, socket or device stands in landing.",
        "Remove it from landing.",
    ),
    BROKEN_ZIP: Reason(
        "The zip archive's list of contents is missing or damaged, as after a download that stopped. The members that "
        "could be found without it were read.",
        "Fetch the archive again: members after the break are missing.",
    ),
    BROKEN_MEMBER: Reason(
        "A member of a zip archive does not decompress, or not to what its checksum and size say. Members of up to "
        "8 MiB are refused whole; of larger ones, the records before the fault was noticed were read.",
        "Fetch the archive again.",
    ),
    TRUNCATED_MEMBER: Reason(
        "The archive ends in the middle of this member. Whole records before the cut were read.",
        "Fetch the archive again.",
    ),
    BROKEN_GZIP: Reason(
        "The gzip data are damaged from some point on, or do not match their checksum. Whole records before that point "
        "were read.",
        "Fetch the file again.",
    ),
    TRUNCATED_GZIP: Reason(
        "The gzip data end too early. Whole records before the cut were read.",
        "Fetch the file again.",
    ),
    ENCRYPTED_MEMBER: Reason(
        "The member of the zip archive is protected by a password.",
        "Unpack it and put the unprotected file into landing.",
    ),
    UNSUPPORTED_COMPRESSION: Reason(
        "The member of the zip archive is compressed by another method than store or deflate.",
        "Pack it again with deflate, or put the unpacked file into landing.",
    ),
    NESTED_ARCHIVE: Reason(
        "An archive within an archive, deeper or larger than trialmart opens (one level, 64 MiB).",
        "Unpack the outer archive and put the inner one into landing.",
    ),
    MEMBER_TOO_LARGE: Reason(
        "The decompressed content is larger than the limit.",
        "Split it, or raise TRIALMART_LIMIT_MEMBER_BYTES (TRIALMART_LIMIT_TEXT_MEMBER_BYTES for page text).",
    ),
    COMPRESSION_BOMB: Reason(
        "The content, or all the contents of the file together, decompress to so much more than the compressed size "
        "that this is taken for an attack, or members of the archive overlap.",
        "If it is genuine, unpack it, or raise TRIALMART_LIMIT_COMPRESSION_RATIO.",
    ),
    TOO_MANY_MEMBERS: Reason(
        "The archive has more members than the limit; those beyond it were not read.",
        "Split it, or raise TRIALMART_LIMIT_ARCHIVE_MEMBERS.",
    ),
    ARCHIVE_TOO_LARGE: Reason(
        "The file decompresses to more than the limit in all, archives within it included; what was met before that "
        "was read.",
        "Split it, or raise TRIALMART_LIMIT_FILE_BYTES.",
    ),
    TRAILING_DATA: Reason(
        "Something that is no record follows the end of the data. The records before it were read.",
        "Look at the excerpt: it may be the rest of another file, or of an interrupted download.",
    ),
    READER_FAILED: Reason(
        "The reader met something it was not made for. This is a fault of trialmart, not of the record.",
        "Report it with the record (`trialmart raw`, or the landing file).",
    ),
}
