"""WHO ICTRP's XML export of synthetic studies, as records of several registries.

Belongs here: the file. Does not: its fields (ictrp_fields.py), what comes back (ictrp_carried.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from pipelines.sample.render.ictrp_carried import carried
from pipelines.sample.render.ictrp_fields import fields_of
from pipelines.sample.render.ictrp_parts import Json

_ENTITIES = {"\r": "&#x0D;", "\t": "&#x9;"}


def render_file(studies: Sequence[Json]) -> bytes:
    """The export: each text ends with a line end before its closing tag, as the portal writes it."""
    trials = "".join(f"\n\n    \n  <Trial>{_trial(study)}\n    \n  </Trial>" for study in studies)
    root = "Trials_downloaded_from_ICTRP"
    text = f"<?xml version='1.0' encoding='UTF-8' ?>\n<{root}>{trials}\n</{root}>\n"
    return text.encode()


def _trial(study: Json) -> str:
    lines = [f"<{name}>{escape(text, _ENTITIES)}\n    </{name}>" for name, text in fields_of(study).items()]
    return "\n    ".join([*lines, "<results_url_link/>" if "results_url_link" not in fields_of(study) else ""]).rstrip()


__all__ = ["carried", "render_file"]
