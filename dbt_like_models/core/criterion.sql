/* ---
description: >-
  Eligibility criteria as rows, and as a tree where the text is one: a criterion that is part of another has its
  parent, depth and path. Each item or paragraph is a row; its kind is that of the last heading above it, and text before
  any heading is of kind unknown. Headings are no rows; column heading shows the one that a row stands under. How
  texts are cut and what parent and damage rest on: docs/marts/eligibility.md.
grain: one row per criterion of a record
owner: team:warehouse
tags: [core]
materialised: view
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  position: {type: INTEGER, description: "1-based place among the criteria of the record, in the order of the text.", tests: [not_null]}
  parent_position: {type: INTEGER, description: "Position of the criterion it is part of; NULL at the top."}
  depth: {type: INTEGER, description: "Levels above it: 0 at the top.", tests: [not_null]}
  path: {type: VARCHAR, description: "1-based places among siblings from the top down: 3.1 is the first part of the third.", tests: [not_null]}
  kind:
    type: VARCHAR
    description: >-
      inclusion, exclusion or unknown (no heading says).
    tests: [not_null, {accepted_values: [inclusion, exclusion, unknown]}]
  number:
    type: INTEGER
    description: >-
      Number of the item as the text has it (3 for "3." or "3)"); NULL for bullets, letters, numbers of several
      levels and paragraphs.
  label:
    type: VARCHAR
    description: >-
      Bullet, number or letter before the item, as written; NULL for paragraphs and where the reader cut the
      text.
  numbering:
    type: VARCHAR
    description: >-
      The text's own numbers and letters from the top down (2.a.ii); NULL where one of them has none.
  nesting:
    type: VARCHAR
    description: >-
      How its parent is known: indent (it stands further in), announced (the parent ends in a colon), style (its list
      of another form interrupts a numbered one), number (2.1 under 2), reader (cut as one); NULL at the top.
    tests: [{accepted_values: [indent, announced, style, number, reader]}]
  indent: {type: INTEGER, description: "Blanks before the item. NULL where the reader cut the text."}
  heading: {type: VARCHAR, description: "The heading the row stands under, as written; NULL before any, and where the reader cut the text."}
  text:
    type: VARCHAR
    description: >-
      The criterion without its bullet or number and without CommonMark escapes; NULL where it is lost. Lines that
      were wrapped are one.
  has_children: {type: BOOLEAN, description: "Whether other criteria are part of it: its text alone is no whole criterion.", tests: [not_null]}
  damage:
    type: VARCHAR
    description: >-
      number_missing (numbering starts late or jumps), number_restarts (it starts over with no heading or paragraph
      between), line_breaks_lost (the row began within a line), text_lost (the item is there or was, its text is not);
      NULL where nothing seems lost.
    tests: [{accepted_values: [number_missing, number_restarts, line_breaks_lost, text_lost]}]
  is_damaged: {type: BOOLEAN, description: "Whether the layout lost something here: damage says what.", tests: [not_null]}
  line_no: {type: INTEGER, description: "1-based line of core.record.eligibility_criteria where it begins. NULL where the reader cut the text."}
  ground:
    type: VARCHAR
    description: >-
      reader (cut by the reader) or split (cut from the text).
    tests: [not_null, {accepted_values: [reader, split]}]
tests:
  - unique: [record_key, position]
--- */
SELECT
    version.record_key,
    criterion.position,
    criterion.parent_position,
    criterion.depth,
    criterion.path,
    criterion.kind,
    criterion.number,
    criterion.label,
    criterion.numbering,
    criterion.nesting,
    criterion.indent,
    criterion.heading,
    criterion.text,
    criterion.has_children,
    criterion.damage,
    criterion.damage IS NOT NULL AS is_damaged,
    criterion.line_no,
    criterion.ground
FROM staging.criterion AS criterion
JOIN raw.record_version AS version USING (version_id)
WHERE version.is_current
