"""Vocabulary of the synthetic records: sentence patterns whose ``{slots}`` the pools fill.

Belongs here: English (and a little other) prose patterns, written for this project. Does not belong here:
drawing.

Texts follow the registry's markup (CommonMark): ``<``, ``>``, ``[``, ``]``, ``*`` as text are
backslash-escaped. Brackets are balanced and no pattern states an age, because eligibility rules compare
ages in the text with fields.
"""

from __future__ import annotations

from typing import Final

# slots: {c} condition, {d} treatment, {e} other treatment, {m} measure, {n} small number, {w} weeks, {p}
# per cent
STUDY_SENTENCES: Final = (
    "{c} remains a frequent cause of disability, and current options leave {p}% of patients without relief.",
    "Earlier work suggested that {d} lowers {m}, but the number of participants was small.",
    "This study compares {d} with {e} in people with {c}.",
    "Participants are followed for {w} weeks after the last dose of {d}.",
    "The main question is whether {d} changes {m} more than {e} does.",
    "Visits take place at baseline and at weeks {n}, {w} and {w2}.",
    "A blood sample of {n} ml is taken at every visit and stored at \\<-70 °C.",
    "Randomisation is stratified by site and by severity of {c} (mild, moderate, severe).",
    (
        "The sample size gives 80% power to detect a difference of {n} points in {m} at a two-sided alpha of "
        "0.05."
    ),
    "An independent committee reviews safety data after every {w} participants.",
    "The dose of {d} is raised in steps (≤ {n} mg/kg per step) until the target is reached.",
    (
        "Missing values are handled by multiple imputation with {w} data sets; sensitivity analyses use "
        "tipping points."
    ),
    "Secondary questions concern {m}, quality of life and use of health services.",
    "Participants who stop {d} early are asked to stay in follow-up.",
    (
        "The comparator, {e}, was chosen because it is the usual first choice for {c} in the participating "
        "countries."
    ),
    "Concentrations of {d} in plasma are measured before the dose and {n} hours after it.",
    "In a preceding cohort, {m} improved by {p}% (95% CI \\[{n}; {w2}\\]).",
    "The protocol was discussed with a panel of people living with {c}, who asked for fewer visits.",
    "Data are entered into an electronic case report form with range checks.",
    "Adverse events are graded with a five-point scale; grade ≥ 3 events are reported within 24 hours.",
    "Imaging is read centrally by two readers who do not know the treatment.",
    "Enrolment is staggered: the first {n} participants are observed for {w} days before others follow.",
    "Patients treated with {d} outside the study serve as an external comparison.",
    "The intervention is delivered by trained nurses in sessions of {w} minutes, {n} times a week.",
    "Results of interim analysis are not shown to investigators.",
    "Costs are taken from the payer's perspective, with a horizon of {n} years and a discount rate of 3%.",
    "Genetic analysis is limited to markers that may explain the response to {d}.",
    "This registry-based study collects routine data on {c} without changing treatment.",
    "Adherence is judged by pill count (\\>{p}% of doses taken counts as adherent).",
    "The statistical analysis plan is signed before the database is locked.",
    "Quality of life is recorded with a validated questionnaire of {w} items.",
    "Previous treatment with {e} is allowed if the last dose was given more than {w} weeks before screening.",
    "Because {c} varies with season, recruitment covers at least one full year.",
    "Patients are drawn from hospitals, general practices and a patients' association.",
    "Le traitement par {d} est administré une fois par jour pendant {w} semaines.",
    "研究对象为{w}例患者，随访{n}个月。",
    "يُتابَع المشاركون لمدة {w} أسبوعًا بعد الجرعة الأخيرة.",
    "The cafe\u0301-style group sessions (n = {w}) are led by a psychologist.",
)  # fmt: skip
STUDY_SENTENCE_OPENERS: Final = (
    "", "", "", "", "In detail: ", "Of note, as the protocol states: ", "Background: ", "Rationale. ",
)  # fmt: skip

SUMMARY_OPENERS: Final = (
    "The goal of this {kind} is to learn if {d} works in people with {c}.",
    "The purpose of this study is to evaluate {d} in participants with {c}.",
    "This {kind} examines {d} for {c}.",
    "{c} is common, and the role of {d} is not settled. This {kind} addresses it.",
)  # fmt: skip

INCLUSION_ITEMS: Final = (
    "Diagnosis of {c} for at least {n} months", "Written informed consent before any study procedure",
    "Able to swallow tablets and to attend all visits", "Stable dose of {d} for ≥ {w} weeks",
    "Body mass index between {w} and {w2} kg/m²", "ECOG performance status of 0 or 1",
    "At least {n} episodes of {c} in the {w} weeks before screening",
    "Haemoglobin \\>= {n2} g/dL at screening",
    "Platelet count \\> {p} x 10\\^9/L", "Estimated glomerular filtration rate (eGFR) ≥ {p} ml/min/1.73 m²",
    "Willing to use effective contraception until {w} weeks after the last dose",
    "Measurable disease (at least one lesion of ≥ {n2} mm on CT)",
    "Score of {m} of {n} or more on two occasions",
    "Life expectancy of more than {w} weeks", "Access to a telephone and able to read the study language",
    "Negative pregnancy test (serum or urine) within {n} days before randomisation",
    "Previous treatment with {e} failed or was not tolerated", "Resident in the study area for ≥ {n} months",
    "Forced expiratory volume in one second (FEV1) \\< {p}% of predicted",
    "Scheduled for elective surgery under general anaesthesia",
    "HbA1c from {n}.{n}% to {n2}.{n}% (inclusive)", "Left ventricular ejection fraction ≤ {p}%",
    "Able to complete the diary on at least {n} of 7 days during run-in",
    "Candidate for {d} in the judgement of the treating physician",
)  # fmt: skip
EXCLUSION_ITEMS: Final = (
    "Known hypersensitivity to {d} or to any excipient", "Pregnant or breast-feeding",
    "Participation in another interventional study within {w} days",
    "Active infection with hepatitis B, hepatitis C or HIV",
    "Use of {e} in the {w} weeks before screening",
    "History of malignancy within {n} years, other than treated basal cell carcinoma",
    "Uncontrolled hypertension (systolic \\> {p2} mmHg at two visits)",
    "Alanine aminotransferase \\> {n} x upper limit of normal \\[ULN\\]",
    "Major surgery within {w} weeks or planned during the study",
    "Severe psychiatric illness that would interfere with follow-up",
    "Alcohol or drug dependence in the past {n} years", "Unable to understand the purpose of the study",
    "Any condition that, in the investigator's opinion, makes participation unsafe",
    "QTc interval \\> {p3} ms",
    "Live vaccine within {w} days before the first dose", "Organ transplant (any)",
    "Systemic corticosteroids (≥ {n2} mg prednisone equivalent per day)",
    "Creatinine clearance \\< {p} ml/min", "Symptomatic {c} that needs treatment in hospital",
    "Known bleeding disorder or use of anticoagulants",
    "Myocardial infarction or stroke within the last {n} months",
    "Employees of the sponsor and their first-degree relatives",
    "Pacemaker or other implant that rules out magnetic resonance imaging",
    "Current smoker of more than {w} cigarettes per day",
    "Untreated thyroid disease", "Planned move out of the area within {n} months",
)  # fmt: skip
ITEM_QUALIFIERS: Final = (
    "", "", "", ", as confirmed by two independent physicians",
    ", documented in the medical record and verified by source data",
    "; participants who do not meet this criterion may be screened once more after {w} days",
    (
        " (local laboratory values are accepted if the sample was taken no more than {n} weeks before the "
        "first visit)"
    ),
    (
        ", unless the treating physician and the medical monitor agree that participation is safe and in the "
        "participant's interest"
    ),
    ", judged with the criteria in force in the participating country at the time of screening",
    "; for women the method must have been in use for at least {n} complete cycles, for men for {w} days",
    ", including, but not limited to, the conditions listed in appendix {n} of the protocol",
)  # fmt: skip
NESTED_ITEMS: Final = ("heart failure of NYHA class III or IV", "unstable angina",
"clinically relevant arrhythmia",
                       "interstitial lung disease", "cirrhosis (Child-Pugh B or C)",
                       "proteinuria \\> 1 g/day")  # fmt: skip

MEASURES: Final = (
    "pain intensity", "HbA1c", "systolic blood pressure", "forced expiratory volume in 1 second",
    "body weight",
    "overall survival", "progression-free survival", "objective response rate", "depression score",
    "disease activity index",
    "six-minute walk distance", "symptom score", "number of exacerbations", "health-related quality of life",
    "fasting glucose", "LDL cholesterol", "bone mineral density", "visual acuity", "plaque index",
    "sleep quality",
    "viral load", "hospital admission", "adherence to treatment", "maximum plasma concentration",
    "area under the curve",
    "time to first relapse", "lesion volume on MRI", "opioid consumption", "length of hospital stay",
    "serum ferritin",
)  # fmt: skip
OUTCOME_PATTERNS: Final = (
    "Change from baseline in {m}", "Change in {m} at week {w}",
    "Percentage of participants with improvement in {m}",
    "{M} at {n} months", "Proportion of participants with ≥ {p}% reduction in {m}",
    "Mean {m} during treatment, instrument {n}",
    "Time until change in {m}", "{M}, blinded assessment no. {n}",
)  # fmt: skip
OUTCOME_DESCRIPTIONS: Final = (
    "Measured with a scale from 0 (best) to {p} (worst); higher scores mean a worse outcome.",
    "Assessed by the investigator at each visit. A decrease of at least {n} points is considered relevant.",
    "Calculated as the value at week {w} minus the value at baseline.",
    "Determined by a central laboratory from fasting samples.",
    "Number of participants who reach the threshold divided by the number analysed.",
    "Blood samples are taken before the dose and at {n}, {n2} and {w} hours after it.",
    "Confirmed by a second assessment no less than {w} days later, following published criteria.",
)  # fmt: skip
TIME_FRAMES: Final = (
    "Baseline, Week {w}", "{w} weeks", "{n} months", "up to {n} years", "Baseline and {n} months",
    "From enrolment to the end of treatment at {w} weeks",
    "Day 1 to Day {w}", "Through study completion, an average of 1 year",
    "At {n} and {n2} hours after surgery", "{n} years", "Week {n}, Week {w}",
)  # fmt: skip
ARM_DESCRIPTIONS: Final = (
    "Participants receive {d} once daily for {w} weeks.",
    "{d} {p} mg by mouth twice a day, with dose reduction for toxicity.",
    "Intravenous infusion of {d} on Day 1 of each {w}-day cycle, for up to {n} cycles.",
    "Usual care according to local practice, with the same visit schedule.",
    "Training of {w} minutes, {n} times per week, under supervision.",
    "Weight-based dose (≤ {n} mg/kg) followed by observation for {w} hours.",
    "Same volume and appearance as the active product.",
    "Delivered by a physiotherapist; sessions are recorded for fidelity.",
)  # fmt: skip
WHY_STOPPED: Final = (
    "Slow accrual", "Sponsor decision, not related to safety", "Lack of funding",
    "Principal investigator left the institution",
    "Recruitment did not reach the target within {n} years", "Interim analysis showed futility",
    "Study drug no longer supplied",
    "Business decision", "Low enrolment during the COVID-19 pandemic",
    "Protocol redesigned as another study", "Safety findings in {n} of {w} participants",
    "The reference treatment changed; equipoise was lost", "Regulatory approval was not obtained",
)  # fmt: skip
KEYWORDS: Final = (
    "randomised", "quality of life", "biomarker", "primary care", "paediatric", "follow-up", "adherence",
    "telemedicine", "prevention",
    "immunotherapy", "rehabilitation", "nutrition", "feasibility", "screening", "genetics", "anaesthesia",
    "exercise", "real-world data",
    "microbiome", "imaging", "nursing", "physiotherapy", "implementation", "long-term safety",
    "pharmacokinetics", "résumé score", "β-blocker",
)  # fmt: skip
IPD_DESCRIPTIONS: Final = (
    "De-identified participant data that underlie the published results will be shared.",
    "No plan to share individual participant data.",
    "Data may be requested from the corresponding author after publication.",
    "There is not yet a plan to make individual participant data available.",
)  # fmt: skip
IPD_TIME_FRAMES: Final = (
    "Beginning 6 months and ending 5 years after publication.",
    "Within 12 months of study completion, no end date.",
)
IPD_ACCESS: Final = (
    "Researchers who provide a methodologically sound proposal and sign a data access agreement.",
    "Requests are reviewed by an independent panel.",
)
REFERENCE_TITLES: Final = (
    "{d} versus {e} in {c}: a randomised trial", "{M} as a predictor of outcome in {c}",
    "Natural history of {c}: a cohort of {p} patients",
    "Validation of a {n}-item questionnaire for {c}", "Guideline for the treatment of {c}",
)  # fmt: skip
JOURNALS: Final = (
    "J Synth Med",
    "Ann Invent Res",
    "Acta Exempl Clin",
    "Fict Trials",
    "Arch Sample Epidemiol",
    "Int J Made Stud",
)
DROP_REASONS: Final = (
    "Adverse Event",
    "Withdrawal by Subject",
    "Lost to Follow-up",
    "Physician Decision",
    "Protocol Violation",
    "Lack of Efficacy",
    "Death",
)
