"""A build in DuckLake on a real PostgreSQL catalog: the same content, one snapshot for each build, and back."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Settings, Storage
from pipelines.warehouse.build import begin_build
from pipelines.warehouse.builds import build_id_of, current_build
from pipelines.warehouse.compare import content_of, differences
from pipelines.warehouse.connect import connect_read_only
from pipelines.warehouse.errors import NoWarehouseError, WarehouseError
from pipelines.warehouse.intake import is_due, lake_is_waiting
from pipelines.warehouse.publish import RunFigures, publish
from pipelines.warehouse.reading import NotReadingError, check_reads
from tests.pipeline_run import finished_run
from tests.scale import servers
from tests.scale.content import lake_differences, macros, plain

servers.needs("duckdb_extension_ducklake", "duckdb_extension_postgres_scanner", "duckdb_extension_httpfs")
from pipelines.warehouse.lake import LakeUnavailableError, attached_lake, lake_reader, split_password, with_patience  # noqa: E402
from pipelines.warehouse.lake_publish import lake_build, publish_to_lake, restore_from_lake  # noqa: E402


@pytest.fixture(scope="module")
def build() -> Path:
    """The published build of a run over the mixed sample, defects and quarantine included."""
    path = current_build(Settings(home=finished_run().home))
    assert path is not None
    return path


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def lake(postgres: servers.Postgres, tmp_path_factory: pytest.TempPathFactory) -> Storage:
    postgres.create("lake_in_a_folder")
    folder = tmp_path_factory.mktemp("lake data")
    return Storage(storage=postgres.lake("lake_in_a_folder"), storage_data=str(folder))


@pytest.fixture(scope="module")
def published(lake: Storage, settings: Settings, build: Path) -> Storage:
    done = publish_to_lake(lake, settings, build, _id(build), None)
    assert len(done.replaced) > 200
    return lake


def _id(build: Path) -> str:
    found = build_id_of(build)
    assert found is not None
    return found


def test_the_lake_holds_what_the_build_holds(published: Storage, build: Path) -> None:
    assert lake_differences(published, build) == []
    with lake_reader(published) as connection:
        at = "SELECT count(*), sum(hash(r)::HUGEINT) FROM core_at.record(DATE '2024-06-30') AS r"
        of_lake = connection.execute(at).fetchall()
    with connect_read_only(build) as connection:
        assert of_lake == connection.execute(at).fetchall()
    assert lake_build(published) == _id(build)


CALLS = (
    "FROM marts.search('heart failure')",
    "FROM marts.search_criteria('pregnan*')",
    "SELECT round(marts.distance_km(52.5, 13.4, 48.1, 11.6), 6)",
    "FROM aact.ids_for_term('%a%') ORDER BY nct_id",
    "FROM ctgov.ids_for_org('%university%') ORDER BY nct_id",
    "SELECT law, status, count(*) FROM marts_at.results_compliance(DATE '2024-06-30') GROUP BY ALL ORDER BY ALL",
)


def test_the_lake_has_every_macro_of_the_build(
    published: Storage, settings: Settings, build: Path, tmp_path: Path
) -> None:
    """It had those of core_at and marts_at alone: searching, distances and AACT's functions failed on a lake, and in a
    build that came back from it."""
    restored = tmp_path / "warehouse_back.duckdb"
    restore_from_lake(published, settings, restored)
    with connect_read_only(build) as connection:
        wanted, answers = macros(connection), [connection.execute(sql).fetchall() for sql in CALLS]
    assert {(schema, name) for schema, name, *_ in wanted} >= {("marts", "search"), ("marts", "distance_km")}
    assert all(answers)
    with lake_reader(published) as connection:
        assert macros(connection) == wanted
        for sql in CALLS:
            check_reads(connection, sql)
        assert [connection.execute(sql).fetchall() for sql in CALLS] == answers
    with connect_read_only(restored) as connection:
        assert macros(connection) == wanted
        assert [connection.execute(sql).fetchall() for sql in CALLS] == answers


def test_the_lake_comes_back_as_a_build(published: Storage, settings: Settings, build: Path, tmp_path: Path) -> None:
    target = tmp_path / "warehouse_back.duckdb"
    assert restore_from_lake(published, settings, target) == _id(build)
    assert (
        differences(plain(content_of(target, leave_out=()), build), plain(content_of(build, leave_out=()), build)) == []
    )
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_a_lake_that_nothing_was_published_into_says_so(postgres: servers.Postgres, tmp_path: Path) -> None:
    """Before and after the first run has made the catalog: DuckDB spoke of what is "explicitly disabled", later of a
    table that does not exist."""
    postgres.create("lake_of_nobody")
    nobodys = Storage(storage=postgres.lake("lake_of_nobody"), storage_data=str(tmp_path / "data"))
    with pytest.raises(NoWarehouseError, match="nothing has been published into the lake"), lake_reader(nobodys):
        pass
    assert lake_build(nobodys) is None
    with pytest.raises(NoWarehouseError, match="nothing has been published into the lake"), lake_reader(nobodys):
        pass


def test_a_run_with_nothing_new_fills_a_lake_that_was_set_later(
    postgres: servers.Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever set a lake in a home with a warehouse was told "nothing new", and the lake stayed empty."""
    settings = Settings(home=tmp_path / "home")
    build = begin_build(settings, "before the lake")
    build.connection.execute("INSERT INTO staging.keyword (version_id, position, keyword) VALUES (1, 1, 'kept')")
    publish(build, RunFigures(), ())
    settings.landing_dir.mkdir()
    assert not is_due(settings)
    postgres.create("lake_set_later")
    monkeypatch.setenv("TRIALMART_STORAGE", postgres.lake("lake_set_later"))
    monkeypatch.setenv("TRIALMART_STORAGE_DATA", str(tmp_path / "data"))
    assert is_due(settings)
    assert lake_is_waiting(settings)
    publish(begin_build(settings, "into the lake"), RunFigures(), ())
    assert not is_due(settings)
    with lake_reader(Storage()) as connection:
        assert connection.execute("SELECT keyword FROM staging.keyword").fetchall() == [("kept",)]


def test_a_home_without_a_build_has_nothing_for_an_empty_lake(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not even asked: a home is looked at where the lake's servers need not be reached yet."""
    monkeypatch.setenv("TRIALMART_STORAGE", "ducklake:postgres:host=127.0.0.1 port=9")
    monkeypatch.setenv("TRIALMART_STORAGE_DATA", "s3://nowhere/at-all")
    assert not lake_is_waiting(settings)


def test_a_reader_of_the_lake_reaches_nothing_else(published: Storage, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with lake_reader(published) as connection:
        for sql in (
            f"FROM read_csv('{secret}')",
            f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
            "SET enable_external_access = true",
            "CREATE TABLE core.mine (i INTEGER)",
            "DELETE FROM core.record",
            f"ATTACH '{published.storage.removeprefix('ducklake:postgres:')}' AS catalog (TYPE postgres)",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(sql)


CATALOG = "__ducklake_metadata_lake"
BEYOND = (
    "COPY (SELECT 1) TO '{data}/evil.csv'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{data}/evil.csv'",
    "EXPORT DATABASE '{data}/evil'",
    "ATTACH '{data}/evil.duckdb'",
    f"FROM postgres_query('{CATALOG}', 'SELECT pg_read_file(''/etc/hostname'')')",
    f"SELECT (SELECT count(*) FROM Postgres_Query('{CATALOG}', 'SELECT 1 AS a'))",
    f"CALL postgres_execute('{CATALOG}', 'CREATE TABLE evil (a INT)')",
    "FROM postgres_scan('{catalog}', 'public', 'ducklake_snapshot')",
    "FROM postgres_attach('{catalog}')",
    f"FROM {CATALOG}.public.ducklake_snapshot",
    f"FROM {CATALOG}.ducklake_snapshot",
    "FROM ducklake_cleanup_old_files('lake', cleanup_all => true)",
    "FROM query('FROM postgres_query(''x'', ''y'')')",
    "PIVOT postgres_scan('{catalog}', 'public', 'ducklake_snapshot') ON snapshot_id",
    "PRAGMA postgres_attach('{catalog}')",
    "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "DROP SECRET trialmart",
    "CREATE TABLE memory.main.mine AS SELECT 1",
    "COPY FROM DATABASE lake TO memory",
    "SET VARIABLE a = (SELECT count(*) FROM postgres_query('x', 'y'))",
    f"USE {CATALOG}; FROM ducklake_snapshot",
    f"USE {CATALOG}.public; FROM ducklake_snapshot",
    "USE memory",
    "USE lake.nowhere",
    "SET search_path = 'core'",
)


def test_sql_on_a_lake_reads_tables_and_calls_nothing(published: Storage) -> None:
    """DuckDB's locks leave a lake's reader its data folder to write and its extensions' functions to call: a query
    could read files of the PostgreSQL server, send a query to any host, overwrite the lake's Parquet."""
    words = {"data": published.storage_data, "catalog": published.storage.removeprefix("ducklake:postgres:")}
    folder = Path(str(published.storage_data))
    before = sorted(folder.rglob("*"))
    with lake_reader(published) as connection:
        for sql in BEYOND:
            with pytest.raises((NotReadingError, duckdb.Error)):
                check_reads(connection, sql.format(**words))
        for sql in (
            "SELECT count(*) FROM core.record JOIN core.trial USING (trial_id)",
            "FROM core_at.record(DATE '2024-06-30')",
            "FROM lake.core.record AS r, unnest([1, 2]) AS u(n)",
            "EXPLAIN SELECT 1",
            "DESCRIBE core.record",
            "USE aact; SELECT phase, count(*) FROM studies GROUP BY phase",
            '-- as AACT has it\nUSE lake."ctgov";',
            "USE core; FROM record",
            "FROM (PIVOT core.record ON registry IN ('CTGOV', 'EUCTR') USING count(*) GROUP BY overall_status)",
        ):
            check_reads(connection, sql)
            connection.execute(sql).fetchall()
        with pytest.raises(NotReadingError, match="name the values"):
            check_reads(connection, "PIVOT core.record ON registry USING count(*)")
    assert sorted(folder.rglob("*")) == before


def test_nobody_is_shown_the_catalogs_password(published: Storage) -> None:
    """duckdb_databases() and the setting allowed_paths quoted the connection string, password and all."""
    with_password = Storage(storage=f"{published.storage} password=hunter2", storage_data=published.storage_data)
    with lake_reader(with_password) as connection:
        for sql in (
            "FROM duckdb_databases()",
            "FROM duckdb_settings()",
            "FROM duckdb_secrets()",
            "PRAGMA database_list",
        ):
            assert "hunter2" not in str(connection.execute(sql).fetchall()), sql
    nowhere = Storage(storage="ducklake:postgres:host=127.0.0.1 port=9 password=hunter2", storage_data="s3://b/c")
    with pytest.raises(LakeUnavailableError) as caught, lake_reader(nowhere):
        pass
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "shown", "password"),
    [
        ("ducklake:postgres:dbname=a password=b c=d", "ducklake:postgres:dbname=a  c=d", "b"),
        (r"ducklake:postgres:dbname=a password='b \'c'", "ducklake:postgres:dbname=a", "b 'c"),
        ("ducklake:postgres:postgresql://u:p%40q@h:1/a", "ducklake:postgres:postgresql://u@h:1/a", "p@q"),
        ("ducklake:postgres:dbname=a", "ducklake:postgres:dbname=a", None),
    ],
)
def test_address_and_password_are_parted(address: str, shown: str, password: str | None) -> None:
    assert split_password(address) == (shown, password)


def test_address_says_how_long_to_wait_and_keeps_what_it_said_itself() -> None:
    """libpq waits two hours for a peer that went away without a word; the lake's words are the user's first."""
    words = with_patience("ducklake:postgres:dbname=lake host=db tcp_user_timeout=5000 connect_timeout = 5")
    assert words.startswith(
        "ducklake:postgres:dbname=lake host=db tcp_user_timeout=5000 connect_timeout = 5 keepalives_idle="
    )
    assert words.count("tcp_user_timeout") == words.count("connect_timeout") == 1
    url = with_patience("ducklake:postgres:postgresql://me@db/lake?connect_timeout=5")
    assert "?connect_timeout=5&keepalives_idle=" in url
    assert "/lake?connect_timeout=30&" in with_patience("ducklake:postgres:postgresql://me@db/lake")


def test_only_what_changed_is_written_and_readers_keep_their_snapshot(
    published: Storage, settings: Settings, build: Path, tmp_path: Path
) -> None:
    newer = tmp_path / "warehouse_20991231T000000_newer.duckdb"
    shutil.copyfile(build, newer)
    with duckdb.connect(str(newer)) as connection:
        connection.execute(
            "INSERT INTO staging.keyword (version_id, position, keyword) VALUES (-5, 1, 'a'), (-5, 2, 'b')"
        )
        connection.execute("UPDATE core.record SET acronym = 'X' WHERE brief_title IS NOT NULL")
        connection.execute("UPDATE meta.build SET build_id = 'newer', published_at = TIMESTAMP '2099-12-31'")
        connection.execute("DROP TABLE marts.enrollment_change; DROP MACRO TABLE marts.search_criteria")
        connection.execute("CREATE OR REPLACE MACRO marts.distance_km(lat1, lon1, lat2, lon2) AS 0.0")
        connection.execute("CREATE MACRO marts.twice(n) AS 2 * n")
    with attached_lake(published, read_only=True) as reader:
        reader.begin()
        before = reader.execute("SELECT count(*) FROM staging.keyword").fetchall()
        done = publish_to_lake(published, settings, newer, "newer", _id(build))
        assert reader.execute("SELECT count(*) FROM staging.keyword").fetchall() == before
        assert reader.execute("SELECT count(*) FROM marts.enrollment_change").fetchall()
        reader.commit()
        assert reader.execute("SELECT count(*) FROM staging.keyword").fetchall() == [(before[0][0] + 2,)]
    assert done.grown == ("staging.keyword",)
    assert set(done.replaced) == {"core.record", "meta.build"}
    assert done.dropped == ("marts.enrollment_change",)
    with lake_reader(published) as connection:
        assert connection.execute("SELECT marts.distance_km(1, 2, 3, 4), marts.twice(4)").fetchall() == [(0.0, 8)]
        with pytest.raises(duckdb.Error, match=r"search_criteria does not exist"):
            connection.execute("FROM marts.search_criteria('a')")
    with pytest.raises(WarehouseError, match="serves build newer"):
        publish_to_lake(published, settings, build, _id(build), "some-other-base")
    publish_to_lake(published, settings, build, _id(build), "newer")
    assert lake_differences(published, build) == []
