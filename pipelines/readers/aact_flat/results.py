"""The rows of the results tables of a study → trees of groups, measures, classes, categories, events.

Belongs here: undoing AACT's flattening, in which each measured value of each group is a row that says its outcome,
class and category again. Does not: what the columns are called in the study shape (mappings/aact_flat.yaml).

Rows of one class, category, period or event follow each other. Where nothing but the group's code tells two of the same
title apart, a code that comes again begins the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pipelines.readers.aact_flat.tree import OTHER_KIND, Row, Tables, Tree, attach, by_kind, without_numbers

CODE = "ctgov_group_code"
_OUTCOME_COLUMNS = ("title", "description", "units", "param_type", "dispersion_type")
_MEASURE_COLUMNS = (*_OUTCOME_COLUMNS, "population_description", "calculate_percentage")
_EVENT_COLUMNS = ("adverse_event_term", "organ_system", "vocab", "assessment")
_EVENT_MODULE_COLUMNS = ("time_frame", "frequency_threshold", "description")
_EVENT_KINDS = ("serious", "other")
_TOTALS = ("deaths", *_EVENT_KINDS)
_GROUP_TYPES = ("baseline", "participant flow", "reported event", "outcome")


def results_tree(tables: Tables) -> Tree:
    """The results of a study; its tables are taken out of `tables`. Empty where there are none."""
    groups = tables.pop("result_groups", [])
    codes = {row["id"]: row[CODE] for row in groups if "id" in row and CODE in row}
    taken = {name: tables.pop(name, []) for name in _TABLES}
    if not groups and not any(taken.values()):
        return {}
    for name, rows in taken.items():
        if any("result_group_id" in row for row in rows):
            _name_groups(rows, codes, keep=name in _OF_OUTCOMES)
    tree: Tree = {
        "baseline_counts": _denominators(taken["baseline_counts"]),
        "baseline_measurements": _measures(taken["baseline_measurements"], taken["baseline_counts"]),
        "periods": _periods(taken["milestones"], taken["drop_withdrawals"]),
        "reported_events": _events(taken["reported_events"]),
    }
    tree["outcomes"] = _outcomes(taken, groups, tree)
    of_type = by_kind([row for row in groups if "used" not in row], "result_type", _GROUP_TYPES)
    totals = _add_totals(of_type, taken["reported_event_totals"])
    tree["result_groups"] = of_type
    tree["reported_event_totals"] = totals
    without_numbers(groups)
    return {name: value for name, value in tree.items() if value}


_TABLES = (
    "baseline_counts",
    "baseline_measurements",
    "milestones",
    "drop_withdrawals",
    "reported_events",
    "reported_event_totals",
    "outcomes",
    "outcome_counts",
    "outcome_measurements",
    "outcome_analyses",
    "outcome_analysis_groups",
)


_OF_OUTCOMES = ("outcome_counts", "outcome_measurements")


def _name_groups(rows: list[Row], codes: dict[str, str], *, keep: bool) -> None:
    """Give rows the code of their group where they only have its number; `keep`: the number is needed further on."""
    for row in rows:
        number = row.get("result_group_id", "") if keep else row.pop("result_group_id", "")
        code = codes.get(number)
        if code is not None:
            row.setdefault(CODE, code)


def _picked(row: Row, columns: Iterable[str]) -> Row:
    return {name: row[name] for name in columns if name in row}


def _runs(rows: Iterable[Row], key: Callable[[Row], Any]) -> list[list[Row]]:
    """Rows in runs of the same key, each group's code at most once in a run."""
    found: list[list[Row]] = []
    last: Any = None
    codes: set[str | None] = set()
    for row in rows:
        own, code = key(row), row.get(CODE)
        if not found or own != last or code in codes:
            found.append([])
            last, codes = own, set()
        found[-1].append(row)
        codes.add(code)
    return found


def _denominators(rows: list[Row]) -> list[Tree]:
    """One item for each unit, with the count of each group."""
    found: dict[str, Tree] = {}
    for row in rows:
        units = row.get("units", "")
        item = found.setdefault(units, {"units": units, "counts": []})
        item["counts"].append(_picked(row, (CODE, "count")))
    return list(found.values())


def _plain(number: str) -> str:
    """A number as people write it: AACT's own numbers have `.0` behind whole ones."""
    return number.removesuffix(".0")


def _exact(row: Row, name: str, raw: str) -> None:
    """Prefer the text that the registry has to the number that AACT made of it."""
    text, made = row.pop(raw, None), row.pop(name, None)
    if text is not None or made is not None:
        row[name] = text if text is not None else _plain(made or "")


def _value(row: Row, repeated: Row) -> Row:
    """A measured value without what its outcome or measure says already, and without the numbers made of its texts."""
    found = {name: value for name, value in row.items() if repeated.get(name) != value}
    for name in ("param_value", "dispersion_value"):
        number = found.pop(f"{name}_num", None)
        if number is not None:
            found.setdefault(name, _plain(number))
    for name in ("dispersion_lower_limit", "dispersion_upper_limit"):
        _exact(found, name, f"{name}_raw")
    for name in ("classification", "category", "result_group_id"):
        found.pop(name, None)
    return found


def _classes(rows: list[Row], repeated: Row) -> list[Tree]:
    """Classes with categories with values, from the rows of one outcome or measure."""
    found: list[Tree] = []
    last: tuple[str | None, str | None] | None = None
    for run in _runs(rows, lambda row: (row.get("classification"), row.get("category"))):
        own = (run[0].get("classification"), run[0].get("category"))
        new_class = last is None or own[0] != last[0] or (own == last and own[1] is None)
        if new_class:
            found.append({**_picked(run[0], ("classification",)), "categories": []})
        category = {**_picked(run[0], ("category",)), "measurements": [_value(row, repeated) for row in run]}
        found[-1]["categories"].append(category)
        last = own
    return found


def _measures(rows: list[Row], counts: list[Row]) -> list[Tree]:
    """Baseline measures. How many were analysed is dropped where it is the group's count, which AACT fills in."""
    size = {row.get(CODE): row.get("count") for row in counts}
    found: list[Tree] = []
    values: set[tuple[str | None, ...]] = set()
    for row in rows:
        head = _picked(row, _MEASURE_COLUMNS)
        if row.get("number_analyzed") == size.get(row.get(CODE)):
            row.pop("number_analyzed", None)
        if "number_analyzed" not in row:
            row.pop("number_analyzed_units", None)
        value = (row.get("classification"), row.get("category"), row.get(CODE))
        if not found or found[-1]["head"] != head or value in values:  # two measures may have one title
            found.append({"head": head, "rows": []})
            values = set()
        found[-1]["rows"].append(row)
        values.add(value)
    return [{**one["head"], "classes": _classes(one["rows"], one["head"])} for one in found]


def _periods(milestones: list[Row], drops: list[Row]) -> list[Tree]:
    """Periods of the participant flow, in the order in which they are first named."""
    found: dict[str, Tree] = {}
    for name, rows, title in (("milestones", milestones, "title"), ("drop_withdrawals", drops, "reason")):
        about = ("milestone_description",) if name == "milestones" else ("drop_withdraw_comment",)
        for run in _runs(rows, lambda row: (row.get("period"), row.get(title))):  # noqa: B023 - used up in its turn
            period = run[0].get("period", "")
            item = found.setdefault(period, {"period": period})
            said = {"period", title, *about}
            counts = [{key: value for key, value in row.items() if key not in said} for row in run]
            item.setdefault(name, []).append({**_picked(run[0], (title, *about)), "counts": counts})
    return list(found.values())


def _events(rows: list[Row]) -> Tree:
    """Adverse events by kind; what the whole module says comes from the first row, and stays in rows that differ."""
    if not rows:
        return {}
    tree: Tree = {**_picked(rows[0], _EVENT_MODULE_COLUMNS)}
    for row in rows:
        for name in ("vocab", "assessment"):
            default = row.pop(f"default_{name}", None)
            if default is not None:
                row.setdefault(name, default)
        for name in _EVENT_MODULE_COLUMNS:
            if row.get(name) == tree.get(name):
                row.pop(name, None)
    for run in _runs(rows, lambda row: (row.get("event_type"), *(row.get(name) for name in _EVENT_COLUMNS))):
        said = {"event_type", *_EVENT_COLUMNS}
        counts = [{key: value for key, value in row.items() if key not in said} for row in run]
        kind = run[0].get("event_type", "").lower()
        if kind not in _EVENT_KINDS:
            tree.setdefault(OTHER_KIND, []).extend(run)
            continue
        tree.setdefault(kind, []).append({**_picked(run[0], _EVENT_COLUMNS), "counts": counts})
    return tree


def _add_totals(of_type: Tree, rows: list[Row]) -> list[Row]:
    """Put the totals of adverse events to their groups; totals of groups that are not there come back."""
    holders = {row.get(CODE): row for row in of_type.get("reported event", [])}
    lost = []
    for row in rows:
        holder, kind = holders.get(row.get(CODE)), row.get("event_type", "").lower()
        if holder is None or kind not in _TOTALS or kind in holder:
            lost.append(row)
        else:
            holder[kind] = _picked(row, ("subjects_affected", "subjects_at_risk"))
    return lost


def _outcomes(taken: Tables, groups: list[Row], tree: Tree) -> list[Tree]:
    """Outcomes with their groups, counts, values and analyses. Rows of outcomes that are not there go to the tree."""
    outcomes: list[Tree] = [dict(row) for row in taken["outcomes"]]
    analyses: list[Tree] = [dict(row) for row in taken["outcome_analyses"]]
    tree["outcome_analysis_groups"] = attach(
        analyses, taken["outcome_analysis_groups"], "outcome_analysis_groups", "outcome_analysis_id"
    )
    without_numbers(analyses)
    for row in analyses:
        _analysis(row)
    for name, rows in (
        ("outcome_counts", taken["outcome_counts"]),
        ("outcome_measurements", taken["outcome_measurements"]),
        ("outcome_analyses", analyses),
    ):
        tree[name] = attach(outcomes, rows, name, "outcome_id")
    _attach_groups(outcomes, groups)
    for outcome in outcomes:
        if "outcome_measurements" in outcome:
            outcome["outcome_measurements"] = _classes(
                outcome["outcome_measurements"], _picked(outcome, _OUTCOME_COLUMNS)
            )
        if "outcome_counts" in outcome:
            outcome["outcome_counts"] = _denominators(outcome["outcome_counts"])
    without_numbers(outcomes)
    return outcomes


def _attach_groups(outcomes: list[Tree], groups: list[Row]) -> None:
    """Groups of outcomes say since 2024 of which; before, the rows that count their people or values told."""
    holders = {outcome["id"]: outcome for outcome in outcomes if "id" in outcome}
    free: dict[str | None, Row] = {}
    for row in groups:
        if row.get("result_type", "").lower() != "outcome":
            continue
        outcome = holders.get(row.get("outcome_id", ""))
        if outcome is not None:
            _give(outcome, row)
        elif "outcome_id" not in row:
            free[row.get(CODE)] = free[row.get("id")] = row
    for outcome in outcomes if free else ():
        named = (*outcome.get("outcome_counts", ()), *outcome.get("outcome_measurements", ()))
        found = [free.get(row.get("result_group_id")) or free.get(row.get(CODE)) for row in named]
        for row in {id(row): row for row in found if row is not None}.values():
            _give(outcome, row)


def _give(outcome: Tree, group: Row) -> None:
    group["used"] = "t"
    outcome.setdefault("result_groups", []).append(_picked(group, (CODE, "title", "description")))


def _analysis(row: Tree) -> None:
    """The registry's texts for p-value and limits, where AACT has them beside its numbers."""
    raw = row.pop("p_value_raw", None)
    sign, number = row.pop("p_value_modifier", ""), row.pop("p_value", None)
    if raw is not None or number is not None:
        row["p_value"] = raw if raw is not None else f"{sign}{_plain(number)}"
    for name in ("ci_lower_limit", "ci_upper_limit"):
        _exact(row, name, f"{name}_raw")
    if "ci_percent" in row:
        row["ci_percent"] = _plain(row["ci_percent"])
