"""Passwords and keys go where they are needed, and into nothing that is written, shown or kept in the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from pipelines.sources.client import split_credentials
from pipelines.sources.errors import FetchError
from pipelines.warehouse.connect import connect_read_only
from tests.conftest import REPO_ROOT
from tests.pipeline_run import trialmart
from tests.security.conftest import FETCH_PASSWORD, SECRETS, Attacked

WORDS = (*SECRETS.values(), FETCH_PASSWORD, FETCH_PASSWORD.replace("@", "%40"))


@pytest.mark.slow
def test_no_secret_in_anything_written_or_said(attacked: Attacked) -> None:
    """The address to fetch from, name and password in it, stood in the note of origin and so in the warehouse, in the
    cursor, and in the words of a failed fetch."""
    for name, said in attacked.said.items():
        assert not [word for word in WORDS if word in said], name
    files = [path for path in attacked.home.rglob("*") if path.is_file() and not path.is_symlink()]
    assert any(path.suffix == ".db" for path in files), "Dagster's event log is among them"
    for path in files:
        content = path.read_bytes()
        assert not [word for word in WORDS if word.encode() in content], path
    with connect_read_only(attacked.home / "warehouse.duckdb") as connection:
        tables = "SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_schema IN "
        for (table,) in connection.execute(tables + "('raw', 'meta', 'quality')").fetchall():
            rows = str(connection.execute(f"FROM {table}").fetchall())
            assert not [word for word in WORDS if word in rows], table
        origin = str(connection.execute("SELECT origin FROM raw.file WHERE origin IS NOT NULL").fetchall())
        assert re.search(r"http://127\.0\.0\.1:\d+/api/v2/studies", origin), "where it came from is told"


@pytest.mark.slow
def test_a_lake_that_cannot_be_reached_is_told_without_its_password(tmp_path: Path) -> None:
    pytest.importorskip("duckdb_extension_ducklake", reason="the extra `scale` is not installed")
    (tmp_path / "home" / "landing").mkdir(parents=True)
    (tmp_path / "home" / "landing" / "a.txt").write_text("x")
    for address, arguments in (
        ("host=127.0.0.1 port=9 user=u password=catalogwordP5NotToBeSeen dbname=x", ("run",)),
        ("postgresql://u:catalogwordP5NotToBeSeen@127.0.0.1:9/x", ("sql", "SELECT 1")),
    ):
        storage = {"TRIALMART_STORAGE": f"ducklake:postgres:{address}", "TRIALMART_STORAGE_DATA": "s3://bucket/x"}
        done = trialmart(*arguments, home=tmp_path / "home", **SECRETS, **storage)
        assert done.returncode == 1
        assert "cannot be reached" in done.stdout + done.stderr, done.stdout + done.stderr
        assert not [word for word in WORDS if word in done.stdout + done.stderr]
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert not [word for word in WORDS if word.encode() in path.read_bytes()], path


def test_a_setting_that_is_refused_is_not_repeated_where_it_may_hold_a_password(tmp_path: Path) -> None:
    """`TRIALMART_STORAGE=postgresql://…` was answered with the whole of it."""
    done = trialmart("sql", "SELECT 1", home=tmp_path, TRIALMART_STORAGE="postgresql://u:NotToBeSeen@host/db")
    assert done.returncode == 2
    assert "TRIALMART_STORAGE" in done.stderr
    assert "NotToBeSeen" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("address", "bare", "credentials"),
    [
        ("https://u:p%40q@example.org/api/v2/", "https://example.org/api/v2", ("u", "p@q")),
        ("https://token@example.org", "https://example.org", ("token", "")),
        ("http://[::1]:8080/x?key=1#y", "http://[::1]:8080/x", None),
    ],
)
def test_address_and_credentials_are_parted(address: str, bare: str, credentials: tuple[str, str] | None) -> None:
    assert split_credentials(address) == (bare, credentials)


@pytest.mark.parametrize("address", ["", "example.org", "http://[::1", "u:NotToBeSeen@host"])
def test_what_is_no_address_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(FetchError) as caught:
        split_credentials(address)
    assert "NotToBeSeen" not in str(caught.value)


SECRET_LOOKING = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
    "an AWS key id": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{30,}\b",
    "a Slack token": r"\bxox[abpr]-[A-Za-z0-9-]{10,}\b",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.",
    "a password in an address": r"://[^\s/:@'\"{}$<>]+:[^\s/:@'\"{}$<>]{5,}@(?!example|\{?host\b|h:|127\.)",
    "a key written out": r"(?i)\b(?:api_?key|access_?key|client_?secret)\b\s*[:=]\s*['\"][A-Za-z0-9+/_-]{16,}['\"]",
}


def repository_files() -> list[Path]:
    """What is tracked by git, or all files where there is no git."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=REPO_ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("no git here: which files belong to the repository is not known")
    return [REPO_ROOT / name for name in done.stdout.decode().split("\0") if name]


def test_repository_holds_nothing_that_looks_like_a_secret() -> None:
    found = []
    for path in repository_files():
        if not path.is_file() or path.suffix in (".png", ".zip", ".gz") or path.parent == Path(__file__).parent:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [
            f"{path.relative_to(REPO_ROOT)}: {what}: {match[0][:60]}"
            for what, pattern in SECRET_LOOKING.items()
            for match in re.finditer(pattern, text)
        ]
    assert found == []
    assert not [path for path in repository_files() if path.name == ".env" or path.suffix in (".pem", ".key")]


@pytest.mark.parametrize("what", [*SECRET_LOOKING])
def test_the_search_finds_what_it_looks_for(what: str) -> None:
    example = {
        "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
        "an AWS key id": "AKIA" + "ABCDEFGHIJKLMNOP",
        "a GitHub token": "ghp_" + "a1" * 18,
        "a Slack token": "xoxb-" + "1234567890-abc",
        "a JSON web token": "eyJ" + "a" * 20 + ".eyJ" + "b" * 20 + ".c",
        "a password in an address": "postgresql://trialmart:" + "Tr0ub4dor@db.internal/x",
        "a key written out": "api_key = '" + "a1b2c3d4e5f6a7b8c9" + "'",
    }[what]
    assert re.search(SECRET_LOOKING[what], example)


def test_deployments_publish_ports_on_loopback_alone_and_hold_no_password() -> None:
    compose = yaml.safe_load((REPO_ROOT / "deploy" / "compose.yaml").read_text())
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports), ports
    for service in compose["services"].values():
        for name, value in (service.get("environment") or {}).items():
            if re.search("PASSWORD|SECRET", name):
                assert value.startswith("${"), name
    values = yaml.safe_load((REPO_ROOT / "deploy" / "kubernetes-values.yaml").read_text())
    assert values["generatePostgresqlPasswordSecret"] is False
    assert "service" not in values.get("dagsterWebserver", {}), "the chart's own is ClusterIP: no port to the outside"
