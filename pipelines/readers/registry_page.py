"""Registry study pages saved as text: the door between the page_text parser and the other rooms.

Belongs here: bytes to text, pages to records. Does not: reading a page (page_text/).
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.landing.reasons import MEMBER_TOO_LARGE
from pipelines.readers.base import BadRecord, Member, RawRecord, Reader, excerpt_of
from pipelines.readers.page_text import looks_like_page_text, parse_page, split_pages
from pipelines.readers.reasons import NOT_UTF8, READER_FAILED
from pipelines.settings import Limits

_BOM = "\ufeff"


def recognise(head: bytes) -> bool:
    """Whether a member that begins with `head` is a study page; bytes that are not UTF-8 do not hide one."""
    return looks_like_page_text(head.decode("utf-8", "replace").removeprefix(_BOM))


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """A record for each page; `position` counts pages. A byte order mark is dropped, any line ends are
    taken.

    A member that is not UTF-8 or larger than `limits.text_member_bytes` is one bad record. Raises
    MemberError.
    """
    data = member.read(limits.text_member_bytes)
    if len(data) > limits.text_member_bytes:
        reason = f"page text of more than {limits.text_member_bytes:,} bytes, the limit"
        yield BadRecord(member.name, None, MEMBER_TOO_LARGE, reason, excerpt_of(data))
        return
    try:
        text = data.decode().removeprefix(_BOM)
    except UnicodeDecodeError as error:
        reason = f"the byte at {error.start:,} is not UTF-8 ({error.reason}); save the text as UTF-8"
        yield BadRecord(member.name, None, NOT_UTF8, reason, excerpt_of(data))
        return
    for position, (first_line, page) in enumerate(split_pages(text), start=1):
        yield _record(member, position, first_line, page)


def _record(member: Member, position: int, first_line: int, page: str) -> RawRecord | BadRecord:
    raw = page.encode()
    try:
        return RawRecord(member.name, position, raw, parse_page(page))
    except Exception as error:  # noqa: BLE001  a page no one foresaw must not end the run: it is kept, with the fault named
        reason = f"the page from line {first_line:,} made the reader fail: {type(error).__name__}: {error}"
        return BadRecord(member.name, position, READER_FAILED, reason, excerpt_of(raw))


READER = Reader(format="page_text", registry="CTGOV", recognise=recognise, read=read, content_identity=True)
