/* ---
title: What the warehouse holds
says: A trial is a real-world study; its records in several registries count once.
columns:
  trials: {label: Trials, kind: number}
  records: {label: Registry records, kind: number}
  registries: {label: Registries, kind: number}
  versions: {label: Versions of records, kind: number}
  trials_in_several: {label: Trials in several registries, kind: number}
  changes: {label: Changes between versions, kind: number}
--- */
SELECT
    (SELECT count(*) FROM core.trial) AS trials,
    (SELECT count(*) FROM core.record) AS records,
    (SELECT count(DISTINCT registry) FROM core.record) AS registries,
    (SELECT count(*) FROM history.version) AS versions,
    (SELECT count(*) FROM core.trial WHERE registry_count > 1) AS trials_in_several,
    (SELECT count(*) FROM history.change) AS changes
