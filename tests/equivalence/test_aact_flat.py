"""A study read from an AACT export is the study, as far as AACT carries it; synthetic ones and real ones."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest

from pipelines.readers import read_file
from pipelines.readers.base import RawRecord
from pipelines.sample import make_study
from pipelines.sample.render.aact_flat import carried, render_file
from pipelines.settings import Limits

Study = dict[str, Any]

BETA_NAMES = {"locations_nested", "modelPredictions", "interventionMappedName"}
"""Names of the API's beta of 2023 in some real files, which AACT never knew."""


def read_back(tmp_path: Path, studies: list[Study]) -> dict[str, Study]:
    """Studies by NCT id as they come back, without what stands beside them in the registry's section."""
    path = tmp_path / "export.zip"
    path.write_bytes(render_file(studies))
    found: dict[str, Study] = {}
    for reader, records in read_file(path, Limits(), tmp_path / "scratch"):
        assert reader is not None
        assert reader.format == "aact_flat"
        for record in records:
            assert isinstance(record, RawRecord), record
            assert record.study is not None
            assert not [name for name in record.study if ":" in name]
            study = {name: part for name, part in record.study.items() if name != "registrySection"}
            found[study["protocolSection"]["identificationModule"]["nctId"]] = study
    return found


def hold(tmp_path: Path, seed: int, count: int) -> None:
    studies = [make_study(seed, index) for index in range(count)]
    back = read_back(tmp_path, studies)
    assert len(back) == count
    for study in studies:
        expected = carried(study)
        assert back[expected["protocolSection"]["identificationModule"]["nctId"]] == expected


def test_what_the_export_carries_comes_back(tmp_path: Path) -> None:
    hold(tmp_path, seed=21, count=200)


@pytest.mark.slow
def test_what_the_export_carries_comes_back_from_thousands(tmp_path: Path) -> None:
    hold(tmp_path, seed=22, count=3000)


def test_the_oracle_is_no_subset_of_tokens() -> None:
    """Nearly all of a study is carried: else equality would say little."""
    leaves = carried_leaves = 0
    for index in range(60):
        study = make_study(21, index)
        leaves += _leaves(study)
        carried_leaves += _leaves(carried(study))
    assert carried_leaves > 0.9 * leaves


def _leaves(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_leaves, value.values()))
    return sum(map(_leaves, value)) if isinstance(value, list) else 1


@pytest.mark.slow
def test_real_studies_survive_being_written_as_an_export(shared_dir: Path, tmp_path: Path) -> None:
    """All but names of the API's beta and three places where AACT cannot tell: measures without any value, and the
    border between two neighbouring baseline measures of the same heading (both of one study in 664)."""
    studies: dict[str, Study] = {}
    with zipfile.ZipFile(shared_dir / "data" / "ctgov_v2" / "bulk.zip") as archive:
        for name in archive.namelist():
            study = _without_beta(orjson.loads(archive.read(name)))
            studies.setdefault(study["protocolSection"]["identificationModule"]["nctId"], study)
    whole = [study for study in studies.values() if "statusModule" in study["protocolSection"]]
    assert len(whole) > 600
    back = read_back(tmp_path, whole)
    for study in whole:
        expected = carried(study)
        found = back[expected["protocolSection"]["identificationModule"]["nctId"]]
        assert _baseline_values(found) == _baseline_values(expected)
        assert found == expected


def _without_beta(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _without_beta(inner) for name, inner in value.items() if name not in BETA_NAMES}
        return {name: inner for name, inner in kept.items() if inner != {}}
    return [_without_beta(inner) for inner in value] if isinstance(value, list) else value


def _baseline_values(study: Study) -> list[tuple[Any, ...]]:
    """Every baseline value with all that it is under, in order; takes the measures out of the study."""
    module = study.get("resultsSection", {}).get("baselineCharacteristicsModule", {})
    found = []
    for measure in module.pop("measures", ()):
        head = tuple(sorted((name, str(value)) for name, value in measure.items() if name != "classes"))
        for group in measure.get("classes", ()):
            for category in group.get("categories", ()):
                found += [
                    (head, group.get("title"), category.get("title"), tuple(sorted(one.items())))
                    for one in category.get("measurements", ())
                ]
    return found
