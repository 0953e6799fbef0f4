"""What can go wrong with the report, said so that a person can act on it.

Belongs here: the exceptions of this room; the command line prints their message as it is. Does not: faults of the
warehouse file (pipelines/warehouse/errors.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.warehouse.errors import WarehouseError


class ReportError(WarehouseError):
    """The report cannot be written as asked; what was there before is as it was."""


class UnknownSponsorError(ReportError):
    """No record has this lead sponsor. `nearest` holds the names most like it."""

    def __init__(self, name: str, nearest: Sequence[str]) -> None:
        self.nearest = tuple(nearest)
        # a name is foreign text: with a line break in it, it could forge a line of the message
        shown = [near if near.isprintable() else repr(near) for near in nearest]
        hint = "; nearest: " + "; ".join(shown) if shown else ""
        super().__init__(
            f"no lead sponsor is named {name!r}{hint}. All names: "
            'trialmart sql "SELECT lead_sponsor, studies FROM marts.sponsor_portfolio ORDER BY studies DESC"'
        )


class UnknownTrialError(ReportError):
    """No trial or record has this id."""

    def __init__(self, wanted: str) -> None:
        super().__init__(
            f"no trial has the id {wanted!r}: give a registry's id (NCT01234567), a record key (CTGOV:NCT01234567) "
            "or a trial id (TRIAL:…). Look for it: "
            'trialmart sql "SELECT trial_id, record_key, brief_title FROM core.record"'
        )
