"""Identification, status, sponsor, oversight, description and conditions of a synthetic study.

Belongs here: those six modules of ``protocolSection``. Does not belong here: design, outcomes, eligibility,
sites.
"""

from __future__ import annotations

from typing import Final

from pipelines.sample import vocabulary_places as places
from pipelines.sample import vocabulary_prose as prose
from pipelines.sample.calendar_dates import iso_day, iso_year, next_working_day
from pipelines.sample.draft import Draft, Json, expanded_access_partner, registry_number
from pipelines.sample.timeline import POST_TYPES_ACTUAL_SINCE, STOPPED
from pipelines.sample.weights import Weights

WITHHELD_TITLE: Final = "[Trial of device that is not approved or cleared by the U.S. FDA]"

_SECONDARY_KINDS: Final = Weights(
    {
        "EUDRACT": 22,
        "OTHER": 30,
        "NIH": 14,
        "CTIS": 6,
        "UTN": 6,
        "ISRCTN": 4,
        "GRANT": 6,
        "DRKS": 3,
        "CHICTR": 3,
        "JRCT": 2,
        "ACTRN": 1,
        "CTRI": 1,
        "NL": 1,
        "KCT": 1,
    }
)


def identification(draft: Draft) -> Json:
    """``identificationModule``: own id, organisation's id, ids elsewhere, titles."""
    r = draft.r
    module: Json = {"nctId": draft.nct_id}
    if r() < 0.01:
        # aliases come from a range of their own, so that no other record carries them as its id
        module["nctIdAliases"] = [f"NCT{98_000_000 + registry_number(draft.seed, draft.index) % 1_999_999}"]
    module["orgStudyIdInfo"] = {"id": organisation_id(draft)}
    secondary = _secondary_ids(draft)
    if secondary:
        module["secondaryIdInfos"] = secondary
    module["organization"] = {"fullName": draft.lead.name, "class": draft.lead.sponsor_class}
    module["briefTitle"] = brief_title(draft)
    if draft.timeline.status != "WITHHELD" and r() < 0.985:
        module["officialTitle"] = _official_title(draft)
    if r() < 0.3:
        module["acronym"] = _acronym(draft)
    return module


def organisation_id(draft: Draft) -> str:
    """The sponsor's own number for the study, in one of the shapes that sponsors use."""
    number = registry_number(draft.seed, draft.index)
    year = iso_year(draft.timeline.first_submit_day)
    form = int(draft.r() * 5)
    if form == 0:
        return f"{draft.lead.name[:3].upper().strip()}-{number}"
    if form == 1:
        return f"{year}/{number:07d}"
    if form == 2:
        return f"IRB-{number}"
    return f"{draft.conditions[0][1][:3].upper()}{number}" if form == 3 else f"{number:08d}"


def brief_title(draft: Draft) -> str:
    """Public title; studies withheld from view show the registry's fixed placeholder."""
    if draft.timeline.status == "WITHHELD":
        return WITHHELD_TITLE
    condition = draft.conditions[0][0]
    form = int(draft.r() * 4)
    if draft.study_type == "EXPANDED_ACCESS":
        return f"Expanded Access to {draft.main_name} for {condition}"
    if draft.study_type == "OBSERVATIONAL":
        return (f"{condition} Registry of {draft.lead.name}", f"Natural Course of {condition}",
                f"{draft.main_name} in {condition}: an Observational Study",
                f"Predictors of Outcome in {condition}")[form]  # fmt: skip
    return (f"{draft.main_name} in {condition}",
    f"A Study of {draft.main_name} in Participants With {condition}",
            f"Effect of {draft.main_name} on {condition} – {draft.pick(prose.MEASURES).title()}",
            f"{draft.main_name} Compared With Usual Treatment for {condition}")[form]  # fmt: skip


def _official_title(draft: Draft) -> str:
    condition, phases = draft.conditions[0][0], draft.phases
    phase = "" if not phases or phases[0] == "NA" else "Phase " + "/".join(p[-1] for p in phases) + " "
    kind = "Observational" if draft.study_type != "INTERVENTIONAL" else f"{phase}Clinical"
    setting = draft.pick(("Multicenter", "Single-centre", "Prospective", "Pragmatic", "Nation-wide"))
    measure = draft.pick(prose.MEASURES).capitalize()
    return f"A {setting} {kind} Study to Examine {draft.main_name} With Regard to {measure} in People With {condition}"


def _acronym(draft: Draft) -> str:
    words = (draft.main_name + " " + draft.conditions[0][0]).replace("-", " ").split()
    letters = "".join(word[: 1 + (len(words) < 4)] for word in words if word[0].isalpha())
    return (letters.upper() if draft.r() < 0.7 else letters.capitalize())[:12] + str(int(draft.r() * 90) + 1)


def _secondary_ids(draft: Draft) -> list[Json]:
    """Ids elsewhere: registries with their real formats, grants, free text.

    Three of four studies have none.
    """
    r = draft.r
    if r() > 0.25:
        return []
    count = 1 if r() < 0.75 else 2 + int(r() * 3)
    kinds = dict.fromkeys(_SECONDARY_KINDS(r()) for _ in range(count))
    return [secondary_id(draft, kind) for kind in kinds]


def secondary_id(draft: Draft, kind: str) -> Json:
    """One entry of ``secondaryIdInfos``; the digits come from the study's place in the numbering,
    hence are unique."""
    number = registry_number(draft.seed, draft.index)
    year = max(int(iso_year(draft.timeline.first_submit_day)), 2004)
    late = max(year, 2022)
    registry: dict[str, tuple[str, str]] = {
        "UTN": (f"U1111-{1000 + number // 10000 % 9000:04d}-{number % 10000:04d}", "WHO UTN"),
        "ISRCTN": (f"ISRCTN{10_000_000 + number}", "ISRCTN"),
        "DRKS": (f"DRKS{10_000_000 + number}", "DRKS"),
        "CHICTR": (f"ChiCTR{number + 2_100_000_000}", "ChiCTR"),
        "JRCT": (f"jRCTs{100_000_000 + number}", "jRCT"),
        "ACTRN": (f"ACTRN1262{number:010d}", "ANZCTR"),
        "CTRI": (
            f"CTRI/{max(year, 2008)}/{1 + number % 12:02d}/{1 + number % 999_999:06d}",
            "Clinical Trials Registry - India",
        ),
        "NL": (f"NL{10000 + number % 90000}", "Netherlands Trial Register"),
        "KCT": (f"KCT{1 + number:07d}", "CRiS"),
    }
    if kind == "EUDRACT":
        return {"id": f"{year}-{1 + number % 99_999:06d}-{10 + number % 90}", "type": "EUDRACT_NUMBER"}
    if kind == "CTIS":
        return {"id": f"{late}-5{number % 90_000 + 1:05d}-{10 + number % 90}-00", "type": "CTIS"}
    if kind == "NIH":
        grant = f"R01HL{number % 900_000 + 100_000}"
        return {"id": grant, "type": "NIH", "link": f"https://reporter.example.org/search/{grant}"}
    if kind == "GRANT":
        return {"id": f"GR-{number}", "type": "OTHER_GRANT", "domain": "Foundation for Invented Research"}
    if kind == "OTHER":
        return {
            "id": f"{draft.conditions[0][1][:2].upper()}-{number}/B",
            "type": "OTHER",
            "domain": "Ethics Committee",
        }
    value, domain = registry[kind]
    return {"id": value, "type": "REGISTRY", "domain": domain}


def _posted(day: int) -> Json:
    return {"date": iso_day(day), "type": "ACTUAL" if day >= POST_TYPES_ACTUAL_SINCE else "ESTIMATED"}


def status(draft: Draft) -> Json:
    """``statusModule``: status, why stopped, all dates."""
    t, r = draft.timeline, draft.r
    module: Json = {"statusVerifiedDate": t.verified, "overallStatus": t.status}
    if t.last_known:
        module["lastKnownStatus"] = t.last_known
    if t.status == "WITHHELD":
        module["delayedPosting"] = True
    if t.status in STOPPED:
        module["whyStopped"] = draft.pick(draft.pools.why_stopped)
    if draft.study_type != "EXPANDED_ACCESS":
        linked = draft.study_type == "INTERVENTIONAL" and r() < 0.004
        module["expandedAccessInfo"] = {"hasExpandedAccess": linked}
        if linked:
            module["expandedAccessInfo"]["nctId"] = expanded_access_partner(draft.seed, draft.index)
            module["expandedAccessInfo"]["statusForNctId"] = "AVAILABLE"
    for name, value in (
        ("start", t.start),
        ("primaryCompletion", t.primary_completion),
        ("completion", t.completion),
    ):
        if value is not None:
            module[f"{name}DateStruct"] = value.struct()
    module["studyFirstSubmitDate"] = iso_day(t.first_submit_day)
    module["studyFirstSubmitQcDate"] = iso_day(t.first_qc_day)
    module["studyFirstPostDateStruct"] = _posted(t.first_post_day)
    if draft.has_results:
        module["resultsFirstSubmitDate"] = iso_day(draft.results_submit_day)
        module["resultsFirstSubmitQcDate"] = iso_day(draft.results_qc_day)
        module["resultsFirstPostDateStruct"] = _posted(draft.results_post_day)
    if draft.certificate_day:
        day = draft.certificate_day
        module["dispFirstSubmitDate"] = iso_day(day)
        module["dispFirstSubmitQcDate"] = iso_day(day)
        module["dispFirstPostDateStruct"] = _posted(next_working_day(day + 3))
    module["lastUpdateSubmitDate"] = iso_day(t.last_submit_day)
    posted = next_working_day(t.last_submit_day + 1 + int(r() * 3))
    module["lastUpdatePostDateStruct"] = _posted(max(posted, draft.results_post_day, t.first_post_day))
    return module


def sponsors(draft: Draft) -> Json:
    """``sponsorCollaboratorsModule``: who answers for the study, who pays."""
    r = draft.r
    party: Json = {"type": "SPONSOR"}
    if draft.lead.sponsor_class not in ("INDUSTRY", "NIH") and r() < 0.5:
        affiliation = draft.lead.name
        party["type"] = "SPONSOR_INVESTIGATOR" if r() < 0.12 else "PRINCIPAL_INVESTIGATOR"
        party["investigatorFullName"] = draft.investigator
        party["investigatorTitle"] = draft.pick(places.JOB_TITLES)
        party["investigatorAffiliation"] = affiliation
    module: Json = {
        "responsibleParty": party,
        "leadSponsor": {"name": draft.lead.name, "class": draft.lead.sponsor_class},
    }
    if r() < 0.34:
        found = {org.name: org for org in draft.run(draft.pools.organisations, 1 + int(6 * r() * r() * r()))}
        found.pop(draft.lead.name, None)
        if found:
            module["collaborators"] = [{"name": org.name, "class": org.sponsor_class} for org in found.values()]
    return module


def oversight(draft: Draft) -> Json:
    """``oversightModule``: monitoring committee and FDA flags (absent on older records)."""
    r = draft.r
    module: Json = {}
    if r() < 0.8:
        module["oversightHasDmc"] = r() < 0.42
    if draft.fda_flags is not None:
        drug, device = draft.fda_flags
        module["isFdaRegulatedDrug"] = drug
        module["isFdaRegulatedDevice"] = device
        if device and (draft.timeline.status == "WITHHELD" or r() < 0.3):
            module["isUnapprovedDevice"] = True
        if (drug or device) and r() < 0.3:
            module["isUsExport"] = r() < 0.2
    return module


def description(draft: Draft) -> Json:
    """``descriptionModule``: one to many paragraphs, some with bullets, some naming other trials."""
    r, pool = draft.r, draft.pools
    kind = "observational study" if draft.study_type == "OBSERVATIONAL" else "clinical trial"
    opener = draft.pick(prose.SUMMARY_OPENERS).format(kind=kind, d=draft.main_name, c=draft.conditions[0][0])
    parts = [opener, *draft.run(pool.paragraphs, int(r() * r() * 2.6) + (r() < 0.55))]
    if r() < 0.12:
        parts.append("The main questions are:\n\n" + "\n".join(f"* {item}" for item in draft.run(pool.sentences, 3)))
    module: Json = {"briefSummary": "\n\n".join(parts)}
    if r() < 0.64:
        length = 1 + int(9 * r() * r()) if r() < 0.95 else 8 + int(16 * r())
        paragraphs = draft.run(pool.paragraphs, length)
        if r() < 0.12:
            others = f"NCT{_other_number(draft)} and NCT{_other_number(draft)}"
            paragraphs.append(f"Follow-up of participants of {others} is included.")
        if r() < 0.15:
            paragraphs.insert(0, "BACKGROUND:")
        module["detailedDescription"] = "\n\n".join(paragraphs)
    return module


def _other_number(draft: Draft) -> int:
    return 90_000_000 + int(draft.r() * 7_999_993)


def conditions(draft: Draft) -> Json:
    """``conditionsModule``: conditions as the sponsor writes them, keywords for two of three."""
    module: Json = {"conditions": [condition[0] for condition in draft.conditions]}
    if draft.r() < 0.66:
        start = int(draft.r() * len(prose.KEYWORDS))
        count = 1 + int(8 * draft.r() * draft.r())
        module["keywords"] = [prose.KEYWORDS[(start + 5 * step) % len(prose.KEYWORDS)] for step in range(count)]
    return module
