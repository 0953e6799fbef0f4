"""The rules, one module for each topic, each with a tuple RULES. A new topic joins TOPICS in
expectations/catalogue.py.
"""
