"""Synthetic studies as a page of the classic API's full studies, JSON.

Belongs here: the answer around the studies. Does not: the studies (ctgov_classic.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from pipelines.sample.render.ctgov_classic import carried, tree

Json = dict[str, Any]


def render_file(studies: Sequence[Json]) -> bytes:
    """One answer with all of these studies, indented as the API did."""
    count = len(studies)
    answer = {
        "APIVrs": "1.01.05",
        "DataVrs": "2023:06:30 22:14:07.013",
        "Expression": 'a "synthetic" search',
        "NStudiesAvail": 460_000 + count,
        "NStudiesFound": count,
        "MinRank": 1,
        "MaxRank": count,
        "NStudiesReturned": count,
        "FullStudies": [{"Rank": rank, "Study": tree(study)} for rank, study in enumerate(studies, start=1)],
    }
    return orjson.dumps({"FullStudiesResponse": answer}, option=orjson.OPT_INDENT_2)


__all__ = ["carried", "render_file"]
