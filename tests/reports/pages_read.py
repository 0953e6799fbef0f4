"""A page as a browser takes it apart, without a browser.

Belongs here: what is loaded, linked, named, shown. Does not: judging it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

_LOADING = {"src", "srcset", "data", "poster", "action", "formaction", "background", "xlink:href"}


@dataclass
class PageRead(HTMLParser):
    """Feed it a page. `scripts` holds the text of script elements, `shown` that of all others but style."""

    loads: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    policy: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)
        said = {name: value or "" for name, value in attrs}
        self.loads.extend(value for name, value in said.items() if name in _LOADING)
        self.handlers.extend(name for name in said if name.startswith("on"))
        if tag == "link":
            self.loads.append(said.get("href", ""))
        elif "href" in said:
            self.links.append(said["href"])
        if "id" in said:
            self.ids.append(said["id"])
        if "style" in said:
            self.styles.append(said["style"])
        if said.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = said["content"]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        where = self._open[-1] if self._open else ""
        if where == "script":
            self.scripts.append(data)
        elif where != "style":
            self.shown.append(data)

    @property
    def text(self) -> str:
        """All that is shown, spaces made one."""
        return " ".join(" ".join(self.shown).split())


def read_page(text: str) -> PageRead:
    """The page taken apart."""
    page = PageRead()
    page.feed(text)
    page.close()
    return page


def leads_outside(target: str) -> bool:
    """Whether a browser would leave the folder for this."""
    parts = urlsplit(target.strip())
    return bool(parts.scheme and parts.scheme != "data") or bool(parts.netloc)
