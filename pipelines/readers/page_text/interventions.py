"""Interventions: names, types and descriptions, and what Study Groups tells about them.

Belongs here: the grammar of the Interventions section, the lines that arms share with it. Does not: arms (arms.py), how
readings are compared (readings.py).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from . import shapes
from .readings import Step, best_two, description_cost, is_clear, is_sentence, name_cost
from .sections import Line
from .slots import find_label
from .template import INTERVENTION_TYPE_LABELS, OTHER_NAME_LABELS

MAX_LINES = 400
"""Longer sections are kept whole (2026-11: the longest seen, 40 arms, has 250 lines)."""


@dataclass(slots=True)
class Intervention:
    """An intervention: name, type (None when its line is lost), description, and its lines."""

    name: Line
    type: str | None = None
    type_line: Line | None = None
    description: list[Line] = field(default_factory=list)
    other_names: list[str] | None = None

    @property
    def lines(self) -> list[Line]:
        """All its lines in page order."""
        return sorted([self.name, *([self.type_line] if self.type_line else []), *self.description])


class Typed(NamedTuple):
    """A line that says a type, taken together with its label's line."""

    line: Line
    type: str


def fold(lines: Sequence[Line], labels: tuple[str, ...], kind: str) -> list[Line | Typed]:
    """Join type labels with their values; other lines as they are."""
    folded: list[Line | Typed] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        label = find_label(line.text, labels)
        if label is None:
            folded.append(line)
        elif label.rest is not None:
            value = shapes.code(kind, label.rest)
            if value is None and not shapes.looks_like_code(label.rest):
                folded.append(line)
            else:
                folded.append(Typed(line, value or label.rest))
        elif index < len(lines) and shapes.is_code(kind, lines[index].text):
            folded.append(Typed(Line(line.no, f"{line.text} {lines[index].text}"), lines[index].text))
            index += 1
    return folded


def says_thrice(tokens: Sequence[Line | Typed]) -> bool:
    """Whether one text stands three times in a row: label, description and name can then not be told apart."""
    texts = [token.text if isinstance(token, Line) else None for token in tokens]
    return any(a is not None and a == b == c for a, b, c in zip(texts, texts[1:], texts[2:], strict=False))


class Neighbours:
    """What Study Groups says about the lines of Interventions, which it repeats: names, and what stands below what."""

    def __init__(self, groups: Sequence[Line]) -> None:
        tokens = fold(groups, INTERVENTION_TYPE_LABELS, "InterventionType")
        pairs = list(itertools.pairwise(tokens))
        self.named = {a.text for a, b in pairs if isinstance(a, Line) and isinstance(b, Typed)}
        texts = [token.text for token in tokens if isinstance(token, Line)]
        self.texts = frozenset(texts)
        self.before: dict[str, set[str]] = {}
        for former, text in zip(["", *texts], texts, strict=False):
            self.before.setdefault(text, set()).add(former)

    def pull(self, former: str, text: str, also: set[str]) -> float:
        """Cost of reading `text` as part of what `former` begins: less when it never stands below anything else.

        `also` are the lines above it in Interventions, where several names may share a description.
        """
        if former not in self.texts:
            return 0.0
        seen = self.before.get(text, set())
        if former not in seen:
            return 2.0
        return -0.6 if seen <= also else 0.4


class _InterventionGrammar:
    """Steps of reading Interventions: name, description, type; or name, type, description."""

    def __init__(self, tokens: Sequence[Line | Typed], neighbours: Neighbours) -> None:
        self.tokens = tokens
        self.near = neighbours
        self.typed = any(isinstance(token, Typed) for token in tokens)
        self.named = neighbours.named if self.typed else set()
        texts = [token.text for token in tokens if isinstance(token, Line)]
        self.count = Counter(texts)
        self.above: dict[str, set[str]] = {}
        for former, text in itertools.pairwise(texts):
            self.above.setdefault(text, set()).add(former)

    def steps(self, start: int) -> Iterator[Step]:
        """All interventions that may begin at a line."""
        name = self.tokens[start]
        former = self.tokens[start - 1] if start else None
        # A line that says the name again is its description, never another intervention.
        if not isinstance(name, Line) or (isinstance(former, Line) and former.text == name.text):
            return
        # Names are seldom given twice, descriptions often are.
        cost = name_cost(name.text) + (0.5 if self.count[name.text] > 1 else 0.0)
        if self.named:
            cost = 0.0 if name.text in self.named else 3.0
        end = start + 1
        leading = self.tokens[end] if end < len(self.tokens) else None
        if isinstance(leading, Typed):
            yield Step(end + 1, cost + 0.5, Intervention(name, leading.type, leading.line))
            yield from self._described(name, end + 1, cost + 0.5, leading)
            return
        yield Step(end, cost + 0.5 + self.typed, Intervention(name))
        yield from self._described(name, end, cost, None)

    def _described(self, name: Line, first: int, cost: float, leading: Typed | None) -> Iterator[Step]:
        said: list[Line] = []
        kind, mark = (leading.type, leading.line) if leading else (None, None)
        for end in range(first, len(self.tokens)):
            token = self.tokens[end]
            if isinstance(token, Typed):
                if leading is None and said:
                    yield Step(end + 1, cost, Intervention(name, token.type, token.line, list(said)))
                return
            cost += self._said_cost(said[-1] if said else name, token, bool(said))
            said.append(token)
            lost = 1.0 if self.typed and leading is None else 0.0
            yield Step(end + 1, cost + lost, Intervention(name, kind, mark, list(said)))

    def _said_cost(self, former: Line, line: Line, further: bool) -> float:
        if line.text == former.text:
            return 0.0
        if line.text in self.named:
            return 3.0
        if self.named:
            return 0.1
        pull = self.near.pull(former.text, line.text, self.above.get(line.text, set()))
        return max(0.0, description_cost(line.text) + (0.4 if further else 0.0) + pull)


def parse_interventions(lines: Sequence[Line], groups: Sequence[Line] = ()) -> list[Intervention] | None:
    """Interventions of the Interventions section, in order; None where the lines can be read in several ways.

    `groups` are the lines of Study Groups, where each intervention stands again.
    """
    others: dict[int, list[str]] = {}
    body: list[Line] = []
    for line in lines:
        label = find_label(line.text, OTHER_NAME_LABELS)
        if label is not None and label.rest and body:
            others[body[-1].no] = [part.strip() for part in re.split(r"[;|]", label.rest) if part.strip()]
        else:
            body.append(line)
    tokens = fold(body, INTERVENTION_TYPE_LABELS, "InterventionType")
    if len(tokens) > MAX_LINES or says_thrice(tokens):
        return None
    grammar = _InterventionGrammar(tokens, Neighbours(groups))
    readings = best_two(0, list(range(len(tokens))), grammar.steps, len(tokens))
    if not is_clear(readings):
        return None
    found: list[Intervention] = list(readings[0].says)
    # A lone line of many words may as well be a description that lost its name.
    if any(is_sentence(item.name.text) or (len(item.lines) == 1 and name_cost(item.name.text) > 0) for item in found):
        return None
    for item in found:
        item.other_names = next(
            (names for no, names in others.items() if item.lines[0].no <= no <= item.lines[-1].no), None
        )
    return found
