"""Changes that know the structure: a JSON tree, an XML document, a delimited table, lines of text.

Belongs here: one change to one parsed record; the result is bytes again. Does not: changes to bytes (mutate.py).
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

from tests.fuzz.chance import Chance
from tests.fuzz.hostile import text

Path = tuple[str | int, ...]
_DEPTHS = (3, 60, 101, 254, 255, 400, 1100, 5000)
_NUMBERS: tuple[Any, ...] = (0, -1, 1.5, 2**31, 2**63, -(2**63) - 1, 10**40, True, False, None)
_RAW = "\ue000RAW"
"""Marks a text that is to stand in the JSON as it is: what no serialiser writes."""
_RAW_JSON: tuple[str, ...] = (
    "NaN", "-Infinity", "1e999", "-1e999", "1" * 400, "1" * 5000, "01", "+1", ".5", "0x1f", "'a'", '"\\ud800"',
    '"\\udc00\\ud800"', '"\\u0000"', '"\\x41"', "undefined", "tru", '"a\nb"', '"a\tb"', "", ",", '{"a":1,"a":2}',
    '{"a":1,"a":{"b":[]}}', "[1,]", '{"a":1,}', "/* x */ 1", '"\\u202e"', "1.", "1e5", "-0",
)  # fmt: skip
_ELEMENT = re.compile(rb"<([A-Za-z_][\w.:-]*)((?:\s[^<>]*)?)>([^<]*)</\1>")
_ANY_TAG = re.compile(rb"<[^<>]{1,200}>")
_RAW_XML: tuple[bytes, ...] = (
    b"&lol;", b"&#0;", b"&#x2;", b"&#xD800;", b"&#1114112;", b"<![CDATA[ x ]]>", b"]]>",
    b"<!-- <clinical_study> -->", b"<?php x ?>", b"<", b"&", b"\x00", b"\x02", b"\xff\xfe", b"\xc3\x28",
    b"<a><b/></a>", b"</a>", b'<a x="1" x="2"/>', b"<x:y/>", b"<a" + b" b" * 50 + b"/>",
    b"<p>" * 300 + b"</p>" * 300, b'<!DOCTYPE a [<!ENTITY b "c">]>', b"\xe2\x80\xae", b"\xed\xa0\x80", b"<br/>",
    b"&lt;br&gt;", b"&amp;lt;p&amp;gt;",
)  # fmt: skip
_PROLOGS: tuple[bytes, ...] = (
    b'<!DOCTYPE a [<!ENTITY lol "lol"><!ENTITY b "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>',
    b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
    b"<!DOCTYPE " + b"a" * 3000, b"<!--" + b"-" * 3000, b'<?xml version="1.0" encoding="UTF-16"?>',
    b'<?xml version="1.0" encoding="windows-1252"?>', b'<?xml version="1.0" encoding="utf-7"?>',
    b'<?xml version="1.1"?>', b'<?xml version="1.0" encoding="no-such-thing"?>',
    b'<?xml version="1.0" encoding="UTF-32"?>', b'<?xml version="1.0" encoding="EBCDIC-CP-US"?>', b"<?xml ?>",
    b"<?x " + b"y" * 3000,
)  # fmt: skip


def json_change(data: bytes, chance: Chance) -> bytes | None:
    """The document with a few values changed; None where it is no JSON (NDJSON is changed in its first line)."""
    line, end, rest = data.partition(b"\n") if data[:1] == b"{" and b"\n{" in data else (data, b"", b"")
    try:
        document = json.loads(line)
    except ValueError:
        return None
    for _ in range(chance.randint(1, 4)):
        paths = list(_paths(document))
        if paths:
            _change_at(document, chance.choice(paths), chance)
    written = json.dumps(document, ensure_ascii=chance.random() < 0.2, indent=chance.choice((None, None, None, 1)))
    written = re.sub(f'"{_RAW}([0-9]+)"', lambda found: _raw_json(int(found[1])), written)
    if chance.random() < 0.15:
        written = _name_twice(written, chance)
    return written.encode("utf-8", "surrogatepass") + end + rest


def _paths(value: Any, path: Path = ()) -> Any:
    """The places of all values below the top."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*path, key)
        yield from _paths(one, (*path, key))


def _change_at(document: Any, path: Path, chance: Chance) -> None:
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    key = path[-1]
    kind = chance.randrange(10)
    if kind == 0:
        del holder[key]
    elif kind == 1:
        holder[key] = [holder[key]] * chance.choice((1, 2, 50))
    elif kind == 2:
        holder[key] = {text(chance, longest=50): holder[key]}
    elif kind == 3:
        holder[key] = chance.choice(_NUMBERS)
    elif kind == 4:
        holder[key] = f"{_RAW}{chance.randrange(len(_RAW_JSON) + 2 * len(_DEPTHS))}"
    elif kind == 5 and isinstance(holder, dict):
        holder[text(chance, longest=50)] = holder.pop(key)
    elif kind == 6 and isinstance(holder, list):
        holder.insert(0, holder[key])
    elif kind == 7:
        other = chance.choice(list(_paths(document)))
        holder[key] = json.loads(json.dumps(_at(document, other)))
    else:
        holder[key] = text(chance)


def _at(document: Any, path: Path) -> Any:
    for key in path:
        document = document[key]
    return document


def _raw_json(number: int) -> str:
    """Raw text number so many; behind them deep nestings, open and with their brackets hidden by texts."""
    if number < len(_RAW_JSON):
        return _RAW_JSON[number]
    number -= len(_RAW_JSON)
    depth = _DEPTHS[number % len(_DEPTHS)]
    if number < len(_DEPTHS):
        return "[" * depth + "]" * depth
    return hidden_depth(depth)


def hidden_depth(depth: int) -> str:
    """JSON nested so deep whose brackets, texts not told apart, seem to close as soon as they open."""
    return '{"a":"}","b":' * depth + "{}" + ',"z":"{"}' * depth


def _name_twice(written: str, chance: Chance) -> str:
    names = list(re.finditer(r'"[A-Za-z]+":', written))
    if not names:
        return written
    found = chance.choice(names)
    return f"{written[: found.start()]}{found[0]}null,{written[found.start() :]}"


def xml_change(data: bytes, chance: Chance) -> bytes:
    """The document with some elements changed, doubled, taken out or nested, or with another prolog."""
    for _ in range(chance.randint(1, 3)):
        places = [found.span() for found in (_ELEMENT if chance.random() < 0.7 else _ANY_TAG).finditer(data)]
        if not places:
            return data
        start, end = chance.choice(places)
        element, kind = data[start:end], chance.randrange(8)
        inner = data.find(b">", start) + 1
        closing = data.rfind(b"</", start, end)
        if kind == 0:
            new = b""
        elif kind == 1:
            new = element * chance.choice((2, 3, 40))
        elif kind == 2 and closing > 0:
            new = data[start:inner] + chance.choice(_RAW_XML) + data[closing:end]
        elif kind == 3:
            new = element[:1] + b"x" + element[1:]
        elif kind == 4:
            other = chance.choice(places)
            new = data[other[0] : other[1]]
        elif kind == 5:
            return _with_prolog(data, chance)
        elif kind == 6:
            new = data[start:inner] + element + data[max(inner, closing) : end]
        elif closing > 0:
            new = data[start:inner] + _escaped(text(chance)) + data[closing:end]
        else:
            new = element + chance.choice(_RAW_XML)
        data = data[:start] + new + data[end:]
    return data


def _escaped(value: str) -> bytes:
    return value.encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;")


def _with_prolog(data: bytes, chance: Chance) -> bytes:
    prolog = chance.choice(_PROLOGS)
    if data.startswith(b"<?xml") and (prolog.startswith(b"<?xml") or chance.random() < 0.5):
        end = data.find(b"?>") + 2
        return (b"" if prolog.startswith(b"<?xml") else data[:end]) + prolog + data[end:]
    return prolog + data


def table_change(data: bytes, chance: Chance) -> bytes | None:
    """The delimited table with cells, columns or rows changed; None where it cannot be read as one."""
    try:
        written = data.decode("utf-8-sig")
        delimiter = max("|\t;,", key=written.partition("\n")[0].count)
        rows = list(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter))
    except (UnicodeDecodeError, csv.Error):
        return None
    for _ in range(chance.randint(1, 4)):
        row = chance.choice(rows)
        if not row:
            continue
        place, kind = chance.randrange(len(row)), chance.randrange(8)
        if kind == 0:
            del row[place]
        elif kind == 1:
            row.insert(place, text(chance))
        elif kind == 2:
            rows.append(list(chance.choice(rows)))
        elif kind == 3:
            for one in rows:
                del one[place : place + 1]
        elif kind == 4 and rows[0]:
            row[place] = chance.choice(rows[0])
        else:
            row[place] = text(chance)
    out = io.StringIO(newline="")
    quoting = chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    other = chance.choice((delimiter, delimiter, delimiter, ";", "\t", ",", "|"))
    csv.writer(out, delimiter=other, quoting=quoting, lineterminator=chance.choice(("\n", "\r\n", "\r"))).writerows(
        rows
    )
    return out.getvalue().encode("utf-8", "surrogatepass")


def lines_change(data: bytes, chance: Chance) -> bytes:
    """The text with lines taken out, doubled, moved, run together or changed."""
    lines = data.split(b"\n")
    for _ in range(chance.randint(1, 5)):
        place, kind = chance.randrange(len(lines)), chance.randrange(7)
        if kind == 0 and len(lines) > 1:
            del lines[place]
        elif kind == 1:
            lines.insert(place, lines[place])
        elif kind == 2:
            lines.insert(chance.randrange(len(lines)), lines.pop(place))
        elif kind == 3 and place + 1 < len(lines):
            lines[place : place + 2] = [lines[place] + chance.choice((b"", b" ")) + lines[place + 1]]
        elif kind == 4:
            head, colon, _ = lines[place].partition(b":")
            lines[place] = head + colon + b" " + text(chance).encode()
        elif kind == 5:
            words = lines[place].split(b" ")
            words[chance.randrange(len(words))] = text(chance).encode()
            lines[place] = b" ".join(words)
        else:
            lines[place] = text(chance).encode()
    return b"\n".join(lines)
