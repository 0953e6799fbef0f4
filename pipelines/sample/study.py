"""One whole synthetic study in the ClinicalTrials.gov v2 structure.

Belongs here: putting the sections together in the registry's order. Does not belong here: their content,
defects, files.
"""

from __future__ import annotations

import orjson

from pipelines.sample import derived, design, participants, protocol, results
from pipelines.sample.draft import DEFAULT_SNAPSHOT, Json, start_draft


def build_study(seed: int, index: int, snapshot: str = DEFAULT_SNAPSHOT, variant: int = 0) -> Json:
    """Study number `index`, sharing parts with other studies: to be written out, never to be changed."""
    draft = start_draft(seed, index, snapshot, variant)
    design_module, arms_module = design.design_sections(draft)
    sections: Json = {
        "identificationModule": protocol.identification(draft),
        "statusModule": protocol.status(draft),
        "sponsorCollaboratorsModule": protocol.sponsors(draft),
        "oversightModule": protocol.oversight(draft),
        "descriptionModule": protocol.description(draft),
        "conditionsModule": protocol.conditions(draft),
        "designModule": design_module,
        "armsInterventionsModule": arms_module,
        "outcomesModule": participants.outcomes(draft),
        "eligibilityModule": participants.eligibility(draft),
        "contactsLocationsModule": participants.contacts_locations(draft),
        "referencesModule": participants.references(draft),
        "ipdSharingStatementModule": participants.data_sharing(draft),
    }
    # The registry leaves empty modules out.
    study: Json = {"protocolSection": {name: module for name, module in sections.items() if module}}
    if draft.has_results:
        study["resultsSection"] = results.results_section(draft)
    annotation = derived.annotation_section(draft)
    if annotation:
        study["annotationSection"] = annotation
    documents = derived.documents(draft)
    if documents:
        study["documentSection"] = documents
    study["derivedSection"] = derived.derived(draft)
    study["hasResults"] = draft.has_results
    return study


def make_study(seed: int, index: int, snapshot: str = DEFAULT_SNAPSHOT) -> Json:
    """A clean synthetic study in the ClinicalTrials.gov API v2 structure, free to be changed by the caller.

    The same arguments give the same study in every process. `index` counts from 0; `snapshot`
    (``yyyy-MM-dd``) is the day on which the imagined registry was downloaded. The study breaks no
    single-record rule on that day nor in the year after it, but for the yearly verification of open
    studies, which holds for half a year. Raises ValueError for a negative index or seed, or a snapshot that
    is no date.
    """
    if seed < 0 or index < 0:
        raise ValueError(f"seed and index must not be negative, got seed {seed}, index {index}")
    return orjson.loads(orjson.dumps(build_study(seed, index, snapshot)))  # type: ignore[no-any-return]
