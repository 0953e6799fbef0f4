"""Values as the legacy XML writes them → the study shape's: dates, ages, designs, agreements, documents.

Belongs here: converters that only this format needs, text excepted (markup.py). Does not: vocabularies (the mappings).
Converters take text that is not blank and raise Unreadable where it cannot be understood.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pipelines.readers.ctgov_xml_parts.markup import loose_textblock, prose, textblock
from pipelines.readers.mapping import Converter, Unreadable
from pipelines.study.dates import ImpossibleDate, PartialDate, parse_long_date, parse_partial_date

_PRECISION = {"day": 10, "month": 7, "year": 4}
_UNKNOWN = "unknown"
_AGE = re.compile(r"(?P<count>0|[1-9][0-9]{0,3}) (?P<unit>Year|Month|Week|Day|Hour|Minute)s?")
_POSTING = re.compile(r"(?:(?P<month>0[1-9]|1[0-2])/)?(?P<year>[12][0-9]{3})")
_PROCESSED = re.compile(r"\bon (?P<day>[A-Z][a-z]{2,8} [0-9]{1,2}, [12][0-9]{3})\Z")
_GROUP = re.compile(r"(?P<kind>[PBOE])(?P<number>[1-9][0-9]{0,3})")
_GROUP_KINDS = {"P": "FG", "B": "BG", "O": "OG", "E": "EG"}
_FILE_NAME = re.compile(r"/(?P<name>(?P<kinds>[A-Za-z]+(?:_[A-Za-z]+)*)_[0-9]{3}\.pdf)\s*\Z")
_MASKING = re.compile(r"(?P<level>[^()]*)(?:\((?P<roles>[^()]*)\) ?)?")
_MASKING_LEVELS = {
    "none": "NONE",
    "none (open label)": "NONE",
    "open": "NONE",
    "open label": "NONE",
    "no masking": "NONE",
    "single": "SINGLE",
    "single blind": "SINGLE",
    "single masked": "SINGLE",
    "double": "DOUBLE",
    "double blind": "DOUBLE",
    "double-blind": "DOUBLE",
    "double masked": "DOUBLE",
    "triple": "TRIPLE",
    "quadruple": "QUADRUPLE",
}
_MASKED = {
    "participant": "PARTICIPANT",
    "subject": "PARTICIPANT",
    "care provider": "CARE_PROVIDER",
    "caregiver": "CARE_PROVIDER",
    "investigator": "INVESTIGATOR",
    "outcomes assessor": "OUTCOMES_ASSESSOR",
}
_BY_ROLES = {3: "TRIPLE", 4: "QUADRUPLE"}
_DESIGN_PARTS = {
    "allocation": ("allocation", "allocation"),
    "intervention model": ("interventionModel", "intervention_model"),
    "primary purpose": ("primaryPurpose", "primary_purpose"),
    "observational model": ("observationalModel", "observational_model"),
    "time perspective": ("timePerspective", "time_perspective"),
}
_ENDPOINT = "endpoint classification"
_DESIGN_PART = re.compile(
    r"(?P<name>Allocation|Control|Endpoint Classification|Intervention Model|Masking|Primary Purpose"
    r"|Observational Model|Time Perspective): "
)


@lru_cache(maxsize=65_536)
def parsed_date(text: str) -> PartialDate | None:
    """ "June 30, 2026", "June 2026", "2026", or ISO; None for "Unknown". Raises Unreadable."""
    if text.lower() == _UNKNOWN:
        return None
    try:
        return parse_partial_date(text) if text[:1].isdigit() else parse_long_date(text)
    except ImpossibleDate as error:
        raise Unreadable(error.reason) from None


def long_date(value: Any) -> str | None:
    """A date of any precision → ISO of the same precision; "Unknown" → None."""
    found = parsed_date(value.strip())
    return None if found is None else found.earliest.isoformat()[: _PRECISION[found.precision]]


def day(value: Any) -> str | None:
    """A date that API v2 knows to the day → ISO. Raises Unreadable where the day is not said: it is never invented."""
    found = parsed_date(value.strip())
    if found is None:
        return None
    if found.precision != "day":
        raise Unreadable("the day is not said", "ambiguous")
    return found.earliest.isoformat()


def day_or_unknown(value: Any) -> str | None:
    """The day of an event; None for "Unknown"."""
    return day(value)


def is_unknown(value: Any) -> bool | None:
    """Whether the text is "Unknown"; None where it is not."""
    return value.strip().lower() == _UNKNOWN or None


def processed_day(value: Any) -> str | None:
    """ "ClinicalTrials.gov processed this data on May 31, 2024" → ISO; None where the text ends in no such day, for it
    says nothing of the study."""
    found = _PROCESSED.search(value.strip())
    try:
        return day(found["day"]) if found else None
    except Unreadable:
        return None


def posting_date(value: Any) -> str:
    """ "01/2018" or "2018" → 2018-01, 2018. Raises Unreadable."""
    found = _POSTING.fullmatch(value.strip())
    if found is None:
        raise Unreadable("expected MM/yyyy or yyyy")
    return f"{found['year']}-{found['month']}" if found["month"] else found["year"]


def age(value: Any) -> str | None:
    """ "18 Years"; None for "N/A". One of a thing is written without an s, as API v2 does. Raises Unreadable."""
    text = value.strip()
    found = _AGE.fullmatch(text)
    if found is not None:
        return f"{found['count']} {found['unit']}{'' if found['count'] == '1' else 's'}"
    if text.upper() in ("N/A", "NA", "NONE"):
        return None
    raise Unreadable("expected a number and a unit, as in '18 Years', or 'N/A'")


def group_id(value: Any) -> str:
    """The id of a group of the results: P1, B1, O1, E1 → FG000, BG000, OG000, EG000; others as they stand."""
    written = str(value).strip()
    found = _GROUP.fullmatch(written)
    return f"{_GROUP_KINDS[found['kind']]}{int(found['number']) - 1:03}" if found else written


def file_name(value: Any) -> str:
    """The last part of a document's link."""
    return str(value).strip().rstrip("/").rpartition("/")[2]


def document_abbreviation(value: Any) -> str | None:
    """What a document is, from the name of its file: ".../Prot_SAP_000.pdf" → Prot_SAP; None for other names."""
    found = _FILE_NAME.search(value)
    return found["kinds"] if found else None


def masking(value: Any) -> dict[str, Any]:
    """ "Double (Participant, Investigator)", "None (Open Label)", "Double Blind (Subject, Caregiver, Investigator)".

    Gives `masking` and `whoMasked`. Three or four roles make it triple or quadruple, as the registry did with its old
    records in January 2017, when these words came. Raises Unreadable.
    """
    text = " ".join(value.split())
    level = _MASKING_LEVELS.get(text.lower())
    if level is not None:
        return {"masking": level}
    found = _MASKING.fullmatch(text)
    level = _MASKING_LEVELS.get(found["level"].strip().lower()) if found else None
    if found is None or level is None or not found["roles"]:
        raise Unreadable("not a word for masking", "ambiguous")
    roles = [_MASKED.get(role.strip().lower()) for role in found["roles"].split(",")]
    if None in roles:
        raise Unreadable("names someone who is not of those that can be masked", "ambiguous")
    return {"masking": _BY_ROLES.get(len(roles), level) if level == "DOUBLE" else level, "whoMasked": roles}


def study_design(vocabularies: Mapping[str, Mapping[str, Any]]) -> Converter:
    """ "Allocation: Randomized, Masking: Open Label, …" → designInfo; `vocabularies` are the mapping's.

    Raises Unreadable where a part cannot be understood; the endpoint classification is not API v2's and left alone.
    """
    folded = {
        name: {word.lower(): value for word, value in vocabularies[name].items()} for _, name in _DESIGN_PARTS.values()
    }

    def convert(value: Any) -> dict[str, Any]:
        design: dict[str, Any] = {}
        for name, words in design_parts(value):
            if name == "masking":
                design["maskingInfo"] = masking(words)
            elif name in _DESIGN_PARTS:
                field, vocabulary = _DESIGN_PARTS[name]
                if words.lower() not in folded[vocabulary]:
                    raise Unreadable(f"'{words}' is not a word for the {name}", "ambiguous")
                design[field] = folded[vocabulary][words.lower()]
        return design

    return convert


def design_parts(value: Any) -> list[tuple[str, str]]:
    """The (name in small letters, words) of a study design written as one text. Raises Unreadable."""
    text = " ".join(value.split())
    marks = list(_DESIGN_PART.finditer(text))
    if not marks or marks[0].start():
        raise Unreadable("expected 'Allocation: …, Masking: …'", "ambiguous")
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [
        (mark["name"].lower(), text[mark.end() : end].strip().rstrip(","))
        for mark, end in zip(marks, ends, strict=True)
    ]


def endpoint_classification(value: Any) -> str | None:
    """The parts of a study design that API v2 has no place for, as they stand; None where there are none."""
    known = {*_DESIGN_PARTS, "masking"}
    rest = [f"{name.capitalize()}: {words}" for name, words in design_parts(value) if name not in known]
    return ", ".join(rest) or None


def pi_employee(value: Any) -> bool:
    """Whether all principal investigators are employed by the sponsor, from the sentence that says so."""
    text = value.strip()
    if text.startswith("All Principal Investigators ARE employed"):
        return True
    if text.startswith("Principal Investigators are NOT employed"):
        return False
    raise Unreadable("not one of the two sentences", "ambiguous")


def agreement(value: Any) -> dict[str, Any]:
    """The agreement with investigators: the registry's three sentences, or words of the sponsor's own."""
    text = " ".join(value.split())
    if text.startswith("There is NOT an agreement between Principal Investigators and the Sponsor"):
        return {"restrictiveAgreement": False}
    if text.startswith("The only disclosure restriction on the PI is that the sponsor can review results"):
        if "a period that is less than or equal to 60 days" in text:
            return {"restrictionType": "LTE60", "restrictiveAgreement": True}
        if "a period that is more than 60 days but less than or equal to 180 days" in text:
            return {"restrictionType": "GT60", "restrictiveAgreement": True}
    return {"restrictionType": "OTHER", "restrictiveAgreement": True, "otherDetails": prose(value)}


def expanded_access(value: Any) -> bool:
    """Whether there is expanded access: yes or no, or the sentence that began with it before 2017."""
    word = str(value).split(None, 1)[0].rstrip(".,:;").lower()
    if word not in ("yes", "no"):
        raise Unreadable("neither yes nor no", "ambiguous")
    return word == "yes"


def analyzed_units(value: Any) -> str:
    """What was counted; participants as API v2 writes them."""
    text = str(value).strip()
    return "Participants" if text.lower() == "participants" else text


def constant(value: str) -> Converter:
    """A converter that gives `value` whatever the text is."""
    return lambda _: value


CONVERTERS: dict[str, Converter] = {
    "textblock": textblock,
    "loose_textblock": loose_textblock,
    "prose": prose,
    "long_date": long_date,
    "day": day,
    "day_or_unknown": day_or_unknown,
    "is_unknown": is_unknown,
    "processed_day": processed_day,
    "posting_date": posting_date,
    "age": age,
    "group_id": group_id,
    "file_name": file_name,
    "document_abbreviation": document_abbreviation,
    "masking": masking,
    "endpoint_classification": endpoint_classification,
    "pi_employee": pi_employee,
    "agreement": agreement,
    "analyzed_units": analyzed_units,
    "expanded_access": expanded_access,
    "unposted_release": constant("RELEASE"),
    "unposted_reset": constant("RESET"),
    "unposted_unrelease": constant("UNRELEASE"),
}
"""The format's own converters, by the names that its mappings use; study_design comes with the vocabularies."""
