"""The table of readers, and the way from a file to its records.

Belongs here: which formats there are (a new one joins READERS in one line) and which reader takes a member.
Does not: any format itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from pipelines.landing.budget import Budget
from pipelines.landing.containers import IN_MEMORY_BYTES, INNER_MARK, is_archive, is_zip, open_members, unwrap
from pipelines.landing.member import BadRecord, Member, MemberError, excerpt_of
from pipelines.landing.reasons import EMPTY_FILE, NESTED_ARCHIVE, UNKNOWN_FORMAT
from pipelines.readers import (
    aact_flat,
    chictr_xml,
    ctgov_classic,
    ctgov_csv,
    ctgov_fields,
    ctgov_v2,
    ctgov_xml,
    ctgov_xml_fields,
    ctis_csv,
    ctis_json,
    drks_json,
    euctr_summary,
    euctr_text,
    ictrp_csv,
    ictrp_xml,
    isrctn_json,
    isrctn_xml,
    registry_page,
    who_xml,
)
from pipelines.readers.base import HEAD_BYTES, RawRecord, Reader
from pipelines.readers.format_guess import format_guess, is_utf16
from pipelines.readers.reasons import NOT_UTF8
from pipelines.readers.wide_text import as_they_stand, in_utf8, utf16_codec
from pipelines.settings import Limits

READERS: tuple[Reader, ...] = (
    ctgov_v2.READER,
    *ctgov_classic.READERS,
    ctgov_xml.READER,
    ctgov_xml.ARCHIVE_READER,
    ctgov_xml.SEARCH_READER,
    ctgov_xml_fields.READER,
    *ctgov_fields.READERS,
    ctgov_csv.READER,
    ictrp_csv.READER,
    ictrp_xml.READER,
    registry_page.READER,
    euctr_text.READER,
    euctr_summary.READER,
    ctis_json.READER,
    ctis_csv.READER,
    aact_flat.READER,
    isrctn_xml.READER,
    isrctn_json.READER,
    drks_json.READER,
    chictr_xml.READER,
    who_xml.READER,
)

Records = Iterator[RawRecord | BadRecord]
_Groups = dict[tuple[Reader, str], list[Member]]
"""Members that are to be read together, by reader and folder."""

_BLANK = b" \t\r\n\f\v\0"
_WIDE = "UTF-16 without its byte order mark, or UTF-32"
_UTF8_BOM = b"\xef\xbb\xbf"


def recognise(head: bytes) -> Reader | None:
    """The reader for content that begins with `head` (HEAD_BYTES of it), None when no reader knows it."""
    return next((reader for reader in READERS if reader.recognise(head)), None)


def read_file(archived: Path, limits: Limits, scratch: Path | None = None) -> Iterator[tuple[Reader | None, Records]]:
    """Everything in a file: for each member its reader and its records.

    A member that no reader takes has the reader None and one BadRecord. Members that together make records (a format
    of many tables) come as one, after the others; `scratch` is where their reader may write meanwhile (the system's
    folder by default). The records of a member are to be taken before the next member is asked for. Only errors of the
    operating system are raised.
    """
    budget = Budget(archived.stat().st_size, limits)
    return _read_members(open_members(archived, limits, budget), limits, scratch, budget)


class NotDivisibleError(Exception):
    """Members in a part of a file belong together with members that may be in another part: read the file whole."""


def read_part(
    archived: Path, limits: Limits, scratch: Path | None, first: int, last: int | None
) -> Iterator[tuple[Reader | None, Records]]:
    """As read_file, for the members from `first` (0-based, in the order of the file) up to and without `last`.

    All parts of a file together, in their order, give what read_file gives. Raises NotDivisibleError, after all that
    stands alone, where that cannot be promised.
    """
    groups: _Groups = {}
    budget = Budget(archived.stat().st_size, limits)
    for member in islice(open_members(archived, limits, budget), first, last):
        if isinstance(member, BadRecord):
            yield None, iter((member,))
        else:
            yield from _read_member(member, limits, scratch, groups, budget)
    if groups and (first, last) != (0, None):
        raise NotDivisibleError(f"{archived}: {len(groups)} groups of members make records together")
    yield from _read_groups(groups, limits, scratch)


def read_member(member: Member, limits: Limits) -> Iterator[tuple[Reader | None, Records]]:
    """As read_file, for one member; more than one result only where the member is an archive itself.

    May be called from any thread: reading and decompressing happen here, not in open_members.
    """
    return _read_members([member], limits, None, None)


def _read_members(
    members: Iterable[Member | BadRecord], limits: Limits, scratch: Path | None, budget: Budget | None
) -> Iterator[tuple[Reader | None, Records]]:
    groups: _Groups = {}
    for member in members:
        if isinstance(member, BadRecord):
            yield None, iter((member,))
        else:
            yield from _read_member(member, limits, scratch, groups, budget)
    yield from _read_groups(groups, limits, scratch)


def _read_groups(groups: _Groups, limits: Limits, scratch: Path | None) -> Iterator[tuple[Reader | None, Records]]:
    for (reader, _), group in groups.items():
        assert reader.together is not None, "only such readers are grouped"
        yield reader, _guarded(partial(reader.together.read, group, limits, scratch), group[0].name)


def _read_member(
    member: Member,
    limits: Limits,
    scratch: Path | None,
    groups: _Groups,
    budget: Budget | None = None,
    *,
    may_unwrap: bool = True,
) -> Iterator[tuple[Reader | None, Records]]:
    try:
        whole = member
        if member.load is not None and (member.size or 0) <= IN_MEMORY_BYTES:
            data = member.load()
            whole, head = Member.of_bytes(member.name, data), data[:HEAD_BYTES]
        else:
            head = member.head()
        reader, codec = recognise(head), None
        if reader is None and (codec := utf16_codec(head)) is not None:
            whole = in_utf8(whole, codec)
            head = whole.head()
            reader = recognise(head)
        if reader is not None and reader.together is not None and codec is None:
            groups.setdefault((reader, _folder(member.name)), []).append(member)
            return
        if reader is not None:
            records = _guarded(partial(reader.read, whole, limits), member.name)
            yield reader, as_they_stand(records, codec) if codec else records
            return
        inner = unwrap(whole, head, limits, budget) if may_unwrap else None
        if inner is None and len(head) < HEAD_BYTES:
            whole.read()  # too short to be recognised, because it is cut? then that is the reason
    except MemberError as error:
        yield None, iter((BadRecord(member.name, None, error.code, str(error)),))
        return
    if inner is None:
        yield None, iter((_not_readable(member.name, head),))
        return
    inner_groups = {} if is_zip(head) else groups  # an inner archive's members are let go of when it has been read
    for found in inner:
        if isinstance(found, BadRecord):
            yield None, iter((found,))
        else:
            yield from _read_member(found, limits, scratch, inner_groups, budget, may_unwrap=False)
    if inner_groups is not groups:
        yield from _read_groups(inner_groups, limits, scratch)


def _folder(name: str | None) -> str:
    """The folder that a member lies in: members of one folder belong together."""
    return (name or "").rpartition("/")[0]


def _guarded(read: Callable[[], Records], name: str | None) -> Records:
    try:
        yield from read()
    except MemberError as error:
        yield BadRecord(name, None, error.code, str(error))


def _not_readable(name: str | None, head: bytes) -> BadRecord:
    if not head.removeprefix(_UTF8_BOM).strip(_BLANK):
        return BadRecord(name, None, EMPTY_FILE, "there is nothing in it; fetch it again")
    if is_archive(head):
        return BadRecord(
            name, None, NESTED_ARCHIVE, "an archive within an archive within an archive; unpack the outer one"
        )
    if is_utf16(head):
        return BadRecord(name, None, NOT_UTF8, f"text in {_WIDE}; save it as UTF-8", excerpt_of(head))
    known = ", ".join(reader.format for reader in READERS)
    reason = f"taken for {format_guess(head)}; no reader knows it (readers: {known})"
    return BadRecord(name, None, UNKNOWN_FORMAT, reason, excerpt_of(head))


Place = tuple[str | None, int]
"""Where a record stands in its file: member and position."""


def find_records(
    archived: Path, places: Collection[Place], limits: Limits, scratch: Path | None = None
) -> dict[Place, tuple[Reader, RawRecord]]:
    """The records at these places, each with its reader, as read_file gave them; places that hold none are left out.

    Opens only the members concerned; of tables that make records together all of their folder.
    """
    wanted = set(places)
    outer = {name for member, _ in wanted for name in _outer_names(member)}
    found: dict[Place, tuple[Reader, RawRecord]] = {}
    groups: _Groups = {}
    for member in open_members(archived, limits):
        if isinstance(member, Member) and (member.name is None or member.name in outer):
            _collect(_read_member(member, limits, scratch, groups), wanted, found)
        if len(found) == len(wanted):
            return found
    folders = {folder for _, folder in groups}
    if folders:
        whole: _Groups = {}
        for member in open_members(archived, limits):
            if isinstance(member, Member) and _folder(member.name) in folders:
                for _ in _read_member(member, limits, scratch, whole):
                    pass  # members that stand alone have been looked at
        _collect(_read_groups(whole, limits, scratch), wanted, found)
    return found


def _collect(
    read: Iterable[tuple[Reader | None, Records]], wanted: set[Place], found: dict[Place, tuple[Reader, RawRecord]]
) -> None:
    for reader, records in read:
        for record in records:
            if reader is not None and isinstance(record, RawRecord):
                place = (record.member, record.position)
                if place in wanted:
                    found[place] = (reader, record)


def _outer_names(member: str | None) -> Iterator[str]:
    """The member's own name and those of the archives that it may lie in."""
    if member is not None:
        yield member
        for mark in re.finditer(re.escape(INNER_MARK), member):
            yield member[: mark.start()]


def find_raw(archived: Path, member: str | None, position: int, limits: Limits) -> bytes:
    """The exact bytes of the record at a member and position, as read_file gave them.

    Raises LookupError where there is none: the file is then not the one in which the record was found.
    """
    for found in open_members(archived, limits):
        if isinstance(found, BadRecord) or not _may_hold(found.name, member):
            continue
        groups: _Groups = {}
        for _, records in _read_member(found, limits, None, groups):
            for record in records:
                if isinstance(record, RawRecord) and (record.member, record.position) == (member, position):
                    return record.raw
        for reader, folder in groups:
            raw = _find_together(archived, reader, folder, member, position, limits)
            if raw is not None:
                return raw
    where = f"member {member!r}, position {position:,}" if member else f"position {position:,}"
    raise LookupError(f"{archived} has no record at {where}; was it read under other limits?")


def _find_together(
    archived: Path, reader: Reader, folder: str, member: str | None, position: int, limits: Limits
) -> bytes | None:
    """The bytes of a record that many members of a folder make together."""
    groups: _Groups = {}
    for found in open_members(archived, limits):
        if isinstance(found, Member) and _folder(found.name) == folder:
            for _ in _read_member(found, limits, None, groups):
                pass  # members that stand alone are none of this record
    group = groups.get((reader, folder), [])
    if reader.together is None or member is None:
        return None
    try:
        return reader.together.find(group, member, position, limits)
    except MemberError:
        return None


def _may_hold(outer: str | None, member: str | None) -> bool:
    return outer == member or outer is None or (member is not None and member.startswith(outer + INNER_MARK))
