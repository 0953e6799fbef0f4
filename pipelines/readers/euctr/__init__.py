"""Texts of the EU Clinical Trials Register: labels, fields, a record's tree, what is worked out.

Belongs here: everything between a record's text and its study. Does not: files (readers/euctr_text.py for the full
details, readers/euctr_summary.py for the summary), which field goes where (mappings/).
"""
