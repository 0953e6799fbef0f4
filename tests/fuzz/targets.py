"""What is fuzzed: each reader, the containers, and the parsers of ids, dates, numbers, ages and criteria.

Belongs here: for each target, how an input is made and what must hold for it. Does not: campaigns (campaign.py).
"""

from __future__ import annotations

import atexit
import gzip
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from zlib import crc32

from pipelines.landing.member import Member
from pipelines.readers import find_records, read_file, read_member
from pipelines.readers.base import RawRecord
from pipelines.staging.batch import Item
from tests.fuzz import archives, values
from tests.fuzz.chance import Chance
from tests.fuzz.mutate import change_bytes, member
from tests.fuzz.oracles import LIMITS, Results, check_results, check_staged, same
from tests.fuzz.seeds import READER_FORMATS, members_of

_TWICE_ONCE_IN = 40
_FOUND_ONCE_IN = 8


@dataclass(frozen=True, slots=True)
class Target:
    """`make` gives an input; `run` takes it, raises whatever is wrong, and gives the records it found. `together`
    inputs' records are staged in one batch. `share`: how many inputs it gets in a campaign, relative to others."""

    name: str
    make: Callable[[Chance], Any]
    run: Callable[[Any], Results]
    share: float
    together: int = 0


def read_bytes(data: bytes) -> Results:
    """All that a member with this content gives; what the oracles ask of it holds."""
    found = _read(data)
    check_results(found)
    if data and len(data) < 200_000 and crc32(data) % _TWICE_ONCE_IN == 0:
        assert same(found, _read(data)), "a second reading gives other records"
    return found


def _read(data: bytes) -> Results:
    whole = Member.of_bytes(None, data)
    return [(reader, record) for reader, records in read_member(whole, LIMITS) for record in records]


def read_path(data: bytes) -> Results:
    """As read_bytes, by way of a file: for archives, and for tables that make records together. Now and then every
    record is looked for by its place, and found with the same bytes."""
    path = _scratch() / "file"
    path.write_bytes(data)
    found = [(reader, record) for reader, records in read_file(path, LIMITS, _scratch()) for record in records]
    check_results(found)
    if crc32(data) % _FOUND_ONCE_IN == 0:
        records = {(one.member, one.position): one.raw for _, one in found if isinstance(one, RawRecord)}
        again = find_records(path, records.keys(), LIMITS, _scratch())
        assert {place: one.raw for place, (_, one) in again.items()} == records, "a record is not where it was found"
    return found


@cache
def _scratch() -> Path:
    shared_memory = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="trialmart-fuzz-", dir=shared_memory if shared_memory.is_dir() else None)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def stage(found: Sequence[Results]) -> None:
    """Stage what several inputs gave, as the files of one batch; what the oracles ask holds."""
    items = [
        Item(number, reader, record)
        for number, results in enumerate(found)
        for reader, record in results
        if reader is not None and isinstance(record, RawRecord)
    ]
    check_staged(items)


def _from_seeds(reader_format: str, chance: Chance) -> bytes:
    data = member(members_of(reader_format), chance)
    return gzip.compress(data, 1) if chance.randrange(50) == 0 else data


def _tables(chance: Chance) -> bytes:
    """An archive of tables of which some have been changed."""
    return archives.repacked(chance.choice(members_of("aact_flat")), chance)


def _noise(chance: Chance) -> bytes:
    """Nothing that began as a record: short bytes behind the beginnings that recognisers look for."""
    head = chance.choice([data[:60] for name in READER_FORMATS if name != "aact_flat" for data in members_of(name)[:1]])
    head = head[: chance.randrange(61)]
    return change_bytes(head + chance.randbytes(chance.randrange(80)), chance)


def targets() -> dict[str, Target]:
    """All targets by name."""
    found = [
        Target(name, partial(_from_seeds, name), read_bytes, 1.6, 128) for name in READER_FORMATS if name != "aact_flat"
    ]
    found.append(Target("aact_flat", _tables, read_path, 0.2, 16))
    found.append(Target("noise", _noise, read_bytes, 2.0, 128))
    found.append(Target("containers", archives.archive, read_path, 2.0, 128))
    found += [Target(name, make, _nothing(run), share) for name, (make, run, share) in values.PARSERS.items()]
    return {target.name: target for target in found}


def _nothing(run: Callable[[Any], None]) -> Callable[[Any], Results]:
    def ran(made: Any) -> Results:
        run(made)
        return []

    return ran
