"""ICTRP exports as files: identities, damage told apart from what is around it, recognition, real files."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from pipelines.readers import find_raw, read_file
from pipelines.readers.base import BadRecord, Member, RawRecord
from pipelines.readers.ictrp_csv import FULL_EXPORT
from pipelines.readers.ictrp_csv import READER as CSV
from pipelines.readers.ictrp_xml import READER as XML
from pipelines.readers.mapping import load_mapping
from pipelines.settings import Limits
from pipelines.study.record_ids import record_id
from tests.readers.ictrp_files import (
    LIMITS,
    Fields,
    as_csv,
    as_xml,
    module,
    own,
    read_all,
    reader_of,
    states,
    studied,
    trial,
)

THREE = [trial("NCT09000001"), trial("ISRCTN90000001"), trial("ChiCTR2090000001")]


def ids(found: list[RawRecord | BadRecord]) -> list[str | None]:
    """Own number of each record, reason code of each bad one."""
    return [one.reason_code if isinstance(one, BadRecord) else number(studied(one)) for one in found]


def number(study: dict[str, Any]) -> str:
    return str(module(study, "identificationModule").get("nctId") or study["registrySection"]["recordId"])


@pytest.mark.parametrize(
    ("trial_id", "registry", "number"),
    [
        ("NCT09000001", None, "NCT09000001"),
        ("EUCTR2012-100001-91-DE", "EUCTR", "2012-100001-91-DE"),
        ("EUCTR2012-100001-91-Outside-EU/EEA", "EUCTR", "2012-100001-91-3rd"),
        ("CTIS2023-500001-91-00", "CTIS", "2023-500001-91-00"),
        ("JPRN-jRCTs090000001", "JRCT", "jRCTs090000001"),
        ("JPRN-UMIN000090001", "UMIN", "UMIN000090001"),
        ("JPRN-C000000901", "UMIN", "C000000901"),
        ("JPRN-JapicCTI-900001", "JAPIC", "JapicCTI-900001"),
        ("JPRN-JMA-IIA90001", "JMA", "JMA-IIA90001"),
        ("NL9001", "NTR", "NL9001"),
        ("NTR9001", "NTR", "NTR9001"),
        ("NL-OMON90001", "NTR", "NL-OMON90001"),
        ("PER-901-19", "REPEC", "PER-901-19"),
        ("SLCTR/2019/901", "SLCTR", "SLCTR/2019/901"),
        ("LBCTR2019090001", "LBCTR", "LBCTR2019090001"),
        ("RPCEC90000001", "RPCEC", "RPCEC90000001"),
        ("ITMCTR2090000001", "ITMCTR", "ITMCTR2090000001"),
        ("ChiCTR-TRC-09900001", "CHICTR", "ChiCTR-TRC-09900001"),
    ],
)
def test_a_record_belongs_to_the_registry_of_its_number(trial_id: str, registry: str | None, number: str) -> None:
    for data in (as_xml([trial(trial_id)]), as_csv([trial(trial_id)])):
        (record,) = read_all(data)
        study = studied(record)
        section = study["registrySection"]
        if registry is None:
            assert module(study, "identificationModule")["nctId"] == number
        else:
            assert (section["registry"], section["recordId"]) == (registry, number)


def test_a_bare_number_belongs_to_the_register_that_is_named() -> None:
    (record,) = read_all(as_csv([trial("12619999999901", Source_Register="ANZCTR")]))
    study = studied(record)
    assert study["registrySection"]["recordId"] == "ACTRN12619999999901"


@pytest.mark.parametrize("trial_id", ["TEA-1", "", "NCT00000000", "12619999999901"])
def test_a_number_of_no_known_form_is_no_identity_and_is_named(trial_id: str) -> None:
    for data in (as_xml([THREE[0], trial(trial_id), THREE[1]]), as_csv([THREE[0], trial(trial_id), THREE[1]])):
        found = read_all(data)
        assert ids(found) == ["NCT09000001", "no_identity", "ISRCTN90000001"]
        bad = found[1]
        assert isinstance(bad, BadRecord)
        assert (trial_id or "no TrialID") in bad.reason


def test_records_have_their_exact_bytes(tmp_path: Path) -> None:
    for name, text in (("x.xml", as_xml(THREE)), ("x.csv", as_csv(THREE))):
        path = tmp_path / name
        path.write_bytes(text.encode())
        for record in read_all(text):
            assert isinstance(record, RawRecord)
            assert record.raw in path.read_bytes()
            assert find_raw(path, None, record.position, LIMITS) == record.raw


def test_a_file_cut_in_its_last_record_gives_the_others() -> None:
    text = as_xml(THREE)
    assert ids(read_all(text[: text.rindex("<Scientific_title>")])) == [
        "NCT09000001",
        "ISRCTN90000001",
        "truncated_xml",
    ]
    table = as_csv(THREE)
    cut = ids(read_all(table[: table.rindex("Tea for cough") + 3]))
    assert cut == ["NCT09000001", "ISRCTN90000001", "malformed_table"]


def test_the_end_of_the_root_may_be_missing() -> None:
    text = as_xml(THREE).replace("</Trials_downloaded_from_ICTRP>", "")
    assert ids(read_all(text)) == ["NCT09000001", "ISRCTN90000001", "ChiCTR2090000001"]


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (("<Public_title>", "<Public_title"), "malformed_xml"),
        (("</Public_title>", ""), "malformed_xml"),
        (("Tea for cough", "Tea & cough"), "malformed_xml"),
        (("Tea for cough", "Tea\x01cough"), "malformed_xml"),
        (("Tea for cough", "Tea\x00cough"), "malformed_xml"),
        (("Tea for cough", "&tea;"), "xml_entity"),
        (("</Trial>", ""), "truncated_xml"),
        (("<TrialID>ISRCTN90000001\n    </TrialID>", ""), "no_identity"),
    ],
    ids=["open tag", "no end tag", "bare ampersand", "control character", "NUL", "entity", "not closed", "no id"],
)
def test_a_broken_trial_spares_its_neighbours(harm: tuple[str, str], code: str) -> None:
    texts = [as_xml([one]).split("Trials_downloaded_from_ICTRP>")[1].removesuffix("</") for one in THREE]
    texts[1] = texts[1].replace(*harm, 1)
    found = read_all(f"<Trials_downloaded_from_ICTRP>{''.join(texts)}</Trials_downloaded_from_ICTRP>")
    assert ids(found) == ["NCT09000001", code, "ChiCTR2090000001"]
    bad = found[1]
    assert isinstance(bad, BadRecord)
    assert bad.position == 2
    assert "byte" in bad.reason


def test_a_broken_record_is_known_by_its_registrys_number_so_that_a_good_one_releases_it() -> None:
    text = as_xml([trial("EUCTR2012-100001-91-DE")]).replace("Tea for cough", "Tea & cough", 1)
    (bad,) = read_all(text)
    assert isinstance(bad, BadRecord)
    assert bad.registry_id == "2012-100001-91-DE"


def test_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "tea"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    text = as_xml([trial(Public_title="T")], f"<?xml version='1.0'?>{bomb}")
    for name in ("b", "c"):
        assert ids(read_all(text.replace(">T\n", f">&{name};\n"))) == ["xml_entity"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Tea<br/>for cough", ["Tea", "for cough"]),
        ('Tea <a href="https://example.org/tea"/>', ["Tea", "https://example.org/tea"]),
        ("<p>Tea <i>for</i> cough</p>, a trial", ["Tea", "for", "cough", ", a trial"]),
    ],
    ids=["behind an element", "an attribute alone", "between elements"],
)
def test_an_element_that_is_no_plain_text_is_kept_with_all_that_it_says(written: str, kept: list[str]) -> None:
    """What stood behind an inner element, and attributes of one without elements, was nowhere."""
    (record,) = read_all(as_xml([trial(Public_title="T")]).replace(">T\n", f">{written}\n"))
    found = studied(record)
    unknown = " ".join(map(str, (value for name, value in found.items() if name.startswith("ictrp_xml:Public_title"))))
    assert [one for one in kept if one not in unknown] == []


def test_what_the_declaration_says_of_the_encoding_holds() -> None:
    text = as_xml([trial(Public_title="Thé à Zürich")], "<?xml version='1.0' encoding='ISO-8859-1'?>")
    (record,) = read_all(text.encode("latin-1"))
    study = studied(record)
    assert module(study, "identificationModule")["briefTitle"] == "Thé à Zürich"
    wrong = as_xml([trial(Public_title="Thé à Zürich"), THREE[1]])
    assert ids(read_all(wrong.encode("latin-1"))) == ["not_utf8", "ISRCTN90000001"]


def test_a_byte_order_mark_and_a_table_saved_by_a_spreadsheet() -> None:
    fields = trial(Public_title="Thé à Zürich – bitte")
    table = as_csv([fields])
    for data in (
        b"\xef\xbb\xbf" + table.encode(),
        table.encode("cp1252"),
        table.encode("utf-16"),
        table.replace(",", ";").encode(),
    ):
        (record,) = read_all(data)
        study = studied(record)
        assert module(study, "identificationModule")["briefTitle"] == "Thé à Zürich – bitte"


def test_columns_may_stand_in_any_order_and_be_fewer() -> None:
    fields = trial(Phase="Phase 3")
    turned = dict(reversed(fields.items()))
    (one,), (other,) = read_all(as_csv([fields])), read_all(as_csv([turned]))
    assert studied(one) == studied(other)


def test_files_put_one_behind_the_other_have_their_heading_twice() -> None:
    table = as_csv(THREE)
    found = read_all(table + table)
    assert [type(record) for record in found] == [RawRecord] * 6


@pytest.mark.parametrize("name", ["Trial_Id_number", "Key"])
def test_a_table_without_its_numbers_says_which_column_is_missing(name: str) -> None:
    (bad,) = read_all(as_csv([THREE[0]]).replace("TrialID", name, 1))
    assert isinstance(bad, BadRecord)
    assert bad.reason_code == "missing_column"
    assert "'TrialID' is missing" in bad.reason
    if name != "Key":
        assert f"did you mean '{name.replace('_', ' ')}'" in bad.reason or name in bad.reason


def test_an_open_quotation_mark_spares_the_rows_around_it() -> None:
    text = as_csv(THREE).replace('"ISRCTN90000001","3 February 2020"', '"ISRCTN90000001,"3 February 2020"')
    assert ids(read_all(text)) == ["NCT09000001", "malformed_table", "ChiCTR2090000001"]


def test_a_lone_carriage_return_behind_a_broken_quotation_mark_is_one_bad_row() -> None:
    text = as_csv(THREE).replace('"ISRCTN90000001","3 February 2020"', '"ISRCTN90000001"x",3 Feb\rruary 2020')
    assert ids(read_all(text)) == ["NCT09000001", "malformed_table", "ChiCTR2090000001"]


def test_a_record_larger_than_the_limit_is_told_apart() -> None:
    limits = Limits(record_bytes=4096)
    huge = [THREE[0], trial("ISRCTN90000001", Intervention="tea " * 3000), THREE[2]]
    for reader, text in ((XML, as_xml(huge)), (CSV, as_csv(huge))):
        found = list(reader.read(Member.of_bytes(None, text.encode()), limits))
        assert ids(found) == ["NCT09000001", "record_too_large", "ChiCTR2090000001"]


def test_fields_that_nobody_foresaw_are_not_lost() -> None:
    for data, name in (
        (as_xml([trial(Gene_editing="Yes")]), "ictrp_xml"),
        (as_csv([trial(Gene_editing="Yes")]), "ictrp_csv"),
    ):
        (record,) = read_all(data)
        study = studied(record)
        key = "Gene_editing" if name == "ictrp_xml" else "Gene editing"
        assert study[f"{name}:{key}"] == "Yes"
    nested = as_xml([trial()]).replace("</Trial>", '<Sites n="2"><Site>A</Site><Site>B</Site></Sites></Trial>')
    (record,) = read_all(nested)
    study = studied(record)
    assert study["ictrp_xml:Sites/Site"] == ["A", "B"]


def full_export(fields: Fields, *, dated: bool = True) -> str:
    """A row as the full export has it: no heading, text within quotation marks of its own."""
    names = [FULL_EXPORT[0], "last_updated", *FULL_EXPORT[1:]] if dated else list(FULL_EXPORT)
    text = io.StringIO(newline="")
    row = [fields.get(name, "") for name in names]
    csv.writer(text, quoting=csv.QUOTE_ALL).writerow([row[0], *(f'"{value}"' if value else "" for value in row[1:])])
    return text.getvalue()


FULL = {
    "TrialID": "ISRCTN90000001",
    "last_updated": "2021-05-03",
    "SecondaryIDs": "NCT09000001",
    "public_title": 'Tea "hot"',
    "url": "https://example.org/1",
    "Date_registration": "05/03/2020",
    "Date_enrollement": "06/04/2020",
    "type_enrolment": "Actual",
    "Gender": "Both",
    "Conditions": "Cough",
    "Retrospective_flag": "Yes",
}


@pytest.mark.parametrize("dated", [True, False])
def test_the_full_export_is_known_by_its_rows(dated: bool) -> None:
    text = full_export(FULL, dated=dated) + full_export(FULL | {"TrialID": "NCT09000002"}, dated=dated)
    found = read_all(text)
    assert ids(found) == ["ISRCTN90000001", "NCT09000002"]
    study = studied(found[0])
    assert module(study, "identificationModule")["briefTitle"] == 'Tea "hot"'
    assert module(study, "statusModule") == {
        "studyFirstPostDateStruct": {"date": "2020-03-05"},
        "startDateStruct": {"date": "2020-04-06", "type": "ACTUAL"},
    }
    assert own(study)["registrationFlag"] == "Yes"
    assert ("derivedSection" in study) == dated


@pytest.mark.parametrize(
    "harm",
    [{"TrialID": "TEA-1"}, {"url": "Tea"}, {"Date_registration": "Tea"}],
    ids=["no number", "no address", "no date"],
)
def test_rows_without_a_heading_that_do_not_fit_are_not_taken(harm: dict[str, str]) -> None:
    assert reader_of(full_export(FULL | harm).encode()) is None
    assert reader_of(full_export(FULL).replace(",", ",,", 1).encode()) is None


def test_a_single_trial_is_taken_and_other_xml_is_not() -> None:
    single = as_xml([THREE[0]]).split("Trials_downloaded_from_ICTRP>")[1].removesuffix("</").strip()
    assert ids(read_all(single)) == ["NCT09000001"]
    assert reader_of(b"<Trial><name>tea</name></Trial>") is not XML
    assert reader_of(b"<trials><trial/></trials>") is not XML
    assert reader_of(b"TrialID,a,b\n1,2,3\n") is None


def test_both_formats_have_the_same_mapping() -> None:
    assert load_mapping("ictrp_csv").rows == load_mapping("ictrp_xml").rows
    assert {reader.standing for reader in (XML, CSV)} == {"copy"}


@cache
def real(shared_dir: Path, name: str) -> list[RawRecord | BadRecord]:
    """Everything in a real export; to be looked at, not changed."""
    found = [(reader, list(records)) for reader, records in read_file(shared_dir / "data" / "ictrp" / name, LIMITS)]
    ((reader, records),) = found
    assert reader is not None
    assert reader.format == ("ictrp_xml" if "xml" in name else "ictrp_csv")
    return records


def real_fields(shared_dir: Path, name: str) -> list[Fields]:
    """Fields of a real export, by the libraries underneath alone."""
    path = shared_dir / "data" / "ictrp" / name
    if name.endswith("xml"):
        root = etree.fromstring(path.read_bytes())
        return [{child.tag: (child.text or "").strip() for child in one} for one in root]
    text = gzip.decompress(path.read_bytes()).decode("utf-8-sig")
    csv.field_size_limit(10**8)
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{key.replace(" ", "_"): value.strip() for key, value in row.items()} for row in rows]


REAL = {"export_2020-04.csv.gz": 927, "export_2024.xml": 95}


@pytest.mark.parametrize("name", REAL)
def test_every_record_of_a_real_export_is_read(shared_dir: Path, name: str) -> None:
    records, fields = real(shared_dir, name), real_fields(shared_dir, name)
    assert len(records) == len(fields) == REAL[name]
    for record, one in zip(records, fields, strict=True):
        study = studied(record)
        assert not [key for key in study if ":" in key or key.startswith("~")]
        assert record_id(one["TrialID"]).registry_id == number(study)  # type: ignore[union-attr]
        assert module(study, "identificationModule")["officialTitle"].split() == plain_words(one["Scientific_title"])
        assert own(study)["sourceRegister"] == one["Source_Register"]


def plain_words(text: str) -> list[str]:
    return text.replace("&#32;", " ").replace("&lt;", "<").replace("<br>", " ").split()


@pytest.mark.parametrize("name", REAL)
def test_dates_of_a_real_export_are_all_read(shared_dir: Path, name: str) -> None:
    """The day of registration also stands there as yyyymmdd: the proof of the convention, record by record."""
    for record, one in zip(real(shared_dir, name), real_fields(shared_dir, name), strict=True):
        study = studied(record)
        status = module(study, "statusModule")
        day = status.get("studyFirstSubmitDate") or status["studyFirstPostDateStruct"]["date"]
        assert day.replace("-", "") == one["Date_registration3"]
        assert ("startDateStruct" in status or "authorisationDate" in own(study)) == bool(one.get("Date_enrollement"))
        assert not [field for field in states(study) if "Date" in field]


@pytest.mark.parametrize("name", REAL)
def test_what_a_real_export_leaves_open_is_little_and_of_few_kinds(shared_dir: Path, name: str) -> None:
    """Field states: wordings without one meaning. None is `damaged`."""
    found: Counter[str] = Counter()
    for record in real(shared_dir, name):
        study = studied(record)
        assert set(states(study).values()) <= {"ambiguous"}
        found.update(states(study).keys())
    assert set(found) <= {
        "protocolSection.statusModule.overallStatus",
        "protocolSection.designModule.studyType",
        "protocolSection.designModule.phases[]",
        "protocolSection.designModule.enrollmentInfo.count",
        "protocolSection.eligibilityModule.minimumAge",
        "protocolSection.eligibilityModule.maximumAge",
    }


@pytest.mark.parametrize("name", REAL)
def test_texts_of_a_real_export_are_free_of_markup(shared_dir: Path, name: str) -> None:
    tag = re.compile(r"<\s*/?\s*(?:br|p|b|i|sup|sub)\s*/?>|&(?:lt|gt|amp|#[0-9]+);|\r", re.IGNORECASE)
    for record in real(shared_dir, name):
        study = studied(record)
        study = study | {"registrySection": dict(study["registrySection"], fieldStates=[])}
        assert not [text for text in texts(study) if tag.search(text) or text != text.strip()]


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


def test_the_same_studies_in_clinicaltrials_govs_own_table(shared_dir: Path) -> None:
    """Eleven studies of the export of April 2020 are in a download of ClinicalTrials.gov from years later.

    They agree but for what changed in between: a sponsor's name was put into English, two studies added interventions,
    one is no longer recruiting.
    """
    ours = {}
    for record in real(shared_dir, "export_2020-04.csv.gz"):
        study = studied(record)
        ours[number(study)] = study
    met, differences = set(), Counter[str]()
    for path in sorted((shared_dir / "data" / "ctgov_csv").iterdir()):
        for _, records in read_file(path, LIMITS):
            for record in records:
                theirs = studied(record)
                if number(theirs) in ours:
                    met.add(number(theirs))
                    differences.update(differing(ours[number(theirs)], theirs))
    assert len(met) == 11
    assert differences == {"leadSponsor": 1, "interventions": 2, "overallStatus": 1}


def differing(ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """Names of the fields that both records have, with different values."""

    def values(study: dict[str, Any]) -> dict[str, Any]:
        design, eligibility = module(study, "designModule"), module(study, "eligibilityModule")
        status = module(study, "statusModule")
        return {
            "nctId": module(study, "identificationModule")["nctId"],
            "studyType": design.get("studyType"),
            "phases": design.get("phases"),
            "enrollment": design.get("enrollmentInfo", {}).get("count"),
            "sex": eligibility.get("sex"),
            "overallStatus": status.get("overallStatus"),
            "startDate": status.get("startDateStruct", {}).get("date"),
            "acronym": module(study, "identificationModule").get("acronym"),
            "leadSponsor": module(study, "sponsorCollaboratorsModule").get("leadSponsor", {}).get("name"),
            "conditions": module(study, "conditionsModule").get("conditions"),
            "interventions": [
                (one.get("type"), one.get("name"))
                for one in module(study, "armsInterventionsModule").get("interventions", [])
            ]
            or None,
        }

    mine, other = values(ours), values(theirs)
    return [name for name in mine if None not in (mine[name], other[name]) and mine[name] != other[name]]
