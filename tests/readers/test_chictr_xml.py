"""ChiCTR XML: groups and their sizes, ages without units, the registry's words, wrappings, damage, the real record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from pipelines.landing.member import Member
from pipelines.readers import READERS, read_file, recognise
from pipelines.readers.base import BadRecord, RawRecord
from pipelines.readers.chictr.groups import group_sizes, group_texts
from pipelines.readers.chictr_xml import READER
from pipelines.readers.reasons import NO_IDENTITY
from pipelines.sample import make_study
from pipelines.sample.render import chictr_xml as rendering
from pipelines.settings import Limits
from pipelines.staging.identity import identify
from pipelines.staging.inspect import RecordRefused

Json = dict[str, Any]


def record(main: str = "", rest: str = "", own: str = "ChiCTR2000012345") -> str:
    return f"<Triall><main><trial_id>{own}</trial_id><reg_name>ChiCTR</reg_name>{main}</main>{rest}</Triall>"


def file(*records: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><trials>{"".join(records)}</trials>'.encode()


def read(data: bytes, limits: Limits | None = None) -> list[RawRecord | BadRecord]:
    return list(READER.read(Member.of_bytes("a.xml", data), limits or Limits()))


def study(main: str = "", rest: str = "", **more: str) -> Json:
    (found,) = read(file(record(main, rest, **more)))
    assert isinstance(found, RawRecord), found
    assert found.study is not None
    return found.study


def states(found: Json) -> dict[str, str]:
    return {one["field"].rpartition(".")[2]: one["state"] for one in found["registrySection"].get("fieldStates", ())}


def test_what_the_registry_shows_empty_is_missing_there() -> None:
    main = "<target_size/><hc_freetext>None</hc_freetext><public_title>T</public_title><i_freetext> </i_freetext>"
    assert states(study(main)) == {"count": "empty", "conditions": "empty", "interventions": "empty"}
    assert states(study("<phase>Retrospective study</phase>")) == {}


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("Experimental group:30;Control group:31;", [("Experimental group", 30), ("Control group", 31)]),
        ("2019 Y:2418;2020 Y:821", [("2019 Y", 2418), ("2020 Y", 821)]),
        ("Gold standard: A vs. B:5;", [("Gold standard: A vs. B", 5)]),
        ("组一：30；组二：20；", [("组一", 30), ("组二", 20)]),
        ("100", None),
        ("about 30 each", None),
        ("A:30;B:?;", None),
        (";;", None),
    ],
)
def test_group_sizes(text: str, groups: Any) -> None:
    assert group_sizes(text) == groups


def test_texts_of_groups_may_have_signs_of_their_own() -> None:
    assert group_texts("A:dose: 5 mg; twice;B:none;", ["A", "B"]) == ["dose: 5 mg; twice", "none"]
    assert group_texts("A:x;C:y;", ["A", "B"]) is None
    assert group_texts("free text", ["A"]) is None
    assert group_texts("Placebo:x;Placebo plus:y;", ["Placebo", "Placebo plus"]) == ["x", "y"]


@pytest.mark.parametrize(
    ("target", "actual", "enrollment", "state"),
    [
        ("A:30;B:31;", "", {"count": 61, "type": "ESTIMATED"}, "derived"),
        ("A:30;B:31;", "58", {"count": 58, "type": "ACTUAL"}, None),
        ("120", "", {"count": 120, "type": "ESTIMATED"}, None),
        ("Target condition:0;Difficult condition:0", "", None, "ambiguous"),
        ("as many as come", "", None, "ambiguous"),
    ],
)
def test_sizes_of_groups_are_summed_and_the_record_says_so(
    target: str, actual: str, enrollment: Any, state: str | None
) -> None:
    found = study(f"<target_size>{target}</target_size><results_actual_enrolment>{actual}</results_actual_enrolment>")
    assert found.get("protocolSection", {}).get("designModule", {}).get("enrollmentInfo") == enrollment
    assert states(found).get("count") == state
    assert found["registrySection"]["chictr"][0]["targetSize"] == target


def test_groups_become_arms_and_what_they_get() -> None:
    found = study(
        "<target_size>A:30;B:31;C:5;</target_size><i_freetext>A:tea, 3 cups;B:N/A;C:tea, 3 cups;</i_freetext>"
    )
    module = found["protocolSection"]["armsInterventionsModule"]
    assert module["armGroups"] == [
        {"label": "A", "description": "tea, 3 cups"},
        {"label": "B"},
        {"label": "C", "description": "tea, 3 cups"},
    ]
    assert module["interventions"] == [{"name": "tea, 3 cups", "armGroupLabels": ["A", "C"]}]
    assert [one["intervention"] for one in found["registrySection"]["chictr"][0]["groups"]] == [
        "tea, 3 cups",
        "N/A",
        "tea, 3 cups",
    ]


def test_an_intervention_that_is_not_told_by_group_stays_whole() -> None:
    text = "long text " * 40
    found = study(f"<target_size>A:30;B:31;</target_size><i_freetext>{text}</i_freetext>")
    (given,) = found["protocolSection"]["armsInterventionsModule"]["interventions"]
    assert given == {"description": text.strip(), "armGroupLabels": ["A", "B"]}


@pytest.mark.parametrize(
    ("age", "read_as", "state"),
    [
        ("18", "18 Years", "inferred"),
        ("18.0", "18 Years", "inferred"),
        ("6 Months", "6 Months", None),
        ("65years", "65 Years", None),
        ("0.1", None, "ambiguous"),
        ("18-65", None, "ambiguous"),
        ("/", None, None),
        ("??", None, None),
        ("", None, None),
    ],
)
def test_ages_without_a_unit_are_years_by_the_registrys_form(age: str, read_as: str | None, state: str | None) -> None:
    found = study("", f"<criteria><agemin>{age}</agemin></criteria>")
    module = found.get("protocolSection", {}).get("eligibilityModule", {})
    assert module.get("minimumAge") == read_as
    assert states(found).get("minimumAge") == state
    if age and read_as is None and state is None:
        assert found["registrySection"]["sourceFields"][0]["value"] == age


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Recruiting", "RECRUITING"),
        ("Not yet recruiting", "NOT_YET_RECRUITING"),
        ("Suspending", "SUSPENDED"),
        ("Completed", "ambiguous"),
        ("Not Recruiting", "ambiguous"),
    ],
)
def test_the_end_of_recruitment_is_not_the_end_of_the_study(word: str, status: str) -> None:
    found = study(f"<recruitment_status>{word}</recruitment_status>")
    module = found.get("protocolSection", {}).get("statusModule", {})
    assert (module.get("overallStatus") or states(found).get("overallStatus")) == status
    assert found["registrySection"]["chictr"][0]["recruitmentStatus"] == word


@pytest.mark.parametrize(
    ("word", "phases", "perspective"),
    [
        ("4", ["PHASE4"], None),
        ("1-2", ["PHASE1", "PHASE2"], None),
        ("N/A", ["NA"], None),
        ("0", None, None),
        ("Retrospective study", None, "RETROSPECTIVE"),
    ],
)
def test_phase_and_what_else_stands_in_its_field(word: str, phases: Any, perspective: str | None) -> None:
    design = study(f"<phase>{word}</phase>").get("protocolSection", {}).get("designModule", {})
    assert design.get("phases") == phases
    assert design.get("designInfo", {}).get("timePerspective") == perspective


def test_consecutive_cases_are_no_sequential_design() -> None:
    found = study("<study_design>Sequential</study_design><study_type>Observational study</study_type>")
    assert found["protocolSection"]["designModule"] == {"studyType": "OBSERVATIONAL"}
    assert states(found) == {}


def test_outcomes_that_end_with_semicolons_are_taken_apart() -> None:
    found = study(
        "",
        "<primary_outcome><prim_outcome>SDS;SAS;;</prim_outcome></primary_outcome>"
        "<secondary_outcome><sec_outcome>pain; in week 2</sec_outcome></secondary_outcome>",
    )
    assert found["protocolSection"]["outcomesModule"] == {
        "primaryOutcomes": [{"measure": "SDS"}, {"measure": "SAS"}],
        "secondaryOutcomes": [{"measure": "pain; in week 2"}],
    }


@pytest.mark.parametrize(
    ("date", "day", "state"),
    [
        ("2020-07-02", "2020-07-02", None),
        ("2020/7/2", "2020-07-02", None),
        ("2020-07-02 00:00:00", "2020-07-02", None),
        ("2020-07", None, "ambiguous"),
        ("02/07/2020", None, "damaged"),
        ("2020-13-02", None, "damaged"),
    ],
)
def test_a_date_of_registration_is_a_day_or_nothing(date: str, day: str | None, state: str | None) -> None:
    found = study(f"<date_registration>{date}</date_registration>")
    module = found.get("protocolSection", {}).get("statusModule", {})
    assert module.get("studyFirstPostDateStruct", {}).get("date") == day
    assert states(found).get("date") == state


@pytest.mark.parametrize("nothing", ["None", "N/A", "无", "/"])
def test_words_for_nothing_are_no_values(nothing: str) -> None:
    """The form cannot be sent with empty fields: "None" counted as a collaborator, "N/A" as an outcome."""
    found = study(
        f"<primary_sponsor>Tea House</primary_sponsor><acronym>{nothing}</acronym><hc_freetext>{nothing}</hc_freetext>",
        f"<contacts><contact><firstname>A B</firstname><telephone>{nothing}</telephone><email>a@example.org</email>"
        f"</contact></contacts><primary_outcome><prim_outcome>Pain;{nothing};</prim_outcome></primary_outcome>"
        f"<secondary_outcome><sec_outcome>{nothing};</sec_outcome></secondary_outcome><secondary_sponsor><sponsor_name>"
        f"{nothing}</sponsor_name></secondary_sponsor>",
    )
    protocol = found["protocolSection"]
    assert not {"identificationModule", "conditionsModule"} & protocol.keys()
    assert protocol["sponsorCollaboratorsModule"] == {"leadSponsor": {"name": "Tea House"}}
    assert protocol["outcomesModule"] == {"primaryOutcomes": [{"measure": "Pain"}]}
    assert protocol["contactsLocationsModule"]["centralContacts"] == [
        {"name": "A B", "role": "CONTACT", "email": "a@example.org"}
    ]


def test_people_are_called_like_words_for_nothing() -> None:
    found = study(
        "<primary_sponsor>S</primary_sponsor>",
        "<contacts><contact><firstname>Na</firstname><middlename>N/A</middlename><lastname>Li</lastname>"
        "<email>a@example.org</email></contact></contacts>",
    )
    contacts = found["protocolSection"]["contactsLocationsModule"]["centralContacts"]
    assert contacts == [{"name": "Na Li", "role": "CONTACT", "email": "a@example.org"}]


def test_left_overs_of_html_and_empty_codes() -> None:
    found = study(
        "<public_title>A &amp;lt; B&lt;br&gt;C</public_title>",
        "<intervention_code><i_code>;;</i_code></intervention_code>"
        "<criteria><inclusion_criteria>1. a&lt;br/&gt;2. p&lt;0.05</inclusion_criteria></criteria>"
        "<health_condition_keyword><hc_keyword>x; y</hc_keyword></health_condition_keyword>",
    )
    section = found["protocolSection"]
    assert section["identificationModule"]["briefTitle"] == "A < B C"
    assert section["eligibilityModule"]["eligibilityCriteria"] == "Inclusion Criteria:\n1. a\n2. p<0.05"
    assert section["conditionsModule"]["keywords"] == ["x", "y"]
    assert "interventionCodes" not in found["registrySection"]["chictr"][0]


def test_criteria_that_stand_twice_are_not_lost() -> None:
    """Of a field that the reader puts together from several, the second element was dropped without a word; that of
    any other field was kept as a source field."""
    rest = "<criteria>{}</criteria>".format(
        "".join(f"<inclusion_criteria>{said}</inclusion_criteria>" for said in ("Adults", "Adults", "No surgery"))
    )
    found = study(rest=rest)
    assert found["protocolSection"]["eligibilityModule"]["eligibilityCriteria"] == "Inclusion Criteria:\nAdults"
    assert found["registrySection"]["sourceFields"] == [
        {"path": "inclusion", "place": "inclusion[2]", "value": "No surgery"}
    ]


def test_numbers_people_countries() -> None:
    found = study(
        "<UTRN>U1111-1111-4101</UTRN><utrn>U1111-1111-4101</utrn><primary_sponsor>S</primary_sponsor>",
        "<contacts><contact><type>Public</type><firstname>A B</firstname><telephone>1</telephone></contact></contacts>"
        "<countries><country2>China;Japan</country2><country2>China</country2></countries>"
        "<secondary_sponsor><sponsor_name>S</sponsor_name><sponsor_name>T</sponsor_name></secondary_sponsor>"
        "<secondary_ids><secondary_id><sec_id>NCT01234567</sec_id><issuing_authority>CT</issuing_authority></secondary_id>"
        "<secondary_id><sec_id/><issuing_authority/></secondary_id></secondary_ids>",
    )
    infos = found["protocolSection"]["identificationModule"]["secondaryIdInfos"]
    assert [one["id"] for one in infos] == ["U1111-1111-4101", "NCT01234567"]
    assert found["protocolSection"]["sponsorCollaboratorsModule"]["collaborators"] == [{"name": "T"}]
    assert [one["country"] for one in found["registrySection"]["recruitmentCountries"]] == ["China", "Japan"]
    people = found["protocolSection"]["contactsLocationsModule"]["centralContacts"]
    assert people == [{"name": "A B", "role": "CONTACT", "phone": "1"}]
    assert identify(found, READER).record_key == "CHICTR:ChiCTR2000012345"


@pytest.mark.parametrize(
    "data",
    [
        file(record(), record(own="ChiCTR-TRC-10000123")),
        file(record(), record()).replace(b"trials>", b"Triallist>"),
        file(record(), record()).replace(b"Triall>", b"trial>"),
        f"<?xml version='1.0' encoding='gb2312'?><trials>{record('<acronym>试</acronym>')}{record()}</trials>".encode(
            "gb2312"
        ),
    ],
    ids=["trials", "Triallist", "trial", "gb2312"],
)
def test_wrappings(data: bytes) -> None:
    assert recognise(data) is READER
    given = read(data)
    assert [type(one) for one in given] == [RawRecord, RawRecord]
    assert [one.position for one in given] == [1, 2]


def test_a_single_record_without_a_wrapping() -> None:
    data = record().encode()
    assert recognise(data) is READER
    assert [type(one) for one in read(data)] == [RawRecord]


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda data: data[: data.rindex(b"<reg_name>")], "truncated_xml"),
        (lambda data: data.replace(b"</reg_name>", b"</reg>", 1), "malformed_xml"),
        (lambda data: data.replace(b"ChiCTR</reg", b"\xd6\xd0</reg", 1), "not_utf8"),
        (lambda data: data.replace(b"ChiCTR</reg", b"\0</reg", 1), "malformed_xml"),
        (lambda data: data.replace(b"ChiCTR</reg", b"&x;</reg", 1), "xml_entity"),
    ],
    ids=["cut", "broken element", "not UTF-8", "NUL", "entity"],
)
def test_damage_costs_one_record(damage: Any, code: str) -> None:
    given = read(damage(file(*(record(own=f"ChiCTR200001234{n}") for n in range(3)))))
    assert len([one for one in given if isinstance(one, RawRecord)]) == 2
    (bad,) = [one for one in given if isinstance(one, BadRecord)]
    assert bad.reason_code == code
    assert bad.registry_id is not None


@pytest.mark.parametrize("broken", ["a\0b", "a &b c", "a<b", "a ]]> b"])
def test_malformed_xml_is_told_with_its_place_once_and_on_one_line(broken: str) -> None:
    """The parser says the place behind each message, of NUL on a line of its own."""
    (bad,) = read(file(record(f"<acronym>{broken}</acronym>")))
    assert isinstance(bad, BadRecord)
    assert bad.reason.count("column") == 1
    assert "\n" not in bad.reason


def test_entities_are_never_expanded() -> None:
    (bad,) = read(
        b'<!DOCTYPE trials [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + record("<acronym>&a;</acronym>").encode()
    )
    assert isinstance(bad, BadRecord)
    assert bad.reason_code == "xml_entity"


def test_control_characters_are_seen() -> None:
    """This registry's records have been seen with references to characters that XML forbids."""
    found = study("<acronym>a&#x1F;b</acronym>")
    assert found["protocolSection"]["identificationModule"]["acronym"] == "a\ufffdb"
    assert states(found) == {"registrySection": "damaged"}


def test_a_record_beyond_the_limit_is_refused() -> None:
    given = read(file(record("<acronym>" + "x" * 3000 + "</acronym>"), record()), Limits(record_bytes=1500))
    assert [type(one) for one in given] == [BadRecord, RawRecord]


def test_a_record_without_an_id_has_no_identity() -> None:
    with pytest.raises(RecordRefused) as refusal:
        identify(study(own=""), READER)
    assert refusal.value.code == NO_IDENTITY


def test_what_nobody_foresaw_is_not_lost() -> None:
    assert study("<novelty>n</novelty>")["chictr_xml:main/novelty"] == "n"


def test_heads_of_other_formats_are_not_taken() -> None:
    head = rendering.render_file([make_study(1, 1)])[:65536]
    assert [reader.format for reader in READERS if reader.recognise(head)] == ["chictr_xml"]
    for other in (
        b"<trials><trial><main><trial_id>RBR-74547s2</trial_id><reg_name>REBEC</reg_name></main></trial></trials>",
        b"<trial><isrctn>12345678</isrctn></trial>",
        b"<Trials_downloaded_from_ICTRP><Trial><TrialID>ChiCTR2000029949</TrialID></Trial></Trials_downloaded_from_ICTRP>",
        b"TrialID,ChiCTR",
        b"",
    ):
        assert not READER.recognise(other)


def test_the_real_record(shared_dir: Path) -> None:
    paths = sorted((shared_dir / "data" / "chictr").glob("*.xml"))
    assert paths
    for path in paths:
        ((reader, given),) = [(reader, list(found)) for reader, found in read_file(path, Limits())]
        assert reader is READER
        source = etree.fromstring(path.read_bytes())
        assert len(given) == len(source.findall("Triall"))
        for one, node in zip(given, source.findall("Triall"), strict=True):
            assert isinstance(one, RawRecord)
            assert one.study is not None
            assert not [name for name in one.study if ":" in name]
            section = one.study["protocolSection"]
            assert one.study["registrySection"]["recordId"] == node.findtext("main/trial_id")
            assert section["identificationModule"]["briefTitle"] == node.findtext("main/public_title")
            posted = section["statusModule"]["studyFirstPostDateStruct"]["date"]
            assert posted == node.findtext("main/date_registration")
            sizes = group_sizes(node.findtext("main/target_size") or "")
            if sizes:
                assert section["designModule"]["enrollmentInfo"]["count"] == sum(size for _, size in sizes)
