"""The form of a data-quality rule: what it says to people, and its conditions as SQL text.

Belongs here: the Rule type and the SQL that follows from it. Does not: any rule (expectations/rules/), any
connection, any engine. Nothing here imports Great Expectations, DuckDB or Dagster: the catalogue loads in
milliseconds everywhere.

A rule judges rows. Each row of `rows` gets one of three results:

    not evaluable   where `evaluable` is not true, or where `passes` is NULL: SQL's own word for "cannot tell"
    passed          where `passes` is true
    failed          where `passes` is false

"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.tables import literal, tables_named

_NAME = re.compile(r"[a-z][a-z0-9_]{1,62}\Z")
_TABLE = re.compile(r"[a-z_]+\.[a-z_0-9]+\Z")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_AS_OF = re.compile(r"\$as_of\b")


COPY_FORMATS = ("ictrp_csv", "ictrp_xml")
"""Raw formats in which somebody else (the WHO portal) copies the records of registries, in a form of its own."""


class Severity(StrEnum):
    """How much a failure weighs: gate stops publishing, error is wrong, warn is doubtful, info is worth
    knowing.
    """

    GATE = "gate"
    ERROR = "error"
    WARN = "warn"
    INFO = "info"


GATE, ERROR, WARN, INFO = Severity.GATE, Severity.ERROR, Severity.WARN, Severity.INFO

_GRAVITY = {severity: place for place, severity in enumerate((INFO, WARN, ERROR, GATE))}


class Reach(StrEnum):
    """What a row's result hangs on, and so what a few changed records can change.

    RECORD: rows of its own record. TABLE: the row stands for a whole table and counts what is bad in it, record by
    record. ALL: records are compared with one another.
    """

    RECORD = "record"
    TABLE = "table"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """A graver severity for those rows of a rule for which `when` (a SQL boolean over one row) is true.

    `words` complete the sentence "… where …". Never GATE: whether a gate is open must not hang on single rows.
    """

    severity: Severity
    when: str
    words: str


def gravest(severities: Iterable[Severity]) -> Severity:
    """The gravest of some severities; ValueError for none."""
    return max(severities, key=_GRAVITY.__getitem__)


def template_sql(template: str) -> str:
    """A message template as one SQL expression: `{column}` or `{any SQL expression}` stands for its value.

    A value that is missing reads `(not given)`.
    """
    parts = []
    for index, part in enumerate(_PLACEHOLDER.split(template)):
        if index % 2:
            parts.append(f"coalesce(CAST(({part}) AS VARCHAR), '(not given)')")
        elif part:
            parts.append(literal(part))
    return " || ".join(parts) or "''"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of the catalogue. Everything that speaks of the rule anywhere is made from these fields.

    `name`: stable, snake_case; users filter on it. `table`: `schema.table` the rule belongs to.
    `description`: what is demanded, one sentence. `meaning`: what a failure means for a reader of the data
    and what a registry manager can do. `not_evaluable`: in words, when the rule cannot tell. `source`: where
    the demand comes from. `columns`: the columns of `rows` the rule looks at; they are what a violation
    names. `evaluable`, `passes`: SQL booleans over one row of `rows`. `message`: text with `{SQL}`
    placeholders. `value`: SQL for the offending value, by default the columns' values. `rows`: the SELECT
    that gives the rows judged, by default the table itself; it must have a column `record_key` (NULL where no
    record is concerned). `registries`: codes of the registries whose records the rule is about, where it
    rests on the forms, lists or law of these alone; then `rows` must have the columns `registry` and
    `source_format`, and rows of others, or of copies (COPY_FORMATS), are not evaluable. None given: every
    registry. `escalation`: rows that weigh more. `reach`: what a row's result hangs on. In all
    SQL `$as_of` is the day of the check; `now()` is never used.
    """

    name: str
    table: str
    severity: Severity
    description: str
    meaning: str
    source: str
    columns: tuple[str, ...]
    passes: str
    message: str
    not_evaluable: str = "never"
    evaluable: str = "TRUE"
    value: str = ""
    rows: str = ""
    registries: tuple[str, ...] = ()
    escalation: Escalation | None = None
    reach: Reach = Reach.RECORD
    topic: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Refuse a rule that nobody could read or run: ValueError names the rule and the field."""
        if not _NAME.match(self.name):
            raise ValueError(f"rule name '{self.name}' is not snake_case (a-z, 0-9, _; at most 63 characters)")
        if not _TABLE.match(self.table):
            raise ValueError(f"rule {self.name}: table '{self.table}' is not schema.table")
        if self.severity not in set(Severity):
            raise ValueError(f"rule {self.name}: severity '{self.severity}' is none of {', '.join(Severity)}")
        if not self.columns:
            raise ValueError(f"rule {self.name}: columns is empty; name the columns that the rule looks at")
        for required in (
            "description",
            "meaning",
            "source",
            "passes",
            "message",
            "not_evaluable",
            "evaluable",
        ):
            if not str(getattr(self, required)).strip():
                raise ValueError(f"rule {self.name}: {required} is empty")
        self._refuse_odd_escalation()

    def _refuse_odd_escalation(self) -> None:
        graver = self.escalation
        if graver is None:
            return
        if not graver.when.strip() or not graver.words.strip():
            raise ValueError(f"rule {self.name}: the escalation needs both a condition and words")
        if graver.severity is Severity.GATE or _GRAVITY[graver.severity] <= _GRAVITY[self.severity]:
            raise ValueError(
                f"rule {self.name}: the escalation to {graver.severity.value} is not graver than "
                f"{self.severity.value}, or is a gate"
            )

    @property
    def column_name(self) -> str:
        """What `quality.violation.column_name` holds: the columns, joined by a comma."""
        return ", ".join(self.columns)

    @property
    def rows_sql(self) -> str:
        """The SELECT that gives the rows judged."""
        return self.rows.strip() or f"SELECT * FROM {self.table}"

    @property
    def result_sql(self) -> str:
        """TRUE where a row passed, FALSE where it failed, NULL where the rule is not evaluable."""
        codes = ", ".join(literal(code) for code in self.registries)
        copies = ", ".join(literal(name) for name in COPY_FORMATS)
        scope = f"registry IN ({codes}) AND source_format NOT IN ({copies}) AND " if codes else ""
        return f"CASE WHEN {scope}({self.evaluable}) THEN CAST(({self.passes}) AS BOOLEAN) END"

    @property
    def severity_sql(self) -> str:
        """The severity of a failing row, as text."""
        plain = literal(self.severity.value)
        if self.escalation is None:
            return plain
        return f"CASE WHEN ({self.escalation.when}) THEN {literal(self.escalation.severity.value)} ELSE {plain} END"

    @property
    def all_sql(self) -> str:
        """Every piece of SQL in the rule, one below the other."""
        return f"{self.rows_sql}\n{self.result_sql}\n{self.severity_sql}\n{self.value_sql}\n{self.message_sql}"

    @property
    def tables(self) -> frozenset[str]:
        """The tables that the rule reads, as schema.name."""
        return frozenset({self.table, *tables_named(self.all_sql)})

    @property
    def needs_day(self) -> bool:
        """Whether the result can change with the day of the check."""
        return _AS_OF.search(self.all_sql) is not None

    @property
    def version(self) -> str:
        """First 16 hex digits of a hash over the rule's SQL: changes when a row may be judged otherwise."""
        return hashlib.sha256(f"{self.column_name}\n{self.all_sql}".encode()).hexdigest()[:16]

    @property
    def not_evaluable_words(self) -> str:
        """In words, when the rule cannot tell, records of other registries included."""
        if not self.registries:
            return self.not_evaluable
        other = f"the record is of another registry than {', '.join(self.registries)}, or a copy from the WHO portal"
        return other if self.not_evaluable == "never" else f"{other}; {self.not_evaluable}"

    @property
    def value_sql(self) -> str:
        """The offending value as text."""
        if self.value:
            return f"CAST(({self.value}) AS VARCHAR)"
        if len(self.columns) == 1:
            return f"CAST({self.columns[0]} AS VARCHAR)"
        shown = [f"{literal(name + ' = ')} || coalesce(CAST({name} AS VARCHAR), '')" for name in self.columns]
        return "concat_ws('; ', " + ", ".join(shown) + ")"

    @property
    def message_sql(self) -> str:
        """The message as a SQL expression."""
        return template_sql(self.message)


def on_day(sql: str, as_of: str) -> str:
    """The SQL with `$as_of` replaced by that day (an ISO date)."""
    return _AS_OF.sub(f"DATE '{as_of}'", sql)
