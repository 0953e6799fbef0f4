"""WHO ICTRP exports: what its XML and its tables have in common, which is all but the wrapping.

Belongs here: the meaning of ICTRP's fields, which differs from one source registry to the next. Does not: cutting
records out of files (ictrp_xml.py, ictrp_csv.py), which field goes where (mappings/ictrp_*.yaml).

ICTRP copies records of some twenty registries, each written in that registry's own way: dates, ages, phases, lists.
So every converter is made for one registry, that of the record's TrialID.
"""

from __future__ import annotations
