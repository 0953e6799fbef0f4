/* ---
title: Fields outside the study shape
says: Fields that a source holds and the shape has no place for. They are kept in staging.unknown_value.
columns:
  path: {label: Path, kind: code, wide: true}
  registry: {label: Registry, kind: registry}
  records: {label: Records, kind: number}
  first_seen_at: {label: First seen, kind: moment}
limit: 60
--- */
SELECT path, registry, records, first_seen_at
FROM quality.unknown_field
ORDER BY records DESC, path
