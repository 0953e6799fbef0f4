"""Documents, annotations and the registry's derived section of a synthetic study.

Belongs here: ``documentSection``, ``annotationSection``, ``derivedSection``. Does not belong here: what
sponsors enter.
"""

from __future__ import annotations

from functools import cache

from pipelines.sample import vocabulary_terms as terms
from pipelines.sample.calendar_dates import iso_day
from pipelines.sample.draft import Draft, Json


def documents(draft: Draft) -> Json:
    """``documentSection``: protocol and analysis plan,
    for most recent studies with results and a few others."""
    r = draft.r
    recent = draft.timeline.first_submit_day > 735_600  # documents came with the rule of 2017
    if not (draft.has_results and recent and r() < 0.85) and r() > 0.012:
        return {}
    start = draft.timeline.first_submit_day
    if r() < 0.4:
        return {
            "largeDocumentModule": {
                "largeDocs": [_document(draft, "Prot_SAP", "Study Protocol and Statistical Analysis Plan", start)]
            }
        }
    listed = [
        _document(draft, "Prot", "Study Protocol", start),
        _document(draft, "SAP", "Statistical Analysis Plan", start),
    ]
    if r() < 0.2:
        listed.append(_document(draft, "ICF", "Informed Consent Form", start))
    return {"largeDocumentModule": {"largeDocs": listed}}


def _document(draft: Draft, kind: str, label: str, day: int) -> Json:
    written = min(day + int(200 * draft.r()), draft.timeline.last_submit_day)
    return {
        "typeAbbrev": kind, "hasProtocol": "Prot" in kind, "hasSap": "SAP" in kind, "hasIcf": kind == "ICF",
        "label": label,
        "date": iso_day(written),
        "uploadDate": f"{iso_day(draft.timeline.last_submit_day)}T{8 + int(10 * draft.r()):02d}:15",
        "filename": f"{kind}_000.pdf", "size": 90_000 + int(4_000_000 * draft.r()),
    }  # fmt: skip


def annotation_section(draft: Draft) -> Json:
    """``annotationSection``: unposted submissions of results, on one ended study in a hundred."""
    t, r = draft.timeline, draft.r
    if draft.has_results or t.status != "COMPLETED" or r() > 0.015:
        return {}
    released = t.last_submit_day
    events: list[Json] = [{"type": "RELEASE", "date": iso_day(released)}]
    if r() < 0.6 and released + 40 < draft.snapshot_day:
        events.append({"type": "RESET", "date": iso_day(released + 30)})
    return {
        "annotationModule": {
            "unpostedAnnotation": {
                "unpostedResponsibleParty": f"{draft.investigator}, {draft.lead.name}",
                "unpostedEvents": events,
            }
        }
    }


@cache
def _condition_branch(position: int) -> tuple[Json, tuple[Json, ...]]:
    """(mesh, ancestors) objects of a condition, shared by all records."""
    _, term, mesh_id, group = terms.CONDITIONS[position]
    ancestors = tuple({"id": number, "term": name} for number, name in terms.CONDITION_GROUPS[group])
    return {"id": mesh_id, "term": term}, ancestors


_POSITION = {row[0]: number for number, row in enumerate(terms.CONDITIONS)}


def derived(draft: Draft) -> Json:
    """``derivedSection``: release stamp, submission tracking,
    MeSH terms of conditions and main intervention."""
    r = draft.r
    misc: Json = {"versionHolder": iso_day(draft.snapshot_day)}
    if r() < 0.02:
        misc["removedCountries"] = ["Slovakia"] if r() < 0.6 else ["Slovakia", "Croatia"]
    section: Json = {"miscInfoModule": misc}
    if r() < 0.83:
        meshes: dict[str, Json] = {}
        ancestors: dict[str, Json] = {}
        for condition in draft.conditions:
            mesh, above = _condition_branch(_POSITION[condition[0]])
            meshes[mesh["id"]] = mesh
            for ancestor in above:
                ancestors[ancestor["id"]] = ancestor
        section["conditionBrowseModule"] = {
            "meshes": list(meshes.values()),
            "ancestors": list(ancestors.values()),
        }
    heading, mesh_id = draft.mesh
    if mesh_id:
        section["interventionBrowseModule"] = {"meshes": [{"id": mesh_id, "term": heading}]}
    return section
