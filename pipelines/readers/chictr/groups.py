"""Groups of a ChiCTR record: their sizes and what they get stand in two texts, one group after the other.

Belongs here: taking these texts apart where that is certain. Does not: any other field.
"""

from __future__ import annotations

import re

_GROUP = re.compile(r"(?P<name>[^;]{1,300}):\s*(?P<size>[0-9]{1,7})")
_WIDE = str.maketrans({"：": ":", "；": ";"})  # the same signs as Chinese keyboards give them


def plain_signs(text: str) -> str:
    """The text with colons and semicolons of Chinese typography as the plain ones."""
    return text.translate(_WIDE)


def group_sizes(target_size: str) -> list[tuple[str, int]] | None:
    """(name, size) of each group of "Experimental group:30;Control group:30;"; None for another text."""
    segments = [segment.strip() for segment in plain_signs(target_size).split(";") if segment.strip()]
    groups = []
    for segment in segments:
        found = _GROUP.fullmatch(segment)
        if found is None or not found["name"].strip():
            return None
        groups.append((found["name"].strip(), int(found["size"])))
    return groups or None


def group_texts(text: str, names: list[str]) -> list[str] | None:
    """What stands behind each name in "name:text;name:text;"; None unless just these names stand there, in order.

    The texts may have colons and semicolons of their own: only the next group's name ends one.
    """
    rest = " ".join(plain_signs(text).split())
    texts = []
    for name, following in zip(names, [*names[1:], None], strict=True):
        head = next((head for head in (f"{name}:", f"{name} :") if rest.startswith(head)), None)
        if head is None:
            return None
        rest = rest[len(head) :]
        border = len(rest) if following is None else _border(rest, following)
        if border is None:
            return None
        texts.append(rest[:border])
        rest = rest[border + 1 :].lstrip()
    return [found.strip().rstrip(";").strip() for found in texts]


def _border(text: str, name: str) -> int | None:
    """Where the semicolon stands behind which a group of that name begins."""
    places = (text.find(f";{blank}{name}{colon}") for blank in ("", " ") for colon in (":", " :"))
    return min((place for place in places if place >= 0), default=None)
