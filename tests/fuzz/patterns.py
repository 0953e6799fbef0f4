"""Every regular expression of the program, and texts made to drive each into going back over what it has read.

Belongs here: finding them (those compiled on import, and those written where they are used), pumping their repeats.
Does not: the verdict (growth.py, test_patterns.py).
"""

from __future__ import annotations

import ast
import importlib
import random
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from tests.conftest import REPO_ROOT

Compiled = re.Pattern[str] | re.Pattern[bytes]
_UNBOUNDED = 40
"""A repeat that may go on at least so often is pumped."""
_SKIPPED = ("orchestration", "definitions.py", "__main__.py", "console", "cli.py", "sample")
"""Dagster's skin and the command line, which read no files; the sample, which reads what it has itself made."""
_CALLS = {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
_SEARCHES = ("search", "sub", "subn", "split", "findall", "finditer", "search")
_PUMPS = (
    " ",
    "\t",
    "\n",
    "a",
    "A",
    "0",
    "-",
    ".",
    ",",
    "(",
    ")",
    "<",
    "a ",
    " a",
    "1.",
    "a-",
    "A.",
    "x,",
    '"',
    "\\",
    "&",
    "/",
    "<a ",
    "a\n",
    "\n ",
)
_ENDS = ("", "\0", "!\n", "\n\0")


def modules() -> list[Path]:
    """The program's modules whose import starts nothing."""
    paths = [path for room in ("pipelines", "expectations") for path in sorted((REPO_ROOT / room).rglob("*.py"))]
    return [path for path in paths if not any(part in _SKIPPED for part in path.parts)]


def compiled() -> dict[str, tuple[Compiled, frozenset[str]]]:
    """Every pattern by module and name, with the methods it is used with (`search` and `fullmatch` where unknown)."""
    found: dict[str, tuple[Compiled, frozenset[str]]] = {}
    seen: set[int] = set()
    everything = "\n".join(path.read_text(encoding="utf-8") for path in modules())
    for path in modules():
        name = ".".join(path.relative_to(REPO_ROOT).with_suffix("").parts).removesuffix(".__init__")
        module = importlib.import_module(name)
        source = path.read_text(encoding="utf-8")
        for variable, value in list(vars(module).items()):
            for number, pattern in enumerate(_patterns(value, set())):
                if id(pattern) in seen:
                    continue
                seen.add(id(pattern))
                where = source if variable.startswith("_") else everything
                found[f"{name}.{variable}[{number}]"] = (pattern, _methods(variable, where))
        found |= {f"{name}:{line}": (re.compile(text), frozenset({method})) for line, method, text in _in_place(source)}
    return found


def _patterns(value: Any, seen: set[int]) -> Iterator[Compiled]:
    """Patterns in a value, in the containers and the objects of ours that it holds."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for one in (*value.keys(), *value.values()):
            yield from _patterns(one, seen)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _patterns(one, seen)
    elif type(value).__module__.startswith(("pipelines", "expectations")):
        names = getattr(type(value), "__slots__", None) or list(getattr(value, "__dict__", {}))
        for name in names:
            yield from _patterns(getattr(value, name, None), seen)


def _methods(variable: str, source: str) -> frozenset[str]:
    used = set(re.findall(rf"\b{re.escape(variable)}\.({'|'.join(_CALLS)})\b", source))
    return frozenset(used) if used else frozenset({"search", "fullmatch"})


def _in_place(source: str) -> Iterator[tuple[int, str, Any]]:
    """(line, method, pattern) of calls such as `re.search("…", …)` with a constant pattern."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in _CALLS
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.lineno, node.func.attr, node.args[0].value


def runs(pattern: Compiled, methods: Iterable[str]) -> Iterator[tuple[str, Callable[[Any], object]]]:
    """What is done with the pattern: looked for all through a text, or matched at its beginning."""
    if set(methods) & set(_SEARCHES):
        yield "search", lambda text: sum(1 for _ in pattern.finditer(text))
    if "match" in methods:
        yield "match", pattern.match
    if "fullmatch" in methods:
        yield "fullmatch", pattern.fullmatch


def attacks(pattern: Compiled, *, samples: int, seed: int = 8) -> Iterator[Callable[[int], Any]]:
    """Texts of a size to be given: each repeat of the pattern led to, pumped, and let down at the end."""
    chance = random.Random(seed)
    source = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    tree = parser.parse(source, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags)
    written: set[tuple[str, str, str]] = set()
    for _ in range(samples):
        for lead, body in _repeats(list(tree), "", chance):
            pumps = {body, body + _other(body), body * 2, *(chance.sample(_PUMPS, 3))}
            for pump in sorted(pumps - {""}):
                for end in chance.sample(_ENDS, 2):
                    for start in (lead, "") if lead else ("",):
                        written.add((start, pump, end))
    written |= {("", pump, "\0") for pump in _PUMPS}
    as_given = (
        (lambda text: text.encode("utf-8", "replace")) if isinstance(pattern.pattern, bytes) else (lambda text: text)
    )
    for start, pump, end in sorted(written):
        yield lambda size, parts=(start, pump, end): as_given(
            parts[0] + parts[1] * (size // len(parts[1]) + 1) + parts[2]
        )


def _other(body: str) -> str:
    return " " if body and not body.endswith(" ") else "a"


def _repeats(items: list[Any], lead: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """(text that leads to it, text of its body) of every repeat that goes on for long."""
    for op, value in items:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            _, most, body = value
            if most >= _UNBOUNDED:
                yield lead, _sample(list(body), chance)
            yield from _repeats(list(body), lead, chance)
        elif op is sre.SUBPATTERN:
            yield from _repeats(list(value[-1]), lead, chance)
        elif op is sre.BRANCH:
            for branch in value[1]:
                yield from _repeats(list(branch), lead, chance)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _repeats(list(value[1]), lead, chance)
        lead += _sample([(op, value)], chance)


def _sample(items: list[Any], chance: random.Random) -> str:
    """A text that the items match, look-arounds and back-references aside."""
    made = []
    for op, value in items:
        if op is sre.LITERAL:
            made.append(chr(value))
        elif op is sre.NOT_LITERAL:
            made.append("b" if value == ord("a") else "a")
        elif op is sre.ANY:
            made.append(chance.choice("a -"))
        elif op is sre.IN:
            made.append(_of_class(value, chance))
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            fewest, most, body = value
            made += [_sample(list(body), chance) for _ in range(min(most, max(fewest, chance.choice((0, 1, 1, 2)))))]
        elif op is sre.SUBPATTERN:
            made.append(_sample(list(value[-1]), chance))
        elif op is sre.BRANCH:
            made.append(_sample(list(chance.choice(value[1])), chance))
    return "".join(made)


_OF_CATEGORY = {
    "DIGIT": "0",
    "SPACE": " \n\t",
    "WORD": "aA0_",
    "NOT_DIGIT": "a -",
    "NOT_SPACE": "a0-",
    "NOT_WORD": " -,",
}


def _of_class(parts: list[Any], chance: random.Random) -> str:
    if parts[0][0] is sre.NEGATE:
        allowed = [letter for letter in 'a0 -,.(<\n"éA' if not any(_is_in(letter, part) for part in parts[1:])]
        return chance.choice(allowed or ["\u0100"])
    op, value = chance.choice(parts)
    if op is sre.LITERAL:
        return chr(value)
    if op is sre.RANGE:
        return chr(chance.choice((value[0], value[1], (value[0] + value[1]) // 2)))
    return chance.choice(_OF_CATEGORY[str(value).removeprefix("CATEGORY_")])


def _is_in(letter: str, part: tuple[Any, Any]) -> bool:
    op, value = part
    if op is sre.LITERAL:
        return ord(letter) == value
    if op is sre.RANGE:
        return bool(value[0] <= ord(letter) <= value[1])
    return letter in _OF_CATEGORY.get(str(value).removeprefix("CATEGORY_"), "")
