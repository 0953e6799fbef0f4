"""What counts as a change between two versions, and that the history does not depend on the order of arrival."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.history import compare as compare_module
from pipelines.history import compare_versions
from pipelines.history.leaves import item_keys
from pipelines.sample import make_study
from pipelines.sample.rendered import render_file
from pipelines.study.shape import staged_tables
from tests.staging.build import LOADED_AT, empty_build, ingest_landing

Study = dict[str, Any]
OUTCOMES = "protocolSection.outcomesModule.primaryOutcomes"


@pytest.fixture
def build(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with empty_build(tmp_path / "build.duckdb") as connection:
        yield connection


def base_study() -> Study:
    study = make_study(3, 5)
    study.pop("derivedSection", None)
    study.pop("resultsSection", None)
    protocol = study["protocolSection"]
    protocol["outcomesModule"] = {
        "primaryOutcomes": [
            {"measure": "Survival", "timeFrame": "1 year"},
            {"measure": "Pain", "timeFrame": "4 weeks", "description": "by questionnaire"},
        ]
    }
    protocol["conditionsModule"] = {"conditions": ["Asthma", "Cough"]}
    return study


def dated(study: Study, day: str) -> Study:
    study = copy.deepcopy(study)
    study["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"] = {"date": day, "type": "ACTUAL"}
    return study


def arrive(connection: duckdb.DuckDBPyConnection, root: Path, *studies: Study, run: str = "run") -> None:
    landing = root / run / "landing"
    landing.mkdir(parents=True)
    for number, study in enumerate(studies):
        (landing / f"{number}.json").write_bytes(orjson.dumps(study))
    ingest_landing(connection, landing, root / "home", run_id=run, loaded_at=LOADED_AT + timedelta(hours=len(run)))
    compare_versions(connection, "1")


def changes(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str | None, str | None]]:
    """Changes beyond that of the date by which versions are told apart."""
    return connection.execute(
        "SELECT path, kind, old_value, new_value FROM history.change "
        "WHERE field NOT LIKE '%lastUpdatePostDate%' ORDER BY from_version, path, kind"
    ).fetchall()


def change_of(
    build: duckdb.DuckDBPyConnection, root: Path, change: Any
) -> list[tuple[str, str, str | None, str | None]]:
    old, new = dated(base_study(), "2026-01-02"), dated(base_study(), "2026-02-03")
    change(new["protocolSection"])
    arrive(build, root, old, new)
    return changes(build)


def test_a_value_that_changes_comes_and_goes(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    def change(protocol: Study) -> None:
        protocol["identificationModule"]["briefTitle"] = "Another title"
        protocol["identificationModule"]["acronym"] = "NEW"
        del protocol["outcomesModule"]["primaryOutcomes"][1]["description"]

    protocol = base_study()["protocolSection"]
    title = protocol["identificationModule"]["briefTitle"]
    acronym = protocol["identificationModule"].get("acronym")
    assert change_of(build, tmp_path, change) == [
        ("protocolSection.identificationModule.acronym", "changed" if acronym else "added", acronym, "NEW"),
        ("protocolSection.identificationModule.briefTitle", "changed", title, "Another title"),
        (f"{OUTCOMES}[Pain].description", "removed", "by questionnaire", None),
    ]


def test_an_empty_text_is_nothing_said(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    def change(protocol: Study) -> None:
        protocol["statusModule"]["whyStopped"] = ""
        protocol["descriptionModule"] = {"detailedDescription": None} | protocol.get("descriptionModule", {})
        protocol["outcomesModule"]["primaryOutcomes"][0]["description"] = ""
        protocol["outcomesModule"]["primaryOutcomes"][1]["description"] = ""

    assert change_of(build, tmp_path, change) == [
        (f"{OUTCOMES}[Pain].description", "removed", "by questionnaire", None)
    ]


def test_an_item_put_in_front_changes_nothing_else(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    def change(protocol: Study) -> None:
        protocol["outcomesModule"]["primaryOutcomes"].insert(0, {"measure": "Weight", "timeFrame": "2 days"})
        protocol["conditionsModule"]["conditions"].reverse()

    ((path, kind, old, new),) = change_of(build, tmp_path, change)
    assert (path, kind, old) == (f"{OUTCOMES}[Weight]", "added", None)
    assert orjson.loads(new or "") == {"measure": "Weight", "timeFrame": "2 days"}


def test_items_of_one_name_are_numbered(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    def change(protocol: Study) -> None:
        protocol["outcomesModule"]["primaryOutcomes"].append({"measure": "Pain", "timeFrame": "8 weeks"})

    ((path, kind, _, new),) = change_of(build, tmp_path, change)
    assert (path, kind) == (f"{OUTCOMES}[Pain #2]", "added")
    assert orjson.loads(new or "")["timeFrame"] == "8 weeks"


def test_a_name_that_looks_like_a_number_among_equal_names_is_told_apart(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Two arms were [Placebo #2], and each was compared with the other: six changes too many."""
    old = dated(base_study(), "2026-01-02")
    arms = [("Placebo", "PLACEBO_COMPARATOR"), ("Placebo", "SHAM_COMPARATOR"), ("Placebo #2", "NO_INTERVENTION")]
    old["protocolSection"]["armsInterventionsModule"]["armGroups"] = [
        {"label": label, "type": kind, "description": f"arm {number}"} for number, (label, kind) in enumerate(arms)
    ]
    new = dated(old, "2026-02-03")
    new["protocolSection"]["armsInterventionsModule"]["armGroups"][0]["type"] = "OTHER"
    arrive(build, tmp_path, old, new)
    path = "protocolSection.armsInterventionsModule.armGroups[Placebo].type"
    assert changes(build) == [(path, "changed", "PLACEBO_COMPARATOR", "OTHER")]


def test_an_empty_text_names_nothing_either(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A site without a facility, and one whose facility is an empty text, are one site."""
    old = dated(base_study(), "2026-01-02")
    site = {"city": "Bonn", "country": "Germany", "status": "RECRUITING"}
    old["protocolSection"]["contactsLocationsModule"] = {"locations": [site]}
    new = dated(old, "2026-02-03")
    new["protocolSection"]["contactsLocationsModule"]["locations"] = [{"facility": "", **site, "status": "COMPLETED"}]
    arrive(build, tmp_path, old, new)
    path = "protocolSection.contactsLocationsModule.locations[Bonn | Germany].status"
    assert changes(build) == [(path, "changed", "RECRUITING", "COMPLETED")]


def test_a_leaf_list_says_its_value(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    def change(protocol: Study) -> None:
        protocol["conditionsModule"]["conditions"] = ["Cough", "Fever"]

    where = "protocolSection.conditionsModule.conditions"
    assert change_of(build, tmp_path, change) == [
        (f"{where}[Asthma]", "removed", "Asthma", None),
        (f"{where}[Fever]", "added", None, "Fever"),
    ]


def test_the_values_of_an_item_stand_in_one_order_however_many_items_there_are(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """Beyond 122,880 values compared together, the order was left to DuckDB's threads, and so the text of a change."""
    old, new = dated(base_study(), "2026-01-02"), dated(base_study(), "2026-02-03")
    new["protocolSection"]["outcomesModule"]["secondaryOutcomes"] = [
        {"timeFrame": f"{number} days", "measure": f"Measure {number}", "description": f'"{number}" of\n3'}
        for number in range(45_000)
    ]
    arrive(build, tmp_path, old, new)
    assert build.execute(
        """
        SELECT count(*), count(*) FILTER (json_keys(new_value) = ['description', 'measure', 'timeFrame']),
               min(new_value)
        FROM history.change WHERE kind = 'added'
        """
    ).fetchall() == [(45_000, 45_000, '{"description":"\\"0\\" of\\n3","measure":"Measure 0","timeFrame":"0 days"}')]


def test_a_list_in_an_item_is_named_under_it(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    def change(protocol: Study) -> None:
        protocol["armsInterventionsModule"] = {
            "armGroups": [{"label": "One", "interventionNames": ["Drug: A", "Drug: B"]}, {"label": "Two"}]
        }

    old, new = dated(base_study(), "2026-01-02"), dated(base_study(), "2026-02-03")
    change(old["protocolSection"])
    change(new["protocolSection"])
    new["protocolSection"]["armsInterventionsModule"]["armGroups"].reverse()
    new["protocolSection"]["armsInterventionsModule"]["armGroups"][1]["interventionNames"] = ["Drug: B"]
    arrive(build, tmp_path, old, new)
    where = "protocolSection.armsInterventionsModule.armGroups[One].interventionNames[Drug: A]"
    assert changes(build) == [(where, "removed", "Drug: A", None)]


def test_a_release_stamp_and_the_order_of_the_browse_lists_are_no_change(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    old, new = dated(base_study(), "2026-01-02"), dated(base_study(), "2026-02-03")
    leaves = [{"id": "M1", "name": "One"}, {"id": "M2", "name": "Two"}]
    for study, day, order in ((old, "2026-01-05", 1), (new, "2026-02-06", -1)):
        study["derivedSection"] = {
            "miscInfoModule": {"versionHolder": day},
            "conditionBrowseModule": {"browseLeaves": leaves[::order]},
        }
    arrive(build, tmp_path, old, new)
    assert changes(build) == []


def test_a_very_long_name_is_cut_and_still_tells_items_apart(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    def change(protocol: Study) -> None:
        protocol["outcomesModule"]["primaryOutcomes"] += [{"measure": "x" * 300 + end} for end in "ab"]

    paths = [path for path, *_ in change_of(build, tmp_path, change)]
    assert len(set(paths)) == 2
    assert all(len(path) < 220 for path in paths)


def series(length: int) -> list[Study]:
    """Versions of one study, each saying something else."""
    versions = []
    for number in range(length):
        study = dated(base_study(), f"2026-{number + 1:02}-15")
        study["protocolSection"]["identificationModule"]["briefTitle"] = f"Title {number}"
        study["protocolSection"]["conditionsModule"]["conditions"] = [f"Condition {number // 2}"]
        versions.append(study)
    return versions


def history(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return connection.execute("FROM history.change ORDER BY from_version, path, kind").fetchall()


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(4)), cuts=st.lists(st.integers(1, 3), max_size=2))
def test_the_history_is_the_same_in_any_order_of_arrival(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], cuts: list[int]
) -> None:
    versions = series(4)
    root = tmp_path_factory.mktemp("shuffled")
    with empty_build(root / "at-once.duckdb") as connection:
        arrive(connection, root / "at-once", *versions)
        expected = history(connection)
    assert len({row[1] for row in expected}) == 3
    bounds = [0, *sorted(set(cuts)), 4]
    with empty_build(root / "in-pieces.duckdb") as connection:
        for first, last in itertools.pairwise(bounds):
            batch = [versions[index] for index in order[first:last]]
            arrive(connection, root / "in-pieces", *batch, run=f"run-{first}")
        assert history(connection) == expected


def test_of_three_versions_the_two_that_are_alike_have_no_change(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    first, second, third = (dated(base_study(), day) for day in ("2026-01-02", "2026-02-03", "2026-03-04"))
    third["protocolSection"]["outcomesModule"]["primaryOutcomes"][0]["timeFrame"] = "2 years"
    del third["protocolSection"]["conditionsModule"]["conditions"][1]
    third["protocolSection"]["identificationModule"]["acronym"] = "NEW"
    first["protocolSection"]["identificationModule"].pop("acronym", None)
    second["protocolSection"]["identificationModule"].pop("acronym", None)
    arrive(build, tmp_path, first, second, third)
    assert changes(build) == [
        ("protocolSection.conditionsModule.conditions[Cough]", "removed", "Cough", None),
        ("protocolSection.identificationModule.acronym", "added", None, "NEW"),
        (f"{OUTCOMES}[Survival].timeFrame", "changed", "1 year", "2 years"),
    ]
    assert build.execute("SELECT DISTINCT from_version FROM history.change WHERE path LIKE '%]%'").fetchall() == [(2,)]


def test_a_version_that_comes_late_replaces_one_pair_by_two(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    first, between, last = series(3)
    arrive(build, tmp_path, first, last)
    arrive(build, tmp_path, between, run="late")
    late = history(build)
    with empty_build(tmp_path / "at-once.duckdb") as other:
        arrive(other, tmp_path / "at-once", first, between, last)
        assert history(other) == late
    assert {(row[1], row[2]) for row in late} == {(1, 2), (2, 3)}


def test_only_what_is_new_is_compared(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    versions = series(4)
    arrive(build, tmp_path, *versions[:3])
    again = compare_versions(build, "1")
    assert (again.pairs, again.pairs_gone, again.changes) == (0, 0, 0)
    other_code = compare_versions(build, "2")
    assert (other_code.pairs, other_code.pairs_gone) == (2, 2)


def test_versions_are_laid_out_by_their_size_too(
    build: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to 2,000 pairs together, whatever their size: a record with some hundred versions of megabytes filled the
    memory, and no record was published (extreme texts through whole runs, 2026-11-22).
    """
    parts: list[tuple[int, int]] = []
    compare = compare_module._compare

    def noted(connection: duckdb.DuckDBPyConnection, first: int, last: int) -> None:
        parts.append((first, last))
        compare(connection, first, last)

    monkeypatch.setattr(compare_module, "_compare", noted)
    studies = [dated(base_study(), f"2026-0{month}-02") for month in range(1, 9)]
    for month, study in enumerate(studies):
        study["protocolSection"]["identificationModule"]["briefTitle"] = f"Title {month}"
    arrive(build, tmp_path, *studies)
    whole = build.execute("SELECT * FROM history.change ORDER BY ALL").fetchall()
    assert parts == [(0, 6)]
    size = build.execute("SELECT max(record_bytes) FROM raw.record_version").fetchall()[0][0]
    for at_once, bytes_at_once, expected in (
        (3, 2**40, [(0, 2), (3, 5), (6, 6)]),
        (2000, 1, [(number, number) for number in range(7)]),
        (2000, 5 * size, [(0, 1), (2, 3), (4, 6)]),
    ):
        parts.clear()
        monkeypatch.setattr(compare_module, "PAIRS_AT_ONCE", at_once)
        monkeypatch.setattr(compare_module, "BYTES_AT_ONCE", bytes_at_once)
        compare_versions(build, f"{at_once} {bytes_at_once}")
        assert parts == expected
        assert build.execute("SELECT * FROM history.change ORDER BY ALL").fetchall() == whole


def test_every_list_of_the_protocol_and_results_has_its_names() -> None:
    """Without an entry in keys.yaml, each change of an item shows as one removed and one added."""
    unnamed = {
        table.path
        for table in staged_tables().values()
        if table.path.startswith(("protocolSection.", "resultsSection."))
        and not any(column.path == table.path for column in table.columns)
    } - set(item_keys())
    assert unnamed == {"resultsSection.outcomeMeasuresModule.outcomeMeasures[].analyses[]"}


def test_two_formats_are_compared_in_what_both_can_say(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The legacy XML of a study and its JSON of a later day: the later title is a change, other spellings are none."""
    study = base_study()
    study["protocolSection"]["identificationModule"].pop("organization", None)  # its class is in few XML files
    old, new = dated(study, "2026-01-02"), dated(study, "2026-02-03")
    new["protocolSection"]["identificationModule"]["briefTitle"] = "Another title"
    landing = tmp_path / "landing"
    landing.mkdir()
    (landing / "old.zip").write_bytes(render_file("ctgov_xml", [old]))
    (landing / "new.json").write_bytes(orjson.dumps(new))
    ingest_landing(build, landing, tmp_path / "home")
    compare_versions(build, "1")
    formats = build.execute("SELECT from_format, to_format FROM history.version_pair").fetchall()
    assert formats == [("ctgov_xml", "ctgov_v2")]
    assert [(path, new_value) for path, _, _, new_value in changes(build)] == [
        ("protocolSection.identificationModule.briefTitle", "Another title")
    ]


def test_a_part_says_nothing_by_its_silence(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A CSV download leaves out what it has no words for, or somebody did not choose: the JSON has not added that."""
    old, new = dated(base_study(), "2026-01-02"), dated(base_study(), "2026-02-03")
    new["protocolSection"]["identificationModule"]["briefTitle"] = "Another title"
    landing = tmp_path / "landing"
    landing.mkdir()
    (landing / "old.csv").write_bytes(render_file("ctgov_csv", [old]))
    (landing / "new.json").write_bytes(orjson.dumps(new))
    ingest_landing(build, landing, tmp_path / "home")
    compare_versions(build, "1")
    assert build.execute("SELECT from_format, to_format FROM history.version_pair").fetchall() == [
        ("ctgov_csv", "ctgov_v2")
    ]
    found = changes(build)
    assert {kind for _, kind, _, _ in found} == {"changed"}
    assert "protocolSection.identificationModule.briefTitle" in {path for path, *_ in found}


def chosen(study: Study, *paths: str) -> Study:
    """What API v2 answers to `fields=`: the study's number and its date of update, and these paths of its protocol."""
    answer: Study = {"protocolSection": {}}
    number, updated = "identificationModule.nctId", "statusModule.lastUpdatePostDateStruct"
    for module, _, leaf in (path.partition(".") for path in (number, updated, *paths)):
        answer["protocolSection"].setdefault(module, {})[leaf] = study["protocolSection"][module][leaf]
    return answer


def test_an_answer_with_chosen_fields_takes_nothing_out_of_the_record(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """A status watch asked for three fields of a study that was there as a whole: 60 values had been "removed" on the
    day of its last update, and the answer, being of a later date, was the current record, without a sponsor."""
    whole = dated(base_study(), "2026-01-02")
    later = dated(base_study(), "2026-02-03")
    later["protocolSection"]["statusModule"]["overallStatus"] = "SUSPENDED"
    later["protocolSection"]["outcomesModule"]["primaryOutcomes"].pop()
    status, outcomes = "statusModule.overallStatus", "outcomesModule.primaryOutcomes"
    arrive(build, tmp_path, whole, chosen(whole, status), chosen(later, status, outcomes))
    found = build.execute(
        "SELECT version_no, standing, registry_updated_on::VARCHAR, is_current FROM raw.record_version ORDER BY 1"
    ).fetchall()
    assert found == [
        (1, "chosen", "2026-01-02", False),
        (2, "chosen", "2026-02-03", False),
        (3, "whole", "2026-01-02", True),
    ]
    before = whole["protocolSection"]["statusModule"]["overallStatus"]
    pain = orjson.dumps({"description": "by questionnaire", "measure": "Pain", "timeFrame": "4 weeks"}).decode()
    told = "protocolSection.statusModule.overallStatus"
    assert [change for change in changes(build) if change[1] == "removed"] == []
    assert changes(build) == [
        (told, "changed", before, "SUSPENDED"),
        (f"{OUTCOMES}[Pain]", "added", None, pain),
        (told, "changed", "SUSPENDED", before),
    ]


def test_a_record_without_what_stands_beside_the_protocol_has_lost_no_results(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """`fields=protocolSection`: whether there are results is not said, so none have been taken down."""
    whole = dated(make_study(3, 5), "2026-01-02")
    whole["hasResults"] = True
    whole["resultsSection"] = {"moreInfoModule": {"limitationsAndCaveats": {"description": "Few took part."}}}
    bare = {"protocolSection": copy.deepcopy(whole["protocolSection"])}
    bare = dated(bare, "2026-02-03")
    bare["protocolSection"]["statusModule"].pop("startDateStruct")
    arrive(build, tmp_path, whole, bare)
    assert {path.split(".")[2] for path, *_ in changes(build)} == {"startDateStruct"}
    assert build.execute("SELECT list(standing) FROM raw.record_version").fetchall() == [(["whole", "whole"],)]


def rendered(build: duckdb.DuckDBPyConnection, root: Path, old: tuple[str, Study], new: tuple[str, Study]) -> None:
    """Two versions of a study, each in the format named beside it, compared."""
    landing = root / "landing"
    landing.mkdir()
    for name, (format_name, study) in {"old": old, "new": new}.items():
        is_own = format_name == "ctgov_v2"
        (landing / name).write_bytes(orjson.dumps(study) if is_own else render_file(format_name, [study]))
    ingest_landing(build, landing, root / "home")
    compare_versions(build, "1")
    formats = build.execute("SELECT from_format, to_format FROM history.version_pair").fetchall()
    assert formats == [(old[0], new[0])]


@pytest.mark.parametrize(("before", "after"), [("ctgov_xml", "ctgov_v2"), ("ctgov_v2", "ctgov_xml")])
def test_between_two_whole_formats_what_both_can_say_comes_and_goes(
    build: duckdb.DuckDBPyConnection, tmp_path: Path, before: str, after: str
) -> None:
    """The legacy XML has no link of a number and no escapes in texts; what else is there or not is a change."""
    old, new = dated(base_study(), "2026-01-02"), dated(base_study(), "2026-02-03")
    for study in (old, new):
        study["protocolSection"]["identificationModule"].pop("organization", None)
        study["protocolSection"]["descriptionModule"]["briefSummary"] = "Aged \\>= 18\n\nand  well"
    json_only = old if before == "ctgov_v2" else new
    json_only["protocolSection"]["identificationModule"]["orgStudyIdInfo"] = {
        "id": "A-1",
        "link": "https://example.org",
    }
    other = new if before == "ctgov_v2" else old
    other["protocolSection"]["identificationModule"]["orgStudyIdInfo"] = {"id": "A-1"}
    old["protocolSection"]["identificationModule"]["acronym"] = "GONE"
    new["protocolSection"]["identificationModule"].pop("acronym", None)
    old["protocolSection"]["statusModule"].pop("whyStopped", None)
    new["protocolSection"]["statusModule"]["whyStopped"] = "No money"
    new["protocolSection"]["conditionsModule"]["conditions"] = ["Asthma", "Fever"]
    new["protocolSection"]["outcomesModule"]["primaryOutcomes"].pop()
    rendered(build, tmp_path, (before, old), (after, new))
    assert [(path.partition(".")[2], kind, had, has) for path, kind, had, has in changes(build)] == [
        ("conditionsModule.conditions[Cough]", "removed", "Cough", None),
        ("conditionsModule.conditions[Fever]", "added", None, "Fever"),
        ("identificationModule.acronym", "removed", "GONE", None),
        (
            "outcomesModule.primaryOutcomes[Pain]",
            "removed",
            '{"description":"by questionnaire","measure":"Pain","timeFrame":"4 weeks"}',
            None,
        ),
        ("statusModule.whyStopped", "added", None, "No money"),
    ]


@pytest.mark.parametrize(("before", "after"), [("aact_flat", "ctgov_v2"), ("ictrp_xml", "ctgov_v2")])
def test_a_copy_says_nothing_by_its_silence(
    build: duckdb.DuckDBPyConnection, tmp_path: Path, before: str, after: str
) -> None:
    """What the record has and its copy in another register has not, was not added; what both say may have changed."""
    old, new = dated(base_study(), "2026-01-02"), dated(base_study(), "2026-02-03")
    old["protocolSection"]["identificationModule"].pop("acronym", None)
    new["protocolSection"]["identificationModule"]["acronym"] = "NEW"
    new["protocolSection"]["identificationModule"]["briefTitle"] = "Another title"
    new["protocolSection"]["conditionsModule"]["conditions"].append("Fever")
    rendered(build, tmp_path, (before, old), (after, new))
    found = changes(build)
    assert {kind for _, kind, _, _ in found} == {"changed"}
    assert ("protocolSection.identificationModule.briefTitle", "Another title") in {(c[0], c[3]) for c in found}


def test_results_that_a_record_has_now_are_a_change(build: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    old, new = dated(base_study(), "2026-01-02"), dated(base_study(), "2026-02-03")
    old["hasResults"], new["hasResults"] = False, True
    caveat = {"limitationsAndCaveats": {"description": "Few took part."}}
    new["resultsSection"] = {"moreInfoModule": caveat}
    arrive(build, tmp_path, old, new)
    assert changes(build) == [
        ("hasResults", "changed", "false", "true"),
        ("resultsSection.moreInfoModule.limitationsAndCaveats.description", "added", None, "Few took part."),
    ]


def test_versions_that_say_the_same_in_two_formats_are_a_pair_without_a_change(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """A pair is noted, and not compared once more, whether or not something has changed."""
    study = dated(base_study(), "2026-01-02")
    study["protocolSection"]["identificationModule"].pop("organization", None)
    rendered(build, tmp_path, ("ctgov_xml", study), ("ctgov_v2", study))
    assert build.execute("SELECT changes FROM history.version_pair").fetchall() == [(0,)]
    assert compare_versions(build, "1") == compare_module.Compared(0, 0, 0)


@pytest.mark.parametrize("classic", ["ctgov_classic_json", "ctgov_classic_xml"])
def test_lists_whose_marks_a_format_lost_have_not_changed(
    build: duckdb.DuckDBPyConnection, tmp_path: Path, classic: str
) -> None:
    """The classic API gave texts without the marks of their lists: every study would have changed in 2024."""
    old, new = dated(base_study(), "2026-01-02"), dated(base_study(), "2026-02-03")
    for study in (old, new):
        criteria = "Inclusion Criteria:\n\n* Aged \\>= 18\n\n  1. or well\n* able\n\nExclusion Criteria:\n\n* ill"
        study["protocolSection"]["eligibilityModule"]["eligibilityCriteria"] = criteria
    new["protocolSection"]["eligibilityModule"]["eligibilityCriteria"] += " or tired"
    rendered(build, tmp_path, (classic, old), (classic, new))
    assert [change[0] for change in changes(build)] == ["protocolSection.eligibilityModule.eligibilityCriteria"]
    newer = dated(new, "2026-03-04")
    (tmp_path / "landing" / "newer").write_bytes(orjson.dumps(newer))
    ingest_landing(build, tmp_path / "landing", tmp_path / "home")
    compare_versions(build, "1")
    sql = "SELECT from_format, to_format FROM history.version_pair ORDER BY from_version"
    assert build.execute(sql).fetchall() == [(classic, classic), (classic, "ctgov_v2")]
    assert len(changes(build)) == 1, "the same text in API v2, with its marks, is no change"


def test_a_version_that_comes_first_and_late_moves_the_numbers_of_the_others(
    build: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    first, second, third, fourth = series(4)
    arrive(build, tmp_path, second, third, fourth)
    arrive(build, tmp_path, first, run="late")
    numbers = "SELECT DISTINCT from_version, to_version, new_value FROM history.change WHERE path LIKE '%briefTitle'"
    assert sorted(build.execute(numbers).fetchall()) == [(1, 2, "Title 1"), (2, 3, "Title 2"), (3, 4, "Title 3")]
    pairs = build.execute("SELECT from_version, to_version, changes FROM history.version_pair ORDER BY 1").fetchall()
    assert [pair[:2] for pair in pairs] == [(1, 2), (2, 3), (3, 4)]
    with empty_build(tmp_path / "at-once.duckdb") as other:
        arrive(other, tmp_path / "at-once", first, second, third, fourth)
        assert history(other) == history(build)
