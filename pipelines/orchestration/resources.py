"""The one build of a Dagster run, shared by its steps, which all run in one process.

Belongs here: the life of the build inside a run (begun by the first step that needs it, abandoned unless published),
and turning foreseeable errors into failures that are not retried. Does not: what steps do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from pydantic import PrivateAttr

from pipelines.landing.catalogue import LandingError
from pipelines.orchestration.keys import LANDING, PUBLISH
from pipelines.orchestration.watch import Watcher, current_watcher
from pipelines.settings import Settings
from pipelines.staging.ingest import IngestReport
from pipelines.warehouse.afresh import FormerLoad
from pipelines.warehouse.build import Build, abandon, begin_build
from pipelines.warehouse.delta import Delta, find_delta
from pipelines.warehouse.errors import WarehouseError, system_trouble
from pipelines.warehouse.intake import Archived
from pipelines.warehouse.models import ContractError, Model, ModelTestResult

FORESEEN: tuple[type[Exception], ...] = (WarehouseError, LandingError, ContractError)
"""Errors whose message says what a person can do; trying again by itself helps none of them."""


@dataclass
class RunState:
    """What the steps of one run hand on beside the build file. `gates_open` keeps a failed build for inspection.

    `allow_gates`: gates that a person allows to fail in this run. `rebuild`: everything is to be made anew.
    `former_loads`: what is to be read once more by today's readers before the new files are.
    `leaves_out_landing`: steps of another run are executed again, without the first one.
    """

    run_id: str
    settings: Settings
    watcher: Watcher
    started_at: datetime
    selection: frozenset[dg.AssetKey]
    build: Build | None = None
    archived: Archived = field(default_factory=lambda: Archived((), ()))
    report: IngestReport | None = None
    tests: dict[str, list[ModelTestResult]] = field(default_factory=dict)
    gates_open: bool = False
    allow_gates: frozenset[str] = frozenset()
    allow_reason: str = ""
    rebuild: bool = False
    former_loads: tuple[FormerLoad, ...] = ()
    delta: Delta | None = None
    is_delta_known: bool = False
    leaves_out_landing: bool = False

    @property
    def known_to_read(self) -> int:
        """How many contents that were read before are read once more."""
        return len(self.archived.again) + sum(len(load.files) for load in self.former_loads)


class WarehouseRun(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The build of this run and the settings it works by.

    `home` and `landing` override TRIALMART_HOME and TRIALMART_LANDING. `wait_seconds`: how long a run waits for another
    writer (a run begun on the command line is not in Dagster's queue).
    """

    home: str | None = None
    landing: str | None = None
    wait_seconds: float = 900.0
    _state: RunState = PrivateAttr()

    def settings(self) -> Settings:
        """The settings of this installation: this resource's fields over the environment over the defaults."""
        given = {"home": self.home, "landing": self.landing}
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[WarehouseRun]:
        """One state for each run; at its end a build that was not published is given up."""
        run = context.run
        watcher = current_watcher()
        self._state = RunState(
            run_id=run.run_id if run else "no-run",
            settings=self.settings(),
            watcher=watcher,
            started_at=datetime.now(UTC),
            selection=frozenset(run.asset_selection or ()) if run else frozenset(),
            leaves_out_landing=_leaves_out_landing(run),
        )
        watcher.outcome.run_id = self._state.run_id
        try:
            yield self
        finally:
            self._end()

    def _end(self) -> None:
        build = self._state.build
        if build is not None:
            self._state.watcher.outcome.rejected = abandon(build, keep_for_inspection=self._state.gates_open)

    @property
    def state(self) -> RunState:
        """What this run's steps share."""
        return self._state

    def build(self) -> Build:
        """The build of this run, begun now if no step has needed it yet. Raises WarehouseError."""
        state = self._state
        if state.build is None:
            if state.selection and PUBLISH not in state.selection:
                raise WarehouseError(
                    "this run leaves out publish/warehouse, so nothing of it would ever be seen: a build is one unit. "
                    "Launch the job trialmart_pipeline, or add publish/warehouse to the selection."
                )
            if state.leaves_out_landing:
                raise WarehouseError(
                    "this run executes only the steps that failed in another, but what the steps before them had built "
                    "went with that run: a build is one unit. Use Re-execute all instead of Re-execute from failure."
                )
            state.build = state.watcher.beginning.take() if state.watcher.beginning is not None else None
        if state.build is None:
            wished = state.watcher.wait_seconds
            wait_seconds = self.wait_seconds if wished is None else wished
            state.build = begin_build(state.settings, state.run_id, wait_seconds)
        return state.build

    def delta(self, models: Mapping[str, Model]) -> Delta | None:
        """The records this run has touched, found when first asked for; None where all models are to be made anew.

        Also None before the files have been read, when nobody can know: what reads no table may be made that early.
        """
        state = self._state
        if state.report is None:
            return None
        if not state.is_delta_known:
            state.delta = None if state.rebuild else find_delta(self.build(), models)
            state.is_delta_known = True
        return state.delta

    @contextmanager
    def foreseeing(self, step: str, *more: type[Exception]) -> Iterator[None]:
        """Around a step's work: FORESEEN errors (and `more`) fail the run with their own words and are not retried.

        Other errors pass through; operating-system errors may be retried by the step's own policy.
        """
        errors = self._state.watcher.outcome.errors
        try:
            yield
        except (*FORESEEN, *more) as error:
            errors[step] = with_notes(error)
            raise dg.Failure(description=errors[step], allow_retries=False) from error
        except dg.Failure as failure:
            errors[step] = failure.description or str(failure)
            raise
        except OSError as error:
            errors[step] = system_trouble(error)
            raise
        errors.pop(step, None)


def _leaves_out_landing(run: dg.DagsterRun | None) -> bool:
    steps = run.step_keys_to_execute if run else None
    return steps is not None and LANDING.to_python_identifier() not in steps


def with_notes(error: BaseException) -> str:
    """The error's message and what was noted about it on its way."""
    notes: Sequence[Any] = getattr(error, "__notes__", ())
    return "\n".join([str(error), *map(str, notes)])
