"""`python -m expectations` writes the rule list as Markdown to standard output."""

from __future__ import annotations

import sys

from expectations.markdown import rules_markdown

sys.stdout.write(rules_markdown())
