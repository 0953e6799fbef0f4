"""The short forms in which a page file asks for a usual chart → a Vega-Lite specification.

Belongs here: horizontal bars, vertical columns, the colours of a third column. Does not: theme and drawing (charts.py).
Any other chart is written out in the page file under `spec`.

    bars:    {y: column, x: column, colour: column, colours: {value: c1}}
    columns: {x: column, y: column, colour: column, colours: …}

`colours` beside a `spec` gives the column that its `color` names the colours of the values that are there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from itertools import cycle
from typing import Any

from pipelines.reports.query import Query

_SPARE = ("c6", "c7", "c4", "c5", "c3", "c8", "muted")
"""Colours for values that the page file does not foresee, as far as it does not use them itself."""

STATUS_COLOURS: Mapping[str, str] = {
    "Not yet recruiting": "c5",
    "Recruiting": "c4",
    "Enrolling by invitation": "c3",
    "Active, not recruiting": "c7",
    "Completed": "c1",
    "Stopped": "c2",
    "Terminated": "c2",
    "Suspended": "bad",
    "Withdrawn": "c6",
    "Unknown": "c8",
}
"""A status looks the same on every page: page files give these, and one that they do not foresee takes its own."""

_YEAR = re.compile(r"[0-9]{4}")
_MOST_YEARS = 120
"""Beyond it a slip of the pen (start in 2202) would leave no width to the columns: years then stand side by side."""

_COUNT_AXIS: Mapping[str, Any] = {"tickMinStep": 1, "tickCount": 5, "format": ",d"}


def spec_of(said: Mapping[str, Any], query: Query, data: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The specification of a chart block. Raises ValueError without a shape, KeyError for an unknown column.

    `data`: the rows as the chart gets them; a value that `colours` does not name is drawn in a colour of its own.
    """
    if "spec" in said:
        return _painted(dict(said["spec"]), said.get("colours", {}), data)
    if "bars" in said:
        return _horizontal_bars(_complete(said["bars"], data), query)
    if "columns" in said:
        return _vertical_columns(_complete(said["columns"], data), query, data)
    raise ValueError(f"the chart of {query.name} has neither bars nor columns nor spec")


def _complete(shape: Mapping[str, Any], data: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The shape with a colour for every value: what is not drawn would be a figure left out."""
    colours: Mapping[str, str] = shape.get("colours", {})
    if not colours:
        return shape
    found = {str(row.get(shape["colour"])) for row in data}
    statuses = {status: colour for status, colour in STATUS_COLOURS.items() if status in found}
    named = {**colours, **{status: colour for status, colour in statuses.items() if status not in colours}}
    spare = [colour for colour in _SPARE if colour not in named.values()] or _SPARE
    others = zip(sorted(found - set(named)), cycle(spare), strict=False)
    return {**shape, "colours": {**named, **dict(others)}}


def _painted(spec: dict[str, Any], colours: Mapping[str, str], data: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A whole specification with the colours of the values found, in the order of `colours`."""
    if not colours:
        return spec
    encoding = dict(spec["encoding"])
    found = {str(row.get(encoding["color"]["field"])) for row in data}
    named = _complete({"colour": encoding["color"]["field"], "colours": colours}, data)["colours"]
    shown = {value: colour for value, colour in named.items() if value in found}
    scale = {"domain": list(shown), "range": [f"var(--{colour})" for colour in shown.values()]}
    return {**spec, "encoding": {**encoding, "color": {**encoding["color"], "scale": scale, "sort": list(shown)}}}


def _horizontal_bars(shape: Mapping[str, Any], query: Query) -> dict[str, Any]:
    """One bar a row (or a value of y), long names in front: the order is the query's."""
    encoding: dict[str, Any] = {
        "y": {"field": shape["y"], "type": "nominal", "sort": None, "title": None},
        "x": {**_counted(shape["x"], query), "axis": dict(_COUNT_AXIS)},
        **_coloured(shape, query),
    }
    return {
        **_placed(shape),
        "height": {"step": 24},
        "mark": {"type": "bar", "height": {"band": 0.72}},
        "encoding": encoding,
    }


def _vertical_columns(shape: Mapping[str, Any], query: Query, data: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One column a value of x, in the query's order; years with nothing in them keep their place."""
    encoding: dict[str, Any] = {
        "x": {
            "field": shape["x"],
            "type": "ordinal",
            "sort": None,
            "title": query.columns[shape["x"]].label,
            "axis": {"labelAngle": 0},
            **_all_years({str(row.get(shape["x"])) for row in data}),
        },
        "y": {**_counted(shape["y"], query), "axis": {**_COUNT_AXIS, "tickCount": 4}},
        **_coloured(shape, query),
    }
    return {**_placed(shape), "height": 220, "mark": {"type": "bar", "cornerRadiusEnd": 0}, "encoding": encoding}


def _all_years(found: Collection[str]) -> dict[str, Any]:
    """A scale of every year from the first to the last, where all values are years and not too far apart."""
    if not found or not all(_YEAR.fullmatch(value) for value in found):
        return {}
    first, last = int(min(found)), int(max(found))
    if last - first > _MOST_YEARS:
        return {}
    return {"scale": {"domain": [f"{year:04}" for year in range(first, last + 1)]}}


def _counted(name: str, query: Query) -> dict[str, Any]:
    return {"field": name, "type": "quantitative", "title": query.columns[name].label}


def _coloured(shape: Mapping[str, Any], query: Query) -> dict[str, Any]:
    """The colour of a third column; `colours` fixes the values' order and colours, and stacks them so."""
    name = shape.get("colour")
    if name is None:
        return {}
    label = query.columns[name].label
    colours: Mapping[str, str] = shape.get("colours", {})
    coloured: dict[str, Any] = {"field": name, "type": "nominal", "title": label}
    if not colours:
        return {"color": coloured}
    values = list(colours)
    coloured["scale"] = {"domain": values, "range": [f"var(--{colours[value]})" for value in values]}
    coloured["sort"] = values
    return {"color": coloured, "order": {"field": "place_in_stack", "type": "quantitative"}}


def _placed(shape: Mapping[str, Any]) -> dict[str, Any]:
    """A number for each colour, by which Vega-Lite stacks."""
    if "colour" not in shape or "colours" not in shape:
        return {}
    calculate = f"indexof({json.dumps(list(shape['colours']))}, datum[{json.dumps(shape['colour'])}])"
    return {"transform": [{"calculate": calculate, "as": "place_in_stack"}]}
