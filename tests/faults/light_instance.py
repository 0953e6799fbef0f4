"""Dagster storages that keep nothing, named in a home's dagster.yaml: a run then takes a third of its time.

Belongs here: what hundreds of killed runs need to be affordable. Dagster's own SQLite event log takes two thirds of a
run over few records (measured 2026-11-21); a part of the campaign keeps it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from dagster._core.storage.event_log.in_memory import InMemoryEventLogStorage
from dagster._core.storage.runs.in_memory import InMemoryRunStorage
from dagster._serdes import ConfigurableClass, ConfigurableClassData

YAML = """
run_storage: {module: tests.faults.light_instance, class: Runs}
event_log_storage: {module: tests.faults.light_instance, class: Events}
compute_logs: {module: dagster._core.storage.noop_compute_log_manager, class: NoOpComputeLogManager}
telemetry: {enabled: false}
"""


def make_light(home: Path) -> None:
    """Give a new home a Dagster instance of these storages; trialmart leaves a dagster.yaml as it finds it."""
    folder = home / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dagster.yaml").write_text(YAML)


class _Configured(ConfigurableClass):
    _inst_data: ConfigurableClassData | None = None

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        return self._inst_data

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        made = cls()
        made._inst_data = inst_data
        return made


class Runs(_Configured, InMemoryRunStorage):
    """Runs are forgotten with the process."""


class Events(_Configured, InMemoryEventLogStorage):
    """Events are not even written down."""

    def store_event(self, event: Any) -> None:
        """Nothing."""
