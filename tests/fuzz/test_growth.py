"""Reading and staging take no more than linear time, whatever is repeated in a file, and bounded memory."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from tests.conftest import REPO_ROOT
from tests.fuzz.chance import Chance
from tests.fuzz.growth import numbered, outgrows, pumped, seconds
from tests.fuzz.seeds import READER_FORMATS, members_of
from tests.fuzz.targets import read_bytes, stage
from tests.readers.studies import compact, study

pytestmark = pytest.mark.slow

BYTES = 40_000
INPUTS = 1
WORTH_A_LOOK_SECONDS = 0.12


def staged(data: bytes) -> None:
    stage([read_bytes(data)])


@pytest.mark.parametrize("growing", [pumped, numbered])
@pytest.mark.parametrize("name", [name for name in READER_FORMATS if name != "aact_flat"])
def test_readers(name: str, growing: Callable[[bytes, Chance], Callable[[int], bytes]]) -> None:
    for number in range(INPUTS):
        chance = random.Random(f"{name}{number}")
        of_size = growing(chance.choice(members_of(name)), chance)
        if seconds(staged, of_size(BYTES)) > WORTH_A_LOOK_SECONDS:
            assert outgrows(staged, of_size, BYTES // 4) is None


def columns(size: int) -> bytes:
    """A table whose heading names one column over and over."""
    return b"NCT Number,Study Title,Study URL,Sponsor" + b",ent" * (size // 4) + b"\n"


def doctype(size: int) -> bytes:
    """A document type that is never closed."""
    return b"<!DOCTYPE " + b"a" * size


def names(size: int) -> bytes:
    """An object with many names of which the last stands twice; a text hides how many there should be."""
    many = b"".join(b'"n%d":0,' % number for number in range(size // 10))
    return compact(study(1))[:-1] + b',"x":{' + many + b'"z":0,"z":0}}'


def landmarks(size: int) -> bytes:
    """Studies each of which holds the beginning of the next, and none ends."""
    return b'{"protocolSection":' * (size // 19)


def products(size: int) -> bytes:
    """A trial of the EU register with many products of one name, each with a code of its own."""
    record = orjson.loads(members_of("ctis_json")[0])
    record = record[0] if isinstance(record, list) else record
    part = record.setdefault("authorizedApplication", {}).setdefault("authorizedPartI", {})
    part["products"] = [{"productName": "Tea", "activeSubstanceName": f"T{number}"} for number in range(size // 60)]
    return orjson.dumps(record)


@pytest.mark.parametrize("of_size", [columns, doctype, names, products, landmarks])
def test_what_once_took_quadratic_time(of_size: Callable[[int], bytes]) -> None:
    """Found on 2026-11-21: 64 KB of an open document type took 2 s for each reader that looked at it, a heading of
    120 KB 8 s, 460 KB of studies within studies 20 s; 32 MB of names, one of them twice, would have taken months."""
    assert outgrows(staged, of_size, 20_000) is None


PEAK = """
import resource, sys
from pathlib import Path
from tests.fuzz.targets import read_path, stage
from tests.readers.studies import compact, study
stage([read_path(compact(study(1)))])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in sys.argv[1:]:
    stage([read_path(Path(path).read_bytes())])
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_memory_stays_bounded(tmp_path: Path) -> None:
    """A bomb that would give 100 MB, and records of 8 MB of one token, of brackets, of tags, in a process of its own.

    Before, the places of 20 MB of brackets took 414 MiB."""
    head = compact(study(1))[:-1]
    hostile = (
        gzip.compress(head + b" " * 100_000_000, 1),
        head + b',"x":"' + b"a" * 8_000_000 + b'"}',
        head + b',"x":' + b"[" * 4_000_000 + b"]" * 4_000_000 + b"}",
        b"<clinical_study>" + b"<a>" * 2_700_000,
    )
    paths = [tmp_path / str(number) for number in range(len(hostile))]
    for path, data in zip(paths, hostile, strict=True):
        path.write_bytes(data)
    command = [sys.executable, "-c", PEAK, *map(str, paths)]
    ran = subprocess.run(command, cwd=REPO_ROOT, capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 250
