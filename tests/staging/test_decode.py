"""The fast decoder refuses whatever it would otherwise lose, change or die of."""

from __future__ import annotations

import orjson
import pytest

from pipelines.staging.decode import BatchRefused, arrow_schema, decode
from tests.staging.studies import study


def test_records_keep_their_order_and_their_types() -> None:
    table = decode([orjson.dumps(study("NCT01000002")), orjson.dumps(study("NCT01000001"))])
    modules = [row["identificationModule"]["nctId"] for row in table.column("protocolSection").to_pylist()]
    assert modules == ["NCT01000002", "NCT01000001"]
    assert table.schema == arrow_schema(frozenset())


def test_lists_of_registries_are_in_the_table_where_a_record_has_them() -> None:
    own = {"registry": "CTIS", "recordId": "2022-500001-10-00"}
    sections = [{**own, "ctis": [{}]}, own, {}]
    documents = [orjson.dumps(study() | {"registrySection": section}) for section in sections]
    assert decode(documents).schema == arrow_schema(frozenset({"ctis"}))
    assert decode(documents[1:]).schema == arrow_schema(frozenset())
    assert arrow_schema().field("registrySection").type.num_fields > 10


def test_a_registrys_list_that_hides_behind_an_escape_is_refused_not_lost() -> None:
    document = orjson.dumps({"registrySection": {"ctis": [{}]}}).replace(b"registryS", b"registry\\u0053")
    with pytest.raises(BatchRefused):
        decode([document])


def test_pretty_printed_records_are_one_row_each() -> None:
    pretty = orjson.dumps(study(), option=orjson.OPT_INDENT_2)
    assert decode([pretty, pretty]).num_rows == 2


def test_no_record_is_no_row() -> None:
    assert decode([]).num_rows == 0


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b'{"protocolSection": {"colourModule": {}}}', id="unknown field"),
        pytest.param(b'{"protocolSection": {"identificationModule": {"briefTitle": 5}}}', id="number for text"),
        pytest.param(b'{"hasResults": "true"}', id="text for boolean"),
        pytest.param(
            b'{"protocolSection": {"designModule": {"enrollmentInfo": {"count": "5"}}}}', id="text for number"
        ),
        pytest.param(b'{"protocolSection": {"designModule": {"enrollmentInfo": {"count": 5.5}}}}', id="fraction"),
        pytest.param(b'{"protocolSection": {"conditionsModule": {"conditions": ["Pain", 5]}}}', id="number in a list"),
        pytest.param(b'{"protocolSection": {"conditionsModule": {"conditions": "Pain"}}}', id="text for a list"),
        pytest.param(b'{"hasResults": true, "hasResults": false}', id="a name twice"),
        pytest.param(b'{"protocolSection": ' + b'{"protocolSection":' * 100_000, id="nested without end"),
        pytest.param(b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="lists nested 100,000 deep"),
        pytest.param(b'{"protocolSection": {"identificationModule": {"briefTitle": "\\ud800"}}}', id="lone surrogate"),
        pytest.param(b'{"hasResults": true} {"hasResults": true}', id="two records in one"),
        pytest.param(b'{"hasResults": true', id="cut"),
        pytest.param(b"[1]", id="no object"),
    ],
)
def test_a_batch_with_a_record_that_does_not_fit_is_refused(document: bytes) -> None:
    with pytest.raises(BatchRefused):
        decode([orjson.dumps(study()), document])
