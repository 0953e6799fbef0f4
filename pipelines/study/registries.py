"""The trial registries as data: how each one's identifier is written, in order of strength as an identity.

Here: the table and nothing else. Its language is in ``registry_format.py``; the functions that use it are in
``identifiers.py``. Sources: the registries' own formats as collected by several published id lists; a new
registry is one entry here plus its row in the tests.

Order matters twice. Formats are tried from top to bottom where several could claim a text (CTIS before
EudraCT, whose first three parts look alike), and ``STRENGTH`` says which id is the best identity of a record.
"""

from __future__ import annotations

import re

from pipelines.study.registry_format import (
    GAP,
    HYPHEN,
    JOINT,
    LABEL_GAP,
    SEP,
    SPACE,
    SPLIT_RUN,
    Registry,
    any_case,
    dated,
    numbered,
    template,
)

_JPRN = f"(?:JPRN{JOINT}{{0,2}})?"
_JPRN_FOLDED = "(?:JPRN-?)?"
_UTN_DIGITS = f"[0-9]{{4}}(?:{HYPHEN}|{SPACE})?[0-9]{{4}}(?:{HYPHEN}|{SPACE})?[0-9]{{4,12}}"


def _render_chictr(match: re.Match[str]) -> str:
    return f"ChiCTR-{match['k']}-{match['a']}" if match["k"] else f"ChiCTR{match['b']}"


REGISTRIES: tuple[Registry, ...] = (
    numbered(
        "CTGOV",
        "ClinicalTrials.gov",
        "NCT",
        8,
        split=f"0[0-9]{{3}}{SPACE}[0-9]{{4}}|0[0-9]{SPACE}[0-9]{{3}}{SPACE}[0-9]{{3}}|",
        hint=r"CLINICAL ?TRIALS?\.GOV|CT\.GOV",
    ),
    Registry(
        # EudraCT serials never came near 500000, so from 2020 on three parts with a serial of 5xxxxx are an
        # EU CT number that has lost its last pair (the resubmission), not a EudraCT number.
        code="CTIS",
        name="Clinical Trials Information System (EU)",
        canonical=re.compile(r"20[0-9]{2}-5[0-9]{5}-[0-9]{2}-[0-9]{2}"),
        digits=14,
        render=template("{y}-{n}-{c}-{r}"),
        field=re.compile(
            rf"(?:(?:CTIS|EUCTR?|EUDRACT){SEP})?(?P<y>20(?:[0-9]{{2}}(?=-.{{6}}-..-)|[2-9][0-9]))"
            r"-(?P<n>5[0-9]{5})-(?P<c>[0-9]{2})(?:-(?P<r>[0-9]{2}))?"
        ),
        label=re.compile(r"CTIS|EU[ -]?CT(?! ?R)|EU (?:CLINICAL )?TRIAL(?= (?:NUMBER|NO\b|ID\b))"),
        first_year=2021,
        bare=re.compile(
            r"(?P<y>20[2-9][0-9])[-./]{0,3}(?P<n>5[0-9]{5})[-./]{0,3}(?P<c>[0-9]{2})(?:[-./]{0,3}(?P<r>[0-9]{2}))?"
        ),
        hint=r"EU TRIAL|CLINICAL TRIALS? INFORMATION SYSTEM",
    ),
    Registry(
        code="EUDRACT",
        name="EudraCT (EU Clinical Trials Register)",
        canonical=re.compile(r"(?!20[2-9][0-9]-5)[0-9]{4}-[0-9]{6}-[0-9]{2}"),
        digits=12,
        render=template("{y}-{n}-{c}"),
        field=re.compile(
            rf"(?:(?:EUCTR|EUDRACT){SEP})?(?P<y>[0-9]{{4}})-(?P<n>[0-9]{{6}})-(?P<c>[0-9]{{2}})"
            r"(?:[-/](?:[A-Z]{2,3}|3RD|OUTSIDE-EU/EEA))?"
        ),
        label=re.compile(r"EUDRA[ -]?CT|EUCTR|EU[ -]CTR|EU CLINICAL TRIALS? REGISTER"),
        first_year=2004,
        bare=re.compile(
            r"(?P<y>[0-9]{4})[-./]{0,3}(?P<n>[0-9]{6})[-./]{0,3}(?P<c>[0-9]{2})(?:[-/]?(?:[A-Z]{2,3}|3RD))?"
        ),
        hint=r"EUDRACT_NUMBER",
    ),
    numbered("ISRCTN", "ISRCTN registry", "ISRCTN", 8, split=f"[0-9]{{4}}{SPACE}[0-9]{{4}}|"),
    numbered(
        "DRKS",
        "German Clinical Trials Register",
        "DRKS",
        8,
        split=f"0[0-9]{{3}}{SPACE}[0-9]{{4}}|",
        hint=r"GERMAN CLINICAL TRIALS? REGIST|DEUTSCHES REGISTER KLINISCHER STUDIEN",
    ),
    Registry(
        code="ANZCTR",
        name="Australian New Zealand Clinical Trials Registry",
        canonical=re.compile(r"ACTRN[0-9]{14}p?"),
        digits=14,
        render=lambda m: f"ACTRN{m['n']}{'p' if m['p'] else ''}",
        field=re.compile(rf"(?:ANZCTR{SEP})?ACTRN{SEP}(?P<n>(?:126(?P<y>[0-9]{{2}}))?[0-9]+)(?P<p>P?)"),
        label=re.compile(r"ANZCTR|ACTRN|AUSTRALIAN? (?:AND |& |- ?)?NEW ZEALAND CLINICAL TRIALS? REGISTRY"),
        prose=f"{any_case('ACTRN')}{GAP}[0-9]{{6,22}}[pP]?",
        first_year=2005,
        bare=re.compile(r"(?P<n>126(?P<y>[0-9]{2})[0-9]{9})(?P<p>P?)"),
        cue=(
            f"(?:{any_case('ANZCTR')}|{any_case('ZEALAND CLINICAL TRIALS REGISTRY')}){LABEL_GAP}126[0-9]{{5,19}}[pP]?"
        ),
        hint=r"NEW ZEALAND CLINICAL TRIALS?",
    ),
    Registry(
        code="CHICTR",
        name="Chinese Clinical Trial Registry",
        canonical=re.compile(r"ChiCTR(?:[0-9]{10}|-[A-Z]{3,4}-[0-9]{8})"),
        digits=8,
        render=_render_chictr,
        field=re.compile(rf"CHICTR{SEP}(?:(?P<k>[A-Z]{{2,5}})-?(?P<a>[0-9]+)|(?P<b>(?P<y>[0-9]{{2}})[0-9]+))"),
        label=re.compile(r"CHICTR"),
        prose=f"{any_case('CHICTR')}{JOINT}{{0,3}}(?:[A-Za-z]{{2,6}}{JOINT}{{0,3}})?[0-9]{{6,18}}",
        first_year=2005,
        hint=r"CHINESE CLINICAL TRIALS? REGIST",
    ),
    Registry(
        code="CTRI",
        name="Clinical Trials Registry - India",
        canonical=re.compile(r"CTRI/[0-9]{4}/[0-9]{2,3}/[0-9]{6}"),
        digits=12,
        render=template("CTRI/{y}/{m}/{n}"),
        field=re.compile(rf"CTRI{SEP}(?P<y>[0-9]{{4}})[-/](?P<m>[0-9]{{2,3}})(?:[-/](?P<n>[0-9]+))?"),
        label=re.compile(r"CTRI"),
        prose=(
            f"{any_case('CTRI')}(?:{GAP}|/)[0-9]{{4}}{SPACE}?(?:/|{HYPHEN}){SPACE}?[0-9]{{2,3}}"
            f"(?:{SPACE}?(?:/|{HYPHEN}){SPACE}?[0-9]{{4,12}})?"
        ),
        first_year=2007,
        bare=re.compile(r"(?P<y>[0-9]{4})[-/](?P<m>[0-9]{2,3})[-/](?P<n>[0-9]{6})"),
        hint=r"CLINICAL TRIALS? REGISTRY ?-? ?(?:OF )?INDIA",
    ),
    Registry(
        code="JRCT",
        name="Japan Registry of Clinical Trials",
        canonical=re.compile(r"jRCTs?[0-9]{9,10}"),
        digits=9,
        render=lambda m: f"jRCT{m['s'].lower()}{m['n']}",
        field=re.compile(rf"{_JPRN_FOLDED}JRCT{SEP}(?P<s>S?)-?(?P<n>[0-9]+)"),
        label=re.compile(r"JRCT"),
        prose=f"{_JPRN}{any_case('JRCT')}{GAP}[sS]?{JOINT}?[0-9]{{6,18}}",
        bare=re.compile(r"(?P<s>S?)(?P<n>[0-9]{9,10})"),
        hint=r"JAPAN REGISTRY OF CLINICAL TRIALS",
    ),
    Registry(
        # Early ids were C and nine digits. A bare C with nine digits is anybody's number, so prose and field
        # want the leading zeros of the real ones (at most a few hundred were given out) or the JPRN- prefix.
        code="UMIN",
        name="UMIN Clinical Trials Registry (Japan)",
        canonical=re.compile(r"(?:UMIN|C)[0-9]{9}"),
        digits=9,
        render=lambda m: ("C" if m["p"] in {"C", "JPRNC", "JPRN-C"} else "UMIN") + m["n"],
        field=re.compile(rf"(?P<p>{_JPRN_FOLDED}UMIN(?:-?CTR)?{SEP}|JPRN-?C|C(?=00000))(?P<n>[0-9]+)"),
        label=re.compile(r"UMIN(?:[ -]?CTR)?"),
        prose=(
            f"{_JPRN}{any_case('UMIN')}(?:{JOINT}?CTR)?{GAP}[0-9]{{6,17}}"
            f"|JPRN{JOINT}{{0,2}}C[0-9]{{9,17}}|C00000[0-9]{{4,12}}"
        ),
        bare=re.compile(r"(?P<p>C?)(?P<n>[0-9]{9})"),
    ),
    numbered(
        "JAPIC",
        "JapicCTI (Japan)",
        "JapicCTI-",
        6,
        folded=rf"{_JPRN_FOLDED}JAPIC-?CTI",
        detect=f"{_JPRN}{any_case('JAPIC')}{JOINT}?{any_case('CTI')}",
    ),
    numbered(
        "JMA",
        "JMACCT Clinical Trials Registry (Japan)",
        "JMA-IIA",
        5,
        folded=rf"{_JPRN_FOLDED}JMA-?IIA",
        detect=f"{_JPRN}{any_case('JMA')}{JOINT}?{any_case('IIA')}",
        hint="JMACCT",
    ),
    Registry(
        # NL70508.068.1 is an ethics committee's file number, NL63 a virus, NTR1 a receptor, NTR-441 a drug:
        # in prose upper case and three digits (two after NTR) are asked for, no hyphen, and a number with
        # dotted parts is read whole, to be refused.
        code="NTR",
        name="Dutch trial registers (NTR, LTR, OMON)",
        canonical=re.compile(r"(?:NTR|NL)[0-9]{1,5}|NL-OMON[0-9]+"),
        digits=1,
        render=lambda m: f"{'NL-OMON' if 'OMON' in m['p'] else m['p']}{m['n']}",
        field=re.compile(r"(?P<p>NTR|NL-?OMON-?|NL)(?P<n>[0-9]+)"),
        label=re.compile(r"NTR(?! ?-)|(?:NETHERLANDS|DUTCH|NEDERLANDS) (?:NATIONAL )?TRIAL ?REGISTER"),
        prose=(
            f"NTR(?:{SPACE}|[:#.]){{0,3}}[0-9]{{2,12}}(?:[.][0-9]{{1,9}}){{0,3}}"
            f"|NL[0-9]{{3,12}}(?:[.][0-9]{{1,9}}){{0,3}}|NL{JOINT}?OMON{JOINT}{{0,2}}[0-9]{{2,12}}"
        ),
        bare=re.compile(rf"(?P<p>NTR|NL){SEP}(?P<n>[0-9]+)"),
        hint=r"(?:NETHERLANDS|DUTCH|NEDERLANDS) (?:NATIONAL )?TRIALS? ?REGIST|\bOMON",
        distinctive=False,
    ),
    dated(
        "PACTR",
        "Pan African Clinical Trials Registry",
        "PACTR",
        (15, 16),
        "[0-9]{4}",
        2007,
        hint="PAN.AFRICAN",
    ),
    numbered(
        "CRIS",
        "Clinical Research Information Service (Korea)",
        "KCT",
        7,
        hint=r"\bCRIS\b|CLINICAL RESEARCH INFORMATION SERVICE",
    ),
    Registry(
        # The digits begin with a Gregorian date, or in the early years with an Iranian one (1387 is 2008).
        code="IRCT",
        name="Iranian Registry of Clinical Trials",
        canonical=re.compile(r"IRCT[0-9]{11,14}N[0-9]{1,3}"),
        digits=12,
        render=template("IRCT{n}N{k}"),
        field=re.compile(rf"IRCT{SEP}(?:ID-?)?(?P<n>(?P<y>[0-9]{{4}})[0-9]*)(?:-?N-?(?P<k>[0-9]+))?"),
        label=re.compile(r"IRCT(?:ID)?"),
        prose=f"{any_case('IRCT')}(?:{any_case('ID')})?{GAP}"
        f"(?:{SPLIT_RUN}|[0-9]{{6,22}}(?:{SPACE}?[Nn]{SPACE}?[0-9]{{1,9}})?)",
        first_year=2007,
        iranian_years=True,
        bare=re.compile(r"(?P<n>(?P<y>[0-9]{4})[0-9]{7,10})N(?P<k>[0-9]{1,3})"),
        hint=r"IRANIAN REGISTRY",
    ),
    dated("TCTR", "Thai Clinical Trials Registry", "TCTR", (11, 11), "[0-9]{4}", 2009, hint="THAI CLINICAL"),
    Registry(
        code="SLCTR",
        name="Sri Lanka Clinical Trials Registry",
        canonical=re.compile(r"SLCTR/[0-9]{4}/[0-9]{3}"),
        digits=7,
        render=template("SLCTR/{y}/{n}"),
        field=re.compile(rf"SLCTR{SEP}(?P<y>[0-9]{{4}})(?:[-/](?P<n>[0-9]+))?"),
        label=re.compile(r"SLCTR"),
        prose=f"{any_case('SLCTR')}(?:{GAP}|/)[0-9]{{4}}{SPACE}?(?:/|{HYPHEN}){SPACE}?[0-9]{{1,11}}",
        first_year=2006,
        bare=re.compile(r"(?P<y>[0-9]{4})[-/](?P<n>[0-9]{3})"),
        hint=r"SRI LANKA CLINICAL",
    ),
    Registry(
        code="REBEC",
        name="Brazilian Clinical Trials Registry",
        canonical=re.compile(r"RBR-[0-9a-z]{6,8}"),
        digits=0,
        render=lambda m: f"RBR-{m['n'].lower()}",
        field=re.compile(r"RBR-(?P<n>[0-9A-Z]+)"),
        label=re.compile(r"REBEC|RBR"),
        prose=f"{any_case('RBR')}{HYPHEN}[0-9A-Za-z]{{6,16}}",
        bare=re.compile(r"(?P<n>(?=[A-Z]{0,7}[0-9])[0-9A-Z]{6,8})"),
        hint=r"BRAZILIAN (?:CLINICAL|REGISTRY)|REGISTRO BRASILEIRO",
        distinctive=False,
    ),
    numbered("RPCEC", "Cuban Public Registry of Clinical Trials", "RPCEC", 8, hint="CUBAN PUBLIC REGISTRY"),
    Registry(
        # Upper case only in prose; a registration that was split has a letter behind it.
        code="REPEC",
        name="Peruvian Clinical Trial Registry",
        canonical=re.compile(r"PER-[0-9]{3}-[0-9]{2}(?:-[A-Z])?"),
        digits=5,
        render=lambda m: f"PER-{m['n']}-{m['y']}" + (f"-{m['x']}" if m["x"] else ""),
        field=re.compile(r"PER-(?P<n>[0-9]{3})-(?P<y>[0-9]{2})(?:-(?P<x>[A-Z]))?"),
        label=re.compile(r"REPEC"),
        prose=f"PER{HYPHEN}[0-9]{{3,9}}{HYPHEN}[0-9]{{2,9}}(?:{HYPHEN}[A-D])?",
        first_year=1995,
        bare=re.compile(r"(?P<n>[0-9]{3})-(?P<y>[0-9]{2})(?:-(?P<x>[A-Z]))?"),
        hint=r"PERUVIAN CLINICAL|\bPERU\b",
        distinctive=False,
    ),
    dated(
        "LBCTR",
        "Lebanese Clinical Trials Registry",
        "LBCTR",
        (10, 10),
        "[0-9]{4}",
        2017,
        hint="LEBANESE CLINICAL",
    ),
    dated(
        "ITMCTR",
        "International Traditional Medicine Clinical Trial Registry",
        "ITMCTR",
        (9, 10),
        "[0-9]{2}",
        2015,
        hint="TRADITIONAL MEDICINE CLINICAL",
    ),
    Registry(
        # Given out before registration and shared by all of a trial's records: links them, but is nobody's
        # own id.
        code="UTN",
        name="WHO Universal Trial Number",
        canonical=re.compile(r"U[0-9]{4}-[0-9]{4}-[0-9]{4}"),
        digits=12,
        render=template("U{a}-{b}-{c}"),
        field=re.compile(r"U(?P<a>[0-9]{4})-?(?P<b>[0-9]{4})-?(?P<c>[0-9]+)"),
        label=re.compile(r"UTN|(?:WHO )?UNIVERSAL TRIAL NUMBER(?: ?\(UTN\))?"),
        prose=f"{any_case('U')}{_UTN_DIGITS}",
        bare=re.compile(r"U?(?P<a>[0-9]{4})-?(?P<b>[0-9]{4})-?(?P<c>[0-9]{4})"),
        cue=f"(?:UTN|{any_case('UNIVERSAL TRIAL NUMBER')}){LABEL_GAP}{_UTN_DIGITS}",
        hint=r"UNIVERSAL TRIAL NUMBER",
    ),
)

STRENGTH: tuple[str, ...] = (
    # As published trackers rank them: NCT before EU before ISRCTN. A EudraCT number never changes, while the
    # last pair of an EU CT number does with each resubmission. ORG and OTHER are missing on purpose: no
    # identity by themselves.
    "CTGOV",
    "EUDRACT",
    *(registry.code for registry in REGISTRIES if registry.code not in {"CTGOV", "EUDRACT", "UTN"}),
    "UTN",
)
