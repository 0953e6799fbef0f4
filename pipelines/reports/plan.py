"""Which pages a report has: the usual ones, the sponsors and trials that get one, and what links to them.

Belongs here: choosing sponsors and trials, finding those asked for by name, file names. Does not: making pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from pipelines.reports.cells import Links
from pipelines.reports.errors import UnknownSponsorError, UnknownTrialError
from pipelines.reports.query import WarehouseReader

INDEX = "index.html"
MAIN = ("overview", "recruitment", "compliance", "quality", "history", "sponsors")
_FEATURED = ("overdue", "changed", "linked", "slipped", "violations", "states", "any")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_NAMES_COMPARED = 5000
"""Lead sponsors, largest first, among which a name that is not found is looked for by likeness."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Pages asked for by name beside the usual ones.

    Lead sponsors as the records write them; trials by trial id, record key or registry id. Case does not matter.
    """

    sponsors: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page to make. `kind`: its file in pages/; `name`: sponsor or trial id; `values`: for the queries."""

    file: str
    kind: str
    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    is_wanted: bool = False


def plan_pages(reader: WarehouseReader, wanted: Wanted) -> list[Page]:
    """The pages in the order of the menu. Raises UnknownSponsorError, UnknownTrialError."""
    sponsors = {_sponsor(reader, name): True for name in wanted.sponsors}
    for row in reader.run("sponsors/largest").dicts():
        sponsors.setdefault(row["lead_sponsor"], False)
    trials = {_trial(reader, one): True for one in wanted.trials}
    for name in _FEATURED:
        for row in reader.run(f"trial/featured_{name}").dicts():
            trials.setdefault(row["trial_id"], False)
    taken: set[str] = set()
    plan = [Page(INDEX if kind == "overview" else f"{kind}.html", kind) for kind in MAIN]
    for name, is_wanted in sponsors.items():
        plan.append(Page(_file_name("sponsor", name, taken), "sponsor", name, {"sponsor": name}, is_wanted))
    for trial_id, is_wanted in trials.items():
        file = _file_name("trial", trial_id.removeprefix("TRIAL:"), taken)
        plan.append(Page(file, "trial", trial_id, {"trial_id": trial_id}, is_wanted))
    return plan


def page_links(reader: WarehouseReader, plan: Sequence[Page]) -> Links:
    """Links to the pages of the plan by sponsor name, trial id and the keys of the trial's records."""
    sponsors = {page.name: page.file for page in plan if page.kind == "sponsor"}
    trials = {page.name: page.file for page in plan if page.kind == "trial"}
    sql = "SELECT record_key, trial_id FROM core.record WHERE trial_id IN (SELECT unnest(?::VARCHAR[]))"
    members = reader.connection.execute(sql, [list(trials)]).fetchall()
    return Links(trials | {key: trials[trial_id] for key, trial_id in members}, sponsors)


def _names(reader: WarehouseReader, sql: str, *values: object) -> list[str]:
    return [str(row[0]) for row in reader.connection.execute(sql, list(values)).fetchall()]


def _sponsor(reader: WarehouseReader, name: str) -> str:
    """The name as the records write it."""
    which = "SELECT lead_sponsor FROM core.record WHERE lead_sponsor IS NOT NULL"
    most_first = "GROUP BY lead_sponsor ORDER BY count(*) DESC, lead_sponsor"
    same = f"{which} AND lower(lead_sponsor) = lower(?) GROUP BY lead_sponsor ORDER BY lead_sponsor = ? DESC"
    if found := _names(reader, same, name.strip(), name):
        return found[0]
    nearest = _names(reader, f"{which} AND contains(lower(lead_sponsor), lower(?)) {most_first} LIMIT 3", name.strip())
    if not nearest:
        known = _names(reader, f"{which} {most_first} LIMIT {_NAMES_COMPARED}")
        nearest = get_close_matches(name, known, n=3, cutoff=0.5)
    raise UnknownSponsorError(name, nearest)


def _trial(reader: WarehouseReader, wanted: str) -> str:
    """The id of the trial that has this id, or a record with it."""
    ids = "lower(trial_id), lower(record_key), lower(registry_id)"
    sql = f"SELECT trial_id FROM core.record WHERE lower(?) IN ({ids}) ORDER BY record_key LIMIT 1"
    found = _names(reader, sql, wanted.strip())
    if not found:
        raise UnknownTrialError(wanted)
    return found[0]


def _file_name(kind: str, name: str, taken: set[str]) -> str:
    """Letters, digits and dashes only, whatever the name holds; a number where two names would meet."""
    slug = f"{kind}-{_NOT_WORD.sub('-', name.lower()).strip('-')[:60].strip('-') or 'unnamed'}"
    number, file = 1, f"{slug}.html"
    while file in taken:
        number += 1
        file = f"{slug}-{number}.html"
    taken.add(file)
    return file
