"""Why a record was quarantined: the codes that readers and staging use, and the whole table of codes.

Belongs here: one constant for each code, and for each code what it means and what to do about it. Codes for
files and members are the landing room's. docs/quarantine.md is written from REASONS; a test keeps it so.
"""

from __future__ import annotations

from pipelines.landing.reasons import LANDING_REASONS, Reason
from pipelines.landing.reasons import READER_FAILED as READER_FAILED

NOT_UTF8 = "not_utf8"
TRUNCATED_JSON = "truncated_json"
MALFORMED_JSON = "malformed_json"
NOT_AN_OBJECT = "not_an_object"
DUPLICATE_KEY = "duplicate_key"
RECORD_TOO_LARGE = "record_too_large"
TOO_DEEP = "too_deep"
NO_IDENTITY = "no_identity"
WRONG_TYPE = "wrong_type"
OUT_OF_RANGE = "value_out_of_range"
IMPOSSIBLE_DATE = "impossible_date"
MALFORMED_XML = "malformed_xml"
TRUNCATED_XML = "truncated_xml"
XML_ENTITY = "xml_entity"
TRUNCATED_TEXT = "truncated_text"
MALFORMED_TABLE = "malformed_table"
MISSING_COLUMN = "missing_column"
MISSING_TABLE = "missing_table"

RECORD_REASONS: dict[str, Reason] = {
    NOT_UTF8: Reason(
        "The text is neither UTF-8 nor UTF-16 with its byte order mark, nor what it declares; the reason gives the "
        "offset of the first byte that is not.",
        "Convert it to UTF-8, keeping its true encoding in mind, and drop it again.",
    ),
    TRUNCATED_JSON: Reason(
        "The JSON text ends too early. Records before the cut were read.",
        "Fetch it again; this is nearly always a download that stopped.",
    ),
    MALFORMED_JSON: Reason(
        "The piece is not valid JSON. Reading went on at the next record.",
        "Fetch it again, or mend the place that the reason names.",
    ),
    NOT_AN_OBJECT: Reason(
        "Valid JSON, but a number, text, list or null where a study object is due.",
        "Find out what wrote it; there is no record in it.",
    ),
    DUPLICATE_KEY: Reason(
        "An object in the record has the same name twice, so that one of two values would have to be guessed.",
        "Fetch the record again, or mend it.",
    ),
    RECORD_TOO_LARGE: Reason(
        "The record is larger than the limit.",
        "If it is genuine, raise TRIALMART_LIMIT_RECORD_BYTES.",
    ),
    TOO_DEEP: Reason(
        "The JSON of the record is nested deeper than the limit.",
        "If it is genuine, raise TRIALMART_LIMIT_JSON_DEPTH.",
    ),
    NO_IDENTITY: Reason(
        "The record carries no registry id, no valid secondary id and no other name, so it cannot be told from others.",
        "Ask for the record with its ids (`fields=` must include them).",
    ),
    WRONG_TYPE: Reason(
        "A value is not of its field's kind, such as a number where text is due; the reason names field and value.",
        "Mend the field, or report that the registry has changed it.",
    ),
    OUT_OF_RANGE: Reason(
        "A number does not fit its field: a whole number holds at most ±9,007,199,254,740,991.",
        "Mend the field that the reason names.",
    ),
    IMPOSSIBLE_DATE: Reason(
        "A date that is not in the calendar, such as 30 February.",
        "Ask the registry to mend it; it is never guessed.",
    ),
    MALFORMED_XML: Reason(
        "The piece is not well-formed XML; the reason gives line and column. Reading went on at the next record.",
        "Fetch it again, or mend the place that the reason names.",
    ),
    TRUNCATED_XML: Reason(
        "The XML text ends within a record. Records before the cut were read.",
        "Fetch it again; this is nearly always a download that stopped.",
    ),
    XML_ENTITY: Reason(
        "The XML declares or uses entities of its own, which can pull in other files or grow without bound.",
        "Save it with plain characters in their place; registries' own exports have no such entities.",
    ),
    TRUNCATED_TEXT: Reason(
        "The text of a record ends before the last part of the register's form. The records around it were read.",
        "Fetch it again; this is nearly always a download that stopped.",
    ),
    MALFORMED_TABLE: Reason(
        "A row of a delimited file does not fit its heading, or a quotation mark is never closed; the reason gives the "
        "line. Reading went on at the next row that fits.",
        "Export the file again; a spreadsheet program may have broken it.",
    ),
    MISSING_COLUMN: Reason(
        "A delimited file lacks a column that is needed to tell its records apart; the reason names it.",
        "Export the file again with that column, under the name the registry gives it.",
    ),
    MISSING_TABLE: Reason(
        "Tables that together make the records are not all there; the reason names those that are missing. Without the "
        "table of studies, or with nothing else, no record is read; where others are missing, the records that were "
        "read say so in their field states.",
        "Put the whole archive into landing as it was downloaded, not single tables of it.",
    ),
}

REASONS: dict[str, Reason] = LANDING_REASONS | RECORD_REASONS
"""Every code that may stand in quality.quarantine."""
