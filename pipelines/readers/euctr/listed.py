"""A trial in the EU Clinical Trials Register's summary download: its fields, and the protocols that it names.

Belongs here: labels, values, the member states behind `Trial protocol`. Does not: bytes and files
(readers/euctr_summary.py), which field goes where (mappings/euctr_summary.yaml).

Labels stand at the beginnings of lines and are padded with blanks to one width, values beside them; only the medical
condition goes on over several lines. The list cuts long texts and puts three full stops behind them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from pipelines.readers.euctr.countries import THIRD_COUNTRY, name_of

Tree = dict[str, Any]
_WIDTH = 25
_LINE = re.compile(r"(?P<label>[A-Z][A-Za-z0-9 '/().-]{1,40}):(?P<blanks>[ \t]*)(?P<value>.*)")
_LINE_ENDS = re.compile(r"\r\n?|\x85|[\u2028\u2029]")
LABELS = (
    "EudraCT Number", "Sponsor Protocol Number", "Sponsor Name", "Full Title", "Start Date", "Medical condition",
    "Disease", "Population Age", "Gender", "Trial protocol", "Link",
)  # fmt: skip
_ORDER = {label: place for place, label in enumerate(LABELS)}
_NOTHING = frozenset({"", "information not available in eudract", "information not present in eudract"})
_TERM = re.compile(
    r"Version: ?(?P<Version>[^,]*), SOC Term: ?(?P<SOC>.*?), Classification Code: ?(?P<Code>[^,]*),"
    r" Term: ?(?P<Term>.*), Level:(?P<Level>[^,]*)"
)
_PROTOCOL = re.compile(r"(?P<country>[A-Z]{2}) ?\((?P<status>[^()]*)\)|(?P<third>Outside EU/EEA)")
_CUT = re.compile(r"(?s:.{190,})\.\.\.\Z")


@dataclass(frozen=True, slots=True)
class Listed:
    """A trial of the list. `protocols`: a tree for each country, all the same but for `country` and `status`.

    `places`: first and last line of each field. `cut`: fields whose text the list has cut. `last`: the last label.
    """

    protocols: tuple[Tree, ...]
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    cut: tuple[str, ...] = ()
    last: str | None = None


def read_listed(raw_text: str) -> Listed:
    """The trial of a record's text."""
    tree: Tree = {}
    places: dict[str, tuple[int, int]] = {}
    cut: list[str] = []
    last = None
    for label, lines, first in _fields(_LINE_ENDS.sub("\n", raw_text)):
        last = label
        places.setdefault(label, (first, first + len(lines) - 1))
        if _CUT.match("\n".join(lines)):
            cut.append(label)
        value = " ".join(" ".join(lines).split())
        said = "" if value.casefold() in _NOTHING else value
        if label == "Disease":
            tree.setdefault(label, []).extend([_term(said)] if said else [])
        elif label == "Population Age":
            tree[label] = [group.strip() for group in said.split(",")]
        else:
            tree[label] = said
    return Listed(_protocols(tree), places, tuple(cut), last)


def _fields(text: str) -> list[tuple[str, list[str], int]]:
    """(label, lines of the value, number of its first line). A label out of the list's order or width is text."""
    found: list[tuple[str, list[str], int]] = []
    place, is_padded = -1, False
    for number, line in enumerate(text.split("\n"), start=1):
        match = _LINE.match(line)
        if match is not None and _is_label(match, place, found[-1][0] if found else None, is_padded):
            is_padded = match.start("value") == _WIDTH if not found else is_padded
            place = max(place, _ORDER.get(match["label"], place))
            found.append((match["label"], [match["value"].rstrip()], number))
        elif found and line.strip():
            found[-1][1].append(line.strip())
    return found


def _is_label(match: re.Match[str], place: int, last: str | None, is_padded: bool) -> bool:
    label, value = match["label"], match["value"]
    at_width = bool(match["blanks"]) and match.start("value") == _WIDTH
    if label not in _ORDER:  # one that nobody foresaw: only its width shows it
        return at_width and last is not None
    is_next = _ORDER[label] > place or label == last == "Disease"
    return is_next and (at_width or not value or not is_padded)


def _term(value: str) -> Tree | str:
    """A MedDRA term by its parts; the text as it stands where it is put otherwise."""
    match = _TERM.fullmatch(value)
    return {name: part.strip() for name, part in match.groupdict().items()} if match else value


def _protocols(tree: Tree) -> tuple[Tree, ...]:
    """The trial once for each country of `Trial protocol`; what cannot be read there stays in the field."""
    text = tree.get("Trial protocol", "")
    statuses: dict[str, str] = {}
    rest = []
    end = 0
    for match in _PROTOCOL.finditer(text):
        rest.append(text[end : match.start()])
        end = match.end()
        country = THIRD_COUNTRY if match["third"] else match["country"]
        status = (match["status"] or "").strip()
        if statuses.setdefault(country, status) != status:
            rest.append(match[0])
    tree["Trial protocol"] = " ".join(" ".join([*rest, text[end:]]).split())
    if not statuses:
        return (tree,)
    return tuple({**tree, "country": country, "status": status} for country, status in statuses.items())


def record_id(tree: Tree) -> str | None:
    """The number with the protocol's country, as the register's full details have it; None without a number."""
    number: str = tree.get("EudraCT Number") or ""
    country = tree.get("country")
    return (f"{number}-{country}" if country else number) if number else None


_FLAGS = {
    "In utero": "isInUtero",
    "Preterm newborn infants": "isPreterm",
    "Newborns": "isNewborn",
    "Infants and toddlers": "isInfant",
    "Children": "isChild",
    "Adolescents": "isAdolescent",
    "Under 18": "isUnder18",
    "Adults": "isAdult",
    "Elderly": "isElderly",
}


def make(tree: Tree) -> Tree:
    """Parts of the study that are worked out, by module of the protocol section; `euctr` beside them."""
    country = name_of(tree.get("country", ""))
    flags = {flag: True for group, flag in _FLAGS.items() if group in tree.get("Population Age", ())}
    flags |= {f"is{sex}": True for sex in ("Female", "Male") if sex in tree.get("Gender", "").split(", ")}
    return {
        "designModule": {"studyType": "INTERVENTIONAL"},
        "contactsLocationsModule": {"locations": [{"country": country}]} if country else {},
        "euctr": flags | ({"trialType": "Outside EU/EEA"} if tree.get("country") == THIRD_COUNTRY else {}),
    }
