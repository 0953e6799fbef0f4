"""Ready-made parts of synthetic records: texts, sites, people, references, filled from the vocabularies once.

Belongs here: making the pools, always the same ones (their seed is fixed), so that a record depends only on
its own seed and number. Does not belong here: choosing from them for a record.

Records share these objects: whoever changes a record works on a copy of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import Any, NamedTuple

from pipelines.sample import vocabulary_places as places
from pipelines.sample import vocabulary_prose as prose
from pipelines.sample import vocabulary_terms as terms

_POOL_SEED = 20261101
Json = dict[str, Any]


class Organisation(NamedTuple):
    """An invented sponsor: name and the registry's class of it."""

    name: str
    sponsor_class: str


class Drug(NamedTuple):
    """A treatment: name, other names, MeSH heading and id (empty for invented products)."""

    name: str
    other_names: tuple[str, ...]
    mesh_term: str
    mesh_id: str


class Pools(NamedTuple):
    """All pools. Lists are shuffled, so that a slice of one is a sample without repeats."""

    paragraphs: list[str]  # 150 to 900 characters each
    sentences: list[str]
    inclusion: list[str]
    exclusion: list[str]
    measures: list[str]
    outcome_descriptions: list[str]
    time_frames: list[str]
    arm_descriptions: list[str]
    why_stopped: list[str]
    drugs: list[Drug]
    biologics: list[Drug]
    organisations: list[Organisation]
    companies: list[Organisation]
    people: list[str]  # with degrees
    plain_people: list[str]  # without
    sites: list[Json]  # location objects without status and contacts, in runs of one country
    recruiting_sites: list[Json]
    waiting_sites: list[Json]
    closed_sites: list[Json]  # single sites of a recruiting study that left it
    references: list[Json]


def _shuffled_unique(rng: Random, make: Callable[[], str], tries: int) -> list[str]:
    found = list(dict.fromkeys(make() for _ in range(tries)))
    rng.shuffle(found)
    return found


class _Filler:
    """Fills the slots of sentence patterns."""

    def __init__(self, rng: Random, drug_names: Sequence[str]) -> None:
        self._rng = rng
        self._drugs = drug_names

    def __call__(self, pattern: str) -> str:
        rng = self._rng
        measure = rng.choice(prose.MEASURES)
        weeks = rng.choice((12, 14, 16, 20, 24, 26, 30, 36, 40, 48, 52))
        filled = pattern.format(
            c=rng.choice(terms.CONDITIONS)[0],
            d=rng.choice(self._drugs),
            e=rng.choice(self._drugs),
            m=measure,
            M=measure[0].upper() + measure[1:],
            n=rng.randint(2, 9),
            n2=rng.randint(10, 14),
            w=weeks,
            w2=weeks + rng.randint(4, 40),
            p=rng.randint(15, 90),
            p2=rng.randint(150, 180),
            p3=rng.randint(450, 499),
        )
        return filled[0].upper() + filled[1:] if filled[:1].isascii() else filled


def _drug_pools(rng: Random) -> tuple[list[Drug], list[Drug]]:
    drugs = [Drug(name, (), term, mesh_id) for name, term, mesh_id in terms.KNOWN_DRUGS for _ in range(12)]
    for stem in terms.DRUG_STEMS:
        for ending in terms.DRUG_ENDINGS:
            code = f"{rng.choice(terms.COMPANY_CODES)}-{rng.randint(100, 9999)}"
            name = (stem + ending).capitalize() + rng.choice(terms.SALTS)
            others = ((), (code,), (code, f"{name}®"))[rng.randrange(3)]
            shown = name if rng.random() < 0.8 else code
            drugs.append(Drug(shown, tuple(other for other in others if other != shown), "", ""))
    biologics = [
        Drug((stem + ending).capitalize(), (), "", "") for stem in terms.DRUG_STEMS for ending in terms.ANTIBODY_ENDINGS
    ]
    rng.shuffle(drugs)
    rng.shuffle(biologics)
    return drugs, biologics


def _organisations(rng: Random) -> tuple[list[Organisation], list[Organisation]]:
    cities = [city for city in places.CITIES for _ in range(city[6])]
    patterns = [p for p in places.SPONSOR_PATTERNS for _ in range(p[2])]
    found: dict[str, str] = {}
    while len(found) < 1200:
        pattern, sponsor_class, _ = rng.choice(patterns)
        city = rng.choice(cities)
        root = rng.choice(places.COMPANY_ROOTS)
        if "{root}" in pattern and rng.random() < 0.5:
            root = f"{root} {rng.choice(places.COMPANY_ROOTS)}"
        found[pattern.format(city=city[0], country=city[2], root=root)] = sponsor_class
    every = [Organisation(name, sponsor_class) for name, sponsor_class in found.items()]
    # A few sponsors have many studies, most have few.
    weighted = [org for number, org in enumerate(every) for _ in range(1 + 60 // (number + 1))]
    rng.shuffle(weighted)
    return weighted, [org for org in weighted if org.sponsor_class == "INDUSTRY"]


def _digits(rng: Random, pattern: str) -> str:
    return "".join(str(rng.randrange(10)) if sign == "#" else sign for sign in pattern)


def _site(rng: Random, city: tuple[str, str, str, float, float, str, int]) -> Json:
    name, state, country, latitude, longitude, zip_pattern, _ = city
    pattern = rng.choice(places.FACILITY_PATTERNS)
    site: Json = {"facility": pattern.format(city=name, number=rng.randint(100, 999)), "city": name}
    if state:
        site["state"] = state
    if zip_pattern:
        site["zip"] = _digits(rng, zip_pattern)
    site["country"] = country
    if rng.random() < 0.98:
        site["geoPoint"] = {"lat": latitude, "lon": longitude}
    return site


def _site_run(rng: Random, length: int) -> list[Json]:
    """Sites in runs of one country each, as multi-national studies list them."""
    by_country: dict[str, list[Any]] = {}
    for city in places.CITIES:
        by_country.setdefault(city[2], []).append(city)
    countries = list(by_country)
    weights = [sum(city[6] for city in by_country[country]) for country in countries]
    found: list[Json] = []
    while len(found) < length:
        country = rng.choices(countries, weights)[0]
        run = 1 + min(int(rng.expovariate(0.4)), 12) if len(by_country[country]) > 2 else 1
        found.extend(_site(rng, rng.choice(by_country[country])) for _ in range(run))
    return found


def _email(name: str) -> str:
    plain = "".join(sign for sign in name.split(",")[0].lower() if sign.isascii() and sign.isalpha())
    return f"{plain or 'contact'}@example.org"


def _contacts(rng: Random, people: Sequence[str]) -> list[Json]:
    """Contacts of one site: an enquiry contact, and for half of the sites the investigator as well."""
    name = rng.choice(people)
    contact: Json = {
        "name": name,
        "role": "CONTACT",
        "phone": f"+{rng.randint(1, 99)} {rng.randint(10**7, 10**9)}",
    }
    if rng.random() < 0.1:
        contact["phoneExt"] = str(rng.randint(10, 9999))
    contact["email"] = _email(name)
    contacts = [contact]
    if rng.random() < 0.5:
        contacts.append({"name": rng.choice(people), "role": "PRINCIPAL_INVESTIGATOR"})
    return contacts


def _open_sites(rng: Random, people: Sequence[str], status: str, count: int, contact_share: float) -> list[Json]:
    found = []
    for site in _site_run(rng, count):
        opened: Json = {"facility": site["facility"], "status": status}
        opened |= {key: value for key, value in site.items() if key not in ("facility", "geoPoint")}
        if rng.random() < contact_share:
            opened["contacts"] = _contacts(rng, people)
        if "geoPoint" in site:
            opened["geoPoint"] = site["geoPoint"]
        found.append(opened)
    return found


def _people(rng: Random) -> tuple[list[str], list[str]]:
    plain = [f"{given} {family}" for given in places.GIVEN_NAMES for family in places.FAMILY_NAMES]
    rng.shuffle(plain)
    return [name + rng.choice(places.DEGREES) for name in plain], plain


def _references(rng: Random, fill: _Filler, people: Sequence[str]) -> list[Json]:
    found: list[Json] = []
    for _ in range(2500):
        authors = ", ".join(f"{name.split()[-1]} {name[0]}" for name in rng.sample(people, rng.randint(1, 8)))
        year, number = rng.randint(1995, 2025), rng.randint(1000, 99999)
        title, journal = fill(rng.choice(prose.REFERENCE_TITLES)), rng.choice(prose.JOURNALS)
        citation = f"{authors}. {title}. {journal}. {year};{rng.randint(1, 60)}({rng.randint(1, 12)}):{number}."
        reference: Json = {}
        if rng.random() < 0.85:
            reference["pmid"] = str(rng.randint(90_000_000, 99_999_999))
        reference["type"] = rng.choices(("BACKGROUND", "DERIVED", "RESULT"), (58, 25, 17))[0]
        # 10.5555 is the prefix set aside for examples
        reference["citation"] = f"{citation} doi: 10.5555/synth.{year}.{number}." if rng.random() < 0.6 else citation
        found.append(reference)
    return found


@cache
def pools() -> Pools:
    """The pools, made on first use (about a third of a second), the same in every process."""
    rng = Random(_POOL_SEED)  # noqa: S311 - synthetic data, nothing secret
    drugs, biologics = _drug_pools(rng)
    fill = _Filler(rng, [drug.name for drug in drugs])
    people, plain_people = _people(rng)
    organisations, companies = _organisations(rng)

    def texts(patterns: Sequence[str], tries: int) -> list[str]:
        return _shuffled_unique(rng, lambda: fill(rng.choice(patterns)), tries)

    def items(patterns: Sequence[str]) -> list[str]:
        return _shuffled_unique(rng, lambda: fill(rng.choice(patterns) + rng.choice(prose.ITEM_QUALIFIERS)), 2500)

    descriptions = texts(prose.OUTCOME_DESCRIPTIONS, 900)
    sentences = _shuffled_unique(
        rng, lambda: rng.choice(prose.STUDY_SENTENCE_OPENERS) + fill(rng.choice(prose.STUDY_SENTENCES)), 4000
    )
    paragraphs = []
    for _ in range(3000):
        start = rng.randrange(len(sentences) - 9)
        paragraphs.append(" ".join(sentences[start : start + rng.choice((1, 2, 3, 3, 4, 5, 8))]))
    return Pools(
        paragraphs=paragraphs,
        sentences=sentences,
        inclusion=items(prose.INCLUSION_ITEMS),
        exclusion=items(prose.EXCLUSION_ITEMS),
        measures=texts(prose.OUTCOME_PATTERNS, 2500),
        outcome_descriptions=[" ".join(rng.sample(descriptions, rng.randint(1, 4))) for _ in range(1200)],
        time_frames=texts(prose.TIME_FRAMES, 500),
        arm_descriptions=texts(prose.ARM_DESCRIPTIONS, 2000),
        why_stopped=texts(prose.WHY_STOPPED, 300),
        drugs=drugs,
        biologics=biologics,
        organisations=organisations,
        companies=companies,
        people=people,
        plain_people=plain_people,
        sites=_site_run(rng, 6000),
        recruiting_sites=_open_sites(rng, people, "RECRUITING", 4000, 0.9),
        waiting_sites=_open_sites(rng, people, "NOT_YET_RECRUITING", 2000, 0.8),
        closed_sites=_open_sites(rng, people, "COMPLETED", 300, 0) + _open_sites(rng, people, "WITHDRAWN", 300, 0),
        references=_references(rng, fill, plain_people),
    )
