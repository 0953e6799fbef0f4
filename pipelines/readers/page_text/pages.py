"""Cut a file that holds several pages into its pages, also where one was glued to the end of another.

Belongs here: where a page begins. Does not: anything about its content.
A page begins where the headings start over. The lines above its first heading (title, id, date) are its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import shapes
from .sections import NEWLINE, Anchor, Line, caption_of, heading_of, is_notice, plain_blanks, strong_anchors
from .template import ORDER

_GLUED_HEADING = re.compile(r"\S(?P<heading>Study Results)\s*\Z")
_RELATED_END = re.compile(
    r"NCT\d{8}(?: (?P<status>[A-Z_]{5,30}?))?(?: (?P<phase>(?:EARLY_PHASE1|PHASE[1-4]|NA)(?:/PHASE[1-4])?))?(?=\S)"
)
_SOURCE_END = re.compile(r"Identifier Source: (?:org_study_id|secondary_id|nct_alias)")
_HEAD_LABEL = re.compile(r"(?:NCT ID|Last Updated)\b")
_HEAD_LINES = 6
"""How far above its first heading a page may begin: title, id and date, each perhaps on two lines (2026-11)."""


class _Piece:
    """A line as a stretch of the text; a glued line makes two pieces."""

    __slots__ = ("no", "start", "text")

    def __init__(self, no: int, start: int, text: str) -> None:
        self.no, self.start, self.text = no, start, text


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    start = 0
    ends = [*((match.start(), match.end()) for match in NEWLINE.finditer(text)), (len(text), len(text))]
    for no, (end, after) in enumerate(ends, start=1):
        line = text[start:end]
        glued = _GLUED_HEADING.search(line[-40:])
        if glued is not None:
            cut = len(line) - len(line[-40:]) + glued.start("heading")
            pieces += [_Piece(no, start, line[:cut]), _Piece(no, start + cut, line[cut:])]
        else:
            pieces.append(_Piece(no, start, line))
        start = after
    return pieces


def _breaks(anchors: Sequence[Anchor]) -> list[int]:
    """Places in `anchors` where a further page has its first section."""
    found: list[int] = []
    seen: set[str] = set()
    latest_descent = 0
    for place, anchor in enumerate(anchors):
        if place and ORDER[anchor.key] <= ORDER[anchors[place - 1].key]:
            latest_descent = place
        if anchor.key in seen:
            first = latest_descent if latest_descent > (found[-1] if found else 0) else place
            found.append(first)
            seen = {a.key for a in anchors[first : place + 1]}
        seen.add(anchor.key)
    return found


def _title_cut(text: str) -> int:
    """Where, in a line that ends one page, the title of the next is glued on; 0 where the whole line may be a title."""
    if (caption := caption_of(text)) is not None:
        return len(text) - len(caption[1])
    if (related := _RELATED_END.match(text)) is not None:
        return _after_codes(text, related)
    if (source := _SOURCE_END.match(text)) is not None:
        return source.end()
    return 0


def _after_codes(text: str, related: re.Match[str]) -> int:
    """End of the id line's codes; a code run into the title ("NAA title") ends where a known code ends."""
    end = len("NCT00000000")
    for kind in ("Status", "Phase"):
        rest = text[end:]
        known = [word for word in sorted(shapes.codes(kind), key=len, reverse=True) if rest.startswith(" " + word)]
        if known:
            end += 1 + len(known[0])
            while kind == "Phase" and (more := re.match(r"/PHASE[1-4]", text[end:])):
                end += more.end()
    return max(end, 0) if related else 0


def _page_start(lines: Sequence[Line], anchors: Sequence[Anchor], place: int) -> tuple[int, int]:
    """(index of the page's first line, how many characters of that line still belong to the page before)."""
    index = anchors[place].at
    former = anchors[place - 1]
    floor = max(former.at + former.size - 1, index - _HEAD_LINES, 0)
    top = index
    for candidate in range(index - 1, floor - 1, -1):
        if _HEAD_LABEL.match(lines[candidate].text):
            top = candidate
    title = top - 1
    if title < max(former.at, 0) or heading_of(lines[title].text) or is_notice(lines[title].text):
        return top, 0
    text = lines[title].text
    cut = _title_cut(text)
    if cut:
        return (title, cut) if cut < len(text) else (top, 0)
    in_body = title >= former.at + former.size
    stands_alone = former.key == "more" and title > 0 and lines[title - 1].text[:3] == "NCT"
    first_of_body = former.key == "more" and title == former.at + former.size
    labelled = top < index and former.key != "more" and not _ends_block(text)
    return (title, 0) if in_body and (stands_alone or first_of_body or labelled) else (top, 0)


def _ends_block(text: str) -> bool:
    """Whether a line can only be the end of what stands before it."""
    return shapes.is_nct(text[:11]) or text.startswith(("Identifier ", "Role:")) or shapes.is_email(text)


def split_pages(text: str) -> list[tuple[int, str]]:
    """(1-based line number at which it begins, text) of each page; normally one. Empty text is one empty page.

    The texts joined give the input again. A page glued to another within a line begins on that line.
    """
    pieces = _pieces(plain_blanks(text))
    kept = [(piece, stripped) for piece in pieces if (stripped := piece.text.strip(" \t\u200b\ufeff"))]
    lines = [Line(piece.no, stripped) for piece, stripped in kept]
    anchors = strong_anchors(lines)
    starts = [(1, 0)]
    for place in _breaks(anchors):
        index, cut = _page_start(lines, anchors, place)
        piece = kept[index][0]
        lead = piece.text.find(lines[index].text[:1]) if cut == 0 else piece.text.find(lines[index].text) + cut
        starts.append((piece.no, piece.start + (lead if cut else 0)))
    ends = [*(offset for _, offset in starts[1:]), len(text)]
    return [(no, text[offset:end]) for (no, offset), end in zip(starts, ends, strict=True)]
