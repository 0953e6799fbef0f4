"""Conditions: names run together into one text, split with a vocabulary of diseases.

Belongs here: the vocabulary and the split. Does not: what a condition is called elsewhere (MeSH lookup).
Commas do not separate: they belong to inverted headings ("Leukemia, Myeloid, Acute"). The split counts only when known
names cover the whole text in one best way; otherwise the text stays whole.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from .fields import Page, span
from .sections import Line, Part
from .slots import find_label
from .template import KEYWORD_LABELS

_CONDITIONS = "protocolSection.conditionsModule."
_MAX_TEXT = 4000
_MAX_NAME_WORDS = 14
_WORD = re.compile(r"\S+")
# fmt: off
_LINK_WORDS = frozenset({
    "of", "in", "with", "and", "or", "due", "to", "by", "the", "for", "on", "from", "after", "without", "associated",
    "related", "during", "at", "a", "an", "than",
})
_MODIFIERS = frozenset({
    "acute", "chronic", "recurrent", "refractory", "relapsed", "relapsing", "metastatic", "advanced", "early",
    "severe", "moderate", "mild", "persistent", "primary", "secondary", "congenital", "hereditary", "familial",
    "idiopathic", "juvenile", "pediatric", "adult", "childhood", "neonatal", "postoperative", "resistant",
    "unresectable", "locally", "newly", "diagnosed", "symptomatic", "asymptomatic", "progressive", "stable",
    "uncontrolled", "invasive", "active", "malignant", "benign", "bilateral", "unilateral",
})
# Words that any other name may stand before ("Breast Cancer Pain" may be one condition or two): never a piece alone.
_OPEN_WORDS = frozenset({
    "pain", "fever", "infection", "infections",
    "fatigue", "bleeding", "surgery", "injury", "injuries", "trauma", "edema",
    "inflammation", "neoplasm", "neoplasms", "cancer", "tumor", "carcinoma", "swelling", "weakness", "ulcer", "wound",
    "wounds", "hemorrhage", "transplantation", "communication", "mortality", "death", "anesthesia", "prevention",
    "rehabilitation", "exercise", "education", "memory", "attention",
})
# fmt: on
_ENDINGS = (" ajcc v7", " ajcc v8", " in children", " in adults", " in adolescents", " in pregnancy")
_HEADS = re.compile(
    r"(?:disease|diseases|syndrome|disorder|disorders|cancer|carcinoma|neoplasms?|tumou?rs?|lymphoma|leuk[a]?emia|"
    r"sclerosis|diabetes|infections?|failure|injur(?:y|ies)|pain|fractures?|\w{3,}(?:itis|osis|emia|aemia|oma|pathy|algia|"
    r"plegia|trophy|ectasia))\Z",
    re.IGNORECASE,
)


@cache
def vocabulary() -> frozenset[str]:
    """Names of conditions, casefolded."""
    text = files(__package__).joinpath("vocabulary/conditions.txt").read_text(encoding="utf-8")
    return frozenset(_key(line) for line in text.splitlines() if line.strip() and line[0] != "#")


_SPELLINGS = (
    ("tumour", "tumor"), ("leukaemia", "leukemia"), ("anaemia", "anemia"), ("haem", "hem"), ("oedema", "edema"),
    ("paediatric", "pediatric"), ("oesoph", "esoph"), ("diarrhoea", "diarrhea"), ("aetiolog", "etiolog"),
    ("foetal", "fetal"), ("ischaem", "ischem"), ("orthopaed", "orthoped"), ("gynaecolog", "gynecolog"),
    ("randomis", "randomiz"), ("sensitis", "sensitiz"), ("behaviour", "behavior"), ("fibre", "fiber"),
)  # fmt: skip


def _key(text: str) -> str:
    """One spelling for all: case, hyphens, slashes, British and American forms."""
    key = " ".join(text.casefold().replace("’", "'").replace("-", " ").replace("/", " ").split())
    for british, american in _SPELLINGS:
        key = key.replace(british, american)
    return key


def is_known(text: str) -> bool:
    """Whether a text is a known condition, perhaps with "Acute", "Moderate to Severe", "Stage IV" before it, or a gloss
    in brackets, "AJCC v8", "in Children" behind it."""
    return _is_known(_key(text))


def _is_known(key: str) -> bool:
    if key in vocabulary():
        return True
    if key.endswith(")") and " (" in key:
        # An abbreviation or gloss in brackets belongs to the name before it.
        return _is_known(key[: key.rindex(" (")])
    for ending in _ENDINGS:
        if key.endswith(ending):
            return _is_known(key[: -len(ending)])
    first, _, rest = key.partition(" ")
    if not rest:
        return False
    if first.rstrip(",") in _MODIFIERS:
        second, _, further = rest.partition(" ")
        joined = second in ("to", "or", "and") and further.partition(" ")[0].rstrip(",") in _MODIFIERS
        return _is_known(further if joined else rest)
    return first in ("stage", "grade", "type") and bool(further := rest.partition(" ")[2]) and _is_known(further)


def split_conditions(text: str) -> list[str] | None:
    """The conditions that a run-together text is made of, each in the text's own spelling; None where that is not sure.

    [text] when the whole is one known name. The covering by fewest names wins; two such coverings, or a piece that
    begins in lower case where the text begins with a capital, or that others qualify ("pain"), leave it undecided.
    """
    if is_known(text):
        return [text]
    if not text or len(text) > _MAX_TEXT:
        return None
    for sep in ("|", ";"):
        if sep in text:
            # A semicolon may stand within a name; a bar never does.
            parts = [part.strip() for part in text.split(sep)]
            return parts if all(part and (sep == "|" or is_known(part)) for part in parts) else None
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    best: list[tuple[int, int, tuple[int, ...]] | None] = [(0, 1, ())] + [None] * len(words)
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - _MAX_NAME_WORDS), end):
            before = best[start]
            if before is None or not _starts_well(text, words[start][0]):
                continue
            piece = text[words[start][0] : words[end - 1][1]]
            if not is_known(piece) or (start and piece.casefold() in _OPEN_WORDS):
                continue
            current, count = best[end], before[0] + 1
            if current is None or count < current[0]:
                best[end] = (count, before[1], (*before[2], start))
            elif count == current[0]:
                best[end] = (count, current[1] + before[1], current[2])
    covering = best[-1]
    if covering is None or covering[1] != 1:
        return _comma_list(text)
    cuts = [words[start][0] for start in covering[2]]
    return [text[a:b].strip() for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def _starts_well(text: str, offset: int) -> bool:
    first = text[0]
    return not (first.isupper() and text[offset].islower())


def _comma_list(text: str) -> list[str] | None:
    parts = [part.strip() for part in text.split(",")]
    return parts if len(parts) > 1 and all(is_known(part) for part in parts) else None


def _has_known_end(words: list[str]) -> bool:
    """Whether a text of capitalised words begins or ends with a whole known name: then it may well be two."""
    if not all(word[:1].isupper() or not word[:1].isalpha() for word in words if word.casefold() not in _LINK_WORDS):
        return False
    cuts = range(1, len(words))
    return any(_is_known(_key(" ".join(words[:cut]))) for cut in cuts) or any(
        _is_known(_key(" ".join(words[cut:]))) and words[cut].casefold() not in _OPEN_WORDS for cut in cuts
    )


def is_one_phrase(text: str) -> bool:
    """Whether a text nobody knows is plainly one name all the same: short, or a sentence-case phrase with one head."""
    words = text.split()
    bare = [word.strip(",()") for word in words]
    heads = [place for place, word in enumerate(bare) if _HEADS.match(word)]
    if len(words) <= 40 and not set(map(str.casefold, bare)) & _LINK_WORDS and _has_known_end(words):
        return False
    if len(words) <= 2:
        return len(heads) <= 1
    lower = all(word.islower() or word.isupper() or not word.isalpha() for word in bare[1:])
    if lower and len(words) <= 10:
        return True
    if any(word.casefold() in _LINK_WORDS for word in bare) and len(words) <= 8:
        return len(heads) <= 2
    if heads == [len(words) - 1] and len(words) <= 6:
        return True
    return len(words) <= 3 and len(heads) <= 1


def read_conditions(page: Page, part: Part) -> None:
    """The conditions' text as it stands, and the conditions in it; keywords under their label."""
    if not part.body:
        page.empty(part, "page.conditionsText", labelled=True)
        page.empty(part, _CONDITIONS + "conditions")
        return
    lines = _without_keywords(page, part.body)
    if not lines:
        page.empty(part, "page.conditionsText", labelled=True)
        page.empty(part, _CONDITIONS + "conditions")
        return
    text = "\n".join(line.text for line in lines)
    page.set("page.conditionsText", "present", text, text, span(lines))
    name = _CONDITIONS + "conditions"
    if len(lines) > 1:
        texts = [line.text for line in lines]
        page.set(name, "present", texts, texts, span(lines))
        return
    several = split_conditions(text)
    if several is None:
        page.set(name, "present" if is_one_phrase(text) else "damaged", [text], text, span(lines))
    else:
        separated = len(several) > 1 and any(sep in text for sep in "|;")
        page.set(name, "present" if len(several) == 1 or separated else "damaged", several, text, span(lines))


def _without_keywords(page: Page, body: list[Line]) -> list[Line]:
    """Take the keywords' lines out, and note them."""
    for place, line in enumerate(body):
        label = find_label(line.text, KEYWORD_LABELS)
        if label is None or (label.rest is not None and label.shown == line.text):
            continue
        values = [Line(line.no, label.rest)] if label.rest else body[place + 1 :]
        name = _CONDITIONS + "keywords"
        if not values:
            page.set(name, "empty", lines=span([line]), label=label.shown)
        else:
            texts = [value.text for value in values]
            words = [part.strip() for part in re.split(r"[;|,]", texts[0])] if len(texts) == 1 else texts
            verbatim = texts[0] if len(texts) == 1 else texts
            page.set(name, "present", [word for word in words if word], verbatim, span(values), label.shown)
        return [*body[:place], *(body[place + 1 :] if label.rest else [])]
    return body
