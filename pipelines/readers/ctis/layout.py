"""One layout for all records of CTIS: that of its public API since June 2024.

Belongs here: moving the parts of the older layout and of the search list to where today's record has them, joining what
is said twice, leaving out the register's own row numbers. Does not: the study shape.

The record handed in is changed; it is the caller's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipelines.readers.study_parts import whole

Tree = dict[str, Any]
_MOVED = {
    "authorizedPartI": "authorizedPartI",
    "authorizedPartsII": "authorizedPartsII",
    "memberStatesConcerned": "memberStatesConcerned",
    "trialGlobalEnd": "trialGlobalEnd",
    "applications": "applicationInfo",
}
_NUMBERED = frozenset(
    {
        "principalInclusionCriteria",
        "principalExclusionCriteria",
        "primaryEndPoints",
        "secondaryEndPoints",
        "secondaryObjectives",
    }
)
_REPEATED = frozenset({"primarySponsor", "coSponsors", "partIIInfo", "ctMSCs", "ctMSCsByApplication"})
"""Parts that say again what the authorised parts say; the mapping passes them by."""


def one_layout(record: Tree, dropped: frozenset[str]) -> Tree:
    """The record in today's layout. `dropped` are names that stand for row numbers of the register's database."""
    application = _struct(record, "authorizedApplication")
    for old, new in _MOVED.items():
        if old in record:
            application.setdefault(new, record.pop(old))
    _leave_old_dossiers_out(application)
    part = _struct(application, "authorizedPartI")
    _join_products(part)
    _join_areas(record, part)
    _join_conditions(part)
    _join_member_states(record, application)
    _join_old_identifiers(record, application)
    translations: list[Tree] = []
    _tidy(record, "", dropped, translations)
    if translations:
        record["translations"] = translations
    return record


def _leave_old_dossiers_out(application: Tree) -> None:
    """The older layout repeats part I as it stood with each application; the authorised one is the record's."""
    for info in structs(application.get("applicationInfo")):
        if isinstance(info.get("partI"), dict):
            info["partI"] = {
                name: value for name, value in info["partI"].items() if name.startswith("assessmentOutcome")
            }


def _struct(holder: Tree, name: str) -> Tree:
    """The struct of that name, made where there is none; something else of that name is left beside it, to be seen."""
    found = holder.get(name)
    if not isinstance(found, dict):
        if found:
            holder[f"{name} (no object)"] = found
        found = {}
        holder[name] = found
    return found


def structs(value: Any) -> list[Tree]:
    """The structs of a list, or the one that stands there without a list, as programs write lists of one."""
    return [one for one in items_of(value) if isinstance(one, dict)]


def items_of(value: Any) -> list[Any]:
    """The items of a list; something else is a list of one."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _join_products(part: Tree) -> None:
    """Each product once, with the role of the group it is in."""
    products = structs(part.get("products"))
    by_id = {repr(product["id"]): product for product in products if product.get("id") is not None}
    for group in structs(part.get("productRoleGroupInfos")):
        members = [*structs(group.pop("products", None)), *structs(group.pop("linkedProducts", None))]
        for member in members:
            number = member.get("id")
            product = by_id.get(repr(number)) if number is not None else None
            if product is None:
                product = member
                products.append(member)
                if number is not None:
                    by_id[repr(number)] = member
            product.setdefault("roleName", group.get("productRoleName"))
            product.setdefault("roleComment", group.get("comments"))
        if members:
            for name in ("productRoleName", "productRoleCode", "comments"):
                group.pop(name, None)
    if products:
        part["products"] = products


def _join_areas(record: Tree, part: Tree) -> None:
    """Therapeutic areas, which stand in up to three places."""
    if structs(part.get("therapeuticAreas")):
        part.pop("partOneTherapeuticAreas", None)
        record.pop("therapeuticAreas", None)
    elif record.get("therapeuticAreas"):
        part.pop("partOneTherapeuticAreas", None)


def _join_conditions(part: Tree) -> None:
    """Conditions that stand beside the trial's details again."""
    details = part.get("trialDetails")
    information = details.get("trialInformation") if isinstance(details, dict) else None
    condition = information.get("medicalCondition") if isinstance(information, dict) else None
    named = structs(condition.get("partIMedicalConditions")) if isinstance(condition, dict) else []
    texts = {str(one.get("medicalCondition")) for one in named}
    if named and all(str(one.get("medicalCondition")) in texts for one in structs(part.get("medicalConditions"))):
        part.pop("medicalConditions", None)


def _join_member_states(record: Tree, application: Tree) -> None:
    """What is said of a member state in several places, as one item of authorizedPartsII."""
    states = _MemberStates(structs(application.get("authorizedPartsII")))
    part_of = states.part_of
    for concerned in structs(application.pop("memberStatesConcerned", None)):
        part = part_of(concerned.get("mscName"), concerned.get("mscId", concerned.get("id")))
        part["mscInfo"] = {**concerned, **_struct(part, "mscInfo")}
        states.note(part)
    events = record.get("events")
    for said in structs(events.pop("trialEvents", None)) if isinstance(events, dict) else ():
        part = part_of(said.get("mscName"), said.get("mscId"))
        _add_events(part, {k: v for k, v in said.items() if k not in ("mscId", "mscName")})
    for said in structs(record.pop("mscTrialNotificationsInfoList", None)):
        found = structs(said.pop("mscNotificationsListInfo", None))
        if found:
            _add_events(part_of(said.get("mscName"), said.get("mscId")), {"events": found})
    listed = record.get("trialCountries")
    if isinstance(listed, list):  # the older layout has a text of another form there
        for name, code in _listed_countries(listed):
            _struct(part_of(name, None), "mscInfo").setdefault("mscPublicStatusCode", code)
        record.pop("trialCountries")
    if states.parts:
        application["authorizedPartsII"] = states.parts


def _add_events(part: Tree, said: Tree) -> None:
    """Events of a member state, which may be told in several items, each once."""
    held = _struct(part, "trialEvents")
    known = structs(held.get("events"))
    events = known + [one for one in structs(said.get("events")) if one not in known]
    part["trialEvents"] = {**said, **held, "events": events}


class _MemberStates:
    """The items of authorizedPartsII, found by a name or a number of the member state: the first that has either."""

    def __init__(self, parts: list[Tree]) -> None:
        self.parts = parts
        self._places: dict[str, int] = {}
        self._place_of = {id(part): place for place, part in enumerate(parts)}
        for part in parts:
            self.note(part)

    def note(self, part: Tree) -> None:
        """Take up the names and numbers that the item has by now."""
        info, place = _struct(part, "mscInfo"), self._place_of[id(part)]
        for name in (info.get("mscName"), info.get("countryName")):
            self._put(f"name {name!r}", place, is_said=bool(name))
        for number in (info.get("id"), part.get("mscId")):
            self._put(f"number {number!r}", place, is_said=number is not None)

    def _put(self, key: str, place: int, *, is_said: bool) -> None:
        if is_said:
            self._places[key] = min(place, self._places.get(key, place))

    def part_of(self, name: Any, number: Any) -> Tree:
        """The item of a member state, made where there is none yet."""
        keys = [f"name {name!r}"] if name else []
        keys += [f"number {number!r}"] if number is not None else []
        places = [self._places[key] for key in keys if key in self._places]
        if places:
            return self.parts[min(places)]
        made: Tree = {"mscId": number, "mscInfo": {"mscName": name}}
        self._place_of[id(made)] = len(self.parts)
        self.parts.append(made)
        self.note(made)
        return made


def _listed_countries(listed: Iterable[Any]) -> Iterable[tuple[str, int | None]]:
    """`Spain:4` → ("Spain", 4)."""
    for one in listed:
        if one is None or not str(one).strip():
            continue
        name, _, code = str(one).rpartition(":")
        number = whole(code.strip())
        if name and number is not None:
            yield name.strip(), number
        else:
            yield str(one).strip(), None


def _join_old_identifiers(record: Tree, application: Tree) -> None:
    """The EudraCT number of the older layout, which stands in the record itself and in each application."""
    for holder in (record, *structs(application.get("applicationInfo"))):
        if isinstance(holder.get("eudraCtInfo"), dict):
            found = holder.pop("eudraCtInfo")
            if not application.get("eudraCt"):
                application["eudraCt"] = found


def _tidy(value: Any, name: str, dropped: frozenset[str], translations: list[Tree]) -> None:
    """One walk over a record: row numbers out, translations into their list, numbered lists in the order of the numbers
    (the register gives them in any order)."""
    if isinstance(value, list):
        if name in _NUMBERED:
            value.sort(key=_number)
        for one in value:
            if isinstance(one, dict | list):
                _tidy(one, name, dropped, translations)
        return
    for key in [key for key in value if key in dropped]:
        del value[key]
    for key in sorted(value):  # names of a JSON object have no order
        inner = value[key]
        if isinstance(inner, dict | list) and key.endswith("Translations"):
            del value[key]
            translations.extend(_translated(inner, key.removesuffix("Translations")))
        elif isinstance(inner, dict | list) and key not in _REPEATED:
            _tidy(inner, key, dropped, translations)


def _translated(items: Any, name: str) -> Iterable[Tree]:
    for one in structs(items):
        if str(one.get("attributeTranslation") or "").strip():
            language = one.get("languageDescription") or one.get("language")
            yield {"field": name, "language": language, "text": one["attributeTranslation"]}


def _number(item: Any) -> float:
    number = item.get("number") if isinstance(item, dict) else None
    if isinstance(number, str):
        number = whole(number.strip())
    return number if isinstance(number, int | float) else float("inf")
