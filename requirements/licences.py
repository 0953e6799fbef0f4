"""docs/licences.md: every locked package with its licence, from the installed packages' own words.

`python requirements/licences.py` writes the page, `--check` says whether it is up to date (exit code 1). Belongs here:
that table. Does not: judging whether a licence suits you.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from locked import everything

PAGE = Path(__file__).parents[1] / "docs" / "licences.md"

ELSEWHERE = {
    "async-timeout": "Apache-2.0",
    "colorama": "BSD-3-Clause",
    "psutil": "BSD-3-Clause",
    "pyreadline3": "BSD-3-Clause",
    "pywin32": "PSF-2.0",
}
"""Packages for other systems and older Pythons, not installed where the page is written (looked up 2026-11)."""

_COPYLEFT = re.compile(
    r"\b(?:A?GPL|LGPL|MPL|EPL|CDDL|EUPL|CECILL)\b|General Public|Mozilla Public|Eclipse", re.IGNORECASE
)
_USE = {"run.lock": "always", "scale.lock": "scale", "dev.lock": "development", "scale-test.lock": "tests of scale"}

HEAD = """# Licences of what trialmart stands on

Every package of the lock files (`requirements/*.lock`) with the licence it states itself. Written by
`python requirements/licences.py` in an environment of `scale-test.lock`; a test says when it is out of date. trialmart
itself is Apache-2.0. None of these packages is part of trialmart's own files; the container image of `deploy/` holds
those of `scale.lock`.

**Bold** are licences with copyleft: what they ask for concerns changes to that package itself (MPL, by file; LGPL, by
library), not programs that use it. None is under GPL or AGPL alone.

| package | version | licence | needed |
|---|---|---|---|
"""


def licence_of(name: str) -> str:
    """What the package says of itself. KeyError where it is neither installed nor in ELSEWHERE."""
    try:
        said = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ELSEWHERE[name]
    if expression := said.get("License-Expression"):
        return str(expression)
    classified = [line.split(" :: ")[-1] for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
    text = (said.get("License") or "").strip().splitlines()
    return "; ".join(classified) or (text[0] if text and len(text[0]) < 80 else "") or "not stated"


def is_copyleft(licence: str) -> bool:
    """Whether changes have to be passed on under the same licence: a choice of another one beside it does not count."""
    choices = (
        re.split(r"\s+OR\s+", licence.replace("(", " ").replace(")", " ")) if " AND " not in licence else [licence]
    )
    return all(_COPYLEFT.search(choice) for choice in choices)


def page() -> str:
    """The page as it should be now."""
    rows = []
    for (name, version), (marker, locks) in everything().items():
        licence = licence_of(name)
        shown = f"**{licence}**" if is_copyleft(licence) else licence
        needed = next(use for lock, use in _USE.items() if lock in locks)
        rows.append(f"| {name} | {version} | {shown} | {needed}{f' ({marker})' if marker else ''} |")
    return HEAD + "\n".join(rows) + "\n"


def main() -> int:
    """0 when the page is written, or as it should be."""
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    print("docs/licences.md is not up to date: python requirements/licences.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
