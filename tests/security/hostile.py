"""Records whose every text attacks whoever shows it: browsers, spreadsheets, terminals, templates, SQL, logs.

Belongs here: making them, by the study shape, so that a new field is attacked the day it is added. Does not: what must
not happen.
"""

from __future__ import annotations

from typing import Any

from pipelines.study.shape import Node, load_enums, load_shape

ATTACKS = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "</title></style></textarea><svg onload=alert(3)>",
    "\"><iframe src='http://127.0.0.1:9/'></iframe>",
    "' onmouseover='alert(4)' autofocus onfocus='alert(5)",
    "javascript:alert(6)",
    "[x](javascript:alert(7)) ![y](http://127.0.0.1:9/y.png)",
    "{{7*7}}${7*7}#{7*7}<%= 7*7 %>",
    "datum.x ? warn('a') : {signal: 'alert(8)', expr: '1'}",
    "`|<b>bold</b>|`\\|**strong**",
    "'; DROP TABLE core.record; --",
    '=HYPERLINK("http://127.0.0.1:9/?"&A1,"open")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\x1b]0;owned\x07\x1b[2J\x9b31m\rhidden",
    "abc\u202egpj.exe\u2066",
    "first\n2026-11-21 03:00:00 - ERROR - forged line\r\nthird",
    "%s%n%(x)s{0}{record_key}$name$$",
    "&lt;script&gt;alert(9)&lt;/script&gt;&#60;script>",
)

FILE_NAME = "a'\"`|%s{{7*7}} <img src=x onerror=alert(10)>\n\x1b]0;owned\x07\u202e=1+1.ndjson"
"""All that a file's name may hold: everything but a slash and NUL."""

TEXT = frozenset({"text", "markup", "duration"})


class Attacker:
    """Makes studies; every text in them is another attack with a number of its own."""

    def __init__(self) -> None:
        self.count = 0

    def study(self, nct_id: str, *, coded: bool) -> dict[str, Any]:
        """A study with every field of the shape; `coded`: words of closed lists are what they should be."""
        sections = [node for node in load_shape().children if node.name != "registrySection"]
        study = {node.name: self._value(node, coded=coded) for node in sections}
        study["protocolSection"]["identificationModule"]["nctId"] = nct_id
        study["protocolSection"]["statusModule"]["startDateStruct"]["date"] = "2020-01"
        study["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"] = "2026-10-01"
        return study

    def _value(self, node: Node, *, coded: bool) -> Any:
        if node.children:
            one = {child.name: self._value(child, coded=coded) for child in node.children}
        else:
            one = self._leaf(str(node.leaf_type), coded=coded)
        return [one] if node.is_list else one

    def _leaf(self, kind: str, *, coded: bool) -> Any:
        if kind.startswith("enum") and coded:
            return load_enums()[kind.split()[1]][0]
        if kind in TEXT or kind.startswith("enum"):
            self.count += 1
            return f"{ATTACKS[self.count % len(ATTACKS)]} #{self.count}"
        plain = {"integer": 7, "number": 7.5, "boolean": True, "datetime": "2024-05-01T10:00", "date": "2024-05-01"}
        return plain.get(kind, "2024-05")
