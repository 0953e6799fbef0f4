"""Samples on disk: re-read with the standard library, they hold what the sidecar says."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.sample import FORMATS, SIDECAR_NAME, SampleError, make_study, rendered, write_sample
from pipelines.sample.blocks import MIXED_MINIMUM, blocks_of
from pipelines.sample.rendered import RENDERINGS, render_file

from .checks_by_hand import CHECKS, module

Study = dict[str, Any]
JSON_FORMATS = [name for name in FORMATS if name.startswith("ctgov") and name not in RENDERINGS]
TODAY = date(2026, 11, 21)


def _sidecar(directory: Path) -> dict[str, Any]:
    return json.loads((directory / SIDECAR_NAME).read_bytes())


def _pieces(path: Path, format_name: str) -> Iterator[tuple[str | None, int, bytes | Study]]:
    """(member, position, bytes or parsed study) of every record in a file, as a plain reader sees them."""
    if format_name == "ctgov_zip":
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                yield info.filename, 1, archive.read(info)
    elif format_name in ("ctgov_ndjson", "ctgov_ndjson_gz"):
        data = path.read_bytes() if format_name == "ctgov_ndjson" else gzip.decompress(path.read_bytes())
        assert data.endswith(b"\n")
        for position, line in enumerate(data[:-1].split(b"\n"), start=1):
            yield None, position, line
    elif format_name == "ctgov_page":
        for position, study in enumerate(json.loads(path.read_text("utf-8", errors="replace"))["studies"], start=1):
            yield None, position, study
    elif format_name == "ctgov_array":
        for position, study in enumerate(json.loads(path.read_text("utf-8", errors="replace")), start=1):
            yield None, position, study
    else:
        yield None, 1, path.read_bytes()


def _parsed(piece: bytes | Study) -> Study | None:
    if isinstance(piece, dict):
        return piece
    try:
        return json.loads(piece.decode("utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None


def _fates(directory: Path) -> tuple[Counter[str], dict[tuple[str, str | None, int], bytes | Study]]:
    """Files read once, in their order: counted by the sidecar's own words, and every record by its place."""
    sidecar = _sidecar(directory)
    refused = {(e["file"], e["member"], e["position"]) for e in sidecar["defects"] if e["expectation"] == "quarantine"}
    seen: set[bytes] = set()
    counts: Counter[str] = Counter()
    places: dict[tuple[str, str | None, int], bytes | Study] = {}
    for file in sidecar["files"]:
        pieces = list(_pieces(directory / file["path"], file["format"]))
        for member, position, piece in pieces:
            place = (file["path"], member, position)
            places[place] = piece
            text = piece if isinstance(piece, bytes) else json.dumps(piece).encode()
            if place in refused:
                counts["quarantined"] += 1
            elif text in seen:
                counts["unchanged"] += 1
            else:
                counts["accepted"] += 1
                seen.add(text)
        assert len(pieces) == file["records"], file
    return counts, places


@pytest.mark.parametrize("format_name", JSON_FORMATS)
def test_counts_add_up_with_what_is_in_the_files(format_name: str, tmp_path: Path) -> None:
    report = write_sample(700, tmp_path, formats=[format_name])
    expected = _sidecar(tmp_path)["expected"]
    counts, _ = _fates(tmp_path)
    assert counts == {key: expected[key] for key in ("accepted", "unchanged", "quarantined") if expected[key]}
    assert expected["seen"] == counts.total() == 700 == report.records
    assert (report.seen, report.accepted, report.unchanged, report.quarantined) == tuple(
        expected[key] for key in ("seen", "accepted", "unchanged", "quarantined")
    )
    assert expected["quarantined"] > 0
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("format_name", JSON_FORMATS)
def test_planted_defects_are_at_their_places(format_name: str, tmp_path: Path) -> None:
    write_sample(700, tmp_path, formats=[format_name])
    _, places = _fates(tmp_path)
    kinds = Counter()
    for entry in _sidecar(tmp_path)["defects"]:
        piece = places[(entry["file"], entry["member"], entry["position"])]
        study = _parsed(piece)
        kinds[entry["expectation"]] += 1
        if entry["expectation"] == "violation":
            assert study is not None
            assert CHECKS[entry["rule"]](study, TODAY) is False
        if entry["expectation"] == "unknown_field":
            assert study["protocolSection"]["statusModule"]["expectedNextUpdate"] == entry["value"]
        if entry["record_key"] is not None:
            assert entry["record_key"] == f"CTGOV:{module(study, 'identification')['nctId']}"
        if entry["rule"] in ("truncated_json", "not_utf8") and isinstance(piece, bytes):
            assert study is None
        if entry["rule"] == "no_identity":
            assert "nctId" not in module(study, "identification")
    assert kinds["violation"] > 35
    assert kinds["quarantine"] > 0


def test_records_without_defect_are_the_clean_studies(tmp_path: Path) -> None:
    write_sample(150, tmp_path, seed=3)
    marked = {entry["member"] for entry in _sidecar(tmp_path)["defects"]}
    with zipfile.ZipFile(tmp_path / "ctg-studies.json.zip") as archive:
        for index, info in enumerate(archive.infolist()):
            if info.filename not in marked:
                assert json.loads(archive.read(info)) == make_study(3, index)
    assert len(marked) < 30


def test_a_small_sample_is_the_beginning_of_a_larger_one(tmp_path: Path) -> None:
    write_sample(60, tmp_path / "small", formats=["ctgov_zip"])
    write_sample(240, tmp_path / "large", formats=["ctgov_zip"])
    with (
        zipfile.ZipFile(tmp_path / "small/ctg-studies.json.zip") as small,
        zipfile.ZipFile(tmp_path / "large/ctg-studies.json.zip") as large,
    ):
        first = large.infolist()[:60]
        assert [info.filename for info in small.infolist()] == [info.filename for info in first]
        assert all(small.read(ours) == large.read(theirs) for ours, theirs in zip(small.infolist(), first, strict=True))
    few, many = (_sidecar(tmp_path / name)["defects"] for name in ("small", "large"))
    assert few == many[: len(few)]


def test_formats_hold_the_same_records(tmp_path: Path) -> None:
    found = []
    for name in ("ctgov_ndjson", "ctgov_ndjson_gz", "ctgov_zip"):
        write_sample(80, tmp_path / name, formats=[name])
        file = _sidecar(tmp_path / name)["files"][0]
        found.append([piece for _, _, piece in _pieces(tmp_path / name / file["path"], name)])
    assert found[0] == found[1] == found[2]


def _tree(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_sample(60, tmp_path / name, formats=JSON_FORMATS)
    assert _tree(tmp_path / "one") == _tree(tmp_path / "two")


def test_records_are_shared_among_the_formats(tmp_path: Path) -> None:
    write_sample(32, tmp_path, formats=JSON_FORMATS)
    per_format = Counter[str]()
    for file in _sidecar(tmp_path)["files"]:
        per_format[file["format"]] += file["records"]
    assert per_format == {name: 6 if number < 2 else 5 for number, name in enumerate(JSON_FORMATS)}


def test_bulk_members_lie_in_folders_of_their_last_digits(tmp_path: Path) -> None:
    write_sample(30, tmp_path, defects=False)
    names = zipfile.ZipFile(tmp_path / "ctg-studies.json.zip").namelist()
    assert all(name == f"{name[-7:-5]}/NCT{name[6:14]}.json" for name in names)


def test_pages_name_the_next_one_but_the_last_does_not(tmp_path: Path) -> None:
    write_sample(50, tmp_path, formats=["ctgov_page"], defects=False)
    pages = [json.loads(path.read_bytes()) for path in sorted((tmp_path / "api").iterdir())]
    assert [len(page["studies"]) for page in pages] == [17, 17, 16]
    assert pages[0]["totalCount"] == 50
    assert ["nextPageToken" in page for page in pages] == [True, True, False]


def test_without_defects_all_is_clean(tmp_path: Path) -> None:
    report = write_sample(300, tmp_path, formats=["ctgov_ndjson"], defects=False)
    assert report.accepted == report.seen == 300
    assert _sidecar(tmp_path)["defects"] == []
    for index, line in enumerate((tmp_path / "studies.ndjson").read_bytes().splitlines()):
        assert json.loads(line) == make_study(7, index)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[int] = []
    write_sample(1200, tmp_path, formats=["ctgov_ndjson"], on_progress=told.append)
    assert told == [500, 1000, 1200]


def test_the_folder_may_hold_other_files(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    write_sample(5, tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "kept"


def test_the_same_sample_may_be_written_again_another_not(tmp_path: Path) -> None:
    write_sample(5, tmp_path)
    before = _tree(tmp_path)
    write_sample(5, tmp_path)
    assert _tree(tmp_path) == before
    with pytest.raises(SampleError, match="another sample"):
        write_sample(6, tmp_path)
    assert _tree(tmp_path) == before


def test_a_sidecar_that_is_none_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / SIDECAR_NAME).write_text("not ours")
    with pytest.raises(SampleError, match="not a sidecar"):
        write_sample(5, tmp_path)
    assert (tmp_path / SIDECAR_NAME).read_text() == "not ours"


@pytest.mark.parametrize(
    ("n", "seed", "formats", "message"),
    [
        (0, 7, ["ctgov_zip"], "at least one record"),
        (5, -1, ["ctgov_zip"], "seed of 0 or more"),
        (5, 7, ["csv"], "unknown format csv"),
        (5, 7, [], "none given"),
        (5, 7, ["ctgov_zip", "ctgov_zip"], "named twice"),
        (50, 7, ["mixed", "ctgov_zip"], "give it alone"),
        (MIXED_MINIMUM - 1, 7, ["mixed"], "at least 30"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_written(
    n: int, seed: int, formats: list[str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=message):
        write_sample(n, tmp_path / "new", seed=seed, formats=formats)
    assert not (tmp_path / "new").exists()


def test_fewer_records_than_formats(tmp_path: Path) -> None:
    report = write_sample(2, tmp_path, formats=JSON_FORMATS)
    assert [file["format"] for file in _sidecar(tmp_path)["files"]] == JSON_FORMATS[:2]
    assert report.records == 2


@pytest.mark.parametrize("n", [MIXED_MINIMUM, 31, 100, 5000, 600_000])
def test_the_mixture_takes_all_records(n: int) -> None:
    blocks = blocks_of(n, ["mixed"])
    assert sum(block.records for block in blocks) == n
    assert all(block.records > 0 for block in blocks)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("mixed")
    write_sample(400, directory, formats=["mixed"], seed=9)
    return directory


class TestMixed:
    """The landing folder as people leave it."""

    def test_counts_add_up(self, folder: Path) -> None:
        sidecar = _sidecar(folder)
        expected = sidecar["expected"]
        fates = Counter[str]()
        for file in sidecar["files"]:
            assert file["accepted"] + file["unchanged"] + file["quarantined"] == file["records"]
            fates.update({key: file[key] for key in ("accepted", "unchanged", "quarantined")})
        fates["quarantined"] += len(sidecar["bad_files"])
        assert fates == {key: expected[key] for key in ("accepted", "unchanged", "quarantined")}
        assert expected["seen"] == 400 + len(sidecar["bad_files"]) == fates.total()
        refused = Counter(e["file"] for e in sidecar["defects"] if e["expectation"] == "quarantine")
        assert refused == {file["path"]: file["quarantined"] for file in sidecar["files"] if file["quarantined"]}

    def test_every_file_is_in_the_sidecar(self, folder: Path) -> None:
        sidecar = _sidecar(folder)
        listed = {file["path"] for file in sidecar["files"] + sidecar["bad_files"]} | set(sidecar["ignored_files"])
        assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
            *listed,
            SIDECAR_NAME,
        }
        assert {file["format"] for file in sidecar["files"]} == set(FORMATS) - {"mixed", *RENDERINGS}

    def test_bad_files_are_bad(self, folder: Path) -> None:
        codes = {file["reason_code"]: folder / file["path"] for file in _sidecar(folder)["bad_files"]}
        assert codes["empty_file"].stat().st_size == 0
        assert "protocolSection" not in codes["unknown_format"].read_text()

    def test_the_cut_list_holds_whole_records_and_a_torn_one(self, folder: Path) -> None:
        text = (folder / "exports/ctg-studies (1).json").read_text("utf-8", errors="ignore")
        with pytest.raises(json.JSONDecodeError):
            json.loads(text)
        decoder, at, whole = json.JSONDecoder(), 1, 0
        while True:
            try:
                _, at = decoder.raw_decode(text, at)
            except json.JSONDecodeError:
                break
            whole += 1
            at += 1
        file = next(file for file in _sidecar(folder)["files"] if file["path"].endswith("(1).json"))
        assert (file["accepted"], file["quarantined"]) == (whole, 1)

    def test_the_file_with_a_byte_order_mark_is_good(self, folder: Path) -> None:
        path = next((folder / "single/bom").rglob("*.json"))
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        assert "protocolSection" in json.loads(path.read_text("utf-8-sig"))

    def test_an_unfinished_file_lies_about(self, folder: Path) -> None:
        assert [path.name for path in folder.rglob("*.part")] == ["ctg-studies.json.part"]

    def test_pages_are_text(self, folder: Path) -> None:
        pages = [file for file in _sidecar(folder)["files"] if file["format"].startswith("page_text")]
        assert len(pages) == 24 + 16
        for file in pages:
            text = (folder / file["path"]).read_text("utf-8")
            assert ("NCT9" in text) or file["format"] == "page_text_bare"
            assert len(text) > 500


def test_the_mixture_without_defects_has_no_bad_files(tmp_path: Path) -> None:
    report = write_sample(60, tmp_path, formats=["mixed"], defects=False)
    assert report.seen == report.accepted == 60
    assert _sidecar(tmp_path)["bad_files"] == []


def test_a_page_without_labels_is_keyed_by_its_eu_number(tmp_path: Path) -> None:
    write_sample(40, tmp_path, formats=["page_text_bare"])
    for entry in _sidecar(tmp_path)["defects"]:
        key = entry["record_key"]
        assert key is None or key.partition(":")[0] in ("EUDRACT", "CTIS")
        if key is not None:
            assert key.partition(":")[2] in (tmp_path / entry["file"]).read_text()


@pytest.mark.parametrize("format_name", RENDERINGS)
def test_rendered_files_hold_the_same_studies_in_files_of_a_bearable_size(
    format_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendered, "STUDIES_PER_FILE", 4)
    report = write_sample(6, tmp_path, seed=5, formats=[format_name])
    assert (report.seen, report.accepted, report.files, report.planted) == (6, 6, 2, 0)
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file() and path.name != SIDECAR_NAME)
    studies = [make_study(5, number) for number in range(6)]
    expected = [render_file(format_name, studies[:4]), render_file(format_name, studies[4:])]
    assert [path.read_bytes() for path in files] == expected
