/* ---
description: >-
  Why studies were suspended, terminated or withdrawn, sorted into classes by the written rules below: one regular
  expression for each class, searched in the record's own words after what the text denies ("not for safety
  reasons") has been taken out. A text can be of several classes. English texts only.
grain: one row per record that states a reason or is stopped, and class of reason
owner: team:warehouse
tags: [marts]
materialised: table
incremental: record_key
columns:
  record_key: {type: VARCHAR, description: "The record, as in core.record.", tests: [not_null, {relationships: core.record.record_key}]}
  trial_id: {type: VARCHAR, description: "The trial the record belongs to.", tests: [not_null]}
  overall_status: {type: VARCHAR, description: "Status in the registry."}
  reason_class:
    type: VARCHAR
    description: >-
      Class of the reason, see docs/marts/why_stopped.md; no_context where a rule knows that the words give none,
      unclassified where no rule matches, not_stated where a stopped study has no text.
    tests:
      - not_null
      - accepted_values:
          - another_study
          - business_administrative
          - covid19
          - endpoint_met
          - ethical
          - funding
          - insufficient_data
          - insufficient_enrollment
          - interim_analysis
          - logistics_resources
          - negative
          - not_stopped
          - regulatory
          - safety
          - study_design
          - study_staff_moved
          - success
          - no_context
          - unclassified
          - not_stated
  matched_words: {type: "VARCHAR[]", description: "The words of the text that the rule found; empty where there is no rule or no text.", tests: [not_null]}
  denied_words: {type: "VARCHAR[]", description: "What the text says was not the reason; no rule looks at these words.", tests: [not_null]}
  why_stopped: {type: VARCHAR, description: "The reason in the words of the record."}
tests:
  - unique: [record_key, reason_class]
metrics:
  reason_class:
    meaning: "A kind of reason that the text names."
    formula: "the class's regular expression matches why_stopped without denied_words"
    caveat: "Several classes for one text: shares by class add up to more than 1. Rules find words, not causes; what they miss and get wrong on real texts stands in docs/marts/why_stopped.md. Other languages than English are unclassified."
--- */
WITH stopped AS (
    SELECT
        record_key,
        trial_id,
        overall_status,
        why_stopped,
        -- One spelling of blanks, apostrophes, dashes and "not": the rules need not know others.
        trim(regexp_replace(
            regexp_replace(
                regexp_replace(regexp_replace(why_stopped, '[’‘`´]', '''', 'g'), '[‐‑–—−]', '-', 'g'),
                '(?i)\b(do|does|did|was|were|is|are|has|have|had|could|would|wo|ca)(?:n''t|nnot)\b', '\1 not', 'g'
            ),
            '[\s\p{Zs}]+', ' ', 'g'
        )) AS text
    FROM core.record
    WHERE why_stopped IS NOT NULL OR overall_status IN ('SUSPENDED', 'TERMINATED', 'WITHDRAWN')
),

-- A denial is a cue and a run of topic words after it: "not due to any safety or efficacy concerns". It ends with the
-- first word that is no topic, so that "… but to slow accrual" stays.
denied AS (
    SELECT
        record_key,
        trial_id,
        overall_status,
        why_stopped,
        text,
        regexp_extract_all(
            text,
            '(?i)\b(?:'
            || '(?:not|nor|neither)(?: (?:\w+ly|at all|made|taken|in any way|stopped|terminated|withdrawn|discontinued|was|be|been|a result|the result|in relation|motivated))*'
            || ' (?:due|related|because|based|driven|for|prompted|caused|triggered|influenced|attributable|linked|connected|associated|of|from|result|resulting|a consequence|the consequence|motivated)'
            || '(?: (?:to|by|on|of|with|from|for|in))?(?: the| a| an)?(?: (?:reasons?|result|consequence|cause) of)?'
            || '|unrelated to|irrespective of|regardless of|independent(?:ly)? (?:of|from)|nothing to do with|neither|without'
            || ')(?:[ ,/&-]+(?:any|a|an|the|of|or|and|nor|to|new|known|serious|significant|specific|observed|identified|patients?|subjects?|participants?|drug|product|compound|study|clinical|data|lack|poor|slow|low|insufficient|other|'
            || 'safety|efficacy|effectiveness|toxicity|toxicities|tolerability|adverse|events?|effects?|reactions?|side|quality|regulatory|futility|benefit|risk|'
            || 'enrol?lment|recruitment|accrual|funding|financial|ethical|medical|scientific|covid-?19|pandemic|'
            || 'concerns?|issues?|reasons?|signals?|problems?|findings?|considerations?|profile|related|risks?))*'
            || '[ ,/&-]+(?:safety|efficacy|effectiveness|toxicity|toxicities|tolerability|adverse|events?|effects?|reactions?|quality|regulatory|futility|benefit|risks?|'
            || 'enrol?lment|recruitment|accrual|funding|financial|ethical|medical|scientific|covid-?19|pandemic|'
            || 'concerns?|issues?|reasons?|signals?|problems?|findings?|considerations?|profile|related)\b'
            || '|\b(?:other|rather) than (?:\w+ ){0,2}?(?:safety|efficacy|toxicity|tolerability|funding|enrol?lment|recruitment|accrual)(?: (?:concerns?|issues?|reasons?))?\b'
            || '|\b(?:no|not any|nor any|absence of|without) (?:\w+[ ,/-]+){0,4}?(?:'
            || '(?:safety|efficacy|toxicity|tolerability|medical|risk)(?:[ ,/&-]+(?:or|and|nor|safety|efficacy|toxicity|tolerability|related))*[ -]+(?:concerns?|issues?|reasons?|signals?|problems?|findings?|events?|risks?)'
            || '|adverse (?:events?|effects?|reactions?|experiences?)|side effects?|toxicit(?:y|ies)|saes?)\b'
            || '|\bno (?:new |known |specific )?safety(?:[ ,/&-]+(?:or|and|nor|efficacy|tolerability|regulatory|toxicity|quality|related))*\b'
        ) AS denied_words
    FROM stopped
),

-- A board's name is not its finding: "Data Safety Monitoring Board" says nothing of safety.
searched AS (
    SELECT
        record_key,
        trial_id,
        overall_status,
        why_stopped,
        list_distinct(denied_words) AS denied_words,
        regexp_replace(
            list_reduce(list_prepend(text, denied_words), lambda rest, words: replace(rest, words, '|')),
            '(?i)\b(?:(?:independent|study|external) )?(?:data (?:and |& )?)?(?:safety|data)(?: (?:and|&) (?:safety|data))?[ -](?:monitoring|review)[ -](?:board|committee|panel)',
            'DSMB', 'g'
        ) AS text
    FROM denied
    WHERE text <> ''
),

-- The rules. Gaps between two words are at most so many words of the same sentence: (?:[^\w.;|]+\w+){0,5}?
matched AS (
    SELECT
        record_key,
        trial_id,
        overall_status,
        why_stopped,
        denied_words,
        unnest([
            {
                'reason_class': 'another_study',
                'words': regexp_extract_all(
                    text,
                    '(?i)\b(?:(?:replaced|superseded|succeeded) by|merged? (?:with|into)|combined with|incorporated into|rolled (?:over )?into|included in)(?:[^\w.;|]+\w+){0,5}?[^\w.;|]+(?:stud(?:y|ies)|trials?|protocols?|NCT\d{8})'
                    || '|\b(?:new|newer|another|other|different|separate|larger|similar|identical|revised|second|competing|competitive|concurrent|parallel|follow-?up|prior|previous|earlier|future|subsequent|alternative|ongoing)(?:[^\w.;|]+\w+){0,2}?[^\w.;|]+(?:stud(?:y|ies)|trials?|protocols?)\b'
                    || '|\bcompet(?:ing|ition)(?:[^\w.;|]+\w+){0,3}?[^\w.;|]+(?:stud(?:y|ies)|trials?)|\bNCT\d{8}|\b(?:replaced|superseded) by|\b(?:other|similar|recent|new|lot of|already) publi(?:cations?|shed)|\b(?:results?|data|evidence)(?: \w+){0,3} published'
                )
            },
            {
                'reason_class': 'business_administrative',
                'words': regexp_extract_all(
                    text,
                    '(?i)\bbusiness\b|\bstrateg\w+|\bcorporate\b|\bcommercial\b|\bportfolio\b|\bprioriti\w+|\bpriority\b|\badministrat\w+|\bmanagement decision|\borgani[sz]ational\b'
                    || '|\bacqui(?:red|sition)\b(?: (?:of|by))|\bmerger\b|\bintellectual property\b|\bpatents?\b|\blicen[cs](?:e|ing)\b|\bcontract(?:s|ual|ing)?\b|\bagreements?\b'
                    || '|\bresearch pipeline\b|\bbankrupt\w*|\bout of business\b|\b(?:sponsor|company|manufacturer)(?: (?:is|was|has|been|being))* (?:no longer|sold|out of|winding down|clos\w+)|\bassets\b|\b(?:no longer in|out of) existence|\bceased to exist|^sponsor''?s?\.?$'
                    || '|\b(?:sponsor|company|manufacturer|firm|partner|supplier|collaborator|funder)(?:''s)?(?:/\w+)?(?:[^\w.;|]+\w+){0,3}?[^\w.;|]+(?:deci\w+|request\w*|discretion|choice|terminat\w+|withdr\w+|discontinu\w+|stopped|closed|cancel\w+|ceased|chang\w+)'
                    || '|\b(?:deci\w+|request\w*|terminated|withdrawn|stopped|closed|cancell?ed|discontinued|discretion|conducted)(?:[^\w.;|]+\w+){0,2}? (?:by|of|from) (?:the )?(?:\w+ )?(?:sponsor|company|manufacturer|partner|management)\b'
                    || '|\binternal(?:[^\w.;|]+\w+)?[^\w.;|]+decision'
                    || '|\b(?:stop\w*|discontinu\w+|ceas\w+|terminat\w+|halt\w*|abandon\w*|end\w*|suspend\w*|no longer(?: be)?)(?:[^\w.;|]+\w+){0,5}?[^\w.;|]+(?:develop\w+|program(?:me)?s?|product line)\b'
                    || '|\b(?:develop\w+|program(?:me)?|collaborations?|partnership)(?:[^\w.;|]+\w+){0,5}?[^\w.;|]+(?:stopped|ended|discontinued|ceased|terminated|halted|abandoned|suspended|cancell?ed|not be secured)|\bpartnership\b'
                    || '|\btransfer\w*(?:[^\w.;|]+\w+){0,4}?[^\w.;|]+(?:sponsor|sponser|sponsorship|company)'
                )
            },
            {
                'reason_class': 'covid19',
                'words': regexp_extract_all(text, '(?i)\bcovid\w*(?:-\s?19)?|\b(?:novel )?corona ?virus\w*|\bcorona\b|\bsars-?cov\w*(?:-2)?|\bpandemic')
            },
            {
                'reason_class': 'endpoint_met',
                'words': regexp_extract_all(
                    regexp_replace(text, '(?i)\b(?:not|never|unable|inability|impossible|difficult\w*|lack|without|fail\w*|unlikely)(?:[^\w.;|]+\w+){0,4}?[^\w.;|]+(?:met|reached|achieved|attained|fulfilled|meet|reach|achieve|attain|sufficient|enough|adequate)\b', '|', 'g'),
                    '(?i)\b(?:end-?points?|objectives?|goals?|aims?|targets?|purpose|sample size|number of (?:events|patients|subjects|participants))(?:[^\w.;|]+\w+){0,5}?[^\w.;|]+(?:met|reached|achieved|attained|fulfilled|accomplished)\b'
                    || '|\b(?:met|reached|achieved|attained|fulfilled|accomplished)(?:[^\w.;|]+\w+){0,4}?[^\w.;|]+(?:end-?points?|objectives?|goals?|aims?|targets?|purpose)\b'
                    || '|\b(?:sufficient|enough|adequate)(?:[^\w.;|]+\w+){0,2}?[^\w.;|]+(?:data|information|evidence|patients|subjects|participants|results|number|numbers|sample)\b|\bdeemed sufficient'
                )
            },
            {
                'reason_class': 'ethical',
                'words': regexp_extract_all(regexp_replace(text, '(?i)\bethical (?:committee|approv\w+|review|clearance|board)', '|', 'g'), '(?i)\b(?:un)?ethical\w*|\bethics (?:reasons?|concerns?|issues?|grounds?)')
            },
            {
                'reason_class': 'funding',
                'words': regexp_extract_all(
                    text,
                    '(?i)\b(?:de)?fund(?:s|ing|ers?)?\b|\b(?:not|no longer|un|de|never)[ -]?funded\b|\bfinanc\w+|\bgrants?\b(?:[^\w.;|]+\w+){0,4}?[^\w.;|]+(?:end\w*|expir\w+|terminat\w+|withdr\w+|cancel\w+|not|lost|denied|reject\w+)|\b(?:lack|loss|end|no|without|terminat\w+|expir\w+)(?:[^\w.;|]+\w+){0,3}?[^\w.;|]+grants?\b|\bbudget\w*|\bmoney\b|\bmonetary\b|\bbankrupt\w*|\bcosts?\b|\breimburse\w*|\bsponsorship\b'
                    || '|\b(?:sponsor|company|partner|industry|pharmaceutical|manufacturer)\w*(?:''s)?(?:[^\w.;|]+\w+){0,3}?[^\w.;|]+support(?:[^\w.;|]+\w+){0,3}?[^\w.;|]+(?:withdr\w+|discontinued|ended|stopped|lost)|\b(?:lack|loss|withdrawal|withdrew|withdrawing|pulled|end|inadequate|insufficient|no) (?:of )?(?:\w+ ){0,3}?support\b|\baward (?:\w+ ){0,2}?(?:not|end\w*|expir\w+)'
                )
            },
            {
                'reason_class': 'insufficient_data',
                'words': regexp_extract_all(
                    text,
                    '(?i)\b(?:insufficient|inadequate|incomplete|missing|lack of|not enough|too little|limited|poor|lost|loss of|errors? in|problems? with|issues? with)(?:[^\w.;|]+\w+){0,2}?[^\w.;|]+(?:data|samples|follow-up)\b'
                    || '|\bdata(?:[^\w.;|]+\w+){0,3}?[^\w.;|]+(?:lost|missing|incomplete|insufficient|unusable|corrupt\w*|inadequate|not available|unavailable|not collected|errors?)\b|\bdata (?:quality|integrity)\b'
                )
            },
            {
                'reason_class': 'insufficient_enrollment',
                'words': regexp_extract_all(
                    -- "No further recruitment" is what stopping means.
                    regexp_replace(text, '(?i)\bno (?:further|additional|more|new) (?:\w+ )?(?:enrol|recr|accr|patient|subject|participant)\w*', '|', 'g'),
                    '(?i)\bnon-?(?:recruitment|enrol?lment|accrual)\b|\b(?:slow\w*|low\w*|poor\w*|insufficient\w*|inadequate\w*|lagging|lag|lack|limited|no|zero|0|under|weak|sluggish|little|minimal|difficult\w*|challeng\w*|hard|problem\w*|issue\w*|fail\w*|unable|inability|impossib\w*|not able|could not|did not|not|too few|few\w*|delay\w*|decreas\w*|unsuccessful\w*|suboptimal|unsatisf\w*|disappoint\w*|trouble|struggl\w*)(?:[^\w.;|]+\w+){0,5}?[^\w.;|]+(?:enrol\w*|recr\w*t\w*|accru\w*|inclusions?\b)'
                    || '|\b(?:due to|because of) (?:patient |subject |participant )?(?:enrol|recr\w*t|accru)\w*'
                    || '|\b(?:enrol\w*|recr\w*t\w*|accru\w*|inclusions?)(?: rates?| goals?| targets?| numbers?| of (?:\w+ ){0,3}?\w+)?(?: (?:was|were|is|has been|had been|being|are|could|too|very|of|the|and|did|has|have|proved|proving|been|far|much))*[^\w.;|]+(?:slow\w*|low\w*|poor|insufficient|inadequate|lagging|limited|difficult\w*|challeng\w*|problem\w*|issue\w*|fail\w*|unsuccessful|suboptimal|weak|not|below|behind|less|shortfall|stagnat\w*|unsatisf\w*|barriers?|obstacles?)'
                    || '|\b(?:no|zero|not enough|too few|insufficient|inadequate|lack of|few|fewer|low|lower|small|limited|shortage of|scarcity of|absence of|unable to (?:find|identify|obtain|reach)|could not (?:find|identify|obtain|reach)|(?:difficult\w*|challeng\w*|trouble|problems?) (?:\w+ )?(?:in |to |with )?(?:find|identify|obtain|reach)\w*)(?: (?:number|numbers|of|eligible|suitable|qualified|available|enough|the|interested|potential|study|new|wheat|appropriate|human|sufficient|cases? of|pool))*(?: \w+){0,2}? (?:patients?|subjects?|participants?|participation|volunteers?|candidates?|enrollees?|population|cases|individuals|people|donors)\b'
                    || '|\b(?:patients?|subjects?|participants?|volunteers?)(?: (?:were|was|are|is|did|do|who|have|has|being|being))* (?:not|un)(?: )?(?:willing|interested|available|eligible|enrolled|found|included|recruited|consent\w*)'
                    || '|\b(?:number|numbers) of (?:\w+ ){0,3}?(?:patients|subjects|participants|volunteers)(?: (?:was|were|is|too|very|has|been|far|did))* (?:small|low|insufficient|limited|not)'
                    || '|\bno (?:one|body|patients?|subjects?|participants?) (?:\w+ ){0,4}?(?:enrolled|recruited|included|accrued|consented)'
                )
            },
            {
                'reason_class': 'interim_analysis',
                'words': regexp_extract_all(text, '(?i)\binterim\b|\b[di]*ds?mc\b|\bdsmb\b|\bstopping (?:rules?|criteri\w+|boundar\w+|guidelines?)|\b(?:futility|efficacy) boundar\w+|\bpreliminary (?:analys\w+|results?|data|findings?)|\b(?:planned|unblinded) analys\w+')
            },
            {
                'reason_class': 'logistics_resources',
                'words': regexp_extract_all(
                    text,
                    '(?i)\blogistic\w*|\bresourc\w+|\bworkload|\bcapacit(?:y|ies)\b|\boperational (?:reasons?|issues?|difficult\w+|challenges?|feasib\w+|problems?|constraints?)|\btechnical\b|\bequipment\b|\bmanpower\b|\bstaffing\b|\btime constraints?|\b(?:lack|shortage|limited|insufficient|no) (?:of )?(?:\w+ )?(?:time|staff|space|infrastructure|personnel)\b|\bstaff (?:shortages?|changes?|turnover|limitations?|availability)'
                    || '|\bsuppl(?:y|ies|ier)\b|\bshortages?\b|\bstock\b|\bmanufactur\w+ (?:\w+ )?(?:issues?|problems?|difficult\w+|delays?|constraints?|stopp\w+|discontinu\w+|ceas\w+)|\b(?:issues?|problems?|delays?|difficult\w+) (?:with|in|of|related to) (?:\w+ ){0,2}?manufactur\w+'
                    || '|\b(?:un|not |no longer |non-?)(?:\w+ )?availab\w+|\b(?:lack|delay\w*|limited|poor|no|loss|issues?|problems?)(?:[^\w.;|]+\w+){0,3}?[^\w.;|]+availab\w+|\b(?:from|off) the market|\bno longer (?:being )?(?:manufactured|produced|supplied|marketed|made)|\b(?:drug|product|device|medication|agent|vaccine|material|kits?|placebo|compound|substance|imp|machine|instrument|system|software)s?(?:[^\w.;|]+\w+){0,4}?[^\w.;|]+(?:expired|not available|unavailab\w+|no longer available|not supplied|not provided|discontinued|recall\w*|off the market|not working|incompatible|broken?|malfunction\w*|failure)|\bcontaminat\w+'
                    || '|\b(?:site|cent(?:er|re)|clinic|hospital|unit|department|laborator\w+|lab|facility)s?(?: (?:was|were|is|has|have|been|being|to))* (?:clos\w+|shut\w*|relocat\w+|mov(?:ed|ing))|\bclosure of (?:the )?(?:\w+ )?(?:site|cent(?:er|re)|clinic|hospital|unit|department|lab\w*)'
                )
            },
            {
                'reason_class': 'negative',
                'words': regexp_extract_all(
                    text,
                    '(?i)\bfutil\w+|\bineff(?:ective|icac)\w*|\b(?:lack|absence|insufficient|inadequate|poor|limited|low|no|without|minimal|loss)(?: of)?(?:[^\w.;|]+\w+){0,3}?[^\w.;|]+(?:efficac\w+|effectiveness|effects?|benefits?|responses?|activity|differences?|improvement|superiority)\b'
                    || '|\bnot(?:[^\w.;|]+\w+){0,3}?[^\w.;|]+(?:effective|efficacious|superior|beneficial|efficacy|benefit|improve\w*|respon\w+)\b|\befficacy (?:concerns?|issues?|reasons?|criteri\w+|was not|not|failure)|\b(?:for|due to|on|of) efficacy\b'
                    || '|\b(?:did not|does not|failed to|failure to|unable to)(?:[^\w.;|]+\w+){0,2}?[^\w.;|]+(?:show|demonstrate|meet|met|reach|achieve)(?:[^\w.;|]+\w+){0,4}?[^\w.;|]+(?:efficacy|effect\w*|benefit|superiority|end-?points?|objectives?|significan\w+|difference)'
                    || '|\b(?:low|small|little)(?: \w+){0,2} (?:probability|likelihood|chance) of|\bunlikely (?:to|that)(?:[^\w.;|]+\w+){0,3}?[^\w.;|]+(?:show|demonstrate|meet|reach|achieve|benefit|succe\w+|efficac\w+|positive)|\bend-?points?(?: \w+){0,3} (?:missed|not met|not reached|not achieved|failed)\b|\b(?:primary|efficacy) outcomes?(?: \w+){0,2} not (?:met|reached|achieved)|\b(?:negative|disappointing|unfavou?rable|lackluster|inferior|unsatisfactory|inconsistent) (?:\w+ )?(?:performance|results?|outcomes?|data|findings?|trial|study|benefit)|\bprogressive disease|\bdisease progression'
                )
            },
            {
                'reason_class': 'not_stopped',
                'words': regexp_extract_all(
                    text,
                    '(?i)\b(?:registered|entered|submitted|posted|listed|terminated|withdrawn) (?:\w+ )?(?:in|by) (?:error|mistake)|\b(?:erroneous\w*|mistaken(?:ly)?|accidental\w*) (?:regist\w+|ent\w+|submi\w+|terminat\w+|withdr\w+)|\bduplicat\w+|\bnot (?:\w+ ){0,2}?a (?:\w+ )?clinical trial|\bregistration error'
                    || '|\b(?:study|trial) (?:was|is|has been|had been|is now) (?:completed|complete|finished|ongoing|not terminated|not withdrawn|still \w+)|^(?:study |trial )?(?:has )?(?:been )?completed(?: as planned)?\.?$|\bcompleted (?:as planned|per protocol|normally)'
                )
            },
            {
                'reason_class': 'regulatory',
                'words': regexp_extract_all(
                    text,
                    '(?i)\b(?:us |u\.s\. )?fda\b|\bfood and drug administration|\bregulat\w+|\b(?:health|competent|national) authorit\w+|\bauthorit(?:y|ies)\b|\bclinical hold|\bethic(?:s|al)? (?:committee|board|approv\w+|review|clearance)|\bdisapprov\w+|\birb\b|\binstitutional review|\bethics board|\bmhra\b|\bema\b|\bhealth canada|\bbfarm\b|\bansm\b|\bswissmedic|\bpmda\b|\btga\b|\blegal\w*|\blegislat\w+|\bnon-?complian\w+|\bcompliance (?:issues?|reasons?|concerns?)|\baudit\b'
                    || '|\b(?:approv\w+|authori[sz]ation|permission|permit|ind)\b(?:[^\w.;|]+\w+){0,3}?[^\w.;|]+(?:not|expired|denied|refus\w+|reject\w+|withdrawn|revoked|lapsed|pending)|\b(?:no|lack of|without|not|failed to|unable to|withdrawal of|loss of)(?:[^\w.;|]+\w+){0,4}?[^\w.;|]+(?:approv\w+|authori[sz]ation|permission)'
                )
            },
            {
                'reason_class': 'safety',
                'words': regexp_extract_all(
                    -- Fear of an infection is not a harm of the intervention.
                    regexp_replace(text, '(?i)\brisks?(?:[^\w.;|]+\w+){0,8}?[^\w.;|]+(?:covid|corona|virus|exposure|infection|transmission|pandemic)', '|', 'g'),
                    '(?i)\b(?:un|patient |drug |product |participant )?safety (?:concerns?|issues?|reasons?|signals?|findings?|problems?|events?|profile|data|risks?|results?|outcomes?|grounds?|related|information|observations?|and tolerability|hold|stop|review|analys\w+|considerations?|report\w*|or)\b|\b(?:due to|because of|for|based on|owing to|on|of|about|by) (?:the )?(?:\w+ )?safety\b|\bunsafe\b|\bnot safe\b|^safety\.?$'
                    || '|\b\w*toxicit(?:y|ies)\b|\btoxic\b|\badverse (?:\w+ )?(?:events?|reactions?|effects?|experiences?|outcomes?)|\bside[ -]effects?|\bs?aes?\b|\bsusars?\b|\bdlts?\b|\bintoleran\w+|\b(?:poor(?:ly)?|not|un)(?: well)?[ -]?tolera\w+|\btolerability\b'
                    || '|\bdeaths?\b|\b(?:increased|higher|excess|unexpected)(?: \w+)? mortality|\bmortality (?:rates?|imbalance|increase)|\b(?:due to|because of) (?:\w+ )?mortality|\bfatal\w*|\bdied\b|\b(?:increased|higher|excess\w*|elevated|unacceptable|potential|cardiovascular|serious)(?:[^\w.;|]+\w+){0,2}?[^\w.;|]+risks?\b|\brisk[ /-]+benefit|\bbenefit[ /-]+(?:to[ -])?risk|\bharm\w*|\bcomplications?\b'
                )
            },
            {
                'reason_class': 'study_design',
                'words': regexp_extract_all(
                    text,
                    '(?i)\b(?:re-?)?design(?:s|ed)?\b|\b(?:in|un|not |not \w+ |non-?|no longer |lack of )feasib\w+|\bfeasibility\b|\bmethodolog\w+|\bamend\w+|\bprotocol (?:\w+ )?(?:chang\w+|revis\w+|modif\w+|violat\w+|deviat\w+|issues?|problems?|rewrit\w+)|\b(?:chang\w+|revis\w+|modif\w+) (?:\w+ ){0,3}?protocol|\bnew protocol|\bprotocol (?:\w+ ){0,3}?(?:review\w*|(?:re)?consider\w*|discuss\w*|re-?evaluat\w*)|\bre-?evaluation of (?:the )?protocol|\bchang\w+ (?:of |in )?(?:\w+ ){0,2}?(?:indication|technique|population|method|procedure|regimen|concept|practice)s?\b|\bstatistical power|\b(?:larger|smaller) sample size'
                    || '|\bstandard (?:of care|treatment|therapy|practice)\b|\b(?:chang\w+|evol\w+|shift) (?:in|of|to) (?:\w+ ){0,3}?(?:practice|guidelines?|landscape|treatment|therapy|care|standards?)|\blandscape\b|\b(?:new|updated|revised|treatment) (?:\w+ ){0,2}?guidelines?\b|\bno longer (?:\w+ )?(?:relevant|needed|necessary|valid|applicable|appropriate|required|interventional|justified|warranted|of interest)|\b(?:obsolete|outdated|irrelevant)\b|\bnot (?:\w+ )?relevant|\bpre-?clinical work'
                )
            },
            {
                'reason_class': 'study_staff_moved',
                'words': regexp_extract_all(
                    text,
                    '(?i)\b(?:p\.?i\.?|investigators?|researchers?|coordinat\w+|students?|fellows?|residents?|physicians?|doctors?|surgeons?|staff|personnel|employees?|faculty|team)\b(?:''s)?(?:[^\w.;|]+\w+){0,5}?[^\w.;|]+(?:left|leav\w+|mov(?:ed|ing|es)|retir\w+|resign\w+|relocat\w+|depart\w*|transferr\w+|changed? (?:of )?(?:institution|job|position)s?|no longer (?:at|with|employed|working|available|in|affiliated)|graduat\w+|deployed|died|passed away|deceased)'
                    || '|\b(?:departure|retirement|resignation|relocation|death|loss|change|move|leave) (?:of|in) (?:the )?(?:\w+ ){0,2}?(?:p\.?i\.?|investigators?|researchers?|coordinators?|staff|personnel)\b|\bstaff(?:ing)? changes?|\bmaternity leave|\bgraduation\b|\b(?:p\.?i\.?|investigator|personnel|staff) changes?\b|\b(?:new|replacement) (?:principal )?(?:p\.?i\.?|investigator)'
                )
            },
            {
                'reason_class': 'success',
                'words': regexp_extract_all(
                    regexp_replace(text, '(?i)\b(?:not|no|never|unlikely|lack|insufficient|low|small|poor|fail\w*|without|probability|likelihood|chance)(?:[^\w.;|]+\w+){0,6}?[^\w.;|]+(?:efficacy|benefit|superiority|effectiveness|success|positive|approv\w+|authori[sz]ation|available)\b', '|', 'g'),
                    '(?i)\b(?:superior|overwhelming|outstanding|proven|demonstrated|established|early|clear|significant)(?:[^\w.;|]+\w+)?[^\w.;|]+(?:efficacy|benefit|superiority|effectiveness|success)\b|\b(?:efficacy|benefit|superiority)(?: (?:was|has been|had been|were|is))* (?:demonstrated|established|proven|shown|confirmed)|\bpositive (?:\w+ )?(?:results?|outcomes?|data|findings?|efficacy)'
                    || '|\b(?:drug|product|device|treatment|vaccine|indication|therapy|compound|medication)(?:[^\w.;|]+\w+){0,3}?[^\w.;|]+(?:approved|licensed|commerciali[sz]ed|commercially available|available commercially|on the market|marketed|reimbursed)\b|\b(?:marketing|regulatory|fda|ema|market) (?:authori[sz]ation|approval) (?:\w+ )?(?:granted|obtained|received|was|has)|\b(?:received|obtained|granted|after|upon|following)(?:[^\w.;|]+\w+){0,3}?[^\w.;|]+(?:approval|authori[sz]ation) (?:of|by|from|in)|\b(?:now|became|becomes|is|was) (?:\w+ )?commercially available'
                )
            },
            {
                'reason_class': 'no_context',
                'words': regexp_extract_all(
                    -- A text that goes on with "because" gives a reason, whether a rule knows it or not.
                    CASE WHEN NOT regexp_matches(text, '(?i)\b(?:due|because|becouse|based on|owing|as a result|result of|following|reasons?|;|since)\b') THEN text ELSE '' END,
                    '(?i)\b(?:decided|decision|chose|opted|plan\w*)(?: (?:was|made|taken|been|has|have|the|were))* (?:not )?to (?:stop|terminate|close|withdraw|suspend|discontinue|proceed|end|cancel|halt|continue)\b|\bdecided not to proceed|\bnot to go ahead|\b(?:can|will|could)(?: ?not)+ (?:be )?(?:commence|proceed|continue|start|conducted|performed|done)|\bunable to (?:continue|proceed|start|complete)|\bnot prepared to|\b(?:p\.?i\.?|investigators?|researchers?)(?:''s)?(?: \w+){0,2}? (?:decis?i?s?on|decided|request\w*|closed|terminated|withdrew|discretion|choice|stopped)|\b(?:decision|request|discretion) (?:of|by) (?:the )?(?:\w+ )?(?:p\.?i\.?|investigators?)\b'
                    || '|\b(?:study|trial|project|research|protocol)(?: (?:was|is|has|been|were|never|had|will|be|not|prematurely|early))* (?:terminated|withdrawn|closed|stopped|suspended|cancell?ed|halted|discontinued|started|initiated|opened|begun|begin|activated|abandoned|commenced)\b|\b(?:never|not) (?:been |be )?(?:conducted|performed|done|implemented)\b|\bclosed to (?:accrual|enrol?lment|recruitment)|\babandoned\b|^(?:early )?(?:terminat\w+|withdr\w+|suspen\w+|closed|stopped|cancell?ed|n/?a|none|other|unknown|not (?:applicable|started|done|performed|conducted))\.?$|\b(?:has|have) halted prematurely and will not resume|\bnever (?:started|initiated|opened|begun|began|conducted|performed|commenced|activated)\b|\bdid not (?:start|begin|commence|proceed)\b'
                )
            }
        ]) AS rule
    FROM searched
),

-- That the words give no reason counts only where nothing else is found.
classed AS (
    SELECT
        record_key,
        trial_id,
        overall_status,
        why_stopped,
        denied_words,
        rule.reason_class AS reason_class,
        list_distinct(list_transform(rule.words, lambda word: trim(word))) AS matched_words
    FROM matched
    WHERE len(rule.words) > 0
    QUALIFY rule.reason_class <> 'no_context' OR count(*) OVER (PARTITION BY record_key) = 1
)

SELECT record_key, trial_id, overall_status, reason_class, list_sort(matched_words) AS matched_words,
    list_sort(denied_words) AS denied_words, why_stopped
FROM classed
UNION ALL
SELECT record_key, trial_id, overall_status, 'unclassified' AS reason_class, []::VARCHAR[] AS matched_words,
    list_sort(denied_words) AS denied_words, why_stopped
FROM searched
ANTI JOIN classed USING (record_key)
UNION ALL
SELECT record_key, trial_id, overall_status, 'not_stated' AS reason_class, []::VARCHAR[] AS matched_words,
    []::VARCHAR[] AS denied_words, NULL AS why_stopped
FROM stopped
WHERE coalesce(text, '') = ''
ORDER BY record_key, reason_class
