/* ---
title: The WHO's 24 items
says: How often each item of the trial registration data set is registered, of the records where it can be told.
columns:
  item: {label: Item, kind: term}
  registry: {label: Registry, kind: registry}
  share_present: {label: Registered, kind: share}
  records_present: {label: Records with it, kind: number}
  records_absent: {label: Without, kind: number}
  records_not_evaluable: {label: Cannot be told, kind: number}
metrics: [marts.who_dataset_completeness_by_registry.share_present]
limit: 600
--- */
SELECT item, registry, share_present, records_present, records_absent, records_not_evaluable
FROM marts.who_dataset_completeness_by_registry
ORDER BY item_no, registry
