"""The rows of a study in all tables → one tree, with AACT's own names.

Belongs here: joining rows by AACT's ids, putting rows of several kinds in one table apart, leaving out what AACT says
twice. Does not: the results tables (results.py), the study shape (mappings/aact_flat.yaml).

AACT numbers rows as it loads them, in the order in which the registry lists them: rows are taken by `id`. The numbers
change with each load and say nothing else, so they and the times of loading do not reach the tree. A row whose parent
is not there stays in a list of its own at the top, and is kept as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipelines.readers.aact_flat.tables import KEY, STUDIES

Row = dict[str, str]
Tables = dict[str, list[Row]]
Tree = dict[str, Any]

ROW_KEYS = frozenset({"id", KEY, "result_group_id", "created_at", "updated_at"})
_NESTED = {
    "interventions": (("intervention_other_names", "intervention_id"),),
    "facilities": (("facility_contacts", "facility_id"), ("facility_investigators", "facility_id")),
    "study_references": (("retractions", "reference_id"),),
}
_KINDS = {
    "design_outcomes": ("outcome_type", "other_kind"),
    "sponsors": ("lead_or_collaborator", "other_kind"),
    "browse_conditions": ("mesh_type", "mesh-list"),
    "browse_interventions": ("mesh_type", "mesh-list"),
}
"""Tables whose rows are of several kinds: the column that says which, and the kind where it says nothing."""
_SAID_TWICE = {
    "conditions": ("downcase_name",),
    "keywords": ("downcase_name",),
    "browse_conditions": ("downcase_mesh_term",),
    "browse_interventions": ("downcase_mesh_term",),
}


def protocol_tree(tables: Tables) -> Tree:
    """Everything but results. `tables` holds the rows of one study by table, empty fields left out, and is used up."""
    tree: Tree = {STUDIES: _studies(tables)}
    tree["countries"] = _countries(tables)
    tree["id_information"] = _ids(tables.pop("id_information", []))
    _design(tables, tree)
    for name, children in _NESTED.items():
        parents = tree.get(name) or by_number(tables.pop(name, []))
        for child, link in children:
            tree[child] = attach(parents, by_number(tables.pop(child, [])), child, link)
        tree[name] = parents
    for name, (column, default) in _KINDS.items():
        tree[name] = _by_kind(by_number(tables.pop(name, [])), column, default)
    tree["responsible_parties"] = [_party(row) for row in by_number(tables.pop("responsible_parties", []))]
    for name in list(tables):
        tree[name] = by_number(tables.pop(name))
    for name in _SAID_TWICE:
        _drop_repeats(tree, name)
    nct_id = tree[STUDIES][KEY]
    found: Tree = {name: inner for name, inner in stripped(tree).items() if inner}
    found[STUDIES][KEY] = nct_id
    return found


def by_number(rows: list[Row]) -> list[Row]:
    """Rows in the order of AACT's numbers, or as they lie in the file where they have none."""
    if all(row.get("id", "").isdecimal() for row in rows):
        return sorted(rows, key=lambda row: int(row["id"]))
    return rows


def attach(parents: Iterable[Tree], rows: list[Row], name: str, link: str) -> list[Row]:
    """Put rows under the parents that they name in the column `link`; those whose parent is not there come back."""
    holders = {parent["id"]: parent for parent in parents if "id" in parent}
    lost = []
    for row in rows:
        holder = holders.get(row.get(link, ""))
        if holder is None:
            lost.append(row)
        else:
            holder.setdefault(name, []).append({key: value for key, value in row.items() if key != link})
    return lost


def stripped(value: Any) -> Any:
    """A tree without AACT's numbers and times of loading."""
    if isinstance(value, dict):
        return {name: stripped(inner) for name, inner in value.items() if name not in ROW_KEYS}
    if isinstance(value, list):
        return [stripped(inner) for inner in value]
    return value


def _studies(tables: Tables) -> Row:
    (row,) = tables.pop(STUDIES)
    kept = dict(row)
    if kept.get("last_update_submitted_qc_date") == kept.get("last_update_submitted_date"):
        kept.pop("last_update_submitted_qc_date", None)
    groups = str(len(tables.get("design_groups", [])))
    for name in ("number_of_arms", "number_of_groups"):
        if kept.get(name) == groups:
            kept.pop(name)
    return kept


def _countries(tables: Tables) -> list[Row]:
    """Countries that were removed, and those that no site is in: the others say again what the sites say."""
    sites = {row.get("country") for row in tables.get("facilities", [])}
    rows = by_number(tables.pop("countries", []))
    found: list[Row] = []
    for row in rows:
        if row.get("removed", "").lower() in ("t", "true"):
            found.append({"removed_country": row.get("name", "")})
        elif row.get("name") not in sites:
            found.append({"name": row.get("name", "")})
    return found


def _ids(rows: list[Row]) -> Tree:
    """Ids by what they are; until 2022 `id_type` said so, since then `id_source`."""
    found: Tree = {}
    for row in by_number(rows):
        kind = row.pop("id_source", None) or row.pop("id_type", "other_kind")
        found.setdefault(kind, []).append(row)
    return found


def _design(tables: Tables, tree: Tree) -> None:
    """Interventions with the titles of the groups that get them."""
    interventions = by_number(tables.pop("interventions", []))
    titles = {row.get("id"): row.get("title", "") for row in tables.get("design_groups", [])}
    pairs, lost = [], []
    for row in by_number(tables.pop("design_group_interventions", [])):
        title = titles.get(row.get("design_group_id"))
        if title:
            pairs.append({"intervention_id": row.get("intervention_id", ""), "design_group_title": title})
        else:
            lost.append(row)
    tree["interventions"] = interventions
    tree["design_group_interventions"] = lost + attach(
        interventions, pairs, "design_group_interventions", "intervention_id"
    )


def _by_kind(rows: list[Row], column: str, default: str) -> Tree:
    found: Tree = {}
    for row in rows:
        found.setdefault(row.get(column, default).lower(), []).append(
            {name: value for name, value in row.items() if name != column}
        )
    return found


def _party(row: Row) -> Row:
    """Before 2012 a record named a person with title in one text; AACT had it under `name` until 2024."""
    if "responsible_party_type" not in row and "organization" in row and "name" in row:
        return {"old_name_title" if name == "name" else name: value for name, value in row.items()}
    return row


def _drop_repeats(tree: Tree, name: str) -> None:
    lists = tree[name].values() if isinstance(tree.get(name), dict) else [tree.get(name, [])]
    for rows in lists:
        for row in rows:
            for column in _SAID_TWICE[name]:
                row.pop(column, None)
