"""HTML of the Data Docs site: Great Expectations' pages made still and self-contained, and the index.

Belongs here: text in, text out. Does not: Great Expectations, files.

Its pages load styles, scripts, icons and a logo from seven hosts, and its index is a table that a script draws (1.24.1,
2026-11). Here the head is replaced by one with its own style and a policy that lets a browser load and run nothing,
scripts and pictures go, and the index is a plain table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

_STYLE = """
body{font:16px/1.45 system-ui,sans-serif;color:#1d2433;background:#fff;max-width:75rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.6rem} h4{font-size:1.2rem;margin:.5rem 0} h5{font-size:1.05rem;margin:0} h6{font-size:1rem;margin:0}
a{color:#0b5cad} code{white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem} th,td{text-align:left;vertical-align:top;
padding:.35rem .6rem;border-bottom:1px solid #d5dae3} td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.alert{background:#eef1f6;padding:.5rem .75rem;margin-top:1.25rem} ol,nav ul{list-style:none;padding:0}
ol li{display:inline} ol li+li::before{content:" / "} nav ul li{display:inline-block;margin-right:1rem}
.card.mb-3{display:none} .text-danger,.failed{color:#a3131d} .text-success,.passed{color:#17663a}
.text-warning,.error{color:#8a5300} .failed,.error{font-weight:600}
i.fa-times::before{content:"\\2715  failed"} i.fa-check-circle::before{content:"\\2713  passed"}
i.fa-exclamation-triangle::before{content:"\\26A0  could not run"} th[hidden]{display:none}
@media (prefers-color-scheme:dark){body{background:#14181f;color:#e3e7ee} a{color:#7db8ff} .alert{background:#232a36}
th,td{border-color:#394353} .text-danger,.failed{color:#ff8f8f} .text-success,.passed{color:#7fd6a2}
.text-warning,.error{color:#ffc66b}}
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

_LOADING_TAG = re.compile(r"<(?:link|img|iframe|object|embed)\b[^>]{0,2000}>", re.IGNORECASE)
_HANDLER = re.compile(r"""\son[a-z]{3,20}="[^"]{0,200}"(?=[^<>]{0,2000}>)""", re.IGNORECASE)
"""What would call a script; browsers complain of each since Chromium 156 (2026-11)."""
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script\s{0,10}>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SuiteLine:
    """A row of the index: a table, its rules by outcome, and its two pages relative to the index."""

    table: str
    passed: int
    failed: int
    not_run: int
    results_page: str
    suite_page: str


def _head(title: str) -> str:
    return (
        f'<head><meta charset="UTF-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
    )


def still_page(page: str, title: str) -> str:
    """A page as Great Expectations renders it, without anything that loads or runs. ValueError where it has no body."""
    _, found, body = page.partition("<body>")
    if not found:
        raise ValueError(f"the page of {title} has no <body>; Great Expectations' template is not the one known")
    kept, *scripts = _SCRIPT.split(body.partition("<footer>")[0])
    for script in scripts:
        end = _SCRIPT_END.search(script)
        kept += script[end.end() :] if end else ""
    body = _HANDLER.sub("", _LOADING_TAG.sub("", kept.replace("</body>", "").replace("</html>", "")))
    return f'<!DOCTYPE html>\n<html lang="en">{_head(title)}\n<body>{body}</body></html>\n'


def index_page(lines: Iterable[SuiteLine], run_id: str, judged_at: str) -> str:
    """The entry: one row for each suite, those with failures first."""
    rows = "\n".join(
        _row(line) for line in sorted(lines, key=lambda line: (not (line.failed or line.not_run), line.table))
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en">{_head("Data Docs of trialmart")}\n<body><h1>Data Docs</h1>\n'
        f"<p>What the rules found in run <code>{escape(run_id)}</code>, begun {escape(judged_at)}, whether or not it "
        "was published. Counts only: the rows themselves are in <code>quality.violation</code>, the reason why a rule "
        "could not run in <code>quality.expectation_result</code>.</p>\n"
        '<table><thead><tr><th>Suite</th><th>Result</th><th class="n">Rules</th><th class="n">Passed</th>'
        '<th class="n">Failed</th><th class="n">Could not run</th><th>Pages</th></tr></thead>\n'
        f"<tbody>{rows}</tbody></table>\n<p>Rendered by Great Expectations.</p></body></html>\n"
    )


def _row(line: SuiteLine) -> str:
    word = "failed" if line.failed else "error" if line.not_run else "passed"
    said = {"failed": "failed", "error": "could not run", "passed": "passed"}[word]
    counts = (line.passed + line.failed + line.not_run, line.passed, line.failed, line.not_run)
    return (
        f'<tr><td>{escape(line.table)}</td><td class="{word}">{said}</td>'
        + "".join(f'<td class="n">{count}</td>' for count in counts)
        + f'<td><a href="{escape(line.results_page)}">results</a> · '
        + f'<a href="{escape(line.suite_page)}">expectations</a></td></tr>'
    )
