"""A model file cut into its header and its SQL, with the line of every key, and the problems found in it.

Belongs here: the marks around the header, YAML as text, places. Does not: which keys a header must have (header.py).
"""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from pipelines.warehouse.models.model import Problem
from pipelines.yaml_text import compose_yaml, load_yaml

OPENING = "/* ---"
CLOSING = "--- */"


class SourceText:
    """A file cut into header and SQL. `line()` gives the line on which a key of the header stands."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.values: dict[str, Any] = {}
        self.sql = ""
        self.sql_line = 1
        self._lines: dict[tuple[str, ...], int] = {}
        head, opened, rest = text.partition(OPENING)
        body, closed, sql = rest.partition(CLOSING)
        if not opened or not closed or head.strip():
            self.report(1, f"the file must begin with a header between `{OPENING}` and `{CLOSING}`")
            return
        self.sql = sql.strip().removesuffix(";").rstrip()
        leading = len(sql) - len(sql.lstrip())
        self.sql_line = text.count("\n", 0, len(text) - len(sql) + leading) + 1
        self._parse(body, first_line=head.count("\n") + 1)

    def _parse(self, body: str, first_line: int) -> None:
        try:
            node = compose_yaml(body)
            values = load_yaml(body)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = first_line + (mark.line if mark else 0)
            self.report(line, f"the header is not YAML: {getattr(error, 'problem', error)}")
            return
        if not isinstance(values, dict):
            self.report(first_line, "the header must be a YAML mapping of description, grain, owner, …")
            return
        self._note(node, (), first_line)
        self.values = values

    def _note(self, node: yaml.Node | None, place: tuple[str, ...], first_line: int) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = (*place, str(key.value))
                if inner in self._lines:
                    self.report(first_line + key.start_mark.line, f"`{key.value}` stands twice in the header")
                self._lines[inner] = first_line + key.start_mark.line
                self._note(value, inner, first_line)

    def line(self, *place: str) -> int:
        """The line of a key, or of the nearest enclosing one that is there."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def report(self, line: int, message: str) -> None:
        """Remember a problem."""
        self.problems.append(Problem(self.path, line, message))


def nearest(word: str, known: Collection[str]) -> str:
    """A hint for a mistyped name, empty when nothing is near."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""
