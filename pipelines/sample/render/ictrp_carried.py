"""What can be had back from ICTRP's fields of a study, with certainty: all that a perfect reader gives.

Belongs here: for each source registry, what its fields keep, coarsen and lose. Does not: how they are written
(ictrp_fields.py).
"""

from __future__ import annotations

from typing import Any

from pipelines.sample.render.ictrp_parts import (
    Json,
    contacts,
    countries,
    criteria_lines,
    has_both_criteria,
    is_in_groups,
    is_whole_day,
    other_ids,
    protocol,
    record_id_of,
    registry_of,
)
from pipelines.sample.render.ictrp_words import CHICTR_DESIGNS


def carried(study: Json) -> Json:
    """The study as it comes back, without ICTRP's own wordings beside it."""
    registry = registry_of(study)
    modules = {
        "identificationModule": _identification(study, registry),
        "statusModule": _status(study, registry),
        "sponsorCollaboratorsModule": _sponsors(study),
        "conditionsModule": _conditions(study, registry),
        "designModule": _design(study, registry),
        "armsInterventionsModule": _interventions(study, registry),
        "outcomesModule": _outcomes(study, registry),
        "eligibilityModule": _eligibility(study, registry),
        "contactsLocationsModule": _people_and_places(study),
    }
    found: Json = {"protocolSection": {name: module for name, module in modules.items() if module}}
    refreshed = protocol(study, "statusModule", "lastUpdatePostDateStruct", "date")
    if refreshed:
        found["derivedSection"] = {"miscInfoModule": {"versionHolder": refreshed}}
    if registry == "CTGOV" and study.get("hasResults"):
        found["hasResults"] = True
    if registry != "CTGOV":
        found["registrySection"] = {"registry": registry, "recordId": record_id_of(study)}
    return found


def _kept(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _identification(study: Json, registry: str) -> Json:
    module = protocol(study, "identificationModule") or {}
    return _kept(
        nctId=module["nctId"] if registry == "CTGOV" else None,
        briefTitle=module.get("briefTitle"),
        officialTitle=module.get("officialTitle"),
        acronym=module.get("acronym"),
        secondaryIdInfos=[{"id": one} for one in other_ids(study)],
    )


def _status(study: Json, registry: str) -> Json:
    module = protocol(study, "statusModule") or {}

    def day(name: str) -> str | None:
        return (module.get(name) or {}).get("date")

    start = day("startDateStruct")
    has_start = registry != "EUCTR"  # whose column is the day of authorisation
    posted = day("resultsFirstPostDateStruct") if registry == "CTGOV" and study.get("hasResults") else None
    completed = day("completionDateStruct") if registry in ("ISRCTN", "JRCT") else None
    recruiting = module.get("overallStatus") == "RECRUITING" and registry != "EUCTR"
    registered = day("studyFirstPostDateStruct") if registry != "CTGOV" else None
    return _kept(
        overallStatus="RECRUITING" if recruiting else None,
        startDateStruct=_kept(date=start if registry == "CTGOV" or (is_whole_day(start) and has_start) else None),
        completionDateStruct=_kept(date=completed if is_whole_day(completed) else None),
        studyFirstSubmitDate=module.get("studyFirstSubmitDate") if registry == "CTGOV" else None,
        studyFirstPostDateStruct=_kept(date=registered),
        resultsFirstPostDateStruct=_kept(date=posted),
    )


def _sponsors(study: Json) -> Json:
    module = protocol(study, "sponsorCollaboratorsModule") or {}
    names = list(dict.fromkeys(one["name"] for one in module.get("collaborators") or ()))
    return _kept(
        leadSponsor=_kept(name=(module.get("leadSponsor") or {}).get("name")),
        collaborators=[{"name": name} for name in names],
    )


def _conditions(study: Json, registry: str) -> Json:
    found = protocol(study, "conditionsModule", "conditions") or []
    if registry == "CTGOV":
        return _kept(conditions=list(dict.fromkeys(found)))
    return _kept(conditions=[", ".join(found)] if found else [])


def _design(study: Json, registry: str) -> Json:
    module = protocol(study, "designModule") or {}
    phases = module.get("phases") or []
    if (
        (registry == "EUCTR" and phases in (["NA"], ["EARLY_PHASE1"]))
        or (registry in ("CHICTR", "JRCT", "CTRI") and phases == ["EARLY_PHASE1"])
        or (module.get("studyType") != "INTERVENTIONAL" and phases == ["NA"])
    ):
        phases = []
    count = (module.get("enrollmentInfo") or {}).get("count")
    return _kept(
        studyType=module.get("studyType"),
        patientRegistry=True if registry == "CTGOV" and module.get("patientRegistry") else None,
        phases=phases,
        designInfo=_design_info(study, registry),
        enrollmentInfo={"count": count} if count is not None and not is_in_groups(study) else None,
    )


def _design_info(study: Json, registry: str) -> Json:
    info = protocol(study, "designModule", "designInfo") or {}
    masking = info.get("maskingInfo") or {}
    if protocol(study, "designModule", "studyType") != "INTERVENTIONAL":
        return {}
    if registry == "CTGOV":
        return _kept(
            allocation=info.get("allocation"),
            interventionModel=info.get("interventionModel"),
            primaryPurpose=info.get("primaryPurpose"),
            maskingInfo=_kept(masking=masking.get("masking"), whoMasked=masking.get("whoMasked")),
        )
    if registry == "CHICTR":
        model = info.get("interventionModel")
        return _kept(interventionModel=model if model in CHICTR_DESIGNS else None)
    if registry != "EUCTR":
        return {}
    blind = {"TRIPLE": "DOUBLE", "QUADRUPLE": "DOUBLE"}.get(masking.get("masking", ""), masking.get("masking"))
    model = info.get("interventionModel")
    return _kept(
        allocation="RANDOMIZED" if info.get("allocation") == "RANDOMIZED" else None,
        interventionModel=model if model in ("PARALLEL", "CROSSOVER") else None,
        maskingInfo=_kept(masking=blind),
    )


def _interventions(study: Json, registry: str) -> Json:
    found = protocol(study, "armsInterventionsModule", "interventions") or []
    if registry == "CTGOV":
        return _kept(interventions=[{"type": one["type"], "name": one["name"]} for one in found])
    if registry == "EUCTR":
        return _kept(interventions=[_product(one) for one in found])
    text = "".join(f"Group {number}:{one['name']};" for number, one in enumerate(found, start=1))
    return _kept(interventions=[{"description": text}] if text else [])


def _product(one: Json) -> Json:
    other = (one.get("otherNames") or [None])[0]
    lines = [f"Product Name: {one['name']}", "Pharmaceutical Form: Tablet"]
    lines += [f"INN or Proposed INN: {other}"] if other else []
    names = [other] if other and other != one["name"] else []
    return _kept(name=one["name"], description="\n".join(lines), otherNames=names)


def _outcomes(study: Json, registry: str) -> Json:
    return _kept(
        primaryOutcomes=_measures(study, registry, "primaryOutcomes"),
        secondaryOutcomes=_measures(study, registry, "secondaryOutcomes"),
    )


def _measures(study: Json, registry: str, kind: str) -> list[Json]:
    found = protocol(study, "outcomesModule", kind) or []
    measures = [one["measure"] for one in found]
    if not measures or registry in ("CTGOV", "CHICTR"):
        return [{"measure": measure} for measure in measures]
    if registry == "EUCTR":
        times = list(dict.fromkeys(one["timeFrame"] for one in found if one.get("timeFrame")))
        return [_kept(measure="\n".join(measures), timeFrame="\n".join(times))]
    return [{"measure": "\n".join(f"{number}. {measure}" for number, measure in enumerate(measures, start=1))}]


def _eligibility(study: Json, registry: str) -> Json:
    module = protocol(study, "eligibilityModule") or {}
    return _kept(
        eligibilityCriteria=_criteria(study, registry),
        sex=module.get("sex"),
        minimumAge=_age(module.get("minimumAge"), registry),
        maximumAge=_age(module.get("maximumAge"), registry),
    )


def _age(age: str | None, registry: str) -> str | None:
    if age is None or registry in ("EUCTR", "ISRCTN"):
        return None
    return age if registry in ("CTGOV", "CTRI") or age.split()[1].startswith("Year") else None


def _criteria(study: Json, registry: str) -> str:
    lines = criteria_lines(study)
    if registry == "CTGOV":
        paragraphs = [one for part, said in lines.items() for one in ([f"{part} Criteria:"] if part else []) + said]
        return "\n\n".join(paragraphs)
    if has_both_criteria(study):
        return "\n\n".join("\n".join([f"{part} Criteria:", *lines[part]]) for part in ("Inclusion", "Exclusion"))
    everything = [one for part in lines.values() for one in part]
    return "\n".join(["Inclusion Criteria:", *everything]) if everything else ""


def _people_and_places(study: Json) -> Json:
    return _kept(
        centralContacts=contacts(study),
        locations=[{"country": country} for country in countries(study)],
    )
