"""Blocks → a page of HTML.

Belongs here: the template environment (everything is escaped unless it was made by svg.py, and what no page may hold is
replaced), styles and scripts put into the page with a policy that names them by hash. Does not: what a page says.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipelines.reports.characters import showable

ROOM = Path(__file__).parent
_CODE = re.compile(r"`([^`]{1,400})`")


@dataclass(frozen=True, slots=True)
class NavLink:
    """An entry of the menu."""

    label: str
    href: str
    group: str


def prose(text: str) -> Markup:
    """Words of our own or of the warehouse: escaped, with `code` between backticks."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(showable(text)))))  # noqa: S704 (escaped in the same line)


def _static(name: str) -> str:
    text = (ROOM / "static" / name).read_text(encoding="utf-8")
    if "</" in text and name.endswith(".js"):
        raise ValueError(f"static/{name} holds '</', which could end its element")
    return text


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _shell() -> Mapping[str, Any]:
    """Styles, scripts and the policy under which a browser loads nothing and runs only these."""
    style, theme, script = _static("report.css"), _static("theme.js"), _static("report.js")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(theme)}' '{_hash(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    # the three texts are files of this package, and go into the page byte by byte: the policy names their hashes
    return {"style": Markup(style), "theme": Markup(theme), "script": Markup(script), "policy": policy}  # noqa: S704


def _showable(value: Any) -> Any:
    """Whatever a template puts into a page, but for markup: that is ours, or was made by what showable gave."""
    return showable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def environment() -> Environment:
    """The templates of this room; every value is escaped, and a name that is not given is an error."""
    made = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_showable,
    )
    made.filters["prose"] = prose
    made.filters["picture"] = Markup  # only for what clean_svg returned
    return made


def render(template: str, values: Mapping[str, Any]) -> str:
    """The page as HTML text."""
    return environment().get_template(template).render({**_shell(), **values})
