"""The countries whose authorities enter protocols in EudraCT, as the register writes them.

Belongs here: names and codes of member states. Does not: countries where sites are planned, which stay as they stand.
"""

from __future__ import annotations

THIRD_COUNTRY = "3rd"
_NAMES = {
    "AT": ("Austria",), "BE": ("Belgium",), "BG": ("Bulgaria", "Bulgarian Drug Agency"), "CY": ("Cyprus",),
    "CZ": ("Czechia", "Czech Republic"), "DE": ("Germany",), "DK": ("Denmark",), "EE": ("Estonia",), "ES": ("Spain",),
    "FI": ("Finland",), "FR": ("France",), "GB": ("United Kingdom", "UK", "Great Britain"), "GR": ("Greece",),
    "HR": ("Croatia",), "HU": ("Hungary",), "IE": ("Ireland",), "IS": ("Iceland",), "IT": ("Italy",),
    "LI": ("Liechtenstein",), "LT": ("Lithuania",), "LU": ("Luxembourg",), "LV": ("Latvia",), "MT": ("Malta",),
    "NL": ("Netherlands", "The Netherlands"), "NO": ("Norway",), "PL": ("Poland",), "PT": ("Portugal",),
    "RO": ("Romania",), "SE": ("Sweden",), "SI": ("Slovenia",), "SK": ("Slovakia", "Slovak Republic"),
}  # fmt: skip
_CODES = {name.casefold(): code for code, names in _NAMES.items() for name in names}


def country_code(authority: str) -> str | None:
    """`Sweden - MPA` → SE; None where the text before the dash is no member state's name."""
    return _CODES.get(authority.partition(" - ")[0].strip().casefold())


def country_name(authority: str) -> str | None:
    """`UK - MHRA` → United Kingdom; None as for country_code."""
    return name_of(country_code(authority) or "")


def name_of(code: str) -> str | None:
    """SE → Sweden; None where no member state has the code."""
    return _NAMES[code][0] if code in _NAMES else None
