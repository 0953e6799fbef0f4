"""A synthetic study as ClinicalTrials.gov's public legacy XML, one study a file.

Belongs here: the file. Does not: its parts (ctgov_xml_protocol.py, ctgov_xml_results.py), what comes back
(ctgov_xml_carried.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.sample.render.ctgov_xml_carried import carried
from pipelines.sample.render.ctgov_xml_protocol import protocol_elements
from pipelines.sample.render.ctgov_xml_results import results_elements
from pipelines.sample.render.ctgov_xml_text import written

Json = dict[str, Any]
_SCHEMA = "This xml conforms to an XML Schema at:\n    https://clinicaltrials.gov/ct2/html/images/info/public.xsd"
_NO_RESULTS = "Results have not yet been posted for this study"


def render_file(studies: Sequence[Json]) -> bytes:
    """The file of one study. Raises ValueError for more or none: the registry never put two into one."""
    if len(studies) != 1:
        raise ValueError(f"a file of ctgov_xml holds one study, not {len(studies)}")
    return document(studies[0]).encode()


def document(study: Json) -> str:
    """The XML document of a study."""
    body = written([*protocol_elements(study), *results_elements(study)], 1)
    if "resultsSection" not in study:
        body += f"  <!-- {_NO_RESULTS:<88} -->\n"
    rank = int(study["protocolSection"]["identificationModule"]["nctId"][-4:]) + 1
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<clinical_study rank="{rank}">\n  <!-- {_SCHEMA} -->\n{body}'
        "</clinical_study>\n"
    )


__all__ = ["carried", "document", "render_file"]
