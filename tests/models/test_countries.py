"""core.country_spelling: the names that the rule country_valid accepts are all there, and mean one country each.

"china" of one record was a country of its own in every count, beside China: only other names were in the table.
"""

from __future__ import annotations

import duckdb

from expectations.countries import COUNTRY_NAMES
from tests.identity.world import models


def _meant(connection: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """The country that a name means, found as the marts do."""
    found = connection.execute(
        "SELECT country FROM spelling WHERE spelling_key = lower(strip_accents(trim(?)))", [name]
    ).fetchone()
    return found[0] if found else None


def test_every_valid_name_means_one_country_in_any_case() -> None:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE spelling AS {models()['core.country_spelling'].sql}")
        meant = {name: _meant(connection, name) for name in COUNTRY_NAMES}
        assert [name for name, country in meant.items() if country is None] == []
        assert {name: _meant(connection, name.upper()) for name in COUNTRY_NAMES} == meant
        assert {country: _meant(connection, country) for country in set(meant.values()) if country} == {
            country: country for country in set(meant.values())
        }
        assert meant["St. Lucia"] == "Saint Lucia"
        assert _meant(connection, " china ") == "China"
        assert _meant(connection, "Wuhan") is None
