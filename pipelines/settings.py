"""Where trialmart keeps things and how far it goes: every setting, its default, its environment variable.

Belongs here: values that a user may want to change, and the places derived from them. Does not: reading or writing
those places. Options of the command line win over the environment (`TRIALMART_…`), the environment over these defaults.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MIB = 1024 * 1024

_MISREAD = re.compile(r"[?*\[]|%[0-9A-Fa-f]{2}")
"""What a pattern or an address means otherwise than a path."""


class Limits(BaseSettings):
    """Bounds on what one file may ask of the machine; a breach is quarantined under its own reason code."""

    model_config = SettingsConfigDict(env_prefix="TRIALMART_LIMIT_", env_ignore_empty=True, frozen=True)

    record_bytes: int = Field(
        32 * MIB, gt=0, description="Largest raw record. The largest real one seen is 3.6 MB (2026)."
    )
    member_bytes: int = Field(
        16 * 1024 * MIB,
        gt=0,
        description="Largest decompressed file or archive member; whole registry: 10.3 GB (2026).",
    )
    file_bytes: int = Field(
        64 * 1024 * MIB,
        gt=0,
        description="All that one landing file decompresses to, with archives in it; whole registry: 10.3 GB (2026).",
    )
    text_member_bytes: int = Field(64 * MIB, gt=0, description="Largest member read as one text (registry pages).")
    compression_ratio: int = Field(
        200,
        gt=0,
        description="Decompressed bytes per compressed byte, of a member or a whole file, above which it is taken for "
        "a bomb. Exports have 4 to 30, deflate can have 1,032, archives in archives its square (2026).",
    )
    archive_members: int = Field(5_000_000, gt=0, description="Members of one archive; whole registry: 600,000 (2026).")
    json_depth: int = Field(
        100,
        gt=0,
        le=250,
        description="Nesting of a JSON record; the study shape needs 12, what writes JSON goes 254 deep.",
    )


class Storage(BaseSettings):
    """Where the published warehouse is served from; apart from Settings, since these words may hold passwords.

    `storage` is "duckdb" (a file in the home) or "ducklake:postgres:<libpq connection string>". Credentials of the
    object storage come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, the catalog's best from
    PGPASSFILE or PGPASSWORD.
    """

    model_config = SettingsConfigDict(
        env_prefix="TRIALMART_", env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    storage: str = Field(
        "duckdb",
        repr=False,
        pattern=r"^(duckdb|ducklake:postgres:.*)$",
        description="duckdb, or ducklake:postgres:dbname=…",
    )
    storage_data: str | None = Field(None, description="Where DuckLake keeps Parquet: s3://bucket/path or a folder.")
    s3_endpoint: str | None = Field(None, description="host[:port] of an S3-compatible server; default: AWS.")
    s3_region: str = "us-east-1"
    s3_url_style: Literal["path", "vhost"] = "path"
    s3_use_ssl: bool = True
    s3_timeout_seconds: int = Field(30, ge=1, description="How long one request to the object storage may take.")
    s3_ca_file: Path | None = Field(
        None, description="Certificates (PEM) to trust instead of the system's, where an own authority signs."
    )

    @property
    def is_lake(self) -> bool:
        """Whether the warehouse is served from DuckLake."""
        return self.storage != "duckdb"


class Settings(BaseSettings):
    """The folders of one trialmart installation. `home` and `landing` are made absolute."""

    model_config = SettingsConfigDict(env_prefix="TRIALMART_", env_ignore_empty=True, frozen=True)

    home: Path = Path("trialmart-home")
    landing: Path | None = None
    keep_builds: int = Field(5, ge=2, description="Published warehouses kept for rollback, the current one included.")
    threads: int = Field(2, ge=1, description="Threads that decode records; DuckDB uses as many.")
    memory_limit_mb: int = Field(4096, ge=256, description="DuckDB's memory limit while it builds, in MiB.")
    links: Path | None = Field(
        None, description="A file of your own with links to pin or forbid, beside dbt_like_models/links.yaml."
    )
    shard_mib: int = Field(
        512, ge=1, description="Raw MiB that one worker stages at a time where many machines share the work."
    )
    quiet_seconds: float = Field(
        5.0, ge=0, description="A file younger than this may still be written; the sensor waits."
    )

    ctgov_base_url: str = Field(
        "https://clinicaltrials.gov/api/v2", description="Where `trialmart fetch ctgov` asks: the registry's API v2."
    )
    fetch_interval_seconds: float = Field(
        1.0, ge=0, description="Least time between two requests to a registry: its robots.txt asks for 1 s (2026)."
    )
    fetch_attempts: int = Field(6, ge=1, description="How often a request is tried before a fetch gives up.")

    @field_validator("home")
    @classmethod
    def _dagster_reads_the_path_as_it_is(cls, home: Path) -> Path:
        """Dagster looks for dagster.yaml by a pattern, and without it tells its makers of runs; it names its SQLite
        files by address, unescaped, and would write beside the home (1.13, 2026-11).
        """
        path = str(home.expanduser().absolute())
        if path != path.encode(errors="replace").decode():
            raise ValueError("Dagster cannot keep its history below a path that is not UTF-8; choose another folder")
        if _MISREAD.search(path):
            raise ValueError(
                f"Dagster cannot keep its history below {path}: none of ? * [ may stand in the path, and no % "
                "before two digits or letters a to f; choose another folder"
            )
        return home

    @cached_property
    def home_dir(self) -> Path:
        """The absolute home folder."""
        return self.home.expanduser().absolute()

    @cached_property
    def landing_dir(self) -> Path:
        """Where people and fetchers drop files."""
        return (self.landing.expanduser().absolute()) if self.landing else self.home_dir / "landing"

    @property
    def warehouse_path(self) -> Path:
        """The published warehouse: a symbolic link to the current build."""
        return self.home_dir / "warehouse.duckdb"

    @property
    def builds_dir(self) -> Path:
        """Published builds and, while a run is going on, the one being made."""
        return self.home_dir / "builds"

    @property
    def archive_dir(self) -> Path:
        """Exact copies of every landing file that was read, by content hash."""
        return self.home_dir / "archive"

    @property
    def work_dir(self) -> Path:
        """Scratch of running builds; whatever is left here after a crash is thrown away by the next run."""
        return self.home_dir / "work"

    @property
    def shards_dir(self) -> Path:
        """What workers on many machines have staged and no published build has taken up yet."""
        return self.home_dir / "shards"

    @property
    def report_dir(self) -> Path:
        """The report pages that Dagster makes of each published build; index.html is their entry."""
        return self.home_dir / "report"

    @property
    def data_docs_dir(self) -> Path:
        """The Great Expectations site of the last run that judged; index.html is its entry."""
        return self.home_dir / "data_docs"

    @property
    def dagster_home(self) -> Path:
        """The Dagster instance: run history, schedules, sensors."""
        return self.home_dir / "dagster"
