"""What the campaigns found, each with its story. Of 2026-11-21 where no day is given; growth: test_growth.py."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import orjson
import pytest

from pipelines.landing.catalogue import FileRefused, LandingFile, archive_file, fingerprint, scan
from pipelines.landing.member import REASON_CHARACTERS, BadRecord
from pipelines.landing.origin import note_path, read_note
from pipelines.readers.base import RawRecord
from pipelines.readers.mapping import Unreadable
from pipelines.readers.mapping.converters import CONVERTERS
from pipelines.readers.study_parts import whole
from pipelines.settings import Limits
from pipelines.staging.batch import Item, process
from pipelines.study.identifiers import classify_identifier
from tests.fuzz.oracles import LIMITS, NOTHING_KNOWN
from tests.fuzz.seeds import members_of
from tests.fuzz.targets import read_bytes, stage
from tests.fuzz.trees import hidden_depth
from tests.readers.studies import compact, study


def codes(data: bytes) -> list[str]:
    """What becomes of a member's records, staged: "accepted", or the reason code."""
    found = read_bytes(data)
    items = [Item(0, reader, record) for reader, record in found if reader and isinstance(record, RawRecord)]
    batch = process(items, NOTHING_KNOWN, LIMITS)
    ended = [record.reason_code for _, record in found if isinstance(record, BadRecord)]
    ended += ["accepted"] * batch.versions.height + ["unchanged"] * len(batch.unchanged)
    return ended + [bad.reason_code for _, bad in batch.refused]


@pytest.mark.parametrize("depth", [101, 200, 253, 300, 900, 1100])
def test_a_depth_that_texts_hide_ended_the_run(depth: int) -> None:
    """`{"a":"}","b":{…` looks flat to a count of brackets that takes texts for structure. Past 254 levels the record
    could be parsed and not be written again: a TypeError went through staging and ended the run, of all files."""
    data = compact(study(1))[:-1] + b',"x":' + hidden_depth(depth).encode() + b"}"
    assert codes(data) == ["too_deep"]
    assert codes(compact(study(2)) + b"\n" + data) == ["accepted", "too_deep"]


@pytest.mark.parametrize("name", ["ctis_json", "drks_json", "isrctn_json"])
def test_a_hidden_depth_in_a_registry_s_json(name: str) -> None:
    document = orjson.loads(members_of(name)[0])
    record = document[0] if isinstance(document, list) else document
    data = orjson.dumps(record)[:-1] + b',"x":' + hidden_depth(500).encode() + b"}"
    assert codes(data) == ["too_deep"]


def test_names_and_figures_beyond_measure() -> None:
    """Where the count of names in a registry's JSON is off, Python's parser looks for one that stands twice; it refuses
    an integer of more than 4,300 figures with an error of its own, which ended the run."""
    record = orjson.loads(members_of("drks_json")[0])
    record = record[0] if isinstance(record, list) else record
    data = orjson.dumps(record)[:-1] + b',"x":"\\\\\\":","y":' + b"9" * 5000 + b"}"
    assert set(codes(data)) <= {"malformed_json", "accepted", "wrong_type"}


def test_a_heading_with_bytes_that_are_not_utf8_ended_the_run() -> None:
    """Names of unknown columns became names of unknown fields, as lone surrogates, which nothing can write."""
    data = members_of("ictrp_csv")[0].replace(b"Acronym", b"Acr\xf3nym\xff\xe9\xea\xeb", 1)
    assert set(codes(data)) == {"not_utf8"}


def test_a_table_whose_encoding_fails_before_its_first_row_ended_the_run() -> None:
    """Whether a tab-separated download has quotation marks was tried out where nobody caught what that may raise."""
    heading = members_of("ctgov_csv")[0].partition(b"\r\n")[0].replace(b",", b"\t")
    damaged = heading.replace(b"Acronym", b"Acronym\xc3\xa9 \xff")
    assert damaged != heading
    assert codes(damaged + b"\r\n") == ["not_utf8"]


def test_an_element_too_deep_for_isrctn_is_no_fault_of_ours() -> None:
    """It was quarantined as `reader_failed`, which says that trialmart is broken."""
    record = orjson.loads(members_of("isrctn_json")[0])
    deep = b'{"a":' * 20 + b"1" + b"}" * 20
    assert codes(orjson.dumps(record)[:-1] + b',"x":' + deep + b"}") == ["too_deep"]


@pytest.mark.parametrize("odd", [["a"], {"a": 1}])
def test_a_list_where_ctis_has_an_id(odd: object) -> None:
    """An id or a name that is a list cannot be a key: `reader_failed`."""
    record = orjson.loads(members_of("ctis_json")[0])
    record = record[0] if isinstance(record, list) else record
    part = record["authorizedApplication"]["authorizedPartI"]
    part["products"] = [{"id": odd, "productName": "Tea"}, {"id": odd, "productName": "Tea"}]
    record["authorizedApplication"]["memberStatesConcerned"] = [{"mscName": odd, "id": odd}] * 2
    assert "reader_failed" not in codes(orjson.dumps(record))


def test_products_without_ids_are_not_one_product() -> None:
    """In a role group the second product without an id was taken for the first, and lost."""
    record = orjson.loads(members_of("ctis_json")[0])
    record = record[0] if isinstance(record, list) else record
    part = record["authorizedApplication"]["authorizedPartI"]
    part["products"] = []
    part["productRoleGroupInfos"] = [
        {"productRoleName": "Test", "products": [{"productName": "Tea"}, {"productName": "Milk"}]}
    ]
    ((_, found),) = read_bytes(orjson.dumps(record))
    assert isinstance(found, RawRecord)
    assert b"Milk" in orjson.dumps(found.study)


@pytest.mark.parametrize("number", [2**31, 2**53 - 1, -(2**31) - 1])
def test_a_criterion_with_a_number_that_no_list_comes_to(number: int) -> None:
    """The staged number has 64 bits, that of `staging.criterion` 32: one record of CTIS ended the run (2026-11-22)."""
    record = orjson.loads(members_of("ctis_json")[0])
    record = record[0] if isinstance(record, list) else record
    information = record["authorizedApplication"]["authorizedPartI"]["trialDetails"]["trialInformation"]
    information["eligibilityCriteria"]["principalInclusionCriteria"] = [
        {"id": 1, "number": number, "principalInclusionCriteria": "Asthma"}
    ]
    assert codes(orjson.dumps(record)) == ["accepted"]


def test_counts_that_cannot_be_added_up() -> None:
    """One enrollment of -2^63 kept `marts.enrollment_change`, and so every record, from being published; counts of
    member states whose sum leaves 64 bits were a fault of the reader (2026-11-22).
    """
    largest = 2**53 - 1
    for count, code in ((largest, "accepted"), (-largest, "accepted"), (largest + 1, "value_out_of_range")):
        record = study(102, designModule={"enrollmentInfo": {"count": count}})
        assert codes(compact(record)) == [code]
    assert codes(compact(study(102, designModule={"enrollmentInfo": {"count": -(2**63)}}))) == ["value_out_of_range"]
    record = orjson.loads(members_of("ctis_json")[0])
    record = record[0] if isinstance(record, list) else record
    record["ctPublicStatusCode"] = 2**64 - 1
    assert codes(orjson.dumps(record)) == ["value_out_of_range"]


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "1e999", "1_000", "٣", "0x10"])
def test_what_python_takes_for_a_number(text: str) -> None:
    """Not a number, infinity and Arabic figures went through `float`; written as JSON, the first two are null."""
    with pytest.raises(Unreadable):
        CONVERTERS["number"](text)
    assert CONVERTERS["number"](" -1.5e3 ") == -1500.0


@pytest.mark.parametrize("text", ["²", "٣", "9" * 19, "9" * 5000, "", "-1", "1.0"])
def test_what_python_takes_for_figures(text: str) -> None:
    """`isdigit` takes a superscript, `int` then fails; and what is beyond 64 bits cannot be written as JSON."""
    assert whole(text) is None
    assert whole("0120") == 120


def test_an_eu_number_that_lost_its_last_pair_is_none_whatever_follows() -> None:
    """2021-504666-93 is no EudraCT number, but was one as soon as a country stood behind it."""
    for text in ("2021-504666-93", "2021-504666-93-DE", "EUCTR2021-504666-93-DE"):
        assert not classify_identifier(text).is_valid
    assert classify_identifier("2019-504666-93-DE").id_norm == "2019-504666-93"


def test_a_reason_is_a_sentence_whatever_it_quotes() -> None:
    """The parser of XML quotes the tag that does not fit, of a megabyte too; it stood in every report."""
    data = members_of("ctgov_xml")[0].replace(b"</clinical_study>", b"<" + b"a" * 50_000 + b"></clinical_study>")
    reasons = [record.reason for _, record in read_bytes(data) if isinstance(record, BadRecord)]
    assert reasons
    assert max(map(len, reasons)) <= REASON_CHARACTERS


@pytest.mark.parametrize(("name", "tag"), [("chictr_xml", b"<Triall>"), ("ictrp_xml", b"<Trial>")])
def test_a_list_that_lost_its_tags_is_no_empty_list(name: str, tag: bytes) -> None:
    """Damage in the opening tag of the only record left the file silent: no record, no quarantine entry."""
    damaged = members_of(name)[0].replace(tag, b"<Tri ")
    assert codes(damaged) == ["malformed_xml"]
    assert codes(b"<Trials_downloaded_from_ICTRP></Trials_downloaded_from_ICTRP>") == []


def test_a_pipe_in_the_place_of_a_file_stopped_the_run_for_ever(tmp_path: Path) -> None:
    """Whoever can write to landing can put a pipe there after the folder has been listed, or in the place of a note,
    which no listing shows. Opening a pipe waits until somebody writes to it."""
    path = tmp_path / "landing" / "a.json"
    path.parent.mkdir()
    path.write_bytes(b"{}")
    (file,) = scan(path.parent).files
    os.mkfifo(note_path(path))
    path.unlink()
    os.mkfifo(path)
    assert refused(file, tmp_path) == ["not_a_file", "not_a_file"]
    note = read_note(path, "")
    assert note is not None
    assert note.fault is not None


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("password")
    path = tmp_path / "landing" / "a.json"
    path.parent.mkdir()
    path.write_bytes(b"{}")
    (file,) = scan(path.parent).files
    path.unlink()
    path.symlink_to(secret)
    note_path(path).symlink_to(secret)
    assert refused(file, tmp_path) == ["symlink", "symlink"]
    note = read_note(path, "")
    assert note is not None
    assert "password" not in (note.fault or "")


def refused(file: LandingFile, folder: Path) -> list[str]:
    """The reason codes with which the file is refused; a thread of its own, lest the test wait for ever."""
    found: list[str] = []

    def attempt() -> None:
        for act in (lambda: archive_file(file, folder / "archive"), lambda: fingerprint(file)):
            try:
                act()
            except FileRefused as error:
                found.append(error.bad.reason_code)

    worker = threading.Thread(target=attempt, daemon=True)
    worker.start()
    worker.join(10)
    assert not worker.is_alive(), "it waits for the pipe"
    return found


def test_the_limit_of_depth_cannot_be_set_beyond_what_can_be_written() -> None:
    with pytest.raises(ValueError, match="less than or equal to 250"):
        Limits(json_depth=300)
    stage([read_bytes(compact(study(1)))])
