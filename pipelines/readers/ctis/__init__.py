"""JSON of the EU's Clinical Trials Information System: its layouts brought to one, what is worked out from it.

Belongs here: everything between a parsed record and its study. Does not: bytes and files (readers/ctis_json.py), which
field goes where (mappings/ctis_json.yaml).
"""
