"""Lists that ICTRP writes into one field: conditions, interventions, outcomes, countries, sponsors, numbers.

Belongs here: where a list may be taken apart, which depends on the registry. Does not: single values (values.py),
lists that stand beside one another (people.py).

ICTRP joins with a semicolon and no blank; texts of the registries hold semicolons too, mostly followed by a blank. A
list is taken apart only for registries whose own items are titles; elsewhere the text stays whole, as one item.

So does a text with numbers in it ("1. … 2. …"): they are levels of a scale as often as outcomes (EUCTR: "Status
on a 7-point ordinal scale: 1. Not hospitalized … 2. …"), and what stands before or behind ("Measured at 21 days") is
said of all of them (2026-11).
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pipelines.readers.ictrp.markup import line, plain, says_nothing
from pipelines.readers.ictrp.materials import materials
from pipelines.readers.mapping import Converter
from pipelines.study.identifier_text import fold, is_placeholder, trim

Struct = dict[str, Any]

_LISTED_CONDITIONS = frozenset({"CTGOV", "ANZCTR"})
_LISTED_OUTCOMES = frozenset({"CTGOV", "ANZCTR", "IRCT", "CHICTR", "ITMCTR", "CRIS", "TCTR"})
_EU = frozenset({"EUCTR", "CTIS"})
_IN_GROUPS = frozenset({"CHICTR", "ITMCTR"})

_JOINT = re.compile(r";(?! )")
_CODES = re.compile(r"(?:^|[;\n]) ?(?:Therapeutic area ?:|MedDRA version ?:)", re.IGNORECASE)
_TYPES = {
    "behavioral": "BEHAVIORAL", "biological": "BIOLOGICAL", "biological/vaccine": "BIOLOGICAL",
    "combination product": "COMBINATION_PRODUCT", "device": "DEVICE", "diagnostic test": "DIAGNOSTIC_TEST",
    "dietary supplement": "DIETARY_SUPPLEMENT", "drug": "DRUG", "genetic": "GENETIC", "procedure": "PROCEDURE",
    "procedure/surgery": "PROCEDURE", "radiation": "RADIATION", "other": "OTHER",
}  # fmt: skip
_TYPED = re.compile(r"(?P<type>[A-Za-z/]+(?: [A-Za-z]+)?): ?(?P<name>\S.*)", re.DOTALL)
_PRODUCT_NAMES = ("Trade Name", "Product Name", "INN or Proposed INN")
_OTHER_NAMES = ("Product Name", "INN or Proposed INN", "Other descriptive name", "Current Sponsor code", "Product Code")
_CODES_AS_NAMES = ("Product Code", "Current Sponsor code")
_EU_LABEL = re.compile(
    r"(?:^|;|\n) ?(?P<label>Main Objective|Secondary Objective|Primary end point\(s\)|Secondary end point\(s\)"
    r"|Timepoint\(s\) of evaluation of this end point) ?: ?",
    re.IGNORECASE,
)
_TIME_IN_BRACKETS = re.compile(r"(?P<measure>[^\[\]]*[^\[\]\s])\s*\[(?P<time>[^\[\]]*)\][. ]*", re.DOTALL)
_CTRI_TIME = re.compile(r"Timepoint ?: ?", re.IGNORECASE)
_OUTCOME_LABEL = re.compile(r"(?:\A|[;\n]) ?(?P<label>(?:outcome )?name|timepoints|measure) ?: ?", re.IGNORECASE)
_LABELS_OUTCOMES = frozenset({"LBCTR", "REPEC"})
_BEHIND_BRACKET = re.compile(r"(?<=\])[. ]{0,9}\n")
_NO_TIME = re.compile(r"\s{0,9}\[\s{0,9}\]\Z")
_TIME_FRAME = re.compile(r"time ?frame:? ?", re.IGNORECASE)
_TIMEPOINT = re.compile(r"\. ?Timepoint: ?(?P<time>.*?)(?:\. ?Method of measurement: ?(?P<method>.*))?$", re.DOTALL)
_REGIONS = re.compile(
    r"(?:asia|north america|south america|europe|oceania|africa|australia and oceania)(?: ?\(?except japan\)?)?",
    re.IGNORECASE,
)
_JAPAN_ALONE = re.compile(r"none ?\(japan only\)|none other than japan", re.IGNORECASE)


def pieces(value: Any) -> list[str]:
    """The pieces between semicolons, in one line each, blank ones and repetitions dropped."""
    return list(dict.fromkeys(filter(None, (line(piece) for piece in str(value).split(";")))))


def joined(value: Any) -> list[str]:
    """As pieces, for names in which a semicolon with a blank behind it may stand."""
    return list(dict.fromkeys(filter(None, (line(piece) for piece in _JOINT.split(str(value))))))


def names(value: Any) -> list[Struct]:
    """Sponsors and the like as `name`; "-", "None" and other words for nothing are left out."""
    return [{"name": name} for name in joined(value) if not is_placeholder(trim(fold(name)))]


def secondary_ids(value: Any) -> list[Struct]:
    """Each number as `id`; what is no number stays, and is judged where identifiers are."""
    return [{"id": one} for one in pieces(value)]


def countries(value: Any) -> list[Struct]:
    """Each country once, as a place with nothing but its country; JPRN's regions ("Asia except Japan") are none, nor
    is what stands where Japan is alone ("none")."""
    return [{"country": country} for country in _countries(str(value))]


@lru_cache(maxsize=4096)
def _countries(value: str) -> tuple[str, ...]:
    found = (one.strip() for piece in pieces(value) for one in re.split(r",(?! )", piece))
    named = ("Japan" if _JAPAN_ALONE.fullmatch(one) else one for one in found)
    return tuple(dict.fromkeys(one for one in named if not (says_nothing(one) or _REGIONS.fullmatch(one))))


def condition_converter(registry: str) -> Converter:
    """Conditions; keywords and codes that ICTRP puts behind them (after the first `<br>`) are no conditions."""

    def convert(value: Any) -> list[str]:
        text = plain(str(value).lstrip())
        if registry == "CTGOV":
            return joined(text)
        first = _CODES.split(text, maxsplit=1)[0] if registry in _EU else str(text).split("\n", 1)[0]
        if str(value).lstrip().lower().startswith("<br"):
            first = ""
        found = line(first).strip(" ;")
        if says_nothing(text):
            return []
        if registry in _LISTED_CONDITIONS and found:
            return pieces(found)
        if found:
            return [found]
        rest = "; ".join(pieces(text.replace("\n", ";")))
        return [rest] if rest else []

    return convert


def intervention_converter(registry: str) -> Converter:
    """Interventions: ClinicalTrials.gov's typed names; the products of the EU registers; the materials of
    jRCT; elsewhere the text, whole."""

    def convert(value: Any) -> list[Struct]:
        if registry == "CTGOV":
            found = _typed(str(value))
        elif registry in _EU:
            found = _products(str(value))
        elif registry == "JRCT":
            found = materials(plain(value))
        else:
            found = []
        text = plain(value)
        if says_nothing(text) or (registry in _IN_GROUPS and _every_group_gets_nothing(text)):
            return []
        return found or ([{"description": text}] if text else [])

    return convert


def _every_group_gets_nothing(text: str) -> bool:
    """ "Case series:Nil;", "Severe group:None;Mild group:None;": ChiCTR's form asks for every group of every study."""
    groups = [piece.rpartition(":") for piece in text.replace("：", ":").replace("；", ";").split(";") if piece.strip()]
    return all(colon and name.strip() and says_nothing(given) for name, colon, given in groups)


def _typed(value: str) -> list[Struct]:
    """ "Drug: A;Other: B" → types and names; a piece without a type belongs to the name before it."""
    found: list[Struct] = []
    for piece in value.split(";"):
        typed = _TYPED.fullmatch(piece.strip())
        kind = _TYPES.get(typed["type"].lower()) if typed else None
        if typed and kind:
            found.append({"type": kind, "name": line(typed["name"])})
        elif not found:
            return []
        elif piece.strip():
            found[-1]["name"] = line(f"{found[-1]['name']};{piece}")
    return found


def _products(value: str) -> list[Struct]:
    """Blocks of "Key: value" lines, one for each product; [] where none has a name or a code."""
    text = plain(value)
    blocks = text.split("\n\n") if "\n" in text else re.split(r",(?=Product Name: |Trade Name: )", text)
    found: list[Struct] = []
    for block in blocks:
        lines = block.split("\n") if "\n" in text else re.split(r",(?=[A-Z][A-Za-z ]{2,40}: )", block)
        product = _product([one.strip() for one in lines if one.strip()])
        if "name" in product or "Pharmaceutical Form:" in block or (product and not found):
            found.append(product)
        elif product:
            found[-1]["description"] += "\n\n" + product["description"]  # a blank line within a product's text
    return found if any("name" in product for product in found) else []


def _product(lines: list[str]) -> Struct:
    """name (a code where there is none), otherNames and, always, the lines as description; {} without lines."""
    values: dict[str, list[str]] = {}  # a product of several substances has a line for each
    for key, _, said in (one.partition(":") for one in lines):
        if not says_nothing(said.strip()):
            values.setdefault(key.strip(), []).append(said.strip())
    product: Struct = {"description": "\n".join(lines)} if lines else {}
    name = next((values[key][0] for key in (*_PRODUCT_NAMES, *_CODES_AS_NAMES) if key in values), None)
    if name is None:
        return product
    others = [one for key in _OTHER_NAMES for one in values.get(key, ()) if one != name]
    return {"name": name} | product | ({"otherNames": list(dict.fromkeys(others))} if others else {})


def outcome_converter(registry: str, *, secondary: bool) -> Converter:
    """Outcome measures: a list where the registry's items are titles, have labels or end with their time in brackets;
    one outcome with its time points for the EU registers; elsewhere the text, whole, as one measure."""

    def convert(value: Any) -> list[Struct]:
        if registry in _EU:
            return _eu_outcome(str(value), "secondary end point(s)" if secondary else "primary end point(s)")
        text = plain(value)
        if registry in _LABELS_OUTCOMES and (labelled := _labelled(text)):
            return labelled
        if registry == "CTRI" and (timed := _with_timepoints(text)):
            return timed
        if registry == "SLCTR" and (bracketed := _timed(text)):
            return [_outcome(_NO_TIME.sub("", one)) for one in bracketed]
        if registry in _LISTED_OUTCOMES:
            return [_outcome(one) for piece in _JOINT.split(text) if not says_nothing(one := piece.strip())]
        return [] if says_nothing(text) else [{"measure": text}]

    return convert


def _labelled(text: str) -> list[Struct]:
    """Lebanon's "Name: …;Timepoints: …;Measure: …;Name: …" and Peru's "Outcome name:…", whose order is another; [] for
    a text that begins otherwise or has an outcome without a name."""
    parts = _OUTCOME_LABEL.split(text)
    found: list[Struct] = []
    if parts[0].strip():
        return found
    for label, piece in zip(parts[1::2], parts[2::2], strict=True):
        said = piece.strip(" ;\n")
        if label.lower().endswith("name"):
            if says_nothing(said):
                return []
            found.append({"measure": said})
        elif not found:
            return found
        elif not says_nothing(said):
            name, value = ("timeFrame", said) if label.lower() == "timepoints" else ("description", f"Measure: {said}")
            found[-1].setdefault(name, value)
    return found


def _with_timepoints(text: str) -> list[Struct]:
    """India's "…Timepoint: …", one or several; [] where a piece has no such label, or two, unless the text has one."""
    for pieces_of_text in (_JOINT.split(text), [text]):
        parts = [_CTRI_TIME.split(piece) for piece in pieces_of_text]
        if all(len(part) == 2 and part[0].strip() for part in parts):
            return [
                {"measure": measure.strip()} | ({} if says_nothing(time.strip()) else {"timeFrame": time.strip()})
                for measure, time in parts
            ]
    return []


def _timed(text: str) -> list[str]:
    """Sri Lanka's registry: outcomes of a line or more, each with its time, or empty brackets, behind it; [] where one
    has other brackets, or none."""
    found = [one.strip(" .\n") for one in _BEHIND_BRACKET.split(text)]
    whole = all(one.endswith("]") and one.find("[") > 0 and one.count("[") == one.count("]") == 1 for one in found)
    return found if whole else []


def _outcome(text: str) -> Struct:
    """A measure, and its time frame where the registry writes it behind in brackets or under a label."""
    bracketed = _TIME_IN_BRACKETS.fullmatch(text) if "[" in text else None
    if bracketed and bracketed["time"].strip():
        return {"measure": bracketed["measure"], "timeFrame": line(_TIME_FRAME.sub("", bracketed["time"], count=1))}
    labelled = _TIMEPOINT.search(text)
    if labelled and labelled.start() and labelled["time"].strip():
        found = {"measure": text[: labelled.start()], "timeFrame": line(labelled["time"]).rstrip(".")}
        method = (labelled["method"] or "").strip()
        return found | ({"description": f"Method of measurement: {method}"} if method else {})
    return {"measure": text}


@lru_cache(maxsize=8)
def _eu_pieces(text: str) -> MappingProxyType[str, str]:
    """The labelled parts of an EU register's outcome text, by label in lower case; the first of each counts. The same
    text is asked for outcomes and objectives, one after the other."""
    text = plain(text)
    labels = list(_EU_LABEL.finditer(text))
    found: dict[str, str] = {}
    for place, label in enumerate(labels):
        end = labels[place + 1].start() if place + 1 < len(labels) else len(text)
        said = text[label.end() : end].strip(" ;\n")
        if said:
            found.setdefault(label["label"].lower(), said)
    return MappingProxyType(found)


def _eu_outcome(text: str, label: str) -> list[Struct]:
    parts = _eu_pieces(text)
    if not parts:
        text = plain(text)
        return [] if says_nothing(text) else [{"measure": text}]
    if label not in parts or says_nothing(parts[label]):
        return []
    outcome = {"measure": parts[label]}
    time = parts.get("timepoint(s) of evaluation of this end point", "")
    return [outcome if says_nothing(time) else outcome | {"timeFrame": time}]


def objective_converter(registry: str, label: str) -> Converter:
    """The main or secondary objective that the EU registers write among the outcomes; None for others."""
    if registry not in _EU:
        return lambda _: None
    return lambda value: _eu_pieces(str(value)).get(label)
