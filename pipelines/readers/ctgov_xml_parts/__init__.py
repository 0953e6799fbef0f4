"""ClinicalTrials.gov's legacy XML in its two layouts: what the reader ctgov_xml.py is made of.

Belongs here: the converters of the format, and what is worked out from several elements. Does not: which element goes
where (mappings/ctgov_xml.yaml, mappings/ctgov_xml_archive.yaml).
"""
