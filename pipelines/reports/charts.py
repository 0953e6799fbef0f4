"""Charts: rows and a Vega-Lite specification → a still picture in the page's own colours.

Belongs here: the theme, data for Vega-Lite, drawing at two widths. Does not: what a chart shows (pages/*.yaml),
cleaning the picture (svg.py).

Drawn when the report is written, by vl-convert (Vega and Vega-Lite in a library, no browser, no network): a page then
needs no chart library (0.9 MB), no `eval` in its content security policy, and prints as it looks. Colours are CSS
variables, so one picture serves light and dark. 1.1 s for a process's first picture, 0.05 s for each after (2026-11).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from pipelines.reports.cells import NUMERIC_KINDS, cell
from pipelines.reports.characters import showable
from pipelines.reports.query import Rows
from pipelines.reports.svg import clean_svg

WIDE, HALF, NARROW = 1120, 560, 330
"""Pixels of a picture: across the page, on half of it, and on a telephone, where scaled words could not be read."""

MEASURED = 13.5
"""Text is laid out at this size and shown at 12 (report.css): the reader's font may be wider than the one measured."""

VEGA_LITE = "6.4"
_PALETTE = [f"var(--c{number})" for number in range(1, 9)]
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_LOCK = threading.Lock()


THEME: dict[str, Any] = {
    "background": None,
    "font": _FONT,
    "view": {"stroke": None},
    "range": {"category": _PALETTE},
    "axis": {
        "labelColor": "var(--muted)",
        "titleColor": "var(--muted)",
        "titleFontWeight": "normal",
        "labelFontSize": MEASURED,
        "titleFontSize": MEASURED,
        "gridColor": "var(--grid)",
        "domainColor": "var(--line-strong)",
        "tickColor": "var(--line-strong)",
        "tickSize": 4,
        "labelPadding": 6,
        "titlePadding": 10,
        "labelOverlap": True,
    },
    "axisY": {"domain": False, "ticks": False},
    "axisBand": {"grid": False},
    # as in the tables: 21:30, not 09:30 beside "10 PM", and no month without its year
    "axisTemporal": {
        "format": {
            "year": "%Y",
            "quarter": "%Y-%m",
            "month": "%Y-%m",
            "week": "%m-%d",
            "date": "%m-%d",
            "hours": "%H:%M",
            "minutes": "%H:%M",
            "seconds": "%H:%M:%S",
        }
    },
    "legend": {
        "labelColor": "var(--muted)",
        "titleColor": "var(--muted)",
        "titleFontWeight": "normal",
        "labelFontSize": MEASURED,
        "titleFontSize": MEASURED,
        "symbolType": "square",
        "symbolSize": 110,
        "orient": "top",
        "direction": "horizontal",
        "offset": 12,
        "columnPadding": 20,
        "labelLimit": 260,
    },
    "mark": {"color": "var(--c1)"},
    "bar": {"cornerRadiusEnd": 2},
    "line": {"strokeWidth": 2.5, "point": {"size": 60, "filled": True}},
    "rule": {"color": "var(--line-strong)"},
    "text": {"color": "var(--ink)", "fontSize": MEASURED},
}


def draw(spec: Mapping[str, Any], rows: Rows, anchor: str, width: int = WIDE) -> dict[str, str]:
    """The picture at this width and for a telephone: `wide` and `narrow`. `anchor` goes before its ids, so that two
    pictures can share a page. Raises ValueError where Vega-Lite refuses the specification.
    """
    widths = {"wide": width, "narrow": NARROW}
    return {name: clean_svg(_convert(complete(spec, rows, px)), f"{anchor}-{name}") for name, px in widths.items()}


def complete(spec: Mapping[str, Any], rows: Rows, width: int) -> dict[str, Any]:
    """The whole Vega-Lite specification for a picture of this width; `narrow` in it is merged over for telephones."""
    made = deepcopy(dict(spec))
    narrow = made.pop("narrow", {})
    if width == NARROW:
        made = _merged(made, narrow)
    data = chart_data(rows)
    room = {"axisY": {"labelLimit": _axis_room(width)}, "legend": {"columns": _legend_columns(made, width, data)}}
    config = _merged(THEME, room)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": width,
        "autosize": {"type": "fit-x", "contains": "padding"},
        **made,
        "data": {"values": data},
        "config": _merged(config, made.pop("config", {})),
    }


def _legend_columns(spec: Mapping[str, Any], width: int, data: Sequence[Mapping[str, Any]]) -> int:
    """How many entries of the legend stand in a line; 0 for all of them.

    A chart's room for the legend begins where the names on its axis end.
    """
    if width == NARROW:
        return 1
    encoding = spec.get("encoding", {})
    named = encoding.get("color", {}).get("scale", {}).get("domain", ())
    pixels = sum(_pixels(entry) + 45 for entry in named)
    axis = encoding.get("y", {})
    names = [_pixels(row.get(axis["field"])) for row in data] if axis.get("type") == "nominal" else []
    if pixels <= width - min(max(names, default=60), _axis_room(width)) - 20:
        return 0
    return 2 if width < WIDE else -(-len(named) // 2)


def _pixels(text: Any) -> float:
    return len(str(text)) * MEASURED * 0.55


def _axis_room(width: int) -> float:
    """The names before bars are cut off there."""
    return min(width * 0.42, 300)


def chart_data(rows: Rows) -> list[dict[str, Any]]:
    """The rows as a chart takes them: numbers as they are, days as text, code words as people read them."""
    return [
        {
            name: _value(value, rows.query.columns[name].kind if name in rows.query.columns else "text")
            for name, value in row.items()
        }
        for row in rows.dicts()
    ]


def _value(value: Any, kind: str) -> Any:
    if value is None and kind != "truth":
        return None if kind in (*NUMERIC_KINDS, "date", "moment") else "Not stated"
    if isinstance(value, bool) or not isinstance(value, int | float):
        made = cell(value, kind)
        return float(made.sort) if made.is_number else showable(made.text)
    return value


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(under)
    for key, value in over.items():
        former = both.get(key)
        both[key] = _merged(former, value) if isinstance(former, Mapping) and isinstance(value, Mapping) else value
    return both


def _convert(spec: Mapping[str, Any]) -> str:
    """One picture at a time: the library keeps one JavaScript engine for the process."""
    import vl_convert  # 84 MB of library, only where a chart is drawn

    with _LOCK:
        return vl_convert.vegalite_to_svg(json.dumps(spec), vl_version=VEGA_LITE, allowed_base_urls=[])


def described(rows: Rows, shown: Sequence[str], most: int = 6) -> str:
    """The chart in one sentence: its first rows, in the words of the cells."""
    parts = []
    for row in list(rows.dicts())[:most]:
        words = [cell(row[name], rows.query.columns[name].kind).text for name in shown if name in row]
        parts.append(" ".join(words))
    more = len(rows.rows) - len(parts)
    return "; ".join(parts) + (f"; and {more} more" if more > 0 else "") + "."
