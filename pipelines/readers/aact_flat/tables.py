"""Which tables AACT exports, and how a file is known to be one of them.

Belongs here: names of tables, their headings, what each says about a study. Does not: rows (rows.py), how rows of many
tables become one study (tree.py).

A table's name is the name of its file: `conditions.txt` and `keywords.txt` have the same heading. That a file is a
table of AACT at all is told from its heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.readers.base import Member

STUDIES = "studies"
KEY = "nct_id"

FIELDS: dict[str, str] = {
    "baseline_counts": "resultsSection.baselineCharacteristicsModule.denoms[]",
    "baseline_measurements": "resultsSection.baselineCharacteristicsModule.measures[]",
    "brief_summaries": "protocolSection.descriptionModule.briefSummary",
    "browse_conditions": "derivedSection.conditionBrowseModule.meshes[]",
    "browse_interventions": "derivedSection.interventionBrowseModule.meshes[]",
    "central_contacts": "protocolSection.contactsLocationsModule.centralContacts[]",
    "conditions": "protocolSection.conditionsModule.conditions[]",
    "countries": "derivedSection.miscInfoModule.removedCountries[]",
    "design_group_interventions": "protocolSection.armsInterventionsModule.interventions[].armGroupLabels[]",
    "design_groups": "protocolSection.armsInterventionsModule.armGroups[]",
    "design_outcomes": "protocolSection.outcomesModule.primaryOutcomes[]",
    "designs": "protocolSection.designModule.designInfo",
    "detailed_descriptions": "protocolSection.descriptionModule.detailedDescription",
    "documents": "protocolSection.referencesModule.availIpds[]",
    "drop_withdrawals": "resultsSection.participantFlowModule.periods[].dropWithdraws[]",
    "eligibilities": "protocolSection.eligibilityModule.eligibilityCriteria",
    "facilities": "protocolSection.contactsLocationsModule.locations[]",
    "facility_contacts": "protocolSection.contactsLocationsModule.locations[].contacts[]",
    "facility_investigators": "protocolSection.contactsLocationsModule.locations[].contacts[]",
    "id_information": "protocolSection.identificationModule.secondaryIdInfos[]",
    "intervention_other_names": "protocolSection.armsInterventionsModule.interventions[].otherNames[]",
    "interventions": "protocolSection.armsInterventionsModule.interventions[]",
    "ipd_information_types": "protocolSection.ipdSharingStatementModule.infoTypes[]",
    "keywords": "protocolSection.conditionsModule.keywords[]",
    "links": "protocolSection.referencesModule.seeAlsoLinks[]",
    "milestones": "resultsSection.participantFlowModule.periods[].milestones[]",
    "outcome_analyses": "resultsSection.outcomeMeasuresModule.outcomeMeasures[].analyses[]",
    "outcome_analysis_groups": "resultsSection.outcomeMeasuresModule.outcomeMeasures[].analyses[].groupIds[]",
    "outcome_counts": "resultsSection.outcomeMeasuresModule.outcomeMeasures[].denoms[]",
    "outcome_measurements": "resultsSection.outcomeMeasuresModule.outcomeMeasures[].classes[]",
    "outcomes": "resultsSection.outcomeMeasuresModule.outcomeMeasures[]",
    "overall_officials": "protocolSection.contactsLocationsModule.overallOfficials[]",
    "participant_flows": "resultsSection.participantFlowModule.recruitmentDetails",
    "pending_results": "annotationSection.annotationModule.unpostedAnnotation.unpostedEvents[]",
    "provided_documents": "documentSection.largeDocumentModule.largeDocs[]",
    "reported_event_totals": "resultsSection.adverseEventsModule.eventGroups[]",
    "reported_events": "resultsSection.adverseEventsModule.otherEvents[]",
    "responsible_parties": "protocolSection.sponsorCollaboratorsModule.responsibleParty.type",
    "result_agreements": "resultsSection.moreInfoModule.certainAgreement",
    "result_contacts": "resultsSection.moreInfoModule.pointOfContact",
    "result_groups": "resultsSection.outcomeMeasuresModule.outcomeMeasures[].groups[]",
    "retractions": "protocolSection.referencesModule.references[].retractions[]",
    "sponsors": "protocolSection.sponsorCollaboratorsModule.leadSponsor",
    "study_references": "protocolSection.referencesModule.references[]",
}
"""The tables beside `studies` that say something of a study, and the field that is wanting where rows are."""

LATER_TABLES = frozenset({"documents", "ipd_information_types", "pending_results", "provided_documents", "retractions"})
"""Tables that AACT gained between 2017 and 2024: an archive without them is an older one, not an incomplete one."""

IGNORED_TABLES = frozenset(
    {
        "calculated_values",
        "categories",
        "mesh_headings",
        "mesh_terms",
        "search_results",
        "search_term_results",
        "search_terms",
        "study_records",
        "study_searches",
    }
)
"""Tables that are derived from the others, or are about AACT's own searches, or no part of a study at all."""

PARENTS = frozenset(
    {
        "design_groups",
        "facilities",
        "interventions",
        "outcome_analyses",
        "outcomes",
        "result_groups",
        "study_references",
    }
)
"""Tables whose rows are named by rows of others."""
_NEVER_READ = frozenset({"created_at", "updated_at", "contact_type"})
_MADE_OF = {
    "downcase_name": "name",
    "downcase_mesh_term": "mesh_term",
    "param_value_num": "param_value",
    "dispersion_value_num": "dispersion_value",
    "p_value_modifier": "p_value_raw",
    "dispersion_lower_limit": "dispersion_lower_limit_raw",
    "dispersion_upper_limit": "dispersion_upper_limit_raw",
    "ci_lower_limit": "ci_lower_limit_raw",
    "ci_upper_limit": "ci_upper_limit_raw",
    "p_value": "p_value_raw",
    "result_group_id": "ctgov_group_code",
    "first_received_date": "study_first_submitted_date",
    "last_changed_date": "last_update_submitted_date",
    "first_received_results_date": "results_first_submitted_date",
    "received_results_disposit_date": "disposition_first_submitted_date",
}
"""Columns made of another one, or that are an older name of it, which is read instead where the table has it.

Exports from January to May 2018 have the dates under both names."""

_STUDIES_COLUMNS = frozenset({"brief_title", "overall_status", "study_type", "phase", "enrollment", "official_title"})
_STUDIES_COLUMNS_NEEDED = 3
_OTHER_HEADINGS = (
    frozenset({"id", "mesh_term", "tree_number"}),
    frozenset({"id", "heading", "subcategory"}),
    frozenset({"id", "query", "grouping"}),
    frozenset({"id", "term", "group"}),
)
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Heading:
    """The first line of a table: its columns, in order, and the byte between them."""

    names: tuple[str, ...]
    delimiter: bytes

    def read_columns(self, table: str, *, groups_by_id: bool) -> list[tuple[int, str]]:
        """(place, name) of the columns that are read of a row of `table`; the others are AACT's own or say it again.

        `groups_by_id`: groups of results do not say of which outcome they are, so that their numbers are needed.
        """
        found = []
        for place, name in enumerate(self.names):
            twin = _MADE_OF.get(name)
            own = name in _NEVER_READ or (name == KEY and table != STUDIES) or (name == "id" and table not in PARENTS)
            needed = groups_by_id and name == "result_group_id"
            if not own and (twin is None or twin not in self.names or needed):
                found.append((place, name))
        return found

    @property
    def is_studies(self) -> bool:
        """Whether it is the heading of the table of studies, told without its name."""
        return KEY in self.names and len(_STUDIES_COLUMNS.intersection(self.names)) >= _STUDIES_COLUMNS_NEEDED

    @property
    def key(self) -> int | None:
        """The place of the study's id among the columns, None in a table that has none."""
        return self.names.index(KEY) if KEY in self.names else None


@dataclass(frozen=True, slots=True)
class TableMember:
    """A member that is a table of AACT."""

    name: str
    member: Member
    heading: Heading


def read_heading(head: bytes) -> Heading | None:
    """The heading of a table of AACT that begins with `head`; None where it is none.

    Columns stand between bars, or between commas in AACT's exports for spreadsheets. A table of a study has `nct_id`
    and an `id` of its own; `studies` has many columns that are known; the few others have headings that are.
    """
    first = head.removeprefix(_BOM).partition(b"\n")[0].rstrip(b"\r")
    delimiter = b"|" if b"|" in first else b","
    try:
        names = tuple(name.strip('"') for name in first.decode("ascii").split(delimiter.decode()))
    except UnicodeDecodeError:
        return None
    if len(names) < 3 or len(set(names)) != len(names) or not all(_NAME.match(name) for name in names):
        return None
    columns = frozenset(names)
    is_table = {"id", KEY} <= columns
    heading = Heading(names, delimiter)
    known = is_table or heading.is_studies or any(other <= columns for other in _OTHER_HEADINGS)
    return heading if known else None


def recognise(head: bytes) -> bool:
    """Whether a file that begins with `head` is a table of AACT."""
    return read_heading(head) is not None


def table_name(member_name: str | None, heading: Heading) -> str:
    """The table that a member is by its name: `20260703_export/Studies.txt` is `studies`. A file without a name of its
    own can only be told to be the table of studies; else its name is empty."""
    if member_name is None:
        return STUDIES if heading.is_studies else ""
    return member_name.rpartition("/")[2].partition(".")[0].strip().lower()


def in_order(names: Sequence[str]) -> list[str]:
    """The order in which a record's tables stand in its raw bytes: `studies`, then by name."""
    return sorted(names, key=lambda name: (name != STUDIES, name))
