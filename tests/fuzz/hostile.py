"""Texts that break programs: what is put in the place of good values.

Belongs here: the list, and longer texts made of its pieces. Does not: where they go (mutate.py, trees.py).
"""

from __future__ import annotations

from tests.fuzz.chance import Chance

TEXTS: tuple[str, ...] = (
    "", " ", "\t", "\n", "\r", "\r\n\r\n", "\0", "a\0b", "\x01\x02\x1b[31m", "\x7f", "\x85", "\u2028", "\ufeff",
    "\ufffe", "\uffff", "\u202eabc\u202c", "\u200f\u200e", "\u2066x\u2069", "e\u0301" * 30, "\u200b" * 9,
    "\U0001f9ec", "\U000e0041", "ﬀ", "İ", "ß", "ﷺ", "null", "None", "nan", "NaN", "-NaN", "Infinity", "-Infinity",
    "inf", "1e999", "-1e999", "1e-999", "0x10", "1_000", "-0", "+1", "0", "-1", "1.5", "9" * 18, "9" * 19, "9" * 40,
    "9" * 400, "9" * 5000, "1" + "0" * 400, "٣٤", "²", "1²", "½", "Ⅷ", "1,200", "1.200", ",,,", "true", "false",
    "yes", "[]", "{}", "[[[[", "{" * 50, "]" * 50, '"', "'", "\\", "\\u0000", "\\ud800", "\\\\\"", "`", "''", '""',
    '"""', "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1-1", "<script>alert(1)</script>", "<b", "</",
    "<![CDATA[x]]>", "]]>", "<!--", "-->", "<?x?>", "&lt;", "&amp;amp;", "&#0;", "&#x2;", "&#xD800;", "&#99999999;",
    "&lol;", "&nbsp;", "%s%n", "{0}", "{{7*7}}", "${x}", "$1", "\\1", "'; DROP TABLE raw.file; --", "' OR 1=1 --",
    "../../etc/passwd", "/etc/passwd", "C:\\x", "file:///etc/passwd", "http://[::1", "https://x.y/?a=b",
    "2024-02-30", "2024-02-31", "2023-02-29", "2024-02-29", "0000-00-00", "0000", "9999-12-31", "2999-12-31",
    "1000-01-01", "2024-1-1", "20240101", "2024-13", "2024-00", "31/12/2024", "12/31/2024", "05/06/2024",
    "June 31, 2024", "31 June 2024", "Sept 2024", "juin 2024", "2024-06-30T25:00", "2024-06-30T23:59:60Z",
    "2024-06-30T12:00:00.123456789+14:00", "99999-01-01", "-2024-01-01", "2024–06–30", "２０２４-01-01", "Jan", "0",
    "NCT00000000", "NCT00000001", "nct 0123 4567", "NCT123456789012345", "NCT", "NCT-2013-0123", "2011-001295-19",
    "2011-001295-19-DE", "EUCTR2011-001295-19-GB", "2022-500123-12-00", "2022-500123-12", "ISRCTN12345678",
    "ISRCTN 1234 5678", "DRKS00012345", "ACTRN12605000123456p", "ChiCTR-TRC-10001234", "ChiCTR2000012345",
    "CTRI/2019/01/012345", "jRCTs031180123", "UMIN000012345", "JPRN-UMIN000012345", "NTR1234", "NL-OMON12345",
    "PACTR201501000123456", "KCT0001234", "IRCT20150101012345N1", "TCTR20150101001", "SLCTR/2015/001", "RBR-2abcde",
    "RPCEC00000123", "PER-001-12", "LBCTR2019012345", "ITMCTR2024000123", "U1111-1123-4567", "18 Years", "0 Years",
    "1 Month", "999999 Years", "18 to 65 Years", "-5 Years", "18.5 Years", "N/A", "No limit", "18 Jahre", "Years",
    "Inclusion Criteria:", "Exclusion Criteria:\n1. x\n1.1. y\n a) z\n", "INCLUSION CRITERIA", "* - • –", "1. 2. 3.",
    "a) b) c)", "(i) (ii) (iv)", "1.1.1.1.1.1.1.1.1.1.1.1", "Yes", "No", "Other", "-", "—", "…", ".", ";", "|", ":",
    "::::", "//", "\\|", "a|b|c", "a;b;c", "\t\t\t", "COMPLETED", "PHASE2/PHASE3", "male", "Both",
)  # fmt: skip

PIECES: tuple[str, ...] = (
    "a", "A", " ", "  ", "\n", "\t", "0", "1", "9", "-", "–", ".", ",", ";", ":", "(", ")", "[", "]", "/", "\\", "<",
    ">", "&", "*", "•", "|", "\"", "'", "#", "_", "é", "ⅳ", "\u00a0", "\u200b", "1.", "a)", "- ", "( ", "a ", " a",
    "1 ", "A.", "x1", "NCT", "NCT0", "2011-", "0/0", "<p>", "<b ", "&a", "and ", "or ", "of ", "Drug: ", "Type: ",
    "a, ", "(a) ", "1.1.", "\r\n", "\n\n", "\n* ", "\n1. ", "Dr. ", "A-", "a@", "http://", "2024-", "Jan ", "No. ",
    "e",
)  # fmt: skip
"""Of what long texts are made: a pattern that goes back over repeats shows itself here."""


def text(chance: Chance, *, longest: int = 3000) -> str:
    """A hostile text: one of the list, one of its pieces many times over, or several texts run together."""
    kind = chance.random()
    if kind < 0.72:
        return chance.choice(TEXTS)
    if kind < 0.84:
        return "".join(chance.choice(TEXTS) for _ in range(chance.randint(2, 4)))
    if kind < 0.92:
        return "".join(chr(_code(chance)) for _ in range(chance.randint(1, 12)))
    piece = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 3)))
    return piece * chance.randint(2, max(2, longest // len(piece))) + chance.choice(("", "!", "x", "\0"))


def _code(chance: Chance) -> int:
    """A character of any plane, none of the surrogates."""
    code = chance.randrange(0x300) if chance.random() < 0.6 else chance.randrange(0x110000)
    return code if not 0xD800 <= code < 0xE000 else 0x202E
