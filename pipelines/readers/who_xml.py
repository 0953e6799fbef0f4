"""Records of any registry in the layout in which registries send them to the WHO.

Belongs here: telling such files, giving each element the name of ICTRP's field. Does not: what a field means (ictrp/),
files of ChiCTR, whose records in this layout have a mapping of their own (chictr_xml.py).

Elements as published readers and records of IRCT, ReBEC, ChiCTR and the EU register have them (2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from pipelines.readers.base import BadRecord, Member, RawRecord, Reader
from pipelines.readers.ictrp.record import NoIdentity, stated_id, study_of
from pipelines.readers.json_window import Fault
from pipelines.readers.reasons import NO_IDENTITY
from pipelines.readers.study_parts import part
from pipelines.readers.xml_record import XmlFault, root_name
from pipelines.readers.xml_slices import read_slices
from pipelines.settings import Limits

Struct = dict[str, Any]
FORMAT = "who_xml"
_RECORD = re.compile(rb"<(?P<name>Triall|Trial|trial)[\s/>]")
_LAYOUT = re.compile(rb"<main(?:\s[^<>]{0,200})?>")
_ID = re.compile(rb"<trial_id(?:\s[^<>]{0,200})?>(?:<!\[CDATA\[)?(?P<id>[^<>\]]{1,200})")
_CLOCK = re.compile(r"T[0-9:.]{4,15}Z?\Z")

_MAIN = {
    "trial_id": "TrialID",
    "reg_name": "Source_Register",
    "date_registration": "Date_registration",
    "primary_sponsor": "Primary_sponsor",
    "public_title": "Public_title",
    "acronym": "Acronym",
    "scientific_title": "Scientific_title",
    "date_enrolment": "Date_enrollement",
    "type_enrolment": "type_enrolment",
    "target_size": "Target_size",
    "recruitment_status": "Recruitment_Status",
    "url": "web_address",
    "study_type": "Study_type",
    "study_design": "Study_design",
    "phase": "Phase",
    "hc_freetext": "Condition",
    "i_freetext": "Intervention",
    "results_actual_enrolment": "results_actual_enrollment",
}
"""Elements of `main` that ICTRP's export calls otherwise; the others bear its names."""
_CRITERIA = {
    "inclusion_criteria": "Inclusion_Criteria",
    "exclusion_criteria": "Exclusion_Criteria",
    "agemin": "Inclusion_agemin",
    "agemax": "Inclusion_agemax",
    "gender": "Inclusion_gender",
}
_LISTS = {
    ("countries", "country2"): "Countries",
    ("primary_outcome", "prim_outcome"): "Primary_outcome",
    ("secondary_outcome", "sec_outcome"): "Secondary_outcome",
    ("secondary_sponsor", "sponsor_name"): "Secondary_Sponsor",
    ("source_support", "source_name"): "Source_Support",
}
_ETHICS = {
    "status": "Ethics_review_status",
    "approval_date": "Ethics_review_approval_date",
    "contact_name": "Ethics_review_contact_name",
    "contact_address": "Ethics_review_contact_address",
    "contact_phone": "Ethics_review_contact_phone",
    "contact_email": "Ethics_review_contact_email",
}
_CONTACT = {"lastname": "Lastname", "telephone": "Tel", "email": "Email", "affiliation": "Affiliation"}
_ADDRESS = ("address", "city", "zip", "country1")
_KEPT = {
    ("health_condition_code", "hc_code"),
    ("intervention_code", "i_code"),
    ("intervention_keyword", "i_keyword"),
}
_KEYWORDS = ("health_condition_keyword", "hc_keyword")


def recognise(head: bytes) -> bool:
    """Whether a member that begins with `head` holds records in this layout, of a registry whose ids are known."""
    if root_name(head) is None or _RECORD.search(head) is None or _LAYOUT.search(head) is None:
        return False
    first = _stated_id(head)
    return first is not None and not first.startswith("ChiCTR")


def read(member: Member, limits: Limits) -> Iterator[RawRecord | BadRecord]:
    """The records of a member, in their order."""
    record = _RECORD.search(member.head())
    return read_slices(member, record["name"].decode() if record else "trial", limits, _study, _stated_id)


def _stated_id(raw: bytes) -> str | None:
    found = _ID.search(raw)
    return stated_id(found["id"].decode("utf-8", "replace")) if found else None


def _study(element: etree._Element) -> Struct:
    fields, kept, keywords = _fields(element)
    try:
        study = study_of(fields, FORMAT)
    except NoIdentity as error:
        raise XmlFault(Fault(NO_IDENTITY, str(error))) from error
    if keywords:
        part(study, "protocolSection.conditionsModule")["keywords"] = keywords
    if kept:
        study["registrySection"].setdefault("sourceFields", []).extend(kept)
    return study


def _fields(element: etree._Element) -> tuple[Struct, list[Struct], list[str]]:
    """(ICTRP's fields, what is kept as it stands, keywords) of a record; unknown elements keep their names."""
    fields: Struct = {}
    kept: list[Struct] = []
    keywords: list[str] = []
    for child in element:
        tag = _tag(child)
        if tag == "main":
            _put_main(child, fields, kept)
        elif tag == "criteria":
            fields |= {_CRITERIA.get(_tag(one), f"criteria/{_tag(one)}"): said for one in child if (said := _text(one))}
        elif tag == "contacts":
            _put_contacts(list(child), fields)
        elif tag == "secondary_ids":
            numbers = [said for one in child.iter("{*}sec_id") if (said := _text(one))]
            fields["Secondary_ID"] = ";".join([*filter(None, [fields.get("Secondary_ID")]), *numbers])
        elif tag == "ethics_reviews":
            reviews = [{_tag(one): _text(one) for one in review} for review in child]
            fields |= {name: _joined(reviews, key) for key, name in _ETHICS.items()}
        else:
            _put_list(child, fields, kept, keywords)
    return {name: said for name, said in fields.items() if said}, kept, keywords


def _put_main(main: etree._Element, fields: Struct, kept: list[Struct]) -> None:
    for one in main:
        tag, said = _tag(one), _text(one)
        if not said:
            continue
        if tag.lower() == "utrn":
            fields["Secondary_ID"] = said
        elif tag.lower() == "scientific_acronym":
            kept.append({"path": "main/scientific_acronym", "place": "main/scientific_acronym", "value": said})
        else:
            is_date = "date" in tag
            fields[_MAIN.get(tag, tag)] = _CLOCK.sub("", said) if is_date else said


def _put_contacts(contacts: Sequence[etree._Element], fields: Struct) -> None:
    """Names, addresses and numbers side by side, as ICTRP's tables have them, for each kind of contact."""
    by_kind: dict[str, list[Struct]] = {}
    for contact in contacts:
        said = {_tag(one): _text(one) for one in contact}
        kind = said.get("type", said.get("tipo", "")).strip().lower()
        prefix = {"public": "Public_Contact_", "scientific": "Scientific_Contact_"}.get(kind, "Contact_")
        by_kind.setdefault(prefix, []).append(said)
    for prefix, given in by_kind.items():
        for one in given:
            one["firstname"] = " ".join(filter(None, (one.get("firstname"), one.get("middlename"))))
            one["address"] = ", ".join(filter(None, (one.get(name) for name in _ADDRESS)))
        names = {"firstname": "Firstname", "address": "Address", **_CONTACT}
        fields |= {f"{prefix}{name}": _joined(given, key) for key, name in names.items()}


def _put_list(child: etree._Element, fields: Struct, kept: list[Struct], keywords: list[str]) -> None:
    for one in child:
        place, said = (_tag(child), _tag(one)), _text(one)
        if not said:
            continue
        if place in _LISTS:
            fields.setdefault(_LISTS[place], []).append(said)
        elif place == _KEYWORDS:
            keywords.extend(piece.strip() for piece in said.split(";") if piece.strip())
        elif place in _KEPT:
            kept.append({"path": "/".join(place), "place": "/".join(place), "value": said})
        else:
            fields.setdefault("/".join(place), []).append(said)
    if not len(child) and (said := _text(child)):
        fields.setdefault(_tag(child), []).append(said)


def _joined(items: Sequence[Struct], name: str) -> str:
    """One text for each item, parted by semicolons, which none of them keeps; nothing where none says anything."""
    texts = [(item.get(name) or "").replace(";", ",") for item in items]
    return ";".join(texts) if any(texts) else ""


def _tag(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else "comment"


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext())).strip() if isinstance(element.tag, str) else ""


READER = Reader(format=FORMAT, registry="ICTRP", recognise=recognise, read=read, standing="part")
