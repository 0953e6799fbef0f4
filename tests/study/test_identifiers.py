"""Single identifiers: each registry's formats and traps, id fields with hints, prose, order of strength."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.study.identifiers import (
    DETECT_PATTERN,
    Identifier,
    classify_identifier,
    find_identifiers,
    strongest,
)
from pipelines.study.registries import REGISTRIES, STRENGTH

# One row per spelling: as written, id_type, canonical form. All invented.
VALID = [
    ("NCT01234567", "CTGOV", "NCT01234567"),
    ("nct01234567", "CTGOV", "NCT01234567"),
    ("NCT# 01234567", "CTGOV", "NCT01234567"),
    ("NCT 0123 4567", "CTGOV", "NCT01234567"),
    ("NCT 01 234 567", "CTGOV", "NCT01234567"),
    ("NCT-01234567", "CTGOV", "NCT01234567"),
    ("NCT No. 01234567", "CTGOV", "NCT01234567"),
    ("2011-001234-19", "EUDRACT", "2011-001234-19"),
    ("2011\u2013001234\u201319", "EUDRACT", "2011-001234-19"),
    ("2011-001234-19-DE", "EUDRACT", "2011-001234-19"),
    ("2011-001234-19-3rd", "EUDRACT", "2011-001234-19"),
    ("EUCTR2011-001234-19-GB", "EUDRACT", "2011-001234-19"),
    ("EUCTR2011-001234-19", "EUDRACT", "2011-001234-19"),
    ("EUCTR2011-001234-19-Outside-EU/EEA", "EUDRACT", "2011-001234-19"),
    ("2023-512345-67-00", "CTIS", "2023-512345-67-00"),
    ("2023-512345-67-01", "CTIS", "2023-512345-67-01"),
    ("CTIS2023-512345-67-00", "CTIS", "2023-512345-67-00"),
    ("2023\u2011512345\u201167\u201100", "CTIS", "2023-512345-67-00"),
    ("ISRCTN12345678", "ISRCTN", "ISRCTN12345678"),
    ("isrctn 12345678", "ISRCTN", "ISRCTN12345678"),
    ("ISRCTN: 1234 5678", "ISRCTN", "ISRCTN12345678"),
    ("DRKS00012345", "DRKS", "DRKS00012345"),
    ("DRKS-ID: 00012345", "DRKS", "DRKS00012345"),
    ("ChiCTR2100012345", "CHICTR", "ChiCTR2100012345"),
    ("CHICTR-2100012345", "CHICTR", "ChiCTR2100012345"),
    ("ChiCTR-TRC-10001234", "CHICTR", "ChiCTR-TRC-10001234"),
    ("ChiCTR-IOR-15001234", "CHICTR", "ChiCTR-IOR-15001234"),
    ("ChiCTR-NRC-10001234", "CHICTR", "ChiCTR-NRC-10001234"),
    ("ChiCTR-ONRC-10001234", "CHICTR", "ChiCTR-ONRC-10001234"),
    ("CTRI/2018/05/012345", "CTRI", "CTRI/2018/05/012345"),
    ("CTRI-2018-05-012345", "CTRI", "CTRI/2018/05/012345"),
    ("CTRI/2009/091/000123", "CTRI", "CTRI/2009/091/000123"),
    ("jRCT2031220123", "JRCT", "jRCT2031220123"),
    ("jRCTs031190123", "JRCT", "jRCTs031190123"),
    ("JPRN-jRCTs031190123", "JRCT", "jRCTs031190123"),
    ("UMIN000012345", "UMIN", "UMIN000012345"),
    ("JPRN-UMIN000012345", "UMIN", "UMIN000012345"),
    ("UMIN-CTR: 000012345", "UMIN", "UMIN000012345"),
    ("C000000123", "UMIN", "C000000123"),
    ("JPRN-C000000123", "UMIN", "C000000123"),
    ("JapicCTI-123456", "JAPIC", "JapicCTI-123456"),
    ("JPRN-JapicCTI-123456", "JAPIC", "JapicCTI-123456"),
    ("Japic CTI 123456", "JAPIC", "JapicCTI-123456"),
    ("JMA-IIA00123", "JMA", "JMA-IIA00123"),
    ("JPRN-JMA-IIA00123", "JMA", "JMA-IIA00123"),
    ("ACTRN12612001234567", "ANZCTR", "ACTRN12612001234567"),
    ("ACTRN12612001234567p", "ANZCTR", "ACTRN12612001234567p"),
    ("ANZCTR: ACTRN12612001234567", "ANZCTR", "ACTRN12612001234567"),
    ("ANZCTR 12612001234567", "ANZCTR", "ACTRN12612001234567"),
    ("NTR1234", "NTR", "NTR1234"),
    ("NTR 1234", "NTR", "NTR1234"),
    ("NL1234", "NTR", "NL1234"),
    ("NL-OMON12345", "NTR", "NL-OMON12345"),
    ("PACTR201105000123456", "PACTR", "PACTR201105000123456"),
    ("PACTR2010020001234567", "PACTR", "PACTR2010020001234567"),
    ("KCT0001234", "CRIS", "KCT0001234"),
    ("IRCT20151227012345N12", "IRCT", "IRCT20151227012345N12"),
    ("IRCT201105212345N1", "IRCT", "IRCT201105212345N1"),
    ("IRCT138810012345N1", "IRCT", "IRCT138810012345N1"),
    ("EudraCT 2004-001234-19", "EUDRACT", "2004-001234-19"),
    ("TCTR20160102001", "TCTR", "TCTR20160102001"),
    ("SLCTR/2012/003", "SLCTR", "SLCTR/2012/003"),
    ("SLCTR-2012-003", "SLCTR", "SLCTR/2012/003"),
    ("RBR-4k5m6n", "REBEC", "RBR-4k5m6n"),
    ("RBR-4K5M6NZ", "REBEC", "RBR-4k5m6nz"),
    ("RPCEC00000123", "RPCEC", "RPCEC00000123"),
    ("PER-012-13", "REPEC", "PER-012-13"),
    ("PER-012-13-A", "REPEC", "PER-012-13-A"),
    ("LBCTR2019012345", "LBCTR", "LBCTR2019012345"),
    ("ITMCTR2200001234", "ITMCTR", "ITMCTR2200001234"),
    ("ITMCTR220000123", "ITMCTR", "ITMCTR220000123"),
    ("U1111-1234-5678", "UTN", "U1111-1234-5678"),
    ("U1111\u20131234\u20135678", "UTN", "U1111-1234-5678"),
    ("UTN: U1111-1234-5678", "UTN", "U1111-1234-5678"),
]

INVALID = [
    ("NCT0000", "CTGOV", "all_zero"),
    ("NCT00000000", "CTGOV", "all_zero"),
    ("NCT1234567", "CTGOV", "truncated"),
    ("NCT012345678", "CTGOV", "bad_format"),
    ("ISRCTN00000000", "ISRCTN", "all_zero"),
    ("ISRCTN1234567", "ISRCTN", "truncated"),
    ("U0000-0000-0000", "UTN", "all_zero"),
    ("EudraCT 2011-000000-00", "EUDRACT", "all_zero"),
    ("EudraCT 1999-001234-19", "EUDRACT", "implausible_year"),
    ("EudraCT 2003-001234-19", "EUDRACT", "implausible_year"),
    ("EudraCT 2091-001234-19", "EUDRACT", "implausible_year"),
    ("EudraCT 2011-00123", "EUDRACT", "truncated"),
    # Three parts of an EU CT number: not a EudraCT number, whatever the field is called.
    ("2023-512345-67", "CTIS", "truncated"),
    ("EudraCT 2023-512345-67", "CTIS", "truncated"),
    ("EudraCT 2011-001234-19-22", "EUDRACT", "bad_format"),
    ("DRKS0001234", "DRKS", "truncated"),
    ("ACTRN00000000000000", "ANZCTR", "all_zero"),
    ("ACTRN1261200123456", "ANZCTR", "truncated"),
    ("ACTRN12692001234567", "ANZCTR", "implausible_year"),
    ("ChiCTR-TRC-00000000", "CHICTR", "all_zero"),
    ("CTRI/1018/05/012345", "CTRI", "implausible_year"),
    ("PACTR190005000123456", "PACTR", "implausible_year"),
    ("IRCT20151227012345", "IRCT", "bad_format"),
    ("TCTR2016010200", "TCTR", "truncated"),
    ("KCT000123", "CRIS", "truncated"),
    ("LBCTR1019012345", "LBCTR", "implausible_year"),
    ("UMIN00001234", "UMIN", "truncated"),
]


@pytest.mark.parametrize(("raw", "id_type", "id_norm"), VALID, ids=[row[0] for row in VALID])
def test_a_valid_spelling_is_read_alike_as_a_field_and_in_prose(raw: str, id_type: str, id_norm: str) -> None:
    assert classify_identifier(raw) == Identifier(id_type, raw, id_norm, True, None)
    text = f"Registered (see {raw}, the first of two)."
    (found,) = find_identifiers(text)
    assert (found.id_type, found.id_norm, found.is_valid) == (id_type, id_norm, True)
    assert found.start is not None
    assert text[found.start :].startswith(found.id_raw)
    assert found.id_raw in raw


@pytest.mark.parametrize(("raw", "id_type", "reason"), INVALID, ids=[row[0] for row in INVALID])
def test_a_wrong_id_is_returned_with_its_reason(raw: str, id_type: str, reason: str) -> None:
    assert classify_identifier(raw) == Identifier(id_type, raw, None, False, reason)
    (found,) = find_identifiers(f"The trial {raw} was stopped.")
    assert (found.id_type, found.id_norm, found.is_valid, found.reason) == (id_type, None, False, reason)


def test_every_registry_of_the_table_has_a_valid_spelling_here() -> None:
    assert {registry.code for registry in REGISTRIES} == {row[1] for row in VALID}
    assert len(REGISTRIES) == 24


@pytest.mark.parametrize(
    "raw",
    [
        "NA",
        "n/a",
        "N.A.",
        "none",
        "None assigned",
        "-",
        "--",
        "",
        "  ",
        "0000",
        "0",
        "not applicable",
        "Not Applicable.",
        "NOT APPLICABLE (observational)",
        "pending",
        "tbd",
        "xxxx",
        "unknown",
        "0000-000000-00",
        "to be assigned",
        "(none)",
        "keine",
        "?",
    ],
)
@pytest.mark.parametrize(("hint", "id_type"), [(None, "OTHER"), ("ORG", "ORG"), ("EUDRACT_NUMBER", "EUDRACT")])
def test_placeholders_are_never_identities(raw: str, hint: str | None, id_type: str) -> None:
    assert classify_identifier(raw, hint) == Identifier(id_type, raw, None, False, "placeholder")


@pytest.mark.parametrize(
    ("raw", "id_type"),
    [
        ("isrctn: not applicable", "ISRCTN"),
        ("NCT: N/A", "CTGOV"),
        ("EudraCT number: none", "EUDRACT"),
        ("UTN -", "UTN"),
    ],
)
def test_a_placeholder_behind_a_registrys_name_is_of_that_registry(raw: str, id_type: str) -> None:
    assert classify_identifier(raw) == Identifier(id_type, raw, None, False, "placeholder")


@pytest.mark.parametrize(
    ("raw", "hint", "id_type", "id_norm"),
    [
        ("12612001234567", "ANZCTR", "ANZCTR", "ACTRN12612001234567"),
        (
            "12612001234567",
            "Australian New Zealand Clinical Trials Registry",
            "ANZCTR",
            "ACTRN12612001234567",
        ),
        ("12345678", "ISRCTN registry", "ISRCTN", "ISRCTN12345678"),
        ("2031220123", "jRCT", "JRCT", "jRCT2031220123"),
        ("2011 001234 19", "EUDRACT_NUMBER", "EUDRACT", "2011-001234-19"),
        ("201100123419", "EudraCT", "EUDRACT", "2011-001234-19"),
        ("1111-1234-5678", "UTN", "UTN", "U1111-1234-5678"),
        # the id wins over the hint
        ("2023-512345-67-00", "EUDRACT_NUMBER", "CTIS", "2023-512345-67-00"),
        ("2011-001234-19", "CTIS", "EUDRACT", "2011-001234-19"),
        ("NCT01234567", "EUDRACT_NUMBER", "CTGOV", "NCT01234567"),
        ("2023-512345-67-00", "CTIS (EU)", "CTIS", "2023-512345-67-00"),
        ("REec-2015-0000", "REGISTRY", "OTHER", "REec-2015-0000"),
        ("NCI-2020-01234", "CTRP (Clinical Trial Reporting Program)", "OTHER", "NCI-2020-01234"),
        ("R01HL012345", "NIH", "OTHER", "R01HL012345"),
    ],
)
def test_hints_let_bare_digits_count_but_do_not_overrule_an_id(raw: str, hint: str, id_type: str, id_norm: str) -> None:
    assert classify_identifier(raw, hint) == Identifier(id_type, raw, id_norm, True, None)


@pytest.mark.parametrize(
    ("raw", "hint", "id_type", "reason"),
    [
        ("ABC-17", "EUDRACT_NUMBER", "EUDRACT", "bad_format"),
        ("123456", "EUDRACT_NUMBER", "EUDRACT", "truncated"),
        ("2023-512345-67", "EUDRACT_NUMBER", "CTIS", "truncated"),
        ("2023-512345-67", "EU CT number", "CTIS", "truncated"),
        ("1234", "ISRCTN registry", "ISRCTN", "truncated"),
        ("see protocol", "ISRCTN registry", "ISRCTN", "bad_format"),
    ],
)
def test_a_declared_type_that_the_text_does_not_keep_is_invalid(raw: str, hint: str, id_type: str, reason: str) -> None:
    assert classify_identifier(raw, hint) == Identifier(id_type, raw, None, False, reason)


@pytest.mark.parametrize(
    "raw",
    [
        "12612001234567",
        "C123456789",
        "NL70508.068.1",
        "2019-0123",
        "CRIS-2020-01",
        "NCT-2013-0123",
        "NTR-441",
        "CTR20201234/CTR20201235",
        "Substudy of NCT01234567",
        "Protocol V4.0, dated 11/13/18",
        "RBR-protein-7",
        "10387",
    ],
)
def test_what_is_no_registrys_id_is_other_without_a_hint_and_an_organisations_own_with_it(raw: str) -> None:
    assert classify_identifier(raw) == Identifier("OTHER", raw, raw, True, None)
    assert classify_identifier(raw, "ORG") == Identifier("ORG", raw, raw, True, None)


@pytest.mark.parametrize(
    ("raw", "id_type"),
    [
        ("NCT01234567", "CTGOV"),
        ("2011-001234-19", "EUDRACT"),
        ("NTR1234", "ORG"),
        ("PER-012-13", "ORG"),
        ("NCT0123", "ORG"),
        ("EudraCT 2011-001234-19", "EUDRACT"),
        ("NCT01234567 (pilot)", "ORG"),
        ("EudraCT: not applicable", "ORG"),
    ],
)
def test_an_organisations_own_id_counts_as_a_registrys_only_where_it_is_unmistakable(raw: str, id_type: str) -> None:
    assert classify_identifier(raw, "ORG").id_type == id_type


@pytest.mark.parametrize(
    ("raw", "id_type", "id_norm"),
    [
        ("2011-001234-19 (EudraCT)", "EUDRACT", "2011-001234-19"),
        ("EudraCTnr: 2011-001234-19", "EUDRACT", "2011-001234-19"),
        ("(NCT01234567)", "CTGOV", "NCT01234567"),
        ("NCT01234567, NCT01234568", "CTGOV", "NCT01234567"),
        ("ISRCTN registry: ISRCTN12345678", "ISRCTN", "ISRCTN12345678"),
        ("\uff2e\uff23\uff34\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17", "CTGOV", "NCT01234567"),
        ("NCT\u200b01234567\ufeff", "CTGOV", "NCT01234567"),
    ],
    ids=["remark", "glued label", "brackets", "two ids", "label and prefix", "full width", "zero width"],
)
def test_labels_and_remarks_in_a_field(raw: str, id_type: str, id_norm: str) -> None:
    assert classify_identifier(raw) == Identifier(id_type, raw, id_norm, True, None)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("EudraCT Number: 2011-001234-19", ["2011-001234-19"]),
        ("EudraCT registration number (2011-001234-19)", ["2011-001234-19"]),
        ("Eudra CT no. 2011 001234 19 was given", ["2011-001234-19"]),
        ("EudraCT 2011-001234-19 12 patients", ["2011-001234-19"]),
        ("EudraCT Number:\n2011-001234-19\nISRCTN", ["2011-001234-19"]),
        ("EU CT Number 2023 512345 67 01", ["2023-512345-67-01"]),
        ("https://www.clinicaltrialsregister.eu/ctr-search/trial/2011-001234-19/DE", ["2011-001234-19"]),
        ("NCT01234567NCT01234568", ["NCT01234567", "NCT01234568"]),
        ("StudyNCT01234567and", ["NCT01234567"]),
        ("NCT01234567/NCT01234568;ISRCTN12345678", ["NCT01234567", "NCT01234568", "ISRCTN12345678"]),
        ("file_NCT01234567_v2.pdf, 试验NCT01234568号", ["NCT01234567", "NCT01234568"]),
        ("2011-001234-19-NCT01234567", ["2011-001234-19", "NCT01234567"]),
        ("https://doi.org/10.1186/ISRCTN12345678", ["ISRCTN12345678"]),
        ("ANZCTR registration number 12612001234567", ["ACTRN12612001234567"]),
        ("UTN U1111-1234-5678 and U1111-1234-5679", ["U1111-1234-5678", "U1111-1234-5679"]),
        ("ensaio RBR-4k5m6nz, RBR-bcdfgh", ["RBR-4k5m6nz", "RBR-bcdfgh"]),
    ],
)
def test_mentions_in_prose(text: str, ids: list[str]) -> None:
    assert [found.id_norm for found in find_identifiers(text)] == ids


@pytest.mark.parametrize(
    "text",
    [
        "10.1000/2011-001234-19",
        "doi:10.1234/abc.2011-001234-19",
        "Tel: 2011-001234-19",
        "Phone +49 2011-001234-19",
        "+2011-001234-19",
        "between 2011-05-12 and 2012-06-30",
        "2011-001234-1923",
        "A2011-001234-19",
        "1999-001234-19",
        "5.2011-001234-19",
        "2011-001234-19-1234",
        "1234-567890-12-34-56",
        "EudraCT 2011-2015",
        "EudraCT Number: not applicable",
        "an ADJUNCT 20110123 and a FUNCT1234",
        "NCT 2012 and the NCT Heidelberg, NCT-2013-0123",
        "HCoV-NL63, NL4-3, NTR1 and NTR-441",
        "NL70508.068.1 and VAT NL123456789B01",
        "PER-protocol, SUPER-012-13, PER-1234-567",
        "an RBR-protein, RBR-domain",
        "C123456789",
        "UMIN members 123",
        "U2OS 1234-5678-9012",
        "isrctn: not applicable",
        "12612001234567",
    ],
)
def test_what_only_looks_like_an_id_is_not_mentioned(text: str) -> None:
    assert find_identifiers(text) == []


def test_a_pan_african_id_holds_no_eu_number() -> None:
    assert [f.id_type for f in find_identifiers("PACTR201105000123456-12 and PACTR 2011-001234-19")] == ["PACTR"]


def test_strongest_takes_valid_ids_in_order_of_strength() -> None:
    own = [
        classify_identifier(raw, hint)
        for raw, hint in [
            ("U1111-1234-5678", None),
            ("LUX-01", "ORG"),
            ("R01HL012345", "NIH"),
            ("NCT00000000", None),
            ("2023-512345-67-00", None),
            ("2011-001234-19", None),
        ]
    ]
    assert strongest(own) == own[-1]
    assert strongest(own[:3]) == own[0]
    assert strongest(own[1:4]) is None
    assert strongest([]) is None
    twins = [classify_identifier("NCT01234567"), classify_identifier("NCT01234568")]
    assert strongest(twins) == twins[0]
    assert set(STRENGTH) == {registry.code for registry in REGISTRIES}


@given(st.sampled_from(VALID))
def test_normalising_twice_changes_nothing(row: tuple[str, str, str]) -> None:
    once = classify_identifier(row[0])
    assert once.id_norm is not None
    again = classify_identifier(once.id_norm)
    assert (again.id_type, again.id_norm, again.is_valid) == (once.id_type, once.id_norm, True)


PROSE = st.text(alphabet=st.characters(exclude_categories=["Cs", "Nd", "Lu"]), max_size=30)


@given(PROSE, st.lists(st.sampled_from([row[2] for row in VALID]), min_size=1, max_size=4), PROSE)
def test_canonical_ids_in_any_prose_are_found_in_order(before: str, ids: list[str], after: str) -> None:
    text = f"{before} {' ; '.join(ids)} {after}"
    assert [found.id_norm for found in find_identifiers(text) if found.is_valid] == ids


@given(st.text(max_size=60), st.sampled_from([None, "ORG", "EUDRACT_NUMBER", "ISRCTN registry", "WHO"]))
def test_any_field_gets_an_answer_that_is_true_to_its_own_rules(raw: str, hint: str | None) -> None:
    found = classify_identifier(raw, hint)
    assert found.id_raw == raw
    assert found.is_valid == (found.reason is None) == (found.id_norm is not None)
    for registry in REGISTRIES:
        if registry.code == found.id_type and found.id_norm:
            assert registry.canonical.fullmatch(found.id_norm)


HOSTILE = [
    "0",
    "-",
    " ",
    "NCT",
    "NCT ",
    "NCT-",
    "EudraCT ",
    "EudraCT number ",
    "2011-",
    "2011-001234-",
    "10.1234/1",
    "+1 ",
    "Tel. ",
    "PER-012-",
    "NL1.",
    "U1111",
    "RBR-",
    "ChiCTR-",
    "JPRN",
    "Universal Trial Number ",
    "\u00df",
]


@pytest.mark.parametrize("part", HOSTILE)
def test_long_repetitive_text_is_read_to_its_end(part: str) -> None:
    text = part * (40_000 // len(part))
    assert [f for f in find_identifiers(text + " | ISRCTN12345678") if f.is_valid][-1].id_norm == "ISRCTN12345678"
    for hint in (None, "EUDRACT_NUMBER", "ORG"):
        assert classify_identifier(text, hint).id_raw == text


def test_the_pattern_keeps_to_what_both_regex_engines_understand_alike() -> None:
    groups = re.findall(r"\(\?(?!:|P<[A-Z_]+>)", DETECT_PATTERN)
    unbounded = re.findall(r"[*]|\{\d+,\}|(?<!\[)[+](?!@)", re.sub(r"\[[^]]*\]", "", DETECT_PATTERN))
    shorthand = re.findall(r"\\[a-zA-Z]", DETECT_PATTERN)
    assert (groups, unbounded, shorthand) == ([], [], [])
