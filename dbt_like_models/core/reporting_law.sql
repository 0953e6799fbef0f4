/* ---
description: >-
  What laws and norms ask about the reporting of trials, one fact a row, each with the days on which it holds and where
  it is written. marts.results_compliance applies them; to change a law, change rows here. docs/marts/results_compliance.md
  explains each fact. A fact of duty * holds for all duties of the law, one of route * for all its routes.
grain: one row per law, duty, route, fact and first day on which it holds
owner: team:warehouse
tags: [core]
materialised: table
columns:
  law: {type: VARCHAR, description: "FDAAA, EU_GUIDELINE, EU_CTR or WHO.", tests: [not_null]}
  duty: {type: VARCHAR, description: "What is owed: results, registration or verification; * for all.", tests: [not_null, {accepted_values: [results, registration, verification, "*"]}]}
  route: {type: VARCHAR, description: "A way in which a trial comes under the law, such as act; * for all.", tests: [not_null]}
  fact: {type: VARCHAR, description: "Name of the fact, such as due_months.", tests: [not_null]}
  value: {type: VARCHAR, description: "Its value; a list is separated by semicolons.", tests: [not_null]}
  valid_from: {type: DATE, description: "First day on which the fact holds.", tests: [not_null]}
  valid_to: {type: DATE, description: "Last day on which it holds; NULL while it does."}
  basis:
    type: VARCHAR
    description: >-
      What the value rests on: law (the text itself), practice (of a published tracker) or reading (ours, where the text
      leaves room).
    tests: [not_null, {accepted_values: [law, practice, reading]}]
  source: {type: VARCHAR, description: "Where it is written.", tests: [not_null]}
tests:
  - unique: [law, duty, route, fact, valid_from]
--- */
SELECT law, duty, route, fact, value, valid_from::DATE AS valid_from, valid_to::DATE AS valid_to, basis, source
FROM (
    VALUES
        -- United States: FDA Amendments Act of 2007, section 801, and its final rule, 42 CFR part 11.
        ('FDAAA', '*', '*', 'title', 'FDAAA 801 and 42 CFR 11', '2017-01-18', NULL, 'law', '81 FR 64981: the final rule, in effect 2017-01-18'),
        ('FDAAA', '*', '*', 'registries', 'CTGOV', '2017-01-18', NULL, 'law', '42 CFR 11.8'),
        ('FDAAA', '*', '*', 'excluded_statuses', 'WITHDRAWN', '2017-01-18', NULL, 'practice', 'FDAAA TrialsTracker: no participant, nothing to report'),
        ('FDAAA', '*', '*', 'study_types', 'INTERVENTIONAL', '2017-01-18', NULL, 'law', '42 CFR 11.22(b); ACT checklist, question 1'),
        ('FDAAA', '*', '*', 'phases', 'PHASE1/PHASE2; PHASE2; PHASE2/PHASE3; PHASE3; PHASE4; NA', '2017-01-18', NULL, 'law', '42 CFR 11.22(b): other than phase 1; ACT checklist, question 3'),
        ('FDAAA', '*', '*', 'excluded_purposes', 'DEVICE_FEASIBILITY', '2017-01-18', NULL, 'law', '42 CFR 11.22(b): no device feasibility studies; ACT checklist, question 3'),
        ('FDAAA', '*', 'act', 'label', 'an applicable clinical trial (ACT)', '2017-01-18', NULL, 'law', '42 CFR 11.22(b)'),
        ('FDAAA', '*', 'act', 'starts_from', '2017-01-18', '2017-01-18', NULL, 'law', '42 CFR 11.22(b)'),
        ('FDAAA', '*', 'act', 'regulated', 'stated', '2017-01-18', NULL, 'law', '42 CFR 11.22(b): studies a US FDA-regulated drug or device product; ACT checklist, question 2'),
        ('FDAAA', '*', 'act', 'countries', 'United States; American Samoa; Guam; Northern Mariana Islands; Puerto Rico; U.S. Virgin Islands; Virgin Islands (U.S.)', '2017-01-18', NULL, 'law', '42 CFR 11.22(b); ACT checklist, question 4a'),
        ('FDAAA', '*', 'act', 'countries_or', 'export or IND', '2017-01-18', NULL, 'law', 'ACT checklist, questions 4b (IND or IDE, not public) and 4c (product exported from the US)'),
        ('FDAAA', '*', 'pact_new', 'label', 'a probable applicable clinical trial by the new data elements (pACT)', '2017-01-18', NULL, 'practice', 'FDAAA TrialsTracker'),
        ('FDAAA', '*', 'pact_new', 'starts_before', '2017-01-18', '2017-01-18', NULL, 'law', '42 CFR 11.22(a)'),
        ('FDAAA', '*', 'pact_new', 'completes_from', '2017-01-18', '2017-01-18', NULL, 'law', '42 CFR 11.42: the rule asks for results of trials completed from this day'),
        ('FDAAA', '*', 'pact_new', 'regulated', 'stated', '2017-01-18', NULL, 'practice', 'FDAAA TrialsTracker'),
        ('FDAAA', '*', 'pact_new', 'countries', 'United States; American Samoa; Guam; Northern Mariana Islands; Puerto Rico; U.S. Virgin Islands; Virgin Islands (U.S.)', '2017-01-18', NULL, 'law', '42 CFR 11.22(b); ACT checklist, question 4a'),
        ('FDAAA', '*', 'pact_new', 'countries_or', 'export or IND', '2017-01-18', NULL, 'law', 'ACT checklist, questions 4b and 4c'),
        ('FDAAA', '*', 'pact_old', 'label', 'a probable applicable clinical trial by the old data elements (pACT)', '2017-01-18', NULL, 'practice', 'FDAAA TrialsTracker'),
        ('FDAAA', '*', 'pact_old', 'starts_before', '2017-01-18', '2017-01-18', NULL, 'law', '42 CFR 11.22(a)'),
        ('FDAAA', '*', 'pact_old', 'completes_from', '2017-01-18', '2017-01-18', NULL, 'law', '42 CFR 11.42'),
        ('FDAAA', '*', 'pact_old', 'regulated', 'stated or not denied', '2017-01-18', NULL, 'practice', 'FDAAA TrialsTracker: the old element is_fda_regulated where the new ones are not filled in'),
        ('FDAAA', '*', 'pact_old', 'intervention_types', 'DRUG; DEVICE; BIOLOGICAL; GENETIC; RADIATION; COMBINATION_PRODUCT; DIAGNOSTIC_TEST', '2017-01-18', NULL, 'practice', 'FDAAA TrialsTracker'),
        ('FDAAA', '*', 'pact_old', 'countries', 'United States; American Samoa; Guam; Northern Mariana Islands; Puerto Rico; U.S. Virgin Islands; Virgin Islands (U.S.)', '2017-01-18', NULL, 'practice', 'FDAAA TrialsTracker'),
        ('FDAAA', 'results', '*', 'due_after', 'primary_completion', '2017-01-18', NULL, 'law', '42 CFR 11.44(a)'),
        ('FDAAA', 'results', '*', 'due_months', '12', '2017-01-18', NULL, 'law', '42 CFR 11.44(a): no later than 1 year after the primary completion date'),
        ('FDAAA', 'results', '*', 'grace_days', '30', '2017-01-18', NULL, 'practice', 'FDAAA TrialsTracker: quality review may hide a submission for 30 days (42 CFR 11.52)'),
        ('FDAAA', 'results', '*', 'certificate_months', '24', '2017-01-18', NULL, 'law', '42 CFR 11.44(b)(2), (c)(2): at most 2 years after the certification was submitted'),
        ('FDAAA', 'results', '*', 'fine_per_day_usd', '10000', '2007-09-27', '2017-02-02', 'law', '21 USC 333(f)(3)(B)'),
        ('FDAAA', 'results', '*', 'fine_per_day_usd', '11569', '2017-02-03', NULL, 'practice', 'FDAAA TrialsTracker, from 45 CFR 102.3 as of 2017; later yearly increases are not entered'),
        ('FDAAA', 'results', '*', 'fine_free_days', '30', '2017-01-18', NULL, 'law', '21 USC 333(f)(3)(B): each day after the 30 days that follow a notice'),
        ('FDAAA', 'registration', '*', 'due_after', 'start', '2017-01-18', NULL, 'law', '42 CFR 11.24(a)'),
        ('FDAAA', 'registration', '*', 'due_days', '21', '2017-01-18', NULL, 'law', '42 CFR 11.24(a): within 21 days after the first participant is enrolled'),
        ('FDAAA', 'registration', '*', 'counts_from', '2008-09-27', '2017-01-18', NULL, 'practice', 'JAMA Intern Med 2021, 10.1001/jamainternmed.2021.2036: earlier starts are judged from this day'),
        ('FDAAA', 'verification', '*', 'due_after', 'verification', '2017-01-18', NULL, 'law', '42 CFR 11.64(a)'),
        ('FDAAA', 'verification', '*', 'due_months', '12', '2017-01-18', NULL, 'law', '42 CFR 11.64(a): not less than once every 12 months'),
        ('FDAAA', 'verification', '*', 'ends_with_results', 'yes', '2017-01-18', NULL, 'practice', 'JAMA Intern Med 2021, 10.1001/jamainternmed.2021.2036: unless completed with results, or results pending'),
        -- European Union: trials under Directive 2001/20/EC, in EudraCT and the EU Clinical Trials Register.
        ('EU_GUIDELINE', '*', '*', 'title', 'Commission Guideline 2012/C 302/03', '2014-07-21', NULL, 'law', 'in effect since EudraCT took results, 2014-07-21'),
        ('EU_GUIDELINE', '*', '*', 'registries', 'EUCTR', '2014-07-21', NULL, 'law', '2012/C 302/03'),
        ('EU_GUIDELINE', '*', 'euctr', 'label', 'a trial of the EU Clinical Trials Register', '2014-07-21', NULL, 'law', '2012/C 302/03'),
        ('EU_GUIDELINE', '*', 'euctr', 'except', 'adult phase 1; outside the EU without a paediatric plan; moved to CTIS; never begun', '2014-07-21', NULL, 'practice', 'EU Trials Tracker; EudraCT results FAQ 5; Regulation (EC) 1901/2006, article 41'),
        ('EU_GUIDELINE', 'results', '*', 'due_after', 'end_of_trial', '2014-07-21', NULL, 'law', '2012/C 302/03'),
        ('EU_GUIDELINE', 'results', '*', 'due_months', '12', '2014-07-21', NULL, 'law', '2012/C 302/03; EMA, Trial results: modalities and timing of posting'),
        ('EU_GUIDELINE', 'results', '*', 'due_months_paediatric', '6', '2014-07-21', NULL, 'law', 'EMA, Trial results: modalities and timing of posting: 6 months, or 12 where justified'),
        ('EU_GUIDELINE', 'results', '*', 'in_force_from', '2014-07-21', '2014-07-21', NULL, 'law', 'EMA, Trial results: modalities and timing of posting'),
        ('EU_GUIDELINE', 'results', '*', 'backlog_until', '2015-07-21', '2014-07-21', NULL, 'reading', 'AllTrials 2014 on the guideline; trials that ended before had until then, and later notices are said to have allowed more'),
        ('EU_GUIDELINE', 'results', '*', 'grace_days', '28', '2014-07-21', NULL, 'practice', 'EU Trials Tracker'),
        -- European Union: trials under Regulation (EU) 536/2014, in the Clinical Trials Information System.
        ('EU_CTR', '*', '*', 'title', 'Regulation (EU) 536/2014', '2022-01-31', NULL, 'law', 'applies since 2022-01-31'),
        ('EU_CTR', '*', '*', 'registries', 'CTIS', '2022-01-31', NULL, 'law', 'Regulation (EU) 536/2014, article 81'),
        ('EU_CTR', '*', 'ctis', 'label', 'a trial under the Clinical Trials Regulation', '2022-01-31', NULL, 'law', 'Regulation (EU) 536/2014'),
        ('EU_CTR', '*', 'ctis', 'except', 'never begun', '2022-01-31', NULL, 'law', 'Regulation (EU) 536/2014, articles 8(4) and 8(9): refused, or expired as no subject was included in two years'),
        ('EU_CTR', 'results', '*', 'due_after', 'end_of_trial', '2022-01-31', NULL, 'law', 'Regulation (EU) 536/2014, article 37(4): end in all member states concerned'),
        ('EU_CTR', 'results', '*', 'due_months', '12', '2022-01-31', NULL, 'law', 'Regulation (EU) 536/2014, article 37(4)'),
        -- The world: a norm that its signatories took on, applied to every interventional study.
        ('WHO', '*', '*', 'title', 'WHO joint statement on public disclosure of results', '2017-05-18', NULL, 'law', 'who.int, 18 May 2017'),
        ('WHO', '*', '*', 'registries', 'any', '2017-05-18', NULL, 'law', 'any registry of the WHO platform, or ClinicalTrials.gov'),
        ('WHO', '*', '*', 'excluded_statuses', 'WITHDRAWN', '2017-05-18', NULL, 'reading', 'no participant, nothing to report'),
        ('WHO', '*', '*', 'study_types', 'INTERVENTIONAL', '2017-05-18', NULL, 'law', 'WHO statement on public disclosure, 14 April 2015'),
        ('WHO', '*', 'interventional', 'label', 'an interventional study', '2017-05-18', NULL, 'law', 'WHO statement on public disclosure, 14 April 2015'),
        ('WHO', '*', 'interventional', 'except', 'never begun', '2017-05-18', NULL, 'reading', 'no participant, nothing to report'),
        ('WHO', '*', 'interventional', 'completes_from', '2017-05-18', '2017-05-18', NULL, 'reading', 'the day of signing; each signatory set its own date within 12 months'),
        ('WHO', 'results', '*', 'due_after', 'primary_completion', '2017-05-18', NULL, 'reading', 'WHO counts from the last visit for the primary outcome; the wording was not re-read'),
        ('WHO', 'results', '*', 'due_months', '12', '2017-05-18', NULL, 'law', 'WHO statement on public disclosure, 14 April 2015; joint statement 2017')
) AS listed (law, duty, route, fact, value, valid_from, valid_to, basis, source)
ORDER BY law, duty, route, fact, valid_from
