"""The same synthetic study in every format that trialmart reads.

Belongs here: one module for each format, with `render_file(studies) -> bytes` (a file as the registry would give it)
and `carried(study) -> dict` (what a perfect reader gets back from it), both written without looking at the format's
reader or mapping, or else comparing them would prove nothing. Does not: making studies, writing folders.
"""
