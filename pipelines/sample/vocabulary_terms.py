"""Vocabulary of the synthetic records: conditions, treatments, event terms and codes.

Belongs here: the word tables that medical parts of a synthetic record are drawn from.
Does not belong here: places, people and prose (their own modules), and any drawing of random numbers.

MeSH headings and their identifiers are public facts of the thesaurus; products whose names are built from
``DRUG_STEMS`` and ``DRUG_ENDINGS`` are invented.
"""

from __future__ import annotations

from typing import Final

# group -> MeSH ancestors (id, term) that the registry's derived section would list
CONDITION_GROUPS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "neoplasm": (("D009371", "Neoplasms by Site"), ("D009369", "Neoplasms")),
    "histologic": (("D009370", "Neoplasms by Histologic Type"), ("D009369", "Neoplasms")),
    "respiratory": (("D008171", "Lung Diseases"), ("D012140", "Respiratory Tract Diseases")),
    "allergic": (
        ("D006969", "Hypersensitivity, Immediate"),
        ("D006967", "Hypersensitivity"),
        ("D007154", "Immune System Diseases"),
    ),
    "autoimmune": (("D001327", "Autoimmune Diseases"), ("D007154", "Immune System Diseases")),
    "diabetes": (
        ("D044882", "Glucose Metabolism Disorders"),
        ("D008659", "Metabolic Diseases"),
        ("D009750", "Nutritional and Metabolic Diseases"),
        ("D004700", "Endocrine System Diseases"),
    ),
    "metabolic": (("D008659", "Metabolic Diseases"), ("D009750", "Nutritional and Metabolic Diseases")),
    "mental": (("D001523", "Mental Disorders"),),
    "nervous": (
        ("D001927", "Brain Diseases"),
        ("D002493", "Central Nervous System Diseases"),
        ("D009422", "Nervous System Diseases"),
    ),
    "skin": (("D012871", "Skin Diseases"), ("D017437", "Skin and Connective Tissue Diseases")),
    "heart": (("D006331", "Heart Diseases"), ("D002318", "Cardiovascular Diseases")),
    "vascular": (("D014652", "Vascular Diseases"), ("D002318", "Cardiovascular Diseases")),
    "digestive": (("D005767", "Gastrointestinal Diseases"), ("D004066", "Digestive System Diseases")),
    "infection": (("D007239", "Infections"),),
    "virus": (("D014777", "Virus Diseases"), ("D007239", "Infections")),
    "musculoskeletal": (("D009140", "Musculoskeletal Diseases"),),
    "eye": (("D005128", "Eye Diseases"),),
    "mouth": (("D009057", "Stomatognathic Diseases"),),
    "blood": (("D006402", "Hematologic Diseases"), ("D006425", "Hemic and Lymphatic Diseases")),
    "kidney": (("D007674", "Kidney Diseases"), ("D000091642", "Urogenital Diseases")),
    "pregnancy": (("D011248", "Pregnancy Complications"),),
    "symptom": (("D012816", "Signs and Symptoms"),),
}

# (name as a sponsor writes it, MeSH heading, MeSH id, group)
CONDITIONS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("Asthma", "Asthma", "D001249", "respiratory"),
    ("COPD", "Pulmonary Disease, Chronic Obstructive", "D029424", "respiratory"),
    ("Cystic Fibrosis", "Cystic Fibrosis", "D003550", "respiratory"),
    ("Allergic Rhinitis", "Rhinitis, Allergic", "D065631", "allergic"),
    ("Chronic Rhinosinusitis With Nasal Polyps", "Nasal Polyps", "D009298", "respiratory"),
    ("Non Small Cell Lung Cancer", "Carcinoma, Non-Small-Cell Lung", "D002289", "neoplasm"),
    ("Small Cell Lung Cancer", "Small Cell Lung Carcinoma", "D055752", "neoplasm"),
    ("Breast Cancer", "Breast Neoplasms", "D001943", "neoplasm"),
    ("Triple Negative Breast Cancer", "Triple Negative Breast Neoplasms", "D064726", "neoplasm"),
    ("Ovarian Cancer", "Ovarian Neoplasms", "D010051", "neoplasm"),
    ("Colorectal Cancer", "Colorectal Neoplasms", "D015179", "neoplasm"),
    ("Prostate Cancer", "Prostatic Neoplasms", "D011471", "neoplasm"),
    ("Gastric Cancer", "Stomach Neoplasms", "D013274", "neoplasm"),
    ("Hepatocellular Carcinoma", "Carcinoma, Hepatocellular", "D006528", "histologic"),
    ("Pancreatic Cancer", "Pancreatic Neoplasms", "D010190", "neoplasm"),
    ("Esophageal Cancer", "Esophageal Neoplasms", "D004938", "neoplasm"),
    ("Bladder Cancer", "Urinary Bladder Neoplasms", "D001749", "neoplasm"),
    ("Renal Cell Carcinoma", "Carcinoma, Renal Cell", "D002292", "histologic"),
    ("Melanoma (Skin)", "Melanoma", "D008545", "histologic"),
    ("Multiple Myeloma", "Multiple Myeloma", "D009101", "histologic"),
    ("Acute Myeloid Leukemia", "Leukemia, Myeloid, Acute", "D015470", "histologic"),
    ("Lymphoma", "Lymphoma", "D008223", "histologic"),
    ("Glioblastoma", "Glioblastoma", "D005909", "histologic"),
    ("Type 2 Diabetes", "Diabetes Mellitus, Type 2", "D003924", "diabetes"),
    ("Diabetes Mellitus, Type 1", "Diabetes Mellitus, Type 1", "D003922", "diabetes"),
    ("Obesity", "Obesity", "D009765", "metabolic"),
    ("Prediabetes", "Prediabetic State", "D011236", "diabetes"),
    ("Phenylketonuria", "Phenylketonurias", "D010661", "metabolic"),
    ("Gaucher Disease", "Gaucher Disease", "D005776", "metabolic"),
    ("HIV Infections", "HIV Infections", "D015658", "virus"),
    ("COVID-19", "COVID-19", "D000086382", "virus"),
    ("Influenza, Human", "Influenza, Human", "D007251", "virus"),
    ("Chronic Hepatitis B", "Hepatitis B", "D006509", "virus"),
    ("Malaria, Falciparum", "Malaria", "D008288", "infection"),
    ("Tuberculosis", "Tuberculosis", "D014376", "infection"),
    ("Sepsis", "Sepsis", "D018805", "infection"),
    ("Community-acquired Pneumonia", "Pneumonia", "D011014", "infection"),
    ("Major Depressive Disorder", "Depressive Disorder, Major", "D003865", "mental"),
    ("Depression", "Depression", "D003863", "mental"),
    ("Schizophrenia", "Schizophrenia", "D012559", "mental"),
    ("Posttraumatic Stress Disorder", "Stress Disorders, Post-Traumatic", "D013313", "mental"),
    ("Anxiety Disorders", "Anxiety Disorders", "D001008", "mental"),
    ("Autism Spectrum Disorder", "Autism Spectrum Disorder", "D000067877", "mental"),
    ("Opioid Use Disorder", "Opioid-Related Disorders", "D009293", "mental"),
    ("Smoking Cessation", "Tobacco Use Disorder", "D014029", "mental"),
    ("Insomnia", "Sleep Initiation and Maintenance Disorders", "D007319", "nervous"),
    ("Migraine", "Migraine Disorders", "D008881", "nervous"),
    ("Multiple Sclerosis, Relapsing-Remitting", "Multiple Sclerosis", "D009103", "nervous"),
    ("Parkinson's Disease", "Parkinson Disease", "D010300", "nervous"),
    ("Alzheimer Disease", "Alzheimer Disease", "D000544", "nervous"),
    ("Epilepsy", "Epilepsy", "D004827", "nervous"),
    ("Ischemic Stroke", "Stroke", "D020521", "vascular"),
    ("Hypertension", "Hypertension", "D006973", "vascular"),
    ("Heart Failure", "Heart Failure", "D006333", "heart"),
    ("Atrial Fibrillation", "Atrial Fibrillation", "D001281", "heart"),
    ("Coronary Artery Disease", "Coronary Artery Disease", "D003324", "heart"),
    ("ST-Elevation Myocardial Infarction", "Myocardial Infarction", "D009203", "heart"),
    ("Atopic Dermatitis", "Dermatitis, Atopic", "D003876", "skin"),
    ("Plaque Psoriasis", "Psoriasis", "D011565", "skin"),
    ("Chronic Spontaneous Urticaria", "Chronic Urticaria", "D000080223", "skin"),
    ("Systemic Lupus Erythematosus", "Lupus Erythematosus, Systemic", "D008180", "autoimmune"),
    ("Rheumatoid Arthritis", "Arthritis, Rheumatoid", "D001172", "autoimmune"),
    ("Knee Osteoarthritis", "Osteoarthritis, Knee", "D020370", "musculoskeletal"),
    ("Osteoporosis, Postmenopausal", "Osteoporosis", "D010024", "musculoskeletal"),
    ("Crohn's Disease", "Crohn Disease", "D003424", "digestive"),
    ("Ulcerative Colitis", "Colitis, Ulcerative", "D003093", "digestive"),
    ("Eosinophilic Esophagitis", "Eosinophilic Esophagitis", "D057765", "digestive"),
    ("Chronic Kidney Diseases", "Kidney Failure, Chronic", "D007676", "kidney"),
    ("Sickle Cell Disease", "Anemia, Sickle Cell", "D000755", "blood"),
    ("Pain, Postoperative", "Pain, Postoperative", "D010149", "symptom"),
    ("Preeclampsia", "Pre-Eclampsia", "D011225", "pregnancy"),
    ("Open-angle Glaucoma", "Glaucoma", "D005901", "eye"),
    ("Wet Macular Degeneration", "Macular Degeneration", "D008268", "eye"),
    ("Cataract", "Cataract", "D002386", "eye"),
    ("Dental Caries in Children", "Dental Caries", "D003731", "mouth"),
    ("Periodontitis, Stage III", "Periodontitis", "D010518", "mouth"),
)

# (name, MeSH heading, MeSH id): marketed substances
KNOWN_DRUGS: Final[tuple[tuple[str, str, str], ...]] = (
    ("Carboplatin", "Carboplatin", "D016190"),
    ("Paclitaxel", "Paclitaxel", "D017239"),
    ("Nivolumab", "Nivolumab", "D000077594"),
    ("Cisplatin", "Cisplatin", "D002945"),
    ("5-Fluorouracil", "Fluorouracil", "D005472"),
    ("Oxaliplatin", "Oxaliplatin", "D000077150"),
    ("Capecitabine", "Capecitabine", "D000069287"),
    ("Docetaxel", "Docetaxel", "D000077143"),
    ("Cyclophosphamide", "Cyclophosphamide", "D003520"),
    ("Dexamethasone", "Dexamethasone", "D003907"),
    ("Budesonide", "Budesonide", "D019819"),
    ("Prednisolone", "Prednisolone", "D011239"),
    ("Liraglutide", "Liraglutide", "D000069450"),
    ("Metformin", "Metformin", "D008687"),
    ("Aspirin", "Aspirin", "D001241"),
    ("Atorvastatin", "Atorvastatin", "D000069059"),
    ("Ibuprofen", "Ibuprofen", "D007052"),
    ("Ketamine", "Ketamine", "D007649"),
    ("Bupivacaine", "Bupivacaine", "D002045"),
    ("Acetaminophen", "Acetaminophen", "D000082"),
    ("Rituximab", "Rituximab", "D000069283"),
    ("Methotrexate", "Methotrexate", "D008727"),
    ("Bevacizumab", "Bevacizumab", "D000068258"),
    ("Itraconazole", "Itraconazole", "D017964"),
)

DRUG_STEMS: Final = (
    "abro", "beli", "cala", "davo", "elin", "fori", "gava", "hexi", "imlo", "jura", "keto", "lami",
    "moza", "nepi", "orva", "pexi", "quoli", "revo", "sito", "tavi", "ulmo", "veri", "wexa", "xano",
    "yuri", "zelo", "brivu", "clado", "drovi", "fluza", "graci", "plexo", "trobi", "vorsa",
)  # fmt: skip
DRUG_ENDINGS: Final = (
    "tinib", "ciclib", "gliptin", "sartan", "vastatin", "prazole", "oxetine", "caftor", "parin", "lukast",
    "triptan", "navir", "floxacin", "glutide", "dronate",
)  # fmt: skip
ANTIBODY_ENDINGS: Final = ("limumab", "kinumab", "tuzumab", "cimab", "zolizumab")
SALTS: Final = ("", "", "", "", " hydrochloride", " mesylate", " sodium", " tablets", " oral suspension")
COMPANY_CODES: Final = ("ABX", "CNV", "DLT", "HRM", "KLV", "MRQ", "NPX", "ORV", "QSR", "TZM", "VXR", "ZLT")

TREATMENTS_BY_TYPE: Final[dict[str, tuple[str, ...]]] = {
    "DEVICE": (
        "Continuous glucose monitoring system", "Drug-eluting balloon catheter", "Compression garment",
        "Transcranial magnetic stimulator", "High-flow nasal cannula", "Implantable loop recorder",
        "Wearable activity tracker", "Photobiomodulation device", "Negative pressure wound dressing",
    ),
    "PROCEDURE": (
        "Erector spinae plane block", "Laparoscopic sleeve gastrectomy", "Autologous skin graft",
        "Percutaneous coronary intervention", "Sentinel node biopsy", "Electroacupuncture",
        "Guided tissue regeneration", "Endoscopic submucosal dissection", "Stellate ganglion block",
    ),
    "BEHAVIORAL": (
        "Cognitive behavioral therapy", "Motivational interviewing", "Home-based exercise programme",
        "Mindfulness-based stress reduction", "Text message reminders", "Peer navigation",
        "Parent training", "Sleep hygiene education", "Structured walking programme",
    ),
    "DIETARY_SUPPLEMENT": (
        "Vitamin D3", "Omega-3 fatty acids", "Lactobacillus rhamnosus capsule", "Zinc sulfate",
        "Whey protein", "Curcumin extract", "Iron bisglycinate", "Creatine monohydrate",
    ),
    "DIAGNOSTIC_TEST": (
        "Whole-body PET/CT", "Point-of-care C-reactive protein", "Multiparametric MRI",
        "Circulating tumour DNA assay", "Oral food challenge", "Fractional exhaled nitric oxide",
    ),
    "RADIATION": ("Stereotactic body radiotherapy", "Hypofractionated radiotherapy",
    "Low-dose whole lung irradiation"),
    "GENETIC": ("AAV8 vector infusion", "Whole exome sequencing", "Pharmacogenetic panel"),
    "COMBINATION_PRODUCT": ("Prefilled autoinjector", "Inhaled dry-powder combination",
    "Antibiotic-loaded spacer"),
    "OTHER": (
        "Questionnaire administration", "Usual care", "Medical record review", "Blood sampling",
        "Virtual reality distraction", "Telehealth follow-up", "Music listening",
        "Collection of stool samples",
    ),
}  # fmt: skip

# type -> share in per cent: shares of the registry as a whole, rounded (2026-08)
INTERVENTION_TYPES: Final[dict[str, float]] = {
    "DRUG": 41,
    "BEHAVIORAL": 10,
    "DEVICE": 10,
    "PROCEDURE": 10,
    "OTHER": 13,
    "BIOLOGICAL": 7,
    "DIETARY_SUPPLEMENT": 4,
    "DIAGNOSTIC_TEST": 2,
    "RADIATION": 2,
    "GENETIC": 0.5,
    "COMBINATION_PRODUCT": 0.5,
}

TYPE_PREFIX: Final[dict[str, str]] = {
    "DRUG": "Drug", "BEHAVIORAL": "Behavioral", "DEVICE": "Device", "PROCEDURE": "Procedure",
    "OTHER": "Other",
    "BIOLOGICAL": "Biological", "DIETARY_SUPPLEMENT": "Dietary Supplement",
    "DIAGNOSTIC_TEST": "Diagnostic Test",
    "RADIATION": "Radiation", "GENETIC": "Genetic", "COMBINATION_PRODUCT": "Combination Product",
}  # fmt: skip

# organ system -> event terms
ADVERSE_EVENTS: Final[dict[str, tuple[str, ...]]] = {
    "Gastrointestinal disorders": (
        "Nausea", "Vomiting", "Diarrhoea", "Constipation", "Abdominal pain", "Abdominal pain upper",
        "Dyspepsia",
        "Dry mouth", "Stomatitis", "Flatulence", "Toothache", "Gastritis", "Ileus", "Pancreatitis",
    ),
    "Nervous system disorders": (
        "Headache", "Dizziness", "Somnolence", "Paraesthesia", "Dysgeusia", "Migraine", "Syncope", "Tremor",
        "Neuropathy peripheral", "Seizure", "Transient ischaemic attack",
    ),
    "Infections and infestations": (
        "Nasopharyngitis", "Upper respiratory tract infection", "Urinary tract infection", "Sinusitis",
        "Influenza",
        "Bronchitis", "Pneumonia", "Cellulitis", "Oral candidiasis", "Herpes zoster", "Sepsis", "COVID-19",
    ),
    "Skin and subcutaneous tissue disorders": (
        "Rash", "Pruritus", "Alopecia", "Dry skin", "Urticaria", "Erythema", "Hyperhidrosis",
        "Rash maculo-papular",
    ),
    "Respiratory, thoracic and mediastinal disorders": (
        "Cough", "Dyspnoea", "Oropharyngeal pain", "Epistaxis", "Rhinorrhoea", "Pleural effusion",
        "Pulmonary embolism", "Productive cough",
    ),
    "Musculoskeletal and connective tissue disorders": (
        "Back pain", "Arthralgia", "Myalgia", "Pain in extremity", "Muscle spasms", "Neck pain", "Bone pain",
    ),
    "General disorders": (
        "Fatigue", "Pyrexia", "Asthenia", "Oedema peripheral", "Chills", "Injection site pain",
        "Injection site erythema", "Chest pain", "Malaise", "Influenza like illness",
    ),
    "Investigations": (
        "Alanine aminotransferase increased", "Aspartate aminotransferase increased", "Weight decreased",
        "Neutrophil count decreased", "Platelet count decreased", "Blood creatinine increased",
    ),
    "Metabolism and nutrition disorders": (
        "Decreased appetite", "Hypokalaemia", "Hyperglycaemia", "Hypoglycaemia", "Dehydration",
        "Hyponatraemia",
    ),
    "Blood and lymphatic system disorders": ("Anaemia", "Neutropenia", "Thrombocytopenia", "Leukopenia",
    "Febrile neutropenia"),
    "Psychiatric disorders": ("Insomnia", "Anxiety", "Depression", "Agitation", "Suicidal ideation"),
    "Cardiac disorders": ("Palpitations", "Atrial fibrillation", "Tachycardia", "Myocardial infarction",
    "Cardiac failure"),
    "Vascular disorders": ("Hypertension", "Hypotension", "Hot flush", "Deep vein thrombosis"),
    "Injury, poisoning and procedural complications": ("Fall", "Contusion", "Procedural pain",
    "Femur fracture", "Infusion related reaction"),
    "Renal and urinary disorders": ("Dysuria", "Proteinuria", "Acute kidney injury", "Haematuria"),
    "Eye disorders": ("Vision blurred", "Dry eye", "Conjunctivitis", "Cataract"),
    "Ear and labyrinth disorders": ("Vertigo", "Tinnitus", "Ear pain"),
    "Hepatobiliary disorders": ("Cholelithiasis", "Hepatic function abnormal"),
    "Reproductive system and breast disorders": ("Dysmenorrhoea", "Erectile dysfunction"),
    "Immune system disorders": ("Hypersensitivity", "Anaphylactic reaction", "Seasonal allergy"),
}  # fmt: skip
