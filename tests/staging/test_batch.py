"""A batch of raw records: everything is staged, known already, or refused with a reason; nothing is lost."""

from __future__ import annotations

import gc
import zipfile
from pathlib import Path

import numpy as np
import orjson
import polars as pl
import pytest

from pipelines.readers import reasons
from pipelines.settings import Limits
from pipelines.staging.batch import Batch, Candidate, Item, process
from tests.staging.leaf_accounting import frame_leaves, record_leaves
from tests.staging.studies import V2, item, study

NOTHING = np.empty(0, dtype=np.int64)


def _process(items: list[Item], known: np.ndarray = NOTHING) -> Batch:
    batch = process(items, known, Limits())
    assert batch.versions.height + len(batch.unchanged) + len(batch.refused) == len(items)
    return batch


def _codes(batch: Batch) -> list[str]:
    return [record.reason_code for _, record in batch.refused]


def test_good_records_survive_their_neighbours() -> None:
    good = [item(study(f"NCT0100000{number}"), number) for number in (1, 3)]
    batch = _process([good[0], item(b'{"protocolSection": {"identif', 2), good[1]])
    assert sorted(batch.versions["record_key"]) == ["CTGOV:NCT01000001", "CTGOV:NCT01000003"]
    assert [(record.position, record.reason_code) for _, record in batch.refused] == [(2, reasons.TRUNCATED_JSON)]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'{"protocolSection": {]', reasons.MALFORMED_JSON),
        (b'{"protocolSection": {"identificationModule": {"nctId": "NCT01', reasons.TRUNCATED_JSON),
        (b'{"protocolSection": "\xff"}', reasons.NOT_UTF8),
        (b"[1, 2]", reasons.NOT_AN_OBJECT),
        (b'{"protocolSection": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", reasons.TOO_DEEP),
        (b'{"hasResults": NaN}', reasons.MALFORMED_JSON),
        (b'{"hasResults": true}', reasons.NO_IDENTITY),
        (
            orjson.dumps(study(identificationModule={"nctId": "NCT01000001", "briefTitle": 5})),
            reasons.WRONG_TYPE,
        ),
        (b'{"hasResults": true, ' + orjson.dumps(study())[1:], reasons.DUPLICATE_KEY),
        (
            orjson.dumps(study(statusModule={"startDateStruct": {"date": "2024-02-31"}})),
            reasons.IMPOSSIBLE_DATE,
        ),
    ],
    ids=[
        "malformed",
        "cut",
        "not UTF-8",
        "a list",
        "deep",
        "NaN",
        "no identity",
        "wrong type",
        "name twice",
        "no such day",
    ],
)
def test_what_bad_input_gets(raw: bytes, code: str) -> None:
    batch = _process([item(raw), item(study("NCT01000009"), 2)])
    assert _codes(batch) == [code]
    assert batch.versions["record_key"].to_list() == ["CTGOV:NCT01000009"]
    assert set(batch.frames["study"]["version_id"]) == set(batch.versions["version_id"])


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_text_is_no_date_and_no_reason_to_refuse_a_record(text: str) -> None:
    """Programs that know no null write "": the whole record was refused as one with an impossible date."""
    status = {"startDateStruct": {"date": text}, "completionDateStruct": {"date": "2028"}}
    batch = _process([item(study(statusModule=status))])
    assert _codes(batch) == []
    row = batch.frames["study"].row(0, named=True)
    assert [row[f"start_date{end}"] for end in ("", "_earliest", "_latest", "_precision")] == [None] * 4
    assert row["completion_date"] == "2028"


def test_a_refused_date_takes_all_rows_of_its_record_along() -> None:
    bad = study(statusModule={"startDateStruct": {"date": "2024-13"}}, conditionsModule={"conditions": ["Pain"]})
    batch = _process([item(bad), item(study("NCT01000009", conditionsModule={"conditions": ["Ache"]}), 2)])
    assert batch.frames["condition"]["condition"].to_list() == ["Ache"]
    assert "protocolSection.statusModule.startDateStruct.date: '2024-13'" in batch.refused[0][1].reason


def test_nothing_of_a_batch_outlives_it_where_the_collector_is_off() -> None:
    """A refusal that was kept as an exception held the batch in a circle: 14 GB for 100,000 studies."""
    gc.collect()
    gc.disable()
    try:
        twice = orjson.dumps(study("NCT01000001")).replace(b'"nctId"', b'"nctId":"NCT01000001","nctId"', 1)
        undated = study("NCT01000002", statusModule={"startDateStruct": {"date": "2024-02-31"}})
        batch = _process([item(twice), item(undated, 2), item(b"{]", 3), item(study("NCT01000009"), 4)])
        assert _codes(batch) == [reasons.MALFORMED_JSON, reasons.DUPLICATE_KEY, reasons.IMPOSSIBLE_DATE]
        del batch
        left = [one for one in gc.get_objects() if isinstance(one, Candidate | Item)]
        assert left == []
    finally:
        gc.enable()


def test_the_same_record_again_is_unchanged() -> None:
    batch = _process([item(study()), item(study(), 2), item(orjson.dumps(study(), option=orjson.OPT_INDENT_2), 3)])
    assert (batch.versions.height, batch.unchanged) == (1, [(0, "NCT01000001")] * 2)


def test_a_version_that_the_warehouse_knows_is_unchanged() -> None:
    first = _process([item(study())])
    again = _process([item(study(), file_no=4)], np.sort(first.versions["version_id"].to_numpy()))
    assert (again.versions.height, again.unchanged, again.frames) == (0, [(4, "NCT01000001")], {})


def test_copies_of_a_refused_record_are_refused_as_well() -> None:
    bad = study(statusModule={"startDateStruct": {"date": "2024-02-31"}})
    assert _codes(_process([item(bad), item(bad, 2)])) == [reasons.IMPOSSIBLE_DATE] * 2


def test_a_name_with_quotes_newlines_and_sql_is_only_a_name() -> None:
    title = '\'); DROP TABLE study; --\n"x"\u202e\x00 ≥ 中'
    batch = _process([item(study(identificationModule={"nctId": "NCT01000001", "briefTitle": title}))])
    assert batch.frames["study"]["brief_title"].to_list() == [title]


def test_partial_dates_are_intervals() -> None:
    status = {"startDateStruct": {"date": "2026-06"}, "completionDateStruct": {"date": "2028"}}
    row = _process([item(study(statusModule=status))]).frames["study"].row(0, named=True)
    assert [str(row[f"start_date{end}"]) for end in ("", "_earliest", "_latest", "_precision")] == [
        "2026-06",
        "2026-06-01",
        "2026-06-30",
        "month",
    ]
    assert (str(row["completion_date_latest"]), row["completion_date_precision"]) == ("2028-12-31", "year")


def test_identifiers_have_their_roles() -> None:
    identification = {
        "nctId": "NCT01000001",
        "orgStudyIdInfo": {"id": "ABC-1"},
        "secondaryIdInfos": [{"id": "2011-001295-19", "type": "EUDRACT_NUMBER"}],
    }
    summary = "NCT01000001 follows NCT01000077 and EudraCT 2011-001295-19."
    batch = _process([item(study(identificationModule=identification, descriptionModule={"briefSummary": summary}))])
    found = batch.frames["identifier"].select("role", "id_type", "id_norm", "position").rows()
    assert found == [
        ("own", "CTGOV", "NCT01000001", 1),
        ("secondary", "EUDRACT", "2011-001295-19", 2),
        ("org", "ORG", "ABC-1", 3),
        ("mention", "CTGOV", "NCT01000077", 4),
    ]


def test_what_kind_an_identifier_is_stands_in_its_domain_where_the_type_says_nothing() -> None:
    """ClinicalTrials.gov: type OTHER or REGISTRY, domain "jRCT", id 2031230631: the id has no prefix."""
    given = [
        {"id": "2031230631", "type": "OTHER", "domain": "jRCT"},
        {"id": "2031230632", "type": "REGISTRY", "domain": "Japan Registry of Clinical Trials (jRCT)"},
        {"id": "2031230633", "type": "OTHER_GRANT", "domain": "jRCT"},
        {"id": "2031230634", "type": "OTHER", "domain": "Fund of Example"},
        {"id": "2011-001295-19", "type": "EUDRACT_NUMBER", "domain": "jRCT"},
    ]
    identification = {"nctId": "NCT01000001", "secondaryIdInfos": given}
    found = _process([item(study(identificationModule=identification))]).frames["identifier"]
    assert found.filter(role="secondary").select("id_type", "id_norm").rows() == [
        ("JRCT", "jRCT2031230631"),
        ("JRCT", "jRCT2031230632"),
        ("OTHER", "2031230633"),
        ("OTHER", "2031230634"),
        ("EUDRACT", "2011-001295-19"),
    ]


def test_other_trials_are_named_where_a_study_says_why_it_stopped_and_who_took_part() -> None:
    sections = {
        "statusModule": {"whyStopped": "The separate study (NCT01000077) is deemed sufficient"},
        "descriptionModule": {"briefSummary": "A study."},
    }
    flow = {
        "recruitmentDetails": "Randomly selected from Study A05 (NCT01000078).",
        "preAssignmentDetails": "Had to complete A3921039 (NCT01000079).",
    }
    record = study(**sections) | {"resultsSection": {"participantFlowModule": flow}}
    found = _process([item(record)]).frames["identifier"].filter(role="mention")
    assert found.select("id_norm", "source_path").rows() == [
        ("NCT01000077", "protocolSection.statusModule.whyStopped"),
        ("NCT01000078", "resultsSection.participantFlowModule.recruitmentDetails"),
        ("NCT01000079", "resultsSection.participantFlowModule.preAssignmentDetails"),
    ]


def _real_studies(shared_dir: Path) -> list[bytes]:
    with zipfile.ZipFile(shared_dir / "data/ctgov_v2/bulk.zip") as archive:
        return [archive.read(name) for name in archive.namelist() if name.endswith(".json")]


def test_no_scalar_of_a_real_record_is_lost(shared_dir: Path) -> None:
    """Each scalar leaf of the input stands at its place in the staged frames or among the unknown values."""
    documents = _real_studies(shared_dir)
    batch = _process([item(raw, number) for number, raw in enumerate(documents, start=1)])
    assert batch.refused == []
    scalars = pl.col("value").is_not_null() & ~pl.col("value").is_in(["{}", "[]"])
    unknown_count = dict(batch.frames["unknown_value"].filter(scalars).group_by("version_id").len().iter_rows())
    by_version = {name: frame.partition_by("version_id", as_dict=True) for name, frame in batch.frames.items()}
    leaves = 0
    for version_id, position in batch.versions.select("version_id", "position").iter_rows():
        wanted = record_leaves(orjson.loads(documents[position - 1]))
        own = {name: parts[version_id,] for name, parts in by_version.items() if (version_id,) in parts}
        staged = frame_leaves(own, version_id)
        assert not staged - wanted
        assert sum((wanted - staged).values()) == unknown_count.get(version_id, 0)
        leaves += sum(wanted.values())
    assert leaves > 100_000
    assert V2.format in batch.versions["source_format"].to_list()
