"""WHO ICTRP's tables of synthetic studies, as records of several registries: with a heading, and the full export.

Belongs here: the files. Does not: their fields (ictrp_fields.py), what comes back (ictrp_carried.py).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from pipelines.sample.render.ictrp_carried import carried
from pipelines.sample.render.ictrp_fields import fields_of
from pipelines.sample.render.ictrp_parts import Json

HEADED = (
    "TrialID", "Last Refreshed on", "Public title", "Scientific title", "Acronym", "Primary sponsor",
    "Date registration", "Date registration3", "Export date", "Source Register", "web address", "Recruitment Status",
    "other records", "Inclusion agemin", "Inclusion agemax", "Inclusion gender", "Date enrollement", "Target size",
    "Study type", "Study design", "Phase", "Countries", "Contact Firstname", "Contact Lastname", "Contact Address",
    "Contact Email", "Contact Tel", "Contact Affiliation", "Inclusion Criteria", "Exclusion Criteria", "Condition",
    "Intervention", "Primary outcome", "results date posted", "results date completed", "results url link",
    "Retrospective flag", "Bridging flag truefalse", "Bridged type", "results yes no", "Secondary ID",
    "Secondary outcome", "Secondary Sponsor", "Source Support",
)  # fmt: skip
"""The columns of the list of April 2020, and four more that it lacks."""

_FULL: tuple[tuple[str, ...], ...] = (
    ("TrialID", "Last_Refreshed_on", "Secondary_ID", "Public_title", "Scientific_title", "web_address"),
    ("Contact_Firstname", "Contact_Lastname", "Contact_Address", "Contact_Email", "Contact_Tel", "Contact_Affiliation"),
    ("",) * 6,
    ("Study_type", "Study_design", "Phase", "Date_registration", "Date_enrollement", "Target_size"),
    ("Recruitment_Status", "Primary_sponsor", "Secondary_Sponsor", "Source_Support", "Countries", "Condition"),
    ("Intervention", "Inclusion_agemin", "Inclusion_agemax", "Inclusion_gender", "Inclusion_Criteria"),
    ("Exclusion_Criteria", "Primary_outcome", "Secondary_outcome", "", "", "", "", "Retrospective_flag", ""),
    ("results_url_link", "", "results_date_posted", "", "", "", "", "", "", "", "", "results_date_completed"),
    ("results_yes_no", "Ethics_review_status", "Ethics_review_approval_date", "", "", "", ""),
)
"""What stands in the 63 columns of the full export: public contacts, then scientific ones, of which there are none."""


def render_file(studies: Sequence[Json]) -> bytes:
    """The table with its heading; every field of a row is within quotation marks."""
    text = io.StringIO(newline="")
    text.write(",".join(HEADED) + "\r\n")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for study in studies:
        fields = fields_of(study) | {"Bridging_flag_truefalse": "False", "Bridged_type": " " * 10}
        writer.writerow([fields.get(name.replace(" ", "_"), "").replace("\r", "\n") for name in HEADED])
    return text.getvalue().encode()


def render_full_export(studies: Sequence[Json]) -> bytes:
    """The full export: no heading, and a second pair of quotation marks around each text but the first."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for study in studies:
        fields = fields_of(study)
        row = [fields.get(name, "") for part in _FULL for name in part]
        writer.writerow([row[0], *(f'"{value}"' if value else "" for value in row[1:])])
    return text.getvalue().encode()


def carried_by_full_export(study: Json) -> Json:
    """As carried, for the full export, which has no column for acronyms."""
    found = carried(study)
    found["protocolSection"]["identificationModule"].pop("acronym", None)
    return found


__all__ = ["carried", "carried_by_full_export", "render_file", "render_full_export"]
