"""Study Groups and Interventions: arms and what they are given, noted as fields.

Belongs here: the grammar of Study Groups, the fields of both sections. Does not: reading Interventions
(interventions.py), how readings are compared (readings.py).
On the page an arm is: label, description, then each intervention's name, type and description, or the sentence that
there are none. Label and intervention may share a name, descriptions may be missing, type lines may be lost: so the
names known from Interventions are used, all readings are weighed, and two that weigh alike are ambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import shapes
from .fields import Page, span
from .interventions import MAX_LINES, Intervention, Typed, fold, parse_interventions, says_thrice
from .readings import Step, best_two, description_cost, is_clear, is_sentence, name_cost
from .sections import Line, Part
from .slots import find_label
from .template import ARM_TYPE_LABELS, INTERVENTION_TYPE_LABELS, NO_INTERVENTIONS

_ARMS = "protocolSection.armsInterventionsModule."
_COUNT_LABEL = re.compile(
    r"(?:single|one|two|three|four|five|six|seven|eight|nine|ten|multiple|multi|\d{1,2})[- ]?(?:arms?|groups?|cohorts?)"
    r"(?: (?:study|trial|design))?\Z",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Arm:
    """An arm: label, type, description and interventions; `closed` when they, or the sentence of none, are there."""

    label: Line
    type: str | None = None
    description: list[Line] = field(default_factory=list)
    interventions: list[Intervention] = field(default_factory=list)
    none_line: Line | None = None

    @property
    def closed(self) -> bool:
        """Whether the page says what the arm is given."""
        return bool(self.interventions) or self.none_line is not None


_START, _LABELLED, _DESCRIBED, _GIVEN, _NONE = range(5)


class _ArmGrammar:
    """Steps of reading Study Groups. A node is (index of the next token, what came before it)."""

    def __init__(self, tokens: Sequence[Line | Typed], known: Sequence[Intervention]) -> None:
        self.tokens = tokens
        self.known: dict[str, list[list[str]]] = {}
        for item in known:
            self.known.setdefault(item.name.text, []).append([line.text for line in item.description])
        self.typed = any(isinstance(token, Typed) for token in tokens)
        self.descriptions = {text for several in self.known.values() for lines in several for text in lines}

    def line(self, index: int) -> Line | None:
        """The plain line at an index, None for a type line or behind the end."""
        token = self.tokens[index] if index < len(self.tokens) else None
        return token if isinstance(token, Line) else None

    def steps(self, node: tuple[int, int]) -> Iterator[Step]:
        """All ways to go on from a node."""
        index, before = node
        open_cost = {_START: 0.0, _LABELLED: 2.7, _DESCRIBED: 2.5, _GIVEN: 0.0, _NONE: 0.0}[before]
        if index == len(self.tokens):
            yield Step("end", open_cost, None)
            return
        line = self.line(index)
        if line is None:
            return
        if _is_none(line.text):
            if before in (_LABELLED, _DESCRIBED):
                yield Step((index + 1, _NONE), 0.0, ("none", line))
            return
        yield Step((index + 1, _LABELLED), open_cost + self._label_cost(line.text), ("label", line))
        again = before == _DESCRIBED and line.text in self.descriptions
        if before in (_LABELLED, _DESCRIBED) and not again:
            extra = 0.0 if before == _LABELLED else 0.8
            yield Step((index + 1, _DESCRIBED), extra + self._description_cost(line.text), ("description", line))
        if before == _GIVEN and self._same(line, index - 1):
            # The same name again straight after: the next arm's label, never the intervention a second time.
            return
        if before in (_LABELLED, _DESCRIBED, _GIVEN):
            yield from self._given(index, line, 0.2 if before == _LABELLED else 0.0)

    def _label_cost(self, text: str) -> float:
        if text in self.descriptions and text not in self.known:
            return 4.0
        longish = 0.3 if text.count(" ") > 5 else 0.0
        return name_cost(text) + longish + (0.7 if text in self.known and not self.typed else 0.0)

    def _description_cost(self, text: str) -> float:
        if text in self.known and not self.typed:
            return 4.0
        return description_cost(text) + (1.5 if text in self.descriptions else 0.0)

    def _given(self, index: int, name: Line, cost: float) -> Iterator[Step]:
        """Readings of an intervention that begins at `index`: name, type, description."""
        if name.text in self.descriptions and name.text not in self.known:
            return
        end = index + 1
        mark = self.tokens[end] if end < len(self.tokens) else None
        typed = mark if isinstance(mark, Typed) else None
        end += typed is not None
        # Where types are told, a name without one below it is hardly an intervention.
        cost += 2.5 if self.typed and typed is None else 0.0
        several = self.known.get(name.text)
        if several is None:
            cost += 0.3 if typed else 1.0 if any(self._same(name, place) for place in range(index)) else 3.5
            yield from self._given_freely(name, typed, end, cost + name_cost(name.text), 0.2)
            return
        for said in several:
            lines = [line for step in range(len(said)) if (line := self.line(end + step)) is not None]
            if said and [line.text for line in lines] == said:
                yield Step((end + len(said), _GIVEN), cost, ("given", Intervention(name, *_type_of(typed), lines)))
                return
        yield from self._given_freely(name, typed, end, cost + (2.0 if all(several) else 0.0), 2.0)

    def _given_freely(self, name: Line, typed: Typed | None, end: int, cost: float, described: float) -> Iterator[Step]:
        """An intervention with whatever stands below it: nothing, or one line of description."""
        yield Step(
            (end, _GIVEN), cost + (0.5 if described < 1 else 0.0), ("given", Intervention(name, *_type_of(typed)))
        )
        line = self.line(end)
        if line is not None and line.text not in self.known and not _is_none(line.text):
            more = description_cost(line.text) + described
            yield Step((end + 1, _GIVEN), cost + more, ("given", Intervention(name, *_type_of(typed), [line])))

    def unsupported(self, arms: Sequence[Arm]) -> bool:
        """Whether a part of the reading rests on nothing.

        That is an intervention without type line, not named in Interventions, said only once; and, where no types are
        told, a few words that would be the second paragraph of a description.
        """
        said = [token.text for token in self.tokens if isinstance(token, Line)]
        if not self.typed and any(name_cost(line.text) == 0 for arm in arms for line in arm.description[1:]):
            return True
        return any(
            item.type_line is None and item.name.text not in self.known and said.count(item.name.text) == 1
            for arm in arms
            for item in arm.interventions
        )

    def _same(self, name: Line, place: int) -> bool:
        other = self.line(place)
        return other is not None and other.text == name.text


def _is_none(text: str) -> bool:
    return text.casefold().startswith(NO_INTERVENTIONS)


def _type_of(typed: Typed | None) -> tuple[str | None, Line | None]:
    return (None, None) if typed is None else (typed.type, typed.line)


def parse_arms(lines: Sequence[Line], known: Sequence[Intervention]) -> list[Arm] | None:
    """Arms of Study Groups; None where the lines can be read in several ways or in none."""
    body: list[Line] = []
    types: dict[int, str] = {}
    for line in lines:
        label = find_label(line.text, ARM_TYPE_LABELS)
        kind = shapes.code("ArmGroupType", label.rest or "") if label is not None else None
        kind = kind or (line.text if shapes.is_code("ArmGroupType", line.text) else None)
        if kind is not None and body:
            types[body[-1].no] = kind
        elif label is None:
            body.append(line)
    tokens = fold(body, INTERVENTION_TYPE_LABELS, "InterventionType")
    if not tokens or len(tokens) > MAX_LINES or says_thrice(tokens):
        return None
    grammar = _ArmGrammar(tokens, known)
    nodes: list[Any] = [(index, state) for index in range(len(tokens) + 1) for state in range(5)]
    readings = best_two((0, _START), nodes, grammar.steps, "end")
    if not is_clear(readings):
        return None
    arms = _build(readings[0].says, types)
    # A sentence for a name is a description whose name is lost: then nobody knows where the arms begin.
    names = [line.text for arm in arms for line in (arm.label, *(item.name for item in arm.interventions))]
    return None if any(is_sentence(name) for name in names) or grammar.unsupported(arms) else arms


def _build(says: Sequence[Any], types: dict[int, str]) -> list[Arm]:
    arms: list[Arm] = []
    for said in says:
        if said is None:
            continue
        what, thing = said
        if what == "label":
            arms.append(Arm(thing, types.get(thing.no)))
        elif what == "description":
            arms[-1].description.append(thing)
        elif what == "none":
            arms[-1].none_line = thing
        else:
            arms[-1].interventions.append(thing)
    return arms


# --- fields ---------------------------------------------------------------------------------------------------------


def read_arms(page: Page, groups: Part | None, section: Part | None) -> None:
    """Note the arms, the page's word for their number, and the interventions."""
    told = section is not None and bool(section.body)
    interventions = parse_interventions(section.body, groups.body if groups else ()) if section and told else None
    arms = _note_arms(page, groups, [] if interventions is None and not told else interventions) if groups else None
    field_name = _ARMS + "interventions"
    if section is None:
        return
    if not section.body:
        page.empty(section, field_name)
    elif interventions is None:
        page.set(field_name, "ambiguous", None, [line.text for line in section.body], span(section.body))
    else:
        values = [_intervention_value(page, item, arms) for item in interventions]
        vouching = [
            text
            for item in interventions
            for text in (
                item.name.text,
                *([item.type_line.text] if item.type_line else []),
                *(line.text for line in item.description),
            )
        ]
        page.set(field_name, "present", values, vouching, span(section.body))


def _intervention_value(page: Page, item: Intervention, arms: Sequence[Arm] | None) -> dict[str, Any]:
    labels = [arm.label.text for arm in arms or () if any(i.name.text == item.name.text for i in arm.interventions)]
    return {
        "type": item.type,
        "name": item.name.text,
        "description": page.text(item.description),
        "armGroupLabels": labels if arms is not None else None,
        "otherNames": item.other_names,
    }


def _note_arms(page: Page, part: Part, known: Sequence[Intervention] | None) -> list[Arm] | None:
    """Note the arms; `known` is None where Interventions stands there but cannot be read."""
    body = list(part.body)
    if body and _COUNT_LABEL.match(body[0].text):
        page.set("page.armCountLabel", "present", body[0].text, body[0].text, span(body[:1]))
        body = body[1:]
    if not body:
        page.empty(part, _ARMS + "armGroups")
        return None
    typed = any(find_label(line.text, INTERVENTION_TYPE_LABELS) for line in body)
    arms = parse_arms(body, known or []) if typed or known is not None else None
    if arms is None:
        page.set(_ARMS + "armGroups", "ambiguous", None, [line.text for line in body], span(part.body))
        return None
    values = [
        {
            "label": arm.label.text,
            "type": arm.type,
            "description": page.text(arm.description),
            "interventionNames": [item.name.text for item in arm.interventions],
        }
        for arm in arms
    ]
    state = "present" if all(arm.closed for arm in arms) else "damaged"
    page.set(_ARMS + "armGroups", state, values, _vouching(arms), span(part.body))
    _leave_what_differs(page, part, arms, known or [])
    return arms


def _leave_what_differs(page: Page, part: Part, arms: Sequence[Arm], known: Sequence[Intervention]) -> None:
    """What follows a type line says of an intervention what Interventions says; where it does not, no field has it."""
    said = {line.text for item in known for line in item.description}
    types = {(item.name.text, item.type) for item in known}
    for arm in arms:
        for item in arm.interventions:
            if item.type_line is not None:
                other_type = [] if (item.name.text, item.type) in types else [item.type_line]
                page.leave(part.key, other_type + [line for line in item.description if line.text not in said])


def _vouching(arms: Sequence[Arm]) -> list[str]:
    """The distinct lines that make the arms. What follows a type line is the intervention's own, not the arm's."""
    texts: list[str] = []
    for arm in arms:
        texts += [arm.label.text, *(line.text for line in arm.description)]
        for item in arm.interventions:
            texts.append(item.name.text)
            if item.type_line is None:
                texts += [line.text for line in item.description]
        if arm.none_line is not None:
            texts.append(arm.none_line.text)
    return list(dict.fromkeys(texts))
