"""A synthetic study as the ISRCTN registry would hold it, before it is written as XML or JSON.

Belongs here: the registry's form, filled from a study, and what a reader gets back of it. Does not: angle brackets and
braces (isrctn_xml.py, isrctn_json.py).
"""
