"""The full-details text of the EU Clinical Trials Register: labels, fields, the record's tree, what is worked out.

Belongs here: everything between a record's text and its study. Does not: bytes and files (readers/euctr_text.py), which
field goes where (mappings/euctr_text.yaml).
"""
