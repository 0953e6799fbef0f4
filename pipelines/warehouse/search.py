"""Search in plain SQL: the table macros marts.search and marts.search_criteria of the published file.

Belongs here: making the macros. Does not: what they look in (marts.search_document, core.criterion).

    FROM marts.search('stem cells multiple sclerosis') LIMIT 10;
    FROM marts.search_criteria('pregnan* contraception') WHERE kind = 'exclusion';

No index and no extension: a query reads the words of all records, so that any DuckDB client can search the file
read-only. How words are compared and ranked is in docs/marts/search.md.
"""

from __future__ import annotations

import duckdb

from pipelines.tables import literal

# A word of the query, and the spellings that count as it: itself, its plural, its singular. `immun*` is any word that
# begins so. Words that are in every title are left out, unless the query has no others.
_TERMS = r"""
written AS (
    SELECT DISTINCT unnest(regexp_extract_all(lower(strip_accents(query)), '[\pL\pN]+\*?')) AS term
),
known AS (
    SELECT term FROM written
    WHERE term NOT IN (
        'a', 'an', 'and', 'as', 'at', 'by', 'for', 'from', 'in', 'is', 'of', 'on', 'or', 'the', 'to', 'with',
        'et', 'de', 'la', 'le', 'les', 'und', 'der', 'die', 'das'
    )
),
term AS (
    SELECT term FROM known
    UNION ALL
    SELECT term FROM written WHERE NOT EXISTS (SELECT 1 FROM known)
),
base AS (
    SELECT
        term,
        ends_with(term, '*') AS is_beginning,
        CASE
            WHEN ends_with(term, '*') THEN rtrim(term, '*')
            WHEN length(term) > 4 AND ends_with(term, 'ies') THEN left(term, length(term) - 3) || 'y'
            WHEN length(term) > 4 AND regexp_matches(term, '(s|x|z|ch|sh)es$') THEN left(term, length(term) - 2)
            WHEN length(term) > 3 AND ends_with(term, 's') AND NOT regexp_matches(term, '(ss|us|is)$')
                THEN left(term, length(term) - 1)
            ELSE term
        END AS word
    FROM term
),
spelling AS (
    SELECT term, ' ' || word AS spelling FROM base WHERE is_beginning
    UNION
    SELECT term, ' ' || unnest([
        term, word, word || 's', word || 'es',
        CASE WHEN ends_with(word, 'y') THEN left(word, length(word) - 1) || 'ies' ELSE word END
    ]) || ' ' AS spelling
    FROM base WHERE NOT is_beginning
)"""

# BM25 (k1 1.2, b 0.75) over weighted counts: a word in the title counts four times, in a condition three times.
_SEARCH = f"""
WITH {_TERMS},
found AS (
    SELECT
        document.record_key,
        document.trial_id,
        document.word_count,
        spelling.term,
        sum(
            4 * (length(title_words) - length(replace(title_words, spelling, ''))) / length(spelling)
            + 3 * (length(condition_words) - length(replace(condition_words, spelling, ''))) / length(spelling)
            + (length(other_words) - length(replace(other_words, spelling, ''))) / length(spelling)
        ) AS weight
    FROM marts.search_document AS document
    JOIN spelling
        ON contains(title_words, spelling) OR contains(condition_words, spelling) OR contains(other_words, spelling)
    GROUP BY document.record_key, document.trial_id, document.word_count, spelling.term
),
total AS (
    SELECT count(*) AS documents, avg(word_count) AS usual_count FROM marts.search_document
),
rarity AS (
    SELECT term, ln(1 + (any_value(documents) - count(*) + 0.5) / (count(*) + 0.5)) AS idf
    FROM found CROSS JOIN total
    GROUP BY term
),
ranked AS (
    SELECT
        record_key,
        trial_id,
        round(sum(idf * weight * 2.2 / (weight + 1.2 * (0.25 + 0.75 * word_count / usual_count))), 3) AS score,
        count(*) AS terms_found,
        string_agg(term, ' ' ORDER BY term) AS found_terms
    FROM found JOIN rarity USING (term) CROSS JOIN total
    GROUP BY record_key, trial_id
)
SELECT
    ranked.record_key,
    ranked.trial_id,
    ranked.score,
    ranked.terms_found,
    (SELECT count(*) FROM term) AS terms_asked,
    ranked.found_terms,
    coalesce(record.brief_title, record.official_title, record.acronym) AS title
FROM ranked JOIN core.record AS record USING (record_key)
ORDER BY ranked.terms_found DESC, ranked.score DESC, ranked.record_key
"""

# All words of the query in one criterion: each begins a word of it. Punctuation is only looked at where the longest
# word stands somewhere in the text, which is rare and quickly told.
_SEARCH_CRITERIA = f"""
WITH {_TERMS},
asked AS (SELECT list(' ' || word) AS words, arg_max(word, length(word)) AS longest FROM base),
folded AS (
    SELECT
        record_key, position, kind, numbering, has_children, text, words,
        ' ' || translate(lower(strip_accents(text)), '()[]{{}},.;:/-+"*<>=≥≤–', repeat(' ', 23)) AS words_of_text
    FROM core.criterion CROSS JOIN asked
    WHERE contains(lower(strip_accents(text)), longest)
)
SELECT folded.record_key, folded.position, folded.kind, folded.numbering, folded.has_children, folded.text
FROM folded
WHERE len(list_filter(words, lambda word: NOT contains(words_of_text, word))) = 0
ORDER BY folded.record_key, folded.position
"""

_MACROS = {
    "search": (
        _SEARCH,
        "Records ranked by the words of a query in ids, titles, conditions, interventions, keywords; all words first.",
    ),
    "search_criteria": (_SEARCH_CRITERIA, "Eligibility criteria that hold all the words of a query."),
}


_READ = ("marts.search_document", "core.record", "core.criterion")


def create_search_macros(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Make both macros anew, in schema marts; none where what they read has not been built. Gives their names."""
    found = connection.execute(
        "SELECT count(*) FROM information_schema.tables "
        "WHERE table_catalog = current_database() AND list_contains(?, table_schema || '.' || table_name)",
        [list(_READ)],
    ).fetchall()
    if found[0][0] < len(_READ):
        return []
    for name, (sql, comment) in _MACROS.items():
        connection.execute(f"CREATE OR REPLACE MACRO marts.{name}(query) AS TABLE {sql}")
        connection.execute(f"COMMENT ON MACRO TABLE marts.{name} IS {literal(comment)}")
    return [f"marts.{name}" for name in _MACROS]
