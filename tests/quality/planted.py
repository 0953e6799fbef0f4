"""Planted defects, found defects, false alarms: precision and recall of every rule, as a table.

`python -m tests.quality.planted` writes docs/quality/planted_defects.md anew. Belongs here: the corpus, the comparison
with what the sidecar says, the page. Does not: verdicts (test_planted_defects.py).
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from expectations import load_rules
from pipelines.quality import run_rules
from pipelines.quality.judgements import violations_sql
from pipelines.sample import write_sample
from pipelines.settings import Settings
from tests.conftest import REPO_ROOT
from tests.quality.broken_builds import BREAKS, Break
from tests.quality.journey import make_build

PAGE = REPO_ROOT / "docs" / "quality" / "planted_defects.md"
RECORDS = 12_000
SNAPSHOT = "2026-11-01"
CHECKED_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
RULES = {rule.name: rule for rule in load_rules()}

Place = tuple[str, str | None, int | None]


_HEAD = """# Planted defects, and what the rules find of them

Made by a command; do not edit by hand: `python -m tests.quality.planted` writes it anew.
`tests/quality/test_planted_defects.py` makes the same table and asks for precision and recall of 1.0 in every row.

- **records**: `trialmart sample {records} DIR --format mixed` writes synthetic records in many formats, every twelfth
  with a defect, of these every third with a second one and some with a third. Its sidecar says what was planted where,
  and what else the same change breaks (side effects: a study without interventions also has arms without any). All the
  rest is sound, and everything that a rule says beyond the sidecar is a false alarm.
- **builds**: what no file can carry (lost keys, orphans, drift between two builds) is planted into a copy of that
  build, by `tests/quality/broken_builds.py`. How drift keeps silent over four weeks of usual loads, and then speaks, is
  in `tests/quality/test_drift_series.py`.

{rules} rules, {planted} rows planted, {combined} of them in records with more than one defect; {found} found, {false}
false alarms.

| rule | planted in | rows planted | in combination | found | false alarms | side effects | precision | recall |
|---|---|---:|---:|---:|---:|---:|---:|---:|
"""


@dataclass(frozen=True, slots=True)
class Score:
    """A rule against what was planted, in rows. `combined`: planted in records that carry further defects.

    `side_effects`: further rows that break the rule because of another planted defect, as the sidecar says.
    """

    rule: str
    where: str
    planted: int
    combined: int
    found: int
    false_alarms: int
    side_effects: int

    @property
    def precision(self) -> float:
        """Of what the rule found, how much was planted."""
        said = self.found + self.false_alarms
        return self.found / said if said else 0.0

    @property
    def recall(self) -> float:
        """Of what was planted, how much the rule found."""
        return self.found / self.planted if self.planted else 0.0


@dataclass(frozen=True, slots=True)
class Corpus:
    """A judged sample. `violations`: rows by rule and record. `planted`: the sidecar's entries by record."""

    path: Path
    violations: dict[str, Counter[str]]
    planted: dict[str, list[dict[str, Any]]]
    unseen: list[str]


def judged_corpus(folder: Path, records: int = RECORDS) -> Corpus:
    """Write a sample of all formats with its defects, bring it through every room, judge it by the whole catalogue."""
    settings = Settings(home=folder)
    report = write_sample(records, settings.landing_dir, formats=("mixed",), snapshot=SNAPSHOT)
    path = make_build(settings, CHECKED_AT)
    results = run_rules(path, "r1", CHECKED_AT)
    assert [result.rule for result in results if result.error] == []
    sidecar = json.loads(report.sidecar.read_text(encoding="utf-8"))
    violations: dict[str, Counter[str]] = defaultdict(Counter)
    with duckdb.connect(str(path), read_only=True) as build:
        for rule, key in build.execute("SELECT rule, record_key FROM quality.violation").fetchall():
            violations[rule][key or ""] += 1
        places: dict[Place, str] = {
            (file, member, position): key
            for file, member, position, key in build.execute(
                "SELECT path, member, position, record_key FROM raw.record_version JOIN raw.file USING (file_id)"
            ).fetchall()
        }
        unseen = [
            value
            for (text,) in build.execute("SELECT value FROM quality.violation WHERE rule = 'enum_drift'").fetchall()
            for value in text.split(", ")
        ]
    planted: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in sidecar["defects"]:
        if entry["expectation"] == "violation":
            planted[places[entry["file"], entry["member"], entry["position"]]].append(entry)
    return Corpus(path, violations, planted, unseen)


def scores_of_records(corpus: Corpus) -> list[Score]:
    """The score of every rule that is planted in records."""
    told: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    side: dict[str, set[str]] = defaultdict(set)
    for key, entries in corpus.planted.items():
        for entry in entries:
            told[entry["rule"]][key].append(entry)
            for other in entry["also"]:
                side[other].add(key)
    scores = []
    for rule in sorted((told.keys() | corpus.violations.keys()) & RULES.keys() - {"enum_drift"}):
        found = false = effects = planted = combined = 0
        for key in told[rule].keys() | corpus.violations[rule].keys():
            wanted = sum(entry["rows"] for entry in told[rule].get(key, ()))
            there = corpus.violations[rule][key]
            planted += wanted
            combined += wanted if len(corpus.planted.get(key, ())) > 1 else 0
            found += min(wanted, there)
            if there > wanted and key in side[rule]:
                effects += there - wanted
            else:
                false += max(0, there - wanted)
        scores.append(Score(rule, "records", planted, combined, found, false, effects))
    return [*scores, _score_of_lists(corpus)]


def _score_of_lists(corpus: Corpus) -> Score:
    """enum_drift judges columns, each with all its values: counted are values that no list knows."""
    entries = [entry for entries in corpus.planted.values() for entry in entries]
    values = {str(entry["value"]) for entry in entries if entry["rule"] == "enum_drift"}
    effects = {str(entry["value"]) for entry in entries if "enum_drift" in entry["also"]}
    found = [value for value in corpus.unseen if value in values]
    others = [value for value in corpus.unseen if value not in values]
    false = [value for value in others if value not in effects]
    return Score("enum_drift", "records", len(values), 0, len(found), len(false), len(others) - len(false))


def score_of_break(build: Path, broken: Break, folder: Path) -> Score:
    """Plant the break into a copy of a build and judge it by its rule."""
    copy = Path(shutil.copy(build, folder / "broken.duckdb"))
    try:
        with duckdb.connect(str(copy)) as connection:
            truth = broken.plant(connection)
            rows = connection.execute(violations_sql(RULES[broken.rule], CHECKED_AT.date().isoformat())).fetchall()
    finally:
        copy.unlink()
    said = [" ".join(str(part) for part in row) for row in rows]
    hits = [[text for text in truth if text in words] for words in said]
    found = {text for texts in hits for text in texts}
    return Score(broken.rule, "builds", len(truth), 0, len(found), sum(not texts for texts in hits), 0)


def all_scores(corpus: Corpus, folder: Path) -> list[Score]:
    """The score of every rule of the catalogue, in its order."""
    scores = {score.rule: score for score in scores_of_records(corpus)}
    for broken in BREAKS:
        scores[broken.rule] = score_of_break(corpus.path, broken, folder)
    return [scores.get(name, Score(name, "nowhere", 0, 0, 0, 0, 0)) for name in RULES]


def page_of(scores: Iterable[Score]) -> str:
    """docs/quality/planted_defects.md."""
    listed = list(scores)
    planted, combined = sum(score.planted for score in listed), sum(score.combined for score in listed)
    found, false = sum(score.found for score in listed), sum(score.false_alarms for score in listed)
    head = _HEAD.format(
        records=RECORDS, rules=len(listed), planted=planted, combined=combined, found=found, false=false
    )
    rows = [
        f"| {s.rule} | {s.where} | {s.planted} | {s.combined} | {s.found} | {s.false_alarms} | {s.side_effects} "
        f"| {s.precision:.2f} | {s.recall:.2f} |"
        for s in listed
    ]
    return head + "\n".join(rows) + "\n"


def main() -> None:
    """Judge the corpus, break builds, write the page."""
    with tempfile.TemporaryDirectory() as name:
        corpus = judged_corpus(Path(name) / "home")
        PAGE.write_text(page_of(all_scores(corpus, Path(name))), encoding="utf-8")


if __name__ == "__main__":
    main()
