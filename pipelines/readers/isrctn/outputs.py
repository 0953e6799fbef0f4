"""What came out of an ISRCTN trial: publications, links, and whether its results stand in the registry.

Belongs here: the publication details, the list of outputs, the basic report. Does not: files attached without a type,
which the mapping places.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from pipelines.readers.mapping import Unreadable
from pipelines.readers.prose import day
from pipelines.readers.study_parts import Struct, first_note, look, part, put

_PUBMED = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/)(?P<pmid>[0-9]{1,9})(?![0-9])")
_RESULTS = re.compile(
    r"(?:[0-9]{4}\s)?\s{0,3}(?:Results article|Abstract results|Interim results article)\b", re.IGNORECASE
)
_BASIC_RESULTS = "basicresults"
_ADDED = re.compile(r"\(added ([0-9]{2})/([0-9]{2})/([0-9]{4})\)")
_ADDRESS = re.compile(r"(?:[a-z]+://|www\.)\S", re.IGNORECASE)
"""Some links hold words instead, such as "See study outputs table"; the list of outputs keeps them."""
_NONE = re.compile(r"n/?a|nil|none|no|not applicable|not available", re.IGNORECASE)


def make_outputs(study: Struct, own: Struct) -> None:
    """References, links, hasResults and the day of their posting, from `own`, the registry's section, and the notes."""
    said = first_note(study, "publications") or ""
    links = _links(study, own, said)
    if links:
        part(study, "protocolSection.referencesModule")["seeAlsoLinks"] = links
    put(study, "protocolSection.referencesModule.references", _references(said))
    _make_results(study, own)


def _links(study: Struct, own: Struct, said: str) -> list[Struct]:
    """The study's website, and outputs with an address of their own that stands in no line of the details."""
    website = look(study, "protocolSection.referencesModule.seeAlsoLinks") or []
    links = [{"label": "Study website", **one} for one in website]
    for output in own.get("outputs", ()):
        address = output.get("url")
        if address and _ADDRESS.match(address) and address not in said:
            links.append({"label": output.get("description") or output.get("outputType"), "url": address})
    return links


def _references(said: str) -> list[Struct]:
    """One for each line of the publication details; the registry writes them "2018 Protocol article in …"."""
    references = []
    for one in said.split("\n"):
        citation = one.strip()
        if not citation:
            continue
        pmid = _PUBMED.search(citation)
        reference = {"pmid": pmid["pmid"] if pmid else None, "citation": citation}
        if _RESULTS.match(citation):
            reference["type"] = "RESULT"
        references.append(reference)
    return references


def _make_results(study: Struct, own: Struct) -> None:
    """True where the registry itself has a summary of results; a record without one does not say that none exist.

    Articles and abstracts are publications elsewhere, and results for the public are no summary of what was measured.
    """
    basic = [one for one in own.get("outputs", ()) if _is_basic_results(one.get("outputType"))]
    report = own.get("basicReport") or ""
    if _NONE.fullmatch(report.rstrip(".")):
        report = ""
    if not basic and not report:
        return
    put(study, "hasResults", True)
    # Entries that the registry moved from older fields bear other days, some of them still to come (seen 2025).
    days = [_shown_from(one.get("dateUploaded")) for one in basic if not _is_moved(one)]
    days += [_added(*found) for found in _ADDED.findall(report)]
    known = [one for one in days if one is not None]
    put(study, "protocolSection.statusModule.resultsFirstPostDateStruct.date", min(known) if known else None)


def _is_basic_results(kind: Any) -> bool:
    return "".join((kind or "").split()).lower() == _BASIC_RESULTS


def _is_moved(output: Struct) -> bool:
    return (output.get("productionNotes") or "").lower().startswith("migrated")


def _shown_from(value: Any) -> str | None:
    """The day on which the registry added an output; None for what is no day, which the output keeps."""
    try:
        return day(value) if value else None
    except Unreadable:
        return None


def _added(of_month: str, month: str, year: str) -> str | None:
    """ "01", "09", "2026" → "2026-09-01"; None for what is no day."""
    try:
        return date.fromisoformat(f"{year}-{month}-{of_month}").isoformat()
    except ValueError:
        return None
