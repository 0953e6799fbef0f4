"""The report: HTML pages about the published warehouse that work from a folder, without a network.

Belongs here: pages as data (pages/, queries/), their layout (templates/, static/), charts, cells, writing the folder.
Does not: figures of its own. A query of this room counts, sorts and picks rows of core, history, quality, marts and
meta (and of raw for where a record stands); whatever a reader could misread is a metric of a mart, defined there.
"""

from pipelines.reports.errors import ReportError, UnknownSponsorError, UnknownTrialError
from pipelines.reports.plan import Wanted
from pipelines.reports.site import BUDGET_BYTES, ReportDone, write_report

__all__ = [
    "BUDGET_BYTES",
    "ReportDone",
    "ReportError",
    "UnknownSponsorError",
    "UnknownTrialError",
    "Wanted",
    "write_report",
]
