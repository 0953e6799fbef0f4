"""Real studies at hand as legacy XML and, years later, as JSON of API v2 agree, or the difference is named here.

Only records that nobody has updated in between can be compared: those whose day of the last update is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest

from pipelines.readers import read_file
from pipelines.readers.base import RawRecord
from pipelines.settings import Limits

Study = dict[str, Any]
ABSENT = "absent"
PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "−": "-", "‐": "-", "\u2011": "-", "…": "..."})
IN_ORDER_OF_NO_MEANING = ("seriousEvents", "otherEvents", "locations", "references", "armGroupLabels")
NEW_NAMES = {
    "Age": {"Age, Categorical", "Age Continuous", "Age, Continuous"},
    "Gender": {"Sex: Female, Male"},
    "Unspecified": {"Other"},
    "St. Louis": {"St Louis"},
    "Hessen": {"Hesse"},
    "Hannover": {"Hanover"},
    "Koeln": {"Cologne"},
    "Luebeck": {"Lübeck"},
    "Muenster": {"Münster"},
    "Trois-Rivieres": {"Trois-Rivières"},
}


class Known(NamedTuple):
    """A difference that is understood: the places it is at (ends of paths), why, and which values it is about."""

    places: str
    why: str
    holds: Callable[[Any, Any], bool]


def only_json(xml: Any, _: Any) -> bool:
    return bool(xml == ABSENT)


def only_xml(_: Any, json: Any) -> bool:
    return bool(json == ABSENT)


KNOWN = (
    Known(
        r"derivedSection\.(condition|intervention)BrowseModule",
        "the registry assigns MeSH terms anew with each year's thesaurus; the XML had no ids and no ancestors",
        lambda xml, json: True,
    ),
    Known(r"versionHolder", "the day on which the registry wrote the file", lambda xml, json: True),
    Known(r"geoPoint\.(lat|lon)|stdAges", "the XML had no such field", only_json),
    Known(r"organization\.class|secondaryIdInfos\.(type|domain)", "the XML had no such field", only_json),
    Known(
        r"statusModule\.(studyFirst|resultsFirst|lastUpdate)(PostDateStruct\.(date|type)|SubmitQcDate)",
        "the XML had these dates since August 2017; the file is older",
        only_json,
    ),
    Known(
        r"statusModule\.dispFirst(PostDateStruct\.(date|type)|SubmitDate|SubmitQcDate)",
        "the XML of 2016 left out the disposition of studies that have results",
        only_json,
    ),
    Known(
        r"references\.(citation|pmid|type)",
        "the XML had no references that the registry derives from PubMed",
        only_json,
    ),
    Known(
        r"references\.citation",
        "the registry takes citations from PubMed, which has since added the DOI and dropped other notes",
        lambda xml, json: xml[:60] == json[:60],
    ),
    Known(
        r"analyses\.ciNumSides",
        "the XML of 2016 left out that an interval without its word is two-sided",
        lambda xml, json: xml == ABSENT and json == "TWO_SIDED",
    ),
    Known(
        r"measurements\.spread",
        "the XML of 2016 left out a spread that is not available",
        lambda xml, json: xml == ABSENT and json == "NA",
    ),
    Known(
        r"outcomeMeasures\.classes\.categories\.measurements\.(groupId|comment|value)",
        "the XML of 2016 had a measurement without a value for each group of an outcome that nobody was analysed for",
        lambda xml, json: json == ABSENT,
    ),
    Known(
        r"baselineCharacteristicsModule\.measures\.(paramType|unitOfMeasure)",
        "in January 2017 the registry made counts of participants of its baseline numbers",
        lambda xml, json: (xml, json) in {("NUMBER", "COUNT_OF_PARTICIPANTS"), ("participants", "Participants")},
    ),
    Known(
        r"baselineCharacteristicsModule\.measures\.unitOfMeasure",
        "in January 2017 the registry made counts of participants of its baseline numbers",
        lambda xml, json: str(xml).lower() == str(json).lower() == "participants",
    ),
    Known(
        r"measures\.title|dropWithdraws\.type|locations\.(city|state)",
        "the registry has since renamed it",
        lambda xml, json: json in NEW_NAMES.get(xml, ()),
    ),
    Known(
        r"overallStatus|lastKnownStatus",
        "the registry took the status for unknown when it had not been verified for two years",
        lambda xml, json: (xml, json) in {("RECRUITING", "UNKNOWN"), (ABSENT, "RECRUITING")},
    ),
    Known(
        r"overallOfficials\.affiliation|collaborators\.name",
        "the organisation has since changed its name in the registry's list of organisations",
        lambda xml, json: bool(set(xml.split()) & set(json.split())),
    ),
    Known(
        r"locations\.(city|state|facility|zip)",
        "the registry has since corrected the address",
        lambda xml, json: xml == ABSENT or json == ABSENT or bool(set(xml.split()) & set(json.split())),
    ),
    Known(
        r"(primary|secondary)Outcomes\.description",
        "the XML of 2023 lost the marks of lists in descriptions: there, items are paragraphs",
        lambda xml, json: (
            re.sub(r"\n+ *(?:\*|[0-9]+\.)? ?", "\n", "\n" + xml)
            == re.sub(r"\n+ *(?:\*|[0-9]+\.)? ?", "\n", "\n" + json)
        ),
    ),
)


def flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from flat(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from flat(inner, f"{path}[{place}]")
    else:
        yield path, value.translate(PLAIN) if isinstance(value, str) else value


def ordered(value: Any) -> Any:
    """The same with lists sorted whose order says nothing; API v2 sorts events and places anew."""
    if isinstance(value, dict):
        return {
            name: sorted(map(ordered, inner), key=lambda one: str(sorted(flat(one))))
            if name in IN_ORDER_OF_NO_MEANING
            else ordered(inner)
            for name, inner in value.items()
        }
    return [ordered(one) for one in value] if isinstance(value, list) else value


def aligned(xml: Study, json: Study) -> tuple[Study, Study]:
    """References and places of both in the order of what they share, so that what was added or renamed stands last."""
    for module, name in (("referencesModule", "references"), ("contactsLocationsModule", "locations")):
        ours = xml["protocolSection"].get(module, {}).get(name, [])
        theirs = json["protocolSection"].get(module, {}).get(name, [])
        matched: list[Study] = []
        left = list(theirs)
        for one in ours:
            if left:
                left.remove(match := likest(one, left))
                matched.append(match)
        theirs[:] = matched + left
    return xml, json


def likest(one: Study, others: list[Study]) -> Study:
    return max(others, key=lambda other: sum(same_name(value, other.get(key)) for key, value in one.items()))


def same_name(ours: Any, theirs: Any) -> bool:
    return bool(ours == theirs or (isinstance(ours, str) and theirs in NEW_NAMES.get(ours, ())))


def by_id(path: Path) -> dict[str, Study]:
    found = {}
    for _, records in read_file(path, Limits()):
        for record in records:
            assert isinstance(record, RawRecord)
            study = record.study if record.study is not None else orjson.loads(record.raw)
            found[study["protocolSection"]["identificationModule"]["nctId"]] = study
    return found


def last_update(study: Study) -> str:
    return str(study["protocolSection"]["statusModule"]["lastUpdateSubmitDate"])


@pytest.fixture(scope="module")
def pairs(shared_dir: Path) -> list[tuple[str, Study, Study]]:
    json = by_id(shared_dir / "data" / "ctgov_v2" / "bulk.zip")
    xml = by_id(shared_dir / "data" / "ctgov_xml" / "AllPublicXML_part.zip")
    return [(nct_id, xml[nct_id], json[nct_id]) for nct_id in sorted(xml.keys() & json.keys())]


@pytest.mark.slow
def test_a_study_says_the_same_in_both_formats(pairs: list[tuple[str, Study, Study]]) -> None:
    used, same, unexplained = set(), 0, []
    unchanged = [(nct_id, xml, json) for nct_id, xml, json in pairs if last_update(xml) == last_update(json)]
    assert len(unchanged) >= 13
    for nct_id, xml, json in unchanged:
        xml = {name: part for name, part in xml.items() if name != "registrySection"}
        ours, theirs = (dict(flat(one)) for one in aligned(ordered(xml), ordered(json)))
        for path in ours.keys() | theirs.keys():
            values = ours.get(path, ABSENT), theirs.get(path, ABSENT)
            if values[0] == values[1]:
                same += 1
                continue
            plain = re.sub(r"\[[0-9]+\]", "", path)
            known = [one for one in KNOWN if re.search(one.places + r"(\.|$)", plain) and one.holds(*values)]
            used |= {one.why for one in known}
            if not known:
                unexplained.append((nct_id, path, *values))
    assert not unexplained
    assert same > 19_000
    assert {one.why for one in KNOWN} == used, "a difference that no longer shows need not be explained"


@pytest.mark.slow
def test_records_that_were_updated_since_keep_what_never_changes(pairs: list[tuple[str, Study, Study]]) -> None:
    assert len(pairs) == 22
    for nct_id, xml, json in pairs:
        assert last_update(xml) <= last_update(json), nct_id
        ours, theirs = xml["protocolSection"], json["protocolSection"]
        assert ours["identificationModule"]["nctId"] == theirs["identificationModule"]["nctId"]
        assert ours["statusModule"]["studyFirstSubmitDate"] == theirs["statusModule"]["studyFirstSubmitDate"]
        assert ours["designModule"]["studyType"] == theirs["designModule"]["studyType"]
        assert xml["hasResults"] == json["hasResults"]
