"""docs/formats/: a page for each mapping, and the overview of what each format carries.

Belongs here: laying mappings out as Markdown. Does not: words about a format; those stand in its mapping. The page of
page text, which has no mapping, is written by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from pipelines.readers.base import Reader
from pipelines.readers.mapping.table import Mapping, Row, Target, load_mapping
from pipelines.study.shape import Node, load_shape, staged_tables

INDEX = "README.md"
BY_HAND = {
    "ctgov_v2": "ClinicalTrials.gov API v2 JSON is the study shape itself: every field is staged under its own name. "
    "Single studies, pages, lists of either, studies under their numbers, and NDJSON; also the answers that the "
    "website gives to itself, such as a version of a study's history, whose texts are HTML.",
    "page_text": "See [page_text.md](page_text.md).",
}
"""Formats without a mapping, and what there is to say instead."""

_STANDING = {
    "whole": "the whole record",
    "chosen": "the fields that were chosen for it; never hides a whole record",
    "part": "a part of the record; never hides a whole one",
    "copy": "a copy by another register; never hides the registry's own record",
}


def format_pages(readers: Iterable[Reader]) -> dict[str, str]:
    """File name in docs/formats/ → Markdown, for the overview and for every reader with a mapping."""
    readers = list(readers)
    mapped = {reader.format: load_mapping(reader.format) for reader in readers if reader.format not in BY_HAND}
    pages = {
        f"{reader.format}.md": _page(reader, mapped[reader.format]) for reader in readers if reader.format in mapped
    }
    pages[INDEX] = _index(readers, mapped)
    return pages


def _index(readers: list[Reader], mapped: dict[str, Mapping]) -> str:
    lines = [
        "# Formats",
        "",
        "What is recognised by its content, whatever the file is called, in zip or gzip or plain. Written by",
        "`python -m pipelines.readers.mapping` from the mappings in `pipelines/readers/mappings/`.",
        "",
        "| format | what | gives |",
        "|---|---|---|",
    ]
    for reader in readers:
        mapping = mapped.get(reader.format)
        what = f"[{mapping.title}]({reader.format}.md)" if mapping else BY_HAND[reader.format]
        lines.append(f"| `{reader.format}` | {what} | {_STANDING[reader.standing]} |")
    lines += [
        "",
        "## What a format can carry",
        "",
        "Fields of the study shape that a record of the format can fill, of all.",
        "",
    ]
    names = list(mapped)
    lines += ["| part of the study shape | fields | " + " | ".join(f"`{name}`" for name in names) + " |"]
    lines += ["|---" * (len(names) + 2) + "|"]
    carried = {name: mapped[name].carries() for name in names}
    for part, leaves in _parts():
        counts = [str(len(leaves & carried[name]) or "") for name in names]
        lines.append(f"| {part} | {len(leaves)} | " + " | ".join(counts) + " |")
    return "\n".join(lines) + "\n"


def _parts() -> Iterator[tuple[str, frozenset[str]]]:
    """Modules of the sections that every registry may fill, with their leaves."""
    for section in load_shape().children:
        if section.name in ("registrySection", "annotationSection"):
            continue
        if section.leaf_type is not None:
            yield section.name, frozenset({section.path})
        for module in section.children:
            yield module.path, frozenset(_leaves(module))


def _leaves(node: Node) -> Iterator[str]:
    if node.leaf_type is not None:
        yield node.path
    for child in node.children:
        yield from _leaves(child)


def _page(reader: Reader, mapping: Mapping) -> str:
    lines = [
        f"# {mapping.title}",
        "",
        mapping.source.strip(),
        "",
        f"Format `{reader.format}`; a record is {_STANDING[reader.standing]}. Mapping:",
        f"`pipelines/readers/mappings/{reader.format}.yaml`, from which this page is written.",
        "",
        "## Fields",
        "",
        "| source field | goes to | staged as | by | remark |",
        "|---|---|---|---|---|",
        *(_line(*cells) for cells in _rows(mapping.rows, "")),
    ]
    if mapping.made:
        lines += [
            "",
            "## Worked out from several fields",
            "",
            "| goes to | staged as | from | how |",
            "|---|---|---|---|",
        ]
        for made in mapping.made:
            places = ", ".join(filter(None, (_staged(path) for path in made.paths)))
            lines.append(_line(_codes(made.paths), places, _codes(made.sources), made.how))
    if mapping.shown:
        lines += [
            "",
            "## Shown also where it is empty",
            "",
            "Empty there, or with a word for nothing, it is missing in the registry: `field_state` has it as `empty`,",
            "and rules and marts judge it. A field whose source is not in the record at all is not judged.",
            "",
            "| field | source |",
            "|---|---|",
            *(_line(f"`{shown.path}`", _codes(shown.sources)) for shown in mapping.shown),
        ]
    if mapping.words:
        lines += ["", "## Vocabularies"]
        for name, words in mapping.words.items():
            lines += ["", f"### {name}", "", "| in the source | in the warehouse |", "|---|---|"]
            lines += [_line(str(word), "nothing" if value is None else str(value)) for word, value in words.items()]
    lines += ["", "## What the format cannot carry", ""]
    lines += ["| part of the study shape | why |", "|---|---|"] if mapping.absent else ["Nothing was found missing."]
    lines += [_line(f"`{absent.path}`", absent.why) for absent in mapping.absent]
    return "\n".join(lines) + "\n"


def _rows(rows: tuple[Row, ...], place: str) -> Iterator[tuple[str, ...]]:
    for row in rows:
        source = place.rstrip("/") if row.source == "." else f"{place}{row.source}"
        if row.rows:
            if row.items is not None:
                yield f"`{source}`, each", f"an item of `{_path(row.items)}`", _staged(_path(row.items)), "", row.note
            yield from _rows(row.rows, f"{source}/")
        elif row.targets:
            paths = [_path(target) for target in row.targets]
            staged = ", ".join(filter(None, map(_staged, paths)))
            yield f"`{source}`", _codes(paths), staged, "" if row.convert == "text" else row.convert, row.note
        elif row.keep:
            yield f"`{source}`", "kept as it stands", "`source_field`", "", row.note
        else:
            yield f"`{source}`", "not taken", "", "", row.ignore or ""


def _path(target: Target) -> str:
    if target.node is None:
        return "a field worked out below"
    numbers = [f"{step.name}[{step.number}]" for step in target.steps if step.number is not None]
    return target.node.path + (f" ({', '.join(numbers)})" if numbers else "")


def _codes(names: Iterable[str]) -> str:
    return ", ".join(name if " " in name and "(" not in name else f"`{name}`" for name in names)


def _line(*cells: str) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def _staged(path: str) -> str:
    return f"`{_columns()[path]}`" if path in _columns() else ""


@cache
def _columns() -> dict[str, str]:
    """Study path of a leaf or list → where it is staged; list markers may be left out at the end."""
    places: dict[str, str] = {}
    for table in staged_tables().values():
        if table.path:
            places[table.path] = table.name
        for column in table.columns:
            if column.path is not None:
                places[column.path] = f"{table.name}.{column.name}"
    return places
