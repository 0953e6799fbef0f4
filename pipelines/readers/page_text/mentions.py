"""Registry ids that a page's prose mentions.

Belongs here: finding them, and in which field. Does not: the record's own id, the lists of other trials.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .fields import Page

_ID = re.compile(
    r"(?<![A-Za-z0-9])(?:(?P<NCT>NCT\d{8})(?!\d)|(?P<EUDRACT>(?:19|20)\d{2}-\d{6}-\d{2})(?![\d-])|(?P<ISRCTN>ISRCTN\d{8})(?!\d))"
)
_BETWEEN = re.compile(r"[\s,;/&]{0,4}(?:and|or)?[\s,;/&]{0,4}\Z")
_PROSE = (
    ("title", "page.title"),
    ("whyStopped", "protocolSection.statusModule.whyStopped"),
    ("briefSummary", "protocolSection.descriptionModule.briefSummary"),
    ("detailedDescription", "protocolSection.descriptionModule.detailedDescription"),
    ("armGroups", "protocolSection.armsInterventionsModule.armGroups"),
    ("interventions", "protocolSection.armsInterventionsModule.interventions"),
    ("eligibilityCriteria", "protocolSection.eligibilityModule.eligibilityCriteria"),
    ("references", "protocolSection.referencesModule.references"),
    ("seeAlsoLinks", "protocolSection.referencesModule.seeAlsoLinks"),
)


def find_ids(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(id, registry, start, end) of every NCT, EudraCT and ISRCTN number in a text."""
    if not any(mark in text for mark in ("NCT", "ISRCTN", "-")):
        return
    for match in _ID.finditer(text):
        yield match.group(), match.lastgroup or "", match.start(), match.end()


def read_mentions(page: Page) -> list[dict[str, Any]]:
    """Note the ids in prose (the record's own left out) and give them as `{"id", "registry", "where"}`."""
    own = page.get("protocolSection.identificationModule.nctId").value
    found: list[dict[str, Any]] = []
    verbatim: list[str] = []
    places: list[int] = []
    for where, field in _PROSE:
        lines = page.get(field).lines
        if lines is None:
            continue
        for line in page.lines:
            if not lines[0] <= line.no <= lines[1]:
                continue
            ids = [(i, registry, a, b) for i, registry, a, b in find_ids(line.text) if i != own]
            if not ids:
                continue
            places.append(line.no)
            verbatim += _runs(line.text, [(start, end) for _, _, start, end in ids])
            for number, registry, _, _ in ids:
                entry = {"id": number, "registry": registry, "where": where}
                if entry not in found:
                    found.append(entry)
    page.set(
        "mentions.registryIds",
        "derived",
        found,
        list(dict.fromkeys(verbatim)) or None,
        (min(places), max(places)) if places else None,
    )
    return found


def _runs(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """Ids that stand in one enumeration are shown as they stand, together."""
    runs: list[tuple[int, int]] = []
    for start, end in spans:
        if runs and _BETWEEN.match(text[runs[-1][1] : start][:20]) and start - runs[-1][1] < 12:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return [text[start:end] for start, end in runs]
