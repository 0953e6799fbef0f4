"""ISRCTN XML: wrappings, what the registry's words mean and do not mean, and damage."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.landing.member import Member
from pipelines.readers import READERS, recognise
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.isrctn_xml import READER
from pipelines.readers.reasons import NO_IDENTITY
from pipelines.sample import make_study
from pipelines.sample.render import isrctn_xml as rendering
from pipelines.settings import Limits
from pipelines.staging.identity import identify
from pipelines.staging.inspect import RecordRefused

NAMESPACE = "http://www.67bricks.com/isrctn"


def trial(inner: str = "", number: str = "12345678", attributes: str = "") -> str:
    head = f"<isrctn>{number}</isrctn><trialDescription><title>T</title></trialDescription>"
    return f"<trial {attributes}>{head}{inner}</trial>"


def full(inner: str = "", beside: str = "", **more: str) -> str:
    return f"<fullTrial>{trial(inner, **more)}{beside}</fullTrial>"


def reply(*records: str) -> bytes:
    return f'<allTrials xmlns="{NAMESPACE}" totalCount="{len(records)}">{"".join(records)}</allTrials>'.encode()


def read(data: bytes, limits: Limits | None = None) -> list[RawRecord | BadRecord]:
    return list(READER.read(Member.of_bytes("a.xml", data), limits or Limits()))


def study(inner: str = "", beside: str = "", **more: str) -> dict[str, Any]:
    (record,) = read(reply(full(inner, beside, **more)))
    assert isinstance(record, RawRecord), record
    assert record.study is not None
    return record.study


def states(found: dict[str, Any]) -> dict[str, str]:
    return {one["field"].rpartition(".")[2]: one["state"] for one in found["registrySection"].get("fieldStates", ())}


def test_a_reply_of_many_records() -> None:
    data = reply(*(full(number=f"1234567{n}") for n in range(4)))
    records = read(data)
    assert [(record.position, isinstance(record, RawRecord) and record.raw in data) for record in records] == [
        (n, True) for n in (1, 2, 3, 4)
    ]
    ids = [record.study["registrySection"]["recordId"] for record in records]  # type: ignore[union-attr,index]
    assert ids == [f"ISRCTN1234567{n}" for n in range(4)]


def test_a_reply_without_records() -> None:
    data = f'<allTrials totalCount="0" xmlns="{NAMESPACE}"></allTrials>'.encode()
    assert recognise(data) is READER
    assert read(data) == []


@pytest.mark.parametrize(
    "data",
    [
        full().replace("<fullTrial", f'<fullTrial xmlns="{NAMESPACE}"').encode(),
        trial().replace("<trial ", f'<trial xmlns="{NAMESPACE}" ', 1).encode(),
        b"\xef\xbb\xbf" + b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- c -->' + reply(full()),
        reply(full()).replace(b"<", b"<i:").replace(b"<i:/", b"</i:").replace(b"xmlns=", b"xmlns:i="),
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + reply(full()),
    ],
    ids=["one fullTrial", "one trial", "BOM, declaration, comment", "prefixed names", "declared encoding"],
)
def test_wrappings_say_the_same(data: bytes) -> None:
    assert recognise(data) is READER
    (record,) = read(data)
    assert isinstance(record, RawRecord), record
    assert record.study == study()


def test_declared_encoding_counts_for_every_record() -> None:
    text = reply(full("<trialDesign><reasonAbandoned>Génève</reasonAbandoned></trialDesign>")).decode()
    (record,) = read(f'<?xml version="1.0" encoding="iso-8859-1"?>{text}'.encode("latin-1"))
    assert isinstance(record, RawRecord)
    assert record.study is not None
    assert record.study["protocolSection"]["statusModule"]["whyStopped"] == "Génève"


def test_the_registrys_dates_are_taken_from_attributes() -> None:
    data = reply(full(attributes='lastUpdated="2026-09-30T14:08:37.63458888Z" version="23"')).replace(
        b"<isrctn>", b'<isrctn dateAssigned="2003-05-22T00:00:00.000Z">'
    )
    (record,) = read(data)
    assert isinstance(record, RawRecord)
    assert record.study is not None
    status = record.study["protocolSection"]["statusModule"]
    assert status["lastUpdatePostDateStruct"] == {"date": "2026-09-30"}
    assert status["studyFirstPostDateStruct"] == {"date": "2003-05-22"}
    assert record.study["registrySection"]["isrctn"][0]["recordVersion"] == 23


@pytest.mark.parametrize(
    ("overall", "recruitment", "final", "status"),
    [
        ("", "", "", None),
        ("Completed", "", "", "COMPLETED"),
        ("Suspended", "Suspended", "", "SUSPENDED"),
        ("", "Recruiting", "", "RECRUITING"),
        ("Ongoing", "No longer recruiting", "", "ACTIVE_NOT_RECRUITING"),
        ("Completed", "No longer recruiting", "", "COMPLETED"),
        ("Stopped", "Stopped", "9", "TERMINATED"),
        ("Stopped", "Stopped", "0", "ambiguous"),
        ("Stopped", "", "", "ambiguous"),
        ("", "No longer recruiting", "", "ambiguous"),
        ("Ongoing", "", "", "ambiguous"),
        ("Something new", "", "", "ambiguous"),
    ],
)
def test_status_is_what_the_record_states(overall: str, recruitment: str, final: str, status: str | None) -> None:
    found = study(
        f"<trialDesign><overallStatusOverride>{overall}</overallStatusOverride></trialDesign>"
        f"<participants><totalFinalEnrolment>{final}</totalFinalEnrolment>"
        f"<recruitmentStart>2001-01-01T00:00:00.000Z</recruitmentStart>"
        f"<recruitmentStatusOverride>{recruitment}</recruitmentStatusOverride></participants>"
    )
    read_as = found["protocolSection"]["statusModule"].get("overallStatus") or states(found).get("overallStatus")
    assert read_as == status
    (own,) = found["registrySection"].get("isrctn", [{}])
    assert own.get("overallStatusOverride", "") == overall


def test_what_the_registry_shows_empty_is_missing_there() -> None:
    found = study(
        "<trialDescription><primaryOutcomes/><primaryOutcome>Not provided at time of registration</primaryOutcome>"
        "<secondaryOutcome/></trialDescription><conditions><condition><description/></condition></conditions>"
        "<interventions/>"
    )
    empty = {"primaryOutcomes", "secondaryOutcomes", "conditions", "interventions"}
    assert {name for name, state in states(found).items() if state == "empty"} == empty
    assert "primaryOutcomes" not in states(
        study("<trialDescription><primaryOutcome>Pain</primaryOutcome></trialDescription>")
    )


@pytest.mark.parametrize(
    ("target", "final", "enrollment"),
    [
        ("211", "", {"count": 211, "type": "ESTIMATED"}),
        ("20", "9", {"count": 9, "type": "ACTUAL"}),
        ("3060", "0", {"count": 3060, "type": "ESTIMATED"}),
        ("", "0", "empty"),
        ("UK: 500; Ireland: 40", "", "ambiguous"),
        ("1,200", "", {"count": 1200, "type": "ESTIMATED"}),
        ("Planned Sample Size: 200; UK Sample Size: 150", "", {"count": 200, "type": "ESTIMATED"}),
    ],
)
def test_final_enrolment_before_target(target: str, final: str, enrollment: Any) -> None:
    found = study(
        f"<participants><targetEnrolment>{target}</targetEnrolment>"
        f"<totalFinalEnrolment>{final}</totalFinalEnrolment></participants>"
    )
    design = found.get("protocolSection", {}).get("designModule", {})
    assert (design.get("enrollmentInfo") or states(found).get("count")) == enrollment


def test_ages_from_text_or_from_attributes() -> None:
    found = study(
        '<participants><lowerAgeLimit unit="years" value="1.0">1 Years</lowerAgeLimit>'
        '<upperAgeLimit unit="months" value="30.0"/></participants>'
    )
    module = found["protocolSection"]["eligibilityModule"]
    assert (module["minimumAge"], module["maximumAge"]) == ("1 Year", "30 Months")
    strange = study("<participants><lowerAgeLimit>from birth</lowerAgeLimit></participants>")
    assert states(strange) == {"minimumAge": "ambiguous"}


@pytest.mark.parametrize(
    ("written", "verbatim"),
    [('value="soon" unit="years"', "soon years"), ('value="18"', "18"), ('value="17.5" unit="years"', "17.5 years")],
)
def test_an_age_limit_by_value_and_unit_that_cannot_be_read_is_told_of(written: str, verbatim: str) -> None:
    """It was nowhere where the limit had no text."""
    found = study(f"<participants><lowerAgeLimit {written}/></participants>")
    assert "minimumAge" not in found["protocolSection"].get("eligibilityModule", {})
    (state,) = found["registrySection"]["fieldStates"]
    assert (state["field"], state["state"]) == ("protocolSection.eligibilityModule.minimumAge", "ambiguous")
    assert state["verbatim"] == verbatim


def test_an_unreadable_age_limit_has_one_state() -> None:
    found = study('<participants><lowerAgeLimit value="soon">from birth</lowerAgeLimit></participants>')
    assert states(found) == {"minimumAge": "ambiguous"}


def numbers(inner: str) -> tuple[str | None, list[tuple[str, str | None]]]:
    module = study(f"<externalRefs>{inner}</externalRefs>")["protocolSection"]["identificationModule"]
    infos = [(one["id"], one.get("domain")) for one in module.get("secondaryIdInfos", ())]
    return module.get("orgStudyIdInfo", {}).get("id"), infos


def test_every_number_once_under_its_scheme() -> None:
    own, others = numbers(
        "<eudraCTNumber>2020-123456-36</eudraCTNumber><irasNumber>298897</irasNumber>"
        "<clinicalTrialsGovNumber>NCT05557013</clinicalTrialsGovNumber>"
        "<protocolSerialNumber>CPMS: 49816, ABC/22/002</protocolSerialNumber><secondaryNumbers>"
        '<secondaryNumber id="a" numberType="nct" canonicalSecondaryNumber="NCT05557013">NCT05557013</secondaryNumber>'
        '<secondaryNumber id="b" numberType="iras" canonicalSecondaryNumber="IRAS298897">298897</secondaryNumber>'
        '<secondaryNumber id="c" numberType="cpms" canonicalSecondaryNumber="CPMS49816">49816</secondaryNumber>'
        '<secondaryNumber id="d" numberType="Protocol serial number">ABC/22/002</secondaryNumber>'
        '<secondaryNumber id="e" numberType="Some Council">G-77</secondaryNumber></secondaryNumbers>'
    )
    assert own == "ABC/22/002"
    assert others == [
        ("2020-123456-36", "EudraCT"),
        ("NCT05557013", "ClinicalTrials.gov"),
        ("298897", "IRAS"),
        ("49816", "CPMS"),
        ("G-77", "Some Council"),
    ]


def test_ids_of_other_registries_in_the_protocol_number_are_not_the_sponsors() -> None:
    own, others = numbers("<protocolSerialNumber>NCT01234567; X-99</protocolSerialNumber>")
    assert (own, others) == ("X-99", [("NCT01234567", None)])


def test_a_number_in_its_field_and_in_the_list_is_one() -> None:
    own, others = numbers(
        "<irasNumber>298897</irasNumber><protocolSerialNumber>CPMS 49816, IRAS 298897, HTA 12/34/56"
        "</protocolSerialNumber>"
    )
    assert (own, others) == (None, [("298897", "IRAS"), ("49816", "CPMS"), ("12/34/56", "HTA")])


def test_a_number_that_is_written_twice_is_one() -> None:
    """It was two numbers, neither of them the sponsor's own."""
    assert numbers("<protocolSerialNumber>X-99; X-99</protocolSerialNumber>") == ("X-99", [])


def test_the_list_tells_which_number_is_the_protocols() -> None:
    def listed(*texts: str, kind: str = "Protocol serial number") -> str:
        items = "".join(f'<secondaryNumber numberType="{kind}">{one}</secondaryNumber>' for one in texts)
        return f"<secondaryNumbers>{items}</secondaryNumbers>"

    protocol = "Protocol serial number"
    assert numbers(listed("A-1", "B-2", "", "b-2")) == ("A-1", [("B-2", protocol)])
    whole = "<protocolSerialNumber>A-1; B-2</protocolSerialNumber>"
    assert numbers(whole + listed("B-2")) == ("B-2", [("A-1", protocol)])
    both = [("A-1", protocol), ("B-2", protocol)]
    assert numbers(whole + listed("B-2", "A-1")) == (None, both)
    assert numbers(whole + listed("C-3")) == (None, [*both, ("C-3", protocol)])
    assert numbers(whole + listed("C-3", kind="")) == (None, [*both, ("C-3", None)])


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("nct", {"type": "REGISTRY", "domain": "ClinicalTrials.gov"}),
        ("CTIS", {"type": "CTIS", "domain": "CTIS"}),
        ("eudract", {"type": "EUDRACT_NUMBER", "domain": "EudraCT"}),
        ("Some Council", {"type": "OTHER", "domain": "Some Council"}),
        ("", {"type": "OTHER"}),
    ],
)
def test_a_listed_number_has_the_type_of_its_scheme(kind: str, said: Any) -> None:
    inner = f'<secondaryNumbers><secondaryNumber numberType="{kind}">G-77</secondaryNumber></secondaryNumbers>'
    module = study(f"<externalRefs>{inner}</externalRefs>")["protocolSection"]["identificationModule"]
    assert module["secondaryIdInfos"] == [{"id": "G-77", **said}]


def test_placeholders_stay_as_they_are() -> None:
    own, others = numbers(
        "<clinicalTrialsGovNumber>Nil known</clinicalTrialsGovNumber>"
        "<protocolSerialNumber>Nil known</protocolSerialNumber>"
        "<secondaryNumbers><secondaryNumber>Nil known</secondaryNumber></secondaryNumbers>"
    )
    assert (own, others) == ("Nil known", [("Nil known", "ClinicalTrials.gov")])


def test_outcomes_one_by_one_or_in_prose() -> None:
    measure = (
        "<outcomeMeasure id='1'><variable>V</variable><method>M</method><timepoints>T</timepoints></outcomeMeasure>"
    )
    text = (
        f"<trialDescription><primaryOutcomes>{measure}</primaryOutcomes><primaryOutcome>said again</primaryOutcome>"
        "<secondaryOutcomes/><secondaryOutcome>1. A\n2. B</secondaryOutcome></trialDescription>"
    )
    found = study(text)
    outcomes = found["protocolSection"]["outcomesModule"]
    assert outcomes["primaryOutcomes"] == [{"measure": "V", "description": "M", "timeFrame": "T"}]
    assert outcomes["secondaryOutcomes"] == [{"measure": "1. A\n2. B"}]
    assert found["registrySection"]["isrctn"][0]["primaryOutcomeText"] == "said again"


def test_words_for_no_entry_in_names() -> None:
    found = study(
        "<trialDescription><acronym>N/A</acronym><secondaryOutcome>There are no secondary outcome measures"
        "</secondaryOutcome></trialDescription><interventions><intervention><description>Tea</description>"
        "<drugNames>Not applicable</drugNames></intervention></interventions>"
    )
    protocol = found["protocolSection"]
    assert "acronym" not in protocol["identificationModule"]
    assert "outcomesModule" not in protocol
    assert protocol["armsInterventionsModule"]["interventions"] == [{"description": "Tea"}]


@pytest.mark.parametrize("empty", ["Not provided at time of registration", "Not provided at registration.", "-"])
def test_what_the_form_puts_for_no_entry_is_no_value(empty: str) -> None:
    """Summaries, outcomes, statements on sharing, postcodes counted as given in three of five records at hand."""
    found = study(
        f"<trialDescription><plainEnglishSummary>{empty}</plainEnglishSummary><primaryOutcome>{empty}</primaryOutcome>"
        f"<secondaryOutcome>Pain at 6 months. {empty}</secondaryOutcome></trialDescription>"
        f"<participants><exclusion>{empty}</exclusion><trialCentres><trialCentre><name>{empty}</name><city>Cork</city>"
        f"<zip>{empty}</zip></trialCentre></trialCentres></participants>"
        f"<results><ipdSharingStatement>{empty}</ipdSharingStatement></results>"
    )
    protocol = found["protocolSection"]
    assert "descriptionModule" not in protocol
    assert "ipdSharingStatementModule" not in protocol
    assert "eligibilityModule" not in protocol
    assert protocol["outcomesModule"] == {"secondaryOutcomes": [{"measure": f"Pain at 6 months. {empty}"}]}
    assert protocol["contactsLocationsModule"]["locations"] == [{"city": "Cork"}]


@pytest.mark.parametrize(
    ("inner", "purpose"),
    [
        ("<trialTypes><trialType>Treatment</trialType></trialTypes>", "TREATMENT"),
        (
            "<interventionalTrialDesign><purposes><purpose>Screening</purpose></purposes></interventionalTrialDesign>",
            "SCREENING",
        ),
        ("<trialTypes><trialType>Treatment</trialType><trialType>Prevention</trialType></trialTypes>", "ambiguous"),
        ("<trialTypes><trialType>Quality of life</trialType></trialTypes>", None),
    ],
)
def test_a_purpose_only_where_one_is_named(inner: str, purpose: str | None) -> None:
    found = study(f"<trialDesign>{inner}</trialDesign>")
    info = found["protocolSection"].get("designModule", {}).get("designInfo", {})
    assert (info.get("primaryPurpose") or states(found).get("primaryPurpose")) == purpose


def test_one_word_for_the_design_can_say_several_things() -> None:
    found = study("<trialDesign><secondaryStudyDesign>Randomised cross over trial</secondaryStudyDesign></trialDesign>")
    info = found["protocolSection"]["designModule"]["designInfo"]
    assert info == {"allocation": "RANDOMIZED", "interventionModel": "CROSSOVER"}
    strange = study("<trialDesign><secondaryStudyDesign>Stepped wedge</secondaryStudyDesign></trialDesign>")
    assert states(strange) == {"designInfo": "ambiguous"}
    assert strange["registrySection"]["isrctn"][0]["secondaryStudyDesign"] == "Stepped wedge"


def test_people_and_organisations() -> None:
    found = study(
        "",
        "<contact id='1'><title>Dr</title><forename>A</forename><surname>B</surname><contactTypes>"
        "<contactType>Principal Investigator</contactType><contactType>Public</contactType></contactTypes>"
        "<contactDetails><telephone>1</telephone><email>a@example.org</email></contactDetails></contact>"
        "<contact id='2'><surname>C</surname><contactType>Scientific</contactType></contact>"
        "<sponsor id='3'><organisation>S</organisation><commercialStatus>Commercial</commercialStatus></sponsor>"
        "<sponsor id='4'><organisation>U</organisation><sponsorType>Government</sponsorType></sponsor>"
        "<funder id='5'><name>S</name></funder><funder id='6'><name>F</name><fundRef>http://x</fundRef></funder>",
    )
    people = found["protocolSection"]["contactsLocationsModule"]
    assert people["overallOfficials"] == [{"name": "Dr A B", "role": "PRINCIPAL_INVESTIGATOR"}]
    assert [one["name"] for one in people["centralContacts"]] == ["Dr A B", "C"]
    assert found["protocolSection"]["sponsorCollaboratorsModule"] == {
        "leadSponsor": {"name": "S", "class": "INDUSTRY"},
        "collaborators": [{"name": "U"}, {"name": "F"}],
    }


@pytest.mark.parametrize(
    ("kind", "commercial", "said"),
    [
        ("Industry", "", "INDUSTRY"),
        ("Government", "Commercial", "INDUSTRY"),
        ("University/education", "Non-Commercial", "OTHER"),
        ("Government", "Non-Commercial", None),
        ("Not defined", "", None),
    ],
)
def test_the_class_of_a_sponsor(kind: str, commercial: str, said: str | None) -> None:
    found = study(
        "",
        "<sponsor><sponsorType>Industry</sponsorType></sponsor><funder><fundRef>http://x</fundRef></funder>"
        f"<sponsor><organisation>S</organisation><sponsorType>{kind}</sponsorType>"
        f"<commercialStatus>{commercial}</commercialStatus></sponsor>",
    )
    lead = {"name": "S", "class": said} if said else {"name": "S"}
    assert found["protocolSection"]["sponsorCollaboratorsModule"] == {"leadSponsor": lead}


@pytest.mark.parametrize(
    ("kinds", "official", "central"),
    [("Principal Investigator", 1, 0), ("Public", 0, 1), ("", 0, 1)],
    ids=["investigator only", "for questions", "no kind is told"],
)
def test_a_contact_is_for_questions_unless_it_is_the_investigator_alone(
    kinds: str, official: int, central: int
) -> None:
    types = f"<contactTypes><contactType>{kinds}</contactType></contactTypes>" if kinds else ""
    nobody = f"<contact>{types}<contactDetails><telephone>1</telephone></contactDetails></contact>"
    found = study("", f"<contact><surname>B</surname>{types}</contact>{nobody}")
    people = found["protocolSection"]["contactsLocationsModule"]
    assert [len(people.get(name, [])) for name in ("overallOfficials", "centralContacts")] == [official, central]


def test_publications_line_by_line() -> None:
    found = study(
        "<results><publicationDetails>2022 Results article in https://pubmed.ncbi.nlm.nih.gov/36385642/ (added)\n"
        "2018 Protocol article in http://www.ncbi.nlm.nih.gov/pubmed/30524749 protocol</publicationDetails></results>"
    )
    references = found["protocolSection"]["referencesModule"]["references"]
    assert [(one["pmid"], one.get("type")) for one in references] == [("36385642", "RESULT"), ("30524749", None)]


def test_outputs_with_an_address_of_their_own_are_links() -> None:
    found = study(
        "<trialDescription><trialWebsite>https://study.example.org</trialWebsite></trialDescription>"
        "<results><publicationDetails>2022 Results article in https://a.example.org</publicationDetails></results>"
        "<outputs><output id='1' outputType='resultsarticle' peerReviewed='true'><externalLink url='https://a.example.org'/>"
        "<description/></output><output id='2' outputType='otherpublications' dateCreated='01/02/2021'>"
        "<externalLink url='https://b.example.org'/><description>B</description></output>"
        "<output id='3' outputType='pis'><localFile originalFilename='pis.pdf' mimeType='application/pdf'/></output>"
        "</outputs>"
    )
    assert found["protocolSection"]["referencesModule"]["seeAlsoLinks"] == [
        {"label": "Study website", "url": "https://study.example.org"},
        {"label": "B", "url": "https://b.example.org"},
    ]
    outputs = found["registrySection"]["isrctn"][0]["outputs"]
    assert [one["outputType"] for one in outputs] == ["resultsarticle", "otherpublications", "pis"]
    assert outputs[0]["peerReviewed"] is True
    assert outputs[2]["originalFilename"] == "pis.pdf"


def results(inner: str) -> tuple[bool | None, str | None]:
    found = study(inner)
    posted = found.get("protocolSection", {}).get("statusModule", {}).get("resultsFirstPostDateStruct", {})
    return found.get("hasResults"), posted.get("date")


def test_a_basic_report_is_results_in_the_registry() -> None:
    report = "Basic results see attached file A_BasicResults.pdf (added 01/09/2026)\nCorrected (added 13/10/2026)"
    assert results(f"<results><basicReport>{report}</basicReport></results>") == (True, "2026-09-01")
    assert results("<results><basicReport>See A.pdf (added 31/02/2026)</basicReport></results>") == (True, None)


def test_an_output_of_basic_results_is_dated_by_the_day_it_was_added() -> None:
    output = "<output outputType='{}' dateCreated='2020-02-01T00:00:00.000Z' dateUploaded='{}'><localFile/></output>"
    both = output.format("basicresults", "2021-05-06T09:00:00.000Z") + output.format("BasicResults", "2021-04-30")
    assert results(f"<outputs>{both}</outputs>") == (True, "2021-04-30")
    assert results(f"<outputs>{output.format('basicresults', 'spring')}</outputs>") == (True, None)
    moved = "<productionNotes>Migrated from X</productionNotes>"
    of_a_day_to_come = f"<output outputType='basicresults' dateUploaded='2035-11-11'>{moved}</output>"
    assert results(f"<outputs>{of_a_day_to_come}</outputs>") == (True, None)


@pytest.mark.parametrize(
    "inner",
    [
        "<outputs><output outputType='resultsarticle' dateUploaded='2021-05-06'><externalLink url='https://a.org'/></output></outputs>",
        "<outputs><output outputType='plainenglishresults' dateUploaded='2021-05-06'/></outputs>",
        "<results><publicationDetails>2022 Results article in https://a.org</publicationDetails><basicReport/></results>",
        "<results><basicReport>Not applicable.</basicReport></results>",
        "<results><basicReport>Not provided at time of registration</basicReport></results>",
    ],
)
def test_articles_and_empty_reports_are_no_results_in_the_registry(inner: str) -> None:
    assert results(inner) == (None, None)


def test_words_in_the_place_of_an_address_are_no_link() -> None:
    found = study(
        "<outputs><output outputType='pis'><externalLink url='See study outputs table'/></output>"
        "<output outputType='dataset'><externalLink url='www.data.example.org/1'/></output></outputs>"
    )
    assert found["protocolSection"]["referencesModule"]["seeAlsoLinks"] == [
        {"label": "dataset", "url": "www.data.example.org/1"}
    ]
    assert found["registrySection"]["isrctn"][0]["outputs"][0]["url"] == "See study outputs table"


def test_countries_beside_centres_and_healthy_volunteers() -> None:
    found = study(
        "<participants><recruitmentCountries><country>Finland</country><country>France</country>"
        "</recruitmentCountries><trialCentres><trialCentre id='1'><name>N</name><country>France</country>"
        "<rtsId>R1</rtsId></trialCentre></trialCentres><participantTypes><participantType>Healthy volunteer"
        "</participantType><participantType>Patient</participantType></participantTypes></participants>"
    )
    assert [one["country"] for one in found["registrySection"]["recruitmentCountries"]] == ["Finland", "France"]
    assert found["protocolSection"]["contactsLocationsModule"]["locations"] == [{"facility": "N", "country": "France"}]
    assert found["protocolSection"]["eligibilityModule"]["healthyVolunteers"] is True


def test_what_nobody_foresaw_is_not_lost() -> None:
    assert study("<novelty kind='k'>n</novelty>")["isrctn_xml:trial/novelty"] == "n"


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda data: data[: data.rindex(b"<title>")], "truncated_xml"),
        (lambda data: data.replace(b"<title>T</title>", b"<title>T</titel>", 1), "malformed_xml"),
        (lambda data: data.replace(b"<title>T", b"<title>\xff\xfe", 1), "not_utf8"),
        (lambda data: data.replace(b"<title>T", b"<title>\0", 1), "malformed_xml"),
        (lambda data: data.replace(b"<title>T", b"<title>&unheard;", 1), "xml_entity"),
        (lambda data: data.replace(b"</fullTrial>", b"", 1), "truncated_xml"),
        (lambda data: data.replace(b"<title>T", b"<title>" + b"<a>" * 300, 1), "malformed_xml|too_deep"),
    ],
    ids=["cut", "broken element", "not UTF-8", "NUL", "unknown entity", "record not closed", "deep"],
)
def test_damage_costs_one_record(damage: Any, code: str) -> None:
    records = read(damage(reply(*(full(number=f"1234567{n}") for n in range(3)))))
    assert len([record for record in records if isinstance(record, RawRecord)]) == 2
    (found,) = [record for record in records if isinstance(record, BadRecord)]
    assert found.reason_code in code.split("|")
    assert found.registry_id in {"ISRCTN12345670", "ISRCTN12345672"}


def test_entities_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    outside = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    for prolog in (bomb, outside):
        (found,) = read(prolog + reply(full()).replace(b"<title>T", b"<title>&b;"))
        assert isinstance(found, BadRecord)
        assert found.reason_code == "xml_entity"


def test_control_characters_become_a_sign_and_the_record_says_so() -> None:
    """The registries' own exports have been seen with references to characters that XML forbids."""
    (record,) = read(reply(full()).replace(b"<title>T", b"<title>T&#x2;u\x0bv"))
    assert isinstance(record, RawRecord)
    assert record.study is not None
    assert record.study["protocolSection"]["identificationModule"]["briefTitle"] == "T\ufffdu\ufffdv"
    assert states(record.study) == {"registrySection": "damaged"}


def test_a_record_beyond_the_limit_is_refused_and_the_next_one_read() -> None:
    data = reply(full("<results><publicationPlan>" + "x" * 5000 + "</publicationPlan></results>"), full())
    records = read(data, Limits(record_bytes=2000))
    assert [type(record) for record in records] == [BadRecord, RawRecord]
    assert records[0].reason_code == "record_too_large"  # type: ignore[union-attr]


def test_a_record_without_any_number_has_no_identity() -> None:
    found = study(number="")
    with pytest.raises(RecordRefused) as refusal:
        identify(found, READER)
    assert refusal.value.code == NO_IDENTITY


def test_own_id_is_the_records_key() -> None:
    assert identify(study(), READER).record_key == "ISRCTN:ISRCTN12345678"


def test_heads_of_other_formats_are_not_taken() -> None:
    head = rendering.render_file([make_study(1, 1)])[:65536]
    assert [reader.format for reader in READERS if reader.recognise(head)] == ["isrctn_xml"]
    for other in (
        b"<clinical_study><id_info/></clinical_study>",
        b"<trials><trial><main><trial_id>ChiCTR2000000001</trial_id></main></trial></trials>",
        b"<Trials_downloaded_from_ICTRP><Trial/></Trials_downloaded_from_ICTRP>",
        b'{"isrctn": "12345678", "trialDescription": {}}',
        b"isrctn",
        b"",
    ):
        assert not READER.recognise(other)
