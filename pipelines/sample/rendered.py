"""Sample files in the formats of other registries and of other exports: the same studies, rendered.

Belongs here: which rendering writes which format, and how many studies go into one of its files. Does not: rendering
itself (render/), the JSON formats and page text (sinks.py).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import orjson

from pipelines.sample.records import Record
from pipelines.sample.sinks import Place, WrittenFile, finished

STUDIES_PER_FILE: Final = 1_000
"""Rendered in memory at once; an export of one file that people get is seldom larger (2026-11)."""


class Rendering(NamedTuple):
    """A format: its module in render/, the ending of its files, and whether a file holds one study only.

    Formats of one study to a file are written as the bulk zip of such files.
    """

    module: str
    ending: str
    one_to_a_file: bool = False


RENDERINGS: Final[dict[str, Rendering]] = {
    "ctgov_classic_json": Rendering("ctgov_classic_json", "json"),
    "ctgov_classic_xml": Rendering("ctgov_classic_xml", "xml"),
    "ctgov_xml": Rendering("ctgov_xml", "xml", one_to_a_file=True),
    "ctgov_csv": Rendering("ctgov_csv", "csv"),
    "ctgov_csv_classic": Rendering("ctgov_csv_classic", "csv"),
    "aact_flat": Rendering("aact_flat", "zip"),
    "ictrp_csv": Rendering("ictrp_csv", "csv"),
    "ictrp_xml": Rendering("ictrp_xml", "xml"),
    "euctr_text": Rendering("euctr_text", "txt"),
    "ctis_json": Rendering("ctis_json", "json"),
    "isrctn_xml": Rendering("isrctn_xml", "xml"),
    "isrctn_json": Rendering("isrctn_json", "json", one_to_a_file=True),
    "drks_json": Rendering("drks_json", "json"),
    "chictr_xml": Rendering("chictr_xml", "xml"),
}


def render_file(format_name: str, studies: Sequence[dict[str, Any]]) -> bytes:
    """A file of the format with these studies, as its registry would give it.

    Studies are in the structure of API v2 and not changed. Raises KeyError for a format without a rendering.
    """
    rendering = RENDERINGS[format_name]
    module = import_module(f"pipelines.sample.render.{rendering.module}")
    render = cast(Callable[[Sequence[dict[str, Any]]], bytes], module.render_file)
    if not rendering.one_to_a_file:
        return render(studies)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for study in studies:
            nct_id = study["protocolSection"]["identificationModule"]["nctId"]
            name = f"{nct_id[:7]}xxxx/{nct_id}.{rendering.ending}"
            archive.writestr(zipfile.ZipInfo(name), render([study]), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


class RenderedSink:
    """Studies in files of one format, STUDIES_PER_FILE to a file."""

    may_cut = False

    def __init__(self, root: Path, format_name: str) -> None:
        self._root, self._format = root, format_name
        self._studies: list[dict[str, Any]] = []
        self.files: list[WrittenFile] = []

    def add(self, record: Record) -> Place:
        """Keep the study for the file that is being filled."""
        if not self._studies:
            ending = "zip" if RENDERINGS[self._format].one_to_a_file else RENDERINGS[self._format].ending
            name = f"{self._format}/{self._format}-{len(self.files) + 1:04d}.{ending}"
            self.files.append(WrittenFile(name, self._format))
        self._studies.append(orjson.loads(record.content))
        self.files[-1].count(record.fate)
        place = Place(self.files[-1].path, None, len(self._studies))
        if len(self._studies) == STUDIES_PER_FILE:
            self._flush()
        return place

    def _flush(self) -> None:
        with finished(self._root / self.files[-1].path) as part:
            part.write_bytes(render_file(self._format, self._studies))
        self._studies = []

    def close(self) -> None:
        """Write what is left."""
        if self._studies:
            self._flush()
