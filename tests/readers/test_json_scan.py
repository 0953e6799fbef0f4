"""Brackets found in chunks of any size are those that a byte-by-byte reading finds."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.readers.json_scan import BracketScanner, first_value_end, is_deeper_than

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)
NOISE = st.lists(st.sampled_from([b"{", b"}", b"[", b"]", b'"', b"\\", b"a", b",", b"\xff"]), max_size=40).map(b"".join)


def slowly(text: bytes) -> list[tuple[int, int]]:
    """(position, depth after) of each bracket outside strings."""
    found, depth, in_string, escaped = [], 0, False, False
    for place, byte in enumerate(text):
        character = chr(byte)
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"':
            in_string = not in_string
        elif character in "{[" and not in_string:
            depth += 1
            found.append((place, depth))
        elif character in "}]" and not in_string:
            depth -= 1
            found.append((place, depth))
    return found


def in_chunks(text: bytes, size: int) -> list[tuple[int, int]]:
    scanner = BracketScanner()
    found = []
    for start in range(0, len(text), size):
        places, depths = scanner.feed(text[start : start + size])
        found += [(start + place, depth) for place, depth in zip(places.tolist(), depths.tolist(), strict=True)]
    return found


@given(JSON.map(lambda value: json.dumps(value).encode()) | NOISE, st.integers(1, 50))
def test_chunks_do_not_change_what_is_found(text: bytes, size: int) -> None:
    assert in_chunks(text, size) == slowly(text)


@given(JSON, st.integers(0, 6))
@example([{"": [{"": []}]}], 4)
def test_depth_is_that_of_the_json(value: object, limit: int) -> None:
    """Lists in objects in lists were taken for flatter than they are: two of their levels go at a time."""

    def depth(inner: object) -> int:
        if isinstance(inner, dict):
            return 1 + max((depth(item) for item in inner.values()), default=0)
        return 1 + max((depth(item) for item in inner), default=0) if isinstance(inner, list) else 0

    if not any(mark in text for text in _strings(value) for mark in "{}[]"):
        assert is_deeper_than(json.dumps(value).encode(), limit) == (depth(value) > limit)


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in (key, *_strings(item))]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize(
    ("text", "deeper"),
    [
        (b"[" * 100_000 + b"]" * 100_000, True),
        (b'{"a":' * 100_000, True),
        (b'{"a":' * 101 + b"1" + b"}" * 101, True),
        (b'{"a":' * 100 + b"1" + b"}" * 100, False),
        (b'{"a":"' + b"[" * 5_000 + b'"}', False),
        (b'{"a":[' + b"{}," * 5_000 + b"{}]}", False),
        (b"", False),
    ],
    ids=["lists", "cut objects", "one too deep", "just deep enough", "brackets in a text", "wide", "nothing"],
)
def test_deep_nesting_is_seen_and_nothing_else_taken_for_it(text: bytes, deeper: bool) -> None:
    assert is_deeper_than(text, 100) is deeper


@pytest.mark.parametrize(
    ("text", "end"),
    [(b'{"a":"}"} x', 9), (b"[[1],2]", 7), (b'{"a":1', None), (b"1", None)],
    ids=["object", "list", "cut", "number"],
)
def test_end_of_the_first_value(text: bytes, end: int | None) -> None:
    assert first_value_end(text) == end
