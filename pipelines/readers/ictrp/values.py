"""Single values in ICTRP's columns: ages, sex, phase, size, flags.

Belongs here: what a text says where it says one thing. Does not: lists (lists.py), dates (dates.py), texts that are
words of a closed vocabulary as they stand (mappings/ictrp_*.yaml).
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.readers.ictrp.markup import line, plain
from pipelines.readers.mapping import CONVERTERS, Converter, Unreadable, load_mapping
from pipelines.readers.mapping.converters import words
from pipelines.readers.study_parts import planned_size

_YEARS_UNSAID = frozenset({"CHICTR", "ITMCTR", "CTIS", "NTR"})
"""Registries whose form asks for years, and whose ages ICTRP gives without a unit (all 582 ages of ChiCTR, 3 of the
other two in the exports of 2020-04 and 2024-06, counted 2026-11-21; ITMCTR runs ChiCTR's form)."""
_UNITS = {"y": "Year", "year": "Year", "age": "Year", "m": "Month", "month": "Month", "w": "Week", "week": "Week",
          "d": "Day", "day": "Day", "h": "Hour", "hour": "Hour", "minute": "Minute"}  # fmt: skip
_AGE = re.compile(
    r"(?P<bound>>=|<=|>|<|\u2265|\u2264)? ?(?P<number>[0-9]{1,4})(?:\.0{1,2})? ?"
    r"\(?(?P<unit>years?|months?|weeks?|days?|hours?|minutes?|age|y|m|w|d|h)?(?:\(s\))?\)?[ -]?(?:old)?(?: of age)?\.?",
    re.IGNORECASE,
)
_NO_BOUND = re.compile(
    r"n/?a|none|null|-+|not? (?:applicable|limits?|minimum(?: age)?|maximum(?: age)?|age limits?|restrictions?)"
    r"|not (?:specified|stated|set)|no limit.{0,20}|unlimited|-2147483648",
    re.IGNORECASE,
)
_FLAG = re.compile(
    r"\(Phase (?P<phase>I{1,3}|IV)\) ?: ?(?P<answer>yes|no)(?=Therapeutic|[^a-z]|\Z)", re.IGNORECASE
)  # the full export has no line ends: "(Phase I): noTherapeutic exploratory (Phase II): yesTherapeutic …"
_PHASE_PART = re.compile(r"(?:phase)?[ -]{0,2}(?P<phase>[1-4]|i{1,3}|iv)[ -]?[a-c]?", re.IGNORECASE)
_PHASES = {"1": "PHASE1", "i": "PHASE1", "2": "PHASE2", "ii": "PHASE2", "3": "PHASE3", "iii": "PHASE3", "4": "PHASE4",
           "iv": "PHASE4"}  # fmt: skip
_PHASE_JOINTS = re.compile(r" ?(?:[/,;+&|]|(?<!phase)-|\band\b|\bto\b) ?(?=phase|[1-4]|i)", re.IGNORECASE)
_NOT_APPLICABLE = re.compile(r"n/?a|not applicable|\(not applicable\)", re.IGNORECASE)
_NOTHING_CHOSEN = re.compile(r"not (?:selected|specified|stated|provided|available)|-+|\?+", re.IGNORECASE)
_EARLY = re.compile(
    r"(?:early phase ?(?:1|i)|phase[ -]?0)(?: \((?:early phase 1|exploratory trials)\))?|0 ?\(exploratory trials\)",
    re.IGNORECASE,
)
_SAID_TWICE = re.compile(
    r"(?P<short>[IV]{1,3}(?: ?\+ ?[IV]{1,3})?) ?\((?P<long>phase [IV]{1,3}(?: ?\+ ?phase [IV]{1,3})?)(?: study)?\)",
    re.IGNORECASE,
)
"""Cuba's registry: "II (Phase II study)", "I+II (Phase I+Phase II)"."""
_IPD_PLAN = words(load_mapping("ictrp_xml").words["ipd_plan"])
_OF_CTIS = {said.lower(): phases for said, phases in load_mapping("ctis_json").words["phases"].items()}
_SEX = re.compile(r"female ?: ?(?P<female>yes|no)[;, ]*male ?: ?(?P<male>yes|no)", re.IGNORECASE)
_WHOLE = re.compile(
    r"(?:(?:case series|single[ -](?:arm|group)|one group|overall|all(?: participants| patients| subjects)?"
    r"|(?P<kind>anticipated|estimated|expected|planned|target(?:ed)?|actual|final)?(?: ?total)?(?: ?sample)?"
    r"(?: ?(?:size|number|enrol?lment))?)"
    r"[ :=]{0,3})?\"?(?P<number>[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})\"?"
    r"(?: ?(?:participants|patients|subjects|people|persons))?"
    r"(?: ?\((?P<after>anticipated|estimated|expected|planned|actual|final)\))?"
    r"[ ;.]{0,3}",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\btotal\b[^0-9;\n]{0,40}?(?P<number>[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})"
    r"(?= ?(?:\(|participants\b|patients\b|subjects\b|people\b|persons\b|[;)]|[.,](?![0-9])|\Z))",
    re.IGNORECASE,
)
"""The number must end there: "total of 2 groups", "total 30 each", "total: 10-20" and "total 1 200" state none."""
_DONE = frozenset({"actual", "final"})
_NUMBER = re.compile(r"[A-Za-z][^0-9]{0,40}[0-9]")


def age_converter(registry: str, *, upper: bool) -> Converter:
    """An age limit → "18 Years"; None where the text says that there is no limit.

    ">= 20age old", "60(Year)", "18Y", "18.00 Year(s)" and the like. A bare number is years where the registry's form
    asks for years, else ambiguous; so is a bound that leaves its own figure out ("< 80" as the upper limit), a limit of
    the other side ("65+" as the upper one), and an age that is no whole number.
    """
    bounds = ("<=", "\u2264") if upper else (">=", "\u2265")

    def convert(value: Any) -> str | None:
        text = line(value)
        if _NO_BOUND.fullmatch(text):
            return None
        found = _AGE.fullmatch(text)
        if found is None:
            raise Unreadable("not one age with its unit", "ambiguous")
        if found["bound"] and found["bound"] not in bounds:
            raise Unreadable("a limit that leaves its own figure out, or is one of the other side", "ambiguous")
        unit = found["unit"]
        if unit is None and registry not in _YEARS_UNSAID:
            raise Unreadable("an age without a unit", "ambiguous")
        number = int(found["number"])
        word = _UNITS[unit.lower().removesuffix("s") if unit else "y"]
        return f"{number} {word}" if number == 1 else f"{number} {word}s"

    return convert


def sex_converter(vocabulary: Converter) -> Converter:
    """`vocabulary` over one line of the text, and the EU registers' "Female: yes Male: yes"."""

    def convert(value: Any) -> Any:
        text = line(value)
        found = _SEX.fullmatch(text)
        if found is None:
            return vocabulary(text)
        said = found["female"].lower(), found["male"].lower()
        if said == ("no", "no"):
            raise Unreadable("neither sex", "ambiguous")
        return {("yes", "yes"): "ALL", ("yes", "no"): "FEMALE", ("no", "yes"): "MALE"}[said]

    return convert


def phase_converter(registry: str) -> Converter:
    """A phase in its registry's words → a list of Phase values.

    The EU registers list all phases with yes or no (CTIS has words of its own as well); the others write "Phase 2/Phase
    3", "2-3", "Phase II/III", "Phase1/Phase2". A bare 0 is ambiguous: ChiCTR's means exploratory studies of every kind.
    So are kinds of study that some registries write in this column ("Retrospective study").
    """

    def convert(value: Any) -> list[str] | None:
        text = line(value)
        flags = _FLAG.findall(text)
        if flags:
            answered = [_PHASES[phase.lower()] for phase, answer in flags if answer.lower() == "yes"]
            if not answered:
                raise Unreadable("every phase is answered with no", "ambiguous")
            return answered
        if (stated := _OF_CTIS.get(text.lower().replace(" - ", "- "))) is not None:
            return list(stated)
        if _NOT_APPLICABLE.fullmatch(text):
            return ["NA"]
        if _NOTHING_CHOSEN.fullmatch(text):
            return None
        if _EARLY.fullmatch(text) and registry not in ("CHICTR", "ITMCTR"):
            return ["EARLY_PHASE1"]
        twice = _SAID_TWICE.fullmatch(text)
        found = _phases(twice["short"] if twice else text)
        if found is None or (twice and _phases(twice["long"]) != found):
            raise Unreadable("not a phase", "ambiguous")
        return found

    return convert


def _phases(text: str) -> list[str] | None:
    """The phases that a text lists; None where a piece of it is none."""
    parts = [_PHASE_PART.fullmatch(part) for part in _PHASE_JOINTS.split(text)]
    found = [_PHASES[part["phase"].lower()] for part in parts if part is not None]
    return list(dict.fromkeys(found)) if len(found) == len(parts) else None


def enrollment_count(value: Any) -> int:
    """How many participants, where the text states one total: "120", "Anticipated 120", "Case series:40;", "Total: 90".

    Sizes of several groups, or of one group that need not be all, are ambiguous.
    """
    return _size(value)[0]


def enrollment_type(value: Any) -> str | None:
    """Whether the stated total is a plan or an outcome, where the text says so."""
    try:
        return _size(value)[1]
    except Unreadable:
        return None  # the count's field state says it already


def _size(value: Any) -> tuple[int, str | None]:
    text = str(value).strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text), None
    text = line(text)
    planned = planned_size(text)
    if planned is not None:
        return planned, "ESTIMATED"
    found = _WHOLE.fullmatch(text)
    if found is not None:
        kind = (found["kind"] or found["after"] or "").lower()
        number = int(found["number"].replace(",", ""))
        return number, "ACTUAL" if kind in _DONE else "ESTIMATED" if kind and not kind.startswith("target") else None
    totals = _TOTAL.findall(text)
    if len(totals) == 1 and text.lower().count("total") == 1:
        return int(totals[0].replace(",", "")), None
    raise Unreadable("not one stated total", "ambiguous")


def ipd_plan(value: Any) -> str | None:
    """A word for the plan to share data, or, of IRCT, a sentence behind it: "Yes - There is a plan to …"."""
    found: str | None = _IPD_PLAN(line(value).partition(" - ")[0])
    return found


def is_patient_registry(value: Any) -> bool | None:
    """True for ClinicalTrials.gov's "Observational [Patient Registry]"; nothing else says anything about it."""
    return True if "[patient registry]" in plain(value).lower() else None


def is_bridged(value: Any) -> bool:
    """Whether a record is one of several of a trial: yes or no, or, in the full export, the number of another one."""
    return True if _NUMBER.search(line(value)) else bool(CONVERTERS["boolean"](line(value)))


def bridged_record(value: Any) -> str | None:
    """The number of the other record, where the flag is one."""
    text = line(value)
    return text if _NUMBER.search(text) else None
