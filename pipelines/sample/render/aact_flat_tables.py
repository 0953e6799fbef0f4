"""The tables of an AACT export: columns, rows, and how PostgreSQL and AACT's exporter write them.

Belongs here: the form of the files. Does not: which value of a study goes where (aact_flat.py, aact_flat_results.py).

Columns as in the export of July 2026. AACT's exporter (table_exporter.rb, 2024) takes PostgreSQL's CSV with `|`,
removes every doubled quotation mark and puts `~` for a line break together with the blank behind it.
"""

from __future__ import annotations

import re
from typing import Any, Final

Value = str | int | float | bool | None

_SPACE_BEHIND_BREAK: Final = re.compile(r"\n\s")
_SHUFFLE: Final = (7919, 10_007)
_FIRST_ID: Final = 1_000_003


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "studies": _columns(
        "nct_id nlm_download_date_description study_first_submitted_date results_first_submitted_date "
        "disposition_first_submitted_date last_update_submitted_date study_first_submitted_qc_date "
        "study_first_posted_date study_first_posted_date_type results_first_submitted_qc_date "
        "results_first_posted_date results_first_posted_date_type disposition_first_submitted_qc_date "
        "disposition_first_posted_date disposition_first_posted_date_type last_update_submitted_qc_date "
        "last_update_posted_date last_update_posted_date_type start_month_year start_date_type start_date "
        "verification_month_year verification_date completion_month_year completion_date_type completion_date "
        "primary_completion_month_year primary_completion_date_type primary_completion_date target_duration "
        "study_type acronym baseline_population brief_title official_title overall_status last_known_status phase "
        "enrollment enrollment_type source limitations_and_caveats number_of_arms number_of_groups why_stopped "
        "has_expanded_access expanded_access_type_individual expanded_access_type_intermediate "
        "expanded_access_type_treatment has_dmc is_fda_regulated_drug is_fda_regulated_device is_unapproved_device "
        "is_ppsd is_us_export biospec_retention biospec_description ipd_time_frame ipd_access_criteria ipd_url "
        "plan_to_share_ipd plan_to_share_ipd_description created_at updated_at source_class delayed_posting "
        "expanded_access_nctid expanded_access_status_for_nctid fdaaa801_violation baseline_type_units_analyzed "
        "patient_registry"
    ),
    "baseline_counts": _columns("id nct_id result_group_id ctgov_group_code units scope count"),
    "baseline_measurements": _columns(
        "id nct_id result_group_id ctgov_group_code classification category title description units param_type "
        "param_value param_value_num dispersion_type dispersion_value dispersion_value_num dispersion_lower_limit "
        "dispersion_upper_limit explanation_of_na number_analyzed number_analyzed_units population_description "
        "calculate_percentage"
    ),
    "brief_summaries": _columns("id nct_id description"),
    "browse_conditions": _columns("id nct_id mesh_term downcase_mesh_term mesh_type"),
    "browse_interventions": _columns("id nct_id mesh_term downcase_mesh_term mesh_type"),
    "calculated_values": _columns("id nct_id number_of_facilities has_single_facility were_results_reported"),
    "central_contacts": _columns("id nct_id contact_type name phone email phone_extension role"),
    "conditions": _columns("id nct_id name downcase_name"),
    "countries": _columns("id nct_id name removed"),
    "design_group_interventions": _columns("id nct_id design_group_id intervention_id"),
    "design_groups": _columns("id nct_id group_type title description"),
    "design_outcomes": _columns("id nct_id outcome_type measure time_frame population description"),
    "designs": _columns(
        "id nct_id allocation intervention_model observational_model primary_purpose time_perspective masking "
        "masking_description intervention_model_description subject_masked caregiver_masked investigator_masked "
        "outcomes_assessor_masked"
    ),
    "detailed_descriptions": _columns("id nct_id description"),
    "documents": _columns("id nct_id document_id document_type url comment"),
    "drop_withdrawals": _columns(
        "id nct_id result_group_id ctgov_group_code period reason count drop_withdraw_comment reason_comment "
        "count_units"
    ),
    "eligibilities": _columns(
        "id nct_id sampling_method gender minimum_age maximum_age healthy_volunteers population criteria "
        "gender_description gender_based adult child older_adult"
    ),
    "facilities": _columns("id nct_id status name city state zip country latitude longitude"),
    "facility_contacts": _columns("id nct_id facility_id contact_type name email phone phone_extension"),
    "facility_investigators": _columns("id nct_id facility_id role name"),
    "id_information": _columns("id nct_id id_source id_value id_type id_type_description id_link"),
    "intervention_other_names": _columns("id nct_id intervention_id name"),
    "interventions": _columns("id nct_id intervention_type name description"),
    "ipd_information_types": _columns("id nct_id name"),
    "keywords": _columns("id nct_id name downcase_name"),
    "links": _columns("id nct_id url description"),
    "milestones": _columns(
        "id nct_id result_group_id ctgov_group_code title period description count milestone_description count_units"
    ),
    "outcome_analyses": _columns(
        "id nct_id outcome_id non_inferiority_type non_inferiority_description param_type param_value dispersion_type "
        "dispersion_value p_value_modifier p_value ci_n_sides ci_percent ci_lower_limit ci_upper_limit "
        "ci_upper_limit_na_comment p_value_description method method_description estimate_description "
        "groups_description other_analysis_description ci_upper_limit_raw ci_lower_limit_raw p_value_raw"
    ),
    "outcome_analysis_groups": _columns("id nct_id outcome_analysis_id result_group_id ctgov_group_code"),
    "outcome_counts": _columns("id nct_id outcome_id result_group_id ctgov_group_code scope units count"),
    "outcome_measurements": _columns(
        "id nct_id outcome_id result_group_id ctgov_group_code classification category title description units "
        "param_type param_value param_value_num dispersion_type dispersion_value dispersion_value_num "
        "dispersion_lower_limit dispersion_upper_limit explanation_of_na dispersion_upper_limit_raw "
        "dispersion_lower_limit_raw"
    ),
    "outcomes": _columns(
        "id nct_id outcome_type title description time_frame population anticipated_posting_date "
        "anticipated_posting_month_year units units_analyzed dispersion_type param_type"
    ),
    "overall_officials": _columns("id nct_id role name affiliation"),
    "participant_flows": _columns("id nct_id recruitment_details pre_assignment_details units_analyzed"),
    "pending_results": _columns("id nct_id event event_date_description event_date"),
    "provided_documents": _columns("id nct_id document_type has_protocol has_icf has_sap document_date url"),
    "reported_event_totals": _columns(
        "id nct_id ctgov_group_code event_type classification subjects_affected subjects_at_risk created_at updated_at"
    ),
    "reported_events": _columns(
        "id nct_id result_group_id ctgov_group_code time_frame event_type default_vocab default_assessment "
        "subjects_affected subjects_at_risk description event_count organ_system adverse_event_term "
        "frequency_threshold vocab assessment"
    ),
    "responsible_parties": _columns(
        "id nct_id responsible_party_type name title organization affiliation old_name_title"
    ),
    "result_agreements": _columns(
        "id nct_id pi_employee agreement restriction_type other_details restrictive_agreement"
    ),
    "result_contacts": _columns("id nct_id organization name phone email extension"),
    "result_groups": _columns("id nct_id ctgov_group_code result_type title description outcome_id"),
    "retractions": _columns("id reference_id pmid source nct_id"),
    "search_terms": _columns("id term group created_at updated_at"),
    "sponsors": _columns("id nct_id agency_class lead_or_collaborator name"),
    "study_references": _columns("id nct_id pmid reference_type citation"),
}


class Export:
    """Rows of all tables on their way into files. Ids are given in the order of the rows, as a load gives them."""

    def __init__(self, first_id: int = _FIRST_ID) -> None:
        self.rows: dict[str, list[tuple[Value, ...]]] = {name: [] for name in COLUMNS}
        self.next_id = first_id

    def add(self, table: str, nct_id: str, **values: Value) -> int:
        """A row; columns that are not named are NULL. Gives its id. Raises KeyError for a column that is not there."""
        own = self.next_id
        self.next_id += 1
        known = {"id": own, "nct_id": nct_id, **values}
        columns = COLUMNS[table]
        unknown = set(values) - set(columns)
        if unknown:
            raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
        self.rows[table].append(tuple(known.get(name) for name in columns))
        return own

    def files(self, *, headings: bool = True) -> dict[str, bytes]:
        """The text of each table. Rows lie in an order of their own, as they do on the pages of a database."""
        return {name: self._file(name, headings=headings) for name in COLUMNS}

    def _file(self, table: str, *, headings: bool) -> bytes:
        columns = COLUMNS[table]
        place = columns.index("id") if "id" in columns else None
        factor, modulus = _SHUFFLE
        rows = self.rows[table]
        if place is not None:
            rows = sorted(rows, key=lambda row: (int(row[place] or 0) * factor % modulus, int(row[place] or 0)))
        lines = ["|".join(columns) + "\n"] if headings else []
        lines += [exported("|".join(map(_field, row))) for row in rows]
        return "".join(lines).encode()


def _field(value: Value) -> str:
    """A value as PostgreSQL's COPY writes it in CSV with `|`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "t" if value else "f"
    text = str(value)
    if text == "" or any(mark in text for mark in '|"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def exported(row: str) -> str:
    """A row as AACT's exporter passes it on."""
    return _SPACE_BEHIND_BREAK.sub("~", row.replace('""', "")).replace("\n", "~") + "\n"


def at(holder: dict[str, Any] | None, *names: str) -> Any:
    """The value at a path of a study, None where a part of it is missing."""
    for name in names:
        holder = (holder or {}).get(name)
    return holder


def listed(holder: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    """The list at a path of a study, empty where a part of it is missing."""
    found: Any = at(holder, *names)
    return found or []
