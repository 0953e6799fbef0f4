"""All checks by hand, by the name of their rule."""

from __future__ import annotations

from . import checks_content, checks_dates, checks_design
from .check_kit import CHECKS, dated, interval, module, status, study_type

__all__ = [
    "CHECKS",
    "checks_content",
    "checks_dates",
    "checks_design",
    "dated",
    "interval",
    "module",
    "status",
    "study_type",
]
