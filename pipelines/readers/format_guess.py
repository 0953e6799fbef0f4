"""A name for content that no reader knows, so that its owner learns what it was taken for.

Belongs here: guesses for the message of a quarantined file. Does not: anything that decides how a file is
read.
"""

from __future__ import annotations

import re

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document; only text and data formats are read"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (xls, doc); export its tables as text"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it, or pack it as zip"),
    (b"Rar!", "a RAR archive; unpack it, or pack it as zip"),
    (b"BZh", "bzip2 data; unpack it, or pack it with gzip"),
    (b"\xfd7zXZ\0", "xz data; unpack it, or pack it with gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd data; unpack it, or pack it with gzip"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"{\\rtf", "an RTF document; save it as plain text"),
)
_TAR_MARK, _TAR_AT = b"ustar", 257
_DUCKDB_MARK, _DUCKDB_AT = b"DUCK", 8

_XML = re.compile(r"<\?xml\b|<!DOCTYPE\s+(?!html)|<[A-Za-z][\w.:-]*[\s/>]", re.IGNORECASE)
_XML_ROOT = re.compile(r"<([A-Za-z][\w.:-]*)")
_HTML = re.compile(r"<!DOCTYPE\s+html|<html\b|<head\b|<body\b", re.IGNORECASE)
_FIRST_KEY = re.compile(r'[\[\s]*\{\s*"([^"\\]{1,60})"')
_JSON_REGISTRIES = {
    "FieldValuesResponse": "a field's values, from the ClinicalTrials.gov API that ended in 2024, without studies",
    "moduleLabels": "the list of a study's versions from ClinicalTrials.gov's website; fetch each version",
    "protocolSection": "studies of ClinicalTrials.gov's API v2 inside something else; save a list of them, or lines",
    "drksId": "JSON of the German register (DRKS)",
    "ctNumber": "JSON of the EU register (CTIS)",
    "ctStatus": "JSON of the EU register (CTIS)",
    "isrctn": "JSON of the ISRCTN register",
    "resourceType": "FHIR JSON",
}
_RIS = re.compile(r"TY {2}- ?\w")
_CTGOV_ROW = re.compile(r'"?NCT[0-9]{8}"?,')
_CTGOV_ANSWER = re.compile(r'"?APIVrs:')
_SEPARATORS = {",": "CSV", "\t": "tab-separated text", ";": "CSV with semicolons", "|": "text with | between fields"}
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_SAMPLE_BYTES = 400
_MOST_CONTROLS = 0.05
_LONGEST_HEADING = 50
_LOOKED_AT = 20_000
"""Characters of JSON in which a known name is looked for."""


def is_utf16(head: bytes) -> bool:
    """Whether the content is text in UTF-16 or UTF-32: by its byte order mark, or by every other byte being NUL."""
    if head.startswith(_UTF16_MARKS):
        return True
    sample = head[:_SAMPLE_BYTES]
    halves = sample[::2], sample[1::2]
    return len(sample) > 8 and any(
        2 * nul.count(0) > len(nul) and 2 * sum(32 <= code < 127 for code in text) > len(text)
        for nul, text in (halves, halves[::-1])
    )


def format_guess(head: bytes) -> str:
    """What content that begins with `head` looks like, as a noun phrase, perhaps with advice after a
    semicolon."""
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            return what
    if head[_TAR_AT : _TAR_AT + len(_TAR_MARK)] == _TAR_MARK:
        return "a tar archive; unpack it, or pack it as zip"
    if head[_DUCKDB_AT : _DUCKDB_AT + len(_DUCKDB_MARK)] == _DUCKDB_MARK:
        return "a DuckDB database"
    text = head.decode("utf-8", "replace").removeprefix("\ufeff").lstrip()
    controls = sum(character < " " and character not in "\t\r\n\f" for character in text[:4000])
    if controls > _MOST_CONTROLS * min(len(text), 4000):
        return "binary data"
    return _markup(text) or _json(text) or _known_text(text) or _table(text) or "plain text of no known layout"


def _known_text(text: str) -> str | None:
    if _RIS.match(text):
        return "a RIS file, made for programs that manage references; download the studies as JSON or CSV"
    if _CTGOV_ROW.match(text):
        return (
            "rows of ClinicalTrials.gov's CSV without their heading, as the API's later pages; put the heading on top"
        )
    if _CTGOV_ANSWER.match(text):
        return "CSV of ClinicalTrials.gov's classic API; take the lines about the answer away, above its heading"
    return None


def _markup(text: str) -> str | None:
    if _HTML.match(text) or _HTML.search(text[:2000]):
        return "an HTML page; save the record in one of the registry's export formats"
    if not _XML.match(text):
        return None
    roots = [name for name in _XML_ROOT.findall(text[:4000]) if name.lower() != "xml"]
    return f"XML with the root element <{roots[0][:60]}>" if roots else "XML"


def _json(text: str) -> str | None:
    if text[:1] not in ("{", "["):
        return None
    key = _FIRST_KEY.match(text)
    if key is None:
        return (
            "JSON without records" if text.rstrip() in ("{}", "[]") else "JSON that holds no objects at its beginning"
        )
    known = next((what for name, what in _JSON_REGISTRIES.items() if f'"{name}"' in text[:_LOOKED_AT]), None)
    return known or f'other JSON, whose first name is "{key[1]}"'


def _table(text: str) -> str | None:
    lines = [line for line in text[:20_000].splitlines() if line.strip()]
    if not lines:
        return None
    separator = max(_SEPARATORS, key=lines[0].count)
    fields = lines[0].count(separator) + 1
    first = lines[0].split(separator)[0].strip().strip('"')
    if fields < 3 or len(first) > _LONGEST_HEADING or (len(lines) > 1 and lines[1].count(separator) < 2):
        return None
    return f'{_SEPARATORS[separator]} of {fields} columns, the first being "{first}"'
