"""Cases of the gates: keys, parents, versions, conservation."""

from __future__ import annotations

from tests.expectations.cases import Cases, failed, passed
from tests.quality.warehouse import child, landing_file, record, version

OTHER = "CTGOV:NCT00000002"


def study(version_id: int = 1) -> tuple:
    return "staging.study", {"version_id": version_id}


CASES: Cases = {
    "record_key_unique": [
        passed(record(), record(OTHER, version_id=2)),
        failed(record(), record(version_id=2)),
        failed(record(record_key=None)),
    ],
    "version_key_unique": [passed(version(1), version(2)), failed(version(1), version(1, OTHER))],
    "version_no_unique": [
        passed(version(1), version(2, version_no=2), version(3, OTHER)),
        failed(version(1), version(2)),
    ],
    "one_current_version": [
        passed(version(1), version(2, version_no=2, is_current=False)),
        failed(version(1), version(2, version_no=2)),
        failed(version(1, is_current=False)),
    ],
    "core_complete": [
        passed(version(1), version(2, version_no=2, is_current=False), record()),
        failed(version(1), version(2, OTHER), record()),
        failed(version(1), record(), record(OTHER, version_id=2)),
        failed(version(1, is_current=False), version(2, version_no=2), record()),
    ],
    "one_row_tables": [
        passed(version(1), study(1)),
        failed(version(1)),
        failed(version(1), study(1), study(1)),
    ],
    "staged_keys_unique": [
        passed(study(1), study(2), child("staging.condition"), child("staging.condition", position=2)),
        failed(study(1), study(1)),
        failed(child("staging.condition"), child("staging.condition")),
        failed(child("staging.identifier"), child("staging.identifier")),
    ],
    "staged_orphans": [
        passed(
            version(1),
            study(1),
            child("staging.arm_group"),
            child("staging.arm_group_intervention_name", arm_group_position=1),
        ),
        failed(study(1)),
        failed(version(1), child("staging.condition")),
        failed(version(1), study(1), child("staging.arm_group_intervention_name", arm_group_position=1)),
        failed(
            version(1),
            study(1),
            child("staging.arm_group"),
            child("staging.arm_group_intervention_name", arm_group_position=2),
        ),
        failed(
            version(1),
            study(1),
            child("staging.outcome_measure_denom_count", outcome_measure_position=1, denom_position=1),
        ),
    ],
    "orphans": [
        passed(record(), child("core.condition", condition="Asthma")),
        failed(child("core.condition", condition="Asthma")),
        failed(record(OTHER), child("core.identifier")),
    ],
    "records_conserved": [
        passed(landing_file(records_seen=6, records_accepted=1, records_unchanged=2, records_quarantined=3)),
        failed(landing_file(records_seen=7, records_accepted=1, records_unchanged=2, records_quarantined=3)),
    ],
    "accepted_conserved": [
        passed(landing_file(), version(1)),
        passed(landing_file(records_accepted=0)),
        failed(landing_file(records_accepted=2), version(1)),
        failed(landing_file(records_accepted=0), version(1)),
    ],
}
