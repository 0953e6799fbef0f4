"""A picture as the chart library draws it → one that is safe and small inside a page.

Belongs here: which elements and attributes stay, ids that cannot meet, words for the pointer. Does not: drawing.

Only shapes and text stay: no script, style, link, image or event handler, whatever the data hold. Marks keep their
description as data-tip, which the page's script shows; a screen reader gets the caption and the table of the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = {"svg", "g", "path", "rect", "line", "text", "tspan", "defs", "clipPath", "circle"}
_ATTRIBUTES = {
    *("d", "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "r", "cx", "cy", "width", "height", "transform", "viewBox"),
    *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-miterlimit"),
    *("stroke-linecap", "stroke-linejoin", "opacity", "text-anchor", "font-weight", "font-style"),
    *("clip-path", "id"),
}
_NEUTRAL = {("opacity", "1"), ("fill", "none"), ("stroke-width", "0"), ("font-weight", "normal")}
_DECIMALS = re.compile(r"(\.\d\d)\d+")
_REFERENCE = re.compile(r"url\(#([^)]{1,80})\)")
_URL = re.compile(r"url\(", re.IGNORECASE)


def clean_svg(picture: str, anchor: str) -> str:
    """The picture as markup for a page, its ids beginning with `anchor`. Raises ValueError where it is no SVG."""
    try:
        root = etree.fromstring(picture.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise ValueError(f"the chart {anchor} is no well-formed SVG: {error}") from error
    if root.tag != f"{_SVG}svg":
        raise ValueError(f"the chart {anchor} is no SVG but {root.tag}")
    _prune(root)
    for element in root.iter():
        _clean_attributes(element, anchor)
    for name in ("width", "height"):
        if name in root.attrib:
            del root.attrib[name]
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    etree.cleanup_namespaces(root)
    text = etree.tostring(root, encoding="unicode", with_tail=False)
    return text.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)


def _prune(element: etree._Element) -> None:
    """Take out what is no shape or text, and what draws nothing."""
    for child in list(element):
        if not isinstance(child.tag, str) or child.tag.removeprefix(_SVG) not in _ELEMENTS or _draws_nothing(child):
            element.remove(child)
        else:
            _prune(child)
            if child.tag == f"{_SVG}g" and not len(child):
                element.remove(child)


def _draws_nothing(element: etree._Element) -> bool:
    """Frames without a line and hidden parts, of which Vega leaves many; the root group fills with nothing."""
    if element.get("display") == "none":
        return True
    is_frame = element.get("class") in ("background", "foreground")
    return is_frame and not (element.get("fill") or element.get("stroke"))


def _tip(element: etree._Element) -> str:
    is_mark = element.get("role") == "graphics-symbol" and element.get("aria-roledescription") not in ("axis", "legend")
    return (element.get("aria-label") or "") if is_mark else ""


def _clean_attributes(element: etree._Element, anchor: str) -> None:
    tip = _tip(element)
    is_fill_root = element.get("fill") == "none" and element.tag == f"{_SVG}g"
    kept = dict(_kept(element, anchor))
    element.attrib.clear()
    if is_fill_root:
        kept["fill"] = "none"
    for name, value in kept.items():
        element.set(name, value)
    if tip:
        element.set("data-tip", tip)


def _kept(element: etree._Element, anchor: str) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        key, said = str(name), str(value)
        if key not in _ATTRIBUTES or (key, said) in _NEUTRAL:
            continue
        if key == "id":
            said = f"{anchor}-{said}"
        elif _URL.search(said):
            reference = _REFERENCE.fullmatch(said)
            if reference is None:
                continue
            said = f"url(#{anchor}-{reference[1]})"
        elif key in ("d", "transform"):
            said = _DECIMALS.sub(r"\1", said)
        yield key, said
