"""The rows of a study in all tables → one tree, with AACT's own names.

Belongs here: joining rows by AACT's ids, putting rows of several kinds in one table apart, leaving out what AACT says
twice. Does not: the results tables (results.py), the study shape (mappings/aact_flat.yaml).

AACT numbers rows as it loads them, in the order in which the registry lists them, and rows come here in that order. The
numbers change with each load and say nothing else: they join rows and do not reach the tree. A row whose parent is not
there stays in a list of its own at the top, and is kept as it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from pipelines.readers.aact_flat.tables import STUDIES

Row = dict[str, str]
Tables = dict[str, list[Row]]
Tree = dict[str, Any]

_NESTED = {
    "interventions": (("intervention_other_names", "intervention_id"),),
    "facilities": (("facility_contacts", "facility_id"), ("facility_investigators", "facility_id")),
    "study_references": (("retractions", "reference_id"),),
}
OTHER_KIND = "other_kind"
"""Where rows stand whose kind is missing or unknown."""
_KINDS = {
    "design_outcomes": ("outcome_type", ("primary", "secondary", "other")),
    "sponsors": ("lead_or_collaborator", ("lead", "collaborator")),
    "browse_conditions": ("mesh_type", ("mesh-list", "mesh-ancestor")),
    "browse_interventions": ("mesh_type", ("mesh-list", "mesh-ancestor")),
    "id_information": ("id_source", ("org_study_id", "secondary_id", "nct_alias")),
}
"""Tables whose rows are of several kinds: the column that says which, and the kinds."""


def protocol_tree(tables: Tables) -> Tree:
    """Everything but results. `tables` holds the rows of one study by table, empty fields left out, and is used up."""
    tree: Tree = {STUDIES: _studies(tables)}
    tree["countries"] = _countries(tables)
    for row in tables.get("id_information", ()):
        if "id_source" not in row:  # until 2022 `id_type` said so
            row["id_source"] = row.pop("id_type", "")
    for name in ("browse_conditions", "browse_interventions"):
        for row in tables.get(name, ()):
            row.setdefault("mesh_type", "mesh-list")
    _design(tables, tree)
    for name, children in _NESTED.items():
        parents = tree.get(name) or tables.pop(name, [])
        for child, link in children:
            tree[child] = attach(parents, tables.pop(child, []), child, link)
        tree[name] = parents
    for name, (column, kinds) in _KINDS.items():
        tree[name] = by_kind(tables.pop(name, []), column, kinds)
    tree["responsible_parties"] = [_party(row) for row in tables.pop("responsible_parties", [])]
    for name in list(tables):
        tree[name] = tables.pop(name)
    for name in ("design_groups", *_NESTED):
        without_numbers(tree.get(name, ()))
    return {name: inner for name, inner in tree.items() if inner}


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


def without_numbers(rows: Iterable[Tree]) -> None:
    """Take AACT's numbers from rows that have been joined."""
    for row in rows:
        row.pop("id", None)


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
    found: list[Row] = []
    for row in tables.pop("countries", []):
        if row.get("removed", "").lower() in ("t", "true"):
            found.append({"removed_country": row.get("name", "")})
        elif row.get("name") not in sites:
            found.append({"name": row.get("name", "")})
    return found


def _design(tables: Tables, tree: Tree) -> None:
    """Interventions with the titles of the groups that get them."""
    interventions = tables.pop("interventions", [])
    titles = {row.get("id"): row.get("title", "") for row in tables.get("design_groups", [])}
    pairs, lost = [], []
    for row in tables.pop("design_group_interventions", []):
        title = titles.get(row.get("design_group_id"))
        if title:
            pairs.append({"intervention_id": row.get("intervention_id", ""), "design_group_title": title})
        else:
            lost.append(row)
    tree["interventions"] = interventions
    tree["design_group_interventions"] = lost + attach(
        interventions, pairs, "design_group_interventions", "intervention_id"
    )


def by_kind(rows: list[Row], column: str, kinds: Collection[str]) -> Tree:
    """Rows by what `column` says; those of no known kind together, with what it says."""
    found: Tree = {}
    for row in rows:
        kind = row.get(column, "").lower()
        if kind in kinds:
            del row[column]
        else:
            kind = OTHER_KIND
        found.setdefault(kind, []).append(row)
    return found


def _party(row: Row) -> Row:
    """Before 2012 a record named a person with title in one text; AACT had it under `name` until 2024."""
    if "responsible_party_type" not in row and "organization" in row and "name" in row:
        return {"old_name_title" if name == "name" else name: value for name, value in row.items()}
    return row
